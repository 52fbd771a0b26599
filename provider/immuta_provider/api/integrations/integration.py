"""An integration as Immuta tells of it."""

from __future__ import annotations

from ..found import Found, Validation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Integration(Found):
    """An integration as Immuta told of it: its body holds `autoBootstrap` and `config`, as far as the answer did.

    The key of a Trino cluster is never in it.
    """

    __slots__ = Found.__slots__

    def __init__(
        self,
        id: str,
        type: str = "",
        status: str = "",
        auto_bootstrap: bool | None = None,
        config: dict[str, Any] | None = None,
        validation: Validation | None = None,
    ) -> None:
        told = {"autoBootstrap": auto_bootstrap, "config": config}
        body = {key: value for key, value in told.items() if value is not None}
        super().__init__(id, type, status, body or None, validation)

    @property
    def auto_bootstrap(self) -> bool | None:
        return (self.body or {}).get("autoBootstrap")

    @property
    def config(self) -> dict[str, Any] | None:
        """None where the answer held none (the answers to writes, and of the status route)."""
        return (self.body or {}).get("config")

    def updated(self, newer: Integration) -> Integration:
        """What is known after `newer`, which may know less, was heard of the same integration."""
        return Integration(
            self.id,
            newer.type or self.type,
            newer.status or self.status,
            self.auto_bootstrap if newer.auto_bootstrap is None else newer.auto_bootstrap,
            self.config if newer.config is None else newer.config,
            newer.validation if newer.validation.tests or newer.validation.status else self.validation,
        )

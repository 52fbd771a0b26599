"""An integration as Immuta describes it."""

from __future__ import annotations

from ..found import Found, Validation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Integration(Found):
    """An integration as a response describes it. Its body has `autoBootstrap` and `config` if the response has them.

    The body never contains the API key of a Trino cluster.
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
        known = {"autoBootstrap": auto_bootstrap, "config": config}
        body = {key: value for key, value in known.items() if value is not None}
        super().__init__(id, type, status, body or None, validation)

    @property
    def auto_bootstrap(self) -> bool | None:
        return (self.body or {}).get("autoBootstrap")

    @property
    def config(self) -> dict[str, Any] | None:
        """The configuration; None if the response has none, as for writes and for the status route."""
        return (self.body or {}).get("config")

    def updated(self, newer: Integration) -> Integration:
        """Returns the integration with the facts of `newer`, a later response that may have fewer of them."""
        return Integration(
            self.id,
            newer.type or self.type,
            newer.status or self.status,
            self.auto_bootstrap if newer.auto_bootstrap is None else newer.auto_bootstrap,
            self.config if newer.config is None else newer.config,
            newer.validation if newer.validation.tests or newer.validation.status else self.validation,
        )

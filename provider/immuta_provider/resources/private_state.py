"""What a resource remembers beside its state, in Terraform's private state: a small JSON object.

`configured` holds the paths of the optional attributes that were set at the last write (so that a removal is seen),
`secrets` the fingerprint of each secret that Immuta took, and `doubtful` says that an update failed which Immuta may have
carried out all the same: what it holds is then unknown, as far as it does not show it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ..plugin.paths import Path
    from .fingerprints import Fingerprint


class PrivateState:
    """The decoded private state. Anything unreadable in it counts as not remembered."""

    __slots__ = ("configured", "doubtful", "secrets")

    def __init__(
        self,
        configured: Iterable[Path] = (),
        secrets: dict[str, Fingerprint] | None = None,
        doubtful: bool = False,
    ) -> None:
        self.configured = frozenset(tuple(p) for p in configured)
        self.secrets = secrets or {}
        self.doubtful = doubtful

    @classmethod
    def decode(cls, data: bytes) -> PrivateState:
        if not data:
            return cls()
        import json

        try:
            value: Any = json.loads(data)
        except (ValueError, RecursionError):
            return cls()
        if not isinstance(value, dict):
            return cls()
        configured, secrets = value.get("configured"), value.get("secrets")
        return cls(
            filter(_is_path, configured) if isinstance(configured, list) else (),
            {k: v for k, v in secrets.items() if isinstance(v, dict)} if isinstance(secrets, dict) else {},
            value.get("doubtful") is True,
        )

    def encode(self) -> bytes:
        import json

        value: dict[str, Any] = {
            "configured": sorted(map(list, self.configured), key=repr),
            "secrets": self.secrets,
        }
        if self.doubtful:
            value["doubtful"] = True
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(step) in (str, int) for step in value)

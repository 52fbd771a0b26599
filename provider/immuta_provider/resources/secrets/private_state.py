"""What a resource remembers beside its state, in Terraform's private state: a small JSON object.

`configured` holds the paths of the optional attributes that were set at the last write (so that a removal is seen),
`secrets` the fingerprint of each secret that Immuta took, and `doubtful` says that an update failed which Immuta may have
carried out all the same: what it holds is then unknown, as far as it does not show it. `planned` goes from a plan to its apply
alone: the paths of the optional attributes that are set in the configuration of the plan.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from ...plugin.paths import Path
    from .fingerprints import Fingerprint


class PrivateState:
    """The decoded private state. One that cannot be read, or only in part, is as doubtful as a failed update."""

    __slots__ = ("configured", "doubtful", "planned", "secrets")

    def __init__(
        self,
        configured: Iterable[Path] = (),
        secrets: dict[str, Fingerprint] | None = None,
        doubtful: bool = False,
        planned: Iterable[Path] = (),
    ) -> None:
        self.configured = frozenset(configured)
        self.secrets = secrets or {}
        self.doubtful = doubtful
        self.planned = frozenset(planned)

    @classmethod
    def decode(cls, data: bytes) -> PrivateState:
        if not data:
            return cls()
        import json

        try:
            value: Any = json.loads(data)
            return cls(
                _paths(value["configured"]),
                _fingerprints(value["secrets"]),
                _bool(value.get("doubtful", False)),
                _paths(value.get("planned", [])),
            )
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls(doubtful=True)

    def encode(self) -> bytes:
        import json

        value: dict[str, Any] = {"configured": _sorted(self.configured), "secrets": self.secrets}
        if self.doubtful:
            value["doubtful"] = True
        if self.planned:
            value["planned"] = _sorted(self.planned)
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _sorted(paths: Iterable[Path]) -> list[list[Any]]:
    return sorted(map(list, paths), key=repr)


def _paths(value: Any) -> list[Path]:
    if not (isinstance(value, list) and all(map(_is_path, value))):
        raise ValueError("not a list of paths")
    return [tuple(path) for path in value]


def _is_path(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(type(step) in (str, int) for step in value)


def _fingerprints(value: Any) -> dict[str, Fingerprint]:
    if not (isinstance(value, dict) and all(isinstance(each, dict) for each in value.values())):
        raise ValueError("not fingerprints by their paths")
    return value


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not a bool")
    return value

"""The private state of a resource: what Terraform keeps for the provider beside the resource's state.

`configured` holds the paths of the optional attributes that were set at the last write (so that a removal is seen),
`secrets` the fingerprint of each secret that Immuta took, and `doubtful` says that an update failed which Immuta may have
carried out all the same: what it holds is then unknown, as far as it does not show it. `planned` goes from a plan to its apply
alone: the paths of the optional attributes that are set in the configuration of the plan. `digest` is that of what Immuta showed
after the last write, where it shows it in other words.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ...plugin.paths import Path
    from .fingerprints import Fingerprint


class PrivateState:
    """The decoded private state. One that cannot be read, or only in part, is as doubtful as a failed update."""

    __slots__ = ("configured", "digest", "doubtful", "planned", "secrets")

    def __init__(
        self,
        configured: Iterable[Path] = (),
        secrets: dict[str, Fingerprint] | None = None,
        doubtful: bool = False,
        planned: Iterable[Path] = (),
        digest: str = "",
    ) -> None:
        self.configured = frozenset(configured)
        self.secrets = secrets or {}
        self.doubtful = doubtful
        self.planned = frozenset(planned)
        self.digest = digest

    @classmethod
    def decode(cls, data: bytes) -> PrivateState:
        """Reads the text of today and the JSON of version 0.1.0."""
        if not data:
            return cls()
        try:
            if data.startswith(b"2"):
                from .private_text import read

                return cls(*read(data))
            from .private_json import read as read_json

            return cls(*read_json(data))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls(doubtful=True)

    def encode(self) -> bytes:
        from .private_text import write

        return write(self.configured, self.secrets, self.doubtful, self.planned, self.digest)

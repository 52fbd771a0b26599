"""What the configured provider block gives to every resource."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.client import Client
    from .fingerprints import Fingerprints
    from .teardown import TeardownCredentials


class Session:
    """The client (None while the host or a credential is unknown), the fingerprints and the teardown credentials."""

    __slots__ = ("client", "fingerprints", "teardown")

    def __init__(
        self, client: Client | None, fingerprints: Fingerprints, teardown: TeardownCredentials
    ) -> None:
        self.client = client
        self.fingerprints = fingerprints
        self.teardown = teardown

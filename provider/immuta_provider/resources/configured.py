"""What the configured provider block gives to every resource."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.client import HttpClient
    from ..plugin.diagnostics import Diagnostics
    from .integrations.teardown import TeardownCredentials
    from .secrets.fingerprints import Fingerprints


class Configured:
    """The client (None while the host or a credential is unknown), the fingerprints and the teardown credentials."""

    __slots__ = ("client", "fingerprints", "teardown")

    def __init__(
        self, client: HttpClient | None, fingerprints: Fingerprints, teardown: TeardownCredentials
    ) -> None:
        self.client = client
        self.fingerprints = fingerprints
        self.teardown = teardown

    def connected(self, diagnostics: Diagnostics) -> HttpClient | None:
        """The client; None beside an error."""
        if self.client is None:
            diagnostics.error(
                "Immuta cannot be reached",
                "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider "
                "block, or IMMUTA_HOST and IMMUTA_API_KEY in the environment, to values that are known when Terraform applies.",
            )
        return self.client

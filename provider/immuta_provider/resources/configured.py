"""The client, the fingerprints and the teardown credentials that a configured provider block comes to."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.client import HttpClient
    from ..plugin.diagnostics import Diagnostics
    from .integrations.teardown import TeardownCredentials
    from .secrets.fingerprints import Fingerprints


IN_APPLY = "Both have to be known when Terraform applies."
READ_LATER = (
    "If they are known only after apply, add the resources that create them to `depends_on`; the data source is then read "
    "during apply."
)
OPENED_LATER = (
    "If they are known only after apply, create them first, for example by `terraform apply -target`; an ephemeral resource is "
    "opened during plan, unless one of its arguments is unknown."
)


class Configured:
    """The client (None while the host or a credential is unknown), the fingerprints and the teardown credentials."""

    __slots__ = ("client", "fingerprints", "teardown")

    def __init__(
        self, client: HttpClient | None, fingerprints: Fingerprints, teardown: TeardownCredentials
    ) -> None:
        self.client = client
        self.fingerprints = fingerprints
        self.teardown = teardown

    def connected(self, diagnostics: Diagnostics, when: str = IN_APPLY) -> HttpClient | None:
        """The client; None beside an error, which says when host and credential have to be known."""
        if self.client is None:
            diagnostics.error(
                "Immuta cannot be reached yet",
                "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider "
                f"block, or IMMUTA_HOST and IMMUTA_API_KEY in the environment. {when}",
            )
        return self.client

"""What data sources and ephemeral resources have in common when they ask Immuta something."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .api.client import Client
    from .api.errors import ImmutaError
    from .plugin.diagnostics import Diagnostics
    from .resources.session import Session


def client_of(session: Session, diagnostics: Diagnostics) -> Client | None:
    """The client; None beside an error."""
    if session.client is None:
        diagnostics.error(
            "Immuta cannot be asked yet",
            "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider block, "
            "or IMMUTA_HOST and IMMUTA_API_KEY in the environment. Where they only become known in the apply, name what makes "
            "them in `depends_on`: Immuta is then asked in the apply.",
        )
    return session.client


def failed(error: ImmutaError, diagnostics: Diagnostics, about: str = "") -> None:
    """An error of the client. `about` says what was asked for."""
    diagnostics.error(error.summary, f"{error.detail}\n\n{about}" if about else error.detail)

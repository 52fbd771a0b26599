"""Regenerates the API key that Immuta makes for an integration."""

from __future__ import annotations

from ..http.errors import (
    ApiError,
    ImmutaError,
    RegenerateLost,
    RegenerateUnavailable,
    WaitTimeout,
    may_be_done,
)
from .integration import Integration
from .poll import when_idle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .routes import Integrations

# The statuses for an unknown route or method.
_NO_ROUTE = (404, 405, 501)


def regenerate(api: Integrations, id: str, *, timeout: float) -> None:
    """Regenerates the key with `POST /integrations/{id}/regenerate`; the old key stops working at once.

    Waits up to `timeout` seconds for a busy integration. Raises RegenerateLost if the response was lost and the request may
    have been carried out; it is not sent again. Raises RegenerateUnavailable if the integration exists but the route does not.
    After any other ImmutaError the key has not changed.
    """
    deadline = api.http.clock.now() + timeout

    def write() -> Integration:
        api.regenerate(id, deadline=deadline)
        return Integration(id)

    try:
        when_idle(api, Integration(id), deadline, write)
    except WaitTimeout as error:
        raise WaitTimeout(
            error.summary,
            f"integration {id} was busy until the timeout, so no new key was requested and the key has not changed. Run this "
            "again, or raise the resource's `timeouts` if its `rotation_trigger` requested the key.",
        ) from None
    except ImmutaError as error:
        if isinstance(error, ApiError) and error.own_words and error.status in _NO_ROUTE:
            # A read of the integration tells if the route or the integration is missing.
            api.get(id, deadline=deadline)
            raise _unavailable(id, error) from None
        if may_be_done(error):
            raise _lost(id, error) from None
        raise


def _unavailable(id: str, error: ApiError) -> RegenerateUnavailable:
    return RegenerateUnavailable(
        "This Immuta cannot regenerate API keys",
        f"integration {id} exists, but POST /integrations/{id}/regenerate was answered with {error.status}: this version of "
        "Immuta does not have that route, and the key has not changed. Update Immuta, or replace the integration to get a new "
        "key.",
    )


def _lost(id: str, error: ImmutaError) -> RegenerateLost:
    return RegenerateLost(
        "It is not known whether the API key was regenerated",
        f"the answer to the request for a new key of integration {id} was lost, and the request is not sent again automatically. "
        "If Immuta carried it out, the old key no longer works. Compare Immuta's current key with the one on the cluster, or run "
        f"this again to get another key. The error was: {error}",
    )

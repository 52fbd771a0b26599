"""Regenerating the API key that Immuta makes for an integration, with everything that can come between."""

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

# How servers that do not know a route or its method say so.
_NO_ROUTE = (404, 405, 501)


def regenerate(api: Integrations, id: str, *, timeout: float) -> None:
    """`POST /integrations/{id}/regenerate`: the old key stops working at once.

    A busy integration is waited for inside `timeout` (seconds). RegenerateLost when the request may have been carried out
    without an answer that says so: it is not sent again. RegenerateUnavailable when the integration is there and the route is
    not. Any other ImmutaError: the key is as it was.
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
            f"integration {id} was busy until the time was up, so no new key was asked for, and the key is as it was. Run this "
            "again, or raise `timeouts` where a resource's `rotation_trigger` asks for the key.",
        ) from None
    except ImmutaError as error:
        if isinstance(error, ApiError) and error.own_words and error.status in _NO_ROUTE:
            # Only the integration itself tells whether it is what is missing.
            api.get(id, deadline=deadline)
            raise _unavailable(id, error) from None
        if may_be_done(error):
            raise _lost(id, error) from None
        raise


def _unavailable(id: str, error: ApiError) -> RegenerateUnavailable:
    return RegenerateUnavailable(
        "This Immuta cannot regenerate API keys",
        f"integration {id} is there, but POST /integrations/{id}/regenerate was answered with {error.status}: this version of "
        "Immuta does not have that route, and the key is as it was. Update Immuta, or replace the integration, which gives it "
        "another key.",
    )


def _lost(id: str, error: ImmutaError) -> RegenerateLost:
    return RegenerateLost(
        "It is not known whether the API key was regenerated",
        f"no usable answer came to the request for a new key of integration {id}, and it is not sent again by itself. If Immuta "
        "carried it out, the old key no longer works: compare the key that Immuta has now with the one on the cluster. Run "
        f"this again to have one more made. What happened: {error}",
    )

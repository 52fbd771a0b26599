"""The errors of calls to Immuta.

    ImmutaError
    ├── ConfigurationError          a setting cannot work; nothing was sent
    ├── TransportError              no answer came (`maybe_sent`: the request may have been carried out)
    │   ├── ConnectError            no usable connection: it could not be made, or broke off
    │   ├── RequestTimeout          connected or not, no complete answer within `request_timeout`
    │   └── Unasked                 nothing was sent: an earlier call of this run found the tenant away
    ├── Unsent                      a read before a write failed, so the write was not sent
    ├── RedirectError               Immuta (or something before it) pointed elsewhere; never followed
    ├── ProtocolError               an answer that is not Immuta's: no JSON, the wrong shape
    │   └── TooLarge                an answer beyond its bounds, as the next one would be
    ├── NoToken                     after a 401 the API key could not be exchanged for a token; it may be, later
    ├── NoApiKey                    the answer about an integration holds no API key
    ├── ApiError                    Immuta said no, with an HTTP status
    │   ├── AuthenticationError     401, after one more try
    │   ├── PermissionDenied        403
    │   ├── NotFoundError           404 (`immutas_own`: from Immuta itself, not from a gateway)
    │   ├── RouteMissing            404, 405 or 501 on a route that not every release of Immuta has
    │   ├── ConflictError           409 (`existing_id`: the conflicting integration, if Immuta named it)
    │   ├── ValidationFailedError   422 (`tests`: the validation tests that failed)
    │   ├── RateLimitedError        429, after the retries
    │   └── ServerError             5xx, after the retries
    └── LifecycleError              the calls succeeded, but the integration did not reach the requested state
        ├── SetupFailed             `createError`, or the integration disappeared during the set-up
        ├── EditFailed              `editError`: rolled back
        ├── DeleteFailed            `deleteError`: rolled back
        ├── WaitTimeout             not settled within the timeout
        ├── Stopped                 interrupted; the last known state is kept
        ├── WaitFailed              a bug of the provider ended the wait; the last known state is kept
        ├── CreateLost              the response to the create was lost, and no new integration is listed
        ├── AmbiguousCreate         the response was lost, and the new integration is not certain (`candidates`)
        ├── RegenerateLost          the response was lost, and the key may have changed
        └── RegenerateUnavailable   this release of Immuta does not have the route

`summary` and `detail` are complete texts for the user. They never contain a header, a request's body or a secret. A server's
text enters them only through the caller's `quote`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..found import Found, ValidationTest


MAY_PASS = {
    "name": False,  # the name does not exist
    "lookup": True,  # no name server answered
    "refused": True,
    "certificate": False,
    "tls": False,  # the port does not use TLS, or has no version or cipher in common
    "plain": False,  # the port uses TLS, but the request was plain http
    "denied": False,  # the proxy refuses this client or this destination
    "broken": True,
}
"""The kinds of failed connections. True: the same request may succeed later, so it is retried."""


class ImmutaError(Exception):
    """The base class. `str()` is the summary and the detail.

    `after_lost`: an earlier attempt of the same request had no response and may have been carried out. `out_of_time`: the call
    ended only because of its deadline.
    """

    after_lost = False
    out_of_time = False

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.summary}: {self.detail}"

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.summary!r})"


class ConfigurationError(ImmutaError):
    """An invalid setting. `option` is its name in the provider block; "" if the error is not about a single one."""

    def __init__(self, summary: str, detail: str, *, option: str = "") -> None:
        super().__init__(summary, detail)
        self.option = option


class TransportError(ImmutaError):
    """No response arrived. `maybe_sent`: the request may have reached Immuta and may have been carried out."""

    def __init__(self, summary: str, detail: str, *, maybe_sent: bool) -> None:
        super().__init__(summary, detail)
        self.maybe_sent = maybe_sent


class ConnectError(TransportError):
    """The connection to Immuta or to its proxy could not be made, or broke. `kind` is a key of `MAY_PASS`."""

    def __init__(self, summary: str, detail: str, *, kind: str, maybe_sent: bool) -> None:
        super().__init__(summary, detail, maybe_sent=maybe_sent)
        self.kind = kind
        self.may_pass = MAY_PASS[kind]


class RequestTimeout(TransportError):
    """No complete response arrived within `request_timeout`."""


class Unasked(TransportError):
    """Nothing was sent, because an earlier call of this run found the tenant unavailable."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary, detail, maybe_sent=False)


class Unsent(ImmutaError):
    """A read before a write failed, so the write was not sent."""


class RedirectError(ImmutaError):
    """A 3xx response. Following it would send the credential to another address."""


class ProtocolError(ImmutaError):
    """Not a response of Immuta. A write with such a response may have been carried out."""


class TooLarge(ProtocolError):
    """An answer beyond its bounds. The same request will exceed the same bounds again."""


class NoToken(ImmutaError):
    """A 401, after which the API key could be neither exchanged nor found invalid. The request was not carried out."""


class NoApiKey(ImmutaError):
    """The integration's response contains no key: its type has none, or this Immuta does not return it."""


class ApiError(ImmutaError):
    """An error status. `message` is the response's message, for display. `own_words`: Immuta wrote it, not a gateway.
    `explained`: the detail names the cause beside Immuta's words."""

    own_words = True
    explained = False

    def __init__(self, summary: str, detail: str, *, status: int, message: str = "") -> None:
        super().__init__(summary, detail)
        self.status = status
        self.message = message


class AuthenticationError(ApiError):
    """401: the credential is missing, wrong or expired."""


class PermissionDenied(ApiError):
    """403: the user behind the credential lacks a permission at Immuta."""


class NotFoundError(ApiError):
    """404. It proves that an object is gone only if `immutas_own` is set."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", immutas_own: bool
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.immutas_own = immutas_own


class RouteMissing(ApiError):
    """404, 405 or 501, if it can only mean that this release of Immuta does not have the route."""


class ConflictError(ApiError):
    """409: another object conflicts (`existing_id`, if Immuta named it) or the integration is busy."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", existing_id: str | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.existing_id = existing_id


class ValidationFailedError(ApiError):
    """422: Immuta's validation tests failed, and nothing was changed. `said` is the detail without advice."""

    def __init__(
        self,
        summary: str,
        detail: str,
        *,
        status: int,
        message: str = "",
        tests: tuple[ValidationTest, ...] = (),
        said: str = "",
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.tests = tests
        self.said = said


class RateLimitedError(ApiError):
    """429: the request was not carried out. `retry_after` is in seconds; None if the response has none."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.retry_after = retry_after


class ServerError(ApiError):
    """5xx. `retry_after` is in seconds; None if the response has none."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.retry_after = retry_after


class LifecycleError(ImmutaError):
    """The integration did not reach the requested state."""


class SetupFailed(LifecycleError):
    """Immuta accepted the create, but could not set up the integration, which exists and blocks its host."""


class EditFailed(LifecycleError):
    """Immuta accepted the update, could not carry it out and rolled back."""


class DeleteFailed(LifecycleError):
    """Immuta accepted the delete, could not carry it out and rolled back."""


class WaitTimeout(LifecycleError):
    """The integration did not settle within the timeout."""


class Stopped(LifecycleError):
    """The run was interrupted."""


class WaitFailed(LifecycleError):
    """An unexpected exception ended the wait."""


class CreateLost(LifecycleError):
    """The response to a create was lost, and the integration is not listed."""


class AmbiguousCreate(LifecycleError):
    """The response to a create was lost, and any of `candidates` may be the created integration."""

    def __init__(self, summary: str, detail: str, *, candidates: tuple[Found, ...]) -> None:
        super().__init__(summary, detail)
        self.candidates = candidates


class RegenerateLost(LifecycleError):
    """The response to a regenerate request was lost, so the API key may have changed."""


class RegenerateUnavailable(LifecycleError):
    """This release of Immuta cannot regenerate an API key."""


def may_be_done(error: ImmutaError) -> bool:
    """Tells if a request with this error may have been carried out.

    A refusal that Immuta did not write proves nothing. A 429 always means that the request was not carried out.
    """
    if isinstance(error, TransportError):
        return error.maybe_sent
    if isinstance(error, ApiError):
        return error.status >= 500 or error.status == 408 or (not error.own_words and error.status != 429)
    return isinstance(error, ProtocolError | RedirectError)


def leaves_doubt(error: ImmutaError) -> bool:
    """Tells if a request that ended with this error may have been carried out, by this attempt or by an earlier one."""
    return error.after_lost or may_be_done(error)

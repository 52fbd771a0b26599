"""Every way in which a call can fail.

    ImmutaError
    ├── ConfigurationError          a setting cannot work; nothing was sent
    ├── TransportError              no answer came (`maybe_sent`: the request may have been carried out)
    │   ├── ConnectError            no usable connection: it could not be made, or broke off
    │   ├── RequestTimeout          connected or not, no complete answer within `request_timeout`
    │   └── Unasked                 nothing was sent: an earlier call of this run found the tenant away
    ├── RedirectError               Immuta (or something before it) pointed elsewhere; never followed
    ├── ProtocolError               an answer that is not Immuta's: no JSON, the wrong shape
    │   └── TooLarge                an answer beyond its bounds, as the next one would be
    ├── NoToken                     after a 401 the API key could not be exchanged for a token; it may be, later
    ├── NoApiKey                    the answer about an integration holds no API key
    ├── ApiError                    Immuta said no, with an HTTP status
    │   ├── AuthenticationError     401, after one more try
    │   ├── PermissionDenied        403
    │   ├── NotFoundError           404 (`immutas_own`: in Immuta's own words, not some page of a proxy)
    │   ├── RouteMissing            404, 405 or 501 on a route that not every release of Immuta has
    │   ├── ConflictError           409 (`existing_id`: the integration in the way, where it was named)
    │   ├── ValidationFailedError   422 (`tests`: the validation tests that failed)
    │   ├── RateLimitedError        429, after the retries
    │   └── ServerError             5xx, after the retries
    └── LifecycleError              the calls worked, the integration did not get where it was to go
        ├── SetupFailed             `createError`, or it vanished while it was set up
        ├── EditFailed              `editError`: rolled back to what it was
        ├── DeleteFailed            `deleteError`: rolled back to what it was
        ├── WaitTimeout             still on its way when the time was up
        ├── Stopped                 interrupted; what was known by then is kept
        ├── WaitFailed              a mistake of ours ended the wait; what was known by then is kept
        ├── CreateLost              the answer to the create was lost and nothing new is listed
        ├── AmbiguousCreate         the answer was lost and it cannot be told which one is ours (`candidates`)
        ├── RegenerateLost          the answer was lost: the key may be another one now, or not
        └── RegenerateUnavailable   this Immuta does not have the route yet

`summary` and `detail` are complete texts for the user. They never hold a header, a request's body or a secret: what a
server said enters them only through the caller's `quote`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..found import Found, ValidationTest


MAY_PASS = {
    "name": False,  # no such name
    "lookup": True,  # no name server could be asked
    "refused": True,
    "certificate": False,
    "tls": False,  # no TLS there, or no version and method of it in common
    "plain": False,  # TLS there, and plain http was asked for
    "denied": False,  # the proxy refuses this client or this destination
    "broken": True,
}
"""Each kind of failed connection: True where the same request may succeed a moment later, so that it is worth a repetition."""


class ImmutaError(Exception):
    """The root. `str()` is the summary and the detail. `after_lost`: an earlier try of the same request had no answer, and may
    have been carried out. `out_of_time`: only the deadline kept the call from going on."""

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
    """A setting that cannot work. `option` is its name in the provider block, "" when no single one is meant."""

    def __init__(self, summary: str, detail: str, *, option: str = "") -> None:
        super().__init__(summary, detail)
        self.option = option


class TransportError(ImmutaError):
    """No answer came. `maybe_sent`: the request may have reached Immuta and may have been carried out."""

    def __init__(self, summary: str, detail: str, *, maybe_sent: bool) -> None:
        super().__init__(summary, detail)
        self.maybe_sent = maybe_sent


class ConnectError(TransportError):
    """The connection to Immuta, or to the proxy before it, could not be made or broke off. `kind` is a key of `MAY_PASS`."""

    def __init__(self, summary: str, detail: str, *, kind: str, maybe_sent: bool) -> None:
        super().__init__(summary, detail, maybe_sent=maybe_sent)
        self.kind = kind
        self.may_pass = MAY_PASS[kind]


class RequestTimeout(TransportError):
    """No complete answer within `request_timeout`."""


class Unasked(TransportError):
    """Nothing was sent: an earlier call of this run found the tenant away."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary, detail, maybe_sent=False)


class RedirectError(ImmutaError):
    """A 3xx answer. Following it would carry the credential to wherever it points."""


class ProtocolError(ImmutaError):
    """An answer that is not Immuta's. A write that got one may have been carried out all the same."""


class TooLarge(ProtocolError):
    """An answer beyond its bounds. The same request will exceed the same bounds again."""


class NoToken(ImmutaError):
    """The request was answered with 401, and no token came for the API key, nor a refusal. Nothing was carried out."""


class NoApiKey(ImmutaError):
    """The integration's answer holds no key: it is of a type that has none, or this Immuta does not tell it."""


class ApiError(ImmutaError):
    """Immuta answered with an error status. `message` is what it said, fit to be shown. `own_words`: the answer reads like
    Immuta's, and not like that of a gateway before it."""

    own_words = True

    def __init__(self, summary: str, detail: str, *, status: int, message: str = "") -> None:
        super().__init__(summary, detail)
        self.status = status
        self.message = message


class AuthenticationError(ApiError):
    """401: the credential is missing, wrong or expired."""


class PermissionDenied(ApiError):
    """403: the user behind the credential lacks a permission at Immuta."""


class NotFoundError(ApiError):
    """404. Only with `immutas_own` does it say anything about an integration."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", immutas_own: bool
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.immutas_own = immutas_own


class RouteMissing(ApiError):
    """404, 405 or 501 where it can only mean that this Immuta does not have the route."""


class ConflictError(ApiError):
    """409: something is in the way (`existing_id`, where Immuta named it) or the integration is busy."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", existing_id: str | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.existing_id = existing_id


class ValidationFailedError(ApiError):
    """422: the platform did not pass Immuta's validation tests; nothing was changed. `said` is the detail without advice."""

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
    """429: not carried out. `retry_after` in seconds, None when Immuta did not say."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.retry_after = retry_after


class ServerError(ApiError):
    """5xx. `retry_after` in seconds, None when it was not said."""

    def __init__(
        self, summary: str, detail: str, *, status: int, message: str = "", retry_after: float | None = None
    ) -> None:
        super().__init__(summary, detail, status=status, message=message)
        self.retry_after = retry_after


class LifecycleError(ImmutaError):
    """The integration did not get where it was to go."""


class SetupFailed(LifecycleError):
    """Immuta took the create and could not set the integration up. It exists and occupies its host."""


class EditFailed(LifecycleError):
    """Immuta took the update, could not carry it out and rolled back."""


class DeleteFailed(LifecycleError):
    """Immuta took the delete, could not carry it out and rolled back."""


class WaitTimeout(LifecycleError):
    """The time was up before the integration settled."""


class Stopped(LifecycleError):
    """The run was interrupted."""


class WaitFailed(LifecycleError):
    """An exception that nobody foresaw ended the wait."""


class CreateLost(LifecycleError):
    """The answer to a create was lost, and the integration does not show."""


class AmbiguousCreate(LifecycleError):
    """The answer to a create was lost, and which of `candidates` it made cannot be told."""

    def __init__(self, summary: str, detail: str, *, candidates: tuple[Found, ...]) -> None:
        super().__init__(summary, detail)
        self.candidates = candidates


class RegenerateLost(LifecycleError):
    """The answer to a request for a new API key was lost, and whether there is one cannot be told."""


class RegenerateUnavailable(LifecycleError):
    """This version of Immuta cannot regenerate an API key."""


def may_be_done(error: ImmutaError) -> bool:
    """Whether a request that ended so may have been carried out. A refusal that is not in Immuta's own words proves nothing,
    except for 429, which means by itself that the request was turned away."""
    if isinstance(error, TransportError):
        return error.maybe_sent
    if isinstance(error, ApiError):
        return error.status >= 500 or error.status == 408 or (not error.own_words and error.status != 429)
    return isinstance(error, ProtocolError | RedirectError)

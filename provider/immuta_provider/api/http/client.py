"""The HTTP client of one tenant: auth, retries, back-off, outages and the request log, for the routes of any family.

GET, PUT and DELETE are retried after a lost connection, 408, 429 and 5xx (a PUT replaces the whole object, so a second one
changes nothing). A POST is retried only if it certainly was not carried out, after 429 or without a connection. A permanent
connection failure (`errors.MAY_PASS`) is not retried.
"""

from __future__ import annotations

from ..found import Record
from . import bounds, json_body
from .abandoning import Abandoning
from .authorization import Authorization
from .clock import SHORTEST_TIMEOUT, Clock
from .error_response import refusal
from .errors import (
    ApiError,
    AuthenticationError,
    ConnectError,
    ImmutaError,
    NoToken,
    RateLimitedError,
    RequestTimeout,
    ServerError,
    Stopped,
    TransportError,
    Unasked,
    WaitTimeout,
    leaves_doubt,
    may_be_done,
)
from .exchange import Request, Response
from .kind import Kind
from .outage import Outage, is_away
from .request_log import RequestLog
from .screen import Screen
from .transport import RequestsTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from .bounds import Bounds
    from .clock import StopSignal
    from .quoting import Quote
    from .request_log import Log, Mask
    from .settings import Settings
    from .transport import Transport

    class Collection(Protocol):
        """A list that may already have been requested."""

        def get(self, *, deadline: float | None) -> object: ...


FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 10.0
# The longest `Retry-After`, in seconds, that a call without a deadline waits for.
LONGEST_RETRY_AFTER = 120.0
# Seconds that a plan waits at most to find out if creates can succeed.
DOUBT_SECONDS = 5.0

# Every Immuta has this route; it fails only if the whole tenant is unavailable.
_EXCHANGE = "/bim/apikey/authenticate"
_TOKEN = Kind("token", everywhere=_EXCHANGE)


class Sending(Record):
    """One request with its attempts.

    `reads`: the request changes nothing, so it ends at `deadline` and is abandoned after a stop. `repeatable`: the request may
    be carried out twice.
    """

    __slots__ = ("body", "bounds", "deadline", "kind", "method", "path", "reads", "repeatable")
    shown = ("method", "path")

    def __init__(
        self,
        method: str,
        path: str,
        body: bytes | None,
        deadline: float | None,
        *,
        reads: bool,
        repeatable: bool,
        kind: Kind,
        bounds: Bounds = bounds.ONE,
    ) -> None:
        self.method = method
        self.path = path
        self.body = body
        self.deadline = deadline
        self.reads = reads
        self.repeatable = repeatable
        self.kind = kind
        self.bounds = bounds

    def finds_away(self, error: ImmutaError) -> bool:
        """Tells if the error means that the tenant is unavailable."""
        return is_away(error, one=self.path != self.kind.everywhere)


class HttpClient:
    """A client of one tenant; thread-safe.

    `stop` ends every wait early, and the reads under way once `interrupt` is called. `quote` prepares a server's text for
    display; `quote_held` does so for the response to a request without a configuration (default: `quote`). `holds` tells if a
    text contains a known secret. `learn` is called with each secret that arises here (an exchanged token, a cluster's key).
    `log` and `mask` are those of `RequestLog`, and `jitter` returns a factor for each back-off. `memory` holds each family's
    data of the run, by name.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        transport: Transport | None = None,
        clock: Clock | None = None,
        stop: StopSignal | None = None,
        quote: Quote | None = None,
        quote_held: Quote | None = None,
        holds: Callable[[str], bool] | None = None,
        learn: Callable[[str], None] | None = None,
        log: Log | None = None,
        mask: Mask | None = None,
        jitter: Callable[[], float] | None = None,
    ) -> None:
        import threading

        self.settings = settings
        self.clock = clock or Clock()
        self.stop = stop or threading.Event()
        self.quote = quote or _as_it_is
        self.quote_held = quote_held or self.quote
        self.screen = Screen(holds or _no_secret, self.quote)
        self.request_log = RequestLog(log, mask)
        self._transport = transport or RequestsTransport(settings)
        self._authorization = Authorization(settings, self.clock)
        self.learn = learn or _nothing
        self._jitter = jitter or _jitter
        self.memory: dict[str, Any] = {}
        self._doubting = threading.Lock()
        self._doubted = False
        self._outage = Outage(self.clock)
        self._abandoning = Abandoning(self.stop)

    def close(self) -> None:
        self._transport.close()

    def interrupt(self) -> None:
        """Ends the reads under way. Call it after `stop` is set."""
        self._abandoning.interrupt()

    def check(self) -> None:
        """Raises Unasked if a call of this run has just found the tenant unavailable."""
        self._outage.check()

    def doubt(self, collection: Collection) -> ImmutaError | None:
        """Returns the error of one list, requested once a run, that would make a create fail.

        Returns None if the list succeeds, if a list has already succeeded, and on every later call. `collection` is the list
        of the planned object's type.
        """
        with self._doubting:
            if self._doubted:
                return None
            self._doubted = True
        try:
            collection.get(deadline=self.clock.now() + DOUBT_SECONDS)
        except (Stopped, Unasked, WaitTimeout):
            # Another call has reported the error, or is about to.
            return None
        except RequestTimeout as error:
            if not error.out_of_time:
                return error
            return RequestTimeout(
                error.summary,
                f"no complete answer came within {DOUBT_SECONDS:g} seconds, the longest time that a plan waits for one.",
                maybe_sent=error.maybe_sent,
            )
        except ImmutaError as error:
            return error
        return None

    def call(
        self,
        method: str,
        path: str,
        payload: Any = None,
        *,
        deadline: float | None = None,
        attempts: int | None = None,
        again: bool = False,
        repeatable: bool | None = None,
        kind: Kind,
        is_list: bool = False,
    ) -> Any:
        """Sends a request with auth and retries, and returns the JSON of its 2xx response (None if the response is empty).

        `deadline`, on the client's clock, limits the waits between attempts and the requests that only read. `attempts`
        overrides `max_retries` + 1. If a call of this run has just found the tenant unavailable, Unasked is raised and nothing
        is sent, unless `attempts` or `again` is set. `repeatable`: the request may be carried out twice (default: unless it is
        a POST). `kind`: the kind of object. `is_list`: the response contains a whole collection.
        """
        response = self.exchange(
            method,
            path,
            payload,
            deadline=deadline,
            attempts=attempts,
            again=again,
            repeatable=repeatable,
            kind=kind,
            is_list=is_list,
        )
        if response.status == 204 or not response.body.strip():
            return None
        value = json_body.decode_answer(
            f"{method} {path}", response.body, bounds.LIST if is_list else bounds.ONE
        )
        self.request_log.body("received", method, path, value, kind.loggable)
        return value

    def exchange(
        self,
        method: str,
        path: str,
        payload: Any = None,
        *,
        deadline: float | None = None,
        attempts: int | None = None,
        again: bool = False,
        reads: bool | None = None,
        repeatable: bool | None = None,
        kind: Kind,
        is_list: bool = False,
    ) -> Response:
        """Sends a request as `call` does, without decoding or logging the response.

        `reads`: the request changes nothing (default: if it is a GET).
        """
        body = None
        if payload is not None:
            body = json_body.encode(payload)
            self.request_log.body("sent", method, path, payload, kind.loggable)
        if attempts is None and not again:
            self._outage.check()
        reads = method == "GET" if reads is None else reads
        if repeatable is None:
            repeatable = reads or method != "POST"
        sending = Sending(
            method,
            path,
            body,
            deadline,
            reads=reads,
            repeatable=repeatable,
            kind=kind,
            bounds=bounds.LIST if is_list else bounds.ONE,
        )
        return self._repeated(sending, lambda attempt: self._authorized(sending, attempt), attempts)

    def _repeated(
        self, sending: Sending, send: Callable[[int], Response], attempts: int | None = None
    ) -> Response:
        most = self.settings.max_retries + 1 if attempts is None else attempts
        began = self.clock.now()
        attempt = 1
        lost = False
        while True:
            try:
                return send(attempt)
            except ImmutaError as error:
                error.after_lost = lost
                lost = lost or may_be_done(error)
                if attempt >= most or not _may_repeat(error, repeatable=sending.repeatable):
                    # A single attempt, without retries, does not prove that the tenant is unavailable.
                    series = attempts is None and (attempt >= most or sending.repeatable)
                    if series and not error.out_of_time and sending.finds_away(error):
                        self._outage.ended(error, began)
                    raise
                self._back_off(error, attempt, sending.deadline)
            attempt += 1

    def _authorized(self, sending: Sending, attempt: int) -> Response:
        """Makes one attempt, and after a 401 another one if the credential can be renewed."""
        header = self._authorization.header
        try:
            return self._send(sending, attempt, header)
        except AuthenticationError as error:
            if may_be_done(error) and not sending.repeatable:
                raise
            deadline = sending.deadline
            self._authorization.renew(header, lambda key: self._token(key, deadline), deadline)
            return self._send(sending, attempt, self._authorization.header)

    def _token(self, api_key: str, deadline: float | None) -> str:
        """Exchanges the API key for a bearer token: `POST /bim/apikey/authenticate`.

        The exchange follows a 401, so the original request was not carried out. Raises AuthenticationError if Immuta itself
        refuses the key, and NoToken if a later exchange may succeed.
        """
        body = json_body.encode({"apikey": api_key})
        sending = Sending("POST", _EXCHANGE, body, deadline, reads=True, repeatable=True, kind=_TOKEN)
        try:
            response = self._repeated(sending, lambda attempt: self._send(sending, attempt, None))
            value = json_body.decode(response.body)
        except Stopped:
            raise
        except ImmutaError as error:
            what = f"a request was answered with 401, and exchanging {self._authorization.setting} for a token failed: {error}"
            if isinstance(error, ApiError) and _is_refusal(error):
                raise AuthenticationError(
                    "Immuta did not accept the credential", what, status=error.status
                ) from None
            failure = NoToken("Immuta gave no token", what)
            failure.out_of_time = error.out_of_time
            raise failure from None
        token = value.get("token") if isinstance(value, dict) else None
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token.strip():
            raise AuthenticationError(
                "Immuta did not accept the credential",
                f"a request was answered with 401, and exchanging {self._authorization.setting} for a token "
                "failed: the answer contains no token.",
                status=401,
            )
        token = token.strip().removeprefix("Bearer ")
        self.learn(token)
        return token

    def _send(self, sending: Sending, attempt: int, authorization: str | None) -> Response:
        settings, method, path, body = self.settings, sending.method, sending.path, sending.body
        headers = {"Accept": "application/json", "User-Agent": settings.user_agent}
        if body is not None:
            headers["Content-Type"] = "application/json"
        chosen = {name.lower() for name in settings.http_headers}
        headers = {name: value for name, value in headers.items() if name.lower() not in chosen}
        headers.update(settings.http_headers)
        if authorization is not None:
            headers["Authorization"] = authorization
        timeout = settings.request_timeout
        # A write has no shorter timeout, since it may be carried out after it.
        if sending.deadline is not None and sending.reads:
            timeout = min(timeout, max(sending.deadline - self.clock.now(), SHORTEST_TIMEOUT))

        started = self.clock.now()
        outcome: int | str = ""
        received = 0
        try:
            request = Request(method, settings.host + path, headers, body, timeout, self.stop, sending.bounds)
            if sending.reads:
                response = self._abandoning.run(lambda: self._transport.send(request))
            else:
                response = self._transport.send(request)
            outcome, received = response.status, len(response.body)
        except ImmutaError as error:
            outcome = type(error).__name__
            error.out_of_time = isinstance(error, RequestTimeout) and timeout < settings.request_timeout
            raise
        finally:
            self.request_log.exchanged(
                method, path, self.clock.now() - started, len(body or b""), outcome, received, attempt
            )
        if 200 <= response.status < 300:
            self._outage.answered()
            return response
        failure = refusal(
            method,
            path,
            response,
            quote=self.quote if body is not None and method in ("POST", "PUT") else self.quote_held,
            screen=self.screen,
            wall=self.clock.wall(),
            credential=self._authorization.setting,
            kind=sending.kind,
        )
        # A tenant that refuses every credential is treated as unavailable.
        if not isinstance(failure, AuthenticationError) and not sending.finds_away(failure):
            self._outage.answered()
        raise failure

    def _back_off(self, error: ImmutaError, attempt: int, deadline: float | None) -> None:
        """Waits before the next attempt. Raises `error` if no time is left, and Stopped after a stop."""
        seconds = min(FIRST_BACK_OFF * 2 ** (attempt - 1), LONGEST_BACK_OFF) * self._jitter()
        if isinstance(error, RateLimitedError | ServerError) and error.retry_after is not None:
            seconds = max(seconds, error.retry_after)
        now = self.clock.now()
        if now + seconds > (now + LONGEST_RETRY_AFTER if deadline is None else deadline):
            error.out_of_time = deadline is not None
            raise error
        if self.stop.is_set() or self.clock.wait(seconds, self.stop):
            stopped = Stopped(
                "Interrupted",
                f"the run was stopped before a request could be retried: apply again. The last attempt failed: {error}",
            )
            stopped.after_lost = leaves_doubt(error)
            raise stopped


def _is_refusal(error: ApiError) -> bool:
    """Tells if Immuta itself refused the request, rather than a gateway before it or a temporary fault."""
    return 400 <= error.status < 500 and error.status not in (408, 429) and error.message != ""


def _may_repeat(error: ImmutaError, *, repeatable: bool) -> bool:
    """Tells if the request may be retried after this error. `repeatable`: the request may be carried out twice."""
    if isinstance(error, RateLimitedError):
        return True
    if isinstance(error, ConnectError) and not error.may_pass:
        return False
    if isinstance(error, TransportError):
        return repeatable or not error.maybe_sent
    return repeatable and isinstance(error, ApiError) and (error.status == 408 or error.status >= 500)


def _jitter() -> float:
    from random import random

    return 0.75 + random() / 2


def _as_it_is(text: str) -> str:
    return text


def _no_secret(text: str) -> bool:
    return False


def _nothing(secret: str) -> None:
    pass

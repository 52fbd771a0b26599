"""The HTTP client of one tenant: auth, retries, back-off, outages and the request log, for the routes of any family.

What repeats by itself: GET, PUT and DELETE after a lost connection, 408, 429 and 5xx (PUT replaces as a whole, so a
second one changes nothing); POST only where it certainly was not carried out: the connection was never made, or 429. A
connection that cannot get better (`errors.MAY_PASS`) is not tried again.
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
        """A list that is asked for, or was."""

        def get(self, *, deadline: float | None) -> object: ...


FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 10.0
# Without a deadline of its own a call waits no longer than this for one `Retry-After`.
LONGEST_RETRY_AFTER = 120.0
# Longer than that a plan does not wait to find out whether anything can be created.
DOUBT_SECONDS = 5.0

# Every Immuta has this route, and it fails only where all of Immuta does.
_EXCHANGE = "/bim/apikey/authenticate"
_TOKEN = Kind("token", everywhere=_EXCHANGE)


class Sending(Record):
    """One request with its attempts. `reads`: it changes nothing, so it is cut short at `deadline` and left alone after a stop;
    `repeatable`: it may be carried out twice."""

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
        """Whether its failure says that the tenant is away."""
        return is_away(error, one=self.path != self.kind.everywhere)


class HttpClient:
    """A client of one tenant, used by many threads at once.

    `stop` ends every wait early, and the reads under way once `interrupt` is called. `quote` makes a server's text fit to be
    shown, `quote_held` one that answers a request without a configuration (default: the same), `holds` says whether a text holds
    a known secret, `learn` is told of secrets that arise here (an exchanged token, a cluster's key), `log` and `mask` are as in
    `RequestLog`, and `jitter` gives a factor for each back-off. `memory` is where each family keeps, under a name of its own,
    what one run has to remember.
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
        """End the reads under way. Called once `stop` is set."""
        self._abandoning.interrupt()

    def check(self) -> None:
        """Raise Unasked where a call of this run has just found the tenant away."""
        self._outage.check()

    def doubt(self, collection: Collection) -> ImmutaError | None:
        """Why nothing could be created in this tenant, as far as one list tells that is asked for within a few seconds.

        None where there is nothing against it, where a list was answered already, and where this has been asked before: it is
        worth one request a run, and one warning. `collection` is the list of what is to be created.
        """
        with self._doubting:
            if self._doubted:
                return None
            self._doubted = True
        try:
            collection.get(deadline=self.clock.now() + DOUBT_SECONDS)
        except (Stopped, Unasked, WaitTimeout):
            # Somebody else has found it out, or finds it out at the moment, and will say so.
            return None
        except RequestTimeout as error:
            if not error.out_of_time:
                return error
            return RequestTimeout(
                error.summary,
                f"no complete answer came within {DOUBT_SECONDS:g} seconds, which is as long as a plan waits for one.",
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
        """One request with auth and retries, and the JSON of its 2xx answer (None when that is empty).

        `deadline` on the client's clock bounds the waits between attempts, and the requests that change nothing; `attempts`
        overrides `max_retries` + 1. Where a call of this run has just found the tenant away, nothing is sent, and Unasked
        raised, unless `attempts` or `again` says to ask all the same. `repeatable`: it may be carried out twice (None = it is
        not a POST). `kind`: the kind of object that it is about. `is_list`: the answer holds a whole collection.
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
        value = json_body.decode(response.body, bounds.LIST if is_list else bounds.ONE)
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
        """`call`, without reading the answer, which is not written down either. `reads`: it changes nothing (None = it is a
        GET)."""
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
                    # The single attempt of a request that is never repeated is not a series.
                    series = attempts is None and (attempt >= most or sending.repeatable)
                    if series and not error.out_of_time and sending.finds_away(error):
                        self._outage.ended(error, began)
                    raise
                self._back_off(error, attempt, sending.deadline)
            attempt += 1

    def _authorized(self, sending: Sending, attempt: int) -> Response:
        """One attempt; after a 401 one more, with a renewed credential where there is a way to renew it."""
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
        """`POST /bim/apikey/authenticate`: a bearer token for the API key.

        It is asked for after a 401, so the request behind it was not carried out, however this one fails: with
        AuthenticationError where Immuta itself says no, with NoToken where it may say yes another time.
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
                f"a request was answered with 401, and exchanging {self._authorization.setting} for a token brought none.",
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
        # A write is not cut short: it may be carried out all the same.
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
        # A tenant that takes no credential is of no more use than one that is away.
        if not isinstance(failure, AuthenticationError) and not sending.finds_away(failure):
            self._outage.answered()
        raise failure

    def _back_off(self, error: ImmutaError, attempt: int, deadline: float | None) -> None:
        """Wait before the next attempt; raise `error` when there is no time for one, Stopped when interrupted."""
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
                f"the run was stopped before a request could be sent again: apply again. The last try failed: {error}",
            )
            stopped.after_lost = error.after_lost or may_be_done(error)
            raise stopped


def _is_refusal(error: ApiError) -> bool:
    """Whether Immuta said no, in words of its own, and not something before it, or Immuta in a bad moment."""
    return 400 <= error.status < 500 and error.status not in (408, 429) and error.message != ""


def _may_repeat(error: ImmutaError, *, repeatable: bool) -> bool:
    """`repeatable`: whether the request may be carried out twice."""
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

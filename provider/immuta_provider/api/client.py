"""The routes of Immuta's integrations API, one method each, with auth, retries and the shared list behind them.

What repeats by itself: GET, PUT and DELETE after a lost connection, 408, 429 and 5xx (PUT replaces as a whole, so a
second one changes nothing); POST only where it certainly was not carried out: the connection was never made, or 429.
"""

from __future__ import annotations

from . import answers
from .authorization import Authorization
from .clock import SHORTEST_TIMEOUT, Clock
from .departures import Departures
from .errors import (
    ApiError,
    AuthenticationError,
    ConfigurationError,
    ImmutaError,
    NoToken,
    RateLimitedError,
    RequestTimeout,
    ServerError,
    Stopped,
    TransportError,
    may_be_done,
)
from .journal import Journal
from .ledger import Ledger
from .refusal import refusal
from .screen import Screen
from .shared_list import SharedList
from .transport import Request, RequestsTransport, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .answers import Integration
    from .clock import StopSignal
    from .journal import Log, Mask
    from .refusal import Quote
    from .settings import Settings
    from .shared_list import Listing
    from .transport import Transport

FIRST_BACK_OFF = 0.5
LONGEST_BACK_OFF = 10.0
# Without a deadline of its own a call waits no longer than this for one `Retry-After`.
LONGEST_RETRY_AFTER = 120.0

_ROOT = "/integrations"


class Client:
    """A client of one tenant, used by many threads at once.

    `stop` ends every wait early. `quote` makes a server's text fit to be shown, `quote_held` one that answers a request
    without a configuration (default: the same), `holds` says whether a text holds a known secret, `learn` is told of secrets that
    arise here (an exchanged token, a cluster's key), `log` and `mask` are as in `Journal`, and `jitter` gives a factor for each
    back-off.
    `ledger` keeps what the lifecycle needs to know of this process's creates, `departures` what it needs for deletions that
    run together.
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
        self.journal = Journal(log, mask)
        self.ledger = Ledger(self.clock)
        self._transport = transport or RequestsTransport(settings)
        self._authorization = Authorization(settings, self.clock)
        self.learn = learn or _nothing
        self._jitter = jitter or _jitter
        self._shared = SharedList(self._fetch, self.clock)
        self.departures = Departures(self._shared, self.clock, self.stop)

    def close(self) -> None:
        self._transport.close()

    def list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """`GET /integrations`: all of them, as fresh as the last write of this client.

        One answer serves all who ask until the next write; those who ask while it is under way wait for it, and get its
        error if it fails. An error is not kept. `deadline` is as in `call`.
        """
        return self._shared.get(deadline=deadline).all

    def find(self, id: str) -> Integration | None:
        """The entry of `list()` with that id."""
        return self._shared.get().by_id.get(id)

    def fresh_list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """`list()` from a request that starts after this call."""
        self.invalidate()
        return self.list(deadline=deadline)

    def invalidate(self) -> int:
        """Make what was listed stale, what is being listed right now included. The number stands for this moment, in
        `listing` and `departures`."""
        return self._shared.invalidate()

    def listing(self, since: int, *, deadline: float | None = None) -> Listing:
        """A list from a request that started after the moment `since`, which need not be as fresh as `list()`."""
        return self._shared.get(since, deadline=deadline)

    def get(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """`GET /integrations/{id}`. NotFoundError when there is none."""
        path = path_of(id)
        return self._read(self.call("GET", path, deadline=deadline, attempts=attempts), id)

    def status(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """`GET /integrations/{id}/status`: the status and the validation results alone.

        No page shows this answer. Where it holds no status, or an older Immuta lacks the route, the integration itself is
        read instead.
        """
        path = f"{path_of(id)}/status"
        try:
            value = self.call("GET", path, deadline=deadline, attempts=attempts)
            seen = answers.integration_status(value, id, self.screen)
        except ApiError as error:
            if error.status not in (400, 404, 405, 501):
                raise
        else:
            if seen.status:
                return seen
        return self.get(id, deadline=deadline, attempts=attempts)

    def post(self, payload: dict[str, Any], *, deadline: float | None = None) -> Integration:
        """`POST /integrations`: the answer holds the id and the status, `creating` as a rule.

        Never sent twice unless the first certainly was not carried out.
        """
        return self._read(self._write("POST", _ROOT, payload, deadline))

    def put(self, id: str, payload: dict[str, Any], *, deadline: float | None = None) -> Integration:
        """`PUT /integrations/{id}`: replaces the whole configuration; the status becomes `editing`."""
        return self._written(self._write("PUT", path_of(id), payload, deadline), id)

    def delete(
        self, id: str, body: dict[str, Any] | None = None, *, deadline: float | None = None
    ) -> Integration:
        """`DELETE /integrations/{id}`, with credentials as its body where Immuta wants them; the status becomes
        `deleting`. An empty answer is one without a status."""
        return self._written(self._write("DELETE", path_of(id), body, deadline), id)

    def regenerate(self, id: str, *, deadline: float | None = None) -> None:
        """`POST /integrations/{id}/regenerate`: Immuta makes a new API key for the integration, and the old one stops working.

        Never sent twice unless the first certainly was not carried out. The answer may hold the key, so nothing of it is kept
        or logged; no page shows its shape, so any but an HTML page will do.
        """
        try:
            response = self.exchange("POST", f"{path_of(id)}/regenerate", deadline=deadline)
        finally:
            self.invalidate()
        if response.body.lstrip().startswith(b"<"):
            raise answers.malformed("it is an HTML or XML page, not JSON")

    def call(
        self,
        method: str,
        path: str,
        payload: Any = None,
        *,
        deadline: float | None = None,
        attempts: int | None = None,
    ) -> Any:
        """One request with auth and retries, and the JSON of its 2xx answer (None when that is empty).

        `deadline` on the client's clock bounds the waits between attempts, and the requests that change nothing; `attempts`
        overrides `max_retries` + 1.
        """
        response = self.exchange(method, path, payload, deadline=deadline, attempts=attempts)
        if response.status == 204 or not response.body.strip():
            return None
        value = answers.decode(response.body)
        self.journal.body("received", method, path, value)
        return value

    def exchange(
        self,
        method: str,
        path: str,
        payload: Any = None,
        *,
        deadline: float | None = None,
        attempts: int | None = None,
        repeatable: bool | None = None,
    ) -> Response:
        """`call`, without reading the answer, which is not written down either. `repeatable`: whether the request may be carried
        out twice (None = unless it is a POST)."""
        body = None
        if payload is not None:
            body = _encode(payload)
            self.journal.body("sent", method, path, payload)
        return self._repeated(
            lambda attempt: self._authorized(method, path, body, deadline, attempt),
            repeatable=method != "POST" if repeatable is None else repeatable,
            deadline=deadline,
            attempts=attempts,
        )

    def _repeated(
        self,
        send: Callable[[int], Response],
        *,
        repeatable: bool,
        deadline: float | None,
        attempts: int | None = None,
    ) -> Response:
        most = self.settings.max_retries + 1 if attempts is None else attempts
        attempt = 1
        lost = False
        while True:
            try:
                return send(attempt)
            except ImmutaError as error:
                error.after_lost = lost
                lost = lost or may_be_done(error)
                if attempt >= most or not _may_repeat(error, repeatable=repeatable):
                    raise
                self._back_off(error, attempt, deadline)
            attempt += 1

    def _authorized(
        self, method: str, path: str, body: bytes | None, deadline: float | None, attempt: int
    ) -> Response:
        """One attempt; after a 401 one more, with a renewed credential where there is a way to renew it."""
        header = self._authorization.header
        try:
            return self._send(method, path, body, deadline, attempt, header)
        except AuthenticationError:
            self._authorization.renew(header, lambda key: self._token(key, deadline), deadline)
            return self._send(method, path, body, deadline, attempt, self._authorization.header)

    def _token(self, api_key: str, deadline: float | None) -> str:
        """`POST /bim/apikey/authenticate`: a bearer token for the API key.

        It is asked for after a 401, so the request behind it was not carried out, however this one fails: with
        AuthenticationError where Immuta itself says no, with NoToken where it may say yes another time.
        """
        path, body = "/bim/apikey/authenticate", _encode({"apikey": api_key})
        try:
            response = self._repeated(
                lambda attempt: self._send("POST", path, body, deadline, attempt, None),
                repeatable=True,
                deadline=deadline,
            )
            value = answers.decode(response.body)
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

    def _send(
        self,
        method: str,
        path: str,
        body: bytes | None,
        deadline: float | None,
        attempt: int,
        authorization: str | None,
    ) -> Response:
        settings = self.settings
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
        if deadline is not None and (method == "GET" or authorization is None):
            timeout = min(timeout, max(deadline - self.clock.now(), SHORTEST_TIMEOUT))

        started = self.clock.now()
        outcome: int | str = ""
        received = 0
        try:
            # What a stopped run still reads is what it can keep.
            stop = None if method == "GET" else self.stop
            response = self._transport.send(
                Request(method, settings.host + path, headers, body, timeout, stop)
            )
            outcome, received = response.status, len(response.body)
        except ImmutaError as error:
            outcome = type(error).__name__
            error.out_of_time = isinstance(error, RequestTimeout) and timeout < settings.request_timeout
            raise
        finally:
            self.journal.exchanged(
                method, path, self.clock.now() - started, len(body or b""), outcome, received, attempt
            )
        if 200 <= response.status < 300:
            return response
        raise refusal(
            method,
            path,
            response,
            quote=self.quote if body is not None and method in ("POST", "PUT") else self.quote_held,
            screen=self.screen,
            wall=self.clock.wall(),
            credential=self._authorization.setting,
        )

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
            raise Stopped(
                "Interrupted",
                f"the run was stopped before a request could be sent again: apply again. The last try failed: {error}",
            )

    def _fetch(self, deadline: float | None) -> tuple[Integration, ...]:
        return answers.integrations(self.call("GET", _ROOT, deadline=deadline), self.screen)

    def _write(self, method: str, path: str, payload: Any, deadline: float | None) -> Any:
        try:
            return self.call(method, path, payload, deadline=deadline)
        finally:
            self.invalidate()

    def _read(self, answer: Any, id: str | None = None) -> Integration:
        return answers.integration(answer, id=id, screen=self.screen)

    def _written(self, answer: Any, id: str) -> Integration:
        """An empty answer, or an empty object, is one without a status."""
        return answers.Integration(id) if answer in (None, {}) else self._read(answer, id)


def _is_refusal(error: ApiError) -> bool:
    """Whether Immuta said no, in words of its own, and not something before it, or Immuta in a bad moment."""
    return 400 <= error.status < 500 and error.status not in (408, 429) and error.message != ""


def _may_repeat(error: ImmutaError, *, repeatable: bool) -> bool:
    """`repeatable`: whether the request may be carried out twice."""
    if isinstance(error, RateLimitedError):
        return True
    if isinstance(error, TransportError):
        return repeatable or not error.maybe_sent
    return repeatable and isinstance(error, ApiError) and (error.status == 408 or error.status >= 500)


def _encode(payload: Any) -> bytes:
    import json

    try:
        return json.dumps(payload, allow_nan=False, separators=(",", ":")).encode()
    except (ValueError, TypeError):
        raise ConfigurationError(
            "The integration cannot be sent", "its configuration holds a value that JSON cannot express."
        ) from None


def path_of(id: str) -> str:
    """The path of one integration. An id is text to us, but never one that would lead to another route."""
    from urllib.parse import quote

    if not id.strip(".") or not id.isprintable() or id != id.strip():
        raise ConfigurationError(
            "Invalid id", f'"{quote(id)}" is no id of an integration; Immuta\'s ids are numbers, such as 7.'
        )
    return f"{_ROOT}/{quote(id, safe='')}"


def _jitter() -> float:
    from random import random

    return 0.75 + random() / 2


def _as_it_is(text: str) -> str:
    return text


def _no_secret(text: str) -> bool:
    return False


def _nothing(secret: str) -> None:
    pass

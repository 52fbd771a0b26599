"""The routes of Immuta's integrations API, one method each, and the run's shared data about integrations."""

from __future__ import annotations

from ..claims import Claims
from ..deletions import SharedDeletionLists
from ..http import bounds, json_body
from ..http.errors import ApiError, ConfigurationError, NotFoundError, ProtocolError
from ..http.ids import is_id
from ..http.kind import Kind
from ..shared_list import SharedList
from . import responses
from .integration import Integration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..http.client import HttpClient
    from ..http.errors import ImmutaError

_ROOT = "/integrations"
KIND = Kind(
    "integration",
    permission="APPLICATION_ADMIN",
    everywhere=_ROOT,
    wrong_id="The id is probably wrong, since the request contains nothing else. Immuta's ids are numbers, such as 7. List the "
    "integrations to find the right one (`GET /integrations`, or the data source `immuta_integrations`).",
    own_phrases=("no integration found",),
    loggable=responses.without_api_key,
)


class Integrations:
    """The integrations of one tenant; thread-safe. `of` returns the single instance of a client.

    `claims` records the integrations that this process created and manages, and `deletions` those that it deletes.
    """

    def __init__(self, http: HttpClient) -> None:
        self.http = http
        self.claims = Claims(http.clock)
        self._shared = SharedList(self._fetch, http.clock, http.check, "integrations")
        self._presences = SharedList(self._fetch_presences, http.clock, http.check, "integrations")
        self.deletions = SharedDeletionLists(self._presences, http.clock, http.stop)

    def list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """Returns all integrations (`GET /integrations`), no older than the last write of this client.

        All callers share one response until the next write. Callers during the request wait for it and share its error.
        `deadline` is that of `call`.
        """
        return self._shared.get(deadline=deadline).all

    def find(self, id: str) -> Integration | None:
        """Returns the element of `list()` with that id; None if there is none."""
        return self._shared.get().by_id.get(id)

    def fresh_list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """Returns `list()` from a request that starts after this call, even if the tenant was just found unavailable."""
        self.invalidate()
        return self._shared.get(deadline=deadline, again=True).all

    def invalidate(self) -> None:
        """Makes every listing stale, including one that is under way."""
        self._shared.invalidate()

    def before(self, *, deadline: float | None = None) -> frozenset[str]:
        """Returns the ids that exist before a POST that follows at once; see `Claims.before`.

        The list is read for ids only: to search every configuration for every secret of the run takes quadratic time.
        """
        return frozenset(self.claims.before(self._presences, deadline))

    def doubt(self) -> ImmutaError | None:
        """Returns the error that would make a create fail; see `HttpClient.doubt`."""
        return self.http.doubt(self._shared)

    def whole(self, id: str) -> Integration:
        """The integration with its type and settings: from the list, or from its own route if the list does not contain them.
        NotFoundError when there is none."""
        entry = self.find(id)
        return entry if entry is not None and _is_whole(entry) else self.get(id)

    def every(self, type: str | None = None) -> Iterator[Integration]:
        """The integrations of a type, in Immuta's order (None: of every type), each as `whole`. One that is gone by then is left
        out."""
        for entry in self.list():
            if type is not None and entry.type not in ("", type):
                continue
            try:
                found = entry if _is_whole(entry) else self.get(entry.id)
            except NotFoundError as error:
                if not error.immutas_own:
                    raise
                continue
            except ProtocolError:
                # A response that cannot be understood must not hide the other integrations.
                found = entry
            if type in (None, found.type):
                yield found

    def get(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """Returns the integration (`GET /integrations/{id}`). Raises NotFoundError if there is none."""
        path = path_of(id)
        return self._read(self.http.call("GET", path, deadline=deadline, attempts=attempts, kind=KIND), id)

    def status(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """Returns only the status and the validation results (`GET /integrations/{id}/status`).

        No page documents the response. If it has no status, or an older Immuta lacks the route, the integration itself is read
        instead.
        """
        path = f"{path_of(id)}/status"
        try:
            value = self.http.call("GET", path, deadline=deadline, attempts=attempts, kind=KIND)
            seen = responses.integration_status(value, id, self.http.screen)
        except ApiError as error:
            if error.status not in (400, 404, 405, 501):
                raise
        else:
            if seen.status:
                return seen
        return self.get(id, deadline=deadline, attempts=attempts)

    def post(self, payload: dict[str, Any], *, deadline: float | None = None) -> Integration:
        """Sends `POST /integrations`. The response has the id and the status, usually `creating`.

        The request is sent again only if the first one certainly was not carried out.
        """
        return self._read(self._write("POST", _ROOT, payload, deadline))

    def put(self, id: str, payload: dict[str, Any], *, deadline: float | None = None) -> Integration:
        """Sends `PUT /integrations/{id}`, which replaces the whole configuration; the status becomes `editing`."""
        return self._written(self._write("PUT", path_of(id), payload, deadline), id)

    def delete(
        self, id: str, body: dict[str, Any] | None = None, *, deadline: float | None = None
    ) -> Integration:
        """Sends `DELETE /integrations/{id}`, with credentials as its body if Immuta requires them.

        The status becomes `deleting`. An empty response counts as one without a status.
        """
        return self._written(self._write("DELETE", path_of(id), body, deadline), id)

    def regenerate(self, id: str, *, deadline: float | None = None) -> None:
        """Sends `POST /integrations/{id}/regenerate`. Immuta makes a new API key, and the old one stops working.

        The request is sent again only if the first one certainly was not carried out. The response may contain the key, so it
        is neither kept nor logged. No page documents its shape, so any response but an HTML page is accepted.
        """
        try:
            response = self.http.exchange("POST", f"{path_of(id)}/regenerate", deadline=deadline, kind=KIND)
        finally:
            self.invalidate()
        if response.body.lstrip().startswith(b"<"):
            raise json_body.malformed("it is an HTML or XML page, not JSON")

    def _fetch(self, deadline: float | None) -> tuple[Integration, ...]:
        return responses.integrations(
            self.http.call("GET", _ROOT, deadline=deadline, again=True, is_list=True, kind=KIND),
            self.http.screen,
        )

    def _fetch_presences(self, deadline: float | None) -> tuple[Integration, ...]:
        response = self.http.exchange("GET", _ROOT, deadline=deadline, again=True, is_list=True, kind=KIND)
        return responses.presences(
            json_body.decode_answer(f"GET {_ROOT}", response.body, bounds.LIST, any_depth=True)
        )

    def _write(self, method: str, path: str, payload: Any, deadline: float | None) -> Any:
        try:
            return self.http.call(method, path, payload, deadline=deadline, kind=KIND)
        finally:
            self.invalidate()

    def _read(self, answer: Any, id: str | None = None) -> Integration:
        return responses.integration(answer, id=id, screen=self.http.screen)

    def _written(self, answer: Any, id: str) -> Integration:
        """Parses the response to a write. An empty response or object counts as one without a status."""
        return Integration(id) if answer in (None, {}) else self._read(answer, id)


def path_of(id: str) -> str:
    """Returns the path of one integration. Raises an error for an id that would lead to another route."""
    from urllib.parse import quote

    if not is_id(id):
        raise ConfigurationError(
            "Invalid id",
            f'"{quote(id)}" is not the id of an integration; Immuta\'s ids are numbers, such as 7.',
        )
    return f"{_ROOT}/{quote(id, safe='')}"


def of(http: HttpClient) -> Integrations:
    """Returns the single Integrations of a client."""
    known: Integrations = http.memory.get(_ROOT) or http.memory.setdefault(_ROOT, Integrations(http))
    return known


def _is_whole(entry: Integration) -> bool:
    return bool(entry.type) and entry.config is not None

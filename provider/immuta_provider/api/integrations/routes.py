"""The routes of Immuta's integrations API, one method each, and what a run remembers of integrations."""

from __future__ import annotations

from ..claims import Claims
from ..deletions import SharedDeletionLists
from ..http import bounds, json_body
from ..http.errors import ApiError, ConfigurationError
from ..http.ids import is_id
from ..http.kind import Kind
from ..shared_list import SharedList
from . import responses
from .integration import Integration

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..http.client import HttpClient
    from ..http.errors import ImmutaError

_ROOT = "/integrations"
KIND = Kind(
    "integration",
    permission="APPLICATION_ADMIN",
    everywhere=_ROOT,
    wrong_id="The request holds nothing but the id: Immuta's are numbers, such as 7. List the integrations to find the right one "
    "(`GET /integrations`, or the data source `immuta_integrations`).",
    loggable=responses.without_api_key,
)


class Integrations:
    """The integrations of one tenant, used by many threads at once; one a client, made by `of`.

    `claims` keeps what this process made and manages, and `deletions` what it needs for those that run together.
    """

    def __init__(self, http: HttpClient) -> None:
        self.http = http
        self.claims = Claims(http.clock)
        self._shared = SharedList(self._fetch, http.clock, http.check, "integrations")
        self._presences = SharedList(self._fetch_presences, http.clock, http.check, "integrations")
        self.deletions = SharedDeletionLists(self._presences, http.clock, http.stop)

    def list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """`GET /integrations`: all of them, as fresh as the last write of this client.

        One answer serves all who ask until the next write; those who ask while it is under way wait for it, and get its
        error if it fails. `deadline` is as in `call`.
        """
        return self._shared.get(deadline=deadline).all

    def find(self, id: str) -> Integration | None:
        """The entry of `list()` with that id."""
        return self._shared.get().by_id.get(id)

    def fresh_list(self, *, deadline: float | None = None) -> tuple[Integration, ...]:
        """`list()` from a request that starts after this call, even where the tenant has just been found away."""
        self.invalidate()
        return self._shared.get(deadline=deadline, again=True).all

    def invalidate(self) -> None:
        """Make what was listed stale, what is being listed right now included."""
        self._shared.invalidate()

    def before(self, *, deadline: float | None = None) -> frozenset[str]:
        """The ids that exist before a POST that follows at once, as `Claims.before` tells."""
        return self.claims.before(self._shared, deadline)

    def doubt(self) -> ImmutaError | None:
        """Why no integration could be created in this tenant, as `HttpClient.doubt` tells."""
        return self.http.doubt(self._shared)

    def get(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """`GET /integrations/{id}`. NotFoundError when there is none."""
        path = path_of(id)
        return self._read(self.http.call("GET", path, deadline=deadline, attempts=attempts, kind=KIND), id)

    def status(self, id: str, *, deadline: float | None = None, attempts: int | None = None) -> Integration:
        """`GET /integrations/{id}/status`: the status and the validation results alone.

        No page shows this answer. Where it holds no status, or an older Immuta lacks the route, the integration itself is
        read instead.
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
        return responses.presences(json_body.decode(response.body, bounds.LIST, any_depth=True))

    def _write(self, method: str, path: str, payload: Any, deadline: float | None) -> Any:
        try:
            return self.http.call(method, path, payload, deadline=deadline, kind=KIND)
        finally:
            self.invalidate()

    def _read(self, answer: Any, id: str | None = None) -> Integration:
        return responses.integration(answer, id=id, screen=self.http.screen)

    def _written(self, answer: Any, id: str) -> Integration:
        """An empty answer, or an empty object, is one without a status."""
        return Integration(id) if answer in (None, {}) else self._read(answer, id)


def path_of(id: str) -> str:
    """The path of one integration. An id is text to us, but never one that would lead to another route."""
    from urllib.parse import quote

    if not is_id(id):
        raise ConfigurationError(
            "Invalid id",
            f'"{quote(id)}" is not the id of an integration; Immuta\'s ids are numbers, such as 7.',
        )
    return f"{_ROOT}/{quote(id, safe='')}"


def of(http: HttpClient) -> Integrations:
    """The integrations of the client's tenant, and what this run remembers of them."""
    known: Integrations = http.memory.get(_ROOT) or http.memory.setdefault(_ROOT, Integrations(http))
    return known

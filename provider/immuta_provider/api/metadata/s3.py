"""Data sources in Amazon S3: read from two routes, disabled before they are removed, and restored in place."""

from __future__ import annotations

from ..found import Found, Note
from ..http.errors import ApiError, ConfigurationError, ImmutaError
from ..http.ids import identifier
from ..http.kind import Kind
from ..records import RecordsLife, record_of
from ..templates import expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ..http.client import HttpClient
    from ..life import Is, Outcome
    from ..records import Body, Notes, Routes

TYPE = "Native S3"
HANDLER = "GET /native-s3/handler/{id}"
INTEGRATION = "GET /integrations/{id}"
# The keys of a handler that the data source itself does not show, with their attributes. Nothing changes them.
DETAILS = {"prefix": "prefix", "integrationId": "integration_id"}
# The key for the handler's id, which Immuta shows as the end of an address.
HANDLER_ID = "handlerId"


class S3DataSourcesLife(RecordsLife):
    """The life of S3 data sources, whose list Immuta shares with the data sources of other platforms.

    A row of the list has the name and the state. Prefix and integration are the handler's, which is requested once a data source
    and run. The handler's id stands in the data source alone, which is requested where the state does not have that id.
    """

    def __init__(self, client: HttpClient, routes: Routes, **facts: Any) -> None:
        super().__init__(client, routes, **facts)
        self._details: dict[str, Body] = {}

    def detailed(self, found: Found) -> Found:
        return self._whole(found, None)

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        row = self.shared.get().by_id.get(id)
        if row is None or row.type != self.word:
            return row or self._look(id, None)
        found = self._whole(row, None, values.get("handler_id"))
        missing = [name for key, name in DETAILS.items() if (found.body or {}).get(key) is None]
        if any(values.get(name) is None for name in missing):
            warnings.append(self._without(id, missing))
        return found

    def _without(self, id: str, missing: Sequence[str]) -> Note:
        names = " and ".join(f"`{name}`" for name in missing)
        return Note(
            f"Immuta does not show all of the {self.noun}",
            f"Immuta's answers about {self.noun} {id} and its handler lack {names}, so the next apply takes the configured "
            f"values into the state without a comparison. Check in Immuta that they are those of the {self.noun}.",
        )

    def create(self, body: Body, *, is_same: Is, timeout: float, **more: Any) -> Outcome:
        deadline = self.client.clock.now() + timeout

        def is_same_whole(found: Found) -> bool:
            whole = self._whole(found, deadline)
            return all(key in (whole.body or {}) for key in DETAILS) and is_same(whole)

        outcome = super().create(body, is_same=is_same_whole, timeout=timeout, **more)
        if isinstance(outcome.error, ApiError) and outcome.error.status in (400, 404, 422):
            outcome.error = self._explained(outcome.error, str(body["integrationId"]), deadline)
        return outcome

    def _requests_of_update(self, id: str, body: Body, deadline: float) -> Iterable[tuple[str, Any]]:
        """Every other change is a replacement."""
        return [(self.routes.update, {"deleted": False})]

    def _request_deletion(self, id: str, deadline: float, values: Mapping[str, Any]) -> Any:
        """The first request disables, and the second removes, unless somebody disabled the data source before."""
        answer = super()._request_deletion(id, deadline, values)
        if answer is None or (isinstance(answer, dict) and answer.get("hardDelete") is True):
            return answer
        return super()._request_deletion(id, deadline, values)

    def _found(self, record: Body) -> Found | None:
        """One of another platform has that platform as its type; a row may leave the platform out."""
        found = super()._found(record)
        if found is not None:
            platform = record.get("blobHandlerType")
            if isinstance(platform, str) and "s3" not in platform.lower():
                found.type = platform
            found.status = "disabled" if record.get("deleted") is True else "enabled"
        return found

    def _look(self, id: str, deadline: float | None, *, deleted: bool = False, **more: Any) -> Found | None:
        found = super()._look(id, deadline, deleted=deleted, **more)
        return found if found is None or deleted or found.type != self.word else self._whole(found, deadline)

    def _whole(self, found: Found, deadline: float | None, handler: str | None = None) -> Found:
        """The data source with its prefix and its integration; without them where Immuta does not tell its handler. `handler` is
        the handler's id in the state."""
        details = self._details.get(found.id)
        if details is None:
            details = self._of_handler(handler, deadline) or self._of_handler(
                self._handler(found, deadline), deadline
            )
            if details:
                self._details[found.id] = details
        return Found(found.id, found.type, found.status, {**(found.body or {}), **details})

    def _handler(self, found: Found, deadline: float | None) -> str | None:
        """The id of the data source's handler. A row of the list does not have it."""
        shown = _handler_of(found.body or {})
        if shown is not None:
            return shown
        route = expanded(self.routes.read, {"id": found.id})
        record = record_of(self.client, route, deadline, self.kind) or {}
        return _handler_of(self.client.screen.value(record))

    def _of_handler(self, id: str | None, deadline: float | None) -> Body:
        """The details that a handler has, and its id; nothing if there is no such handler."""
        if id is None:
            return {}
        answer = record_of(self.client, expanded(HANDLER, {"id": id}), deadline, self.kind) or {}
        metadata = self.client.screen.value(answer).get("metadata")
        if not isinstance(metadata, dict):
            return {}
        return {HANDLER_ID: id, **{key: metadata[key] for key in DETAILS if key in metadata}}

    def _explained(self, refused: ApiError, integration: str, deadline: float) -> ImmutaError:
        """Immuta's refusal, or an error about the integration if Immuta does not have a fitting one of that id."""
        try:
            route = expanded(INTEGRATION, {"id": integration})
            record = record_of(self.client, route, deadline, Kind("integration"))
        except ImmutaError:
            return refused
        if record is None:
            summary, why = (
                "Immuta does not know the integration",
                f"Immuta has no integration with the id {integration}",
            )
        elif record.get("type") not in (None, TYPE):
            summary, why = (
                "The integration is of another type",
                f"integration {integration} is not one of Amazon S3",
            )
        else:
            return refused
        return ConfigurationError(
            summary,
            f"{why}, and nothing was created. Set `integration_id` to the id of an Amazon S3 integration, best by a reference to "
            "its resource: `immuta_amazon_s3_integration.NAME.id`.",
        )


def _handler_of(record: Mapping[str, Any]) -> str | None:
    """The id at the end of the handler's address."""
    handler = record.get("blobHandler")
    url = handler.get("url") if isinstance(handler, dict) else None
    return identifier(url.rstrip("/").rpartition("/")[2]) if isinstance(url, str) else None

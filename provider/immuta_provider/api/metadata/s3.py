"""Data sources in Amazon S3, which are disabled before they are deleted."""

from __future__ import annotations

from ..found import Found
from ..http.errors import ApiError, ImmutaError, NotFoundError
from ..records import RecordsLife
from ..templates import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping
    from typing import Any

    from ..http.client import HttpClient
    from ..life import Is, Outcome
    from ..records import Body, Notes, Routes

HANDLER = "GET /native-s3/handler/{handler}"
ENABLED, DISABLED = "enabled", "disabled"
RESTORED = {"deleted": False}


class S3Life(RecordsLife):
    """The life of data sources in Amazon S3.

    The list shows name and state of each. Integration and prefix are only shown by the data source's handler, and never change:
    they are read once a run.
    """

    def __init__(self, client: HttpClient, routes: Routes, **facts: Any) -> None:
        super().__init__(client, routes, **facts)
        # By the id of the data source: what its handler shows.
        self._handlers: dict[str, Body] = {}

    def list(self) -> Iterator[Found]:  # type: ignore[override]
        for found in super().list():
            yield self._whole(found, None)

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        found = super().read(id, warnings=warnings, values=values)
        return None if found is None else self._whole(found, None)

    def create(
        self,
        body: Body,
        *,
        natural_key: Hashable | None,
        is_same: Is,
        has_same_key: Is,
        resend: bool,
        timeout: float,
        values: Mapping[str, Any],
    ) -> Outcome:
        deadline = self.client.clock.now() + timeout
        outcome = super().create(
            body,
            natural_key=natural_key,
            is_same=lambda found: is_same(self._whole(found, deadline)),
            has_same_key=has_same_key,
            resend=resend,
            timeout=timeout,
            values=values,
        )
        error = outcome.error
        if isinstance(error, NotFoundError) and error.immutas_own:
            outcome.error = _unknown_integration(error, values)
        return outcome

    def update(
        self, id: str, body: Body, *, timeout: float, values: Mapping[str, Any], prior: Mapping[str, Any]
    ) -> Outcome:
        """Restores one that somebody disabled: nothing else of it can change."""
        return super().update(id, {**RESTORED}, timeout=timeout, values=values, prior=prior)

    def _found(self, record: Body) -> Found | None:
        found = super()._found(record)
        if found is None:
            return None
        # An answer that does not tell the platform is about the data source that was asked for.
        kind = str(record.get("blobHandlerType") or self.word)
        return Found(found.id, kind, DISABLED if record.get("deleted") is True else ENABLED, record)

    def _look(self, id: str, deadline: float | None, **how: Any) -> Found | None:
        found = super()._look(id, deadline, **how)
        return None if found is None or how.get("deleted") else self._whole(found, deadline)

    def _whole(self, found: Found, deadline: float | None) -> Found:
        """The data source with its integration and prefix."""
        details = self._handlers.get(found.id)
        if details is None:
            details = self._details(found, deadline)
            self._handlers[found.id] = details
        return Found(found.id, found.type, found.status, {**(found.body or {}), **details})

    def _details(self, found: Found, deadline: float | None) -> Body:
        handler = _handler_of(found)
        if not handler:
            method, path = filled(self.routes.read, {"id": found.id})
            answer = self.client.call(method, path, deadline=deadline, kind=self.kind)
            handler = _handler_of(Found(found.id, body=answer if isinstance(answer, dict) else {}))
        if not handler:
            return {}
        answer = self.client.call(*filled(HANDLER, {"handler": handler}), deadline=deadline, kind=self.kind)
        shown = self.client.screen.value(answer)
        metadata = shown.get("metadata") if isinstance(shown, dict) else None
        return (
            {key: metadata[key] for key in ("prefix", "integrationId") if key in metadata} if metadata else {}
        )

    def _delete(self, id: str, deadline: float, values: Mapping[str, Any]) -> None:
        """The first request disables and the second removes, unless the data source is disabled already."""
        try:
            answer = self.write(self.routes.delete, None, deadline, self._values(id))
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            return
        if not (isinstance(answer, dict) and answer.get("hardDelete") is True):
            super()._delete(id, deadline, values)


def _handler_of(found: Found) -> str:
    """The id of the handler, the end of a URL; "" if the answer does not show it."""
    handler = (found.body or {}).get("blobHandler")
    url = handler.get("url") if isinstance(handler, dict) else None
    return url.rstrip("/").rpartition("/")[2] if isinstance(url, str) else ""


def _unknown_integration(refused: ApiError, values: Mapping[str, Any]) -> ImmutaError:
    id = values.get("integration_id")
    return ApiError(
        "Immuta does not know the integration",
        f"there is no Amazon S3 integration with the id {id!r}. Correct `integration_id`, or create the integration first and "
        f"refer to its resource (`immuta_amazon_s3_integration.NAME.id`). Nothing was created.\n\n{refused.detail}",
        status=refused.status,
        message=refused.message,
    )

"""Projects: written by a key, and read by an id, with the data sources on a route of their own."""

from __future__ import annotations

from .. import pages
from ..found import Found, Note
from ..http.errors import ApiError, ConfigurationError, ImmutaError, NotFoundError, PermissionDenied
from ..http.ids import identifier
from ..life import Outcome
from ..records import RecordsLife
from ..templates import expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..records import Body, Notes

DATA_SOURCES = "GET /project/{id}/dataSources?size={size}&offset={offset}"
ACKNOWLEDGE = "POST /project/{id}/members/{subscription}/acknowledge"
# Immuta's words for a project whose purposes the caller has not accepted.
_TRAP = "must first acknowledge"
# A list may show less of a project than the project's own route.
_READ = frozenset({"projectKey", "documentation", "purposes", "tags", "subscriptionType"})


class ProjectsLife(RecordsLife):
    """A project's life. The texts of its purposes are accepted in the caller's name only with `acknowledge_purposes`."""

    def read(self, id: str, *, warnings: Notes, values: Mapping[str, Any]) -> Found | None:
        """Reads from the list of the run. The data sources are requested where the state has some, and after an import."""
        found = super().read(id, warnings=warnings, values=values)
        if found is not None and not (found.body or {}).keys() >= _READ:
            found = self._look(id, None)
        asks = values.get("datasources") is not None or values.get("project_key") is None
        return self._with_data_sources(found, None) if found is not None and asks else found

    def detailed(self, found: Found) -> Found:
        """Returns the project with its data sources, or without them if Immuta does not show them to the caller."""
        try:
            return self._with_data_sources(found, None)
        except (PermissionDenied, NotFoundError):
            return found

    def write(
        self,
        route: str,
        body: Body | None,
        deadline: float,
        values: Mapping[str, Any],
        *,
        repeatable: bool | None = None,
    ) -> Any:
        """Accepts the purposes and writes again, where Immuta refuses the request without that."""
        try:
            return super().write(route, body, deadline, values, repeatable=repeatable)
        except ApiError as error:
            if _TRAP not in error.message:
                raise
            found = self._look(values["id"], deadline) if values.get("id") else None
            if found is None or not values.get("acknowledge_purposes"):
                raise _explained(error, str(values.get("project_key"))) from None
            self._acknowledge(found, deadline)
        return super().write(route, body, deadline, values, repeatable=repeatable)

    def written(
        self,
        id: str,
        done: str,
        body: Body,
        deadline: float,
        values: Mapping[str, Any],
        warnings: Notes | None = None,
    ) -> Outcome:
        outcome = self.read_back(id, done, deadline, warnings)
        found = outcome.found
        if found is None or found.body is None:
            return outcome
        notes = [*outcome.warnings]
        if values.get("acknowledge_purposes") and found.body.get("acknowledgeRequired") is not False:
            try:
                self._acknowledge(found, deadline)
            except ImmutaError as error:
                notes.append(
                    Note(
                        f"The project was {done}, but its purposes were not accepted",
                        f"Immuta took the request for project {id}. The next update accepts their texts.\n\n{error}",
                    )
                )
        if "datasources" in body:
            try:
                found = self._with_data_sources(found, deadline)
            except ImmutaError as error:
                notes.append(
                    Note(
                        f"The project was {done}, but its data sources could not be read back",
                        f"Immuta took the request for project {id}. The next refresh reads them.\n\n{error}",
                    )
                )
        return Outcome(found, notes)

    def as_requested(self, found: Found) -> dict[str, Any]:
        from .v1_words import project

        return project(found.body or {})

    def _delete(self, id: str, deadline: float, values: Mapping[str, Any]) -> None:
        """Uses the key that the project has now, since the key in the state may be that of another project by now."""
        found = self.shared.get().by_id.get(id) or self._look(id, deadline)
        if found is not None:
            key = (found.body or {}).get("projectKey") or values.get("project_key")
            super()._delete(id, deadline, {**values, "project_key": key})

    def _acknowledge(self, found: Found, deadline: float) -> None:
        body = found.body or {}
        if not body.get("purposes"):
            return
        subscription = identifier(body.get("subscriptionId"))
        if subscription is None:
            raise ConfigurationError(
                "The purposes of the project cannot be accepted",
                f"The user behind the credential is not a member of project {found.id}, and only members accept the texts of its "
                "purposes. Make that user a member, or remove `acknowledge_purposes`.",
            )
        method, path = expanded(ACKNOWLEDGE, {"id": found.id, "subscription": subscription})
        self.client.call(method, path, {}, deadline=deadline, repeatable=True, kind=self.kind)

    def _with_data_sources(self, found: Found, deadline: float | None) -> Found:
        """The project with the names of its data sources."""

        def answer(offset: int) -> Any:
            asked = {"id": found.id, "size": self.routes.page, "offset": offset}
            return self.client.call(
                *expanded(DATA_SOURCES, asked), deadline=deadline, is_list=True, kind=self.kind
            )

        request = " ".join(expanded(DATA_SOURCES, {"id": found.id}))
        rows = self.client.screen.value(pages.every(answer, "dataSources", "data sources", request))
        there = [row for row in rows if isinstance(row, dict) and row.get("deleted") is not True]
        names = [row.get("dataSourceName") for row in there]
        return Found(found.id, found.type, found.status, {**(found.body or {}), "datasources": names})


def _explained(refused: ApiError, key: str) -> ApiError:
    error = ApiError(
        "The purposes of the project are not accepted",
        f'Immuta refuses a change of the project with the key "{key}" until the user behind the credential has accepted the '
        "texts of its purposes. Accept them in Immuta as that user, or set `acknowledge_purposes = true`, with which the "
        f'provider accepts them in that user\'s name. Immuta said: "{refused.message}"',
        status=refused.status,
        message=refused.message,
    )
    error.after_lost = refused.after_lost
    error.explained = True
    return error

"""Users of Immuta's own identity manager, and what other types ask about a user."""

from __future__ import annotations

from ..found import Found, Note
from ..http.errors import ImmutaError
from ..http.kind import Kind
from ..records import RecordsLife, record_of
from ..templates import expanded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..http.client import HttpClient
    from ..life import Is, Outcome
    from ..records import Bodies, Body, Notes

BUILT_IN = "bim"
"""The id of Immuta's own identity manager."""
LINK = "newUserLink"
"""The key of a link that holds a login token."""
SHORTEST_TOKEN = 8
PERMISSIONS = "permissions"
USER = "GET /bim/iam/{iamid}/user/{userid}"


def user_exists(client: HttpClient, iamid: str, userid: str, deadline: float, kind: Kind) -> bool:
    return record_of(client, expanded(USER, {"iamid": iamid, "userid": userid}), deadline, kind) is not None


class UsersLife(RecordsLife):
    """A user's life. The link by which a new user sets a password is kept nowhere."""

    def _records(self, items: Any, request: str) -> Bodies:
        """The users of other identity managers, which an older Immuta may list as well, have other users' login names."""
        records = super()._records(items, request)
        return [each for each in records if not self.routes.is_reserved(each)]

    def write(
        self, route: str, body: Body | None, deadline: float, values: Mapping[str, Any], **more: Any
    ) -> Any:
        """The answer, from which the link is taken out. No later text of Immuta's is shown with it."""
        answer = super().write(route, body, deadline, values, **more)
        link = answer.pop(LINK, None) if isinstance(answer, dict) else None
        for token in _tokens(link) if isinstance(link, str) else ():
            self.client.learn(token)
        return answer

    def create(
        self, body: Body, *, is_same: Is, resend: bool, timeout: float, values: Mapping[str, Any], **more: Any
    ) -> Outcome:
        """Sends the password of a user again after a lost answer, since Immuta does not show it."""

        def is_same_as_requested(found: Found) -> bool:
            return is_same(_without_granted(found, body))

        outcome = super().create(
            body, is_same=is_same_as_requested, resend=resend, timeout=timeout, values=values, **more
        )
        if outcome.found is None or not outcome.adopted:
            return outcome
        if not resend or "password" not in body:
            outcome.adopted = False
            return outcome
        password = next(part for part in self.routes.parts if part.key == "password")
        deadline = self.client.clock.now() + timeout
        values = {**values, "id": outcome.found.id}
        try:
            self.write(password.route, {"password": body["password"]}, deadline, values, repeatable=True)
            outcome.adopted = False
        except ImmutaError as error:
            outcome.warnings.append(
                Note(
                    f"The password of the {self.noun} is to be sent again",
                    f"the password of {self.noun} {outcome.found.id} could not be sent again after a lost answer. The next apply "
                    f"sends it.\n\n{error}",
                )
            )
        return outcome

    def written(
        self,
        id: str,
        done: str,
        body: Body,
        deadline: float,
        values: Mapping[str, Any],
        warnings: Notes | None = None,
    ) -> Outcome:
        """Immuta gives a new user permissions beside those of the request: the configured ones are set."""
        outcome = super().written(id, done, body, deadline, values, warnings)
        found = outcome.found
        if done != "created" or found is None or found.body is None or PERMISSIONS not in body:
            return outcome
        try:
            requests = self._requests_of_update(id, {PERMISSIONS: body[PERMISSIONS]}, deadline)
            self._carry_out(requests, id, deadline, values)
        except ImmutaError as error:
            note = Note(
                f"The {self.noun} was created, but not with the configured permissions",
                f"Immuta created {self.noun} {id} with other permissions, and setting the configured permissions failed. "
                f"Apply again.\n\n{error}",
            )
            outcome.warnings.append(note)
            return outcome
        return self.read_back(id, done, deadline, outcome.warnings)


def _without_granted(found: Found, body: Body) -> Found:
    """The user without the permissions that Immuta added to those of the request, which are set once the user is known."""
    record = found.body or {}
    requested, actual = body.get(PERMISSIONS), record.get(PERMISSIONS)
    if not isinstance(requested, list) or not isinstance(actual, list):
        return found
    own = [each for each in actual if each in requested]
    return Found(found.id, found.type, found.status, {**record, PERMISSIONS: own})


def _tokens(link: str) -> set[str]:
    """The parts of a link that may be its login token. The link as a whole is not one: other URLs begin as it does."""
    pieces = "".join(" " if char in "/?#&=" else char for char in link.partition("://")[2]).split()
    return {piece for piece in pieces[1:] if len(piece) >= SHORTEST_TOKEN}

"""One request on its way from the gateway to the routes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request as HttpRequest

from immuta_simulator.family import Family
from immuta_simulator.journal import Request
from immuta_simulator.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fault's end of a transition: the final status, and the number of reads before it."""

    status: str
    polls: int | None = None


class Call:
    """One request with the data that the routes need."""

    __slots__ = ("body", "family", "outcome", "permission", "request", "unreadable")

    def __init__(
        self,
        request: Request,
        body: Any,
        unreadable: Refusal | None,
        family: Family | None = None,
        permission: str = "",
    ) -> None:
        self.request = request
        self.body = body
        self.unreadable = unreadable
        self.family = family
        self.permission = permission
        self.outcome: Outcome | None = None

    def payload(self) -> Any:
        """The parsed body; raises the 400 of one that cannot be parsed."""
        if self.unreadable:
            raise self.unreadable
        return self.body

    def object(self) -> dict[str, Any]:
        """The parsed body; raises a 400 for one that is not an object."""
        body = self.payload()
        if not isinstance(body, dict):
            raise Refusal(400, "the body must be a JSON object")
        return body


def call_of(request: HttpRequest) -> Call:
    call: Call = request.scope["state"]["call"]
    return call

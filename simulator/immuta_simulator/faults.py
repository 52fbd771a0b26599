"""Faults that can be switched on. Each matches requests and has an action."""

from __future__ import annotations

import re
import threading
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from immuta_simulator.operations import OPERATIONS
from immuta_simulator.settings import CENTURY

HeaderName = Annotated[str, Field(pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]
HeaderValue = Annotated[str, Field(pattern=r"^[\t\x20-\x7e\u{80}-\u{ff}]*$")]
Operation = Annotated[str, Field(json_schema_extra={"enum": list(OPERATIONS)})]
FRAMING = frozenset({"content-length", "transfer-encoding"})


class Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")


class Match(Strict):
    """The requests that a fault matches. An omitted key matches everything."""

    method: str | None = Field(
        default=None, description="Regular expression for the whole method, such as `POST|PUT`."
    )
    path: str | None = Field(default=None, description="Regular expression for a part of the path.")
    operation: Operation | list[Operation] | None = Field(
        default=None, description="One operation, or any of several."
    )
    type: str | None = Field(default=None, description="Integration type, such as `Snowflake`.")
    id: str | None = Field(default=None, description="The object's id in the path.")

    @field_validator("operation")
    @classmethod
    def exists(cls, value: str | list[str] | None) -> str | list[str] | None:
        names = [value] if isinstance(value, str) else value or []
        if unknown := [name for name in names if name not in OPERATIONS]:
            raise ValueError(f"no operation {', '.join(unknown)}; there are {', '.join(OPERATIONS)}")
        return value

    @field_validator("method", "path")
    @classmethod
    def compiles(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except (re.error, OverflowError, RecursionError) as error:
                raise ValueError(f"not a regular expression: {error}") from error
        return value

    def fits(self, method: str, path: str, operation: str, type: str, id: str) -> bool:
        return (
            (self.method is None or re.fullmatch(self.method, method) is not None)
            and (self.path is None or re.search(self.path, path) is not None)
            and (
                self.operation is None
                or (
                    operation in self.operation
                    if isinstance(self.operation, list)
                    else operation == self.operation
                )
            )
            and (self.type is None or type == self.type)
            and (self.id is None or id == self.id)
        )


class Respond(Strict):
    """Sends this response instead of the real one."""

    kind: Literal["respond"] = "respond"
    status: int = Field(default=500, ge=200, le=599)
    body: Any = Field(
        default=None,
        description="Text is sent unchanged, other values as JSON; null sends Immuta's error body.",
    )
    message: str = Field(
        default="",
        description="The error body's message, if `body` is null. `{id}` is replaced by the id in the path, `{request}` (or "
        "`{request_url}`, `{request_base64}`) by the request's headers and body.",
    )
    content_type: HeaderValue | None = Field(
        default=None, description="Default: JSON, or HTML for a text that starts with `<`."
    )
    headers: dict[HeaderName, HeaderValue] = Field(
        default_factory=dict, description="Headers, except content-length and transfer-encoding."
    )
    after_work: bool = Field(
        default=False, description="Carry out the request first, and then send this response."
    )

    @field_validator("headers")
    @classmethod
    def leaves_the_end_alone(cls, value: dict[str, str]) -> dict[str, str]:
        if framing := FRAMING.intersection(map(str.lower, value)):
            raise ValueError(
                f"{', '.join(sorted(framing))} would contradict the body; `truncate` makes it too short"
            )
        return value


class Drop(Strict):
    """Cut the connection without an answer."""

    kind: Literal["drop"] = "drop"
    after_work: bool = Field(default=False, description="Carry out the request first.")
    how: Literal["reset", "close"] = Field(
        default="reset", description="A TCP reset, or an orderly end of the stream."
    )


class Truncate(Strict):
    """Do the work and answer, but cut the connection in the middle of the body."""

    kind: Literal["truncate"] = "truncate"
    keep: int | None = Field(
        default=None, ge=0, description="Number of bytes of the body to send; default half."
    )


class Malform(Strict):
    """Do the work and answer with half of the JSON, as a complete HTTP answer."""

    kind: Literal["malform"] = "malform"


class Patch(Strict):
    """Do the work and merge-patch the answer (RFC 7396), or each element of an array."""

    kind: Literal["patch"] = "patch"
    patch: Any


class Invalid(Strict):
    """Answers 422 for failed validation tests, without doing the work."""

    kind: Literal["invalid"] = "invalid"
    failed: dict[str, str] = Field(
        default_factory=dict,
        description="Message by name of each failed test, with the placeholders of `respond`; default the first test.",
    )


class Delay(Strict):
    """Wait; other faults still apply."""

    kind: Literal["delay"] = "delay"
    seconds: float = Field(ge=0, le=CENTURY)
    after_work: bool = Field(
        default=False, description="Wait between the work and the answer instead of before the work."
    )


class Outcome(Strict):
    """End a create, update or delete in this status. With a transitional status it never ends."""

    kind: Literal["outcome"] = "outcome"
    status: str
    polls: int | None = Field(
        default=None, ge=0, description="Number of reads that show the transition; default the setting's."
    )


class ExpireTokens(Strict):
    """Expire every bearer token issued so far, also this request's."""

    kind: Literal["expire-tokens"] = "expire-tokens"


Action = Annotated[
    Respond | Drop | Truncate | Malform | Patch | Invalid | Delay | Outcome | ExpireTokens,
    Field(discriminator="kind"),
]
Answering = Respond | Drop | Truncate | Malform | Patch | Invalid

BUSY = "The integration is being changed. Try again when that has finished."
EXISTS = "Snowflake integration already exists on test-account.snowflakecomputing.com (id = 1)."
PRESETS: dict[str, dict[str, Any]] = {
    "reset-before": {"kind": "drop"},
    "reset-after": {"kind": "drop", "after_work": True},
    "close-before": {"kind": "drop", "how": "close"},
    "close-after": {"kind": "drop", "how": "close", "after_work": True},
    "truncated": {"kind": "truncate"},
    "malformed": {"kind": "malform"},
    "wrong-shape": {
        "kind": "respond",
        "status": 200,
        "body": {"unexpected": [1, None, True]},
        "after_work": True,
    },
    "empty-list": {"kind": "respond", "status": 200, "body": []},
    "redirect": {
        "kind": "respond",
        "status": 307,
        "body": "",
        "headers": {"location": "http://127.0.0.1:9/elsewhere"},
    },
    "unauthorized": {"kind": "respond", "status": 401},
    "forbidden": {"kind": "respond", "status": 403},
    "html-404": {
        "kind": "respond",
        "status": 404,
        "body": "<html><body><h1>404 Not Found</h1></body></html>",
    },
    "not-found": {"kind": "respond", "status": 404, "message": "No Integration found with ID {id}."},
    "busy": {"kind": "respond", "status": 409, "message": BUSY},
    "exists": {"kind": "respond", "status": 409, "message": EXISTS},
    "invalid": {"kind": "invalid"},
    "rate-limited": {"kind": "respond", "status": 429},
    "rate-limited-retry-after": {"kind": "respond", "status": 429, "headers": {"retry-after": "1"}},
    "server-error": {"kind": "respond", "status": 500},
    "server-error-after": {"kind": "respond", "status": 500, "after_work": True},
    "html-502": {
        "kind": "respond",
        "status": 502,
        "body": "<html><body><h1>502 Bad Gateway</h1></body></html>",
    },
    "unavailable": {"kind": "respond", "status": 503},
    "expire-tokens": {"kind": "expire-tokens"},
    "stuck-creating": {"kind": "outcome", "status": "creating"},
    "stuck-editing": {"kind": "outcome", "status": "editing"},
    "stuck-deleting": {"kind": "outcome", "status": "deleting"},
    **{
        status: {"kind": "outcome", "status": status}
        for status in (
            "createError",
            "editError",
            "deleteError",
            "recurringValidationError",
            "disabled",
            "migrating",
            "migrateError",
        )
    },
}


def named(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value not in PRESETS:
        raise ValueError(f"no such preset; there are {', '.join(PRESETS)}")
    return PRESETS[value]


class Fault(Strict):
    """One fault: it lets the first `call - 1` matching requests through, then acts on the next `times` ones."""

    match: Match = Field(default_factory=Match)
    action: Annotated[Action, BeforeValidator(named)] = Field(
        description="An action, or the name of a preset."
    )
    call: int = Field(default=1, ge=1, description="The first matching request that it acts on, from 1.")
    times: int | None = Field(
        default=1, ge=1, description="Number of requests that it acts on; null for all."
    )
    number: int = Field(default=0, description="Set by the simulator.")
    seen: int = Field(default=0, description="Number of matching requests so far.")
    hits: int = Field(default=0, description="Number of requests that it acted on so far.")


class Faults:
    """The faults that are switched on, oldest first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.rules: list[Fault] = []
        self.last = 0

    def add(self, fault: Fault) -> Fault:
        with self.lock:
            self.last += 1
            rule = fault.model_copy(deep=True, update={"number": self.last, "seen": 0, "hits": 0})
            self.rules.append(rule)
            return rule

    def remove(self, number: int) -> bool:
        with self.lock:
            before = len(self.rules)
            self.rules = [rule for rule in self.rules if rule.number != number]
            return len(self.rules) < before

    def clear(self) -> None:
        with self.lock:
            self.rules = []

    def reset(self) -> None:
        """Removes all faults; the next one has number 1."""
        with self.lock:
            self.rules, self.last = [], 0

    def take(self, method: str, path: str, operation: str, type: str, id: str) -> list[Action]:
        """The actions for this request. Of the actions that make an answer, only the first is returned and counted."""
        with self.lock:
            actions: list[Action] = []
            answered = False
            for rule in self.rules:
                if not rule.match.fits(method, path, operation, type, id):
                    continue
                rule.seen += 1
                answers = isinstance(rule.action, Answering)
                spent = rule.times is not None and rule.hits >= rule.times
                if rule.seen < rule.call or spent or (answers and answered):
                    continue
                rule.hits += 1
                answered = answered or answers
                actions.append(rule.action)
            return actions

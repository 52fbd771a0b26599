"""One row of the test table: a resource type, and the requests and changes of its objects, as Immuta's own JSON.

Requests are written as they reach Immuta; `{n}` in a text becomes a number, so that each use is an object of its own. The
attribute names are derived from the JSON keys here, and not from the model that is under test.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from immuta_provider.model.fields import ResourceType, Routes

Request = dict[str, Any]
Change = Mapping[str, Any]
"""Path in a request, with dots → the new value; None takes it away."""

Planted = Mapping[str, Sequence[Mapping[str, Any]]]

NEW_KEY = "newKey"
"""A key that no model knows: it is configured in `additional_config`."""


@dataclass(frozen=True)
class Case:
    """A request, and changes of one field each (or of fields that only go together)."""

    request: Request
    updates: Sequence[Change] = ()
    alone: Sequence[Change] = ()
    """Updates of fields that stand beside others in an object. The real Terraform needs a third of a second for each
    change, so these go through the provider's handlers only."""
    replaces: Sequence[Change] = ()
    unchanged: Sequence[Change] = ()
    """Defaults of Immuta that are configured: the plan is empty."""
    after_import: str = "update"
    """The action of the same configuration after an import: "none" where everything that is set is read back."""


Problem = tuple[str, str, tuple[str | int, ...]]
"""Severity and summary of a text, and the path that Terraform shows: empty where the object there has a secret at any depth."""


def error(summary: str, *, shown: bool = True) -> Problem:
    """An error whose summary begins with the attribute. `shown` is False where Terraform does not show the attribute's line."""
    return "error", summary, path_of(summary.split()[0]) if shown else ()


def warning(summary: str, *, shown: bool = True) -> Problem:
    """A warning, otherwise as `error`."""
    return "warning", summary, path_of(summary.split()[0]) if shown else ()


def path_of(label: str) -> tuple[str | int, ...]:
    """`tags[1].name` → `("tags", 1, "name")`."""
    return tuple(int(step) if step.isdigit() else step for step in re.findall(r"\w+", label))


@dataclass(frozen=True)
class Bad:
    """A configuration that is refused or warned of."""

    name: str
    of: str
    """The case that it is made of."""
    change: Mapping[str, Any]
    """Path of an attribute, with dots → the wrong value; None takes it away."""
    problems: Sequence[Problem]
    python_only: bool = False
    """True if only Python lets it through: Terraform itself refuses values of another type."""


@dataclass(frozen=True)
class Row:
    """One resource type."""

    type: ResourceType
    base: Mapping[str, Case]
    """Requests with little in them, one for each way of signing in."""
    full: Mapping[str, Case]
    """Requests with as much as goes together."""
    sent: Callable[[ResourceType, Any], dict[str, Request]]
    """The last request for each object of the type, by its id, as the simulator's `Control` or its client has it."""
    alter: Callable[[Any, str, Request], None] | None
    """Changes the object of an id in the simulator's `Control` as somebody else's request would. None: such an object can only be
    created and deleted."""
    ail: Callable[[Any, str], None] | None = None
    """Gives the object of an id a status that an update repairs, in the simulator's `Control`. None: it has no status."""
    configured: Callable[[Request], dict[str, Any]] | None = None
    """A request as it is configured, where that is not its keys in snake_case."""
    shown: Callable[[Request], dict[str, Any]] | None = None
    """The state of an imported object, where that is not the request as it is configured."""
    of_id: Callable[[str], dict[str, Any]] = lambda id: {"id": id}
    """The attributes in the state that follow from the simulator's id."""
    planted: Planted = field(default_factory=dict, repr=False)
    """Objects of the simulator that those of this type need, by collection."""
    filled: Request = field(default_factory=dict)
    """The values in an answer for keys that are not configured, in the object that has the fields."""
    in_route: tuple[str, ...] = ()
    """Keys of a request that are in its path, and not in its body."""
    unconfigured: frozenset[str] = frozenset()
    """Keys of a request that are sent and not configured, beside the type's constants."""
    only_one_value: tuple[str, ...] = ()
    """Attribute paths that Immuta takes one value of, which it is sent anyway: no case sets them."""
    not_alone: Mapping[str, str] = field(default_factory=dict)
    """Attribute paths that no case changes alone, each with its reason."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Variables of the provider that a whole life needs."""
    bad: Sequence[Bad] = field(default=(), repr=False)
    """Wrong configurations, and the texts that say so."""
    statuses: str = ""
    """The simulator's collection of the objects with their statuses; "" where an object has no status."""
    refused_by_validation: bool = False
    """True if Immuta reports a second object of one natural key as failed validation, and not as a conflict."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the simulator under which faults befall the type, so that the types together meet each of them."""
    secret_form: str = "%s"
    """The shape of the secret that a request holds, with `%s` in the place of the secret text itself."""

    @property
    def resource(self) -> str:
        return self.type.resource

    @property
    def named_by_id(self) -> bool:
        """True if the id consists of the natural key, so that another key is another object."""
        life = self.type.life
        return isinstance(life, Routes) and life.id != "id"

    @property
    def subject(self) -> Case:
        """The case that faults befall: the first with a secret, or the first."""
        return next(
            (case for case in self.base.values() if secret_path(case.request)), next(iter(self.base.values()))
        )

    def with_secret(self, request: Request, secret: str) -> Request:
        """The request with that secret, if it holds one."""
        path = secret_path(request)
        return changed(request, {path: self.secret_form % secret}) if path else request

    def __str__(self) -> str:
        return self.resource

    def held(self, simulator: Any) -> dict[str, Request]:
        """The last request for each object of this type, by its id."""
        return self.sent(self.type, simulator)

    def attributes(self, request: Request) -> dict[str, Any]:
        """A request as it is configured."""
        if self.configured is not None:
            return self.configured(request)
        outside, inside = self._parts(request)
        settings = {**outside, **{k: v for k, v in inside.items() if k != NEW_KEY}}
        result = {snake(k): snake_keys(v) for k, v in settings.items() if k not in self.unconfigured}
        if NEW_KEY in inside:
            result["additional_config"] = json.dumps({NEW_KEY: inside[NEW_KEY]})
        return result

    def imported(self, request: Request, id: str) -> dict[str, Any]:
        """The state of an imported object of which `request` was the last request: without secrets and keys that have no
        attribute, and with computed values."""
        shown = self.shown or self.configured
        if shown is not None:
            return {**shown(request), **self.of_id(id)}
        outside, inside = self._parts(request)
        known = {k: v for k, v in inside.items() if k != NEW_KEY}
        state = {**outside, **visible(merged(self.filled, known))}
        derived = {"status": "enabled"} if self.type.has_status else {}
        revision = {"credentials_revision": 1} if self.type.has_secrets else {}
        return {**snake_keys(state), **derived, **revision, **self.of_id(id)}

    def _parts(self, request: Request) -> tuple[Request, Request]:
        """The fields outside the type's root, and those in it."""
        root = self.type.root
        outer = {k: v for k, v in request.items() if k not in (*dict(self.type.constants), root)}
        return (outer, request.get(root, {})) if root else ({}, outer)


@dataclass(frozen=True)
class Refusal:
    """One wrong configuration of a type."""

    row: Row
    bad: Bad

    @property
    def config(self) -> dict[str, Any]:
        case = {**self.row.base, **self.row.full}[self.bad.of]
        return changed(self.row.attributes(numbered(case.request, 1)), self.bad.change)

    def __str__(self) -> str:
        return f"{self.row}: {self.bad.name}"


@dataclass(frozen=True)
class Scenario:
    """One object and one change to it, as requests; `action` is what Terraform does: update, replace or none."""

    name: str
    row: Row
    before: Request
    after: Request
    action: str

    @property
    def resource(self) -> str:
        return self.row.resource

    def __str__(self) -> str:
        return f"{self.resource}-{self.name}-{self.action}"


@dataclass(frozen=True)
class Example:
    """One valid configuration of a type beside the request that it makes. No rule objects to it."""

    name: str
    row: Row
    request: Request

    @property
    def resource(self) -> str:
        return self.row.resource

    @property
    def config(self) -> dict[str, Any]:
        return self.row.attributes(self.request)

    def __str__(self) -> str:
        return self.name


SECRET_KEYS = {
    "awsSecretAccessKey",
    "clientSecret",
    "connectArgs",
    "content",
    "credential",
    "password",
    "privateKeyPassword",
    "secretKey",
    "sessionToken",
    "token",
}
"""Immuta's keys of all secrets."""


def secret_path(request: Any) -> str:
    """The path of the first secret in a request or a part of it; "" if it holds none."""
    parts: dict[str, Any] = request if isinstance(request, dict) else {}
    for key, part in parts.items():
        if key in SECRET_KEYS:
            return key
        if inside := secret_path(part):
            return f"{key}.{inside}"
    return ""


def changed(request: Request, change: Change) -> Request:
    """A copy of `request` with the value at each path replaced, or taken away where it is None."""
    result = copy.deepcopy(request)
    for path, value in change.items():
        *parents, last = path.split(".")
        place: Any = result
        for parent in parents:
            place = place[int(parent)] if parent.isdigit() else place.setdefault(parent, {})
        if value is None:
            place.pop(last, None)
        else:
            place[last] = value
    return result


def below(place: str, changes: Change) -> list[Change]:
    """Changes of an object at a place of the request, each alone."""
    return [{f"{place}.{path}": value} for path, value in changes.items()]


def numbered(value: Any, number: int) -> Any:
    """A request or a change with the number in the place of each `{n}`."""
    if isinstance(value, str):
        return value.replace("{n}", str(number))
    if isinstance(value, dict):
        return {k: numbered(v, number) for k, v in value.items()}
    return [numbered(v, number) for v in value] if isinstance(value, list) else value


def snake(key: str) -> str:
    """An API key as an attribute name: `oAuthClientConfig` → `oauth_client_config`."""
    return re.sub(r"([A-Z])", r"_\1", key.replace("oAuth", "oauth")).lower()


def snake_keys(value: Any) -> Any:
    """A request or a part of it with its keys as attribute names."""
    if isinstance(value, dict):
        return {snake(k): snake_keys(v) for k, v in value.items()}
    return [snake_keys(v) for v in value] if isinstance(value, list) else value


def merged(defaults: Mapping[str, Any], configured: Mapping[str, Any]) -> dict[str, Any]:
    """A configuration with the defaults of what it does not set, at any depth."""
    both = {
        k: merged(v, configured[k]) for k, v in defaults.items() if isinstance(v, dict) and k in configured
    }
    return {**defaults, **configured, **both}


def visible(value: Any) -> Any:
    """A request or a part of it without its secrets."""
    if isinstance(value, dict):
        return {k: visible(v) for k, v in value.items() if k not in SECRET_KEYS}
    return [visible(v) for v in value] if isinstance(value, list) else value

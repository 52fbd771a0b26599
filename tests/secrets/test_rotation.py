"""A changed secret is detected, and sent once with all the others: every secret of every type."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.secrets.private_state import PrivateState
from support.core import Applied, Core
from table import changed, examples
from table.integrations import ROWS
from table.row import Example

MakeCore = Callable[..., Core]
KEY = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
OTHER_KEY = {"IMMUTA_FINGERPRINT_KEY": "another key"}
Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    return ".".join(map(str, path))


class Rotation(NamedTuple):
    """One secret of one configuration."""

    example: Example
    path: Path

    @property
    def json_path(self) -> Path:
        """The same in the request."""
        fields: Any = self.example.row.type.fields
        keys: list[str | int] = ["config"]
        for step in self.path:
            if isinstance(step, str):
                field = next(f for f in fields if f.name == step)
                fields = field.fields
                keys.append(field.key)
            else:
                keys.append(step)
        return tuple(keys)

    @property
    def other(self) -> str:
        return '{"type":"another"}' if self.path == ("credential",) else "another secret"

    def rotated(self, value: Any = None) -> dict[str, Any]:
        return changed(self.example.config, {dotted(self.path): self.other if value is None else value})

    def sent(self) -> dict[str, Any]:
        return changed(self.example.request, {dotted(self.json_path): self.other})


def secret_paths(fields: Any, value: Any, at: Path = ()) -> Iterator[Path]:
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from secret_paths(fields, each, (*at, n))
        return
    for field in fields:
        if field.name in value and field.secret:
            yield (*at, field.name)
        elif field.name in value and field.fields:
            yield from secret_paths(field.fields, value[field.name], (*at, field.name))


def fingerprints(world: Core) -> dict[str, dict[str, Any]]:
    assert world.instance is not None
    return PrivateState.decode(world.instance.private).secrets


def revision(world: Core) -> Any:
    assert world.instance is not None
    return world.instance.state["credentials_revision"]


def ended(applied: Applied) -> tuple[str, list[str]]:
    return applied.action, [d.summary for d in applied.diagnostics]


EXAMPLES = {example.name: example for example in examples(ROWS)}
ROTATIONS = [
    Rotation(example, path)
    for example in EXAMPLES.values()
    for path in secret_paths(example.row.type.fields, example.config)
]
FAILURES = (
    {"kind": "respond", "status": 422},
    {"kind": "respond", "status": 500},
    "reset-before",
    "forbidden",
    "editError",
)


def ids(rotation: Rotation) -> str:
    return f"{rotation.example.name}: {dotted(rotation.path)}"


@pytest.fixture(params=ROTATIONS, ids=ids)
def rotation(request: pytest.FixtureRequest) -> Rotation:
    found: Rotation = request.param
    return found


def test_the_table_has_every_secret_of_every_type() -> None:
    modelled = {
        (integration.resource, path)
        for integration in BY_RESOURCE.values()
        for path, field in integration.walk()
        if field.secret
    }
    rows = {
        (rotation.example.resource, tuple(s for s in rotation.path if isinstance(s, str)))
        for rotation in ROTATIONS
    }
    assert rows == modelled


def test_change_of_one_secret_sends_all_secrets(core: MakeCore, rotation: Rotation) -> None:
    world = core(rotation.example.resource, environment=KEY)
    assert ended(world.apply(rotation.example.config)) == ("create", [])
    assert (revision(world), world.control.stored("integrations")[0]["sent"]) == (1, rotation.example.request)
    before = fingerprints(world)

    # Unknown until the apply, and then the one that Immuta has: nothing is sent.
    unknown = rotation.rotated(UNKNOWN)
    assert ended(world.apply(rotation.example.config, at_plan=unknown)) == ("update", [])
    assert (fingerprints(world), revision(world)) == (before, 1)
    assert world.control.requests("update")["requests"] == []

    applied = world.apply(rotation.rotated(), at_plan=unknown)
    reason = "differs from the one that Immuta was last sent."
    assert (ended(applied), applied.announced) == (
        ("update", []),
        [f"{dotted(rotation.path)} {reason}"],
    )
    assert (revision(world), world.control.stored("integrations")[0]["sent"]) == (2, rotation.sent())
    assert ended(world.apply(rotation.example.config)) == ("update", [])
    assert (revision(world), world.control.stored("integrations")[0]["sent"]) == (3, rotation.example.request)
    for refresh in (True, False):
        assert ended(world.apply(rotation.example.config, refresh=refresh)) == ("none", [])


def test_a_failed_update_does_not_end_the_rotation(core: MakeCore, rotation: Rotation) -> None:
    """Also where Immuta stored the secret and the answer was lost: the secret is sent once more."""
    world = core(rotation.example.resource, environment=KEY)
    world.apply(rotation.example.config)
    before = fingerprints(world)
    lost: list[dict[str, Any]] = [
        {"match": {"operation": "update"}, "action": "reset-after", "times": None},
        {"match": {"operation": "get"}, "action": "reset-before", "times": None},
    ]
    faults: list[list[dict[str, Any]]] = [
        [{"match": {"operation": "update"}, "action": f, "times": None}] for f in FAILURES
    ]
    for fault in (*faults, lost):
        for each in fault:
            world.control.add_fault(each)
        failed = world.apply(rotation.rotated())
        assert (failed.action, len(failed.errors)) == ("update", 1)
        assert (fingerprints(world), revision(world)) == (before, 1)
        world.control.clear_faults()
    assert world.apply(rotation.rotated()).action == "update"
    assert (revision(world), world.control.stored("integrations")[0]["sent"]) == (2, rotation.sent())
    assert ended(world.apply(rotation.rotated())) == ("none", [])


def test_a_fingerprint_key_may_be_introduced_changed_and_removed(core: MakeCore) -> None:
    example = EXAMPLES["snowflake"]

    def kinds(world: Core) -> set[str]:
        return {fingerprint["kind"] for fingerprint in fingerprints(world).values()}

    world = core(example.resource)
    world.apply(example.config)
    assert kinds(world) == {"scrypt"}

    def under(environment: dict[str, str]) -> Core:
        other = core(example.resource, transport=world.transport, environment=environment)
        other.instance = world.instance
        return other

    keyed = under(KEY)
    assert ended(keyed.apply(example.config)) == ("none", [])
    assert kinds(keyed) == {"scrypt"}
    assert keyed.plan({**example.config, "password": "a new one"}) is not None
    rotated = {**example.config, "password": "a new one", "warehouse": "OTHER"}
    assert ended(keyed.apply(rotated)) == ("update", [])
    assert (kinds(keyed), revision(keyed)) == ({"hmac-sha256"}, 2)
    assert ended(keyed.apply(rotated)) == ("none", [])

    world = keyed
    for n, environment in enumerate((OTHER_KEY, {}), 3):
        world = under(environment)
        announced = world.apply(rotated)
        assert ended(announced) == ("update", [])
        assert announced.announced == [
            f"{path} has a fingerprint that cannot be checked: it was made under another `fingerprint_key` or is damaged."
            for path in fingerprints(keyed)
        ]
        assert revision(world) == n
        assert ended(world.apply(rotated)) == ("none", [])
    assert kinds(world) == {"scrypt"}


@pytest.mark.parametrize("name", ["s3", "trino"])
def test_types_without_configured_secrets_show_no_revision_change(core: MakeCore, name: str) -> None:
    example = EXAMPLES[name]
    world = core(example.resource, environment=KEY)
    world.apply(example.config)
    assert world.instance is not None
    assert (fingerprints(world), world.instance.state.get("credentials_revision", 1)) == ({}, 1)
    assert ended(world.apply(example.config)) == ("none", [])

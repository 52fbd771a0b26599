"""A changed secret is seen, sent once with all the others, and forgotten by nobody: every secret of every type."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.secrets.private_state import PrivateState
from support.core import Applied, Core
from support.model_configs import CERTIFICATE, CERTIFICATE_JSON, GOOD, OAUTH, OAUTH_JSON, Good

MakeCore = Callable[..., Core]
KEY = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
OTHER_KEY = {"IMMUTA_FINGERPRINT_KEY": "another key"}
Path = tuple[str | int, ...]


class Row(NamedTuple):
    """One secret of one configuration."""

    good: Good
    path: Path

    @property
    def json_path(self) -> Path:
        """The same in the request."""
        fields: Any = BY_RESOURCE[self.good.resource].fields
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
        return changed(self.good.config, self.path, self.other if value is None else value)

    def sent(self) -> dict[str, Any]:
        return changed(self.good.request, self.json_path, self.other)


def changed(value: dict[str, Any], path: Path, new: Any) -> dict[str, Any]:
    result = copy.deepcopy(value)
    place: Any = result
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = new
    return result


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


def without_token(config: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**{k: v for k, v in config.items() if k != "token"}, **more}


BY_TOKEN = next(g for g in GOOD if g.label == "databricks by token")
BY_OAUTH = next(g for g in GOOD if g.label == "synapse by OAuth")
WORKSPACE = {
    "workspace_url": "dbc-2.cloud.databricks.com",
    "http_path": "/sql/2",
    "authentication_type": "oAuthM2M",
}
WORKSPACE_JSON = {
    "workspaceUrl": "dbc-2.cloud.databricks.com",
    "httpPath": "/sql/2",
    "authenticationType": "oAuthM2M",
}
MORE = (
    BY_OAUTH._replace(
        label="synapse by certificate",
        config={**BY_OAUTH.config, "oauth_client_config": CERTIFICATE},
        request={
            **BY_OAUTH.request,
            "config": {**BY_OAUTH.request["config"], "oAuthClientConfig": CERTIFICATE_JSON},
        },
    ),
    BY_TOKEN._replace(
        label="databricks by certificate",
        config=without_token(
            BY_TOKEN.config, authentication_type="oAuthM2M", oauth_client_config=CERTIFICATE
        ),
        request={
            **BY_TOKEN.request,
            "config": without_token(
                BY_TOKEN.request["config"], authenticationType="oAuthM2M", oAuthClientConfig=CERTIFICATE_JSON
            ),
        },
    ),
    BY_TOKEN._replace(
        label="databricks with a workspace by client secret",
        config={
            **BY_TOKEN.config,
            "additional_workspace_connections": [
                {**WORKSPACE, "oauth_client_config": OAUTH, "catalogs": ["c"]}
            ],
        },
        request={
            **BY_TOKEN.request,
            "config": {
                **BY_TOKEN.request["config"],
                "additionalWorkspaceConnections": [
                    {**WORKSPACE_JSON, "oAuthClientConfig": OAUTH_JSON, "catalogs": ["c"]}
                ],
            },
        },
    ),
)
ROWS = [
    Row(good, path)
    for good in (*GOOD, *MORE)
    for path in secret_paths(BY_RESOURCE[good.resource].fields, good.config)
]
FAILURES = (
    {"kind": "respond", "status": 422},
    {"kind": "respond", "status": 500},
    "reset-before",
    "forbidden",
    "editError",
)


def ids(row: Row) -> str:
    return f"{row.good.label}: {'.'.join(map(str, row.path))}"


@pytest.fixture(params=ROWS, ids=ids)
def row(request: pytest.FixtureRequest) -> Row:
    found: Row = request.param
    return found


def test_the_table_has_every_secret_of_every_type() -> None:
    modelled = {
        (integration.resource, path)
        for integration in BY_RESOURCE.values()
        for path, field in integration.walk()
        if field.secret
    }
    rows = {(row.good.resource, tuple(s for s in row.path if isinstance(s, str))) for row in ROWS}
    assert rows == modelled


def test_one_secrets_change_sends_all_of_them(core: MakeCore, row: Row) -> None:
    world = core(row.good.resource, environment=KEY)
    assert ended(world.apply(row.good.config)) == ("create", [])
    assert (revision(world), world.control.integrations()[0]["sent"]) == (1, row.good.request)
    before = fingerprints(world)

    # Unknown until the apply, and then the one that Immuta has: nothing is sent.
    unknown = row.rotated(UNKNOWN)
    assert ended(world.apply(row.good.config, at_plan=unknown)) == ("update", [])
    assert (fingerprints(world), revision(world)) == (before, 1)
    assert world.control.requests("update")["requests"] == []

    applied = world.apply(row.rotated(), at_plan=unknown)
    reason = "is another one than Immuta was sent."
    assert (ended(applied), applied.announced) == (
        ("update", []),
        [f"{'.'.join(map(str, row.path))} {reason}"],
    )
    assert (revision(world), world.control.integrations()[0]["sent"]) == (2, row.sent())
    assert ended(world.apply(row.good.config)) == ("update", [])
    assert (revision(world), world.control.integrations()[0]["sent"]) == (3, row.good.request)
    for refresh in (True, False):
        assert ended(world.apply(row.good.config, refresh=refresh)) == ("none", [])


def test_a_failed_update_leaves_the_rotation_to_be_found_again(core: MakeCore, row: Row) -> None:
    """Also where Immuta took the secret and nobody heard of it: it is sent once more rather than believed."""
    world = core(row.good.resource, environment=KEY)
    world.apply(row.good.config)
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
        failed = world.apply(row.rotated())
        assert (failed.action, len(failed.errors)) == ("update", 1)
        assert (fingerprints(world), revision(world)) == (before, 1)
        world.control.clear_faults()
    assert world.apply(row.rotated()).action == "update"
    assert (revision(world), world.control.integrations()[0]["sent"]) == (2, row.sent())
    assert ended(world.apply(row.rotated())) == ("none", [])


@pytest.mark.parametrize("environment", [{}, KEY], ids=["scrypt", "hmac"])
def test_the_same_secret_has_another_fingerprint_everywhere(
    core: MakeCore, environment: dict[str, str]
) -> None:
    good = next(g for g in GOOD if g.label == "bigquery in full")
    worlds = [core(good.resource, environment=environment) for _ in range(2)]
    for world in worlds:
        world.apply(good.config)
    first, second = (fingerprints(world)["credential"] for world in worlds)
    assert first["salt"] != second["salt"]
    assert first["hash"] != second["hash"]


def test_a_fingerprint_key_that_is_introduced_changed_and_taken_away(core: MakeCore) -> None:
    good = next(g for g in GOOD if g.label == "snowflake by password")

    def kinds(world: Core) -> set[str]:
        return {fingerprint["kind"] for fingerprint in fingerprints(world).values()}

    world = core(good.resource)
    world.apply(good.config)
    assert kinds(world) == {"scrypt"}

    def under(environment: dict[str, str]) -> Core:
        other = core(good.resource, control=world.control, environment=environment)
        other.instance = world.instance
        return other

    keyed = under(KEY)
    assert ended(keyed.apply(good.config)) == ("none", [])
    assert kinds(keyed) == {"scrypt"}
    assert keyed.plan({**good.config, "password": "a new one"}) is not None
    rotated = {**good.config, "password": "a new one", "warehouse": "OTHER"}
    assert ended(keyed.apply(rotated)) == ("update", [])
    assert (kinds(keyed), revision(keyed)) == ({"hmac-sha256"}, 2)
    assert ended(keyed.apply(rotated)) == ("none", [])

    world = keyed
    for n, environment in enumerate((OTHER_KEY, {}), 3):
        world = under(environment)
        announced = world.apply(rotated)
        assert ended(announced) == ("update", [])
        assert announced.announced == [
            f"{path} has a fingerprint that cannot be checked: it was made under another `fingerprint_key`, or it is damaged."
            for path in fingerprints(keyed)
        ]
        assert revision(world) == n
        assert ended(world.apply(rotated)) == ("none", [])
    assert kinds(world) == {"scrypt"}


@pytest.mark.parametrize("label", ["s3 by role", "trino"])
def test_types_without_configured_secrets_show_no_revision_change(core: MakeCore, label: str) -> None:
    good = next(g for g in GOOD if g.label == label)
    world = core(good.resource, environment=KEY)
    world.apply(good.config)
    assert world.instance is not None
    assert (fingerprints(world), world.instance.state.get("credentials_revision", 1)) == ({}, 1)
    assert ended(world.apply(good.config)) == ("none", [])

"""The problems of the wrong configurations in the test table: severity, summary, path.

The words for each kind of rule are compared whole in test_wording.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model import wording
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import ResourceType
from immuta_provider.model.rules import check, safe_path
from immuta_provider.model.secret_keys import looks_secret
from immuta_provider.model.text import path_label
from support.damage import places, put
from table import examples, refusals
from table.row import Example, Refusal

UNKNOWN = object()
"""Stands for a value that is not known yet."""


def is_unknown(value: object) -> bool:
    return value is UNKNOWN


EXAMPLES = {example.name: example for example in examples()}


def good(name: str) -> dict[str, Any]:
    return EXAMPLES[name].config


DATABRICKS = "immuta_databricks_integration"
BIGQUERY = "immuta_bigquery_integration"
SNOWFLAKE = "immuta_snowflake_integration"
TRINO = "immuta_trino_integration"
PURPOSE = BY_RESOURCE["immuta_purpose"]
CARDS = {"name": "Fraud.Cards", "subpurposes": [{"name": "Fraud.Cards.EU"}]}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_a_valid_configuration_has_no_finding(example: Example) -> None:
    assert check(example.row.type, example.config) == []


def test_an_object_in_which_something_is_unknown_is_not_empty() -> None:
    config = {**good("snowflake"), "audit": {"enabled": UNKNOWN}}
    assert check(BY_RESOURCE[SNOWFLAKE], config, is_unknown=is_unknown) == []


@pytest.mark.parametrize("refusal", refusals(), ids=str)
def test_every_problem_is_found_at_its_place(refusal: Refusal) -> None:
    type = refusal.row.type
    found = check(type, refusal.config)
    shown = [(wording.problem(type, each), safe_path(type, each.path)) for each in found]
    # `resources/` checks timeouts, not the model.
    expected = [each for each in refusal.bad.problems if not each[1].startswith("timeouts")]
    assert [("error" if each.strict else "warning", each.summary, path) for each, path in shown] == expected
    assert [
        each.path for each in found if path_label(each.path) not in wording.problem(type, each).summary
    ] == []
    assert "hunter2" not in repr([(each.path, each.facts) for each in found] + [each for each, _ in shown])


@pytest.mark.parametrize(
    "purpose",
    [
        {"name": "Fraud", "subpurposes": [CARDS]},
        # Nothing is judged by a name that is unknown.
        {"name": UNKNOWN, "subpurposes": [{"name": "Cards"}]},
        {"name": "Fraud", "subpurposes": [{**CARDS, "name": UNKNOWN}]},
    ],
)
def test_a_name_that_begins_with_the_name_of_the_object_around_it_has_no_finding(
    purpose: dict[str, Any],
) -> None:
    assert check(PURPOSE, purpose, is_unknown=is_unknown) == []


Facts = tuple[str, dict[str, Any]]


def additional(config: object) -> dict[str, Any]:
    return {**good("snowflake"), "additional_config": config}


def has_attribute(key: str, attribute: str) -> Facts:
    return "has_attribute", {"key": key, "attribute": attribute}


def secret(key: str) -> Facts:
    return "looks_secret", {"key": key}


def no_object(*, is_json: bool) -> Facts:
    return "not_an_object", {"is_json": is_json}


def twice(key: str) -> Facts:
    return "duplicate_key", {"key": key}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("{}", []),
        (' {"newInImmuta": {"depth": [1, {"x": null}]}} ', []),
        ('{"audit": {"newInImmuta": true}, "lineage": {"lineageConfig": {"depth": 2}}}', []),
        ('{"Host": "another key than host"}', []),
        ("", [no_object(is_json=False)]),
        ("{'a': 1}", [no_object(is_json=False)]),
        ('{"a": NaN}', [no_object(is_json=False)]),
        ('{"hunter2": ', [no_object(is_json=False)]),
        ('["hunter2"]', [no_object(is_json=True)]),
        ("null", [no_object(is_json=True)]),
        ('{"x": 1, "x": 1}', [twice("x")]),
        ('{"x": {"password": "hunter2"}, "x": {}}', [twice("x")]),
        ('[{"deep": [{"y": 1, "z": 2, "y": 3}]}]', [twice("y")]),
        ('{"host": "h"}', [has_attribute("host", "host")]),
        ('{"host": null}', [has_attribute("host", "host")]),
        ('{"oAuthClientConfig": "x"}', [has_attribute("oAuthClientConfig", "oauth_client_config")]),
        ('{"audit": {"enabled": true}}', [has_attribute("audit.enabled", "audit.enabled")]),
        (
            '{"privateKey": {"content": "hunter2", "format": "pem"}}',
            [has_attribute("privateKey.content", "private_key.content")],
        ),
        (
            '{"lineage": {"lineageConfig": {"tableFilter": "a"}}}',
            [has_attribute("lineage.lineageConfig.tableFilter", "lineage.lineage_config.table_filter")],
        ),
        (
            '{"userRolePattern": {"exclude": []}}',
            [has_attribute("userRolePattern.exclude", "user_role_pattern.exclude")],
        ),
        ('{"adminPassword": "hunter2"}', [secret("adminPassword")]),
        ('{"audit": {"api-key": "hunter2"}}', [secret("audit.api-key")]),
        (
            '{"a": [[{"Client_Secret": "hunter2", "fine": 1}], {"b": {"SESSION TOKEN": 1}}]}',
            [secret("a.0.0.Client_Secret"), secret("a.1.b.SESSION TOKEN")],
        ),
        ('{"password": "hunter2", "x": 1, "pwd": 2}', [has_attribute("password", "password"), secret("pwd")]),
    ],
)
def test_every_problem_of_additional_config_is_found(text: str, found: list[Facts]) -> None:
    findings = check(BY_RESOURCE[SNOWFLAKE], additional(text))
    assert [(each.code, each.facts) for each in findings] == found
    assert {(each.path, each.strict) for each in findings} <= {(("additional_config",), True)}


def test_additional_config_is_text() -> None:
    (found,) = check(BY_RESOURCE[SNOWFLAKE], additional({"hunter2": 1}))
    assert (found.strict, found.code, found.path) == (True, "wrong_type", ("additional_config",))
    assert "hunter2" not in repr(found.facts)


def test_additional_config_cannot_reach_into_lists_of_objects() -> None:
    config = {
        **good("databricks"),
        "additional_config": '{"additionalWorkspaceConnections": [{"token": "hunter2"}], "extra": 1}',
    }
    assert [(each.code, each.facts) for each in check(BY_RESOURCE[DATABRICKS], config)] == [
        has_attribute("additionalWorkspaceConnections", "additional_workspace_connections")
    ]


def test_an_attribute_without_a_key_is_not_repeated_by_an_empty_key() -> None:
    """`rotation_trigger` is sent under no key."""
    assert check(BY_RESOURCE[TRINO], {"additional_config": '{"": 1}'}) == []


@pytest.mark.parametrize(
    ("key", "looks"),
    [
        ("password", True),
        ("DB_PASSWORD", True),
        ("x-api-key", True),
        ("privateKey2", True),
        ("refreshToken", True),
        ("connect_args", True),
        ("passphrase", True),
        ("googleCredentials", True),
        ("accessKeyId", False),
        ("keyName", False),
        ("authenticationType", False),
        ("pass", False),
        ("", False),
    ],
)
def test_a_key_looks_like_a_secret_by_its_words(key: str, looks: bool) -> None:
    assert looks_secret(key) is looks


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_an_unknown_value_has_no_finding_anywhere(example: Example) -> None:
    _, *paths = places(example.config)
    for path in paths:
        config = put(example.config, path, UNKNOWN)
        assert (path, check(example.row.type, config, is_unknown=is_unknown)) == (path, [])


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type.resource)
def test_a_configuration_of_unknown_values_has_no_finding(type: ResourceType) -> None:
    config = dict.fromkeys(("additional_config", *(f.name for f in type.fields)), UNKNOWN)
    assert check(type, config, is_unknown=is_unknown) == []


def test_rules_that_depend_on_an_unknown_value_are_not_checked() -> None:
    config = {**good("snowflake"), "private_key": {}, "connect_args": "x"}
    key = [
        p.path
        for p in check(
            BY_RESOURCE[SNOWFLAKE], {**config, "authentication_type": UNKNOWN}, is_unknown=is_unknown
        )
    ]
    assert key == [("private_key", "key_name"), ("private_key", "user_filename"), ("private_key", "content")]
    bootstrap = {**good("snowflake with client secret"), "auto_bootstrap": UNKNOWN}
    assert check(BY_RESOURCE[SNOWFLAKE], bootstrap, is_unknown=is_unknown) == []
    lineage = {**good("snowflake"), "lineage": {"enabled": True}, "audit": UNKNOWN}
    assert check(BY_RESOURCE[SNOWFLAKE], lineage, is_unknown=is_unknown) == []


@pytest.mark.parametrize(
    ("resource", "path", "safe"),
    [
        (SNOWFLAKE, ("host",), ("host",)),
        (SNOWFLAKE, ("password",), ()),
        (SNOWFLAKE, ("private_key",), ()),
        (SNOWFLAKE, ("private_key", "key_name"), ()),
        (SNOWFLAKE, ("oauth_client_config", "scope"), ()),
        (SNOWFLAKE, ("lineage", "lineage_config", "tag_filter"), ("lineage", "lineage_config", "tag_filter")),
        (SNOWFLAKE, ("user_role_pattern", "exclude", 2), ("user_role_pattern", "exclude", 2)),
        (SNOWFLAKE, ("additional_config",), ()),
        (SNOWFLAKE, ("timeouts", "create"), ("timeouts", "create")),
        (SNOWFLAKE, (), ()),
        (DATABRICKS, ("additional_workspace_connections", 0, "http_path"), ()),
        (DATABRICKS, ("proxy_options", "port"), ()),
        (DATABRICKS, ("audit", "enabled"), ("audit", "enabled")),
        (BIGQUERY, ("credential",), ()),
    ],
)
def test_a_path_stops_before_a_secret(
    resource: str, path: tuple[str | int, ...], safe: tuple[str | int, ...]
) -> None:
    assert safe_path(BY_RESOURCE[resource], path) == safe


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type.resource)
def test_every_condition_names_a_value_that_exists(type: ResourceType) -> None:
    top = {f.name: f for f in (*derived_fields(type), *type.fields)}
    parents = dict(type.walk())
    for path, field in type.walk():
        known = dict(top)
        for depth in range(1, len(path)):
            known |= {f.name: f for f in parents[path[:depth]].fields}
        conditions = [*field.required_when, *field.only_when, *(when for _, when in field.choice_when)]
        for name, values in (pair for when in conditions for pair in when.fields):
            answer = known[name]
            allowed = answer.choices.values if answer.choices else (True, False)
            unset = () if answer.required else (None,)
            assert set(values) <= {*allowed, *unset}, (path, name)
        if field.extends:
            around = {f.name for f in parents[path[:-2]].fields} if path[:-2] else set(top)
            assert field.extends in around, path
        for choice, _ in field.choice_when:
            assert field.choices is not None, path
            assert choice in field.choices.values, path
    for dotted, when, _ in type.advice:
        for name in (dotted, *(name for name, _ in when.fields)):
            assert tuple(name.split(".")) in parents, name


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type.resource)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_values_are_judged_without_a_crash(type: ResourceType, data: st.DataObject) -> None:
    names = ["auto_bootstrap", "additional_config", *(f.name for f in type.fields)]
    config = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, ANY)))
    problems = wording.problems(type, config, is_unknown=is_unknown)
    assert all(p.summary and p.detail for p in problems)
    json.dumps([safe_path(type, p.path) for p in problems])

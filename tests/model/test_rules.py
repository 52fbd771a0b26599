"""Wrong configurations, and what the rules find in each: `error` or `warning`, the code of the rule, the place.

The words for each kind of rule are compared whole in test_wording.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model import wording
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import ResourceType
from immuta_provider.model.findings import Finding
from immuta_provider.model.rules import check, safe_path
from immuta_provider.model.secret_keys import looks_secret
from immuta_provider.model.text import path_label
from table import examples
from table.row import Example

UNKNOWN = object()
"""Stands for a value that is not known yet."""


def is_unknown(value: object) -> bool:
    return value is UNKNOWN


EXAMPLES = {example.name: example for example in examples()}
OAUTH = EXAMPLES["snowflake with client secret"].config["oauth_client_config"]


def good(name: str) -> dict[str, Any]:
    return EXAMPLES[name].config


class Bad(NamedTuple):
    label: str
    resource: str
    config: dict[str, Any]
    found: list[str]


def said(findings: list[Finding]) -> list[str]:
    return [
        f"{'error' if each.strict else 'warning'} {each.code} {path_label(each.path)}" for each in findings
    ]


S3 = "immuta_amazon_s3_integration"
SYNAPSE = "immuta_azure_synapse_integration"
DATABRICKS = "immuta_databricks_integration"
BIGQUERY = "immuta_bigquery_integration"
REDSHIFT = "immuta_redshift_integration"
SNOWFLAKE = "immuta_snowflake_integration"
TRINO = "immuta_trino_integration"
PURPOSE = BY_RESOURCE["immuta_purpose"]
CARDS = {"name": "Fraud.Cards", "subpurposes": [{"name": "Fraud.Cards.EU"}]}

BAD = [
    Bad(
        "nothing at all",
        SNOWFLAKE,
        {},
        [
            "error missing auto_bootstrap",
            "error missing host",
            "error missing warehouse",
            "error missing database",
            "error missing authentication_type",
        ],
    ),
    Bad(
        "empty and blank text",
        SNOWFLAKE,
        {**good("snowflake"), "warehouse": "", "database": " \t", "password": ""},
        ["error missing warehouse", "error missing database", "error missing password"],
    ),
    Bad(
        "a mistyped way of signing in is one problem",
        SNOWFLAKE,
        {**good("snowflake"), "authentication_type": "userPasword"},
        ["error unknown_choice authentication_type"],
    ),
    Bad(
        "no way of signing in is one problem, whatever else is set",
        SNOWFLAKE,
        {**good("snowflake in full"), "authentication_type": None, "password": "hunter2"},
        ["error missing authentication_type"],
    ),
    Bad(
        "a password for a key pair",
        SNOWFLAKE,
        {**good("snowflake"), "authentication_type": "keyPair"},
        ["warning misplaced password", "error missing private_key"],
    ),
    Bad(
        "no user name",
        SNOWFLAKE,
        {**good("snowflake"), "username": None, "role": None},
        ["error missing username", "warning missing role"],
    ),
    Bad(
        "objects in which nothing is set",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "audit": {"enabled": None},
            "workspaces": {},
            "lineage": {"lineage_config": {}},
            "user_role_pattern": {"exclude": []},
        },
        [
            "warning empty_object audit",
            "warning empty_object workspaces",
            "warning empty_object lineage.lineage_config",
        ],
    ),
    Bad(
        "an object without its required parts is not reported as empty too",
        SNOWFLAKE,
        {**good("snowflake in full"), "private_key": {}},
        [
            "error missing private_key.key_name",
            "error missing private_key.user_filename",
            "error missing private_key.content",
        ],
    ),
    Bad(
        "OAuth in the automatic set-up",
        SNOWFLAKE,
        {**good("snowflake with client secret"), "auto_bootstrap": True, "role": "R"},
        ["error unfit_choice authentication_type"],
    ),
    Bad(
        "OAuth without its client",
        SNOWFLAKE,
        {**good("snowflake with client secret"), "oauth_client_config": None},
        ["error missing oauth_client_config"],
    ),
    Bad(
        "an OAuth client with the wrong proof",
        SNOWFLAKE,
        {
            **good("snowflake with client secret"),
            "oauth_client_config": {
                **OAUTH,
                "use_certificate": True,
                "client_id": None,
                "authority_url": None,
            },
        },
        [
            "error missing oauth_client_config.client_id",
            "warning misplaced oauth_client_config.client_secret",
            "warning missing oauth_client_config.authority_url",
            "warning missing oauth_client_config.public_certificate_thumbprint",
            "warning missing oauth_client_config.oauth_private_key",
        ],
    ),
    Bad(
        "a private key under another name, and not as text",
        SNOWFLAKE,
        {
            **good("snowflake in full"),
            "private_key": {"key_name": "MY_KEY", "user_filename": "", "content": 12345},
        },
        [
            "error unknown_choice private_key.key_name",
            "error missing private_key.user_filename",
            "error wrong_type private_key.content",
        ],
    ),
    Bad(
        "values of the wrong type",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "host": 5,
            "port": "https",
            "password": ["hunter2"],
            "audit": "on",
            "workspaces": {"enabled": "yes"},
            "impersonation": [],
            "user_role_pattern": {"exclude": "SYSADMIN"},
        },
        [
            "error wrong_type host",
            "error wrong_type port",
            "error wrong_type password",
            "error wrong_type audit",
            "error wrong_type workspaces.enabled",
            "error wrong_type impersonation",
            "error wrong_type user_role_pattern.exclude",
        ],
    ),
    Bad(
        "elements of the wrong type",
        SNOWFLAKE,
        {**good("snowflake"), "user_role_pattern": {"exclude": ["A", None, 5, True, ["B"]]}},
        [
            "error null_element user_role_pattern.exclude[1]",
            "error wrong_element user_role_pattern.exclude[2]",
            "error wrong_element user_role_pattern.exclude[3]",
            "error wrong_element user_role_pattern.exclude[4]",
        ],
    ),
    Bad(
        "a host that is a URL, an impossible port, a batch that is not a whole number",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "host": "https://acme.snowflakecomputing.com/",
            "port": 65536,
            "lineage": {"ingest_batch_size": 10.5},
        },
        [
            "warning wrong_form host",
            "error out_of_range port",
            "error out_of_range lineage.ingest_batch_size",
        ],
    ),
    Bad(
        "features without what they need",
        SNOWFLAKE,
        {
            **good("snowflake"),
            "audit": {"enabled": False},
            "workspaces": {"enabled": True},
            "lineage": {"enabled": True},
        },
        ["warning missing workspaces.warehouses", "warning advice lineage.enabled"],
    ),
    Bad(
        "the set-up that S3 does not have, and names that do not look like AWS's",
        S3,
        {
            **good("s3"),
            "auto_bootstrap": True,
            "aws_account_id": "acme",
            "aws_region": "us-east1",
            "aws_location_role": "location-role",
            "aws_location_path": "acme-lake",
        },
        [
            "error unknown_choice auto_bootstrap",
            "warning wrong_form aws_account_id",
            "warning wrong_form aws_region",
            "error wrong_form aws_location_role",
            "warning wrong_form aws_location_path",
        ],
    ),
    Bad(
        "an account id as a number, which would lose its zeros",
        S3,
        {**good("s3"), "aws_account_id": 210987654321},
        ["error wrong_type aws_account_id"],
    ),
    Bad(
        "an access key without its parts",
        S3,
        {**good("s3"), "authentication_type": "accessKey", "aws_secret_access_key": " "},
        ["error missing aws_access_key_id", "error missing aws_secret_access_key"],
    ),
    Bad(
        "a role without the role, and an access key beside it",
        S3,
        {**good("s3 with keys"), "authentication_type": "auto"},
        [
            "warning missing aws_role_to_assume",
            "warning misplaced aws_access_key_id",
            "warning misplaced aws_secret_access_key",
        ],
    ),
    Bad(
        "another way of signing in than the known one, which may exist",
        SYNAPSE,
        {**good("synapse"), "authentication_type": "managedIdentity"},
        ["warning unknown_choice authentication_type"],
    ),
    Bad(
        "a host with a port, and nothing else",
        SYNAPSE,
        {"auto_bootstrap": False, "host": "acme.sql.azuresynapse.net:1433"},
        [
            "error wrong_form host",
            "error missing database",
            "error missing schema",
            "error missing authentication_type",
        ],
    ),
    Bad(
        "no user, and an OAuth client that is not used",
        SYNAPSE,
        {**good("synapse"), "username": None, "password": None, "oauth_client_config": OAUTH},
        ["error missing username", "error missing password", "warning misplaced oauth_client_config"],
    ),
    Bad(
        "OAuth without its client",
        SYNAPSE,
        {**good("synapse"), "authentication_type": "oAuthClientCredentials"},
        ["warning misplaced username", "warning misplaced password", "warning missing oauth_client_config"],
    ),
    Bad(
        "no token, and a catalog that Databricks would not take",
        DATABRICKS,
        {**good("databricks"), "token": None, "catalog": "1-immuta", "proxy_options": {}},
        ["warning missing token", "error wrong_form catalog", "warning missing proxy_options.host"],
    ),
    Bad(
        "a token beside OAuth",
        DATABRICKS,
        {**good("databricks"), "authentication_type": "oAuthM2M"},
        ["warning misplaced token", "warning missing oauth_client_config"],
    ),
    Bad(
        "further workspaces with gaps",
        DATABRICKS,
        {
            **good("databricks"),
            "additional_workspace_connections": [
                {
                    "workspace_url": "two.cloud.databricks.com",
                    "http_path": "/sql/2",
                    "authentication_type": "oAuthM2M",
                    "token": "hunter2",
                    "oauth_client_config": {"use_certificate": "no", "client_id": "c", "authority_url": "u"},
                    "catalogs": ["a", None],
                },
                None,
                "hunter2",
                {"authentication_type": "mystery"},
            ],
        },
        [
            "warning misplaced additional_workspace_connections[0].token",
            "error wrong_type additional_workspace_connections[0].oauth_client_config.use_certificate",
            "error null_element additional_workspace_connections[0].catalogs[1]",
            "error null_element additional_workspace_connections[1]",
            "error wrong_element additional_workspace_connections[2]",
            "warning missing additional_workspace_connections[3].workspace_url",
            "warning missing additional_workspace_connections[3].http_path",
            "warning unknown_choice additional_workspace_connections[3].authentication_type",
            "warning missing additional_workspace_connections[3].catalogs",
        ],
    ),
    Bad(
        "the name of a key file in place of its content, and a suffix that is none",
        BIGQUERY,
        {
            "auto_bootstrap": False,
            "role": "immuta",
            "dataset_suffix": "secure",
            "credential": "hunter2-key.json",
        },
        ["error wrong_form dataset_suffix", "warning not_json credential"],
    ),
    Bad(
        "everything that BigQuery needs",
        BIGQUERY,
        {"port": -1},
        [
            "warning missing role",
            "warning missing dataset_suffix",
            "error missing credential",
            "error out_of_range port",
        ],
    ),
    Bad(
        "Okta in the automatic set-up, half told",
        REDSHIFT,
        {
            **good("redshift with okta"),
            "auto_bootstrap": True,
            "username": "u",
            "okta": {"username": "o", "role": "r"},
        },
        [
            "error unfit_choice authentication_type",
            "warning misplaced username",
            "warning missing okta.password",
            "warning missing okta.app_id",
            "warning missing okta.idp_host",
        ],
    ),
    Bad(
        "a password for an access key",
        REDSHIFT,
        {**good("redshift"), "authentication_type": "accessKey"},
        [
            "warning misplaced username",
            "warning misplaced password",
            "warning missing database_user",
            "warning missing access_key_id",
            "warning missing secret_key",
        ],
    ),
    Bad(
        "a way of signing in that is not known",
        REDSHIFT,
        {**good("redshift"), "authentication_type": "iam"},
        ["warning unknown_choice authentication_type"],
    ),
]


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_a_valid_configuration_has_no_finding(example: Example) -> None:
    assert check(example.row.type, example.config) == []


def test_an_object_in_which_something_is_unknown_is_not_empty() -> None:
    config = {**good("snowflake"), "audit": {"enabled": UNKNOWN}}
    assert check(BY_RESOURCE[SNOWFLAKE], config, is_unknown=is_unknown) == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.label)
def test_every_problem_is_found_at_its_place(bad: Bad) -> None:
    assert said(check(BY_RESOURCE[bad.resource], bad.config)) == bad.found


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.label)
def test_no_finding_holds_a_secret(bad: Bad) -> None:
    type = BY_RESOURCE[bad.resource]
    found = [(each.path, each.facts) for each in check(type, bad.config)]
    assert "hunter2" not in repr((found, wording.problems(type, bad.config)))


@pytest.mark.parametrize(
    ("purpose", "found"),
    [
        ({"name": "Fraud", "subpurposes": [CARDS]}, []),
        (
            {"name": "Fraud", "subpurposes": [{"name": "Cards"}]},
            ["error wrong_beginning subpurposes[0].name"],
        ),
        (
            {"name": "Fraud", "subpurposes": [{"name": "Fraud."}]},
            ["error wrong_beginning subpurposes[0].name"],
        ),
        (
            {"name": "Fraud", "subpurposes": [{"name": "fraud.Cards"}]},
            ["error wrong_beginning subpurposes[0].name"],
        ),
        (
            {"name": "Fraud", "subpurposes": [CARDS, {**CARDS, "subpurposes": [{"name": "Fraud.EU"}]}]},
            ["error wrong_beginning subpurposes[1].subpurposes[0].name"],
        ),
        # Nothing is judged by a name that is unknown, missing or wrong itself.
        ({"name": UNKNOWN, "subpurposes": [{"name": "Cards"}]}, []),
        ({"name": "Fraud", "subpurposes": [{**CARDS, "name": UNKNOWN}]}, []),
        ({"name": None, "subpurposes": [{"name": "Cards"}]}, ["error missing name"]),
        ({"name": 7, "subpurposes": [{"name": "Cards"}]}, ["error wrong_type name"]),
        ({"name": "Audit", "subpurposes": [CARDS]}, ["error wrong_beginning subpurposes[0].name"]),
        (
            {"name": "Fraud", "subpurposes": [{**CARDS, "name": "Cards"}]},
            ["error wrong_beginning subpurposes[0].name"],
        ),
    ],
)
def test_a_name_begins_with_the_name_of_the_object_around_it(
    purpose: dict[str, Any], found: list[str]
) -> None:
    assert said(check(PURPOSE, purpose, is_unknown=is_unknown)) == found


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
def test_additional_config(text: str, found: list[Facts]) -> None:
    findings = check(BY_RESOURCE[SNOWFLAKE], additional(text))
    assert [(each.code, each.facts) for each in findings] == found
    assert {(each.path, each.strict) for each in findings} <= {(("additional_config",), True)}


def test_additional_config_is_text() -> None:
    (found,) = check(BY_RESOURCE[SNOWFLAKE], additional({"hunter2": 1}))
    assert said([found]) == ["error wrong_type additional_config"]
    assert "hunter2" not in repr(found.facts)


def test_additional_config_cannot_reach_into_lists_of_objects() -> None:
    config = {
        **good("databricks"),
        "additional_config": '{"additionalWorkspaceConnections": [{"token": "hunter2"}], "extra": 1}',
    }
    assert [(each.code, each.facts) for each in check(BY_RESOURCE[DATABRICKS], config)] == [
        has_attribute("additionalWorkspaceConnections", "additional_workspace_connections")
    ]


def test_a_key_without_a_name_is_no_attribute() -> None:
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
def test_keys_that_look_like_secrets(key: str, looks: bool) -> None:
    assert looks_secret(key) is looks


def places(value: object, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value at every depth."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in inner:
        yield (*at, step)
        yield from places(item, (*at, step))


def with_unknown(value: Any, path: tuple[str | int, ...]) -> Any:
    if not path:
        return UNKNOWN
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = with_unknown(copy[path[0]], path[1:])
    return copy


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=str)
def test_an_unknown_value_is_refused_nowhere(example: Example) -> None:
    for path in places(example.config):
        config = with_unknown(example.config, path)
        assert (path, check(example.row.type, config, is_unknown=is_unknown)) == (path, [])


@pytest.mark.parametrize("type", TYPES, ids=lambda type: type.resource)
def test_all_unknown_is_fine(type: ResourceType) -> None:
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
def test_every_condition_names_an_answer_that_exists(type: ResourceType) -> None:
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

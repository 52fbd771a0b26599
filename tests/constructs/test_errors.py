"""The errors and warnings of constructors."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import immuta_constructs
import pytest
from constructs import Construct
from immuta_constructs import (
    ArgumentError,
    DataImmutaIntegration,
    DataImmutaIntegrationScript,
    EphemeralImmutaTrinoApiKey,
    ImmutaProvider,
    RedshiftTeardownCredentials,
    Secret,
    SnowflakeIntegration,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    SnowflakeWorkspaces,
    TeardownCredentials,
    Timeouts,
    snowflake_host,
)
from immuta_constructs.cdk import (
    LIBRARY,
    App,
    Precondition,
    TerraformIterator,
    TerraformLocal,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_provider.model import wording
from support import snowflake
from support.stacks import problems, warnings

SNOWFLAKE: dict[str, Any] = {**snowflake.SNOWFLAKE, "password": "example-password"}


def refused(stack: TerraformStack, **arguments: Any) -> ArgumentError:
    with pytest.raises(ArgumentError) as caught:
        SnowflakeIntegration(Construct(stack, "warehouse"), "snowflake", **{**SNOWFLAKE, **arguments})
    return caught.value


def test_an_error_has_every_problem_and_the_place_of_the_construct(empty_stack: TerraformStack) -> None:
    error = refused(empty_stack, warehouse=3, authentication_type="kerberos", audit={"enabeld": True})
    assert error.construct_path == "stack/warehouse/snowflake"
    assert [(problem.path, problem.summary) for problem in error.problems] == [
        (("audit", "enabeld"), "there is no audit.enabeld"),
        (("warehouse",), "warehouse has the wrong type"),
        (("authentication_type",), "authentication_type has a value that Immuta does not accept"),
    ]
    assert str(error) == (
        'the Snowflake integration "stack/warehouse/snowflake" cannot be deployed as written, 3 problems:\n'
        "- there is no audit.enabeld: did you mean enabled?\n"
        f"- {error.problems[1].summary}: {error.problems[1].detail}\n"
        f"- {error.problems[2].summary}: {error.problems[2].detail}"
    )
    assert [child.node.id for child in empty_stack.node.find_all()] == ["stack", "warehouse"]


def test_a_misspelt_key_in_a_list_is_named_by_its_index(stack: TerraformStack) -> None:
    found = problems(
        immuta_constructs.DatabricksIntegration,
        stack,
        auto_bootstrap=True,
        workspace_url="acme.cloud.databricks.com",
        http_path="/sql",
        authentication_type="token",
        token="example",
        additional_workspace_connections=[{"http_pat": "/sql"}],
    )
    assert found[0] == "there is no additional_workspace_connections[0].http_pat: did you mean http_path?"


def test_no_secret_is_in_any_text(stack: TerraformStack) -> None:
    secrets = ("SECRET-ONE", "SECRET-TWO", "SECRET-THREE")
    key = SnowflakePrivateKey(key_name="wrong", user_filename="f", content=secrets[0])  # type: ignore[arg-type]
    credentials = TeardownCredentials(
        snowflake=SnowflakeTeardownCredentials(password=secrets[2], private_key=key)
    )
    error = refused(
        stack, authentication_type="keyPair", private_key=key, connect_args=[secrets[1]], warehouse=None
    )
    texts = [str(error), repr(error), repr(error.problems), repr(key), repr(credentials)]
    assert [text for text in texts for secret in secrets if secret in text] == []
    assert repr(key) == "SnowflakePrivateKey(key_name='wrong', user_filename='f')"


def test_an_inferred_rule_is_a_warning_of_cdktf(stack: TerraformStack) -> None:
    arguments = {**SNOWFLAKE, "auto_bootstrap": True, "password": Secret.variable("password")}
    found = warnings(SnowflakeIntegration(stack, "snowflake", **arguments))
    assert [text.split(":")[0] for text in found] == ["role is probably missing"]


def test_nested_classes_take_keywords_only_and_do_not_change() -> None:
    with pytest.raises(TypeError):
        immuta_constructs.SnowflakeAudit(True)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        immuta_constructs.SnowflakeAudit(enabled=True).enabled = False  # type: ignore[misc]


CONSTRUCT = (
    "it is the TerraformVariable 'stack/v' itself. Pass its value instead: for a variable `.string_value`, `.number_value`, "
    "`.boolean_value` or `.list_value`, for a resource one of its attributes."
)


def not_a_duration(name: str, value: object) -> str:
    summary, detail = wording.wrong_duration(name, value, "10m")
    return f"{summary}: {detail}"


def within(written: str, instead: str) -> str:
    """Returns the message about an object inside a text."""
    return (
        f'contains an object instead of its value: it contains "<{written}>", which is Python\'s notation for the object, '
        f"with a different address in each run. Insert {instead} into the text."
    )


AS_STRING = "`Token.as_string(...)` of it"
OBJECT = within(f"{LIBRARY}.TerraformVariable object", "its `.string_value`")
OBJECTS: dict[str, Callable[[TerraformVariable], dict[str, Any]]] = {
    "database": lambda v: {"database": f"IMMUTA_{v}"},
    "password": lambda v: {"password": f"{v}"},
    "impersonation.role": lambda v: {"impersonation": {"role": f"{v}"}},
    "workspaces.warehouses[1]": lambda v: {"workspaces": SnowflakeWorkspaces(warehouses=["A", f"{v}"])},
    "additional_config.a[0]": lambda v: {"additional_config": {"a": [f"{v}"]}},
    "additional_config": lambda v: {"additional_config": {f"{v}": 1}},
    "timeouts.create": lambda v: {"timeouts": {"create": f"{v}m"}},
    "lifecycle.precondition[0].condition": lambda v: {
        "lifecycle": TerraformResourceLifecycle(
            precondition=[Precondition(condition=f"{v}", error_message="no")]
        )
    },
    "provisioners[0].command": lambda v: {"provisioners": [{"type": "local-exec", "command": f"echo {v}"}]},
}
WITHIN_TEXT = (
    "instead of text: a list or a map whose value is unknown cannot be part of a text. Insert one of its elements, with "
    'Fn.element(list, 0) or Fn.lookup(map, "key"), or convert it to text with Fn.join or Fn.jsonencode.'
)
JSON = "Pass mappings, lists, texts, numbers, booleans or None."
URL = 'Set a host name or a URL, for example "https://acme.hosted.immutacloud.com".'


Arguments = Mapping[str, Any] | Callable[[TerraformVariable], Mapping[str, Any]]


def made(arguments: Arguments, stack: TerraformStack) -> Mapping[str, Any]:
    """The arguments, which may be a function of a variable."""
    variable = TerraformVariable(stack, "v", type="string")
    return arguments(variable) if callable(arguments) else arguments


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"audit": {"x": 1}}, "there is no audit.x: it is none of enabled."),
        (lambda v: {"password": v}, f"password is a construct: {CONSTRUCT}"),
        ({"timeouts": {"creat": "10m"}}, "there is no timeouts.creat: did you mean create?"),
        ({"timeouts": {"x": "5m"}}, "there is no timeouts.x: it is none of create, update, delete."),
        ({"timeouts": {"create": "10"}}, not_a_duration("timeouts.create", "10")),
        ({"timeouts": {"update": "-1m"}}, not_a_duration("timeouts.update", "-1m")),
        ({"timeouts": Timeouts(delete=5)}, not_a_duration("timeouts.delete", 5)),  # type: ignore[arg-type]
        *(
            (
                {"timeouts": value},
                f"timeouts has the wrong type: it is of the type {type(value).__name__}. "
                'Pass Timeouts(create="20m"), or a mapping with the same keys.',
            )
            for value in ("10m", 5)
        ),
        (lambda v: {"timeouts": {"create": v}}, f"timeouts.create is a construct: {CONSTRUCT}"),
        (
            {"timeouts": {"create": Secret.variable("u")}},
            "timeouts.create does not accept a Secret: Terraform stores this argument in its state, and a `Secret` is allowed "
            "only in secret arguments. Pass the value itself, or the `.string_value` of a `TerraformVariable`.",
        ),
        *(
            (
                {"port": value},
                f"port has the wrong type: port is {value}, but has to be a number. Set port to a number. "
                "Description: Port of the account.",
            )
            for value in (float("inf"), float("nan"))
        ),
        (
            {"audit": SnowflakeWorkspaces(enabled=True)},
            "audit has the wrong class: it is a SnowflakeWorkspaces, which belongs to another argument. Pass the class that the "
            "signature names, or a mapping with enabled.",
        ),
        (
            {"additional_config": {"a": object()}},
            f"additional_config.a is not JSON: it is of the type object. {JSON}",
        ),
        (
            {"additional_config": {"a": [{1}]}},
            f"additional_config.a[0] is not JSON: it is of the type set. {JSON}",
        ),
        (
            {"additional_config": {"a": float("nan")}},
            "additional_config.a is not JSON: it is nan, but JSON has finite numbers only. Pass a finite number.",
        ),
        (
            {"additional_config": {("a",): 1}},
            "additional_config is not JSON: it has a key of the type tuple. Pass keys that are text.",
        ),
        (lambda v: {"additional_config": {"a": v}}, f"additional_config.a is a construct: {CONSTRUCT}"),
        (
            {"warehouse": TerraformIterator.from_list(["a"])},
            f"warehouse is an object of {LIBRARY}: it is the ListTerraformIterator object itself. Pass one of its attributes.",
        ),
        *((arguments, f"{label} {OBJECT}") for label, arguments in OBJECTS.items()),
        *(
            (lambda v, made=made: {"warehouse": f"WH_{made(v)}_{v}"}, f"warehouse {within(written, instead)}")
            for made, written, instead in (
                (lambda v: v.boolean_value, "jsii._reference_map.InterfaceDynamicProxy object", AS_STRING),
                (
                    lambda _: TerraformIterator.from_list(["a"]).value,
                    f"{LIBRARY}._LazyBaseProxy object",
                    AS_STRING,
                ),
                (lambda v: TerraformLocal(v, "l", 1), f"{LIBRARY}.TerraformLocal object", "its `.as_string`"),
                (lambda v: v, f"{LIBRARY}.TerraformVariable object", "its `.string_value`"),
                (
                    lambda v: v.to_string,
                    f"bound method TerraformVariable.to_string of <{LIBRARY}.TerraformVariable object",
                    "what it returns",
                ),
                (
                    lambda v: immuta_constructs.TrinoIntegration(v, "t"),
                    "immuta_constructs.integrations.trino.TrinoIntegration object",
                    "one of its attributes",
                ),
            )
        ),
        *(
            (
                lambda v, text=text: {"warehouse": f"WH_{text(v)}"},
                f"warehouse contains a list or a map {WITHIN_TEXT}",
            )
            for text in (
                lambda v: v.list_value,
                lambda v: v.list_value[0],
                lambda v: Token.as_any_map(v.value),
            )
        ),
        (
            lambda v: {"user_role_pattern": {"exclude": ["A", *v.list_value]}},
            f"user_role_pattern.exclude mixes a token for a whole list with other elements: {LIBRARY} cannot add elements to a "
            "list whose value is unknown. Pass Fn.concat([one, other]).",
        ),
        (
            lambda v: {"additional_config": {"a": {"b": 1, **Token.as_any_map(v.value)}}},
            f"additional_config.a mixes a token for a whole map with other keys: {LIBRARY} cannot add keys to a map whose value "
            "is unknown. Pass Fn.merge([one, other]).",
        ),
    ],
)
def test_a_mistake_that_only_python_allows_is_refused(
    stack: TerraformStack, arguments: Arguments, problem: str
) -> None:
    assert problems(SnowflakeIntegration, stack, **{**SNOWFLAKE, **made(arguments, stack)}) == [problem]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"host": 5}, "host has the wrong type: it is of the type int, but has to be text. Pass text."),
        (
            {"host": "ftp://x"},
            f'Invalid host: "ftp://x" is not a valid host: its scheme is "ftp"; allowed are https and http. {URL}',
        ),
        (lambda v: {"host": v}, f"host is a construct: {CONSTRUCT}"),
        (
            {"request_timeout": "x"},
            "request_timeout has the wrong type: it is of the type str, but has to be a number. Pass a number.",
        ),
        (
            {"api_key": "a", "bearer_token": "b"},
            "Two credentials for Immuta: both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; "
            "keep one of them.",
        ),
        (
            {"insecure_skip_tls_verify": "yes"},
            "insecure_skip_tls_verify has the wrong type: it is of the type str, but has to be true or false. Pass true or "
            "false.",
        ),
        *(
            (
                {name: "x"},
                f"{name} has the wrong type: it is of the type str, but has to be an object. Pass an object.",
            )
            for name in ("http_headers", "teardown_credentials")
        ),
        (
            {"http_headers": {"a": 5}},
            "http_headers.a has the wrong type: it is of the type int, but has to be text. Pass text.",
        ),
        (
            {"http_headers": {"Authorization": Secret.variable("u")}},
            "Invalid http_headers: the header 'Authorization' cannot be sent: set `api_key` or `bearer_token` instead.",
        ),
        (
            {"fingerprint_key": 5},
            "fingerprint_key has the wrong type: it is of the type int, but has to be text. Pass text.",
        ),
        *(
            (
                {"teardown_credentials": {name: "x"}},
                f"teardown_credentials.{name} has the wrong type: it is of the type str, but has to be an object. Pass an "
                "object.",
            )
            for name in ("snowflake", "hosts")
        ),
        *(
            (
                {"teardown_credentials": credentials},
                f"there is no teardown_credentials.{path}: did you mean {name}?",
            )
            for credentials, path, name in (
                ({"snowflakes": {}}, "snowflakes", "snowflake"),
                ({"redshift": {"user": "x"}}, "redshift.user", "username"),
                ({"hosts": {"a.b": {"pasword": "x"}}}, "hosts.a.b.pasword", "password"),
            )
        ),
        (
            {"teardown_credentials": {"snowflake": {"password": 5}}},
            "teardown_credentials.snowflake.password has the wrong type: it is of the type int, but has to be text. Pass text.",
        ),
        (
            {"teardown_credentials": {"hosts": {"a.b": {"private_key": {"content": 5}}}}},
            "teardown_credentials.hosts.a.b.private_key.content has the wrong type: it is of the type int, but has to be text. "
            "Pass text.",
        ),
        (
            {"teardown_credentials": TeardownCredentials(redshift=SnowflakeTeardownCredentials())},  # type: ignore[arg-type]
            "teardown_credentials.redshift has the wrong class: it is a SnowflakeTeardownCredentials, which belongs to another "
            "argument. Pass the class that the signature names, or a mapping with authentication_type, username, password, "
            "database_user, access_key_id, secret_key, session_token.",
        ),
        (
            {
                "teardown_credentials": {
                    "hosts": {"acme.example": {}, "https://ACME.example/": {}, "b.example": {}}
                }
            },
            "teardown_credentials.hosts names one host twice: 'acme.example' and 'https://ACME.example/' are the same host. "
            "Case, the scheme and whatever follows the host are ignored. Keep one of them.",
        ),
        *(
            (arguments, f"{label} {OBJECT}")
            for label, arguments in {
                "host": lambda v: {"host": f"https://{v}.example.com"},
                "http_headers.a": lambda v: {"http_headers": {"a": f"{v}"}},
                "http_headers": lambda v: {"http_headers": {f"{v}": "a"}},
                "fingerprint_key": lambda v: {"fingerprint_key": f"{v}"},
                "teardown_credentials.snowflake.password": lambda v: {
                    "teardown_credentials": TeardownCredentials(
                        snowflake=SnowflakeTeardownCredentials(password=f"{v}")
                    )
                },
                "teardown_credentials.hosts": lambda v: {"teardown_credentials": {"hosts": {f"{v}": {}}}},
            }.items()
        ),
        (
            {"alias": 5},
            "alias is not a valid provider alias: it is 5. Use letters, digits, hyphens and underscores, and do not start "
            "with a "
            "digit or a hyphen.",
        ),
    ],
)
def test_an_invalid_argument_of_the_provider_is_refused(
    empty_stack: TerraformStack, arguments: Arguments, problem: str
) -> None:
    assert problems(ImmutaProvider, empty_stack, **made(arguments, empty_stack)) == [problem]


@pytest.mark.parametrize(
    ("construct", "label", "arguments"),
    [
        (DataImmutaIntegration, "host", lambda v: {"type": "Snowflake", "host": f"{v}"}),
        (
            DataImmutaIntegrationScript,
            "snowflake.host",
            lambda v: {"script": "create", "snowflake": {"host": f"{v}"}},
        ),
        (
            DataImmutaIntegrationScript,
            "snowflake.additional_config.a",
            lambda v: {"script": "create", "snowflake": {"additional_config": {"a": f"{v}"}}},
        ),
        (EphemeralImmutaTrinoApiKey, "integration_id", lambda v: {"integration_id": f"{v}"}),
    ],
)
def test_an_object_inside_a_text_of_a_reading_construct_is_refused(
    stack: TerraformStack, construct: Any, label: str, arguments: Arguments
) -> None:
    assert f"{label} {OBJECT}" in problems(construct, stack, **made(arguments, stack))


def test_an_object_inside_the_argument_of_a_function_is_refused(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "v", type="string")
    with pytest.raises(ValueError, match=re.escape(f"account {OBJECT}")):
        snowflake_host(f"x{variable}")


CONSTRUCTS = pytest.mark.parametrize(
    ("construct", "arguments", "label"),
    [
        (ImmutaProvider, {}, "id"),
        (immuta_constructs.TrinoIntegration, {}, "id"),
        (DataImmutaIntegration, {"id": "7"}, "id_"),
        (EphemeralImmutaTrinoApiKey, {"integration_id": "7"}, "id"),
    ],
)


@CONSTRUCTS
def test_a_number_token_inside_the_id_of_a_construct_is_refused(
    stack: TerraformStack, construct: Any, arguments: Any, label: str
) -> None:
    number = TerraformVariable(stack, "n", type="number").number_value
    with pytest.raises(RuntimeError, match="You cannot use a token"):
        construct(stack, f"one-{number}", **arguments)


@CONSTRUCTS
def test_an_object_inside_the_id_of_a_construct_is_refused(
    stack: TerraformStack, construct: Any, arguments: Any, label: str
) -> None:
    variable = TerraformVariable(stack, "v", type="string")
    with pytest.raises(ArgumentError, match=re.escape(f"- {label} {OBJECT}")):
        construct(stack, f"one-{variable}", **arguments)


def test_unknown_values_are_not_checked(empty_stack: TerraformStack) -> None:
    variable = TerraformVariable(empty_stack, "v", type="any")
    text, number = variable.string_value, variable.number_value
    ImmutaProvider(
        empty_stack,
        "immuta",
        host=text,
        api_key=text,
        bearer_token="example",
        insecure_skip_tls_verify=variable.boolean_value,
        http_headers={"a": text, text: "b"},
        request_timeout=number,
        max_retries=number,
        max_concurrency=number,
        fingerprint_key=Secret.variable("u"),
        teardown_credentials={
            "snowflake": {"password": text},
            "redshift": RedshiftTeardownCredentials(password=Secret.variable("u")),
            "azure_synapse": Token.as_any_map(variable.value),
        },
    )
    SnowflakeIntegration(
        empty_stack,
        "x",
        **SNOWFLAKE,
        port=number,
        timeouts={"create": text},
        audit=Token.as_any_map("${var.v}"),
    )


def test_hcl_is_refused_because_cdktf_does_not_escape_it(tmp_path: Any) -> None:
    app = App(outdir=str(tmp_path), hcl_output=True)
    stack = TerraformStack(app, "stack")
    SnowflakeIntegration(stack, "snowflake", **SNOWFLAKE)
    with pytest.raises(RuntimeError, match="synthesized to JSON only"):
        stack.to_hcl_terraform()

"""What a constructor advises is followed: each way that the error or the warning names is taken without another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from immuta_constructs import (
    ArgumentError,
    DataImmutaIntegration,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    SnowflakeLineage,
    SnowflakePrivateKey,
    SnowflakeTeardownCredentials,
    SnowflakeWorkspaces,
    TeardownCredentials,
    Timeouts,
    TrinoIntegration,
)
from immuta_constructs.cdk import (
    Fn,
    TerraformIterator,
    TerraformLocal,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_constructs.testing import synthesized
from support.snowflake import SNOWFLAKE


class Given(NamedTuple):
    """What an argument may be made of."""

    variable: TerraformVariable
    local: TerraformLocal
    trino: TrinoIntegration


Arguments = Callable[[Given], Mapping[str, Any]]


class Advice(NamedTuple):
    """`wrong` are arguments, `said` are words of what is said of them, and each of `ways` follows them."""

    wrong: Arguments
    said: str
    ways: Mapping[str, Arguments]
    construct: Callable[..., Any] = SnowflakeIntegration
    base: Mapping[str, Any] = {**SNOWFLAKE, "password": Secret.variable("password")}


def database(write: Callable[[Given], Any]) -> Arguments:
    return lambda given: {"database": write(given)}


def ephemeral(variable: TerraformVariable) -> str:
    variable.add_override("ephemeral", True)
    return str(variable.string_value)


ADVICE: dict[str, Advice] = {
    "a variable in a text": Advice(
        database(lambda given: f"IMMUTA_{given.variable}"),
        "`.string_value`",
        {"string_value": database(lambda given: f"IMMUTA_{given.variable.string_value}")},
    ),
    "a local in a text": Advice(
        database(lambda given: f"IMMUTA_{given.local}"),
        "`.as_string`",
        {"as_string": database(lambda given: f"IMMUTA_{given.local.as_string}")},
    ),
    "a resource in a text": Advice(
        database(lambda given: f"IMMUTA_{given.trino}"),
        "one of its attributes",
        {"id": database(lambda given: f"IMMUTA_{given.trino.id}")},
    ),
    "a number's token in a text": Advice(
        database(lambda given: f"IMMUTA_{given.variable.boolean_value}"),
        "`Token.as_string(...)`",
        {"as_string": database(lambda given: f"IMMUTA_{Token.as_string(given.variable.boolean_value)}")},
    ),
    "a variable itself": Advice(
        database(lambda given: given.variable),
        "`.string_value`, `.number_value`, `.boolean_value` or `.list_value`",
        {
            "string_value": database(lambda given: given.variable.string_value),
            "number_value": lambda given: {"port": given.variable.number_value},
            "boolean_value": lambda given: {"audit": {"enabled": given.variable.boolean_value}},
            "list_value": lambda given: {
                "workspaces": SnowflakeWorkspaces(enabled=True, warehouses=given.variable.list_value)
            },
        },
    ),
    "a resource itself": Advice(
        database(lambda given: given.trino),
        "one of its attributes",
        {"id": database(lambda given: given.trino.id)},
    ),
    "an iterator itself": Advice(
        database(lambda given: TerraformIterator.from_list(["a"])),
        "one of its attributes",
        {"value": database(lambda given: TerraformIterator.from_list(["a"]).value)},
    ),
    "a list's token in a text": Advice(
        database(lambda given: f"IMMUTA_{Token.as_list(given.variable.value)[0]}"),
        'Fn.element(list, 0) or Fn.lookup(map, "key"), or convert it to text with Fn.join or Fn.jsonencode',
        {
            "element": database(lambda given: f"IMMUTA_{Fn.element(given.variable.list_value, 0)}"),
            "lookup": database(
                lambda given: f"IMMUTA_{Fn.lookup(Token.as_any_map(given.variable.value), 'key')}"
            ),
            "join": database(lambda given: f"IMMUTA_{Fn.join('_', given.variable.list_value)}"),
            "jsonencode": database(lambda given: f"IMMUTA_{Fn.jsonencode(given.variable.list_value)}"),
        },
    ),
    "a list's token beside elements": Advice(
        lambda given: {"additional_config": {"a": ["A", *given.variable.list_value]}},
        "Fn.concat([one, other])",
        {"concat": lambda given: {"additional_config": {"a": Fn.concat([["A"], given.variable.list_value])}}},
    ),
    "a map's token beside keys": Advice(
        lambda given: {"additional_config": {"a": {"b": 1, **Token.as_string_map(given.variable.value)}}},
        "Fn.merge([one, other])",
        {
            "merge": lambda given: {
                "additional_config": {"a": Fn.merge([{"b": 1}, Token.as_any_map(given.variable.value)])}
            }
        },
    ),
    "another argument's class": Advice(
        lambda given: {"lineage": SnowflakeWorkspaces(enabled=True)},
        "or a mapping with",
        {
            "class": lambda given: {
                "audit": {"enabled": True},
                "lineage": SnowflakeLineage(enabled=True),
            },
            "mapping": lambda given: {"audit": {"enabled": True}, "lineage": {"enabled": True}},
        },
    ),
    "a misspelt key": Advice(
        lambda given: {"audit": {"enabeld": True}},
        "did you mean enabled?",
        {"enabled": lambda given: {"audit": {"enabled": True}}},
    ),
    "timeouts of another type": Advice(
        lambda given: {"timeouts": "20m"},
        'Timeouts(create="20m")',
        {
            "class": lambda given: {"timeouts": Timeouts(create="20m")},
            "mapping": lambda given: {"timeouts": {"create": "20m"}},
        },
    ),
    "a timeout that is not a duration": Advice(
        lambda given: {"timeouts": {"create": "soon"}},
        "1h30m",
        {
            "duration": lambda given: {"timeouts": {"create": "1h30m"}},
            "removed": lambda given: {},
        },
    ),
    "a secret where none goes": Advice(
        database(lambda given: Secret.variable("database")),
        "the `.string_value` of a `TerraformVariable`",
        {
            "value": database(lambda given: "IMMUTA"),
            "variable": database(lambda given: given.variable.string_value),
        },
    ),
    "a secret that is written out": Advice(
        lambda given: {"password": "example-password"},
        'Secret.variable("snowflake_password")',
        {"variable": lambda given: {"password": Secret.variable("snowflake_password")}},
    ),
    "a secret of a variable that is not ephemeral": Advice(
        lambda given: {"password": given.variable.string_value},
        'Secret.variable("given")',
        {"secret": lambda given: {"password": Secret.variable("given")}},
    ),
    "an object with secrets of a variable that is not ephemeral": Advice(
        lambda given: {
            "authentication_type": "keyPair",
            "password": None,
            "private_key": Token.as_any(given.variable.value),
        },
        '`.add_override("ephemeral", True)`',
        {
            "ephemeral": lambda given: {
                "authentication_type": "keyPair",
                "password": None,
                "private_key": Token.as_any(ephemeral(given.variable) and given.variable.value),
            },
            "written out": lambda given: {
                "authentication_type": "keyPair",
                "password": None,
                "private_key": SnowflakePrivateKey(
                    key_name="PRIV_KEY_FILE", user_filename="immuta.p8", content=Secret.variable("key")
                ),
            },
        },
    ),
    "nothing to find an integration by": Advice(
        lambda given: {},
        "Set id or type (with host if needed)",
        {
            "id": lambda given: {"id": "7"},
            "type": lambda given: {"type": "Snowflake"},
            "host": lambda given: {"type": "Snowflake", "host": "acme.snowflakecomputing.com"},
        },
        DataImmutaIntegration,
        {},
    ),
    "two ways to find an integration": Advice(
        lambda given: {"id": "7", "type": "Snowflake"},
        "Set only id or type (with host if needed)",
        {"type": lambda given: {"type": "Snowflake"}, "id": lambda given: {"id": "7"}},
        DataImmutaIntegration,
        {},
    ),
    "one host twice": Advice(
        lambda given: hosts("acme.snowflakecomputing.com", "https://ACME.snowflakecomputing.com/"),
        "Keep one of them",
        {"one": lambda given: hosts("acme.snowflakecomputing.com")},
        ImmutaProvider,
        {},
    ),
}


def hosts(*hosts: str) -> dict[str, Any]:
    credentials = SnowflakeTeardownCredentials(username="ADMIN", password=Secret.variable("teardown"))
    return {"teardown_credentials": TeardownCredentials(hosts=dict.fromkeys(hosts, credentials))}


def said_of(stack: TerraformStack, advice: Advice, arguments: Arguments) -> str:
    """Every line that a program gets of these arguments, "" = none."""
    variable = TerraformVariable(stack, "given", type="any")
    given = Given(variable, TerraformLocal(stack, "local", "one"), TrinoIntegration(stack, "trino"))
    try:
        made = advice.construct(stack, "snowflake", **{**advice.base, **arguments(given)})
    except ArgumentError as error:
        return str(error)
    synthesized(stack)
    return "\n".join(str(entry.data) for entry in made.node.metadata if entry.type == "@cdktf/warn")


WAYS = [(name, way) for name, advice in ADVICE.items() for way in advice.ways]


@pytest.mark.parametrize("name", ADVICE)
def test_the_advice_is_given(stack: TerraformStack, name: str) -> None:
    said = said_of(stack, ADVICE[name], ADVICE[name].wrong)
    assert ADVICE[name].said in said, said


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}: {way}" for name, way in WAYS])
def test_the_advice_leads_out(stack: TerraformStack, name: str, way: str) -> None:
    assert said_of(stack, ADVICE[name], ADVICE[name].ways[way]) == ""

"""Following the advice of an error or a warning of a constructor: each way that the text names ends without a problem.

The texts are compared whole in `test_errors.py`, `test_reading.py` and `test_secrets.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from immuta_constructs import (
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
from support.stacks import warnings


class Made(NamedTuple):
    """The constructs of which an argument may be made."""

    variable: TerraformVariable
    local: TerraformLocal
    trino: TrinoIntegration


Ways = Mapping[str, Callable[[Made], Mapping[str, Any]]]


def database(write: Callable[[Made], Any]) -> Callable[[Made], Mapping[str, Any]]:
    return lambda made: {"database": write(made)}


def databases(**ways: Callable[[Made], Any]) -> Ways:
    """Ways of which each makes the same argument."""
    return {name: database(write) for name, write in ways.items()}


def key_pair(**arguments: Any) -> dict[str, Any]:
    return {"authentication_type": "keyPair", "password": None, **arguments}


def ephemeral(variable: TerraformVariable) -> Any:
    variable.add_override("ephemeral", True)
    return variable.value


WAYS: dict[str, Ways] = {
    "a variable in a text": databases(string_value=lambda made: f"IMMUTA_{made.variable.string_value}"),
    "a local in a text": databases(as_string=lambda made: f"IMMUTA_{made.local.as_string}"),
    "a resource in a text": databases(id=lambda made: f"IMMUTA_{made.trino.id}"),
    "a number's token in a text": databases(
        as_string=lambda made: f"IMMUTA_{Token.as_string(made.variable.boolean_value)}"
    ),
    "a variable itself": {
        "string_value": lambda made: {"database": made.variable.string_value},
        "number_value": lambda made: {"port": made.variable.number_value},
        "boolean_value": lambda made: {"audit": {"enabled": made.variable.boolean_value}},
        "list_value": lambda made: {
            "workspaces": SnowflakeWorkspaces(enabled=True, warehouses=made.variable.list_value)
        },
    },
    "a resource itself": databases(id=lambda made: made.trino.id),
    "an iterator itself": databases(value=lambda _: TerraformIterator.from_list(["a"]).value),
    "a list's token in a text": databases(
        element=lambda made: f"IMMUTA_{Fn.element(made.variable.list_value, 0)}",
        lookup=lambda made: f"IMMUTA_{Fn.lookup(Token.as_any_map(made.variable.value), 'key')}",
        join=lambda made: f"IMMUTA_{Fn.join('_', made.variable.list_value)}",
        jsonencode=lambda made: f"IMMUTA_{Fn.jsonencode(made.variable.list_value)}",
    ),
    "a list's token beside elements": {
        "concat": lambda made: {"additional_config": {"a": Fn.concat([["A"], made.variable.list_value])}}
    },
    "a map's token beside keys": {
        "merge": lambda made: {
            "additional_config": {"a": Fn.merge([{"b": 1}, Token.as_any_map(made.variable.value)])}
        }
    },
    "another argument's class": {
        "class": lambda _: {"audit": {"enabled": True}, "lineage": SnowflakeLineage(enabled=True)},
        "mapping": lambda _: {"audit": {"enabled": True}, "lineage": {"enabled": True}},
    },
    "a misspelt key": {"enabled": lambda _: {"audit": {"enabled": True}}},
    "timeouts of another type": {
        "class": lambda _: {"timeouts": Timeouts(create="20m")},
        "mapping": lambda _: {"timeouts": {"create": "20m"}},
    },
    "a timeout that is not a duration": {
        "duration": lambda _: {"timeouts": {"create": "1h30m"}},
        "removed": lambda _: {},
    },
    "a secret that the argument does not accept": databases(
        value=lambda _: "IMMUTA", variable=lambda made: made.variable.string_value
    ),
    "a secret that is written out": {
        "variable": lambda _: {"password": Secret.variable("snowflake_password")}
    },
    "a secret of a variable that is not ephemeral": {
        "secret": lambda _: {"password": Secret.variable("variable")}
    },
    "an object with secrets of a variable that is not ephemeral": {
        "ephemeral": lambda made: key_pair(private_key=Token.as_any(ephemeral(made.variable))),
        "written out": lambda _: key_pair(
            private_key=SnowflakePrivateKey(
                key_name="PRIV_KEY_FILE", user_filename="immuta.p8", content=Secret.variable("key")
            )
        ),
    },
}
TO_FIND: dict[str, Mapping[str, Mapping[str, Any]]] = {
    "nothing to find an integration by": {
        "id": {"id": "7"},
        "type": {"type": "Snowflake"},
        "host": {"type": "Snowflake", "host": "acme.snowflakecomputing.com"},
    },
    "two ways to find an integration": {"type": {"type": "Snowflake"}, "id": {"id": "7"}},
}


def named(advice: Mapping[str, Mapping[str, Any]]) -> Any:
    """Every way of every piece of advice, as parameters with names."""
    return [
        pytest.param(way, id=f"{name}: {each}") for name, ways in advice.items() for each, way in ways.items()
    ]


@pytest.mark.parametrize("way", named(WAYS))
def test_followed_advice_ends_without_a_problem(
    stack: TerraformStack, way: Callable[[Made], Mapping[str, Any]]
) -> None:
    variable = TerraformVariable(stack, "variable", type="any")
    made = Made(variable, TerraformLocal(stack, "local", "one"), TrinoIntegration(stack, "trino"))
    arguments = {**SNOWFLAKE, "password": Secret.variable("password"), **way(made)}
    snowflake = SnowflakeIntegration(stack, "snowflake", **arguments)
    synthesized(stack)
    assert warnings(snowflake) == []


@pytest.mark.parametrize("arguments", named(TO_FIND))
def test_an_integration_is_found_by_each_way_of_the_advice(
    stack: TerraformStack, arguments: Mapping[str, Any]
) -> None:
    found = DataImmutaIntegration(stack, "found", **arguments)
    synthesized(stack)
    assert warnings(found) == []


def test_one_host_is_left_of_two_that_are_the_same(empty_stack: TerraformStack) -> None:
    credentials = SnowflakeTeardownCredentials(username="ADMIN", password=Secret.variable("teardown"))
    teardown = TeardownCredentials(hosts={"acme.snowflakecomputing.com": credentials})
    provider = ImmutaProvider(empty_stack, "immuta", teardown_credentials=teardown)
    synthesized(empty_stack)
    assert warnings(provider) == []

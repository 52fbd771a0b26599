"""Terraform's own arguments of a resource, and taking over what is already there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from immuta_constructs import ImmutaProvider, SnowflakeIntegration, TrinoIntegration
from immuta_constructs.cdk import (
    LocalExecProvisioner,
    TerraformCount,
    TerraformIterator,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
)
from immuta_constructs.testing import synthesized


def test_meta_arguments(stack: TerraformStack) -> None:
    first = TrinoIntegration(stack, "first")
    TrinoIntegration(
        stack,
        "second",
        depends_on=[first],
        count=2,
        lifecycle=TerraformResourceLifecycle(prevent_destroy=True, ignore_changes=["additional_config"]),
        provisioners=[LocalExecProvisioner(type="local-exec", command="true")],
        connection={"type": "ssh", "host": "bastion.example"},
    )
    TrinoIntegration(stack, "third", lifecycle={"create_before_destroy": True}, count=TerraformCount.of(3))
    assert synthesized(stack)["resource"]["immuta_trino_integration"] == {
        "first": {},
        "second": {
            "depends_on": ["immuta_trino_integration.first"],
            "count": 2,
            "lifecycle": {"prevent_destroy": True, "ignore_changes": ["additional_config"]},
            "provisioner": [{"local-exec": {"command": "true"}}],
            "connection": {"type": "ssh", "host": "bastion.example"},
        },
        "third": {"lifecycle": {"create_before_destroy": True}, "count": 3},
    }


def test_for_each(stack: TerraformStack) -> None:
    hosts = TerraformIterator.from_map({"eu": {"host": "eu.snowflakecomputing.com"}})
    SnowflakeIntegration(
        stack,
        "snowflake",
        for_each=hosts,
        auto_bootstrap=False,
        host=hosts.get_string("host"),
        warehouse=f"{hosts.key}_WH",
        database="IMMUTA",
        authentication_type="userPassword",
        username="IMMUTA",
        password="example",
    )
    found = synthesized(stack)["resource"]["immuta_snowflake_integration"]["snowflake"]
    assert found == {
        "for_each": {"eu": {"host": "eu.snowflakecomputing.com"}},
        "auto_bootstrap": False,
        "host": "${each.value.host}",
        "warehouse": "${each.key}_WH",
        "database": "IMMUTA",
        "authentication_type": "userPassword",
        "username": "IMMUTA",
        "password": "example",
    }


@pytest.mark.parametrize("id", [7, "7"])
def test_import_from(id: int | str, stack: TerraformStack) -> None:
    TrinoIntegration(stack, "trino").import_from(id)
    found = synthesized(stack)
    assert found["import"] == [{"id": "7", "to": "immuta_trino_integration.trino"}]
    assert found["resource"] == {"immuta_trino_integration": {"trino": {}}}


def test_import_from_with_a_provider_and_an_id_that_is_known_later(stack: TerraformStack) -> None:
    europe = ImmutaProvider(stack, "immuta-eu", alias="eu")
    variable = TerraformVariable(stack, "integration", type="string")
    TrinoIntegration(stack, "trino", provider=europe).import_from(variable.string_value, europe)
    assert synthesized(stack)["import"] == [
        {"id": "${var.integration}", "provider": "immuta.eu", "to": "immuta_trino_integration.trino"}
    ]


def test_import_from_a_number_that_is_known_later(stack: TerraformStack) -> None:
    number = TerraformVariable(stack, "number", type="number")
    TrinoIntegration(stack, "trino").import_from(f"{number.number_value}")
    assert synthesized(stack)["import"] == [
        {"id": "${tostring(var.number)}", "to": "immuta_trino_integration.trino"}
    ]


def test_importing_an_object_instead_of_its_value(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "integration", type="string")
    with pytest.raises(ValueError, match="id contains an object instead of its value"):
        TrinoIntegration(stack, "trino").import_from(f"{variable}")


@pytest.mark.parametrize("id", [None, "", " ", True, 7.5])
def test_an_invalid_import_id_is_refused(id: Any, stack: TerraformStack) -> None:
    text = re.escape(
        f"{id!r} is not a valid import id of immuta_trino_integration: pass Immuta's id of the integration, "
        "for example `7`"
    )
    with pytest.raises(ValueError, match=f"^{text}$"):
        TrinoIntegration(stack, "trino").import_from(id)
    with pytest.raises(ValueError, match=f"^{text}$"):
        TrinoIntegration.generate_config_for_import(stack, "found", id)


def test_generate_config_for_import(stack: TerraformStack) -> None:
    europe = ImmutaProvider(stack, "immuta-eu", alias="eu")
    SnowflakeIntegration.generate_config_for_import(stack, "found", 7)
    TrinoIntegration.generate_config_for_import(stack, "other", "8", europe)
    document = synthesized(stack)
    assert document["import"] == [
        {"id": "7", "to": "immuta_snowflake_integration.found"},
        {"id": "8", "provider": "immuta.eu", "to": "immuta_trino_integration.other"},
    ]
    assert "resource" not in document


def test_moving_within_a_stack(stack: TerraformStack) -> None:
    TrinoIntegration(stack, "new").add_move_target("trino")
    TrinoIntegration(stack, "old").move_to("trino")
    document = synthesized(stack)
    assert document["resource"] == {"immuta_trino_integration": {"new": {}}}
    assert document["moved"] == [
        {"from": "immuta_trino_integration.old", "to": "immuta_trino_integration.new"}
    ]

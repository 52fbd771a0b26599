"""Terraform's own arguments of a resource, and the import of objects that exist already."""

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
from support.snowflake import SNOWFLAKE


def test_every_meta_argument_is_synthesized(stack: TerraformStack) -> None:
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


def test_for_each_repeats_a_resource(stack: TerraformStack) -> None:
    hosts = TerraformIterator.from_map({"eu": {"host": "eu.snowflakecomputing.com"}})
    arguments = {**SNOWFLAKE, "host": hosts.get_string("host"), "warehouse": f"{hosts.key}_WH"}
    SnowflakeIntegration(stack, "snowflake", for_each=hosts, **arguments, password="example")
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["snowflake"] == {
        **SNOWFLAKE,
        "for_each": {"eu": {"host": "eu.snowflakecomputing.com"}},
        "host": "${each.value.host}",
        "warehouse": "${each.key}_WH",
        "password": "example",
    }


@pytest.mark.parametrize("id", [7, "7"])
def test_a_resource_is_imported_by_text_or_number(id: int | str, stack: TerraformStack) -> None:
    TrinoIntegration(stack, "trino").import_from(id)
    found = synthesized(stack)
    assert found["import"] == [{"id": "7", "to": "immuta_trino_integration.trino"}]
    assert found["resource"] == {"immuta_trino_integration": {"trino": {}}}


def test_an_import_id_may_be_a_token(stack: TerraformStack) -> None:
    europe = ImmutaProvider(stack, "immuta-eu", alias="eu")
    text = TerraformVariable(stack, "text", type="string").string_value
    number = TerraformVariable(stack, "number", type="number").number_value
    TrinoIntegration(stack, "one", provider=europe).import_from(text, europe)
    TrinoIntegration(stack, "two").import_from(f"{number}")
    assert synthesized(stack)["import"] == [
        {"id": "${var.text}", "provider": "immuta.eu", "to": "immuta_trino_integration.one"},
        {"id": "${tostring(var.number)}", "to": "immuta_trino_integration.two"},
    ]


def test_an_object_in_the_place_of_an_import_id_is_refused(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "integration", type="string")
    with pytest.raises(ValueError, match="id contains an object instead of its value"):
        TrinoIntegration(stack, "trino").import_from(f"{variable}")


@pytest.mark.parametrize("id", [None, "", " ", True, 7.5])
def test_an_invalid_import_id_is_refused(id: Any, stack: TerraformStack) -> None:
    text = re.escape(
        f"{id!r} is not a valid import id of immuta_trino_integration: pass Immuta's id of the integration "
        "as text or a number, for example 7"
    )
    with pytest.raises(ValueError, match=f"^{text}$"):
        TrinoIntegration(stack, "trino").import_from(id)
    with pytest.raises(ValueError, match=f"^{text}$"):
        TrinoIntegration.generate_config_for_import(stack, "found", id)


def test_an_import_whose_configuration_terraform_writes_has_no_resource(stack: TerraformStack) -> None:
    europe = ImmutaProvider(stack, "immuta-eu", alias="eu")
    SnowflakeIntegration.generate_config_for_import(stack, "found", 7)
    TrinoIntegration.generate_config_for_import(stack, "other", "8", europe)
    document = synthesized(stack)
    assert document["import"] == [
        {"id": "7", "to": "immuta_snowflake_integration.found"},
        {"id": "8", "provider": "immuta.eu", "to": "immuta_trino_integration.other"},
    ]
    assert "resource" not in document


def test_a_moved_resource_has_a_moved_block(stack: TerraformStack) -> None:
    TrinoIntegration(stack, "new").add_move_target("trino")
    TrinoIntegration(stack, "old").move_to("trino")
    document = synthesized(stack)
    assert document["resource"] == {"immuta_trino_integration": {"new": {}}}
    assert document["moved"] == [
        {"from": "immuta_trino_integration.old", "to": "immuta_trino_integration.new"}
    ]

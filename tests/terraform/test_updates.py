"""A plan of an update has what changes, and nothing that refers to what the update leaves alone."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from immuta_constructs.testing import Immuta
from support.running import instances, one_snowflake
from support.terraform import Terraform
from table import changed, numbered
from table.integrations import BASES, ROWS, attributes, resource_of
from table.row import Request

# The id, and what Immuta fills if it is not configured, by the base in the test table.
REFERRED = {
    "s3 with keys": ("id", "port"),
    "synapse": ("id", "port", "impersonation", "metadata_delimiters"),
    "databricks": ("id", "port", "catalog", "audit", "group_pattern"),
    "bigquery": ("id", "port", "dataset", "location"),
    "redshift": ("id", "port", "impersonation"),
    "snowflake": ("id", "port", "audit", "workspaces", "impersonation", "lineage"),
}


class Update(NamedTuple):
    """One change in place, as requests; `name` is that of the resource."""

    name: str
    base: str
    before: Request
    after: Request

    @property
    def address(self) -> str:
        return f"{resource_of(self.before)}.{self.name}"

    @property
    def triggered(self) -> set[str]:
        """The resources that refer to an attribute whose configured value changes."""
        before, after = attributes(self.before), attributes(self.after)
        return {
            f"terraform_data.{self.name}-{attribute}"
            for attribute in REFERRED[self.base]
            if before.get(attribute) != after.get(attribute)
        }


UPDATES = [
    Update(
        f"{base.replace(' ', '_')}-{n}",
        base,
        numbered(BASES[base], n),
        numbered(changed(BASES[base], change), n),
    )
    for row in ROWS
    for base, case in row.base.items()
    if base in REFERRED
    for n, change in enumerate(case.updates)
]


def configuration(*, updated: bool) -> dict[str, Any]:
    """An integration for each change, with resources that are replaced when an attribute of it changes."""
    resources: dict[str, dict[str, Any]] = {"terraform_data": {}}
    for each in UPDATES:
        type = resource_of(each.before)
        resources.setdefault(type, {})[each.name] = attributes(each.after if updated else each.before)
        for attribute in REFERRED[each.base]:
            trigger = f"${{jsonencode({each.address}.{attribute})}}"
            resources["terraform_data"][f"{each.name}-{attribute}"] = {"triggers_replace": trigger}
    return {"resource": resources}


def planned(terraform: Terraform) -> dict[str, tuple[list[str], list[str]]]:
    """The actions on each resource that changes, and its attributes that change."""
    found = {}
    for address, change in terraform.plan_changes().items():
        before, after, unknown = change["before"], change["after"] or {}, change["after_unknown"]
        names = [n for n in before or {} if before[n] != after.get(n) or unknown.get(n) is True]
        if change["actions"] != ["no-op"]:
            found[address] = (change["actions"], sorted(names))
    return found


def test_an_update_touches_nothing_that_refers_to_what_it_leaves_alone(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    """Each change in place of each type, rotations included, there and back."""
    immuta.settings(doubtful_defaults=True)
    one_terraform.write(configuration(updated=False))
    one_terraform.ok("apply", "-auto-approve", "-parallelism=30")
    for updated in (True, False):
        one_terraform.write(configuration(updated=updated))
        plan = planned(one_terraform)
        integrations = {address for address in plan if not address.startswith("terraform_data.")}
        assert [plan[address][0] for address in integrations] == [["update"]] * len(integrations)
        assert plan.keys() - integrations <= {address for each in UPDATES for address in each.triggered}
        one_terraform.ok("apply", "-parallelism=30", "plan")
    one_terraform.assert_empty_plan()


def test_update_of_one_field_shows_no_other_line(snowflake: Terraform) -> None:
    for more, names in (
        ({"warehouse": "OTHER"}, ["credentials_revision", "status", "warehouse"]),
        ({"password": "another correct horse"}, ["credentials_revision", "status"]),
        ({"audit": {"enabled": True}}, ["audit", "credentials_revision", "status"]),
    ):
        snowflake.write(one_snowflake(**more))
        assert planned(snowflake) == {"immuta_snowflake_integration.this": (["update"], names)}


@pytest.mark.parametrize(
    ("key", "computed", "before"), [("port", 444, 443), ("audit", {"enabled": True}, {"enabled": False})]
)
def test_next_refresh_adopts_changed_computed_values(
    snowflake: Terraform, immuta: Immuta, key: str, computed: Any, before: Any
) -> None:
    """The value is not configured, so there is no warning and no update."""
    snowflake.write(one_snowflake(warehouse="OTHER"))
    snowflake.ok("plan", "-out", "plan")
    for operation in ("get", "list"):
        patch = {"kind": "patch", "patch": {"config": {key: computed}}}
        immuta.fault(patch, operation=operation, times=None)
    assert "Warning" not in snowflake.ok("apply", "plan")
    assert [each[key] for each in instances(snowflake)] == [before]
    snowflake.assert_empty_plan("-refresh=false")
    snowflake.assert_empty_plan()
    assert "Warning" not in snowflake.ok("apply", "-auto-approve")
    assert [each[key] for each in instances(snowflake)] == [computed]
    snowflake.assert_empty_plan()

"""Advice that names a command or a block of Terraform's, cut out of the message where it can be and followed to an empty plan."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from immuta_constructs.testing import Immuta
from support.pages import words
from support.running import SNOWFLAKE, Ended, instances, one_snowflake, one_trino, resources
from support.terraform import Terraform

CONFLICT = ["Immuta reports a conflict"]


class Kind(NamedTuple):
    """A resource type, two objects of which cannot have the same natural key."""

    type: str
    collection: str
    attributes: Mapping[str, Any]
    key: str
    """The attribute that is the natural key."""
    planted: Mapping[str, Any]
    """The object of the resource `this` as another user has it."""

    def configured(self, keys: Mapping[str, str]) -> dict[str, Any]:
        """Resources by name, each with its natural key."""
        return resources(self.type, {n: {**self.attributes, self.key: key} for n, key in keys.items()})

    def many(self, name: str, count: int) -> dict[str, Any]:
        each = {**self.attributes, self.key: f"${{count.index}}-{self.attributes[self.key]}", "count": count}
        return resources(self.type, {name: each})

    def stored(self, immuta: Immuta) -> list[dict[str, Any]]:
        """The objects, without those of a new Immuta."""
        return [each for each in immuta.stored(self.collection) if "acme" in str(each)]


INTEGRATION = Kind(
    "immuta_snowflake_integration",
    "integrations",
    SNOWFLAKE,
    "host",
    {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {
            "host": SNOWFLAKE["host"],
            "port": 443,
            "warehouse": SNOWFLAKE["warehouse"],
            "database": SNOWFLAKE["database"],
            "authenticationType": "userPassword",
            "username": SNOWFLAKE["username"],
            "password": "another one",
        },
    },
)
TAG = Kind("immuta_tag", "tags", {"name": "acme"}, "name", {"name": "acme"})
KINDS = pytest.mark.parametrize("kind", [INTEGRATION, TAG], ids=["integration", "tag"])


def applied(terraform: Terraform, configuration: Mapping[str, Any]) -> Ended:
    terraform.write(configuration)
    return Ended(terraform.start("apply", "-auto-approve"), 120)


def assert_settled(terraform: Terraform, immuta: Immuta, kind: Kind = INTEGRATION, count: int = 1) -> None:
    terraform.assert_empty_plan()
    assert (len(instances(terraform)), len(kind.stored(immuta))) == (count, count)


def import_advised(terraform: Terraform, ended: Ended) -> None:
    """Writes the import block of the error beside the configuration, and applies both."""
    block = re.search(r"^import \{\n(?:  .*\n)+\}$", ended.text, re.MULTILINE)
    assert block is not None, ended.text
    terraform.write(block[0].replace("NAME", "this"), "imports")
    terraform.ok("apply", "-auto-approve")


def test_created_resource_waits_for_the_deletion_of_the_renamed_one(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    assert applied(one_terraform, one_snowflake()).code == 0
    immuta.settings(polls=3)
    ended = applied(one_terraform, resources(INTEGRATION.type, {"renamed": SNOWFLAKE}))
    assert (ended.code, ended.errors) == (0, [])
    assert [i["id"] for i in instances(one_terraform)] == ["2"]
    assert_settled(one_terraform, immuta)


@KINDS
def test_more_renamed_resources_than_run_at_once_are_applied_again(
    one_terraform: Terraform, immuta: Immuta, kind: Kind
) -> None:
    """A create gives way to a deletion if creates take every place."""
    assert applied(one_terraform, kind.many("old", 12)).code == 0
    ended = applied(one_terraform, kind.many("new", 12))
    for _ in range(2):
        if ended.code:
            assert set(ended.errors) == {*CONFLICT}
            assert ended.flat.count("If this run destroys") == len(ended.errors)
            ended = applied(one_terraform, kind.many("new", 12))
    assert (ended.code, ended.errors) == (0, [])
    assert_settled(one_terraform, immuta, kind, 12)


def test_integration_that_cannot_change_is_replaced_as_advised(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    assert applied(one_terraform, one_trino()).code == 0
    immuta.alter("integrations", "1", status="recurringValidationError")
    assert "or replace it by `terraform apply -replace=ADDRESS`" in words(one_terraform.ok("plan"))
    one_terraform.ok("apply", "-auto-approve", "-replace=immuta_trino_integration.this")
    assert [(i["id"], i["status"]) for i in immuta.stored("integrations")] == [("2", "enabled")]
    assert [i["id"] for i in instances(one_terraform)] == ["2"]
    one_terraform.assert_empty_plan()


def test_moved_block_keeps_a_renamed_resource(one_terraform: Terraform, immuta: Immuta) -> None:
    assert applied(one_terraform, one_snowflake()).code == 0
    immuta.clear_requests()
    moved = [{"from": f"{INTEGRATION.type}.this", "to": f"{INTEGRATION.type}.renamed"}]
    renamed = resources(INTEGRATION.type, {"renamed": SNOWFLAKE}, moved=moved)
    assert applied(one_terraform, renamed).code == 0
    assert immuta.counts() == {"list": 1}
    assert_settled(one_terraform, immuta)


def test_create_before_destroy_is_to_be_removed(one_terraform: Terraform, immuta: Immuta) -> None:
    assert applied(one_terraform, one_snowflake()).code == 0
    ended = applied(one_terraform, one_snowflake(database="OTHER", lifecycle={"create_before_destroy": True}))
    assert ended.errors == CONFLICT
    assert "If `create_before_destroy` is set, remove it, since Immuta allows only one" in ended.flat
    assert applied(one_terraform, one_snowflake(database="OTHER")).code == 0
    assert [i["database"] for i in instances(one_terraform)] == ["OTHER"]
    assert_settled(one_terraform, immuta)


@KINDS
@pytest.mark.parametrize("changed", [False, True], ids=["removed", "changed"])
def test_one_of_two_resources_for_one_object_is_removed_or_changed(
    one_terraform: Terraform, immuta: Immuta, kind: Kind, changed: bool
) -> None:
    key = kind.attributes[kind.key]
    ended = applied(one_terraform, kind.configured({"one": key, "two": key}))
    advice = "Remove one of them, or change an attribute by which Immuta distinguishes them, such as the "
    assert (ended.errors, advice in ended.flat, "import {" in ended.flat) == (CONFLICT, True, False)
    (kept,) = (r["name"] for r in one_terraform.state()["resources"])
    (refused,) = {"one", "two"} - {kept}
    following = {kept: key, **({refused: f"other-{key}"} if changed else {})}
    assert applied(one_terraform, kind.configured(following)).code == 0
    assert_settled(one_terraform, immuta, kind, len(following))


@KINDS
def test_object_of_another_user_is_imported(one_terraform: Terraform, immuta: Immuta, kind: Kind) -> None:
    immuta.plant(kind.collection, kind.planted)
    ended = applied(one_terraform, resources(kind.type, {"this": kind.attributes}))
    assert len(ended.errors) == 1
    import_advised(one_terraform, ended)
    assert_settled(one_terraform, immuta, kind)


def test_integration_without_a_natural_key_whose_create_was_lost_is_imported(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    immuta.fault("reset-after", operation="create")
    ended = applied(one_terraform, one_trino())
    assert ended.errors == ["It is unknown which integration was created"]
    import_advised(one_terraform, ended)
    assert [i["id"] for i in instances(one_terraform)] == ["1"]
    assert len(immuta.stored("integrations")) == 1
    one_terraform.assert_empty_plan()


def test_untainted_resource_is_repaired_where_the_removal_lacks_credentials(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    immuta.fault("createError", operation="create")
    automatic = one_snowflake(auto_bootstrap=True, role="ACCOUNTADMIN")
    assert applied(one_terraform, automatic).errors == ["Immuta could not set up the integration"]
    ended = applied(one_terraform, automatic)
    assert ended.errors == ["No credentials to remove the Snowflake integration"]
    assert "`terraform untaint` lets the next apply repair it in place" in ended.flat
    one_terraform.ok("untaint", f"{INTEGRATION.type}.this")
    assert applied(one_terraform, automatic).code == 0
    assert_settled(one_terraform, immuta)


def test_tag_that_became_immutas_own_leaves_the_state(one_terraform: Terraform, immuta: Immuta) -> None:
    assert applied(one_terraform, TAG.configured({"this": "acme"})).code == 0
    (tag,) = TAG.stored(immuta)
    immuta.alter("tags", tag["id"], protected=True)
    ended = Ended(one_terraform.start("destroy", "-auto-approve"))
    assert ended.errors != []
    command = re.search(r"\(`terraform (state rm) ADDRESS`\)", ended.flat)
    source = re.search(r"by the data source `(\w+)`", ended.flat)
    assert command is not None, ended.text
    assert source is not None, ended.text
    one_terraform.ok(*command[1].split(), "immuta_tag.this")
    assert applied(one_terraform, {"data": {source[1]: {"this": {"name": "acme"}}}}).code == 0
    one_terraform.assert_empty_plan()
    assert len(TAG.stored(immuta)) == 1


def test_unsupported_move_is_a_removal_and_an_import(one_terraform: Terraform, immuta: Immuta) -> None:
    assert applied(one_terraform, TAG.configured({"this": "acme"})).code == 0
    immuta.plant("purposes", {"name": "acme"})
    purpose = resources("immuta_purpose", {"this": {"name": "acme"}})
    ended = applied(
        one_terraform, {**purpose, "moved": [{"from": "immuta_tag.this", "to": "immuta_purpose.this"}]}
    )
    assert "Remove the `moved` block, and use `removed` and `import` blocks instead." in ended.flat
    blocks = {
        "removed": [{"from": "immuta_tag.this", "lifecycle": {"destroy": False}}],
        "import": [{"to": "immuta_purpose.this", "id": "acme"}],
    }
    assert applied(one_terraform, {**purpose, **blocks}).code == 0
    one_terraform.write(purpose)
    one_terraform.assert_empty_plan()
    assert len(TAG.stored(immuta)) == 1


def host_known_after_apply(url: str, **more: Any) -> dict[str, Any]:
    return {
        "provider": {"immuta": {"host": "${terraform_data.host.output}"}},
        **resources("terraform_data", {"host": {"input": url}}),
        **more,
    }


def test_data_source_waits_until_the_host_is_known(one_terraform: Terraform, immuta: Immuta) -> None:
    def read(**more: Any) -> dict[str, Any]:
        return host_known_after_apply(immuta.url, data={"immuta_tags": {"all": more}})

    ended = applied(one_terraform, read())
    advice = "add the resources that create them to `depends_on`; the data source is then read during apply."
    assert (ended.errors, advice in ended.flat) == (["Immuta cannot be reached yet"], True), ended.text
    assert applied(one_terraform, read(depends_on=["terraform_data.host"])).code == 0
    one_terraform.assert_empty_plan()


def test_resource_that_makes_the_host_known_is_created_first(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    immuta.plant("integrations", {"type": "Trino", "config": {"apiKey": "a-key"}})
    key = {"ephemeral": {"immuta_trino_api_key": {"this": {"integration_id": "1"}}}}
    configuration = host_known_after_apply(immuta.url, **key)
    ended = applied(one_terraform, configuration)
    target = re.search(r"for example by `terraform (apply -target)`", ended.flat)
    assert target is not None, ended.text
    command, option = target[1].split()
    one_terraform.ok(command, "-auto-approve", f"{option}=terraform_data.host")
    assert applied(one_terraform, configuration).code == 0
    one_terraform.assert_empty_plan()


def test_policy_with_another_key_and_name_is_replaced_without_a_gap(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    def policy(key: str, name: str) -> dict[str, Any]:
        policy = {
            "policy_key": key,
            "name": name,
            "actions": {"type": "manual"},
            "applies_when_selected_by_owner": True,
            "lifecycle": {"create_before_destroy": True},
        }
        return resources("immuta_subscription_policy", {"this": policy})

    assert applied(one_terraform, policy("one", "One")).code == 0
    ended = applied(one_terraform, policy("two", "Two"))
    assert (ended.code, ended.errors) == (0, [])
    advice = "Set `create_before_destroy = true` in `lifecycle` and give the new policy another `name`"
    assert advice in ended.flat
    writes = [call for call in immuta.calls() if call.startswith(("POST", "DELETE"))]
    assert [call.split()[:2] for call in writes[-2:]] == [
        ["POST", "/api/v2/policy"],
        ["DELETE", "/policy/global/1"],
    ]
    assert [each["policyKey"] for each in immuta.stored("policies")] == ["two"]
    one_terraform.assert_empty_plan()

"""Advice that names a command or a block of Terraform's, followed for tags and for reads: each is cut out of the message."""

from __future__ import annotations

import re
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import REQUIRED, Ended, instances
from support.terraform import Terraform

TAG = "immuta_tag"


def tags(**names: str) -> dict[str, Any]:
    """A tag for each name of a resource."""
    resources = {name: {"name": tag} for name, tag in names.items()}
    return {"terraform": REQUIRED, **({"resource": {TAG: resources}} if resources else {})}


def many(name: str, count: int) -> dict[str, Any]:
    return {
        "terraform": REQUIRED,
        "resource": {TAG: {name: {"name": "Acme-${count.index}", "count": count}}},
    }


def applied(terraform: Terraform) -> Ended:
    return Ended(terraform.start("apply", "-auto-approve"), 120)


def assert_settled(terraform: Terraform) -> None:
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert code == 0, stdout + stderr


@pytest.fixture
def ready(one_terraform: Terraform) -> Terraform:
    one_terraform.write(tags(this="Acme"))
    one_terraform.ok("init")
    return one_terraform


def test_a_tag_that_exists_is_imported(ready: Terraform, immuta: Immuta) -> None:
    immuta.plant("tags", {"name": "Acme"})
    ended = applied(ready)
    block = re.search(r"^import \{\n(?:  .*\n)+\}$", ended.text, re.MULTILINE)
    assert block is not None, ended.text
    ready.write(block[0].replace("NAME", "this"), "imports")
    assert applied(ready).code == 0
    assert_settled(ready)


def test_a_tag_of_immutas_own_leaves_the_state(ready: Terraform, immuta: Immuta) -> None:
    assert applied(ready).code == 0
    (tag,) = (each for each in immuta.stored("tags") if each["name"] == "Acme")
    immuta.alter("tags", tag["id"], protected=True)
    ended = Ended(ready.start("destroy", "-auto-approve"))
    assert ended.errors != []
    command = re.search(r"\(`terraform (state rm) ADDRESS`\)", ended.flat)
    source = re.search(r"by the data source `(\w+)`", ended.flat)
    assert (command is not None, source is not None) == (True, True), ended.text
    assert command is not None
    assert source is not None
    ready.ok(*command[1].split(), f"{TAG}.this")
    ready.write({**tags(), "data": {source[1]: {"this": {"name": "Acme"}}}})
    assert applied(ready).code == 0
    assert_settled(ready)
    assert "Acme" in [each["name"] for each in immuta.stored("tags")]


def test_more_renamed_tags_than_run_at_once(ready: Terraform) -> None:
    """Where the creates take every place, one gives way to a deletion, and applying again is enough."""
    ready.write(many("old", 12))
    assert applied(ready).code == 0
    ready.write(many("new", 12))
    ended = applied(ready)
    for _ in range(2):
        if ended.code:
            assert ended.flat.count("If this run destroys tag Acme") == len(ended.errors)
            ended = applied(ready)
    assert (ended.code, ended.errors) == (0, [])
    assert_settled(ready)
    assert sorted(each["id"] for each in instances(ready)) == sorted(f"Acme-{n}" for n in range(12))


@pytest.mark.parametrize(
    "follow", [tags(one="Acme"), tags(one="Acme", two="Other")], ids=["removed", "changed"]
)
def test_two_resources_for_one_tag(ready: Terraform, follow: dict[str, Any]) -> None:
    ready.write(tags(one="Acme", two="Acme"))
    ended = applied(ready)
    advice = (
        "Remove one of them, or change an attribute by which Immuta distinguishes them, such as the name."
    )
    assert (ended.errors, advice in ended.flat) == (["Immuta reports a conflict"], True), ended.text
    (kept,) = (r["name"] for r in ready.state()["resources"])
    resources = follow["resource"][TAG]
    other = {"one": "two", "two": "one"}
    named = {name if kept == "one" else other[name]: tag for name, tag in resources.items()}
    ready.write({"terraform": REQUIRED, "resource": {TAG: named}})
    assert applied(ready).code == 0
    assert_settled(ready)


def test_an_unsupported_move_is_a_removal_and_an_import(ready: Terraform, immuta: Immuta) -> None:
    assert applied(ready).code == 0
    immuta.plant("purposes", {"name": "Acme"})
    purpose = {"terraform": REQUIRED, "resource": {"immuta_purpose": {"this": {"name": "Acme"}}}}
    ready.write({**purpose, "moved": [{"from": f"{TAG}.this", "to": "immuta_purpose.this"}]})
    ended = applied(ready)
    assert "Remove the `moved` block, and use `removed` and `import` blocks instead." in ended.flat
    ready.write(
        {
            **purpose,
            "removed": [{"from": f"{TAG}.this", "lifecycle": {"destroy": False}}],
            "import": [{"to": "immuta_purpose.this", "id": "Acme"}],
        }
    )
    assert applied(ready).code == 0
    ready.write(purpose)
    assert_settled(ready)
    assert "Acme" in [each["name"] for each in immuta.stored("tags")]


def known_later(url: str, **more: Any) -> dict[str, Any]:
    """A host that only an apply makes known."""
    return {
        "terraform": REQUIRED,
        "provider": {"immuta": {"host": "${terraform_data.host.output}"}},
        "resource": {"terraform_data": {"host": {"input": url}}},
        **more,
    }


def test_a_data_source_waits_until_the_host_is_known(ready: Terraform, immuta: Immuta) -> None:
    def read(**more: Any) -> dict[str, Any]:
        return known_later(immuta.url, data={"immuta_tags": {"all": more}})

    ready.write(read())
    ended = applied(ready)
    advice = "add the resources that create them to `depends_on`; the data source is then read during apply."
    assert (ended.errors, advice in ended.flat) == (["Immuta cannot be reached yet"], True), ended.text
    ready.write(read(depends_on=["terraform_data.host"]))
    assert applied(ready).code == 0
    assert_settled(ready)


def test_resource_that_makes_the_host_known_is_created_first(ready: Terraform, immuta: Immuta) -> None:
    immuta.plant("integrations", {"type": "Trino", "config": {"apiKey": "a-key"}})
    key = {"ephemeral": {"immuta_trino_api_key": {"this": {"integration_id": "1"}}}}
    ready.write(known_later(immuta.url, **key))
    ended = applied(ready)
    target = re.search(r"for example by `terraform (apply -target)`", ended.flat)
    assert target is not None, ended.text
    command, option = target[1].split()
    ready.ok(command, "-auto-approve", f"{option}=terraform_data.host")
    assert applied(ready).code == 0
    assert_settled(ready)


def test_a_policy_is_replaced_without_a_gap(one_terraform: Terraform, immuta: Immuta) -> None:
    def write(key: str, name: str) -> None:
        policy = {
            "policy_key": key,
            "name": name,
            "actions": {"type": "manual"},
            "applies_when_selected_by_owner": True,
            "lifecycle": {"create_before_destroy": True},
        }
        resource = {"immuta_subscription_policy": {"this": policy}}
        one_terraform.write({"terraform": REQUIRED, "resource": resource})

    write("one", "One")
    one_terraform.ok("init")
    assert applied(one_terraform).code == 0
    write("two", "Two")
    ended = applied(one_terraform)
    assert (ended.code, ended.errors) == (0, [])
    told = " ".join(ended.text.split())
    assert "Set `create_before_destroy = true` in `lifecycle` and give the new policy another `name`" in told
    writes = [
        (request["method"], request["path"])
        for request in immuta.requests()
        if request["method"] in ("POST", "DELETE")
    ]
    assert writes[-2:] == [("POST", "/api/v2/policy"), ("DELETE", "/policy/global/1")]
    assert [each["policyKey"] for each in immuta.stored("policies")] == ["two"]
    assert_settled(one_terraform)

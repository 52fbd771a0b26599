"""Policies from the files of Immuta's command line: their requests, key for key, and errors that name file and line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from immuta_constructs import ArgumentError, DataPolicy, FileError, SubscriptionPolicy, policies_from
from immuta_constructs.cdk import TerraformResourceLifecycle, TerraformStack
from immuta_constructs.runtime.yaml_text import YamlError, parse
from immuta_constructs.testing import synthesized
from immuta_provider.model import payload, rules
from immuta_provider.model.compiled.types import BY_RESOURCE
from table import ROWS, cases, numbered

MASK = """\
actions:
    - rules:
        - config:
            fields:
                - columnTag: Acme.Email
                  type: columnTags
            maskingConfig:
                type: Hash
            operator: any
          type: Masking
circumstances:
    - columnTag: Acme.Email
      type: columnTags
name: Mask e-mail
policyKey: mask-email
staged: false
type: data
"""
READ = """\
policyKey: read
name: Read
type: subscription
actions:
  type: anyone
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sent(stack: TerraformStack, resource: str) -> dict[str, Any]:
    """The request that the stack's one resource of a type makes, as the provider builds it."""
    (config,) = synthesized(stack)["resource"][resource].values()
    type = BY_RESOURCE[resource]
    literal = json.loads(json.dumps(config).replace("$${", "${").replace("%%{", "%{"))
    assert [finding for finding in rules.check(type, literal) if finding.strict] == []
    return payload.build(type, literal)


FILES = {
    "every masking that is known": MASK,
    "a masking that is not known": MASK.replace("type: Hash", "type: Regex\n                regex: a|b"),
    "a key in a rule that is not known": MASK.replace(
        "            operator: any", "            invert: true"
    ),
    "a member of another kind of masking": MASK.replace(
        "type: Hash", "type: Hash\n                constant: x"
    ),
    "a number where text is known": MASK.replace("type: Hash", "type: Constant\n                constant: 5"),
    "a null in an action": MASK.replace("    - rules:", "    - description: null\n      rules:"),
    "a circumstance that is not known": READ + "circumstances: [{type: servers, servers: [a]}]\n",
    "a key in a circumstance that is not known": READ
    + "circumstances: [{type: noTags, x: {y: [1, null]}}]\n",
    "no circumstances": READ,
    "circumstances that are null": READ + "circumstances: null\n",
    "no circumstance": READ + "circumstances: []\n",
    "keys that are not known": READ + "new: {deep: [1.5, null, yes]}\nother: null\n",
    "objects that are known in part": READ + "certification: {text: a, label: null, new: 1}\n"
    "ownerRestrictions: {users: [{iamid: bim, username: ana, new: 1}], groups: [a]}\n",
    "nulls": READ + "certification: null\nstaged: null\nownerRestrictions: null\n",
    "empty values": READ + "certification: {}\nownerRestrictions: {users: [], groups: []}\n",
    "text that Terraform would evaluate": MASK.replace("Mask e-mail", "'${path.root} %{if} $${x} $5'"),
    "the same inside JSON": READ + 'new: ["${x}", "%{y}"]\n',
    "a tab between words": MASK.replace("Mask e-mail", "Mask\te-mail"),
    "dates and words": READ + "new: [2001-12-14, yes, on, ~, 0x1f, 1e3, .5, 'null', \"1\"]\n",
    "an anchor": READ + "new: {a: &a {x: 1}, b: {<<: *a, y: 2}}\n",
}


@pytest.mark.parametrize("name", FILES)
def test_every_key_of_a_file_is_sent(name: str, folder: Path, stack: TerraformStack) -> None:
    (folder / "policy.yaml").write_text(FILES[name])
    body, _ = parse(FILES[name])
    cls: Any = DataPolicy if body["type"] == "data" else SubscriptionPolicy
    cls.from_file(stack, "policy", "policy.yaml")
    made = sent(stack, cls.TF_RESOURCE_TYPE)
    assert json.dumps(made, sort_keys=True) == json.dumps(body, sort_keys=True)


@pytest.mark.parametrize(
    ("row", "request_"),
    [
        pytest.param(row, numbered(case.request, 1), id=name)
        for name, row, case in cases(row for row in ROWS if row.type.in_files)
    ],
)
def test_every_case_of_the_table_is_sent_from_a_file(
    row: Any, request_: dict[str, Any], folder: Path, stack: TerraformStack
) -> None:
    (folder / "policy.yml").write_text(yaml.safe_dump(request_))
    policies_from(stack, folder)
    assert sent(stack, row.resource) == request_


def test_known_keys_become_arguments_beside_those_of_the_program(folder: Path, stack: TerraformStack) -> None:
    (folder / "policy.yaml").write_text(MASK)
    protected = TerraformResourceLifecycle(prevent_destroy=True)
    DataPolicy.from_file(stack, "policy", folder / "policy.yaml", lifecycle=protected)
    (made,) = synthesized(stack)["resource"]["immuta_data_policy"].values()
    assert sorted(made) == ["actions", "circumstances", "lifecycle", "name", "policy_key", "staged"]
    assert made["lifecycle"] == {"prevent_destroy": True}


def test_a_folder_has_a_policy_for_each_file(folder: Path, stack: TerraformStack) -> None:
    (folder / "policies" / "finance").mkdir(parents=True)
    (folder / "policies" / "finance" / "mask.yaml").write_text(MASK)
    (folder / "policies" / "read.yml").write_text(READ)
    (folder / "policies" / "README.md").write_text("Not a policy.")
    found = policies_from(stack, "policies", re_certify=True)
    assert [(id, type(each)) for id, each in found.items()] == [
        ("finance-mask", DataPolicy),
        ("read", SubscriptionPolicy),
    ]
    resources = synthesized(stack)["resource"]
    assert resources["immuta_subscription_policy"]["read"] == {
        "policy_key": "read",
        "name": "Read",
        "actions": {"type": "anyone"},
        "applies_when_selected_by_owner": True,
        "re_certify": True,
    }
    assert list(resources["immuta_data_policy"]) == ["finance-mask"]


WRONG: dict[str, tuple[str, str]] = {
    "a syntax error": ("name: [a\n", "policy.yaml, line 2: it is not YAML that can be sent: "),
    "a tab as indentation": ("actions:\n\ttype: anyone\n", "policy.yaml, line 2: it is not YAML"),
    "a key twice": (
        READ + "name: b\n",
        'policy.yaml, line 6: it is not YAML that can be sent: the key "name"',
    ),
    "two documents": (f"{READ}---\n{READ}", "policy.yaml, line 6: "),
    "a number that is read differently": (READ + "new: 010\n", "policy.yaml, line 6: .* parsers disagree"),
    "a number that JSON does not have": (READ + "new: !!float .inf\n", "policy.yaml, line 6: "),
    "a list": ("- a\n", "policy.yaml: it has to hold one mapping"),
    "nothing": ("", "policy.yaml: it has to hold one mapping"),
    "a key that is missing": (
        "name: a\nactions: {type: anyone}\n",
        "policy.yaml: the key `policyKey` is missing",
    ),
    "the other kind of policy": (
        MASK,
        "line 17: `type` is 'data', not 'subscription'. Use DataPolicy.from_file",
    ),
    "a kind that there is not": (
        "type: mask\n",
        "line 1: `type` is 'mask', .* Use a file with `type: subscription`",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_error_of_a_file_names_the_line(name: str, folder: Path, empty_stack: TerraformStack) -> None:
    text, match = WRONG[name]
    (folder / "policy.yaml").write_text(text)
    with pytest.raises(FileError, match=match):
        SubscriptionPolicy.from_file(empty_stack, "policy", "policy.yaml")
    assert list(empty_stack.node.children) == []


def test_every_broken_rule_names_its_line(folder: Path, stack: TerraformStack) -> None:
    broken = READ.replace("name: Read", "name: 5") + "staged: maybe\ncertification:\n  text: a\n  tags: b\n"
    (folder / "policy.yaml").write_text(broken)
    with pytest.raises(ArgumentError) as raised:
        SubscriptionPolicy.from_file(stack, "policy", "policy.yaml")
    assert [problem.summary for problem in raised.value.problems] == [
        "policy.yaml, line 2: name has the wrong type",
        "policy.yaml, line 6: staged has the wrong type",
        "policy.yaml, line 9: certification.tags has the wrong type",
    ]


def test_a_file_that_cannot_be_read_is_refused(folder: Path, stack: TerraformStack) -> None:
    with pytest.raises(FileError, match=r"^none.yaml: it cannot be read: No such file.*starts in .*$"):
        DataPolicy.from_file(stack, "a", "none.yaml")
    (folder / "latin.yaml").write_bytes(b"name: \xe9")
    with pytest.raises(FileError, match=r"^latin.yaml: it is not in UTF-8. Save it in UTF-8$"):
        DataPolicy.from_file(stack, "b", "latin.yaml")
    with pytest.raises(FileError, match=r"^none: it is not a folder"):
        policies_from(stack, "none")


def test_a_folder_with_another_file_or_two_equal_ids_is_refused(folder: Path, stack: TerraformStack) -> None:
    (folder / "a.yaml").write_text("name: a\n")
    with pytest.raises(
        FileError, match=r"a.yaml, line 1: `type` has to be one of data or subscription, and it is None"
    ):
        policies_from(stack, folder)
    (folder / "a.yaml").write_text(READ)
    (folder / "a.yml").write_text(READ)
    with pytest.raises(FileError, match=r'a.yml: another file has the construct id "a" as well'):
        policies_from(stack, folder)


def test_an_argument_that_repeats_a_key_of_the_file_is_refused(folder: Path, stack: TerraformStack) -> None:
    (folder / "policy.yaml").write_text(READ)
    with pytest.raises(FileError, match=r"policy.yaml: says name already"):
        SubscriptionPolicy.from_file(stack, "policy", "policy.yaml", name="Other")


def test_without_pyyaml_the_error_names_the_command(
    folder: Path, stack: TerraformStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "policy.yaml").write_text(READ)
    monkeypatch.delitem(sys.modules, "immuta_constructs.runtime.yaml_text")
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(FileError, match=r'Run: pip install "cdktf-immuta\[yaml\]"'):
        SubscriptionPolicy.from_file(stack, "policy", "policy.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: b\tc", "b\tc"),
        ("a:\tb", "b"),
        ("a: b\t# a comment", "b"),
        ("a: b\t\n  c", "b c"),
        ("a: [1,\t2]", [1, 2]),
        ("a: [yes, No, on, y, 2001-12-14, 1_000, 12:30, =]", ["yes", "No", "on", "y", "2001-12-14", "1_000", "12:30", "="]),
        ("a: [true, False, ~, null, , 0, -7, +7, 0o17, 0x1F, 1.5, 1e3, .5]", None),
        ('a: ["Null", !!str 5, "5"]', ["Null", "5", "5"]),
    ],
)  # fmt: skip
def test_values_are_those_of_the_core_schema(text: str, value: Any) -> None:
    plain = [True, False, None, None, None, 0, -7, 7, 15, 31, 1.5, 1000.0, 0.5]
    if value is None:
        text = text.replace(", ,", ", ~,")
    assert parse(text)[0] == {"a": plain if value is None else value}


@pytest.mark.parametrize(
    "text", ["- \ta: 1\n\tb: 2", "? [a]\n: 1", "1: a", "a: *b", "a: !!binary aa==", "a: &a [*a]"]
)
def test_yaml_that_json_cannot_express_is_refused(text: str) -> None:
    with pytest.raises(YamlError):
        parse(text)

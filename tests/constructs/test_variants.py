"""The classes of objects with several shapes: what each becomes, references to it, and arguments that are refused."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable
from typing import Annotated, Any

import immuta_constructs
import pytest
from bindings.resources import Module
from bindings.shapes import Parts
from immuta_constructs import (
    ColumnTagField,
    ConstantMasking,
    DataPolicy,
    DataPolicyAction,
    HashMasking,
    ManualAction,
    MaskingRule,
    NoTagsCircumstance,
    NullMasking,
    PolicyExceptions,
    PolicyUsers,
    SubscriptionPolicy,
    TagCircumstance,
)
from immuta_constructs.cdk import TerraformStack, TerraformVariable
from immuta_constructs.runtime.arguments import plain
from immuta_constructs.runtime.variants import Variant
from immuta_constructs.testing import synthesized
from immuta_provider.adopt.python import Writer
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.fields import ResourceType, Routes
from immuta_provider.model.spec import About, Object, Resource, Spec
from immuta_provider.model.spec import plain as plain_type
from support.stacks import expressions, problems
from table import examples

KEY: dict[str, Any] = {"policy_key": "k", "name": "n"}
IBAN = ColumnTagField(column_tag="Acme.IBAN")

FORMS: list[tuple[Variant, dict[str, Any]]] = [
    (ManualAction(description="By hand"), {"type": "manual", "description": "By hand"}),
    (NoTagsCircumstance(), {"type": "noTags"}),
    (NullMasking(), {"type": "Null"}),
    (
        MaskingRule(fields=[IBAN], masking_config=HashMasking(), exceptions=PolicyExceptions(purposes=["p"])),
        {
            "type": "Masking",
            "config": {
                "fields": [{"type": "columnTags", "column_tag": "Acme.IBAN"}],
                "masking_config": {"type": "Hash"},
            },
            "exceptions": {"purposes": ["p"]},
        },
    ),
]
"""`test_synthesis.py` compares the classes in the cases of the test table."""


def test_every_variant_is_in_the_test_table_or_in_forms() -> None:
    used = {type(variant).__name__ for variant, _ in FORMS}
    for example in examples():
        writer = Writer(example.row.type)
        writer.arguments(example.config)
        used |= writer.used
    exported = {name: getattr(immuta_constructs, name) for name in immuta_constructs.__all__}
    variants = {n for n, each in exported.items() if isinstance(each, type) and issubclass(each, Variant)}
    assert variants - used == set()


@pytest.mark.parametrize(("variant", "form"), FORMS, ids=lambda each: type(each).__name__)
def test_a_variant_becomes_its_form_in_terraform(variant: Variant, form: dict[str, Any]) -> None:
    assert plain(variant) == form


def test_references_have_the_attributes_of_every_shape(stack: TerraformStack) -> None:
    policy = DataPolicy(
        stack, "p", **KEY, actions=[DataPolicyAction(rules=[])], applies_when_selected_by_owner=True
    )
    rule = policy.actions.get(0).rules.get(1)
    at = "immuta_data_policy.p.actions[0].rules[1]"
    references: list[tuple[Any, str]] = [
        (rule.type, f"{at}.type"),
        (rule.config.fields.get(0).column_tag, f"{at}.config.fields[0].column_tag"),
        (rule.config.masking_config.constant, f"{at}.config.masking_config.constant"),
        (rule.config.matches.get(0).attribute, f"{at}.config.matches[0].attribute"),
        (rule.config.predicate, f"{at}.config.predicate"),
        (rule.exceptions.groups, f"{at}.exceptions.groups"),
        (policy.actions_json, "immuta_data_policy.p.actions_json"),
    ]
    found = expressions(stack, [reference for reference, _ in references])
    assert found == [f"${{{path}}}" for _, path in references]


@pytest.mark.parametrize(
    "actions",
    [
        [{"rules": [{"type": "Minimization", "config": {"percentage": 10, "at": None}}]}],
        '[{"rules":[{"type":"Minimization","config":{"percentage":10,"at":null}}]}]',
    ],
)
def test_json_is_data_or_text(actions: Any, stack: TerraformStack) -> None:
    DataPolicy(stack, "p", **KEY, actions_json=actions, applies_when_selected_by_owner=True)
    text = synthesized(stack)["resource"]["immuta_data_policy"]["p"]["actions_json"]
    assert text == '[{"rules":[{"type":"Minimization","config":{"percentage":10,"at":null}}]}]'


def test_a_token_in_json_is_quoted_by_terraform(stack: TerraformStack) -> None:
    percentage = TerraformVariable(stack, "percentage", type="number").number_value
    SubscriptionPolicy(
        stack, "p", **KEY, actions_json={"type": percentage}, applies_when_selected_by_owner=True
    )
    policy = synthesized(stack)["resource"]["immuta_subscription_policy"]["p"]
    assert policy["actions_json"] == '{"type":${jsonencode(var.percentage)}}'


MASKING = MaskingRule(fields=[IBAN], masking_config=HashMasking())
ELSEWHERE = "which belongs to another argument. Pass "
RULES = "MaskingRule, UserEntitlementsRule, WhereClauseRule, or a mapping with `type`."


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            {"actions": [DataPolicyAction(rules=[MASKING, TagCircumstance(tag="A")])]},  # type: ignore[list-item]
            f"actions[0].rules[1] has the wrong class: it is a TagCircumstance, {ELSEWHERE}{RULES}",
        ),
        (
            {"actions": [DataPolicyAction(rules=[PolicyUsers()])]},  # type: ignore[list-item]
            f"actions[0].rules[0] has the wrong class: it is a PolicyUsers, {ELSEWHERE}{RULES}",
        ),
        (
            {"actions": [MASKING]},
            f"actions[0] has the wrong class: it is a MaskingRule, {ELSEWHERE}DataPolicyAction, or a mapping with rules, "
            "description.",
        ),
        (
            # The same attributes and the same `type` as the right class.
            {"actions": [], "circumstances": [ColumnTagField(column_tag="A")]},
            f"circumstances[0] has the wrong class: it is a ColumnTagField, {ELSEWHERE}TagCircumstance, "
            "ColumnTagCircumstance, ColumnRegexCircumstance, NoTagsCircumstance, DomainCircumstance, or a mapping with `type`.",
        ),
        (
            {
                "actions": [
                    {"rules": [MaskingRule(fields=[TagCircumstance(tag="A")], masking_config={})]}  # type: ignore[list-item]
                ]
            },
            "actions[0].rules[0].config.fields[0] has the wrong class: it is a TagCircumstance, "
            f"{ELSEWHERE}ColumnTagField, NoTagsField, or a mapping with `type`.",
        ),
        (
            {"actions": [{"rules": [{"type": "Masking", "config": {"feilds": []}}]}]},
            "there is no actions[0].rules[0].config.feilds: did you mean fields?",
        ),
        (
            {"actions_json": [{"rules": object}]},
            "actions_json[0].rules is not JSON: it is of the type type. Pass mappings, lists, texts, numbers, booleans or None.",
        ),
        (
            {"actions": [], "actions_json": "[]"},
            "Arguments exclude each other: actions and actions_json are set, but a data policy takes exactly one of actions and "
            "actions_json. Set only actions or actions_json.",
        ),
    ],
)
def test_an_invalid_argument_of_a_policy_is_refused(
    arguments: Any, problem: str, stack: TerraformStack
) -> None:
    selected = {} if "circumstances" in arguments else {"applies_when_selected_by_owner": True}
    assert problem in problems(DataPolicy, stack, **KEY, **arguments, **selected)


@pytest.mark.parametrize(
    ("variant", "arguments"),
    [
        (HashMasking, {"constant": "x"}),
        (ConstantMasking, {}),
        (MaskingRule, {"predicate": "a = 1"}),
        (TagCircumstance, {"type": "tags", "tag": "A"}),
        (MaskingRule, {"config": {}}),
    ],
)
def test_an_argument_of_another_variant_is_a_type_error(variant: Any, arguments: Any) -> None:
    with pytest.raises(TypeError):
        variant(**arguments)


def test_a_variant_does_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TagCircumstance(tag="A").tag = "B"  # type: ignore[misc]
    assert not hasattr(HashMasking(), "__dict__")


TEXT = Spec("text", "Its text.")


class Spine(Object):
    """A spine."""

    class_name = "Spine"
    text: Annotated[str, TEXT]


class OtherSpine(Object):
    """Another shape."""

    class_name = "Spine"
    number: Annotated[int, Spec("number", "Its number.")]


class Unnamed(Object):
    """An object without a class name."""

    text: Annotated[str, TEXT]


class Holder(Object):
    """An object with a class name, and one without."""

    class_name = "Holder"
    inner: Annotated[Unnamed, Spec("inner", "Inside.")]


def book(fields: dict[str, Any]) -> ResourceType:
    """A resource type with these annotated fields, which no other module knows."""
    about = About(
        resource="immuta_book",
        family="library",
        title="Book",
        noun="book",
        documentation="https://example.com/book",
        life=Routes("POST /b", "GET /b/{id}", "DELETE /b/{id}", list="GET /b", permission="GOVERNANCE"),
    )
    body = {"__annotations__": fields, "__doc__": "A book.", "about": about, "__module__": __name__}
    return plain_type(type("Book", (Resource,), body))


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        (
            {"one": Annotated[Spine, Spec("one", "One.")], "two": Annotated[OtherSpine, Spec("two", "Two.")]},
            r"^two shapes have the class name Spine, the second in `two` of Book$",
        ),
        (
            {"holder": Annotated[Holder, Spec("holder", "Held.")]},
            r"^`holder\.inner` of Book has no class name, but is in an object whose class has one$",
        ),
    ],
)
def test_a_repeated_or_missing_class_name_is_refused(fields: dict[str, Any], error: str) -> None:
    with pytest.raises(ValueError, match=error):
        Parts("library", [book(fields)])


def test_a_shared_class_is_in_one_module() -> None:
    family = BY_RESOURCE["immuta_data_policy"].family
    names = Parts(family, TYPES).public_names()
    assert len(names) == len(set(names))
    assert TagCircumstance.__module__ == f"immuta_constructs.{family}.parts"
    own = [Module(BY_RESOURCE[f"immuta_{name}_policy"]).public_names() for name in ("subscription", "data")]
    assert own == [["SubscriptionPolicy"], ["DataPolicy"]]


def test_a_set_and_a_map_are_arguments_and_references(
    load: Callable[[str, str], Any], monkeypatch: pytest.MonkeyPatch, stack: TerraformStack
) -> None:
    type = book(
        {
            "authors": Annotated[frozenset[str], Spec("authors", "Its authors.")],
            "prices": Annotated[dict[str, str], Spec("prices", "Its prices.")],
        }
    )
    monkeypatch.setitem(BY_RESOURCE, type.resource, type)
    module = load("library.book", Module(type).text())
    assert inspect.get_annotations(module.Book.__init__)["authors"] == "Sequence[str]"
    assert inspect.get_annotations(module.Book.__init__)["prices"] == "Mapping[str, str] | IResolvable"
    price = TerraformVariable(stack, "eur", type="string").string_value
    one = module.Book(stack, "one", authors=["A", "A"], prices={"EUR": price})
    assert expressions(stack, [one.authors, one.prices.lookup("EUR")]) == [
        "${tolist(immuta_book.one.authors)}",
        '${immuta_book.one.prices["EUR"]}',
    ]
    made = synthesized(stack)["resource"]["immuta_book"]["one"]
    assert made == {"authors": ["A", "A"], "prices": {"EUR": "${var.eur}"}}

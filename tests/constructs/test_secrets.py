"""Secrets in a Python program: the variables of secrets, and warnings about each that a file would contain."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import immuta_constructs
import jsii
import pytest
from constructs import Construct, IConstruct
from immuta_constructs import (
    BigQueryIntegration,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    TrinoIntegration,
)
from immuta_constructs.cdk import (
    App,
    Aspects,
    Fn,
    IAspect,
    IResolveContext,
    IStringProducer,
    Lazy,
    Precondition,
    TerraformHclModule,
    TerraformLocal,
    TerraformOutput,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_constructs.testing import synthesized
from support.snowflake import SNOWFLAKE
from support.stacks import problems, warnings
from table import examples
from table.row import Example

EPHEMERAL = {"type": "string", "sensitive": True, "ephemeral": True}
BIGQUERY: dict[str, Any] = {"role": "r", "dataset_suffix": "_s"}


def secret_paths(fields: Any, value: Any) -> list[str]:
    """The dotted paths of the secrets that a configuration sets."""
    if isinstance(value, list):
        return [f"[{n}].{p}" for n, each in enumerate(value) for p in secret_paths(fields, each)]
    found = []
    for field in fields:
        if field.secret and field.name in value:
            found.append(field.name)
        elif field.fields and field.name in value:
            inner = secret_paths(field.fields, value[field.name])
            found += [f"{field.name}{'' if p.startswith('[') else '.'}{p}" for p in inner]
    return found


def with_each_secret(text: str, fields: Any, value: Any) -> Any:
    """A configuration with `text` in the place of each secret."""
    if isinstance(value, list):
        return [with_each_secret(text, fields, each) for each in value]
    by_name = {field.name: field for field in fields}
    return {
        name: text
        if by_name.get(name) and by_name[name].secret
        else with_each_secret(text, by_name[name].fields, each)
        if name in by_name and by_name[name].fields
        else each
        for name, each in value.items()
    }


def test_a_variable_is_declared_by_its_use_once_a_stack(tmp_path: Any) -> None:
    app = App(outdir=str(tmp_path))
    for stack in (TerraformStack(app, "one"), TerraformStack(app, "two")):
        password = Secret.variable("password", description="the system account's")
        ImmutaProvider(stack, "immuta", api_key=Secret.variable("api_key"))
        SnowflakeIntegration(Construct(stack, "inside"), "password", **SNOWFLAKE, password=password)
        SnowflakeIntegration(stack, "password", **SNOWFLAKE, password=Secret.variable("password"))
        document = synthesized(stack)
        assert document["variable"] == {
            "api_key": EPHEMERAL,
            "password": {**EPHEMERAL, "description": "the system account's"},
        }
        assert document["provider"] == {"immuta": [{"api_key": "${var.api_key}"}]}
        used = document["resource"]["immuta_snowflake_integration"]
        assert {each["password"] for each in used.values()} == {"${var.password}"}
        assert document.warnings == []


@pytest.mark.parametrize("example", examples(), ids=str)
def test_every_literal_secret_of_every_type_causes_a_warning(stack: TerraformStack, example: Example) -> None:
    integration = example.row.type
    construct = getattr(immuta_constructs, integration.class_name)
    made = construct(stack, "one", **example.config)
    named = [text.split(" ")[0] for text in warnings(made) if "cdk.tf.json" in text]
    assert sorted(named) == sorted(secret_paths(integration.fields, example.config))


@pytest.mark.parametrize("example", examples(), ids=str)
def test_a_secret_variable_is_accepted_for_every_secret_of_every_type(
    stack: TerraformStack, example: Example
) -> None:
    integration = example.row.type
    config = with_each_secret(Secret.variable("any_secret"), integration.fields, example.config)
    getattr(immuta_constructs, integration.class_name)(stack, "one", **config)
    made = synthesized(stack)
    expected = with_each_secret("${var.any_secret}", integration.fields, example.config)
    assert made["resource"][example.resource]["one"] == expected
    has_secret = bool(secret_paths(integration.fields, example.config))
    assert made.get("variable", {}) == ({"any_secret": EPHEMERAL} if has_secret else {})
    assert made.warnings == []


def test_a_literal_and_a_variable_that_is_not_ephemeral_cause_a_warning(stack: TerraformStack) -> None:
    key = TerraformVariable(stack, "key", type="string", sensitive=True).string_value
    made = SnowflakeIntegration(
        stack,
        "warehouse-1",
        **{**SNOWFLAKE, "authentication_type": "keyPair"},
        private_key={"key_name": "PRIV_KEY_FILE", "user_filename": "k.p8", "content": "PEM"},
        private_key_password=key,
    )
    synthesized(stack)
    assert warnings(made) == [
        "private_key.content is a literal in the program, so cdk.tf.json contains it in plain text. Pass "
        'Secret.variable("warehouse_1_private_key") instead, and set the environment variable '
        "TF_VAR_warehouse_1_private_key to the secret.",
        'private_key_password comes from the variable "key", which is not ephemeral, so the plan file contains its value in '
        'plain text. Pass Secret.variable("key") instead; TF_VAR_key still sets its value.',
    ]


def test_the_default_of_a_variable_is_a_literal(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "key", type="string", default="example")
    variable.add_override("ephemeral", True)
    BigQueryIntegration(stack, "one", **BIGQUERY, credential=variable.string_value)
    assert synthesized(stack).warnings == [
        '[stack/one] credential comes from the variable "key", whose default cdk.tf.json contains in plain text. Remove the '
        "default, and set the environment variable TF_VAR_key to the secret."
    ]


def test_variables_are_found_in_any_scope(stack: TerraformStack) -> None:
    deep = TerraformVariable(Construct(stack, "deep"), "one", type="string")
    late = TerraformVariable(stack, "late", type="string")
    for id, value in {"direct": Fn.trimspace(deep.string_value), "later": late.string_value}.items():
        BigQueryIntegration(stack, id, **BIGQUERY, credential=value)
    late.add_override("ephemeral", True)
    (warning,) = synthesized(stack).warnings
    assert warning.startswith(
        f'[stack/direct] credential comes from the variable "{deep.friendly_unique_id}", which is not ephemeral'
    )


def test_the_provider_warns_of_each_secret_and_of_nothing_else(empty_stack: TerraformStack) -> None:
    plain = TerraformVariable(empty_stack, "plain", type="string").string_value
    provider = ImmutaProvider(
        empty_stack,
        "immuta",
        host="https://acme.example",
        api_key="literal",
        bearer_token=plain,
        fingerprint_key="literal",
        http_headers={"X-Api-Key": "literal", "Proxy-Authorization": "literal", "Accept-Language": "de"},
        teardown_credentials={
            "redshift": {"username": "u", "password": "literal"},
            "hosts": {"a.b": {"username": "u", "password": plain, "private_key": {"content": "literal"}}},
        },
    )
    synthesized(empty_stack)
    assert [text.split(" ")[0] for text in warnings(provider)] == [
        "api_key",
        "fingerprint_key",
        "http_headers.X-Api-Key",
        "http_headers.Proxy-Authorization",
        "teardown_credentials.redshift.password",
        "teardown_credentials.hosts.a.b.private_key.content",
        "bearer_token",
        "teardown_credentials.hosts.a.b.password",
    ]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({"host": Secret.variable("misplaced")}, "host"),
        ({"database": f"X_{Secret.variable('misplaced')}"}, "database"),
        ({"additional_config": {"a": [Secret.variable("misplaced")]}}, "additional_config.a[0]"),
    ],
)
def test_a_secret_in_an_argument_that_terraform_stores_is_refused(
    empty_stack: TerraformStack, arguments: dict[str, Any], path: str
) -> None:
    config = {**SNOWFLAKE, "password": Secret.variable("password"), **arguments}
    (problem,) = problems(SnowflakeIntegration, empty_stack, **config)
    assert problem.startswith(f"{path} does not accept a Secret: ")


def test_an_existing_variable_of_the_same_name_becomes_ephemeral(stack: TerraformStack) -> None:
    TerraformVariable(stack, "shared", type="string", description="shared")
    BigQueryIntegration(stack, "one", **BIGQUERY, credential=Secret.variable("shared"))
    assert synthesized(stack)["variable"] == {"shared": {**EPHEMERAL, "description": "shared"}}


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (lambda _, secret: Fn.join("-", [secret, "x"]), '${join("-", [var.mix, "x"])}'),
        (lambda _, secret: Fn.base64encode(secret), "${base64encode(var.mix)}"),
        (lambda _, secret: Fn.base64encode(f"a {secret} b"), '${base64encode("a ${var.mix} b")}'),
        (
            lambda _, secret: Fn.jsonencode({"a": secret, "b": [f"x{secret}"]}),
            '${jsonencode({"a" = var.mix, "b" = ["x${var.mix}"]})}',
        ),
        (lambda _, secret: f"{secret}{Fn.upper(secret)}", "${var.mix}${upper(var.mix)}"),
        (lambda _, secret: f"$${{a}} {secret}", "$${a} ${var.mix}"),
        (lambda stack, secret: TerraformLocal(stack, "local", secret).as_string, "${local.local}"),
    ],
)
def test_a_secret_inside_a_function_stays_a_reference(
    empty_stack: TerraformStack, made: Any, written: str
) -> None:
    credential = made(empty_stack, Secret.variable("mix"))
    ImmutaProvider(empty_stack, "immuta", http_headers={"X-Gateway": credential})
    BigQueryIntegration(empty_stack, "one", **BIGQUERY, credential=credential)
    document = synthesized(empty_stack)
    assert document["variable"] == {"mix": EPHEMERAL}
    assert document["provider"] == {"immuta": [{"http_headers": {"X-Gateway": written}}]}
    assert document["resource"]["immuta_bigquery_integration"]["one"]["credential"] == written
    assert document.warnings == []


@jsii.implements(IAspect)
class Policy:
    """An aspect of a program, which only runs once the app is synthesized."""

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, SnowflakeIntegration):
            node.add_override("connect_args", f"KEY={Secret.variable('elsewhere')}")


def in_another_resource(stack: TerraformStack) -> None:
    other = TerraformResource(stack, "other", terraform_resource_type="other_resource")
    other.add_override("text_wo", Secret.variable("elsewhere"))


PLACES: dict[str, Callable[[TerraformStack], object]] = {
    "override": lambda stack: stack.add_override("resource.other.one.text_wo", Secret.variable("elsewhere")),
    "override in a function": lambda stack: stack.add_override(
        "resource.other.one.text_wo", Fn.upper(Secret.variable("elsewhere"))
    ),
    "aspect": lambda stack: Aspects.of(stack).add(Policy()),
    "module": lambda stack: TerraformHclModule(
        stack, "module", source="acme/module", variables={"text": Secret.variable("elsewhere")}
    ),
    "another resource": in_another_resource,
    "local": lambda stack: TerraformLocal(stack, "local", Secret.variable("elsewhere")),
    "output": lambda stack: TerraformOutput(stack, "output", value=Secret.variable("elsewhere")),
    "lifecycle": lambda stack: TrinoIntegration(
        stack,
        "trino",
        lifecycle=TerraformResourceLifecycle(
            precondition=[Precondition(condition=Secret.variable("elsewhere"), error_message="no")]
        ),
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_secret_is_declared_wherever_it_is_used(empty_stack: TerraformStack, place: str) -> None:
    ImmutaProvider(empty_stack, "immuta")
    SnowflakeIntegration(empty_stack, "one", **SNOWFLAKE, password=Secret.variable("first"))
    PLACES[place](empty_stack)
    document = synthesized(empty_stack)
    assert document["variable"] == {"elsewhere": EPHEMERAL, "first": EPHEMERAL}
    assert json.dumps(document).count("var.elsewhere") == 1


def test_an_unused_secret_declares_nothing_and_changes_no_variable(empty_stack: TerraformStack) -> None:
    Secret.variable("unused")
    Secret.variable("own")
    own = TerraformVariable(empty_stack, "own", type="string")
    ImmutaProvider(empty_stack, "immuta", host=own.string_value)
    assert synthesized(empty_stack)["variable"] == {"own": {"type": "string"}}


@jsii.implements(IStringProducer)
class Produced:
    def produce(self, context: IResolveContext) -> str:
        return "LITERAL"


LITERAL = (
    "credential is a literal in the program, so cdk.tf.json contains it in plain text. Pass "
    'Secret.variable("one_credential") instead, and set the environment variable TF_VAR_one_credential to the secret.'
)
WITH_ESCAPE_HINT = f'{LITERAL} (If "${{" or "%{{" is part of the secret, write it as "$${{" or "%%{{".)'


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (lambda _: Fn.base64encode("LITERAL"), [LITERAL]),
        (lambda _: Fn.base64encode("with.dot ${x.y} file(1)"), [LITERAL]),
        (lambda _: Fn.jsonencode({"private_key": "LITERAL"}), [LITERAL]),
        (lambda _: Lazy.string_value(Produced()), [LITERAL]),
        (lambda stack: TerraformLocal(stack, "local", "LITERAL").as_string, [LITERAL]),
        (lambda stack: TerraformLocal(stack, "local", Fn.upper("x")).as_string, [LITERAL]),
        (lambda _: "pa${ss", [WITH_ESCAPE_HINT]),
        (lambda _: "pa%{ss", [WITH_ESCAPE_HINT]),
        (lambda _: Fn.file("key.json"), []),
        (lambda _: Fn.base64encode(Fn.filebase64("key.json")), []),
        (lambda _: "${random_password.one.result}", []),
        (lambda _: Fn.jsonencode({"private_key": "${data.vault.x}", "b": Token.as_any("data.vault.x")}), []),
        (lambda _: "${ephemeral.vault_secret.one[0].value}", []),
        (lambda _: "${each.value}", []),
        (lambda _: "${aws_secret.all[*].text}", []),
        (lambda stack: TerraformLocal(stack, "local", "${aws_secret.one.text}").as_string, []),
    ],
)
def test_a_literal_inside_an_expression_causes_a_warning(
    stack: TerraformStack, made: Any, expected: list[str]
) -> None:
    one = BigQueryIntegration(stack, "one", **BIGQUERY, credential=made(stack))
    synthesized(stack)
    assert warnings(one) == expected


def test_whole_objects_from_a_variable_cause_a_warning(stack: TerraformStack) -> None:
    variable = TerraformVariable(stack, "all", type="any")
    good = TerraformVariable(stack, "good", type="any")
    good.add_override("ephemeral", True)
    config = {**SNOWFLAKE, "authentication_type": "keyPair"}
    SnowflakeIntegration(stack, "one", **config, private_key=variable.value)
    SnowflakeIntegration(stack, "two", **config, private_key=good.value, audit=variable.value)
    credentials = {
        "whole": variable.value,
        "parts": {"snowflake": variable.value, "redshift": good.value},
        "hosts": {"hosts": variable.value},
        "host": {"hosts": {"a.b": variable.value}},
    }
    for id, value in credentials.items():
        ImmutaProvider(stack, id, alias=id, teardown_credentials=value)
    paths = {
        "one": "private_key",
        "whole": "teardown_credentials",
        "parts": "teardown_credentials.snowflake",
        "hosts": "teardown_credentials.hosts",
        "host": "teardown_credentials.hosts.a.b",
    }
    assert synthesized(stack).warnings == [
        f'[stack/{id}] {path} comes from the variable "all", which is not ephemeral, so the plan file contains its value in '
        'plain text. Call `.add_override("ephemeral", True)` on the variable, or pass the object with Secrets in it.'
        for id, path in paths.items()
    ]


@pytest.mark.parametrize("name", [None, 5, "", "1st", "with-hyphen", "with space", "version", "${var.x}"])
def test_an_invalid_variable_name_is_refused(name: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid name of a Terraform variable"):
        Secret.variable(name)

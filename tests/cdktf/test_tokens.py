"""Tokens in the places where cdktf alters them, evaluated by the real Terraform."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cdktf
import jsii
import pytest
from cdktf import (
    App,
    Fn,
    IAnyProducer,
    IResolveContext,
    IStringProducer,
    Lazy,
    TerraformStack,
    TerraformVariable,
    Token,
)
from immuta_constructs import TrinoIntegration
from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf
from support.terraform import Terraform

TEXT = 'a "quoted" \\ text,\n$${x} %{y} é ウ'
VALUES: dict[str, tuple[str, Any]] = {
    "text": ("string", TEXT),
    "number": ("number", 7),
    "fraction": ("number", 0.1),
    "flag": ("bool", True),
    "texts": ("list(string)", ["x", TEXT]),
    "numbers": ("list(number)", [1, 2.5]),
    "map": ("map(string)", {"k": TEXT}),
    "object": ("any", {"deep": [1, None, "after"], "none": None}),
}


@jsii.implements(IAnyProducer)
class Produced:
    def __init__(self, value: Any) -> None:
        self.value = value

    def produce(self, context: IResolveContext) -> Any:
        return self.value


@jsii.implements(IStringProducer)
class ProducedText(Produced):
    pass


Variables = dict[str, TerraformVariable]
Made = Callable[[Variables], Any]

LITERALS = {
    "quote": 'say "hi"',
    "backslash": r"C:\temp\new",
    "regex": r"^SALES\..*$",
    "dollars": "a$b $ {x} 5% {y}",
    "lines": "a\nb\tc\r\x01",
    "unicode": "é ウ 😀 </script>",
    "none": None,
    "nones": [1, None, "after", {"deep": None, "k": [None]}],
    "empty": ["", [], {}],
    "numbers": [12345678901234567890, -1, 0, 0.1, 1e21, 1.5],
    "flags": [True, False],
    "like others": ["007", "true", "null"],
    'a "key" \\': 1,
    "key with space": 2,
    "1a-b.c": 3,
}

CASES: dict[str, tuple[Made, Any]] = {
    "text": (lambda v: v["text"].string_value, TEXT),
    "number": (lambda v: v["number"].number_value, 7),
    "fraction": (lambda v: v["fraction"].number_value, 0.1),
    "flag": (lambda v: v["flag"].boolean_value, True),
    "list": (lambda v: v["texts"].list_value, ["x", TEXT]),
    "numbers": (lambda v: Token.as_number_list(v["numbers"].value), [1, 2.5]),
    "map": (lambda v: Token.as_string_map(v["map"].value), {"k": TEXT}),
    "object": (lambda v: v["object"].value, {"deep": [1, None, "after"], "none": None}),
    "in text": (lambda v: f'say "{v["text"].string_value}" \\ $${{x}}\n', f'say "{TEXT}" \\ ${{x}}\n'),
    "number as text": (lambda v: f"{v['number'].number_value}", "7"),
    "numbers in text": (
        lambda v: f"eu-{v['number'].number_value}.e{v['number'].number_value}{v['number'].number_value}",
        "eu-7.e77",
    ),
    "after a dollar": (
        lambda v: f"US${v['number'].number_value} $${v['text'].string_value}",
        f"US$7 $${TEXT}",
    ),
    "expression": (lambda _: '${upper("a}b")} ${var.text}', f"A}}B {TEXT}"),
    "expression alone": (lambda _: '${[for n in var.numbers : "<${n}}"]}', ["<1}", "<2.5}"]),
    "directive": (lambda _: 'a%{ if var.flag } "b"%{ else }c%{ endif }%%{d', 'a "b"%{d'),
    "function": (lambda v: Fn.upper(v["text"].string_value), TEXT.upper()),
    "token in an expression": (lambda v: f"${{upper({v['text'].string_value})}}", TEXT.upper()),
    "escaped": (lambda v: ["$${x} %%{y}", {"$${k}": v["number"].number_value}], ["${x} %{y}", {"${k}": 7}]),
    "keys": (
        lambda v: {
            v["text"].string_value: 1,
            f'say "{v["number"].number_value}" \\': 2,
            v["number"].number_value: 3,
            f"{v['fraction'].number_value}": 4,
            '${"a"}"b': 5,
        },
        {TEXT: 1, 'say "7" \\': 2, "7": 3, "0.1": 4, 'a"b': 5},
    ),
    "keys that are no text": (
        lambda v: {1: 1, 1.5: 2, False: 3, None: 4, "n": v["number"].number_value},
        {"1": 1, "1.5": 2, "false": 3, "null": 4, "n": 7},
    ),
    "lazy text": (lambda _: Lazy.string_value(ProducedText('"\\')), '"\\'),
    "lazy text in text": (lambda _: f'a"{Lazy.string_value(ProducedText(chr(34)))}', 'a""'),
    "lazy template": (lambda _: Lazy.string_value(ProducedText('"${var.number}')), '"7'),
    "lazy data": (lambda v: Lazy.any_value(Produced({"a": [1, v["text"].string_value]})), {"a": [1, TEXT]}),
    "lazy nothing": (lambda _: Token.null_value(), None),
}


@pytest.fixture
def stack(tmp_path: Path) -> TerraformStack:
    return TerraformStack(App(outdir=str(tmp_path / "cdktf.out")), "stack")


def test_additional_config_is_the_json_of_its_resolved_value(stack: TerraformStack, tmp_path: Path) -> None:
    variables = {name: TerraformVariable(stack, name, type=type) for name, (type, _) in VALUES.items()}
    arguments = {name: made(variables) for name, (made, _) in CASES.items()}
    TrinoIntegration(stack, "trino", additional_config={**LITERALS, "cases": arguments})
    document = json.loads(cdktf.Testing.synth(stack))
    text = document["resource"]["immuta_trino_integration"]["trino"]["additional_config"]
    terraform = Terraform(tmp_path)
    terraform.write({"variable": document["variable"], "output": {"json": {"value": text}}})
    values = {name: value for name, (_, value) in VALUES.items()}
    (tmp_path / "terraform.tfvars.json").write_text(json.dumps(values))
    terraform.ok("apply", "-auto-approve")
    assert json.loads(terraform.state()["outputs"]["json"]["value"]) == {
        **LITERALS,
        "cases": {name: expected for name, (_, expected) in CASES.items()},
    }


PROGRAM = """
import jsii
from cdktf import (
    App, Aspects, IAspect, TerraformCount, TerraformHclModule, TerraformOutput, TerraformStack, TerraformVariable
)
from immuta_constructs import (
    DatabricksIntegration, DataImmutaIntegration, ImmutaProvider, Secret, SnowflakeIntegration, Timeouts, snowflake_host
)

app = App()
stack = TerraformStack(app, "tokens")
count = TerraformCount.of(2)
number = TerraformVariable(stack, "number", type="number").number_value
ImmutaProvider(stack, "immuta", host=f"http://127.0.0.1:{TerraformVariable(stack, 'port', type='number').number_value}")
databricks = DatabricksIntegration(
    stack,
    "databricks",
    count=count,
    auto_bootstrap=False,
    workspace_url=f"acme-{count.index}.e{count.index}.cloud.databricks.com",
    http_path="/sql/1.0/warehouses/0",
    authentication_type="token",
    token=Secret.variable("token"),
    catalog=f"immuta_{count.index}",
    workspace_ids=[f"{number}"],
    timeouts=Timeouts(create=f"{number}m"),
)
snowflake = SnowflakeIntegration(
    stack,
    "snowflake",
    auto_bootstrap=False,
    host=snowflake_host(f"acme-{number}"),
    warehouse=f"US${number}",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA",
    password="overridden",
    depends_on=[databricks],
)

@jsii.implements(IAspect)
class Policy:
    def visit(self, node):
        if node is snowflake:
            node.add_override("password", Secret.variable("late"))

Aspects.of(stack).add(Policy())
TerraformHclModule(
    stack, "module", source=MODULE, variables={"key": Secret.variable("key")}, depends_on=[snowflake]
)
app.synth()
"""

MODULE = """
terraform {
  required_providers {
    immuta = { source = "registry.terraform.io/cdktf-immuta/immuta" }
  }
}
variable "key" {
  type      = string
  ephemeral = true
}
resource "immuta_bigquery_integration" "one" {
  credential     = var.key
  role           = "immuta"
  dataset_suffix = "_secure"
}
"""


def content(config: Any) -> str:
    return json.dumps(config, sort_keys=True)


def test_numbers_inside_text_and_secrets_outside_of_arguments_reach_immuta(
    tmp_path: Path, immuta: Immuta
) -> None:
    module = tmp_path / "module"
    module.mkdir()
    (module / "main.tf").write_text(MODULE)
    secrets = {"token": "first-token", "late": "late-password", "key": '{"type": "service_account"}'}
    surroundings = immuta.environment
    port = surroundings.pop("IMMUTA_HOST").rpartition(":")[2]
    variables = {f"TF_VAR_{name}": text for name, text in {**secrets, "number": "7", "port": port}.items()}
    program = PROGRAM.replace("source=MODULE", f"source={str(module)!r}")
    deployed = Cdktf(tmp_path, program, {**surroundings, **variables})
    assert "Apply complete! Resources: 4 added" in deployed.ok("deploy", "--auto-approve")
    sent = [one["config"] for one in immuta.sent()]
    assert sorted(sent, key=content) == sorted(
        [
            *(
                {
                    "workspaceUrl": f"acme-{index}.e{index}.cloud.databricks.com",
                    "httpPath": "/sql/1.0/warehouses/0",
                    "authenticationType": "token",
                    "token": "first-token",
                    "catalog": f"immuta_{index}",
                    "workspaceIds": ["7"],
                }
                for index in range(2)
            ),
            {
                "host": "acme-7.snowflakecomputing.com",
                "warehouse": "US$7",
                "database": "IMMUTA",
                "authenticationType": "userPassword",
                "username": "IMMUTA",
                "password": "late-password",
            },
            {"credential": secrets["key"], "role": "immuta", "datasetSuffix": "_secure"},
        ],
        key=content,
    )
    deployed.assert_empty_plan("tokens")

"""Checks of configurations: attributes that are only computed, required ones that are null, and the check of each kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.paths import Key
from immuta_provider.plugin.protocol import arguments
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Schema
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.provider import ImmutaProvider
from support.attributes import computed, nested, optional, required
from support.plugin_messages import ask, dynamic, error, summaries
from support.toy_provider import THING, ToyDataSource, ToyEphemeral, ToyProvider

INNER = (computed("fixed"), optional("free", computed=True))
SCHEMA = Schema(
    (
        computed("id"),
        required("name"),
        nested("one", INNER),
        nested("rules", INNER, "list"),
        nested("zones", INNER, "map", computed=True),
        nested("seen", INNER, "list", optional=False, computed=True),
    )
)
SET = {"fixed": "t", "free": "f"}


def cannot_be_set(label: str, *path: Any) -> Diagnostic:
    return Diagnostic(
        "error",
        f"{label} cannot be set",
        f"{label} is computed by the provider and cannot be configured. Remove it from the configuration.",
        path,
    )


def test_a_configured_computed_attribute_is_an_error_at_its_path() -> None:
    config = {
        "id": UNKNOWN,
        "name": "n",
        "one": SET,
        "rules": [{"fixed": None, "free": "f"}, SET],
        "zones": {"a": SET},
        "seen": [],
    }
    diagnostics = Diagnostics()
    arguments.check_settable(SCHEMA, config, diagnostics)
    assert list(diagnostics) == [
        cannot_be_set("id", "id"),
        cannot_be_set("one.fixed", "one", "fixed"),
        cannot_be_set("rules[1].fixed", "rules", 1, "fixed"),
        cannot_be_set('zones["a"].fixed', "zones", Key("a"), "fixed"),
        cannot_be_set("seen", "seen"),
    ]


def test_other_configured_attributes_are_not_an_error() -> None:
    diagnostics = Diagnostics()
    config = {"id": None, "name": "n", "one": {"fixed": None, "free": "f"}, "rules": UNKNOWN, "zones": None}
    arguments.check_settable(SCHEMA, {**config, "seen": None}, diagnostics)
    assert diagnostics == []


@pytest.mark.parametrize(
    ("method", "name", "schema", "fixed"),
    [
        ("ValidateResourceConfig", "toy_thing", THING, "id"),
        ("ValidateDataResourceConfig", "toy_thing", ToyDataSource.schema, "size"),
        ("ValidateEphemeralResourceConfig", "toy_key", ToyEphemeral.schema, "key"),
    ],
    ids=["resource", "data source", "ephemeral resource"],
)
def test_validation_of_every_kind_refuses_a_configured_computed_attribute(
    call: Any, method: str, name: str, schema: Schema, fixed: str
) -> None:
    config = {a.name: UNKNOWN if a.name == fixed or a.required else None for a in schema.attributes}
    assert summaries(call(method, type_name=name, config=dynamic(config))) == [f"{fixed} cannot be set"]


KEY, THINGS, POKE = {"type_name": "toy_key"}, {"type_name": "toy_thing"}, {"action_type": "toy_poke"}
SECRET = "configured-secret"


@pytest.mark.parametrize(
    ("rpc", "kind", "method", "type", "config"),
    [
        ("ValidateEphemeralResourceConfig", "key", "validate", KEY, {"name": UNKNOWN, "password": SECRET}),
        ("ValidateListResourceConfig", "list", "validate", THINGS, {"prefix": UNKNOWN, "token": SECRET}),
        ("ValidateActionConfig", "action", "validate", POKE, {"id": UNKNOWN, "password": SECRET}),
        ("PlanAction", "action", "plan", POKE, {"id": UNKNOWN, "password": SECRET}),
    ],
    ids=["ephemeral resource", "list", "action", "plan of an action"],
)
def test_a_check_gets_unknown_values_and_secrets_and_redacts_its_diagnostics(
    pb: ModuleType,
    call: Any,
    provider: ToyProvider,
    rpc: str,
    kind: str,
    method: str,
    type: dict[str, str],
    config: dict[str, Any],
) -> None:
    toy, attribute = getattr(provider, kind), next(iter(config))
    config = {**config, "key": None} if kind == "key" else config
    toy.answers[method] = lambda _, diagnostics: diagnostics.error("odd", f"not {SECRET}", (attribute,))
    answer = call(rpc, **type, config=dynamic(config))
    assert answer == getattr(pb, rpc).Response(diagnostics=[error("odd", "not (redacted)", attribute)])
    assert toy.calls == [(method, config)]


def test_a_required_attribute_that_is_null_is_an_error() -> None:
    diagnostics = Diagnostics()
    assert not arguments.check_required(SCHEMA, dict.fromkeys(("id", "name", "one")), diagnostics)
    assert arguments.check_required(SCHEMA, {"name": UNKNOWN}, diagnostics)
    detail = "name is required, but its value is null. Set name."
    assert diagnostics == [Diagnostic("error", "name is missing", detail, ("name",))]


OURS = ImmutaProvider({})
KINDS: list[tuple[Mapping[str, Any], tuple[str, ...]]] = [
    (OURS.data_sources, ("ValidateDataResourceConfig", "ReadDataSource")),
    (OURS.ephemeral_resources, ("ValidateEphemeralResourceConfig", "OpenEphemeralResource")),
    (OURS.actions, ("ValidateActionConfig", "PlanAction", "InvokeAction")),
]


@pytest.mark.parametrize(
    ("rpc", "name", "schema"),
    [
        pytest.param(rpc, name, type.schema, id=f"{rpc}-{name}")
        for types, rpcs in KINDS
        for rpc in rpcs
        for name, type in types.items()
    ],
)
def test_null_is_an_error_for_each_required_argument_of_this_provider(
    pb: ModuleType, rpc: str, name: str, schema: Schema
) -> None:
    """Validation and the later RPC refuse it, because an unknown value may become null during apply."""
    field = "action_type" if rpc.endswith(("Action", "ActionConfig")) else "type_name"
    config = dynamic(dict.fromkeys(a.name for a in schema.attributes))
    errors = summaries(ask(pb, Service(ImmutaProvider({})), rpc, **{field: name, "config": config}))
    required = [a.name for a in schema.attributes if a.required]
    assert [e for e in errors if e.endswith(" is missing") and e.split()[0] in required] == [
        f"{one} is missing" for one in required
    ]
    assert [e for e in errors if e.startswith("The provider failed")] == []

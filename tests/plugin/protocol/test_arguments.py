"""Configured attributes that are only computed, and required ones that are null."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.paths import Key
from immuta_provider.plugin.protocol import arguments, messages
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Attribute, Nested, Schema
from immuta_provider.plugin.types import STRING
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.provider import ImmutaProvider
from support.terraform_values import pack
from support.toy_provider import ToyProvider

INNER = (Attribute("told", STRING, computed=True), Attribute("free", STRING, optional=True, computed=True))
SCHEMA = Schema(
    (
        Attribute("id", STRING, computed=True),
        Attribute("name", STRING, required=True),
        Attribute("one", nested=Nested(INNER), optional=True),
        Attribute("rows", nested=Nested(INNER, "list"), optional=True),
        Attribute("zones", nested=Nested(INNER, "map"), optional=True, computed=True),
        Attribute("seen", nested=Nested(INNER, "list"), computed=True),
    )
)
SET = {"told": "t", "free": "f"}


def error(label: str, *path: Any) -> Diagnostic:
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
        "rows": [{"told": None, "free": "f"}, SET],
        "zones": {"a": SET},
        "seen": [],
    }
    diagnostics = Diagnostics()
    arguments.check_settable(SCHEMA, config, diagnostics)
    assert list(diagnostics) == [
        error("id", "id"),
        error("one.told", "one", "told"),
        error("rows[1].told", "rows", 1, "told"),
        error('zones["a"].told', "zones", Key("a"), "told"),
        error("seen", "seen"),
    ]


def test_other_configured_attributes_are_not_an_error() -> None:
    diagnostics = Diagnostics()
    config = {"id": None, "name": "n", "one": {"told": None, "free": "f"}, "rows": UNKNOWN, "zones": None}
    arguments.check_settable(SCHEMA, {**config, "seen": None}, diagnostics)
    assert diagnostics == []


@pytest.mark.parametrize(
    ("method", "name", "told"),
    [
        ("ValidateResourceConfig", "toy_thing", "id"),
        ("ValidateDataResourceConfig", "toy_thing", "size"),
        ("ValidateEphemeralResourceConfig", "toy_key", "key"),
    ],
)
def test_validation_of_every_kind_refuses_a_configured_computed_attribute(
    call: Any, provider: ToyProvider, method: str, name: str, told: str
) -> None:
    schemas = {"id": provider.thing.schema, "size": provider.source.schema, "key": provider.key.schema}
    config = {a.name: UNKNOWN if a.name == told or a.required else None for a in schemas[told].attributes}
    answer = call(method, type_name=name, config={"msgpack": pack(config)})
    assert [d.summary for d in answer.diagnostics] == [f"{told} cannot be set"]


def null(*path: str) -> Diagnostic:
    (name,) = path
    return Diagnostic(
        "error", f"{name} is missing", f"{name} is required, but its value is null. Set {name}.", path
    )


def test_a_required_attribute_that_is_null_is_an_error() -> None:
    diagnostics = Diagnostics()
    assert not arguments.check_required(SCHEMA, dict.fromkeys(("id", "name", "one")), diagnostics)
    assert arguments.check_required(SCHEMA, {"name": UNKNOWN}, diagnostics)
    assert list(diagnostics) == [null("name")]


OURS = ImmutaProvider({})
KINDS: list[tuple[str, dict[str, Any], tuple[messages.Rpc, ...]]] = [
    (
        "type_name",
        dict(OURS.data_sources),
        (messages.VALIDATE_DATA_RESOURCE_CONFIG, messages.READ_DATA_SOURCE),
    ),
    (
        "type_name",
        dict(OURS.ephemeral_resources),
        (messages.VALIDATE_EPHEMERAL_RESOURCE_CONFIG, messages.OPEN_EPHEMERAL_RESOURCE),
    ),
    (
        "action_type",
        dict(OURS.actions),
        (messages.VALIDATE_ACTION_CONFIG, messages.PLAN_ACTION, messages.INVOKE_ACTION),
    ),
]


@pytest.mark.parametrize(
    ("rpc", "field", "name", "schema"),
    [(rpc, field, n, t.schema) for field, things, rpcs in KINDS for rpc in rpcs for n, t in things.items()],
    ids=lambda value: getattr(value, "name", value if isinstance(value, str) else ""),
)
def test_null_is_an_error_for_each_required_argument_of_this_provider(
    rpc: messages.Rpc, field: str, name: str, schema: Schema
) -> None:
    """Validation and the later RPC refuse it, because an unknown value may become null during apply."""
    service = Service(ImmutaProvider({}))
    config = {"msgpack": pack(dict.fromkeys(a.name for a in schema.attributes))}
    request = rpc.request.encode({field: name, "config": config})
    if rpc is messages.INVOKE_ACTION:
        *_, event = map(rpc.response.decode, service.streams[rpc.path](request))
        answer = event["completed"]
    else:
        answer = rpc.response.decode(service.handlers[rpc.path](request))
    said = [d["summary"] for d in answer["diagnostics"]]
    required = [a.name for a in schema.attributes if a.required]
    assert [s for s in said if s.endswith(" is missing") and s.split()[0] in required] == [
        f"{one} is missing" for one in required
    ]
    assert [s for s in said if s.startswith("The provider failed")] == []

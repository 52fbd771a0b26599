"""An exception never leaves a handler, is reported without its text, and loses no state."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.plugin import log
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.protocol import messages
from immuta_provider.plugin.protocol.service import Service
from support.terraform_values import pack, unpack
from support.toy_provider import NULLS, ToyProvider, thing

SECRET = "failing-secret"
ERRORS: list[BaseException] = [
    KeyError(SECRET),
    ValueError(f"cannot use {SECRET}"),
    RecursionError(SECRET),
    MemoryError(SECRET),
    SystemExit(SECRET),
    KeyboardInterrupt(SECRET),
]
RPCS = {value.name: value for value in vars(messages).values() if isinstance(value, messages.Rpc)}


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    written: list[bytes] = []
    chatty = log.Log({"TF_LOG": "TRACE"}, written.append)
    for name in ("trace", "debug", "info", "warn", "error", "enabled"):
        monkeypatch.setattr(log, name, getattr(chatty, name))
    return written


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def method(*arguments: Any) -> NoReturn:
        diagnostics = arguments[-1]
        if isinstance(diagnostics, Diagnostics):
            diagnostics.warning("said before")
        raise error

    return method


def dynamic(value: Any) -> dict[str, bytes]:
    return {"msgpack": pack(value)}


PRIOR = thing(id="1", name="prior")
PROPOSED = thing(id="1", name="proposed", password=SECRET, owner={"name": "o", "token": SECRET})
WITHHELD = thing(id="1", name="proposed", owner={"name": "o", "token": None})
BLOCK = dynamic({"host": "h", "api_key": SECRET, "headers": None})
RESOURCE = {"type_name": "toy_thing"}
SOURCE = dynamic({"name": "n", "token": SECRET, "size": None})
KEY = dynamic({"name": "n", "password": SECRET, "key": None})
QUERY = dynamic({"prefix": None, "token": SECRET})
POKE = dynamic({"id": "1", "password": SECRET})

CASES: dict[str, tuple[str, dict[str, Any], str]] = {
    "ValidateProviderConfig": ("provider.validate", {"config": BLOCK}, "the check of its provider block"),
    "ConfigureProvider": ("provider.configure", {"config": BLOCK}, "its configuration"),
    "ValidateResourceConfig": (
        "validate",
        {
            **RESOURCE,
            "config": dynamic({**PROPOSED, "id": None}),
            "client_capabilities": {"write_only_attributes_allowed": True},
        },
        "the check of toy_thing",
    ),
    "UpgradeResourceState": (
        "upgrade",
        {**RESOURCE, "version": 3, "raw_state": {"json": json.dumps({"password": SECRET}).encode()}},
        "the stored state of toy_thing",
    ),
    "ReadResource": (
        "read",
        {**RESOURCE, "current_state": dynamic(PRIOR), "private": b"private"},
        "the read of toy_thing",
    ),
    "PlanResourceChange": (
        "plan",
        {
            **RESOURCE,
            "prior_state": dynamic(PRIOR),
            "proposed_new_state": dynamic(PROPOSED),
            "config": dynamic(PROPOSED),
            "prior_private": b"private",
        },
        "the plan of toy_thing",
    ),
    "ApplyResourceChange": (
        "apply",
        {
            **RESOURCE,
            "prior_state": dynamic(PRIOR),
            "planned_state": dynamic(PROPOSED),
            "config": dynamic(PROPOSED),
            "planned_private": b"private",
        },
        "the apply of toy_thing",
    ),
    "ImportResourceState": ("import_state", {**RESOURCE, "id": SECRET}, "the import of toy_thing"),
    "MoveResourceState": (
        "move",
        {"target_type_name": "toy_thing", "source_type_name": "old", "source_state": {"json": b'{"a":"b"}'}},
        "the move of toy_thing",
    ),
    "UpgradeResourceIdentity": (
        "upgrade_identity",
        {**RESOURCE, "version": 1, "raw_identity": {"json": b'{"a":"b"}'}},
        "the stored identity of toy_thing",
    ),
    "ValidateDataResourceConfig": (
        "source.validate",
        {**RESOURCE, "config": SOURCE},
        "the check of the data source toy_thing",
    ),
    "ReadDataSource": (
        "source.read",
        {**RESOURCE, "config": SOURCE},
        "the read of the data source toy_thing",
    ),
    "ValidateEphemeralResourceConfig": (
        "key.validate",
        {"type_name": "toy_key", "config": KEY},
        "the check of the ephemeral resource toy_key",
    ),
    "OpenEphemeralResource": (
        "key.open",
        {"type_name": "toy_key", "config": KEY},
        "the opening of the ephemeral resource toy_key",
    ),
    "RenewEphemeralResource": (
        "key.renew",
        {"type_name": "toy_key", "private": b"private"},
        "the renewal of the ephemeral resource toy_key",
    ),
    "CloseEphemeralResource": (
        "key.close",
        {"type_name": "toy_key", "private": b"private"},
        "the closing of the ephemeral resource toy_key",
    ),
    "ValidateListResourceConfig": (
        "list.validate",
        {**RESOURCE, "config": QUERY},
        "the check of the list of toy_thing",
    ),
    "ListResource": ("list.list", {**RESOURCE, "config": QUERY, "limit": 5}, "the list of toy_thing"),
    "ValidateActionConfig": (
        "action.validate",
        {"action_type": "toy_poke", "config": POKE},
        "the check of the action toy_poke",
    ),
    "PlanAction": (
        "action.plan",
        {"action_type": "toy_poke", "config": POKE},
        "the plan of the action toy_poke",
    ),
    "InvokeAction": (
        "action.invoke",
        {"action_type": "toy_poke", "config": POKE},
        "the action toy_poke",
    ),
}

KEPT: dict[str, tuple[str, Any, str]] = {
    "ReadResource": ("new_state", PRIOR, "private"),
    "PlanResourceChange": ("planned_state", WITHHELD, "planned_private"),
    "ApplyResourceChange": ("new_state", PRIOR, "private"),
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("name", CASES)
def test_an_exception_of_each_method(
    pb: ModuleType,
    provider: ToyProvider,
    service: Service,
    lines: list[bytes],
    name: str,
    error: BaseException,
) -> None:
    method, fields, what = CASES[name]
    owner, _, method = method.rpartition(".")
    target: Any = provider if owner == "provider" else getattr(provider, owner or "thing")
    target.answers[method] = raising(error)
    data, answer, diagnostics = answered(pb, service, name, fields)

    assert [(d.severity, d.summary) for d in diagnostics] == [
        (pb.Diagnostic.WARNING, "said before"),
        (pb.Diagnostic.ERROR, f"The provider failed on {what}"),
    ]
    where, advice = diagnostics[1].detail.split("\n\n")
    assert where.startswith(f"{type(error).__name__} at support.toy_provider:")
    assert "(raised in " in where
    assert where.endswith(f":{raising.__code__.co_firstlineno + 5})")
    lacks_memory = isinstance(error, MemoryError)
    assert advice.startswith(
        "The provider has no memory left." if lacks_memory else "This is a bug in the provider"
    )
    assert SECRET.encode() not in data
    assert SECRET.encode() not in b"".join(lines)
    assert "Traceback" not in str(answer)
    assert [json.loads(line)["@message"] for line in lines] == ["a call failed", "answered"]

    if name in KEPT:
        state, value, private = KEPT[name]
        assert unpack(getattr(answer, state).msgpack) == value
        assert getattr(answer, private) == b"private"
    elif name == "InvokeAction":
        assert answer == pb.InvokeAction.Event(completed={"diagnostics": diagnostics})
    elif name == "ListResource":
        assert answer == pb.ListResource.Event(diagnostic=diagnostics)
    else:
        assert answer == type(answer)(diagnostics=diagnostics)


def answered(
    pb: ModuleType, service: Service, name: str, fields: dict[str, Any]
) -> tuple[bytes, Any, list[Any]]:
    """The response of an RPC, or its only event: as bytes, as a message, and its diagnostics."""
    kinds, path = getattr(pb, name), f"/tfplugin6.Provider/{name}"
    request = kinds.Request(**fields).SerializeToString()
    if path in service.handlers:
        data = service.handlers[path](request)
        answer = kinds.Response.FromString(data)
        return data, answer, list(answer.diagnostics)
    (data,) = service.streams[path](request)
    event = kinds.Event.FromString(data)
    return data, event, list(event.diagnostic if name == "ListResource" else event.completed.diagnostics)


def test_an_exception_of_a_function(pb: ModuleType, provider: ToyProvider, service: Service) -> None:
    provider.function.answers["call"] = raising(ValueError(SECRET))
    arguments = [dynamic("a"), dynamic(1)]
    request = pb.CallFunction.Request(name="join", arguments=arguments).SerializeToString()
    data = service.handlers["/tfplugin6.Provider/CallFunction"](request)
    answer = pb.CallFunction.Response.FromString(data)
    start = "The provider failed on the function join: ValueError at support.toy_provider:"
    assert answer.error.text.startswith(start)
    assert answer == pb.CallFunction.Response(error={"text": answer.error.text})
    assert SECRET.encode() not in data


def test_an_exception_of_stop(pb: ModuleType, provider: ToyProvider, service: Service) -> None:
    provider.answers["stop"] = raising(ValueError(SECRET))
    answer = pb.StopProvider.Response.FromString(service.handlers["/tfplugin6.Provider/StopProvider"](b""))
    assert answer.Error.startswith("The provider failed on stopping: ValueError at support.toy_provider:")
    assert SECRET not in answer.Error


def test_an_exception_while_the_schemas_are_encoded_is_not_cached(
    pb: ModuleType, provider: ToyProvider, service: Service
) -> None:
    handler = service.handlers["/tfplugin6.Provider/GetProviderSchema"]
    schema, provider.schema = provider.schema, None  # type: ignore[assignment]
    failed = pb.GetProviderSchema.Response.FromString(handler(b""))
    assert [d.summary for d in failed.diagnostics] == ["The provider failed on its schemas"]
    provider.schema = schema
    assert not pb.GetProviderSchema.Response.FromString(handler(b"")).diagnostics


@pytest.mark.parametrize(
    ("name", "method", "wrong"),
    [
        ("ReadResource", "read", None),
        ("ReadResource", "read", Stored({"unheard of": 1})),
        ("ReadResource", "read", Stored({"name": 5})),
        ("PlanResourceChange", "plan", None),
        ("PlanResourceChange", "plan", Planned({"name": SECRET, "size": SECRET})),
        ("PlanResourceChange", "plan", Planned(None, b"", (5,))),  # type: ignore[arg-type]
        ("ApplyResourceChange", "apply", None),
        ("ApplyResourceChange", "apply", Stored("text")),  # type: ignore[arg-type]
        ("ApplyResourceChange", "apply", Stored(None, "text")),  # type: ignore[arg-type]
    ],
)
def test_a_result_that_cannot_be_encoded_is_a_failure_that_keeps_the_state(
    pb: ModuleType, provider: ToyProvider, service: Service, name: str, method: str, wrong: Any
) -> None:
    provider.thing.answers[method] = lambda *_: wrong
    _, fields, what = CASES[name]
    kinds = getattr(pb, name)
    data = service.handlers[f"/tfplugin6.Provider/{name}"](kinds.Request(**fields).SerializeToString())
    answer = kinds.Response.FromString(data)
    state, value, private = KEPT[name]
    assert [d.summary for d in answer.diagnostics] == [f"The provider failed on {what}"]
    assert (unpack(getattr(answer, state).msgpack), getattr(answer, private)) == (value, b"private")
    assert SECRET.encode() not in data


def test_apply_stores_the_valid_attributes_beside_an_invalid_one(
    pb: ModuleType, provider: ToyProvider, service: Service
) -> None:
    made = {"id": "made", "name": 5, "size": 3, "owner": {"name": [], "token": SECRET}, "unheard of": 1}
    provider.thing.answers["apply"] = lambda *_: Stored(made, b"made")
    request = pb.ApplyResourceChange.Request(
        **{**CASES["ApplyResourceChange"][1], "prior_state": dynamic(None)}
    )
    handler = service.handlers["/tfplugin6.Provider/ApplyResourceChange"]
    answer = pb.ApplyResourceChange.Response.FromString(handler(request.SerializeToString()))
    assert (unpack(answer.new_state.msgpack), answer.private) == (thing(id="made", size=3), b"made")
    assert [d.summary for d in answer.diagnostics] == ["The provider failed on the apply of toy_thing"]


@pytest.mark.parametrize("path", [(None,), (5.5, "name"), ("name", object())])
def test_a_diagnostic_with_an_invalid_path_is_shown_without_it(
    pb: ModuleType, provider: ToyProvider, service: Service, path: Any
) -> None:
    def apply(prior: Any, planned: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnostics.error("done badly", "", path)
        return Stored(planned, private)

    provider.thing.answers["apply"] = apply
    request = pb.ApplyResourceChange.Request(**CASES["ApplyResourceChange"][1])
    handler = service.handlers["/tfplugin6.Provider/ApplyResourceChange"]
    answer = pb.ApplyResourceChange.Response.FromString(handler(request.SerializeToString()))
    assert unpack(answer.new_state.msgpack) == WITHHELD
    assert [d.summary for d in answer.diagnostics] == ["done badly"]


def test_an_invalid_diagnostic_does_not_lose_the_state(
    pb: ModuleType, provider: ToyProvider, service: Service
) -> None:
    def apply(prior: Any, planned: Any, config: Any, private: bytes, diagnostics: Any) -> Stored:
        diagnostics.append("text")
        return Stored(planned, private)

    provider.thing.answers["apply"] = apply
    request = pb.ApplyResourceChange.Request(**CASES["ApplyResourceChange"][1])
    handler = service.handlers["/tfplugin6.Provider/ApplyResourceChange"]
    answer = pb.ApplyResourceChange.Response.FromString(handler(request.SerializeToString()))
    assert unpack(answer.new_state.msgpack) == WITHHELD
    assert [d.summary for d in answer.diagnostics] == ["The provider failed on the apply of toy_thing"]


@pytest.mark.parametrize("junk", [b"\xc1", b"\xa5abc", pack({"unheard of": 1}), pack("text")])
def test_a_state_that_cannot_be_decoded_is_returned_unchanged(
    pb: ModuleType, service: Service, provider: ToyProvider, junk: bytes
) -> None:
    state = {"msgpack": junk}
    request = pb.ReadResource.Request(type_name="toy_thing", current_state=state, private=b"p")
    read = pb.ReadResource.Response.FromString(
        service.handlers["/tfplugin6.Provider/ReadResource"](request.SerializeToString())
    )
    assert (read.new_state, read.private, len(read.diagnostics)) == (pb.DynamicValue(**state), b"p", 1)
    request = pb.PlanResourceChange.Request(
        type_name="toy_thing", proposed_new_state=state, prior_private=b"p"
    )
    planned = pb.PlanResourceChange.Response.FromString(
        service.handlers["/tfplugin6.Provider/PlanResourceChange"](request.SerializeToString())
    )
    # A proposed state may hold secrets. They cannot be removed from one that cannot be decoded.
    assert not planned.HasField("planned_state")
    assert (planned.planned_private, len(planned.diagnostics)) == (b"p", 1)
    assert provider.thing.calls == []


def test_a_value_that_is_nested_too_deeply_is_refused(pb: ModuleType, service: Service) -> None:
    deep = b"\x91" * 200_000
    for value in ({"msgpack": b"\x81\xa4tags" + deep}, {"json": b'{"tags":' + b"[" * 200_000}):
        request = pb.ValidateResourceConfig.Request(type_name="toy_thing", config=value)
        handler = service.handlers["/tfplugin6.Provider/ValidateResourceConfig"]
        answer = pb.ValidateResourceConfig.Response.FromString(handler(request.SerializeToString()))
        assert [d.summary for d in answer.diagnostics] == ["The provider failed on the check of toy_thing"]


NOTHING_TO_READ = {
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "StopProvider",
    "GetFunctions",
}


def errors(answer: Any) -> list[str]:
    """The texts of a response's errors, in the field that this message has for them."""
    if hasattr(answer, "completed"):
        answer = answer.completed
    if hasattr(answer, "diagnostic"):
        return [d.summary for d in answer.diagnostic if d.severity == 1 and d.summary and d.detail]
    if hasattr(answer, "Error"):
        return [answer.Error] if answer.Error else []
    if hasattr(answer, "error"):
        return [answer.error.text] if answer.error.text else []
    return [d.summary for d in answer.diagnostics if d.severity == 1 and d.summary and d.detail]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.one_of(st.binary(max_size=200), st.sampled_from([b"", b"\xff", b"\x0a\xff", b"\x0a\x02\xc3\x28"]))
)
def test_random_bytes_into_every_handler_are_answered_with_an_error(pb: ModuleType, data: bytes) -> None:
    service = Service(ToyProvider())
    for name, rpc in RPCS.items():
        kinds = getattr(pb, name)
        if rpc.streams:
            (event,) = service.streams[rpc.path](data)
            answer = kinds.Event.FromString(event)
        else:
            answer = kinds.Response.FromString(service.handlers[rpc.path](data))
        if name not in NOTHING_TO_READ:
            assert errors(answer)


def test_every_call_of_the_tables_is_served(service: Service) -> None:
    assert set(service.handlers) == {rpc.path for rpc in RPCS.values() if not rpc.streams}
    assert set(service.streams) == {rpc.path for rpc in RPCS.values() if rpc.streams}


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_random_values_in_well_formed_requests_are_answered(pb: ModuleType, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(CASES)))
    fields = dict(CASES[name][1])
    good = pack(data.draw(st.sampled_from([None, NULLS, PRIOR, PROPOSED])))
    cut = data.draw(st.integers(0, len(good)))
    for field, value in fields.items():
        if isinstance(value, dict) and value.keys() <= {"msgpack", "json"}:
            damaged = (
                good[:cut] + data.draw(st.binary(max_size=4)) + good[cut + data.draw(st.integers(0, 3)) :]
            )
            fields[field] = data.draw(st.sampled_from([{"msgpack": damaged}, {"json": damaged}, {}]))
            if field in ("raw_state", "source_state", "raw_identity"):
                fields[field] = {"json": damaged}
    if name in ("ReadResource", "PlanResourceChange", "ApplyResourceChange", "ImportResourceState"):
        field = {"ReadResource": "current_identity", "PlanResourceChange": "prior_identity"}.get(
            name, "planned_identity"
        )
        identity = {"identity_data": {"msgpack": data.draw(st.binary(max_size=8))}}
        fields["identity" if name == "ImportResourceState" else field] = identity
    kinds, path = getattr(pb, name), f"/tfplugin6.Provider/{name}"
    request = kinds.Request(**fields).SerializeToString()
    service = Service(ToyProvider())
    if path in service.handlers:
        kinds.Response.FromString(service.handlers[path](request))
    else:
        for event in service.streams[path](request):
            kinds.Event.FromString(event)

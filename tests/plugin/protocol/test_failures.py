"""An exception never leaves a handler, is reported without its text, and loses no state."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, NoReturn

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Planned, Stored
from immuta_provider.plugin.protocol.service import Service
from support.plugin_messages import ask, dynamic, error, problems, stored, summaries
from support.terraform_values import pack, unpack
from support.toy_provider import NULLS, ToyProvider, thing

Fields = dict[str, Any]

SECRET = "failing-secret"
ERRORS = (KeyError, ValueError, RecursionError, MemoryError, SystemExit, KeyboardInterrupt)


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def method(*arguments: Any) -> NoReturn:
        diagnostics = arguments[-1]
        if isinstance(diagnostics, Diagnostics):
            diagnostics.warning("warned before")
        raise error

    return method


PRIOR = thing(id="1", name="prior")
PROPOSED = thing(id="1", name="proposed", password=SECRET, owner={"name": "o", "token": SECRET})
WITHHELD = thing(id="1", name="proposed", owner={"name": "o", "token": None})
RESOURCE: Fields = {"type_name": "toy_thing"}
BLOCK: Fields = {"config": dynamic({"host": "h", "api_key": SECRET, "headers": None})}
SOURCE: Fields = {**RESOURCE, "config": dynamic({"name": "n", "token": SECRET, "size": None})}
KEY: Fields = {"type_name": "toy_key", "config": dynamic({"name": "n", "password": SECRET, "key": None})}
OPENED: Fields = {"type_name": "toy_key", "private": b"private"}
QUERY: Fields = {**RESOURCE, "config": dynamic({"prefix": None, "token": SECRET})}
POKE: Fields = {"action_type": "toy_poke", "config": dynamic({"id": "1", "password": SECRET})}
CONFIG: Fields = {
    **RESOURCE,
    "config": dynamic({**PROPOSED, "id": None}),
    "client_capabilities": {"write_only_attributes_allowed": True},
}
PLAN: Fields = {
    **RESOURCE,
    "prior_state": dynamic(PRIOR),
    "proposed_new_state": dynamic(PROPOSED),
    "config": dynamic(PROPOSED),
    "prior_private": b"private",
}
APPLY: Fields = {
    **RESOURCE,
    "prior_state": dynamic(PRIOR),
    "planned_state": dynamic(PROPOSED),
    "config": dynamic(PROPOSED),
    "planned_private": b"private",
}
STATE: Fields = {**RESOURCE, "version": 3, "raw_state": stored({"password": SECRET})}
READ: Fields = {**RESOURCE, "current_state": dynamic(PRIOR), "private": b"private"}
MOVE: Fields = {
    "target_type_name": "toy_thing",
    "source_type_name": "old",
    "source_state": stored({"a": "b"}),
}
IDENTITY: Fields = {**RESOURCE, "version": 1, "raw_identity": stored({"a": "b"})}

# The method that fails in a call with these fields, and its name in the error.
CASES: dict[str, tuple[str, Fields, str]] = {
    "ValidateProviderConfig": ("provider.validate", BLOCK, "the check of its provider block"),
    "ConfigureProvider": ("provider.configure", BLOCK, "its configuration"),
    "ValidateResourceConfig": ("validate", CONFIG, "the check of toy_thing"),
    "UpgradeResourceState": ("upgrade", STATE, "the stored state of toy_thing"),
    "ReadResource": ("read", READ, "the read of toy_thing"),
    "PlanResourceChange": ("plan", PLAN, "the plan of toy_thing"),
    "ApplyResourceChange": ("apply", APPLY, "the apply of toy_thing"),
    "ImportResourceState": ("import_state", {**RESOURCE, "id": SECRET}, "the import of toy_thing"),
    "MoveResourceState": ("move", MOVE, "the move of toy_thing"),
    "UpgradeResourceIdentity": ("upgrade_identity", IDENTITY, "the stored identity of toy_thing"),
    "ValidateDataResourceConfig": ("source.validate", SOURCE, "the check of the data source toy_thing"),
    "ReadDataSource": ("source.read", SOURCE, "the read of the data source toy_thing"),
    "ValidateEphemeralResourceConfig": ("key.validate", KEY, "the check of the ephemeral resource toy_key"),
    "OpenEphemeralResource": ("key.open", KEY, "the opening of the ephemeral resource toy_key"),
    "RenewEphemeralResource": ("key.renew", OPENED, "the renewal of the ephemeral resource toy_key"),
    "CloseEphemeralResource": ("key.close", OPENED, "the closing of the ephemeral resource toy_key"),
    "ValidateListResourceConfig": ("list.validate", QUERY, "the check of the list of toy_thing"),
    "ListResource": ("list.list", {**QUERY, "limit": 5}, "the list of toy_thing"),
    "ValidateActionConfig": ("action.validate", POKE, "the check of the action toy_poke"),
    "PlanAction": ("action.plan", POKE, "the plan of the action toy_poke"),
    "InvokeAction": ("action.invoke", POKE, "the action toy_poke"),
}

KEPT: dict[str, tuple[str, Any, str]] = {
    "ReadResource": ("new_state", PRIOR, "private"),
    "PlanResourceChange": ("planned_state", WITHHELD, "planned_private"),
    "ApplyResourceChange": ("new_state", PRIOR, "private"),
}


@pytest.mark.parametrize("kind", ERRORS)
@pytest.mark.parametrize("name", CASES)
def test_an_exception_is_reported_without_its_text_and_keeps_the_state(
    pb: ModuleType,
    call: Any,
    provider: ToyProvider,
    log_lines: list[bytes],
    name: str,
    kind: type[BaseException],
) -> None:
    method, fields, what = CASES[name]
    owner, _, method = method.rpartition(".")
    target: Any = provider if owner == "provider" else getattr(provider, owner or "thing")
    target.answers[method] = raising(kind(f"cannot use {SECRET}"))
    answer = call(name, **fields)
    if name in ("InvokeAction", "ListResource"):
        (answer,) = answer
    diagnostics = problems(answer)

    assert [(d.severity, d.summary) for d in diagnostics] == [
        (pb.Diagnostic.WARNING, "warned before"),
        (pb.Diagnostic.ERROR, f"The provider failed on {what}"),
    ]
    where, advice = diagnostics[1].detail.split("\n\n")
    line = raising.__code__.co_firstlineno + 5
    assert re.fullmatch(rf"{kind.__name__} at support.toy_provider:.*\(raised in .*:{line}\)", where)
    lacks_memory = kind is MemoryError
    assert advice.startswith(
        "The provider has no memory left." if lacks_memory else "This is a bug in the provider"
    )
    assert SECRET.encode() not in answer.SerializeToString() + b"".join(log_lines)
    assert "Traceback" not in str(answer)
    assert [json.loads(line)["@message"] for line in log_lines] == ["a call failed", "answered"]

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


def test_an_exception_of_a_function_is_the_error_of_its_call(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.function.answers["call"] = raising(ValueError(SECRET))
    answer = call("CallFunction", name="join", arguments=[dynamic("a"), dynamic(1)])
    start = "The provider failed on the function join: ValueError at support.toy_provider:"
    assert answer.error.text.startswith(start)
    assert answer == pb.CallFunction.Response(error={"text": answer.error.text})
    assert SECRET not in str(answer)


def test_an_exception_of_stop_is_the_error_of_the_stop(call: Any, provider: ToyProvider) -> None:
    provider.answers["stop"] = raising(ValueError(SECRET))
    answer = call("StopProvider")
    assert answer.Error.startswith("The provider failed on stopping: ValueError at support.toy_provider:")
    assert SECRET not in answer.Error


def test_an_exception_while_the_schemas_are_encoded_is_not_cached(call: Any, provider: ToyProvider) -> None:
    schema, provider.schema = provider.schema, None  # type: ignore[assignment]
    assert summaries(call("GetProviderSchema")) == ["The provider failed on its schemas"]
    provider.schema = schema
    assert summaries(call("GetProviderSchema")) == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("ReadResource", None),
        ("ReadResource", Stored({"unheard of": 1})),
        ("ReadResource", Stored({"name": 5})),
        ("PlanResourceChange", None),
        ("PlanResourceChange", Planned({"name": SECRET, "size": SECRET})),
        ("PlanResourceChange", Planned(None, b"", (5,))),  # type: ignore[arg-type]
        ("ApplyResourceChange", None),
        ("ApplyResourceChange", Stored("text")),  # type: ignore[arg-type]
        ("ApplyResourceChange", Stored(None, "text")),  # type: ignore[arg-type]
    ],
)
def test_a_result_that_cannot_be_encoded_is_a_failure_that_keeps_the_state(
    call: Any, provider: ToyProvider, name: str, wrong: Any
) -> None:
    method, fields, what = CASES[name]
    provider.thing.answers[method] = lambda *_: wrong
    answer = call(name, **fields)
    state, value, private = KEPT[name]
    assert summaries(answer) == [f"The provider failed on {what}"]
    assert (unpack(getattr(answer, state).msgpack), getattr(answer, private)) == (value, b"private")
    assert SECRET.encode() not in answer.SerializeToString()


def test_apply_stores_the_valid_attributes_beside_an_invalid_one(call: Any, provider: ToyProvider) -> None:
    made = {"id": "made", "name": 5, "size": 3, "owner": {"name": [], "token": SECRET}, "unheard of": 1}
    provider.thing.answers["apply"] = lambda *_: Stored(made, b"made")
    answer = call("ApplyResourceChange", **{**APPLY, "prior_state": dynamic(None)})
    assert (unpack(answer.new_state.msgpack), answer.private) == (thing(id="made", size=3), b"made")
    assert summaries(answer) == ["The provider failed on the apply of toy_thing"]


def applying(diagnose: Callable[[Any], object]) -> Callable[..., Stored]:
    """An apply that does what was planned, and has a diagnostic."""

    def apply(prior: Any, planned: Any, config: Any, private: bytes, diagnostics: Diagnostics) -> Stored:
        diagnose(diagnostics)
        return Stored(planned, private)

    return apply


@pytest.mark.parametrize(
    ("path", "shown"), [((None,), ()), ((5.5, "name"), ()), (("name", object()), ("name",))]
)
def test_a_diagnostic_with_an_invalid_path_is_shown_without_it(
    pb: ModuleType, call: Any, provider: ToyProvider, path: Any, shown: tuple[str, ...]
) -> None:
    provider.thing.answers["apply"] = applying(lambda diagnostics: diagnostics.error("done badly", "", path))
    answer = call("ApplyResourceChange", **APPLY)
    assert unpack(answer.new_state.msgpack) == WITHHELD
    assert problems(answer) == [pb.Diagnostic(**error("done badly", "", *shown))]


def test_an_invalid_diagnostic_does_not_lose_the_state(call: Any, provider: ToyProvider) -> None:
    provider.thing.answers["apply"] = applying(lambda diagnostics: diagnostics.append("text"))
    answer = call("ApplyResourceChange", **APPLY)
    assert unpack(answer.new_state.msgpack) == WITHHELD
    assert summaries(answer) == ["The provider failed on the apply of toy_thing"]


@pytest.mark.parametrize("junk", [b"\xc1", b"\xa5abc", pack({"unheard of": 1}), pack("text")])
def test_a_state_that_cannot_be_decoded_is_returned_unchanged(
    pb: ModuleType, call: Any, provider: ToyProvider, junk: bytes
) -> None:
    state = {"msgpack": junk}
    read = call("ReadResource", type_name="toy_thing", current_state=state, private=b"p")
    assert (read.new_state, read.private, len(read.diagnostics)) == (pb.DynamicValue(**state), b"p", 1)
    planned = call("PlanResourceChange", type_name="toy_thing", proposed_new_state=state, prior_private=b"p")
    # A proposed state may hold secrets. They cannot be removed from one that cannot be decoded.
    assert not planned.HasField("planned_state")
    assert (planned.planned_private, len(planned.diagnostics)) == (b"p", 1)
    assert provider.thing.calls == []


@pytest.mark.parametrize(
    "value", [{"msgpack": b"\x81\xa4tags" + b"\x91" * 200_000}, {"json": b'{"tags":' + b"[" * 200_000}]
)
def test_a_value_that_is_nested_too_deeply_is_refused(call: Any, value: dict[str, bytes]) -> None:
    answer = call("ValidateResourceConfig", type_name="toy_thing", config=value)
    assert summaries(answer) == ["The provider failed on the check of toy_thing"]


NOTHING_TO_READ = {
    "GetMetadata",
    "GetProviderSchema",
    "GetResourceIdentitySchemas",
    "StopProvider",
    "GetFunctions",
}


def errors(answer: Any) -> list[str]:
    """The texts of a response's errors, in the field that this message has for them."""
    if hasattr(answer, "error"):
        return [answer.error.text]
    return [d.summary for d in problems(answer) if d.severity == 1 and d.detail]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.one_of(st.binary(max_size=200), st.sampled_from([b"", b"\xff", b"\x0a\xff", b"\x0a\x02\xc3\x28"]))
)
def test_random_bytes_into_every_handler_are_answered_with_an_error(pb: ModuleType, data: bytes) -> None:
    service = Service(ToyProvider())
    answers = {path: [handler(data)] for path, handler in service.handlers.items()}
    answers |= {path: list(stream(data)) for path, stream in service.streams.items()}
    for path, (answer,) in answers.items():
        name = path.rpartition("/")[2]
        kinds = getattr(pb, name)
        decoded = (kinds.Event if path in service.streams else kinds.Response).FromString(answer)
        if name not in NOTHING_TO_READ:
            assert any(errors(decoded))


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
    problems(ask(pb, Service(ToyProvider()), name, **fields))

"""Advice of the plugin library, followed: the same call with what is said, of the provider that is said, has no error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

import pytest
from immuta_provider.plugin import log
from immuta_provider.plugin.interfaces import Stored
from immuta_provider.plugin.protocol import messages
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import IdentitySchema, Schema
from support.terraform_values import pack, unpack
from support.toy_provider import PLAIN, THING, THING_IDENTITY, ToyList, ToyProvider, ToyResource, thing

Fields = dict[str, Any]
Change = Callable[[ToyProvider], object]


def dynamic(value: Any) -> Fields:
    return {"msgpack": pack(value)}


def stored(value: Any) -> Fields:
    return {"json": json.dumps(value).encode()}


def ask(rpc: messages.Rpc, fields: Fields, change: Change | None) -> list[str]:
    """The texts of the errors of a call, of a provider that `change` has made another one."""
    provider = ToyProvider()
    if change is not None:
        change(provider)
    service = Service(provider)
    request = rpc.request.encode(fields)
    if rpc.path in service.handlers:
        answer = rpc.response.decode(service.handlers[rpc.path](request))
        error = answer.get("error")
        return [error["text"]] if error else [d["detail"] for d in answer.get("diagnostics", ())]
    events = [rpc.response.decode(event) for event in service.streams[rpc.path](request)]
    ends = (event.get("completed") or event for event in events)
    return [d["detail"] for end in ends for d in end.get("diagnostics", end.get("diagnostic", ()))]


def newer(provider: ToyProvider) -> None:
    """A version of the provider that stores more."""
    provider.thing.schema = Schema(THING.attributes, version=THING.version + 1)
    provider.thing.identity = IdentitySchema(THING_IDENTITY.attributes, version=THING_IDENTITY.version + 1)
    plain = ToyResource(PLAIN, IdentitySchema(THING_IDENTITY.attributes, version=1))
    provider.resources = {"toy_thing": provider.thing, "toy_plain": plain, "toy_other": ToyResource(PLAIN)}
    provider.list_resources = {"toy_thing": provider.list, "toy_plain": ToyList()}


def raises(error: BaseException) -> Callable[..., NoReturn]:
    def answer(*_: Any) -> NoReturn:
        raise error

    return answer


def fails(method: str, error: BaseException) -> Change:
    return lambda provider: provider.thing.answers.update({method: raises(error)})


class Advice(NamedTuple):
    """The call with these `fields` is told `said`; each of `ways` changes the fields, the provider, or both."""

    rpc: messages.Rpc
    fields: Fields
    said: str
    ways: Mapping[str, tuple[Fields, Change | None]]
    wrong: Change | None = None


STATE = stored({"id": "1", "name": "n"})
VERSION = "Use the provider version that wrote the {}, or a newer one."
NO_MEMORY = "Raise the limit of the shell (`ulimit -v`) or of the container, or run Terraform with a smaller `-parallelism`."
READ = {"type_name": "toy_thing", "current_state": dynamic(thing(id="1", name="n"))}
CONFIG = thing(name="n", password="a password")

ADVICE: dict[str, Advice] = {
    "a state of a newer provider": Advice(
        messages.UPGRADE_RESOURCE_STATE,
        {"type_name": "toy_thing", "version": 4, "raw_state": STATE},
        VERSION.format("state"),
        {"newer": ({}, newer)},
    ),
    "an identity of a newer provider": Advice(
        messages.UPGRADE_RESOURCE_IDENTITY,
        {"type_name": "toy_thing", "version": 3, "raw_identity": stored({"id": "1"})},
        VERSION.format("identity"),
        {"newer": ({}, newer)},
    ),
    "an identity of a type that had none": Advice(
        messages.UPGRADE_RESOURCE_IDENTITY,
        {"type_name": "toy_plain", "version": 1, "raw_identity": stored({"id": "1"})},
        VERSION.format("state"),
        {"newer": ({}, newer)},
    ),
    "a state of Terraform 0.11": Advice(
        messages.UPGRADE_RESOURCE_STATE,
        {"type_name": "toy_thing", "version": 3, "raw_state": {"flatmap": {"id": "1"}}},
        "Apply with Terraform 0.12 first, then with this version.",
        {"what 0.12 stores": ({"raw_state": STATE}, None)},
    ),
    "a damaged state": Advice(
        messages.UPGRADE_RESOURCE_STATE,
        {"type_name": "toy_thing", "version": 3, "raw_state": stored({"size": "large"})},
        "Restore it from a backup.",
        {"the backup": ({"raw_state": STATE}, None)},
    ),
    "an unknown type": Advice(
        messages.UPGRADE_RESOURCE_STATE,
        {"type_name": "toy_other", "version": 0, "raw_state": stored({"id": "1"})},
        "Correct the name, or use a provider version that has it.",
        {"the name": ({"type_name": "toy_plain"}, None), "newer": ({}, newer)},
    ),
    "a list of a type without an identity": Advice(
        messages.LIST_RESOURCE,
        {"type_name": "toy_plain", "config": dynamic({"prefix": None, "token": None}), "limit": 5},
        "Remove its `list` block, or use a provider version in which the type has an identity.",
        {"newer": ({}, newer), "of another": ({"type_name": "toy_thing"}, None)},
        lambda provider: provider.list_resources.update(toy_plain=ToyList()),
    ),
    "an import by the identity of a type that has none": Advice(
        messages.IMPORT_RESOURCE_STATE,
        {"type_name": "toy_plain", "identity": {"identity_data": dynamic({"id": "1", "zones": None})}},
        "Write `id = ...` in the import block instead of `identity`.",
        {"id": ({"identity": None, "id": "1"}, None)},
    ),
    "too few arguments of a function": Advice(
        messages.CALL_FUNCTION,
        {"name": "join", "arguments": [dynamic(",")]},
        "Correct the call.",
        {"corrected": ({"arguments": [dynamic(","), dynamic(1)]}, None)},
    ),
    "a computed attribute that is configured": Advice(
        messages.VALIDATE_RESOURCE_CONFIG,
        {"type_name": "toy_thing", "config": dynamic(thing(id="1", name="n"))},
        "Remove it from the configuration.",
        {"removed": ({"config": dynamic(thing(name="n"))}, None)},
    ),
    "a required attribute that is null": Advice(
        messages.READ_DATA_SOURCE,
        {"type_name": "toy_thing", "config": dynamic({"name": None, "token": None, "size": None})},
        "Set name.",
        {"set": ({"config": dynamic({"name": "n", "token": None, "size": None})}, None)},
    ),
    "a write-only attribute in an old Terraform": Advice(
        messages.VALIDATE_RESOURCE_CONFIG,
        {"type_name": "toy_thing", "config": dynamic(CONFIG)},
        "Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.",
        {"1.11": ({"client_capabilities": {"write_only_attributes_allowed": True}}, None)},
    ),
    "an action that fails": Advice(
        messages.INVOKE_ACTION,
        {"action_type": "toy_poke", "config": dynamic({"id": "1", "password": None})},
        "The action may have been done nevertheless. Check its effect before you run it again.",
        {"again": ({}, None)},
        lambda provider: provider.action.answers.update(invoke=raises(KeyError("x"))),
    ),
    "no memory": Advice(
        messages.READ_RESOURCE,
        READ,
        NO_MEMORY,
        {"more": ({}, None)},
        fails("read", MemoryError()),
    ),
}
WAYS = [(name, way) for name, advice in ADVICE.items() for way in advice.ways]


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}: {way}" for name, way in WAYS])
def test_advice_of_the_plugin_leads_out(name: str, way: str) -> None:
    advice = ADVICE[name]
    (said,) = ask(advice.rpc, advice.fields, advice.wrong)
    assert advice.said in said
    fields, change = advice.ways[way]
    assert ask(advice.rpc, {**advice.fields, **fields}, change) == []


def test_a_bug_is_reported_with_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log of the run that is advised has the place of the bug, beside every call that was answered."""
    bug = fails("read", KeyError("x"))
    (said,) = ask(messages.READ_RESOURCE, READ, bug)
    assert "Run again with TF_LOG=DEBUG and report the line above with the log." in said
    lines: list[bytes] = []
    debug = log.Log({"TF_LOG": "DEBUG"}, lines.append)
    monkeypatch.setattr(log, "error", debug.error)
    ask(messages.READ_RESOURCE, READ, bug)
    (entry,) = (json.loads(line) for line in lines)
    assert entry["error"] == said.split("\n\n")[0]
    assert "toy_provider" in entry["frames"]


def test_a_change_after_which_the_provider_failed_is_seen_in_the_next_plan() -> None:
    """The prior state is kept, so a refresh shows what was done."""
    provider = ToyProvider()
    service = Service(provider)
    prior, made = thing(id="1", name="n"), thing(id="1", name="changed")
    fails("apply", KeyError("x"))(provider)
    rpc = messages.APPLY_RESOURCE_CHANGE
    request = {
        "type_name": "toy_thing",
        "prior_state": dynamic(prior),
        "planned_state": dynamic(made),
        "config": dynamic(made),
    }
    answer = rpc.response.decode(service.handlers[rpc.path](rpc.request.encode(request)))
    assert "Run `terraform plan` to see the difference." in answer["diagnostics"][0]["detail"]
    provider.thing.answers["read"] = lambda state, private, diagnostics: Stored(made, private)
    read = messages.READ_RESOURCE
    refreshed = read.response.decode(
        service.handlers[read.path](
            read.request.encode({"type_name": "toy_thing", "current_state": answer["new_state"]})
        )
    )
    assert unpack(refreshed["new_state"]["msgpack"]) == made != unpack(answer["new_state"]["msgpack"])

"""Advice of the plugin library, followed: the same call with what its error asks for has no error."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, NamedTuple, NoReturn

import pytest
from immuta_provider.plugin import log
from immuta_provider.plugin.interfaces import Stored
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import IdentitySchema, Schema
from support.plugin_messages import ask, dynamic, problems, stored
from support.terraform_values import unpack
from support.toy_provider import PLAIN, THING, THING_IDENTITY, ToyList, ToyProvider, ToyResource, thing

Fields = dict[str, Any]
Change = Callable[[ToyProvider], object]


def details(pb: ModuleType, name: str, fields: Fields, change: Change | None) -> list[str]:
    """The errors of a call, of a provider that `change` has made another one, without the place of a bug."""
    provider = ToyProvider()
    if change is not None:
        change(provider)
    answer = ask(pb, Service(provider), name, **fields)
    if name == "CallFunction":
        return [answer.error.text] if answer.HasField("error") else []
    return [each.detail.split("\n\n")[-1] for each in problems(answer)]


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
    """A call with these `fields` has this error; each of `ways` changes the fields, the provider, or both."""

    name: str
    fields: Fields
    error: str
    ways: Mapping[str, tuple[Fields, Change | None]]
    wrong: Change | None = None


STATE = stored({"id": "1", "name": "n"})
READ = {"type_name": "toy_thing", "current_state": dynamic(thing(id="1", name="n"))}
CONFIG = thing(name="n", password="a password")

ADVICE: dict[str, Advice] = {
    "a state of a newer provider": Advice(
        "UpgradeResourceState",
        {"type_name": "toy_thing", "version": 4, "raw_state": STATE},
        "toy_thing was stored in version 4 of its schema, and this provider supports versions up to 3. Use the provider "
        "version that wrote the state, or a newer one.",
        {"newer": ({}, newer)},
    ),
    "an identity of a newer provider": Advice(
        "UpgradeResourceIdentity",
        {"type_name": "toy_thing", "version": 3, "raw_identity": stored({"id": "1"})},
        "the identity of toy_thing was stored in version 3 of its schema, and this provider supports versions up to 2. "
        "Use the provider version that wrote the identity, or a newer one.",
        {"newer": ({}, newer)},
    ),
    "an identity of a type that had none": Advice(
        "UpgradeResourceIdentity",
        {"type_name": "toy_plain", "version": 1, "raw_identity": stored({"id": "1"})},
        "toy_plain has no resource identity in this version of the provider. Use the provider version that wrote the "
        "state, or a newer one.",
        {"newer": ({}, newer)},
    ),
    "a state of Terraform 0.11": Advice(
        "UpgradeResourceState",
        {"type_name": "toy_thing", "version": 3, "raw_state": {"flatmap": {"id": "1"}}},
        "toy_thing was stored by Terraform 0.11 or older. Apply with Terraform 0.12 first, then with this version.",
        {"what 0.12 stores": ({"raw_state": STATE}, None)},
    ),
    "a damaged state": Advice(
        "UpgradeResourceState",
        {
            "type_name": "toy_thing",
            "version": 3,
            "raw_state": stored(
                {"size": "hunter2", "name": ["a"], "hint": "fits", "password": ["never stored"]}
            ),
        },
        "the state of toy_thing has a value that is not of the schema's type in name, size. The state was changed by hand"
        " or by another program. Restore it from a backup. Without a backup, remove the resource from the state "
        "(`terraform state rm ADDRESS`) and import it again.",
        {"the backup": ({"raw_state": STATE}, None)},
    ),
    "an unknown type": Advice(
        "UpgradeResourceState",
        {"type_name": "toy_other", "version": 0, "raw_state": stored({"id": "1"})},
        "this provider has no resource type toy_other. It has toy_plain, toy_thing. Correct the name, or use a provider "
        "version that has it.",
        {"the name": ({"type_name": "toy_plain"}, None), "newer": ({}, newer)},
    ),
    "a list of a type without an identity": Advice(
        "ListResource",
        {"type_name": "toy_plain", "config": dynamic({"prefix": None, "token": None}), "limit": 5},
        "toy_plain has no resource identity, so it cannot be listed. Remove its `list` block, or use a provider version "
        "in which the type has an identity.",
        {"newer": ({}, newer), "of another": ({"type_name": "toy_thing"}, None)},
        lambda provider: provider.list_resources.update(toy_plain=ToyList()),
    ),
    "an import by the identity of a type that has none": Advice(
        "ImportResourceState",
        {"type_name": "toy_plain", "identity": {"identity_data": dynamic({"id": "1", "zones": None})}},
        "toy_plain has no resource identity, so it is imported by its id. Write `id = ...` in the import block instead of"
        " `identity`.",
        {"id": ({"identity": None, "id": "1"}, None)},
    ),
    "too few arguments of a function": Advice(
        "CallFunction",
        {"name": "join", "arguments": [dynamic(",")]},
        "Wrong number of arguments: join takes at least 2 arguments, not 1. Correct the call.",
        {"corrected": ({"arguments": [dynamic(","), dynamic(1)]}, None)},
    ),
    "a computed attribute that is configured": Advice(
        "ValidateResourceConfig",
        {"type_name": "toy_thing", "config": dynamic(thing(id="1", name="n"))},
        "id is computed by the provider and cannot be configured. Remove it from the configuration.",
        {"removed": ({"config": dynamic(thing(name="n"))}, None)},
    ),
    "a required attribute that is null": Advice(
        "ReadDataSource",
        {"type_name": "toy_thing", "config": dynamic({"name": None, "token": None, "size": None})},
        "name is required, but its value is null. Set name.",
        {"set": ({"config": dynamic({"name": "n", "token": None, "size": None})}, None)},
    ),
    "a write-only attribute in an old Terraform": Advice(
        "ValidateResourceConfig",
        {"type_name": "toy_thing", "config": dynamic(CONFIG)},
        "password is a write-only attribute, which must never be stored. This version of Terraform or OpenTofu would "
        "store it. Use Terraform 1.11 or newer, or OpenTofu 1.11 or newer.",
        {"1.11": ({"client_capabilities": {"write_only_attributes_allowed": True}}, None)},
    ),
    "an action that fails": Advice(
        "InvokeAction",
        {"action_type": "toy_poke", "config": dynamic({"id": "1", "password": None})},
        "This is a bug in the provider, not an error in your configuration. Run again with TF_LOG=DEBUG and report the "
        "line above with the log. The action may have been done nevertheless. Check its effect before you run it again.",
        {"again": ({}, None)},
        lambda provider: provider.action.answers.update(invoke=raises(KeyError("x"))),
    ),
    "no memory": Advice(
        "ReadResource",
        READ,
        "The provider has no memory left. Raise the limit of the shell (`ulimit -v`) or of the container, or run "
        "Terraform with a smaller `-parallelism`. The stored state is unchanged.",
        {"more": ({}, None)},
        fails("read", MemoryError()),
    ),
}
WAYS = [(name, way) for name, advice in ADVICE.items() for way in advice.ways]


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}: {way}" for name, way in WAYS])
def test_advice_of_the_plugin_leads_out(pb: ModuleType, name: str, way: str) -> None:
    advice = ADVICE[name]
    assert details(pb, advice.name, advice.fields, advice.wrong) == [advice.error]
    fields, change = advice.ways[way]
    assert details(pb, advice.name, {**advice.fields, **fields}, change) == []


def test_a_bug_is_reported_with_the_log(
    call: Any, provider: ToyProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of the run that is advised has the place of the bug, beside every call that was answered."""
    fails("read", KeyError("x"))(provider)
    lines: list[bytes] = []
    monkeypatch.setattr(log, "error", log.Log({"TF_LOG": "DEBUG"}, lines.append).error)
    (bug,) = problems(call("ReadResource", **READ))
    place, _, advice = bug.detail.partition("\n\n")
    assert "Run again with TF_LOG=DEBUG and report the line above with the log." in advice
    (entry,) = map(json.loads, lines)
    assert entry["error"] == place
    assert "toy_provider" in entry["frames"]


def test_a_change_after_which_the_provider_failed_is_seen_in_the_next_plan(
    call: Any, provider: ToyProvider
) -> None:
    """The prior state is kept, so a refresh shows what was done."""
    prior, made = thing(id="1", name="n"), thing(id="1", name="changed")
    fails("apply", KeyError("x"))(provider)
    states = {"prior_state": dynamic(prior), "planned_state": dynamic(made), "config": dynamic(made)}
    applied = call("ApplyResourceChange", type_name="toy_thing", **states)
    assert "Run `terraform plan` to see the difference." in applied.diagnostics[0].detail
    assert unpack(applied.new_state.msgpack) == prior
    provider.thing.answers["read"] = lambda state, private, diagnostics: Stored(made, private)
    refreshed = call("ReadResource", type_name="toy_thing", current_state=applied.new_state)
    assert unpack(refreshed.new_state.msgpack) == made

"""The RPCs of list resources."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Listed
from immuta_provider.plugin.values import UNKNOWN
from support.plugin_messages import dynamic, error, summaries, warning
from support.terraform_values import unpack
from support.toy_provider import ToyProvider, thing


def identity(id: str) -> dict[str, Any]:
    return {"identity_data": dynamic({"id": id, "zones": [1]})}


def listed(id: str, **state: Any) -> Listed:
    return Listed({"id": id, "zones": [1]}, f"thing {id}", thing(id=id, **state))


QUERY = {"type_name": "toy_thing", "config": dynamic({"prefix": "p", "token": "tok-of-query"}), "limit": 10}


def event(pb: ModuleType, id: str, *diagnostics: dict[str, Any]) -> Any:
    return pb.ListResource.Event(identity=identity(id), display_name=f"thing {id}", diagnostic=diagnostics)


def test_a_list_sends_identities_and_display_names(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.list.answers["list"] = lambda *_: iter([listed("1"), listed("2")])
    assert list(call("ListResource", **QUERY)) == [event(pb, "1"), event(pb, "2")]
    assert provider.list.calls == [("list", {"prefix": "p", "token": "tok-of-query"}, 10, False)]


def test_a_list_sends_the_resources_without_write_only_values_if_asked(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    found = listed("1", name="n", password="pass-listed", hint="hint-listed")

    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        assert include
        diagnostics.warning("seen", "hint-listed")
        yield found

    provider.list.answers["list"] = results
    (sent,) = call("ListResource", **QUERY, include_resource_object=True)
    assert unpack(sent.resource_object.msgpack) == thing(id="1", name="n", hint="hint-listed")
    sent.ClearField("resource_object")
    assert sent == event(pb, "1", warning("seen", "(redacted)"))


def test_without_a_config_block_every_attribute_is_null(call: Any, provider: ToyProvider) -> None:
    list(call("ListResource", type_name="toy_thing", config=dynamic(None), limit=5))
    call("ValidateListResourceConfig", type_name="toy_thing")
    nothing = {"prefix": None, "token": None}
    assert provider.list.calls == [("list", nothing, 5, False), ("validate", nothing)]


def test_a_display_name_is_redacted(call: Any, provider: ToyProvider) -> None:
    provider.list.answers["list"] = lambda *_: iter([Listed({"id": "1"}, "of tok-of-query")])
    (sent,) = call("ListResource", **QUERY)
    assert sent.display_name == "of (redacted)"


def test_a_list_ends_at_its_limit(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    ended = []

    def endless(*_: Any) -> Iterator[Listed]:
        try:
            for number in count(1):
                yield listed(str(number))
        finally:
            ended.append(number)

    provider.list.answers["list"] = endless
    assert list(call("ListResource", **{**QUERY, "limit": 3})) == [event(pb, each) for each in "123"]
    assert ended == [3]


def test_diagnostics_are_sent_with_the_next_result_or_alone(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        yield listed("1")
        diagnostics.warning("second is odd")
        yield listed("2")
        yield listed("3")
        diagnostics.warning("there may be more")

    provider.list.answers["list"] = results
    assert list(call("ListResource", **QUERY)) == [
        event(pb, "1"),
        event(pb, "2", warning("second is odd")),
        event(pb, "3"),
        pb.ListResource.Event(diagnostic=[warning("there may be more")]),
    ]


def test_an_error_ends_the_list(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        yield listed("1")
        diagnostics.error("broken")
        yield listed("2")
        raise AssertionError("the list continued")

    provider.list.answers["list"] = results
    broken = pb.ListResource.Event(diagnostic=[error("broken")])
    assert list(call("ListResource", **QUERY)) == [event(pb, "1"), broken]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        Listed({"id": 5}, "wrong type"),
        Listed({"id": UNKNOWN}, "unknown"),
        Listed({"unheard of": 1}, "unheard of"),
    ],
)
def test_a_result_that_cannot_be_encoded_is_a_failure(
    pb: ModuleType, call: Any, provider: ToyProvider, wrong: Any
) -> None:
    provider.list.answers["list"] = lambda *_: iter([listed("1"), wrong])
    first, last = call("ListResource", **QUERY)
    assert first == event(pb, "1")
    assert summaries(last) == ["The provider failed on the list of toy_thing"]
    assert not last.HasField("identity")


def test_a_type_without_identity_cannot_be_listed(call: Any, provider: ToyProvider) -> None:
    provider.list_resources["toy_plain"] = provider.list
    assert summaries(call("ListResource", **{**QUERY, "type_name": "toy_plain"})) == ["No resource identity"]

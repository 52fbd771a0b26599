"""The RPCs of list resources, by a real gRPC client."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Listed
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack, unpack
from support.toy_provider import ToyProvider, thing


def dynamic(value: Any) -> dict[str, bytes]:
    return {"msgpack": pack(value)}


def identity(id: str) -> dict[str, Any]:
    return {"identity_data": dynamic({"id": id, "zones": [1]})}


def listed(id: str, **state: Any) -> Listed:
    return Listed({"id": id, "zones": [1]}, f"thing {id}", thing(id=id, **state))


QUERY = {"type_name": "toy_thing", "config": dynamic({"prefix": "p", "token": "tok-of-query"}), "limit": 10}


def test_validate(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.list.answers["validate"] = lambda config, diagnostics: diagnostics.error(
        "odd", "not tok-of-query", ("prefix",)
    )
    answer = call("ValidateListResourceConfig", type_name="toy_thing", config=QUERY["config"])
    assert answer == pb.ValidateListResourceConfig.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "odd",
                "detail": "not (redacted)",
                "attribute": {"steps": [{"attribute_name": "prefix"}]},
            }
        ]
    )
    assert provider.list.calls == [("validate", {"prefix": "p", "token": "tok-of-query"})]


def test_a_list(pb: ModuleType, stream: Any, provider: ToyProvider) -> None:
    provider.list.answers["list"] = lambda *_: iter([listed("1"), listed("2")])
    assert list(stream("ListResource", **QUERY)) == [
        pb.ListResource.Event(identity=identity("1"), display_name="thing 1"),
        pb.ListResource.Event(identity=identity("2"), display_name="thing 2"),
    ]
    assert provider.list.calls == [("list", {"prefix": "p", "token": "tok-of-query"}, 10, False)]


def test_a_list_with_the_resources(pb: ModuleType, stream: Any, provider: ToyProvider) -> None:
    found = listed("1", name="n", password="pass-listed", hint="hint-listed")

    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        assert include
        diagnostics.warning("seen", "hint-listed")
        yield found

    provider.list.answers["list"] = results
    (event,) = stream("ListResource", **QUERY, include_resource_object=True)
    # Write-only values are always null.
    assert unpack(event.resource_object.msgpack) == thing(id="1", name="n", hint="hint-listed")
    event.ClearField("resource_object")
    assert event == pb.ListResource.Event(
        identity=identity("1"),
        display_name="thing 1",
        diagnostic=[{"severity": "WARNING", "summary": "seen", "detail": "(redacted)"}],
    )


def test_without_a_config_block_every_attribute_is_null(
    call: Any, stream: Any, provider: ToyProvider
) -> None:
    list(stream("ListResource", type_name="toy_thing", config=dynamic(None), limit=5))
    call("ValidateListResourceConfig", type_name="toy_thing")
    nothing = {"prefix": None, "token": None}
    assert provider.list.calls == [("list", nothing, 5, False), ("validate", nothing)]


def test_a_display_name_is_redacted(stream: Any, provider: ToyProvider) -> None:
    provider.list.answers["list"] = lambda *_: iter([Listed({"id": "1"}, "of tok-of-query")])
    (event,) = stream("ListResource", **QUERY)
    assert event.display_name == "of (redacted)"


def test_a_list_ends_at_its_limit(stream: Any, provider: ToyProvider) -> None:
    ended = []

    def endless(*_: Any) -> Iterator[Listed]:
        try:
            number = 0
            while True:
                number += 1
                yield listed(str(number))
        finally:
            ended.append(number)

    provider.list.answers["list"] = endless
    events = list(stream("ListResource", **{**QUERY, "limit": 3}))
    assert [event.display_name for event in events] == ["thing 1", "thing 2", "thing 3"]
    assert ended == [3]


def test_diagnostics_go_with_the_next_result_or_alone(
    pb: ModuleType, stream: Any, provider: ToyProvider
) -> None:
    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        yield listed("1")
        diagnostics.warning("second is odd")
        yield listed("2")
        yield listed("3")
        diagnostics.warning("there may be more")

    provider.list.answers["list"] = results
    odd, more = (
        [{"severity": "WARNING", "summary": text}] for text in ("second is odd", "there may be more")
    )
    assert list(stream("ListResource", **QUERY)) == [
        pb.ListResource.Event(identity=identity("1"), display_name="thing 1"),
        pb.ListResource.Event(identity=identity("2"), display_name="thing 2", diagnostic=odd),
        pb.ListResource.Event(identity=identity("3"), display_name="thing 3"),
        pb.ListResource.Event(diagnostic=more),
    ]


def test_an_error_ends_the_list(pb: ModuleType, stream: Any, provider: ToyProvider) -> None:
    def results(config: Any, limit: int, include: bool, diagnostics: Diagnostics) -> Iterator[Listed]:
        yield listed("1")
        diagnostics.error("broken")
        yield listed("2")
        raise AssertionError("the list went on")

    provider.list.answers["list"] = results
    assert list(stream("ListResource", **QUERY)) == [
        pb.ListResource.Event(identity=identity("1"), display_name="thing 1"),
        pb.ListResource.Event(diagnostic=[{"severity": "ERROR", "summary": "broken"}]),
    ]


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
    pb: ModuleType, stream: Any, provider: ToyProvider, wrong: Any
) -> None:
    provider.list.answers["list"] = lambda *_: iter([listed("1"), wrong])
    first, last = stream("ListResource", **QUERY)
    assert first == pb.ListResource.Event(identity=identity("1"), display_name="thing 1")
    assert [d.summary for d in last.diagnostic] == ["The provider failed on the list of toy_thing"]
    assert not last.HasField("identity")


def test_a_type_without_identity_cannot_be_listed(stream: Any, provider: ToyProvider) -> None:
    provider.list_resources["toy_plain"] = provider.list
    (event,) = stream("ListResource", **{**QUERY, "type_name": "toy_plain"})
    assert [d.summary for d in event.diagnostic] == ["No resource identity"]

"""The RPCs of data sources, by a real gRPC client."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack, unpack
from support.toy_provider import ToyProvider


def dynamic(**attributes: Any) -> dict[str, bytes]:
    return {"msgpack": pack({"name": None, "token": None, "size": None, **attributes})}


def test_validate(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def validate(config: Any, diagnostics: Diagnostics) -> None:
        diagnostics.error("odd name", "not tok-of-source", ("name",))
        # The resource of the same name has `size` too. Only it has `tags`.
        diagnostics.warning("odd size", "", ("size",))
        diagnostics.warning("odd tags", "", ("tags",))
        diagnostics.warning("odd token", "", ("token",))

    provider.source.answers["validate"] = validate
    config = dynamic(name=UNKNOWN, token="tok-of-source")
    answer = call("ValidateDataResourceConfig", type_name="toy_thing", config=config)
    assert answer == pb.ValidateDataResourceConfig.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "odd name",
                "detail": "not (redacted)",
                "attribute": {"steps": [{"attribute_name": "name"}]},
            },
            {
                "severity": "WARNING",
                "summary": "odd size",
                "attribute": {"steps": [{"attribute_name": "size"}]},
            },
            {"severity": "WARNING", "summary": "odd tags"},
            {"severity": "WARNING", "summary": "odd token"},
        ]
    )
    seen = {"name": UNKNOWN, "token": "tok-of-source", "size": None}
    assert provider.source.calls == [("validate", seen)]
    assert provider.thing.calls == []


def test_read(call: Any, provider: ToyProvider) -> None:
    def read(config: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("seen", "with afar-token")
        return {**config, "token": "afar-token", "size": 7}

    provider.source.answers["read"] = read
    answer = call("ReadDataSource", type_name="toy_thing", config=dynamic(name="n"))
    assert unpack(answer.state.msgpack) == {"name": "n", "token": "afar-token", "size": 7}
    # Secrets in the result are learned before the diagnostics are sent.
    assert [(d.summary, d.detail) for d in answer.diagnostics] == [("seen", "with (redacted)")]
    assert provider.source.calls == [("read", {"name": "n", "token": None, "size": None})]


def test_a_read_that_fails(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    # The path is in the schema of the resource of this name only.
    provider.source.answers["read"] = lambda config, diagnostics: diagnostics.error(
        "not there", "", ("tags",)
    )
    answer = call("ReadDataSource", type_name="toy_thing", config=dynamic(name="n"))
    refused = [{"severity": "ERROR", "summary": "not there"}]
    assert answer == pb.ReadDataSource.Response(diagnostics=refused)


def test_a_read_without_result_and_error_is_a_failure(call: Any, provider: ToyProvider) -> None:
    provider.source.answers["read"] = lambda config, diagnostics: None
    answer = call("ReadDataSource", type_name="toy_thing", config=dynamic(name="n"))
    assert not answer.HasField("state")
    assert [d.summary for d in answer.diagnostics] == [
        "The provider failed on the read of the data source toy_thing"
    ]
    assert "the data source was not read, and no error says why" in answer.diagnostics[0].detail

"""The RPCs of data sources."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.values import UNKNOWN
from support.plugin_messages import dynamic, error, summaries, warning
from support.terraform_values import unpack
from support.toy_provider import ToyProvider


def source(**attributes: Any) -> dict[str, Any]:
    config = {"name": None, "token": None, "size": None, **attributes}
    return {"type_name": "toy_thing", "config": dynamic(config)}


def test_paths_and_secrets_of_a_diagnostic_are_those_of_the_data_source(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    """The resource of the same name has `size` too. Only the resource has `tags`."""

    def validate(config: Any, diagnostics: Diagnostics) -> None:
        diagnostics.error("odd name", "not tok-of-source", ("name",))
        for name in ("size", "tags", "token"):
            diagnostics.warning(f"odd {name}", "", (name,))

    provider.source.answers["validate"] = validate
    answer = call("ValidateDataResourceConfig", **source(name=UNKNOWN, token="tok-of-source"))
    assert answer == pb.ValidateDataResourceConfig.Response(
        diagnostics=[
            error("odd name", "not (redacted)", "name"),
            warning("odd size", "", "size"),
            warning("odd tags"),
            warning("odd token"),
        ]
    )
    seen = {"name": UNKNOWN, "token": "tok-of-source", "size": None}
    assert provider.source.calls == [("validate", seen)]
    assert provider.thing.calls == []


def test_secrets_of_a_result_are_redacted_in_its_diagnostics(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def read(config: Any, diagnostics: Diagnostics) -> Any:
        diagnostics.warning("seen", "with afar-token")
        return {**config, "token": "afar-token", "size": 7}

    provider.source.answers["read"] = read
    answer = call("ReadDataSource", **source(name="n"))
    assert unpack(answer.state.msgpack) == {"name": "n", "token": "afar-token", "size": 7}
    answer.ClearField("state")
    assert answer == pb.ReadDataSource.Response(diagnostics=[warning("seen", "with (redacted)")])
    assert provider.source.calls == [("read", {"name": "n", "token": None, "size": None})]


def test_a_read_that_fails_has_diagnostics_alone(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    # The path is in the schema of the resource of this name only.
    provider.source.answers["read"] = lambda config, diagnostics: diagnostics.error(
        "not there", "", ("tags",)
    )
    answer = call("ReadDataSource", **source(name="n"))
    assert answer == pb.ReadDataSource.Response(diagnostics=[error("not there")])


def test_a_read_without_result_and_error_is_a_failure(call: Any, provider: ToyProvider) -> None:
    provider.source.answers["read"] = lambda config, diagnostics: None
    answer = call("ReadDataSource", **source(name="n"))
    assert not answer.HasField("state")
    assert summaries(answer) == ["The provider failed on the read of the data source toy_thing"]
    assert "the data source was not read, and no error says why" in answer.diagnostics[0].detail

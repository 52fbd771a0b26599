"""The RPCs of actions, by a real gRPC client."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.protocol import actions
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack
from support.toy_provider import ToyProvider

Progress = Callable[[str], None]


def poke(**attributes: Any) -> dict[str, Any]:
    return {
        "action_type": "toy_poke",
        "config": {"msgpack": pack({"id": "1", "password": None, **attributes})},
    }


ODD = [
    {
        "severity": "ERROR",
        "summary": "odd",
        "detail": "not (redacted)",
        "attribute": {"steps": [{"attribute_name": "id"}]},
    }
]


def test_validate(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.action.answers["validate"] = lambda config, diagnostics: diagnostics.error(
        "odd", "not pass-poked", ("id",)
    )
    answer = call("ValidateActionConfig", **poke(id=UNKNOWN, password="pass-poked"))
    assert answer == pb.ValidateActionConfig.Response(diagnostics=ODD)
    assert provider.action.calls == [("validate", {"id": UNKNOWN, "password": "pass-poked"})]


def test_plan(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.action.answers["plan"] = lambda config, diagnostics: diagnostics.error(
        "odd", "not pass-poked", ("id",)
    )
    capable = {"write_only_attributes_allowed": True}
    answer = call("PlanAction", **poke(id=UNKNOWN, password="pass-poked"), client_capabilities=capable)
    assert answer == pb.PlanAction.Response(diagnostics=ODD)
    assert provider.action.calls == [("plan", {"id": UNKNOWN, "password": "pass-poked"})]


def test_invoke(pb: ModuleType, stream: Any, provider: ToyProvider) -> None:
    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("poking")
        diagnostics.warning("slow", "as pass-poked")
        progress("poked with pass-poked")

    provider.action.answers["invoke"] = invoke
    events = list(stream("InvokeAction", **poke(password="pass-poked")))
    slow = {"severity": "WARNING", "summary": "slow", "detail": "as (redacted)"}
    assert events == [
        pb.InvokeAction.Event(progress={"message": "poking"}),
        pb.InvokeAction.Event(progress={"message": "poked with (redacted)"}),
        pb.InvokeAction.Event(completed={"diagnostics": [slow]}),
    ]
    assert provider.action.calls == [("invoke", {"id": "1", "password": "pass-poked"})]


def test_an_action_without_progress_completes(pb: ModuleType, stream: Any) -> None:
    (event,) = stream("InvokeAction", **poke())
    assert event == pb.InvokeAction.Event(completed={})
    assert event.HasField("completed")


def test_an_action_runs_where_the_system_has_no_thread_left(
    monkeypatch: pytest.MonkeyPatch, pb: ModuleType, stream: Any
) -> None:
    def refused(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(actions, "_thread", SimpleNamespace(start_new_thread=refused))
    assert list(stream("InvokeAction", **poke())) == [pb.InvokeAction.Event(completed={})]


def test_an_action_that_fails_after_progress_reports_the_error(
    pb: ModuleType, stream: Any, provider: ToyProvider
) -> None:
    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("poking")
        diagnostics.error("refused")
        progress("given up")

    provider.action.answers["invoke"] = invoke
    refused = {"severity": "ERROR", "summary": "refused"}
    assert list(stream("InvokeAction", **poke())) == [
        pb.InvokeAction.Event(progress={"message": "poking"}),
        pb.InvokeAction.Event(progress={"message": "given up"}),
        pb.InvokeAction.Event(completed={"diagnostics": [refused]}),
    ]


def test_progress_is_sent_while_the_action_runs(pb: ModuleType, stream: Any, provider: ToyProvider) -> None:
    seen = threading.Event()

    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("half way")
        assert seen.wait(20)

    provider.action.answers["invoke"] = invoke
    events = stream("InvokeAction", **poke())
    assert next(events) == pb.InvokeAction.Event(progress={"message": "half way"})
    seen.set()
    assert list(events) == [pb.InvokeAction.Event(completed={})]


def test_an_action_runs_to_its_end_when_its_client_leaves(
    pb: ModuleType, service: Service, provider: ToyProvider
) -> None:
    begun, left, done = threading.Event(), threading.Event(), threading.Event()

    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("begun")
        begun.set()
        assert left.wait(20)
        progress("nobody hears this")
        done.set()

    provider.action.answers["invoke"] = invoke
    request = pb.InvokeAction.Request(**poke()).SerializeToString()
    events: Any = service.streams["/tfplugin6.Provider/InvokeAction"](request)
    next(events)
    closing = threading.Thread(target=events.close)
    closing.start()
    assert begun.wait(20)
    assert closing.is_alive()
    left.set()
    closing.join(20)
    assert done.is_set()

"""The RPCs of actions."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.protocol import actions
from immuta_provider.plugin.protocol.service import Service
from support.plugin_messages import dynamic, error, warning
from support.toy_provider import ToyProvider

Progress = Callable[[str], None]


def poke(**attributes: Any) -> dict[str, Any]:
    return {"action_type": "toy_poke", "config": dynamic({"id": "1", "password": None, **attributes})}


def test_an_invocation_sends_its_progress_and_then_its_diagnostics(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("poking")
        diagnostics.warning("slow", "as pass-poked")
        diagnostics.error("refused")
        progress("stopped with pass-poked")

    provider.action.answers["invoke"] = invoke
    assert list(call("InvokeAction", **poke(password="pass-poked"))) == [
        pb.InvokeAction.Event(progress={"message": "poking"}),
        pb.InvokeAction.Event(progress={"message": "stopped with (redacted)"}),
        pb.InvokeAction.Event(
            completed={"diagnostics": [warning("slow", "as (redacted)"), error("refused")]}
        ),
    ]
    assert provider.action.calls == [("invoke", {"id": "1", "password": "pass-poked"})]


def test_an_action_without_progress_completes(pb: ModuleType, call: Any) -> None:
    (event,) = call("InvokeAction", **poke())
    assert event == pb.InvokeAction.Event(completed={})
    assert event.HasField("completed")


def test_an_action_runs_where_the_system_has_no_thread_left(
    monkeypatch: pytest.MonkeyPatch, pb: ModuleType, call: Any
) -> None:
    def refused(*_: Any) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(actions, "_thread", SimpleNamespace(start_new_thread=refused))
    assert list(call("InvokeAction", **poke())) == [pb.InvokeAction.Event(completed={})]


def test_progress_is_sent_while_the_action_runs(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    seen = threading.Event()

    def invoke(config: Any, progress: Progress, diagnostics: Diagnostics) -> None:
        progress("half way")
        assert seen.wait(20)

    provider.action.answers["invoke"] = invoke
    events = call("InvokeAction", **poke())
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

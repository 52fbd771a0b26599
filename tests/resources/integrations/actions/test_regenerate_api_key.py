"""The action's calls: validated, planned and invoked, with progress and with clear errors."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.plugin.values import UNKNOWN
from support.calls import Calls
from support.core import Core, InProcess
from table import numbered
from table.integrations import BASES, attributes

ACTION = "immuta_regenerate_api_key"


@pytest.fixture
def calls(transport: InProcess) -> Calls:
    """A provider whose Immuta has a Trino integration, 1, and one for Amazon S3, 2."""
    trino = Core("immuta_trino_integration", transport=transport)
    s3 = Core("immuta_amazon_s3_integration", transport=transport)
    assert trino.apply({}).diagnostics == s3.apply(attributes(numbered(BASES["s3"], 1))).diagnostics == []
    transport.order.clear()
    return Calls(transport)


def config(calls: Calls, id: Any) -> dict[str, Any]:
    type = calls.provider.actions[ACTION].schema.object_type
    return {"action_type": ACTION, "config": {"msgpack": msgpack.encoder(type)({"id": id})}}


def key(transport: InProcess) -> str:
    found: str = transport.control.stored_one("integrations", "1")["config"]["apiKey"]
    return found


def invoke(calls: Calls, id: str) -> list[Any]:
    """The text of each progress, and at the end the severity and the summary of each diagnostic."""
    events = calls.stream(messages.INVOKE_ACTION, **config(calls, id))
    return [
        event["progress"]["message"]
        if event["progress"] is not None
        else [(d["severity"], d["summary"]) for d in event["completed"]["diagnostics"]]
        for event in events
    ]


REQUESTED = "The request to regenerate the API key of integration 1 is sent."


def test_action_regenerates_the_key_and_reports_it(calls: Calls, transport: InProcess) -> None:
    before = key(transport)
    assert invoke(calls, " 1 ") == [
        REQUESTED,
        "Integration 1 has a new API key, and the old one does not work any more: put the new one on the cluster.",
        [],
    ]
    assert transport.order == ["regenerate"]
    assert key(transport) != before


def test_a_lost_answer_is_an_error_and_the_request_is_not_repeated(
    calls: Calls, transport: InProcess
) -> None:
    transport.fault("reset-after", operation="regenerate")
    assert invoke(calls, "1") == [
        REQUESTED,
        [(1, "It is not known whether the API key was regenerated")],
    ]
    assert transport.order == ["regenerate"]


def test_an_immuta_without_the_route_is_an_error(calls: Calls, transport: InProcess) -> None:
    transport.control.change_settings({"regenerate_route": False})
    assert invoke(calls, "1") == [REQUESTED, [(1, "This Immuta cannot regenerate API keys")]]


def test_a_provider_that_is_not_configured_plans_and_does_not_invoke(transport: InProcess) -> None:
    unknown = Calls(transport, host=None)
    assert invoke(unknown, "1") == [[(1, "Immuta cannot be reached yet")]]
    assert unknown.ask(messages.PLAN_ACTION, **config(unknown, "1")).diagnostics == []


@pytest.mark.parametrize(
    ("id", "diagnostics"),
    [
        ("1", []),
        (UNKNOWN, []),
        (
            "2",
            [
                (
                    "error",
                    "An integration without an API key",
                    "integration 2 is an Amazon S3 integration, for which Immuta makes no API key. Set `id` to the id of an "
                    "integration of another type: Starburst (Trino).",
                )
            ],
        ),
        ("7", [("error", "No such integration", "Immuta has no integration 7. Correct `id`.")]),
    ],
)
def test_the_plan_reads_the_integration(calls: Calls, id: Any, diagnostics: list[Any]) -> None:
    assert calls.ask(messages.PLAN_ACTION, **config(calls, id)).diagnostics == diagnostics


def test_the_plan_reports_a_refused_read(calls: Calls, transport: InProcess) -> None:
    transport.fault("forbidden", operation="list")
    [error] = calls.ask(messages.PLAN_ACTION, **config(calls, "1")).diagnostics
    assert error[:2] == ("error", "Immuta denied the permission")


@pytest.mark.parametrize(
    ("id", "diagnostics"),
    [
        ("1", []),
        (UNKNOWN, []),
        (
            " ",
            [
                (
                    "error",
                    "id is missing",
                    "every immuta_regenerate_api_key needs id, but id is empty text. Set id. Description: Immuta's id of the "
                    "integration, whose type is Starburst (Trino).",
                )
            ],
        ),
    ],
)
def test_an_empty_id_is_refused(calls: Calls, id: Any, diagnostics: list[Any]) -> None:
    assert calls.ask(messages.VALIDATE_ACTION_CONFIG, **config(calls, id)).diagnostics == diagnostics

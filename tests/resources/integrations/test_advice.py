"""Advice of data sources, ephemeral resources and the action: each way that the words name is followed to an answer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import pytest
from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.exchange import Response
from immuta_provider.api.http.settings import Settings as ImmutaSettings
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.resources.configured import Configured
from immuta_provider.resources.data_source import RecordData
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from support.core import InProcess
from support.fake_clock import FakeClock
from support.fake_transport import FakeTransport, reply
from support.made_up import SHELF
from support.reads import Reads
from table import changed
from table.integrations import BASES, by_hand, settings
from table.row import visible

ONE, ALL = "immuta_integration", "immuta_integrations"
EXISTING, NEW = "immuta_existing_integration_script", "immuta_integration_script"
TRINO = BASES["trino"]
KEY = "immuta_trino_api_key"
ACTION = "immuta_regenerate_api_key"

Ask = Callable[[Reads, InProcess], list[Any]]
"""Asks the provider for something, and returns the diagnostics."""
Change = Callable[[InProcess], object]
Way = Ask | tuple[Change, Ask]
"""A question, or a change of the world and then a question."""


class Advice(NamedTuple):
    """The diagnostics of `ask`, in the world that `before` makes, have `advice`; each of `ways` follows it."""

    ask: Ask
    advice: tuple[str, ...]
    ways: Mapping[str, Way]
    before: Change = lambda transport: None


def data(source: str, /, **arguments: Any) -> Ask:
    return lambda reads, transport: reads.data(source, **arguments).told


def ephemeral(source: str, /, **arguments: Any) -> Ask:
    return lambda reads, transport: reads.ephemeral(source, **arguments).told


def action(id: str) -> Ask:
    """The plan of the action, and its invocation if the plan has no error."""

    def ask(reads: Reads, transport: InProcess) -> list[Any]:
        type = reads.provider.actions[ACTION].schema.object_type
        config = {"action_type": ACTION, "config": {"msgpack": msgpack.encoder(type)({"id": id})}}
        planned = reads.ask(messages.PLAN_ACTION, **config).diagnostics
        if planned:
            return planned
        events = reads.stream(messages.INVOKE_ACTION, **config)
        return [(d["severity"], d["summary"], d["detail"]) for d in events[-1]["completed"]["diagnostics"]]

    return ask


def planted(name: str, **changes: Any) -> Change:
    request = changed(by_hand(name), {f"config.{k}": v for k, v in {"port": 443, **changes}.items()})
    return lambda transport: transport.control.plant("integrations", request)


def set_up_by_hand(manual: bool) -> Change:
    """Immuta writes scripts only for an integration that is configured by hand."""
    return lambda transport: transport.control.alter("integrations", "1", {"autoBootstrap": not manual})


def fails(operation: str, fault: Any, times: int | None = 1) -> Change:
    return lambda transport: transport.fault(fault, operation=operation, times=times)


def is_busy(busy: bool) -> Change:
    def change(transport: InProcess) -> None:
        transport.control.alter("integrations", "2", {"status": "editing" if busy else "enabled"})
        if busy:
            fails("regenerate", "busy", None)(transport)
        else:
            works(transport)

    return change


def works(transport: InProcess) -> None:
    transport.control.clear_faults()
    transport.control.change_settings({"regenerate_route": True})


def writes_a_secret(operation: str) -> Change:
    """Immuta writes the provider's API key into a script."""

    def plant(transport: InProcess) -> None:
        def after(answered: str, response: Response) -> Response:
            body = response.body + b"-- simulator-api-key\n" if answered == operation else response.body
            return Response(response.status, response.headers, body)

        transport.after = after

    return plant


def key(transport: InProcess) -> Any:
    return transport.control.stored_one("integrations", "2")["config"]["apiKey"]


def compared(reads: Reads, transport: InProcess) -> list[Any]:
    """Reads Immuta's current key, which differs from the one on the cluster."""
    read = reads.ephemeral(KEY, integration_id="2")
    assert read.value["api_key"] == key(transport) != OLD_KEY
    return read.told


def replaced(transport: InProcess) -> None:
    transport.control.remove("integrations", "2")
    transport.control.plant("integrations", {**TRINO, "config": {"apiKey": "another-key"}}, "2")


def new_key(reads: Reads, transport: InProcess) -> list[Any]:
    transport.control.change_settings({"regenerate_route": False})
    return compared(reads, transport)


OLD_KEY = "key-on-the-cluster"
SNOWFLAKE, DATABRICKS = (settings(visible(by_hand(name)))[name] for name in ("snowflake", "databricks"))
HOST = SNOWFLAKE["host"]
GONE = {"kind": "respond", "status": 404, "body": {"statusCode": 404, "message": "Not Found"}}

DELETE_SCRIPT = data(EXISTING, integration_id="1", script="delete")

ADVICE: dict[str, Advice] = {
    "several of one type": Advice(
        data(ONE, type="Snowflake"),
        ("Set `host` to one of these hosts, or set `id` instead.",),
        {"host": data(ONE, type="Snowflake", host="second.example"), "id": data(ONE, id="1")},
        planted("snowflake", host="second.example"),
    ),
    "several on one host": Advice(
        data(ONE, type="Snowflake", host=HOST),
        ("Set `id` instead.",),
        {"id": data(ONE, id="3")},
        planted("snowflake"),
    ),
    "no such integration": Advice(
        data(ONE, type="Snowflake", host="third.example"),
        ("Correct `type` or `host`, or create the integration first.",),
        {
            "host": data(ONE, type="Snowflake", host=HOST),
            "type": (
                planted("databricks", workspaceUrl="third.example"),
                data(ONE, type="Databricks", host="third.example"),
            ),
            "created": (
                planted("snowflake", host="third.example"),
                data(ONE, type="Snowflake", host="third.example"),
            ),
        },
    ),
    "no such id": Advice(
        data(ONE, id="9"),
        ("List the integrations to find the right id.",),
        {
            "listed": lambda reads, transport: [
                told
                for each in reads.data(ALL).value["integrations"]
                for told in reads.data(ONE, id=each["id"]).told
            ]
        },
    ),
    "no such tag": Advice(
        data("immuta_tag", name="acme"),
        ("Correct `name`, or create the tag first.",),
        {
            "corrected": (
                lambda transport: transport.control.plant("tags", {"name": "Acme"}),
                data("immuta_tag", name="Acme"),
            ),
            "created": (
                lambda transport: transport.control.plant("tags", {"name": "acme"}),
                data("immuta_tag", name="acme"),
            ),
        },
    ),
    "a type without scripts": Advice(
        data(EXISTING, integration_id="2", script="delete"),
        ("Set `integration_id` to the id of an integration of another type.",),
        {"another": DELETE_SCRIPT},
    ),
    "settings of another type": Advice(
        data(EXISTING, integration_id="1", script="edit", databricks=DATABRICKS),
        (
            "Set snowflake instead, or set `integration_id` to the id of a Databricks Unity Catalog integration.",
        ),
        {
            "settings": data(EXISTING, integration_id="1", script="edit", snowflake=SNOWFLAKE),
            "id": (
                planted("databricks", catalog="immuta"),
                data(EXISTING, integration_id="3", script="edit", databricks=DATABRICKS),
            ),
        },
    ),
    "an existing script with a secret": Advice(
        DELETE_SCRIPT,
        (f"Use the ephemeral resource {EXISTING} instead, which takes the same arguments",),
        {"ephemeral": ephemeral(EXISTING, integration_id="1", script="delete")},
        writes_a_secret("script-delete"),
    ),
    "a new script with a secret": Advice(
        data(NEW, script="create", snowflake=SNOWFLAKE),
        (f"Use the ephemeral resource {NEW} instead, which takes the same arguments",),
        {"ephemeral": ephemeral(NEW, script="create", snowflake={**SNOWFLAKE, "password": "a password"})},
        writes_a_secret("script-create"),
    ),
    "a script that Immuta refuses": Advice(
        DELETE_SCRIPT,
        ("Correct the cause that it names and try again.", "and changes and removes it without a script."),
        {"configured by hand": (set_up_by_hand(True), DELETE_SCRIPT)},
        set_up_by_hand(False),
    ),
    "an Immuta without scripts": Advice(
        DELETE_SCRIPT,
        ("or update Immuta.",),
        {"updated": (works, DELETE_SCRIPT)},
        fails("script-delete", GONE, None),
    ),
    "a host with a wrong path": Advice(
        lambda reads, transport: (
            Reads(transport, "https://immuta.example/immuta")
            .data(NEW, script="create", snowflake=SNOWFLAKE)
            .told
        ),
        ("If this release has the route, check `host` (IMMUTA_HOST), including its path.",),
        {"checked": data(NEW, script="create", snowflake=SNOWFLAKE)},
    ),
    "a key of another type": Advice(
        ephemeral(KEY, integration_id="1"),
        ("Use the id of such an integration,",),
        {"such a one": ephemeral(KEY, integration_id="2")},
    ),
    "an action on nothing": Advice(
        action("9"), ("Immuta has no integration 9. Correct `id`.",), {"corrected": action("2")}
    ),
    "an action on another type": Advice(
        action("1"),
        ("Set `id` to the id of an integration of another type: Starburst (Trino).",),
        {"another": action("2")},
    ),
    "an action whose answer is lost": Advice(
        action("2"),
        ("Compare Immuta's current key with the one on the cluster, or run this again to get another key.",),
        {"compared": compared, "again": action("2")},
        fails("regenerate", "reset-after"),
    ),
    "an Immuta without the action": Advice(
        action("2"),
        ("Update Immuta, or replace the integration to get a new key.",),
        {"updated": (works, action("2")), "replaced": (replaced, new_key)},
        lambda transport: transport.control.change_settings({"regenerate_route": False}),
    ),
    "an action on a busy integration": Advice(
        action("2"),
        ("Run this again,",),
        {"again": (is_busy(False), action("2"))},
        is_busy(True),
    ),
}
WAYS = [(name, way) for name, advice in ADVICE.items() for way in advice.ways]


@pytest.fixture
def transport(new_transport: Callable[[], InProcess]) -> InProcess:
    """An Immuta with an integration for Snowflake, 1, and one for Trino, 2."""
    made = new_transport()
    planted("snowflake")(made)
    made.control.plant("integrations", {**TRINO, "config": {"apiKey": OLD_KEY}})
    return made


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}: {way}" for name, way in WAYS])
def test_advice_of_a_read_leads_out(transport: InProcess, name: str, way: str) -> None:
    advice = ADVICE[name]
    advice.before(transport)
    text = str(advice.ask(Reads(transport), transport))
    assert [words for words in advice.advice if words not in text] == [], text
    follow = advice.ways[way]
    change, ask = follow if isinstance(follow, tuple) else (lambda transport: None, follow)
    change(transport)
    assert ask(Reads(transport), transport) == []


def test_a_new_key_is_for_the_cluster(transport: InProcess) -> None:
    """The action says so: its last progress."""
    assert action("2")(Reads(transport), transport) == []
    assert compared(Reads(transport), transport) == []


def test_one_object_that_is_listed_twice_is_one(transport: InProcess) -> None:
    for _ in range(2):
        transport.control.plant("tags", {"name": "Acme"})
    assert data("immuta_tag", name="Acme")(Reads(transport), transport) == []


def test_several_records_of_one_name_are_found_by_their_ids() -> None:
    """No type of today can have them: a name is the id of a tag, and Immuta's purposes have different names."""
    shelves = [{"id": id, "name": "Novels"} for id in (1, 2)]
    client = HttpClient(
        ImmutaSettings("immuta.example", api_key="key"),
        transport=FakeTransport({"GET /shelf": reply(200, shelves)}),
        clock=FakeClock(),
        stop=threading.Event(),
    )
    configured = Configured(client, Fingerprints("a key"), teardown.read((), None, {}))
    source = RecordData(SHELF, lambda: configured)

    def ask(**arguments: Any) -> tuple[Any, list[str]]:
        diagnostics = Diagnostics()
        value = source.read({"id": None, "name": None, **arguments}, diagnostics)
        return value and value["id"], [each.detail for each in diagnostics]

    assert ask(name="Novels") == (None, ["Immuta has 2 shelves with `name` 'Novels'. Set `id` instead."])
    assert ask(id="2") == ("2", [])

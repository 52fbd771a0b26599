"""Each row: what Immuta answers, what is asked of it, and how the operation ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.found import Note
from immuta_provider.api.http.errors import ConnectError, ImmutaError, RequestTimeout, TooLarge
from immuta_provider.api.integrations import life
from immuta_provider.api.life import Outcome
from support.fake_transport import Answer, Script, error, page, reply

MakeClient = Callable[..., Any]

RESET = ConnectError("The connection to Immuta broke", "reset.", kind="broken", maybe_sent=True)
SILENT = RequestTimeout("Immuta did not answer in time", "silent.", maybe_sent=True)
TOO_LARGE = TooLarge("Immuta's answer is too large", "more than 8 MiB came.")
MISSING = error(404, "No Integration found with ID 5.", "Not found")
BUSY = error(409, "The integration is busy.", "Conflict")
PAYLOAD = {
    "type": "Snowflake",
    "autoBootstrap": True,
    "config": {"host": "acme.example", "password": "hunter2"},
}
CONFIG = {"host": "acme.example", "port": 443}
LIST, POST, PUT, DELETE = (
    "GET /integrations",
    "POST /integrations",
    "PUT /integrations/5",
    "DELETE /integrations/5",
)
GET, STATUS = "GET /integrations/5", "GET /integrations/5/status"


def whole(status: str, **more: Any) -> Answer:
    return reply(
        200,
        {"id": "5", "type": "Snowflake", "autoBootstrap": True, "status": status, "config": CONFIG, **more},
    )


def brief(status: str, **more: Any) -> Answer:
    return reply(200, {"id": "5", "status": status, **more})


FAILED_TESTS = {
    "validationResults": {"validationTests": [{"name": "Grants", "status": "failed", "message": "none"}]}
}


def told(outcome: Outcome) -> tuple[Any, list[str], str]:
    """The integration's status and whether its configuration is known, the summaries of the warnings, and of the error."""
    found = outcome.found
    return (
        None if found is None else (found.id, found.type, found.status, (found.body or {}).get("config")),
        [note.summary for note in outcome.warnings],
        "" if outcome.error is None else outcome.error.summary,
    )


def known(status: str) -> tuple[str, str, str, Any]:
    return ("5", "Snowflake", status, CONFIG)


def heard_of(status: str) -> tuple[str, str, str, Any]:
    return ("5", "Snowflake", status, None)


NOT_READY = "The integration was created, but is not ready yet"
UNHEALTHY = "The integration was created, but is not healthy"
UNREAD = "The integration was created, but could not be read back"

# After `GET /integrations` (empty) and `POST` (answered with id 5, creating): the answers, the calls after the POST, the end.
CREATES: dict[str, tuple[Script, list[str] | None, Any]] = {
    "done at once": ({GET: whole("enabled")}, [GET], (known("enabled"), [], "")),
    "done after a while": (
        {GET: [whole("creating"), whole("creating"), whole("enabled")]},
        [GET, GET, GET],
        (known("enabled"), [], ""),
    ),
    "done after a long while": (
        {GET: [*[whole("creating")] * 3, whole("enabled")], STATUS: [brief("creating"), brief("enabled")]},
        [GET, GET, GET, STATUS, STATUS, GET],
        (known("enabled"), [], ""),
    ),
    "no status route": (
        {GET: [*[whole("creating")] * 4, whole("enabled")], STATUS: reply(404)},
        [GET, GET, GET, STATUS, GET, STATUS, GET, GET],
        (known("enabled"), [], ""),
    ),
    "404 straight after": (
        {GET: [MISSING, MISSING, whole("enabled")]},
        [GET, GET, GET],
        (known("enabled"), [], ""),
    ),
    "trouble in passing": (
        {GET: [RESET, page(502), page(200), SILENT, page(404), whole("enabled")]},
        [GET] * 6,
        (known("enabled"), [], ""),
    ),
    "asked to slow down": (
        {GET: [reply(429, {}, Retry_After="100"), whole("enabled")]},
        [GET, GET],
        (known("enabled"), [], ""),
    ),
    "set-up failed": (
        {GET: whole("createError", **FAILED_TESTS)},
        [GET],
        (known("createError"), [], "Immuta could not set up the integration"),
    ),
    "set-up failed after a while": (
        {GET: [*[whole("creating")] * 3, whole("createError")], STATUS: brief("createError")},
        [GET, GET, GET, STATUS, GET],
        (known("createError"), [], "Immuta could not set up the integration"),
    ),
    "checked and found wrong at once": (
        {GET: whole("recurringValidationError")},
        [GET],
        (known("recurringValidationError"), [UNHEALTHY], ""),
    ),
    "migrating at once": (
        {GET: [whole("migrating"), whole("enabled")]},
        [GET, GET],
        (known("enabled"), [], ""),
    ),
    "force-disabled meanwhile": ({GET: whole("disabled")}, [GET], (known("disabled"), [UNHEALTHY], "")),
    "deleted meanwhile": (
        {GET: whole("deleted")},
        [GET],
        (known("deleted"), [], "The integration disappeared"),
    ),
    "an unknown status": (
        {GET: whole("hibernating")},
        [GET],
        (known("hibernating"), ["The integration has an unknown status"], ""),
    ),
    "vanished": ({GET: MISSING}, None, (heard_of("creating"), [], "The integration disappeared")),
    "settled but not to be read": (
        {GET: [*[whole("creating")] * 3, page(502)], STATUS: brief("enabled")},
        [GET, GET, GET, STATUS] + [GET] * 5,
        (known("enabled"), [UNREAD], ""),
    ),
    "stuck": (
        {GET: whole("creating"), STATUS: brief("creating")},
        None,
        (known("creating"), [NOT_READY], ""),
    ),
    "no more permission": (
        {GET: whole("creating"), STATUS: error(403, "no")},
        [GET, GET, GET, STATUS],
        (known("creating"), [NOT_READY], ""),
    ),
    "only pages of some gateway": ({GET: page(404)}, None, (heard_of("creating"), [NOT_READY], "")),
    "settled, and only pages of some gateway": (
        {POST: brief("enabled"), GET: page(404)},
        [GET] * 5,
        (heard_of("enabled"), [UNREAD], ""),
    ),
    "never to be read": ({GET: page(502)}, None, (heard_of("creating"), [NOT_READY], "")),
    "too large to be read": ({GET: TOO_LARGE}, [GET], (heard_of("creating"), [NOT_READY], "")),
}


@pytest.mark.parametrize("name", CREATES)
def test_a_create_ends_as_immutas_answers_say(make_client: MakeClient, name: str) -> None:
    script, calls, end = CREATES[name]
    client, transport, clock = make_client({LIST: reply(200, []), POST: brief("creating"), **script})
    began = clock.now()
    outcome = life.create(
        client,
        PAYLOAD,
        natural_key=("Snowflake", "acme.example"),
        is_same=lambda _: True,
        has_same_key=lambda _: True,
        timeout=600,
    )
    assert told(outcome) == end
    assert transport.bodies(POST) == [PAYLOAD]
    if calls is not None:
        assert transport.calls == [LIST, POST, *calls]
    assert clock.now() - began <= 600


def test_the_pauses_grow_from_a_fifth_of_a_second_to_ten(make_client: MakeClient) -> None:
    client, transport, clock = make_client(
        {LIST: reply(200, []), POST: brief("creating"), GET: whole("creating"), STATUS: brief("creating")}
    )
    life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=60
    )
    assert clock.waits == [
        0.2, 0.32, 0.512, 0.8192, 1.31072, 2.097152, 3.355443, 5.368709, 8.589935, 10.0, 10.0, 10.0, 7.426841,
    ]  # fmt: skip
    assert transport.calls == [LIST, POST, GET, GET, GET, *[STATUS] * 11]


def test_a_poll_honours_retry_after(make_client: MakeClient) -> None:
    answers = [reply(429, {}, Retry_After="100"), reply(503, {}, Retry_After="7"), whole("enabled")]
    client, _, clock = make_client({LIST: reply(200, []), POST: brief("creating"), GET: answers})
    life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=600
    )
    assert clock.waits == [100.0, 7.0]


def test_a_failed_set_up_quotes_immuta(make_client: MakeClient) -> None:
    script = {LIST: reply(200, []), POST: brief("creating"), GET: whole("createError", **FAILED_TESTS)}
    client, _, _ = make_client(script, quote=lambda text: text.replace("none", "(redacted)"))
    outcome = life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=60
    )
    assert outcome.error is not None
    assert outcome.error.detail == (
        'integration 5 has the status "createError". It exists and blocks its host, but does not work. Fix the cause on the '
        "platform or in the configuration, and apply again.\n\nfailed validation tests:\n  - Grants: (redacted)"
    )


def test_a_stop_keeps_the_last_known_state(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, _, clock = make_client(
        {LIST: reply(200, []), POST: brief("creating"), GET: whole("creating"), STATUS: brief("creating")},
        stop=stop,
    )
    clock.at(5, stop.set)
    outcome = life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=600
    )
    assert (told(outcome), outcome.error) == ((known("creating"), [NOT_READY], ""), None)
    assert outcome.warnings == [
        Note(
            NOT_READY,
            'it has the id 5, and the last known status is "creating". Interrupted: the run was stopped while integration 5 was '
            '"creating". Run the same command again to go on from there.',
        )
    ]


def test_stopped_run_creates_no_integration(make_client: MakeClient) -> None:
    stop = threading.Event()
    stop.set()
    client, transport, _ = make_client({}, stop=stop)
    outcome = life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=600
    )
    assert (told(outcome), transport.calls) == ((None, [], "Interrupted"), [])
    assert str(outcome.error) == (
        "Interrupted: the run was stopped before the integration was created; nothing was sent. Apply again to create it."
    )


def test_stop_during_the_list_prevents_the_create(make_client: MakeClient) -> None:
    stop = threading.Event()

    def listed(_: Any) -> Any:
        stop.set()
        return reply(200, [])

    client, transport, _ = make_client({LIST: listed}, stop=stop)
    outcome = life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=600
    )
    assert (told(outcome), transport.calls) == ((None, [], "Interrupted"), [LIST])


REFUSALS: list[tuple[Script, str]] = [
    ({LIST: error(403, "no")}, "Immuta denied the permission"),
    ({LIST: page(200)}, "Immuta's answer cannot be understood"),
    ({POST: error(400, "no")}, "Immuta refused the request"),
    ({POST: error(422, "no")}, "Immuta's validation failed"),
    ({POST: error(409, "already exists (id = 5)")}, "Immuta reports a conflict"),
    ({POST: error(403, "no")}, "Immuta denied the permission"),
    ({POST: error(404, "no")}, "Immuta's API was not found"),
]


@pytest.mark.parametrize(("script", "summary"), REFUSALS)
def test_a_refused_create_leaves_nothing(make_client: MakeClient, script: Script, summary: str) -> None:
    client, transport, _ = make_client({LIST: reply(200, []), **script})
    outcome = life.create(
        client, PAYLOAD, natural_key=("a",), is_same=lambda _: True, has_same_key=lambda _: True, timeout=600
    )
    assert told(outcome) == (None, [], summary)
    assert transport.calls.count(POST) <= 1


UPDATES: dict[str, tuple[Script, list[str] | None, Any]] = {
    "done at once": ({PUT: brief("editing"), GET: whole("enabled")}, [PUT, GET], (known("enabled"), [], "")),
    "done after a while": (
        {PUT: brief("editing"), GET: [*[whole("editing")] * 3, whole("enabled")], STATUS: brief("enabled")},
        [PUT, GET, GET, GET, STATUS, GET],
        (known("enabled"), [], ""),
    ),
    "an empty answer": ({PUT: reply(204), GET: whole("enabled")}, [PUT, GET], (known("enabled"), [], "")),
    "a lost answer": (
        {PUT: [RESET, SILENT, brief("editing")], GET: whole("enabled")},
        [PUT, PUT, PUT, GET],
        (known("enabled"), [], ""),
    ),
    "busy, then not": (
        {
            PUT: [BUSY, brief("editing")],
            STATUS: [brief("migrating"), brief("enabled")],
            GET: whole("enabled"),
        },
        [PUT, STATUS, STATUS, PUT, GET],
        (known("enabled"), [], ""),
    ),
    "busy again and again": (
        {
            PUT: [BUSY, BUSY, BUSY, BUSY, brief("editing")],
            STATUS: [brief("migrating"), brief("enabled")] * 4,
            GET: whole("enabled"),
        },
        [*[PUT, STATUS, STATUS] * 4, PUT, GET],
        (known("enabled"), [], ""),
    ),
    "still busy from the one whose answer was lost": (
        {PUT: [RESET, BUSY, brief("editing")], STATUS: brief("enabled"), GET: whole("enabled")},
        [PUT, PUT, STATUS, PUT, GET],
        (known("enabled"), [], ""),
    ),
    "conflict without being busy": (
        {PUT: BUSY, STATUS: brief("enabled")},
        [PUT, STATUS, PUT, STATUS, PUT],
        (None, [], "Immuta reports a conflict"),
    ),
    "conflict with another": (
        {PUT: error(409, "already exists (id = 9)")},
        [PUT],
        (None, [], "Immuta reports a conflict"),
    ),
    "busy for too long": (
        {PUT: BUSY, STATUS: brief("migrating")},
        None,
        (None, [], "Immuta needs longer than the timeout"),
    ),
    "edit failed": (
        {PUT: brief("editing"), GET: whole("editError")},
        [PUT, GET],
        (known("editError"), [], "Immuta could not update the integration"),
    ),
    "a repair failed": (
        {PUT: brief("editing"), GET: whole("createError")},
        [PUT, GET],
        (known("createError"), [], "Immuta could not update the integration"),
    ),
    "still not healthy": (
        {PUT: brief("editing"), GET: whole("recurringValidationError")},
        [PUT, GET],
        (known("recurringValidationError"), ["The integration was updated, but is not healthy"], ""),
    ),
    "stuck": (
        {PUT: brief("editing"), GET: whole("editing"), STATUS: brief("editing")},
        None,
        (known("editing"), [], "Immuta needs longer than the timeout"),
    ),
    "gone before": ({PUT: MISSING}, [PUT], (None, [], "Immuta does not know it")),
    "gone meanwhile": (
        {PUT: brief("editing"), GET: MISSING, LIST: reply(200, [])},
        None,
        (heard_of("editing"), [], "The integration disappeared"),
    ),
    "refused": ({PUT: error(422, "no")}, [PUT], (None, [], "Immuta's validation failed")),
    "never answered": (
        {PUT: page(503)},
        [PUT] * 5,
        (None, [], "Immuta failed to answer"),
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_ends_as_immutas_answers_say(make_client: MakeClient, name: str) -> None:
    script, calls, end = UPDATES[name]
    client, transport, clock = make_client(script)
    began = clock.now()
    assert told(life.update(client, "5", PAYLOAD, timeout=600)) == end
    assert transport.bodies(PUT) == [PAYLOAD] * len(transport.bodies(PUT))
    if calls is not None:
        assert transport.calls == calls
    assert clock.now() - began <= 600


def test_a_stopped_update_is_an_error(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, _, clock = make_client(
        {PUT: brief("editing"), GET: whole("editing"), STATUS: brief("editing")}, stop=stop
    )
    clock.at(5, stop.set)
    outcome = life.update(client, "5", PAYLOAD, timeout=600)
    assert told(outcome) == (known("editing"), [], "Interrupted")
    assert str(outcome.error) == (
        'Interrupted: the run was stopped while integration 5 was "editing". Run the same command again to go on from there.'
    )


EMPTY = reply(200, [])
LISTED = reply(200, [{"id": 5, "status": "deleting"}])

DELETES: dict[str, tuple[Script, list[str] | None, Any]] = {
    "done at once": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: EMPTY},
        [DELETE, GET, LIST],
        (None, [], ""),
    ),
    "an empty answer": ({DELETE: reply(204), GET: MISSING, LIST: EMPTY}, [DELETE, GET, LIST], (None, [], "")),
    "called deleted": ({DELETE: brief("deleting"), GET: whole("deleted")}, [DELETE, GET], (None, [], "")),
    "listed as deleted": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: reply(200, [{"id": 5, "status": "deleted"}])},
        [DELETE, GET, LIST],
        (None, [], ""),
    ),
    "done after a while": (
        {DELETE: brief("deleting"), GET: [whole("deleting"), whole("deleting"), MISSING], LIST: EMPTY},
        [DELETE, GET, GET, GET, LIST],
        (None, [], ""),
    ),
    "listed for a while": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: [LISTED, LISTED, EMPTY]},
        [DELETE, GET, LIST, GET, LIST, GET, LIST],
        (None, [], ""),
    ),
    "trouble in passing": (
        {DELETE: brief("deleting"), GET: [RESET, page(404), page(502), MISSING], LIST: EMPTY},
        [DELETE, GET, GET, GET, GET, LIST],
        (None, [], ""),
    ),
    "the list fails in passing": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: [page(200), EMPTY]},
        [DELETE, GET, LIST, GET, LIST],
        (None, [], ""),
    ),
    "gone before": ({DELETE: MISSING, GET: MISSING, LIST: EMPTY}, [DELETE, GET, LIST], (None, [], "")),
    "a lost answer": (
        {DELETE: [RESET, MISSING], GET: MISSING, LIST: EMPTY},
        [DELETE, DELETE, GET, LIST],
        (None, [], ""),
    ),
    "a lost answer to one that is under way": (
        {DELETE: [RESET, BUSY], STATUS: MISSING, GET: MISSING, LIST: EMPTY},
        [DELETE, DELETE, STATUS, GET, GET, LIST],
        (None, [], ""),
    ),
    "busy, then not": (
        {
            DELETE: [BUSY, brief("deleting")],
            STATUS: [brief("editing"), brief("enabled")],
            GET: MISSING,
            LIST: EMPTY,
        },
        [DELETE, STATUS, STATUS, DELETE, GET, LIST],
        (None, [], ""),
    ),
    "force-disabled": (
        {DELETE: brief("deleting"), GET: whole("disabled")},
        [DELETE, GET],
        (None, ["The integration was force-disabled"], ""),
    ),
    "delete failed": (
        {DELETE: brief("deleting"), GET: whole("deleteError")},
        [DELETE, GET],
        (known("deleteError"), [], "Immuta could not delete the integration"),
    ),
    "stuck": (
        {DELETE: brief("deleting"), GET: whole("deleting")},
        None,
        (known("deleting"), [], "Immuta needs longer than the timeout"),
    ),
    "listed for ever": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: LISTED},
        None,
        (("5", "", "deleting", None), [], "Immuta needs longer than the timeout"),
    ),
    "a page of some gateway": (
        {DELETE: page(404)},
        [DELETE],
        (("5", "", "", None), [], "Immuta's API was not found"),
    ),
    "credentials refused": (
        {DELETE: error(400, "Credentials are not required")},
        [DELETE],
        (("5", "", "", None), [], "Immuta refused the request"),
    ),
    "no more permission": (
        {DELETE: brief("deleting"), GET: error(403, "no")},
        [DELETE, GET],
        (("5", "", "deleting", None), [], "Immuta denied the permission"),
    ),
    "no permission to list": (
        {DELETE: brief("deleting"), GET: MISSING, LIST: error(403, "no")},
        [DELETE, GET, LIST],
        (("5", "", "deleting", None), [], "Immuta denied the permission"),
    ),
}


@pytest.mark.parametrize("name", DELETES)
def test_a_delete_ends_as_immutas_answers_say(make_client: MakeClient, name: str) -> None:
    script, calls, end = DELETES[name]
    client, transport, clock = make_client(script)
    began = clock.now()
    assert told(life.delete(client, "5", {"username": "x"}, timeout=600)) == end
    assert transport.bodies(DELETE) == [{"username": "x"}] * len(transport.bodies(DELETE))
    if calls is not None:
        assert transport.calls == calls
    assert clock.now() - began <= 600


def test_a_stopped_delete_is_an_error(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, _, clock = make_client({DELETE: brief("deleting"), GET: whole("deleting")}, stop=stop)
    clock.at(5, stop.set)
    assert told(life.delete(client, "5", None, timeout=600)) == (known("deleting"), [], "Interrupted")


ENTRY = {"id": "5", "type": "Snowflake", "autoBootstrap": True, "status": "enabled", "config": CONFIG}
OTHER = {"id": "6", "type": "Trino", "status": "enabled", "config": {}}
DISABLED = "The integration was force-disabled"

# The result of a read: the integration's status, "gone", or the summary of an error.
READS: dict[str, tuple[Script, list[str], str, list[str]]] = {
    "listed": ({LIST: reply(200, [OTHER, ENTRY])}, [LIST], "enabled", []),
    "listed without its configuration": (
        {LIST: reply(200, [{"id": 5, "status": "enabled"}]), GET: whole("editing")},
        [LIST, GET],
        "editing",
        [],
    ),
    "listed in a shape that is not understood": (
        {LIST: reply(200, [{"id": 5, "config": "odd"}]), GET: whole("enabled")},
        [LIST, GET],
        "enabled",
        [],
    ),
    "not listed, but there": ({LIST: reply(200, [OTHER]), GET: whole("enabled")}, [LIST, GET], "enabled", []),
    "not listed and not known": ({LIST: reply(200, [OTHER]), GET: MISSING}, [LIST, GET], "gone", []),
    "nothing listed and not known": ({LIST: EMPTY, GET: MISSING}, [LIST, GET, LIST], "gone", []),
    "nothing listed at first": (
        {LIST: [EMPTY, reply(200, [ENTRY])], GET: MISSING},
        [LIST, GET, LIST],
        "Immuta does not know it",
        [],
    ),
    "nothing listed, but there": ({LIST: EMPTY, GET: whole("enabled")}, [LIST, GET], "enabled", []),
    "not listed, and a page of some gateway": (
        {LIST: reply(200, [OTHER]), GET: page(404)},
        [LIST, GET],
        "Immuta's API was not found",
        [],
    ),
    "not listed, and the JSON of some gateway": (
        {LIST: reply(200, [OTHER]), GET: reply(404, {"message": "no Route matched"})},
        [LIST, GET],
        "Immuta's API was not found",
        [],
    ),
    "listed, then deleted": (
        {LIST: [reply(200, [{"id": 5}]), EMPTY], GET: MISSING},
        [LIST, GET, LIST],
        "gone",
        [],
    ),
    "listed but not known": (
        {LIST: reply(200, [{"id": 5}]), GET: MISSING},
        [LIST, GET, LIST],
        "Immuta does not know it",
        [],
    ),
    "listed as deleted": ({LIST: reply(200, [{**ENTRY, "status": "deleted"}])}, [LIST], "gone", []),
    "listed as disabled": ({LIST: reply(200, [{**ENTRY, "status": "disabled"}])}, [LIST], "gone", [DISABLED]),
    "not listed, and disabled": (
        {LIST: reply(200, [OTHER]), GET: whole("disabled")},
        [LIST, GET],
        "gone",
        [DISABLED],
    ),
    "the list is a page of some gateway": (
        {LIST: page(200)},
        [LIST],
        "Immuta's answer cannot be understood",
        [],
    ),
    "not listed, and no answer": (
        {LIST: reply(200, [OTHER]), GET: page(503)},
        [LIST, *[GET] * 5],
        "Immuta failed to answer",
        [],
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_as_immutas_answers_say(make_client: MakeClient, name: str) -> None:
    script, calls, end, warnings = READS[name]
    client, transport, _ = make_client(script)
    notes: list[Note] = []
    try:
        found = life.read(client, "5", warnings=notes)
        ended = "gone" if found is None else found.status
    except ImmutaError as failure:
        ended = failure.summary
    assert (ended, [note.summary for note in notes], transport.calls) == (end, warnings, calls)


@pytest.mark.parametrize(
    ("id", "shown"),
    [("-5", "-5"), ("a/b", "a/b"), ("%2e%2e", "%252e%252e"), ('${file("x")}', "%24%7Bfile%28%22x%22%29%7D")],
)
def test_a_stored_id_that_cannot_be_one_breaks_no_plan(make_client: MakeClient, id: str, shown: str) -> None:
    client, transport, _ = make_client({})
    notes: list[Note] = []
    assert life.read(client, id, warnings=notes) is None
    assert [(note.summary, note.detail) for note in notes] == [
        (
            "No integration can have this id",
            f'Immuta\'s ids are numbers, such as 7, so no integration has the id "{shown}", and the resource counts as '
            "deleted. If Immuta shows its integration under another id, import that one before you apply.",
        )
    ]
    assert transport.calls == []


def test_a_refresh_costs_one_list(make_client: MakeClient) -> None:
    entries = [{"id": n, "type": "Trino", "status": "enabled", "config": {}} for n in range(500)]
    client, transport, _ = make_client({LIST: reply(200, entries)})
    found: list[str] = []

    def refresh(first: int) -> None:
        for n in range(first, 500, 10):
            integration = life.read(client, str(n))
            assert integration is not None
            found.append(integration.id)

    threads = [threading.Thread(target=refresh, args=(first,)) for first in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert sorted(found, key=int) == [str(n) for n in range(500)]
    assert transport.calls == [LIST]

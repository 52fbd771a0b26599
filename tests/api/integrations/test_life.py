"""The life of an integration: for each way in which Immuta answers, the requests that follow and the end of the operation."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.found import Note
from immuta_provider.api.http.errors import ImmutaError
from immuta_provider.api.integrations import life
from immuta_provider.api.life import Outcome
from support.fake_transport import Answer, Script, error, page, reply
from support.scripted import (
    CREATED,
    DELETE,
    EMPTY,
    GET,
    LIST,
    MISSING,
    PAYLOAD,
    POST,
    PUT,
    RESET,
    SILENT,
    STATUS,
    TOO_LARGE,
    MakeClient,
    create,
)
from support.threads import Threads

BUSY = error(409, "The integration is busy.", "Conflict")
CONFIG = {"host": "acme.example", "port": 443}
ENTRY = {"id": "5", "type": "Snowflake", "autoBootstrap": True, "status": "enabled", "config": CONFIG}


def whole(status: str, **more: Any) -> Answer:
    return reply(200, {**ENTRY, "status": status, **more})


def brief(status: str) -> Answer:
    return reply(200, {"id": "5", "status": status})


EDITING, DELETING, ENABLED = brief("editing"), brief("deleting"), whole("enabled")
FAILED_TESTS = {
    "validationResults": {"validationTests": [{"name": "Grants", "status": "failed", "message": "none"}]}
}

Ending = tuple[Any, list[str], str]


def ending(outcome: Outcome) -> Ending:
    """The type, status and configuration of integration 5, the summaries of the warnings, and that of the error."""
    found = outcome.found
    assert found is None or found.id == "5"
    return (
        None if found is None else (found.type, found.status, (found.body or {}).get("config")),
        [note.summary for note in outcome.warnings],
        "" if outcome.error is None else outcome.error.summary,
    )


def known(status: str) -> tuple[str, str, Any]:
    return ("Snowflake", status, CONFIG)


def unread(status: str, type: str = "Snowflake") -> tuple[str, str, Any]:
    """An integration of which no answer had the configuration."""
    return (type, status, None)


DONE: Ending = (known("enabled"), [], "")
LATE = "Immuta needs longer than the timeout"
DISAPPEARED = "The integration disappeared"
NOT_READY = "The integration was created, but is not ready yet"
UNHEALTHY = "The integration was created, but is not healthy"
UNREAD = "The integration was created, but could not be read back"
CREATING = {GET: whole("creating"), STATUS: brief("creating")}


def creating_until(*answers: Answer) -> list[Answer]:
    """Answers of which the first three, after which the status is requested alone, are that the integration is set up."""
    return [*[whole("creating")] * 3, *answers]


# The answers, and the requests after the POST.
CREATES: dict[str, tuple[Script, list[str]]] = {
    "at once": ({GET: ENABLED}, [GET]),
    "after a while": ({GET: [whole("creating"), whole("creating"), ENABLED]}, [GET, GET, GET]),
    "after a long while": (
        {GET: creating_until(ENABLED), STATUS: [brief("creating"), brief("enabled")]},
        [GET, GET, GET, STATUS, STATUS, GET],
    ),
    "without a status route": (
        {GET: creating_until(whole("creating"), ENABLED), STATUS: reply(404)},
        [GET, GET, GET, STATUS, GET, STATUS, GET, GET],
    ),
    "after a 404": ({GET: [MISSING, MISSING, ENABLED]}, [GET, GET, GET]),
    "after transient failures": (
        {GET: [RESET, page(502), page(200), SILENT, page(404), ENABLED]},
        [GET] * 6,
    ),
    "after a rate limit": ({GET: [reply(429, {}, Retry_After="100"), ENABLED]}, [GET, GET]),
    "after a migration": ({GET: [whole("migrating"), ENABLED]}, [GET, GET]),
}


@pytest.mark.parametrize("name", CREATES)
def test_a_create_waits_until_the_integration_is_enabled(make_client: MakeClient, name: str) -> None:
    script, calls = CREATES[name]
    client, transport, _ = make_client({LIST: EMPTY, POST: CREATED, **script})
    assert ending(create(client)) == DONE
    assert transport.bodies(POST) == [PAYLOAD]
    assert transport.calls == [LIST, POST, *calls]


# The answers, the requests after the POST (None: until the timeout), and the end.
UNFINISHED_CREATES: dict[str, tuple[Script, list[str] | None, Ending]] = {
    "the set-up failed": (
        {GET: whole("createError", **FAILED_TESTS)},
        [GET],
        (known("createError"), [], "Immuta could not set up the integration"),
    ),
    "the set-up failed after a while": (
        {GET: creating_until(whole("createError")), STATUS: brief("createError")},
        [GET, GET, GET, STATUS, GET],
        (known("createError"), [], "Immuta could not set up the integration"),
    ),
    "a check failed": (
        {GET: whole("recurringValidationError")},
        [GET],
        (known("recurringValidationError"), [UNHEALTHY], ""),
    ),
    "force-disabled": ({GET: whole("disabled")}, [GET], (known("disabled"), [UNHEALTHY], "")),
    "deleted by somebody else": ({GET: whole("deleted")}, [GET], (known("deleted"), [], DISAPPEARED)),
    "an unknown status": (
        {GET: whole("hibernating")},
        [GET],
        (known("hibernating"), ["The integration has an unknown status"], ""),
    ),
    "disappeared": ({GET: MISSING}, None, (unread("creating"), [], DISAPPEARED)),
    "enabled, but cannot be read": (
        {GET: creating_until(page(502)), STATUS: brief("enabled")},
        [GET, GET, GET, STATUS, *[GET] * 5],
        (known("enabled"), [UNREAD], ""),
    ),
    "not enabled in time": (CREATING, None, (known("creating"), [NOT_READY], "")),
    "the permission is withdrawn": (
        {**CREATING, STATUS: error(403, "no")},
        [GET, GET, GET, STATUS],
        (known("creating"), [NOT_READY], ""),
    ),
    "only a gateway answers": ({GET: page(404)}, None, (unread("creating"), [NOT_READY], "")),
    "enabled, and then only a gateway answers": (
        {POST: brief("enabled"), GET: page(404)},
        [GET] * 5,
        (unread("enabled"), [UNREAD], ""),
    ),
    "never read": ({GET: page(502)}, None, (unread("creating"), [NOT_READY], "")),
    "too large to be read": ({GET: TOO_LARGE}, [GET], (unread("creating"), [NOT_READY], "")),
}


@pytest.mark.parametrize("name", UNFINISHED_CREATES)
def test_a_create_keeps_an_integration_that_is_not_enabled(make_client: MakeClient, name: str) -> None:
    script, calls, end = UNFINISHED_CREATES[name]
    client, transport, clock = make_client({LIST: EMPTY, POST: CREATED, **script})
    began = clock.now()
    assert ending(create(client)) == end
    assert transport.calls.count(POST) == 1
    if calls is not None:
        assert transport.calls == [LIST, POST, *calls]
    assert clock.now() - began <= 600


def test_pauses_grow_from_a_fifth_of_a_second_to_ten(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: EMPTY, POST: CREATED, **CREATING})
    create(client, timeout=60)
    assert clock.waits == [
        0.2, 0.32, 0.512, 0.8192, 1.31072, 2.097152, 3.355443, 5.368709, 8.589935, 10.0, 10.0, 10.0, 7.426841,
    ]  # fmt: skip
    assert transport.calls == [LIST, POST, GET, GET, GET, *[STATUS] * 11]


def test_a_poll_honours_retry_after(make_client: MakeClient) -> None:
    answers = [reply(429, {}, Retry_After="100"), reply(503, {}, Retry_After="7"), ENABLED]
    client, _, clock = make_client({LIST: EMPTY, POST: CREATED, GET: answers})
    create(client)
    assert clock.waits == [100.0, 7.0]


def test_a_failed_set_up_quotes_immuta(make_client: MakeClient) -> None:
    script = {LIST: EMPTY, POST: CREATED, GET: whole("createError", **FAILED_TESTS)}
    client, _, _ = make_client(script, quote=lambda text: text.replace("none", "(redacted)"))
    outcome = create(client)
    assert outcome.error is not None
    assert outcome.error.detail == (
        'integration 5 has the status "createError". It exists and blocks its host, but does not work. Fix the cause on the '
        "platform or in the configuration, and apply again.\n\nfailed validation tests:\n  - Grants: (redacted)"
    )


def test_a_stopped_create_keeps_the_last_known_state(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, _, clock = make_client({LIST: EMPTY, POST: CREATED, **CREATING}, stop=stop)
    clock.at(5, stop.set)
    outcome = create(client)
    assert ending(outcome) == (known("creating"), [NOT_READY], "")
    assert outcome.warnings == [
        Note(
            NOT_READY,
            'it has the id 5, and the last known status is "creating". Interrupted: the run was stopped while integration 5 was '
            '"creating". Run the same command again to go on from there.',
        )
    ]


def test_a_stopped_run_creates_no_integration(make_client: MakeClient) -> None:
    stop = threading.Event()
    stop.set()
    client, transport, _ = make_client({}, stop=stop)
    outcome = create(client)
    assert (ending(outcome), transport.calls) == ((None, [], "Interrupted"), [])
    assert str(outcome.error) == (
        "Interrupted: the run was stopped before the integration was created; nothing was sent. Apply again to create it."
    )


def test_a_stop_during_the_list_prevents_the_create(make_client: MakeClient) -> None:
    stop = threading.Event()

    def listed(_: Any) -> Any:
        stop.set()
        return EMPTY

    client, transport, _ = make_client({LIST: listed}, stop=stop)
    assert (ending(create(client)), transport.calls) == ((None, [], "Interrupted"), [LIST])


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
    client, transport, _ = make_client({LIST: EMPTY, **script})
    assert ending(create(client)) == (None, [], summary)
    assert transport.calls.count(POST) <= 1


# The answers, where they are not an accepted PUT and an enabled integration, and the requests.
UPDATES: dict[str, tuple[Script, list[str]]] = {
    "at once": ({}, [PUT, GET]),
    "after a while": (
        {GET: [*[whole("editing")] * 3, ENABLED], STATUS: brief("enabled")},
        [PUT, GET, GET, GET, STATUS, GET],
    ),
    "an empty answer": ({PUT: reply(204)}, [PUT, GET]),
    "lost answers": ({PUT: [RESET, SILENT, EDITING]}, [PUT, PUT, PUT, GET]),
    "busy at first": (
        {PUT: [BUSY, EDITING], STATUS: [brief("migrating"), brief("enabled")]},
        [PUT, STATUS, STATUS, PUT, GET],
    ),
    "busy again and again": (
        {PUT: [*[BUSY] * 4, EDITING], STATUS: [brief("migrating"), brief("enabled")] * 4},
        [*[PUT, STATUS, STATUS] * 4, PUT, GET],
    ),
    "busy with the one whose answer was lost": (
        {PUT: [RESET, BUSY, EDITING], STATUS: brief("enabled")},
        [PUT, PUT, STATUS, PUT, GET],
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_waits_until_the_integration_is_enabled(make_client: MakeClient, name: str) -> None:
    script, calls = UPDATES[name]
    client, transport, _ = make_client({PUT: EDITING, GET: ENABLED, **script})
    assert ending(life.update(client, "5", PAYLOAD, timeout=600)) == DONE
    assert transport.bodies(PUT) == [PAYLOAD] * calls.count(PUT)
    assert transport.calls == calls


# The answers, the requests (None: until the timeout), and the end.
FAILED_UPDATES: dict[str, tuple[Script, list[str] | None, Ending]] = {
    "a conflict without being busy": (
        {PUT: BUSY, STATUS: brief("enabled")},
        [PUT, STATUS, PUT, STATUS, PUT],
        (None, [], "Immuta reports a conflict"),
    ),
    "a conflict with another": (
        {PUT: error(409, "already exists (id = 9)")},
        [PUT],
        (None, [], "Immuta reports a conflict"),
    ),
    "busy until the timeout": ({PUT: BUSY, STATUS: brief("migrating")}, None, (None, [], LATE)),
    "the edit failed": (
        {GET: whole("editError")},
        [PUT, GET],
        (known("editError"), [], "Immuta could not update the integration"),
    ),
    "a repair failed": (
        {GET: whole("createError")},
        [PUT, GET],
        (known("createError"), [], "Immuta could not update the integration"),
    ),
    "still not healthy": (
        {GET: whole("recurringValidationError")},
        [PUT, GET],
        (known("recurringValidationError"), ["The integration was updated, but is not healthy"], ""),
    ),
    "not edited in time": ({GET: whole("editing"), STATUS: EDITING}, None, (known("editing"), [], LATE)),
    "gone before": ({PUT: MISSING}, [PUT], (None, [], "Immuta does not know it")),
    "gone during the wait": ({GET: MISSING, LIST: EMPTY}, None, (unread("editing"), [], DISAPPEARED)),
    "refused": ({PUT: error(422, "no")}, [PUT], (None, [], "Immuta's validation failed")),
    "never answered": ({PUT: page(503)}, [PUT] * 5, (None, [], "Immuta failed to answer")),
}


@pytest.mark.parametrize("name", FAILED_UPDATES)
def test_an_update_that_does_not_succeed_reports_the_reason(make_client: MakeClient, name: str) -> None:
    script, calls, end = FAILED_UPDATES[name]
    client, transport, clock = make_client({PUT: EDITING, **script})
    began = clock.now()
    assert ending(life.update(client, "5", PAYLOAD, timeout=600)) == end
    assert transport.bodies(PUT) == [PAYLOAD] * transport.calls.count(PUT)
    if calls is not None:
        assert transport.calls == calls
    assert clock.now() - began <= 600


@pytest.mark.parametrize("status", ["editing", "deleting"])
def test_a_stopped_update_or_delete_is_an_error(make_client: MakeClient, status: str) -> None:
    stop = threading.Event()
    client, _, clock = make_client(
        {PUT: EDITING, DELETE: DELETING, GET: whole(status), STATUS: brief(status)}, stop=stop
    )
    clock.at(5, stop.set)
    if status == "editing":
        outcome = life.update(client, "5", PAYLOAD, timeout=600)
    else:
        outcome = life.delete(client, "5", None, timeout=600)
    assert ending(outcome) == (known(status), [], "Interrupted")
    assert str(outcome.error) == (
        f'Interrupted: the run was stopped while integration 5 was "{status}". Run the same command again to go on from there.'
    )


LISTED = reply(200, [{"id": 5, "status": "deleting"}])

# The answers, where they are not an accepted DELETE, a 404 and an empty list, and the requests.
DELETES: dict[str, tuple[Script, list[str]]] = {
    "at once": ({}, [DELETE, GET, LIST]),
    "an empty answer": ({DELETE: reply(204)}, [DELETE, GET, LIST]),
    "read as deleted": ({GET: whole("deleted")}, [DELETE, GET]),
    "listed as deleted": ({LIST: reply(200, [{"id": 5, "status": "deleted"}])}, [DELETE, GET, LIST]),
    "after a while": ({GET: [whole("deleting"), whole("deleting"), MISSING]}, [DELETE, GET, GET, GET, LIST]),
    "listed for a while": ({LIST: [LISTED, LISTED, EMPTY]}, [DELETE, GET, LIST, GET, LIST, GET, LIST]),
    "after transient failures": (
        {GET: [RESET, page(404), page(502), MISSING]},
        [DELETE, GET, GET, GET, GET, LIST],
    ),
    "after a list that failed": ({LIST: [page(200), EMPTY]}, [DELETE, GET, LIST, GET, LIST]),
    "gone before": ({DELETE: MISSING}, [DELETE, GET, LIST]),
    "a lost answer": ({DELETE: [RESET, MISSING]}, [DELETE, DELETE, GET, LIST]),
    "busy with the one whose answer was lost": (
        {DELETE: [RESET, BUSY], STATUS: MISSING},
        [DELETE, DELETE, STATUS, GET, GET, LIST],
    ),
    "busy at first": (
        {DELETE: [BUSY, DELETING], STATUS: [EDITING, brief("enabled")]},
        [DELETE, STATUS, STATUS, DELETE, GET, LIST],
    ),
}


@pytest.mark.parametrize("name", DELETES)
def test_a_delete_waits_until_the_integration_is_gone(make_client: MakeClient, name: str) -> None:
    script, calls = DELETES[name]
    client, transport, _ = make_client({DELETE: DELETING, GET: MISSING, LIST: EMPTY, **script})
    assert ending(life.delete(client, "5", {"username": "x"}, timeout=600)) == (None, [], "")
    assert transport.bodies(DELETE) == [{"username": "x"}] * calls.count(DELETE)
    assert transport.calls == calls


# The answers, the requests (None: until the timeout), and the end.
FAILED_DELETES: dict[str, tuple[Script, list[str] | None, Ending]] = {
    "force-disabled": (
        {GET: whole("disabled")},
        [DELETE, GET],
        (None, ["The integration was force-disabled"], ""),
    ),
    "the delete failed": (
        {GET: whole("deleteError")},
        [DELETE, GET],
        (known("deleteError"), [], "Immuta could not delete the integration"),
    ),
    "not deleted in time": ({GET: whole("deleting")}, None, (known("deleting"), [], LATE)),
    "listed until the timeout": ({LIST: LISTED}, None, (unread("deleting", ""), [], LATE)),
    "a gateway's page": (
        {DELETE: page(404)},
        [DELETE],
        (unread("", ""), [], "Immuta's API was not found"),
    ),
    "the credentials are refused": (
        {DELETE: error(400, "Credentials are not required")},
        [DELETE],
        (unread("", ""), [], "Immuta refused the request"),
    ),
    "the permission is withdrawn": (
        {GET: error(403, "no")},
        [DELETE, GET],
        (unread("deleting", ""), [], "Immuta denied the permission"),
    ),
    "no permission to list": (
        {LIST: error(403, "no")},
        [DELETE, GET, LIST],
        (unread("deleting", ""), [], "Immuta denied the permission"),
    ),
}


@pytest.mark.parametrize("name", FAILED_DELETES)
def test_a_delete_that_does_not_succeed_reports_the_reason(make_client: MakeClient, name: str) -> None:
    script, calls, end = FAILED_DELETES[name]
    client, transport, clock = make_client({DELETE: DELETING, GET: MISSING, **script})
    began = clock.now()
    assert ending(life.delete(client, "5", {"username": "x"}, timeout=600)) == end
    if calls is not None:
        assert transport.calls == calls
    assert clock.now() - began <= 600


OTHERS = reply(200, [{"id": "6", "type": "Trino", "status": "enabled", "config": {}}])
NOT_FOUND = "Immuta's API was not found"

# The answers; the result, which is the status, "gone", or the summary of an error; and the requests.
READS: dict[str, tuple[Script, str, list[str]]] = {
    "listed": ({LIST: reply(200, [{"id": "6"}, ENTRY])}, "enabled", [LIST]),
    "listed without its configuration": (
        {LIST: reply(200, [{"id": 5, "status": "enabled"}]), GET: whole("editing")},
        "editing",
        [LIST, GET],
    ),
    "listed in a wrong shape": (
        {LIST: reply(200, [{"id": 5, "config": "odd"}]), GET: ENABLED},
        "enabled",
        [LIST, GET],
    ),
    "not listed, but read": ({LIST: OTHERS, GET: ENABLED}, "enabled", [LIST, GET]),
    "not listed and not known": ({LIST: OTHERS, GET: MISSING}, "gone", [LIST, GET]),
    "an empty list, and not known": ({LIST: EMPTY, GET: MISSING}, "gone", [LIST, GET, LIST]),
    "an empty list at first": (
        {LIST: [EMPTY, reply(200, [ENTRY])], GET: MISSING},
        "Immuta does not know it",
        [LIST, GET, LIST],
    ),
    "an empty list, but read": ({LIST: EMPTY, GET: ENABLED}, "enabled", [LIST, GET]),
    "not listed, and a gateway's page": ({LIST: OTHERS, GET: page(404)}, NOT_FOUND, [LIST, GET]),
    "not listed, and a gateway's JSON": (
        {LIST: OTHERS, GET: reply(404, {"message": "no Route matched"})},
        NOT_FOUND,
        [LIST, GET],
    ),
    "listed, then deleted": (
        {LIST: [reply(200, [{"id": 5}]), EMPTY], GET: MISSING},
        "gone",
        [LIST, GET, LIST],
    ),
    "listed, but not known": (
        {LIST: reply(200, [{"id": 5}]), GET: MISSING},
        "Immuta does not know it",
        [LIST, GET, LIST],
    ),
    "listed as deleted": ({LIST: reply(200, [{**ENTRY, "status": "deleted"}])}, "gone", [LIST]),
    "the list is a gateway's page": ({LIST: page(200)}, "Immuta's answer cannot be understood", [LIST]),
    "not listed, and no answer": (
        {LIST: OTHERS, GET: page(503)},
        "Immuta failed to answer",
        [LIST, *[GET] * 5],
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_as_immutas_answers_say(make_client: MakeClient, name: str) -> None:
    script, end, calls = READS[name]
    client, transport, _ = make_client(script)
    notes: list[Note] = []
    try:
        found = life.read(client, "5", warnings=notes)
        ended = "gone" if found is None else found.status
    except ImmutaError as failure:
        ended = failure.summary
    assert (ended, notes, transport.calls) == (end, [], calls)


@pytest.mark.parametrize(
    "script",
    [{LIST: reply(200, [{**ENTRY, "status": "disabled"}])}, {LIST: OTHERS, GET: whole("disabled")}],
    ids=["listed", "not listed"],
)
def test_a_force_disabled_integration_counts_as_gone(make_client: MakeClient, script: Script) -> None:
    client, transport, _ = make_client(script)
    notes: list[Note] = []
    assert life.read(client, "5", warnings=notes) is None
    assert [note.summary for note in notes] == ["The integration was force-disabled"]
    assert transport.calls == list(script)


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


def test_a_refresh_takes_one_list(make_client: MakeClient) -> None:
    entries = [{"id": n, "type": "Trino", "status": "enabled", "config": {}} for n in range(500)]
    client, transport, _ = make_client({LIST: reply(200, entries)})

    def refresh(first: int) -> list[Any]:
        return [life.read(client, str(n), warnings=[]) for n in range(first, 500, 10)]

    read = [each for found in Threads(*(partial(refresh, n) for n in range(10))).results() for each in found]
    assert sorted(int(each.id) for each in read) == list(range(500))
    assert transport.calls == [LIST]

"""The life of records: what goes over the wire for each step, and what comes of it, whatever Immuta answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.errors import (
    ConfigurationError,
    ConflictError,
    ConnectError,
    CreateLost,
    DeleteFailed,
    ImmutaError,
    ProtocolError,
    RequestTimeout,
    TooLarge,
)
from immuta_provider.api.life import Outcome
from immuta_provider.api.records import RecordsLife
from immuta_provider.model.fields import Routes
from support.fake_transport import Script, error, page, reply

MakeClient = Callable[..., Any]

UPSERT = "POST /v2/thing?loud={loud}"
THINGS = Routes(
    UPSERT,
    "GET /thing/{id}",
    "DELETE /thing/{id}",
    list="GET /thing",
    permission="KEEPER",
    update=UPSERT,
    items="things",
    created_id="thingId",
    absent_when=(("deleted", True),),
    reserved_when=(("system", True),),
    tree="name",
    nested="things",
    forgotten=("color",),
)
LABELS = Routes(
    "POST /label",
    "GET /label?search={id}",
    "DELETE /label/{id}",
    list="GET /label",
    permission="KEEPER",
    id="name",
    absent_when=(("deleted", True),),
    tree="name",
)
LIST, LABEL_LIST = "GET /thing", "GET /label"
LOST = RequestTimeout("Immuta did not answer in time", "silent.", maybe_sent=True)
UNSENT = ConnectError("No connection", "refused.", kind="name", maybe_sent=False)
MISSING = error(404, "Not found")


def things(*records: dict[str, Any]) -> Any:
    return reply(200, {"things": list(records), "count": len(records)})


def labels(*names: str) -> Any:
    return reply(200, [{"name": name} for name in names])


def thing(id: int, name: str, **more: Any) -> dict[str, Any]:
    return {"id": id, "name": name, **more}


A = thing(1, "A", color="red", things=[])
B = thing(2, "B", things=[])
GETS: Script = {"GET /thing/1": reply(200, A), "GET /thing/9": MISSING}


@pytest.fixture
def life(make_client: MakeClient) -> Callable[..., Any]:
    def make(script: Script, routes: Routes = THINGS) -> tuple[RecordsLife, Any, Any]:
        client, transport, clock = make_client(script)
        noun = "thing" if routes is THINGS else "label"
        return (
            RecordsLife(client.http, routes, noun=noun, plural=f"{noun}s", keys=("name",)),
            transport,
            clock,
        )

    return make


def create(life: RecordsLife, name: str = "A", **body: Any) -> Outcome:
    sent = {"name": name, **body}
    return life.create(
        sent if life.routes is THINGS else {"labels": [sent]},
        natural_key=("thing", name),
        is_same=lambda found: all((found.body or {}).get(key) == value for key, value in sent.items()),
        has_same_key=lambda found: (found.body or {}).get("name") == name,
        resend=False,
        timeout=60,
        values={"name": name, "loud": body.get("loud")},
    )


def told(outcome: Outcome) -> tuple[Any, list[str], str]:
    """The id and the body, the summaries of the warnings, and the error's summary."""
    found = outcome.found
    return (
        None if found is None else (found.id, found.body),
        [note.summary for note in outcome.warnings],
        "" if outcome.error is None else outcome.error.summary,
    )


CREATED = reply(200, {"thingId": 1})
CREATES: list[tuple[str, Script, dict[str, Any], tuple[Any, list[str], str], list[str]]] = [
    (
        "is created and read back",
        {LIST: things(), "POST /v2/thing": CREATED, "GET /thing/1": reply(200, A)},
        {"color": "red"},
        (("1", A), [], ""),
        [LIST, "POST /v2/thing", "GET /thing/1"],
    ),
    (
        "a key that the first request does not store is sent once more",
        {
            LIST: things(),
            "POST /v2/thing": CREATED,
            "GET /thing/1": [reply(200, {**A, "color": None}), reply(200, A)],
        },
        {"color": "red"},
        (("1", A), [], ""),
        [LIST, "POST /v2/thing", "GET /thing/1", "POST /v2/thing", "GET /thing/1"],
    ),
    (
        "one that exists is not taken over",
        {LIST: things(A)},
        {},
        (None, [], "The thing exists already"),
        [LIST],
    ),
    (
        "one of Immuta's own is not offered for import",
        {LIST: things({**A, "system": True})},
        {},
        (None, [], "The thing is Immuta's own"),
        [LIST],
    ),
    (
        "one that another way of saying so names is not taken over either",
        {LIST: [things(), things(A)], "POST /v2/thing": error(400, "the things overlap with existing ones")},
        {},
        (None, [], "The thing exists already"),
        [LIST, "POST /v2/thing", LIST],
    ),
    (
        "a refusal that means something else stays",
        {LIST: things(), "POST /v2/thing": error(400, "no such color")},
        {},
        (None, [], "Immuta refused the request"),
        [LIST, "POST /v2/thing"],
    ),
    (
        "the answer is lost, and the list shows it as it was sent",
        {LIST: [things(), things(A)], "POST /v2/thing": LOST, "GET /thing/1": reply(200, A)},
        {"color": "red"},
        (("1", A), ["The thing was recognised after a lost answer"], ""),
        [LIST, "POST /v2/thing", LIST, "GET /thing/1"],
    ),
    (
        "the answer is lost, and the list shows another one of that name",
        {LIST: [things(), things(thing(1, "A", color="blue"))], "POST /v2/thing": LOST},
        {"color": "red"},
        (None, [], "The thing exists already"),
        [LIST, "POST /v2/thing", LIST],
    ),
    (
        "the answer is lost, and no list shows it",
        {LIST: things(), "POST /v2/thing": LOST},
        {},
        (None, [], "It is unknown whether the thing was created"),
        [LIST, "POST /v2/thing", *[LIST] * 5],
    ),
    (
        "a gateway's page proves nothing",
        {LIST: [things(), things(A)], "POST /v2/thing": page(403), "GET /thing/1": reply(200, A)},
        {},
        (("1", A), ["The thing was recognised after a lost answer"], ""),
        [LIST, "POST /v2/thing", LIST, "GET /thing/1"],
    ),
    (
        "it cannot be read back",
        {LIST: things(), "POST /v2/thing": CREATED, "GET /thing/1": error(400, "no")},
        {},
        (("1", None), ["The thing was created, but could not be read back"], ""),
        [LIST, "POST /v2/thing", "GET /thing/1", LIST],
    ),
    *(
        (
            f"the answer has the wrong id {id!r}, and the list shows the new one",
            {LIST: [things(B), things(B, A)], "POST /v2/thing": reply(200, {"thingId": id}), **GETS},
            {"color": "red"},
            (("1", A), warnings, ""),
            [LIST, "POST /v2/thing", *calls, "GET /thing/1"],
        )
        for id, warnings, calls in (
            (-5, [], [LIST]),
            ("a/b", [], [LIST]),
            ("../../bim", [], [LIST]),
            (2, ["The thing was recognised after a lost answer"], [LIST]),
            (9, ["The thing was recognised after a lost answer"], ["GET /thing/9", LIST]),
        )
    ),
    (
        "the answer has the id of one that existed before, and nothing is new",
        {LIST: things(B), "POST /v2/thing": reply(200, {"thingId": 2})},
        {},
        (None, [], "It is unknown whether the thing was created"),
        [LIST, "POST /v2/thing", *[LIST] * 5],
    ),
    (
        "without a connection nothing is created",
        {LIST: UNSENT},
        {},
        (None, [], "No connection"),
        [LIST],
    ),
]


@pytest.mark.parametrize(
    ("script", "body", "outcome", "calls"), [row[1:] for row in CREATES], ids=[row[0] for row in CREATES]
)
def test_a_create_ends_as_immutas_answers_say(
    life: Any, script: Script, body: Any, outcome: Any, calls: list[str]
) -> None:
    records, transport, _ = life(script)
    assert told(create(records, **body)) == outcome
    assert transport.calls == calls


def test_an_existing_object_is_offered_for_import(life: Any) -> None:
    records, _, _ = life({LIST: things(A)})
    refused = create(records).error
    assert isinstance(refused, ConflictError)
    assert refused.existing_id == "1"
    records.keep("1")
    kept = create(records).error
    assert isinstance(kept, ConflictError)
    assert kept.existing_id is None


def test_two_resources_with_one_natural_key_conflict(life: Any) -> None:
    script = {LIST: [things(), things(A)], "POST /v2/thing": CREATED, "GET /thing/1": reply(200, A)}
    records, transport, _ = life(script)
    assert create(records).error is None
    twin = create(records).error
    assert isinstance(twin, ConflictError)
    assert twin.existing_id is None
    assert transport.calls.count("POST /v2/thing") == 1


def test_creates_that_run_together_share_one_list(life: Any) -> None:
    names = "ABC"
    answers = {f"GET /thing/{n}": reply(200, thing(n, name)) for n, name in enumerate(names, 1)}
    made = [reply(200, {"thingId": n}) for n in (1, 2, 3)]
    records, transport, _ = life({LIST: things(), "POST /v2/thing": made, **answers})
    assert [told(create(records, name)) for name in names] == [
        ((str(n), thing(n, name)), [], "") for n, name in enumerate(names, 1)
    ]
    assert transport.calls.count(LIST) == 1


def test_one_list_serves_updates_that_run_together(life: Any) -> None:
    held = [A, thing(2, "B"), thing(3, "C")]
    answers = {f"GET /thing/{one['id']}": reply(200, one) for one in held}
    records, transport, _ = life({LIST: things(*held), "POST /v2/thing": CREATED, **answers})
    done = [
        records.update(str(one["id"]), {"name": one["name"]}, timeout=60, values={"loud": None}, prior={})
        for one in held
    ]
    assert [told(each) for each in done] == [((str(one["id"]), one), [], "") for one in held]
    assert transport.calls == [
        LIST,
        *(call for n in (1, 2, 3) for call in ("POST /v2/thing", f"GET /thing/{n}")),
    ]


def test_one_list_serves_deletions_that_run_together(life: Any) -> None:
    names = "ABC"
    deletes = {f"DELETE /label/{name}": reply(200, {}) for name in names}
    looks = {f"GET /label?search={name}": labels() for name in names}
    records, transport, _ = life({LABEL_LIST: labels(*names), **deletes, **looks}, LABELS)
    done = [told(records.delete(name, None, timeout=60, values={"force_destroy": None})) for name in names]
    assert done == [GONE] * 3
    steps = (call for name in names for call in (f"DELETE /label/{name}", f"GET /label?search={name}"))
    assert transport.calls == [LABEL_LIST, *steps]


def test_a_deletion_sees_a_child_that_this_run_created_after_the_shared_list(life: Any) -> None:
    script = {
        LABEL_LIST: [labels("A", "X"), labels("A", "X", "A.B")],
        "DELETE /label/X": reply(200, {}),
        "GET /label?search=X": labels(),
        "POST /label": labels("A.B"),
        "GET /label?search=A.B": labels("A.B"),
    }
    records, transport, _ = life(script, LABELS)
    assert told(records.delete("X", None, timeout=60, values={"force_destroy": None})) == GONE
    assert told(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")
    refused = records.delete("A", None, timeout=60, values={"force_destroy": None})
    assert told(refused) == (("A", None), [], "The label contains others")
    assert "DELETE /label/A" not in transport.calls


def test_a_create_checks_a_conflict_in_a_list_after_the_last_write(life: Any) -> None:
    script = {
        LABEL_LIST: [labels("A", "A.B", "X"), labels("X")],
        "DELETE /label/A": reply(200, {}),
        "GET /label?search=A": labels(),
        "POST /label": labels("A.B"),
        "GET /label?search=A.B": labels("A.B"),
    }
    records, _, _ = life(script, LABELS)
    assert told(records.delete("A", None, timeout=60, values={"force_destroy": True})) == GONE
    assert told(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")


def test_an_array_tells_the_id_of_what_was_created(life: Any) -> None:
    script = {
        LABEL_LIST: labels("X"),
        "POST /label": reply(200, [{"name": "A"}, {"name": "A.B"}]),
        "GET /label?search=A.B": labels("A.B", "A.B.C"),
    }
    records, _, _ = life(script, LABELS)
    assert told(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")


READS: list[tuple[str, Routes, Script, str, Any]] = [
    ("from the list", THINGS, {LIST: things(A)}, "1", ("1", A)),
    ("gone", THINGS, {LIST: things(), "GET /thing/1": MISSING}, "1", None),
    (
        "not listed, and there all the same",
        THINGS,
        {LIST: things(), "GET /thing/1": reply(200, A)},
        "1",
        ("1", A),
    ),
    (
        "marked as deleted",
        THINGS,
        {LIST: things({**A, "deleted": True}), "GET /thing/1": reply(200, {**A, "deleted": True})},
        "1",
        None,
    ),
    ("a page proves nothing", THINGS, {LIST: things(), "GET /thing/1": page(404)}, "1", ImmutaError),
    ("a list of another shape", THINGS, {LIST: reply(200, {"data": [A]})}, "1", ProtocolError),
    (
        "searched for, and gone",
        LABELS,
        {LABEL_LIST: labels("X"), "GET /label?search=A": labels("A.B")},
        "A",
        None,
    ),
    (
        "an empty list proves nothing",
        LABELS,
        {LABEL_LIST: labels(), "GET /label?search=A": labels()},
        "A",
        ProtocolError,
    ),
    ("an id that leads elsewhere", THINGS, {LIST: things()}, "..", ConfigurationError),
]


@pytest.mark.parametrize(
    ("routes", "script", "id", "found"), [row[1:] for row in READS], ids=[row[0] for row in READS]
)
def test_a_read_ends_as_immutas_answers_say(
    life: Any, routes: Routes, script: Script, id: str, found: Any
) -> None:
    records, _, _ = life(script, routes)
    if isinstance(found, type):
        with pytest.raises(found):
            records.read(id, warnings=[], values={"id": id, "name": None})
        return
    read = records.read(id, warnings=[], values={"id": id, "name": None})
    assert (None if read is None else (read.id, read.body)) == found


def test_an_import_names_an_id_or_a_natural_key(life: Any) -> None:
    records, _, _ = life({LIST: things(A, thing(2, "1"))})
    assert [records.resolve(text) for text in ("1", "A", "2", "B")] == ["1", "1", "2", "B"]


def test_a_flat_list_is_nested_by_its_names(life: Any) -> None:
    records, _, _ = life({LIST: things(thing(3, "A.B.C"), thing(1, "A"), thing(2, "A.B"), thing(4, "AB"))})
    assert [(found.id, found.body) for found in records.list()] == [
        ("1", thing(1, "A", things=[thing(2, "A.B", things=[thing(3, "A.B.C", things=[])])])),
        ("4", thing(4, "AB", things=[])),
    ]


def test_reads_share_a_list_until_a_write(life: Any) -> None:
    script = {LIST: things(A), "POST /v2/thing?loud=true": CREATED, "GET /thing/1": reply(200, A)}
    records, transport, _ = life(script)
    records.read("1", warnings=[], values={})
    records.list()
    done = records.update("1", {"name": "A"}, timeout=60, values={"loud": True}, prior={})
    assert told(done) == (("1", A), [], "")
    records.list()
    assert transport.calls == [LIST, "POST /v2/thing?loud=true", "GET /thing/1", LIST]


def has(records: RecordsLife, name: str) -> bool:
    return records.has("name", name, ("thing", name), deadline=60.0)


def test_records_that_this_run_listed_or_made_exist_without_another_list(life: Any) -> None:
    script = {
        LIST: [things(thing(2, "B"), thing(3, "B.C")), things(thing(4, "Theirs"))],
        "POST /v2/thing": CREATED,
        "GET /thing/1": reply(200, A),
    }
    records, transport, _ = life(script)
    assert [has(records, name) for name in ("B", "B.C", "A")] == [True, True, False]
    assert told(create(records)) == (("1", A), [], "")
    before = len(transport.calls)
    assert [has(records, name) for name in ("A", "B.C")] == [True, True]
    assert transport.calls[before:] == []
    assert [has(records, name) for name in ("Theirs", "X", "Y")] == [True, False, False]
    assert transport.calls[before:] == [LIST]


UPDATES: list[tuple[str, Script, tuple[Any, list[str], str]]] = [
    (
        "an upsert may be repeated",
        {LIST: things(A), "POST /v2/thing": [error(503, "later"), CREATED], "GET /thing/1": reply(200, A)},
        (("1", A), [], ""),
    ),
    (
        "a key that the first request does not store is sent once more",
        {
            LIST: things(A),
            "POST /v2/thing": CREATED,
            "GET /thing/1": [reply(200, {**A, "name": None}), reply(200, A)],
        },
        (("1", A), [], ""),
    ),
    (
        "sending it once more fails",
        {
            LIST: things(A),
            "POST /v2/thing": [CREATED, error(400, "no")],
            "GET /thing/1": reply(200, {**A, "name": None}),
        },
        (("1", {**A, "name": None}), ["The thing was updated, but not all of it was stored"], ""),
    ),
    (
        "refused",
        {LIST: things(A), "POST /v2/thing": error(400, "no")},
        (None, [], "Immuta refused the request"),
    ),
    (
        "Immuta's own is left alone",
        {LIST: things({**A, "system": True})},
        (None, [], "The thing is Immuta's own"),
    ),
    (
        "one that is gone is not made again",
        {LIST: things(thing(2, "A")), "GET /thing/1": MISSING},
        (None, [], "Immuta does not know it"),
    ),
]


@pytest.mark.parametrize(("script", "outcome"), [row[1:] for row in UPDATES], ids=[row[0] for row in UPDATES])
def test_an_update_ends_as_immutas_answers_say(life: Any, script: Script, outcome: Any) -> None:
    records, _, _ = life(script)
    assert told(records.update("1", {"name": "A"}, timeout=60, values={}, prior={})) == outcome


GONE: tuple[Any, list[str], str] = (None, [], "")
DELETES: list[tuple[str, Routes, Script, str, dict[str, Any], tuple[Any, list[str], str]]] = [
    (
        "gone",
        THINGS,
        {LIST: things(A), "DELETE /thing/1": reply(200, {}), "GET /thing/1": MISSING},
        "1",
        {},
        GONE,
    ),
    (
        "gone before",
        THINGS,
        {LIST: things(), "DELETE /thing/1": MISSING, "GET /thing/1": MISSING},
        "1",
        {},
        GONE,
    ),
    (
        "gone a little later",
        THINGS,
        {LIST: things(A), "DELETE /thing/1": reply(200, {}), "GET /thing/1": [reply(200, A), MISSING]},
        "1",
        {},
        GONE,
    ),
    (
        "never gone",
        THINGS,
        {LIST: things(A), "DELETE /thing/1": reply(200, {}), "GET /thing/1": reply(200, A)},
        "1",
        {},
        (("1", None), [], "Immuta did not delete the thing"),
    ),
    (
        "gone after a look that failed",
        THINGS,
        {LIST: things(A), "DELETE /thing/1": reply(200, {}), "GET /thing/1": [page(200), MISSING]},
        "1",
        {},
        GONE,
    ),
    (
        "never read again",
        THINGS,
        {LIST: things(A), "DELETE /thing/1": reply(200, {}), "GET /thing/1": page(200)},
        "1",
        {},
        (("1", None), [], "It is unknown whether the thing was deleted"),
    ),
    (
        "what it contains is one with it",
        THINGS,
        {LIST: things(A, thing(2, "A.B")), "DELETE /thing/1": reply(200, {}), "GET /thing/1": MISSING},
        "1",
        {},
        GONE,
    ),
    (
        "what it contains is not deleted",
        LABELS,
        {LABEL_LIST: labels("A", "A.B", "AB")},
        "A",
        {"force_destroy": None},
        (("A", None), [], "The label contains others"),
    ),
    (
        "what it contains is deleted by force",
        LABELS,
        {LABEL_LIST: labels("A", "A.B"), "DELETE /label/A": reply(200, {}), "GET /label?search=A": labels()},
        "A",
        {"force_destroy": True},
        GONE,
    ),
    (
        "Immuta's own is left alone",
        THINGS,
        {LIST: things({**A, "system": True})},
        "1",
        {},
        (("1", None), [], "The thing is Immuta's own"),
    ),
]


@pytest.mark.parametrize(
    ("routes", "script", "id", "values", "outcome"),
    [row[1:] for row in DELETES],
    ids=[row[0] for row in DELETES],
)
def test_a_delete_ends_as_immutas_answers_say(
    life: Any, routes: Routes, script: Script, id: str, values: Any, outcome: Any
) -> None:
    records, _, _ = life(script, routes)
    assert told(records.delete(id, None, timeout=60, values=values)) == outcome


def test_the_names_of_conflicting_objects_are_reported(life: Any) -> None:
    names = [f"A.{n:02}" for n in range(12)]
    records, _, _ = life({LABEL_LIST: labels("A", *names)}, LABELS)
    refused = records.delete("A", None, timeout=60, values={}).error
    assert isinstance(refused, DeleteFailed)
    shown = ", ".join(f'"{name}"' for name in names[:10])
    assert refused.detail == (
        f"label A contains {shown} and 2 more, and deleting it deletes them as well. Delete these first, or set "
        "`force_destroy = true`, apply, and destroy it then. Nothing was deleted."
    )


def test_a_name_is_shown_whole_but_for_known_secrets(make_client: MakeClient) -> None:
    names = ("A.Social Security, No. 2", "A.x_PII-3.de", "A.of hunter2")
    client, _, _ = make_client(
        {LABEL_LIST: labels("A", *names)},
        quote=lambda text: text.replace("hunter2", "(hidden)"),
        quote_stored=lambda text: "…",
    )
    records = RecordsLife(client.http, LABELS, noun="label", plural="labels", keys=("name",))
    refused = records.delete("A", None, timeout=60, values={}).error
    assert isinstance(refused, DeleteFailed)
    assert refused.detail.startswith(
        'label A contains "A.Social Security, No. 2", "A.x_PII-3.de", "A.of (hidden)", and deleting it'
    )


@pytest.mark.parametrize(
    "permanent",
    [
        TooLarge("Too large", "too much came."),
        ConnectError("Untrusted", "refused.", kind="certificate", maybe_sent=False),
    ],
    ids=lambda error: error.summary,
)
def test_a_permanent_error_of_a_list_ends_the_search(life: Any, permanent: ImmutaError) -> None:
    records, transport, _ = life({LIST: [things(), permanent], "POST /v2/thing": LOST})
    assert told(create(records)) == (None, [], "It is unknown whether the thing was created")
    assert transport.calls == [LIST, "POST /v2/thing", LIST]


def test_a_name_that_is_free_again_is_taken(life: Callable[..., Any]) -> None:
    """A list of a moment ago shows it still; a later one does not."""
    subject, _, _ = life(
        {
            LABEL_LIST: [labels("A"), labels()],
            "POST /label": reply(200, [{"name": "A"}]),
            "GET /label?search=A": labels("A"),
        },
        LABELS,
    )
    subject.list()
    subject.shared.invalidate()
    assert told(create(subject)) == (("A", {"name": "A"}), [], "")


def test_a_create_waits_for_a_deletion_that_no_list_shows_any_more(life: Callable[..., Any]) -> None:
    """The name of a label is its id: a new one would be in the way of the deletion of the old one, which looks for it."""
    looked, go = threading.Event(), threading.Event()

    def read(request: Any) -> Any:
        if looked.is_set():
            return labels("A")
        looked.set()
        go.wait(5)
        return labels()

    subject, transport, clock = life(
        {
            LABEL_LIST: [labels("A"), labels("A"), labels()],
            "DELETE /label/A": reply(200, {}),
            "GET /label?search=A": read,
            "POST /label": reply(200, [{"name": "A"}]),
        },
        LABELS,
    )
    ended: list[Outcome] = []
    deleting = threading.Thread(target=lambda: ended.append(subject.delete("A", None, timeout=60, values={})))
    deleting.start()
    assert looked.wait(5)

    def let_go() -> None:
        go.set()
        deleting.join(5)

    clock.at(3, let_go)
    outcome = create(subject)
    go.set()
    deleting.join(5)
    assert (told(outcome), [told(each) for each in ended]) == (
        (("A", {"name": "A"}), [], ""),
        [(None, [], "")],
    )
    assert transport.calls == [
        LABEL_LIST,
        "DELETE /label/A",
        "GET /label?search=A",
        LABEL_LIST,
        LABEL_LIST,
        "POST /label",
        "GET /label?search=A",
    ]


def test_a_stop_ends_the_wait_for_a_deletion(make_client: MakeClient) -> None:
    stop = threading.Event()
    script = {LABEL_LIST: labels("A"), "DELETE /label/A": reply(200, {}), "GET /label?search=A": labels("A")}
    client, _, clock = make_client(script, stop=stop)
    clock.at(1.0, stop.set)
    records = RecordsLife(client.http, LABELS, noun="label", plural="labels", keys=("name",))
    assert told(records.delete("A", None, timeout=60, values={})) == (("A", None), [], "Interrupted")


def test_an_odd_id_is_one_segment_of_a_path(life: Any) -> None:
    script = {
        LABEL_LIST: labels("X"),
        "DELETE /label/A%2FB%20%C3%BC": reply(200, {}),
        "GET /label?search=A%2FB%20%C3%BC": labels(),
    }
    records, _, _ = life(script, LABELS)
    assert told(records.delete("A/B ü", None, timeout=60, values={})) == GONE


def test_a_refusal_names_the_permission(life: Any) -> None:
    records, _, _ = life({LIST: error(403, "no")})
    with pytest.raises(ImmutaError, match="needs the Immuta permission KEEPER"):
        records.list()


def test_a_lost_create_has_advice(life: Any) -> None:
    records, _, _ = life({LIST: things(), "POST /v2/thing": LOST})
    lost = create(records).error
    assert isinstance(lost, CreateLost)
    assert lost.detail == (
        "Immuta's answer to the create did not arrive, and lists after it did not show the thing. Apply again, and import "
        "the thing if Immuta lists it by then.\n\nImmuta did not answer in time: silent."
    )

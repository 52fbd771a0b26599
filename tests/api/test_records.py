"""The life of records: the requests of each step and its end, for each way in which Immuta answers."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Protocol

import pytest
from immuta_provider.api.http.errors import (
    ConfigurationError,
    ConflictError,
    ConnectError,
    CreateLost,
    DeleteFailed,
    ImmutaError,
    ProtocolError,
)
from immuta_provider.api.life import Outcome
from immuta_provider.api.records import RecordsLife
from immuta_provider.model.fields import Routes
from support.fake_clock import FakeClock
from support.fake_transport import FakeTransport, Script, error, page, reply
from support.scripted import SILENT, TOO_LARGE, UNTRUSTED, MakeClient
from support.threads import Threads

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
LIST, POST = "GET /thing", "POST /v2/thing"
GET, DELETE = "GET /thing/1", "DELETE /thing/1"
LABEL_LIST, LABEL_POST, LABEL_DELETE = "GET /label", "POST /label", "DELETE /label/A"
SEARCH = "GET /label?search="
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
READ = reply(200, A)
DONE = reply(200, {})
CREATED = reply(200, {"thingId": 1})


class MakeLife(Protocol):
    """The fixture `life`."""

    def __call__(
        self, script: Script, routes: Routes = THINGS, **more: Any
    ) -> tuple[RecordsLife, FakeTransport, FakeClock]: ...


@pytest.fixture
def life(make_client: MakeClient) -> MakeLife:
    def make(
        script: Script, routes: Routes = THINGS, **more: Any
    ) -> tuple[RecordsLife, FakeTransport, FakeClock]:
        client, transport, clock = make_client(script, **more)
        noun = "thing" if routes is THINGS else "label"
        records = RecordsLife(client.http, routes, noun=noun, plural=f"{noun}s", keys=("name",))
        return records, transport, clock

    return make


Ending = tuple[Any, list[str], str]
GONE: Ending = (None, [], "")
MADE: Ending = (("1", A), [], "")
RECOGNISED = "The thing was recognised after a lost answer"
EXISTS = "The thing exists already"
UNKNOWN = "It is unknown whether the thing was created"


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


def update(life: RecordsLife, id: str = "1", name: str = "A", *, loud: bool | None = None) -> Ending:
    return ending(life.update(id, {"name": name}, timeout=60, values={"loud": loud}, prior={}))


def delete(life: RecordsLife, id: str, *, force: bool | None = None) -> Outcome:
    return life.delete(id, None, timeout=60, values={"force_destroy": force})


def ending(outcome: Outcome) -> Ending:
    """The id and the body, the summaries of the warnings, and the error's summary."""
    found = outcome.found
    return (
        None if found is None else (found.id, found.body),
        [note.summary for note in outcome.warnings],
        "" if outcome.error is None else outcome.error.summary,
    )


# The answers, the end, and the requests after the first list.
CREATES: dict[str, tuple[Script, Ending, list[str]]] = {
    "read back": ({POST: CREATED, GET: READ}, MADE, [POST, GET]),
    "a key that the first request does not store is sent once more": (
        {POST: CREATED, GET: [reply(200, {**A, "color": None}), READ]},
        MADE,
        [POST, GET, POST, GET],
    ),
    "an existing one is not adopted": ({LIST: things(A)}, (None, [], EXISTS), []),
    "one of Immuta's own is not offered for import": (
        {LIST: things({**A, "system": True})},
        (None, [], "The thing is Immuta's own"),
        [],
    ),
    "an existing one that only the refusal names is not adopted": (
        {LIST: [things(), things(A)], POST: error(400, "the things overlap with existing ones")},
        (None, [], EXISTS),
        [POST, LIST],
    ),
    "another refusal is an error": (
        {POST: error(400, "no such color")},
        (None, [], "Immuta refused the request"),
        [POST],
    ),
    "the answer is lost, and the list shows it as it was sent": (
        {LIST: [things(), things(A)], POST: SILENT, GET: READ},
        (("1", A), [RECOGNISED], ""),
        [POST, LIST, GET],
    ),
    "the answer is lost, and the list shows another one of that name": (
        {LIST: [things(), things(thing(1, "A", color="blue"))], POST: SILENT},
        (None, [], EXISTS),
        [POST, LIST],
    ),
    "the answer is lost, and no list shows it": ({POST: SILENT}, (None, [], UNKNOWN), [POST, *[LIST] * 5]),
    "the answer is lost, and a list is too large": (
        {LIST: [things(), TOO_LARGE], POST: SILENT},
        (None, [], UNKNOWN),
        [POST, LIST],
    ),
    "the answer is lost, and a list is not trusted": (
        {LIST: [things(), UNTRUSTED], POST: SILENT},
        (None, [], UNKNOWN),
        [POST, LIST],
    ),
    "a gateway's page counts as a lost answer": (
        {LIST: [things(), things(A)], POST: page(403), GET: READ},
        (("1", A), [RECOGNISED], ""),
        [POST, LIST, GET],
    ),
    "cannot be read back": (
        {POST: CREATED, GET: error(400, "no")},
        (("1", None), ["The thing was created, but could not be read back"], ""),
        [POST, GET, LIST],
    ),
    **{
        f"the answer has the wrong id {id!r}, and the list shows the new one": (
            {
                LIST: [things(B), things(B, A)],
                POST: reply(200, {"thingId": id}),
                GET: READ,
                "GET /thing/9": MISSING,
            },
            (("1", A), warnings, ""),
            [POST, *looks, GET],
        )
        for id, warnings, looks in (
            (-5, [], [LIST]),
            ("a/b", [], [LIST]),
            ("../../bim", [], [LIST]),
            (2, [RECOGNISED], [LIST]),
            (9, [RECOGNISED], ["GET /thing/9", LIST]),
        )
    },
    "the answer has the id of one that existed before, and nothing is new": (
        {LIST: things(B), POST: reply(200, {"thingId": 2})},
        (None, [], UNKNOWN),
        [POST, *[LIST] * 5],
    ),
    "without a connection nothing is created": ({LIST: UNSENT}, (None, [], "No connection"), []),
}


@pytest.mark.parametrize("name", CREATES)
def test_a_create_ends_as_immutas_answers_say(life: MakeLife, name: str) -> None:
    script, end, calls = CREATES[name]
    records, transport, _ = life({LIST: things(), **script})
    assert ending(create(records, color="red")) == end
    assert transport.calls == [LIST, *calls]


def test_an_existing_object_is_offered_for_import(life: MakeLife) -> None:
    records, _, _ = life({LIST: things(A)})
    refused = create(records).error
    assert isinstance(refused, ConflictError)
    assert refused.existing_id == "1"
    records.keep("1")
    kept = create(records).error
    assert isinstance(kept, ConflictError)
    assert kept.existing_id is None


def test_two_resources_with_one_natural_key_conflict(life: MakeLife) -> None:
    records, transport, _ = life({LIST: [things(), things(A)], POST: CREATED, GET: READ})
    assert create(records).error is None
    twin = create(records).error
    assert isinstance(twin, ConflictError)
    assert twin.existing_id is None
    assert transport.calls.count(POST) == 1


def test_creates_that_run_together_share_one_list(life: MakeLife) -> None:
    names = "ABC"
    answers = {f"GET /thing/{n}": reply(200, thing(n, name)) for n, name in enumerate(names, 1)}
    made = [reply(200, {"thingId": n}) for n in (1, 2, 3)]
    records, transport, _ = life({LIST: things(), POST: made, **answers})
    assert [ending(create(records, name)) for name in names] == [
        ((str(n), thing(n, name)), [], "") for n, name in enumerate(names, 1)
    ]
    assert transport.calls.count(LIST) == 1


def test_one_list_serves_updates_that_run_together(life: MakeLife) -> None:
    existing = [A, thing(2, "B"), thing(3, "C")]
    answers = {f"GET /thing/{one['id']}": reply(200, one) for one in existing}
    records, transport, _ = life({LIST: things(*existing), POST: CREATED, **answers})
    for one in existing:
        assert update(records, str(one["id"]), one["name"]) == ((str(one["id"]), one), [], "")
    assert transport.calls == [LIST, *(call for n in (1, 2, 3) for call in (POST, f"GET /thing/{n}"))]


def test_one_list_serves_deletions_that_run_together(life: MakeLife) -> None:
    names = "ABC"
    deletes = {f"DELETE /label/{name}": DONE for name in names}
    looks = {f"{SEARCH}{name}": labels() for name in names}
    records, transport, _ = life({LABEL_LIST: labels(*names), **deletes, **looks}, LABELS)
    assert [ending(delete(records, name)) for name in names] == [GONE] * 3
    steps = (call for name in names for call in (f"DELETE /label/{name}", f"{SEARCH}{name}"))
    assert transport.calls == [LABEL_LIST, *steps]


def test_a_deletion_sees_a_child_that_this_run_created_after_the_shared_list(life: MakeLife) -> None:
    script = {
        LABEL_LIST: [labels("A", "X"), labels("A", "X", "A.B")],
        "DELETE /label/X": DONE,
        f"{SEARCH}X": labels(),
        LABEL_POST: labels("A.B"),
        f"{SEARCH}A.B": labels("A.B"),
    }
    records, transport, _ = life(script, LABELS)
    assert ending(delete(records, "X")) == GONE
    assert ending(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")
    assert ending(delete(records, "A")) == (("A", None), [], "The label contains others")
    assert LABEL_DELETE not in transport.calls


def test_a_create_checks_a_conflict_in_a_list_after_the_last_write(life: MakeLife) -> None:
    script = {
        LABEL_LIST: [labels("A", "A.B", "X"), labels("X")],
        LABEL_DELETE: DONE,
        f"{SEARCH}A": labels(),
        LABEL_POST: labels("A.B"),
        f"{SEARCH}A.B": labels("A.B"),
    }
    records, _, _ = life(script, LABELS)
    assert ending(delete(records, "A", force=True)) == GONE
    assert ending(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")


def test_the_id_of_a_new_record_is_found_in_an_array(life: MakeLife) -> None:
    script = {
        LABEL_LIST: labels("X"),
        LABEL_POST: reply(200, [{"name": "A"}, {"name": "A.B"}]),
        f"{SEARCH}A.B": labels("A.B", "A.B.C"),
    }
    records, _, _ = life(script, LABELS)
    assert ending(create(records, "A.B")) == (("A.B", {"name": "A.B"}), [], "")


# The answers, the id, and the record or the error.
READS: dict[str, tuple[Script, str, Any]] = {
    "from the list": ({LIST: things(A)}, "1", ("1", A)),
    "gone": ({LIST: things(), GET: MISSING}, "1", None),
    "not listed, but read": ({LIST: things(), GET: READ}, "1", ("1", A)),
    "marked as deleted": (
        {LIST: things({**A, "deleted": True}), GET: reply(200, {**A, "deleted": True})},
        "1",
        None,
    ),
    "a gateway's page is not an answer": ({LIST: things(), GET: page(404)}, "1", ImmutaError),
    "a list of another shape": ({LIST: reply(200, {"data": [A]})}, "1", ProtocolError),
    "an id that leads elsewhere": ({LIST: things()}, "..", ConfigurationError),
    "searched for, and gone": ({LABEL_LIST: labels("X"), f"{SEARCH}A": labels("A.B")}, "A", None),
    "an empty list is not an answer": (
        {LABEL_LIST: labels(), f"{SEARCH}A": labels()},
        "A",
        ProtocolError,
    ),
}


@pytest.mark.parametrize("name", READS)
def test_a_read_ends_as_immutas_answers_say(life: MakeLife, name: str) -> None:
    script, id, end = READS[name]
    records, _, _ = life(script, LABELS if id == "A" else THINGS)
    read = partial(records.read, id, warnings=[], values={"id": id, "name": None})
    if isinstance(end, type):
        with pytest.raises(end):
            read()
        return
    found = read()
    assert (None if found is None else (found.id, found.body)) == end


def test_an_import_names_an_id_or_a_natural_key(life: MakeLife) -> None:
    records, _, _ = life({LIST: things(A, thing(2, "1"))})
    assert [records.resolve(text) for text in ("1", "A", "2", "B")] == ["1", "1", "2", "B"]


def test_a_flat_list_is_nested_by_its_names(life: MakeLife) -> None:
    records, _, _ = life({LIST: things(thing(3, "A.B.C"), thing(1, "A"), thing(2, "A.B"), thing(4, "AB"))})
    assert [(found.id, found.body) for found in records.list()] == [
        ("1", thing(1, "A", things=[thing(2, "A.B", things=[thing(3, "A.B.C", things=[])])])),
        ("4", thing(4, "AB", things=[])),
    ]


def test_reads_share_a_list_until_a_write(life: MakeLife) -> None:
    records, transport, _ = life({LIST: things(A), f"{POST}?loud=true": CREATED, GET: READ})
    records.read("1", warnings=[], values={})
    records.list()
    assert update(records, loud=True) == MADE
    records.list()
    assert transport.calls == [LIST, f"{POST}?loud=true", GET, LIST]


def exists(records: RecordsLife, name: str) -> bool:
    return records.has("name", name, ("thing", name), deadline=60.0)


def test_records_that_this_run_listed_or_made_exist_without_another_list(life: MakeLife) -> None:
    lists = [things(thing(2, "B"), thing(3, "B.C")), things(thing(4, "Theirs"))]
    records, transport, _ = life({LIST: lists, POST: CREATED, GET: READ})
    assert [exists(records, name) for name in ("B", "B.C", "A")] == [True, True, False]
    assert ending(create(records)) == MADE
    before = len(transport.calls)
    assert [exists(records, name) for name in ("A", "B.C")] == [True, True]
    assert transport.calls[before:] == []
    assert [exists(records, name) for name in ("Theirs", "X", "Y")] == [True, False, False]
    assert transport.calls[before:] == [LIST]


# The answers, where they are not a list with the thing, an accepted update and the thing; and the end.
UPDATES: dict[str, tuple[Script, Ending]] = {
    "an upsert may be repeated": ({POST: [error(503, "later"), CREATED]}, MADE),
    "a key that the first request does not store is sent once more": (
        {GET: [reply(200, {**A, "name": None}), READ]},
        MADE,
    ),
    "it cannot be sent once more": (
        {POST: [CREATED, error(400, "no")], GET: reply(200, {**A, "name": None})},
        (("1", {**A, "name": None}), ["The thing was updated, but not all of it was stored"], ""),
    ),
    "refused": ({POST: error(400, "no")}, (None, [], "Immuta refused the request")),
    "one of Immuta's own is not changed": (
        {LIST: things({**A, "system": True})},
        (None, [], "The thing is Immuta's own"),
    ),
    "one that is gone is not created": (
        {LIST: things(thing(2, "A")), GET: MISSING},
        (None, [], "Immuta does not know it"),
    ),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_ends_as_immutas_answers_say(life: MakeLife, name: str) -> None:
    script, end = UPDATES[name]
    records, _, _ = life({LIST: things(A), POST: CREATED, GET: READ, **script})
    assert update(records) == end


# The answers, where they are not a list with the thing, an accepted deletion and a 404; and the end.
DELETES: dict[str, tuple[Script, Ending]] = {
    "gone": ({}, GONE),
    "gone before": ({LIST: things(), DELETE: MISSING}, GONE),
    "gone a little later": ({GET: [READ, MISSING]}, GONE),
    "gone after a read that failed": ({GET: [page(200), MISSING]}, GONE),
    "its children are part of it": ({LIST: things(A, thing(2, "A.B"))}, GONE),
    "never gone": ({GET: READ}, (("1", None), [], "Immuta did not delete the thing")),
    "never read again": (
        {GET: page(200)},
        (("1", None), [], "It is unknown whether the thing was deleted"),
    ),
    "one of Immuta's own is not deleted": (
        {LIST: things({**A, "system": True})},
        (("1", None), [], "The thing is Immuta's own"),
    ),
}


@pytest.mark.parametrize("name", DELETES)
def test_a_delete_ends_as_immutas_answers_say(life: MakeLife, name: str) -> None:
    script, end = DELETES[name]
    records, _, _ = life({LIST: things(A), DELETE: DONE, GET: MISSING, **script})
    assert ending(records.delete("1", None, timeout=60, values={})) == end


@pytest.mark.parametrize(
    ("force", "end"),
    [(None, (("A", None), [], "The label contains others")), (True, GONE)],
    ids=["not by default", "with force_destroy"],
)
def test_children_with_ids_of_their_own_are_deleted_only_by_force(
    life: MakeLife, force: bool | None, end: Ending
) -> None:
    script = {LABEL_LIST: labels("A", "A.B", "AB"), LABEL_DELETE: DONE, f"{SEARCH}A": labels()}
    records, transport, _ = life(script, LABELS)
    assert ending(delete(records, "A", force=force)) == end
    assert (LABEL_DELETE in transport.calls) is (force is True)


def test_the_names_of_conflicting_objects_are_reported(life: MakeLife) -> None:
    names = [f"A.{n:02}" for n in range(12)]
    records, _, _ = life({LABEL_LIST: labels("A", *names)}, LABELS)
    refused = delete(records, "A").error
    assert isinstance(refused, DeleteFailed)
    shown = ", ".join(f'"{name}"' for name in names[:10])
    assert refused.detail == (
        f"label A contains {shown} and 2 more, and deleting it deletes them as well. Delete these first, or set "
        "`force_destroy = true`, apply, and destroy it then. Nothing was deleted."
    )


def test_a_name_is_shown_whole_but_for_known_secrets(life: MakeLife) -> None:
    names = ("A.Social Security, No. 2", "A.x_PII-3.de", "A.of hunter2")
    records, _, _ = life(
        {LABEL_LIST: labels("A", *names)},
        LABELS,
        quote=lambda text: text.replace("hunter2", "(hidden)"),
        quote_held=lambda text: "…",
    )
    refused = delete(records, "A").error
    assert isinstance(refused, DeleteFailed)
    assert refused.detail.startswith(
        'label A contains "A.Social Security, No. 2", "A.x_PII-3.de", "A.of (hidden)", and deleting it'
    )


def test_a_name_that_is_free_again_is_taken(life: MakeLife) -> None:
    """An earlier list still shows it; a later one does not."""
    records, _, _ = life(
        {LABEL_LIST: [labels("A"), labels()], LABEL_POST: labels("A"), f"{SEARCH}A": labels("A")}, LABELS
    )
    records.list()
    records.shared.invalidate()
    assert ending(create(records)) == (("A", {"name": "A"}), [], "")


def test_a_create_waits_for_a_deletion_that_no_list_shows_any_more(life: MakeLife) -> None:
    """The name of a label is its id: the deletion of the old one, which looks for it, would find the new one."""
    looked, go = threading.Event(), threading.Event()

    def read(request: Any) -> Any:
        if looked.is_set():
            return labels("A")
        looked.set()
        go.wait(5)
        return labels()

    records, transport, clock = life(
        {
            LABEL_LIST: [labels("A"), labels("A"), labels()],
            LABEL_DELETE: DONE,
            f"{SEARCH}A": read,
            LABEL_POST: labels("A"),
        },
        LABELS,
    )
    deleting = Threads(partial(delete, records, "A"))
    assert looked.wait(5)

    def end_the_deletion() -> None:
        go.set()
        deleting.results()

    clock.at(3, end_the_deletion)
    created = create(records)
    go.set()
    assert [ending(each) for each in (created, *deleting.results())] == [(("A", {"name": "A"}), [], ""), GONE]
    assert transport.calls == [
        LABEL_LIST,
        LABEL_DELETE,
        f"{SEARCH}A",
        LABEL_LIST,
        LABEL_LIST,
        LABEL_POST,
        f"{SEARCH}A",
    ]


def test_a_stop_ends_the_wait_for_a_deletion(life: MakeLife) -> None:
    stop = threading.Event()
    script = {LABEL_LIST: labels("A"), LABEL_DELETE: DONE, f"{SEARCH}A": labels("A")}
    records, _, clock = life(script, LABELS, stop=stop)
    clock.at(1.0, stop.set)
    assert ending(delete(records, "A")) == (("A", None), [], "Interrupted")


def test_an_id_with_a_slash_is_one_segment_of_a_path(life: MakeLife) -> None:
    script = {
        LABEL_LIST: labels("X"),
        "DELETE /label/A%2FB%20%C3%BC": DONE,
        f"{SEARCH}A%2FB%20%C3%BC": labels(),
    }
    records, _, _ = life(script, LABELS)
    assert ending(delete(records, "A/B ü")) == GONE


def test_a_refusal_names_the_permission(life: MakeLife) -> None:
    records, _, _ = life({LIST: error(403, "no")})
    with pytest.raises(ImmutaError, match="needs the Immuta permission KEEPER"):
        records.list()


def test_a_lost_create_has_advice(life: MakeLife) -> None:
    records, _, _ = life({LIST: things(), POST: SILENT})
    lost = create(records).error
    assert isinstance(lost, CreateLost)
    assert lost.detail == (
        "Immuta's answer to the create did not arrive, and lists after it did not show the thing. Apply again: should it have "
        "appeared by then, it can be imported.\n\nImmuta did not answer in time: silent."
    )

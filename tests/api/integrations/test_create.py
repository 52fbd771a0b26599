"""One resource, one integration: creates whose answers are lost, that conflict, and that run together."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.found import Found
from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.errors import (
    AmbiguousCreate,
    ConflictError,
    ConnectError,
    CreateLost,
    PermissionDenied,
    RequestTimeout,
    ServerError,
    TooLarge,
)
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.http.settings import Settings
from immuta_provider.api.integrations import life
from immuta_provider.api.integrations.routes import Integrations
from immuta_provider.api.life import Outcome
from support.fake_clock import FakeClock
from support.fake_transport import Answer, Script, error, page, reply

MakeClient = Callable[..., Any]

RESET = ConnectError("The connection to Immuta broke", "reset.", kind="broken", maybe_sent=True)
SILENT = RequestTimeout("Immuta did not answer in time", "silent.", maybe_sent=True)
PERMANENT = (
    TooLarge("Too large", "too much came."),
    ConnectError("Untrusted", "refused.", kind="certificate", maybe_sent=False),
    PermissionDenied("Not allowed", "no.", status=403),
)
LIST, POST = "GET /integrations", "POST /integrations"
PAYLOAD = {
    "type": "Snowflake",
    "autoBootstrap": True,
    "config": {"host": "acme.example", "password": "hunter2"},
}
IDENTITY = ("Snowflake", "acme.example")


def snowflake(id: str, host: str = "acme.example", **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "Snowflake", "status": "enabled", "config": {"host": host}, **more}


def at_host(found: Found, host: str) -> bool:
    return bool((found.body or {}).get("config", {}).get("host") == host)


def same(found: Found) -> bool:
    return at_host(found, "acme.example")


def create(client: Integrations, identity: Any = IDENTITY, timeout: float = 600) -> Outcome:
    return life.create(
        client, PAYLOAD, natural_key=identity, is_same=same, has_same_key=same, timeout=timeout
    )


OLD, NEW, OTHER = snowflake("1"), snowflake("5"), snowflake("6", "other.example")
EMPTY = reply(200, [])
MISSING = error(404, "No integration found with ID 6")


def shows(*integrations: dict[str, Any]) -> Response:
    return reply(200, list(integrations))


# The lists and the answers to POST; the calls but for the final read; the id that was taken, and the kind of error.
LOST: dict[str, tuple[list[Answer], list[Answer], list[str], str | None, type[Exception] | None]] = {
    "done, then reset": ([EMPTY, shows(NEW)], [RESET], [LIST, POST, LIST], "5", None),
    "done, then silence": ([EMPTY, shows(NEW)], [SILENT], [LIST, POST, LIST], "5", None),
    "done, then a page of some gateway": ([EMPTY, shows(NEW)], [page(502)], [LIST, POST, LIST], "5", None),
    "done, but the answer is cut": (
        [EMPTY, shows(NEW)],
        [Response(200, {}, b'{"id"')],
        [LIST, POST, LIST],
        "5",
        None,
    ),
    "done, but the answer has no id": ([EMPTY, shows(NEW)], [reply(200, {})], [LIST, POST, LIST], "5", None),
    "done, but the answer is empty": ([EMPTY, shows(NEW)], [reply(204)], [LIST, POST, LIST], "5", None),
    "done, but the id cannot be asked for": (
        [EMPTY, shows(NEW)],
        [reply(200, {"id": ".."})],
        [LIST, POST, LIST],
        "5",
        None,
    ),
    "done, then a gateway's 403": ([EMPTY, shows(NEW)], [page(403)], [LIST, POST, LIST], "5", None),
    "done, then a 404 without a body": ([EMPTY, shows(NEW)], [reply(404)], [LIST, POST, LIST], "5", None),
    "done, then a gateway's 409 in JSON": (
        [EMPTY, shows(NEW)],
        [reply(409, {"message": "no"})],
        [LIST, POST, LIST],
        "5",
        None,
    ),
    "done, then a gateway's 401": ([EMPTY, shows(NEW)], [page(401)], [LIST, POST, LIST], "5", None),
    "done, then a redirect": ([EMPTY, shows(NEW)], [page(302)], [LIST, POST, LIST], "5", None),
    "a gateway's refusal is never repeated": (
        [EMPTY],
        [page(403)],
        [LIST, POST, *[LIST] * 5],
        None,
        CreateLost,
    ),
    "Immuta's own refusal is believed": (
        [EMPTY],
        [error(403, "no")],
        [LIST, POST],
        None,
        PermissionDenied,
    ),
    "a gateway's rate limit is one, and is waited for": (
        [EMPTY],
        [page(429), reply(200, {"id": "5", "status": "creating"})],
        [LIST, POST, POST],
        "5",
        None,
    ),
    "shown late": ([EMPTY, EMPTY, EMPTY, shows(NEW)], [RESET], [LIST, POST, LIST, LIST, LIST], "5", None),
    "listing fails at first": (
        [EMPTY, Response(200, {}, b"<"), shows(NEW)],
        [RESET],
        [LIST, POST, LIST, LIST],
        "5",
        None,
    ),
    "what was there before is not taken": (
        [shows(OLD), shows(OLD, NEW)],
        [RESET],
        [LIST, POST, LIST],
        "5",
        None,
    ),
    "what differs is not taken": ([EMPTY, shows(OTHER, NEW)], [RESET], [LIST, POST, LIST], "5", None),
    "another type is not taken": (
        [EMPTY, shows({**NEW, "id": "7", "type": "Redshift"}, NEW)],
        [RESET],
        [LIST, POST, LIST],
        "5",
        None,
    ),
    "listed without its configuration": (
        [EMPTY, shows({"id": "5", "type": "Snowflake"})],
        [RESET],
        [LIST, POST, LIST, "GET /integrations/5"],
        "5",
        None,
    ),
    "listed, then deleted by somebody else": (
        [EMPTY, shows({"id": "6", "type": "Snowflake"}), shows(NEW)],
        [RESET],
        [LIST, POST, LIST, "GET /integrations/6", LIST],
        "5",
        None,
    ),
    "not done, and repeated": (
        [EMPTY],
        [RESET, reply(200, {"id": "5", "status": "creating"})],
        [LIST, POST, *[LIST] * 5, POST],
        "5",
        None,
    ),
    "failed outright, and repeated": (
        [EMPTY],
        [error(500, "oops"), reply(200, {"id": "5", "status": "creating"})],
        [LIST, POST, *[LIST] * 5, POST],
        "5",
        None,
    ),
    "not done, and repeated in vain": (
        [EMPTY],
        [RESET],
        [LIST, POST, *[LIST] * 5, POST, *[LIST] * 5],
        None,
        CreateLost,
    ),
    "repeated, and in the way of itself": (
        [*[EMPTY] * 6, shows(NEW)],
        [RESET, error(409, "already exists on acme.example (id = 5)")],
        [LIST, POST, *[LIST] * 5, POST, LIST],
        "5",
        None,
    ),
    "repeated, and another in the way": (
        [EMPTY],
        [RESET, error(409, "already exists on acme.example (id = 5)")],
        [LIST, POST, *[LIST] * 5, POST, LIST],
        None,
        ConflictError,
    ),
    "silence is never repeated": ([EMPTY], [SILENT], [LIST, POST, *[LIST] * 7], None, CreateLost),
    "a gateway that gave up is never repeated": (
        [EMPTY],
        [page(504)],
        [LIST, POST, *[LIST] * 7],
        None,
        CreateLost,
    ),
    "an answer of success is never repeated": (
        [EMPTY],
        [reply(200, {})],
        [LIST, POST, *[LIST] * 7],
        None,
        CreateLost,
    ),
    "nothing can be listed for a while": (
        [EMPTY, page(200)],
        [RESET],
        [LIST, POST, *[LIST] * 5],
        None,
        CreateLost,
    ),
    **{
        f"lists fail permanently: {error.summary}": (
            [EMPTY, error],
            [RESET],
            [LIST, POST, LIST],
            None,
            CreateLost,
        )
        for error in PERMANENT
    },
    "two that are as sent": (
        [EMPTY, shows(NEW, snowflake("7"))],
        [RESET],
        [LIST, POST, LIST],
        None,
        AmbiguousCreate,
    ),
    "a conflict is not taken over": (
        [shows(OLD)],
        [error(409, "already exists on acme.example (id = 1)")],
        [LIST, POST],
        None,
        ConflictError,
    ),
    "an id that was there before is not taken over": (
        [shows(OLD)],
        [reply(200, {"id": "1", "status": "creating"})],
        [LIST, POST, *[LIST] * 5],
        None,
        ConflictError,
    ),
    "done, but the id was there before": (
        [shows(OLD), shows(OLD, NEW)],
        [reply(200, {"id": "1", "status": "creating"})],
        [LIST, POST, LIST],
        "5",
        None,
    ),
}


@pytest.mark.parametrize("name", LOST)
def test_a_create_whose_answer_is_lost_ends_as_the_lists_say(make_client: MakeClient, name: str) -> None:
    lists, posts, calls, id, kind = LOST[name]
    script: Script = {
        LIST: lists,
        POST: posts,
        "GET /integrations/5": reply(200, NEW),
        "GET /integrations/6": MISSING,
    }
    client, transport, _ = make_client(script)
    outcome = create(client)
    taken = None if outcome.found is None else outcome.found.id
    assert (taken, type(outcome.error) if outcome.error else None) == (id, kind)
    assert transport.calls == calls + ([] if id is None else ["GET /integrations/5"])


def test_an_adoption_is_reported(make_client: MakeClient) -> None:
    client, _, _ = make_client(
        {LIST: [EMPTY, shows(NEW)], POST: RESET, "GET /integrations/5": reply(200, NEW)}
    )
    assert [(note.summary, note.detail) for note in create(client).warnings] == [
        (
            "An integration was recognised after a lost answer",
            "Immuta's answer to the create did not arrive. Integration 5 is new and exactly as configured, so it was "
            "adopted.",
        )
    ]


WRONG_IDS = [
    -5,
    "-5",
    "a/b",
    "../../bim",
    "%2e%2e",
    "${file(1)}",
    "\u2116\uff11\uff12",
    " 7 ",
    "9" * 101,
    10**4000,
    1e300,
    "1",
    9,
]


@pytest.mark.parametrize("id", WRONG_IDS, ids=lambda id: f"{type(id).__name__} {str(id)[:12]!a}")
@pytest.mark.parametrize("identity", [IDENTITY, None], ids=["key", "no key"])
def test_a_response_with_a_wrong_id_counts_as_lost(make_client: MakeClient, identity: Any, id: Any) -> None:
    script = {
        LIST: [shows(OLD), shows(OLD, NEW)],
        POST: reply(200, {"id": id, "status": "creating"}),
        "GET /integrations/9": error(404, "No integration found with ID 9"),
        "GET /integrations/5": reply(200, NEW),
    }
    client, _, _ = make_client(script)
    outcome = create(client, identity, timeout=4)
    if identity is None:
        assert outcome.found is None
        assert isinstance(outcome.error, AmbiguousCreate)
        assert [candidate.id for candidate in outcome.error.candidates] == ["5"]
    else:
        assert outcome.found is not None
        assert (outcome.found.id, outcome.error, outcome.adopted) == ("5", None, True)


@pytest.mark.parametrize(
    ("id", "cause"),
    [
        ("1", "Immuta answered the create with the id of another integration, 1"),
        ("9", "Immuta answered the create with integration 9, which it does not know afterwards"),
    ],
)
def test_an_adoption_names_the_wrong_id(make_client: MakeClient, id: str, cause: str) -> None:
    script = {
        LIST: [shows(OLD), shows(OLD, NEW)],
        POST: reply(200, {"id": id, "status": "creating"}),
        "GET /integrations/9": error(404, "No integration found with ID 9"),
        "GET /integrations/5": reply(200, NEW),
    }
    client, _, _ = make_client(script)
    assert [note.detail for note in create(client).warnings] == [
        f"{cause}. Integration 5 is new and exactly as configured, so it was adopted."
    ]


@pytest.mark.parametrize("answer", [RESET, page(403), reply(404)], ids=["reset", "403 page", "bare 404"])
@pytest.mark.parametrize("identity", [None, ()])
def test_without_a_natural_key_nothing_is_adopted(
    make_client: MakeClient, identity: Any, answer: Answer
) -> None:
    client, transport, _ = make_client({LIST: [shows(OLD), shows(OLD, NEW, OTHER)], POST: answer})
    failure = create(client, identity).error
    assert isinstance(failure, AmbiguousCreate)
    assert [candidate.id for candidate in failure.candidates] == ["5", "6"]
    assert failure.detail == (
        "Immuta's answer to the create did not arrive. The new integrations have the ids 5, 6: Immuta shows nothing that "
        "distinguishes integrations of this type. Check them in Immuta and import the one that this run created, or delete it "
        "and "
        "apply again."
    )
    assert transport.calls == [LIST, POST, LIST]


def test_without_a_natural_key_nothing_is_repeated(make_client: MakeClient) -> None:
    client, transport, _ = make_client({LIST: EMPTY, POST: RESET})
    failure = create(client, None).error
    assert isinstance(failure, CreateLost)
    assert failure.detail == (
        "Immuta's answer to the create did not arrive, and later lists did not show the integration. Before applying "
        "again, check Immuta for a new integration of this type. Nothing distinguishes two of them, so another apply would "
        "create a second one. Import the existing one.\n\nThe connection to Immuta broke: reset."
    )
    assert transport.calls == [LIST, POST, *[LIST] * 5]


def test_the_search_ends_with_the_timeout(make_client: MakeClient) -> None:
    client, transport, clock = make_client({LIST: EMPTY, POST: RESET})
    assert isinstance(create(client, timeout=2).error, CreateLost)
    assert (clock.waits, transport.calls) == ([0.5, 1.0], [LIST, POST, LIST, LIST, LIST])


def test_a_stop_ends_the_search(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, transport, clock = make_client({LIST: EMPTY, POST: RESET}, stop=stop)
    clock.at(1.5, stop.set)
    assert isinstance(create(client).error, CreateLost)
    assert transport.calls == [LIST, POST, LIST, LIST]


TWINS = (
    "Another resource of this run has just created it, so two resources of the configuration describe the same "
    "integration. Remove one of them, or change an attribute by which Immuta distinguishes them, such as the host."
)


def test_an_id_is_claimed_once(make_client: MakeClient) -> None:
    script: Script = {LIST: EMPTY, POST: reply(200, {"id": "5"}), "GET /integrations/5": reply(200, NEW)}
    client, _, _ = make_client(script)
    first, second = create(client), create(client)
    assert (first.error, second.found) == (None, None)
    assert isinstance(second.error, ConflictError)
    assert (second.error.existing_id, second.error.detail) == (
        None,
        f"the create was answered with integration 5. {TWINS}",
    )


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (
            error(409, "already exists on acme.example (id = 5)"),
            f'POST /integrations was answered with 409 Error: "already exists on acme.example (id = 5)". {TWINS}',
        ),
        (
            error(422, "Validation failed."),
            'POST /integrations was answered with 422 Error: "Validation failed".\n\n'
            f"Integration 5 already exists with the same key in Immuta. {TWINS}",
        ),
    ],
    ids=["conflict", "validation"],
)
def test_an_integration_of_this_run_is_not_offered_for_import(
    make_client: MakeClient, answer: Response, detail: str
) -> None:
    client, _, _ = make_client(
        {
            LIST: [EMPTY, shows(NEW)],
            POST: [reply(200, {"id": "5"}), answer],
            "GET /integrations/5": reply(200, NEW),
        }
    )
    assert create(client).error is None
    failure = create(client).error
    assert isinstance(failure, ConflictError)
    assert (failure.existing_id, failure.detail) == (None, detail)


def test_an_id_may_come_back_after_its_integration_is_gone(make_client: MakeClient) -> None:
    missing = error(404, "No Integration found with ID 5.")
    client, _, _ = make_client(
        {
            LIST: EMPTY,
            POST: reply(200, {"id": "5"}),
            "GET /integrations/5": [reply(200, NEW), missing, reply(200, NEW)],
            "DELETE /integrations/5": reply(204),
        }
    )
    assert create(client).error is None
    assert life.delete(client, "5", timeout=60) == Outcome(None)
    assert create(client).error is None


class SmallImmuta:
    """Keeps what is posted. `lose` says of which POSTs, counted from 1, the answer is lost."""

    def __init__(self, lose: set[int] | None = None) -> None:
        self._lock = threading.Lock()
        self._lose = lose or set()
        self._most_at_once: dict[str, int] = {}
        self.calls: list[str] = []
        self.stored: list[dict[str, Any]] = []

    def send(self, request: Request) -> Response:
        path = request.url.removeprefix("https://immuta.example")
        with self._lock:
            self.calls.append(f"{request.method} {path}")
            if request.method == "POST":
                assert request.body is not None
                posted = {**json.loads(request.body), "id": str(len(self.stored) + 1), "status": "enabled"}
                self.stored.append(posted)
                if len(self.stored) in self._lose:
                    raise RESET
                return reply(200, {"id": posted["id"], "status": "creating"})
            if path == "/integrations":
                return reply(200, self.stored)
            return reply(200, next(i for i in self.stored if i["id"] == path.split("/")[2]))

    def close(self) -> None:
        pass


def together(count: int, call: Callable[[int], Outcome]) -> list[Outcome]:
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda n=n: outcomes.append(call(n))) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    return outcomes


@pytest.mark.parametrize("lose", [set(), set(range(1, 21)), {2, 3, 5, 7, 11, 13, 17, 19}])
def test_twins_that_are_created_together_get_an_integration_each(lose: set[int]) -> None:
    """Twenty of the same identity, in an Immuta that allows that: each must end with one of its own."""
    immuta = SmallImmuta(lose)
    client = Integrations(
        HttpClient(
            Settings("immuta.example", api_key="key"), transport=immuta, clock=FakeClock(), jitter=lambda: 1.0
        )
    )
    outcomes = together(20, lambda _: create(client))
    assert [outcome.error for outcome in outcomes] == [None] * 20
    assert sorted(int(o.found.id) for o in outcomes if o.found) == list(range(1, 21))
    assert immuta.calls.count(POST) == 20


def test_posts_of_one_natural_key_go_one_after_another(make_client: MakeClient) -> None:
    turns: list[tuple[bool, bool]] = []

    def post(request: Request) -> Response:
        turns.append((client.claims.turn(IDENTITY).locked(), client.claims.turn(("other",)).locked()))
        return reply(200, {"id": "5"})

    client, _, _ = make_client({LIST: EMPTY, POST: post, "GET /integrations/5": reply(200, NEW)})
    assert create(client).error is None
    assert turns == [(True, False)]
    assert client.claims.turn(IDENTITY) is client.claims.turn(IDENTITY)
    assert not client.claims.turn(IDENTITY).locked()


def test_creates_of_different_natural_keys_find_their_own(make_client: MakeClient) -> None:
    immuta = SmallImmuta(set(range(1, 21)))
    client = Integrations(
        HttpClient(
            Settings("immuta.example", api_key="key"), transport=immuta, clock=FakeClock(), jitter=lambda: 1.0
        )
    )

    def one(n: int) -> Outcome:
        host = f"host-{n}.example"
        return life.create(
            client,
            {"type": "Snowflake", "config": {"host": host}},
            natural_key=("Snowflake", host),
            is_same=lambda i: at_host(i, host),
            has_same_key=lambda i: at_host(i, host),
            timeout=600,
        )

    outcomes = together(20, one)
    assert [outcome.error for outcome in outcomes] == [None] * 20
    assert len({o.found.id for o in outcomes if o.found}) == 20
    assert immuta.calls.count(POST) == 20


def test_many_creates_take_few_lists() -> None:
    """No time passes on this clock, so that all of them start together."""
    immuta = SmallImmuta()
    client = Integrations(
        HttpClient(
            Settings("immuta.example", api_key="key"), transport=immuta, clock=FakeClock(), jitter=lambda: 1.0
        )
    )

    def fifty(n: int) -> Outcome:
        for m in range(50):
            identity = ("Snowflake", f"{n}-{m}")
            outcome = life.create(
                client,
                {"type": "Snowflake"},
                natural_key=identity,
                is_same=same,
                has_same_key=same,
                timeout=600,
            )
            assert outcome.error is None
        return outcome

    assert len(together(10, fifty)) == 10
    assert immuta.calls.count(POST) == 500
    assert immuta.calls.count(LIST) == 1


def test_a_create_searches_no_other_integration_for_secrets(make_client: MakeClient) -> None:
    """Or a run takes time in proportion to its integrations times its secrets."""
    searched: list[str] = []
    other = {"id": "1", "type": "Snowflake", "status": "enabled", "config": {"host": "other.example"}}
    client, _, _ = make_client(
        {LIST: shows(other), POST: reply(200, {"id": "5"}), "GET /integrations/5": reply(200, NEW)},
        holds=searched.append,
    )
    assert create(client).error is None
    assert "other.example" not in searched


def test_a_list_is_too_old_after_two_seconds(make_client: MakeClient) -> None:
    client, transport, clock = make_client(
        {
            LIST: EMPTY,
            POST: [reply(200, {"id": id}) for id in ("5", "6", "7")],
            **{f"GET /integrations/{id}": reply(200, {**NEW, "id": id}) for id in ("5", "6", "7")},
        }
    )
    for seconds in (0.0, 2.0, 0.1):
        clock.advance(seconds)
        assert create(client).error is None
    assert [call for call in transport.calls if call in (LIST, POST)] == [LIST, POST, POST, LIST, POST]


def test_creates_that_start_together_share_a_failed_list_too(make_client: MakeClient) -> None:
    """Or each would try in vain for as long as the first did."""
    started, go = threading.Event(), threading.Event()

    def held(_: Request) -> Response:
        started.set()
        assert go.wait(5)
        return reply(503)

    client, transport, _ = make_client({LIST: held}, {"api_key": "key", "max_retries": 0})
    outcomes: list[Outcome] = []
    threads = [threading.Thread(target=lambda n=n: outcomes.append(create(client, (n,)))) for n in range(10)]
    threads[0].start()
    assert started.wait(5)
    for thread in threads[1:]:
        thread.start()
    deadline = time.monotonic() + 5
    while len(client._presences._changed._waiters) < 9:
        assert time.monotonic() < deadline
    go.set()
    for thread in threads:
        thread.join(5)
    assert [type(outcome.error) for outcome in outcomes] == [ServerError] * 10
    assert transport.calls == [LIST]


def test_a_create_after_a_lost_one_lists_again(make_client: MakeClient) -> None:
    """A later create must not adopt the integration of a lost create."""
    client, transport, _ = make_client({LIST: [EMPTY, EMPTY, shows(NEW)], POST: RESET})
    assert isinstance(create(client, None, timeout=0.1).error, CreateLost)
    assert transport.calls == [LIST, POST, LIST]
    failure = create(client, None, timeout=0.1).error
    assert isinstance(failure, CreateLost)
    assert transport.calls[3:] == [LIST, POST, LIST]


@pytest.mark.parametrize("answer", [RESET, page(502)], ids=["reset", "502"])
@pytest.mark.parametrize(("seconds", "posts"), [(4, 2), (60, 1)])
def test_a_post_whose_connection_broke_late_is_not_repeated(
    make_client: MakeClient, answer: Any, seconds: float, posts: int
) -> None:
    """A balancer may have cut a connection that waited for Immuta's validation, which goes on."""
    clock: FakeClock

    def post(request: Any) -> Any:
        clock.advance(seconds)
        return answer

    client, transport, clock = make_client({LIST: EMPTY, POST: post})
    outcome = create(client)
    assert type(outcome.error) is CreateLost
    assert transport.calls.count(POST) == posts


CONFLICT = error(409, "already exists on acme.example (id = 1)")
OWN = (
    "If this resource was renamed or moved, add a `moved` block from its old address to the new one (in Python: "
    "`move_from_id`); integration 1 is then not changed. If this run destroys integration 1, apply again. If "
    "`create_before_destroy` is set, remove it, since Immuta allows only one such integration and the old one has to be "
    "deleted first. If "
    "two resources describe the same integration, remove one of them."
)


@pytest.mark.parametrize("begins", [0, 3])
def test_a_create_waits_for_a_deletion_of_this_run(make_client: MakeClient, begins: float) -> None:
    """Whichever of the two Terraform begins first."""
    client, transport, clock = make_client(
        {
            LIST: [shows(OLD), EMPTY],
            POST: [CONFLICT, reply(200, {"id": "5"})],
            "GET /integrations/5": reply(200, NEW),
        }
    )
    clock.at(begins, lambda: client.deletions.begin("1"))
    clock.advance(0)
    clock.at(60, lambda: client.deletions.end("1", gone=True))
    outcome = create(client)
    assert (outcome.error, outcome.found and outcome.found.id) == (None, "5")
    assert transport.calls.count(POST) == 2
    assert 60 <= clock.now() - 1000 < 61


@pytest.mark.parametrize(
    ("kept", "begins", "ends", "seconds"),
    [(False, None, None, 10), (True, None, None, 2), (True, 1, 30, 30)],
    ids=["no deletion", "no deletion of what is in the state", "a deletion that failed"],
)
def test_a_create_does_not_wait_for_ever(
    make_client: MakeClient, kept: bool, begins: float | None, ends: float | None, seconds: float
) -> None:
    client, transport, clock = make_client({LIST: shows(OLD), POST: CONFLICT})
    if kept:
        client.claims.keep("1")
    if begins is not None:
        clock.at(begins, lambda: client.deletions.begin("1"))
    if ends is not None:
        clock.at(ends, lambda: client.deletions.end("1", gone=False))
    failure = create(client).error
    assert isinstance(failure, ConflictError)
    which = (
        "Integration 1 is already in the state of this configuration, so it cannot also be imported for this resource."
        if kept
        else "Import integration 1 only if no other resource of this configuration manages it."
    )
    assert (failure.existing_id, failure.detail) == (
        None if kept else "1",
        f'POST /integrations was answered with 409 Error: "already exists on acme.example (id = 1)".\n\n{which} {OWN}',
    )
    assert transport.calls.count(POST) == 1
    assert seconds <= clock.now() - 1000 < seconds + 0.5


def test_a_stop_ends_the_wait_for_a_deletion(make_client: MakeClient) -> None:
    stop = threading.Event()
    client, _, clock = make_client({LIST: shows(OLD), POST: CONFLICT}, stop=stop)
    client.deletions.begin("1")
    clock.at(5, stop.set)
    assert isinstance(create(client).error, ConflictError)
    assert clock.now() - 1000 < 6

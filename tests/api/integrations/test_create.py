"""One resource, one integration: creates whose answers are lost, that conflict, and that run together."""

from __future__ import annotations

import json
import threading
from functools import partial
from typing import Any

import pytest
from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.errors import (
    AmbiguousCreate,
    ConflictError,
    CreateLost,
    PermissionDenied,
    ServerError,
)
from immuta_provider.api.http.exchange import Request, Response
from immuta_provider.api.http.settings import Settings
from immuta_provider.api.integrations import life
from immuta_provider.api.integrations.routes import Integrations
from immuta_provider.api.life import Outcome
from support.fake_clock import FakeClock
from support.fake_transport import Answer, Script, error, page, reply
from support.scripted import (
    CREATED,
    DELETE,
    EMPTY,
    GET,
    LIST,
    MISSING,
    NATURAL_KEY,
    PAYLOAD,
    POST,
    RESET,
    SILENT,
    TOO_LARGE,
    UNTRUSTED,
    MakeClient,
    create,
)
from support.threads import Threads, wait_for_waiters


def snowflake(id: str, host: str = "acme.example", **more: Any) -> dict[str, Any]:
    return {"id": id, "type": "Snowflake", "status": "enabled", "config": {"host": host}, **more}


def shows(*integrations: dict[str, Any]) -> Response:
    return reply(200, list(integrations))


OLD, NEW, OTHER = snowflake("1"), snowflake("5"), snowflake("6", "other.example")
CONFLICT = error(409, "already exists on acme.example (id = 1)")
EXISTS = error(409, "already exists on acme.example (id = 5)")
LOST = "Immuta's answer to the create did not arrive"


def adoption(cause: str = LOST) -> list[tuple[str, str]]:
    """The warnings of a create that adopted integration 5."""
    return [
        (
            "An integration was recognised after a lost answer",
            f"{cause}. Integration 5 is new and exactly as configured, so it was adopted.",
        )
    ]


def warnings(outcome: Outcome) -> list[tuple[str, str]]:
    return [(note.summary, note.detail) for note in outcome.warnings]


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(RESET, id="a reset"),
        pytest.param(SILENT, id="silence"),
        pytest.param(page(502), id="a gateway's 502"),
        pytest.param(page(403), id="a gateway's 403"),
        pytest.param(page(401), id="a gateway's 401"),
        pytest.param(page(302), id="a redirect"),
        pytest.param(reply(404), id="a 404 without a body"),
        pytest.param(reply(409, {"message": "no"}), id="a gateway's 409 in JSON"),
        pytest.param(Response(200, {}, b'{"id"'), id="half an answer"),
        pytest.param(reply(200, {}), id="an answer without an id"),
        pytest.param(reply(204), id="an empty answer"),
        pytest.param(reply(200, {"id": ".."}), id="an id that cannot be requested"),
    ],
)
def test_a_create_whose_answer_is_lost_adopts_the_new_integration(
    make_client: MakeClient, answer: Answer
) -> None:
    client, transport, _ = make_client({LIST: [EMPTY, shows(NEW)], POST: answer, GET: reply(200, NEW)})
    outcome = create(client)
    assert outcome.found is not None
    assert (outcome.found.id, outcome.error, warnings(outcome)) == ("5", None, adoption())
    assert transport.calls == [LIST, POST, LIST, GET]


# The lists, the first of which precedes the POST, and the requests between the POST and the last read.
SEARCHES: dict[str, tuple[list[Answer], list[str]]] = {
    "shown late": ([EMPTY, EMPTY, EMPTY, shows(NEW)], [LIST, LIST, LIST]),
    "a list fails": ([EMPTY, Response(200, {}, b"<"), shows(NEW)], [LIST, LIST]),
    "one that existed before is not adopted": ([shows(OLD), shows(OLD, NEW)], [LIST]),
    "one that differs is not adopted": ([EMPTY, shows(OTHER, NEW)], [LIST]),
    "another type is not adopted": ([EMPTY, shows({**NEW, "id": "7", "type": "Redshift"}, NEW)], [LIST]),
    "listed without its configuration": ([EMPTY, shows({"id": "5", "type": "Snowflake"})], [LIST, GET]),
    "listed, and deleted by somebody else": (
        [EMPTY, shows({"id": "6", "type": "Snowflake"}), shows(NEW)],
        [LIST, "GET /integrations/6", LIST],
    ),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_adopts_only_a_new_integration_that_is_as_configured(
    make_client: MakeClient, name: str
) -> None:
    lists, calls = SEARCHES[name]
    client, transport, _ = make_client(
        {LIST: lists, POST: RESET, GET: reply(200, NEW), "GET /integrations/6": MISSING}
    )
    outcome = create(client)
    assert outcome.found is not None
    assert (outcome.found.id, outcome.error) == ("5", None)
    assert transport.calls == [LIST, POST, *calls, GET]


# The lists; the answers to POST, each with the number of lists after it; the id, or the error.
POSTS: dict[str, tuple[list[Answer], list[tuple[Answer, int]], str | type[Exception]]] = {
    "not done, so repeated": ([EMPTY], [(RESET, 5), (CREATED, 0)], "5"),
    "failed outright, so repeated": ([EMPTY], [(error(500, "oops"), 5), (CREATED, 0)], "5"),
    "repeated once at most": ([EMPTY], [(RESET, 5), (RESET, 5)], CreateLost),
    "repeated, and conflicts with itself": ([*[EMPTY] * 6, shows(NEW)], [(RESET, 5), (EXISTS, 1)], "5"),
    "repeated, and conflicts with another": ([EMPTY], [(RESET, 5), (EXISTS, 1)], ConflictError),
    "not repeated after silence": ([EMPTY], [(SILENT, 7)], CreateLost),
    "not repeated after a gateway's timeout": ([EMPTY], [(page(504), 7)], CreateLost),
    "not repeated after a success": ([EMPTY], [(reply(200, {}), 7)], CreateLost),
    "not repeated after a gateway's refusal": ([EMPTY], [(page(403), 5)], CreateLost),
    "not repeated without a list": ([EMPTY, page(200)], [(RESET, 5)], CreateLost),
    "a list is too large": ([EMPTY, TOO_LARGE], [(RESET, 1)], CreateLost),
    "a list is not trusted": ([EMPTY, UNTRUSTED], [(RESET, 1)], CreateLost),
    "a list is denied": ([EMPTY, error(403, "no")], [(RESET, 1)], CreateLost),
    "Immuta's own refusal is final": ([EMPTY], [(error(403, "no"), 0)], PermissionDenied),
    "a gateway's rate limit is waited for": ([EMPTY], [(page(429), 0), (CREATED, 0)], "5"),
    "two are as configured": ([EMPTY, shows(NEW, snowflake("7"))], [(RESET, 1)], AmbiguousCreate),
    "a conflict is not adopted": ([shows(OLD)], [(CONFLICT, 0)], ConflictError),
    "the id of another is not adopted": ([shows(OLD)], [(reply(200, {"id": "1"}), 5)], ConflictError),
}


@pytest.mark.parametrize("name", POSTS)
def test_a_create_is_repeated_only_if_nothing_was_created(make_client: MakeClient, name: str) -> None:
    lists, posts, end = POSTS[name]
    client, transport, _ = make_client(
        {LIST: lists, POST: [answer for answer, _ in posts], GET: reply(200, NEW)}
    )
    outcome = create(client)
    assert (outcome.found.id if outcome.found else type(outcome.error)) == end
    made = [LIST, *(call for _, number in posts for call in (POST, *[LIST] * number))]
    assert transport.calls == made + ([GET] if end == "5" else [])


@pytest.mark.parametrize(
    ("id", "cause"),
    [
        (-5, LOST),
        ("1", "Immuta answered the create with the id of another integration, 1"),
        (9, "Immuta answered the create with integration 9, which it does not know afterwards"),
    ],
)
@pytest.mark.parametrize("natural_key", [NATURAL_KEY, None], ids=["key", "no key"])
def test_a_response_with_a_wrong_id_counts_as_lost(
    make_client: MakeClient, natural_key: Any, id: Any, cause: str
) -> None:
    script: Script = {
        LIST: [shows(OLD), shows(OLD, NEW)],
        POST: reply(200, {"id": id, "status": "creating"}),
        "GET /integrations/9": error(404, "No integration found with ID 9"),
        GET: reply(200, NEW),
    }
    client, transport, _ = make_client(script)
    outcome = create(client, natural_key=natural_key, timeout=4)
    assert transport.calls.count(POST) == 1
    if natural_key is None:
        assert outcome.found is None
        assert isinstance(outcome.error, AmbiguousCreate)
        assert [candidate.id for candidate in outcome.error.candidates] == ["5"]
    else:
        assert outcome.found is not None
        assert (outcome.found.id, outcome.error, outcome.adopted) == ("5", None, True)
        assert warnings(outcome) == adoption(cause)


@pytest.mark.parametrize("answer", [RESET, page(403), reply(404)], ids=["reset", "403 page", "bare 404"])
@pytest.mark.parametrize("natural_key", [None, ()])
def test_without_a_natural_key_nothing_is_adopted(
    make_client: MakeClient, natural_key: Any, answer: Answer
) -> None:
    client, transport, _ = make_client({LIST: [shows(OLD), shows(OLD, NEW, OTHER)], POST: answer})
    failure = create(client, natural_key=natural_key).error
    assert isinstance(failure, AmbiguousCreate)
    assert [candidate.id for candidate in failure.candidates] == ["5", "6"]
    assert failure.detail == (
        "Immuta's answer to the create did not arrive. The new integrations have the ids 5, 6: Immuta shows nothing that "
        "distinguishes integrations of this type. Check them in Immuta and import the one that this run created, or delete it "
        "and apply again."
    )
    assert transport.calls == [LIST, POST, LIST]


def test_without_a_natural_key_nothing_is_repeated(make_client: MakeClient) -> None:
    client, transport, _ = make_client({LIST: EMPTY, POST: RESET})
    failure = create(client, natural_key=None).error
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


@pytest.mark.parametrize(
    ("answer", "detail"),
    [
        (CREATED, f"the create was answered with integration 5. {TWINS}"),
        (
            EXISTS,
            f'POST /integrations was answered with 409 Error: "already exists on acme.example (id = 5)". {TWINS}',
        ),
        (
            error(422, "Validation failed."),
            'POST /integrations was answered with 422 Error: "Validation failed".\n\n'
            f"Integration 5 already exists with the same key in Immuta. {TWINS}",
        ),
    ],
    ids=["the same id", "a conflict", "a failed validation"],
)
def test_an_integration_of_this_run_is_not_offered_for_import(
    make_client: MakeClient, answer: Response, detail: str
) -> None:
    client, _, _ = make_client({LIST: [EMPTY, shows(NEW)], POST: [CREATED, answer], GET: reply(200, NEW)})
    assert create(client).error is None
    second = create(client)
    assert isinstance(second.error, ConflictError)
    assert (second.found, second.error.existing_id, second.error.detail) == (None, None, detail)


def test_an_id_may_come_back_after_its_integration_is_gone(make_client: MakeClient) -> None:
    client, _, _ = make_client(
        {LIST: EMPTY, POST: CREATED, GET: [reply(200, NEW), MISSING, reply(200, NEW)], DELETE: reply(204)}
    )
    assert create(client).error is None
    assert life.delete(client, "5", timeout=60) == Outcome(None)
    assert create(client).error is None


class SmallImmuta:
    """Stores each integration that is posted. The answers to the POSTs in `lose`, counted from 1, are lost."""

    def __init__(self, lose: set[int]) -> None:
        self._lock = threading.Lock()
        self._lose = lose
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


def small_immuta(lose: set[int] | None = None) -> tuple[Integrations, SmallImmuta]:
    """No time passes on its clock, so that creates in several threads start together."""
    immuta = SmallImmuta(lose or set())
    settings = Settings("immuta.example", api_key="key")
    http = HttpClient(settings, transport=immuta, clock=FakeClock(), jitter=lambda: 1.0)
    return Integrations(http), immuta


def create_at(client: Integrations, host: str) -> Outcome:
    return create(client, {**PAYLOAD, "config": {"host": host}}, natural_key=("Snowflake", host))


@pytest.mark.parametrize("lose", [set(), set(range(1, 21)), {2, 3, 5, 7, 11, 13, 17, 19}])
@pytest.mark.parametrize("host", ["acme.example", "host-{}.example"], ids=["one key", "a key each"])
def test_creates_that_run_together_get_an_integration_each(lose: set[int], host: str) -> None:
    """Also of one natural key, in an Immuta that allows that."""
    client, immuta = small_immuta(lose)
    outcomes = Threads(*(partial(create_at, client, host.format(n)) for n in range(20))).results()
    assert [outcome.error for outcome in outcomes] == [None] * 20
    assert sorted(int(outcome.found.id) for outcome in outcomes) == list(range(1, 21))
    assert immuta.calls.count(POST) == 20


def test_posts_of_one_natural_key_are_sent_one_after_another(make_client: MakeClient) -> None:
    client: Any
    turns: list[tuple[bool, bool]] = []

    def post(request: Request) -> Response:
        turns.append((client.claims.turn(NATURAL_KEY).locked(), client.claims.turn(("other",)).locked()))
        return CREATED

    client, _, _ = make_client({LIST: EMPTY, POST: post, GET: reply(200, NEW)})
    assert create(client).error is None
    assert turns == [(True, False)]
    assert client.claims.turn(NATURAL_KEY) is client.claims.turn(NATURAL_KEY)
    assert not client.claims.turn(NATURAL_KEY).locked()


def test_many_creates_need_one_list() -> None:
    client, immuta = small_immuta()

    def fifty(n: int) -> None:
        for m in range(50):
            assert create(client, natural_key=("Snowflake", n, m)).error is None

    Threads(*(partial(fifty, n) for n in range(10))).results()
    assert immuta.calls.count(POST) == 500
    assert immuta.calls.count(LIST) == 1


def test_a_create_searches_no_other_integration_for_secrets(make_client: MakeClient) -> None:
    """Or a run takes time in proportion to its integrations times its secrets."""
    searched: list[str] = []
    client, _, _ = make_client(
        {LIST: shows(OTHER), POST: CREATED, GET: reply(200, NEW)}, holds=searched.append
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

    def fail(_: Request) -> Response:
        wait_for_waiters(client._presences._changed, 9)
        return reply(503)

    client, transport, _ = make_client({LIST: fail}, {"api_key": "key", "max_retries": 0})
    outcomes = Threads(*(partial(create, client, natural_key=(n,)) for n in range(10))).results()
    assert [type(outcome.error) for outcome in outcomes] == [ServerError] * 10
    assert transport.calls == [LIST]


def test_a_create_after_a_lost_one_lists_again(make_client: MakeClient) -> None:
    """A later create must not adopt the integration of a lost create."""
    client, transport, _ = make_client({LIST: [EMPTY, EMPTY, shows(NEW)], POST: RESET})
    for _ in range(2):
        assert isinstance(create(client, natural_key=None, timeout=0.1).error, CreateLost)
    assert transport.calls == [LIST, POST, LIST] * 2


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
    assert type(create(client).error) is CreateLost
    assert transport.calls.count(POST) == posts


OWN = (
    "If this resource was renamed or moved, add a `moved` block from its old address to the new one (in Python: "
    "`move_from_id`); integration 1 is then not changed. If this run destroys integration 1, apply again. If "
    "`create_before_destroy` is set, remove it, since Immuta allows only one such integration and the old one has to be "
    "deleted first. If two resources describe the same integration, remove one of them."
)


@pytest.mark.parametrize("begins", [0, 3])
def test_a_create_waits_for_a_deletion_of_this_run(make_client: MakeClient, begins: float) -> None:
    """Whichever of the two Terraform begins first."""
    client, transport, clock = make_client(
        {LIST: [shows(OLD), EMPTY], POST: [CONFLICT, CREATED], GET: reply(200, NEW)}
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
def test_a_create_waits_only_for_a_deletion_that_may_begin_or_is_under_way(
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

"""The whole messages about Immuta's error responses."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.error_response import refusal, retry_after
from immuta_provider.api.http.errors import (
    ApiError,
    AuthenticationError,
    ConflictError,
    ImmutaError,
    NotFoundError,
    PermissionDenied,
    ProtocolError,
    RateLimitedError,
    RedirectError,
    ServerError,
    ValidationFailedError,
)
from immuta_provider.api.http.exchange import Response
from immuta_provider.api.http.kind import Kind
from immuta_provider.api.http.quoting import quoted
from immuta_provider.api.http.screen import Screen
from immuta_provider.api.integrations.routes import KIND
from support.fake_transport import error, page, reply

WALL = 1_700_000_000.0
FAILED = {
    "status": "failed",
    "validationTests": [
        {"name": "Basic Connection Test", "status": "passed"},
        {
            "name": "Validate Automatic: Database Does Not Exist",
            "status": "failed",
            "message": "IMMUTA exists",
        },
        {"name": "Grants", "status": "failed"},
    ],
}


def refused(
    response: Response, method: str = "POST", path: str = "/integrations", quote: Any = str
) -> ImmutaError:
    return refusal(
        method, path, response, kind=KIND, quote=quote, wall=WALL, credential="`api_key` (IMMUTA_API_KEY)"
    )


# The answers to `POST /integrations`, and their errors. "…" stands for "POST /integrations was answered with".
TEXTS: list[tuple[Response, type[ImmutaError], str]] = [
    (
        error(401, "Token expired.", "Unauthorized"),
        AuthenticationError,
        'Immuta did not accept the credential: … 401 Unauthorized: "Token expired". Check `api_key` (IMMUTA_API_KEY): it '
        "may be wrong, revoked, expired, or of another tenant than `host`.",
    ),
    (
        error(403, "Insufficient permission", "Forbidden"),
        PermissionDenied,
        'Immuta denied the permission: … 403 Forbidden: "Insufficient permission". The user behind `api_key` '
        "(IMMUTA_API_KEY) needs the Immuta permission APPLICATION_ADMIN.",
    ),
    (
        page(403),
        PermissionDenied,
        "Immuta denied the permission: … 403 and a body that is not JSON. It may come from a gateway or firewall before "
        "Immuta; if not, the user behind `api_key` (IMMUTA_API_KEY) needs the Immuta permission APPLICATION_ADMIN.",
    ),
    (
        error(404, "No integration found with ID 5.", "Not found"),
        NotFoundError,
        "Immuta's API was not found: … 404 Not found: \"No integration found with ID 5\". It does not read like Immuta's "
        "own answer: check `host` (IMMUTA_HOST), its path included.",
    ),
    (
        page(404),
        NotFoundError,
        "Immuta's API was not found: … 404 and a body that is not JSON. It does not read like Immuta's own answer: check "
        "`host` (IMMUTA_HOST), its path included.",
    ),
    (
        error(409, "Snowflake integration already exists on acme.example (id = 1).", "Conflict"),
        ConflictError,
        'Immuta reports a conflict: … 409 Conflict: "Snowflake integration already exists on acme.example (id = 1)".',
    ),
    (
        error(
            422,
            "Validation of prerequisite setup failed. Unable to create integration.",
            "Unprocessable entity",
            validationResults=FAILED,
        ),
        ValidationFailedError,
        "Immuta's validation failed: … 422 Unprocessable entity: \"Validation of prerequisite setup failed. Unable to "
        'create integration".\n\n'
        "failed validation tests:\n"
        "  - Validate Automatic: Database Does Not Exist: IMMUTA exists\n"
        "  - Grants: no reason was given\n\n"
        "This request changed nothing. Fix the cause on the platform or in the configuration, and apply again.",
    ),
    (
        reply(429, {}, Retry_After="7"),
        RateLimitedError,
        "Immuta's rate limit was reached: … 429. Try again in 7 seconds, or lower `max_concurrency` "
        "(IMMUTA_MAX_CONCURRENCY).",
    ),
    (
        page(502),
        ServerError,
        "Immuta failed to answer: … 502 and a body that is not JSON. Try again. If it happens again, check Immuta's logs.",
    ),
    (
        error(400, 'child "type" fails', "Bad Request"),
        ApiError,
        'Immuta refused the request: … 400 Bad Request: "child "type" fails". Correct the cause that it names and try '
        "again. If it names none, check Immuta's logs.",
    ),
    (
        error(408, "too slow"),
        ApiError,
        'Immuta refused the request: … 408 Error: "too slow". Try again. If it happens again, check Immuta\'s logs.',
    ),
    (
        Response(307, {"location": "https://login.example/?token=secret"}),
        RedirectError,
        "Immuta answered with a redirect: … 307, pointing to login.example. Redirects are not followed, because the "
        "credential would be sent there. Set `host` (IMMUTA_HOST) to Immuta's own URL.",
    ),
    (
        Response(302, {"location": "/login?token=secret"}),
        RedirectError,
        "Immuta answered with a redirect: … 302, pointing to another path of the same host. Redirects are not followed, "
        "because the credential would be sent there. Set `host` (IMMUTA_HOST) to Immuta's own URL.",
    ),
    (
        Response(101),
        ProtocolError,
        "Immuta's answer cannot be understood: … 101. Check that `host` is Immuta itself and that no proxy or gateway "
        "answers in its place.",
    ),
]


@pytest.mark.parametrize(("response", "kind", "text"), TEXTS)
def test_each_answer_has_its_error_with_its_text(
    response: Response, kind: type[ImmutaError], text: str
) -> None:
    found = refused(response)
    text = text.replace("…", "POST /integrations was answered with")
    assert (type(found), str(found), f"{found.summary}: {found.detail}") == (kind, text, text)
    assert repr(found) == f"{kind.__name__}({text.partition(': ')[0]!r})"


@pytest.mark.parametrize(
    ("response", "immutas_own"),
    [
        (error(404, "No Integration found with ID 5."), True),
        (error(404, "Gone fishing"), True),
        (reply(404, {"statusCode": "404"}), True),
        (reply(404, {"message": "No Integration found with ID 5."}), True),
        (page(404), False),
        (reply(404), False),
        (reply(404, []), False),
        (reply(404, {"message": "no Route matched with those values"}), False),
        (reply(404, {"statusCode": 200, "message": 5}), False),
    ],
)
def test_only_immutas_own_404_proves_that_an_object_is_gone(response: Response, immutas_own: bool) -> None:
    found = refused(response, "GET", "/integrations/5")
    assert isinstance(found, NotFoundError)
    assert found.immutas_own is immutas_own
    # A route without an id is there in every Immuta.
    listed = refused(response, "GET", "/integrations")
    assert isinstance(listed, NotFoundError)
    assert not listed.immutas_own


def test_an_unknown_id_is_to_be_looked_up_in_the_list() -> None:
    found = refused(error(404, "No integration found with ID 5.", "Not found"), "GET", "/integrations/5")
    assert (found.summary, found.detail) == (
        "Immuta does not know it",
        'GET /integrations/5 was answered with 404 Not found: "No integration found with ID 5". List the integrations to find '
        "the right id.",
    )


@pytest.mark.parametrize(
    ("status", "path", "advice"),
    [
        (404, "/tag?size=50", "The request names no single tag, so this Immuta may not have the route"),
        (404, "/tag/Acme", "List the tags to find the right id."),
        (
            500,
            "/tag",
            "Check `api_key` (IMMUTA_API_KEY) as well: some requests are answered so if it is wrong",
        ),
    ],
)
def test_the_advice_about_a_record_fits_the_request(status: int, path: str, advice: str) -> None:
    kind = Kind("tag", without_id={"/tag"})
    found = refusal(
        "GET",
        path,
        error(status, "it broke", "Error"),
        quote=str,
        screen=Screen(lambda text: False, str),
        wall=0.0,
        credential="`api_key` (IMMUTA_API_KEY)",
        kind=kind,
    )
    assert advice in found.detail


@pytest.mark.parametrize(
    ("message", "id"),
    [
        ("Snowflake integration already exists on acme.example (id = 12).", "12"),
        ("already exists (id = x)", None),
        ("already exists (id = \uff11\uff12)", None),
        ("busy", None),
    ],
)
def test_a_conflict_names_the_existing_object(message: str, id: str | None) -> None:
    found = refused(error(409, message))
    assert isinstance(found, ConflictError)
    assert found.existing_id == id


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("5", 5.0),
        ("0", 0.0),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30.0),
        ("Tue, 14 Nov 2023 22:13:00 GMT", 0.0),
        ("Tue, 14 Nov 2023", None),
        ("soon", None),
        ("-5", None),
        ("", None),
        ("9" * 50, None),
    ],
)
def test_retry_after_is_read_as_seconds(text: str, seconds: float | None) -> None:
    assert retry_after(Response(429, {"Retry-After": text}), WALL) == seconds


def test_every_text_of_a_server_is_quoted() -> None:
    body = error(
        422,
        "the password hunter2",
        "hunter2",
        validationResults={
            "validationTests": [
                {"name": "hunter2", "status": "failed", "message": "login with hunter2 failed"}
            ]
        },
    )
    found = refused(body, quote=lambda text: "(not shown)" if "hunter2" in text else text)
    assert found.detail == (
        'POST /integrations was answered with 422 (not shown): "(not shown)".\n\n'
        "failed validation tests:\n"
        "  - (not shown): (not shown)\n\n"
        "This request changed nothing. Fix the cause on the platform or in the configuration, and apply again."
    )


def test_a_quote_is_bounded_and_harmless_to_a_terminal() -> None:
    assert quoted("a\x1b[31mb\rc\nd\u202ee", str) == "a [31mb c\nd e"
    assert quoted("x" * 3000, str) == "x" * 2000 + " … (3000 characters in all)"


def test_only_the_beginning_of_a_text_is_searched_for_secrets() -> None:
    searched: list[str] = []

    def quote(text: str) -> str:
        searched.append(text)
        return text.replace("y" * 10, "(redacted)").replace("z" * 16374, "z")

    assert (
        quoted("y" * 10 + "x" * 10_000_000, quote) == f"(redacted){'x' * 1990} … (10000010 characters in all)"
    )
    assert quoted("z" * 16374 + "y" * 20, quote) == "z(redacted) … (21 characters in all)"
    assert quoted("z" * 16374 + "y" * 10, quote) == "z(redacted)"
    assert [len(text) for text in searched] == [16384, 16384, 16384]


def test_secrets_are_redacted_before_the_cut() -> None:
    text = "x" * 1995 + "hunter2"
    assert quoted(text, lambda t: t.replace("hunter2", "(redacted)")).endswith(
        "(reda … (2005 characters in all)"
    )

"""The credentials that the simulator accepts: the API key, and tokens until they expire."""

from __future__ import annotations

from datetime import datetime

import pytest
from support.simulator_client import Client, refusal

UNAUTHORIZED = refusal(401, "Unauthorized", "Invalid or missing authentication credentials")
WRONG_KEY = refusal(401, "Unauthorized", "Invalid API key")


@pytest.mark.parametrize("key", ["simulator-api-key", "Bearer simulator-api-key"])
def test_key_is_accepted_bare_or_as_bearer(client: Client, key: str) -> None:
    assert client.ask("GET", "/integrations", key=key) == (200, [])


@pytest.mark.parametrize("key", [None, "wrong", "Bearer wrong", "Bearer ", "bearer simulator-api-key"])
def test_any_other_credential_is_unauthorized(client: Client, key: str | None) -> None:
    assert client.ask("GET", "/integrations", key=key) == UNAUTHORIZED


def test_key_beyond_ascii_is_unauthorized(client: Client) -> None:
    response = client.runner.run(client.http.get("/integrations", headers=[(b"authorization", b"\xe9")]))

    assert (response.status_code, response.json()) == UNAUTHORIZED


@pytest.mark.parametrize("path", ["/integrations", "/integrations/1/status", "/nowhere"])
def test_every_route_requires_the_key(client: Client, path: str) -> None:
    assert client.ask("GET", path, key=None) == UNAUTHORIZED


def test_the_key_is_exchanged_for_a_token(client: Client) -> None:
    status, answer = client.ask("POST", "/bim/apikey/authenticate", {"apikey": "simulator-api-key"}, key=None)

    token = answer["token"]
    assert (status, answer) == (
        200,
        {"authenticated": True, "token": token, "tokenExpiration": "2023-11-14T23:13:20.000Z"},
    )
    assert datetime.fromisoformat(answer["tokenExpiration"]).timestamp() == client.time.now + 3600
    assert client.ask("GET", "/integrations", key=f"Bearer {token}") == (200, [])
    assert client.ask("GET", "/integrations", key=token) == UNAUTHORIZED


def test_the_exchange_accepts_the_key_in_its_header(client: Client) -> None:
    status, answer = client.ask("POST", "/bim/apikey/authenticate")

    assert (status, answer["authenticated"]) == (200, True)


def test_a_wrong_key_gets_no_token(client: Client) -> None:
    for body in ({"apikey": "wrong"}, {"apikey": 5}, {}, None):
        assert client.ask("POST", "/bim/apikey/authenticate", body, key=None) == WRONG_KEY


def token_of(client: Client) -> str:
    token: str = client.ask("POST", "/bim/apikey/authenticate", {"apikey": "simulator-api-key"})[1]["token"]
    return token


def test_a_token_expires(client: Client) -> None:
    client.control.change_settings({"token_seconds": 60})
    token = token_of(client)

    client.time.now += 59
    before, _ = client.ask("GET", "/integrations", key=f"Bearer {token}")
    client.time.now += 1
    after = client.ask("GET", "/integrations", key=f"Bearer {token}")

    assert (before, after) == (200, UNAUTHORIZED)


def test_all_tokens_can_be_expired_at_once(client: Client) -> None:
    tokens = [token_of(client), token_of(client)]

    assert client.ask("POST", "/_simulator/tokens/expire") == (204, "")

    answers = [client.ask("GET", "/integrations", key=f"Bearer {token}") for token in tokens]
    assert answers == [UNAUTHORIZED] * 2
    assert client.ask("GET", "/integrations", key=f"Bearer {token_of(client)}") == (200, [])


def test_without_application_admin_everything_is_forbidden(client: Client) -> None:
    client.control.change_settings({"missing_permissions": ["APPLICATION_ADMIN"]})

    forbidden = refusal(403, "Forbidden", "Insufficient permissions: APPLICATION_ADMIN is required")
    assert client.ask("GET", "/integrations") == forbidden
    assert client.ask("POST", "/integrations", {"type": "Trino"}) == forbidden
    assert client.ask("GET", "/integrations", key=None) == UNAUTHORIZED
    assert client.ask("POST", "/bim/apikey/authenticate")[0] == 200

"""The API key of a Starburst (Trino) cluster, as Immuta shows it."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.errors import NoApiKey, NotFoundError, ProtocolError
from immuta_provider.api.integrations import cluster_key
from support.fake_transport import reply
from support.scripted import GET, MISSING, MakeClient

TRINO = {"id": "5", "type": "Trino", "status": "enabled"}


@pytest.mark.parametrize(
    "answer",
    [
        {**TRINO, "config": {"apiKey": "the-key"}},
        {**TRINO, "config": {"apikey": "the-key"}},
        {**TRINO, "config": {"immutaApiKey": "the-key"}, "apiKey": "another"},
        {**TRINO, "apiKey": "the-key"},
        {**TRINO, "apiKey": "the-key", "config": {"apiKey": None}},
    ],
)
def test_the_key_is_found_at_each_place_and_not_logged(make_client: MakeClient, answer: Any) -> None:
    learned: list[str] = []
    lines: list[Any] = []
    client, transport, _ = make_client(
        {GET: reply(200, answer)},
        learn=learned.append,
        log=lambda *line, **fields: lines.append((line, fields)),
        mask=lambda value: value,
    )
    assert cluster_key.read(client, "5") == "the-key"
    assert learned == ["the-key"]
    assert transport.calls == [GET]
    assert [line for line, _ in lines] == [("debug", f"{GET}: 200")]
    assert "the-key" not in repr(lines)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({**TRINO, "config": {}}, 'of type "Trino"'),
        ({**TRINO, "config": {"apiKey": "<REDACTED>"}}, 'of type "Trino"'),
        ({**TRINO, "config": {"apiKey": " "}}, 'of type "Trino"'),
        ({**TRINO, "type": "Snowflake", "config": {"host": "h"}}, 'of type "Snowflake"'),
        ({"id": "5", "status": "enabled"}, "of unknown type"),
    ],
)
def test_an_integration_without_a_key_is_an_error(make_client: MakeClient, answer: Any, kind: str) -> None:
    client, _, _ = make_client({GET: reply(200, answer)})
    with pytest.raises(NoApiKey) as caught:
        cluster_key.read(client, "5")
    assert str(caught.value) == (
        f"The integration has no API key: integration 5 is {kind}, and Immuta's answer contains no API key for it, or only a "
        "masked one. Only Starburst (Trino) integrations have one. Use the id of such an integration, or copy the key from "
        "Immuta's app settings page."
    )


def test_the_key_of_another_integration_is_not_taken(make_client: MakeClient) -> None:
    learned: list[str] = []
    client, _, _ = make_client(
        {GET: reply(200, {**TRINO, "id": "6", "apiKey": "the-key"})}, learn=learned.append
    )
    with pytest.raises(ProtocolError):
        cluster_key.read(client, "5")
    assert learned == ["the-key"]


def test_an_unknown_integration_is_an_error(make_client: MakeClient) -> None:
    client, _, _ = make_client({GET: MISSING})
    with pytest.raises(NotFoundError):
        cluster_key.read(client, "5")

"""Faults that end the TCP connection, seen by a client on a real socket."""

from __future__ import annotations

import http.client
import socket
from typing import Any

import pytest
from immuta_constructs.testing import Immuta

TRINO = b'{"type":"Trino"}'


def post(simulator: Immuta) -> tuple[bytes, str]:
    """Returns the bytes of a create's response until the connection ends, and the kind of end."""
    host, port = simulator.url.removeprefix("http://").split(":")
    head = f"POST /integrations HTTP/1.1\r\nhost: x\r\nauthorization: {simulator.api_key}\r\n"
    head += f"content-length: {len(TRINO)}\r\nconnection: close\r\n\r\n"
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(head.encode() + TRINO)
        received = b""
        while True:
            try:
                data = connection.recv(65536)
            except ConnectionResetError:
                return received, "reset"
            if not data:
                return received, "closed"
            received += data


@pytest.mark.parametrize(
    ("preset", "end", "done"),
    [
        ("reset-before", "reset", False),
        ("reset-after", "reset", True),
        ("close-before", "closed", False),
        ("close-after", "closed", True),
    ],
)
def test_a_connection_is_cut_before_or_after_the_work(
    simulator: Immuta, preset: str, end: str, done: bool
) -> None:
    simulator.fault(preset)

    seen = post(simulator)

    assert seen == (b"", end)
    assert simulator.sent() == ([{"type": "Trino"}] if done else [])
    assert simulator.calls() == ["POST /integrations -"]


@pytest.mark.parametrize("keep", [None, 0, 10])
def test_a_fault_makes_a_body_shorter_than_announced(simulator: Immuta, keep: int | None) -> None:
    whole = post(simulator)[0].partition(b"\r\n\r\n")[2].replace(b'"1"', b'"2"')
    simulator.fault({"kind": "truncate", "keep": keep})

    received, end = post(simulator)

    head, _, body = received.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(whole)}".encode() in head
    assert body == whole[: len(whole) // 2 if keep is None else keep]
    assert end == "closed"
    assert len(simulator.sent()) == 2


@pytest.mark.parametrize("preset", ["reset-before", "close-before", "truncated"])
def test_the_next_connection_works(simulator: Immuta, preset: str) -> None:
    simulator.fault(preset)
    post(simulator)

    received, _ = post(simulator)

    assert received.startswith(b"HTTP/1.1 200 OK\r\n")


@pytest.mark.parametrize("preset", ["reset-before", "close-before"])
def test_a_kept_alive_connection_is_cut_at_a_later_request(simulator: Immuta, preset: str) -> None:
    simulator.fault(preset, call=3)
    connection = http.client.HTTPConnection(simulator.url.removeprefix("http://"), timeout=10)
    seen: list[Any] = []
    for _ in range(3):
        try:
            connection.request("GET", "/integrations", headers={"authorization": simulator.api_key})
            response = connection.getresponse()
            seen.append((response.status, response.read()))
        except ConnectionResetError as error:
            # RemoteDisconnected, for an orderly end without an answer, is one of these.
            seen.append(type(error).__name__)
    connection.close()

    end = "ConnectionResetError" if preset == "reset-before" else "RemoteDisconnected"
    assert seen == [(200, b"[]"), (200, b"[]"), end]

"""Answers whose status does not allow content: on a real socket, the next answer follows their head."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from immuta_constructs.testing import Immuta
from table import numbered
from table.integrations import BASES

TRINO = '{"type":"Trino"}'
S3 = json.dumps(numbered(BASES["s3"], 1))
LISTED = "200 OK", {"content-type": "application/json; charset=utf-8", "content-length": "2"}, "[]"
# Only 205 may have a length.
EMPTY: dict[int, tuple[str, dict[str, str], str]] = {
    204: ("204 No Content", {}, ""),
    205: ("205 Reset Content", {"content-length": "0"}, ""),
    304: ("304 Not Modified", {}, ""),
}


def answers(simulator: Immuta, *requests: tuple[str, str, str]) -> list[tuple[str, dict[str, str], str]]:
    """Status line, headers and body of each answer on one connection, the last of which ends it."""
    address = urlsplit(simulator.url)
    text = ""
    for number, (method, path, body) in enumerate(requests, 1):
        connection = "close" if number == len(requests) else "keep-alive"
        text += f"{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: {simulator.api_key}\r\n"
        text += f"connection: {connection}\r\ncontent-length: {len(body)}\r\n\r\n{body}"
    with socket.create_connection((address.hostname, address.port), timeout=10) as client:
        client.sendall(text.encode())
        received = b""
        while data := client.recv(65536):
            received += data
    found = []
    rest = received.decode()
    while rest:
        head, _, rest = rest.partition("\r\n\r\n")
        status, *lines = head.split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        del headers["date"]
        headers.pop("connection", None)
        length = int(headers.get("content-length", "0"))
        found.append((status.removeprefix("HTTP/1.1 "), headers, rest[:length]))
        rest = rest[length:]
    return found


@pytest.mark.parametrize("status", EMPTY)
@pytest.mark.parametrize(
    "action", [{}, {"body": "text"}, {"body": {"a": 1}}, {"after_work": True}], ids=lambda a: "-".join(a)
)
def test_a_fault_with_a_status_without_content_sends_none(
    simulator: Immuta, status: int, action: dict[str, Any]
) -> None:
    simulator.fault({"kind": "respond", "status": status, **action})

    assert answers(simulator, *[("GET", "/integrations", "")] * 2) == [EMPTY[status], LISTED]


@pytest.mark.parametrize(
    "fault", ["truncated", "malformed", {"kind": "patch", "patch": {"status": "odd"}}], ids=str
)
def test_a_fault_does_not_change_an_answer_without_content(simulator: Immuta, fault: Any) -> None:
    simulator.settings(created_status=204)
    simulator.fault(fault)

    assert answers(simulator, ("POST", "/integrations", TRINO)) == [EMPTY[204]]


@pytest.mark.parametrize("status", [204, 205])
def test_a_setting_with_a_status_without_content_sends_none(simulator: Immuta, status: int) -> None:
    simulator.settings(created_status=status, accepted_status=status, polls=0)
    create, update = ("POST", "/integrations", S3), ("PUT", "/integrations/1", S3)

    seen = answers(simulator, create, update, ("DELETE", "/integrations/1", ""), ("GET", "/integrations", ""))

    assert seen == [EMPTY[status]] * 3 + [LISTED]

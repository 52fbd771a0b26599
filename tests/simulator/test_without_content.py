"""Answers whose status allows no content, seen on a real socket: what follows the head is the next answer."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

import pytest
from immuta_constructs.testing import Immuta

TRINO = '{"type":"Trino"}'
S3 = (
    '{"type":"Native S3","autoBootstrap":false,"config":{"name":"lake","awsAccountId":"1","awsRegion":"eu-west-1",'
    '"awsLocationRole":"arn:aws:iam::1:role/r","awsLocationPath":"s3://l/","authenticationType":"auto"}}'
)
LISTED = "200 OK", {"content-type": "application/json; charset=utf-8", "content-length": "2"}, "[]"
NOTHING: dict[str, str] = {}
# Of the three only 205 may say how long the nothing is.
EMPTY = {
    204: ("204 No Content", NOTHING, ""),
    205: ("205 Reset Content", {"content-length": "0"}, ""),
    304: ("304 Not Modified", NOTHING, ""),
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
def test_a_fault(simulator: Immuta, status: int, action: dict[str, Any]) -> None:
    simulator.fault({"kind": "respond", "status": status, **action})

    assert answers(simulator, *[("GET", "/integrations", "")] * 2) == [EMPTY[status], LISTED]


@pytest.mark.parametrize(
    "fault", ["truncated", "malformed", {"kind": "patch", "patch": {"status": "odd"}}], ids=str
)
def test_a_fault_that_spoils_what_has_no_content(simulator: Immuta, fault: Any) -> None:
    simulator.settings(created_status=204)
    simulator.fault(fault)

    assert answers(simulator, ("POST", "/integrations", TRINO)) == [EMPTY[204]]


@pytest.mark.parametrize("status", [204, 205])
def test_a_setting(simulator: Immuta, status: int) -> None:
    simulator.settings(created_status=status, accepted_status=status, polls=0)
    create, update = ("POST", "/integrations", S3), ("PUT", "/integrations/1", S3)

    seen = answers(simulator, create, update, ("DELETE", "/integrations/1", ""), ("GET", "/integrations", ""))

    assert seen == [EMPTY[status]] * 3 + [LISTED]

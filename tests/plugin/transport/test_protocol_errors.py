"""Errors and excesses of a peer. Each ends in the right GOAWAY or RST_STREAM."""

from __future__ import annotations

import hpack
import pytest
from immuta_provider.plugin.transport import bounds, http2, router
from immuta_provider.plugin.transport.pool import CALLS
from support.rawh2 import (
    ACK,
    COMPRESSION_ERROR,
    CONTINUATION,
    DATA,
    ENABLE_PUSH,
    END_HEADERS,
    END_STREAM,
    ENHANCE_YOUR_CALM,
    FLOW_CONTROL_ERROR,
    FRAME_SIZE_ERROR,
    GOAWAY,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    MAX_FRAME_SIZE,
    PADDED,
    PING,
    PREFACE,
    PRIORITIZED,
    PRIORITY,
    PROTOCOL_ERROR,
    PUSH_PROMISE,
    REFUSED_STREAM,
    RST_STREAM,
    SETTINGS,
    STREAM_CLOSED,
    UNAVAILABLE,
    WINDOW,
    WINDOW_UPDATE,
    Answer,
    Frame,
    failed,
    frame,
    message,
    ok,
    opened,
    ping,
    request_headers,
    reset,
    settings,
    window_update,
)
from support.toy_session import Connections, Served, begun

ECHO = "/toy.Toy/Echo"
OPENED = opened(ECHO)
ENDED = opened("/toy.Toy/Blocked") + frame(DATA, END_STREAM, 1, message(b""))


def block(*pairs: tuple[str, str]) -> bytes:
    return hpack.Encoder().encode(pairs or request_headers(ECHO))


def headers(*pairs: tuple[str, str], flags: int = 0) -> bytes:
    return frame(HEADERS, END_HEADERS | flags, 1, block(*pairs))


def goaway(frames: list[Frame]) -> tuple[int, int]:
    """The last stream and the code of the GOAWAY that ends a connection."""
    last = frames[-1]
    assert last.kind == GOAWAY
    return int.from_bytes(last.payload[:4], "big"), int.from_bytes(last.payload[4:8], "big")


BOMB = hpack.Encoder().encode([("x" * 1000, "y" * 1000)]) + b"\xbe" * 100

CONNECTION_ERRORS = {
    "DATA without a stream": (frame(DATA, 0, 0), 0, PROTOCOL_ERROR),
    "DATA on a stream never opened": (frame(DATA, 0, 1), 0, PROTOCOL_ERROR),
    "DATA on a server's stream": (opened(ECHO, 3) + frame(DATA, 0, 2), 3, PROTOCOL_ERROR),
    "DATA all padding": (OPENED + frame(DATA, PADDED, 1, b"\x04abc"), 1, PROTOCOL_ERROR),
    "DATA too short for its padding": (OPENED + frame(DATA, PADDED, 1), 1, FRAME_SIZE_ERROR),
    "HEADERS without a stream": (opened(ECHO, 0), 0, PROTOCOL_ERROR),
    "HEADERS on a server's stream": (opened(ECHO, 2), 0, PROTOCOL_ERROR),
    "HEADERS too short for their priority": (
        frame(HEADERS, END_HEADERS | PRIORITIZED, 1, b"abcd"),
        0,
        FRAME_SIZE_ERROR,
    ),
    "a stream opened twice": (opened(ECHO, 5) + reset(5) + opened(ECHO, 5), 5, PROTOCOL_ERROR),
    "streams opened backwards": (opened(ECHO, 5) + opened(ECHO, 3), 5, PROTOCOL_ERROR),
    "a header block interrupted": (frame(HEADERS, 0, 1, block()[:5]) + ping(), 0, PROTOCOL_ERROR),
    "a header block continued elsewhere": (
        frame(HEADERS, 0, 1, block()[:5]) + frame(CONTINUATION, END_HEADERS, 3, block()[5:]),
        0,
        PROTOCOL_ERROR,
    ),
    "CONTINUATION of nothing": (frame(CONTINUATION, END_HEADERS, 1, block()), 0, PROTOCOL_ERROR),
    "a header block that names nothing": (frame(HEADERS, END_HEADERS, 1, b"\xff\x00"), 0, COMPRESSION_ERROR),
    "a header block cut off": (frame(HEADERS, END_HEADERS, 1, block()[:-1]), 0, COMPRESSION_ERROR),
    "a header block in one piece too large": (
        frame(HEADERS, END_HEADERS, 1, bytes(70_000)),
        0,
        ENHANCE_YOUR_CALM,
    ),
    "a header block in pieces too large": (
        frame(HEADERS, 0, 1) + frame(CONTINUATION, 0, 1, bytes(16384)) * 5,
        0,
        ENHANCE_YOUR_CALM,
    ),
    "a header block of too many pieces": (
        frame(HEADERS, 0, 1) + frame(CONTINUATION, 0, 1) * 100,
        0,
        ENHANCE_YOUR_CALM,
    ),
    "a header block that unpacks to too much": (frame(HEADERS, END_HEADERS, 1, BOMB), 0, ENHANCE_YOUR_CALM),
    "RST_STREAM without a stream": (reset(0), 0, PROTOCOL_ERROR),
    "RST_STREAM on a stream never opened": (reset(1), 0, PROTOCOL_ERROR),
    "RST_STREAM of a wrong size": (OPENED + frame(RST_STREAM, 0, 1, bytes(3)), 1, FRAME_SIZE_ERROR),
    "SETTINGS on a stream": (frame(SETTINGS, 0, 1), 0, PROTOCOL_ERROR),
    "SETTINGS of a wrong size": (frame(SETTINGS, 0, 0, bytes(5)), 0, FRAME_SIZE_ERROR),
    "SETTINGS acknowledged with a payload": (frame(SETTINGS, ACK, 0, bytes(6)), 0, FRAME_SIZE_ERROR),
    "push neither on nor off": (settings((ENABLE_PUSH, 2)), 0, PROTOCOL_ERROR),
    "an initial window too large": (settings((INITIAL_WINDOW_SIZE, WINDOW + 1)), 0, FLOW_CONTROL_ERROR),
    "an initial window that lifts a stream's too high": (
        OPENED + window_update(1, 100) + settings((INITIAL_WINDOW_SIZE, WINDOW - 50)),
        1,
        FLOW_CONTROL_ERROR,
    ),
    "a frame size too small": (settings((MAX_FRAME_SIZE, 16383)), 0, PROTOCOL_ERROR),
    "a frame size too large": (settings((MAX_FRAME_SIZE, 1 << 24)), 0, PROTOCOL_ERROR),
    "PUSH_PROMISE": (frame(PUSH_PROMISE, END_HEADERS, 1, bytes(4)), 0, PROTOCOL_ERROR),
    "PING on a stream": (frame(PING, 0, 1, bytes(8)), 0, PROTOCOL_ERROR),
    "PING of a wrong size": (frame(PING, 0, 0, bytes(7)), 0, FRAME_SIZE_ERROR),
    "GOAWAY on a stream": (frame(GOAWAY, 0, 1, bytes(8)), 0, PROTOCOL_ERROR),
    "GOAWAY of a wrong size": (frame(GOAWAY, 0, 0, bytes(7)), 0, FRAME_SIZE_ERROR),
    "PRIORITY without a stream": (frame(PRIORITY, 0, 0, bytes(5)), 0, PROTOCOL_ERROR),
    "WINDOW_UPDATE of a wrong size": (frame(WINDOW_UPDATE, 0, 0, bytes(3)), 0, FRAME_SIZE_ERROR),
    "WINDOW_UPDATE of nothing": (frame(WINDOW_UPDATE, 0, 0, bytes(4)), 0, PROTOCOL_ERROR),
    "WINDOW_UPDATE on a stream never opened": (window_update(7, 1), 0, PROTOCOL_ERROR),
    "a connection's window too large": (window_update(0, WINDOW), 0, FLOW_CONTROL_ERROR),
    "a frame larger than was allowed": (
        OPENED + (bounds.MAX_FRAME_SIZE + 1).to_bytes(3, "big") + bytes((DATA, 0, 0, 0, 0, 1)),
        1,
        FRAME_SIZE_ERROR,
    ),
    "SETTINGS with too many entries": (settings(*[(0xF00D, 7)] * 33), 0, ENHANCE_YOUR_CALM),
    "too many SETTINGS": (settings() * 10_001, 0, ENHANCE_YOUR_CALM),
    "too many PINGs": (ping() * 10_001, 0, ENHANCE_YOUR_CALM),
    "too many empty DATA frames": (OPENED + frame(DATA, 0, 1) * 10_001, 1, ENHANCE_YOUR_CALM),
    "too many frames of unknown types": (frame(0x77, 0, 0) * 10_001, 0, ENHANCE_YOUR_CALM),
}


@pytest.mark.parametrize(("sent", "last", "code"), CONNECTION_ERRORS.values(), ids=CONNECTION_ERRORS)
def test_a_connection_error_is_sent_as_goaway_and_ends_the_connection(
    connect: Connections, sent: bytes, last: int, code: int, capfd: pytest.CaptureFixture[str]
) -> None:
    client = connect(window=65535, stream_window=65535)
    client.send(sent)
    assert goaway(client.read_to_end()) == (last, code)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize(
    "sent",
    [b"GET / HTTP/1.1\r\n\r\n", PREFACE + ping(), PREFACE + settings(flags=ACK)],
    ids=["no HTTP/2", "no SETTINGS first", "an acknowledgement first"],
)
def test_a_client_without_a_valid_start_gets_a_goaway_and_is_not_a_peer(
    connect: Connections, served: Served, sent: bytes
) -> None:
    client = connect(start=False)
    client.send(sent)
    assert goaway(client.read_to_end()) == (0, PROTOCOL_ERROR)
    assert not served.router.connections


REQUEST = request_headers(ECHO)
STREAM_ERRORS = {
    "an upper-case header": (headers(*REQUEST, ("X", "")), PROTOCOL_ERROR),
    "a header of HTTP/1": (headers(*REQUEST, ("connection", "close")), PROTOCOL_ERROR),
    "te that is not trailers": (headers(*REQUEST[:5], ("te", "gzip")), PROTOCOL_ERROR),
    "a pseudo-header too late": (headers(*REQUEST[1:], (":method", "POST")), PROTOCOL_ERROR),
    "a pseudo-header twice": (headers((":path", ECHO), *REQUEST), PROTOCOL_ERROR),
    "a pseudo-header nobody knows": (headers((":status", "200"), *REQUEST), PROTOCOL_ERROR),
    "no path": (headers(*request_headers("")), PROTOCOL_ERROR),
    "no headers": (frame(HEADERS, END_HEADERS, 1), PROTOCOL_ERROR),
    "trailers that do not end the request": (OPENED + headers(("x", "y")), PROTOCOL_ERROR),
    "a request in the place of trailers": (OPENED + headers(flags=END_STREAM), PROTOCOL_ERROR),
    "DATA after the end": (ENDED + frame(DATA, 0, 1, b"more"), STREAM_CLOSED),
    "HEADERS after the end": (ENDED + headers(("x", "y"), flags=END_STREAM), STREAM_CLOSED),
    "WINDOW_UPDATE of nothing": (OPENED + window_update(1, 0), PROTOCOL_ERROR),
    "a stream's window too large": (OPENED + window_update(1, WINDOW), FLOW_CONTROL_ERROR),
    "PRIORITY of a wrong size": (OPENED + frame(PRIORITY, 0, 1, bytes(4)), FRAME_SIZE_ERROR),
}


@pytest.mark.parametrize(("sent", "code"), STREAM_ERRORS.values(), ids=STREAM_ERRORS)
def test_a_stream_error_resets_the_stream_alone(connect: Connections, sent: bytes, code: int) -> None:
    client = connect()
    client.send(sent)
    assert client.answer(1) == Answer({}, b"", code)
    client.next_stream = 3
    assert client.call(ECHO, b"the next") == ok(b"the next")


def fill(connection: http2.Http2, stream: int) -> None:
    """Send as much as the window of a stream has at first."""
    for _ in range(bounds.STREAM_WINDOW // 16384):
        connection.receive(frame(DATA, 0, stream, bytes(16384)))


def test_a_stream_that_overruns_its_window_is_reset() -> None:
    connection = begun()
    connection.receive(OPENED + opened(ECHO, 3))
    fill(connection, 1)
    assert connection.output(0) == window_update(1, bounds.STREAM_WINDOW)
    fill(connection, 1)
    connection.receive(frame(DATA, 0, 1, b"x"))
    assert list(connection.streams) == [3]


def test_a_connection_that_overruns_its_window_is_ended() -> None:
    connection = begun()
    for stream in (1, 3, 5, 7):
        connection.receive(opened(ECHO, stream))
        fill(connection, stream)
    assert connection.error is None
    connection.receive(opened(ECHO, 9) + frame(DATA, 0, 9, b"x"))
    assert connection.error is not None
    assert connection.error.code == FLOW_CONTROL_ERROR


def test_a_peer_that_does_not_read_control_frames_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_CONTROL_BYTES", 17_000)
    connection = begun()
    connection.receive(ping() * 1000)
    assert connection.error is None
    connection.receive(ping())
    assert str(connection.error) == "answers are not fetched"


def test_streams_are_bounded() -> None:
    connection = begun()
    for number in range(1025):
        connection.receive(opened(ECHO, 2 * number + 1))
    assert len(connection.streams) == 1024
    assert connection.output(0) == reset(2049, REFUSED_STREAM)


def test_remembered_header_blocks_are_bounded() -> None:
    connection = begun()
    encoder = hpack.Encoder()
    encoder.header_table_size = 0
    for number in range(1000):
        headers = request_headers(ECHO, ("x", str(number)))
        connection.receive(frame(HEADERS, END_HEADERS, 2 * number + 1, encoder.encode(headers)))
    assert len(connection.streams) == 1000
    assert len(connection._blocks) <= bounds.REMEMBERED_BLOCKS


def test_calls_that_run_are_bounded_even_when_their_streams_are_cancelled(
    connect: Connections, served: Served
) -> None:
    served.router.pool.limits[CALLS] = (5, 0, 0)
    client = connect()
    for _ in range(5):
        client.send(reset(served.block(client)))
    assert client.call(ECHO) == Answer({}, b"", REFUSED_STREAM)


def test_control_calls_are_bounded(connect: Connections, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_CONTROL_CALLS", 0)
    assert connect().call(router.STOP) == failed(UNAVAILABLE, "too many control calls at once")

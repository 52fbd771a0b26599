"""Errors and excesses of a peer. Each ends in the right GOAWAY or RST_STREAM."""

from __future__ import annotations

import hpack
import pytest
from immuta_provider.plugin.transport import bounds, http2, router
from immuta_provider.plugin.transport.pool import CALLS, Pool, Share
from support.rawh2 import (
    ACK,
    CONTINUATION,
    DATA,
    ENABLE_PUSH,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    MAX_FRAME_SIZE,
    PADDED,
    PING,
    PREFACE,
    PRIORITIZED,
    PRIORITY,
    PUSH_PROMISE,
    RST_STREAM,
    SETTINGS,
    WINDOW,
    WINDOW_UPDATE,
    Answer,
    Frame,
    failed,
    frame,
    message,
    ok,
    request_headers,
    setting,
)
from support.toy_session import Connections, Served

ECHO = "/toy.Toy/Echo"
NO_ERROR, PROTOCOL_ERROR, _, FLOW_CONTROL_ERROR, _, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = range(8)
COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 9, 11


def block(*headers: tuple[str, str]) -> bytes:
    return hpack.Encoder().encode(headers or request_headers(ECHO))


def opened(stream: int = 1) -> bytes:
    return frame(HEADERS, END_HEADERS, stream, block())


def goaway(frames: list[Frame]) -> tuple[int, int]:
    """The last stream and the code of the GOAWAY that ends a connection."""
    last = frames[-1]
    assert last.kind == GOAWAY
    return int.from_bytes(last.payload[:4], "big"), int.from_bytes(last.payload[4:8], "big")


BOMB = hpack.Encoder().encode([("x" * 1000, "y" * 1000)]) + b"\xbe" * 100

CONNECTION_ERRORS = {
    "DATA without a stream": (frame(DATA, 0, 0), 0, PROTOCOL_ERROR),
    "DATA on a stream never opened": (frame(DATA, 0, 1), 0, PROTOCOL_ERROR),
    "DATA on a server's stream": (opened(3) + frame(DATA, 0, 2), 3, PROTOCOL_ERROR),
    "DATA all padding": (opened() + frame(DATA, PADDED, 1, b"\x04abc"), 1, PROTOCOL_ERROR),
    "DATA too short for its padding": (opened() + frame(DATA, PADDED, 1), 1, FRAME_SIZE_ERROR),
    "HEADERS without a stream": (opened(0), 0, PROTOCOL_ERROR),
    "HEADERS on a server's stream": (opened(2), 0, PROTOCOL_ERROR),
    "HEADERS too short for their priority": (
        frame(HEADERS, END_HEADERS | PRIORITIZED, 1, b"abcd"),
        0,
        FRAME_SIZE_ERROR,
    ),
    "a stream opened twice": (
        opened(5) + frame(RST_STREAM, 0, 5, bytes(4)) + opened(5),
        5,
        PROTOCOL_ERROR,
    ),
    "streams opened backwards": (opened(5) + opened(3), 5, PROTOCOL_ERROR),
    "a header block interrupted": (
        frame(HEADERS, 0, 1, block()[:5]) + frame(PING, 0, 0, bytes(8)),
        0,
        PROTOCOL_ERROR,
    ),
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
    "a header block that unpacks to too much": (
        frame(HEADERS, END_HEADERS, 1, BOMB),
        0,
        ENHANCE_YOUR_CALM,
    ),
    "RST_STREAM without a stream": (frame(RST_STREAM, 0, 0, bytes(4)), 0, PROTOCOL_ERROR),
    "RST_STREAM on a stream never opened": (frame(RST_STREAM, 0, 1, bytes(4)), 0, PROTOCOL_ERROR),
    "RST_STREAM of a wrong size": (opened() + frame(RST_STREAM, 0, 1, bytes(3)), 1, FRAME_SIZE_ERROR),
    "SETTINGS on a stream": (frame(SETTINGS, 0, 1), 0, PROTOCOL_ERROR),
    "SETTINGS of a wrong size": (frame(SETTINGS, 0, 0, bytes(5)), 0, FRAME_SIZE_ERROR),
    "SETTINGS acknowledged with a payload": (frame(SETTINGS, ACK, 0, bytes(6)), 0, FRAME_SIZE_ERROR),
    "push neither on nor off": (frame(SETTINGS, 0, 0, setting(ENABLE_PUSH, 2)), 0, PROTOCOL_ERROR),
    "an initial window too large": (
        frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, WINDOW + 1)),
        0,
        FLOW_CONTROL_ERROR,
    ),
    "an initial window that lifts a stream's too high": (
        opened()
        + frame(WINDOW_UPDATE, 0, 1, (100).to_bytes(4, "big"))
        + frame(SETTINGS, 0, 0, setting(INITIAL_WINDOW_SIZE, WINDOW - 50)),
        1,
        FLOW_CONTROL_ERROR,
    ),
    "a frame size too small": (frame(SETTINGS, 0, 0, setting(MAX_FRAME_SIZE, 16383)), 0, PROTOCOL_ERROR),
    "a frame size too large": (frame(SETTINGS, 0, 0, setting(MAX_FRAME_SIZE, 1 << 24)), 0, PROTOCOL_ERROR),
    "PUSH_PROMISE": (frame(PUSH_PROMISE, END_HEADERS, 1, bytes(4)), 0, PROTOCOL_ERROR),
    "PING on a stream": (frame(PING, 0, 1, bytes(8)), 0, PROTOCOL_ERROR),
    "PING of a wrong size": (frame(PING, 0, 0, bytes(7)), 0, FRAME_SIZE_ERROR),
    "GOAWAY on a stream": (frame(GOAWAY, 0, 1, bytes(8)), 0, PROTOCOL_ERROR),
    "GOAWAY of a wrong size": (frame(GOAWAY, 0, 0, bytes(7)), 0, FRAME_SIZE_ERROR),
    "PRIORITY without a stream": (frame(PRIORITY, 0, 0, bytes(5)), 0, PROTOCOL_ERROR),
    "WINDOW_UPDATE of a wrong size": (frame(WINDOW_UPDATE, 0, 0, bytes(3)), 0, FRAME_SIZE_ERROR),
    "WINDOW_UPDATE of nothing": (frame(WINDOW_UPDATE, 0, 0, bytes(4)), 0, PROTOCOL_ERROR),
    "WINDOW_UPDATE on a stream never opened": (
        frame(WINDOW_UPDATE, 0, 7, (1).to_bytes(4, "big")),
        0,
        PROTOCOL_ERROR,
    ),
    "a connection's window too large": (
        frame(WINDOW_UPDATE, 0, 0, WINDOW.to_bytes(4, "big")),
        0,
        FLOW_CONTROL_ERROR,
    ),
    "a frame larger than was allowed": (
        opened() + (bounds.MAX_FRAME_SIZE + 1).to_bytes(3, "big") + bytes((DATA, 0, 0, 0, 0, 1)),
        1,
        FRAME_SIZE_ERROR,
    ),
    "SETTINGS with too many entries": (frame(SETTINGS, 0, 0, setting(0xF00D, 7) * 33), 0, ENHANCE_YOUR_CALM),
    "too many SETTINGS": (frame(SETTINGS, 0, 0) * 10_001, 0, ENHANCE_YOUR_CALM),
    "too many PINGs": (frame(PING, 0, 0, bytes(8)) * 10_001, 0, ENHANCE_YOUR_CALM),
    "too many empty DATA frames": (opened() + frame(DATA, 0, 1) * 10_001, 1, ENHANCE_YOUR_CALM),
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
    [b"GET / HTTP/1.1\r\n\r\n", PREFACE + frame(PING, 0, 0, bytes(8)), PREFACE + frame(SETTINGS, ACK, 0)],
    ids=["no HTTP/2", "no SETTINGS first", "an acknowledgement first"],
)
def test_a_client_without_a_valid_start_gets_a_goaway_and_is_not_a_peer(
    connect: Connections, served: Served, sent: bytes
) -> None:
    client = connect(start=False)
    client.send(sent)
    assert goaway(client.read_to_end()) == (0, PROTOCOL_ERROR)
    assert not served.router.connections


STREAM_ERRORS = {
    "an upper-case header": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers(ECHO), ("X", ""))),
        PROTOCOL_ERROR,
    ),
    "a header of HTTP/1": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers(ECHO), ("connection", "close"))),
        PROTOCOL_ERROR,
    ),
    "te that is not trailers": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers(ECHO)[:5], ("te", "gzip"))),
        PROTOCOL_ERROR,
    ),
    "a pseudo-header too late": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers(ECHO)[1:], (":method", "POST"))),
        PROTOCOL_ERROR,
    ),
    "a pseudo-header twice": (
        frame(HEADERS, END_HEADERS, 1, block((":path", ECHO), *request_headers(ECHO))),
        PROTOCOL_ERROR,
    ),
    "a pseudo-header nobody knows": (
        frame(HEADERS, END_HEADERS, 1, block((":status", "200"), *request_headers(ECHO))),
        PROTOCOL_ERROR,
    ),
    "no path": (frame(HEADERS, END_HEADERS, 1, block(*request_headers(""))), PROTOCOL_ERROR),
    "no headers": (frame(HEADERS, END_HEADERS, 1), PROTOCOL_ERROR),
    "trailers that do not end the request": (
        opened() + frame(HEADERS, END_HEADERS, 1, block(("x", "y"))),
        PROTOCOL_ERROR,
    ),
    "a request in the place of trailers": (
        opened() + frame(HEADERS, END_HEADERS | END_STREAM, 1, block()),
        PROTOCOL_ERROR,
    ),
    "DATA after the end": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers("/toy.Toy/Blocked")))
        + frame(DATA, END_STREAM, 1, message(b""))
        + frame(DATA, 0, 1, b"more"),
        STREAM_CLOSED,
    ),
    "HEADERS after the end": (
        frame(HEADERS, END_HEADERS, 1, block(*request_headers("/toy.Toy/Blocked")))
        + frame(DATA, END_STREAM, 1, message(b""))
        + frame(HEADERS, END_HEADERS | END_STREAM, 1, block(("x", "y"))),
        STREAM_CLOSED,
    ),
    "WINDOW_UPDATE of nothing": (opened() + frame(WINDOW_UPDATE, 0, 1, bytes(4)), PROTOCOL_ERROR),
    "a stream's window too large": (
        opened() + frame(WINDOW_UPDATE, 0, 1, WINDOW.to_bytes(4, "big")),
        FLOW_CONTROL_ERROR,
    ),
    "PRIORITY of a wrong size": (opened() + frame(PRIORITY, 0, 1, bytes(4)), FRAME_SIZE_ERROR),
}


@pytest.mark.parametrize(("sent", "code"), STREAM_ERRORS.values(), ids=STREAM_ERRORS)
def test_a_stream_error_resets_the_stream_alone(connect: Connections, sent: bytes, code: int) -> None:
    client = connect()
    client.send(sent)
    assert client.answer(1) == Answer({}, b"", code)
    client.next_stream = 3
    assert client.call(ECHO, b"the next") == ok(b"the next")


class Silent:
    """An application that accepts everything and sends no response."""

    def on_request(self, stream: http2.Stream, headers: dict[str, str]) -> None: ...
    def on_data(self, stream: http2.Stream, data: bytes) -> None: ...
    def on_end(self, stream: http2.Stream) -> None: ...
    def on_close(self, stream: http2.Stream) -> None: ...


def begun() -> http2.Http2:
    connection = http2.Http2(Silent(), Share(Pool()))
    connection.receive(PREFACE + frame(SETTINGS, 0, 0))
    connection.output(1000)
    return connection


def test_a_stream_that_overruns_its_window_is_reset() -> None:
    connection = begun()
    connection.receive(opened() + opened(3))
    for _ in range(bounds.STREAM_WINDOW // 16384):
        connection.receive(frame(DATA, 0, 1, bytes(16384)))
    assert connection.output(0) == frame(WINDOW_UPDATE, 0, 1, bounds.STREAM_WINDOW.to_bytes(4, "big"))
    for _ in range(bounds.STREAM_WINDOW // 16384):
        connection.receive(frame(DATA, 0, 1, bytes(16384)))
    connection.receive(frame(DATA, 0, 1, b"x"))
    assert list(connection.streams) == [3]


def test_a_connection_that_overruns_its_window_is_ended() -> None:
    connection = begun()
    for stream in (1, 3, 5, 7):
        connection.receive(opened(stream))
        for _ in range(bounds.STREAM_WINDOW // 16384):
            connection.receive(frame(DATA, 0, stream, bytes(16384)))
    assert connection.error is None
    connection.receive(opened(9) + frame(DATA, 0, 9, b"x"))
    assert connection.error is not None
    assert connection.error.code == FLOW_CONTROL_ERROR


def test_a_peer_that_does_not_read_control_frames_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MAX_CONTROL_BYTES", 17_000)
    connection = begun()
    connection.receive(frame(PING, 0, 0, bytes(8)) * 1000)
    assert connection.error is None
    connection.receive(frame(PING, 0, 0, bytes(8)))
    assert str(connection.error) == "answers are not fetched"


def test_streams_are_bounded() -> None:
    connection = begun()
    for number in range(1025):
        connection.receive(opened(2 * number + 1))
    assert len(connection.streams) == 1024
    assert connection.output(0) == frame(RST_STREAM, 0, 2049, REFUSED_STREAM.to_bytes(4, "big"))


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
        stream = client.start_call("/toy.Toy/Blocked")
        assert served.entered.acquire(timeout=20)
        client.send(frame(RST_STREAM, 0, stream, bytes(4)))
    assert client.call(ECHO) == Answer({}, b"", REFUSED_STREAM)


def test_control_calls_are_bounded(
    connect: Connections, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bounds, "MAX_CONTROL_CALLS", 0)
    expected = failed(14, "too many control calls at once")
    assert connect().call(router.STOP) == expected

"""A small HTTP/2 and gRPC client that shows every frame and can send any, wrong ones included."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import NamedTuple

import hpack

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    range(10)
)
END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITIZED = 0x20
HEADER_TABLE_SIZE, ENABLE_PUSH, MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_FRAME_SIZE = range(1, 6)

NO_ERROR, PROTOCOL_ERROR, _, FLOW_CONTROL_ERROR, _, STREAM_CLOSED, FRAME_SIZE_ERROR, REFUSED_STREAM = range(8)
CANCEL, COMPRESSION_ERROR, ENHANCE_YOUR_CALM = 8, 9, 11
RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE = 8, 12, 13, 14
"""Codes of gRPC."""

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
WINDOW = (1 << 31) - 1
PATIENCE = 20.0


class Frame(NamedTuple):
    kind: int
    flags: int
    stream: int
    payload: bytes


class Answer(NamedTuple):
    """The answer on one stream: `headers` of all blocks together, the body, and the RST_STREAM code if one came."""

    headers: dict[str, str]
    body: bytes
    reset: int | None = None


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def settings(*entries: tuple[int, int], flags: int = 0) -> bytes:
    payload = b"".join(
        identifier.to_bytes(2, "big") + value.to_bytes(4, "big") for identifier, value in entries
    )
    return frame(SETTINGS, flags, 0, payload)


def ping(payload: bytes = bytes(8)) -> bytes:
    return frame(PING, 0, 0, payload)


def window_update(stream: int, increment: int) -> bytes:
    return frame(WINDOW_UPDATE, 0, stream, increment.to_bytes(4, "big"))


def reset(stream: int, code: int = NO_ERROR) -> bytes:
    return frame(RST_STREAM, 0, stream, code.to_bytes(4, "big"))


def message(data: bytes) -> bytes:
    return b"\0" + len(data).to_bytes(4, "big") + data


def messages(body: bytes) -> list[bytes]:
    """The messages of a body."""
    found = []
    while body:
        assert body[0] == 0
        size = int.from_bytes(body[1:5], "big")
        assert len(body) >= 5 + size
        found.append(body[5 : 5 + size])
        body = body[5 + size :]
    return found


def request_headers(path: str, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        *more,
    ]


def opened(path: str, stream: int = 1, *more: tuple[str, str], flags: int = 0) -> bytes:
    """HEADERS of a request that change no table of headers."""
    headers = [hpack.NeverIndexedHeaderTuple(*header) for header in request_headers(path, *more)]
    return frame(HEADERS, END_HEADERS | flags, stream, hpack.Encoder().encode(headers, huffman=False))


class RawClient:
    """`window` is the connection's receive window, `stream_window` each stream's; it is never opened further by itself."""

    def __init__(
        self, connection: socket.socket, window: int = WINDOW, stream_window: int = WINDOW, start: bool = True
    ) -> None:
        self.socket = connection
        self.socket.settimeout(PATIENCE)
        self.encoder = hpack.Encoder()
        self.decoder = hpack.Decoder()
        self.received = bytearray()
        self.frames: list[Frame] = []
        self.headers: dict[int, dict[str, str]] = {}
        self.bodies: dict[int, bytearray] = {}
        self.resets: dict[int, int] = {}
        self.ended: set[int] = set()
        self.next_stream = 1
        self.window = 65535
        self.initial_window = 65535
        self.windows: dict[int, int] = {}
        if start:
            self.send(PREFACE + settings((INITIAL_WINDOW_SIZE, stream_window)))
            if window > 65535:
                self.send(window_update(0, window - 65535))

    def close(self) -> None:
        self.socket.close()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> Frame | None:
        """The next frame, None at the end of the connection."""
        while len(self.received) < 9 or len(self.received) < 9 + int.from_bytes(self.received[:3], "big"):
            try:
                data = self.socket.recv(1 << 20)
            except ConnectionResetError:
                return None
            if not data:
                assert not self.received, "the connection ended inside a frame"
                return None
            self.received += data
        size = int.from_bytes(self.received[:3], "big")
        kind, flags = self.received[3], self.received[4]
        stream = int.from_bytes(self.received[5:9], "big")
        found = Frame(kind, flags, stream, bytes(self.received[9 : 9 + size]))
        del self.received[: 9 + size]
        if kind == WINDOW_UPDATE:
            increment = int.from_bytes(found.payload, "big")
            if stream:
                self.windows[stream] = self.windows.get(stream, self.initial_window) + increment
            else:
                self.window += increment
        elif kind == SETTINGS:
            for start in range(0, size, 6):
                if int.from_bytes(found.payload[start : start + 2], "big") == INITIAL_WINDOW_SIZE:
                    self.initial_window = int.from_bytes(found.payload[start + 2 : start + 6], "big")
        return found

    def read_until(self, kind: int, flags: int = 0, stream: int | None = None) -> Frame:
        """The next such frame; the frames before it are stored for `answer`."""
        while True:
            found = self.read()
            assert found is not None, f"the connection ended before a frame of type {kind}"
            if found.kind == kind and found.flags & flags == flags and stream in (None, found.stream):
                return found
            self.frames.append(found)

    def read_to_end(self) -> list[Frame]:
        """All frames up to the end of the connection."""
        found = []
        while (one := self.read()) is not None:
            found.append(one)
        return found

    def open(self, path: str, *more: tuple[str, str]) -> int:
        """Sends a request's headers, and returns its stream."""
        stream = self.next_stream
        self.next_stream += 2
        block = self.encoder.encode(request_headers(path, *more))
        self.send(frame(HEADERS, END_HEADERS, stream, block))
        return stream

    def data(self, stream: int, data: bytes, end: bool = True, size: int = 16384) -> None:
        """Sends data in frames of `size`, whatever the windows are."""
        parts = [data[start : start + size] for start in range(0, len(data), size)] or [b""]
        for part in parts[:-1]:
            self.send(frame(DATA, 0, stream, part))
        self.send(frame(DATA, END_STREAM if end else 0, stream, parts[-1]))

    def upload(self, stream: int, data: bytes) -> None:
        """Sends data within the server's windows, which are read from its frames."""
        rest = memoryview(data)
        while rest:
            allowed = min(16384, self.window, self.windows.setdefault(stream, self.initial_window), len(rest))
            if allowed <= 0:
                found = self.read()
                assert found is not None, "the connection ended before the window opened"
                self.frames.append(found)
                continue
            self.window -= allowed
            self.windows[stream] -= allowed
            self.send(frame(DATA, END_STREAM if allowed == len(rest) else 0, stream, bytes(rest[:allowed])))
            rest = rest[allowed:]

    def start_call(self, path: str, data: bytes = b"") -> int:
        stream = self.open(path)
        self.data(stream, message(data))
        return stream

    def answers(self, streams: Iterable[int]) -> dict[int, Answer]:
        """Reads until all these streams have ended, and stores the frames of others."""
        expected = list(streams)
        while not self.ended.issuperset(expected):
            found = self.frames.pop(0) if self.frames else self.read()
            assert found is not None, f"the connection ended before streams {set(expected) - self.ended}"
            if found.kind == HEADERS:
                block = {str(name): str(value) for name, value in self.decoder.decode(found.payload)}
                self.headers.setdefault(found.stream, {}).update(block)
            elif found.kind == DATA:
                self.bodies.setdefault(found.stream, bytearray()).extend(found.payload)
            elif found.kind == RST_STREAM:
                self.resets[found.stream] = int.from_bytes(found.payload, "big")
                self.ended.add(found.stream)
            if found.kind in (DATA, HEADERS) and found.flags & END_STREAM:
                self.ended.add(found.stream)
        return {
            stream: Answer(
                self.headers.pop(stream, {}), bytes(self.bodies.pop(stream, b"")), self.resets.get(stream)
            )
            for stream in expected
        }

    def answer(self, stream: int) -> Answer:
        return self.answers([stream])[stream]

    def call(self, path: str, data: bytes = b"") -> Answer:
        """One unary call."""
        return self.answer(self.start_call(path, data))


OK_HEADERS = {":status": "200", "content-type": "application/grpc", "grpc-status": "0"}


def ok(data: bytes) -> Answer:
    """The whole answer of a unary call that went well."""
    return Answer(OK_HEADERS, message(data))


def failed(status: int, text: str) -> Answer:
    """The whole answer of a call that failed before anything was sent."""
    return Answer(
        {
            ":status": "200",
            "content-type": "application/grpc",
            "grpc-accept-encoding": "identity",
            "grpc-status": str(status),
            "grpc-message": text,
        },
        b"",
    )

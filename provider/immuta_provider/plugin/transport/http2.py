"""The server's side of one HTTP/2 connection (RFC 9113), without push and priorities, which gRPC does not use.

It has no socket and no thread. Received bytes go into `Http2.receive`, bytes to send come out of `Http2.output`, and an
`Application` gets the requests. All memory that a peer can use is limited by the connection's share of the pool and by the
constants in `bounds`.
"""

from __future__ import annotations

from . import bounds
from .hpack import Decoder, HeaderListTooLarge, HpackError
from .pool import BYTES, STREAMS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _thread
    from typing import Protocol

    from .pool import Share
else:
    Protocol = object

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    range(10)
)
END_STREAM = ACK = 0x1
END_HEADERS = 0x4
PADDED = 0x8
PRIORITIZED = 0x20

NO_ERROR = 0x0
PROTOCOL_ERROR = 0x1
INTERNAL_ERROR = 0x2
FLOW_CONTROL_ERROR = 0x3
STREAM_CLOSED = 0x5
FRAME_SIZE_ERROR = 0x6
REFUSED_STREAM = 0x7
COMPRESSION_ERROR = 0x9
ENHANCE_YOUR_CALM = 0xB

SETTING_ENABLE_PUSH = 0x2
SETTING_MAX_CONCURRENT_STREAMS = 0x3
SETTING_INITIAL_WINDOW_SIZE = 0x4
SETTING_MAX_FRAME_SIZE = 0x5
SETTING_MAX_HEADER_LIST_SIZE = 0x6

LARGEST_WINDOW = (1 << 31) - 1
DEFAULT_WINDOW = 65535
DEFAULT_FRAME_SIZE = 16384
LARGEST_FRAME_SIZE = (1 << 24) - 1

_HOP_HEADERS = frozenset(("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"))
_PSEUDO_HEADERS = frozenset((":method", ":scheme", ":path", ":authority"))


class ProtocolError(Exception):
    """A connection error: the peer gets a GOAWAY."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class StreamError(Exception):
    """A stream error: the peer gets an RST_STREAM."""

    def __init__(self, stream: int, code: int) -> None:
        super().__init__(code)
        self.stream = stream
        self.code = code


class Stream:
    """One request and its response.

    `call` belongs to the application. `queued` is the number of bytes in `outgoing`; a part counts as a whole until its last byte
    is sent. `sent` is the number of bytes of the first part that are sent. `waiter` is a locked lock, which is released when the
    queue is empty or the stream is closed.
    """

    __slots__ = (
        "call",
        "closed",
        "id",
        "outgoing",
        "queued",
        "receive_window",
        "remote_ended",
        "send_window",
        "sent",
        "trailers",
        "waiter",
    )

    def __init__(self, id: int, send_window: int) -> None:
        self.id = id
        self.call: object = None
        self.closed = False
        self.remote_ended = False
        self.receive_window = bounds.STREAM_WINDOW
        self.send_window = send_window
        self.outgoing: list[bytes] = []
        self.queued = 0
        self.sent = 0
        self.trailers: bytes | None = None
        self.waiter: _thread.LockType | None = None

    def close(self) -> None:
        self.closed = True
        self.outgoing.clear()
        self.queued = 0
        self.wake()

    def wake(self) -> None:
        if self.waiter is not None:
            self.waiter.release()
            self.waiter = None


class Application(Protocol):
    """Receives the events of a connection. The methods may not block or raise."""

    def on_request(self, stream: Stream, headers: dict[str, str]) -> None:
        """A stream is opened. Its body follows."""

    def on_data(self, stream: Stream, data: bytes) -> None:
        """A part of the body was received."""

    def on_end(self, stream: Stream) -> None:
        """The body is complete."""

    def on_close(self, stream: Stream) -> None:
        """The stream has ended: it was answered, reset, or lost with the connection."""


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """The bytes of one frame."""
    return len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big") + payload


def _setting(identifier: int, value: int) -> bytes:
    return identifier.to_bytes(2, "big") + value.to_bytes(4, "big")


def _window_update_frame(stream: int, increment: int) -> bytes:
    return frame(WINDOW_UPDATE, 0, stream, increment.to_bytes(4, "big"))


def _check_request(headers: list[tuple[str, str]]) -> dict[str, str] | None:
    """The headers of a request as a dict, or None if they are malformed (sections 8.2 and 8.3)."""
    request: dict[str, str] = {}
    regular = False
    for name, value in headers:
        if name.startswith(":"):
            if regular or name in request or name not in _PSEUDO_HEADERS:
                return None
        else:
            regular = True
            if name != name.lower() or name in _HOP_HEADERS or (name == "te" and value != "trailers"):
                return None
        request[name] = value
    if not request.get(":method") or not request.get(":scheme") or not request.get(":path"):
        return None
    return request


class Http2:
    """The state of one connection. Not thread-safe: the caller guards it with one lock.

    `share` is the connection's use of the pool. `established` is True after the client's preface and first SETTINGS. `closed` is
    True when nothing more is received. After a connection error, `output` still returns the GOAWAY, and `error` has the reason.
    """

    def __init__(self, application: Application, share: Share) -> None:
        self.streams: dict[int, Stream] = {}
        self.established = False
        self.closed = False
        self.error: ProtocolError | None = None
        self._application = application
        self._share = share
        self._decoder = Decoder()
        self._blocks: dict[bytes, dict[str, str] | None] = {}
        self._blocks_version = 0
        self._received = bytearray()
        self._preface = False
        self._highest = 0
        self._header_stream = 0
        self._header_flags = 0
        self._header_frames = 0
        self._header_block = bytearray()
        self._overhead = 0
        self._receive_window = bounds.CONNECTION_WINDOW
        self._send_window = DEFAULT_WINDOW
        self._peer_window = DEFAULT_WINDOW
        self._peer_frame_size = DEFAULT_FRAME_SIZE
        self._sending: dict[int, Stream] = {}
        self._window_updates_due: dict[int, Stream] = {}
        self._control = bytearray(
            frame(
                SETTINGS,
                0,
                0,
                _setting(SETTING_MAX_CONCURRENT_STREAMS, bounds.MAX_STREAMS[0])
                + _setting(SETTING_INITIAL_WINDOW_SIZE, bounds.STREAM_WINDOW)
                + _setting(SETTING_MAX_FRAME_SIZE, bounds.MAX_FRAME_SIZE)
                + _setting(SETTING_MAX_HEADER_LIST_SIZE, bounds.MAX_LIST_SIZE),
            )
            + _window_update_frame(0, bounds.CONNECTION_WINDOW - DEFAULT_WINDOW)
        )

    def receive(self, data: bytes) -> None:
        """Processes received bytes. An error of the peer closes the connection or one stream, and is not raised."""
        if self.closed:
            return
        self._received += data
        try:
            self._parse()
            if len(self._control) > bounds.MAX_CONTROL_BYTES:
                raise ProtocolError(ENHANCE_YOUR_CALM, "answers are not fetched")
        except ProtocolError as error:
            self.error = error
            last = self._highest.to_bytes(4, "big") + error.code.to_bytes(4, "big")
            self._control += frame(GOAWAY, 0, 0, last + str(error).encode())
            self.close()

    def close(self) -> None:
        """Ends the connection: closes every stream, and receives nothing more."""
        self.closed = True
        self._received.clear()
        for stream in list(self.streams.values()):
            self._remove(stream)

    def output(self, limit: int) -> bytes:
        """The bytes to send next: all control frames, then about `limit` bytes of data, as far as the windows allow.

        WINDOW_UPDATE frames are made here and not when data arrives, so that a peer that does not read cannot send more. The
        application limits the size of a body.
        """
        window = bounds.CONNECTION_WINDOW
        if self._receive_window < window // 2 and not self.closed:
            self._control += _window_update_frame(0, window - self._receive_window)
            self._receive_window = window
        if self._window_updates_due:
            for stream in self._window_updates_due.values():
                self._control += _window_update_frame(stream.id, bounds.STREAM_WINDOW - stream.receive_window)
                stream.receive_window = bounds.STREAM_WINDOW
            self._window_updates_due.clear()
        out = self._control
        self._control = bytearray()
        while self._sending and self._send_window > 0 and len(out) < limit:
            self._take_turn(self._sending.pop(next(iter(self._sending))), out)
        return bytes(out)

    def start(self, stream: Stream, headers: bytes) -> None:
        """Sends the response's header block."""
        self._control += frame(HEADERS, END_HEADERS, stream.id, headers)

    def send(self, stream: Stream, data: bytes) -> bool:
        """Queues a part of the response's body, at least one byte. False = the share has no room, and nothing is queued."""
        if not self._share.take(BYTES, len(data)):
            return False
        stream.outgoing.append(data)
        stream.queued += len(data)
        self._resume(stream)
        return True

    def _resume(self, stream: Stream) -> None:
        """Schedules the next turn of a stream that has data to send and an open window."""
        if stream.outgoing and stream.send_window > 0:
            self._sending[stream.id] = stream

    def finish(self, stream: Stream, trailers: bytes) -> None:
        """Ends the response with a header block, after the queued data."""
        last = frame(HEADERS, END_HEADERS | END_STREAM, stream.id, trailers)
        if stream.outgoing:
            stream.trailers = last
        else:
            self._control += last
            self._response_ended(stream, self._control)

    def _response_ended(self, stream: Stream, out: bytearray) -> None:
        if not stream.remote_ended:
            # The response does not need the rest of the request (section 8.1).
            out += frame(RST_STREAM, 0, stream.id, NO_ERROR.to_bytes(4, "big"))
        self._credit(bounds.FRAMES_A_CALL)
        self._remove(stream)

    def reset(self, stream: Stream, code: int) -> None:
        """Resets a stream."""
        self._control += frame(RST_STREAM, 0, stream.id, code.to_bytes(4, "big"))
        self._remove(stream)

    def _remove(self, stream: Stream) -> None:
        if self.streams.pop(stream.id, None) is not None:
            self._sending.pop(stream.id, None)
            self._window_updates_due.pop(stream.id, None)
            self._share.give(STREAMS)
            self._share.give(BYTES, stream.queued)
            stream.close()
            self._application.on_close(stream)

    def _take_turn(self, stream: Stream, out: bytearray) -> None:
        """Sends one turn of a stream's data. All other streams have a turn before its next one."""
        # SETTINGS may have made the window negative meanwhile (section 6.9.2).
        turn = left = max(0, min(bounds.LARGEST_TURN, self._send_window, stream.send_window))
        while stream.outgoing and left:
            part = stream.outgoing[0]
            size = min(len(part) - stream.sent, left, self._peer_frame_size)
            out += size.to_bytes(3, "big") + b"\0\0" + stream.id.to_bytes(4, "big")
            out += memoryview(part)[stream.sent : stream.sent + size]
            left -= size
            stream.sent += size
            if stream.sent == len(part):
                del stream.outgoing[0]
                stream.sent = 0
                stream.queued -= len(part)
                self._share.give(BYTES, len(part))
        sent = turn - left
        stream.send_window -= sent
        self._send_window -= sent
        self._credit(sent // bounds.DATA_BYTES_A_FRAME)
        if stream.outgoing:
            self._resume(stream)
        elif stream.trailers is not None:
            out += stream.trailers
            self._response_ended(stream, out)
        else:
            stream.wake()

    def _charge(self, frames: int) -> None:
        """Counts overhead. Raises `ProtocolError` if a peer causes too much overhead for its calls and data."""
        self._overhead += frames
        if self._overhead > bounds.MAX_OVERHEAD:
            raise ProtocolError(ENHANCE_YOUR_CALM, "too many frames that bring no work")

    def _credit(self, frames: int) -> None:
        """Reduces the overhead after useful work, to zero at least."""
        self._overhead = max(0, self._overhead - frames)

    def _parse(self) -> None:
        received = self._received
        position = 0
        if not self._preface:
            if not PREFACE.startswith(received[: len(PREFACE)]):
                raise ProtocolError(PROTOCOL_ERROR, "this is not an HTTP/2 client")
            if len(received) < len(PREFACE):
                return
            self._preface = True
            position = len(PREFACE)
        end = len(received)
        while end - position >= 9:
            size = received[position] << 16 | received[position + 1] << 8 | received[position + 2]
            if size > bounds.MAX_FRAME_SIZE:
                raise ProtocolError(FRAME_SIZE_ERROR, f"a frame is larger than {bounds.MAX_FRAME_SIZE} bytes")
            start = position + 9
            if end - start < size:
                break
            kind = received[position + 3]
            flags = received[position + 4]
            stream = int.from_bytes(received[position + 5 : start], "big") & LARGEST_WINDOW
            position = start + size
            try:
                self._receive_frame(kind, flags, stream, bytes(received[start:position]))
            except StreamError as error:
                self._stream_error(error)
        del received[:position]

    def _stream_error(self, error: StreamError) -> None:
        stream = self.streams.get(error.stream)
        if stream is not None:
            self.reset(stream, error.code)
        else:
            self._control += frame(RST_STREAM, 0, error.stream, error.code.to_bytes(4, "big"))

    def _receive_frame(self, kind: int, flags: int, stream: int, payload: bytes) -> None:
        if self._header_stream and (kind != CONTINUATION or stream != self._header_stream):
            raise ProtocolError(PROTOCOL_ERROR, "a header block is interrupted")
        if not self.established and (kind != SETTINGS or flags & ACK):
            raise ProtocolError(PROTOCOL_ERROR, "the first frame is not SETTINGS")
        self._charge(1)
        if kind == DATA:
            self._receive_data(flags, stream, payload)
        elif kind == HEADERS:
            self._receive_headers(flags, stream, payload)
        elif kind == WINDOW_UPDATE:
            self._receive_window_update(stream, payload)
        elif kind == SETTINGS:
            self._receive_settings(flags, stream, payload)
        elif kind == PING:
            if stream:
                raise ProtocolError(PROTOCOL_ERROR, "a PING belongs to a stream")
            if len(payload) != 8:
                raise ProtocolError(FRAME_SIZE_ERROR, "a PING does not have 8 bytes")
            if not flags & ACK:
                self._control += frame(PING, ACK, 0, payload)
        elif kind == RST_STREAM:
            self._receive_rst_stream(stream, payload)
        elif kind == CONTINUATION:
            self._receive_continuation(flags, stream, payload)
        elif kind == PRIORITY:
            if not stream:
                raise ProtocolError(PROTOCOL_ERROR, "a PRIORITY belongs to no stream")
            if len(payload) != 5:
                raise StreamError(stream, FRAME_SIZE_ERROR)
        elif kind == GOAWAY:
            if stream:
                raise ProtocolError(PROTOCOL_ERROR, "a GOAWAY belongs to a stream")
            if len(payload) < 8:
                raise ProtocolError(FRAME_SIZE_ERROR, "a GOAWAY has fewer than 8 bytes")
            # The peer opens no more streams. Its open streams are served to their end.
        elif kind == PUSH_PROMISE:
            raise ProtocolError(PROTOCOL_ERROR, "a client cannot push")

    @staticmethod
    def _unpad(flags: int, payload: bytes) -> bytes:
        if not flags & PADDED:
            return payload
        if not payload:
            raise ProtocolError(FRAME_SIZE_ERROR, "a padded frame is empty")
        padding = payload[0]
        if padding >= len(payload):
            raise ProtocolError(PROTOCOL_ERROR, "a frame is all padding")
        return payload[1 : len(payload) - padding]

    def _receive_data(self, flags: int, id: int, payload: bytes) -> None:
        if not id:
            raise ProtocolError(PROTOCOL_ERROR, "DATA belongs to no stream")
        if id > self._highest or not id & 1:
            raise ProtocolError(PROTOCOL_ERROR, "DATA belongs to a stream that was never opened")
        size = len(payload)
        if size > self._receive_window:
            raise ProtocolError(FLOW_CONTROL_ERROR, "more data than the connection's window allows")
        self._receive_window -= size
        data = self._unpad(flags, payload)
        stream = self.streams.get(id)
        if stream is None:
            # The peer sent it before it knew that the stream had ended (section 5.1, "closed").
            return
        if stream.remote_ended:
            raise StreamError(id, STREAM_CLOSED)
        if size > stream.receive_window:
            raise StreamError(id, FLOW_CONTROL_ERROR)
        stream.receive_window -= size
        if data:
            self._credit(len(data) // bounds.DATA_BYTES_A_FRAME)
            self._application.on_data(stream, data)
        if flags & END_STREAM:
            self._request_ended(stream)
        elif stream.receive_window < bounds.STREAM_WINDOW // 2 and not stream.closed:
            self._window_updates_due[id] = stream

    def _request_ended(self, stream: Stream) -> None:
        stream.remote_ended = True
        if not stream.closed:
            self._application.on_end(stream)

    def _receive_headers(self, flags: int, id: int, payload: bytes) -> None:
        if not id & 1:
            raise ProtocolError(PROTOCOL_ERROR, "HEADERS belong to no stream that a client may open")
        block = self._unpad(flags, payload)
        if flags & PRIORITIZED:
            if len(block) < 5:
                raise ProtocolError(FRAME_SIZE_ERROR, "HEADERS are too short for their priority")
            block = block[5:]
        if flags & END_HEADERS:
            self._receive_header_block(flags, id, block)
            return
        self._header_stream = id
        self._header_flags = flags
        self._header_frames = 1
        self._header_block = bytearray(block)

    def _receive_continuation(self, flags: int, id: int, payload: bytes) -> None:
        if not self._header_stream:
            raise ProtocolError(PROTOCOL_ERROR, "CONTINUATION continues nothing")
        self._header_block += payload
        self._header_frames += 1
        if self._header_frames > bounds.MAX_BLOCK_FRAMES or len(self._header_block) > bounds.MAX_BLOCK_SIZE:
            raise ProtocolError(ENHANCE_YOUR_CALM, "a header block is too large")
        if flags & END_HEADERS:
            block = bytes(self._header_block)
            self._header_stream = 0
            self._header_block = bytearray()
            self._receive_header_block(self._header_flags, id, block)

    def _receive_header_block(self, flags: int, id: int, block: bytes) -> None:
        if len(block) > bounds.MAX_BLOCK_SIZE:
            raise ProtocolError(ENHANCE_YOUR_CALM, "a header block is too large")
        headers = self._decode(block)
        stream = self.streams.get(id)
        if stream is not None:
            if stream.remote_ended:
                raise StreamError(id, STREAM_CLOSED)
            if headers is not None or not flags & END_STREAM:
                raise StreamError(id, PROTOCOL_ERROR)
            # A request's trailers: gRPC defines none.
            self._request_ended(stream)
            return
        if id <= self._highest:
            if headers is not None:
                raise ProtocolError(PROTOCOL_ERROR, "a stream is opened a second time")
            # Trailers of a request that was answered before they came.
            return
        self._highest = id
        if headers is None:
            raise StreamError(id, PROTOCOL_ERROR)
        if not self._share.take(STREAMS):
            raise StreamError(id, REFUSED_STREAM)
        stream = self.streams[id] = Stream(id, self._peer_window)
        # Set before the application responds. An early response to an unfinished request would reset the stream.
        ended = bool(flags & END_STREAM)
        stream.remote_ended = ended
        self._application.on_request(stream, headers)
        if ended:
            self._request_ended(stream)

    def _decode(self, block: bytes) -> dict[str, str] | None:
        """Decodes a block. The result is cached, because a client's blocks repeat."""
        if block in self._blocks:
            return self._blocks[block]
        self._charge(len(block) // bounds.BLOCK_BYTES_A_FRAME)
        try:
            request = _check_request(self._decoder.decode(block))
        except HeaderListTooLarge as error:
            raise ProtocolError(ENHANCE_YOUR_CALM, str(error)) from None
        except HpackError as error:
            raise ProtocolError(COMPRESSION_ERROR, str(error)) from None
        if self._decoder.version != self._blocks_version or len(self._blocks) >= bounds.REMEMBERED_BLOCKS:
            self._blocks_version = self._decoder.version
            self._blocks.clear()
        elif len(block) <= bounds.REMEMBERED_BLOCK_SIZE:
            self._blocks[block] = request
        return request

    def _receive_rst_stream(self, id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ProtocolError(FRAME_SIZE_ERROR, "RST_STREAM does not have 4 bytes")
        if not id or id > self._highest or not id & 1:
            raise ProtocolError(PROTOCOL_ERROR, "RST_STREAM belongs to a stream that was never opened")
        stream = self.streams.get(id)
        if stream is not None:
            self._remove(stream)

    def _receive_settings(self, flags: int, id: int, payload: bytes) -> None:
        if id:
            raise ProtocolError(PROTOCOL_ERROR, "SETTINGS belong to a stream")
        if len(payload) % 6 or (flags & ACK and payload):
            raise ProtocolError(FRAME_SIZE_ERROR, "SETTINGS have a wrong size")
        self.established = True
        if flags & ACK:
            return
        if len(payload) > 6 * bounds.MAX_SETTINGS:
            raise ProtocolError(ENHANCE_YOUR_CALM, f"SETTINGS have more than {bounds.MAX_SETTINGS} entries")
        window = self._peer_window
        for start in range(0, len(payload), 6):
            identifier = int.from_bytes(payload[start : start + 2], "big")
            value = int.from_bytes(payload[start + 2 : start + 6], "big")
            if identifier == SETTING_INITIAL_WINDOW_SIZE:
                if value > LARGEST_WINDOW:
                    raise ProtocolError(FLOW_CONTROL_ERROR, "the initial window is too large")
                window = value
            elif identifier == SETTING_MAX_FRAME_SIZE:
                if not DEFAULT_FRAME_SIZE <= value <= LARGEST_FRAME_SIZE:
                    raise ProtocolError(PROTOCOL_ERROR, "the frame size is out of range")
                self._peer_frame_size = value
            elif identifier == SETTING_ENABLE_PUSH and value > 1:
                raise ProtocolError(PROTOCOL_ERROR, "push is neither on nor off")
        if window != self._peer_window:
            self._change_initial_window(window)
        self._control += frame(SETTINGS, ACK, 0)

    def _change_initial_window(self, initial: int) -> None:
        """Changes each stream's window by the change of the initial window (section 6.9.2)."""
        self._charge(len(self.streams) // bounds.STREAMS_A_FRAME)
        change = initial - self._peer_window
        self._peer_window = initial
        for stream in self.streams.values():
            stream.send_window += change
            if stream.send_window > LARGEST_WINDOW:
                raise ProtocolError(FLOW_CONTROL_ERROR, "a stream's window is too large")
            self._resume(stream)

    def _receive_window_update(self, id: int, payload: bytes) -> None:
        if len(payload) != 4:
            raise ProtocolError(FRAME_SIZE_ERROR, "WINDOW_UPDATE does not have 4 bytes")
        increment = int.from_bytes(payload, "big") & LARGEST_WINDOW
        if not id:
            if not increment:
                raise ProtocolError(PROTOCOL_ERROR, "WINDOW_UPDATE adds nothing")
            self._send_window += increment
            if self._send_window > LARGEST_WINDOW:
                raise ProtocolError(FLOW_CONTROL_ERROR, "the connection's window is too large")
            return
        if id > self._highest or not id & 1:
            raise ProtocolError(PROTOCOL_ERROR, "WINDOW_UPDATE belongs to a stream that was never opened")
        stream = self.streams.get(id)
        if stream is None:
            return
        if not increment:
            raise StreamError(id, PROTOCOL_ERROR)
        stream.send_window += increment
        if stream.send_window > LARGEST_WINDOW:
            raise StreamError(id, FLOW_CONTROL_ERROR)
        self._resume(stream)

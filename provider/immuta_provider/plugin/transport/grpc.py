"""gRPC over HTTP/2, the server's side: message frames, statuses and their header blocks.

Source: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md; which status a failure has:
https://grpc.github.io/grpc/core/md_doc_statuscodes.html.
"""

from __future__ import annotations

from .bounds import MAX_MESSAGE_SIZE
from .hpack import encode

OK = 0
RESOURCE_EXHAUSTED = 8
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14

LONGEST_ERROR = 1024

_RESPONSE = ((":status", "200"), ("content-type", "application/grpc"))
RESPONSE_HEADERS = encode(_RESPONSE)
OK_TRAILERS = encode((("grpc-status", "0"),))
NOT_POST = encode(((":status", "405"), ("allow", "POST")))
NOT_GRPC = encode(((":status", "415"),))


class Rejected(Exception):
    """A call is answered with a status other than OK; the message says why and quotes nothing of the request's body."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def percent_encode(text: str) -> str:
    """A status message for a header: UTF-8, everything but printable ASCII as %XX, and the percent sign too."""
    octets = text.encode("utf-8", "replace")
    return "".join(
        chr(octet) if 0x20 <= octet <= 0x7E and octet != 0x25 else f"%{octet:02X}" for octet in octets
    )


def _status(status: int, message: str) -> tuple[tuple[str, str], ...]:
    return (("grpc-status", str(status)), ("grpc-message", percent_encode(message[:LONGEST_ERROR])))


def error_response(status: int, message: str) -> bytes:
    """The header block that is a whole answer: a failure before anything else was sent."""
    # An encoding that we do not know is refused with the list of those that we do.
    return encode((*_RESPONSE, ("grpc-accept-encoding", "identity"), *_status(status, message)))


def error_trailers(status: int, message: str) -> bytes:
    """The header block that ends an answer of which the beginning was sent."""
    return encode(_status(status, message))


def check_headers(headers: dict[str, str]) -> bytes | None:
    """The header block that refuses a request that is none of gRPC's, or None."""
    if headers[":method"] != "POST":
        return NOT_POST
    content_type = headers.get("content-type", "")
    if content_type != "application/grpc" and not content_type.startswith(
        ("application/grpc+", "application/grpc;")
    ):
        return NOT_GRPC
    if headers.get("grpc-encoding", "identity") != "identity":
        return error_response(UNIMPLEMENTED, "messages are understood without compression only")
    return None


def message_frame(message: bytes) -> bytes:
    """One message as it travels in a body."""
    return b"\0" + len(message).to_bytes(4, "big") + message


class Body:
    """The body of a request that has exactly one message. `size` is what it holds so far."""

    __slots__ = ("_expected", "_parts", "size")

    def __init__(self) -> None:
        self._parts: bytes | bytearray = b""
        self._expected = -1
        self.size = 0

    def add(self, data: bytes) -> None:
        """Take a part; raises `Rejected` as soon as it is known that the message will not do."""
        parts = self._parts
        if not parts:
            parts = self._parts = data
        else:
            if isinstance(parts, bytes):
                parts = self._parts = bytearray(parts)
            parts += data
        self.size = len(parts)
        if self._expected < 0 and self.size >= 5:
            if parts[0]:
                raise Rejected(UNIMPLEMENTED, "messages are understood without compression only")
            length = int.from_bytes(parts[1:5], "big")
            if length > MAX_MESSAGE_SIZE:
                raise Rejected(
                    RESOURCE_EXHAUSTED,
                    f"the message has {length} bytes, and at most {MAX_MESSAGE_SIZE} are accepted",
                )
            self._expected = length + 5
        if 0 <= self._expected < self.size:
            raise Rejected(UNIMPLEMENTED, "the call takes one message, and more came")

    def message(self) -> bytes:
        """The message, now that the body has ended; raises `Rejected` where it is missing or cut off."""
        if not self.size:
            raise Rejected(UNIMPLEMENTED, "the call takes one message, and none came")
        if self.size != self._expected:
            raise Rejected(INTERNAL, "the message was cut off")
        return bytes(memoryview(self._parts)[5:])

"""The server's side of gRPC over HTTP/2: message frames, statuses and their header blocks.

Sources: https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md, and for the statuses
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
    """The response to a call is a status other than OK. The message quotes nothing of the request's body."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def percent_encode(text: str) -> str:
    """Encodes a status message for a header: UTF-8, with %XX for the percent sign and all but printable ASCII."""
    octets = text.encode("utf-8", "replace")
    return "".join(
        chr(octet) if 0x20 <= octet <= 0x7E and octet != 0x25 else f"%{octet:02X}" for octet in octets
    )


def _status(status: int, message: str) -> tuple[tuple[str, str], ...]:
    return (("grpc-status", str(status)), ("grpc-message", percent_encode(message[:LONGEST_ERROR])))


def error_response(status: int, message: str) -> bytes:
    """The header block of a response that is an error only (Trailers-Only)."""
    # gRPC wants the supported encodings in the refusal of another one.
    return encode((*_RESPONSE, ("grpc-accept-encoding", "identity"), *_status(status, message)))


def error_trailers(status: int, message: str) -> bytes:
    """The trailers that end a started response with an error."""
    return encode(_status(status, message))


def check_headers(headers: dict[str, str]) -> bytes | None:
    """The header block that refuses a request that is not gRPC, or None if the request is valid."""
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
    """The frame of one message in a body."""
    return b"\0" + len(message).to_bytes(4, "big") + message


class Body:
    """The body of a request, which has exactly one message. `size` is the number of bytes received so far."""

    __slots__ = ("_expected", "_parts", "size")

    def __init__(self) -> None:
        self._parts: bytes | bytearray = b""
        self._expected = -1
        self.size = 0

    def add(self, data: bytes) -> None:
        """Adds a part. Raises `Rejected` as soon as the message is known to be invalid."""
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
        """The message of a complete body. Raises `Rejected` if the message is missing or incomplete."""
        if not self.size:
            raise Rejected(UNIMPLEMENTED, "the call takes one message, and none came")
        if self.size != self._expected:
            raise Rejected(INTERNAL, "the message was cut off")
        return bytes(memoryview(self._parts)[5:])

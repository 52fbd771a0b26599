"""Limits the size of responses, so that no server can exhaust this machine's memory.

The list of a whole collection has larger bounds, since only one is under way at a time (`shared_list`). Up to
`max_concurrency` other responses may arrive at once.
"""

from __future__ import annotations

from ..found import Record
from .errors import ProtocolError, TooLarge

# Bytes of CPython's objects with their place in a container, rounded up: an object of one or two keys, a list of up to four
# elements, and what follows a comma: a text of a few characters, with its share of an object's table.
_OBJECT, _LIST, _VALUE = 200, 104, 80
# The most memory that one byte of JSON can take. A body that is short enough need not be estimated.
MOST_A_BYTE = 40


class Bounds(Record):
    """The limits of one response. `body`: bytes after decompression. `decoded`: bytes of memory for the decoded values."""

    __slots__ = ("body", "decoded")
    shown = ("body", "decoded")

    def __init__(self, body: int, decoded: int) -> None:
        self.body = body
        self.decoded = decoded


# Ten thousand integrations of 5 KB are 48 MiB, and take 300 MiB.
LIST = Bounds(64 * 2**20, 512 * 2**20)
# A thousand times the size of an integration, and enough for the longest script.
ONE = Bounds(8 * 2**20, 32 * 2**20)


def check_body(size: int, bounds: Bounds) -> None:
    """TooLarge where so many bytes, of an answer that may go on, are more than its bounds."""
    if size > bounds.body:
        raise _too_large(f"the response has more than {bounds.body // 2**20} MiB")


def check_decoded(body: bytes, bounds: Bounds) -> None:
    """TooLarge where the values of a JSON text would take more memory than its bounds."""
    if len(body) * MOST_A_BYTE > bounds.decoded and memory_of(body) > bounds.decoded:
        raise _too_large(
            f"its {len(body)} bytes hold more values than fit into {bounds.decoded // 2**20} MiB of memory"
        )


def memory_of(body: bytes) -> int:
    """Estimates the bytes of memory for the decoded values of a JSON text; for Immuta's responses about a third too high."""
    return len(body) + _OBJECT * body.count(b"{") + _LIST * body.count(b"[") + _VALUE * body.count(b",")


def no_memory() -> ProtocolError:
    """Returns the error for a response within its bounds for which this process has no memory left."""
    return ProtocolError(
        "Immuta's answer is too large",
        "the provider has no memory left to decode it. Raise the memory limit of the shell (`ulimit -v`) or of the container, or "
        "run Terraform with a smaller `-parallelism`.",
    )


def _too_large(why: str) -> TooLarge:
    return TooLarge(
        "Immuta's answer is too large",
        f"{why}. Check that `host` is Immuta itself.",
    )

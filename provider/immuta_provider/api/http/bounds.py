"""The size of an answer: how much of one is read and decoded, so that no server can fill this machine's memory.

The list of a whole collection has bounds of its own, since only one is under way at a time (`shared_list`). Other answers come
together, as many as `max_concurrency`.
"""

from __future__ import annotations

from ..found import Record
from .errors import ProtocolError, TooLarge

# Bytes of CPython's objects with their place in a container, rounded up: an object of one or two keys, a list of up to four
# elements, and what follows a comma: a text of a few characters, with its share of an object's table.
_OBJECT, _LIST, _VALUE = 200, 104, 80
# No JSON takes more memory for a byte of it, so that a short body needs no look.
MOST_A_BYTE = 40


class Bounds(Record):
    """`body`: bytes of an answer, decompressed. `decoded`: bytes of memory for the values in it."""

    __slots__ = ("body", "decoded")
    shown = ("body", "decoded")

    def __init__(self, body: int, decoded: int) -> None:
        self.body = body
        self.decoded = decoded


# Ten thousand integrations of 5 KB are 48 MiB, and take 300 MiB.
LIST = Bounds(64 * 2**20, 512 * 2**20)
# A thousand times what an integration takes, and room for the longest script.
ONE = Bounds(8 * 2**20, 32 * 2**20)


def check_body(size: int, bounds: Bounds) -> None:
    """TooLarge where so many bytes, of an answer that may go on, are more than its bounds."""
    if size > bounds.body:
        raise _too_large(f"more than {bounds.body // 2**20} MiB came")


def check_decoded(body: bytes, bounds: Bounds) -> None:
    """TooLarge where the values of a JSON text would take more memory than its bounds."""
    if len(body) * MOST_A_BYTE > bounds.decoded and memory_of(body) > bounds.decoded:
        raise _too_large(
            f"its {len(body)} bytes hold more values than fit into {bounds.decoded // 2**20} MiB of memory"
        )


def memory_of(body: bytes) -> int:
    """Bytes of memory for the values of a JSON text, estimated: a third too many for Immuta's answers, more for most others."""
    return len(body) + _OBJECT * body.count(b"{") + _LIST * body.count(b"[") + _VALUE * body.count(b",")


def no_memory() -> ProtocolError:
    """An answer inside its bounds, for which this process has no memory left all the same."""
    return ProtocolError(
        "Immuta's answer is too large",
        "the provider has no memory left for it. Give it more, where a limit of the shell (`ulimit -v`) or of a container keeps "
        "it short, or run Terraform with a smaller `-parallelism`.",
    )


def _too_large(why: str) -> TooLarge:
    return TooLarge(
        "Immuta's answer is too large",
        f"{why}. Check that `host` is Immuta itself.",
    )

"""A plugin of toy methods, run as a process of its own: `python -I -S toy_plugin.py [--debug] [--tcp] [--modules FILE]`."""

from __future__ import annotations

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "provider"))

import _thread
import gc

from immuta_provider.plugin.transport.server import serve

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SERVICE = "/toy.Toy/"

_stopped = _thread.allocate_lock()
_stopped.acquire()


def stop() -> None:
    if _stopped.locked():
        _stopped.release()


def until_stopped(message: bytes) -> bytes:
    with _stopped:
        return message


def until_released(message: bytes) -> bytes:
    """Say so in the pipe `began`, wait for a byte from the pipe `release`, leave the file `done`; `message` names the folder."""
    folder = message.decode()
    with open(folder + "/began", "wb") as began:
        began.write(b".")
    with open(folder + "/release", "rb", 0) as release:
        release.read(1)
    with open(folder + "/done", "wb"):
        return message


def fail(message: bytes) -> bytes:
    raise ValueError("hunter2 " + message.decode())


def count(message: bytes) -> Iterator[bytes]:
    for number in range(int(message)):
        yield b"%d" % number


def count_and_fail(message: bytes) -> Iterator[bytes]:
    yield from count(message)
    raise ValueError("hunter2")


def exceed_memory(message: bytes) -> bytes:
    raise MemoryError


def collects(message: bytes) -> bytes:
    return b"%d" % gc.isenabled()


def leave(message: bytes) -> bytes:
    sys.exit(3)


HANDLERS: dict[str, Callable[[bytes], bytes]] = {
    SERVICE + "Echo": lambda message: message,
    SERVICE + "Zeros": lambda message: bytes(int(message)),
    SERVICE + "Length": lambda message: b"%d" % len(message),
    SERVICE + "UntilStopped": until_stopped,
    SERVICE + "UntilReleased": until_released,
    SERVICE + "Fail": fail,
    SERVICE + "ExceedMemory": exceed_memory,
    SERVICE + "Exit": leave,
    SERVICE + "Collects": collects,
}
STREAMS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    SERVICE + "Count": count,
    SERVICE + "CountAndFail": count_and_fail,
}


class Toys:
    handlers = HANDLERS
    streams = STREAMS


def record_modules(path: str) -> None:
    write = os.write

    def recording_write(descriptor: int, data: bytes) -> int:
        if descriptor == 1:
            with open(path, "w") as file:
                file.write("\n".join(sorted(sys.modules)))
        return write(descriptor, data)

    os.write = recording_write  # type: ignore[assignment]


if __name__ == "__main__":
    gc.disable()  # as the launcher does
    arguments = sys.argv[1:]
    if "--modules" in arguments:
        record_modules(arguments[arguments.index("--modules") + 1])
    sys.exit(
        serve(
            Toys,
            stop=stop,
            debug="--debug" in arguments,
            address="registry.terraform.io/toy/toy",
            network="tcp" if "--tcp" in arguments else None,
        )
    )

"""Serves the simulator on a socket."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from immuta_simulator.app import create_app
from immuta_simulator.connection import Protocol
from immuta_simulator.control import Control
from immuta_simulator.settings import Settings
from immuta_simulator.storage import SQLite

KEEP_ALIVE_SECONDS = 3600


class Server(uvicorn.Server):
    """A uvicorn server on a bound socket, so that its address is known before the start."""

    def __init__(
        self, control: Control, port: int = 0, *, ready: Callable[[str], None] | None = None
    ) -> None:
        config = uvicorn.Config(
            create_app(control=control),
            http=Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            # A request that a fault holds up for long must not hold up the end.
            timeout_graceful_shutdown=1,
        )
        super().__init__(config)
        self.control = control
        self.ready = ready
        # asyncio turns Nagle's algorithm off only where the protocol is named; with it, every answer waits 40 ms.
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        # A port that was in use a moment ago may be taken again; two simulators on one port may not.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.ready and self.started:
            self.ready(self.url)

    def serve_until_stopped(self) -> None:
        """Block until `should_exit`, SIGTERM or SIGINT; then close socket and storage."""
        try:
            with quiet_end():
                self.run(sockets=[self.socket])
        finally:
            self.socket.close()
            self.control.close()


@contextmanager
def quiet_end() -> Iterator[None]:
    """Makes a signal that stopped uvicorn a normal return. uvicorn would raise the signal again."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ignore(number: int, frame: FrameType | None) -> None:
        pass

    before: dict[int, Any] = {
        number: signal.signal(number, ignore) for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def announce(url: str) -> None:
    print(f"listening on {url}", flush=True)


def serve(
    port: int = 0,
    data: str | Path | None = None,
    *,
    settings: Settings | None = None,
    ready: Callable[[str], None] = announce,
) -> None:
    """Serve on 127.0.0.1 until SIGTERM or SIGINT.

    Port 0 picks a free one. `data` is an SQLite file that keeps the objects; without it they are kept in memory.
    Prints `listening on http://127.0.0.1:PORT` once requests are answered, unless `ready` is another function.
    Raises OSError for a port that is taken, StorageError for a file that cannot be used.
    """
    control = Control(settings, SQLite(data) if data else None)
    try:
        server = Server(control, port, ready=ready)
    except OSError:
        control.close()
        raise
    server.serve_until_stopped()

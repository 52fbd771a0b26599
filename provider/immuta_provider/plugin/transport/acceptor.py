"""Accepts connections, and runs each on a thread of its own."""

from __future__ import annotations

import _thread
import time

from . import bounds
from .channel import Channel
from .connection import GrpcConnection

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    import _ssl
    from typing import NoReturn

    from .listener import Listener
    from .router import Router

RETRY_SECONDS = 0.1


class _Connections:
    """The open connections, oldest first."""

    def __init__(self, context: _ssl._SSLContext | None, router: Router) -> None:
        self._context = context
        self._router = router
        self._lock = _thread.allocate_lock()
        self._open: list[GrpcConnection] = []

    def add(self, socket: _socket.socket) -> None:
        connection = GrpcConnection(Channel(socket, self._context), self._router)
        with self._lock:
            admitted = len(self._open) < bounds.MAX_CONNECTIONS or self._make_room()
            if admitted:
                self._open.append(connection)
        if not admitted:
            socket.close()
            return
        try:
            _thread.start_new_thread(self._run, (connection,))
        except RuntimeError:
            socket.close()
            self._ended(connection)

    def _make_room(self) -> bool:
        """Cuts off the oldest connection that is not established, so that silent clients cannot keep others out."""
        for connection in self._open:
            if connection.give_way():
                self._open.remove(connection)
                return True
        return False

    def _run(self, connection: GrpcConnection) -> None:
        try:
            connection.run()
        finally:
            self._ended(connection)

    def _ended(self, connection: GrpcConnection) -> None:
        with self._lock:
            if connection in self._open:
                self._open.remove(connection)


def accept_forever(listener: Listener, context: _ssl._SSLContext | None, router: Router) -> NoReturn:
    """Serves every client that connects to `listener`, with TLS if there is a `context`."""
    connections = _Connections(context, router)
    while True:
        try:
            socket = listener.accept()
        except OSError:
            # The client has closed the connection already, or too many files are open.
            time.sleep(RETRY_SECONDS)
            continue
        connections.add(socket)

"""Takes in connections, each on a thread of its own."""

from __future__ import annotations

import _thread
import time

from .channel import Channel
from .session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    import _ssl
    from typing import NoReturn

    from .dispatch import Dispatcher
    from .listener import Listener

# Terraform opens one; on TCP anyone on the machine can knock.
MAX_CONNECTIONS = 64
RETRY_SECONDS = 0.1


class _Connections:
    def __init__(self, context: _ssl._SSLContext | None, dispatcher: Dispatcher) -> None:
        self._context = context
        self._dispatcher = dispatcher
        self._lock = _thread.allocate_lock()
        self._open = 0

    def add(self, socket: _socket.socket) -> None:
        with self._lock:
            full = self._open >= MAX_CONNECTIONS
            self._open += not full
        if full:
            socket.close()
            return
        try:
            _thread.start_new_thread(self._run, (socket,))
        except RuntimeError:
            socket.close()
            self._closed()

    def _run(self, socket: _socket.socket) -> None:
        try:
            Session(Channel(socket, self._context), self._dispatcher).run()
        finally:
            self._closed()

    def _closed(self) -> None:
        with self._lock:
            self._open -= 1


def accept_forever(listener: Listener, context: _ssl._SSLContext | None, dispatcher: Dispatcher) -> NoReturn:
    """Serve every client that connects to `listener`, with TLS if there is a `context`."""
    connections = _Connections(context, dispatcher)
    while True:
        try:
            socket = listener.accept()
        except OSError:
            # The client left while it waited, or there are too many open files just now.
            time.sleep(RETRY_SECONDS)
            continue
        connections.add(socket)

"""Takes in connections, each on a thread of its own."""

from __future__ import annotations

import _thread
import time

from . import bounds
from .channel import Channel
from .session import Session

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    import _ssl
    from typing import NoReturn

    from .dispatch import Dispatcher
    from .listener import Listener

RETRY_SECONDS = 0.1


class _Connections:
    """The open connections, in the order in which they came."""

    def __init__(self, context: _ssl._SSLContext | None, dispatcher: Dispatcher) -> None:
        self._context = context
        self._dispatcher = dispatcher
        self._lock = _thread.allocate_lock()
        self._sessions: list[Session] = []

    def add(self, socket: _socket.socket) -> None:
        session = Session(Channel(socket, self._context), self._dispatcher)
        with self._lock:
            admitted = len(self._sessions) < bounds.MAX_CONNECTIONS or self._make_room()
            if admitted:
                self._sessions.append(session)
        if not admitted:
            socket.close()
            return
        try:
            _thread.start_new_thread(self._run, (session,))
        except RuntimeError:
            socket.close()
            self._ended(session)

    def _make_room(self) -> bool:
        """Break off the oldest connection that has not established itself: whoever is silent keeps no one out."""
        for session in self._sessions:
            if session.give_way():
                self._sessions.remove(session)
                return True
        return False

    def _run(self, session: Session) -> None:
        try:
            session.run()
        finally:
            self._ended(session)

    def _ended(self, session: Session) -> None:
        with self._lock:
            if session in self._sessions:
                self._sessions.remove(session)


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

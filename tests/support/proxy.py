"""A TCP proxy that counts connections and notes when each request passed.

with Proxy(simulator.url) as proxy:
    ... proxy.url ...
    proxy.connections, proxy.requests
"""

from __future__ import annotations

import contextlib
import itertools
import re
import socket
import threading
import time
from urllib.parse import urlsplit

REQUEST = re.compile(rb"(GET|POST|PUT|DELETE) (/\S*) HTTP/1\.1\r\n")


class Proxy:
    """On a free port of 127.0.0.1, from entering the `with` block to leaving it."""

    def __init__(self, target: str) -> None:
        address = urlsplit(target)
        self._target = (address.hostname, address.port)
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self.connections = 0
        """The number of connections so far."""
        self.requests: list[tuple[float, str]] = []
        """The monotonic seconds at which each request passed, and its `METHOD path`."""

    def __enter__(self) -> Proxy:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *error: object) -> None:
        # Closing alone wakes no thread that waits in it.
        _shut(self._listener)
        self._accepting.join(5)
        for each in (self._listener, *self._sockets):
            _shut(each)
            each.close()

    def pauses(self, call: str) -> list[float]:
        """The seconds between one such request and the next."""
        times = [at for at, what in self.requests if what == call]
        return [after - before for before, after in itertools.pairwise(times)]

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                server = socket.create_connection(self._target)
                self._sockets.append(server)
            except OSError:
                return
            self.connections += 1
            for source, sink, watched in ((client, server, True), (server, client, False)):
                threading.Thread(target=self._pump, args=(source, sink, watched), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, watched: bool) -> None:
        try:
            while data := source.recv(65536):
                if watched and (found := REQUEST.match(data)):
                    with self._lock:
                        self.requests.append((time.monotonic(), f"{found[1].decode()} {found[2].decode()}"))
                sink.sendall(data)
        except OSError:
            pass
        _shut(sink)


def _shut(each: socket.socket) -> None:
    with contextlib.suppress(OSError):
        each.shutdown(socket.SHUT_RDWR)

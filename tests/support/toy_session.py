"""Connections in this process that serve the toy methods over socket pairs, without TLS."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

from immuta_provider.plugin.transport.channel import Channel
from immuta_provider.plugin.transport.connection import GrpcConnection
from immuta_provider.plugin.transport.http2 import Http2, Stream
from immuta_provider.plugin.transport.lifetime import Lifetime
from immuta_provider.plugin.transport.pool import Pool, Share
from immuta_provider.plugin.transport.router import Router
from support.rawh2 import PREFACE, WINDOW, RawClient, settings
from support.toy_plugin import HANDLERS, STREAMS


class Served:
    """The state that the connections of one test share.

    A `Blocked` call releases `entered` and waits for `release`; an `Endless` one streams megabytes, `produced` in number, until
    it has `left`.
    """

    def __init__(self) -> None:
        self.stops = 0
        self.shutdowns = 0
        self.release = threading.Event()
        self.produced = 0
        self.left = threading.Event()
        self.entered = threading.Semaphore(0)
        self.lifetime = Lifetime(None)
        self.router = Router(
            {**HANDLERS, "/toy.Toy/Blocked": self.blocked},
            {**STREAMS, "/toy.Toy/Endless": self.endless},
            self.stop,
            self.shutdown,
            self.lifetime,
        )

    def block(self, client: RawClient, message: bytes = b"") -> int:
        """Start a `Blocked` call, and wait until it runs."""
        stream = client.start_call("/toy.Toy/Blocked", message)
        assert self.entered.acquire(timeout=20)
        return stream

    def blocked(self, message: bytes) -> bytes:
        self.entered.release()
        assert self.release.wait(20)
        return message

    def endless(self, message: bytes) -> Iterator[bytes]:
        try:
            while True:
                self.produced += 1
                yield bytes(1 << 20)
        finally:
            self.left.set()

    def stop(self) -> None:
        self.stops += 1

    def shutdown(self) -> None:
        self.shutdowns += 1


class Connections:
    """Opens connections to one `Served`, and ends all of them."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._clients: list[RawClient] = []
        self._threads: list[threading.Thread] = []

    def __call__(self, window: int = WINDOW, stream_window: int = WINDOW, start: bool = True) -> RawClient:
        ours, theirs = socket.socketpair()
        # Sockets are plain `_socket.socket` in a connection.
        connection = GrpcConnection(Channel(socket.socket(fileno=theirs.detach())), self._served.router)
        self._threads.append(threading.Thread(target=connection.run))
        self._threads[-1].start()
        self._clients.append(RawClient(ours, window, stream_window, start))
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close()
        for thread in self._threads:
            thread.join(20)
            assert not thread.is_alive()


class Silent:
    """An HTTP/2 application that accepts everything and sends no response."""

    connection: Http2

    def on_request(self, stream: Stream, headers: dict[str, str]) -> None: ...
    def on_data(self, stream: Stream, data: bytes) -> None: ...
    def on_end(self, stream: Stream) -> None: ...
    def on_close(self, stream: Stream) -> None: ...


def begun(application: Silent | None = None) -> Http2:
    """The server's side of a connection whose client has begun it."""
    application = application or Silent()
    application.connection = connection = Http2(application, Share(Pool()))
    connection.receive(PREFACE + settings())
    connection.output(1000)
    return connection

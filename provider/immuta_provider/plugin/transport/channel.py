"""One accepted socket as a stream of bytes, with TLS or without.

Reading blocks, writing never does: a peer that does not read cannot keep us from reading, so the two can never wait for each
other. What the socket does not take at once is left to a writer thread that exists from then on.
"""

from __future__ import annotations

import _socket
import _thread
import time

from . import bounds

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ssl
    from collections.abc import Callable
    from typing import Protocol

    class TlsObject(Protocol):
        """What of `_ssl._SSLSocket` is used; it has no stub."""

        def do_handshake(self) -> None: ...
        def read(self, size: int) -> bytes: ...
        def write(self, data: bytes) -> int: ...


# Windows has no such flag; everything goes through the writer thread there.
_DONT_WAIT: int = getattr(_socket, "MSG_DONTWAIT", 0)


class ChannelError(Exception):
    """The peer was refused, broke TLS, took too long to begin, or gave way."""


class Channel:
    """The bytes of one connection. `lock` guards everything but `read` and `handshake`; callers hold it.

    `queued` is how many bytes wait for the peer; `on_space` is called, with the lock held, when they are gone. Until
    `begun` is called, the peer has `BEGIN_SECONDS` for everything together.
    """

    def __init__(
        self,
        socket: _socket.socket,
        context: _ssl._SSLContext | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.lock = _thread.allocate_lock()
        self.queued = 0
        self.broken = False
        self._closed = False
        self._gave_way = False
        self.on_space: Callable[[], None] = _nothing
        self._socket = socket
        self._clock = clock
        self._deadline: float | None = clock() + bounds.BEGIN_SECONDS
        self._tls: TlsObject | None = None
        self._tls_ended = False
        self._waiting: list[bytes] = []
        self._wake = _thread.allocate_lock()
        self._wake.acquire()
        self._writer_gone = _thread.allocate_lock()
        self._writer_started = False
        if context is not None:
            import _ssl

            self._incoming = _ssl.MemoryBIO()
            self._outgoing = _ssl.MemoryBIO()
            self._tls = context._wrap_bio(self._incoming, self._outgoing, True)  # type: ignore[attr-defined]

    def handshake(self) -> bool:
        """Agree on TLS, if any. False = the peer left before that; raises `ChannelError` where it was refused."""
        if self._tls is None:
            return True
        import _ssl

        heard = False
        try:
            while True:
                try:
                    self._tls.do_handshake()
                except _ssl.SSLWantReadError:
                    self._flush_handshake()
                else:
                    break
                data = self._receive()
                if not data:
                    if heard:
                        raise ChannelError("the client gave up the TLS handshake")
                    return False
                heard = True
                self._incoming.write(data)
            self._flush_handshake()
        except _ssl.SSLError as error:
            self._send_alert()
            raise ChannelError(f"the client was refused: {error.reason or 'TLS error'}") from None
        except ConnectionError as error:
            if not heard:
                return False
            raise ChannelError(f"the TLS handshake broke off: {error.strerror}") from None
        except OSError as error:
            raise ChannelError(f"the TLS handshake broke off: {error.strerror or 'timed out'}") from None
        return True

    def _receive(self) -> bytes:
        """Wait for the peer's next bytes. Raises `ChannelError` where there is a deadline and they do not come by then."""
        if self._deadline is None:
            return self._socket.recv(bounds.READ_SIZE)
        try:
            left = self._deadline - self._clock()
            if left <= 0:
                raise TimeoutError
            self._socket.settimeout(left)
            data = self._socket.recv(bounds.READ_SIZE)
        except TimeoutError:
            raise ChannelError(f"the client did not begin within {bounds.BEGIN_SECONDS:g} seconds") from None
        if not data and self._gave_way:
            raise ChannelError("the client was silent and gave way to a newer one")
        return data

    def begun(self) -> None:
        """The peer has shown that it speaks the protocol: from now on it may be silent for as long as it likes."""
        self._deadline = None
        self._socket.settimeout(None)

    def _flush_handshake(self) -> None:
        if self._outgoing.pending:
            self._socket.sendall(self._outgoing.read())

    def _send_alert(self) -> None:
        try:
            self._flush_handshake()
        except OSError:
            return

    def read(self) -> bytes:
        """Wait for data; empty at the end of the connection, however it ended.

        Raises `ChannelError` where the peer does not begin in time, or gives way before.
        """
        while not self._tls_ended:
            data = b""
            # The client's first words may have come together with its last of the handshake.
            if self._tls is None or not self._incoming.pending:
                try:
                    data = self._receive()
                except OSError:
                    return b""
                if not data or self._tls is None:
                    return data
            with self.lock:
                plain = self._decrypt(data)
            if plain:
                return plain
        return b""

    def _decrypt(self, data: bytes) -> bytes:
        """What `data` completes, maybe nothing. What came before the end of TLS counts, in the same packet too."""
        import _ssl

        assert self._tls is not None
        self._incoming.write(data)
        parts = []
        try:
            while part := self._tls.read(bounds.RECORD_SIZE):
                parts.append(part)
            self._tls_ended = True
        except _ssl.SSLWantReadError:
            self._send(self._outgoing.read())
        except _ssl.SSLError:
            # With the alert that says why.
            self._send(self._outgoing.read())
            self.broken = self._tls_ended = True
        return b"".join(parts)

    def write(self, data: bytes) -> None:
        """Send, or queue what cannot be sent now. After an error everything written is dropped."""
        if self._tls is not None and not self.broken:
            self._tls.write(data)
            data = self._outgoing.read()
        self._send(data)

    def _send(self, data: bytes) -> None:
        if self.broken or not data:
            return
        sent = 0
        if _DONT_WAIT and not self.queued:
            try:
                sent = self._socket.send(data, _DONT_WAIT)
            except BlockingIOError:
                sent = 0
            except OSError:
                self.broken = True
                return
            if sent == len(data):
                return
        self._waiting.append(data[sent:])
        self.queued += len(data) - sent
        if self.queued > bounds.MAX_UNSENT:
            self.cut()
            return
        if not self._writer_started:
            self._writer_started = True
            self._writer_gone.acquire()
            _thread.start_new_thread(self._write_waiting, ())
        if self._wake.locked():
            self._wake.release()

    def _write_waiting(self) -> None:
        while not self.broken:
            self._wake.acquire()
            with self.lock:
                waiting, self._waiting = self._waiting, []
            for data in waiting:
                try:
                    self._socket.sendall(data)
                except OSError:
                    self.broken = True
                    break
                with self.lock:
                    self.queued -= len(data)
                    if not self.queued:
                        self.on_space()
        with self.lock:
            self._waiting.clear()
            self.queued = 0
        self._writer_gone.release()

    def drain(self, seconds: float = bounds.LINGER_SECONDS) -> None:
        """Wait until the peer has taken what was written, at most `seconds`. Without the lock."""
        deadline = self._clock() + seconds
        while self.queued and not self.broken and self._clock() < deadline:
            time.sleep(0.005)

    def end(self) -> None:
        """Say that nothing more comes, and let the peer read what was sent before it is cut off. Without the lock."""
        self.drain()
        self._shutdown(_socket.SHUT_WR)
        self._deadline = self._clock() + bounds.LINGER_SECONDS
        try:
            # Closing with data unread would take the last words back from the peer (TCP's reset).
            while self._receive():
                continue
        except (OSError, ChannelError):
            return

    def _shutdown(self, how: int) -> None:
        try:
            self._socket.shutdown(how)
        except OSError:
            return  # The peer was faster.

    def give_way(self) -> None:
        """Break off a connection that has not begun, for a newer one. With the lock held."""
        self._gave_way = True
        self.cut()

    def cut(self) -> None:
        """Break the connection off, so that `read` and `handshake` come to an end. With the lock held."""
        if not self._closed:
            self.broken = True
            self._shutdown(_socket.SHUT_RDWR)

    def close(self) -> None:
        """Cut the connection and give the socket back. Without the lock, by the thread that reads."""
        with self.lock:
            self.cut()
            self._closed = True
            self.on_space = _nothing
            if self._writer_started and self._wake.locked():
                self._wake.release()
        # The descriptor may be reused at once: nobody may be sending on it any more.
        with self._writer_gone:
            self._socket.close()


def _nothing() -> None:
    """Nobody waits for space."""

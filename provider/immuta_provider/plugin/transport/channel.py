"""The byte stream of one accepted socket, with TLS or without.

Reading blocks and writing does not, so both sides can never wait for each other. Bytes that the socket does not take at once are
left to a writer thread, which is started for the first of them.
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
        """The used methods of `_ssl._SSLSocket`, which has no type stub."""

        def do_handshake(self) -> None: ...
        def read(self, size: int) -> bytes: ...
        def write(self, data: bytes) -> int: ...


# Windows does not have the flag, so the writer thread sends everything there.
_DONT_WAIT: int = getattr(_socket, "MSG_DONTWAIT", 0)


class ChannelError(Exception):
    """The peer was refused, violated TLS, did not begin in time, or was cut off for a newer connection."""


class Channel:
    """The bytes of one connection. `lock` guards everything but `read` and `handshake`; callers hold it.

    `queued` is the number of bytes that wait for the peer. When they are sent, `on_space` is called with the lock held. Until
    `begun` is called, the peer has `BEGIN_SECONDS` in total.
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
        """Does the TLS handshake, if there is TLS. False = the peer closed before it sent anything.

        Raises `ChannelError` if the handshake fails.
        """
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
        """Waits for the peer's next bytes. Raises `ChannelError` if there is a deadline and it passes."""
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
        """Removes the deadline, because the connection is established."""
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
        """Waits for data. Empty = the connection has ended, for any reason.

        Raises `ChannelError` if the peer does not begin in time, or is cut off for a newer connection.
        """
        while not self._tls_ended:
            data = b""
            # The client's first data may have come in one packet with the end of the handshake.
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
        """The plain bytes that `data` completes, perhaps none. Bytes before the end of TLS count, even in the same packet."""
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
            # Sends the alert with the reason.
            self._send(self._outgoing.read())
            self.broken = self._tls_ended = True
        return b"".join(parts)

    def write(self, data: bytes) -> None:
        """Sends, or queues the bytes that the socket does not take. After an error all bytes are dropped."""
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
        """Waits until the written bytes are sent, at most `seconds`. The caller must not hold the lock."""
        deadline = self._clock() + seconds
        while self.queued and not self.broken and self._clock() < deadline:
            time.sleep(0.005)

    def end(self) -> None:
        """Ends the sending side, and gives the peer time to read. The caller must not hold the lock."""
        self.drain()
        self._shutdown(_socket.SHUT_WR)
        self._deadline = self._clock() + bounds.LINGER_SECONDS
        try:
            # Closing a socket with unread data resets the connection, and the peer would lose the last bytes.
            while self._receive():
                continue
        except (OSError, ChannelError):
            return

    def _shutdown(self, how: int) -> None:
        try:
            self._socket.shutdown(how)
        except OSError:
            return  # The peer has closed the connection already.

    def give_way(self) -> None:
        """Cuts off a connection that is not established, for a newer one. The caller holds the lock."""
        self._gave_way = True
        self.cut()

    def cut(self) -> None:
        """Cuts the connection off, so that `read` and `handshake` end. The caller holds the lock."""
        if not self._closed:
            self.broken = True
            self._shutdown(_socket.SHUT_RDWR)

    def close(self) -> None:
        """Closes the socket. Called by the reading thread, without the lock."""
        with self.lock:
            self.cut()
            self._closed = True
            self.on_space = _nothing
            if self._writer_started and self._wake.locked():
                self._wake.release()
        # The system may reuse the descriptor at once, so the writer thread must have ended.
        with self._writer_gone:
            self._socket.close()


def _nothing() -> None:
    """The default of `on_space`."""

"""Connections that limit the time of a whole request.

A socket's own timeout restarts with each byte that arrives. A server that sends a header byte by byte, or `100 Continue`
forever, would never time out. Here each wait gets the remaining time of the request.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

UNSENT = "nothing of the request was on its way"
"""A note on the error of a connection that broke during the proxy's tunnel or the TLS handshake."""

# A timeout of zero would make the socket non-blocking, which raises another error than an expired wait.
_SHORTEST = 0.001


def pools() -> dict[str, Any]:
    """Returns urllib3's pools of such connections, by scheme."""
    from http.client import HTTPResponse
    from io import BufferedReader, RawIOBase
    from time import monotonic

    from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.exceptions import ConnectTimeoutError

    class Arriving(RawIOBase):
        """The bytes that a socket receives until the moment `ends`."""

        def __init__(self, sock: Any, ends: float) -> None:
            self._sock = sock
            self._ends = ends
            self._raw = sock.makefile("rb", buffering=0)

        def makefile(self, mode: str) -> BufferedReader:
            return BufferedReader(self)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> Any:
            left = self._ends - monotonic()
            if left <= 0:
                raise TimeoutError
            self._sock.settimeout(max(left, _SHORTEST))
            return self._raw.readinto(buffer)

        def close(self) -> None:
            self._raw.close()
            super().close()

    class InTime:
        """A connection whose `timeout` is the remaining time of the request.

        urllib3 sets it several times for one request. The time of connecting counts for the connection's first request.
        """

        _ends = float("inf")
        _is_new = False

        @property
        def timeout(self) -> float:
            return max(self._ends - monotonic(), _SHORTEST)

        @timeout.setter
        def timeout(self, seconds: float | None) -> None:
            ends = float("inf") if seconds is None else monotonic() + seconds
            self._ends = min(ends, self._ends) if self._is_new else ends

        def _new_conn(self) -> Any:
            sock = super()._new_conn()  # type: ignore[misc]
            sock.settimeout(self.timeout)
            return sock

        def connect(self) -> None:
            self._is_new = True
            try:
                super().connect()  # type: ignore[misc]
            except TimeoutError as error:
                raise ConnectTimeoutError(self, "no connection in time") from error
            except OSError as error:
                error.add_note(UNSENT)
                raise

        def response_class(self, sock: Any, *arguments: Any, **named: Any) -> HTTPResponse:
            return HTTPResponse(Arriving(sock, self._ends), *arguments, **named)  # type: ignore[arg-type]

        def getresponse(self) -> Any:
            self._is_new = False
            return super().getresponse()  # type: ignore[misc]

    class Plain(InTime, HTTPConnection):  # type: ignore[misc]
        pass

    class Secure(InTime, HTTPSConnection):  # type: ignore[misc]
        pass

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}

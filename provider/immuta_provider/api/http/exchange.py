"""One request and its response."""

from __future__ import annotations

from ..found import Record
from .bounds import ONE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .bounds import Bounds
    from .clock import StopSignal


class Request(Record):
    """A request. `timeout`, in seconds, limits the whole exchange, and `bounds` the response's size.

    A request that still waits for its turn when `stop` is set is not sent. The repr shows neither headers nor body.
    """

    __slots__ = ("body", "bounds", "headers", "method", "stop", "timeout", "url")
    shown = ("method", "url")

    def __init__(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        timeout: float = 60.0,
        stop: StopSignal | None = None,
        bounds: Bounds = ONE,
    ) -> None:
        self.method = method
        self.url = url
        self.headers = dict(headers)
        self.body = body
        self.timeout = timeout
        self.stop = stop
        self.bounds = bounds


class Response(Record):
    """A response. The names of headers are in lower case."""

    __slots__ = ("body", "headers", "status")
    shown = ("status",)

    def __init__(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.status = status
        self.headers = {name.lower(): value for name, value in (headers or {}).items()}
        self.body = body

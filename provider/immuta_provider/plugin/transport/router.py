"""Routes calls to their handlers: the provider's RPCs, and the services of go-plugin.

The provider's handlers run on the workers. Control calls do not wait for a worker: StopProvider and Shutdown each have a thread,
and the health check is answered at once. Source: https://github.com/hashicorp/go-plugin/tree/main/internal/plugin
"""

from __future__ import annotations

import _thread
import time

from . import bounds, grpc, memory
from .pool import BYTES, CALLS, Pool
from .workers import Workers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Protocol

    from .http2 import Stream
    from .lifetime import Lifetime
    from .pool import Share

    Handler = Callable[[bytes], bytes]
    Streamer = Callable[[bytes], Iterator[bytes]]

    class Served(Protocol):
        """The functions to serve, by the full path of their method. `streams` return many messages."""

        @property
        def handlers(self) -> Mapping[str, Handler]: ...

        @property
        def streams(self) -> Mapping[str, Streamer]: ...

    class Responder(Protocol):
        """Sends the responses of one connection. `share` is the connection's use of the pool."""

        share: Share

        def answer(self, stream: Stream, message: bytes) -> None: ...

        def refuse(self, stream: Stream) -> None: ...

        def reply(self, stream: Stream, message: bytes) -> None: ...

        def fail(self, stream: Stream, rejected: grpc.Rejected, started: bool = False) -> None: ...

        def begin_stream(self, stream: Stream) -> None: ...

        def send_message(self, stream: Stream, message: bytes) -> bool: ...

        def end_stream(self, stream: Stream) -> None: ...

        def drain(self, seconds: float = ...) -> None: ...


STOP = "/tfplugin6.Provider/StopProvider"
SHUTDOWN = "/plugin.GRPCController/Shutdown"
STDIO = "/plugin.GRPCStdio/StreamStdio"
BROKER = "/plugin.GRPCBroker/StartStream"
HEALTH = "/grpc.health.v1.Health/Check"

SERVING = b"\x08\x01"

# Terraform shows the text of this status, and hides the one of UNAVAILABLE behind "Plugin did not respond".
NO_THREAD = (
    "the system has no thread left to run the call: raise the limit of the shell (`ulimit -u`, `ulimit -v`) or of the "
    "container"
)

UNARY, STREAM, CONTROL, IMMEDIATE, SILENT = range(5)


class Route:
    """The handler of one method. A `silent` call gets response headers and no message. It ends when the request ends if
    `ends_with_request`, else with the connection."""

    __slots__ = ("ends_with_request", "handler", "kind", "path", "silent", "streamer")

    def __init__(
        self,
        path: str,
        kind: int,
        handler: Handler | None = None,
        streamer: Streamer | None = None,
        ends_with_request: bool = False,
    ) -> None:
        self.path = path
        self.kind = kind
        self.handler = handler
        self.streamer = streamer
        self.silent = kind == SILENT
        self.ends_with_request = ends_with_request


class Router:
    """Runs the calls of all connections of one server. `pool` limits their use of memory and threads.

    StopProvider calls `stop`, then its handler if there is one. `stop` may be called twice. `shutdown` is called after the
    response to Shutdown.
    """

    def __init__(
        self,
        handlers: Mapping[str, Handler],
        streams: Mapping[str, Streamer],
        stop: Callable[[], None],
        shutdown: Callable[[], None],
        lifetime: Lifetime,
        workers: Workers | None = None,
    ) -> None:
        self._stop = stop
        self._shutdown = shutdown
        self._lifetime = lifetime
        self._workers = workers or Workers()
        self.pool = Pool()
        self.connections: set[Responder] = set()
        self._control_calls = 0
        self._control_lock = _thread.allocate_lock()
        self._routes = {path: Route(path, UNARY, handler) for path, handler in handlers.items()}
        self._routes.update((path, Route(path, STREAM, streamer=run)) for path, run in streams.items())
        self._stop_handler = handlers.get(STOP)
        for route in (
            Route(STOP, CONTROL, self._run_stop),
            Route(SHUTDOWN, CONTROL, lambda _: b""),
            Route(HEALTH, IMMEDIATE, lambda _: SERVING),
            # The plugin writes to Terraform's pipes directly, so there is nothing to send here.
            Route(STDIO, SILENT),
            Route(BROKER, SILENT, ends_with_request=True),
        ):
            self._routes[route.path] = route

    def route(self, path: str) -> Route | None:
        """The route of a method, or None if the method does not exist."""
        return self._routes.get(path)

    def connection_began(self, connection: Responder) -> None:
        """Registers a connection that is established."""
        self.connections.add(connection)
        self._lifetime.peer_came()

    def connection_ended(self, connection: Responder) -> None:
        """Removes a connection that has ended."""
        self.connections.discard(connection)
        self._lifetime.peer_left()

    def drain(self) -> None:
        """Waits until all clients have received their responses, at most `LINGER_SECONDS` in total."""
        deadline = time.monotonic() + bounds.LINGER_SECONDS
        for connection in list(self.connections):
            connection.drain(deadline - time.monotonic())

    def begin(self, connection: Responder, stream: Stream, route: Route, message: bytes) -> None:
        """Runs a call with a complete request. The caller holds the connection's lock, so nothing here may block.

        Raises `grpc.Rejected` if the call cannot be run.
        """
        if route.kind == IMMEDIATE and route.handler is not None:
            connection.answer(stream, route.handler(message))
        elif route.kind == CONTROL:
            self._begin_control(connection, stream, route, message)
        elif not connection.share.take(CALLS):
            connection.refuse(stream)
        elif not connection.share.take(BYTES, len(message)):
            connection.share.give(CALLS)
            connection.refuse(stream)
        else:
            self._lifetime.call_began()
            try:
                self._workers.submit(lambda: self._run(connection, stream, route, message))
            except (RuntimeError, MemoryError):
                self._ended(connection, message)
                raise grpc.Rejected(grpc.RESOURCE_EXHAUSTED, NO_THREAD) from None

    def _begin_control(self, connection: Responder, stream: Stream, route: Route, message: bytes) -> None:
        with self._control_lock:
            full = self._control_calls >= bounds.MAX_CONTROL_CALLS
            if full or not connection.share.take(BYTES, len(message)):
                raise grpc.Rejected(grpc.UNAVAILABLE, "too many control calls at once")
            self._control_calls += 1
        try:
            _thread.start_new_thread(self._run_control, (connection, stream, route, message))
        except (RuntimeError, MemoryError):
            self._control_ended(connection, message)
            raise grpc.Rejected(grpc.RESOURCE_EXHAUSTED, NO_THREAD) from None

    def _control_ended(self, connection: Responder, message: bytes) -> None:
        connection.share.give(BYTES, len(message))
        with self._control_lock:
            self._control_calls -= 1

    def _run_control(self, connection: Responder, stream: Stream, route: Route, message: bytes) -> None:
        self._handle(connection, stream, route, message)
        self._control_ended(connection, message)
        if route.path == SHUTDOWN:
            connection.drain()
            self._shutdown()

    def _run_stop(self, message: bytes) -> bytes:
        self._stop()
        return self._stop_handler(message) if self._stop_handler is not None else b""

    def _run(self, connection: Responder, stream: Stream, route: Route, message: bytes) -> None:
        try:
            # The client may have cancelled the call while it waited for a worker.
            if not stream.closed:
                self._handle(connection, stream, route, message)
        finally:
            self._ended(connection, message)

    def _ended(self, connection: Responder, message: bytes) -> None:
        connection.share.give(BYTES, len(message))
        connection.share.give(CALLS)
        self._lifetime.call_ended()

    def _handle(self, connection: Responder, stream: Stream, route: Route, message: bytes) -> None:
        started = False
        try:
            if route.handler is not None:
                connection.reply(stream, route.handler(message))
            elif route.streamer is not None:
                started = True
                connection.begin_stream(stream)
                for part in route.streamer(message):
                    if not connection.send_message(stream, part):
                        break
                connection.end_stream(stream)
        except grpc.Rejected as rejected:
            connection.fail(stream, rejected, started)
        except MemoryError:
            memory.release()
            connection.fail(stream, grpc.Rejected(grpc.RESOURCE_EXHAUSTED, memory.NO_MEMORY), started)
        except BaseException as error:
            _log_failure(route.path, error)
            connection.fail(
                stream, grpc.Rejected(grpc.INTERNAL, "the provider failed; its log says where"), started
            )


def _log_failure(path: str, error: BaseException) -> None:
    """Logs the line at which a handler failed. The exception's text may quote a secret, so it is left out."""
    from .. import log

    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    log.error("a call failed unexpectedly", method=path, error=type(error).__name__, where=where)

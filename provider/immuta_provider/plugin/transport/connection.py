"""Serves one client's connection: passes its calls to the router, and sends the responses."""

from __future__ import annotations

import _thread

from . import bounds, grpc
from .channel import ChannelError
from .http2 import REFUSED_STREAM, Http2
from .pool import BYTES, Share

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .channel import Channel
    from .http2 import Stream
    from .router import Route, Router

NO_ROOM = "the provider has no room for this message beside its other calls; send fewer calls at once"


class InFlight:
    """One call: its route, and the body of its request until that is complete."""

    __slots__ = ("body", "route")

    def __init__(self, route: Route, body: grpc.Body | None) -> None:
        self.route = route
        self.body = body


class GrpcConnection:
    """Serves one connection until it ends. `share` is the connection's use of the pool."""

    def __init__(self, channel: Channel, router: Router) -> None:
        self._channel = channel
        self._router = router
        self.share = Share(router.pool)
        self._http2 = Http2(self, self.share)

    @property
    def established(self) -> bool:
        """True if the TLS handshake and the first SETTINGS of HTTP/2 are done."""
        return self._http2.established

    def run(self) -> None:
        """Serves until the connection ends. Never raises."""
        router = self._router
        registered = False
        try:
            if not self._channel.handshake():
                return
            http2 = self._http2
            lock = self._channel.lock
            with lock:
                self._channel.on_space = self._flush
                self._flush()
            while not http2.closed:
                data = self._channel.read()
                if not data:
                    break
                with lock:
                    http2.receive(data)
                    self._flush()
                if http2.established and not registered:
                    registered = True
                    self._channel.begun()
                    router.connection_began(self)
            if http2.error is not None:
                from .. import log

                log.warn("a client broke the protocol and was cut off", error=str(http2.error))
                self._channel.end()
        except ChannelError as error:
            from .. import log

            log.warn("a connection was refused", error=str(error))
        finally:
            with self._channel.lock:
                self._http2.close()
            self._channel.close()
            self.share.leave()
            if registered:
                router.connection_ended(self)

    def drain(self, seconds: float = bounds.LINGER_SECONDS) -> None:
        """Waits until the client has received its responses, at most `seconds`."""
        self._channel.drain(seconds)

    def give_way(self) -> bool:
        """Cuts the connection off, unless it is established. Returns False if it is."""
        if self.established:
            return False
        with self._channel.lock:
            if not self.established:
                self._channel.give_way()
            return not self.established

    def _flush(self) -> None:
        """Sends as much as the windows and the socket allow. The caller holds the lock."""
        channel = self._channel
        while channel.queued < bounds.HIGH_WATER:
            data = self._http2.output(bounds.HIGH_WATER)
            if not data:
                return
            channel.write(data)

    def on_request(self, stream: Stream, headers: dict[str, str]) -> None:
        refusal = grpc.check_headers(headers)
        if refusal is not None:
            self._http2.finish(stream, refusal)
            return
        route = self._router.route(headers[":path"])
        if route is None:
            # The path is the client's own text.
            message = f"unknown method {headers[':path'][:200]}"
            self._http2.finish(stream, grpc.error_response(grpc.UNIMPLEMENTED, message))
        elif route.silent:
            self._http2.start(stream, grpc.RESPONSE_HEADERS)
            stream.call = InFlight(route, None)
        else:
            stream.call = InFlight(route, grpc.Body())

    def on_data(self, stream: Stream, data: bytes) -> None:
        call = stream.call
        if not isinstance(call, InFlight) or call.body is None:
            return
        try:
            if not self.share.take(BYTES, len(data)):
                raise grpc.Rejected(grpc.RESOURCE_EXHAUSTED, NO_ROOM)
            call.body.add(data)
        except grpc.Rejected as rejected:
            self._reject(stream, rejected)

    def on_end(self, stream: Stream) -> None:
        call = stream.call
        if not isinstance(call, InFlight):
            return
        if call.body is None:
            if call.route.ends_with_request:
                self._http2.finish(stream, grpc.OK_TRAILERS)
            return
        try:
            message = call.body.message()
            self._drop_body(call)
            self._router.begin(self, stream, call.route, message)
        except grpc.Rejected as rejected:
            self._reject(stream, rejected)

    def on_close(self, stream: Stream) -> None:
        call = stream.call
        if isinstance(call, InFlight):
            self._drop_body(call)

    def _drop_body(self, call: InFlight) -> None:
        if call.body is not None:
            self.share.give(BYTES, call.body.size)
            call.body = None

    def _reject(self, stream: Stream, rejected: grpc.Rejected) -> None:
        self._http2.finish(stream, grpc.error_response(rejected.status, rejected.message))

    def refuse(self, stream: Stream) -> None:
        """Refuses a call that has not begun, so that the client may retry it. The caller holds the lock."""
        self._http2.reset(stream, REFUSED_STREAM)

    def answer(self, stream: Stream, message: bytes) -> None:
        """Sends the one message of a response. The caller holds the lock. Raises `Rejected` if there is no room for it."""
        if not stream.closed:
            self._send(stream, message)
            self._http2.start(stream, grpc.RESPONSE_HEADERS)
            self._http2.finish(stream, grpc.OK_TRAILERS)

    def _send(self, stream: Stream, message: bytes) -> None:
        if not self._http2.send(stream, grpc.message_frame(message)):
            raise grpc.Rejected(grpc.RESOURCE_EXHAUSTED, NO_ROOM)

    def reply(self, stream: Stream, message: bytes) -> None:
        """Sends the one message of a response, from the thread that ran the call. Raises the same as `answer`."""
        with self._channel.lock:
            self.answer(stream, message)
            self._flush()

    def fail(self, stream: Stream, rejected: grpc.Rejected, started: bool = False) -> None:
        """Ends a response with an error. `started`: `begin_stream` was called before."""
        with self._channel.lock:
            if not stream.closed:
                make = grpc.error_trailers if started else grpc.error_response
                self._http2.finish(stream, make(rejected.status, rejected.message))
                self._flush()

    def begin_stream(self, stream: Stream) -> None:
        """Begins a response with any number of messages."""
        with self._channel.lock:
            if not stream.closed:
                self._http2.start(stream, grpc.RESPONSE_HEADERS)
                self._flush()

    def send_message(self, stream: Stream, message: bytes) -> bool:
        """Sends one message, and waits while the client is slow. False = the client has closed the stream.

        Raises `Rejected` if there is no room for the message.
        """
        waiter = None
        with self._channel.lock:
            if stream.closed:
                return False
            self._send(stream, message)
            self._flush()
            if stream.queued > bounds.STREAM_HIGH_WATER:
                waiter = stream.waiter = _thread.allocate_lock()
                waiter.acquire()
        if waiter is not None:
            waiter.acquire()
        return not stream.closed

    def end_stream(self, stream: Stream) -> None:
        """Ends a response that `begin_stream` began."""
        with self._channel.lock:
            if not stream.closed:
                self._http2.finish(stream, grpc.OK_TRAILERS)
                self._flush()

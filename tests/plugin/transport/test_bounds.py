"""Limits on the memory and work of all peers. No peer can use up the share of the oldest connection."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest
from immuta_provider.plugin.transport import bounds, connection, http2
from immuta_provider.plugin.transport.channel import Channel
from immuta_provider.plugin.transport.pool import BYTES, CALLS, STREAMS
from support.plugin_process import toy_plugin
from support.rawh2 import (
    ACK,
    DATA,
    END_STREAM,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    OK_HEADERS,
    PING,
    REFUSED_STREAM,
    RESOURCE_EXHAUSTED,
    Answer,
    RawClient,
    failed,
    frame,
    message,
    ok,
    opened,
    ping,
    reset,
    settings,
    window_update,
)
from support.running import until
from support.toy_session import Connections, Served, Silent, begun

ECHO = "/toy.Toy/Echo"
ZEROS = "/toy.Toy/Zeros"
NO_ROOM = failed(RESOURCE_EXHAUSTED, connection.NO_ROOM)


# Bytes, calls and streams of all connections together


def test_requests_and_answers_of_all_other_connections_are_bounded_together(
    connect: Connections, served: Served
) -> None:
    served.router.pool.limits[BYTES] = (1_000_000, 300_000, 0)
    oldest = connect()
    assert oldest.call(ECHO) == ok(b"")
    requests = connect()
    stream = requests.open(ECHO)
    requests.data(stream, message(bytes(100_000))[:65_000], end=False)
    # Ten clients do not read responses of 50,000 bytes and a prefix each. Four of those have room.
    answers = [connect(stream_window=0) for _ in range(10)]
    streams = [client.start_call(ZEROS, b"50000") for client in answers[:4]]
    for client in answers[:4]:
        client.read_until(HEADERS)
    assert [client.call(ZEROS, b"50000") for client in answers[4:]] == [NO_ROOM] * 6
    # The five bytes of a request may still count.
    assert served.router.pool.in_use[0] in range(265_020, 265_020 + 10 * 5 + 1)
    assert oldest.call(ECHO, bytes(400_000)) == ok(bytes(400_000))
    # An amount that is given back can be taken again.
    answers[0].send(reset(streams[0]))
    answers[1].send(window_update(streams[1], 50_005))
    assert answers[1].answer(streams[1]).body == message(bytes(50_000))
    answers[2].close()
    until(lambda: served.router.pool.in_use[0] <= 65_000 + 50_005)
    requests.data(stream, message(bytes(100_000))[65_000:])
    assert requests.answer(stream) == ok(bytes(100_000))


def test_a_message_counts_until_its_call_has_run_even_without_its_client(
    connect: Connections, served: Served
) -> None:
    client = connect()
    client.send(reset(served.block(client, bytes(1000))))
    assert client.call("/toy.Toy/Nothing").headers["grpc-status"] == "12"
    assert served.router.pool.in_use == [1000, 1, 0]
    served.release.set()


def test_a_stream_of_messages_ends_when_there_is_no_room(connect: Connections, served: Served) -> None:
    served.router.pool.limits[BYTES] = (100_000, 0, 0)
    client = connect()
    status = {"grpc-status": "8", "grpc-message": connection.NO_ROOM}
    assert client.call("/toy.Toy/Endless") == Answer({**OK_HEADERS, **status}, b"")


def test_streams_of_all_other_connections_are_bounded_together(connect: Connections, served: Served) -> None:
    served.router.pool.limits[STREAMS] = (3, 4, 0)
    oldest, second, third = connect(), connect(), connect()
    for client in (oldest, second, third):
        client.open(ECHO)
        client.open(ECHO)
        client.send(ping())
        client.read_until(PING)
    assert third.call(ECHO) == Answer({}, b"", REFUSED_STREAM)
    assert oldest.call(ECHO) == ok(b"")
    second.send(reset(1) + ping())
    second.read_until(PING)
    assert third.call(ECHO) == ok(b"")


def test_calls_of_all_other_connections_are_bounded_together(connect: Connections, served: Served) -> None:
    served.router.pool.limits[CALLS] = (2, 3, 0)
    oldest, second, third = connect(), connect(), connect()
    for client in (oldest, second, second, third):
        served.block(client)
    assert third.call(ECHO) == Answer({}, b"", REFUSED_STREAM)
    assert oldest.call(ECHO) == ok(b"")


def test_a_connection_that_has_ended_is_the_oldest_no_longer(connect: Connections, served: Served) -> None:
    assert connect().call(ECHO) == ok(b"")
    assert len(served.router.pool.shares) == 1
    connect.close()
    assert served.router.pool.shares == []


def test_all_other_connections_leave_the_oldest_a_quarter_of_the_workers() -> None:
    _, others, each = bounds.MAX_CALLS
    assert others + (bounds.MAX_CONNECTIONS - 1) * each <= bounds.MAX_WORKERS * 3 // 4


# Connections


def test_a_silent_connection_gives_way_and_an_established_one_does_not() -> None:
    with toy_plugin() as plugin:
        silent = [plugin.connect() for _ in range(bounds.MAX_CONNECTIONS)]
        clients = [plugin.client()]
        assert clients[0].call(ECHO, b"in") == ok(b"in")
        # It replaced the connection that was silent for the longest time.
        while silent[0].recv(1000):
            continue
        clients += [plugin.client() for _ in range(bounds.MAX_CONNECTIONS - 1)]
        for client in clients:
            assert client.call(ECHO, b"in") == ok(b"in")
        late = RawClient(plugin.connect(), start=False)
        assert late.read() is None
        for client in clients:
            assert client.call(ECHO, b"still in") == ok(b"still in")
        for connection in [*silent, *(client.socket for client in [*clients, late])]:
            connection.close()
        assert plugin.wait() == 0
    assert plugin.errors.count(b"the client was silent and gave way to a newer one") == bounds.MAX_CONNECTIONS


# Work that a peer causes


class Refusing(Silent):
    """An application that answers every request at once."""

    def on_request(self, stream: http2.Stream, headers: dict[str, str]) -> None:
        self.connection.finish(stream, b"")


class Answering(Silent):
    """An application that begins an answer of 128 MiB to every request."""

    def on_request(self, stream: http2.Stream, headers: dict[str, str]) -> None:
        assert self.connection.send(stream, bytes(128 << 20))


def opened_windows(size: int) -> bytes:
    """WINDOW_UPDATE frames for the connection and stream 1."""
    return window_update(0, size) + window_update(1, size)


def rounds_until_calm(connection: http2.Http2, unit: Callable[[int], bytes]) -> int:
    """The number of times that a peer can send `unit` before it gets ENHANCE_YOUR_CALM."""
    for number in range(10_000):
        if connection.closed:
            assert str(connection.error) == "too many frames that bring no work"
            return number
        connection.receive(unit(2 * number + 1))
        connection.output(1)
    raise AssertionError("the peer never gets ENHANCE_YOUR_CALM")


OVERHEAD = {
    "requests that are cancelled at once": (Silent, lambda n: opened(ECHO, n) + reset(n), 5_000),
    "PINGs beside calls": (Refusing, lambda n: opened(ECHO, n, flags=END_STREAM) + ping() * 1000, 11),
    "windows that are opened by a byte": (
        Answering,
        lambda n: opened(ECHO, 1) if n == 1 else opened_windows(1),
        5_002,
    ),
    "DATA of a byte": (Silent, lambda n: opened(ECHO, 1) if n == 1 else frame(DATA, 0, 1, b"x"), 9_999),
    "large header blocks": (
        Refusing,
        lambda n: opened(ECHO, n, ("x", f"{n}" + "a" * 60_000), flags=END_STREAM),
        6,
    ),
}


@pytest.mark.parametrize(("application", "unit", "rounds"), OVERHEAD.values(), ids=OVERHEAD)
def test_a_peer_that_causes_too_much_overhead_gets_enhance_your_calm(
    application: Callable[[], Silent], unit: Callable[[int], bytes], rounds: int
) -> None:
    assert rounds_until_calm(begun(application()), unit) == rounds


def test_many_calls_cause_no_calm_down() -> None:
    """Each call has as many frames as grpc-go sends for one."""
    connection = begun(Refusing())
    for number in range(4_000):
        pings = ping() + window_update(0, 1) * 3
        connection.receive(opened(ECHO, 2 * number + 1, flags=END_STREAM) + pings)
        connection.output(0)
    assert connection.error is None


def test_a_long_response_in_small_windows_causes_no_calm_down() -> None:
    connection = begun(Answering())
    connection.receive(opened(ECHO, 1))
    connection.output(1 << 20)
    for _ in range(6_000):
        connection.receive(opened_windows(16_384))
        connection.output(1 << 20)
    assert connection.error is None


def test_a_settings_frame_changes_each_window_once_and_counts_by_the_streams(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connection = begun()
    for number in range(1024):
        connection.receive(opened(ECHO, 2 * number + 1))
    moved: list[int] = []
    resume = connection._resume

    def counted(stream: http2.Stream) -> None:
        moved.append(stream.id)
        resume(stream)

    monkeypatch.setattr(connection, "_resume", counted)
    sizes = [(INITIAL_WINDOW_SIZE, 60_000 + number) for number in range(bounds.MAX_SETTINGS)]
    connection.receive(settings(*sizes))
    assert (moved, connection.streams[1].send_window) == (list(connection.streams), 60_031)
    # The same size again changes nothing.
    connection.receive(settings(sizes[-1]))
    assert len(moved) == 1024
    assert rounds_until_calm(connection, lambda size: settings((INITIAL_WINDOW_SIZE, size))) == 138


def test_remembered_header_blocks_are_small() -> None:
    connection = begun()
    for number in range(20):
        connection.receive(opened(ECHO, 2 * number + 1, ("x", "a" * number * 100)))
    assert max(len(block) for block in connection._blocks) <= bounds.REMEMBERED_BLOCK_SIZE


def test_streams_with_a_closed_window_cost_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    turns: list[int] = []
    take_turn = http2.Http2._take_turn

    def counted(self: http2.Http2, stream: http2.Stream, out: bytearray) -> None:
        turns.append(stream.id)
        take_turn(self, stream, out)

    monkeypatch.setattr(http2.Http2, "_take_turn", counted)
    connection = begun()
    connection.receive(settings((INITIAL_WINDOW_SIZE, 0)))
    for number in range(1000):
        connection.receive(opened(ECHO, 2 * number + 1))
        connection.send(connection.streams[2 * number + 1], bytes(100))
    for stream in (7, 9, 7):
        connection.receive(window_update(stream, 1))
        connection.output(1000)
    assert turns == [7, 9, 7]


WIDE = settings((INITIAL_WINDOW_SIZE, 1 << 20)) + window_update(0, 1 << 20)


def test_streams_take_turns_when_several_have_data() -> None:
    connection = begun()
    connection.receive(WIDE + opened(ECHO, 1) + opened(ECHO, 3))
    connection.output(0)
    for stream in (1, 3):
        connection.send(connection.streams[stream], bytes(200_000))
    sent = []
    for _ in range(4):
        before = {stream: connection.streams[stream].send_window for stream in (1, 3)}
        connection.output(1)
        sent += [
            stream for stream, window in before.items() if connection.streams[stream].send_window < window
        ]
    assert sent == [1, 3, 1, 3]


def test_a_window_that_settings_make_negative_has_to_open_first() -> None:
    connection = begun(Answering())
    connection.receive(WIDE + opened(ECHO, 1))
    connection.output(1000)
    sent = (1 << 20) - connection.streams[1].send_window
    connection.receive(settings((INITIAL_WINDOW_SIZE, 0)))
    assert connection.output(1 << 20) == settings(flags=ACK)
    assert connection.streams[1].send_window == -sent
    connection.receive(window_update(1, sent + 100))
    assert connection.output(1 << 20) == frame(DATA, 0, 1, bytes(100))


# Peers that do not read


def test_a_peer_that_does_not_read_is_cut_off() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(socket.socket(fileno=theirs.detach()))
    channel.begun()
    part = bytes(100_000)
    written = 0
    with channel.lock:
        while not channel.broken:
            channel.write(part)
            written += len(part)
    assert channel.read() == b""
    channel.close()
    ours.close()
    # The system's buffer takes some bytes as well.
    assert bounds.MAX_UNSENT < written < bounds.MAX_UNSENT + (2 << 20)

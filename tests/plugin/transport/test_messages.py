"""Calls and their messages over one connection: sizes, numbers, windows, cancellation and gRPC errors."""

from __future__ import annotations

import pytest
from immuta_provider.plugin.transport import channel, connection
from immuta_provider.plugin.transport.pool import BYTES
from support.rawh2 import (
    ACK,
    CANCEL,
    CONTINUATION,
    DATA,
    END_HEADERS,
    END_STREAM,
    GOAWAY,
    HEADERS,
    INITIAL_WINDOW_SIZE,
    INTERNAL,
    MAX_FRAME_SIZE,
    OK_HEADERS,
    PADDED,
    PING,
    PRIORITIZED,
    PRIORITY,
    RESOURCE_EXHAUSTED,
    RST_STREAM,
    SETTINGS,
    UNIMPLEMENTED,
    Answer,
    Frame,
    RawClient,
    failed,
    frame,
    message,
    messages,
    ok,
    ping,
    request_headers,
    reset,
    settings,
    window_update,
)
from support.toy_session import Connections, Served

ECHO = "/toy.Toy/Echo"
ZEROS = "/toy.Toy/Zeros"
PLAIN_ONLY = failed(UNIMPLEMENTED, "messages are understood without compression only")
MEGABYTE = 1 << 20


@pytest.mark.parametrize("size", [0, 1, 16378, 16379, 16380, 65535, 65536, 5 * MEGABYTE + 1, 64 * MEGABYTE])
def test_a_message_of_any_size_is_echoed(connect: Connections, size: int) -> None:
    data = (bytes(range(256)) * (size // 256 + 1))[:size]
    client = connect()
    client.read_until(SETTINGS)
    stream = client.open(ECHO)
    client.upload(stream, message(data))
    assert client.answer(stream) == ok(data)


@pytest.mark.parametrize("count", [1, 2, 16, 64])
def test_each_of_many_concurrent_calls_gets_its_own_response(
    connect: Connections, served: Served, count: int
) -> None:
    client = connect()
    requests = [bytes([number]) * (number * 3000) for number in range(count)]
    expected = {served.block(client, data): ok(data) for data in requests}
    served.release.set()
    assert client.answers(expected) == expected


def test_the_parts_of_messages_may_come_in_any_interleaving(connect: Connections) -> None:
    client = connect()
    first, second = client.open(ECHO), client.open(ECHO)
    for octet in message(b"first"):
        client.data(first, bytes([octet]), end=False)
        client.data(second, b"", end=False)
    client.data(second, message(b"second"))
    client.data(first, b"")
    assert client.answers([first, second]) == {first: ok(b"first"), second: ok(b"second")}


def data_size(client: RawClient) -> int:
    return len(client.read_until(DATA).payload)


def test_a_response_stops_at_the_streams_window_and_continues_when_it_opens(connect: Connections) -> None:
    client = connect(stream_window=1000)
    stream = client.start_call(ZEROS, b"2500")
    assert data_size(client) == 1000
    assert client.call("/toy.Toy/Length", b"four") == ok(b"4")
    for increment, size in ((1, 1), (5000, 1504)):
        client.send(window_update(stream, increment))
        assert data_size(client) == size
    assert client.answer(stream) == Answer(OK_HEADERS, b"")


def test_a_response_stops_at_the_connections_window_and_control_frames_do_not(connect: Connections) -> None:
    client = connect(window=65535)
    stream = client.start_call(ZEROS, b"100000")
    received = 0
    while received < 65535:
        received += data_size(client)
    client.send(ping(b"12345678"))
    assert client.read_until(PING) == Frame(PING, ACK, 0, b"12345678")
    client.send(window_update(0, MEGABYTE))
    rest = client.answer(stream)
    assert received + len(rest.body) == 100005


def test_a_changed_initial_window_applies_to_open_streams(connect: Connections) -> None:
    client = connect(stream_window=10)
    stream = client.start_call(ZEROS, b"95")
    assert data_size(client) == 10
    client.send(settings((INITIAL_WINDOW_SIZE, 0)))
    client.read_until(SETTINGS, ACK)
    client.send(window_update(stream, 15))
    assert data_size(client) == 5
    for window, size in ((40, 40), (1000, 45)):
        client.send(settings((INITIAL_WINDOW_SIZE, window)))
        assert data_size(client) == size
    assert client.answer(stream).headers["grpc-status"] == "0"


def test_a_changed_frame_size_applies_at_once(connect: Connections) -> None:
    client = connect(stream_window=0)
    stream = client.start_call(ZEROS, b"40000")
    client.send(window_update(stream, 16384))
    assert data_size(client) == 16384
    client.send(settings((MAX_FRAME_SIZE, 20000)))
    client.read_until(SETTINGS, ACK)
    client.send(window_update(stream, 30000))
    assert [data_size(client), data_size(client)] == [20000, 3621]


@pytest.mark.parametrize("flags", [channel._DONT_WAIT, 0], ids=["with MSG_DONTWAIT", "without"])
def test_a_reader_that_pauses_stops_neither_other_calls_nor_itself(
    connect: Connections, monkeypatch: pytest.MonkeyPatch, flags: int
) -> None:
    """The socket is full, so no data can be sent. Requests are still read, and all responses arrive in the end.

    Windows has no MSG_DONTWAIT. There a thread writes.
    """
    monkeypatch.setattr(channel, "_DONT_WAIT", flags)
    client = connect()
    slow = [client.start_call(ZEROS, b"%d" % (4 * MEGABYTE)) for _ in range(4)]
    quick = [client.start_call(ECHO, bytes(MEGABYTE)) for _ in range(4)]
    answers = client.answers([*slow, *quick])
    assert [len(answers[stream].body) for stream in slow] == [4 * MEGABYTE + 5] * 4
    assert [answers[stream] for stream in quick] == [ok(bytes(MEGABYTE))] * 4


def test_a_cancelled_answer_stops_and_the_connection_continues(connect: Connections) -> None:
    client = connect(stream_window=100)
    stream = client.start_call(ZEROS, b"100000")
    client.read_until(DATA)
    client.frames.clear()
    client.send(reset(stream, CANCEL) + window_update(stream, 100000))
    other = client.start_call(ECHO, b"still here")
    client.read_until(HEADERS, END_STREAM, other)
    assert [one for one in client.frames if one.stream == stream] == []


def test_a_cancelled_request_is_never_run(connect: Connections, served: Served) -> None:
    client = connect()
    stream = client.open("/toy.Toy/Blocked")
    client.data(stream, message(b"half of it")[:6], end=False)
    client.send(reset(stream, CANCEL))
    # Late frames of a closed stream are dropped.
    client.data(stream, b"of it")
    assert client.call(ECHO, b"next") == ok(b"next")
    assert not served.entered.acquire(blocking=False)


def test_a_call_that_is_cancelled_while_it_runs_finishes_without_a_response(
    connect: Connections, served: Served
) -> None:
    client = connect()
    client.send(reset(served.block(client), CANCEL))
    assert client.call(ECHO) == ok(b"")
    assert served.lifetime.running >= 1
    served.release.set()
    assert client.call(ECHO) == ok(b"")


def test_messages_stream_and_end_with_a_status(connect: Connections) -> None:
    client = connect()
    answer = client.call("/toy.Toy/Count", b"3")
    assert (answer.headers, messages(answer.body)) == (OK_HEADERS, [b"0", b"1", b"2"])
    answer = client.call("/toy.Toy/CountAndFail", b"2")
    status = {"grpc-status": "13", "grpc-message": "the provider failed; its log says where"}
    assert (answer.headers, messages(answer.body)) == ({**OK_HEADERS, **status}, [b"0", b"1"])


def test_a_stream_waits_for_its_reader_and_ends_with_it(connect: Connections, served: Served) -> None:
    client = connect(stream_window=3 * MEGABYTE)
    stream = client.start_call("/toy.Toy/Endless")
    received = 0
    while received < 3 * MEGABYTE:
        received += data_size(client)
    for _ in range(100):
        assert client.call(ECHO, b"beside it") == ok(b"beside it")
    # The bytes that were read and those that wait. No more are queued for a slow reader.
    assert served.produced in (3, 4)
    assert not served.left.is_set()
    client.send(reset(stream, CANCEL))
    assert served.left.wait(20)


def test_a_stream_ends_when_the_connection_is_lost(connect: Connections, served: Served) -> None:
    client = connect(stream_window=MEGABYTE)
    client.start_call("/toy.Toy/Endless")
    client.read_until(DATA)
    client.close()
    assert served.left.wait(20)


def test_a_client_that_sends_goaway_still_gets_its_responses(connect: Connections, served: Served) -> None:
    client = connect()
    stream = served.block(client, b"late")
    client.send(frame(GOAWAY, 0, 0, bytes(8) + b"bye"))
    served.release.set()
    assert client.answer(stream) == ok(b"late")


def test_headers_may_be_cut_padded_and_prioritized(connect: Connections) -> None:
    client = connect()
    block = client.encoder.encode(request_headers(ECHO, ("user-agent", "x" * 5000)))
    first = bytes([7]) + bytes(5) + block[:10] + bytes(7)
    client.send(frame(HEADERS, PADDED | PRIORITIZED, 1, first))
    client.send(frame(CONTINUATION, 0, 1, block[10:3000]))
    client.send(frame(CONTINUATION, END_HEADERS, 1, block[3000:]))
    client.send(frame(PRIORITY, 0, 1, bytes(5)) + frame(0xEE, 0xFF, 1, b"of a type that nobody knows"))
    client.send(frame(DATA, PADDED, 1, bytes([3]) + message(b"padded")[:7] + bytes(3)))
    client.send(frame(DATA, END_STREAM | PADDED, 1, bytes([0]) + message(b"padded")[7:]))
    assert client.answer(1) == ok(b"padded")


def test_padding_counts_against_the_window(connect: Connections) -> None:
    client = connect()
    client.read_until(SETTINGS)
    stream = client.open(ECHO)
    client.data(stream, message(bytes(200 << 10))[:5], end=False)
    for _ in range(200):
        client.send(frame(DATA, PADDED, stream, bytes([255]) + bytes(1024) + bytes(255)))
    client.data(stream, b"")
    assert client.answer(stream) == ok(bytes(200 << 10))


def test_a_request_may_have_trailers(connect: Connections) -> None:
    client = connect()
    stream = client.open(ECHO)
    client.data(stream, message(b"body"), end=False)
    block = client.encoder.encode([("x-trailer", "1")])
    client.send(frame(HEADERS, END_HEADERS | END_STREAM, stream, block))
    assert client.answer(stream) == ok(b"body")


def test_settings_and_pings_may_come_at_any_time(connect: Connections) -> None:
    client = connect()
    stream = client.open(ECHO)
    data = message(b"between")
    for octet in data[:-1]:
        client.send(settings((0xF00D, 7)) + ping(b"pingpong"))
        client.data(stream, bytes([octet]), end=False)
    client.data(stream, data[-1:])
    assert client.answer(stream) == ok(b"between")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", failed(UNIMPLEMENTED, "the call takes one message, and none came")),
        (message(b"whole")[:-1], failed(INTERNAL, "the message was cut off")),
        (b"\0\0", failed(INTERNAL, "the message was cut off")),
        (message(b"") * 2, failed(UNIMPLEMENTED, "the call takes one message, and more came")),
        (b"\1" + message(b"x")[1:], PLAIN_ONLY),
        (
            b"\0" + ((256 << 20) + 1).to_bytes(4, "big"),
            failed(RESOURCE_EXHAUSTED, "the message has 268435457 bytes, and at most 268435456 are accepted"),
        ),
    ],
)
def test_a_body_that_is_not_one_plain_message_is_refused(
    connect: Connections, body: bytes, expected: Answer
) -> None:
    client = connect()
    stream = client.open(ECHO)
    client.data(stream, body)
    assert client.answer(stream) == expected
    assert client.call(ECHO, b"next") == ok(b"next")


def test_a_refused_call_does_not_wait_for_the_rest_of_its_body(connect: Connections) -> None:
    client = connect()
    stream = client.open(ECHO)
    client.data(stream, b"\1\0\0\0\1x", end=False)
    assert client.answer(stream).headers["grpc-status"] == "12"
    assert client.read_until(RST_STREAM) == Frame(RST_STREAM, 0, stream, bytes(4))


def test_bodies_that_are_not_complete_are_bounded_together(connect: Connections, served: Served) -> None:
    served.router.pool.limits[BYTES] = (200_000, 0, 0)
    client = connect()
    first, second = client.open(ECHO), client.open(ECHO)
    client.data(first, message(bytes(80_000))[:60_000], end=False)
    client.data(second, message(bytes(180_000))[:150_000], end=False)
    assert client.answer(second) == failed(RESOURCE_EXHAUSTED, connection.NO_ROOM)
    client.data(first, message(bytes(80_000))[60_000:])
    assert client.answer(first) == ok(bytes(80_000))
    assert client.call(ECHO, bytes(90_000)) == ok(bytes(90_000))


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (request_headers("/toy.Toy/Nothing"), failed(UNIMPLEMENTED, "unknown method /toy.Toy/Nothing")),
        (request_headers("/50% ä"), failed(UNIMPLEMENTED, "unknown method /50%25 %C3%83%C2%A4")),
        (
            request_headers(ECHO, ("grpc-encoding", "gzip")),
            PLAIN_ONLY,
        ),
        ([(":method", "GET"), *request_headers(ECHO)[1:]], Answer({":status": "405", "allow": "POST"}, b"")),
        ([*request_headers(ECHO)[:4], ("content-type", "text/html")], Answer({":status": "415"}, b"")),
        (request_headers(ECHO)[:4], Answer({":status": "415"}, b"")),
    ],
)
def test_a_request_that_is_not_grpc_is_refused(
    connect: Connections, headers: list[tuple[str, str]], expected: Answer
) -> None:
    client = connect()
    client.send(frame(HEADERS, END_HEADERS | END_STREAM, 1, client.encoder.encode(headers)))
    assert client.answer(1) == expected


def test_a_failing_handler_sends_no_details_and_logs_its_line(
    connect: Connections, capfd: pytest.CaptureFixture[str]
) -> None:
    client = connect()
    expected = failed(INTERNAL, "the provider failed; its log says where")
    assert [client.call("/toy.Toy/Fail", b"x"), client.call("/toy.Toy/Exit")] == [expected, expected]
    errors = capfd.readouterr().err
    parts = ("hunter2", "ValueError", "SystemExit", "toy_plugin.py:")
    assert [part in errors for part in parts] == [False, True, True, True]

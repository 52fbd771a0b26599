"""The whole server with grpcio's client, in debug mode under each Python."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import grpc
import pytest
from support.plugin_process import PATIENCE, Gate, Plugin, connect, interpreters, toy_plugin

ECHO = "/toy.Toy/Echo"
FAILED = "the provider failed; its log says where"
LIMITS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]


@pytest.fixture(scope="module", params=list(interpreters().values()), ids=list(interpreters()))
def plugin(request: pytest.FixtureRequest) -> Iterator[Plugin]:
    with toy_plugin("--debug", python=request.param) as process:
        line = process.read_line("TF_REATTACH_PROVIDERS")
        process.line = line.strip().removeprefix("TF_REATTACH_PROVIDERS='").removesuffix("'")
        yield process


@pytest.fixture
def target(plugin: Plugin) -> str:
    described = json.loads(plugin.line)
    path = described["registry.terraform.io/toy/toy"]["Addr"]["String"]
    assert described == {
        "registry.terraform.io/toy/toy": {
            "Protocol": "grpc",
            "ProtocolVersion": 6,
            "Pid": plugin.process.pid,
            "Test": True,
            "Addr": {"Network": "unix", "String": path},
        }
    }
    return str(path)


@pytest.fixture
def channel(target: str) -> Iterator[grpc.Channel]:
    with grpc.insecure_channel(f"unix:{target}", options=LIMITS) as one:
        yield one


def call(channel: grpc.Channel, path: str, message: bytes = b"") -> bytes:
    answer: bytes = channel.unary_unary(path)(message, timeout=PATIENCE)
    return answer


@contextmanager
def fails(code: grpc.StatusCode, details: str) -> Iterator[None]:
    with pytest.raises(grpc.RpcError) as error:
        yield
    assert isinstance(error.value, grpc.Call)
    assert (error.value.code(), error.value.details()) == (code, details)


@pytest.mark.parametrize("size", [0, 1, 16384, 70_000, 4 << 20, 64 << 20])
def test_messages_are_echoed(channel: grpc.Channel, size: int) -> None:
    message = bytes(size)
    assert call(channel, ECHO, message) == message


def test_64_calls_at_once_are_answered(channel: grpc.Channel) -> None:
    echo = channel.unary_unary(ECHO)
    messages = [bytes([number]) * 10_000 * number for number in range(64)]
    running = [echo.future(message, timeout=PATIENCE) for message in messages]
    assert [one.result() for one in running] == messages


def test_a_thousand_calls_in_a_row_are_answered(channel: grpc.Channel) -> None:
    assert [call(channel, "/toy.Toy/Length", bytes(number)) for number in range(1000)] == [
        b"%d" % number for number in range(1000)
    ]


def test_a_stream_of_messages_ends_or_fails(channel: grpc.Channel) -> None:
    answers = channel.unary_stream("/toy.Toy/Count")(b"100", timeout=PATIENCE)
    assert list(answers) == [b"%d" % number for number in range(100)]
    answers = channel.unary_stream("/toy.Toy/CountAndFail")(b"2", timeout=PATIENCE)
    assert [next(answers), next(answers)] == [b"0", b"1"]
    with fails(grpc.StatusCode.INTERNAL, FAILED):
        next(answers)


@pytest.mark.parametrize(
    ("path", "code", "details"),
    [
        ("/toy.Toy/Fail", grpc.StatusCode.INTERNAL, FAILED),
        ("/toy.Toy/None", grpc.StatusCode.UNIMPLEMENTED, "unknown method /toy.Toy/None"),
    ],
)
def test_failures_have_a_status(
    channel: grpc.Channel, path: str, code: grpc.StatusCode, details: str
) -> None:
    with fails(code, details):
        call(channel, path, b"x")


def test_compressed_messages_are_refused(channel: grpc.Channel) -> None:
    with fails(grpc.StatusCode.UNIMPLEMENTED, "messages are understood without compression only"):
        channel.unary_unary(ECHO)(bytes(10_000), timeout=PATIENCE, compression=grpc.Compression.Gzip)


def test_a_deadline_passes_and_the_channel_lives(channel: grpc.Channel, gate: Gate) -> None:
    with fails(grpc.StatusCode.DEADLINE_EXCEEDED, "Deadline Exceeded"):
        channel.unary_unary("/toy.Toy/UntilReleased")(gate.message, timeout=0.2)
    gate.wait_for(1)
    gate.release()
    assert call(channel, ECHO, b"still here") == b"still here"


def test_a_call_is_cancelled_and_the_channel_lives(channel: grpc.Channel, gate: Gate) -> None:
    running = channel.unary_unary("/toy.Toy/UntilReleased").future(gate.message)
    gate.wait_for(1)
    assert running.cancel()
    assert running.cancelled()
    gate.release()
    assert call(channel, ECHO, b"still here") == b"still here"


def test_the_services_of_go_plugin_are_served(channel: grpc.Channel) -> None:
    assert call(channel, "/grpc.health.v1.Health/Check", b"\x0a\x06plugin") == b"\x08\x01"
    stdio = channel.unary_stream("/plugin.GRPCStdio/StreamStdio")(b"")
    assert stdio.initial_metadata() is not None
    released = threading.Event()

    def requests() -> Iterator[bytes]:
        yield b""
        released.wait(PATIENCE)

    broker = channel.stream_stream("/plugin.GRPCBroker/StartStream")(requests())
    assert broker.initial_metadata() is not None
    # In debug mode only a signal ends it.
    assert call(channel, "/plugin.GRPCController/Shutdown") == b""
    assert call(channel, ECHO, b"still here") == b"still here"
    released.set()
    assert list(broker) == []
    assert stdio.is_active()
    stdio.cancel()


def test_one_client_after_another_is_served_beside_probes(plugin: Plugin, target: str) -> None:
    for _ in range(3):
        connect("unix", target).close()
        with grpc.insecure_channel(f"unix:{target}") as channel:
            assert call(channel, ECHO, b"hello") == b"hello"


def test_stop_is_called_while_calls_block(channel: grpc.Channel) -> None:
    """The last one in this file: a stopped toy stays stopped."""
    until_stopped = channel.unary_unary("/toy.Toy/UntilStopped")
    running = [until_stopped.future(b"%d" % number, timeout=PATIENCE) for number in range(300)]
    assert call(channel, "/tfplugin6.Provider/StopProvider") == b""
    assert [one.result() for one in running] == [b"%d" % number for number in range(300)]

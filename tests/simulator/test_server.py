"""The simulator as a process: the command line, the socket, signals."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from immuta_constructs.testing import Immuta
from immuta_simulator import main
from immuta_simulator.refusal import Refusal
from support.simulator_process import SIMULATOR_PATH, SimulatorProcess
from table import changed, numbered
from table.integrations import BASES


def start(*arguments: str, **environment: str) -> tuple[subprocess.Popen[str], str]:
    """A simulator in a process, and the address that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-m", "immuta_simulator.main", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SIMULATOR_PATH), **environment},
    )
    assert process.stdout
    line = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+)\n", process.stdout.readline())
    assert line is not None
    return process, line[1]


def finish(process: subprocess.Popen[str], number: int) -> tuple[int, str, str]:
    process.send_signal(number)
    output, errors = process.communicate(timeout=30)
    return process.returncode, output, errors


def ask(
    url: str, method: str, path: str, body: Any = None, key: str = "simulator-api-key"
) -> tuple[int, Any]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, None if body is None else json.dumps(body), {"authorization": key})
    response = connection.getresponse()
    answer = response.status, json.loads(response.read())
    connection.close()
    return answer


def test_the_server_prints_its_address_and_stops_on_sigterm_even_while_busy(tmp_path: Path) -> None:
    process, url = start("--port", "0", "--data", str(tmp_path / "data.db"), "--polls", "0")
    status, created = ask(url, "POST", "/integrations", {"type": "Trino"})
    fault = {"action": {"kind": "delay", "seconds": 600}, "match": {"operation": "list"}}
    ask(url, "POST", "/_simulator/faults", fault)
    waiting = socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=30)
    waiting.sendall(b"GET /integrations HTTP/1.1\r\nhost: x\r\n\r\n")
    idle = socket.create_connection((urlsplit(url).hostname, urlsplit(url).port), timeout=30)
    # The answer to a later request shows that the waiting one is being worked on.
    ask(url, "GET", "/_simulator/requests")

    code, output, _ = finish(process, signal.SIGTERM)
    waiting.close()
    idle.close()

    assert (status, created["status"]) == (200, "enabled")
    assert (code, output) == (0, "")

    again, url = start("--data", str(tmp_path / "data.db"))
    held = ask(url, "GET", "/integrations")[1]
    assert [record["id"] for record in held] == ["1"]
    assert finish(again, signal.SIGINT) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "key"), [([], "from-environment"), (["--api-key", "from-line"], "from-line")]
)
def test_the_key_comes_from_the_environment_or_the_command_line(arguments: list[str], key: str) -> None:
    process, url = start(*arguments, IMMUTA_SIMULATOR_API_KEY="from-environment")
    answer = ask(url, "GET", "/integrations", key=key)

    assert (answer, finish(process, signal.SIGTERM)) == ((200, []), (0, "", ""))


def test_an_occupied_port_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with Immuta() as simulator:
        port = str(urlsplit(simulator.url).port)
        code = main.run(["--port", port])

    message = f"cannot listen on 127.0.0.1:{port}: Address already in use; choose another --port, or 0"
    assert (code, *capsys.readouterr()) == (1, "", f"cdktf-immuta simulator: {message}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--polls", "-1"], "--polls is -1; it is a number of reads, so it must be 0 or more"),
        (["--port", "70000"], "--port is 70000; it must be 0 (any free port) to 65535"),
        (
            ["--data", "/nowhere/at/all"],
            "cannot use /nowhere/at/all as the simulator's data file: unable to open database file; name a file in an "
            "existing folder that is writable and is new or was written by the simulator",
        ),
    ],
)
def test_a_wrong_argument_is_an_error(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    code = main.run(arguments)

    assert (code, *capsys.readouterr()) == (1, "", f"cdktf-immuta simulator: {message}\n")


def on_host(host: str) -> dict[str, Any]:
    return changed(numbered(BASES["snowflake"], 1), {"config.host": host})


def test_of_many_creates_for_one_host_at_once_one_succeeds() -> None:
    with Immuta() as simulator, ThreadPoolExecutor(16) as pool:
        hosts = [f"host-{n % 8}.example" for n in range(64)]
        answers = list(
            pool.map(lambda host: ask(simulator.url, "POST", "/integrations", on_host(host)), hosts)
        )
        held = simulator.held("integrations")

    won = [answer["id"] for status, answer in answers if status == 200]
    lost = [answer["message"] for status, answer in answers if status == 409]
    places = {record["config"]["host"]: record["id"] for record in held}
    assert (len(won), len(lost), len(places)) == (8, 56, 8)
    assert sorted(won) == sorted(places.values())
    assert set(lost) == {
        f"Snowflake integration already exists on {host} (id = {id})." for host, id in places.items()
    }


def test_of_two_delayed_creates_for_one_host_one_succeeds() -> None:
    with Immuta() as simulator, ThreadPoolExecutor(2) as pool:
        simulator.fault({"kind": "delay", "seconds": 0.05}, times=2, operation="create")
        answers = list(
            pool.map(lambda _: ask(simulator.url, "POST", "/integrations", on_host("one")), range(2))
        )

    assert sorted(status for status, _ in answers) == [200, 409]


def test_the_test_kit_runs_observes_and_changes_a_simulator(tmp_path: Path) -> None:
    with Immuta(data=tmp_path / "d.db", api_key="mine", polls=0) as immuta:
        ask(immuta.url, "POST", "/integrations", {"type": "Trino"}, "mine")
        immuta.fault("busy", operation="list", times=None)
        ask(immuta.url, "GET", "/integrations", None, "mine")
        immuta.alter("integrations", 1, status="disabled")
        immuta.plant("integrations", on_host("a"), "5")
        seen = (
            immuta.environment,
            immuta.calls(),
            immuta.counts(),
            immuta.sent(),
            [(record["id"], record["status"]) for record in immuta.held("integrations")],
            [request["status"] for request in immuta.requests("list")],
            [fault["hits"] for fault in immuta.faults()],
            immuta.settings(polls=2)["polls"],
        )
        immuta.remove("integrations", "5")
        immuta.clear_faults()
        immuta.clear_requests()
        immuta.expire_tokens()
        cleared = (len(immuta.held("integrations")), immuta.faults(), immuta.requests())
        with pytest.raises(Refusal, match="there is no integration 5"):
            immuta.remove("integrations", "5")
        with pytest.raises(Refusal, match="no such preset; there are reset-before, "):
            immuta.fault("bussy")
        with pytest.raises(Refusal, match="there is no collection tag; there is integrations, "):
            immuta.held("tag")
        immuta.reset()
        empty = (immuta.held("integrations"), immuta.settings()["polls"])

    assert seen == (
        {"IMMUTA_HOST": immuta.url, "IMMUTA_API_KEY": "mine"},
        ["POST /integrations 200", "GET /integrations 409"],
        {"create": 1, "list": 1},
        [{"type": "Trino"}, on_host("a")],
        [("1", "disabled"), ("5", "enabled")],
        [409],
        [1],
        2,
    )
    assert cleared == (1, [], [])
    assert empty == ([], 0)


def test_a_simulator_in_another_process_is_reset() -> None:
    with SimulatorProcess() as simulator:
        ask(simulator.url, "POST", "/integrations", {"type": "Trino"})
        before = ask(simulator.url, "GET", "/integrations")[1]
        simulator.reset()
        after = ask(simulator.url, "GET", "/integrations")[1]

    assert ([each["status"] for each in before], after) == (["enabled"], [])


def test_answers_do_not_wait_for_the_acknowledgement_of_the_client() -> None:
    with Immuta(polls=0) as simulator:
        simulator.plant("integrations", {"type": "Trino"})
        connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=30)
        connection.connect()
        connection.request("GET", "/integrations", headers={"authorization": simulator.api_key})
        connection.getresponse().read()
        (protocol,) = simulator.server.server_state.connections
        raw = protocol.transport.get_extra_info("socket")
        nodelay = raw.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        connection.close()

    assert nodelay == 1

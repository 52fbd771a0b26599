"""A running simulator for tests of other rooms.

with Simulator() as simulator:
    simulator.url, simulator.api_key
    simulator.admin.fault("reset-after", operation="create")
    simulator.admin.calls()          # ["GET /integrations 200", "POST /integrations -"]
    simulator.admin.integrations()   # what Immuta holds, secrets in clear
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

from immuta_simulator.control import Control
from immuta_simulator.families import FAMILIES
from immuta_simulator.family import Family
from immuta_simulator.server import Server
from immuta_simulator.settings import DEFAULT_API_KEY, Settings
from immuta_simulator.storage import SQLite

SIMULATOR_PATH = Path(__file__).resolve().parents[2] / "simulator"


class Admin:
    """The simulator's own routes."""

    def __init__(self, url: str, api_key: str) -> None:
        self.address = urlsplit(url).netloc
        self.api_key = api_key

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        connection = http.client.HTTPConnection(self.address, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, "/_simulator" + path, text, {"authorization": self.api_key})
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise AssertionError(f"{method} /_simulator{path}: {answer.decode()}")
        return json.loads(answer) if answer else None

    def integrations(self) -> list[dict[str, Any]]:
        """All that Immuta holds: `id type autoBootstrap status sent config validationResults`, secrets in clear.
        `sent` is the last accepted payload exactly as it came.
        """
        found: list[dict[str, Any]] = self.ask("GET", "/integrations")
        return found

    def integration(self, id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/integrations/{id}")
        return found

    def sent(self) -> list[Any]:
        """The payload of each integration as it was last sent."""
        return [integration["sent"] for integration in self.integrations()]

    def plant(self, integration: dict[str, Any], id: str | None = None) -> dict[str, Any]:
        """Store an integration without any check, as if someone else had made it."""
        method, path = ("POST", "/integrations") if id is None else ("PUT", f"/integrations/{id}")
        planted: dict[str, Any] = self.ask(method, path, integration)
        return planted

    def alter(self, id: str, **change: Any) -> dict[str, Any]:
        """Merge-patch `status`, `config`, `autoBootstrap`, `validationResults`, as if someone else had done it."""
        altered: dict[str, Any] = self.ask("PATCH", f"/integrations/{id}", change)
        return altered

    def remove(self, id: str) -> None:
        self.ask("DELETE", f"/integrations/{id}")

    def held(self, collection: str) -> list[dict[str, Any]]:
        """The objects of a collection, such as `tags`, secrets in clear."""
        found: list[dict[str, Any]] = self.ask("GET", f"/records/{quote(collection)}")
        return found

    def plant_record(self, collection: str, **record: Any) -> dict[str, Any]:
        """Store a record without any check, as if someone else had made it."""
        planted: dict[str, Any] = self.ask("POST", f"/records/{quote(collection)}", record)
        return planted

    def alter_record(self, collection: str, id: int, **change: Any) -> dict[str, Any]:
        """Merge-patch a record, as if someone else had done it."""
        altered: dict[str, Any] = self.ask("PATCH", f"/records/{quote(collection)}/{id}", change)
        return altered

    def remove_record(self, collection: str, id: int) -> None:
        self.ask("DELETE", f"/records/{quote(collection)}/{id}")

    def fault(
        self, action: str | dict[str, Any], *, call: int = 1, times: int | None = 1, **match: Any
    ) -> dict[str, Any]:
        """Switch a fault on. `action` is a preset's name or an action, `match` any of `method path operation type id`;
        it acts on the matching requests from the `call`-th on, `times` times (None: always).
        """
        body = {"action": action, "call": call, "times": times, "match": match}
        added: dict[str, Any] = self.ask("POST", "/faults", body)
        return added

    def faults(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask("GET", "/faults")
        return found

    def clear_faults(self) -> None:
        self.ask("DELETE", "/faults")

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """The requests so far: `number method path query headers operation id body status faults`."""
        query = f"?operation={operation}" if operation else ""
        found: list[dict[str, Any]] = self.ask("GET", f"/requests{query}")["requests"]
        return found

    def calls(self) -> list[str]:
        """The requests so far as `METHOD path status`; the status of a connection that was cut is `-`."""
        return [f"{r['method']} {r['path']} {r['status'] or '-'}" for r in self.requests()]

    def counts(self) -> dict[str, int]:
        """How many requests of each operation there were."""
        found: dict[str, int] = self.ask("GET", "/requests?operation=none")["counts"]
        return found

    def clear_requests(self) -> None:
        self.ask("DELETE", "/requests")

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Change the named settings (none: only look); returns them all."""
        found: dict[str, Any] = self.ask("PATCH", "/settings", changes)
        return found

    def expire_tokens(self) -> None:
        self.ask("POST", "/tokens/expire")

    def reset(self) -> None:
        """No integrations, faults, tokens or requests; ids and numbers from 1; the settings of the start."""
        self.ask("POST", "/reset")


class Simulator:
    """A simulator on a free port of 127.0.0.1, from entering the `with` block to leaving it.

    It runs in a thread, or with `process=True` in a process of its own (for benchmarks: it then shares no
    interpreter with the test). `settings` are those of `immuta_simulator.settings.Settings`; a process takes only
    `polls` at start, the others through `admin.settings(...)`.
    """

    def __init__(
        self,
        *,
        process: bool = False,
        data: Path | None = None,
        port: int = 0,
        api_key: str = DEFAULT_API_KEY,
        families: tuple[type[Family], ...] = FAMILIES,
        **settings: Any,
    ) -> None:
        self.in_process = process
        self.data = data
        self.port = port
        self.api_key = api_key
        self.families = families
        self.settings = settings
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self.server: Server | None = None
        self.thread: threading.Thread | None = None

    def __enter__(self) -> Simulator:
        if self.in_process:
            self.start_process()
        else:
            self.start_thread()
        self.admin = Admin(self.url, self.api_key)
        return self

    def start_thread(self) -> None:
        started = threading.Event()
        control = Control(
            Settings(api_key=self.api_key, **self.settings),
            SQLite(self.data) if self.data else None,
            families=self.families,
        )
        self.server = Server(control, self.port, ready=lambda url: started.set())
        self.url = self.server.url
        self.thread = threading.Thread(target=self.server.serve_until_stopped, name="simulator", daemon=True)
        self.thread.start()
        if not started.wait(30):
            raise AssertionError("the simulator did not start within 30 s")

    def start_process(self) -> None:
        command = [
            sys.executable,
            "-m",
            "immuta_simulator.main",
            "--port",
            str(self.port),
            "--api-key",
            self.api_key,
        ]
        command += ["--polls", str(self.settings.get("polls", 1))]
        command += ["--data", str(self.data)] if self.data else []
        environment = {**os.environ, "PYTHONPATH": str(SIMULATOR_PATH)}
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self.process.stdout
        line = self.process.stdout.readline()
        self.url = line.removeprefix("listening on ").strip()
        if not self.url:
            raise AssertionError(f"the simulator did not start; it ended with status {self.process.wait()}")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.server and self.thread:
            self.server.should_exit = True
            self.thread.join(30)
        if self.process:
            self.process.terminate()
            self.process.wait(30)
            assert self.process.stdout
            self.process.stdout.close()

    @property
    def control(self) -> Control:
        """Direct access, when it runs in a thread."""
        assert self.server
        return self.server.control

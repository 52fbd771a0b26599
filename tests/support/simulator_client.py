"""The simulator called in-process, without sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from immuta_simulator.app import create_app
from immuta_simulator.control import Control
from immuta_simulator.settings import DEFAULT_API_KEY


def refusal(status: int, error: str, message: str, **more: Any) -> tuple[int, Any]:
    """The answer with an error, in Immuta's form."""
    return status, {"statusCode": status, "error": error, "message": message, **more}


class FakeTime:
    """The wall clock and the sleeps of a simulator."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.reset()

    def reset(self) -> None:
        self.now = 1_700_000_000.0
        self.slept = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Client:
    """Asks a simulator in-process and gives back (status, body)."""

    def __init__(self, control: Control, time: FakeTime) -> None:
        self.control = control
        self.time = time
        self.runner = asyncio.Runner()
        transport = httpx.ASGITransport(create_app(control=control, sleep=time.sleep))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://simulator")

    def send(
        self, method: str, path: str, *, key: str | None = DEFAULT_API_KEY, **request: Any
    ) -> httpx.Response:
        headers = {**({"authorization": key} if key else {}), **request.pop("headers", {})}
        return self.runner.run(self.http.request(method, path, headers=headers, **request))

    def ask(self, method: str, path: str, body: Any = None, **request: Any) -> tuple[int, Any]:
        if body is not None:
            request["json"] = body
        response = self.send(method, path, **request)
        is_json = response.headers.get("content-type", "").startswith("application/json")
        return response.status_code, response.json() if is_json else response.text

    def create(self, payload: Any) -> str:
        """Create an integration and wait until it has settled; its id."""
        status, answer = self.ask("POST", "/integrations", payload)
        assert status == 200, answer
        while self.ask("GET", f"/integrations/{answer['id']}/status")[1]["status"] == "creating":
            pass
        id: str = answer["id"]
        return id

    def config(self, id: str) -> Any:
        return self.ask("GET", f"/integrations/{id}")[1]["config"]

    def status_of(self, id: str) -> Any:
        return self.ask("GET", f"/integrations/{id}/status")[1]

    def status(self, id: str) -> Any:
        return self.status_of(id).get("status")

    def close(self) -> None:
        self.runner.run(self.http.aclose())
        self.runner.close()

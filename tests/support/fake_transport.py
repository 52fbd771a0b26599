"""The client's seam to the network, scripted."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from immuta_provider.api.http.exchange import Request, Response

Answer = Response | Exception
Script = Mapping[str, Answer | Sequence[Answer] | Callable[[Request], Answer]]


def reply(status: int, value: Any = None, **headers: str) -> Response:
    """An answer with a JSON body (none for None) and headers written with _ for -."""
    body = b"" if value is None else json.dumps(value).encode()
    return Response(
        status,
        {"content-type": "application/json", **{n.replace("_", "-"): v for n, v in headers.items()}},
        body,
    )


def page(status: int) -> Response:
    """The answer of a proxy or a gateway in Immuta's place."""
    return Response(status, {"content-type": "text/html"}, b"<html><title>Bad Gateway</title></html>")


def error(status: int, message: str, name: str = "Error", **more: Any) -> Response:
    """An error in Immuta's shape."""
    return reply(status, {"statusCode": status, "error": name, "message": message, **more})


class FakeTransport:
    """Answers by `"METHOD /path"`: one answer for every time, or a list of them of which the last one stays.

    `requests` are all requests in order; `calls` the same as `"METHOD /path"`. One that is not in the script
    fails the test.
    """

    def __init__(self, script: Script, *, base: str = "https://immuta.example") -> None:
        self._script = dict(script)
        self._base = base
        self._lock = threading.Lock()
        self.requests: list[Request] = []

    @property
    def calls(self) -> list[str]:
        return [self._key(request) for request in self.requests]

    def bodies(self, key: str) -> list[Any]:
        """The decoded bodies of the requests to one route."""
        return [json.loads(r.body) if r.body else None for r in self.requests if self._key(r) == key]

    def send(self, request: Request) -> Response:
        key = self._key(request)
        with self._lock:
            self.requests.append(request)
            assert key in self._script, f"unexpected request {key}"
            answer = self._script[key]
            if isinstance(answer, Sequence):
                if len(answer) > 1:
                    self._script[key] = answer[1:]
                answer = answer[0]
        if not isinstance(answer, Response | Exception):
            answer = answer(request)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        pass

    def _key(self, request: Request) -> str:
        return f"{request.method} {request.url.removeprefix(self._base)}"

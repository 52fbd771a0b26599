"""Records the simulator's requests, for tests."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass
from typing import Any

KEPT = 20_000
"""The number of requests that are kept in detail; older requests are only counted."""


@dataclass(slots=True)
class Request:
    """One request. `body` is the parsed body, or its text if it cannot be parsed, and includes secrets."""

    number: int
    method: str
    path: str
    query: str
    headers: list[tuple[bytes, bytes]]
    operation: str
    id: str
    body: Any
    status: int | None = None
    """The HTTP status of the answer; None before the answer, or if the connection was cut."""
    faults: tuple[str, ...] = ()
    """The kinds of the faults that acted on it."""

    def to_json(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": {name.decode("latin-1"): value.decode("latin-1") for name, value in self.headers},
            "operation": self.operation,
            "id": self.id,
            "body": self.body,
            "status": self.status,
            "faults": list(self.faults),
        }


class Journal:
    """Every request to Immuta's own routes, in the order of arrival."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests: deque[Request] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self.last = 0

    def add(self, request: Request) -> None:
        with self.lock:
            self.last += 1
            request.number = self.last
            self.requests.append(request)
            self.counts[request.operation] += 1

    def clear(self) -> None:
        with self.lock:
            self.requests.clear()
            self.counts.clear()
            self.last = 0

    def to_json(self, operation: str | None = None) -> dict[str, Any]:
        with self.lock:
            requests = [r.to_json() for r in self.requests if operation in (None, r.operation)]
            return {"counts": dict(sorted(self.counts.items())), "requests": requests}

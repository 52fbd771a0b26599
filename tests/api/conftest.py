from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.client import Client
from immuta_provider.api.settings import Settings
from support.fake_clock import FakeClock
from support.fake_transport import FakeTransport, Script

MakeClient = Callable[..., tuple[Client, FakeTransport, FakeClock]]


@pytest.fixture
def make_client() -> MakeClient:
    """A client of a scripted Immuta, on a clock of its own, with back-offs that are not scattered."""

    def make(
        script: Script, settings: dict[str, Any] | None = None, **more: Any
    ) -> tuple[Client, FakeTransport, FakeClock]:
        transport, clock = FakeTransport(script), FakeClock()
        client = Client(
            Settings("immuta.example", **({"api_key": "key-of-tests"} if settings is None else settings)),
            transport=transport,
            clock=clock,
            stop=more.pop("stop", threading.Event()),
            jitter=lambda: 1.0,
            **more,
        )
        return client, transport, clock

    return make

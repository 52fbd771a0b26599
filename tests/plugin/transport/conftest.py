from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.plugin_process import Gate
from support.toy_session import Connections, Served


@pytest.fixture
def served() -> Iterator[Served]:
    one = Served()
    yield one
    one.release.set()


@pytest.fixture
def connect(served: Served) -> Iterator[Connections]:
    """Connect a raw client to a session in this process, over a socket pair without TLS."""
    connections = Connections(served)
    yield connections
    served.release.set()
    connections.close()


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    one = Gate(tmp_path)
    yield one
    one.close()

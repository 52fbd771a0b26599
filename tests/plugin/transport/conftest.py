from __future__ import annotations

from collections.abc import Iterator

import pytest
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

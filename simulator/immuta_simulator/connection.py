"""Keeps the TCP connection of a request, so that a fault can cut it."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope
from uvicorn.protocols.http.auto import AutoHTTPProtocol

if TYPE_CHECKING:
    # The two implementations that "auto" chooses from have the same attributes; their common base has not.
    from uvicorn.protocols.http.h11_impl import H11Protocol as Base
else:
    Base = AutoHTTPProtocol


class ConnectionDropped(ConnectionResetError):
    """Stands for a cut connection if the application is called in-process."""


class Protocol(Base):
    """uvicorn's HTTP protocol. It also puts the transport into the state of each request, as `transport`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.app_state: dict[str, Any] = {**self.app_state, "transport": transport}


async def cut(scope: Scope, receive: Receive, *, reset: bool) -> None:
    """End the connection by a TCP reset, or in order after the bytes that were written."""
    transport: asyncio.Transport | None = scope["state"].get("transport")
    if transport is None:
        raise ConnectionDropped("the simulator dropped the connection")
    if reset:
        raw: socket.socket = transport.get_extra_info("socket")
        # With a linger time of 0, closing sends RST.
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    else:
        transport.close()
    # uvicorn takes a return without an answer for a bug until it knows that the connection is gone.
    while (await receive())["type"] != "http.disconnect":
        pass

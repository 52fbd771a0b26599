"""A proxy on the loopback interface, before one server."""

from __future__ import annotations

import base64
from collections.abc import Callable

from support.local_server import Exchange, LocalServer, ok, tunnel_to


def proxy_to(server: LocalServer, *, user: str = "") -> Callable[[Exchange], None]:
    """Tunnels to the server, and answers requests without a tunnel itself. `user` (USER:PASSWORD) has to be sent."""
    tunnel = tunnel_to(server)
    credential = f"Basic {base64.b64encode(user.encode()).decode()}"

    def serve(exchange: Exchange) -> None:
        if user and exchange.headers.get("Proxy-Authorization") != credential:
            exchange.answer(407)
        elif exchange.command == "CONNECT":
            tunnel(exchange)
        else:
            ok(exchange)

    return serve

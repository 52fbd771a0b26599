from __future__ import annotations

from support.worlds import core, new_transport, transport, unused_transports

__all__ = ["core", "new_transport", "transport", "unused_transports"]

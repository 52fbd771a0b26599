from __future__ import annotations

from support.worlds import calls, core, new_transport, reads, transport, unused_transports

__all__ = ["calls", "core", "new_transport", "reads", "transport", "unused_transports"]

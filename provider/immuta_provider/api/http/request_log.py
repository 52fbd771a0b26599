"""The one place where requests and answers are written down for the log.

A line says the method, the path, what came of it, how long it took and how much was moved. Bodies follow only where the
caller hands in `mask`, which gets the decoded JSON and returns what may be shown of it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Log = Callable[..., None]
    Mask = Callable[[Any], Any]


class RequestLog:
    """`log(level, message, **fields)` gets a line at "debug" an exchange, and its bodies at "trace" if `mask` is there."""

    def __init__(self, log: Log | None = None, mask: Mask | None = None) -> None:
        self._log = log
        self._mask = mask

    def exchanged(
        self,
        method: str,
        path: str,
        seconds: float,
        sent: int,
        outcome: int | str,
        received: int,
        attempt: int,
    ) -> None:
        """`outcome`: the status, or the name of the error when no answer came."""
        if self._log is not None:
            self._log(
                "debug",
                f"{method} {path}: {outcome}",
                method=method,
                path=path,
                outcome=outcome,
                milliseconds=round(seconds * 1000, 1),
                bytes_sent=sent,
                bytes_received=received,
                attempt=attempt,
            )

    def body(self, direction: str, method: str, path: str, value: Any, loggable: Mask) -> None:
        """`direction`: "sent" or "received"; `value` is decoded JSON, and `loggable` is as in `Kind`."""
        if self._log is not None and self._mask is not None:
            import json

            text = json.dumps(self._mask(loggable(value)), default=lambda _: None)
            self._log(
                "trace",
                f"{method} {path}: {direction}",
                method=method,
                path=path,
                direction=direction,
                body=text,
            )

    def note(self, message: str, **fields: Any) -> None:
        if self._log is not None:
            self._log("info", message, **fields)

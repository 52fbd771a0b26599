"""Logs requests and responses; nothing else does.

A line has the method, the path, the outcome, the duration and the sizes. Bodies are logged only if the caller passes `mask`,
which gets the decoded JSON and returns the part that may be shown.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Log = Callable[..., None]
    Mask = Callable[[Any], Any]


class RequestLog:
    """Calls `log(level, message, **fields)` once per exchange at "debug", and with its bodies at "trace" if `mask` is set."""

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
        """Logs one exchange. `outcome` is the status, or the name of the error if there was no response."""
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
        """Logs a body. `direction` is "sent" or "received", `value` is decoded JSON, and `loggable` is that of `Kind`."""
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

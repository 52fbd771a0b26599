"""Log lines that Terraform shows with TF_LOG: hclog's JSON, one line an event, on stderr.

TF_LOG_PROVIDER, or else TF_LOG, sets the lowest level that is written: `TRACE`, `DEBUG`, `INFO`, `WARN`, `ERROR`
or `OFF`. `JSON` and any other text mean TRACE, as in Terraform. The default is WARN. The variable is read once.
Every text is redacted.
"""

from __future__ import annotations

import os
import time
from _thread import allocate_lock

from .redaction import REDACTOR, bounded
from .types import quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Final

    from .redaction import Redactor

TRACE: Final = 0
DEBUG: Final = 1
INFO: Final = 2
WARN: Final = 3
ERROR: Final = 4
_OFF: Final = 5

_NAMES: Final = ("trace", "debug", "info", "warn", "error")
_MAX_TEXT_LENGTH: Final = 16_384
"""Characters of one text. go-plugin reads lines into a buffer of 64 KiB and splits longer ones."""


def _to_stderr(line: bytes) -> None:
    try:
        while line:
            line = line[os.write(2, line) :]
    except OSError:  # Terraform has closed the log. A call does not fail for that.
        pass


class Log:
    """Writes log lines. `write` takes one whole line, newline included. `clock` returns seconds since 1970."""

    __slots__ = ("_clock", "_lock", "_redactor", "_write", "level")

    def __init__(
        self,
        environ: Mapping[str, str] = os.environ,
        write: Callable[[bytes], object] = _to_stderr,
        clock: Callable[[], float] = time.time,
        redactor: Redactor = REDACTOR,
    ) -> None:
        level = (environ.get("TF_LOG_PROVIDER") or environ.get("TF_LOG") or "WARN").lower()
        self.level = _OFF if level == "off" else _NAMES.index(level) if level in _NAMES else TRACE
        self._write = write
        self._clock = clock
        self._redactor = redactor
        self._lock = allocate_lock()

    def enabled(self, level: int) -> bool:
        return level >= self.level

    def trace(self, message: str, **fields: object) -> None:
        if self.level <= TRACE:
            self._emit(TRACE, message, fields)

    def debug(self, message: str, **fields: object) -> None:
        if self.level <= DEBUG:
            self._emit(DEBUG, message, fields)

    def info(self, message: str, **fields: object) -> None:
        if self.level <= INFO:
            self._emit(INFO, message, fields)

    def warn(self, message: str, **fields: object) -> None:
        if self.level <= WARN:
            self._emit(WARN, message, fields)

    def error(self, message: str, **fields: object) -> None:
        if self.level <= ERROR:
            self._emit(ERROR, message, fields)

    def _emit(self, level: int, message: str, fields: Mapping[str, object]) -> None:
        now = self._clock()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1e6):06d}Z"
        members = [
            f'"@level":"{_NAMES[level]}"',
            f'"@message":{self._text(message)}',
            '"@module":"provider"',
            f'"@timestamp":"{stamp}"',
        ]
        members += [f"{self._text(name)}:{self._value(value)}" for name, value in fields.items()]
        line = f"{{{','.join(members)}}}\n".encode("ascii")
        with self._lock:  # a line longer than the pipe's buffer takes several writes
            self._write(line)

    def _value(self, value: object) -> str:
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if (
            isinstance(value, (int, float))
            and self._redactor.clean(str(value)) == str(value)
            and value == value
        ):
            return str(value) if abs(value) != float("inf") else quoted(str(value))
        return self._text(value)

    def _text(self, value: object) -> str:
        text = value if type(value) is str else str(value)
        return quoted(bounded(self._redactor.clean(text[: 2 * _MAX_TEXT_LENGTH]), _MAX_TEXT_LENGTH))


_LOG: Final = Log()

enabled = _LOG.enabled
trace = _LOG.trace
debug = _LOG.debug
info = _LOG.info
warn = _LOG.warn
error = _LOG.error

"""Errors and warnings for the user, each with the path of the value that it is about."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from .paths import Path

    Base = list["Diagnostic"]
else:
    Base = list

ERROR: Final = "error"
WARNING: Final = "warning"


class Diagnostic:
    """One error or warning. `path` () = the resource (or provider block) as a whole.

    `detail` names the attribute. The service cuts a path before the first step that holds a secret, because
    Terraform prints the source line that a path points at.
    """

    __slots__ = ("detail", "path", "severity", "summary")

    def __init__(self, severity: str, summary: str, detail: str = "", path: Path = ()) -> None:
        if severity not in (ERROR, WARNING):
            raise ValueError(f'a diagnostic is an "{ERROR}" or a "{WARNING}", not {severity!r}')
        self.severity = severity
        self.summary = summary
        self.detail = detail
        self.path = tuple(path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostic) and all(
            getattr(self, s) == getattr(other, s) for s in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Diagnostic({self.severity!r}, {self.summary!r}, {self.detail!r}, {self.path!r})"


class Diagnostics(Base):
    """A list of diagnostics. Each method of a provider appends to one."""

    __slots__ = ()

    def error(self, summary: str, detail: str = "", path: Path = ()) -> None:
        self.append(Diagnostic(ERROR, summary, detail, path))

    def warning(self, summary: str, detail: str = "", path: Path = ()) -> None:
        self.append(Diagnostic(WARNING, summary, detail, path))

    @property
    def has_error(self) -> bool:
        return any(d.severity == ERROR for d in self)

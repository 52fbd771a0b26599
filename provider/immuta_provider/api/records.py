"""Plain values of the client: compared by content, shown without what may be secret."""

from __future__ import annotations


class Record:
    """Equality over the attributes that a subclass names in `__slots__`, and a repr over those in `shown`."""

    __slots__: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            getattr(self, s) == getattr(other, s) for s in self.__slots__
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{s}={getattr(self, s)!r}' for s in self.shown)})"


class Note(Record):
    """A warning for the user beside a result that stands."""

    __slots__ = ("detail", "summary")
    shown = ("summary", "detail")

    def __init__(self, summary: str, detail: str) -> None:
        self.summary = summary
        self.detail = detail

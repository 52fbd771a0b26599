"""The kind of object that a request is about, as far as the client has to know it."""

from __future__ import annotations

from ..found import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def _whole(value: Any) -> Any:
    return value


class Kind(Record):
    """Facts of one kind of object.

    `noun` names it in texts; `permission` is the one that its routes need at Immuta, "" = not known. `everywhere` is a path that
    every Immuta has, and that fails only where all of Immuta does. `wrong_id` is the advice where Immuta refuses an id.
    `loggable` takes what no log may show out of a decoded body.
    """

    __slots__ = ("everywhere", "loggable", "noun", "permission", "wrong_id")
    shown = ("noun",)

    def __init__(
        self,
        noun: str,
        *,
        permission: str = "",
        everywhere: str = "",
        wrong_id: str = "",
        loggable: Callable[[Any], Any] = _whole,
    ) -> None:
        self.noun = noun
        self.permission = permission
        self.everywhere = everywhere
        self.wrong_id = wrong_id
        self.loggable = loggable

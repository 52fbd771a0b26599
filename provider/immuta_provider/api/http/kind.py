"""The client's facts about the kind of object in a request."""

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

    `noun` names it in messages. `permission` is the Immuta permission that its routes require; "" if it is not known.
    `everywhere` is a path that every Immuta has, and that fails only if the whole tenant is unavailable. `wrong_id` is the
    advice about an id that Immuta refuses. `loggable` removes from a decoded body what no log may show.
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

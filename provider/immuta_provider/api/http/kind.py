"""The client's facts about the kind of object in a request."""

from __future__ import annotations

from ..found import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any


def _whole(value: Any) -> Any:
    return value


class Kind(Record):
    """Facts of one kind of object.

    `noun` and `plural` name it in messages (default of `plural`: with an s). `permission` is the Immuta permission that its
    routes require; "" if it is not known. `everywhere` is a path that every Immuta has, and that fails only if the whole tenant
    is unavailable. `without_id` are the paths that name no single object. `wrong_id` is the advice about an id that Immuta
    refuses. `own_phrases` are, in lower case, those that Immuta alone uses in the message of an error. `loggable` removes from a
    decoded body what no log may show.
    """

    __slots__ = (
        "everywhere",
        "loggable",
        "noun",
        "own_phrases",
        "permission",
        "plural",
        "without_id",
        "wrong_id",
    )
    shown = ("noun",)

    def __init__(
        self,
        noun: str,
        *,
        plural: str = "",
        permission: str = "",
        everywhere: str = "",
        without_id: Collection[str] = (),
        wrong_id: str = "",
        own_phrases: Collection[str] = (),
        loggable: Callable[[Any], Any] = _whole,
    ) -> None:
        self.noun = noun
        self.plural = plural or f"{noun}s"
        self.permission = permission
        self.everywhere = everywhere
        self.without_id = without_id
        self.wrong_id = wrong_id
        self.own_phrases = own_phrases
        self.loggable = loggable

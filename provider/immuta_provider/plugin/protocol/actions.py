"""The calls of actions."""

from __future__ import annotations

import _thread
from _queue import SimpleQueue

from ..diagnostics import Diagnostics
from . import arguments, encoding
from .codecs import Registry, whole

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ..interfaces import Action
    from .codecs import Codec

    Fields = dict[str, Any]


class Actions:
    """The bodies of the calls."""

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self.registry = Registry("action", actions)

    def validate(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        action, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if arguments.check_required(codec.schema, config, diagnostics):
            action.validate(config, diagnostics)
        return {}

    def plan(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        action, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if arguments.check_required(codec.schema, config, diagnostics):
            action.plan(config, diagnostics)
        return {}

    def invoke(self, request: Fields, diagnostics: Diagnostics) -> Iterator[Fields]:
        """An event for each progress; the diagnostics are complete when it ends."""
        action, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if not arguments.check_required(codec.schema, config, diagnostics):
            return
        # Diagnostics belong into the last event, which the caller sends: until then they are kept here.
        said = Diagnostics()
        happened: SimpleQueue[Fields | BaseException | None] = SimpleQueue()

        def tell(text: str) -> None:
            happened.put({"progress": {"message": encoding.shown(text)}})

        def run() -> None:
            try:
                action.invoke(config, tell, said)
            except BaseException as error:
                happened.put(error)
            else:
                happened.put(None)

        try:
            _thread.start_new_thread(run, ())
        except RuntimeError:
            # Without a thread of its own the action is done first, and its progress is told afterwards.
            run()
        event: Fields | BaseException | None = {}
        try:
            while isinstance(event := happened.get(), dict):
                yield event
        finally:
            # An action whose client has gone is not cut off: the call lasts until it is done.
            while isinstance(event, dict):
                event = happened.get()
        diagnostics.extend(said)
        if event is not None:
            raise event

    def _find(self, request: Fields) -> tuple[Action, Codec]:
        action: Action
        action, codec = self.registry.find(request["action_type"])
        return action, codec

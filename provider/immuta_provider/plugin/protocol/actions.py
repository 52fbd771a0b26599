"""The RPCs of actions."""

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
    """Implements the RPCs."""

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
        """Yields a progress event for each text of the action. `diagnostics` is complete at the end."""
        action, codec = self._find(request)
        config = whole(codec.config(request["config"]))
        if not arguments.check_required(codec.schema, config, diagnostics):
            return
        # The caller sends diagnostics with the next event. Those of an action belong into the last one.
        reported = Diagnostics()
        events: SimpleQueue[Fields | BaseException | None] = SimpleQueue()

        def progress(text: str) -> None:
            events.put({"progress": {"message": encoding.redacted(text)}})

        def run() -> None:
            try:
                action.invoke(config, progress, reported)
            except BaseException as error:
                events.put(error)
            else:
                events.put(None)

        try:
            _thread.start_new_thread(run, ())
        except RuntimeError:
            # The system has no thread left, so the action runs in this one, and its progress is sent afterwards.
            run()
        event: Fields | BaseException | None = {}
        try:
            while isinstance(event := events.get(), dict):
                yield event
        finally:
            # An action runs to its end even if the client has gone.
            while isinstance(event, dict):
                event = events.get()
        diagnostics.extend(reported)
        if event is not None:
            raise event

    def _find(self, request: Fields) -> tuple[Action, Codec]:
        action: Action
        action, codec = self.registry.find(request["action_type"])
        return action, codec

"""`immuta_integration_script` and `immuta_existing_integration_script`: scripts without secrets, kept in the state."""

from __future__ import annotations

from functools import cached_property

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ....plugin.schema import ReadSchema
    from .existing import ExistingScript
    from .new import NewScript


class ScriptData:
    """A script as a data source."""

    def __init__(self, script: NewScript | ExistingScript) -> None:
        self._script = script

    @cached_property
    def schema(self) -> ReadSchema:
        return self._script.schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._script.validate(config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        return self._script.written(config, diagnostics)

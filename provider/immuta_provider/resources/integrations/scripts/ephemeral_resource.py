"""`immuta_integration_script` and `immuta_existing_integration_script`: scripts with real secrets, stored nowhere."""

from __future__ import annotations

from functools import cached_property

from ....plugin.interfaces import Opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object, Renewed
    from ....plugin.schema import ReadSchema
    from .existing import ExistingScript
    from .new import NewScript


class EphemeralScript:
    """A script as an ephemeral resource."""

    def __init__(self, script: NewScript | ExistingScript) -> None:
        self._script = script

    @cached_property
    def schema(self) -> ReadSchema:
        return self._script.schema

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._script.validate(config, diagnostics)

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened | None:
        result = self._script.written(config, diagnostics)
        return None if result is None else Opened(result)

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed | None:
        return None

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        """A script needs no end."""

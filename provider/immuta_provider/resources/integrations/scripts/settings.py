"""The settings of the integration that a script is for: one attribute a platform, with the attributes of its resource.

Whoever keeps a script in the state (a data source) takes no secret: the attributes that hold one are not there, and
placeholders are sent instead.
"""

from __future__ import annotations

from ....model import fields as model
from ....model import payload, placeholders
from ....model.derived import ADDITIONAL_CONFIG
from ....model.integrations.questions import BY_HAND, check_script
from ....plugin.schema import Attribute, Nested
from ....plugin.types import BOOL, NUMBER, STRING, ListOf
from ....plugin.values import is_unknown
from ... import report
from ...schema import argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ....model.fields import Field
    from ....model.integrations.type import IntegrationType
    from ....model.questions import Question
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ....plugin.types import Type

    Path = tuple[str | int, ...]

_TYPES: dict[str, Type] = {
    model.STRING: STRING,
    model.NUMBER: NUMBER,
    model.BOOL: BOOL,
    model.STRINGS: ListOf(STRING),
}


class Settings:
    """The arguments of a script: those of `question`, in which the platforms have the settings of their `integrations`."""

    def __init__(
        self, question: Question, integrations: tuple[IntegrationType, ...], *, secrets: bool
    ) -> None:
        self.integrations = integrations
        self._question = question
        self._secrets = secrets

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        platforms = {i.platform: i for i in self.integrations}
        return tuple(
            self._platform(field, platforms[field.name]) if field.name in platforms else argument(field)
            for field in self._question.arguments
        )

    def configured(self, config: Object) -> IntegrationType | None:
        """The type whose settings are set; None where none are, or where they are unknown as a whole."""
        return next(
            (
                i
                for i in self.integrations
                if config[i.platform] is not None and not is_unknown(config[i.platform])
            ),
            None,
        )

    def check(self, config: Object, diagnostics: Diagnostics, *, warn: bool = True) -> None:
        """Report what is wrong with the arguments."""
        for subject, finding in check_script(
            self._question, self.integrations, config, secrets=self._secrets, is_unknown=is_unknown
        ):
            if finding.strict or warn:
                report.finding(subject, finding, self._shown(finding.path), diagnostics)

    def request(self, integration: IntegrationType, config: Object) -> tuple[dict[str, Any], dict[str, str]]:
        """The body for Immuta, as in the POST or the PUT that the script is for; and the placeholders in it, by attribute."""
        whole = {**config[integration.platform], **BY_HAND}
        if self._secrets:
            return payload.build(integration, whole), {}
        whole, sent = placeholders.completed(integration, whole)
        return payload.build(integration, whole), sent

    def _shown(self, path: Path) -> Path:
        """The place of a problem, unless Terraform would print a line there that may hold a secret."""
        if not any(path[:1] == (i.platform,) for i in self.integrations):
            return path
        return () if self._secrets or path[1:2] == (ADDITIONAL_CONFIG.name,) else path

    def _platform(self, field: Field, integration: IntegrationType) -> Attribute:
        return Attribute(
            field.name,
            nested=Nested(self._inner((*integration.settings, ADDITIONAL_CONFIG))),
            description=field.description,
            optional=True,
        )

    def _inner(self, fields: tuple[Field, ...]) -> list[Attribute]:
        return [self._attribute(f) for f in fields if self._secrets or not f.secret]

    def _attribute(self, field: Field) -> Attribute:
        nested = None
        if field.fields:
            nested = Nested(self._inner(field.fields), "list" if field.kind == model.OBJECTS else "single")
        default = f" Default: {field.default}" if field.default else ""
        return Attribute(
            field.name,
            None if nested else _TYPES[field.kind],
            nested=nested,
            description=field.description + default,
            required=field.required,
            optional=not field.required,
            sensitive=field.secret,
        )

"""The settings of the integration that a script is for: one attribute a platform, with the attributes of its resource.

Whoever keeps a script in the state (a data source) takes no secret: the attributes that hold one are not there, and
placeholders are sent instead.
"""

from __future__ import annotations

from ....model import fields as model
from ....model import payload, placeholders, rules
from ....model.derived import ADDITIONAL_CONFIG
from ....plugin.schema import Attribute, Nested
from ....plugin.types import BOOL, NUMBER, STRING, ListOf
from ....plugin.values import Unknown, is_unknown
from ... import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ....model.fields import Field
    from ....model.integrations.type import IntegrationType
    from ....plugin.diagnostics import Diagnostics
    from ....plugin.interfaces import Object
    from ....plugin.types import Type

_TYPES: dict[str, Type] = {
    model.STRING: STRING,
    model.NUMBER: NUMBER,
    model.BOOL: BOOL,
    model.STRINGS: ListOf(STRING),
}


class Settings:
    """The attributes for the settings of each of `integrations`, of which one is to be given.

    `auto_bootstrap` is none of them: it is false wherever there are scripts.
    """

    def __init__(self, integrations: tuple[IntegrationType, ...], *, secrets: bool) -> None:
        self.integrations = integrations
        self._secrets = secrets

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        return tuple(self._platform(i) for i in self.integrations)

    @property
    def names(self) -> str:
        return ", ".join(i.platform for i in self.integrations)

    def given(self, config: Object) -> list[IntegrationType]:
        """The types whose settings are set, unknown ones included."""
        return [i for i in self.integrations if config[i.platform] is not None]

    def check(
        self, integration: IntegrationType, config: Object, diagnostics: Diagnostics, *, warn: bool = True
    ) -> None:
        """Report what is wrong with the settings; nothing while they are unknown as a whole."""
        settings = config[integration.platform]
        if isinstance(settings, Unknown):
            return
        whole, _ = self._whole(integration, settings)
        for finding in rules.check(integration, whole, is_unknown=is_unknown):
            if finding.strict or warn:
                report.finding(integration, finding, self._shown(integration, finding.path), diagnostics)

    def request(self, integration: IntegrationType, config: Object) -> tuple[dict[str, Any], dict[str, str]]:
        """What Immuta is sent, as in the POST or the PUT that the script is for; and the placeholders in it, by attribute."""
        whole, sent = self._whole(integration, config[integration.platform])
        return payload.build(integration, whole), sent

    def _whole(
        self, integration: IntegrationType, settings: Mapping[str, Any]
    ) -> tuple[dict[str, Any], dict[str, str]]:
        known = {**settings, "auto_bootstrap": False}
        if self._secrets:
            return known, {}
        return placeholders.filled(integration, known, is_unknown=is_unknown)

    def _shown(self, integration: IntegrationType, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """The place of a problem, unless Terraform would print a line there that may hold a secret."""
        if self._secrets:
            return ()
        return () if path[:1] == (ADDITIONAL_CONFIG.name,) else (integration.platform, *path)

    def _platform(self, integration: IntegrationType) -> Attribute:
        return Attribute(
            integration.platform,
            nested=Nested(self._inner((*integration.settings, ADDITIONAL_CONFIG))),
            description=f"The settings of the {integration.title} integration, as in {integration.resource}. "
            "`auto_bootstrap` is false.",
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

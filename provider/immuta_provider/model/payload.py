"""Between the attributes of a resource and the JSON of Immuta's API, both ways.

What the user set is what is sent, no more and no less: a null at any depth is left out, an empty list or object goes
along, and no default is filled in. Only the line breaks of a key file are made real ones.
"""

from __future__ import annotations

from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, OBJECTS, STRING, STRINGS
from immuta_provider.model.numbers import number
from immuta_provider.model.pem import as_sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from immuta_provider.model.fields import Field, IntegrationType

MASKS = ("REDACTED", "<REDACTED>", "[REDACTED]", "********")
"""What Immuta shows in place of a value that it keeps to itself."""


def build(integration: IntegrationType, config: Mapping[str, Any]) -> dict[str, Any]:
    """The body of POST and PUT: `type`, `autoBootstrap` (where the type has it) and `config`.

    `config` maps attribute names to known values that `rules.check` accepts. A null inside `additional_config` was
    written on purpose and is sent.
    """
    body: dict[str, Any] = {"type": integration.type}
    inner = _outgoing(integration.fields, config)
    additional = config.get("additional_config")
    if additional:
        from immuta_provider.model.json_text import parse

        _merge(inner, parse(additional))
    if integration.auto_bootstrap != "none":
        body["autoBootstrap"] = bool(config.get("auto_bootstrap"))
    if integration.auto_bootstrap != "none" or inner:
        body["config"] = inner
    return body


def teardown(integration: IntegrationType, credentials: Mapping[str, Any]) -> dict[str, Any]:
    """The body of DELETE for an integration that Immuta set up itself: its credentials, without a `config` around.

    `credentials` maps attribute names to values; other names than the type's `teardown_fields` are passed over.
    """
    fields = tuple(f for f in integration.fields if f.name in integration.teardown_fields)
    return _outgoing(fields, credentials)


def read_config(integration: IntegrationType, config: object) -> dict[str, Any]:
    """The attributes that an answer's `config` tells: every one that is not secret, at every depth.

    None stands for all that cannot be told: a key that is absent, masked, or holds another kind of value. Unknown
    keys are dropped. A number in text, a text in numbers and "true" are read where nothing is lost.
    """
    return _incoming(integration.fields, config if isinstance(config, dict) else {})


def _outgoing(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    return {f.key: _sent(f, values[f.name]) for f in fields if values.get(f.name) is not None}


def _sent(field: Field, value: Any) -> Any:
    if field.kind == OBJECT:
        return _outgoing(field.fields, value)
    if field.kind == OBJECTS:
        return [_outgoing(field.fields, item) for item in value if item is not None]
    if field.kind == STRINGS:
        return [item for item in value if item is not None]
    return number(value) if field.kind == NUMBER else as_sent(field, value)


def _merge(into: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for key, value in extra.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        else:
            into[key] = value


def _incoming(fields: tuple[Field, ...], answer: Mapping[str, Any]) -> dict[str, Any]:
    return {f.name: _told(f, answer.get(f.key)) for f in fields if not f.secret}


def _told(field: Field, value: Any) -> Any:
    if field.kind == OBJECT:
        return _incoming(field.fields, value) if isinstance(value, dict) else None
    if field.kind == OBJECTS:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return None
        return [_incoming(field.fields, item) for item in value]
    if field.kind == STRINGS:
        items = [_text(item) for item in value] if isinstance(value, list) else [None]
        return None if None in items else items
    if field.kind == NUMBER:
        amount = number(value)
        return None if field.integer and not isinstance(amount, int) else amount
    if field.kind == BOOL:
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    assert field.kind == STRING
    return _text(value)


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return None if value in MASKS else value
    amount = number(value)
    return str(amount) if isinstance(amount, int) else None

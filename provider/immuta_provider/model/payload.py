"""Translates between the attributes of a resource and the JSON of Immuta's API, both ways.

What the user set is what is sent, no more and no less: a null at any depth is left out, an empty list or object goes
along, and no default is filled in. Only the line breaks of a key file are made real ones.
"""

from __future__ import annotations

from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRING_MAP,
    STRING_SET,
    STRINGS,
    STRINGS_MAP,
    Routes,
)
from immuta_provider.model.numbers import number
from immuta_provider.model.pem import as_sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from immuta_provider.model.fields import Field, Reading, ResourceType

MASKS = ("REDACTED", "<REDACTED>", "[REDACTED]", "********")
"""The text that Immuta shows in place of a value that it keeps to itself."""


def build(type: ResourceType, config: Mapping[str, Any], *, update: bool = False) -> dict[str, Any]:
    """The body of a request that creates an object, or replaces it in an `update`: each field at its places, and the type's
    constants, which an update by another route than the one that creates does not have.

    `config` maps attribute names to known values that `rules.check` accepts. A null inside `additional_config` was
    written on purpose and is sent.
    """
    body: dict[str, Any] = {}
    life = type.life
    whole = not update or not isinstance(life, Routes) or life.update == life.create
    constants = type.constants if whole else ()
    body.update((path, value) for path, value in constants if "." not in path)
    for field in type.fields:
        value = config.get(field.name)
        value = field.unset_as if value is None else _sent(field, value)
        if value is None and update and field.clears:
            for path in [place.path for place in field.places] or [_join(type.root, field.key)]:
                _put(body, path, None)
        if value is None or field.state_only or field.in_route or (update and field.create_only):
            continue
        for place in field.places:
            part = _part(value, place.before)
            if part is not None:
                _put(body, place.path, part)
        if not field.places:
            _put(body, _join(type.root, field.key), value)
    for path, value in constants:
        if "." in path and _at(body, path.rpartition(".")[0]) is not None:
            _put(body, path, value)
    additional = config.get("additional_config")
    if additional:
        from immuta_provider.model.json_text import parse

        extra = parse(additional)
        if extra:
            _merge(body, _nest(type.open_at or "", extra))
    return body


def build_fields(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """An object of these fields alone; other names in `values` are passed over."""
    return {f.key: _sent(f, values[f.name]) for f in fields if values.get(f.name) is not None}


def read_request(type: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The attributes of the request that a body is, secret ones left out. As in `read`, but the words are the request's own."""
    return {f.name: _received(f, _at(body, read_at(type, f))) for f in type.fields if not f.secret}


def read(
    type: ResourceType | Reading, body: Mapping[str, Any], names: Collection[str] | None = None
) -> dict[str, Any]:
    """The attributes in an answer: every one that is not secret, at every depth, or those of these `names` alone.

    None stands for a key that is absent or masked, and for a value in another form than the request's, or of another kind.
    Unknown keys are dropped. A number in text, a text in numbers and "true" are read where nothing is lost.
    """
    return {
        f.name: None if read_at(type, f) in type.digested else _received(f, _at(body, read_at(type, f)))
        for f in type.fields
        if not (f.secret or f.state_only) and (names is None or f.name in names)
    }


def masked(type: ResourceType, body: Mapping[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """The paths of the secrets in the place of which an answer has some text."""
    for field in type.fields:
        yield from _masked(field, _at(body, read_at(type, field)), (field.name,))


def _masked(field: Field, value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    if field.secret:
        yield from (path,) if isinstance(value, str) and value else ()
    elif field.kind == OBJECT and isinstance(value, dict):
        for each in field.fields:
            yield from _masked(each, value.get(each.key), (*path, each.name))
    elif field.kind == OBJECTS and isinstance(value, list):
        for index, item in enumerate(value):
            for each in field.fields if isinstance(item, dict) else ():
                yield from _masked(each, item.get(each.key), (*path, index, each.name))


def read_fields(fields: tuple[Field, ...], values: Mapping[str, Any]) -> dict[str, Any]:
    """`read` for an object of these fields alone."""
    return {f.name: _received(f, values.get(f.key)) for f in fields if not f.secret}


def opened(type: ResourceType, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The object of an answer that `additional_config` is about, without what it has in other words than the request's."""
    inner = _at(body, type.open_at) if type.open_at else body
    return (
        {key: value for key, value in inner.items() if key not in type.digested}
        if isinstance(inner, dict)
        else {}
    )


def read_at(type: ResourceType | Reading, field: Field) -> str:
    return field.read_at or (field.places[0].path if field.places else _join(type.root, field.key))


def _join(root: str, key: str) -> str:
    return f"{root}.{key}" if root else key


def _part(value: Any, before: str) -> Any:
    if not before:
        return value
    part, separator, _ = str(value).partition(before)
    return part if separator else None


def _put(body: dict[str, Any], path: str, value: Any) -> None:
    """Set a value at a place, with the objects and lists on the way."""
    into: Any = body
    steps = path.split(".")
    for position, step in enumerate(steps[:-1], 1):
        new: Any = [] if steps[position].isdigit() else {}
        if isinstance(into, list):
            into.extend([new] if len(into) <= int(step) else [])
            into = into[int(step)]
        else:
            into = into.setdefault(step, new)
    if isinstance(into, list):
        into.append(value)
    else:
        into[steps[-1]] = value


def _at(body: Any, path: str) -> Any:
    """The value at a place; None where there is none."""
    for step in path.split("."):
        if isinstance(body, list) and step.isdigit():
            body = body[int(step)] if int(step) < len(body) else None
        else:
            body = body.get(step) if isinstance(body, dict) else None
    return body


def _nest(path: str, value: dict[str, Any]) -> dict[str, Any]:
    for step in reversed(path.split(".") if path else []):
        value = {step: value}
    return value


def _sent(field: Field, value: Any) -> Any:
    if field.kind == OBJECT:
        return build_fields(field.fields, value)
    if field.kind == OBJECTS:
        return [build_fields(field.fields, item) for item in value if item is not None]
    if field.kind in (STRINGS, STRING_SET):
        return [item for item in value if item is not None]
    if field.kind == STRING_MAP:
        return {key: item for key, item in value.items() if item is not None}
    if field.as_json:
        from immuta_provider.model.json_text import parse

        return parse(value)
    return number(value) if field.kind == NUMBER or field.as_number else as_sent(field, value)


def _merge(into: dict[str, Any], extra: Mapping[str, Any]) -> None:
    for key, value in extra.items():
        present = into.get(key)
        if isinstance(present, dict) and isinstance(value, dict):
            _merge(present, value)
        else:
            into[key] = value


def _received(field: Field, value: Any) -> Any:
    if field.kind == OBJECT:
        return read_fields(field.fields, value) if isinstance(value, dict) else None
    if field.kind == OBJECTS:
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            return None
        return [read_fields(field.fields, item) for item in value]
    if field.kind in (STRINGS, STRING_SET):
        return _texts([_item(field, item) for item in value] if isinstance(value, list) else None)
    if field.kind == STRING_MAP:
        texts = {key: _text(item) for key, item in value.items()} if isinstance(value, dict) else {"": None}
        return None if None in texts.values() else texts
    if field.kind == STRINGS_MAP:
        lists = {key: _texts(item) for key, item in value.items()} if isinstance(value, dict) else {"": None}
        return None if None in lists.values() else lists
    if field.kind == NUMBER:
        amount = number(value)
        return None if field.integer and not isinstance(amount, int) else amount
    if field.kind == BOOL:
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    assert field.kind == STRING
    return _text(value)


def _item(field: Field, item: object) -> object:
    return item.get(field.item_key) if field.item_key and isinstance(item, dict) else item


def _texts(value: object) -> list[str | None] | None:
    if not isinstance(value, list):
        return None
    texts = [_text(item) for item in value]
    return None if None in texts else texts


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return None if value in MASKS else value
    amount = number(value)
    return str(amount) if isinstance(amount, int) else None

"""The arguments of a resource that stands for an object as it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ..api.http.client import HttpClient
from ..api.life import Untranslatable
from ..api.records import RecordsLife
from ..model import payload, wording
from ..model.fields import OBJECT, OBJECTS, STRING_SET, Field, ResourceType
from ..plugin.diagnostics import Diagnostics
from ..plugin.redaction import REDACTOR
from ..plugin.schema import Attribute
from ..resources.resource import Resource
from . import secrets
from .things import Thing, Unwritable
from .values import Secret

TOKEN = "TfToken["
"""The text by which cdktf finds its own references in a text."""


def fill(thing: Thing, resource: Resource, client: HttpClient, *, no_touch: bool) -> None:
    """Gives a thing its arguments, secrets and notes. Raises Unwritable.

    They are planned over the state that an import makes, so that the first deploy neither creates nor replaces.
    """
    type, found = thing.type, thing.found
    body = found.body or {}
    state = resource.refreshed(resource.imported(found.id), found)
    configured = _settable(type.fields, _translated(thing, resource, client), state)
    _refuse_unfit([found.id, configured])
    paths = secrets.set_by(type, configured, body)
    _refuse_invalid(type, secrets.completed(type, configured, paths))
    _plan(thing, resource, state, configured, no_touch=no_touch)
    thing.notes += [
        *_unseen(type, body, configured, paths),
        *_further(type, body),
        *_unhealthy(thing, resource),
    ]
    for path in paths:
        secret = Secret("_".join(map(str, (thing.name, *path))))
        secrets.put(configured, path, secret)
        thing.secrets.append(secret)
    thing.arguments = configured
    if no_touch:
        thing.ignored = list(dict.fromkeys(map(secrets.ignorable, paths)))


def _refuse_invalid(type: ResourceType, config: Mapping[str, Any]) -> None:
    for problem in wording.problems(type, config):
        if problem.strict:
            raise Unwritable(f"Immuta does not show all that it needs: {problem.summary}")


def _unseen(
    type: ResourceType, body: Mapping[str, Any], config: Mapping[str, Any], paths: Sequence[secrets.Path]
) -> list[str]:
    """A note about the secrets that an update may remove. Where Immuta shows one masked, those that it leaves out are not set."""
    masked = any(payload.masked(type, body))
    sends_all = bool(paths) and not type.sends_secrets_apart
    others = secrets.possible(type, config, paths) if sends_all and not masked else []
    if not others:
        return []
    text = "Set here those that are, since an update removes the others."
    return [f"Immuta does not show if these are set: {', '.join(others)}. {text}"]


def _unhealthy(thing: Thing, resource: Resource) -> list[str]:
    status = thing.found.status
    return [f"Its status is {status}, which the first deploy mends."] if status in resource.mendable else []


def _translated(thing: Thing, resource: Resource, client: HttpClient) -> dict[str, Any]:
    """The attributes in the words of a request."""
    life = resource.life(client)
    if not thing.type.digested or not isinstance(life, RecordsLife):
        return dict(thing.shown)
    try:
        return payload.read_request(thing.type, life.as_requested(thing.found))
    except Untranslatable as error:
        raise Unwritable(str(error)) from None


def _settable(fields: Sequence[Field], values: Mapping[str, Any], state: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are somebody's: without those that Immuta filled, and without empty ones that the imported state lacks."""
    own: dict[str, Any] = {}
    for field in fields:
        value, prior = values.get(field.name), state.get(field.name)
        if field.secret or field.read_only or value is None:
            continue
        if field.kind == OBJECT:
            value = _settable(field.fields, value, prior or {})
        elif field.kind == OBJECTS:
            priors = [*(prior or ()), *({} for _ in value)]
            value = [_settable(field.fields, *both) for both in zip(value, priors, strict=False)]
        elif field.kind == STRING_SET:
            value = sorted(value)
        empty = value == {} or (value in ("", []) and prior is None)
        if field.required or not (empty or _is_default(field, value)):
            own[field.name] = value
    return own


def _is_default(field: Field, value: object) -> bool:
    """Returns whether the value is the same as none."""
    return any(value == default for default in (field.unset_as, field.computed_as) if default is not None)


def _refuse_unfit(value: Any) -> None:
    """Raises Unwritable for a text that a program cannot hold."""
    for text in _texts(value):
        if TOKEN in text:
            raise Unwritable("it has a text that CDKTF would take for one of its references")
        if REDACTOR.holds(text):
            raise Unwritable("it has a text with a secret of this run in it")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, each in value.items():
            yield name
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _further(type: ResourceType, body: Mapping[str, Any]) -> list[str]:
    """A note about the settings that no attribute stands for."""
    known = {field.key for field in type.fields}
    # An answer as a whole has keys about the object beside its settings.
    further = sorted(payload.opened(type, body).keys() - known) if type.open_at else []
    if not further:
        return []
    text = "Set in `additional_config` those that are yours, since an update removes the others."
    return [f"Immuta shows settings without an argument: {', '.join(further)}. {text}"]


def _plan(
    thing: Thing, resource: Resource, state: dict[str, Any], configured: Mapping[str, Any], *, no_touch: bool
) -> None:
    config = {a.name: _whole(a, configured.get(a.name)) for a in resource.schema.attributes}
    diagnostics = Diagnostics()
    planned = resource.plan(state, {**state, **config}, config, b"", diagnostics)
    errors = [each for each in diagnostics if each.severity == "error"]
    if errors:
        raise Unwritable(f"the provider refuses it: {errors[0].summary}")
    if planned.requires_replace:
        raise Unwritable("its first deploy would replace it")
    thing.touched = planned.state != state
    if thing.touched and no_touch:
        raise Unwritable(
            "its first deploy would write it again, since Immuta does not show all of it as it is written"
        )


def _whole(attribute: Attribute, value: Any) -> Any:
    """The value with null for each attribute that is not set, at every depth, as Terraform hands it over."""
    nested = attribute.nested
    if nested is None or value is None:
        return value
    if isinstance(value, list):
        return [_whole(attribute, each) for each in value]
    return {each.name: _whole(each, value.get(each.name)) for each in nested.attributes}

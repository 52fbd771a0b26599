"""Converts a stored `config` to its form in responses, with defaults and masked secrets."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from immuta_simulator.integrations.tables import OBJECT, OBJECTS, Key, Type, Unset
from immuta_simulator.integrations.validation import holds
from immuta_simulator.settings import Settings


def with_defaults(kind: Type, config: Mapping[str, Any], *, doubtful: bool) -> dict[str, Any]:
    """A copy of `config` with Immuta's defaults."""
    return keys_with_defaults(kind.keys, config, doubtful)


def keys_with_defaults(keys: tuple[Key, ...], sent: Mapping[str, Any], doubtful: bool) -> dict[str, Any]:
    out = deepcopy(dict(sent))
    for key in keys:
        if (
            key.name not in out
            and not isinstance(key.default, Unset)
            and (doubtful or not key.doubtful)
            and (not key.default_if or holds(key.default_if, out, {}))
        ):
            out[key.name] = deepcopy(key.default)
        if key.kind == OBJECT and isinstance(out.get(key.name), dict):
            out[key.name] = keys_with_defaults(key.keys, out[key.name], doubtful)
        if key.kind == OBJECTS and isinstance(out.get(key.name), list):
            out[key.name] = [
                keys_with_defaults(key.keys, element, doubtful) if isinstance(element, dict) else element
                for element in out[key.name]
            ]
    return out


def forgotten(kind: Type, config: Mapping[str, Any]) -> dict[str, Any]:
    """`config` with null for each secret, since an answer still shows that a secret was set."""
    return forgotten_keys(kind.keys, config)


def forgotten_keys(keys: tuple[Key, ...], config: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(config)
    for key in keys:
        if key.secret and key.name in out:
            out[key.name] = None
        elif key.kind == OBJECT and isinstance(out.get(key.name), dict):
            out[key.name] = forgotten_keys(key.keys, out[key.name])
    return out


def shown(kind: Type, config: Mapping[str, Any], automatic: bool, settings: Settings) -> dict[str, Any]:
    """`config` as GET returns it."""
    return shown_keys(kind.keys, config, automatic, settings)


def shown_keys(
    keys: tuple[Key, ...], config: Mapping[str, Any], automatic: bool, settings: Settings
) -> dict[str, Any]:
    out = dict(config)
    for key in keys:
        if key.name not in out:
            continue
        if key.one_time and automatic and settings.omit_one_time_credentials:
            del out[key.name]
        elif key.secret or (key.identifier and settings.mask_identifiers):
            if settings.secrets == "omit":
                del out[key.name]
            else:
                out[key.name] = settings.mask
        elif key.kind == OBJECT and isinstance(out[key.name], dict):
            out[key.name] = shown_keys(key.keys, out[key.name], automatic, settings)
        elif key.kind == OBJECTS and isinstance(out[key.name], list):
            out[key.name] = [
                shown_keys(key.keys, element, automatic, settings) if isinstance(element, dict) else element
                for element in out[key.name]
            ]
    return out

"""The checks of the provider's arguments; the plugin makes the same ones during the plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from immuta_provider.api.http import settings
from immuta_provider.api.http.errors import ConfigurationError
from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, STRING
from immuta_provider.model.wording import Problem

from .checks import wrong_type
from .tokens import is_unknown
from .unusable import unusable

_KINDS = {
    settings.STRING: STRING,
    settings.BOOL: BOOL,
    settings.NUMBER: NUMBER,
    settings.STRING_MAP: OBJECT,
}
_CREDENTIALS = ("api_key", "bearer_token")
_ALIAS = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")


def problems(config: Mapping[str, Any], alias: object) -> list[Problem]:
    """Returns every problem of the provider's arguments, which are plain data."""
    options = {option.name: config.get(option.name) for option in settings.OPTIONS}
    texts = {"fingerprint_key": config.get("fingerprint_key")}
    found = [*unusable({**options, **texts})]
    for option in settings.OPTIONS:
        found += wrong_type(options[option.name], _KINDS[option.kind], (option.name,))
    found += wrong_type(texts["fingerprint_key"], STRING, ("fingerprint_key",))
    headers = options["http_headers"]
    if isinstance(headers, Mapping) and not is_unknown(headers):
        for name, value in headers.items():
            found += wrong_type(value, STRING, ("http_headers", str(name)))
    wrong = {problem.path[0] for problem in found}
    found += _client_problems({name: value for name, value in options.items() if name not in wrong})
    if alias is not None and not (isinstance(alias, str) and _ALIAS.fullmatch(alias)):
        detail = f"it is {alias!r}. Use letters, digits, hyphens and underscores, and do not start with a digit or a hyphen."
        found.append(Problem(("alias",), True, "alias is not a valid provider alias", detail))
    return found


def _client_problems(options: Mapping[str, Any]) -> Iterator[Problem]:
    """Yields the options that the client refuses. Each is tried alone, so all are reported; both credentials count as one."""
    known = {name: value for name, value in options.items() if value is not None and not is_unknown(value)}
    credentials = {name: known.pop(name) for name in _CREDENTIALS if name in known}
    # The file need not exist on the machine that synthesizes.
    known.pop("ca_file", None)
    headers = known.get("http_headers")
    if isinstance(headers, Mapping):
        named = {name: value for name, value in headers.items() if not is_unknown(name)}
        known["http_headers"] = {name: "" if is_unknown(value) else value for name, value in named.items()}
    for values in ({name: value} for name, value in known.items()):
        yield from _refused({"host": "localhost", "api_key": "unset", **values}, values)
    if credentials:
        yield from _refused({"host": "localhost", **credentials}, credentials)


def _refused(values: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        settings.Settings(**values)
    except ConfigurationError as error:
        yield Problem((next(iter(about)),), True, error.summary, error.detail)

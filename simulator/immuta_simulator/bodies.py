"""Parses request bodies: JSON, and the YAML that Immuta's guides allow. Both give values of JSON only."""

from __future__ import annotations

import json
import math
from typing import Any

import yaml

from immuta_simulator.refusal import Refusal

YAML_TYPES = frozenset({"application/x-yaml", "application/yaml", "text/yaml", "text/x-yaml"})
JSON = "application/json"
V2 = "/api/v2/"
"""The routes that take YAML in a body of any type but JSON's: Immuta's guide sends it as `text/plain`."""


DEPTH = 100
"""The deepest nesting of values that the simulator handles."""
BROKEN = (ValueError, TypeError, LookupError, AttributeError, RecursionError, yaml.YAMLError)
"""The errors of the two parsers. PyYAML raises several others for a tag that does not fit its value."""


class PlainLoader(yaml.SafeLoader):
    """A YAML loader that reads an unquoted date as text."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(raw: bytes, content_type: str, path: str = "") -> Any:
    """Returns the body's value; None for an empty body. Raises a 400 that does not quote the body."""
    if not raw.strip():
        return None
    media_type = content_type.partition(";")[0].strip().lower()
    try:
        if media_type in YAML_TYPES or (path.startswith(V2) and media_type != JSON):
            # SafeLoader builds plain values only, of which some are not JSON's.
            value = json.loads(json.dumps(yaml.load(raw, PlainLoader), allow_nan=False))
        else:
            value = json.loads(raw, parse_constant=refuse_constant, parse_float=finite)
        refuse_depth(value)
    except BROKEN as error:
        raise Refusal(400, "Invalid request payload format") from error
    return value


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError("too large a number")
    return number


def refuse_depth(value: Any, depth: int = 0) -> None:
    if depth > DEPTH:
        raise ValueError("too deep")
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        refuse_depth(part, depth + 1)

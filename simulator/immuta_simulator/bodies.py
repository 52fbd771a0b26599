"""Request bodies: JSON, and the YAML that Immuta's guides allow as well."""

from __future__ import annotations

import json
from typing import Any

import yaml

from immuta_simulator.refusal import Refusal

YAML_TYPES = frozenset({"application/x-yaml", "application/yaml", "text/yaml", "text/x-yaml"})


class PlainLoader(yaml.SafeLoader):
    """YAML with JSON's values alone: an unquoted date stays text."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def parse(raw: bytes, content_type: str) -> Any:
    """The body's value; None for an empty one. Raises a 400 that does not quote it."""
    if not raw.strip():
        return None
    try:
        if content_type.partition(";")[0].strip().lower() in YAML_TYPES:
            # SafeLoader builds plain values only.
            return yaml.load(raw, PlainLoader)
        return json.loads(raw, parse_constant=refuse_constant)
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise Refusal(400, "Invalid request payload format") from error


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")

"""The secrets in a configuration, and whether they are still the ones that Immuta was last sent."""

from __future__ import annotations

from ...model.pem import as_0_1_0_sent, as_sent
from ...plugin.values import Unknown
from .fingerprints import CHANGED, MATCH, UNCHECKABLE, UNKNOWN_YET

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from ...model.fields import Field, ResourceType
    from .fingerprints import Fingerprint, Fingerprints

UNSEEN = "unseen"
REMOVED = "removed"


def configured(type: ResourceType, config: Mapping[str, Any]) -> dict[str, Any]:
    """Every secret that `config` sets, by its path with dots (a list's index is a step): text as it is sent, or Unknown."""
    return dict(_walk(type.fields, config, ""))


def _walk(fields: tuple[Field, ...], value: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _walk(fields, item, f"{prefix}{i}.")
    elif isinstance(value, dict):
        for field in fields:
            child = value.get(field.name)
            if child is None:
                continue
            if field.secret or (field.holds_secret and isinstance(child, Unknown)):
                yield prefix + field.name, as_sent(field, child)
            elif field.holds_secret:
                yield from _walk(field.fields, child, f"{prefix}{field.name}.")


def fingerprint(secrets: Mapping[str, Any], fingerprints: Fingerprints) -> dict[str, Fingerprint]:
    """A fingerprint for each secret, to be kept once Immuta took them."""
    return {path: fingerprints.make(str(secret)) for path, secret in secrets.items()}


def compare(
    secrets: Mapping[str, Any], known: Mapping[str, Fingerprint], fingerprints: Fingerprints
) -> dict[str, str]:
    """Compares each configured secret with its fingerprint: `match`, `changed`, `uncheckable`, `unseen` (there is no
    fingerprint: new, or imported) or `unknown`. A secret that is not configured is not compared: Terraform shows null
    for one under `ignore_changes`."""
    result: dict[str, str] = {}
    for path, secret in secrets.items():
        if isinstance(secret, Unknown):
            result[path] = UNKNOWN_YET
        elif path not in known:
            result[path] = UNSEEN
        else:
            result[path] = _check(fingerprints, known[path], str(secret))
    return result


def _check(fingerprints: Fingerprints, known: Fingerprint, secret: str) -> str:
    found = fingerprints.check(known, secret)
    if found == CHANGED and any(fingerprints.check(known, other) == MATCH for other in as_0_1_0_sent(secret)):
        return MATCH
    return found


__all__ = [
    "CHANGED",
    "MATCH",
    "REMOVED",
    "UNCHECKABLE",
    "UNKNOWN_YET",
    "UNSEEN",
    "compare",
    "configured",
    "fingerprint",
]

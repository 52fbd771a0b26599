"""The check of the environment variables: which are set, and never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from ..api.http import settings
from ..plugin.redaction import SHORTEST
from ..resources.registry import ADAPTED
from ..resources.secrets.fingerprints import FINGERPRINT_KEY
from .check import Check, ok, warning

TEARDOWN = "IMMUTA_TEARDOWN_"
# Variables of the constructs, of the plugin's launcher and of the simulator.
OTHERS = ("IMMUTA_CDK", "IMMUTA_PROVIDER_PYTHON", "IMMUTA_SIMULATOR_API_KEY")
_KNOWN = (
    *(option.variable for option in settings.OPTIONS if option.variable),
    FINGERPRINT_KEY,
    *OTHERS,
)


def secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """The secrets in the provider's variables, and the values of unknown names that are long enough to be recognized."""
    secret = {option.variable for option in settings.OPTIONS if option.secret} | {FINGERPRINT_KEY}
    for name, value in environ.items():
        if name in secret or (name in _unknown(environ) and len(value) >= SHORTEST):
            yield value
    for family in ADAPTED.values():
        yield from family.secrets(environ)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    return [name for name in _ours(environ) if name not in _KNOWN and not name.startswith(TEARDOWN)]


def _ours(environ: Mapping[str, str]) -> list[str]:
    return sorted(name for name, value in environ.items() if name.startswith("IMMUTA_") and value.strip())


def check(environ: Mapping[str, str]) -> Check:
    unknown = _unknown(environ)
    if unknown:
        hints = [
            f"{name} (did you mean {close[0]}?)"
            if (close := get_close_matches(name, _KNOWN, 1, cutoff=0.8))
            else name
            for name in unknown
        ]
        return warning(
            "environment",
            f"the provider does not read {', '.join(hints)}",
            "Correct the name, or remove the variable.",
        )
    ours = _ours(environ)
    return ok("environment", f"set: {', '.join(ours)}" if ours else "no variable of the provider is set")

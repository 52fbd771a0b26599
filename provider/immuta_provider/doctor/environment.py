"""The check of the environment variables: which are set, and never a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from ..api.http import settings
from ..resources.secrets.fingerprints import FINGERPRINT_KEY
from .check import Check, ok, warning

TEARDOWN = "IMMUTA_TEARDOWN_"
# Variables of the constructs, of the plugin's launcher and of the simulator.
OTHERS = ("IMMUTA_CDK", "IMMUTA_PROVIDER_PYTHON", "IMMUTA_SIMULATOR_API_KEY")
_OPEN = frozenset(option.variable for option in settings.OPTIONS if option.variable and not option.secret)
_KNOWN = (
    *(option.variable for option in settings.OPTIONS if option.variable),
    FINGERPRINT_KEY,
    *OTHERS,
)


def secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """The values of all variables of ours that are not known to be open."""
    return (value for name, value in environ.items() if name.startswith("IMMUTA_") and name not in _OPEN)


def check(environ: Mapping[str, str]) -> Check:
    ours = sorted(name for name, value in environ.items() if name.startswith("IMMUTA_") and value.strip())
    unknown = [name for name in ours if name not in _KNOWN and not name.startswith(TEARDOWN)]
    if unknown:
        hints = [
            f"{name} (did you mean {close[0]}?)" if (close := get_close_matches(name, _KNOWN, 1)) else name
            for name in unknown
        ]
        return warning(
            "environment",
            f"the provider does not read {', '.join(hints)}",
            "Correct the name, or remove the variable.",
        )
    return ok("environment", f"set: {', '.join(ours)}" if ours else "no variable of the provider is set")

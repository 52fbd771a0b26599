"""Every piece of advice in the provider's errors and warnings is followed by a test: `support.followers` names it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support.advice import advice, sentences_of
from support.followers import FOLLOWERS

ROOT = Path(__file__).parents[1]

# Sentences that look like advice and are not: nobody has to act on them.
NOT_ADVICE = {
    "`insecure_skip_tls_verify` is true: anyone on the network path can read and change the traffic, including credentials.",
    "sets up what Immuta manages in the platform; run it before the integration is created",
    "changes what Immuta manages in the platform; run it before the integration is updated to these settings",
    "removes what Immuta manages in the platform; run it before the integration is destroyed",
    "an unknown value cannot be changed: make a new one",
}


def test_every_piece_of_advice_has_a_follower() -> None:
    found = {(module, text) for module, texts in advice().items() for text in texts if text not in NOT_ADVICE}
    followed = {(module, text) for module, texts in FOLLOWERS.items() for text in texts}
    assert (sorted(found - followed), sorted(followed - found)) == ([], [])


def test_every_follower_exists() -> None:
    """A name that ends within a test's parameters stands for each test that begins so."""
    named = {test for texts in FOLLOWERS.values() for tests in texts.values() for test in tests}
    files = sorted({test.partition("::")[0] for test in named})
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *files],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    there = {test: any(line == test or line.startswith(test) for line in collected) for test in named}
    assert [test for test, exists in sorted(there.items()) if not exists] == []
    assert [text for texts in FOLLOWERS.values() for text, tests in texts.items() if not tests] == []


def test_advice_is_found_and_facts_are_not() -> None:
    source = '''
def f(host, why):
    """Set nothing: a docstring advises nobody."""
    Attribute("name", description="Set this or another.")
    About(advice=(("audit", WHEN, "It probably fails. Set audit."),), description="Use it.")
    error("It failed", f"{host} was not found: {why}. Check `host`. It was "
        "asked once.")
    return "no answer came; please report it", "It may be wrong, revoked, or expired.", "a\\n\\nApply again to go on."
'''
    assert list(sentences_of(source)) == [
        "Set audit.",
        "Check `host`.",
        "no answer came; please report it",
        "Apply again to go on.",
    ]

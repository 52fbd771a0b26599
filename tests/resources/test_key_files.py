"""Key files in the life of an integration: another spelling of the same line breaks is not another key."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.resources.secrets import secrets
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from support.worlds import MakeCore

SNOWFLAKE = "immuta_snowflake_integration"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIabc\n-----END PRIVATE KEY-----\n"
SPELLINGS = {
    "as a file": KEY,
    "with escaped line breaks": KEY.replace("\n", "\\n"),
    "from Windows": KEY.replace("\n", "\r\n"),
}


def config(content: str) -> dict[str, Any]:
    return {
        "auto_bootstrap": False,
        "host": "acme.snowflakecomputing.com",
        "warehouse": "WH",
        "database": "IMMUTA",
        "authentication_type": "keyPair",
        "username": "admin",
        "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8", "content": content},
    }


@pytest.mark.parametrize("first", SPELLINGS)
def test_another_spelling_of_a_key_plans_nothing(core: MakeCore, first: str) -> None:
    world = core(SNOWFLAKE)
    assert world.apply(config(SPELLINGS[first])).diagnostics == []
    assert world.control.stored_one("integrations", "1")["config"]["privateKey"]["content"] == KEY
    assert {name: world.apply(config(text)).action for name, text in SPELLINGS.items()} == dict.fromkeys(
        SPELLINGS, "none"
    )
    assert world.apply(config(KEY.replace("abc", "abd"))).action == "update"


@pytest.mark.parametrize("key", [None, "a key"], ids=["scrypt", "hmac"])
@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ("as a file", secrets.MATCH),
        ("from Windows", secrets.MATCH),
        # Immuta was sent a key that does not work, which an update mends.
        ("with escaped line breaks", secrets.CHANGED),
    ],
)
def test_a_fingerprint_of_0_1_0_still_matches_a_well_formed_key(
    key: str | None, stored: str, expected: str
) -> None:
    fingerprints = Fingerprints(key)
    known = {"private_key.content": fingerprints.make(SPELLINGS[stored])}
    configured = secrets.configured(BY_RESOURCE[SNOWFLAKE], config(SPELLINGS[stored]))
    assert secrets.compare(configured, known, fingerprints) == {"private_key.content": expected}

"""Which types have an API key that Immuta makes and can make anew (Immuta's table of endpoints), and the attribute for it."""

from __future__ import annotations

from immuta_provider.integrations.common import common_fields
from immuta_provider.integrations.compiled import INTEGRATIONS


def test_trino_alone_has_a_key() -> None:
    assert [i.type for i in INTEGRATIONS if i.rotates_api_key] == ["Trino"]
    assert [i.type for i in INTEGRATIONS if "rotation_trigger" in {f.name for f in common_fields(i)}] == [
        "Trino"
    ]

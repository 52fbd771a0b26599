"""Which types have an API key that Immuta makes and can make anew (Immuta's table of endpoints), and the attribute for it."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS


def test_only_trino_has_an_api_key() -> None:
    assert [i.type for i in INTEGRATIONS if i.rotates_api_key] == ["Trino"]
    assert [i.type for i in INTEGRATIONS if i.field("rotation_trigger")] == ["Trino"]

"""Schemas and codecs, which are most of a provider's start."""

from __future__ import annotations

from immuta_provider.plugin.protocol.codecs import codec
from immuta_provider.provider import ImmutaProvider


def test_two_providers_of_a_process_share_schemas_and_codecs() -> None:
    one, other = ImmutaProvider({}), ImmutaProvider({})
    pairs = [(one.schema, other.schema)]
    pairs += [(one.resources[name].schema, other.resources[name].schema) for name in one.resources]
    assert [a is b and codec(a) is codec(b) for a, b in pairs] == [True] * len(pairs)

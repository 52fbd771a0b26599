from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.secrets.fingerprints import (
    CHANGED,
    MATCH,
    UNCHECKABLE,
    UNKNOWN_YET,
    Fingerprints,
)
from immuta_provider.resources.secrets.private_state import PrivateState
from support.damage import JSON, places, put


def content(state: PrivateState) -> tuple[object, ...]:
    return state.configured, state.secrets, state.doubtful, state.planned


def test_it_comes_back_as_it_went() -> None:
    state = PrivateState(
        [("port",), ("audit", "enabled")], {"password": {"kind": "scrypt"}}, planned=[("rows", 1, "size")]
    )
    encoded = state.encode()
    assert encoded == (
        b'{"configured":[["audit","enabled"],["port"]],"planned":[["rows",1,"size"]],'
        b'"secrets":{"password":{"kind":"scrypt"}}}'
    )
    assert content(PrivateState.decode(encoded)) == content(state)


def test_a_doubtful_update_is_remembered() -> None:
    encoded = PrivateState(doubtful=True).encode()
    assert encoded == b'{"configured":[],"doubtful":true,"secrets":{}}'
    assert PrivateState.decode(encoded).doubtful is True


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"1" * 5000,
        b'{"configured": 5, "secrets": [], "doubtful": 1}',
        b'{"configured": [], "secrets": {}, "doubtful": 1}',
        b'{"configured": [], "secrets": {}, "doubtful": null}',
        b'{"configured": [], "secrets": {}, "planned": {}}',
        b'{"configured": []}',
        b'{"secrets": {}}',
        b'{"configured": ["a", {}], "secrets": {"a": 1}}',
        b'{"configured": [["a"]], "secrets": {"a": {"kind": "scrypt"}, "b": 1}}',
        b'{"configured": [[["a"]], [{}], [null], [true], [1.5], []], "secrets": {}}',
        b'{"configured": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"secrets": {"a": ' + b'{"b":' * 100_000 + b"1" + b"}" * 100_000 + b"}}",
    ],
)
def test_what_cannot_be_read_is_not_known(data: bytes) -> None:
    """Nothing is in doubt where there is no private state, as after an import."""
    assert content(PrivateState.decode(data)) == (frozenset(), {}, bool(data), frozenset())


WHOLE: list[dict[str, Any]] = [
    {
        "configured": [["audit", "enabled"], ["rows", 1]],
        "secrets": {"password": fingerprint},
        "doubtful": False,
        "planned": [["port"]],
    }
    for fingerprint in (Fingerprints().make("a secret"), Fingerprints("a key").make("a secret"))
]
CHECKERS = [Fingerprints(), Fingerprints("a key"), Fingerprints(UNKNOWN)]


@given(st.sampled_from(WHOLE), st.integers(0, 100), JSON)
def test_any_json_in_any_place_is_no_error(whole: dict[str, Any], place: int, value: Any) -> None:
    paths = list(places(whole))
    damaged = put(whole, paths[place % len(paths)], value)
    decoded = PrivateState.decode(json.dumps(damaged).encode())
    assert content(PrivateState.decode(decoded.encode())) == content(decoded)
    for fingerprint in decoded.secrets.values():
        for checker in CHECKERS:
            found = checker.check(fingerprint, "a secret")
            assert found in (MATCH, CHANGED, UNCHECKABLE, UNKNOWN_YET)

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.fingerprints import CHANGED, MATCH, UNCHECKABLE, UNKNOWN_YET, Fingerprints
from immuta_provider.resources.private_state import PrivateState

Path = tuple[str | int, ...]


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


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from([-1, 10**400, 1 << 14]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
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


def places(value: Any, path: Path = ()) -> Iterator[Path]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def put(whole: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(whole)
    place = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return changed

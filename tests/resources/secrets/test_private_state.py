from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.plugin.plan import configured_paths
from immuta_provider.plugin.schema import Attribute
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.schema import resource_schema
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


SALT, HASH, OLD_HASH = "00ff" * 8, "10" * 16, "ab" * 32
SCRYPT = {"kind": "scrypt", "n": 16384, "r": 8, "p": 1, "salt": SALT, "hash": HASH}
HMAC = {"kind": "hmac-sha256", "salt": SALT, "hash": HASH, "key": "0123456789abcdef"}
SNOWFLAKE: list[tuple[str | int, ...]] = [
    ("audit",),
    ("audit", "enabled"),
    ("impersonation",),
    ("impersonation", "enabled"),
    ("lineage",),
    ("lineage", "enabled"),
    ("port",),
    ("role",),
    ("user_role_pattern",),
    ("user_role_pattern", "exclude"),
    ("username",),
    ("workspaces",),
    ("workspaces", "enabled"),
    ("workspaces", "warehouses"),
]


def test_a_private_state_is_one_short_text() -> None:
    state = PrivateState(
        [*SNOWFLAKE, ("rows", 1, "size"), ("rows", 10, "size")],
        {"password": SCRYPT, "rows.1.token": HMAC},
        doubtful=True,
        planned=[("port",), ("audit", "enabled")],
    )
    encoded = state.encode()
    assert encoded == (
        b"2?|audit .enabled impersonation .enabled lineage .enabled port role rows.1.size .10.size "
        b"user_role_pattern .exclude username workspaces .enabled .warehouses"
        b"|password=sAP8A/wD/AP8A/wD/AP8A/w:EBAQEBAQEBAQEBAQEBAQEA "
        b"rows.1.token=hAP8A/wD/AP8A/wD/AP8A/w:EBAQEBAQEBAQEBAQEBAQEA:ASNFZ4mrze8"
        b"|audit.enabled port"
    )
    assert content(PrivateState.decode(encoded)) == content(state)


def optional_leaves(
    attributes: Iterable[Attribute], parent: tuple[str, ...] = ()
) -> Iterator[tuple[str, ...]]:
    for attribute in attributes:
        path = (*parent, attribute.name)
        if attribute.nested is not None:
            yield from optional_leaves(attribute.nested.attributes, path)
        elif attribute.optional and not attribute.write_only:
            yield path


def config_with(
    attributes: Iterable[Attribute], paths: list[tuple[str, ...]], parent: tuple[str, ...] = ()
) -> dict[str, Any]:
    """A configuration that sets the leaves at `paths`, and nothing else."""
    config: dict[str, Any] = {}
    for attribute in attributes:
        path = (*parent, attribute.name)
        if not any(leaf[: len(path)] == path for leaf in paths):
            config[attribute.name] = None
        elif attribute.nested is None:
            config[attribute.name] = "set"
        else:
            config[attribute.name] = config_with(attribute.nested.attributes, paths, path)
    return config


OAUTH = "oauth_client_config"
SECRETS = [
    "password",
    "private_key.content",
    "private_key_password",
    "connect_args",
    f"{OAUTH}.client_secret",
    f"{OAUTH}.oauth_private_key.content",
]


@pytest.mark.parametrize("key", [None, "a key"])
@pytest.mark.parametrize("secret", SECRETS)
def test_at_most_200_bytes_for_one_secret_and_the_ten_longest_optional_leaves(
    secret: str, key: str | None
) -> None:
    schema = resource_schema(BY_RESOURCE["immuta_snowflake_integration"])
    oauth = secret.startswith(OAUTH)
    usable = [path for path in optional_leaves(schema.attributes) if oauth or path[0] != OAUTH]
    longest = sorted(usable, key=lambda path: len(".".join(path)))[-10:]
    state = PrivateState(
        configured_paths(schema, config_with(schema.attributes, longest)),
        {secret: Fingerprints(key).make("a secret")},
    )
    assert len(state.encode()) <= 200


@pytest.mark.parametrize(
    "fingerprint",
    [
        SCRYPT,
        HMAC,
        {**SCRYPT, "hash": OLD_HASH},
        {**HMAC, "hash": OLD_HASH},
        {**HMAC, "salt": "00ff" * 4, "key": "012345"},
        {**SCRYPT, "n": 32768, "p": 2},
    ],
)
def test_a_fingerprint_in_json_is_the_same_as_text(fingerprint: dict[str, Any]) -> None:
    old = {"configured": [["port"], ["rows", 0]], "secrets": {"password": fingerprint}, "doubtful": True}
    read = PrivateState.decode(json.dumps(old).encode())
    written = PrivateState([("port",), ("rows", 0)], {"password": fingerprint}, True)
    assert content(read) == content(written)
    assert content(PrivateState.decode(read.encode())) == content(written)


TEXT = st.text(st.characters())  # every code point, surrogates included
PATHS = st.lists(st.lists(TEXT | st.integers(), min_size=1, max_size=4).map(tuple))


@given(PATHS, st.dictionaries(TEXT, st.sampled_from([SCRYPT, HMAC])), st.booleans(), PATHS)
def test_any_names_are_decoded_as_they_were(
    configured: list[Any], secrets: dict[str, Any], doubtful: bool, planned: list[Any]
) -> None:
    state = PrivateState(configured, secrets, doubtful, planned)
    assert content(PrivateState.decode(state.encode())) == content(state)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b"1" * 5000,
        b"2",
        b"3||",
        b"2||||",
        b"2?x||",
        b"2|.port|",
        b"2|port  role|",
        b"2|port.|",
        b"2|1x|",
        b"2|%|%zz|",
        b"2|%ff|",
        b"2||password",
        b"2||password=",
        b"2||password=xAA:AA",
        b"2||password=sAA",
        b"2||password=sAA:AA:1,1",
        b"2||password=sAA:AA:1,1,1:AA",
        b"2||password=hAA:AA",
        b"2||password=hAA:AA:AA:AA",
        b"2||password=sAB:AA",
        b"2||password=sA*:AA",
        b"2||\xff",
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
def test_unreadable_private_state_is_unknown(data: bytes) -> None:
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
def test_any_json_in_any_place_is_decoded_without_an_error(
    whole: dict[str, Any], place: int, value: Any
) -> None:
    paths = list(places(whole))
    damaged = put(whole, paths[place % len(paths)], value)
    decoded = PrivateState.decode(json.dumps(damaged).encode())
    again = PrivateState.decode(decoded.encode())
    assert (again.configured, again.doubtful, again.planned, again.secrets.keys()) == (
        decoded.configured,
        decoded.doubtful,
        decoded.planned,
        decoded.secrets.keys(),
    )
    for path, fingerprint in decoded.secrets.items():
        for checker in CHECKERS:
            found = checker.check(fingerprint, "a secret")
            assert found in (MATCH, CHANGED, UNCHECKABLE, UNKNOWN_YET)
            assert (found == MATCH) == (checker.check(again.secrets[path], "a secret") == MATCH)

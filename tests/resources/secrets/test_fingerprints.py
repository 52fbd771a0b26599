from __future__ import annotations

import os
import threading
import time
from typing import Any

import pytest
from immuta_provider.plugin.refusal import Refusal
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.secrets.fingerprints import (
    CHANGED,
    MATCH,
    UNCHECKABLE,
    UNKNOWN_YET,
    Fingerprints,
)

SECRET = 'päss "word"\n'


@pytest.mark.parametrize("key", [None, "a key"])
def test_a_fingerprint_matches_its_secret_alone(key: str | None) -> None:
    made = Fingerprints(key).make(SECRET)
    assert Fingerprints(key).check(made, SECRET) == MATCH
    assert Fingerprints(key).check(made, SECRET + " ") == CHANGED


def test_fingerprint_has_its_kind_and_parameters() -> None:
    def shape(fingerprint: dict[str, Any]) -> dict[str, Any]:
        """The fingerprint with the lengths of its random parts."""
        lengths: dict[str, Any] = {
            name: len(fingerprint[name]) for name in ("salt", "hash", "key") if name in fingerprint
        }
        return {**fingerprint, **lengths}

    plain = {"kind": "scrypt", "n": 16384, "r": 8, "p": 1, "salt": 32, "hash": 32}
    assert shape(Fingerprints().make(SECRET)) == plain
    keyed = {"kind": "hmac-sha256", "salt": 16, "hash": 32, "key": 6}
    assert shape(Fingerprints("a key").make(SECRET)) == keyed


@pytest.mark.parametrize("key", [None, "a key"])
def test_two_integrations_with_one_secret_have_different_fingerprints(key: str | None) -> None:
    first, second = Fingerprints(key).make(SECRET), Fingerprints(key).make(SECRET)
    assert first["salt"] != second["salt"]
    assert first["hash"] != second["hash"]


def test_an_old_kind_is_checked_by_its_own_rule() -> None:
    old = Fingerprints().make(SECRET)
    assert Fingerprints("a new key").check(old, SECRET) == MATCH
    assert Fingerprints("a new key").check(old, "another") == CHANGED


def test_a_fingerprint_under_another_key_cannot_be_checked() -> None:
    made = Fingerprints("old key").make(SECRET)
    assert Fingerprints("new key").check(made, SECRET) == UNCHECKABLE
    assert Fingerprints().check(made, SECRET) == UNCHECKABLE
    assert Fingerprints(UNKNOWN).check(made, SECRET) == UNKNOWN_YET


def test_a_fingerprint_of_0_1_0_is_checked() -> None:
    """Its parts are longer than those of a fingerprint that is made today."""
    old = {
        "kind": "hmac-sha256",
        "salt": "00112233445566778899aabbccddeeff",
        "key": "8179dcc603c8ddaa",
        "hash": "791956fc168ba0b6b0125c50d36ca7c23213304644fac479b3a9d899d40993a7",
    }
    checkers = [Fingerprints("a key"), Fingerprints("another key")]
    assert [checker.check(old, SECRET) for checker in checkers] == [MATCH, UNCHECKABLE]
    assert checkers[0].check(old, "another") == CHANGED


# Values that no fingerprint of scrypt has.
CHANGES: list[dict[str, Any]] = [
    *({"n": value} for value in (-5, None, True, 16384.0, "16384", 1, 1000, 10**400)),
    *({"n": 1 << 21, "r": 1}, {"n": 1 << 18, "r": 1}, {"n": -(1 << 14), "r": -8}),
    *({"r": 0}, {"r": -1, "p": -1}, {"p": 1 << 20}),
    *({"salt": None}, {"salt": ["00"]}, {"hash": None}, {"hash": ""}, {"hash": 5}),
    {"kind": ["scrypt"]},
]


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"kind": "md5", "salt": "00"},
        {"kind": "scrypt", "salt": 5, "n": 2, "r": 1, "p": 1},
        {"kind": "scrypt", "salt": "00", "n": 1 << 40, "r": 8, "p": 1},
        {"kind": "scrypt", "salt": "00", "n": 1000, "r": 8, "p": 1, "hash": ""},
        {"kind": "scrypt", "salt": "00"},
        *(
            {"kind": "scrypt", "salt": "00", "n": 1 << 14, "r": 8, "p": 1, "hash": "0" * 64, **change}
            for change in CHANGES
        ),
        {"kind": "hmac-sha256", "salt": "00", "key": None, "hash": "0" * 64},
        {"kind": "hmac-sha256", "salt": "00", "key": "", "hash": "0" * 64},
        {"kind": "hmac-sha256", "salt": "\ud800"},
    ],
)
def test_a_damaged_fingerprint_cannot_be_checked(damaged: dict[str, object]) -> None:
    found = [fingerprints.check(damaged, SECRET) for fingerprints in (Fingerprints(), Fingerprints("a key"))]
    assert found == [UNCHECKABLE, UNCHECKABLE]


def test_stopped_run_computes_no_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    fingerprints = Fingerprints(stop=stop)
    made = fingerprints.make(SECRET)
    stop.set()
    monkeypatch.setattr("hashlib.scrypt", None)
    assert fingerprints.check(made, SECRET) == MATCH
    with pytest.raises(Refusal):
        fingerprints.check(made, "another")
    with pytest.raises(Refusal):
        fingerprints.make(SECRET)
    assert Fingerprints("a key", stop).check(Fingerprints("a key", stop).make(SECRET), SECRET) == MATCH


def test_each_fingerprint_is_computed_once_a_process() -> None:
    fingerprints = Fingerprints()
    made = fingerprints.make(SECRET)
    started = time.perf_counter()
    for _ in range(100):
        assert fingerprints.check(made, SECRET) == MATCH
    assert time.perf_counter() - started < 0.1


def test_no_more_fingerprints_are_computed_at_once_than_there_are_cores(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most, lock = 0, 0, threading.Lock()

    def scrypt(*_: object, **__: object) -> bytes:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        return b"\0" * 32

    monkeypatch.setattr("hashlib.scrypt", scrypt)
    fingerprints = Fingerprints()
    threads = [threading.Thread(target=fingerprints.make, args=(str(i),)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == (os.cpu_count() or 1)

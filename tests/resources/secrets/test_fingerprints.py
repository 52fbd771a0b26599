from __future__ import annotations

import os
import threading
import time

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
def test_a_fingerprint_tells_its_secret_from_any_other(key: str | None) -> None:
    made = Fingerprints(key).make(SECRET)
    assert Fingerprints(key).check(made, SECRET) == MATCH
    assert Fingerprints(key).check(made, SECRET + " ") == CHANGED


def test_fingerprint_has_its_kind_and_parameters() -> None:
    plain, keyed = Fingerprints().make(SECRET), Fingerprints("a key").make(SECRET)
    assert {k: v for k, v in plain.items() if k not in ("salt", "hash")} == {
        "kind": "scrypt",
        "n": 16384,
        "r": 8,
        "p": 1,
    }
    assert {k: v for k, v in keyed.items() if k not in ("salt", "hash", "key")} == {"kind": "hmac-sha256"}
    assert (len(plain["salt"]), len(plain["hash"]), len(keyed["salt"]), len(keyed["hash"])) == (
        32,
        32,
        16,
        32,
    )
    assert len(keyed["key"]) == 6


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
            for change in (
                {"n": -5},
                {"n": None},
                {"n": True},
                {"n": 16384.0},
                {"n": "16384"},
                {"n": 1},
                {"n": 1000},
                {"n": 10**400},
                {"r": 0},
                {"n": -(1 << 14), "r": -8},
                {"r": -1, "p": -1},
                {"p": 1 << 20},
                {"n": 1 << 21, "r": 1},
                {"n": 1 << 18, "r": 1},
                {"salt": None},
                {"salt": ["00"]},
                {"hash": None},
                {"hash": ""},
                {"hash": 5},
                {"kind": ["scrypt"]},
            )
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


def test_each_is_computed_once_a_process() -> None:
    fingerprints = Fingerprints()
    made = fingerprints.make(SECRET)
    started = time.perf_counter()
    for _ in range(100):
        assert fingerprints.check(made, SECRET) == MATCH
    assert time.perf_counter() - started < 0.1


def test_no_more_at_once_than_there_are_cores(monkeypatch: pytest.MonkeyPatch) -> None:
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

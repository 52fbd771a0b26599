"""Fingerprints of secrets: how a rotation is seen although no secret is ever stored.

A fingerprint stands in the resource's private state beside its kind and parameters. Without a key it is a salted scrypt
hash (N = 2^14, r = 8, p = 1: 16 MiB and some 40 ms a guess); with the provider's `fingerprint_key` it is an HMAC-SHA256
under that key, which leaves a thief of the state nothing to guess against. An old kind goes on being checked by its own
rule; one made under another key cannot be checked.
"""

from __future__ import annotations

import os
import threading

from ...plugin.refusal import Refusal
from ...plugin.values import Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeGuard

    Fingerprint = dict[str, Any]

FINGERPRINT_KEY = "IMMUTA_FINGERPRINT_KEY"
"""The environment variable of the key."""

MATCH = "match"
CHANGED = "changed"
UNKNOWN_YET = "unknown"
UNCHECKABLE = "uncheckable"

_N, _R, _P = 1 << 14, 8, 1
# The product of the parameters bounds the time and the memory: 8 times what is made here, 128 MiB and some 0.4 s.
_MOST = 1 << 20
# Bytes. Beside a key the salt only hides that two resources have one secret; without one it makes tables of guesses useless.
_SALT, _KEYED_SALT = 16, 8
# 128 bits: another secret counts as the same once in 2^128, and a thief who guesses gains nothing by the missing half, since each
# guess costs as much. Version 0.1.0 kept all 256.
_HASH_DIGITS = 32
_HASH_DIGITS_OF_0_1_0 = 64
# 24 bits, which base64 writes without a remainder. Another key with the same id is harmless: the secret then counts as changed
# instead of as uncheckable, and both plan the same update. Version 0.1.0 kept 64 bits.
_KEY_DIGITS = 6
_KEY_DIGITS_OF_0_1_0 = 16


class Fingerprints:
    """Makes and checks fingerprints; each is computed once a process, and as many at once as there are cores.

    Once `stop` is set, a scrypt hash that is not known yet raises Refusal: an interrupted run has no time for it.
    """

    def __init__(self, key: str | Unknown | None = None, stop: threading.Event | None = None) -> None:
        self._stop = stop or threading.Event()
        self._key_unknown = isinstance(key, Unknown)
        self._key = key.encode() if isinstance(key, str) and key else None
        self._cores = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._known: dict[tuple[object, ...], str] = {}

    def make(self, secret: str) -> Fingerprint:
        """A fresh fingerprint: two resources with one secret have different ones."""
        if self._key is not None:
            salt = os.urandom(_KEYED_SALT).hex()
            return {
                "kind": "hmac-sha256",
                "salt": salt,
                "key": self._key_id(salt)[:_KEY_DIGITS],
                "hash": self._hmac(salt, secret)[:_HASH_DIGITS],
            }
        salt = os.urandom(_SALT).hex()
        return {
            "kind": "scrypt",
            "n": _N,
            "r": _R,
            "p": _P,
            "salt": salt,
            "hash": self._scrypt(_N, _R, _P, salt, secret)[:_HASH_DIGITS],
        }

    def check(self, fingerprint: Fingerprint, secret: str) -> str:
        """MATCH or CHANGED; UNKNOWN_YET while the key is not known; UNCHECKABLE: made under another key, damaged, or of a kind
        that this version does not know."""
        kind, salt, hash = fingerprint.get("kind"), fingerprint.get("salt"), fingerprint.get("hash")
        if not (
            isinstance(salt, str)
            and salt.isascii()
            and isinstance(hash, str)
            and len(hash) in (_HASH_DIGITS, _HASH_DIGITS_OF_0_1_0)
        ):
            return UNCHECKABLE
        if kind == "scrypt":
            n, r, p = fingerprint.get("n"), fingerprint.get("r"), fingerprint.get("p")
            if not (_is_count(n) and _is_count(r) and _is_count(p)) or n * r * p > _MOST:
                return UNCHECKABLE
            try:
                made = self._scrypt(n, r, p, salt, secret)
            except ValueError:
                return UNCHECKABLE
        elif kind == "hmac-sha256" and self._is_ours(fingerprint.get("key"), salt):
            made = self._hmac(salt, secret)
        else:
            return UNKNOWN_YET if self._key_unknown else UNCHECKABLE
        return MATCH if made[: len(hash)] == hash else CHANGED

    def _scrypt(self, n: int, r: int, p: int, salt: str, secret: str) -> str:
        from hashlib import scrypt

        memo = (n, r, p, salt, secret)
        known = self._known.get(memo)
        if known is None:
            with self._cores:
                if self._stop.is_set():
                    raise Refusal(
                        "Interrupted",
                        "the run was stopped before the secrets were compared with those that Immuta has, so nothing was sent. "
                        "Run the command again.",
                    )
                digest = scrypt(
                    secret.encode(), salt=salt.encode(), n=n, r=r, p=p, maxmem=256 * n * r * p, dklen=32
                )
            known = self._known[memo] = digest.hex()
        return known

    def _hmac(self, salt: str, secret: str) -> str:
        return self._digest(f"secret\0{salt}\0{secret}")

    def _is_ours(self, id: object, salt: str) -> bool:
        return (
            self._key is not None
            and isinstance(id, str)
            and len(id) in (_KEY_DIGITS, _KEY_DIGITS_OF_0_1_0)
            and self._key_id(salt).startswith(id)
        )

    def _key_id(self, salt: str) -> str:
        return self._digest(f"key\0{salt}")

    def _digest(self, text: str) -> str:
        # Not hmac.digest: it lets the other threads run first, which costs more than the work itself.
        from hmac import new

        return new(self._key or b"", text.encode(), "sha256").hexdigest()


def _is_count(value: object) -> TypeGuard[int]:
    return type(value) is int and value > 0

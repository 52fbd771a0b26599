"""The keys of JSON objects and headers that look like those of secrets."""

from __future__ import annotations

SECRET_WORDS = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "credential",
    "privatekey",
    "apikey",
    "sharedkey",
    "signingkey",
    "encryptionkey",
    "sshkey",
    "keyfile",
    "connectargs",
)
"""A key that contains one of these, whatever its case and punctuation, looks like a secret."""


def looks_secret(key: str) -> bool:
    """Returns whether a key's name looks like that of a secret, whatever its case and punctuation."""
    plain = "".join(c for c in key.lower() if c.isalnum())
    return any(word in plain for word in SECRET_WORDS)

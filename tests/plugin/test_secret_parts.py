"""The parts of a secret are redacted in a text that cuts, folds or rewrites them."""

from __future__ import annotations

import base64
import json
import time
from urllib.parse import quote

import pytest
from immuta_provider.plugin.redaction import MARK
from support.redactors import knowing

PASSWORD = "Tr0ub4dor-and-3-CatsUp"
LINES = ["".join(chr(65 + (i * 37 + j * 11 + i * j) % 26) for j in range(64)) for i in range(8)]
LINES.append("Qk9Pc2hvcnQ=")
FLAT = "".join(LINES)
HEAD, END = "-----BEGIN PRIVATE " + "KEY-----", "-----END PRIVATE " + "KEY-----"
PEM = "\n".join([HEAD, *LINES, END, ""])
KEY_ID = "0123456789abcdef0123"
KEY_FILE = json.dumps(
    {
        "type": "service_account",
        "project_id": "acme-analytics-2024",
        "private_key_id": KEY_ID,
        "private_key": PEM,
        "client_email": "immuta@acme.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    }
)
RAW_KEY_FILE = KEY_FILE.replace("\\n", "\n")
BASIC = f"Basic {base64.b64encode(b'gate:hunter2hunter').decode()}"

# The secret, the server's text, and the redacted text.
REDACTED: dict[str, tuple[str, str, str]] = {
    "scheme": ("Bearer abc.def-123", "token abc.def-123 expired", f"token {MARK} expired"),
    "basic": (BASIC, "no login for gate:hunter2hunter", f"no login for {MARK}"),
    "basic, the password": (BASIC, "bad hunter2hunter", f"bad {MARK}"),
    "cookie": ("session=abcdef012345; lang=en", "session abcdef012345 ended", f"session {MARK} ended"),
    "option": ("PRIV_KEY_FILE_PWD=open-it-47", "bad decrypt with open-it-47", f"bad decrypt with {MARK}"),
    "options": ("UID=admin;PWD=hunter2x;SSL=1", "admin: hunter2x", f"admin: {MARK}"),
    "options with commas": ("role=ETL,password=hunter2x", "ETL: hunter2x", f"ETL: {MARK}"),
    "JSON": ('{"user": "admin", "password": "hu\\"nter2"}', 'admin: hu"nter2', f"admin: {MARK}"),
    "URL": ("https://u:p%40ssword@proxy:3128", "bad p@ssword at proxy:3128", f"bad {MARK} at proxy:3128"),
    "key id": (KEY_FILE, f"no key {KEY_ID}", f"no key {MARK}"),
    "key id beside raw line breaks": (RAW_KEY_FILE, f"no key {KEY_ID}", f"no key {MARK}"),
    "base64 of a key file": (
        base64.b64encode(KEY_FILE.encode()).decode(),
        f"no key {KEY_ID}",
        f"no key {MARK}",
    ),
    "a line": (KEY_FILE, f"bad line {LINES[3]}", f"bad line {MARK}"),
    "the last line": (PEM, f"bad line {LINES[-1]}", f"bad line {MARK}"),
    "half a line": (PEM, f"bad line {LINES[3][20:52]}", f"bad line {MARK}"),
    "joined": (PEM, f"bad key {FLAT}", f"bad key {MARK}"),
    "wrapped": (PEM, "\n".join(FLAT[i : i + 70] for i in range(0, len(FLAT), 70)), MARK),
    "wrapped, escaped": (PEM, "\\n".join(FLAT[i : i + 70] for i in range(0, len(FLAT), 70)), MARK),
    "another line end": (PEM.replace("\n", "\r\n"), f"bad {PEM.strip()}", f"bad {MARK}"),
    "blanks for line ends": (PEM, f"bad {PEM.strip()}".replace("\n", " "), f"bad {MARK}"),
    "two lines": (PASSWORD, f"bad {PASSWORD[:9]}\n{PASSWORD[9:]}", f"bad {MARK}"),
    "upper case": (PASSWORD, f"bad {PASSWORD.upper()}", f"bad {MARK}"),
    "lower case": (PASSWORD, f"bad {PASSWORD.lower()}", f"bad {MARK}"),
    "cut": (PASSWORD, f"bad {PASSWORD[:-4]}... here", f"bad {MARK}... here"),
    "cut short": (PASSWORD, f"bad {PASSWORD[:7]}\u2026 here", f"bad {MARK}\u2026 here"),
    "cut before": (PASSWORD, f"bad ...{PASSWORD[-7:]} here", f"bad ...{MARK} here"),
    "control character": (PASSWORD, f"bad {PASSWORD[:8]}\x00{PASSWORD[8:]}", f"bad {MARK}"),
    "Python's escapes": ("p\u00e4ssw\u00f6rd", "bad p\\xe4ssw\\xf6rd", f"bad {MARK}"),
    "UTF-8 taken for Latin-1": ("p\u00e4ssw\u00f6rd", "bad p\u00c3\u00a4ssw\u00c3\u00b6rd", f"bad {MARK}"),
    "JSON in a URL": ('it\'s "a\\b"', quote(json.dumps('bad it\'s "a\\b"')), f"%22bad%20{MARK}%22"),
    "HTML numbers": ("s3cr3t&'", "bad s3cr3t&#38;&#x27;", f"bad {MARK}"),
    "short, base64": ("abc12", base64.b64encode(b"admin:abc12").decode(), f"YWRtaW46{MARK}"),
    "short, hexadecimal": ("abc12", f"0x{b'abc12'.hex()}", f"0x{MARK}"),
}


@pytest.mark.parametrize(("secret", "text", "shown"), REDACTED.values(), ids=REDACTED)
def test_redacted_text_shows_no_part_of_a_secret(secret: str, text: str, shown: str) -> None:
    assert knowing(secret).clean(text) == shown


PLAIN = (
    "the key has to begin with " + HEAD,
    "immuta@acme.iam.gserviceaccount.com cannot use https://oauth2.googleapis.com/token",
    "service_account of acme-analytics-2024",
    "true, 443 and admin are no secrets, nor is role ETL at acme.example",
    "Tr0ub4dor-and-3 is too short",
    "bad decrypt with another password",
)


@pytest.mark.parametrize("text", PLAIN)
def test_public_values_in_a_secret_are_not_redacted(text: str) -> None:
    options = "UID=admin;PWD=hunter2x;password=true;SSL=true;port=443;role=ETL;host=acme.example"
    assert knowing(KEY_FILE, PEM, PASSWORD, options).clean(text) == text


def test_a_short_part_makes_a_text_unquotable() -> None:
    redactor = knowing("UID=admin;PWD=ab1#")
    assert [redactor.quotable(text) for text in ("bad AB1&#35;", "bad user admin")] == [False, True]


def test_a_value_that_contains_a_secret_may_not_be_kept() -> None:
    redactor = knowing(PASSWORD, "abc12", "98765")
    texts = (f"x {PASSWORD.lower()}", "abc12", "abc123", "98765", "acme.example", "Tr0ub4dor")
    assert [redactor.holds(text) for text in texts] == [True, True, False, False, False, False]


def test_secrets_with_a_common_beginning_are_found_quickly() -> None:
    secrets = [f"secret-{number:05}-of-all" for number in range(1000)]
    redactor = knowing(*secrets)
    assert redactor.clean(" ".join(secrets)) == " ".join([MARK] * 1000)
    began = time.thread_time()
    redactor.clean("secret-" * 2000)
    assert time.thread_time() - began < 2


@pytest.mark.parametrize(
    "awkward", ["a='", 'a="', '"', "'", "a=", "\\", '\\"', ":", "a:b@", "-----BEGIN A-----", " "]
)
def test_no_secret_takes_long_to_learn(awkward: str) -> None:
    redactor = knowing("x" + awkward * (16_000 // len(awkward)))
    began = time.thread_time()
    redactor.clean("some text")
    assert time.thread_time() - began < 2

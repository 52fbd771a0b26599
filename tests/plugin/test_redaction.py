"""The redactor replaces learned secrets in every form that another program may write."""

from __future__ import annotations

import ast
import base64
import html
import json
import textwrap
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Thread
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.plugin.folding import fold
from immuta_provider.plugin.redaction import DOCUMENT, MARK, Redactor
from support.redactors import knowing

PEM_BODY = [base64.b64encode(bytes(range(i, i + 48))).decode() for i in range(0, 144, 48)]
PEM = "\n".join(["-----BEGIN PRIVATE " + "KEY-----", *PEM_BODY, "-----END PRIVATE " + "KEY-----", ""])
KEY_ID = "0123456789abcdef01"
KEY_FILE = json.dumps(
    {"type": "service_account", "project_id": "p", "private_key_id": KEY_ID, "private_key": PEM}, indent=2
)

PLAIN = "correct-horse-battery"
SECRETS = {
    "plain": PLAIN,
    "quotes": 'it\'s "quoted" & <tagged>',
    "backslashes": r"C:\temp\new\x41",
    "newlines": "first line\nsecond line\r\n\ttabbed",
    "non-ascii": "пароль-ключ-日本語-🔑",
    "line separators": "before\u2028between\u2029after",
    "template": "${var.x} and %{ if y }",
    "slashes": "a/b+c=d~e.f-g_h!*'()",
    "controls": "bell\x07 del\x7f esc\x1b nul\x00 end",
    "blanks around": "  padded secret value \n",
    "pem": PEM,
    "pem on one line": PEM.strip().replace("\n", "\\n"),
    "key file": KEY_FILE,
    "six": "s3cr3t",
}


def lower_percent(text: str) -> str:
    head, *rest = text.split("%")
    return "%".join([head, *(part[:2].lower() + part[2:] for part in rest)])


def json_text(text: str) -> str:
    return json.dumps(text)[1:-1]


def unicode_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def go_json(text: str) -> str:
    form = unicode_json(text)
    for char in "<>&\u2028\u2029":
        form = form.replace(char, f"\\u{ord(char):04x}")
    return form


FORMS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "stripped": str.strip,
    "json": json_text,
    "json, not ascii": unicode_json,
    "json by Go": go_json,
    "json, slashes escaped": lambda s: json_text(s).replace("/", "\\/"),
    "json in json": lambda s: json_text(json_text(s)),
    "json in json, not ascii": lambda s: unicode_json(unicode_json(s)),
    "hcl": lambda s: unicode_json(s).replace("${", "$${").replace("%{", "%%{"),
    "html": html.escape,
    "python": lambda s: repr(s)[1:-1],
    "python bytes": lambda s: repr(s.encode())[2:-1],
    "url": lambda s: quote(s, safe=""),
    "url, slashes left": quote,
    "url, form": quote_plus,
    "url, lower case": lambda s: lower_percent(quote(s, safe="")),
    "url, as scripts do": lambda s: quote(s, safe="!*'()"),
    "hex": lambda s: s.encode().hex(),
    "hex, upper case": lambda s: s.encode().hex().upper(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64, url-safe": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64, without padding": lambda s: base64.b64encode(s.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_any_form_is_replaced_whole(name: str, form: str) -> None:
    # The blanks around a secret may stay.
    written = FORMS[form](SECRETS[name].strip())
    assert knowing(SECRETS[name]).clean(f"<{written}> and {written}.").split() == [
        f"<{MARK}>",
        "and",
        f"{MARK}.",
    ]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("before", ["", "u", "us", "user:", "user name:"])
@pytest.mark.parametrize("after", ["", ":", "ab", "abc\n"])
def test_base64_is_found_wherever_the_secret_stands_in_it(name: str, before: str, after: str) -> None:
    redactor = knowing(SECRETS[name])
    data = before.encode() + SECRETS[name].encode() + after.encode()
    for written in (base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode()):
        cleaned = redactor.clean(written)
        assert MARK in cleaned
        # Only the bits that the secret shares with its neighbours stay: less than one character at each end.
        left = cleaned.replace(MARK, "", 1)
        assert MARK not in left
        assert len(left) <= 4 * ((len(before) + 2) // 3) + 4 * ((len(after.encode()) + 2) // 3) + 4


@pytest.mark.parametrize("width", [64, 76])
def test_base64_in_lines_is_found(width: int) -> None:
    written = "\n".join(textwrap.wrap(base64.b64encode(KEY_FILE.encode()).decode(), width))
    assert set(knowing(KEY_FILE).clean(written).split("\n")) == {MARK}


@pytest.mark.parametrize("secret", [PEM, PEM.replace("\n", "\\n"), KEY_FILE])
@pytest.mark.parametrize("line", [*PEM_BODY, quote(PEM_BODY[1], safe="")])
def test_one_line_of_a_key_is_found(secret: str, line: str) -> None:
    cleaned = knowing(secret).clean(f"cannot parse line {line}: bad key")
    assert cleaned == f"cannot parse line {MARK}: bad key"


def test_a_value_inside_a_key_file_is_found() -> None:
    redactor = knowing(KEY_FILE)
    assert redactor.clean(f"no key {KEY_ID} for p") == f"no key {MARK} for p"
    assert redactor.clean(f"bad key:\n{PEM}") == f"bad key:\n{MARK}\n"


def test_a_text_that_only_looks_like_a_key_file_is_a_secret_like_any_other() -> None:
    for secret in ("{not json at all}", "[" * 100_000, '{"unended": "string'):
        assert knowing(secret).clean(f"a {secret} b") == f"a {MARK} b"


def test_a_secret_that_the_end_of_the_text_cuts_off_is_found() -> None:
    redactor = knowing(PLAIN)
    assert redactor.clean("the password correct-hor") == f"the password {MARK}"
    assert redactor.clean("the password corre") == "the password corre"


def test_overlapping_secrets_leave_nothing() -> None:
    redactor = knowing("abcdefgh", "efghijklmno", "abcdef")
    assert redactor.clean("xabcdefghijklmnoy") == f"x{MARK}y"
    assert redactor.clean("abcdefghabcdefgh") == MARK
    assert redactor.clean("abcdefgh abcdef") == f"{MARK} {MARK}"


def test_texts_without_secrets_stay_as_they_are() -> None:
    assert Redactor().clean("nothing learned") == "nothing learned"
    redactor = knowing(PLAIN, "")
    for text in ("", "short", "correct-horse-buttery", "perfectly normal text"):
        assert redactor.clean(text) == text


@pytest.mark.parametrize("short", ["a1", "p'w", "12345", "\nab"])
def test_short_secrets_are_not_replaced_and_make_a_text_unquotable(short: str) -> None:
    redactor = knowing(short)
    for text in (
        f"bad password {short}!",
        f"bad password {json_text(short)}!",
        f"?p={quote(short, safe='')}",
    ):
        assert redactor.clean(text) == text
        assert not redactor.quotable(text)
    assert redactor.quotable("nothing of the kind")
    redactor.learn(PLAIN)
    assert redactor.quotable(f"it is {PLAIN}")


def test_a_redactor_shows_no_secret() -> None:
    assert repr(knowing(PLAIN)) == "Redactor(1 secrets)"


def test_many_threads_learn_and_redact_at_once() -> None:
    redactor = Redactor()

    def work(number: int) -> set[str]:
        cleaned = set()
        for i in range(50):
            secret = f"secret-{number}-{i}-end"
            redactor.learn(secret)
            cleaned.add(redactor.clean(f"a {secret} b"))
        return cleaned

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(work, range(8))) == [{f"a {MARK} b"}] * 8


def test_a_learned_secret_is_redacted_for_other_threads_at_once() -> None:
    """A second thread that learns the same secret may clean a text at once."""
    redactor = Redactor()
    cleaned: list[str] = []

    def second() -> None:
        redactor.learn(PLAIN)
        cleaned.append(redactor.clean("a correct-horse-battery b"))

    class Marking(set[str]):
        def add(self, value: str) -> None:
            super().add(value)
            thread.start()
            # Long enough for a thread that does not wait. A thread that waits for the first one waits until its end.
            thread.join(0.2)

    thread = Thread(target=second)
    redactor._learned = Marking()
    redactor.learn(PLAIN)
    thread.join(5)
    assert cleaned == [f"a {MARK} b"]


@settings(max_examples=300, deadline=None)
@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=40),
    before=st.text(max_size=8),
    after=st.text(max_size=8),
    form=st.sampled_from([f for f in FORMS if f != "stripped"]),
)
def test_no_random_secret_passes(secret: str, before: str, after: str, form: str) -> None:
    redactor = knowing(secret)
    written = FORMS[form](secret)
    # A secret that is mostly blanks or escapes is too short to search for, so a text that has it is not quotable.
    if len(fold(secret)) >= 6:
        text = before + written + after
        cleaned = redactor.clean(text).replace(MARK, "\0")
        assert written not in cleaned or not redactor.quotable(text)


def test_the_forms_are_what_others_really_write() -> None:
    secret = SECRETS["quotes"]
    assert json.loads(f'"{go_json(secret)}"') == secret
    assert html.unescape(html.escape(secret)) == secret
    assert ast.literal_eval(f"b'{FORMS['python bytes'](PEM)}'").decode() == PEM


def test_a_document_is_found_as_a_whole_and_not_line_by_line() -> None:
    line = "GRANT ALL ON DATABASE immuta;\n"
    script = line * (DOCUMENT // len(line) + 1)
    redactor = knowing(script)
    assert redactor.clean(f"it ran {line}as you see") == f"it ran {line}as you see"
    assert redactor.clean(f"it ran {script}!") == f"it ran {MARK}\n!"
    redactor.learn(line * 3)
    assert redactor.clean(f"it ran {line}as you see") == f"it ran {MARK}\nas you see"

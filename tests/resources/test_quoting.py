"""The words of a server's text that are quoted although secrets may be among them."""

from __future__ import annotations

import time

import pytest
from immuta_provider.resources.quoting import stored

SENTENCES = (
    "Insufficient permissions: APPLICATION_ADMIN is required",
    "No Integration found with ID 1.",
    "The integration is being changed. Try again when that has finished.",
    "can't reach 10.0.0.1:443 - 2 of 10 tests failed (read-only)",
    "first line\nsecond line",
    "пользователь не найден",
    "",
)

LEFT_OUT = {
    "access denied for 'sun shine' today": "access denied for … today",
    'sent {"user": "a b", "password": "moon light"} at once': "sent … at once",
    "password: moonlight, user: bob": "password: … user: bob",
    "api_token=sunshine was refused": "… was refused",
    "tried s3cr3t and MIIEvQIBADANBg then": "tried … and … then",
    "id 12345678 of jdbc:snowflake://acme": "id … of …",
    "he said 'a' and \"b' but 'c": "he said … and … but …",
    "\u00abden schl\u00fcssel\u00bb, \u201eden\u201c": "…",
    "'sun\nshine' rose": "… rose",
    "the PassPhrase_2 =\n 'sun' shines": "the … =\n… shines",
    "key: token: sun": "key: … sun",
    "pneumonoultramicroscopicsilicovolcanoconiosis": "…",
}


# Openings that nothing closes, names that no value follows, and other beginnings that could be searched again and again.
AWKWARD = [mark + more for mark in "\"'`\u201c\u00ab\u201d\u2019" for more in ("", "a ")]
AWKWARD += ["_", " ", "=", "key", "key ", "a-", "A_", "1."]


@pytest.mark.parametrize("awkward", AWKWARD)
def test_a_long_text_takes_less_than_a_second(awkward: str) -> None:
    text = "a" * 1000 + "key" + awkward * (100_000 // len(awkward))
    began = time.thread_time()
    stored(text)
    assert time.thread_time() - began < 1


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_stays(text: str) -> None:
    assert stored(text) == text


@pytest.mark.parametrize("text", LEFT_OUT)
def test_words_that_may_be_secrets_are_omitted(text: str) -> None:
    assert stored(text) == LEFT_OUT[text]

"""A secret at any place of an answer of Immuta is neither shown nor stored: the provider's answers and its log are searched.

Immuta, or what stands in its place, repeats a secret that the request brought: as a value of the answer, as the name of one, as
the whole of an error, as a header. The provider's answers hold the states, the private states and the diagnostics.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_provider.plugin import log
from immuta_provider.plugin.protocol import rpc
from support.core import Core
from table import changed, numbered
from table.integrations import BASES, TEARDOWN, attributes, resource_of

LONG, SHORT = "zq7Canary-of-tests", "q9#z!"
NEEDLES = (LONG, LONG.lower(), SHORT)
OPERATIONS = ("create", "get", "list", "delete")
# How the secret stands in the answer.
TEXTS = {"long": f"no sign-in with {LONG}, says the platform", "short": SHORT}
ERRORS = (307, 409, 422, 500)


def places(value: Any, text: str) -> Iterator[Any]:
    """The answer, with the text at each of its places in turn."""
    if isinstance(value, dict):
        yield {**value, text: text}
        for key, item in value.items():
            yield from ({**value, key: each} for each in places(item, text))
    elif isinstance(value, list):
        for i, item in enumerate(value):
            yield from ([*value[:i], each, *value[i + 1 :]] for each in places(item, text))
    else:
        yield text


def errors(text: str) -> Iterator[Response]:
    tests = {"status": text, "validationTests": [{"name": text, "status": "failed", "message": text}]}
    for status in ERRORS:
        body = {"statusCode": status, "error": text, "message": text, "validationResults": tests}
        headers = {
            "content-type": text,
            "location": f"https://{LONG if LONG in text else text}.example",
            "retry-after": text,
        }
        yield Response(status, headers, json.dumps(body).encode())


class Recorder:
    """Everything that the provider gives to Terraform, and its log at TRACE."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._data: list[bytes] = []
        real = rpc.UnaryRpc.__call__

        def answer(call: rpc.UnaryRpc, data: bytes) -> bytes:
            self._data.append(real(call, data))
            return self._data[-1]

        monkeypatch.setattr(rpc.UnaryRpc, "__call__", answer)
        monkeypatch.setattr(log._LOG, "level", log.TRACE)
        monkeypatch.setattr(log._LOG, "_write", self._data.append)

    def hits(self) -> set[str]:
        everything = b"".join(self._data).decode("utf-8", "replace")
        self._data.clear()
        return {needle for needle in (*NEEDLES, LONG.upper()) if needle in everything}


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", TEXTS)
def test_a_secret_at_any_place_of_an_answer_is_not_shown(
    core: Callable[..., Core], monkeypatch: pytest.MonkeyPatch, kind: str, operation: str
) -> None:
    text = TEXTS[kind]
    password = {"long": LONG, "short": SHORT}[kind]
    request = changed(numbered(BASES["snowflake"], 1), {"config.password": password})
    config = attributes(request)
    recorder = Recorder(monkeypatch)
    world = core(resource_of(request), environment=TEARDOWN)
    leaks: list[str] = []

    def live(answer: Callable[[Response], Response]) -> None:
        world.transport.reset()
        world.instance = None
        world.transport.after = lambda made, response: answer(response) if made == operation else response
        world.apply(config)
        world.refresh()
        world.apply(None)
        leaks.extend(recorder.hits())

    seen: list[Any] = []

    def remember(response: Response) -> Response:
        seen.append(json.loads(response.body))
        return response

    live(remember)
    good = {"content-type": "application/json"}
    answers = [Response(200, good, json.dumps(value).encode()) for value in places(seen[-1], text)]
    for each in (*answers, *errors(text)):
        live(functools.partial(lambda instead, _: instead, each))
    assert leaks == []

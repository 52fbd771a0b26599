"""Secrets that can be found again: each is made of pieces that all hold one word, which occurs nowhere else.

A search for the word, in clear, in base64 (each alignment) and in hexadecimal, finds every piece of every secret, however
it is escaped: the word has only letters and digits, and those no escaping changes. Secrets that are shorter than the word
are looked for one by one, in every form.
"""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, quote_plus

from immuta_provider.model.fields import Field, ResourceType

WORD = "zq7Canary"
SHORT = ('ж"9✗', "q\\ø7", "Ü&<é")


def secret(number: int) -> str:
    """A secret of one of several awkward kinds; its number stands in it."""
    word = f"{WORD}{number:03}"
    return (
        f"{word}\"{word}'{word}",
        f"{word}\\{word}\\n{word}",
        f"{word}\n{word}\r\n\t{word}",
        f"{word}пароль{word}日本{word}🔑{word}",
        f"{word}&{word}<{word}>{word}\u2028{word}",
        f"{word}%{word} {word}+{word}/{word}={word}",
    )[number % 6]


def pem(number: int) -> str:
    """A private key, each line of which has a mark."""
    word = f"{WORD}{number:03}"
    lines = [f"MIIE{word}{line}{'k' * 20}{word}{line}" for line in range(4)]
    return "\n".join(["-----BEGIN PRIVATE " + "KEY-----", *lines, "-----END PRIVATE " + "KEY-----", ""])


def key_file(number: int) -> str:
    """A service account's key file."""
    word = f"{WORD}{number:03}"
    fields = {"type": "service_account", "private_key_id": f"{word}id{word}", "private_key": pem(number)}
    return json.dumps(fields, indent=2)


class Hit(NamedTuple):
    """A secret in a wrong place: the place, the form of the secret, and the text around it."""

    place: str
    form: str
    around: str


def needles(tokens: Iterable[str] = ()) -> dict[bytes, str]:
    """The bytes to look for, each with the form of its secret. Tokens are letters and digits, as the word is."""
    found = {}
    for text, prefix in ((WORD, ""), *((token, "a bearer token ") for token in tokens)):
        data = text.encode()
        found[data] = f"{prefix}in clear"
        found[data.hex().encode()] = f"{prefix}in hexadecimal"
        found.update(dict.fromkeys(_base64(data), f"{prefix}in base64"))
    for short in SHORT:
        for form in _forms(short):
            found[form] = f"the short {short}"
    return found


def _base64(data: bytes) -> Iterator[bytes]:
    """The part that is the same in the base64 of every text with the data, for each alignment, without the shared ends."""
    for shift in range(3):
        padded = b"\0" * shift + data
        whole = base64.b64encode(padded + b"\0" * (-len(padded) % 3))
        start, end = -(-shift * 4 // 3), len(padded) * 8 // 6
        yield whole[start:end]
        yield whole[start:end].translate(bytes.maketrans(b"+/", b"-_"))


def _forms(text: str) -> set[bytes]:
    once = {json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
    twice = {json.dumps(form, ensure_ascii=ascii)[1:-1] for form in once for ascii in (True, False)}
    go = text.translate({ord(c): f"\\u{ord(c):04x}" for c in "<>&"}).replace('"', '\\"')
    texts = {text, go, repr(text)[1:-1], quote(text, safe=""), quote(text), quote_plus(text), *once, *twice}
    lower = {re.sub("%..", lambda found: found[0].lower(), form) for form in texts if "%" in form}
    return (
        {form.encode() for form in texts | lower}
        | set(_base64(text.encode()))
        | {text.encode().hex().encode()}
    )


def search(data: bytes, place: str, tokens: Iterable[str] = ()) -> list[Hit]:
    """Every form of a secret in the data; archives are opened."""
    hits = []
    for needle, form in needles(tokens).items():
        at = data.find(needle)
        if at >= 0:
            around = data[max(0, at - 300) : at + 300].decode("utf-8", "replace")
            hits.append(Hit(place, form, around))
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                hits += search(archive.read(name), f"{place}!{name}", tokens)
    return hits


def search_private(state: Mapping[str, Any], place: str, tokens: Iterable[str] = ()) -> list[Hit]:
    """The private state of each resource in a state file, decoded."""
    hits = []
    for resource in state["resources"]:
        for instance in resource["instances"]:
            private = base64.b64decode(instance.get("private", ""))
            hits += search(
                private, f"{place}: private state of {resource['type']}.{resource['name']}", tokens
            )
    return hits


def search_tree(root: Path, leave_out: Iterable[Path] = (), tokens: Iterable[str] = ()) -> list[Hit]:
    """Every file below a folder, states with what is in them. `tokens` are secrets that Immuta made."""
    left_out = {path.resolve() for path in leave_out}
    hits = []
    for file in sorted(root.rglob("*")):
        if not file.is_file() or file.resolve() in left_out:
            continue
        data = file.read_bytes()
        hits += search(data, str(file.relative_to(root)), tokens)
        if ".tfstate" in file.name and data.startswith(b"{"):
            hits += search_private(json.loads(data), str(file.relative_to(root)), tokens)
    return hits


def marked(integration: ResourceType, config: Mapping[str, Any], numbers: Iterator[int]) -> dict[str, Any]:
    """A configuration with a secret of ours in the place of each of its own."""
    return _marked(integration.fields, dict(config), numbers)


def _marked(fields: Iterable[Field], config: dict[str, Any], numbers: Iterator[int]) -> dict[str, Any]:
    for field in fields:
        value = config.get(field.name)
        if value is None:
            continue
        if field.secret:
            config[field.name] = _of_kind(field.name)(next(numbers))
        elif isinstance(value, list) and field.fields:
            config[field.name] = [_marked(field.fields, dict(each), numbers) for each in value]
        elif field.fields:
            config[field.name] = _marked(field.fields, dict(value), numbers)
    return config


def _of_kind(name: str) -> Callable[[int], str]:
    return {"content": pem, "credential": key_file}.get(name, secret)

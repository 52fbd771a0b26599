"""JSON texts as values, and stored values fitted to the types of a schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from immuta_provider.plugin.json_text import parse
from immuta_provider.plugin.protocol.json_values import fit
from immuta_provider.plugin.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    WriteOnly,
)
from immuta_provider.plugin.values import Dynamic
from support.damage import JSON

INVALID = [
    "",
    " ",
    "{",
    '{"a" 1}',
    "{} {}",
    "nul",
    "NaN",
    "[Infinity]",
    "-Infinity",
    "'a'",
    "[1,]",
    '"a\tb"',
    "-",
    '"\\x"',
]
INVALID += ['"\\ud8', '{"a":', "[-]", "1e"]


@given(JSON, st.sampled_from([None, 2]))
def test_documents_are_parsed_as_by_json(document: Any, indent: int | None) -> None:
    text = json.dumps(document, indent=indent)
    # A fraction that float64 cannot represent stays a text; json rounds it.
    assert json.loads(json.dumps(parse(f" {text}\n".encode())), parse_float=float) == json.loads(
        text, parse_float=lambda t: t if isinstance(parse(t.encode()), str) else float(t)
    )


@pytest.mark.parametrize("data", [*(text.encode() for text in INVALID), b'"a\nb"', b'"\xff"'])
def test_invalid_json_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(data)


def test_invalid_json_is_refused_in_a_fresh_process_too() -> None:
    """Python 3.11's scanner raises a SystemError while `json` is not loaded, as it is not in the provider."""
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[3] / 'provider')!r})\n"
        "from immuta_provider.plugin.json_text import parse\n"
        "for text in sys.stdin.read().splitlines():\n"
        "    try:\n"
        "        parse(text.encode())\n"
        "    except ValueError:\n"
        "        print('refused')\n"
    )
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", script]
    done = subprocess.run(command, input="\n".join(INVALID), capture_output=True, encoding="utf-8")
    assert (done.stdout.split(), done.stderr) == (["refused"] * len(INVALID), "")


def test_numbers_are_exact() -> None:
    text = b"[0.1, 0.5, 1e2, 12345678901234567890123, 1e400]"
    assert parse(text) == ["0.1", 0.5, 100.0, 12345678901234567890123, "1e400"]
    assert parse(b"9" * 5000) == "9" * 5000


STORED = ObjectOf({"name": STRING, "token": WriteOnly(STRING), "owner": ListOf(ObjectOf({"age": NUMBER}))})


@pytest.mark.parametrize(
    ("type", "value", "fitted"),
    [
        (STORED, {}, {"name": None, "token": None, "owner": None}),
        (
            STORED,
            {"gone": 1, "name": "n", "token": "hunter2", "owner": [{"old": 1}, None]},
            {"name": "n", "token": None, "owner": [{"age": None}, None]},
        ),
        (STRING, 5, "5"),
        (STRING, 5.0, "5"),
        (STRING, 0.5, "0.5"),
        (STRING, True, "true"),
        (NUMBER, "0.1", "0.1"),
        (NUMBER, "5", 5),
        (BOOL, "false", False),
        (SetOf(NUMBER), [1, "2"], [1, 2]),
        (MapOf(BOOL), {"a": "true"}, {"a": True}),
        (TupleOf([STRING, NUMBER]), ["a", 1], ["a", 1]),
        (DYNAMIC, {"type": ["list", "string"], "value": ["a"]}, Dynamic(ListOf(STRING), ["a"])),
        (DYNAMIC, None, None),
    ],
)
def test_a_stored_value_is_converted_to_the_type_of_the_schema(type: Type, value: Any, fitted: Any) -> None:
    assert fit(type, value) == fitted


@pytest.mark.parametrize(
    ("type", "value"),
    [
        (STRING, []),
        (NUMBER, True),
        (NUMBER, "hunter2"),
        (BOOL, 1),
        (BOOL, "yes"),
        (ListOf(STRING), {}),
        (MapOf(STRING), []),
        (STORED, []),
        (TupleOf([STRING]), []),
        (DYNAMIC, "a"),
        (DYNAMIC, {"type": "text", "value": "a"}),
    ],
)
def test_a_stored_value_of_another_type_is_refused_without_quoting_it(type: Type, value: Any) -> None:
    with pytest.raises(ValueError, match=r"^(?!.*hunter2)"):
        fit(type, value)

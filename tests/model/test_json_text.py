from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.json_text import DuplicateKey, parse

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(value=VALUES, indent=st.sampled_from([None, 2]), ascii_only=st.booleans())
def test_text_that_json_writes_is_read(value: object, indent: int | None, ascii_only: bool) -> None:
    assert parse(json.dumps(value, indent=indent, ensure_ascii=ascii_only)) == value


@settings(deadline=None)
@given(text=st.text('{}[]",:0123456789.eE+-truefalsn \n\\u', max_size=12))
def test_the_same_texts_are_accepted_as_by_json(text: str) -> None:
    def finite(constant: str) -> float:
        raise ValueError(constant)

    try:
        expected = json.loads(text, parse_constant=finite)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - the text is not part of the contract
            parse(text)
    else:
        assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "{",
        "{'a': 1}",
        "[1] 2",
        "-",
        "NaN",
        '{"a": Infinity}',
        '"a\nb"',
        "[" * 200_000,
        "\ufeff{}",
        "9" * 5000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_invalid_json_is_a_value_error_in_a_fresh_process_too(text: str) -> None:
    """The scanner behaves differently before `json` is loaded, as it is not in the provider."""
    script = (
        "import sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parents[2] / 'provider')!r})\n"
        "from immuta_provider.model.json_text import parse\n"
        "try:\n"
        "    parse(sys.stdin.read())\n"
        "except ValueError:\n"
        "    print('refused')\n"
    )
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", script]
    done = subprocess.run(command, input=text, capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == ("refused\n", "")


def test_line_breaks_in_text_are_accepted_unless_strict() -> None:
    assert parse('{"key": "line one\nline two"}', strict=False) == {"key": "line one\nline two"}


def test_a_repeated_key_is_refused_if_unique_is_set() -> None:
    assert parse('{"a": 1, "a": 2}') == {"a": 2}
    assert parse('{"a": {"b": 1}, "c": {"b": 1}}', unique=True) == {"a": {"b": 1}, "c": {"b": 1}}
    with pytest.raises(DuplicateKey) as caught:
        parse('[{"a": {"b": 1, "b": {}}}]', unique=True)
    assert caught.value.key == "b"

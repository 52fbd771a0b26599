from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.patterns import matches

MODEL = sorted({f.pattern for one in INTEGRATIONS for _, f in one.walk() if f.pattern})
OTHERS = ["", "a?b", "a*a", "a+a?a*", "[a-c]?[^b]+", "[a-]", "[]a]", ".?.", "x[^-a]*y"]
CHARACTERS = "abcxyz09AZ_-:/.@? \nµ"


@settings(deadline=None)
@given(pattern=st.sampled_from(MODEL + OTHERS), text=st.text(CHARACTERS, max_size=12))
def test_the_same_texts_match_as_by_re(pattern: str, text: str) -> None:
    assert matches(pattern, text) == (re.fullmatch(pattern, text) is not None)


@settings(deadline=None)
@given(data=st.data(), pattern=st.sampled_from(MODEL + OTHERS))
def test_every_text_that_a_pattern_describes_matches(data: st.DataObject, pattern: str) -> None:
    assert matches(pattern, data.draw(st.from_regex(pattern, fullmatch=True)))


@pytest.mark.parametrize(
    "pattern", ["a|b", "(a)", "a{2}", "\\d", "^a", "a$", "*a", "a**", "[\\d]", "[[:alpha:]]"]
)
def test_other_syntax_of_re_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="beyond this dialect"):
        matches(pattern, "a")


def test_a_dot_stands_for_anything_but_a_line_break() -> None:
    assert [matches("_.*", text) for text in ("_", "_a b", "_a\nb", "_\r\u2028")] == [True, True, False, True]

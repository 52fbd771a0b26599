"""The import block that an error offers for pasting."""

from __future__ import annotations

import pytest
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.resources import import_block


@pytest.mark.parametrize(
    ("id", "literal"),
    [
        ("7", '"7"'),
        ("PII.Größe", '"PII.Größe"'),
        ('a" b\\c', r'"a\" b\\c"'),
        ('${file("x")}%{if}', r'"$${file(\"x\")}%%{if}"'),
    ],
)
def test_an_id_is_a_literal_text(id: str, literal: str) -> None:
    tag = next(type for type in TYPES if type.resource == "immuta_tag")
    assert import_block.render(tag, id) == (
        f"import {{\n  to = immuta_tag.NAME\n  id = {literal}\n}}\n\n"
        f'or in Python: Tag(self, "NAME", ...).import_from({literal})'
    )

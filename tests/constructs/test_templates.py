"""Terraform's templates as expressions. `tests/cdktf/test_tokens.py` has Terraform itself evaluate them."""

from __future__ import annotations

import pytest
from immuta_constructs.runtime.templates import expression, has_template


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("${var.x}", "var.x"),
        ("${~ var.x ~}", "var.x"),
        ('${upper("}")}', 'upper("}")'),
        ('${upper("\\"}${var.x}")}', 'upper("\\"}${var.x}")'),
        ("${{a = 1}}", "{a = 1}"),
        ("${var.x}${var.y}", '"${var.x}${var.y}"'),
        ('say "${var.x}" \\ \n\t\x01', '"say \\"${var.x}\\" \\\\ \\n\\t\\u0001"'),
        ('$${"} ${var.x}', '"$${\\"} ${var.x}"'),
        ('%{ if var.x }"%{ endif }', '"%{ if var.x }\\"%{ endif }"'),
        ("${var.x", '"${var.x"'),
        ('${upper("}', '"${upper("}"'),
    ],
)
def test_a_template_becomes_an_expression(template: str, expected: str) -> None:
    assert expression(template) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${x}", True),
        ("%{x}", True),
        ("$$${x}", False),
        ("$${x} ${y}", True),
        ("%%{x}", False),
        ("$ {x} {y}", False),
    ],
)
def test_a_template_is_found_unless_it_is_escaped(text: str, expected: bool) -> None:
    assert has_template(text) is expected

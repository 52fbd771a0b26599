"""Key files, whose line breaks arrive in several spellings and are sent in one."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import OBJECTS, Field
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.model.payload import build
from immuta_provider.model.pem import normalized
from immuta_provider.model.placeholders import PEM as PLACEHOLDER
from immuta_provider.resources.integrations import teardown

KEY = "-----BEGIN PRIVATE KEY-----\nMIIabc\nZm9v+/==\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (KEY, KEY),
        (KEY.replace("\n", "\\n"), KEY),
        (KEY.replace("\n", "\r\n"), KEY),
        (KEY.replace("\n", "\\r\\n"), KEY),
        (KEY.replace("\n", "\r"), KEY),
        (KEY.replace("\n", "\\n", 2), KEY),
        (KEY.rstrip(), KEY.rstrip()),
        (KEY.rstrip().replace("\n", "\\n"), KEY.rstrip()),
        (f" \\n{KEY}", f" \n{KEY}"),
        # Text in one line without any break may as well be a mistake.
        (KEY.replace("\n", ""), KEY.replace("\n", "")),
        (PLACEHOLDER, PLACEHOLDER),
        ("C:\\new\\key.p8", "C:\\new\\key.p8"),
        ("", ""),
    ],
)
def test_a_key_file_gets_real_line_breaks(text: str, expected: str) -> None:
    assert normalized(text) == expected


KEY_FILES = [(i, path) for i in INTEGRATIONS for path, field in i.walk() if field.text_format == "pem"]


def test_every_private_key_is_a_key_file() -> None:
    found = {(i.resource, path) for i, path in KEY_FILES}
    assert found == {
        (i.resource, (*path, "content"))
        for i in INTEGRATIONS
        for path, field in i.walk()
        if field.child("content") is not None
    }
    assert len(found) > 4


def nested(fields: tuple[Field, ...], path: tuple[str, ...], leaf: str) -> dict[str, Any]:
    (field,) = [f for f in fields if f.name == path[0]]
    inner: Any = nested(field.fields, path[1:], leaf) if path[1:] else leaf
    return {field.name: [inner] if field.kind == OBJECTS else inner}


def leaves(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return [value] if inner is None else [leaf for each in inner for leaf in leaves(each)]


@pytest.mark.parametrize(("integration", "path"), KEY_FILES)
def test_a_key_file_is_sent_with_real_line_breaks(
    integration: IntegrationType, path: tuple[str, ...]
) -> None:
    config = nested(integration.fields, path, KEY.replace("\n", "\\n"))
    assert leaves(build(integration, config)["config"]) == [KEY]
    if path[0] in integration.teardown_fields:
        assert leaves(teardown.body(integration, config, {})) == [KEY]


def test_no_other_text_is_changed() -> None:
    (snowflake,) = [i for i in INTEGRATIONS if i.resource == "immuta_snowflake_integration"]
    escaped = KEY.replace("\n", "\\n")
    assert leaves(build(snowflake, {"connect_args": escaped, "password": escaped})["config"]) == [escaped] * 2

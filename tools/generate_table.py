"""Writes `compiled.py`: the model of the pydantic classes as calls of the plain classes in `fields.py`.

    python tools/generate_table.py            write the file if it differs
    python tools/generate_table.py --check    change nothing; exit 1 and name it if it differs

`render()` gives the same file as data, for the test that fails when it is stale.
"""

from __future__ import annotations

import inspect
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "provider")]

from immuta_provider.model import fields  # noqa: E402
from immuta_provider.model.registry import REGISTRY  # noqa: E402
from immuta_provider.model.spec import Integration, Object, object_of, plain, plain_field, specified  # noqa: E402
from pydantic.fields import FieldInfo  # noqa: E402

COMPILED = ROOT / "provider/immuta_provider/model/compiled/integrations.py"

HEAD = '''"""The model as plain data, generated from the classes beside this module by `make generate`. Do not edit."""

from __future__ import annotations

from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Choices,
    Field,
    IntegrationType,
    When,
)
'''

KINDS = {getattr(fields, name): name for name in ("BOOL", "NUMBER", "OBJECT", "OBJECTS", "STRING", "STRINGS")}
WIDEST_TEXT = 88


def render() -> dict[Path, str]:
    """The generated file's path and text, formatted."""
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(COMPILED), "-"]
    done = subprocess.run(ruff, input=draft(), capture_output=True, text=True, check=True, cwd=ROOT)
    return {COMPILED: done.stdout}


def draft() -> str:
    """The whole module, before formatting."""
    objects: dict[type[Object], None] = {}
    for integration in REGISTRY:
        _collect(integration, objects)
    tuples = [f"{constant(cls)}: tuple[Field, ...] = {_fields(cls)}" for cls in objects]
    types = [f"{constant(cls)} = {_integration(cls)}" for cls in REGISTRY]
    table = (
        f"INTEGRATIONS: tuple[IntegrationType, ...] = ({''.join(f'{constant(cls)},' for cls in REGISTRY)})\n"
        "BY_RESOURCE: dict[str, IntegrationType] = {one.resource: one for one in INTEGRATIONS}\n"
    )
    return "\n".join([HEAD, *tuples, *types, table])


def constant(cls: type[Object]) -> str:
    """AmazonS3Integration -> AMAZON_S3_INTEGRATION, OAuthClientConfig -> OAUTH_CLIENT_CONFIG."""
    name = cls.__name__.replace("OAuth", "Oauth").replace("BigQuery", "Bigquery")
    return "".join(f"_{c}" if c.isupper() and i else c for i, c in enumerate(name)).upper()


def _collect(cls: type[Object], into: dict[type[Object], None]) -> None:
    for _, info in specified(cls):
        inner = object_of(info)
        if inner and inner not in into:
            _collect(inner, into)
            into[inner] = None


def _fields(cls: type[Object]) -> str:
    return f"({''.join(f'{_field(*one)},' for one in specified(cls))})"


def _field(name: str, info: FieldInfo) -> str:
    field, inner = plain_field(name, info), object_of(info)
    rendered = {
        key: constant(inner) if key == "fields" and inner else _value(value)
        for key, value in _told(fields.Field, field)
    }
    return _call("Field", [_value(field.name), _value(field.key), KINDS[field.kind]], rendered)


def _integration(cls: type[Integration]) -> str:
    one = plain(cls)
    rendered = {
        key: _fields(cls) if key == "fields" else _value(value)
        for key, value in _told(fields.IntegrationType, one)
    }
    return _call(
        "IntegrationType", [_value(one.resource), _value(one.class_name), _value(one.type)], rendered
    )


def _told(cls: type[fields.Plain], one: object) -> list[tuple[str, object]]:
    """The keyword arguments that differ from their defaults, in the order of the signature."""
    arguments = inspect.signature(cls).parameters.values()
    named = [(a, getattr(one, a.name)) for a in arguments if a.kind is a.KEYWORD_ONLY]
    return [(a.name, value) for a, value in named if a.default is a.empty or value != a.default]


def _value(value: object) -> str:
    if isinstance(value, fields.When):
        return _call("When", [_value(dict(value.fields))], {} if value.strict else {"strict": "False"})
    if isinstance(value, fields.Choices):
        return _call(
            "Choices", [_value(v) for v in value.values], {} if value.strict else {"strict": "False"}
        )
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_value(k)}: {_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, tuple):
        return f"({''.join(f'{_value(v)}, ' for v in value).rstrip()})"
    if isinstance(value, str) and len(value) > WIDEST_TEXT and " " in value:
        lines = textwrap.wrap(value, WIDEST_TEXT, drop_whitespace=False, break_on_hyphens=False)
        return "(" + " ".join(repr(line) for line in lines) + ")"
    return repr(value)


def _call(name: str, values: list[str], named: dict[str, str]) -> str:
    return f"{name}({', '.join([*values, *(f'{key}={value}' for key, value in named.items())])})"


def stale(files: dict[Path, str]) -> list[Path]:
    """The files that are missing or hold something else."""
    return [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    files = render()
    differing = stale(files)
    for path in differing:
        print(path.relative_to(ROOT))
        if "--check" not in arguments:
            path.write_text(files[path], "utf-8")
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

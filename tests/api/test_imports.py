"""The client costs nothing until it is used: requests alone is 100 ms, and the provider starts several times a command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = (
    "asyncio",
    "dataclasses",
    "email",
    "enum",
    "http",
    "json",
    "logging",
    "random",
    "requests",
    "ssl",
    "typing",
    "urllib",
    "urllib3",
)
PROVIDER = Path(__file__).parents[2] / "provider"


def loaded(code: str) -> list[str]:
    script = f"import sys; sys.path.insert(0, {str(PROVIDER)!r}); {code}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    return sorted({name.split(".")[0] for name in done.stdout.split()} & set(HEAVY))


def test_the_modules_import_nothing_heavy() -> None:
    files = (PROVIDER / "immuta_provider" / "api").rglob("*.py")
    names = sorted(".".join(path.relative_to(PROVIDER).with_suffix("").parts) for path in files)
    assert "immuta_provider.api.http.client" in names
    assert loaded("; ".join(f"import {name}" for name in names)) == []


def test_a_client_imports_nothing_heavy_before_its_first_request() -> None:
    code = (
        "from immuta_provider.api.http.client import HttpClient; from immuta_provider.api.http.settings import Settings; "
        "HttpClient(Settings('immuta.example', api_key='key'))"
    )
    assert loaded(code) == ["enum", "urllib"]

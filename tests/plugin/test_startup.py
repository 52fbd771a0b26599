"""The modules that are imported before the handshake. Each costs time several times in every command."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import immuta_provider

TOO_HEAVY = {
    "asyncio",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "http",
    "inspect",
    "json",
    "logging",
    "pydantic",
    "re",
    "requests",
    "ssl",
    "tempfile",
    "traceback",
    "types",
    "typing",
    "urllib",
}

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from immuta_provider.plugin.protocol import msgpack
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.protocol.service import Service
class Toy:
    class schema: holds_secret = False; attributes = (); version = 0; description = ""; deprecated = False
    resources = data_sources = ephemeral_resources = functions = list_resources = actions = {}
service = Service(Toy)
for handler in service.handlers.values():
    handler(b"")
for stream in service.streams.values():
    list(stream(b""))
REDACTOR.learn("a-secret")
REDACTOR.clean("some text")
print(*{name.split(".")[0] for name in sys.modules})
"""


def test_no_heavy_module_is_imported_by_the_service_and_its_calls() -> None:
    root = str(Path(immuta_provider.__file__).parents[1])
    command = [sys.executable, "-I", "-S", "-c", SCRIPT, root]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & TOO_HEAVY == set()
    # The RPCs above failed because their requests were empty, and reported it.
    assert {json.loads(line)["@message"] for line in done.stderr.splitlines()} == {"a call failed"}

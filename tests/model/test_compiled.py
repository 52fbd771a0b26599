from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from immuta_provider.model.compiled.readings import READINGS as COMPILED_READINGS
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.registry import READINGS, REGISTRY
from immuta_provider.model.spec import plain, plain_reading

ROOT = Path(__file__).parents[2]

USE = """
import sys
sys.path.insert(0, {provider!r})
before = set(sys.modules)
from immuta_provider.model import payload, rules
from immuta_provider.model.compiled.integrations import BY_RESOURCE
snowflake, bigquery = BY_RESOURCE["immuta_snowflake_integration"], BY_RESOURCE["immuta_bigquery_integration"]
good = {{"auto_bootstrap": True, "host": "h.example", "warehouse": "w", "database": "d", "port": "443", "role": "r",
         "authentication_type": "userPassword", "username": "u", "password": "p",
         "additional_config": '{{"extra": [1, 2.5, null]}}'}}
key_file = {{"role": "r", "dataset_suffix": "_x", "credential": '{{"type": "service_account"}}'}}
for one, config in ((snowflake, good), (bigquery, key_file)):
    assert rules.check(one, config) == []
    payload.read(one, payload.build(one, config))
print(" ".join(sorted(set(sys.modules) - before)))
"""


def test_the_compiled_types_are_those_of_the_classes() -> None:
    assert tuple(map(plain, REGISTRY)) == TYPES
    assert tuple(map(plain_reading, READINGS)) == COMPILED_READINGS
    assert {one.resource: one for one in TYPES} == BY_RESOURCE


def test_loading_and_using_the_model_imports_nothing_else() -> None:
    script = USE.format(provider=str(ROOT / "provider"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [
        "__future__",
        "_json",
        "immuta_provider",
        "immuta_provider.model",
        "immuta_provider.model.additional_config_rules",
        "immuta_provider.model.compiled",
        "immuta_provider.model.compiled.integrations",
        "immuta_provider.model.conditions",
        "immuta_provider.model.derived",
        "immuta_provider.model.fields",
        "immuta_provider.model.findings",
        "immuta_provider.model.integrations",
        "immuta_provider.model.integrations.type",
        "immuta_provider.model.json_text",
        "immuta_provider.model.numbers",
        "immuta_provider.model.patterns",
        "immuta_provider.model.payload",
        "immuta_provider.model.pem",
        "immuta_provider.model.rules",
        "immuta_provider.model.secret_keys",
        "immuta_provider.model.text",
        "immuta_provider.model.ways",
    ]

"""The example of a manual set-up, whole."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from immuta_constructs.testing import synthesized
from support.light_packages import lighten

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "manual_snowflake" / "main.py"

SETTINGS = {
    "host": "acme-sales.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "keyPair",
    "username": "IMMUTA_SYSTEM_ACCOUNT",
}
KEY = {"key_name": "PRIV_KEY_FILE", "user_filename": "immuta.p8"}


def test_the_example_is_synthesized_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The integration comes after the key, which comes after the script: created in this order, destroyed in the other one."""
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))
    lighten(monkeypatch, "cdktf_cdktf_provider_snowflake")
    app = runpy.run_path(str(EXAMPLE))["app"]
    document = synthesized(app.node.find_child("manual-snowflake"))
    versions = document.pop("terraform")["required_providers"]
    assert {name: provider["source"] for name, provider in versions.items()} == {
        "immuta": "registry.terraform.io/cdktf-immuta/immuta",
        "snowflake": "snowflakedb/snowflake",
    }
    assert document == {
        "provider": {
            "immuta": [{}],
            "snowflake": [
                {
                    "organization_name": "acme",
                    "account_name": "sales",
                    "user": "TERRAFORM",
                    "role": "ACCOUNTADMIN",
                    "authenticator": "SNOWFLAKE_JWT",
                    "preview_features_enabled": ["snowflake_execute"],
                }
            ],
        },
        "variable": {"immuta_private_key": {"type": "string", "sensitive": True, "ephemeral": True}},
        "data": {
            "immuta_integration_script": {
                "create": {"script": "create", "snowflake": {**SETTINGS, "private_key": KEY}},
                "cleanup": {"script": "cleanup", "snowflake": {**SETTINGS, "private_key": KEY}},
            }
        },
        "resource": {
            "snowflake_execute": {
                "setup": {
                    "execute": "${data.immuta_integration_script.create.content}",
                    "revert": "${data.immuta_integration_script.cleanup.content}",
                    "lifecycle": {"ignore_changes": ["execute"]},
                },
                "key": {
                    "execute": "ALTER USER IMMUTA_SYSTEM_ACCOUNT SET RSA_PUBLIC_KEY = 'MIIBIjANBgkqhkiG...'",
                    "revert": "ALTER USER IF EXISTS IMMUTA_SYSTEM_ACCOUNT UNSET RSA_PUBLIC_KEY",
                    "depends_on": ["snowflake_execute.setup"],
                },
            },
            "immuta_snowflake_integration": {
                "snowflake_integration": {
                    "auto_bootstrap": False,
                    **SETTINGS,
                    "private_key": {**KEY, "content": "${var.immuta_private_key}"},
                    "depends_on": ["snowflake_execute.key"],
                }
            },
        },
    }

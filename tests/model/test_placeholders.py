"""The placeholders that are sent in the place of secrets."""

from __future__ import annotations

import base64
import json

from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.placeholders import JSON, PEM, filled, placeholder
from immuta_provider.plugin.values import UNKNOWN, is_unknown

SNOWFLAKE = BY_RESOURCE["immuta_snowflake_integration"]
DATABRICKS = BY_RESOURCE["immuta_databricks_integration"]


def test_every_secret_has_a_placeholder() -> None:
    found = {placeholder(field) for i in INTEGRATIONS for _, field in i.walk() if field.secret}
    assert found == {
        "<AWS_SECRET_ACCESS_KEY>",
        "<CLIENT_SECRET>",
        "<CONNECT_ARGS>",
        "<PASSWORD>",
        "<PRIVATE_KEY_PASSWORD>",
        "<SECRET_KEY>",
        "<SESSION_TOKEN>",
        "<TOKEN>",
        JSON,
        PEM,
    }


def test_the_placeholder_of_a_key_file_has_its_form_without_a_key() -> None:
    first, content, last = PEM.splitlines()
    assert (first, last) == ("-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----")
    assert base64.b64decode(content) == b"a placeholder of cdktf-immuta, and no key"
    assert json.loads(JSON) == {
        "type": "service_account",
        "project_id": "PROJECT_ID",
        "private_key_id": "PRIVATE_KEY_ID",
        "private_key": "PRIVATE_KEY",
        "client_email": "CLIENT_EMAIL",
    }


def test_only_required_secrets_get_a_placeholder() -> None:
    config = {"auto_bootstrap": False, "host": "h", "authentication_type": "userPassword"}
    assert filled(SNOWFLAKE, config) == ({**config, "password": "<PASSWORD>"}, {"password": "<PASSWORD>"})
    assert filled(SNOWFLAKE, {**config, "authentication_type": "keyPair"})[1] == {}


def test_secrets_at_every_depth_get_a_placeholder() -> None:
    connections = [{"authentication_type": "oAuthM2M"}, {"authentication_type": "token"}]
    config = {
        "auto_bootstrap": False,
        "authentication_type": "oAuthM2M",
        "oauth_client_config": {"use_certificate": True, "oauth_private_key": {"key_name": None}},
        "proxy_options": {"host": "proxy.example"},
        "additional_workspace_connections": connections,
    }
    whole, sent = filled(DATABRICKS, config)
    assert sent == {
        "oauth_client_config.oauth_private_key.content": PEM,
        "additional_workspace_connections.1.token": "<TOKEN>",
    }
    assert whole == {
        **config,
        "oauth_client_config": {
            "use_certificate": True,
            "oauth_private_key": {"key_name": None, "content": PEM},
        },
        "additional_workspace_connections": [connections[0], {**connections[1], "token": "<TOKEN>"}],
    }
    assert connections == [{"authentication_type": "oAuthM2M"}, {"authentication_type": "token"}]


def test_placeholders_that_depend_on_an_unknown_value_are_left_open() -> None:
    config = {"auto_bootstrap": False, "authentication_type": UNKNOWN, "private_key": UNKNOWN}
    assert filled(SNOWFLAKE, config, is_unknown=is_unknown) == (config, {})

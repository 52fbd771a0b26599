"""Credentials to remove what Immuta set up itself, from the provider block and from environment variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from support.core import Diagnostic
from support.worlds import MakeCore
from table import numbered
from table.integrations import BASES, attributes, resource_of

PREFIX = "IMMUTA_TEARDOWN_AZURE_SYNAPSE_"
CLIENT = {
    f"{PREFIX}AUTHENTICATION_TYPE": "oAuthClientCredentials",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_CLIENT_ID": "3f6c",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_CLIENT_SECRET": "hunter2-client",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_AUTHORITY_URL": "https://idp.acme.example/token",
}
SECRET = "hunter2-secret"
PLATFORMS = {
    "snowflake": ("snowflake", "Snowflake", "acme-1.eu-central-1.snowflakecomputing.com"),
    "snowflake with key pair": ("snowflake", "Snowflake", "acme-1.eu-central-1.snowflakecomputing.com"),
    "redshift": ("redshift", "Redshift", "acme-1.eu-west-1.redshift.amazonaws.com"),
    "synapse": ("azure_synapse", "Azure Synapse Analytics", "pool-1.sql.azuresynapse.net"),
}


def client(use_certificate: str) -> dict[str, str]:
    """Variables with the credentials of an OAuth client."""
    return {**CLIENT, f"{PREFIX}OAUTH_CLIENT_CONFIG_USE_CERTIFICATE": use_certificate}


@pytest.mark.parametrize(
    ("text", "sent"), [("true", True), ("false", False), (" True\n", True), ("FALSE", False)]
)
def test_true_or_false_in_a_variable_is_sent_as_a_boolean(core: MakeCore, text: str, sent: bool) -> None:
    world = core("immuta_azure_synapse_integration", environment=client(text))
    assert world.apply(attributes(numbered(BASES["synapse"], 1))).diagnostics == []
    assert world.apply(None).diagnostics == []
    (request,) = world.transport.requests("delete")
    assert request["body"] == {
        "authenticationType": "oAuthClientCredentials",
        "oAuthClientConfig": {
            "useCertificate": sent,
            "clientId": "3f6c",
            "clientSecret": "hunter2-client",
            "authorityUrl": "https://idp.acme.example/token",
        },
    }


class Unusable(NamedTuple):
    """`teardown_credentials` or variables that cannot remove the integration of a base, and the reason."""

    base: str
    credentials: Mapping[str, Any]
    why: str


CERTIFICATE = (
    " Description: Proof of the client's identity. true: by a certificate and its private key. "
    "false: by a client secret."
)
NOT_BOOLEAN = (
    'oauth_client_config.use_certificate is text ("{}"), but has to be true or false. Set '
    "oauth_client_config.use_certificate to true or false." + CERTIFICATE
)
UNUSABLE: dict[str, Unusable] = {
    "no password": Unusable(
        "snowflake",
        {"snowflake": {"username": "admin"}},
        'every Snowflake integration needs password when authentication_type is "userPassword", but password is not set. Set '
        "password. Description: Password of that user.",
    ),
    "an OAuth client": Unusable(
        "snowflake",
        {
            "snowflake": {
                "authentication_type": "oAuthClientCredentials",
                "username": "admin",
                "password": SECRET,
            }
        },
        'authentication_type is "oAuthClientCredentials", but Immuta removes what it set up itself only with "userPassword" or '
        '"keyPair". Change authentication_type, and set the credentials that belong to it.',
    ),
    "Okta": Unusable(
        "redshift",
        {"redshift": {"authentication_type": "okta", "username": "admin", "password": SECRET}},
        'authentication_type is "okta", but Immuta removes what it set up itself only with "userPassword" or "accessKey". Change '
        "authentication_type, and set the credentials that belong to it.",
    ),
    "a wrong name of a key": Unusable(
        "snowflake with key pair",
        {
            "hosts": {
                "ACME-1.eu-central-1.snowflakecomputing.com": {
                    "username": "admin",
                    "private_key": {"key_name": "KEY", "user_filename": "immuta.p8", "content": SECRET},
                }
            }
        },
        'private_key.key_name is "KEY". Immuta accepts only "PRIV_KEY_FILE" for a Snowflake integration. Set '
        'private_key.key_name to "PRIV_KEY_FILE".',
    ),
    "no username": Unusable(
        "synapse",
        {"azure_synapse": {"password": SECRET}},
        'every Azure Synapse Analytics integration needs username when authentication_type is "userPassword", but username is '
        "not set. Set username. Description: User name. With auto_bootstrap a privileged account that is used once; without, the "
        "account that Immuta goes on using.",
    ),
    "a word that is not a boolean": Unusable("synapse", client("yes"), NOT_BOOLEAN.format("yes")),
    "a number that is not a boolean": Unusable("synapse", client("1"), NOT_BOOLEAN.format("1")),
    "an empty variable": Unusable(
        "synapse",
        client(""),
        "oauth_client_config needs use_certificate, but oauth_client_config.use_certificate is not set. Set "
        "oauth_client_config.use_certificate." + CERTIFICATE,
    ),
}


@pytest.mark.parametrize("unusable", UNUSABLE.values(), ids=UNUSABLE)
def test_credentials_that_cannot_remove_the_integration_are_not_sent(
    core: MakeCore, unusable: Unusable
) -> None:
    base, credentials, why = unusable
    variables = credentials.keys() <= client("").keys()
    world = core(
        resource_of(BASES[base]),
        environment=credentials if variables else {},
        provider_config={} if variables else {"teardown_credentials": dict(credentials)},
    )
    assert world.apply(attributes(numbered(BASES[base], 1))).diagnostics == []
    platform, title, host = PLATFORMS[base]
    text = (
        f"Wrong credentials to remove the {title} integration",
        f"Immuta set up integration 1 on {host} itself, but the credentials of `teardown_credentials.{platform}` (or of the "
        f"entry for '{host}' in its `hosts`, or of IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>) cannot remove it. Nothing is "
        f"destroyed. As if they were set in the resource:\n\n{why}",
        (),
    )
    assert world.apply(None).diagnostics == [Diagnostic("warning", *text), Diagnostic("error", *text)]
    assert "delete" not in world.transport.counts()
    assert world.instance is not None

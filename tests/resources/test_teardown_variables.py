"""Booleans among the credentials that environment variables hold: how Synapse's OAuth client proves itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core, Diagnostic
from table import numbered
from table.integrations import BASES, attributes

SYNAPSE = "immuta_azure_synapse_integration"
PREFIX = "IMMUTA_TEARDOWN_AZURE_SYNAPSE_"
CLIENT = {
    f"{PREFIX}AUTHENTICATION_TYPE": "oAuthClientCredentials",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_CLIENT_ID": "3f6c",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_CLIENT_SECRET": "hunter2-client",
    f"{PREFIX}OAUTH_CLIENT_CONFIG_AUTHORITY_URL": "https://idp.acme.example/token",
}
USE_CERTIFICATE = f"{PREFIX}OAUTH_CLIENT_CONFIG_USE_CERTIFICATE"


def removed(core: Callable[..., Core], text: str) -> tuple[Core, list[Diagnostic]]:
    """An integration that Immuta set up itself, after its destruction with the variable set to a text."""
    world = core(SYNAPSE, environment={**CLIENT, USE_CERTIFICATE: text})
    assert world.apply(attributes(numbered(BASES["synapse"], 1))).diagnostics == []
    world.control.clear_requests()
    return world, world.apply(None).diagnostics


@pytest.mark.parametrize(
    ("text", "sent"), [("true", True), ("false", False), (" True\n", True), ("FALSE", False)]
)
def test_either_word_is_sent_as_what_it_means(core: Callable[..., Core], text: str, sent: bool) -> None:
    world, told = removed(core, text)
    (request,) = world.control.requests(operation="delete")["requests"]
    assert request["body"] == {
        "authenticationType": "oAuthClientCredentials",
        "oAuthClientConfig": {
            "useCertificate": sent,
            "clientId": "3f6c",
            "clientSecret": "hunter2-client",
            "authorityUrl": "https://idp.acme.example/token",
        },
    }
    assert (told, world.instance) == ([], None)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "yes",
            'oauth_client_config.use_certificate is text ("yes"), but has to be true or false. Set '
            "oauth_client_config.use_certificate to true or false.",
        ),
        (
            "1",
            'oauth_client_config.use_certificate is text ("1"), but has to be true or false. Set '
            "oauth_client_config.use_certificate to true or false.",
        ),
        (
            "",
            "oauth_client_config needs use_certificate, but oauth_client_config.use_certificate is not set. Set "
            "oauth_client_config.use_certificate.",
        ),
    ],
)
def test_any_other_text_is_told_and_nothing_is_sent(core: Callable[..., Core], text: str, why: str) -> None:
    world, told = removed(core, text)
    said: tuple[Any, ...] = (
        "Wrong credentials to remove the Azure Synapse Analytics integration",
        "Immuta set up integration 1 on pool-1.sql.azuresynapse.net itself, but the credentials of "
        "`teardown_credentials.azure_synapse` (or of the entry for 'pool-1.sql.azuresynapse.net' in its `hosts`, or of "
        "IMMUTA_TEARDOWN_AZURE_SYNAPSE_<ATTRIBUTE>) cannot remove it. Nothing is destroyed. As if they were set in the "
        f"resource:\n\n{why} Description: Proof of the "
        "client's identity. true: by a certificate and its private key. false: by a client secret.",
        (),
    )
    assert told == [Diagnostic("warning", *said), Diagnostic("error", *said)]
    assert "delete" not in world.control.requests()["counts"]
    assert world.instance is not None

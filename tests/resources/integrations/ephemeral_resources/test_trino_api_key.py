"""The ephemeral resource with the API key of a Trino integration."""

from __future__ import annotations

import pytest
from immuta_provider.plugin.redaction import REDACTOR
from immuta_simulator.integrations.samples import SAMPLES
from support.core import InProcess
from support.reads import Read, Reads, refused

NAME = "immuta_trino_api_key"


@pytest.fixture(autouse=True)
def integrations(transport: InProcess) -> None:
    transport.control.plant("integrations", {**SAMPLES["Trino"], "config": {"apiKey": "key-of-the-cluster"}})
    transport.control.plant("integrations", SAMPLES["Snowflake"])


def test_the_key_is_read_and_sensitive(reads: Reads, transport: InProcess) -> None:
    assert reads.ephemeral(NAME, integration_id="1") == Read(
        {"integration_id": "1", "api_key": "key-of-the-cluster"}, []
    )
    assert transport.order == ["get"]
    assert REDACTOR.clean("key-of-the-cluster") == "(redacted)"
    api_key = reads.provider.ephemeral_resources[NAME].schema.attribute("api_key")
    assert api_key is not None
    assert api_key.sensitive


def test_an_integration_of_another_type_is_an_error(reads: Reads) -> None:
    assert reads.ephemeral(NAME, integration_id=" 2 ") == refused(
        "The integration has no API key",
        'integration 2 is of type "Snowflake", and Immuta\'s answer contains no API key for it, or only a masked '
        "one. Only Starburst (Trino) integrations have one. Use the id of such an integration, or copy the key from "
        "Immuta's "
        "app settings page.\n\nThe request was for the API key of integration 2.",
    )


def test_an_unknown_integration_is_an_error(reads: Reads) -> None:
    [error] = reads.ephemeral(NAME, integration_id="9").told
    assert error[:2] == ("error", "Immuta does not know it")

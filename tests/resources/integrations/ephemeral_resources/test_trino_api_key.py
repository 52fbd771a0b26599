from __future__ import annotations

import pytest
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.values import UNKNOWN
from immuta_simulator.integrations.samples import SAMPLES
from support.core import InProcess
from support.reads import Read, Reads

NAME = "immuta_trino_api_key"


@pytest.fixture(autouse=True)
def integrations(transport: InProcess) -> None:
    transport.control.plant("integrations", {**SAMPLES["Trino"], "config": {"apiKey": "key-of-the-cluster"}})
    transport.control.plant("integrations", SAMPLES["Snowflake"])


def test_the_key(reads: Reads, transport: InProcess) -> None:
    assert reads.ephemeral(NAME, integration_id="1") == Read(
        {"integration_id": "1", "api_key": "key-of-the-cluster"}, []
    )
    assert transport.order == ["get"]
    assert REDACTOR.clean("key-of-the-cluster") == "(redacted)"
    api_key = reads.provider.ephemeral_resources[NAME].schema.attribute("api_key")
    assert api_key is not None
    assert api_key.sensitive


def test_an_integration_of_another_type(reads: Reads) -> None:
    assert reads.ephemeral(NAME, integration_id=" 2 ") == Read(
        None,
        [
            (
                "error",
                "The integration has no API key",
                'integration 2 is of type "Snowflake", and Immuta\'s answer contains no API key for it, or only a masked '
                "one. Only Starburst (Trino) integrations have one. Use the id of such an integration, or copy the key from "
                "Immuta's "
                "app settings page.\n\nThe request was for the API key of integration 2.",
                (),
            )
        ],
    )


def test_no_such_integration(reads: Reads) -> None:
    (told,) = reads.ephemeral(NAME, integration_id="9").told
    assert told[:2] == ("error", "Immuta does not know it")


def test_an_empty_id(reads: Reads, transport: InProcess) -> None:
    (told,) = reads.ephemeral(NAME, integration_id="").told
    assert (told[1], told[3]) == ("integration_id is missing", ("integration_id",))
    assert transport.order == []


def test_unknown_values_are_not_checked(reads: Reads) -> None:
    assert reads.validate_ephemeral(NAME, integration_id=UNKNOWN) == []


def test_a_provider_that_is_not_known_yet(transport: InProcess) -> None:
    """Terraform opens an ephemeral resource in the plan whatever its `depends_on` waits for."""
    told = Reads(transport, host=None).ephemeral(NAME, integration_id="1").told
    assert told == [
        (
            "error",
            "Immuta cannot be reached yet",
            "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider block, "
            "or IMMUTA_HOST and IMMUTA_API_KEY in the environment. If they are known only after apply, create them first, for "
            "example by `terraform apply -target`; an ephemeral resource is opened during plan, unless one of its arguments is "
            "unknown.",
            (),
        )
    ]

"""The credentials that remove what Immuta set up itself."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import Choices
from immuta_provider.model.integrations.teardown import by_hand, teardown_fields


def test_no_way_of_signing_in_that_is_only_for_a_set_up_by_hand() -> None:
    ways = {
        each.title: [
            (f.description, f.choices, f.choice_when)
            for f in teardown_fields(each)
            if f.name == "authentication_type"
        ]
        for each in INTEGRATIONS
        if each.teardown_platform
    }
    assert ways == {
        "Azure Synapse Analytics": [
            (
                "Authentication method. userPassword: by user name and password. oAuthClientCredentials: as an OAuth client, as "
                "far as is known.",
                Choices("userPassword", "oAuthClientCredentials", strict=False),
                (),
            )
        ],
        "Redshift": [
            (
                "Authentication method. userPassword: by user name and password. accessKey: by an AWS access key.",
                Choices("userPassword", "accessKey", strict=False),
                (),
            )
        ],
        "Snowflake": [
            (
                "Authentication method. userPassword: by user name and password. keyPair: by user name and private key.",
                Choices("userPassword", "keyPair"),
                (),
            )
        ],
    }


def test_teardown_fields_without_a_choice_are_the_models_own() -> None:
    for each in INTEGRATIONS:
        own = [f for f in each.fields if f.name in each.teardown_fields]
        assert [f for f in teardown_fields(each) if f not in own] == [
            f for f in teardown_fields(each) if by_hand(next(o for o in own if o.name == f.name))
        ]

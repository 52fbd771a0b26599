"""The credentials that remove what Immuta set up itself."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import Choices
from immuta_provider.model.integrations.teardown import by_hand, teardown_fields

BY_USER = "Authentication method. userPassword: by user name and password. "
SIGN_IN = {
    "Azure Synapse Analytics": (
        f"{BY_USER}oAuthClientCredentials: as an OAuth client, as far as is known.",
        Choices("userPassword", "oAuthClientCredentials", strict=False),
    ),
    "Redshift": (
        f"{BY_USER}accessKey: by an AWS access key.",
        Choices("userPassword", "accessKey", strict=False),
    ),
    "Snowflake": (f"{BY_USER}keyPair: by user name and private key.", Choices("userPassword", "keyPair")),
}


def test_a_way_of_signing_in_that_is_only_for_a_manual_set_up_is_not_accepted() -> None:
    found = {
        each.title: (field.description, field.choices)
        for each in INTEGRATIONS
        for field in teardown_fields(each)
        if field.name == "authentication_type" and field.choice_when == ()
    }
    assert found == SIGN_IN


def test_teardown_fields_without_a_choice_are_the_models_own() -> None:
    for each in INTEGRATIONS:
        own = [f for f in each.fields if f.name in each.teardown_fields]
        assert [f for f in teardown_fields(each) if f not in own] == [
            f for f in teardown_fields(each) if by_hand(next(o for o in own if o.name == f.name))
        ]

"""The objects that values name."""

from __future__ import annotations

import pytest
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.references import named

MEMBER = BY_RESOURCE["immuta_group_member"]


@pytest.mark.parametrize(
    ("attribute", "values", "expected"),
    [
        ("userid", {"userid": "ana"}, "immuta_user.userid"),
        ("userid", {"userid": "ana", "iamid": "bim"}, "immuta_user.userid"),
        ("userid", {"userid": "ana", "iamid": "okta"}, ""),
        ("group_id", {"userid": "ana", "iamid": "okta"}, "immuta_group.id"),
        ("iamid", {"userid": "ana", "iamid": "okta"}, ""),
    ],
)
def test_a_user_of_another_identity_manager_is_not_a_user_resource(
    attribute: str, values: dict[str, str], expected: str
) -> None:
    field = MEMBER.field(attribute)
    assert field is not None
    assert named(field, MEMBER.fields, values) == expected

"""The list of each type of people has the objects of every user and of every group."""

from __future__ import annotations

import pytest
from immuta_provider.model.compiled.people import BY_RESOURCE
from immuta_provider.resources import lives
from support.worlds import MakeCore


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize(
    ("resource", "ids"),
    [
        ("immuta_user", ["admin@immuta.example", "ana"]),
        ("immuta_group", ["1", "2"]),
        ("immuta_group_member", ["1/bim/ana", "1/okta/olga", "2/okta/olga"]),
        ("immuta_user_attribute", ["bim/ana/team/A", "bim/ana/team/B"]),
        ("immuta_group_attribute", ["bim/1/team/A", "okta/2/team/B"]),
        ("immuta_user_external_ids", ["okta/olga"]),
    ],
)
def test_a_list_has_every_object_of_people(
    core: MakeCore, resource: str, ids: list[str], short: bool
) -> None:
    world = core(resource)
    control = world.control
    control.change_settings({"short_user_rows": short})
    control.plant("users", {"userid": "ana", "bimAuthorizations": {"team": ["A", "B"]}}, "7")
    olga = {"userid": "olga", "iamid": "okta", "profile": {"externalUserIds": {"trinoUser": "olga"}}}
    control.plant("users", {**olga, "iamAuthorizations": {"team": ["C"]}}, "8")
    control.plant("groups", {"name": "Own", "bimAuthorizations": {"team": ["A"]}})
    control.plant("groups", {"name": "Theirs", "iamid": "okta", "bimAuthorizations": {"team": ["B"]}})
    for group, uid in ((1, 7), (1, 8), (2, 8)):
        control.plant("members", {"group": group, "uid": uid})
    client = world.configured_process().provider._configured.client
    assert client is not None
    assert [found.id for found in lives.of(BY_RESOURCE[resource], client).list()] == ids

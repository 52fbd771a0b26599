"""The comparison of a tenant's answers with the model: by key and type, and never by value."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.settings import Settings
from immuta_provider.doctor import collections, report
from immuta_provider.doctor.check import failed, ok, warning
from immuta_provider.doctor.collections import Collection
from immuta_provider.doctor.survey import Difference, Surveyed, survey
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import Routes
from support.fake_transport import FakeTransport, error, reply

USERS = "GET /bim/user"
PAGED = "GET /bim/user?size=50&offset=0"
OF_USERS = ("immuta_user_external_ids", "immuta_user", "immuta_user_attribute")
REPORT = "Report the keys to the maintainers of cdktf-immuta."
OPTIONAL = ("about", "location", "organization", "phone", "position")
WELL: dict[str, Any] = {
    "disabled": False,
    "userid": "ada",
    "iamid": "bim",
    "profile": {
        "name": "Ada",
        "email": "ada@example",
        **dict.fromkeys(OPTIONAL),
        "externalUserIds": {"snowflakeUser": "ADA", "a chosen name": "X"},
    },
    "permissions": ["GOVERNANCE"],
    "bimAuthorizations": {"Department of Ada": ["Sales"]},
}


def collection(request: str) -> Collection:
    return next(each for each in collections.of_model() if each.request == request)


def surveyed(request: str, answer: Any, route: str = "") -> list[Surveyed]:
    transport = FakeTransport({route or request: answer})
    client = HttpClient(
        Settings("https://immuta.example", api_key="key", max_retries=0),
        transport=transport,
        holds=lambda text: "hidden" in text,
    )
    return list(survey(client, [collection(request)]))


def users(*records: Any) -> Surveyed:
    (found,) = surveyed(USERS, reply(200, {"hits": list(records), "count": len(records)}), PAGED)
    return found


def test_lists_that_several_types_share_are_read_once() -> None:
    found = collections.of_model()
    assert len({each.request for each in found}) == len(found)
    assert {type.resource for each in found for type in each.types} == {*BY_RESOURCE}
    assert {each.request: len(each.types) for each in found if len(each.types) > 1} == {
        "GET /integrations": 7,
        "GET /bim/user": 3,
        "GET /bim/group": 3,
        "GET /policy/global": 2,
    }


def test_each_collection_has_the_permission_of_the_model() -> None:
    for each in collections.of_model():
        needed = {type.life.permission for type in each.types if isinstance(type.life, Routes)}
        assert needed <= {each.permission}
        assert each.permission


def test_a_list_without_records_is_not_compared() -> None:
    found = users()
    assert found == Surveyed(USERS, OF_USERS, 0)
    assert found.check == ok(f"api {USERS}", f"0 records of {', '.join(OF_USERS)}")


def test_every_difference_is_reported_without_a_value() -> None:
    found = users(
        WELL,
        {
            **{key: value for key, value in WELL.items() if key != "permissions"},
            "userid": ["a", "list"],
            "profile": {
                **dict.fromkeys(OPTIONAL),
                "name": None,
                "email": True,
                "externalUserIds": "text",
                "fax": "555",
            },
            "scim": {"inner": "not looked into"},
            "a key with blanks": 1,
            "hidden_key": 2,
        },
    )
    expected = Surveyed(
        USERS,
        OF_USERS,
        2,
        unknown=(
            Difference("(a key that is not an identifier)", "number", ""),
            Difference("profile.fax", "text", ""),
            Difference("scim", "object", ""),
        ),
        unlike=(
            Difference("profile.email", "boolean", "text or number"),
            Difference("profile.externalUserIds", "text", "object"),
            Difference("userid", "list", "text or number"),
        ),
    )
    assert found == expected
    assert found.check == warning(
        f"api {USERS}",
        f"2 records of {', '.join(OF_USERS)}; not in the model: (a key that is not an identifier) (number), "
        "profile.fax (text), scim (object); of another type: profile.email (boolean and not text or number), "
        "profile.externalUserIds (text and not object), userid (list and not text or number)",
        REPORT,
    )
    written = json.loads(report.document("0.1.0", [], [found]))
    assert written["collections"] == [
        {
            "request": USERS,
            "resources": list(OF_USERS),
            "records": 2,
            "problem": "",
            "not_in_model": [
                {"key": "(a key that is not an identifier)", "type": "number"},
                {"key": "profile.fax", "type": "text"},
                {"key": "scim", "type": "object"},
            ],
            "not_in_answer": [],
            "other_type": [
                {"key": "profile.email", "type": "boolean", "expected": "text or number"},
                {"key": "profile.externalUserIds", "type": "text", "expected": "object"},
                {"key": "userid", "type": "list", "expected": "text or number"},
            ],
        }
    ]


def test_a_key_that_no_record_has_is_reported() -> None:
    record = {key: value for key, value in WELL.items() if key not in ("permissions", "profile")}
    assert users(record) == Surveyed(
        USERS,
        OF_USERS,
        1,
        missing=(
            Difference("permissions", "", "list"),
            *(
                Difference(f"profile.{key}", "", "object" if key == "externalUserIds" else "text or number")
                for key in sorted((*OPTIONAL, "email", "externalUserIds", "name"))
            ),
        ),
    )


def test_an_object_with_very_many_unknown_keys_is_a_map() -> None:
    chosen = {f"chosen_{number}": number for number in range(31)}
    assert users({**WELL, "profile": {**WELL["profile"], **chosen}}).unknown == (
        Difference("profile.(31 keys)", "", ""),
    )


def test_records_of_a_list_of_several_types_are_compared_with_their_own() -> None:
    snowflake = {
        "id": 1,
        "type": "Snowflake",
        "status": "enabled",
        "autoBootstrap": False,
        "config": {"x_1": 1},
    }
    other = {"id": 2, "type": "Another", "status": "enabled", "whole": 1}
    found = surveyed("GET /integrations", reply(200, [snowflake, other]))
    counts = {each.resources: each.records for each in found}
    assert counts == {
        (type.resource,): int(type.title == "Snowflake") for type in collection("GET /integrations").types
    }
    (compared,) = [each for each in found if each.records]
    assert compared.unknown == (Difference("config.x_1", "number", ""),)
    assert "config.password" not in {each.key for each in compared.missing}


def test_nested_records_have_the_shape_of_a_record() -> None:
    inner = {
        "id": 2,
        "name": "Sales.EU",
        "description": None,
        "acknowledgement": None,
        "more": 1,
        "subpurposes": [],
    }
    outer = {**inner, "id": 1, "name": "Sales", "subpurposes": [inner]}
    (found,) = surveyed(
        "GET /governance/purpose?noLimit=true",
        reply(200, {"purposes": [{k: v for k, v in outer.items() if k != "more"}]}),
    )
    assert found.unknown == (Difference("subpurposes[].more", "number", ""),)


def test_an_answer_that_is_not_a_list_fails() -> None:
    (found,) = surveyed(USERS, reply(200, {"results": []}), PAGED)
    text = 'the answer is not a list at the key "hits"; it is of the type null'
    assert found.check == failed(f"api {USERS}", text, "")


@pytest.mark.parametrize(("code", "status"), [(403, "warning"), (500, "failed")])
def test_a_refused_list_is_reported(code: int, status: str) -> None:
    (found,) = surveyed(USERS, error(code, "no"), PAGED)
    assert (found.records, found.check.status, found.check.text) == (0, status, found.problem)


def test_the_simulators_collections_are_as_the_model_expects() -> None:
    """A change of the model or of the simulator shows here in what the two have apart."""
    with Immuta() as simulator:
        client = HttpClient(Settings(simulator.url, api_key=simulator.api_key, max_retries=0))
        found = {each.request: each for each in survey(client, collections.of_model())}
        client.close()
    assert {each.problem for each in found.values()} == {""}
    assert {request: [d.key for d in each.unlike] for request, each in found.items() if each.unlike} == {}
    assert [d.key for d in found["GET /tag"].unknown] == [
        "color",
        "createdBy",
        "description",
        "hasLeafNodes",
        "id",
        "source",
    ]

"""Users, groups, memberships and attributes (fact sheet, section 3)."""

from __future__ import annotations

from typing import Any

from support.simulator_client import Client, refusal

ANA = {"iamid": "bim", "userid": "ana", "profile": {"name": "Ana", "email": "ana@acme.example"}}
NOBODY = refusal(404, "Not found", "User not found")


def some(value: Any, *keys: str) -> dict[str, Any]:
    return {key: value[key] for key in keys}


def test_a_new_user_gets_a_link_unless_there_is_a_password(client: Client) -> None:
    status, ana = client.ask("POST", "/bim/iam/bim/user", ANA)
    _, ben = client.ask("POST", "/bim/iam/bim/user", {**ANA, "userid": "ben", "password": "example-pw"})

    assert (status, ana["newUserLink"]) == (
        200,
        "https://immuta.example/#/newUser?token=login-token-of-user-2",
    )
    assert some(ana["newUser"], "id", "iamid", "userid", "permissions") == {
        "id": 2,
        "iamid": "bim",
        "userid": "ana",
        "permissions": ["CREATE_PROJECT"],
    }
    assert "newUserLink" not in ben
    assert "password" not in ben["newUser"]
    assert client.control.held_one("users", "3")["password"] == "example-pw"
    assert client.ask("POST", "/bim/iam/bim/user", ANA)[0] == 422


def test_a_profile_keeps_missing_keys_and_loses_missing_external_ids(client: Client) -> None:
    client.ask("POST", "/bim/iam/bim/user", ANA)
    path = "/bim/iam/bim/user/ana/profile"

    client.ask("PUT", path, {"phone": "1", "externalUserIds": {"snowflakeUser": "A", "trinoUser": "a"}})
    _, user = client.ask("PUT", path, {"about": "x", "externalUserIds": {"trinoUser": "b"}})

    assert some(user["profile"], "name", "phone", "about", "externalUserIds") == {
        "name": "Ana",
        "phone": "1",
        "about": "x",
        "externalUserIds": {"trinoUser": "b"},
    }
    assert client.ask("GET", "/bim/iam/bim/user/2") == (200, user)
    assert client.ask("PUT", path, {"nickname": "x"})[0] == 400
    assert client.ask("PUT", "/bim/iam/bim/user/ben/profile", {}) == NOBODY


def test_a_mapped_identity_manager_keeps_its_external_ids(client: Client) -> None:
    client.ask("POST", "/bim/iam/bim/user", ANA)
    client.control.change_settings({"mapped_iams": ["bim"]})

    status, user = client.ask(
        "PUT", "/bim/iam/bim/user/ana/profile", {"externalUserIds": {"snowflakeUser": "A"}}
    )

    assert (status, user["profile"]["externalUserIds"]) == (200, {})


def test_permissions_and_passwords_are_set_in_the_own_identity_manager_alone(client: Client) -> None:
    client.ask("POST", "/bim/iam/bim/user", ANA)
    client.control.plant("users", {"iamid": "okta", "userid": "ana"})

    _, user = client.ask("PUT", "/bim/iam/bim/user/ana/permissions", {"permissions": ["AUDIT"]})
    client.ask("PUT", "/bim/iam/bim/user/ana/password", {"password": "example-pw"})

    assert user["permissions"] == ["AUDIT"]
    assert client.control.held_one("users", "2")["password"] == "example-pw"
    for part, body in (("permissions", {"permissions": []}), ("password", {"password": "x"})):
        assert client.ask("PUT", f"/bim/iam/okta/user/ana/{part}", body)[0] == 400
    assert client.ask("GET", "/bim/rpc/user/current")[1]["profile"]["id"] == 1


def test_users_of_every_identity_manager_are_listed_in_pages_of_fifty(client: Client) -> None:
    for number in range(60):
        client.control.plant("users", {"iamid": "okta", "userid": f"user-{number}"})

    _, first = client.ask("GET", "/bim/user?size=200")
    _, second = client.ask("GET", "/bim/user?size=200&offset=50")
    _, own = client.ask("GET", "/bim/user?iamid=bim")
    _, some_users = client.ask("GET", "/bim/user?iamid=okta&userid=user-5")

    assert [(len(each["hits"]), each["count"]) for each in (first, second)] == [(50, 61), (11, 61)]
    assert [each["userid"] for each in own["hits"]] == ["admin@immuta.example"]
    assert [each["userid"] for each in some_users["hits"]] == ["user-5", *(f"user-5{n}" for n in range(10))]


def test_short_users_of_the_list_lack_attributes_and_external_ids(client: Client) -> None:
    client.control.change_settings({"short_user_rows": True})

    (listed,) = client.ask("GET", "/bim/user")[1]["hits"]
    _, user = client.ask("GET", "/bim/iam/bim/user/1")

    assert user.keys() - listed.keys() == {"bimAuthorizations"}
    assert user["profile"].keys() - listed["profile"].keys() == {"externalUserIds"}


def test_identity_managers_are_listed_with_their_type(client: Client) -> None:
    client.control.plant("iams", {"name": "okta", "type": "saml"})

    assert client.ask("GET", "/bim/iam") == (
        200,
        [
            {"id": "bim", "displayName": "Immuta", "type": "bim", "oauth": False},
            {"id": "okta", "displayName": "okta", "type": "saml", "oauth": False},
        ],
    )


def test_attributes_have_lower_case_keys_and_their_source(client: Client) -> None:
    client.control.plant("users", {"userid": "ana", "iamAuthorizations": {"Team": ["A"]}})
    one = "/bim/iam/bim/user/ana/authorizations"

    for _ in range(2):
        client.ask("PUT", f"{one}/Team/B", {})
    _, user = client.ask("PUT", f"{one}/country/DE")

    assert some(user, "bimAuthorizations", "iamAuthorizations", "authorizations") == {
        "bimAuthorizations": {"team": ["B"], "country": ["DE"]},
        "iamAuthorizations": {"Team": ["A"]},
        "authorizations": {"Team": ["A"], "team": ["B"], "country": ["DE"]},
    }
    assert client.ask("DELETE", f"{one}/TEAM/B")[1]["bimAuthorizations"] == {"country": ["DE"]}
    assert client.ask("DELETE", f"{one}/TEAM/B")[0] == 200
    client.control.change_settings({"keep_attributes": True})
    assert client.ask("DELETE", f"{one}/country/DE")[1]["bimAuthorizations"] == {"country": ["DE"]}
    assert client.ask("PUT", "/bim/iam/bim/user/ben/authorizations/a/b", {}) == NOBODY


def test_groups_are_changed_in_the_own_identity_manager_alone(client: Client) -> None:
    status, group = client.ask("POST", "/bim/group", {"iamid": "bim", "name": "A", "email": "a@x.example"})
    client.control.plant("groups", {"iamid": "okta", "name": "A"})

    assert (status, some(group, "id", "iamid", "name", "email", "gid", "authorizations")) == (
        200,
        {"id": 1, "iamid": "bim", "name": "A", "email": "a@x.example", "gid": None, "authorizations": {}},
    )
    assert client.ask("POST", "/bim/group", {"iamid": "bim", "name": "A"})[0] == 422
    assert client.ask("PUT", "/bim/group/1", {"iamid": "bim", "name": "B"})[0] == 400
    assert some(client.ask("PUT", "/bim/group/1", {"name": "B"})[1], "name", "email") == {
        "name": "B",
        "email": None,
    }
    for method, path, body in (
        ("POST", "/bim/group", {"iamid": "okta", "name": "B"}),
        ("PUT", "/bim/group/2", {"name": "B"}),
        ("DELETE", "/bim/group/2", None),
        ("POST", "/bim/group/2/user", {"iamid": "bim", "userid": "admin@immuta.example"}),
    ):
        assert client.ask(method, path, body)[0] == 400
    client.ask("PUT", "/bim/iam/bim/group/1/authorizations/Team/A", {})
    assert client.ask("GET", "/bim/iam/bim/group/1")[1]["bimAuthorizations"] == {"team": ["A"]}
    assert "bimAuthorizations" not in client.ask("GET", "/bim/group/1")[1]
    assert client.ask("GET", "/bim/iam/okta/group/1")[0] == 404


def test_memberships_have_ids_of_their_own(client: Client) -> None:
    client.control.plant("groups", {"name": "A"})
    client.control.plant("users", {"userid": "ana"}, "7")
    path = "/bim/group/1/user"
    admin = {"iamid": "bim", "userid": "admin@immuta.example"}

    client.ask("POST", path, admin)
    answers = [client.ask("POST", path, {"iamid": "bim", "userid": "ana"})[1] for _ in range(2)]

    assert [some(each, "id", "group", "profile") for each in answers] == [
        {"id": 2, "group": 1, "profile": 7}
    ] * 2
    assert [some(each, "id", "userid", "iamid", "uid") for each in client.ask("GET", path)[1]["hits"]] == [
        {"id": 1, "uid": 1, **admin},
        {"id": 2, "uid": 7, "iamid": "bim", "userid": "ana"},
    ]
    assert client.ask("POST", path, {"iamid": "bim", "userid": "ben"}) == NOBODY
    assert client.ask("DELETE", f"{path}/7")[0] == 404
    assert client.ask("DELETE", f"{path}/1")[0] == 200
    client.ask("DELETE", "/bim/iam/bim/user/ana")
    assert client.control.held("members") == []
    client.ask("POST", path, admin)
    client.ask("DELETE", "/bim/group/1")
    assert client.control.held("members") == []


def test_a_slash_in_a_segment_of_a_path_is_sent_as_2f(client: Client) -> None:
    client.ask("POST", "/bim/iam/bim/user", {**ANA, "userid": "acme/ana"})
    key = "/bim/iam/bim/user/acme%2Fana/authorizations/area"

    for value in ("EU%2fsales", "50%252F"):
        assert client.ask("PUT", f"{key}/{value}", {})[0] == 200
    _, user = client.ask("GET", "/bim/iam/bim/user/acme%2Fana")
    assert user["bimAuthorizations"] == {"area": ["EU/sales", "50%2F"]}
    assert client.ask("DELETE", f"{key}/EU%2Fsales")[1]["bimAuthorizations"] == {"area": ["50%2F"]}
    assert client.ask("DELETE", f"{key}/50/2F")[0] == 404
    assert [(each["id"], each["path"]) for each in client.control.requests("record-get")["requests"]] == [
        ("acme/ana", "/bim/iam/bim/user/acme/ana")
    ]

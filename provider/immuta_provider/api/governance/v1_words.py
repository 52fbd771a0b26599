"""Policies as Immuta shows them, in the words of the API that writes them.

Immuta shows a policy in the words of V1, and takes it in those of V2. Only what a page says is translated: one wrong word would
change who sees the data.
"""

from __future__ import annotations

from ..life import Untranslatable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    Body = dict[str, Any]

SUBSCRIPTIONS = {
    "automatic": "anyone",
    "approval": "approval",
    "policy": "entitlements",
    "manual": "manual",
}
OPERATORS = {"or": "any", "and": "all", "any": "any", "all": "all"}
# The keys of an action that both APIs have.
SAME = (
    "automaticSubscription",
    "allowDiscovery",
    "accessGrant",
    "description",
    "shareResponsibility",
    "advanced",
)
CIRCUMSTANCES = {"tags": "tag", "columnTags": "columnTag"}
"""The kinds of circumstances that are known in both APIs, each with the key of its tag."""


def policy(body: Mapping[str, Any]) -> Body:
    """A policy in the words of V2. Raises Untranslatable."""
    if body.get("ownerRestrictions"):
        raise Untranslatable(
            "it is restricted to owners, and Immuta's documentation does not say how this is shown"
        )
    return {**body, **_circumstances(body), "actions": _actions(body)}


def project(body: Mapping[str, Any]) -> Body:
    """A project in the words of V2. Raises Untranslatable."""
    if body.get("workspace"):
        raise Untranslatable("it has a workspace, and Immuta's documentation does not say how this is shown")
    equalization = body.get("equalization")
    if equalization is not None and not _part(body, "equalization").get("enabled"):
        raise Untranslatable("Immuta does not show if it is equalized")
    kind, policy = body.get("subscriptionType"), body.get("subscriptionPolicy")
    if kind not in SUBSCRIPTIONS:
        raise Untranslatable(
            f"its subscription is of the kind {kind!r}, which Immuta's documentation does not explain"
        )
    # Data owners add members by hand where there is no policy.
    plain = {"type": "subscription", "subscriptionType": kind}
    shown = policy or (None if SUBSCRIPTIONS[kind] == "manual" else plain)
    return {
        **{key: value for key, value in body.items() if key != "workspace"},
        "subscriptionPolicy": None if shown is None else subscription({**plain, **shown}),
        "equalization": True if equalization is not None else None,
    }


def _actions(body: Mapping[str, Any]) -> Body:
    actions = body.get("actions")
    if not isinstance(actions, list) or len(actions) != 1 or not isinstance(actions[0], dict):
        raise Untranslatable("Immuta does not show one action")
    return subscription(actions[0])


def subscription(action: Mapping[str, Any]) -> Body:
    """The action of a subscription policy in the words of V2. Raises Untranslatable."""
    kind = action.get("type")
    if kind != "subscription":
        raise Untranslatable(
            f"its action is of the kind {kind!r} in Immuta's older API, whose rules have other words"
        )
    word = action.get("subscriptionType")
    if word not in SUBSCRIPTIONS:
        raise Untranslatable(
            f"its subscription is of the kind {word!r}, which Immuta's documentation does not explain"
        )
    _refuse_others(action, {"type", "subscriptionType", "exceptions", *SAME}, "its action")
    own = {key: action[key] for key in SAME if action.get(key)}
    people = action.get("exceptions")
    if people:
        if word != "policy":
            raise Untranslatable(f"a subscription of the kind {word!r} has conditions")
        own["entitlements"] = _entitlements(people)
    return {"type": SUBSCRIPTIONS[word], **own}


def _entitlements(people: Any) -> Body:
    conditions = people.get("conditions") if isinstance(people, dict) else None
    if not isinstance(conditions, list):
        raise Untranslatable("its conditions are not a list")
    _refuse_others(people, {"operator", "conditions"}, "its entitlements")
    groups: list[str] = []
    attributes: list[Body] = []
    for each in conditions:
        group, authorization = _part(each, "group"), _part(each, "authorization")
        if each.get("type") == "groups" and isinstance(group.get("name"), str):
            groups.append(group["name"])
        elif each.get("type") == "authorizations" and {"auth", "value"} <= authorization.keys():
            attributes.append({"name": authorization["auth"], "value": authorization["value"]})
        else:
            raise Untranslatable(f"it has a condition of the kind {each.get('type')!r}")
    return {
        **_operator("operator", people.get("operator"), len(conditions)),
        **({"groups": groups} if groups else {}),
        **({"attributes": attributes} if attributes else {}),
    }


def _circumstances(body: Mapping[str, Any]) -> Body:
    """Null stands for a policy that data owners select. Without the key, it applies to every data source."""
    if "circumstances" in body and body["circumstances"] is None:
        return {"appliesWhenSelectedByOwner": True}
    shown = body.get("circumstances")
    if not isinstance(shown, list) or not shown:
        raise Untranslatable("it has no circumstances, which the API that writes policies cannot say")
    operators = {each.get("operator") for each in shown if isinstance(each, dict)}
    if len(operators) > 1:
        raise Untranslatable("its circumstances are joined by several operators")
    return {
        "circumstances": [_circumstance(each) for each in shown],
        **_operator("circumstanceOperator", next(iter(operators), None), len(shown)),
    }


def _circumstance(each: Any) -> Body:
    kind = each.get("type") if isinstance(each, dict) else None
    key = CIRCUMSTANCES.get(str(kind))
    name = _part(each, key).get("name") if key else None
    if key is None or not isinstance(name, str):
        raise Untranslatable(
            f"it has a circumstance of the kind {kind!r}, and Immuta's documentation does not say how this is shown"
        )
    _refuse_others(each, {"type", "operator", key}, "a circumstance")
    return {"type": kind, key: name}


def _operator(key: str, word: Any, parts: int) -> Body:
    """Returns no operator if there is one part, for which an operator has no meaning."""
    if parts < 2:
        return {}
    if word not in OPERATORS:
        raise Untranslatable(f"its operator is {word!r}")
    return {key: OPERATORS[word]}


def _part(value: Any, key: str) -> Body:
    part = value.get(key) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _refuse_others(value: Mapping[str, Any], known: Collection[str], place: str) -> None:
    others = list(_others(value, known))
    if others:
        raise Untranslatable(
            f"{place} has {', '.join(others)}, which Immuta's documentation does not explain"
        )


def _others(value: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    return (
        f"`{key}`"
        for key, each in value.items()
        if key not in known and each not in (None, False, "", [], {})
    )

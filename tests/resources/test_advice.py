"""Advice that needs no Terraform to be followed: a situation, the words that are printed in it, and each way that they name.

Every way leads out: its last command succeeds, the plan after it is empty, and Immuta has what is in the state. Advice that
names a command or a block of Terraform's is followed in `tests/terraform/test_advice.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import certifi
import pytest
from immuta_provider.api.http.exchange import Response
from support.calls import Calls
from support.core import UNKNOWN, Applied, Core, Value
from support.reads import Reads
from support.worlds import MakeCore
from table import BY_RESOURCE, changed, numbered
from table.integrations import BASES, FULL, TEARDOWN, attributes

Change = Callable[[Core], object]
Step = Value | Change | None
"""A configuration to apply (None destroys), or a change of the world before the next one."""


class Situation(NamedTuple):
    """`steps` lead into it, the last of them prints `advice`, and each of `ways` follows the advice."""

    steps: tuple[Step, ...]
    advice: tuple[str, ...]
    ways: Mapping[str, tuple[Step, ...]]
    resource: str = "immuta_snowflake_integration"
    others: tuple[str, ...] = ()
    """The ids of somebody else's objects of the type, which stay."""


def walk(world: Core, steps: tuple[Step, ...]) -> Applied:
    """The outcome of the last command."""
    ended = Applied()
    for step in steps:
        done = step(world) if callable(step) else world.apply(step)
        ended = done if isinstance(done, Applied) else ended
    return ended


def text_of(applied: Applied) -> str:
    return "\n".join(map(": ".join, applied.texts))


def settings(**changes: Any) -> Change:
    return lambda world: world.control.change_settings(changes)


def fails(operation: str, action: Any, times: int | None = 1, call: int = 1) -> Change:
    return lambda world: world.transport.fault(action, operation=operation, times=times, call=call)


def works(world: Core) -> None:
    world.control.clear_faults()
    world.transport.after = None


def answers(change: Callable[[Core, str, Response], Response | None]) -> Change:
    """Each answer to an operation goes through `change`, which returns another one or None."""

    def arrange(world: Core) -> None:
        world.transport.after = lambda operation, answer: change(world, operation, answer) or answer

    return arrange


@answers
def lists_nothing(world: Core, operation: str, answer: Response) -> Response | None:
    return Response(200, answer.headers, b"[]") if operation in ("list", "record-list") else None


@answers
def deletes_and_is_away(world: Core, operation: str, answer: Response) -> Response | None:
    """Each read after the request fails."""
    away = operation == "record-get" and "record-delete" in world.transport.order
    return Response(502, answer.headers, b"") if away else None


@answers
def shows_no_subscription(world: Core, operation: str, answer: Response) -> Response | None:
    """Immuta's projects look as to somebody who is not a member."""
    body = answer.body.replace(b'"subscriptionId"', b'"otherId"')
    return Response(answer.status, answer.headers, body)


def altered(**changes: Any) -> Change:
    return lambda world: world.control.alter("integrations", "1", changes)


def planted(name: str, **changes: Any) -> Change:
    request = changed(numbered(BASES[name], 1), {path.replace("__", "."): v for path, v in changes.items()})
    return lambda world: world.control.plant("integrations", request)


def deleted_in_immuta(world: Core) -> None:
    for each in world.control.stored("integrations"):
        world.control.remove("integrations", each["id"])


def read(world: Core) -> Applied:
    return world.refresh()


def imported(id: str) -> Change:
    return lambda world: world.import_(id)


def ignoring(name: str, config: Value) -> Change:
    """Apply with an attribute under `ignore_changes`."""
    return lambda world: world.apply(config, ignored=[name])


def imported_as_said(config: Value) -> Change:
    """Apply, and import the object whose import block the error has."""

    def follow(world: Core) -> None:
        (id,) = re.findall(r'^  id = "(.+)"$', text_of(world.apply(config)), re.MULTILINE)
        assert world.import_(id).errors == []

    return follow


def block(**attributes: Any) -> Change:
    """Attributes of the provider block."""
    return lambda world: world.provider_config.update(attributes)


def variables(**values: str) -> Change:
    return lambda world: world.environment.update(values)


def without(variable: str) -> Change:
    return lambda world: world.environment.pop(variable)


def removed_from_the_state(world: Core) -> None:
    """`terraform state rm`."""
    world.instance = None


def replaced(world: Core) -> None:
    """`terraform apply -replace=ADDRESS`, as far as the next apply is it."""
    assert world.instance is not None
    world.instance.tainted = True


def damaged(world: Core) -> None:
    assert world.instance is not None
    world.instance.state["id"] = None


def imported_as_listed(world: Core) -> Applied:
    (found,) = Reads(world.transport).data("immuta_integrations").value["integrations"]
    return world.import_(found["id"])


def has_id(id: str) -> Change:
    """The state of the integration under an id that somebody wrote."""

    def change(world: Core) -> None:
        assert world.instance is not None
        world.instance.state["id"] = id

    return change


def happens_after(operation: str, change: Change) -> Change:
    """Somebody else changes something as soon as Immuta has answered."""

    @answers
    def meanwhile(world: Core, answered: str, answer: Response) -> None:
        if answered == operation:
            change(world)

    return meanwhile


def breaks_once(operation: str) -> Change:
    """A bug: an exception that nothing foresees."""

    def arrange(world: Core) -> None:
        def before(asked: str) -> None:
            if asked == operation:
                world.transport.before = None
                raise KeyError(operation)

        world.transport.before = before

    return arrange


def conflict(id: str) -> Any:
    return {
        "kind": "respond",
        "status": 409,
        "message": f"Snowflake integration already exists on it (id = {id}).",
    }


def has(collection: str, *objects: Mapping[str, Any]) -> Change:
    """Immuta has these objects."""

    def plant(world: Core) -> None:
        for each in objects:
            world.control.plant(collection, each)

    return plant


def unrefreshed(config: Value | None) -> Change:
    """Apply without a refresh."""
    return lambda world: world.apply(config, refresh=False)


def tag_altered(name: str, **changes: Any) -> Change:
    return lambda world: world.control.alter("tags", tag_id(world, name), changes)


def tag_removed(name: str) -> Change:
    return lambda world: world.control.remove("tags", tag_id(world, name))


def tag_id(world: Core, name: str) -> str:
    (found,) = (each for each in world.control.stored("tags") if each["name"] == name)
    return str(found["id"])


def read_by_data_source(**arguments: Any) -> Change:
    """The data source of the same name as the resource."""

    def follow(world: Core) -> None:
        assert Reads(world.transport).data(world.resource, **arguments).told == []

    return follow


def imported_as(resource: str, id: str) -> Change:
    """Import into a resource of another type."""

    def follow(world: Core) -> None:
        other = Core(resource, transport=world.transport, environment=KEY)
        assert (other.import_(id).errors, other.refresh().diagnostics) == ([], [])

    return follow


AUTOMATIC = attributes(numbered(BASES["snowflake"], 1))
SNOWFLAKE = {**AUTOMATIC, "auto_bootstrap": False}
OTHER = {**SNOWFLAKE, "warehouse": "OTHER"}
HOST = AUTOMATIC["host"]
BY_HAND = planted("snowflake", autoBootstrap=False, config__port=443)
SECOND = {"timeouts": {"create": "1s", "update": "1s", "delete": "1s"}}
LONGER = {"timeouts": {"create": "5m", "update": "5m", "delete": "5m"}}
KEY = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
CERTIFICATES = certifi.where()
TRINO = "immuta_trino_integration"
TAG = {"name": "Acme"}
PURPOSE = {"name": "Fraud", "description": "Finding fraud", "acknowledgement": "I agree."}
USER = {"userid": "ana", "profile": {"name": "Ana"}}
NEW_USER = {"userid": "carl", "name": "Carl", "email": "c@acme.example", "permissions": ["AUDIT"]}
HAS_USER = has("users", USER)
HAS_GROUPS = has("groups", {"name": "Own"}, {"name": "Theirs", "iamid": "okta"})
MEMBER = {"group_id": "1", "userid": "ana"}
ATTRIBUTE = {"userid": "ana", "key": "country", "value": "DE"}
IDS = {"userid": "ana", "external_user_ids": {"snowflakeUser": "A", "trinoUser": "a"}}
SOURCE = {"data_source_name": "Lake", "prefix": "/", "integration_id": "1"}
PROJECT = {"project_key": "fraud", "name": "Fraud", "purposes": ["Cards"]}
POLICY = {
    "policy_key": "k",
    "name": "K",
    "actions": {"type": "manual"},
    "applies_when_selected_by_owner": True,
}
TAGGED = {
    **POLICY,
    "applies_when_selected_by_owner": None,
    "circumstances": [{"type": "tags", "tag": "Acme"}],
}
OTHER_POLICY = {"policyKey": "theirs", "name": "K", "type": "subscription", "actions": {"type": "manual"}}
WORKSPACES = attributes(numbered(FULL["databricks in full"], 1))
FEWER = {
    **WORKSPACES,
    "http_path": "/sql/9",
    "additional_workspace_connections": WORKSPACES["additional_workspace_connections"][1:],
}
MOVED = {**WORKSPACES, "http_path": "/sql/9"}
CREDENTIALS = {"username": "admin", "password": "teardown-password"}
VARIABLES = {name: value for name, value in TEARDOWN.items() if "SNOWFLAKE" in name}
REMOVALS: Mapping[str, tuple[Step, ...]] = {
    "the platform's": (block(teardown_credentials={"snowflake": CREDENTIALS}), None),
    "the host's": (block(teardown_credentials={"hosts": {HOST: CREDENTIALS}}), None),
    "variables": (variables(**VARIABLES), None),
}

SITUATIONS: dict[str, Situation] = {
    "a create is slow": Situation(
        (settings(polls=10), {**SNOWFLAKE, **SECOND}),
        ("Run the same command again to go on from there.", "raise the resource's `timeouts`"),
        {"again": ({**SNOWFLAKE, **SECOND},), "longer": ({**SNOWFLAKE, **LONGER},)},
    ),
    "an update is slow": Situation(
        ({**SNOWFLAKE, **SECOND}, settings(polls=10), {**OTHER, **SECOND}),
        ("Run the same command again to go on from there.", "raise the resource's `timeouts`"),
        {"again": ({**OTHER, **SECOND},), "longer": ({**OTHER, **LONGER},)},
    ),
    "a deletion is slow": Situation(
        ({**SNOWFLAKE, **SECOND}, settings(polls=10), None),
        (
            "Run the same command again to go on from there.",
            "a destroy takes them from the state, so apply them before it",
        ),
        {"again": (None, None), "longer": ({**SNOWFLAKE, **LONGER}, None)},
    ),
    "an update failed": Situation(
        (SNOWFLAKE, fails("update", "editError"), OTHER), ("apply again",), {"again": (OTHER,)}
    ),
    "a deletion failed": Situation(
        (SNOWFLAKE, fails("delete", "deleteError"), None), ("try again",), {"again": (None,)}
    ),
    "no credentials for the removal": Situation(
        (AUTOMATIC, None),
        ("Set `teardown_credentials.snowflake` (or an entry for", "or the environment variables"),
        REMOVALS,
    ),
    "a set-up failed": Situation(
        (variables(**VARIABLES), fails("create", "createError"), AUTOMATIC),
        ("and apply again.",),
        {"again": (AUTOMATIC,)},
    ),
    "a set-up failed, and there are no credentials for the removal": Situation(
        (fails("create", "createError"), AUTOMATIC, AUTOMATIC),
        ("Set `teardown_credentials.snowflake` (or an entry for", "or the environment variables"),
        {way: (*steps[:-1], AUTOMATIC) for way, steps in REMOVALS.items()},
    ),
    "wrong credentials for the removal": Situation(
        (block(teardown_credentials={"snowflake": {"username": "admin"}}), AUTOMATIC, None),
        ("`teardown_credentials.snowflake` (or of the entry for", "password"),
        REMOVALS,
    ),
    "credentials for the removal that do not exist for it": Situation(
        (
            block(teardown_credentials={"hosts": {HOST: {**CREDENTIALS, "authentication_type": "oAuthM2M"}}}),
            AUTOMATIC,
            None,
        ),
        (
            'only with "userPassword" or "keyPair". Change authentication_type, and set the credentials that belong to it.',
        ),
        {"the host's": REMOVALS["the host's"]},
    ),
    "an update that fails after the timeout": Situation(
        ({**SNOWFLAKE, **SECOND}, settings(polls=10), {**OTHER, **SECOND}),
        ("Run the same command again to go on from there.",),
        {
            "again": (
                altered(status="editError", config={"warehouse": SNOWFLAKE["warehouse"]}),
                settings(polls=1),
                {**OTHER, **SECOND},
            )
        },
    ),
    "a lost answer to an update": Situation(
        (SNOWFLAKE, fails("update", "reset-after", None), OTHER),
        ("The next apply sends the configuration again.",),
        {"again": (works, OTHER)},
    ),
    "somebody else's": Situation(
        (BY_HAND, SNOWFLAKE),
        ("To manage an integration that exists already with this resource, import it:",),
        {"import": (imported_as_said(SNOWFLAKE), SNOWFLAKE)},
    ),
    "another type's": Situation(
        (planted("redshift"), BY_HAND, imported("1")),
        ("or the id of another integration",),
        {"another id": (lambda world: world.control.remove("integrations", "1"), imported("2"), SNOWFLAKE)},
    ),
    "not healthy": Situation(
        (SNOWFLAKE, altered(status="recurringValidationError"), read),
        ("an update that sends the configuration again is planned",),
        {"apply": (SNOWFLAKE,)},
    ),
    "not healthy, and nothing of it can be changed": Situation(
        ({}, altered(status="recurringValidationError"), read),
        ("Repair it in Immuta, or replace it by `terraform apply -replace=ADDRESS`",),
        {"mended": (altered(status="enabled"), {}), "replaced": (replaced, {})},
        TRINO,
    ),
    "a deletion that failed, and was not ours": Situation(
        (SNOWFLAKE, altered(status="deleteError"), read),
        ("To remove the integration, destroy it again",),
        {"destroy": (None,)},
    ),
    "a state without an id": Situation(
        (SNOWFLAKE, damaged, SNOWFLAKE),
        (
            "remove the resource from the state (`terraform state rm ADDRESS`) and import the integration by its id",
        ),
        {"restored": (has_id("1"), SNOWFLAKE), "import": (removed_from_the_state, imported("1"), SNOWFLAKE)},
    ),
    "a wrong key": Situation(
        (variables(IMMUTA_API_KEY="another"), SNOWFLAKE),
        ("Check `api_key` (IMMUTA_API_KEY): it may be wrong",),
        {"the right one": (variables(IMMUTA_API_KEY="simulator-api-key"), SNOWFLAKE)},
    ),
    "no permission": Situation(
        (settings(missing_permissions=["APPLICATION_ADMIN"]), SNOWFLAKE),
        ("needs the Immuta permission APPLICATION_ADMIN",),
        {"granted": (settings(missing_permissions=[]), SNOWFLAKE)},
    ),
    "a rate limit": Situation(
        (fails("list", "rate-limited", None), SNOWFLAKE),
        ("Try again later",),
        {"later": (works, SNOWFLAKE)},
    ),
    "no host": Situation(
        (without("IMMUTA_HOST"), SNOWFLAKE),
        ("set `host` in the provider block, or IMMUTA_HOST in the environment",),
        {
            "block": (block(host="https://immuta.example"), SNOWFLAKE),
            "variable": (variables(IMMUTA_HOST="immuta.example"), SNOWFLAKE),
        },
    ),
    "secrets that an update would lose": Situation(
        (WORKSPACES, ignoring("additional_workspace_connections", FEWER)),
        (
            "Either configure additional_workspace_connections[0] again, or remove additional_workspace_connections from "
            "`ignore_changes`",
        ),
        {
            "put it back": (ignoring("additional_workspace_connections", MOVED), MOVED),
            "not ignored": (FEWER,),
        },
        "immuta_databricks_integration",
    ),
    "a tag that contains others": Situation(
        (TAG, has("tags", {"name": "Acme.PII", "source": "curated"}), None),
        ("Delete these first, or set `force_destroy = true`, apply, and destroy it then.",),
        {"deleted": (tag_removed("Acme.PII"), None), "forced": ({**TAG, "force_destroy": True}, None)},
        "immuta_tag",
    ),
    "another type's, whose resource type fits": Situation(
        (planted("redshift"), imported("1")),
        ("Use the resource type that fits, or the id of another integration.",),
        {"its type": (imported_as("immuta_redshift_integration", "1"), deleted_in_immuta, SNOWFLAKE)},
    ),
    "a tag that exists already": Situation(
        (has("tags", {"name": "Acme", "source": "curated"}), TAG),
        ("To manage a tag that exists already with this resource, import it:",),
        {"import": (imported_as_said(TAG), TAG)},
        "immuta_tag",
    ),
    "a purpose that exists already": Situation(
        (has("purposes", PURPOSE), PURPOSE),
        ("To manage a purpose that exists already with this resource, import it:",),
        {"import": (imported_as_said(PURPOSE), PURPOSE)},
        "immuta_purpose",
    ),
    "an import of a tag of Immuta's own": Situation(
        (imported("Discovered"),),
        ("and read the tag by the data source `immuta_tag`.",),
        {"read": (read_by_data_source(id="Discovered"), read_by_data_source(name="Discovered"), TAG)},
        "immuta_tag",
    ),
    "a tag that became Immuta's own": Situation(
        (TAG, tag_altered("Acme", protected=True), None),
        ("Remove the resource from the configuration and the state (`terraform state rm ADDRESS`)",),
        {
            "removed": (
                removed_from_the_state,
                read_by_data_source(name="Acme"),
                tag_altered("Acme", protected=False, systemCreated=True),
                None,
            )
        },
        "immuta_tag",
    ),
    "a tag that Immuta did not delete": Situation(
        (TAG, fails("record-delete", {"kind": "respond", "status": 200, "body": {}}), None),
        ("Look at it in Immuta, and try again.",),
        {"again": (None,)},
        "immuta_tag",
    ),
    "a deletion of a purpose that cannot be read": Situation(
        (PURPOSE, deletes_and_is_away, None),
        ("Apply again to continue.",),
        {"again": (works, None)},
        "immuta_purpose",
    ),
    "a lost create of a tag": Situation(
        (fails("record-create", "reset-after"), lists_nothing, TAG),
        ("Apply again, and import the tag if Immuta lists it by then.",),
        {"there": (works, imported_as_said(TAG), TAG), "not there": (works, tag_removed("Acme"), TAG)},
        "immuta_tag",
    ),
    "a purpose of which not all was stored": Situation(
        (fails("record-create", "server-error", None, 2), PURPOSE),
        ("and sending it again failed. Apply again.",),
        {"again": (works, PURPOSE)},
        "immuta_purpose",
    ),
    "an id that cannot be one": Situation(
        (imported(".."),),
        ("Correct it in the import or the state.",),
        {"import": (has("purposes", PURPOSE), imported("Fraud"), PURPOSE)},
        "immuta_purpose",
    ),
    "an empty id": Situation(
        (imported(" "),),
        ("Import a tag by its id, which is its `name`.",),
        {"import": (has("tags", {"name": "Acme", "source": "curated"}), imported("Acme"), TAG)},
        "immuta_tag",
    ),
    "an empty id of an integration": Situation(
        (imported(" "),),
        ("Import an integration by its id, for example `7`.",),
        {"import": (BY_HAND, imported("1"), SNOWFLAKE)},
    ),
    "no tag at all": Situation(
        (TAG, lists_nothing, read),
        ("Check that `host` is Immuta itself, and the permissions of the user behind the credential.",),
        {"the right host": (works, TAG)},
        "immuta_tag",
    ),
    "no permission for tags": Situation(
        (settings(missing_permissions=["GOVERNANCE"]), TAG),
        ("needs the Immuta permission GOVERNANCE",),
        {"granted": (settings(missing_permissions=[]), TAG)},
        "immuta_tag",
    ),
    "an id that is no number": Situation(
        (imported("abc"),),
        (
            "List the integrations to find the right one (`GET /integrations`, or the data source `immuta_integrations`).",
        ),
        {
            "listed": (
                BY_HAND,
                imported_as_listed,
                SNOWFLAKE,
            )
        },
    ),
    "a stored id that cannot be one": Situation(
        (SNOWFLAKE, has_id("seven/8"), read),
        ("If Immuta shows its integration under another id, import that one before you apply.",),
        {"import": (imported("1"), SNOWFLAKE)},
    ),
    "a validation that fails": Situation(
        (fails("create", "invalid"), SNOWFLAKE),
        ("Fix the cause on the platform or in the configuration, and apply again.",),
        {"on the platform": (SNOWFLAKE,), "in the configuration": (OTHER,)},
    ),
    "a new integration that disappears": Situation(
        (happens_after("create", deleted_in_immuta), SNOWFLAKE),
        ("It may have been deleted meanwhile. Apply again.",),
        {"again": (works, SNOWFLAKE)},
    ),
    "an integration that disappears in an update": Situation(
        (SNOWFLAKE, happens_after("update", deleted_in_immuta), OTHER),
        ("It may have been deleted meanwhile. Apply again.",),
        {"again": (works, OTHER)},
    ),
    "a deletion that changes nothing": Situation(
        (SNOWFLAKE, fails("delete", {"kind": "respond", "status": 200, "body": {}}), None),
        ("Check it in Immuta, and try again.",),
        {"again": (None,)},
    ),
    "an unknown status": Situation(
        (happens_after("create", altered(status="basking")), SNOWFLAKE),
        ("Check it in Immuta.",),
        {"mended": (works, altered(status="enabled"), SNOWFLAKE)},
    ),
    "an integration that was disabled": Situation(
        (SNOWFLAKE, altered(status="disabled"), read),
        ("Remove the objects that it created there by hand.",),
        {"removed": (deleted_in_immuta, SNOWFLAKE)},
    ),
    "a conflict with itself": Situation(
        (SNOWFLAKE, fails("update", conflict("1"), None), OTHER),
        ("conflicts with itself. Check it in Immuta and apply again.",),
        {"checked": (works, OTHER)},
    ),
    "a conflict with another": Situation(
        (SNOWFLAKE, fails("update", conflict("7"), None), OTHER),
        ("Check both in Immuta and apply again.",),
        {"checked": (works, OTHER)},
    ),
    "a conflict without an id": Situation(
        (
            fails("create", {"kind": "respond", "status": 409, "message": "Such a one exists."}, None),
            SNOWFLAKE,
        ),
        ("Resolve the conflict in Immuta and apply again.",),
        {"resolved": (works, SNOWFLAKE)},
    ),
    "a bug while it waits": Situation(
        (breaks_once("get"), SNOWFLAKE),
        ("This is a bug of the provider. Apply again to continue, and report this text",),
        {"again": (SNOWFLAKE,)},
    ),
    "a host that is not known yet": Situation(
        (block(host=UNKNOWN), SNOWFLAKE),
        (
            "Set `host` and `api_key` (or `bearer_token`) in the provider block, or IMMUTA_HOST and IMMUTA_API_KEY in the "
            "environment. Both have to be known when Terraform applies.",
        ),
        {
            "block": (block(host="https://immuta.example", api_key="simulator-api-key"), SNOWFLAKE),
            "variables": (
                block(host=None),
                variables(IMMUTA_HOST="immuta.example", IMMUTA_API_KEY="simulator-api-key"),
                SNOWFLAKE,
            ),
        },
    ),
    "a refresh that knows no host yet": Situation(
        (SNOWFLAKE, block(host=UNKNOWN), read),
        ("The next plan or apply that knows both refreshes it.",),
        {"known": (block(host="https://immuta.example"), read, SNOWFLAKE)},
    ),
    "a key of a busy cluster": Situation(
        (
            {"rotation_trigger": "1", **SECOND},
            altered(status="editing"),
            fails("regenerate", "busy", None),
            {"rotation_trigger": "2", **SECOND},
        ),
        ("or raise the resource's `timeouts` if its `rotation_trigger` requested the key.",),
        {
            "again": (works, altered(status="enabled"), {"rotation_trigger": "2", **SECOND}),
            "longer": (
                works,
                altered(status="editing", then="enabled", polls=3),
                {"rotation_trigger": "2", **LONGER},
            ),
        },
        TRINO,
    ),
    "an Immuta that is away": Situation(
        (fails("list", "unavailable", None), SNOWFLAKE),
        ("Try again. If it happens again, check Immuta's logs.",),
        {"again": (works, SNOWFLAKE)},
    ),
    "a page in the place of an answer": Situation(
        (fails("list", {"kind": "respond", "status": 200, "body": "<html></html>"}, None), SNOWFLAKE),
        ("Check that `host` is Immuta itself and that no proxy or gateway answers in its place.",),
        {"itself": (works, SNOWFLAKE)},
    ),
    "a timeout that is not a duration": Situation(
        ({**SNOWFLAKE, "timeouts": {"create": "soon"}},),
        ("Change timeouts.create, or remove it to use 10m.",),
        {"changed": ({**SNOWFLAKE, "timeouts": {"create": "1h30m"}},), "removed": (SNOWFLAKE,)},
    ),
    "timeouts without one": Situation(
        ({**SNOWFLAKE, "timeouts": {}},),
        (
            "If you did set one, check its spelling: Terraform drops unknown names silently. Otherwise remove timeouts.",
        ),
        {"spelling": ({**SNOWFLAKE, **LONGER},), "removed": (SNOWFLAKE,)},
    ),
    "a lost create": Situation(
        (fails("create", "reset-after", None), lists_nothing, SNOWFLAKE),
        ("Immuta refuses another one and names its id, so it can be imported.",),
        {"conflict": (works, imported_as_said(SNOWFLAKE), SNOWFLAKE)},
    ),
    "a lost create, and nothing tells two of them apart": Situation(
        (fails("create", "reset-after"), lists_nothing, {}),
        ("check Immuta for a new integration of this type", "Import the existing one."),
        {"import": (works, imported("1"), {}), "none is there": (works, deleted_in_immuta, {})},
        TRINO,
    ),
    "an ambiguous create": Situation(
        (fails("create", "reset-after"), {}),
        ("import the one that this run created, or delete it and apply again",),
        {"import": (imported("1"), {}), "delete": (deleted_in_immuta, {})},
        TRINO,
    ),
    "a policy with the name of one of the other type": Situation(
        (has("policies", {**OTHER_POLICY, "type": "data", "actions": []}), POLICY),
        ("Configure another name, or delete that record first.",),
        {"renamed": ({**POLICY, "name": "Another"},)},
        "immuta_subscription_policy",
    ),
    "a policy with the name of another one": Situation(
        (has("policies", OTHER_POLICY), POLICY),
        ("Configure another name; or import subscription policy 1, and configure it with",),
        {"renamed": ({**POLICY, "name": "Another"},)},
        "immuta_subscription_policy",
        others=("1",),
    ),
    "a policy that names a missing tag": Situation(
        (settings(unknown_names="reject"), TAGGED),
        ("Create the tag first, or correct the name.",),
        {"created": (has("tags", {"name": "Acme"}), TAGGED)},
        "immuta_subscription_policy",
    ),
    "a policy with another key in Immuta": Situation(
        (
            POLICY,
            lambda world: world.control.alter("policies", "1", {"policyKey": "renamed"}),
            unrefreshed({**POLICY, "staged": True}),
        ),
        ("Apply again with a refresh, which shows the key.",),
        {"refreshed": ({**POLICY, "staged": True},)},
        "immuta_subscription_policy",
    ),
    "a member that is not a user": Situation(
        (HAS_GROUPS, MEMBER),
        ("Create the user first, or correct `userid` and `iamid`.",),
        {"created": (HAS_USER, MEMBER)},
        "immuta_group_member",
    ),
    "a member of a missing group": Situation(
        (HAS_GROUPS, HAS_USER, {**MEMBER, "group_id": "9"}),
        ("Create the group first, or correct `group_id`.",),
        {"corrected": (MEMBER,)},
        "immuta_group_member",
    ),
    "a member of another identity manager's group": Situation(
        (HAS_GROUPS, HAS_USER, {**MEMBER, "group_id": "2"}),
        ("Change it there, or use a group of Immuta's own identity manager (`bim`).",),
        {"Immuta's own": (MEMBER,)},
        "immuta_group_member",
    ),
    "an attribute of the identity provider": Situation(
        (has("users", {**USER, "iamAuthorizations": {"country": ["DE"]}}), ATTRIBUTE),
        ("Remove the resource: policies can name the attribute all the same.",),
        {"removed": (None,)},
        "immuta_user_attribute",
    ),
    "external ids that the identity manager maps": Situation(
        (HAS_USER, settings(mapped_iams=["bim"]), IDS),
        (
            "Look at the profile schema of the identity manager on Immuta's App Settings page, and change the value there, or "
            "remove the key from the configuration.",
        ),
        {"changed": (settings(mapped_iams=[]), IDS)},
        "immuta_user_external_ids",
    ),
    "external ids of one user in two resources": Situation(
        (HAS_USER, {"userid": "ana", "external_user_ids": {"snowflakeUser": "A"}}),
        (),
        {"all in one": (IDS,)},
        "immuta_user_external_ids",
    ),
    "external ids of a user that only the list shows": Situation(
        (
            HAS_USER,
            IDS,
            fails("record-get", {"kind": "respond", "status": 404, "message": "User not found"}),
            unrefreshed(None),
        ),
        ("Check the set of external ids in Immuta, and apply again.",),
        {"again": (None,)},
        "immuta_user_external_ids",
    ),
    "permissions that a new user does not get": Situation(
        (fails("record-update", {"kind": "respond", "status": 400, "message": "no"}), NEW_USER),
        ("Apply again.",),
        {"again": (NEW_USER,)},
        "immuta_user",
    ),
    "a project of other members without consent": Situation(
        (
            has("purposes", {"name": "Cards"}),
            shows_no_subscription,
            {**PROJECT, "acknowledge_purposes": True},
        ),
        ("Make that user a member, or remove `acknowledge_purposes`.",),
        {"removed": (works, PROJECT)},
        "immuta_project",
    ),
    "an unknown integration": Situation(
        (has("integrations", {"type": "Native S3", "status": "enabled"}), {**SOURCE, "integration_id": "9"}),
        (
            "Set `integration_id` to the id of an Amazon S3 integration, best by a reference to its resource: "
            "`immuta_amazon_s3_integration.NAME.id`.",
        ),
        {"corrected": (SOURCE,)},
        "immuta_s3_data_source",
    ),
}


class Setting(NamedTuple):
    """A setting of the provider that cannot work, or warns: `wrong` makes it, and each of `ways` follows `advice`."""

    wrong: Change
    advice: str
    ways: Mapping[str, Change]


SETTINGS: dict[str, Setting] = {
    "no credential": Setting(
        without("IMMUTA_API_KEY"),
        "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment",
        {
            "block": block(api_key="simulator-api-key"),
            "variable": variables(IMMUTA_API_KEY="simulator-api-key"),
        },
    ),
    "a key with a line break": Setting(
        variables(IMMUTA_API_KEY="simulator-\napi-key"),
        "Copy it again completely",
        {"copied": variables(IMMUTA_API_KEY="simulator-api-key")},
    ),
    "a number out of range": Setting(
        block(request_timeout=0),
        "allowed are numbers from ",
        {"a minute": block(request_timeout=60)},
    ),
    "a wrong path": Setting(
        block(host="https://immuta.example/immuta"),
        "check `host` (IMMUTA_HOST), its path included",
        {"without": block(host="https://immuta.example")},
    ),
    "two credentials": Setting(
        block(api_key="simulator-api-key", bearer_token="a token"),
        "keep one of them",
        {"the key": block(bearer_token=None)},
    ),
    "a host with user information": Setting(
        block(host="https://user:password@immuta.example"),
        "Remove it from the URL, and set the credential as `api_key` or `bearer_token`",
        {"bare": block(host="https://immuta.example", api_key="simulator-api-key")},
    ),
    "a host with another scheme": Setting(
        block(host="ftp://immuta.example"),
        'Set a host name or a URL, for example "https://',
        {"URL": block(host="https://immuta.example"), "name": block(host="immuta.example")},
    ),
    "plain http": Setting(
        block(host="http://immuta.example"), "Use https", {"https": block(host="https://immuta.example")}
    ),
    "no certificate checked": Setting(
        block(insecure_skip_tls_verify=True),
        "Set `ca_file` to the authority that signed Immuta's certificate instead",
        {"ca_file": block(insecure_skip_tls_verify=None, ca_file=CERTIFICATES)},
    ),
    "a missing file": Setting(
        block(ca_file="/nowhere/ca.pem"),
        "or remove it to use the system's store",
        {"a file": block(ca_file=CERTIFICATES), "left out": block(ca_file=None)},
    ),
    "a text in the place of a number": Setting(
        variables(IMMUTA_REQUEST_TIMEOUT="1m"),
        "set it to a number",
        {"a number": variables(IMMUTA_REQUEST_TIMEOUT="60")},
    ),
    "a fraction in the place of a whole number": Setting(
        block(max_retries=1.5),
        "allowed are whole numbers from 0 to 100",
        {"least": block(max_retries=0), "most": block(max_retries=100)},
    ),
    "neither true nor false": Setting(
        variables(IMMUTA_INSECURE_SKIP_TLS_VERIFY="maybe"),
        "allowed are true and false",
        {"false": variables(IMMUTA_INSECURE_SKIP_TLS_VERIFY="false")},
    ),
    "a header of the client's own": Setting(
        block(http_headers={"Authorization": "Bearer x"}),
        "set `api_key` or `bearer_token` instead",
        {"the key": block(http_headers=None, api_key="simulator-api-key")},
    ),
    "credentials for one host twice": Setting(
        block(teardown_credentials={"hosts": {HOST: CREDENTIALS, f"https://{HOST.upper()}/": CREDENTIALS}}),
        "Keep one of these entries",
        {"one": block(teardown_credentials={"hosts": {HOST: CREDENTIALS}})},
    ),
    "credentials for a host that no integration has": Setting(
        block(teardown_credentials={"hosts": {"acme.example": CREDENTIALS}}),
        "Compare the name with the integration's `host`",
        {"the integration's": block(teardown_credentials={"hosts": {HOST: CREDENTIALS}})},
    ),
}
WAYS = [(name, way) for name, situation in SITUATIONS.items() for way in situation.ways]


@pytest.mark.parametrize(("name", "way"), WAYS, ids=[f"{name}: {way}" for name, way in WAYS])
def test_advice_leads_out(core: MakeCore, name: str, way: str) -> None:
    situation = SITUATIONS[name]
    world = core(situation.resource, environment=KEY)
    text = text_of(walk(world, situation.steps))
    assert [advice for advice in situation.advice if advice not in text] == [], text
    steps = situation.ways[way]
    assert walk(world, steps).errors == []
    assert walk(world, steps[-1:]).outcome == ("none", [])
    state = [] if world.instance is None else [world.instance.state["id"]]
    assert [*BY_RESOURCE[world.resource].stored(world.control)] == [*situation.others, *state]


@pytest.mark.parametrize("name", SETTINGS)
def test_advice_about_a_setting_leads_out(core: MakeCore, name: str) -> None:
    """A refresh reads the settings, and an integration."""
    setting = SETTINGS[name]
    for follow in setting.ways.values():
        world = core("immuta_snowflake_integration", environment=KEY)
        assert walk(world, (SNOWFLAKE,)).diagnostics == []
        assert setting.advice in text_of(walk(world, (setting.wrong, read)))
        assert walk(world, (follow, read)).diagnostics == []
        assert (world.apply(SNOWFLAKE).action, world.transport.requests("update")) == ("none", [])


def test_a_doubt_about_a_create_is_resolved(core: MakeCore) -> None:
    world = core(TRINO)
    fails("list", "forbidden", None)(world)
    (warning,) = Calls(world.transport).plan(TRINO, {}).diagnostics
    assert warning[0] == "warning"
    assert warning[2].endswith("Resolve the error before you apply.")
    works(world)
    assert Calls(world.transport).plan(TRINO, {}).diagnostics == []
    assert world.apply({}).diagnostics == []


@pytest.mark.parametrize("identity", [{"id": "1", "host": None}, {"id": "1", "host": "immuta.example"}])
def test_an_identity_of_another_tenant_names_the_own_one_or_none(core: MakeCore, identity: Value) -> None:
    """The provider block of the other tenant is chosen in `tests/terraform/test_identity_and_query.py`."""
    world = core(TRINO)
    planted("trino")(world)
    calls = Calls(world.transport)
    (error,) = calls.import_(TRINO, identity={"id": "1", "host": "other.example"}).diagnostics
    assert error[2].endswith("or leave `host` out of the identity.")
    assert calls.import_(TRINO, identity=identity).diagnostics == []

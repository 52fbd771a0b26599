"""What the integration resource plans, where the plan engine alone cannot tell: secrets, repair, teardown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.configured import Configured
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from immuta_provider.resources.secrets.private_state import PrivateState

SNOWFLAKE = "immuta_snowflake_integration"
PASSWORD = "correct horse battery staple"


@pytest.fixture
def snowflake(bench: Callable[[str], Any]) -> Any:
    made = bench(SNOWFLAKE)
    made.config = made.value(
        auto_bootstrap=True,
        host="acme.snowflakecomputing.com",
        warehouse="WH",
        database="IMMUTA",
        authentication_type="userPassword",
        username="admin",
        password=PASSWORD,
        role="ACCOUNTADMIN",
    )
    off = {"enabled": False}
    made.prior = {
        **made.config,
        "password": None,
        "id": "7",
        "port": 443,
        "audit": off,
        "workspaces": {**off, "warehouses": []},
        "impersonation": {**off, "role": None},
        "lineage": {**off, "lineage_config": None, "ingest_batch_size": 1000},
        "status": "enabled",
        "credentials_revision": 3,
    }
    made.written = {**made.prior, "status": UNKNOWN, "credentials_revision": UNKNOWN}
    made.private = PrivateState([], {"password": made.configured.fingerprints.make(PASSWORD)}).encode()
    return made


def planned(
    made: Any, config: dict[str, Any], private: bytes | None = None, **prior: Any
) -> tuple[Any, list[Diagnostic]]:
    diagnostics = Diagnostics()
    kept = made.private if private is None else private
    answer = made.resource.plan({**made.prior, **prior}, config, config, kept, diagnostics)
    before, after = PrivateState.decode(kept), PrivateState.decode(answer.private)
    assert (after.configured, after.secrets, after.doubtful) == (
        before.configured,
        before.secrets,
        before.doubtful,
    )
    return (answer.state, answer.requires_replace), list(diagnostics)


def announced(*lines: str) -> list[Diagnostic]:
    summary = "An update sends the secrets of the Snowflake integration again"
    return [Diagnostic("warning", summary, "\n".join(lines))]


NEW = "has no fingerprint yet, because it is new or was never sent by this resource, as after an import."
LATER = "can be compared only during apply, because its value or `fingerprint_key` is not known yet."
ANOTHER = "differs from the one that Immuta was last sent."
UNCHECKED = (
    "has a fingerprint that cannot be checked: it was made under another `fingerprint_key` or is damaged."
)
DOUBTFUL = "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."


def test_an_unchanged_secret_plans_nothing(snowflake: Any) -> None:
    assert planned(snowflake, snowflake.config) == ((snowflake.prior, ()), [])


@pytest.mark.parametrize(("secret", "reason"), [("another password", ANOTHER), (UNKNOWN, LATER)])
def test_a_rotated_or_unknown_secret_plans_an_update(snowflake: Any, secret: Any, reason: str) -> None:
    assert planned(snowflake, {**snowflake.config, "password": secret}) == (
        (snowflake.written, ()),
        announced(f"password {reason}"),
    )


def test_a_plan_names_every_secret_that_it_sends_again_and_why(snowflake: Any) -> None:
    key = {"key_name": "PRIV_KEY_FILE", "user_filename": "k.p8", "content": "PEM"}
    before = {**snowflake.config, "connect_args": "a=b", "private_key_password": "kept"}
    snowflake.resource.validate(snowflake.config, Diagnostics())
    fingerprints = snowflake.configured.fingerprints
    private = PrivateState(
        [],
        {
            "password": fingerprints.make(PASSWORD),
            "private_key_password": {**fingerprints.make("kept"), "salt": None},
            "connect_args": fingerprints.make("a=b"),
            "oauth_client_config.client_secret": fingerprints.make("gone"),
        },
        doubtful=True,
    )
    config = {**before, "connect_args": "a=c", "private_key": key}
    snowflake.resource.validate(config, Diagnostics())
    (state, _), diagnostics = planned(snowflake, config, private.encode())
    assert state["credentials_revision"] is UNKNOWN
    assert [d for d in diagnostics if d.severity == "warning"] == announced(
        f"connect_args {ANOTHER}",
        "oauth_client_config.client_secret is no longer configured.",
        f"private_key.content {NEW}",
        f"private_key_password {UNCHECKED}",
        DOUBTFUL,
    )


def test_a_secret_under_ignore_changes_is_no_rotation(snowflake: Any) -> None:
    """Terraform shows null for it while it plans, although it is set."""
    assert planned(snowflake, {**snowflake.config, "password": None}) == ((snowflake.prior, ()), [])


def test_an_import_plans_one_update_that_sends_the_secrets(snowflake: Any) -> None:
    assert planned(snowflake, snowflake.config, b"") == (
        (snowflake.written, ()),
        announced(f"password {NEW}"),
    )


@pytest.mark.parametrize("private", [b"{", b'{"configured":[],"secrets":[]}'])
def test_an_unreadable_private_state_plans_one_announced_update(snowflake: Any, private: bytes) -> None:
    assert planned(snowflake, snowflake.config, private) == (
        (snowflake.written, ()),
        announced(f"password {NEW}", DOUBTFUL),
    )


def test_a_changed_fingerprint_key_is_announced(snowflake: Any) -> None:
    snowflake.configured = Configured(None, Fingerprints("another key"), snowflake.configured.teardown)
    assert planned(snowflake, snowflake.config) == (
        (snowflake.written, ()),
        announced(f"password {UNCHECKED}"),
    )


def test_an_unknown_fingerprint_key_plans_an_update_that_apply_may_find_empty(snowflake: Any) -> None:
    snowflake.configured = Configured(None, Fingerprints(UNKNOWN), snowflake.configured.teardown)
    assert planned(snowflake, snowflake.config) == (
        (snowflake.written, ()),
        announced(f"password {LATER}"),
    )


@pytest.mark.parametrize("status", ["createError", "editError", "migrateError", "recurringValidationError"])
def test_an_unhealthy_status_plans_a_repair(snowflake: Any, status: str) -> None:
    assert planned(snowflake, snowflake.config, status=status) == ((snowflake.written, ()), [])


@pytest.mark.parametrize(
    "status", ["enabled", "creating", "editing", "deleteError", "migrating", "brandNew", None]
)
def test_any_other_status_plans_nothing(snowflake: Any, status: str | None) -> None:
    assert planned(snowflake, snowflake.config, status=status) == (
        ({**snowflake.prior, "status": status}, ()),
        [],
    )


def test_timeouts_alone_touch_the_state_alone(snowflake: Any) -> None:
    timeouts = {"create": "1m", "update": None, "delete": None}
    config = {**snowflake.config, "timeouts": timeouts}
    assert planned(snowflake, config) == (({**snowflake.prior, "timeouts": timeouts}, ()), [])


def test_a_change_beside_a_secret_sends_the_secret_again(snowflake: Any) -> None:
    state = planned(snowflake, {**snowflake.config, "warehouse": "OTHER"})
    assert state == (({**snowflake.written, "warehouse": "OTHER"}, ()), [])


def test_without_configured_secrets_the_revision_stays(bench: Callable[[str], Any]) -> None:
    s3 = bench("immuta_amazon_s3_integration")
    config = s3.value(
        name="lake",
        aws_account_id="1",
        aws_region="eu-central-1",
        aws_location_role="arn:aws:iam::1:role/r",
        aws_location_path="s3://lake/",
        authentication_type="auto",
        aws_role_to_assume="arn:aws:iam::1:role/g",
    )
    s3.prior = {
        **config,
        "auto_bootstrap": False,
        "id": "1",
        "port": 443,
        "status": "enabled",
        "credentials_revision": 1,
    }
    s3.private = PrivateState().encode()
    (state, replaces), diagnostics = planned(s3, {**config, "name": "other"})
    assert (state, replaces, diagnostics) == (
        {**s3.prior, "name": "other", "status": UNKNOWN},
        (),
        [],
    )


def test_plan_of_an_unhealthy_trino_integration_changes_the_state_only(bench: Callable[[str], Any]) -> None:
    trino = bench("immuta_trino_integration")
    trino.prior = trino.value(id="1", status="recurringValidationError")
    trino.private = PrivateState().encode()
    assert planned(trino, trino.value()) == ((trino.prior, ()), [])
    config = trino.value(additional_config='{"a": 1}')
    changed = {**trino.prior, "additional_config": '{"a": 1}', "status": UNKNOWN}
    assert planned(trino, config) == ((changed, (("additional_config",),)), [])


def test_destroying_an_automatic_integration_without_credentials_warns(snowflake: Any) -> None:
    known = snowflake.configured
    snowflake.configured = Configured(object(), known.fingerprints, known.teardown)  # type: ignore[arg-type]
    diagnostics = Diagnostics()
    assert snowflake.resource.plan(snowflake.prior, None, None, b"p", diagnostics).state is None
    assert [(d.severity, d.summary) for d in diagnostics] == [
        ("warning", "No credentials to remove the Snowflake integration")
    ]
    config = {**snowflake.prior, "database": "OTHER", "password": "p"}
    diagnostics = Diagnostics()
    assert snowflake.resource.plan(snowflake.prior, config, config, b"", diagnostics).requires_replace
    assert [(d.severity, d.summary) for d in diagnostics] == [
        ("warning", "No credentials to remove the Snowflake integration")
    ]
    variables = {"USERNAME": "u", "PASSWORD": "p", "ROLE": "r"}
    environment = {f"IMMUTA_TEARDOWN_SNOWFLAKE_{name}": value for name, value in variables.items()}
    given = teardown.read(INTEGRATIONS, None, environment)
    snowflake.configured = Configured(object(), snowflake.configured.fingerprints, given)  # type: ignore[arg-type]
    diagnostics = Diagnostics()
    snowflake.resource.plan(snowflake.prior, None, None, b"p", diagnostics)
    assert diagnostics == []

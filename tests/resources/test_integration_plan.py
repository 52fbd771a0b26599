"""What the integration resource plans, where the plan engine alone cannot tell: secrets, repair, teardown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.integrations.compiled import INTEGRATIONS
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources import teardown
from immuta_provider.resources.fingerprints import Fingerprints
from immuta_provider.resources.private_state import PrivateState
from immuta_provider.resources.session import Session

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
    made.written = {
        **made.prior,
        "port": UNKNOWN,
        "audit": UNKNOWN,
        "workspaces": UNKNOWN,
        "impersonation": UNKNOWN,
        "lineage": UNKNOWN,
        "user_role_pattern": UNKNOWN,
        "status": UNKNOWN,
        "credentials_revision": UNKNOWN,
    }
    made.private = PrivateState([], {"password": made.session.fingerprints.make(PASSWORD)}).encode()
    return made


def planned(
    made: Any, config: dict[str, Any], private: bytes | None = None, **prior: Any
) -> tuple[Any, list[Diagnostic]]:
    diagnostics = Diagnostics()
    kept = made.private if private is None else private
    answer = made.resource.plan({**made.prior, **prior}, config, config, kept, diagnostics)
    assert answer.private == kept
    return (answer.state, answer.requires_replace), list(diagnostics)


def test_an_unchanged_secret_plans_nothing(snowflake: Any) -> None:
    assert planned(snowflake, snowflake.config) == ((snowflake.prior, ()), [])


@pytest.mark.parametrize("secret", ["another password", UNKNOWN])
def test_a_rotated_or_unknown_secret_plans_an_update(snowflake: Any, secret: Any) -> None:
    assert planned(snowflake, {**snowflake.config, "password": secret}) == ((snowflake.written, ()), [])


def test_a_secret_under_ignore_changes_is_no_rotation(snowflake: Any) -> None:
    """Terraform shows null for it while it plans, although it is set."""
    assert planned(snowflake, {**snowflake.config, "password": None}) == ((snowflake.prior, ()), [])


def test_an_import_plans_one_update_that_sends_the_secrets(snowflake: Any) -> None:
    assert planned(snowflake, snowflake.config, b"") == ((snowflake.written, ()), [])


def test_a_changed_fingerprint_key_is_announced(snowflake: Any) -> None:
    snowflake.session = Session(None, Fingerprints("another key"), snowflake.session.teardown)
    state, diagnostics = planned(snowflake, snowflake.config)
    assert state == (snowflake.written, ())
    assert diagnostics == [
        Diagnostic(
            "warning",
            "Secrets will be sent once more",
            "the fingerprints of password were made under another `fingerprint_key`, so whether these secrets of the Snowflake "
            "integration changed cannot be told. This update sends them again and takes new fingerprints.",
        )
    ]


def test_an_unknown_fingerprint_key_plans_an_update_that_apply_may_find_empty(snowflake: Any) -> None:
    snowflake.session = Session(None, Fingerprints(UNKNOWN), snowflake.session.teardown)
    assert planned(snowflake, snowflake.config) == ((snowflake.written, ()), [])


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
        {**s3.prior, "name": "other", "port": UNKNOWN, "status": UNKNOWN},
        (),
        [],
    )


def test_nothing_of_trino_can_be_updated(bench: Callable[[str], Any]) -> None:
    trino = bench("immuta_trino_integration")
    trino.prior = trino.value(id="1", status="recurringValidationError")
    trino.private = PrivateState().encode()
    assert planned(trino, trino.value()) == ((trino.prior, ()), [])
    config = trino.value(additional_config='{"a": 1}')
    changed = {**trino.prior, "additional_config": '{"a": 1}', "status": UNKNOWN}
    assert planned(trino, config) == ((changed, (("additional_config",),)), [])


def test_destroying_an_automatic_integration_without_credentials_warns(snowflake: Any) -> None:
    snowflake.session = Session(object(), snowflake.session.fingerprints, snowflake.session.teardown)  # type: ignore[arg-type]
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
    snowflake.session = Session(object(), snowflake.session.fingerprints, given)  # type: ignore[arg-type]
    diagnostics = Diagnostics()
    snowflake.resource.plan(snowflake.prior, None, None, b"p", diagnostics)
    assert diagnostics == []

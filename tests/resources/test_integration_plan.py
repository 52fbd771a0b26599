"""Plans of the integration resource that the plan engine alone does not make: secrets, repair, teardown."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.plugin.diagnostics import Diagnostic, Diagnostics
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.resources.configured import Configured
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.integrations.resource import IntegrationResource
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from immuta_provider.resources.secrets.private_state import PrivateState

SNOWFLAKE = "immuta_snowflake_integration"
PASSWORD = "correct horse battery staple"


class Bench:
    """One resource type with a state, a private state, and provider data that a test can change."""

    config: dict[str, Any]
    prior: dict[str, Any]
    written: dict[str, Any]
    private: bytes = PrivateState().encode()

    def __init__(self, resource: str) -> None:
        self.configured = Configured(None, Fingerprints("a key"), teardown.read(INTEGRATIONS, None, {}))
        self.resource = IntegrationResource(BY_RESOURCE[resource], lambda: self.configured)

    def value(self, **attributes: Any) -> dict[str, Any]:
        """A configuration or a state: every attribute, null where it is not set."""
        value: dict[str, Any] = {a.name: None for a in self.resource.schema.attributes}
        assert attributes.keys() <= value.keys()
        return {**value, **attributes}


@pytest.fixture
def snowflake() -> Bench:
    made = Bench(SNOWFLAKE)
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
    made: Bench, config: dict[str, Any], private: bytes | None = None, **prior: Any
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


def test_an_unchanged_secret_plans_nothing(snowflake: Bench) -> None:
    assert planned(snowflake, snowflake.config) == ((snowflake.prior, ()), [])


@pytest.mark.parametrize(
    ("secret", "key", "private", "lines"),
    [
        ("another password", "a key", None, [f"password {ANOTHER}"]),
        (UNKNOWN, "a key", None, [f"password {LATER}"]),
        (PASSWORD, UNKNOWN, None, [f"password {LATER}"]),
        (PASSWORD, "a key", b"", [f"password {NEW}"]),
        (PASSWORD, "a key", b"{", [f"password {NEW}", DOUBTFUL]),
        (PASSWORD, "a key", b'{"configured":[],"secrets":[]}', [f"password {NEW}", DOUBTFUL]),
    ],
    ids=[
        "rotated",
        "unknown",
        "unknown key",
        "imported",
        "unreadable private state",
        "damaged private state",
    ],
)
def test_a_secret_that_immuta_may_not_have_plans_one_announced_update(
    snowflake: Bench, secret: Any, key: Any, private: bytes | None, lines: list[str]
) -> None:
    """Under an unknown `fingerprint_key`, apply may find that there is nothing to send."""
    snowflake.configured = Configured(None, Fingerprints(key), snowflake.configured.teardown)
    assert planned(snowflake, {**snowflake.config, "password": secret}, private) == (
        (snowflake.written, ()),
        announced(*lines),
    )


def test_a_plan_names_every_secret_that_it_sends_again_and_why(snowflake: Bench) -> None:
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


def test_a_secret_under_ignore_changes_is_not_a_rotation(snowflake: Bench) -> None:
    """Terraform shows null for it while it plans, although it is set."""
    assert planned(snowflake, {**snowflake.config, "password": None}) == ((snowflake.prior, ()), [])


@pytest.mark.parametrize("status", ["createError", "editError", "migrateError", "recurringValidationError"])
def test_an_unhealthy_status_plans_a_repair(snowflake: Bench, status: str) -> None:
    assert planned(snowflake, snowflake.config, status=status) == ((snowflake.written, ()), [])


@pytest.mark.parametrize(
    "status", ["enabled", "creating", "editing", "deleteError", "migrating", "brandNew", None]
)
def test_any_other_status_plans_nothing(snowflake: Bench, status: str | None) -> None:
    assert planned(snowflake, snowflake.config, status=status) == (
        ({**snowflake.prior, "status": status}, ()),
        [],
    )


def test_timeouts_alone_touch_the_state_alone(snowflake: Bench) -> None:
    timeouts = {"create": "1m", "update": None, "delete": None}
    config = {**snowflake.config, "timeouts": timeouts}
    assert planned(snowflake, config) == (({**snowflake.prior, "timeouts": timeouts}, ()), [])


def test_a_change_beside_a_secret_sends_the_secret_again(snowflake: Bench) -> None:
    state = planned(snowflake, {**snowflake.config, "warehouse": "OTHER"})
    assert state == (({**snowflake.written, "warehouse": "OTHER"}, ()), [])


def test_without_configured_secrets_the_revision_stays() -> None:
    s3 = Bench("immuta_amazon_s3_integration")
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
    (state, replaces), diagnostics = planned(s3, {**config, "name": "other"})
    assert (state, replaces, diagnostics) == (
        {**s3.prior, "name": "other", "status": UNKNOWN},
        (),
        [],
    )


def test_plan_of_an_unhealthy_trino_integration_changes_the_state_only() -> None:
    trino = Bench("immuta_trino_integration")
    trino.prior = trino.value(id="1", status="recurringValidationError")
    assert planned(trino, trino.value()) == ((trino.prior, ()), [])
    config = trino.value(additional_config='{"a": 1}')
    changed = {**trino.prior, "additional_config": '{"a": 1}', "status": UNKNOWN}
    assert planned(trino, config) == ((changed, (("additional_config",),)), [])


def test_removal_of_an_automatic_integration_without_credentials_warns(snowflake: Bench) -> None:
    """A destroy or a replacement removes it."""

    def warnings(config: dict[str, Any] | None, environment: dict[str, str]) -> list[tuple[str, str]]:
        credentials = teardown.read(INTEGRATIONS, None, environment)
        fingerprints = snowflake.configured.fingerprints
        snowflake.configured = Configured(object(), fingerprints, credentials)  # type: ignore[arg-type]
        diagnostics = Diagnostics()
        planned = snowflake.resource.plan(snowflake.prior, config, config, b"", diagnostics)
        assert bool(planned.requires_replace) == (config is not None)
        return [(d.severity, d.summary) for d in diagnostics]

    warning = ("warning", "No credentials to remove the Snowflake integration")
    assert warnings(None, {}) == [warning]
    assert warnings({**snowflake.prior, "database": "OTHER", "password": "p"}, {}) == [warning]
    variables = {"USERNAME": "u", "PASSWORD": "p", "ROLE": "r"}
    environment = {f"IMMUTA_TEARDOWN_SNOWFLAKE_{name}": value for name, value in variables.items()}
    assert warnings(None, environment) == []

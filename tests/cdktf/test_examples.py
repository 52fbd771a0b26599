"""The examples, deployed by the real cdktf as a first user would: nothing installed, nothing configured, no flag."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf, example, sample_secrets
from support.postgres import postgres
from support.terraform import ROOT

SAMPLES: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "model" / "samples.json").read_text())


def by_type(payloads: list[Any]) -> list[Any]:
    return sorted(payloads, key=lambda payload: json.dumps(payload, sort_keys=True))


def test_quickstart_sends_the_requests_of_the_guide(tmp_path: Path, immuta: Immuta) -> None:
    cdktf = Cdktf(tmp_path, example("quickstart"), {**immuta.environment, **sample_secrets()})
    stack = cdktf.stack("quickstart")

    deployed = cdktf.ok("deploy", "--auto-approve")
    assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in deployed
    assert by_type(immuta.sent()) == by_type(list(SAMPLES.values()))
    assert {one["status"] for one in immuta.held("integrations")} == {"enabled"}
    lock = (stack / ".terraform.lock.hcl").read_bytes()

    assert "No changes. Your infrastructure matches the configuration." in cdktf.ok("diff")
    assert (stack / ".terraform.lock.hcl").read_bytes() == lock
    assert (cdktf.folder / "terraform.quickstart.tfstate").exists()
    assert (stack / "plan").exists()
    secrets = ("abc1234", "yQlPQijowkccmrmWJyr93kdLnwJzBvLHCto", "universe_domain", immuta.api_key)
    for secret in secrets:
        assert cdktf.files_with(secret) <= {"sample-secrets.sh"}

    immuta.clear_requests()
    destroyed = cdktf.destroy("quickstart")
    assert "Destroy complete! Resources: 7 destroyed." in destroyed
    assert immuta.held("integrations") == []
    assert {json.dumps(request["body"], sort_keys=True) for request in immuta.requests("delete")} == {
        "null",
        '{"authenticationType": "userPassword", "password": "abc1234", "username": "taylor@redshift.com"}',
        '{"authenticationType": "userPassword", "password": "abc1234", "username": "taylor@synapse.com"}',
        '{"authenticationType": "userPassword", "password": "abc1234", "role": "ACCOUNTADMIN", '
        '"username": "taylor@snowflake.com"}',
    }


def test_first_stack_outputs_the_id_of_its_integration(tmp_path: Path, immuta: Immuta) -> None:
    environment = {**immuta.environment, "TF_VAR_snowflake_password": "example-password"}
    cdktf = Cdktf(tmp_path, example("first_stack"), environment)
    deployed = cdktf.ok("deploy", "--auto-approve")
    assert re.search(r"integration_id = (\d+)", deployed), deployed
    assert immuta.sent() == [
        {
            "type": "Snowflake",
            "autoBootstrap": False,
            "config": {
                "host": "acme.eu-central-1.snowflakecomputing.com",
                "warehouse": "IMMUTA_WH",
                "database": "IMMUTA",
                "authenticationType": "userPassword",
                "username": "IMMUTA_SYSTEM_ACCOUNT",
                "password": "example-password",
                "audit": {"enabled": True},
            },
        }
    ]
    cdktf.assert_empty_plan("data-platform")
    cdktf.destroy("data-platform")
    assert immuta.held("integrations") == []


def test_the_state_is_in_the_pg_backend_alone(tmp_path: Path, immuta: Immuta) -> None:
    with postgres() as connection:
        environment = {**immuta.environment, "PG_CONN_STR": connection}
        first = Cdktf(tmp_path / "first", example("pg_backend"), environment)
        first.ok("deploy", "--auto-approve")
        assert immuta.sent() == [{"type": "Trino"}]
        assert first.files_with(connection) == set()

        colleague = Cdktf(tmp_path / "second", example("pg_backend"), environment)
        assert "No changes." in colleague.ok("diff")
        colleague.destroy("trino")
        assert immuta.held("integrations") == []


def test_every_option_is_deployed_and_destroyed_with_teardown_credentials(
    tmp_path: Path, immuta: Immuta
) -> None:
    program = example("every_option")
    names = set(re.findall(r'Secret\.variable\(\s*"(\w+)"', (program / "main.py").read_text()))
    secrets = {f"TF_VAR_{name}": f"example-{name}" for name in names}
    cdktf = Cdktf(tmp_path, program, {**immuta.environment, **secrets})
    assert "Apply complete! Resources: 16 added" in cdktf.ok("deploy", "--auto-approve")
    snowflake = next(
        one
        for one in immuta.sent()
        if one.get("config", {}).get("host") == "acme.eu-central-1.snowflakecomputing.com"
    )
    assert snowflake == {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {
            "host": "acme.eu-central-1.snowflakecomputing.com",
            "port": 443,
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authenticationType": "userPassword",
            "username": "IMMUTA_SYSTEM_ACCOUNT",
            "password": "example-snowflake_password",
            "connectArgs": "example-snowflake_connect_args",
            "audit": {"enabled": True},
            "workspaces": {"enabled": True, "warehouses": ["WS_WH"]},
            "impersonation": {"enabled": True, "role": "IMMUTA_IMPERSONATION"},
            "lineage": {
                "enabled": True,
                "lineageConfig": {"tableFilter": "SALES\\..*", "tagFilter": ".*"},
                "ingestBatchSize": 1000,
            },
            "userRolePattern": {"exclude": ["SYSADMIN"]},
            "aKeyOfANewerImmuta": {"enabled": True},
        },
    }
    cdktf.assert_empty_plan("every-option")
    assert {request["headers"].get("x-request-source") for request in immuta.requests()} == {"cdktf"}
    cdktf.destroy("every-option")
    assert immuta.held("integrations") == []
    by_user = {
        request["body"]["username"]: request["body"]
        for request in immuta.requests("delete")
        if request["body"] is not None
    }
    assert sorted(by_user) == ["SETUP_ADMIN", "awsuser", "synadmin"]
    assert by_user["SETUP_ADMIN"] == {
        "authenticationType": "keyPair",
        "username": "SETUP_ADMIN",
        "role": "ACCOUNTADMIN",
        "privateKey": {
            "keyName": "PRIV_KEY_FILE",
            "userFilename": "immuta.p8",
            "content": "example-snowflake_private_key",
        },
        "privateKeyPassword": "example-snowflake_private_key_password",
    }


def test_getting_started_protects_data_before_it_registers_it(tmp_path: Path, immuta: Immuta) -> None:
    environment = {**immuta.environment, **sample_secrets("getting_started")}
    cdktf = Cdktf(tmp_path, example("getting_started"), environment)
    assert "Apply complete! Resources: 14 added, 0 changed, 0 destroyed." in cdktf.ok(
        "deploy", "--auto-approve"
    )
    order = [
        (request["method"], request["path"])
        for request in immuta.requests()
        if request["method"] in ("POST", "PUT")
    ]
    mapped = order.index(("PUT", "/bim/iam/bim/user/taylor@example.com/profile"))
    policies = [place for place, each in enumerate(order) if each == ("POST", "/api/v2/policy")]
    data = [place for place, each in enumerate(order) if each == ("POST", "/native-s3/handler")]
    assert (len(policies), len(data)) == (2, 2)
    assert max(mapped, *policies) < min(data)
    cdktf.assert_empty_plan("getting-started")

    program = (cdktf.folder / "main.py").read_text()
    changed = program.replace("HashMasking()", 'ConstantMasking(constant="hidden")')
    changed = changed.replace("    HashMasking,\n", "").replace(
        "    ColumnTagField,\n", "    ColumnTagField,\n    ConstantMasking,\n"
    )
    cdktf.write(changed.replace('"snowflakeUser": "TAYLOR"', '"snowflakeUser": "TAYLOR_2"'))
    assert "Apply complete! Resources: 0 added, 2 changed, 0 destroyed." in cdktf.ok(
        "deploy", "--auto-approve"
    )
    (user,) = (one for one in immuta.held("users") if one["userid"] == "taylor@example.com")
    assert user["profile"]["externalUserIds"] == {
        "awsUser": "arn:aws:iam::123456789:role/analyst",
        "snowflakeUser": "TAYLOR_2",
    }
    masking = next(one for one in immuta.held("policies") if one["type"] == "data")
    assert masking["actions"][0]["rules"][0]["config"]["maskingConfig"] == {
        "type": "Constant",
        "constant": "hidden",
    }
    cdktf.assert_empty_plan("getting-started")

    cdktf.destroy("getting-started")
    assert immuta.held("integrations") == []
    assert [one for one in immuta.held("tags") if not one["systemCreated"]] == []
    assert [immuta.held(name) for name in ("policies", "groups", "datasources")] == [[], [], []]

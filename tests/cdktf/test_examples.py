"""The examples, deployed by the real cdktf as a first user would: nothing installed, nothing configured, no flag."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf, example, sample_secrets, tenant
from support.postgres import postgres
from support.terraform import ROOT

SAMPLES: dict[str, dict[str, Any]] = json.loads((ROOT / "tests" / "model" / "samples.json").read_text())


def by_type(payloads: list[Any]) -> list[Any]:
    return sorted(payloads, key=lambda payload: json.dumps(payload, sort_keys=True))


def test_quickstart_reaches_immuta_as_the_guides_own_requests(tmp_path: Path) -> None:
    with Immuta() as simulator:
        cdktf = Cdktf(tmp_path, example("quickstart"), {**tenant(simulator), **sample_secrets()})
        stack = cdktf.stack("quickstart")

        deployed = cdktf.ok("deploy", "--auto-approve")
        assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in deployed
        assert by_type(simulator.sent()) == by_type(list(SAMPLES.values()))
        assert {one["status"] for one in simulator.stored("integrations")} == {"enabled"}
        lock = (stack / ".terraform.lock.hcl").read_bytes()

        assert "No changes. Your infrastructure matches the configuration." in cdktf.ok("diff")
        assert (stack / ".terraform.lock.hcl").read_bytes() == lock
        assert (cdktf.folder / "terraform.quickstart.tfstate").exists()
        assert (stack / "plan").exists()
        for secret in (
            b"abc1234",
            b"yQlPQijowkccmrmWJyr93kdLnwJzBvLHCto",
            b"universe_domain",
            simulator.api_key.encode(),
        ):
            holders = [
                file for file in cdktf.folder.rglob("*") if file.is_file() and secret in file.read_bytes()
            ]
            assert {file.name for file in holders} <= {"sample-secrets.sh"}

        simulator.clear_requests()
        destroyed = cdktf.terraform("quickstart", "destroy", "-auto-approve")
        assert "Destroy complete! Resources: 7 destroyed." in destroyed
        assert simulator.stored("integrations") == []
        assert {json.dumps(request["body"], sort_keys=True) for request in simulator.requests("delete")} == {
            "null",
            '{"authenticationType": "userPassword", "password": "abc1234", "username": "taylor@redshift.com"}',
            '{"authenticationType": "userPassword", "password": "abc1234", "username": "taylor@synapse.com"}',
            '{"authenticationType": "userPassword", "password": "abc1234", "role": "ACCOUNTADMIN", '
            '"username": "taylor@snowflake.com"}',
        }


def test_first_stack(tmp_path: Path) -> None:
    with Immuta() as simulator:
        cdktf = Cdktf(
            tmp_path,
            example("first_stack"),
            {**tenant(simulator), "TF_VAR_snowflake_password": "example-password"},
        )
        deployed = cdktf.ok("deploy", "--auto-approve")
        assert re.search(r"integration_id = (\d+)", deployed), deployed
        synthesized = json.loads((cdktf.stack("data-platform") / "cdk.tf.json").read_text())
        assert synthesized["terraform"]["required_version"] == ">= 1.11.0"
        assert simulator.sent() == [
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
        cdktf.terraform("data-platform", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []


def test_pg_backend_is_where_the_state_is(tmp_path: Path) -> None:
    with Immuta() as simulator, postgres() as connection:
        environment = {**tenant(simulator), "PG_CONN_STR": connection}
        first = Cdktf(tmp_path / "first", example("pg_backend"), environment)
        first.ok("deploy", "--auto-approve")
        assert simulator.sent() == [{"type": "Trino"}]
        everything = [file for file in first.folder.rglob("*") if file.is_file()]
        assert [file for file in everything if connection.encode() in file.read_bytes()] == []

        colleague = Cdktf(tmp_path / "second", example("pg_backend"), environment)
        assert "No changes." in colleague.ok("diff")
        colleague.terraform("trino", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []


def test_every_option(tmp_path: Path) -> None:
    program = example("every_option")
    names = set(re.findall(r'Secret\.variable\(\s*"(\w+)"', (program / "main.py").read_text()))
    secrets = {f"TF_VAR_{name}": f"example-{name}" for name in names}
    with Immuta() as simulator:
        cdktf = Cdktf(tmp_path, program, {**tenant(simulator), **secrets})
        assert "Apply complete! Resources: 16 added" in cdktf.ok("deploy", "--auto-approve")
        snowflake = next(
            one
            for one in simulator.sent()
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
        assert {request["headers"].get("x-request-source") for request in simulator.requests()} == {"cdktf"}
        cdktf.terraform("every-option", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []
        by_user = {
            request["body"]["username"]: request["body"]
            for request in simulator.requests("delete")
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


def test_getting_started_is_the_guide_from_the_integration_to_the_data(tmp_path: Path) -> None:
    with Immuta() as simulator:
        environment = {**tenant(simulator), **sample_secrets("getting_started")}
        cdktf = Cdktf(tmp_path, example("getting_started"), environment)
        assert "Apply complete! Resources: 14 added, 0 changed, 0 destroyed." in cdktf.ok(
            "deploy", "--auto-approve"
        )
        order = [
            (request["method"], request["path"])
            for request in simulator.requests()
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
        (user,) = (one for one in simulator.stored("users") if one["userid"] == "taylor@example.com")
        assert user["profile"]["externalUserIds"] == {
            "awsUser": "arn:aws:iam::123456789:role/analyst",
            "snowflakeUser": "TAYLOR_2",
        }
        masking = next(one for one in simulator.stored("policies") if one["type"] == "data")
        assert masking["actions"][0]["rules"][0]["config"]["maskingConfig"] == {
            "type": "Constant",
            "constant": "hidden",
        }
        cdktf.assert_empty_plan("getting-started")

        cdktf.terraform("getting-started", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []
        assert [one for one in simulator.stored("tags") if not one["systemCreated"]] == []
        assert [simulator.stored(name) for name in ("policies", "groups", "datasources")] == [[], [], []]

"""Many integrations at once: how often Immuta is asked, over how many connections, and that nothing doubles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from immuta_constructs.testing import Immuta
from support.proxy import Proxy
from support.running import REQUIRED, SNOWFLAKE, buckets, instances, one_snowflake
from support.terraform import Terraform


@pytest.fixture
def proxy(immuta: Immuta, one_terraform: Terraform) -> Iterator[Proxy]:
    """What stands between Terraform and the simulator."""
    with Proxy(immuta.url) as running:
        one_terraform.environment["IMMUTA_HOST"] = running.url
        yield running


def planned(terraform: Terraform, immuta: Immuta, proxy: Proxy) -> None:
    """A plan, and no trace of what it asked for."""
    terraform.ok("plan", "-out=plan")
    immuta.clear_requests()
    proxy.requests.clear()
    proxy.connections = 0


def assert_empty_plan(terraform: Terraform) -> None:
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert (code, stderr) == (0, ""), stdout + stderr


def test_five_hundred_integrations(one_terraform: Terraform, immuta: Immuta) -> None:
    """Creates take few lists, a refresh takes one, and so do few deletions that run together."""
    one_terraform.write(buckets(500))
    one_terraform.ok("init")
    immuta.settings(polls=0)
    one_terraform.ok("apply", "-auto-approve", "-parallelism=30")
    counts = immuta.counts()
    assert (counts["create"], counts["get"]) == (500, 500)
    assert counts["list"] <= 50
    assert len({i["id"] for i in instances(one_terraform)}) == len(immuta.stored("integrations")) == 500

    immuta.clear_requests()
    assert_empty_plan(one_terraform)
    assert immuta.counts() == {"list": 1}

    immuta.settings(polls=1)
    immuta.clear_requests()
    one_terraform.write(buckets(400))
    assert "0 added, 0 changed, 100 destroyed" in one_terraform.ok(
        "apply", "-auto-approve", "-parallelism=10"
    )
    counts = immuta.counts()
    assert counts["delete"] == 100
    # A dozen on an idle machine. A loaded one spreads the deletions, which then share less.
    assert counts["list"] <= 50
    assert len(instances(one_terraform)) == len(immuta.stored("integrations")) == 400


def test_five_megabytes_in_one_value(one_terraform: Terraform, immuta: Immuta) -> None:
    text = "x" * 5_000_000
    # As a text of the configuration it would keep Terraform's parser busy for ten seconds.
    (one_terraform.folder / "warehouse.txt").write_text(text)
    one_terraform.write(one_snowflake(warehouse='${file("warehouse.txt")}'))
    one_terraform.ok("init")
    one_terraform.ok("apply", "-auto-approve")
    assert immuta.sent()[0]["config"]["warehouse"] == text
    assert_empty_plan(one_terraform)


def test_connections_are_kept_and_no_more_than_max_concurrency(
    one_terraform: Terraform, immuta: Immuta, proxy: Proxy
) -> None:
    """A connection carries one request at a time, so that their number bounds the requests that run at once."""
    one_terraform.environment["IMMUTA_MAX_CONCURRENCY"] = "3"
    one_terraform.write(buckets(20))
    one_terraform.ok("init")
    immuta.settings(polls=3)
    planned(one_terraform, immuta, proxy)
    one_terraform.ok("apply", "-parallelism=20", "plan")
    counts = immuta.counts()
    # Those that ask while a list is under way share the next one.
    assert counts.pop("list") in (1, 2)
    assert counts == {"create": 20, "get": 80, "status": 20}
    assert proxy.connections == 3

    assert_empty_plan(one_terraform)
    assert proxy.connections == 4


def test_sixty_creates_at_once_some_answers_lost(one_terraform: Terraform, immuta: Immuta) -> None:
    one_terraform.write(
        {
            "terraform": REQUIRED,
            "provider": {"immuta": {"fingerprint_key": "a key for the tests"}},
            "resource": {
                "immuta_snowflake_integration": {
                    "this": {**SNOWFLAKE, "host": "acme-${count.index}.snowflakecomputing.com", "count": 60}
                }
            },
        }
    )
    one_terraform.ok("init")
    immuta.fault("reset-after", operation="create", call=10, times=5)
    said = one_terraform.ok("apply", "-auto-approve", "-parallelism=30")
    assert "An integration was recognised after a lost answer" in said
    assert "(and 4 more similar warnings elsewhere)" in said
    assert immuta.counts()["create"] == 60
    held = {i["id"]: i["config"]["host"] for i in immuta.stored("integrations")}
    assert {i["id"]: i["host"] for i in instances(one_terraform)} == held
    assert sorted(held.values()) == sorted(f"acme-{n}.snowflakecomputing.com" for n in range(60))

    # The five were told by what is not secret, so that the same apply sent them their secrets again.
    assert immuta.counts()["update"] == 5
    assert_empty_plan(one_terraform)


def test_retry_after_is_honoured(one_terraform: Terraform, immuta: Immuta, proxy: Proxy) -> None:
    """Without it a refused call would be sent again after half a second, and a look after a fifth of one."""
    slow_down = {"kind": "respond", "status": 429, "headers": {"retry-after": "2"}}
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    immuta.settings(polls=0)
    planned(one_terraform, immuta, proxy)
    for operation in ("list", "create", "get"):
        immuta.fault(slow_down, operation=operation)
    one_terraform.ok("apply", "plan")
    calls = ["GET /integrations", "POST /integrations", "GET /integrations/1"]
    # A list that took so long to come is too old for the create, which asks for one of its own.
    asked = [calls[0], *(call for call in calls for _ in range(2))]
    assert [what for _, what in proxy.requests] == asked
    assert [2.0 <= proxy.pauses(call)[0] < 10 for call in calls] == [True] * 3

"""Many integrations at once: how often Immuta is asked, over how many connections, and that nothing doubles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from immuta_constructs.testing import Immuta
from support.proxy import Proxy
from support.running import buckets, instances, one_snowflake, snowflakes
from support.terraform import Terraform


@pytest.fixture
def proxy(immuta: Immuta, one_terraform: Terraform) -> Iterator[Proxy]:
    """A proxy between Terraform and the simulator."""
    with Proxy(immuta.url) as running:
        one_terraform.environment["IMMUTA_HOST"] = running.url
        yield running


def plan(terraform: Terraform, immuta: Immuta, proxy: Proxy) -> None:
    """Plans, and forgets the requests of the plan."""
    terraform.ok("plan", "-out=plan")
    immuta.clear_requests()
    proxy.requests.clear()
    proxy.connections = 0


def test_a_hundred_integrations_take_one_list_for_a_refresh_and_few_for_their_deletion(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    one_terraform.write(buckets(100))
    immuta.settings(polls=0)
    one_terraform.ok("apply", "-auto-approve", "-parallelism=30")
    counts = immuta.counts()
    assert (counts["create"], counts["get"]) == (100, 100)
    assert len({i["id"] for i in instances(one_terraform)}) == len(immuta.stored("integrations")) == 100

    immuta.clear_requests()
    one_terraform.assert_empty_plan()
    assert immuta.counts() == {"list": 1}

    immuta.settings(polls=1)
    immuta.clear_requests()
    assert "Resources: 100 destroyed" in one_terraform.ok("destroy", "-auto-approve", "-parallelism=10")
    counts = immuta.counts()
    assert counts["delete"] == 100
    # Deletions share lists: a dozen on an idle machine, more on a busy one.
    assert counts["list"] <= 50
    assert instances(one_terraform) == immuta.stored("integrations") == []


def test_value_of_five_megabytes_is_sent_whole(one_terraform: Terraform, immuta: Immuta) -> None:
    text = "x" * 5_000_000
    # Terraform's parser takes ten seconds for such a text in a configuration.
    (one_terraform.folder / "warehouse.txt").write_text(text)
    one_terraform.write(one_snowflake(warehouse='${file("warehouse.txt")}'))
    one_terraform.ok("apply", "-auto-approve")
    assert immuta.sent()[0]["config"]["warehouse"] == text
    one_terraform.assert_empty_plan()


def test_connections_are_kept_and_no_more_than_max_concurrency(
    one_terraform: Terraform, immuta: Immuta, proxy: Proxy
) -> None:
    """A connection carries one request at a time, so that their number bounds the requests that run at once."""
    one_terraform.environment["IMMUTA_MAX_CONCURRENCY"] = "3"
    one_terraform.write(buckets(20))
    immuta.settings(polls=3)
    plan(one_terraform, immuta, proxy)
    one_terraform.ok("apply", "-parallelism=20", "plan")
    counts = immuta.counts()
    # Creates that ask while a list is under way share the next one.
    assert counts.pop("list") in (1, 2)
    assert counts == {"create": 20, "get": 80, "status": 20}
    assert proxy.connections == 3

    one_terraform.assert_empty_plan()
    assert proxy.connections == 4


def test_sixty_creates_at_once_find_the_integrations_of_lost_answers(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    key = {"provider": {"immuta": {"fingerprint_key": "a key for the tests"}}}
    one_terraform.write({**snowflakes("this", 60), **key})
    immuta.fault("reset-after", operation="create", call=10, times=5)
    shown = one_terraform.ok("apply", "-auto-approve", "-parallelism=30")
    assert "An integration was recognised after a lost answer" in shown
    assert "(and 4 more similar warnings elsewhere)" in shown
    assert immuta.counts()["create"] == 60
    held = {i["id"]: i["config"]["host"] for i in immuta.stored("integrations")}
    assert {i["id"]: i["host"] for i in instances(one_terraform)} == held
    assert sorted(held.values()) == sorted(f"acme-{n}.snowflakecomputing.com" for n in range(60))

    # The five were recognised without their secrets, so the same apply sent these again.
    assert immuta.counts()["update"] == 5
    one_terraform.assert_empty_plan()


def test_refused_request_waits_as_long_as_retry_after(
    one_terraform: Terraform, immuta: Immuta, proxy: Proxy
) -> None:
    """Without the header a call would be repeated after half a second, and a poll after a fifth of one."""
    slow_down = {"kind": "respond", "status": 429, "headers": {"retry-after": "2"}}
    one_terraform.write(one_snowflake())
    immuta.settings(polls=0)
    plan(one_terraform, immuta, proxy)
    for operation in ("list", "create", "get"):
        immuta.fault(slow_down, operation=operation)
    one_terraform.ok("apply", "plan")
    calls = ["GET /integrations", "POST /integrations", "GET /integrations/1"]
    # The list came so late that it is too old for the create, which asks for another one.
    asked = [calls[0], *(call for call in calls for _ in range(2))]
    assert [what for _, what in proxy.requests] == asked
    assert [2.0 <= proxy.pauses(call)[0] < 10 for call in calls] == [True] * 3

"""Two applies at once on one state in PostgreSQL: the lock holds, nothing doubles, and the second one reports it."""

from __future__ import annotations

import json
from pathlib import Path

from immuta_constructs.testing import Immuta
from support.postgres import postgres
from support.running import ENDLESS, REQUIRED, Ended, one_snowflake, until
from support.terraform import Terraform


def test_second_apply_waits_for_the_lock_and_changes_nothing(tmp_path: Path, immuta: Immuta) -> None:
    def colleague(name: str, connection: str) -> Terraform:
        folder = tmp_path / name
        folder.mkdir()
        made = Terraform(folder, environment=immuta.environment)
        backend = {"pg": {"conn_str": connection}}
        made.write({"terraform": {**REQUIRED, "backend": backend}, **one_snowflake()})
        made.ok("init")
        return made

    with postgres() as connection:
        first, second = colleague("first", connection), colleague("second", connection)
        immuta.settings(polls=ENDLESS)
        creating = first.start("apply", "-auto-approve")
        until(lambda: immuta.counts().get("status"))

        refused = Ended(second.start("apply", "-auto-approve"))
        assert (refused.code, refused.errors) == (1, ["Error acquiring the state lock"])

        waiting = second.start("apply", "-auto-approve", "-lock-timeout=60s")
        immuta.alter("integrations", "1", status="enabled")
        created = Ended(creating)
        assert (created.code, created.errors) == (0, []), created.text
        assert "1 added, 0 changed, 0 destroyed" in created.text
        followed = Ended(waiting)
        assert (followed.code, followed.errors) == (0, []), followed.text
        assert "No changes. Your infrastructure matches the configuration." in followed.text

        assert immuta.counts()["create"] == 1
        states = [json.loads(each.ok("state", "pull"))["resources"] for each in (first, second)]
        assert states[0] == states[1]
        assert [r["instances"][0]["attributes"]["id"] for r in states[0]] == ["1"]

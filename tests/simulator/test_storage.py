"""State that survives a restart."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from immuta_simulator.control import Control
from immuta_simulator.integrations.samples import SAMPLES
from immuta_simulator.integrations.tenant import Outcome
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.storage import SQLite, StorageError


def opened(path: Path, **settings: Any) -> Control:
    return Control(Settings(**settings), SQLite(path))


def test_a_restart_finds_everything_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data, polls=0)
    for sample in SAMPLES.values():
        first.tenant.create(sample)
    first.tenant.update(
        "6", {**SAMPLES["Snowflake"], "config": {**SAMPLES["Snowflake"]["config"], "warehouse": "W"}}
    )
    first.tenant.regenerate("7")
    first.tenant.delete("1", None)
    first.alter("3", {"status": "recurringValidationError"})
    held, listed = first.integrations(), first.tenant.list_all()
    first.close()

    second = opened(data, polls=0)

    assert second.integrations() == held
    assert second.tenant.list_all() == listed
    assert [record["id"] for record in held] == ["2", "3", "4", "5", "6", "7"]
    assert second.tenant.create({"type": "Trino"})["id"] == "8"
    with pytest.raises(Refusal, match=r"Snowflake integration already exists on .* \(id = 6\)\."):
        second.tenant.create(SAMPLES["Snowflake"])
    second.close()


def test_a_restart_goes_on_with_a_transition(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data)
    first.tenant.create(SAMPLES["Snowflake"])
    first.tenant.status("1"), first.tenant.status("1")
    first.tenant.update(
        "1",
        {**SAMPLES["Snowflake"], "config": {**SAMPLES["Snowflake"]["config"], "warehouse": "W"}},
        Outcome("editError"),
    )
    first.close()

    second = opened(data)

    assert [second.tenant.status("1")["status"] for _ in range(2)] == ["editing", "editError"]
    assert second.integration("1")["config"]["warehouse"] == "SAMPLE_WAREHOUSE"
    second.close()


def test_a_reset_empties_the_file(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data)
    first.tenant.create({"type": "Trino"})
    first.reset()
    first.close()

    second = opened(data)

    assert second.integrations() == []
    assert second.tenant.create({"type": "Trino"})["id"] == "1"
    second.close()


def test_every_thread_may_write(tmp_path: Path) -> None:
    control = opened(tmp_path / "immuta.db", polls=0)
    threads = [
        threading.Thread(target=lambda: [control.tenant.create({"type": "Trino"}) for _ in range(20)])
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = control.integrations()
    control.close()

    assert sorted(int(record["id"]) for record in held) == list(range(1, 101))
    again = opened(tmp_path / "immuta.db")
    assert again.integrations() == held
    again.close()


def test_the_write_ahead_log_is_on(tmp_path: Path) -> None:
    storage = SQLite(tmp_path / "immuta.db")
    mode = storage.connection.execute("PRAGMA journal_mode").fetchone()
    storage.close()

    assert mode == ("wal",)


def another_database(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (x)")
    connection.close()


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda path: path.mkdir(), "unable to open database file"),
        (lambda path: path.write_text("no database " * 100), "file is not a database"),
        (another_database, "its layout is 0, not 1"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, prepare: Any, reason: str) -> None:
    data = tmp_path / "data"
    prepare(data)

    with pytest.raises(StorageError) as caught:
        SQLite(data)

    assert str(caught.value) == (
        f"cannot use {data} as the simulator's data file: {reason}; name a file in an existing folder that is writable "
        "and is new or was written by the simulator"
    )

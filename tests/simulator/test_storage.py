"""State that survives a restart."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path
from typing import Any

import pytest
from immuta_simulator.call import Outcome
from immuta_simulator.control import Control
from immuta_simulator.integrations.samples import SAMPLES
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.storage import SQLite, StorageError
from support.tenant import tenant_of


def opened(path: Path, **settings: Any) -> Control:
    return Control(Settings(**settings), SQLite(path))


def test_a_restart_finds_everything_as_it_was(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data, polls=0)
    for sample in SAMPLES.values():
        tenant_of(first).create(sample)
    tenant_of(first).update(
        "6", {**SAMPLES["Snowflake"], "config": {**SAMPLES["Snowflake"]["config"], "warehouse": "W"}}
    )
    tenant_of(first).regenerate("7")
    tenant_of(first).delete("1", None)
    first.alter("integrations", "3", {"status": "recurringValidationError"})
    held, listed = first.stored("integrations"), tenant_of(first).list_all()
    first.close()

    second = opened(data, polls=0)

    assert second.stored("integrations") == held
    assert tenant_of(second).list_all() == listed
    assert [record["id"] for record in held] == ["2", "3", "4", "5", "6", "7"]
    assert tenant_of(second).create({"type": "Trino"})["id"] == "8"
    with pytest.raises(Refusal, match=r"Snowflake integration already exists on .* \(id = 6\)\."):
        tenant_of(second).create(SAMPLES["Snowflake"])
    second.close()


def test_a_restart_continues_a_transition(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data)
    tenant_of(first).create(SAMPLES["Snowflake"])
    tenant_of(first).status("1"), tenant_of(first).status("1")
    tenant_of(first).update(
        "1",
        {**SAMPLES["Snowflake"], "config": {**SAMPLES["Snowflake"]["config"], "warehouse": "W"}},
        Outcome("editError"),
    )
    first.close()

    second = opened(data)

    assert [tenant_of(second).status("1")["status"] for _ in range(2)] == ["editing", "editError"]
    assert second.stored_one("integrations", "1")["config"]["warehouse"] == "SAMPLE_WAREHOUSE"
    second.close()


def test_a_reset_empties_the_file(tmp_path: Path) -> None:
    data = tmp_path / "immuta.db"
    first = opened(data)
    tenant_of(first).create({"type": "Trino"})
    first.reset()
    first.close()

    second = opened(data)

    assert second.stored("integrations") == []
    assert tenant_of(second).create({"type": "Trino"})["id"] == "1"
    second.close()


def test_every_thread_may_write(tmp_path: Path) -> None:
    control = opened(tmp_path / "immuta.db", polls=0)
    threads = [
        threading.Thread(target=lambda: [tenant_of(control).create({"type": "Trino"}) for _ in range(20)])
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = control.stored("integrations")
    control.close()

    assert sorted(int(record["id"]) for record in held) == list(range(1, 101))
    again = opened(tmp_path / "immuta.db")
    assert again.stored("integrations") == held
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
        (another_database, "its layout is 0, not 2"),
    ],
)
def test_unusable_data_file_is_an_error(tmp_path: Path, prepare: Any, reason: str) -> None:
    data = tmp_path / "data"
    prepare(data)

    with pytest.raises(StorageError) as caught:
        SQLite(data)

    assert str(caught.value) == (
        f"cannot use {data} as the simulator's data file: {reason}; name a file in an existing folder that is writable "
        "and is new or was written by the simulator"
    )

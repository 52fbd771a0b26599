"""The data file of the simulator, in which its state survives a restart."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
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
from table import changed

DOMAIN_ID = "0b8e5c5a-6f0d-4c8e-9f57-3d1f6a2b4c11"
CHANGED = changed(SAMPLES["Snowflake"], {"config.warehouse": "W"})

Opened = Callable[..., Control]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Opened]:
    """Opens the data file. A `Control` that has it open is closed first, as at a restart."""
    with ExitStack() as last:

        def opened(**settings: Any) -> Control:
            last.close()
            control = Control(Settings(**settings), SQLite(tmp_path / "immuta.db"))
            last.callback(control.close)
            return control

        yield opened


def test_a_restart_finds_everything_as_it_was(opened: Opened) -> None:
    first = opened(polls=0)
    for sample in SAMPLES.values():
        tenant_of(first).create(sample)
    tenant_of(first).update("6", CHANGED)
    tenant_of(first).regenerate("7")
    tenant_of(first).delete("1", None)
    first.alter("integrations", "3", {"status": "recurringValidationError"})
    held, listed = first.held("integrations"), tenant_of(first).list_all()

    second = opened(polls=0)

    assert second.held("integrations") == held
    assert tenant_of(second).list_all() == listed
    assert [record["id"] for record in held] == ["2", "3", "4", "5", "6", "7"]
    assert tenant_of(second).create({"type": "Trino"})["id"] == "8"
    with pytest.raises(Refusal, match=r"Snowflake integration already exists on .* \(id = 6\)\."):
        tenant_of(second).create(SAMPLES["Snowflake"])


def test_a_restart_goes_on_with_a_transition(opened: Opened) -> None:
    first = opened()
    tenant_of(first).create(SAMPLES["Snowflake"])
    tenant_of(first).status("1"), tenant_of(first).status("1")
    tenant_of(first).update("1", CHANGED, Outcome("editError"))

    second = opened()

    assert [tenant_of(second).status("1")["status"] for _ in range(2)] == ["editing", "editError"]
    assert second.held_one("integrations", "1")["config"]["warehouse"] == "SAMPLE_WAREHOUSE"


def test_a_reset_empties_the_file(opened: Opened) -> None:
    first = opened()
    tenant_of(first).create({"type": "Trino"})
    first.reset()

    second = opened()

    assert second.held("integrations") == []
    assert tenant_of(second).create({"type": "Trino"})["id"] == "1"


def test_a_restart_keeps_records_and_does_not_use_their_ids_again(opened: Opened) -> None:
    first = opened()
    added = first.plant("tags", {"name": "Acme"})
    for tag in first.held("tags"):
        first.remove("tags", str(tag["id"]))
    first.plant("domains", {"name": "Sales"}, DOMAIN_ID)

    second = opened()

    assert second.held("tags") == []
    assert second.plant("tags", {"name": "Other"})["id"] == added["id"] + 1
    assert [domain["id"] for domain in second.held("domains")] == [DOMAIN_ID]


def test_data_file_of_version_0_1_0_is_read(tmp_path: Path, opened: Opened) -> None:
    connection = sqlite3.connect(tmp_path / "immuta.db")
    connection.executescript(
        """
        CREATE TABLE integrations (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
        CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
        INSERT INTO integrations VALUES (3, '{"id": 3, "type": "Trino", "automatic": false, "sent": {"type": "Trino"},
            "config": {"apiKey": "example"}, "status": "enabled", "validation": {}, "pending": null}');
        INSERT INTO counters VALUES ('next_id', 9);
        PRAGMA user_version = 1;
        """
    )
    connection.close()

    control = opened()

    assert control.held("integrations") == [
        {
            "id": "3",
            "type": "Trino",
            "autoBootstrap": False,
            "status": "enabled",
            "sent": {"type": "Trino"},
            "config": {"apiKey": "example"},
            "validationResults": {},
        }
    ]
    assert control.plant("integrations", {"type": "Trino"})["id"] == "9"
    assert next(tag["name"] for tag in control.held("tags")) == "Discovered"


def test_every_thread_may_write(opened: Opened) -> None:
    control = opened(polls=0)
    threads = [
        threading.Thread(target=lambda: [tenant_of(control).create({"type": "Trino"}) for _ in range(20)])
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    held = control.held("integrations")

    assert sorted(int(record["id"]) for record in held) == list(range(1, 101))
    again = opened()
    assert again.held("integrations") == held


def test_the_data_file_has_a_write_ahead_log(tmp_path: Path) -> None:
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

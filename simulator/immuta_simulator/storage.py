"""Stores the simulated objects in memory, or also in an SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any, Protocol

Id = int | str
"""A number that the store counts, or a text that the client chose. A column of SQLite holds both."""
LAYOUT = 2
FROM_1 = """
INSERT INTO records SELECT 'integrations', id, record FROM integrations;
UPDATE counters SET name = 'integrations' WHERE name = 'next_id';
DROP TABLE integrations;
"""
"""Layout 1, that of version 0.1.0, had a table of its own for integrations."""


class StorageError(Exception):
    """The data file cannot be used."""


class Storage(Protocol):
    """A store of collections. Every change is written at once, so a restart has the state of the last response."""

    def load(self, collection: str) -> tuple[int, list[dict[str, Any]]]:
        """Returns the next id and the records by id; 1 and no records if the collection was never written."""

    def save(self, collection: str, id: Id, record: dict[str, Any], next_id: int) -> None: ...

    def remove(self, collection: str, id: Id) -> None: ...

    def clear(self, collection: str) -> None: ...

    def close(self) -> None: ...


class Memory:
    """A store that writes nothing: the objects are in memory only."""

    def load(self, collection: str) -> tuple[int, list[dict[str, Any]]]:
        return 1, []

    def save(self, collection: str, id: Id, record: dict[str, Any], next_id: int) -> None:
        pass

    def remove(self, collection: str, id: Id) -> None:
        pass

    def clear(self, collection: str) -> None:
        pass

    def close(self) -> None:
        pass


class SQLite:
    """A store in an SQLite file with a write-ahead log and one row per record; usable from every thread."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.lock = threading.Lock()
        try:
            self.connection = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
            try:
                self.prepare()
            except sqlite3.Error:
                self.connection.close()
                raise
        except sqlite3.Error as error:
            raise StorageError(
                f"cannot use {self.path} as the simulator's data file: {error}; name a file in an existing folder that "
                "is writable and is new or was written by the simulator"
            ) from error

    def prepare(self) -> None:
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=NORMAL")
        (layout,) = self.connection.execute("PRAGMA user_version").fetchone()
        (tables,) = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if layout not in (1, LAYOUT) and tables:
            raise sqlite3.DatabaseError(f"its layout is {layout}, not {LAYOUT}")
        self.connection.executescript(
            "BEGIN IMMEDIATE;"
            "CREATE TABLE IF NOT EXISTS records (collection TEXT NOT NULL, id INTEGER NOT NULL, record TEXT NOT NULL,"
            " PRIMARY KEY (collection, id));"
            "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
            f"{FROM_1 if layout == 1 else ''}"
            f"PRAGMA user_version={LAYOUT};"
            "COMMIT;"
        )

    def load(self, collection: str) -> tuple[int, list[dict[str, Any]]]:
        with self.lock:
            next_id = self.connection.execute(
                "SELECT value FROM counters WHERE name = ?", (collection,)
            ).fetchone()
            found = self.connection.execute(
                "SELECT record FROM records WHERE collection = ? ORDER BY id", (collection,)
            ).fetchall()
        return (next_id[0] if next_id else 1), [json.loads(text) for (text,) in found]

    def save(self, collection: str, id: Id, record: dict[str, Any], next_id: int) -> None:
        text = json.dumps(record)
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (collection, id, text))
            self.connection.execute("INSERT OR REPLACE INTO counters VALUES (?, ?)", (collection, next_id))
            self.connection.execute("COMMIT")

    def remove(self, collection: str, id: Id) -> None:
        with self.lock:
            self.connection.execute("DELETE FROM records WHERE collection = ? AND id = ?", (collection, id))

    def clear(self, collection: str) -> None:
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("DELETE FROM records WHERE collection = ?", (collection,))
            self.connection.execute("DELETE FROM counters WHERE name = ?", (collection,))
            self.connection.execute("COMMIT")

    def close(self) -> None:
        with self.lock:
            self.connection.close()

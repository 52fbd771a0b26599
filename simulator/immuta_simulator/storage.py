"""Stores the simulated integrations and records in memory, or also in an SQLite file."""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any, Protocol

from immuta_simulator.integrations.record import Record

LAYOUT = 1


class StorageError(Exception):
    """The data file cannot be used."""


class Storage(Protocol):
    """A store that writes every change at once, so that a restart finds the state of the last response."""

    def load(self) -> tuple[int, list[Record]]:
        """The next id and the records, oldest first."""

    def save(self, record: Record, next_id: int) -> None: ...

    def remove(self, id: int) -> None: ...

    def load_records(self, collection: str) -> list[dict[str, Any]]:
        """Returns the records of a collection, oldest first; none if it was never written."""

    def save_record(self, collection: str, id: int, text: str) -> None: ...

    def remove_record(self, collection: str, id: int) -> None: ...

    def clear_records(self, collection: str) -> None: ...

    def clear(self) -> None: ...

    def close(self) -> None: ...


class Memory:
    """A store that keeps nothing beside the objects in memory."""

    def load(self) -> tuple[int, list[Record]]:
        return 1, []

    def save(self, record: Record, next_id: int) -> None:
        pass

    def remove(self, id: int) -> None:
        pass

    def load_records(self, collection: str) -> list[dict[str, Any]]:
        return []

    def save_record(self, collection: str, id: int, text: str) -> None:
        pass

    def remove_record(self, collection: str, id: int) -> None:
        pass

    def clear_records(self, collection: str) -> None:
        pass

    def clear(self) -> None:
        pass

    def close(self) -> None:
        pass


class SQLite:
    """One row a record in an SQLite file with a write-ahead log; usable from every thread."""

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
        if layout != LAYOUT and tables:
            raise sqlite3.DatabaseError(f"its layout is {layout}, not {LAYOUT}")
        self.connection.executescript(
            "CREATE TABLE IF NOT EXISTS integrations (id INTEGER PRIMARY KEY, record TEXT NOT NULL);"
            "CREATE TABLE IF NOT EXISTS records (collection TEXT NOT NULL, id INTEGER NOT NULL, record TEXT NOT NULL,"
            " PRIMARY KEY (collection, id));"
            "CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);"
            f"PRAGMA user_version={LAYOUT};"
        )

    def load(self) -> tuple[int, list[Record]]:
        with self.lock:
            row = self.connection.execute("SELECT value FROM counters WHERE name = 'next_id'").fetchone()
            rows = self.connection.execute("SELECT record FROM integrations ORDER BY id").fetchall()
        return (row[0] if row else 1), [Record.from_json(json.loads(text)) for (text,) in rows]

    def save(self, record: Record, next_id: int) -> None:
        text = json.dumps(record.to_json())
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("INSERT OR REPLACE INTO integrations VALUES (?, ?)", (record.id, text))
            self.connection.execute("INSERT OR REPLACE INTO counters VALUES ('next_id', ?)", (next_id,))
            self.connection.execute("COMMIT")

    def remove(self, id: int) -> None:
        with self.lock:
            self.connection.execute("DELETE FROM integrations WHERE id = ?", (id,))

    def load_records(self, collection: str) -> list[dict[str, Any]]:
        query = "SELECT record FROM records WHERE collection = ? ORDER BY id"
        with self.lock:
            return [json.loads(text) for (text,) in self.connection.execute(query, (collection,))]

    def save_record(self, collection: str, id: int, text: str) -> None:
        with self.lock:
            self.connection.execute("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", (collection, id, text))

    def remove_record(self, collection: str, id: int) -> None:
        with self.lock:
            self.connection.execute("DELETE FROM records WHERE collection = ? AND id = ?", (collection, id))

    def clear_records(self, collection: str) -> None:
        with self.lock:
            self.connection.execute("DELETE FROM records WHERE collection = ?", (collection,))

    def clear(self) -> None:
        with self.lock:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.execute("DELETE FROM integrations")
            self.connection.execute("DELETE FROM counters")
            self.connection.execute("COMMIT")

    def close(self) -> None:
        with self.lock:
            self.connection.close()

"""Stores records of Immuta's V1 and V2 APIs, for any collection."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import QueryParams

from immuta_simulator.family import Holding
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.shapes import merged, number_of
from immuta_simulator.storage import Id, Storage

Body = dict[str, Any]
Bodies = list[Body]
MOST_A_PAGE = 200
"""ASSUMPTION of the fact sheet, section 13: `size` is 50 by default and 200 at most."""
A_PAGE = 50


@dataclass(frozen=True)
class Key:
    """A key of a record. `kinds` are the Python types of its values; an optional key also allows None."""

    name: str
    kinds: tuple[type, ...]
    required: bool = False


@dataclass(frozen=True)
class Upsert:
    """A V2 route that creates or overwrites by the natural key. `id_key` names the id in its answer."""

    path: str
    id_key: str
    options: tuple[str, ...] = ("dryRun",)
    forgets_at_first: tuple[str, ...] = ()
    """The keys that a first request does not store with the setting `forget_at_first`, a reported bug."""


@dataclass(frozen=True)
class Asked:
    """One request: the parameters of its path, its query and its body."""

    path: Mapping[str, str]
    query: QueryParams
    body: Any


@dataclass(frozen=True)
class Route:
    """One route of a collection."""

    verb: str
    """`list`, `create`, `get`, `update` or `delete`: the operation in faults and counts is `record-` and the verb."""
    method: str
    path: str
    """The path with parameters, such as `/bim/group/{id}/user`."""
    answer: Callable[[Records, Asked], Any]
    """Does the work, under the lock of the collection, and returns the body of the answer."""
    summary: str
    body: Mapping[str, Any] | None = None
    """An example of the body; None for a route without a body."""


@dataclass(frozen=True)
class Collection:
    """One collection as data, from which its plain routes derive.

    Each difference of a collection is a function: `show` for another shape in answers, `routes` for other routes.
    """

    name: str
    noun: str
    path: str
    keys: tuple[Key, ...]
    unique: str = "name"
    also_unique: tuple[str, ...] = ()
    """Other keys whose value no two records share."""
    permission: str = "GOVERNANCE"
    wrapper: str = ""
    """The key of the records in the answer to a list; "" = the answer is an array."""
    most_a_page: int = MOST_A_PAGE
    counted: bool = True
    """True if that answer has the number of all records at `count`."""
    strict: bool = False
    """True if unknown keys are refused whatever the settings say, as by every upsert."""
    upsert: Upsert | None = None
    nested: str = ""
    """The key of a record's children. They are stored as records with dotted names."""
    chosen_ids: bool = False
    """True if the client may choose the ids, which are texts; otherwise they are numbers from 1."""
    by_name: bool = False
    """The last segment of a record's path is its natural key."""
    plain: Sequence[str] = ("list", "create", "get", "update", "delete")
    """The verbs of its plain routes: GET and POST of the path, and GET, PUT and DELETE of the path with `/{id}`."""
    aliases: tuple[str, ...] = ()
    """Other paths at which the plain routes answer as well."""
    routes: tuple[Route, ...] = ()
    """Its other routes. They precede the plain routes, and replace one of the same method and path."""
    show: Callable[[Records, Body], Body] | None = None
    """Makes the shape in answers from a copy of a stored record; None for the record itself."""
    refuse: Callable[[Records, Body], None] | None = None
    """Raises a refusal of a body whose keys are right; None to refuse no other body."""
    stamped: Mapping[str, Any] = field(default_factory=dict)
    """Keys that the server adds to each record."""
    protected: str = ""
    """The key that is true in records that cannot be changed."""
    initial: tuple[Body, ...] = ()


class Records:
    """The records of one collection; each method is atomic and thread-safe."""

    def __init__(self, row: Collection, settings: Settings, storage: Storage) -> None:
        self.row = row
        self.settings = settings
        self.storage = storage
        self.lock = threading.RLock()
        self.others: Mapping[str, Records] = {}
        """The collections of the same family by name, itself among them; they share their lock."""
        self.tenant: Mapping[str, Holding] = {}
        """The collections of every family by name."""
        self.by_id: dict[Id, Body] = {}
        self.next_id = 1
        self.load()

    def load(self) -> None:
        self.next_id, stored = self.storage.load(self.row.name)
        for record in stored:
            self.by_id[record["id"]] = record
            self.count(record["id"])
        if self.next_id == 1:
            for record in self.row.initial:
                self.add(record)

    def add(self, record: Body) -> Body:
        """Stores a record without any check."""
        id = record.get("id") or self.new_id()
        self.count(id)
        kept = deepcopy({**self.row.stamped, **record, "id": id})
        self.by_id[id] = kept
        self.storage.save(self.row.name, id, kept, self.next_id)
        return kept

    def new_id(self) -> Id:
        return str(uuid.uuid4()) if self.row.chosen_ids else self.next_id

    def count(self, id: Id) -> None:
        if isinstance(id, int):
            self.next_id = max(self.next_id, id + 1)

    def shown(self, record: Body) -> Body:
        copy = deepcopy(record)
        return copy if self.row.show is None else self.row.show(self, copy)

    def named(self, name: object) -> Body | None:
        return next((one for one in self.living() if one.get(self.row.unique) == name), None)

    def living(self) -> Iterator[Body]:
        """The records that are not only marked as deleted."""
        return (one for one in self.by_id.values() if one.get("deleted") is not True)

    def drop(self, record: Body) -> None:
        del self.by_id[record["id"]]
        self.storage.remove(self.row.name, record["id"])

    def list(self, query: Mapping[str, str]) -> Any:
        with self.lock:
            return self.listed([*self.by_id.values()], query)

    def listed(self, records: Bodies, query: Mapping[str, str]) -> Any:
        text = query.get("searchText", "").lower()
        records = [one for one in records if text in str(one.get(self.row.unique, "")).lower()]
        for key in ("source", "excludedSource"):
            if key in query:
                records = [one for one in records if (one.get("source") == query[key]) == (key == "source")]
        if not self.row.wrapper:
            limit = number_of(query.get("limit", ""))
            return [self.shown(one) for one in records[:limit]]
        count = len(records)
        if query.get("noLimit") != "true":
            records = page(records, query, self.row.most_a_page)
        counted = {"count": count} if self.row.counted else {}
        return {self.row.wrapper: [self.shown(one) for one in records], **counted}

    def get(self, id: str, query: Mapping[str, str]) -> Body:
        with self.lock:
            record = self.shown(self.find(id))
            if self.row.nested:
                record[self.row.nested] = (
                    self.children(record) if query.get("includeSubpurposes") == "true" else []
                )
            return record

    def find(self, id: str) -> Body:
        record = self.named(id) if self.row.by_name else self.with_id(id)
        if record is None:
            raise Refusal(404, f"{self.row.noun.capitalize()} not found")
        return record

    def with_id(self, id: str) -> Body | None:
        if self.row.chosen_ids:
            return self.by_id.get(id)
        number = number_of(id)
        return None if number is None else self.by_id.get(number)

    def children(self, record: Body) -> Bodies:
        """The tree below a record, nested."""
        name = record[self.row.unique]
        below = [one for one in self.by_id.values() if parent_of(one[self.row.unique]) == name]
        return [{**deepcopy(one), self.row.nested: self.children(one)} for one in below]

    def create(self, body: Any) -> Body:
        with self.lock:
            self.check(body)
            self.refuse_taken(body, None)
            return self.shown(self.add(dict(body)))

    def update(self, id: str, body: Any) -> Body:
        with self.lock:
            record = self.find(id)
            self.refuse_protected(record)
            self.check(body)
            self.refuse_taken(body, record)
            return self.shown(self.add({**dict(body), "id": record["id"]}))

    def put(self, body: Any, query: Mapping[str, str]) -> Body:
        """Serves the V2 route: creates a record, or replaces the whole record of that name."""
        assert self.row.upsert is not None
        with self.lock:
            self.check(body)
            record = self.named(body[self.row.unique])
            if record is not None:
                self.refuse_protected(record)
            self.refuse_taken(body, record)
            wanted = dict(self.flat(body, ""))
            kept = self.tree(body[self.row.unique])
            changes = kept.keys() != wanted.keys() or any(
                kept[name] != {**self.row.stamped, **one, "id": kept[name]["id"]}
                for name, one in wanted.items()
            )
            dry = query.get("dryRun") == "true"
            if changes and not dry:
                for name, one in kept.items():
                    if name not in wanted:
                        self.drop(one)
                for name, one in wanted.items():
                    before = kept.get(name)
                    stored = dict(one) if before is None else {**one, "id": before["id"]}
                    if before is None and self.settings.forget_at_first:
                        stored = {
                            k: v for k, v in stored.items() if k not in self.row.upsert.forgets_at_first
                        }
                    self.add(stored)
            now = self.named(body[self.row.unique])
            return {
                "dryRun": dry,
                "creating": record is None,
                "updating": record is not None and (changes or self.settings.unchanged_is_updating),
                self.row.upsert.id_key: None if now is None else now["id"],
            }

    def tree(self, name: str) -> dict[str, Body]:
        return {
            str(one[self.row.unique]): one
            for one in self.by_id.values()
            if one[self.row.unique] == name or str(one[self.row.unique]).startswith(f"{name}.")
        }

    def flat(self, body: Body, above: str) -> Iterator[tuple[str, Body]]:
        """A nested body as records with dotted names, parents first."""
        name = str(body[self.row.unique])
        if above and not name.startswith(f"{above}."):
            raise Refusal(400, f"the name of a child must begin with {above}.")
        yield name, {key: value for key, value in body.items() if key != self.row.nested}
        for child in body.get(self.row.nested) or []:
            yield from self.flat(child, name)

    def delete(self, id: str) -> Body:
        """Deletes a record and the records below it."""
        with self.lock:
            record = self.find(id)
            self.refuse_protected(record)
            tree = self.row.nested or self.row.by_name
            for one in self.tree(str(record[self.row.unique])).values() if tree else [record]:
                self.drop(one)
            return {"id": record["id"]}

    def keyed(self, key: str) -> Body:
        record = self.named(key)
        if record is None:
            raise Refusal(404, f"{self.row.noun.capitalize()} not found")
        return record

    def refuse_taken(self, body: Body, own: Body | None) -> None:
        """Raises a 422 if another record than `own` has the value of a unique key."""
        for key in (self.row.unique, *self.row.also_unique):
            others = (one for one in self.living() if one is not own and one.get(key) == body.get(key))
            if next(others, None) is not None:
                raise Refusal(
                    422,
                    f"a {self.row.noun} with this {key} exists already",
                    validation=[{"code": "unique", "path": key}],
                )

    def refuse_protected(self, record: Body) -> None:
        if self.row.protected and record.get(self.row.protected):
            raise Refusal(400, f"this {self.row.noun} is protected")

    def check(self, body: Any) -> None:
        """Raises a 400 for a missing key, a value of the wrong type or an unknown key."""
        if not isinstance(body, dict):
            raise Refusal(400, "the body must be an object")
        known = {key.name for key in self.row.keys}
        by_v2 = self.row.upsert is not None and self.settings.unknown_v2_keys == "reject"
        if self.settings.unknown_keys == "reject" or self.row.strict or by_v2:
            for name in body:
                if name not in known:
                    raise Refusal(400, f'"{name}" is not allowed')
        for key in self.row.keys:
            value = body.get(key.name)
            if value is None and not key.required:
                continue
            if value is None:
                raise Refusal(400, f'"{key.name}" is required')
            if not isinstance(value, key.kinds) or (isinstance(value, bool) and bool not in key.kinds):
                raise Refusal(400, f'"{key.name}" has the wrong type')
        for child in body.get(self.row.nested) or [] if self.row.nested else []:
            self.check(child)
        if self.row.refuse is not None:
            self.row.refuse(self, body)

    def inspect(self) -> Bodies:
        with self.lock:
            return [deepcopy(one) for one in self.by_id.values()]

    def inspect_one(self, id: str) -> Body:
        with self.lock:
            return deepcopy(self.raw(id))

    def plant(self, object: Mapping[str, Any], id: str | None = None) -> Body:
        with self.lock:
            own = {} if id is None else {"id": id if self.row.chosen_ids else int(id)}
            return deepcopy(self.add({**object, **own}))

    def alter(self, id: str, change: Mapping[str, Any]) -> Body:
        with self.lock:
            return deepcopy(self.add(merged(self.raw(id), change)))

    def remove(self, id: str) -> None:
        with self.lock:
            self.drop(self.raw(id))

    def raw(self, id: str) -> Body:
        record = self.with_id(id)
        if record is None:
            raise Refusal(404, f"there is no record {id} in {self.row.name}")
        return record

    def reset(self) -> None:
        with self.lock:
            self.by_id.clear()
            self.storage.clear(self.row.name)
            self.load()


def page(records: Bodies, query: Mapping[str, str], most: int = MOST_A_PAGE) -> Bodies:
    """The records of one page, as `size` and `offset` say."""
    start = number_in(query, "offset", 0)
    return records[start : start + min(number_in(query, "size", A_PAGE), most)]


def number_in(query: Mapping[str, str], name: str, default: int) -> int:
    number = number_of(query.get(name, str(default)))
    if number is None:
        raise Refusal(400, f'"{name}" must be a number')
    return number


def parent_of(name: str) -> str:
    return name.rpartition(".")[0]

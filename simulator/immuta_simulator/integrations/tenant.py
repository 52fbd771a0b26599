"""The integrations of the simulated Immuta with their rules and transitions, without HTTP.

Rules come from Immuta's Integrations API pages (2025.1): response schema, status codes, how-to guides. Where those
leave a gap, a comment at the place states the choice.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from immuta_simulator.call import Outcome
from immuta_simulator.integrations import checks, scripts
from immuta_simulator.integrations.answers import filled, forgotten, shown
from immuta_simulator.integrations.holdings import Change, Planted
from immuta_simulator.integrations.record import TRANSITIONAL, UNUSED, Pending, Record
from immuta_simulator.integrations.tables import AMAZON_S3, BIGQUERY, DATABRICKS, TRINO, TYPES, Type
from immuta_simulator.integrations.validation import check, malformed
from immuta_simulator.refusal import Refusal, dump
from immuta_simulator.settings import Settings
from immuta_simulator.shapes import merged, number_of, parsed
from immuta_simulator.storage import Storage

PREREQUISITE = "Validation of prerequisite setup failed. Unable to {} integration."
NEEDS_CREDENTIALS = (
    "Integrations that are automatically configured require privileged credentials to disable. "
    "Please provide them in your payload."
)
PUT_INSTEAD = (
    "If you need to update your integration credentials, use PUT to update the integration before disabling."
)
NEEDS_NO_CREDENTIALS = (
    "Credentials are not required for disable unless the integration was configured automatically. "
    f"{PUT_INSTEAD}"
)
DATABRICKS_NEEDS_NO_CREDENTIALS = (
    f"Credentials are not required to disable a Databricks integration. {PUT_INSTEAD}"
)
ROLLED_BACK = frozenset({"editError", "migrateError"})
SENT = {"type", "autoBootstrap", "config"}

UNIQUE: dict[str, tuple[str, ...]] = {
    "Snowflake": ("host",),
    "Redshift": ("host", "database"),
    "Azure Synapse Analytics": ("host", "database", "schema"),
    "Databricks": ("workspaceUrl",),
}
"""The unique key of each type. Immuta's pages document only Snowflake's."""


COLLECTION = "integrations"


class Tenant:
    """Every integration of one Immuta. Each method is atomic and thread-safe."""

    def __init__(self, settings: Settings, storage: Storage, now: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.storage = storage
        self.now = now
        self.lock = threading.RLock()
        self.next_id, stored = self.storage.load(COLLECTION)
        self.records = {record.id: record for record in map(Record.from_json, stored)}
        self.moving: set[int] = set()
        self.places: dict[tuple[str, str], set[int]] = {}
        self.listed = b""
        for record in self.records.values():
            self.index(record)

    def list_all(self) -> bytes:
        """The JSON array of all integrations. It counts as a read of each."""
        with self.lock:
            for id in sorted(self.moving):
                self.look(self.records[id])
            if not self.listed:
                self.listed = b"[" + b",".join(self.show(record) for record in self.records.values()) + b"]"
            return self.listed

    def get(self, id: str) -> bytes:
        with self.lock:
            return self.show(self.look_up(id))

    def status(self, id: str) -> dict[str, Any]:
        with self.lock:
            record = self.look_up(id)
            return self.summary(record)

    def create(self, payload: Any, outcome: Outcome | None = None) -> dict[str, Any]:
        with self.lock:
            kind, automatic, config = self.accept(payload)
            self.refuse_conflict(kind, config)
            validation = self.validate(kind, automatic, config, "create")
            if kind is TRINO:
                config["apiKey"] = new_api_key()
            record = Record(self.next_id, kind.name, automatic, payload, config, "creating", validation)
            self.next_id += 1
            self.records[record.id] = record
            self.move(record, "creating", outcome or Outcome("enabled"))
            return self.summary(record)

    def update(self, id: str, payload: Any, outcome: Outcome | None = None) -> dict[str, Any]:
        with self.lock:
            record = self.find(id)
            if not TYPES[record.type].editable:
                raise Refusal(400, f"{record.type} integrations cannot be updated.", error="Bad request")
            self.refuse_busy(record)
            kind, automatic, config = self.accept(payload)
            self.refuse_frozen(record, kind, automatic, config)
            validation = self.validate(kind, automatic, config, "update", record)
            before = {"sent": record.sent, "config": record.config, "validation": record.validation}
            record.sent, record.config, record.validation = payload, config, validation
            self.move(record, "editing", outcome or Outcome("enabled"), before)
            return self.summary(record)

    def delete(self, id: str, body: Any, outcome: Outcome | None = None) -> dict[str, Any]:
        with self.lock:
            record = self.find(id)
            self.refuse_busy(record, but="disabled")
            self.refuse_credentials(record, body)
            self.move(record, "deleting", outcome or Outcome("deleted"))
            return self.summary(record)

    def regenerate(self, id: str) -> bytes:
        with self.lock:
            record = self.find(id)
            if record.type != TRINO.name:
                raise Refusal(400, f"{record.type} integrations have no Immuta API key.", error="Bad request")
            record.config["apiKey"] = new_api_key()
            self.changed(record)
            return self.show(record)

    def script(self, action: str, payload: Any) -> str:
        """The script of one of the routes without an id, for the payload of a later (or failed) POST."""
        with self.lock:
            kind, automatic, config = self.accept(payload)
            return scripts.write(kind, action, automatic, config)

    def existing_script(self, action: str, id: str, payload: Any = None) -> str:
        with self.lock:
            record = self.find(id)
            kind, automatic, config = TYPES[record.type], record.automatic, record.config
            scripts.refuse(kind, action, automatic)
            if action == "edit":
                _, automatic, config = self.accept(payload)
                self.refuse_frozen(record, kind, automatic, config)
            return scripts.write(kind, action, automatic, config)

    def accept(self, payload: Any) -> tuple[Type, bool, dict[str, Any]]:
        kind = check(payload, reject_unknown=self.settings.unknown_keys == "reject")
        config = filled(kind, payload.get("config", {}), doubtful=self.settings.doubtful_defaults)
        return kind, payload.get("autoBootstrap", False), config

    def refuse_conflict(self, kind: Type, config: Mapping[str, Any]) -> None:
        place = unique_key(kind, config)
        for other in self.in_use(kind, place):
            if place:
                existing = unique_key(kind, other.config)
                raise Refusal(409, f"{kind.name} integration already exists on {existing} (id = {other.id}).")

    def in_use(self, kind: Type, place: str) -> Iterator[Record]:
        """The integrations of a type at a place (as `unique_key` names it) that occupy it."""
        for id in sorted(self.places.get((kind.name, place.lower()), ())):
            record = self.records[id]
            self.settle_if_due(record)
            if record.status not in UNUSED and id in self.records:
                yield record

    def validate(
        self, kind: Type, automatic: bool, config: dict[str, Any], verb: str, itself: Record | None = None
    ) -> dict[str, Any]:
        failed = {}
        if kind is AMAZON_S3:
            others = ((other.id, other.config) for other in self.in_use(kind, "") if other is not itself)
            failed = checks.s3_failures(config, others)
        results = checks.results(kind.name, automatic, config, failed)
        if failed:
            raise Refusal(422, PREREQUISITE.format(verb), validationResults=results)
        return results

    def refuse_frozen(self, record: Record, kind: Type, automatic: bool, config: Mapping[str, Any]) -> None:
        if kind.name != record.type:
            raise malformed([("type", f"cannot be changed from {record.type}")])
        problems = [("autoBootstrap", "cannot be changed")] if automatic != record.automatic else []
        problems += [
            (f"config.{key.name}", "cannot be changed")
            for key in kind.keys
            if key.frozen and config.get(key.name) != record.config.get(key.name)
        ]
        if problems:
            raise malformed(problems)

    def refuse_busy(self, record: Record, *, but: str = "") -> None:
        if record.status in TRANSITIONAL or (record.status == "disabled" and but != "disabled"):
            raise Refusal(
                409, f"Integration with ID {record.id} is {record.status}. Try again when that has finished."
            )

    def refuse_credentials(self, record: Record, body: Any) -> None:
        if not isinstance(body, dict | None):
            raise Refusal(400, '"value" must be of type object', error="Bad request")
        kind = TYPES[record.type]
        given = body or {}
        if isinstance(given.get("config"), dict):
            given = given["config"]
        if kind is DATABRICKS and given:
            raise Refusal(400, DATABRICKS_NEEDS_NO_CREDENTIALS, error="Bad request")
        needed = bool(kind.disable_credentials) and record.automatic
        if given and not needed:
            raise Refusal(400, NEEDS_NO_CREDENTIALS, error="Bad request")
        if not needed:
            return
        ways = dict(kind.disable_credentials)
        way = given.get("authenticationType", record.config.get("authenticationType"))
        if not any(key in given for keys in ways.values() for key in keys):
            raise Refusal(400, NEEDS_CREDENTIALS, error="Bad request")
        if not isinstance(way, str) or way not in ways:
            raise malformed([("authenticationType", f"must be one of [{', '.join(ways)}]")])
        missing = [(key, "is required") for key in ways[way] if key not in given]
        missing += [(key, "is not allowed to be empty") for key in ways[way] if given.get(key) == ""]
        if missing:
            raise malformed(missing)
        configured = record.sent.get("config", {})
        wrong = any(given[key] != configured.get(key) for key in ways[way])
        if wrong and self.settings.delete_credentials == "same":
            raise Refusal(422, PREREQUISITE.format("delete"))

    def find(self, id: str, *, message: str = "No integration found with ID {}.") -> Record:
        number = number_of(id)
        if number is None:
            raise malformed([("id", "must be a number")])
        record = self.records.get(number)
        if record:
            self.settle_if_due(record)
        if not record or record.id not in self.records or record.status == "deleted":
            raise Refusal(404, message.format(number))
        return record

    def look_up(self, id: str) -> Record:
        """Find for GET. Its 404 has a capital letter, and it counts as a read."""
        message = "No Integration found with ID {}."
        record = self.at(id)
        if record and record.status == "deleted":
            return record
        record = self.find(id, message=message)
        self.look(record)
        if record.id not in self.records:
            raise Refusal(404, message.format(record.id))
        return record

    def look(self, record: Record) -> None:
        pending = record.pending
        if pending and pending.looks > 0:
            pending.looks -= 1
        elif pending and pending.looks == 0:
            self.settle(record)
        self.settle_if_due(record)

    def settle_if_due(self, record: Record) -> None:
        if record.pending and record.pending.looks < 0 and self.now() >= record.pending.until:
            self.settle(record)

    def move(
        self, record: Record, through: str, outcome: Outcome, before: dict[str, Any] | None = None
    ) -> None:
        """Start a transition. With a transitional outcome it never ends."""
        record.status = through
        seconds = self.settings.transition_seconds
        polls = self.settings.polls if outcome.polls is None else outcome.polls
        record.pending = Pending(outcome.status, polls, 0, before)
        if outcome.polls is None and seconds is not None:
            record.pending = Pending(outcome.status, -1, self.now() + seconds, before)
        if outcome.status in TRANSITIONAL:
            record.status, record.pending = outcome.status, None
        elif record.pending.looks == 0:
            self.settle(record)
            return
        self.changed(record)

    def settle(self, record: Record) -> None:
        pending = record.pending
        assert pending
        record.pending = None
        record.status = pending.outcome
        if pending.before and pending.outcome in ROLLED_BACK:
            for name, value in pending.before.items():
                setattr(record, name, value)
        self.forget_credentials(record)
        if record.status == "deleted" and self.settings.deleted_record == "absent":
            self.drop(record)
        else:
            self.changed(record)

    def forget_credentials(self, record: Record) -> None:
        """Removes the credentials that only an automatic set-up needs; DELETE requires them again."""
        kind = TYPES[record.type]
        if record.automatic and kind.disable_credentials:
            record.config = forgotten(kind, record.config)

    def drop(self, record: Record) -> None:
        self.unindex(record)
        del self.records[record.id]
        self.listed = b""
        self.storage.remove(COLLECTION, record.id)

    def changed(self, record: Record) -> None:
        record.shown = b""
        self.listed = b""
        self.unindex(record)
        self.index(record)
        self.storage.save(COLLECTION, record.id, record.to_json(), self.next_id)

    def index(self, record: Record) -> None:
        record.place = unique_key(TYPES[record.type], record.config).lower()
        self.places.setdefault((record.type, record.place), set()).add(record.id)
        if record.pending:
            self.moving.add(record.id)

    def unindex(self, record: Record) -> None:
        self.places.get((record.type, record.place), set()).discard(record.id)
        self.moving.discard(record.id)

    def forget_answers(self) -> None:
        """Forgets the cached answers, which depend on the settings."""
        with self.lock:
            self.listed = b""
            for record in self.records.values():
                record.shown = b""

    def summary(self, record: Record) -> dict[str, Any]:
        """The answer of POST, PUT, DELETE and status."""
        return {
            "id": self.id_of(record),
            "status": record.status,
            "validationResults": record.validation,
        }

    def show(self, record: Record) -> bytes:
        if not record.shown:
            config = shown(TYPES[record.type], record.config, record.automatic, self.settings)
            answer = {
                **self.summary(record),
                "type": record.type,
                "autoBootstrap": record.automatic,
                "config": config,
            }
            record.shown = dump(answer)
        return record.shown

    def id_of(self, record: Record) -> str | int:
        return str(record.id) if self.settings.id_form == "text" else record.id

    def inspect(self) -> list[dict[str, Any]]:
        """Returns the stored integrations: `id, type, autoBootstrap, status, sent, config, validationResults`.

        `sent` is the last accepted payload, unchanged; `config` includes defaults. Secrets are in plain text, but null in the
        `config` of an automatic set-up, which needs them only once.
        """
        with self.lock:
            return [self.inside(record) for record in self.records.values()]

    def inspect_one(self, id: str) -> dict[str, Any]:
        with self.lock:
            return self.inside(self.raw(id))

    def inside(self, record: Record) -> dict[str, Any]:
        return {
            "id": str(record.id),
            "type": record.type,
            "autoBootstrap": record.automatic,
            "status": record.status,
            "sent": deepcopy(record.sent),
            "config": deepcopy(record.config),
            "validationResults": deepcopy(record.validation),
        }

    def plant(self, object: Mapping[str, Any], id: str | None = None) -> dict[str, Any]:
        """Store an integration without any check; with an id, replace that one or make it."""
        integration = parsed(Planted, object)
        with self.lock:
            kind = TYPES.get(integration.type)
            if kind is None:
                raise malformed([("type", f"must be one of [{', '.join(TYPES)}]")])
            number = self.next_id if id is None else number_of(id)
            if not number or number >= 2**53:
                raise malformed([("id", "must be a number")])
            self.next_id = max(self.next_id, number + 1)
            automatic = integration.autoBootstrap
            config = deepcopy(integration.config)
            if kind is TRINO:
                config.setdefault("apiKey", new_api_key())
            sent = deepcopy(integration.model_dump(include=SENT, exclude_unset=True))
            results = integration.validationResults
            results = checks.results(kind.name, automatic, config, {}) if results is None else results
            if number in self.records:
                self.unindex(self.records[number])
            record = Record(number, kind.name, automatic, sent, config, integration.status, results)
            self.records[number] = record
            self.changed(record)
            return self.inside(record)

    def alter(self, id: str, change: Mapping[str, Any]) -> dict[str, Any]:
        """Merge-patch an integration's `status`, `config`, `autoBootstrap` or `validationResults` (drift)."""
        patch = parsed(Change, change)
        with self.lock:
            record = self.raw(id)
            given = patch.model_fields_set
            if "autoBootstrap" in given:
                record.automatic = patch.autoBootstrap
            record.config = merged(record.config, patch.config)
            record.validation = merged(record.validation, patch.validationResults)
            if "then" in given:
                through = patch.status if "status" in given else record.status
                self.move(record, through, Outcome(patch.then, patch.polls))
            else:
                if "status" in given:
                    record.status, record.pending = patch.status, None
                    if record.status not in TRANSITIONAL:
                        self.forget_credentials(record)
                self.changed(record)
            return self.inside(record)

    def remove(self, id: str) -> None:
        """Remove an integration at once."""
        with self.lock:
            self.drop(self.raw(id))

    def raw(self, id: str) -> Record:
        record = self.at(id)
        if record is None:
            raise Refusal(404, f"there is no integration {id}")
        return record

    def at(self, id: str) -> Record | None:
        number = number_of(id)
        return None if number is None else self.records.get(number)

    def type_of(self, id: str) -> str:
        record = self.at(id)
        return record.type if record else ""

    def reset(self) -> None:
        """Resets to no integrations; ids start at 1."""
        with self.lock:
            self.records.clear()
            self.moving.clear()
            self.places.clear()
            self.listed = b""
            self.next_id = 1
            self.storage.clear(COLLECTION)


def unique_key(kind: Type, config: Mapping[str, Any]) -> str:
    """Describes the key that distinguishes this integration from others of its type; "" if there is none."""
    if kind is BIGQUERY:
        project = project_id(config.get("credential"))
        return f"{project}/{config.get('dataset')}" if project else ""
    return "/".join(str(config.get(name)) for name in UNIQUE.get(kind.name, ()))


def project_id(credential: Any) -> str:
    try:
        # Immuta's own sample holds raw line breaks inside the key file's strings.
        key_file = json.loads(credential, strict=False)
    except (TypeError, ValueError, RecursionError):
        return ""
    found = key_file.get("project_id") if isinstance(key_file, dict) else None
    return found if isinstance(found, str) else ""


def new_api_key() -> str:
    return secrets.token_hex(16)

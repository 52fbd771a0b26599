"""The random life of an integration, which has more to it than that of a record: statuses, work that goes on after an answer,
what Immuta fills, `additional_config`, and a record of all that Immuta was sent.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import rule
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.fields import OBJECT, OBJECTS, Field
from immuta_simulator.faults import PRESETS
from support.core import Applied, Instance
from support.life_machine import LifeMachine
from support.valid_configs import (
    ADDITIONAL,
    MARK,
    Config,
    all_fields,
    at,
    field_at,
    pick,
    places,
    put,
    repaired,
    request,
    respelled,
    set_valid,
    to_json,
)

ENVIRONMENT = {
    f"IMMUTA_TEARDOWN_{platform}_{attribute}": value
    for platform in ("SNOWFLAKE", "REDSHIFT", "AZURE_SYNAPSE")
    for attribute, value in {
        "AUTHENTICATION_TYPE": "userPassword",
        "USERNAME": "admin",
        "PASSWORD": f"{MARK}-teardown",
    }.items()
} | {"IMMUTA_FINGERPRINT_KEY": f"{MARK}-key"}

PRESET_NAMES = tuple(sorted(set(PRESETS) - {"expire-tokens"}))
OPERATIONS = ("list", "create", "get", "status", "update", "delete")
STATUSES = (
    "enabled",
    "createError",
    "editError",
    "deleteError",
    "migrateError",
    "recurringValidationError",
    "disabled",
    "creating",
    "editing",
    "deleting",
    "migrating",
    "somethingNew",
)
TRANSITIONAL = ("creating", "editing", "deleting", "migrating")
MENDABLE = ("createError", "editError", "migrateError", "recurringValidationError")
LOST = {"It is unknown whether the integration was created", "It is unknown which integration was created"}
SETTINGS: tuple[dict[str, Any], ...] = (
    {"secrets": "mask"},
    {"secrets": "omit"},
    {"mask": "REDACTED"},
    {"mask": "********"},
    {"omit_one_time_credentials": True},
    {"omit_one_time_credentials": False},
    {"doubtful_defaults": True},
    {"doubtful_defaults": False},
    {"id_form": "number"},
    {"id_form": "text"},
    {"mask_identifiers": True},
    {"mask_identifiers": False},
    {"unknown_keys": "reject"},
    {"polls": 0},
    {"polls": 3},
    {"created_status": 201},
    {"accepted_status": 202},
    {"deleted_record": "shown"},
    {"deleted_record": "absent"},
)


class IntegrationLife(LifeMachine):
    """The life of an integration, to which statuses, work that goes on after an answer, and what Immuta fills belong."""

    environment = ENVIRONMENT
    presets = PRESET_NAMES
    releases = SETTINGS

    def __init__(self) -> None:
        self.integration = BY_RESOURCE[self.row.resource]
        super().__init__()

    @rule(where=st.integers(0, 200), item=st.integers(0, 1), what=st.integers(0, 12))
    def change(self, where: int, item: int, what: int) -> None:
        """Some attribute at some depth gets some value."""
        fields = all_fields(self.integration)
        if not fields:
            return
        names, field = fields[where % len(fields)]
        self.config = set_valid(self.integration, self.config, self.place(names, item), pick(field, what))

    @rule(where=st.integers(0, 200))
    def unset(self, where: int) -> None:
        present = [p for p, f, _ in places(self.integration, self.config) if not f.required]
        if present:
            changed = copy.deepcopy(self.config)
            put(changed, present[where % len(present)], None)
            self.config = repaired(self.integration, changed)

    @rule(what=st.integers(-1, len(ADDITIONAL) - 1), inside=st.integers(0, 6), spaced=st.booleans())
    def add(self, what: int, inside: int, spaced: bool) -> None:
        """`additional_config`, at the top or inside an object of the model."""
        self.config.pop("additional_config", None)
        if what < 0:
            return
        tree: Any = ADDITIONAL[what]
        objects = [
            f
            for f in self.integration.fields
            if f.kind == OBJECT and not f.replace and not any(c.required or c.required_when for c in f.fields)
        ]
        if inside and objects:
            tree = {objects[inside % len(objects)].key: tree}
        indent = 2 if spaced else None
        self.config = set_valid(
            self.integration, self.config, ("additional_config",), json.dumps(tree, indent=indent)
        )

    @rule(
        value=st.sampled_from(
            (None, {}, {"create": "5m"}, {"create": "20m", "update": "90s", "delete": "1h30m"})
        )
    )
    def patience(self, value: Config | None) -> None:
        self.config["timeouts"] = value

    @rule(where=st.integers(0, 200), what=st.integers(0, 12))
    def drift(self, where: int, what: int) -> None:
        id = self.managed()
        fields = [(p, f) for p, f in self.drifting()]
        if id is None or not fields:
            return
        names, field = fields[where % len(fields)]
        value = to_json(field, pick(field, what))
        if field.replace and not value:
            # What is fixed is never empty: an import would not know it, and nothing could set it right.
            return
        for length in range(len(names), 0, -1):
            value = {self.key(names[:length]): value}
        self.control.alter("integrations", id, {"config": value})

    @rule()
    def ail(self) -> None:
        self.fall_ill("editError")

    @rule(status=st.sampled_from(STATUSES))
    def fall_ill(self, status: str) -> None:
        id = self.managed()
        if id is not None:
            self.control.alter("integrations", id, {"status": status})

    @rule(where=st.integers(0, 20))
    def a_secret_comes_and_goes(self, where: int) -> None:
        optional = [
            names
            for names, f in all_fields(self.integration)
            if f.secret and not (f.required or f.required_when)
        ]
        if optional:
            path = self.place(optional[where % len(optional)], 0)
            self.config = set_valid(self.integration, self.config, path, f"{MARK}-optional")
            self.settle()
            put(self.config, path, None)
            self.settle()

    @rule(status=st.sampled_from(MENDABLE))
    def one_status(self, status: str) -> None:
        self.settle()
        self.fall_ill(status)
        self.settle()

    @rule()
    def settle(self) -> None:
        """The world is healthy again, and the user applies until there is nothing left to do."""
        self.mend()
        self.control.change_settings({"unknown_keys": "accept"})
        self.converge()
        actual = self.record()
        # What was configured before an import nobody remembers; anything else that is configured no more was taken away.
        removed = surplus(actual["sent"], self.wanted(), "")
        assert self.imported or not removed, removed
        if different(actual["sent"], self.wanted()) and self.integration.updatable:
            # It was imported, or what Immuta has anyway was written down. A write brings it all.
            self.control.alter("integrations", actual["id"], {"status": "recurringValidationError"})
            self.converge()
        if self.integration.updatable:
            wrong = different(self.record()["sent"], self.wanted())
            assert not wrong, wrong

    def converge(self) -> None:
        for each in self.control.stored("integrations"):
            if each["status"] in TRANSITIONAL:
                self.control.alter("integrations", each["id"], {"status": "enabled"})
        self.tidy()
        self.adopt()
        self.apply_until_done()
        held = self.record()
        assert not (self.integration.updatable and held["status"] in MENDABLE)
        assert [held["id"]] == [i["id"] for i in self.in_use()] == [self.managed()]
        wanted = self.wanted()
        assert held["autoBootstrap"] == wanted.get("autoBootstrap", False)
        wrong = uncovered(self.integration.settings, wanted.get("config", {}), held["config"], "")
        assert not wrong, wrong

    def other_spelling(self) -> Config:
        config = copy.deepcopy(self.config)
        for path, field, value in places(self.integration, config):
            if field.equivalence:
                put(config, path, respelled(field, value))
            elif field.name == "additional_config":
                put(config, path, json.dumps(json.loads(value), indent=3))
        return config

    def teardown(self) -> None:
        self.settle()
        assert self.run(lambda: self.world.apply(None), writes=False).errors == []
        assert self.in_use() == []

    def run(self, act: Callable[[], Applied], *, writes: bool = True) -> Applied:
        """An action of the user's, and what always holds after one."""
        self.control.clear_requests()
        applied = act()
        note(f"{applied.action}: {[d[:3] for d in applied.diagnostics]}")
        counts = self.control.requests()["counts"]
        if writes and not applied.errors and (counts.get("create") or counts.get("update")):
            id = self.managed()
            if id is not None:
                self.imported = False
                held = self.control.stored_one("integrations", id)
                wrong = different(held["sent"], self.wanted())
                assert not wrong, wrong
        self.no_secrets(applied)
        loose = {*self.loose()} - self.strays
        if loose:
            assert set(applied.errors) & LOST, f"{loose} are nobody's, and nobody was told: {applied.errors}"
            self.strays |= loose
        return applied

    def tidy(self) -> None:
        """What the user does about an integration of which an error told: import it where it has no state, else delete it."""
        for id in self.loose():
            if (
                self.world.instance is None
                and self.control.stored_one("integrations", id)["type"] == self.integration.type
            ):
                self.take(id)
            else:
                self.remove(id)
        self.strays.clear()

    def take(self, id: str) -> None:
        """Import, and go on from there."""
        applied = self.run_import(id)
        note(f"import {id}: {[d[:3] for d in applied.diagnostics]}")
        if self.world.instance is None:
            self.strays.add(id)
            return
        self.imported = True
        self.adopt()

    def adopt(self) -> None:
        """Write down what was there before an import and cannot be changed."""
        instance: Instance | None = self.world.instance
        for names, field in self.integration.walk() if instance is not None and self.imported else ():
            assert instance is not None
            if field.replace and field.computed and at(self.config, names) is None:
                found = at(instance.state, names)
                if found is not None:
                    put(self.config, names, found)
        self.config = repaired(self.integration, self.config)

    def run_import(self, id: str) -> Applied:
        applied = self.world.import_(id)
        self.no_secrets(applied)
        return applied

    def managed(self) -> str | None:
        """The id in the state, where Immuta still has it."""
        instance: Instance | None = self.world.instance
        if instance is None:
            return None
        id: str = instance.state["id"]
        return id if id in {i["id"] for i in self.control.stored("integrations")} else None

    def in_use(self) -> list[dict[str, Any]]:
        """Those that work, without what others made, which is as they left it."""
        held = self.row.stored(self.control)
        assert {id: held.get(id) for id in self.others} == self.others
        return [
            each
            for each in self.control.stored("integrations")
            if each["status"] not in ("disabled", "deleted") and each["id"] not in self.others
        ]

    def loose(self) -> list[str]:
        return sorted({each["id"] for each in self.in_use()} - {self.managed()})

    def remove(self, id: str) -> None:
        self.control.remove("integrations", id)

    def operations(self) -> Sequence[str]:
        return OPERATIONS

    def record(self) -> dict[str, Any]:
        id = self.managed()
        assert id is not None
        return self.control.stored_one("integrations", id)

    def wanted(self) -> dict[str, Any]:
        """What has to be sent for the configuration. Another spelling of the same changes nothing."""
        config = copy.deepcopy(self.config)
        state = self.world.instance.state if self.world.instance is not None else {}
        for path, field, value in places(self.integration, config):
            kept = at(state, path) if field.equivalence else None
            if kept is not None:
                assert kept.lower() == value.lower()
                put(config, path, kept)
        return request(self.integration, config)

    def drifting(self) -> list[tuple[tuple[str, ...], Field]]:
        """What somebody may change at Immuta: no secret, and nothing that is fixed unless it is configured."""
        found = []
        settings = {field.name for field in self.integration.settings}
        for names, field in self.integration.walk():
            if names[0] not in settings:
                continue
            parents = [field_at(self.integration, names[:i]) for i in range(1, len(names))]
            if field.holds_secret or any(p is None or p.kind == OBJECTS for p in parents):
                continue
            if field.kind == OBJECT:
                continue
            if names[0] in self.integration.teardown_fields and at(self.config, names) is None:
                # An Immuta that does not show what it used once shows no change of it either.
                continue
            frozen = field.replace or any(p.replace for p in parents if p is not None)
            if frozen and (field.equivalence or at(self.config, names) is None):
                continue
            if any(p is not None and p.holds_secret for p in parents) and at(self.config, names[:-1]) is None:
                continue
            found.append((names, field))
        return found

    def key(self, names: tuple[str, ...]) -> str:
        field = field_at(self.integration, names)
        assert field is not None
        return field.key


def different(sent: Any, wanted: Any) -> str:
    """Both as JSON, where they differ; "" where they do not."""
    texts = [json.dumps(each, sort_keys=True) for each in (sent, wanted)]
    return "" if texts[0] == texts[1] else f"sent {texts[0]}, wanted {texts[1]}"


def surplus(sent: Any, wanted: Any, at: str) -> list[str]:
    """What was sent and is not wanted any more."""
    if isinstance(sent, dict) and isinstance(wanted, dict):
        gone = [f"{at}{key}" for key in sent if key not in wanted]
        return gone + [
            path for key in sent if key in wanted for path in surplus(sent[key], wanted[key], f"{at}{key}.")
        ]
    if isinstance(sent, list) and isinstance(wanted, list):
        pairs = enumerate(zip(sent, wanted, strict=False))
        return [path for i, (one, two) in pairs for path in surplus(one, two, f"{at}{i}.")]
    return []


def uncovered(fields: tuple[Field, ...], wanted: dict[str, Any], held: dict[str, Any], at: str) -> list[str]:
    """Where Immuta holds something else than is configured. What is not configured, Immuta may fill in where the model says
    so, and what the model does not know is nobody's business."""
    found = []
    by_key = {f.key: f for f in fields}
    for key, value in wanted.items():
        field, other = by_key.get(key), held.get(key)
        place = f"{at}{key}"
        if field is not None and field.secret and key in held and other is None:
            # Used once, and forgotten. What was sent is compared in `settle`.
            continue
        if field is not None and field.kind == OBJECT and isinstance(other, dict):
            filled = field.computed and not value.keys() & {f.key for f in field.fields}
            # An object of which only unmodelled keys are configured is Immuta's own otherwise.
            found += uncovered(() if filled and value else field.fields, value, other, f"{place}.")
        elif field is not None and field.kind == OBJECTS and isinstance(other, list):
            pairs = zip(value, other, strict=True) if len(value) == len(other) else ()
            found += [] if len(value) == len(other) else [f"{place}: {value!r}, not {other!r}"]
            for i, (one, two) in enumerate(pairs):
                found += uncovered(field.fields, one, two, f"{place}[{i}].")
        elif field is not None and field.equivalence and isinstance(other, str):
            if value.lower().rstrip("/.") != other.lower().rstrip("/."):
                found.append(f"{place}: {value!r}, not {other!r}")
        elif field is not None and isinstance(value, list) and isinstance(other, list):
            if sorted(value) != sorted(other):
                found.append(f"{place}: {value!r}, not {other!r}")
        elif json.dumps(value, sort_keys=True) != json.dumps(other, sort_keys=True):
            found.append(f"{place}: {value!r}, not {other!r}")
    for field in fields:
        empty = held.get(field.key) in (None, "", [], {})
        if not empty and field.key not in wanted and not field.computed:
            found.append(f"{at}{field.key}: not configured, not {held[field.key]!r}")
    return found


__all__ = ["IntegrationLife", "uncovered"]

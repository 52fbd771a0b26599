"""The random life of an integration, to which more belongs than to that of a record: statuses, work that continues after an
answer, computed values, `additional_config`, and all requests to Immuta.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from immuta_provider.model.fields import OBJECT, OBJECTS, Field
from immuta_provider.model.integrations.type import IntegrationType
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
    set_valid,
    to_json,
)
from table.row import Request

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
UNUSED = ("disabled", "deleted")
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
    environment = ENVIRONMENT
    presets = PRESET_NAMES
    releases = SETTINGS

    @property
    def integration(self) -> IntegrationType:
        assert isinstance(self.type, IntegrationType)
        return self.type

    def may_change(self, field: Field) -> bool:
        return True

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
            # A value that cannot change is never empty: an import would not know it, and no update could set it.
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
        # A value that was configured before an import stays; any other that is not configured any more was removed.
        removed = surplus(actual["sent"], self.configured_request(), "")
        assert self.imported or not removed, removed
        if different(actual["sent"], self.configured_request()) and self.integration.updatable:
            # It was imported, or what Immuta has anyway was written down. A write brings it all.
            self.control.alter("integrations", actual["id"], {"status": "recurringValidationError"})
            self.converge()
        if self.integration.updatable:
            self.as_configured()

    def converge(self) -> None:
        for each in self.control.stored("integrations"):
            if each["status"] in TRANSITIONAL:
                self.control.alter("integrations", each["id"], {"status": "enabled"})
        self.tidy()
        self.adopt()
        self.apply_until_done()
        held = self.record()
        assert not (self.integration.updatable and held["status"] in MENDABLE)
        assert [held["id"]] == [*self.stored()] == [self.managed()]
        configured = self.configured_request()
        assert held["autoBootstrap"] == configured.get("autoBootstrap", False)
        wrong = uncovered(self.integration.settings, configured.get("config", {}), held["config"], "")
        assert not wrong, wrong

    def is_whole(self, applied: Applied) -> bool:
        return True

    def as_configured(self) -> None:
        wrong = different(self.record()["sent"], self.configured_request())
        assert not wrong, wrong

    def is_reported(self, applied: Applied) -> bool:
        return bool(set(applied.errors) & LOST)

    def take(self, id: str) -> None:
        super().take(id)
        if self.world.instance is None:
            self.strays.add(id)
        else:
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

    def managed(self) -> str | None:
        """The id in the state, where Immuta still has it."""
        instance: Instance | None = self.world.instance
        if instance is None:
            return None
        id: str = instance.state["id"]
        return id if id in {i["id"] for i in self.control.stored("integrations")} else None

    def stored(self) -> dict[str, Request]:
        """The integrations in use, without those of others."""
        used = {i["id"] for i in self.control.stored("integrations") if i["status"] not in UNUSED}
        return {id: request for id, request in super().stored().items() if id in used}

    def remove(self, id: str) -> None:
        self.control.remove("integrations", id)

    def operations(self) -> Sequence[str]:
        return OPERATIONS

    def record(self) -> dict[str, Any]:
        id = self.managed()
        assert id is not None
        return self.control.stored_one("integrations", id)

    def configured_request(self) -> dict[str, Any]:
        """The request for the configuration. Another spelling of the same value changes nothing."""
        config = copy.deepcopy(self.config)
        state = self.world.instance.state if self.world.instance is not None else {}
        for path, field, value in places(self.integration, config):
            kept = at(state, path) if field.equivalence else None
            if kept is not None:
                assert kept.lower() == value.lower()
                put(config, path, kept)
        return request(self.integration, config)

    def drifting(self) -> list[tuple[tuple[str, ...], Field]]:
        """The fields that somebody may change at Immuta: no secret, and none that cannot change unless it is configured."""
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


def different(sent: Any, configured: Any) -> str:
    """Both as JSON, where they differ; "" where they do not."""
    texts = [json.dumps(each, sort_keys=True) for each in (sent, configured)]
    return "" if texts[0] == texts[1] else f"sent {texts[0]}, configured {texts[1]}"


def surplus(sent: Any, configured: Any, at: str) -> list[str]:
    """The paths that were sent and are not configured any more."""
    if isinstance(sent, dict) and isinstance(configured, dict):
        gone = [f"{at}{key}" for key in sent if key not in configured]
        return gone + [
            path
            for key in sent
            if key in configured
            for path in surplus(sent[key], configured[key], f"{at}{key}.")
        ]
    if isinstance(sent, list) and isinstance(configured, list):
        pairs = enumerate(zip(sent, configured, strict=False))
        return [path for i, (one, two) in pairs for path in surplus(one, two, f"{at}{i}.")]
    return []


def uncovered(
    fields: tuple[Field, ...], configured: dict[str, Any], held: dict[str, Any], at: str
) -> list[str]:
    """The places in which Immuta has another value than is configured. Immuta may fill a value that is not configured if
    the model says so, and a key that the model does not know is passed over."""
    found = []
    by_key = {f.key: f for f in fields}
    for key, value in configured.items():
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
        if not empty and field.key not in configured and not field.computed:
            found.append(f"{at}{field.key}: not configured, not {held[field.key]!r}")
    return found

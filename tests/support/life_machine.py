"""One integration through anything that can happen to it: random edits, drift, faults, interruptions and applies.

The machine plays the user, the world and Immuta. What it holds the provider to: after each write Immuta has been sent what
is configured, no more and no less; nothing is made or forgotten without the user being told; and once the world is healthy
again, a few applies lead to exactly one integration that is as configured, and to an empty plan.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.fields import OBJECT, OBJECTS, Field
from immuta_provider.plugin.values import UNKNOWN
from immuta_simulator.faults import PRESETS
from support.core import Applied, Core, InProcess, Instance, Process, Refusal
from support.valid_configs import (
    ADDITIONAL,
    MARK,
    Config,
    Path,
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
FAILURES = (
    "malformed",
    "truncated",
    "wrong-shape",
    "reset-after",
    "server-error-after",
    "reset-before",
    "stuck-editing",
    "editError",
    "invalid",
    "busy",
    "forbidden",
    "html-502",
)
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
EDITS = st.tuples(
    st.sampled_from(("change", "rotate", "rotate", "unset", "forget")),
    st.integers(0, 200),
    st.integers(0, 12),
)
TRANSITIONAL = ("creating", "editing", "deleting", "migrating")
MENDABLE = ("createError", "editError", "migrateError", "recurringValidationError")
LOST = {"It is unknown whether the integration was created", "It is unknown which integration was created"}
LIES = ("empty-list", "not-found")
"""Answers of which each alone proves nothing, and both together a deletion."""
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
MOST_APPLIES = 4
"""So many applies in a healthy world lead anywhere: one that creates anew or repairs, one that follows, and an empty one."""


class Crash(Exception):
    """Terraform's end between plan and apply."""


class World(Core):
    """A Core that knows its latest process, so that it can be interrupted."""

    current: Process

    def start(self) -> Process:
        self.current = super().start()
        return self.current


class LifeMachine(RuleBasedStateMachine):
    """A subclass says of which `resource`, and brings the `transport`, which serves one machine after another."""

    resource: str
    transport: InProcess

    def __init__(self) -> None:
        super().__init__()
        self.integration = BY_RESOURCE[self.resource]
        self.transport.reset()
        self.world = World(self.resource, transport=self.transport, environment=ENVIRONMENT)
        self.control = self.world.control
        self.config: Config = {}
        self.strays: set[str] = set()
        self.imported = False
        self.lied = False

    @initialize(edits=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12)), max_size=4))
    def write(self, edits: list[tuple[int, int]]) -> None:
        self.config = repaired(self.integration, {})
        for where, what in edits:
            self.change(where, 0, what)

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

    @rule(where=st.integers(0, 200), what=st.integers(-1, 5))
    def rotate(self, where: int, what: int) -> None:
        """Another secret in the place of one, or none."""
        present = [(p, f) for p, f, _ in places(self.integration, self.config) if f.secret]
        if present:
            path, field = present[where % len(present)]
            changed = copy.deepcopy(self.config)
            put(changed, path, None if what < 0 else pick(field, what))
            self.config = repaired(self.integration, changed)

    @rule(where=st.integers(0, 200))
    def respell(self, where: int) -> None:
        present = [(p, f, v) for p, f, v in places(self.integration, self.config) if f.equivalence]
        if present:
            path, field, value = present[where % len(present)]
            put(self.config, path, respelled(field, value))

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
        """Somebody changes a setting at Immuta."""
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

    @rule(status=st.sampled_from(STATUSES))
    def ail(self, status: str) -> None:
        id = self.managed()
        if id is not None:
            self.control.alter("integrations", id, {"status": status})

    @rule()
    def remove_outside(self) -> None:
        id = self.managed()
        if id is not None:
            self.control.remove("integrations", id)

    @rule(
        preset=st.sampled_from(PRESET_NAMES),
        operation=st.sampled_from(OPERATIONS),
        call=st.integers(1, 3),
        times=st.sampled_from((1, 2, None)),
    )
    def break_(self, preset: str, operation: str, call: int, times: int | None) -> None:
        """Immuta answers wrongly, or not."""
        if preset in LIES:
            if self.lied:
                return
            self.lied = True
        self.control.add_fault(
            {"match": {"operation": operation}, "action": preset, "call": call, "times": times}
        )

    @rule(operation=st.sampled_from(OPERATIONS), call=st.integers(1, 3), times=st.sampled_from((1, 3, None)))
    def refuse(self, operation: str, call: int, times: int | None) -> None:
        self.transport.refusals.append(Refusal(operation, call, times))

    @rule()
    def mend(self) -> None:
        self.lied = False
        self.control.clear_faults()
        self.transport.refusals.clear()

    @rule(setting=st.sampled_from(SETTINGS))
    def reconfigure(self, setting: dict[str, Any]) -> None:
        """Another release of Immuta."""
        self.control.change_settings(setting)

    @rule()
    def taint(self) -> None:
        if self.world.instance is not None:
            self.world.instance.tainted = True

    @rule()
    def import_again(self) -> None:
        """`terraform state rm` and `terraform import`."""
        id = self.managed()
        if id is not None:
            self.world.instance = None
            self.take(id)

    @rule(
        refresh=st.booleans(),
        unknown=st.lists(st.integers(0, 200), max_size=2),
        midway=st.sampled_from(("", "", "", "crash", "remove", "ail")),
        stop_at=st.sampled_from((0, 0, 0, 1, 2, 3, 4, 5, 6)),
    )
    def apply(self, refresh: bool, unknown: list[int], midway: str, stop_at: int) -> None:
        at_plan = copy.deepcopy(self.config)
        for where in unknown:
            known = [p for p, _, v in places(self.integration, at_plan) if v is not UNKNOWN]
            if known:
                put(at_plan, known[where % len(known)], UNKNOWN)
        if stop_at:
            self.transport.before = self.stopping(stop_at)
        hooks: dict[str, Callable[[], Any]] = {
            "": lambda: None,
            "crash": self.crash,
            "remove": self.remove_outside,
            "ail": lambda: self.ail("editError"),
        }
        try:
            self.run(
                lambda: self.world.apply(
                    self.config, refresh=refresh, at_plan=at_plan, after_plan=hooks[midway]
                )
            )
        except Crash:
            pass
        finally:
            self.transport.before = None

    @rule(edit=EDITS)
    def edit_and_apply(self, edit: tuple[str, int, int]) -> None:
        self.edit(*edit)
        self.run(lambda: self.world.apply(self.config))

    @rule(
        preset=st.sampled_from(PRESET_NAMES),
        operation=st.sampled_from(OPERATIONS),
        call=st.sampled_from((1, 1, 2, 3)),
        times=st.sampled_from((1, 2, None)),
        edit=EDITS,
    )
    def apply_under_a_fault(
        self, preset: str, operation: str, call: int, times: int | None, edit: tuple[str, int, int]
    ) -> None:
        self.mend()
        self.break_(preset, operation, call, times)
        self.edit_and_apply(edit)
        self.mend()

    @rule(edit=EDITS, spelt=st.booleans())
    def one_thing(self, edit: tuple[str, int, int], spelt: bool) -> None:
        """A change with nothing beside it that would lead to a write anyway."""
        self.settle()
        if spelt:
            self.config = self.other_spelling()
        self.edit(*edit)
        self.settle()

    @rule(
        preset=st.sampled_from(PRESET_NAMES),
        operation=st.sampled_from(("create", "create", "list", "get", "status")),
        times=st.sampled_from((1, None)),
    )
    def born_badly(self, preset: str, operation: str, times: int | None) -> None:
        self.settle()
        self.destroy()
        self.break_(preset, operation, 1, times)
        self.run(lambda: self.world.apply(self.config))
        self.settle()

    @rule(
        preset=st.sampled_from(FAILURES),
        operation=st.sampled_from(("update", "update", "update", "get", "status")),
        times=st.sampled_from((None, None, 1)),
        edit=EDITS,
        lost=st.booleans(),
        undone=st.booleans(),
    )
    def one_thing_fails(
        self,
        preset: str,
        operation: str,
        times: int | None,
        edit: tuple[str, int, int],
        lost: bool,
        undone: bool,
    ) -> None:
        """A change that fails in whatever way, perhaps only after an answer was lost, and is perhaps taken back."""
        self.settle()
        before = copy.deepcopy(self.config)
        if lost:
            self.break_("reset-after", operation, 1, 1)
        self.break_(preset, operation, 2 if lost else 1, times)
        self.edit_and_apply(edit)
        self.mend()
        if undone:
            self.config = before
        self.settle()

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
    def one_ailment(self, status: str) -> None:
        self.settle()
        self.ail(status)
        self.settle()

    def edit(self, kind: str, where: int, what: int) -> None:
        if kind == "change":
            self.change(where, 0, what)
        elif kind == "unset":
            self.unset(where)
        elif kind == "forget":
            self.rotate(where, -1)
        else:
            self.rotate(where, what)

    @rule()
    def refresh(self) -> None:
        self.run(self.world.refresh)

    @rule()
    def plan_without_a_host(self) -> None:
        """The provider block's host is known only at apply: the state stays as it is."""
        before = self.world.instance
        self.world.provider_config = {"host": UNKNOWN}
        applied = Applied()
        self.world.plan(self.config, applied)
        self.world.provider_config = {}
        assert applied.errors == []
        after = self.world.instance
        assert (before is None) == (after is None)
        assert (
            before is None or after is None or (after.state, after.private) == (before.state, before.private)
        )

    @rule()
    def destroy(self) -> None:
        self.run(lambda: self.world.apply(None), writes=False)

    @rule()
    def settle(self) -> None:
        """The world is healthy again, and the user applies until there is nothing left to do."""
        self.mend()
        self.control.change_settings({"unknown_keys": "accept"})
        self.converge()
        actual = self.held()
        # What was configured before an import nobody remembers; anything else that is configured no more was taken away.
        removed = surplus(actual["sent"], self.wanted(), "")
        assert self.imported or not removed, removed
        if different(actual["sent"], self.wanted()) and self.integration.updatable:
            # It was imported, or what Immuta has anyway was written down. A write brings it all.
            self.control.alter("integrations", actual["id"], {"status": "recurringValidationError"})
            self.converge()
        if self.integration.updatable:
            wrong = different(self.held()["sent"], self.wanted())
            assert not wrong, wrong

    def converge(self) -> None:
        for each in self.control.held("integrations"):
            if each["status"] in TRANSITIONAL:
                self.control.alter("integrations", each["id"], {"status": "enabled"})
        self.tidy()
        self.adopt()
        for _ in range(MOST_APPLIES):
            applied = self.run(lambda: self.world.apply(self.config))
            assert applied.errors == [], applied.diagnostics
            if applied.action == "none":
                break
        else:
            raise AssertionError(f"{MOST_APPLIES} applies, and the last one had still to {applied.action}")
        self.nothing_to_do(self.config, refresh=False)
        self.nothing_to_do(self.other_spelling(), refresh=True)
        held = self.held()
        assert not (self.integration.updatable and held["status"] in MENDABLE)
        assert [held["id"]] == [i["id"] for i in self.in_use()] == [self.managed()]
        wanted = self.wanted()
        assert held["autoBootstrap"] == wanted.get("autoBootstrap", False)
        wrong = uncovered(self.integration.settings, wanted.get("config", {}), held["config"], "")
        assert not wrong, wrong

    def nothing_to_do(self, config: Config, *, refresh: bool) -> None:
        applied = Applied()
        self.world.plan(config, applied, refresh=refresh)
        assert (applied.action, applied.errors) == ("none", [])

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
                held = self.control.held_one("integrations", id)
                wrong = different(held["sent"], self.wanted())
                assert not wrong, wrong
        self.no_secrets(applied)
        loose = {i["id"] for i in self.in_use()} - {self.managed()} - self.strays
        if loose:
            assert set(applied.errors) & LOST, f"{loose} are nobody's, and nobody was told: {applied.errors}"
            self.strays |= loose
        return applied

    def no_secrets(self, applied: Applied) -> None:
        assert MARK not in str(applied.diagnostics)
        instance = self.world.instance
        if instance is not None:
            assert MARK not in json.dumps(instance.state)
            assert MARK not in instance.private.decode()

    def tidy(self) -> None:
        """What the user does about an integration of which an error told: import it where it has no state, else delete it."""
        for id in sorted({i["id"] for i in self.in_use()} - {self.managed()}):
            if (
                self.world.instance is None
                and self.control.held_one("integrations", id)["type"] == self.integration.type
            ):
                self.take(id)
            else:
                self.control.remove("integrations", id)
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
            if field.replace and field.server_filled and at(self.config, names) is None:
                found = at(instance.state, names)
                if found is not None:
                    put(self.config, names, found)
        self.config = repaired(self.integration, self.config)

    def run_import(self, id: str) -> Applied:
        applied = self.world.import_(id)
        self.no_secrets(applied)
        return applied

    def crash(self) -> None:
        raise Crash

    def stopping(self, request: int) -> Callable[[str], None]:
        """Ctrl-C ahead of a request of this number."""
        left = request

        def before(operation: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self.world.current.provider.stop()

        return before

    def managed(self) -> str | None:
        """The id in the state, where Immuta still has it."""
        instance: Instance | None = self.world.instance
        if instance is None:
            return None
        id: str = instance.state["id"]
        return id if id in {i["id"] for i in self.control.held("integrations")} else None

    def in_use(self) -> list[dict[str, Any]]:
        return [i for i in self.control.held("integrations") if i["status"] not in ("disabled", "deleted")]

    def held(self) -> dict[str, Any]:
        id = self.managed()
        assert id is not None
        return self.control.held_one("integrations", id)

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

    def place(self, names: tuple[str, ...], item: int) -> Path:
        """A path of names with a step into each list on the way: the item of this number, or the last there is."""
        path: Path = ()
        for i, name in enumerate(names):
            path = (*path, name)
            field = field_at(self.integration, path)
            if field is not None and field.kind == OBJECTS and i < len(names) - 1:
                path = (*path, max(0, min(item, len(at(self.config, path) or ()) - 1)))
        return path

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
            filled = field.server_filled and not value.keys() & {f.key for f in field.fields}
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
        if not empty and field.key not in wanted and not field.server_filled:
            found.append(f"{at}{field.key}: not configured, not {held[field.key]!r}")
    return found


__all__ = ["LifeMachine", "uncovered"]

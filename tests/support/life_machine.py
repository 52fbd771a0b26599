"""One object of any type through anything that can happen to it: random edits, drift, faults, interruptions and applies.

The machine plays the user, the world and Immuta. A row of the test table says what the type needs beforehand and what somebody
else may change; the configurations derive from the model. What it holds the provider to: after each write Immuta holds what is
configured; an error reports what is created or lost; what others own stays as it is; and once the world is
healthy again, a few applies lead to exactly one object that is as configured, and to an empty plan.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import OBJECTS, STRING, Field, Routes
from immuta_provider.plugin.values import UNKNOWN
from immuta_simulator.faults import PRESETS
from support.core import Applied, Core, InProcess, Instance, Refusal
from support.differences import differences, in_request, put_in_request
from support.valid_configs import (
    MARK,
    TEXTS,
    Config,
    Path,
    all_fields,
    at,
    field_at,
    pick,
    places,
    put,
    repaired,
    respelled,
    set_valid,
    to_json,
)
from table import changed, numbered, prepare
from table.row import Request, Row

FEW = 20
"""Planted objects of a collection in one life, besides the last one, which is of another kind."""
PRESET_NAMES = tuple(
    sorted(name for name, action in PRESETS.items() if action["kind"] not in ("expire-tokens", "outcome"))
)
LIES = ("empty-list", "not-found")
"""Answers of which each alone proves nothing, and both together a deletion."""
METHODS = ("GET", "POST|PUT", "DELETE")
EDITS = st.tuples(
    st.sampled_from(("change", "change", "rotate", "unset", "forget", "rename")),
    st.integers(0, 200),
    st.integers(0, 12),
)
SETTINGS: tuple[Mapping[str, Any], ...] = (
    {"deleted_record": "shown"},
    {"deleted_record": "absent"},
    {"short_user_rows": True},
    {"short_user_rows": False},
    {"forget_at_first": True},
    {"forget_at_first": False},
    {"unchanged_is_updating": True},
    {"unchanged_is_updating": False},
)
MOST_APPLIES = 4
"""Applies in a healthy world until nothing is left to do: one that creates or repairs, one that follows, and an empty one."""
DENIALS = ("nothing was sent", "nothing was created", "nothing was changed")


class Crash(Exception):
    """Terraform's end between plan and apply."""


class LifeMachine(RuleBasedStateMachine):
    """A subclass says of which `row`, and brings the `transport`, which serves one machine after another."""

    row: Row
    transport: InProcess
    environment: Mapping[str, str] = {"IMMUTA_FINGERPRINT_KEY": f"{MARK}-key"}
    presets: Sequence[str] = PRESET_NAMES
    releases: Sequence[Mapping[str, Any]] = SETTINGS

    def __init__(self) -> None:
        super().__init__()
        self.type = self.row.type
        self.transport.reset()
        environment = {**self.row.environment, **self.environment}
        self.world = Core(self.row.resource, transport=self.transport, environment=environment)
        self.stranger = Core(self.row.resource, transport=self.transport, environment=environment)
        self.control = self.world.control
        self.control.change_settings({"acknowledge_first": False})
        few = {name: (*each[:FEW], *each[FEW:][-1:]) for name, each in self.row.planted.items()}
        prepare(self.control, [replace(self.row, planted=few)])
        self.config: Config = {}
        self.imported = False
        self.lied = False
        self.strays: set[str] = set()
        self.identities = identities(self.row)
        self.others = self.made_by_others()
        self.theirs: dict[str, dict[str, str]] = {}
        self.has_shared_keys = any(field.own_keys for field in self.type.fields)

    def made_by_others(self) -> dict[str, Request]:
        """Objects of the type that nothing here may touch: another one, and the one whose identity is the nearest."""
        case = next(iter(self.row.base.values()))
        requests = [numbered(case.request, 2)]
        if self.row.named_by_id and case.replaces:
            requests.append(numbered(changed(case.request, case.replaces[-1]), 1))
            self.identities = [
                each
                for each in self.identities
                if not each.items() <= self.row.attributes(requests[-1]).items()
            ]
        for request in requests:
            self.stranger.instance = None
            assert self.stranger.apply(self.row.attributes(request)).diagnostics == []
        return self.row.stored(self.control)

    @initialize(
        which=st.integers(0, 60),
        edits=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 12)), max_size=4),
    )
    def write(self, which: int, edits: list[tuple[int, int]]) -> None:
        self.rename(which)
        for where, what in edits:
            self.change(where, 0, what)

    @rule(which=st.integers(0, 60))
    def rename(self, which: int) -> None:
        """Other values of what identifies it, which only go together."""
        identity = self.identities[which % len(self.identities)]
        fixed = [field.name for field in self.type.fields if field.replace]
        kept = {name: value for name, value in self.config.items() if name not in fixed}
        self.config = repaired(
            self.type, {name: v for name, v in {**kept, **identity}.items() if v is not None}
        )

    @rule(where=st.integers(0, 200), item=st.integers(0, 1), what=st.integers(0, 12))
    def change(self, where: int, item: int, what: int) -> None:
        """Some attribute at some depth gets some value."""
        fields = [(names, f) for names, f in all_fields(self.type) if self.may_change(f)]
        if fields:
            names, field = fields[where % len(fields)]
            self.config = set_valid(self.type, self.config, self.place(names, item), pick(field, what))

    def may_change(self, field: Field) -> bool:
        """True for a field that changes alone."""
        return not field.replace

    @rule(where=st.integers(0, 200))
    def unset(self, where: int) -> None:
        present = [p for p, f, _ in places(self.type, self.config) if not f.required and self.may_change(f)]
        if present:
            changed = copy.deepcopy(self.config)
            put(changed, present[where % len(present)], None)
            self.config = repaired(self.type, changed)

    @rule(where=st.integers(0, 200), what=st.integers(-1, 5))
    def rotate(self, where: int, what: int) -> None:
        """Another secret in the place of one, or none."""
        present = [p for p, f, _ in places(self.type, self.config) if f.secret]
        possible = present or [self.place(names, 0) for names, f in all_fields(self.type) if f.secret]
        if possible:
            path = possible[where % len(possible)]
            field = field_at(self.type, path)
            assert field is not None
            self.config = set_valid(self.type, self.config, path, None if what < 0 else pick(field, what))

    @rule(where=st.integers(0, 200))
    def respell(self, where: int) -> None:
        present = [(p, f, v) for p, f, v in places(self.type, self.config) if f.equivalence]
        if present:
            path, field, value = present[where % len(present)]
            put(self.config, path, respelled(field, value))

    @rule(where=st.integers(0, 200), what=st.integers(0, 12))
    def drift(self, where: int, what: int) -> None:
        """Somebody changes what is configured to something else at Immuta."""
        id = self.managed()
        present = [f for f in self.type.fields if self.drifts(f)]
        if id is None or self.row.alter is None or not present:
            return
        # An edit before the first read after a write is taken for a part of that write.
        with self.calm():
            self.run(self.world.refresh)
        top = present[where % len(present)]
        paths = [(names, f) for names, f in all_fields(self.type) if names[0] == top.name]
        names, field = paths[where % len(paths)]
        other = set_valid(self.type, self.config, self.place(names, what % 2), pick(field, what))
        request = copy.deepcopy(self.row.stored(self.control)[id])
        for each in self.type.fields:
            if self.drifts(each) and other.get(each.name) and other[each.name] != self.config[each.name]:
                value = to_json(each, other[each.name])
                if each.own_keys:
                    value = in_request(self.type, request, each) | self.own_keys_of(each, value)
                put_in_request(self.type, request, each, value)
        note(f"somebody makes it {request}")
        self.row.alter(self.control, id, request)
        self.leave_theirs(id)

    def own_keys_of(self, field: Field, value: dict[str, str]) -> dict[str, str]:
        """Of a map in which everybody has keys, what is known to be the resource's."""
        instance: Instance | None = self.world.instance
        known = (instance.state[field.name] if instance is not None else None) or {}
        return {key: each for key, each in value.items() if key in known}

    def drifts(self, field: Field) -> bool:
        if field.replace or field.holds_secret or field.state_only or field.as_json:
            return False
        return self.config.get(field.name) is not None

    @rule(where=st.integers(0, 200), what=st.integers(0, 12))
    def write_beside(self, where: int, what: int) -> None:
        """Somebody sets another key of a map in which everybody has keys."""
        id = self.managed()
        shared = [f for f in self.type.fields if f.own_keys]
        if id is not None and shared:
            self.theirs[id] = {"theirs": f"{what}"}
            self.leave_theirs(id)

    def leave_theirs(self, id: str) -> None:
        if id in self.theirs:
            for field in self.type.fields:
                if field.own_keys:
                    actual = in_request(self.type, self.row.stored(self.control)[id], field) or {}
                    self.alter_shared(id, actual)

    def alter_shared(self, id: str, keys: Mapping[str, str]) -> None:
        """Makes these the keys of a map in which everybody has keys, beside those of others."""
        request = copy.deepcopy(self.row.stored(self.control)[id])
        for field in self.type.fields:
            if field.own_keys:
                put_in_request(self.type, request, field, {**keys, **self.theirs.get(id, {})})
        assert self.row.alter is not None
        self.row.alter(self.control, id, request)

    @rule()
    def ail(self) -> None:
        id = self.managed()
        if id is not None and self.row.ail is not None:
            self.row.ail(self.control, id)

    @rule()
    def remove_outside(self) -> None:
        id = self.managed()
        if id is not None:
            self.remove(id)

    @rule()
    def replace_outside(self) -> None:
        """Somebody deletes it, and makes one that is just like it."""
        id = self.managed()
        if id is not None:
            with self.calm():
                self.remove(id)
                self.stranger.instance = None
                self.stranger.apply(self.config)
                # Nothing tells of one that has another id.
                self.strays |= {*self.loose()}

    @rule(
        which=st.integers(0, 60),
        method=st.sampled_from(METHODS),
        call=st.integers(1, 4),
        times=st.sampled_from((1, 2, None)),
    )
    def break_(self, which: int, method: str, call: int, times: int | None) -> None:
        """Immuta answers wrongly, or not."""
        preset = self.presets[which % len(self.presets)]
        if preset == "empty-list" and method != "GET":
            # It would say that a write was carried out.
            return
        if preset in LIES:
            if self.lied:
                return
            self.lied = True
        self.control.add_fault({"match": {"method": method}, "action": preset, "call": call, "times": times})

    @rule(which=st.integers(0, 4), call=st.integers(1, 3), times=st.sampled_from((1, 3, None)))
    def refuse(self, which: int, call: int, times: int | None) -> None:
        operations = self.operations()
        self.transport.refusals.append(Refusal(operations[which % len(operations)], call, times))

    def operations(self) -> Sequence[str]:
        """The simulator's names for the requests of the type's family."""
        life = self.type.life
        assert isinstance(life, Routes)
        method, path = life.list.partition("?")[0].split(" ")
        family, _ = self.control.claim(method, path)
        assert family is not None
        return family.operations

    @rule()
    def mend(self) -> None:
        self.lied = False
        self.control.clear_faults()
        self.transport.refusals.clear()

    @rule(which=st.integers(0, 60))
    def reconfigure(self, which: int) -> None:
        """Another release of Immuta."""
        self.control.change_settings(self.releases[which % len(self.releases)])

    @rule()
    def taint(self) -> None:
        if self.world.instance is not None:
            self.world.instance.tainted = True

    @rule()
    def import_again(self) -> None:
        """`terraform state rm` and `terraform import`.

        An import does not show which keys of a shared map are the resource's. The apply of an `import` block does.
        """
        if self.has_shared_keys:
            self.settle()
        id = self.managed()
        if id is not None:
            self.world.instance = None
            self.take(id)
            if self.has_shared_keys:
                self.settle()

    @rule(
        refresh=st.booleans(),
        unknown=st.lists(st.integers(0, 200), max_size=2),
        midway=st.sampled_from(("", "", "", "crash", "remove", "ail")),
        stop_at=st.sampled_from((0, 0, 0, 1, 2, 3, 4, 5, 6)),
    )
    def apply(self, refresh: bool, unknown: list[int], midway: str, stop_at: int) -> None:
        at_plan = copy.deepcopy(self.config)
        for where in unknown:
            known = [p for p, _, v in places(self.type, at_plan) if v is not UNKNOWN]
            if known:
                put(at_plan, known[where % len(known)], UNKNOWN)
        if stop_at:
            self.transport.before = self.stopping(stop_at)
        hooks: dict[str, Callable[[], Any]] = {
            "": lambda: None,
            "crash": self.crash,
            "remove": self.remove_outside,
            "ail": self.ail,
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
        which=st.integers(0, 60),
        method=st.sampled_from(METHODS),
        call=st.sampled_from((1, 1, 2, 3)),
        times=st.sampled_from((1, 2, None)),
        edit=EDITS,
    )
    def apply_under_a_fault(
        self, which: int, method: str, call: int, times: int | None, edit: tuple[str, int, int]
    ) -> None:
        self.mend()
        self.break_(which, method, call, times)
        self.edit_and_apply(edit)
        self.mend()

    @rule(edit=EDITS, respell=st.booleans())
    def one_thing(self, edit: tuple[str, int, int], respell: bool) -> None:
        """A change with nothing beside it that would lead to a write anyway."""
        self.settle()
        if respell:
            self.config = self.other_spelling()
        self.edit(*edit)
        self.settle()

    @rule(
        which=st.integers(0, 60),
        method=st.sampled_from(("POST|PUT", "POST|PUT", "GET")),
        call=st.sampled_from((1, 1, 2, 3)),
        times=st.sampled_from((1, None)),
    )
    def born_badly(self, which: int, method: str, call: int, times: int | None) -> None:
        self.settle()
        self.destroy()
        self.break_(which, method, call, times)
        self.run(lambda: self.world.apply(self.config))
        self.settle()

    @rule(
        which=st.integers(0, 60),
        method=st.sampled_from(("POST|PUT", "POST|PUT", "GET")),
        call=st.sampled_from((1, 1, 2, 3)),
        times=st.sampled_from((None, None, 1)),
        edit=EDITS,
        lost=st.booleans(),
        undone=st.booleans(),
    )
    def one_thing_fails(
        self,
        which: int,
        method: str,
        call: int,
        times: int | None,
        edit: tuple[str, int, int],
        lost: bool,
        undone: bool,
    ) -> None:
        """A change that fails, perhaps after an answer was lost, and is perhaps undone."""
        self.settle()
        before = copy.deepcopy(self.config)
        if lost:
            self.break_(self.presets.index("reset-after"), method, 1, 1)
        self.break_(which, method, call + lost, times)
        self.edit_and_apply(edit)
        self.mend()
        if undone:
            self.config = before
        self.settle()

    @rule()
    def one_ailment(self) -> None:
        self.settle()
        self.ail()
        self.settle()

    def edit(self, kind: str, where: int, what: int) -> None:
        if kind == "change":
            self.change(where, 0, what)
        elif kind == "unset":
            self.unset(where)
        elif kind == "rename":
            self.rename(what)
        else:
            self.rotate(where, -1 if kind == "forget" else what)

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
        self.tidy()
        self.apply_until_done()
        assert [*self.stored()] == [self.managed()]
        self.as_configured()

    def apply_until_done(self) -> None:
        for _ in range(MOST_APPLIES):
            applied = self.run(lambda: self.world.apply(self.config))
            assert applied.errors == [], applied.diagnostics
            if applied.action == "none":
                break
        else:
            raise AssertionError(f"{MOST_APPLIES} applies, and the last one had still to {applied.action}")
        self.nothing_to_do(self.config, refresh=False)
        self.nothing_to_do(self.other_spelling(), refresh=True)

    def nothing_to_do(self, config: Config, *, refresh: bool) -> None:
        applied = Applied()
        self.world.plan(config, applied, refresh=refresh)
        assert (applied.action, applied.errors) == ("none", [])

    def other_spelling(self) -> Config:
        config = copy.deepcopy(self.config)
        for path, field, value in places(self.type, config):
            if field.equivalence or field is ADDITIONAL_CONFIG:
                put(config, path, respelled(field, value))
        return config

    def teardown(self) -> None:
        self.settle()
        assert self.run(lambda: self.world.apply(None), writes=False).errors == []
        assert (self.world.instance, self.loose()) == (None, [])

    def run(self, act: Callable[[], Applied], *, writes: bool = True) -> Applied:
        """An action of the user's, and what always holds after one."""
        self.control.clear_requests()
        applied = act()
        note(f"{applied.action}: {[d[:3] for d in applied.diagnostics]}")
        wrote = any(request["method"] != "GET" for request in self.control.requests()["requests"])
        if writes and wrote and not applied.errors and self.managed() is not None:
            self.imported = False
            if self.is_whole(applied):
                self.as_configured()
        self.no_secrets(applied)
        loose = {*self.loose()} - self.strays
        if loose:
            assert self.is_reported(applied), f"{loose} are in no state: {applied.diagnostics}"
            self.strays |= loose
        return applied

    def is_whole(self, applied: Applied) -> bool:
        """False if a warning says that a part of the write is missing."""
        return not any(f"The {self.type.noun} was" in each and ", but" in each for each in applied.warnings)

    def is_reported(self, applied: Applied) -> bool:
        """True if an error leaves room for an object that is not in the state."""
        denials = [each for d in applied.diagnostics for each in DENIALS if each in d.detail]
        return bool(applied.errors) and not denials

    def as_configured(self) -> None:
        """Compares Immuta's object with the configuration. A value that is not configured any more stays after an import."""
        id = self.managed()
        assert id is not None
        wrong = differences(self.type, self.config, self.stored()[id], surplus=not self.imported)
        assert not wrong, wrong

    def no_secrets(self, applied: Applied) -> None:
        assert MARK not in str(applied.diagnostics)
        instance = self.world.instance
        if instance is not None:
            assert MARK not in json.dumps(instance.state)
            assert MARK not in instance.private.decode()

    def tidy(self) -> None:
        """Imports an object that an error names if there is no state, or deletes it, as a user does."""
        for id in self.loose():
            if self.has_shared_keys:
                self.alter_shared(id, {})
            elif self.world.instance is None:
                self.take(id)
            else:
                self.remove(id)
        self.strays.clear()

    def take(self, id: str) -> None:
        """Import, and go on from there."""
        applied = self.world.import_(id)
        note(f"import {id}: {[d[:3] for d in applied.diagnostics]}")
        self.no_secrets(applied)
        self.imported = self.imported or self.world.instance is not None

    def remove(self, id: str) -> None:
        """Somebody deletes it."""
        with self.calm():
            self.stranger.instance = None
            if id == self.managed():
                assert self.world.instance is not None
                state = copy.deepcopy(self.world.instance.state)
                self.stranger.instance = Instance(state, self.world.instance.private)
            else:
                assert self.stranger.import_(id).errors == []
            removed = self.stranger.apply(None)
            assert removed.errors == [], removed.diagnostics

    @contextmanager
    def calm(self) -> Iterator[None]:
        """Suspends faults and interruptions during an action of somebody else."""
        rules, refusals, before = (
            self.control.fault_rules.rules,
            self.transport.refusals,
            self.transport.before,
        )
        self.control.clear_faults()
        self.transport.refusals, self.transport.before = [], None
        yield
        self.control.fault_rules.rules = rules
        self.transport.refusals, self.transport.before = refusals, before

    def crash(self) -> None:
        raise Crash

    def stopping(self, request: int) -> Callable[[str], None]:
        """Ctrl-C ahead of a request of this number."""
        left = request

        def before(operation: str) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                self.world.process.provider.stop()

        return before

    def managed(self) -> str | None:
        """The id in the state, where Immuta still has it."""
        instance: Instance | None = self.world.instance
        if instance is None:
            return None
        id: str = instance.state["id"]
        return id if id in self.stored() else None

    def loose(self) -> list[str]:
        """The ids of objects that are neither in the state nor somebody else's."""
        return sorted(self.stored().keys() - {self.managed()})

    def stored(self) -> dict[str, Request]:
        """The objects that Immuta holds, without what others own, which is as they left it."""
        held = self.row.stored(self.control)
        for id, request in self.others.items():
            assert held.pop(id, None) == request, f"{id} is somebody else's"
        for id, keys in self.theirs.items():
            for field in self.type.fields:
                if field.own_keys:
                    there = dict(in_request(self.type, held[id], field))
                    assert {key: there.pop(key, None) for key in keys} == keys
                    put_in_request(self.type, held[id], field, there)
                    if not there:
                        del held[id]
        return held

    def place(self, names: tuple[str, ...], item: int) -> Path:
        """A path of names with a step into each list on the way: the item of this number, or the last there is."""
        path: Path = ()
        for i, name in enumerate(names):
            path = (*path, name)
            field = field_at(self.type, path)
            if field is not None and field.kind == OBJECTS and i < len(names) - 1:
                path = (*path, max(0, min(item, len(at(self.config, path) or ()) - 1)))
        return path


def identities(row: Row) -> list[Config]:
    """The values of what identifies an object, as they go together in the table. Immuta's default may be left out, and what
    names nothing else may be any text."""
    fixed = [field for field in row.type.fields if field.replace]
    found = []
    for case in row.base.values():
        for change in ({}, *case.replaces):
            attributes = row.attributes(numbered(changed(case.request, change), 1))
            whole = {field.name: attributes[field.name] for field in fixed if field.name in attributes}
            short = {f.name: whole[f.name] for f in fixed if whole.get(f.name) not in (None, f.unset_as)}
            found += [whole] if whole == short else [whole, short]
    free = [field.name for field in fixed if names_nothing(field, str(found[0].get(field.name)), row)]
    texts = [text for text in TEXTS if text.strip()]
    return [*found, *({**found[0], name: text} for name in free for text in texts)]


def names_nothing(field: Field, value: str, row: Row) -> bool:
    """Returns whether the value is neither of a few, nor Immuta's id of another object, nor a name of one that was planted."""
    planted = [each for objects in row.planted.values() for each in objects]
    named = value.isdigit() or any(value in each.values() for each in planted)
    return field.kind == STRING and not (named or field.choices or field.pattern or field.unset_as)

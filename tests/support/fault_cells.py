"""One cell of the table of faults, played through the provider's handlers and then healed."""

from __future__ import annotations

import re
from typing import Any

from support.core import Applied, Core, InProcess, Instance, Refusal, Value
from support.fault_table import SUMMARIES, Cell
from support.fault_texts import expected, plain
from support.tenant import tenant_of
from table import changed, numbered
from table.integrations import BASES, TEARDOWN, TEARDOWN_CREDENTIALS, attributes, resource_of

TITLES = {
    "snowflake": "Snowflake",
    "redshift": "Redshift",
    "synapse": "Azure Synapse Analytics",
    "s3": "Amazon S3",
    "databricks": "Databricks Unity Catalog",
    "trino": "Starburst (Trino)",
    "bigquery": "Google BigQuery",
}
OLD, NEW = "the old: swordfish-1", "the new: swordfish-2"
KEY_FILE = '{"type":"service_account","project_id":"acme","private_key":"%s"}'
API_KEY, TEARDOWN_PASSWORD = "simulator-api-key", TEARDOWN_CREDENTIALS["password"]
REQUESTS: dict[str, dict[str, Any]] = {
    "snowflake": changed(numbered(BASES["snowflake"], 1), {"config.password": OLD}),
    "redshift": changed(numbered(BASES["redshift"], 1), {"config.password": OLD}),
    "synapse": changed(numbered(BASES["synapse"], 1), {"config.password": OLD}),
    "s3": changed(numbered(BASES["s3 with keys"], 1), {"config.awsSecretAccessKey": OLD}),
    "databricks": changed(numbered(BASES["databricks"], 1), {"config.token": OLD}),
    "trino": BASES["trino"],
    "bigquery": changed(numbered(BASES["bigquery"], 1), {"config.credential": KEY_FILE % OLD}),
}
# Each update changes something that Immuta shows, and rotates the secret that it does not.
UPDATES: dict[str, dict[str, Any]] = {
    "snowflake": {"config.warehouse": "OTHER_WH", "config.password": NEW},
    "redshift": {"config.username": "other", "config.password": NEW},
    "synapse": {"config.username": "other", "config.password": NEW},
    "s3": {"config.awsAccessKeyId": "AKIAOTHER", "config.awsSecretAccessKey": NEW},
    "bigquery": {"config.role": "other", "config.credential": KEY_FILE % NEW},
}
RESOURCES = {type: resource_of(request) for type, request in REQUESTS.items()}
SET_UP_BY_IMMUTA = ("snowflake", "redshift", "synapse")
ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}

# What the provider is told of in a run, and what a server may say that should have kept it to itself.
WITH_SECRET = ("snowflake", "redshift", "synapse", "s3", "databricks")
SECRETS = {
    "create": {**dict.fromkeys(WITH_SECRET, OLD), "bigquery": KEY_FILE % OLD},
    "update": {**dict.fromkeys(WITH_SECRET, NEW), "bigquery": KEY_FILE % NEW},
}
TELLTALE = "<secrets>"
OTHER = "77"
EXISTS = "Snowflake integration already exists on acme.snowflakecomputing.com (id = {id})."

ACTIONS: dict[str, Any] = {
    "reset-before": "reset-before",
    "reset-after": "reset-after",
    "truncated": "truncated",
    "slow": {"kind": "delay", "seconds": 120},
    "redirect": "redirect",
    "401": {"kind": "respond", "status": 401, "message": f"{TELLTALE} is nobody"},
    "403": {"kind": "respond", "status": 403, "message": f"{TELLTALE} may not do that"},
    "404": "not-found",
    "html-404": "html-404",
    "empty-list": "empty-list",
    "busy": "busy",
    "exists": {"kind": "respond", "status": 409, "message": EXISTS.format(id=OTHER)},
    "exists-itself": {"kind": "respond", "status": 409, "message": EXISTS.format(id="1")},
    "422": {"kind": "invalid", "failed": {"Basic Connection Test": f"no log-in with {TELLTALE}"}},
    "429": "rate-limited",
    "429-after": "rate-limited-retry-after",
    "500": {"kind": "respond", "status": 500, "message": f"crashed on {TELLTALE}"},
    "500-after": "server-error-after",
    "502": "html-502",
    "malformed": "malformed",
    "wrong-shape": "wrong-shape",
}
CREATED: dict[str, tuple[Value, bytes]] = {}
STUCK = {"create": "creating", "update": "editing", "delete": "deleting", "server": "creating"}
OPERATION = {"create+list": "list", "list+get": "get"}


def play(cell: Cell, transport: InProcess) -> None:
    """The cell's verb under its fault, then as many healthy applies as the cell says; asserts it all."""
    transport.reset()
    play = Play(cell, transport)
    play.prepare()
    play.assert_verb(play.verb())
    play.assert_hit()
    play.heal()


class Play:
    def __init__(self, cell: Cell, transport: InProcess) -> None:
        self.cell = cell
        self.request = REQUESTS[cell.type]
        self.updated = changed(self.request, UPDATES[cell.type]) if cell.verb == "update" else self.request
        self.config = attributes(self.updated)
        self.world = Core(
            RESOURCES[cell.type],
            transport=transport,
            environment={**ENVIRONMENT, **(TEARDOWN if cell.teardown else {})},
        )
        self.control = transport.control
        self.control.settings.id_form = "number" if cell.type == "redshift" else "text"
        self.told = ""
        secret = SECRETS.get(cell.verb, {}).get(cell.type)
        self.secrets = [
            API_KEY,
            *([TEARDOWN_PASSWORD] if cell.teardown else []),
            *([secret] if secret else []),
        ]

    def prepare(self) -> None:
        """What was there before, and the fault."""
        cell, settings = self.cell, self.control.settings
        settings.polls = 0
        if cell.verb != "create":
            self._created()
        if cell.verb == "import":
            self.world.instance = None
        settings.polls = {"create": 4, "update": 4, "delete": 2}.get(cell.verb, 0)
        if cell.call == "server":
            self._meanwhile()
        elif cell.fault != "nothing":
            operation = OPERATION.get(cell.call, cell.call)
            if cell.call == "create+list":
                self._fault("create", "reset-after", 1, 1)
            elif cell.call == "list+get":
                self._fault("list", "empty-list", 1, None)
            which = cell.which
            if which == "again":
                # A PUT is carried out before that: what the second one meets must not make anybody forget it.
                self._fault(operation, "reset-after" if cell.call == "update" else "reset-before", 1, 1)
                which = "2"
            first = 1 if which == "every" else int(which.rstrip("+"))
            times = None if which == "every" or which.endswith("+") else 1
            self._fault(operation, cell.fault, first, times)

    def _created(self) -> None:
        """What a healthy apply leaves; it is made once for each type."""
        type = self.cell.type
        if type not in CREATED:
            assert self.world.apply(attributes(self.request)).diagnostics == []
            assert self.world.instance is not None
            CREATED[type] = (self.world.instance.state, self.world.instance.private)
        else:
            tenant_of(self.control).create(self.request)
            self.world.instance = Instance(*CREATED[type])

    def verb(self) -> Applied:
        cell, world = self.cell, self.world
        if cell.verb in ("create", "update"):
            return world.apply(self.config)
        if cell.verb == "delete":
            return world.apply(None)
        return world.refresh() if cell.verb == "read" else world.import_("1")

    def assert_verb(self, applied: Applied) -> None:
        cell = self.cell
        self._check(applied)
        names = [("warning", name) for name in cell.warnings] + [("error", cell.error)] * bool(cell.error)
        told = [(d.severity, d.summary, plain(d.detail), d.path) for d in applied.diagnostics]
        assert told == [(severity, self._summary(n), self._detail(n), ()) for severity, n in names]
        assert (self._state(), self._held()) == (cell.state, cell.held)
        if not cell.teardown and cell.type in SET_UP_BY_IMMUTA:
            assert not self.control.requests()["counts"].get("delete")

    def assert_hit(self) -> None:
        """What was to go wrong did."""
        missed = [fault for fault in self.control.faults() if not fault["hits"]]
        unasked = [refusal for refusal in self.world.transport.refusals if refusal.seen < refusal.call]
        assert (missed, unasked) == ([], [])

    def heal(self) -> None:
        """Immuta is well again."""
        cell, world = self.cell, self.world
        self.control.clear_faults()
        world.transport.refusals.clear()
        if cell.fault == "stuck":
            self.control.alter("integrations", "1", {"status": "enabled"})
        self.control.settings.polls = 1
        if cell.fault == "nothing" and not cell.teardown:
            world.environment.update(TEARDOWN)
        way, _, count = cell.more.rpartition("+")
        if way == "untaint":
            self._untaint()
        elif way:
            self._import(way)
        if cell.verb == "delete":
            assert self._applies(None) == int(count)
            assert self._held() in ("-", "disabled")
            assert self._check(world.apply(self.config)).errors == []
            count = "0"
        assert self._applies(self.config) == int(count)
        assert [i["sent"] for i in self._in_use()] == [self.updated]
        again = self._check(world.apply(self.config, refresh=False))
        assert (again.action, again.errors) == ("none", [])

    def _applies(self, config: Any) -> int:
        """How many applies it takes until there is nothing to do; destroys, where `config` is None."""
        for count in range(4):
            if config is None and self.world.instance is None and not self._in_use():
                return count
            applied = self._check(self.world.apply(config))
            assert applied.errors == []
            if applied.action == "none" and config is not None:
                return count
        raise AssertionError("no end of applies")

    def _untaint(self) -> None:
        """Without credentials to remove it the tainted one stays, until Terraform is told to keep it."""
        before = len(self.control.requests()["requests"])
        applied = self._check(self.world.apply(self.config))
        assert applied.errors == [self._summary("teardown")]
        assert "terraform untaint" in applied.diagnostics[-1].detail
        assert {r["operation"] for r in self.control.requests()["requests"][before:]} == {"list"}
        assert self.world.instance is not None
        self.world.instance.tainted = False

    def _import(self, way: str) -> None:
        """Only an import helps: of what an error names, or of what is found in Immuta."""
        id = "1"
        if way == "import" and self.cell.verb != "import":
            if not self._named():
                applied = self._check(self.world.apply(self.config))
                assert applied.errors == [self._summary("conflict")]
            assert self._named() == [id], self.told
        assert self._check(self.world.import_(id)).errors == []

    def _named(self) -> list[str]:
        """The ids in the import blocks that errors printed."""
        blocks = rf'import {{\n  to = {RESOURCES[self.cell.type]}\.NAME\n  id = "(\d+)"\n}}'
        return sorted(set(re.findall(blocks, self.told)))

    def _check(self, applied: Applied) -> Applied:
        """What holds whatever happens."""
        text = "\n".join(f"{d.summary}: {d.detail}" for d in applied.diagnostics)
        self.told += text
        assert "The provider failed on" not in text, text
        assert not [secret for secret in self.secrets if secret in text], text
        assert len(self._in_use()) <= 1, self.control.held("integrations")
        return applied

    def _in_use(self) -> list[dict[str, Any]]:
        return [i for i in self.control.held("integrations") if i["status"] not in ("disabled", "deleted")]

    def _held(self) -> str:
        held = self.control.held("integrations")
        if not held:
            return "-"
        assert len(held) == 1, held
        return f"{self._age(held[0]['sent'] == self.request)}{held[0]['status']}"

    def _state(self) -> str:
        instance = self.world.instance
        if instance is None:
            return "-"
        old = attributes(self.request)
        visible = [k for k in old if isinstance(instance.state.get(k), str)]
        is_old = all(instance.state[k] == old[k] for k in visible)
        tainted = "tainted " if instance.tainted else ""
        return f"{tainted}{self._age(is_old)}{instance.state['status']}"

    def _age(self, is_old: bool) -> str:
        if self.cell.verb == "update":
            return "old " if is_old else "new "
        assert is_old
        return ""

    def _detail(self, name: str) -> str:
        host = str(self.request.get("config", {}).get("host"))
        return expected(self.cell, name, RESOURCES[self.cell.type], host)

    def _summary(self, name: str) -> str:
        done = "updated" if self.cell.verb == "update" else "created"
        return SUMMARIES[name].format(title=TITLES[self.cell.type], done=done)

    def _meanwhile(self) -> None:
        if self.cell.fault == "removed":
            self.control.remove("integrations", "1")
            return
        self.control.settings.deleted_record = "shown"
        self.control.alter(
            "integrations",
            "1",
            {"status": STUCK["server"] if self.cell.fault == "stuck" else self.cell.fault},
        )
        if self.cell.fault == "deleted":
            self.control.remove("integrations", "1")

    def _fault(self, operation: str, fault: str, call: int, times: int | None) -> None:
        if fault == "refused":
            self.world.transport.refusals.append(Refusal(operation, call, times))
            return
        if fault in ACTIONS:
            action = telling(ACTIONS[fault], " and ".join(self.secrets))
        else:
            action = {"kind": "outcome", "status": STUCK[operation] if fault == "stuck" else fault}
        self.control.add_fault(
            {"match": {"operation": operation}, "action": action, "call": call, "times": times}
        )


def telling(value: Any, secrets: str) -> Any:
    if isinstance(value, dict):
        return {name: telling(part, secrets) for name, part in value.items()}
    return value.replace(TELLTALE, secrets) if isinstance(value, str) else value

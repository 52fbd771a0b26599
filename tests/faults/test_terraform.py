"""Forty cells of the table through the real Terraform: many integrations in one configuration, each with its own fault.

A fault is for the integration with an id, and a fault of a create for the only one of its type. A list
befalls everybody: while it is empty, each integration is read by its own route.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from immuta_constructs.testing import Immuta
from support.faults.cell import Cell, short
from support.faults.kinds import ACTIONS, telling
from support.faults.life import ENVIRONMENT, NEW
from support.faults.table import cells
from support.faults.texts import summary
from support.terraform import Terraform
from table import changed, integrations, numbered
from table.integrations import TEARDOWN, attributes

CHOSEN = [
    "create-get-404-1-snowflake",
    "create-create-reset-after-1-redshift",
    "create-create-createError-1-trino",
    "create-create-truncated-1-bigquery",
    "create-create-malformed-1-s3",
    "create-create-exists-1-synapse",
    "create-create-422-1-databricks",
    "update-update-reset-before-1-snowflake",
    "update-update-busy-1-snowflake",
    "update-update-429-after-1-snowflake",
    "update-update-wrong-shape-1-snowflake",
    "update-update-editError-1-snowflake",
    "update-update-recurringValidationError-1-snowflake",
    "update-update-hibernating-1-snowflake",
    "update-update-stuck-1-snowflake",
    "update-get-slow-1-snowflake",
    "delete-delete-401-1-snowflake",
    "delete-delete-502-1-snowflake",
    "delete-delete-redirect-1-snowflake",
    "delete-delete-deleteError-1-snowflake",
    "delete-delete-disabled-1-snowflake",
    "delete-delete-nothing-1-synapse-without-teardown",
    "delete-get-429-1-snowflake",
    "delete-get-html-404-1-snowflake",
    "read-list-refused-every-snowflake",
    "read-list-empty-list-every-snowflake",
    "read-list+get-401-every-snowflake",
    "read-list+get-403-1-snowflake",
    "read-list+get-500-1-snowflake",
    "read-list+get-html-404-1-snowflake",
    "read-list+get-wrong-shape-1-snowflake",
    "read-list+get-reset-after-1-snowflake",
    "import-list+get-redirect-1-snowflake",
    "import-list+get-403-every-snowflake",
    "import-list+get-malformed-every-snowflake",
    "import-list+get-429-1-snowflake",
    "import-server-createError-1-snowflake",
    "import-server-deleteError-1-snowflake",
    "import-server-hibernating-1-snowflake",
    "import-server-stuck-1-snowflake",
]
# Seconds: longer than a request takes on a busy machine, and a wait of the whole test.
REQUEST_TIMEOUT = 4
STUCK = {"timeouts": {"update": "5s"}}

# Values that Immuta fills in and that cannot change.
FILLED_IN: dict[str, dict[str, Any]] = {
    "snowflake": {"config.port": 443},
    "synapse": {
        "config.port": 1433,
        "config.metadataDelimiters": {"hashDelimiter": "|", "hashKeyDelimiter": ":", "arrayDelimiter": ","},
    },
}
TABLE = {cell.name: cell for cell in cells() if cell.row in integrations.ROWS}


class Subject(NamedTuple):
    """The integration that a cell is played on."""

    cell: Cell
    number: int

    @property
    def name(self) -> str:
        return f"n{self.number}"

    @property
    def address(self) -> str:
        return f"{self.cell.row.resource}.{self.name}"

    @property
    def before(self) -> dict[str, Any]:
        before: dict[str, Any] = numbered(self.cell.row.subject.request, self.number)
        return before

    @property
    def after(self) -> dict[str, Any]:
        row, before = self.cell.row, self.before
        if self.cell.verb != "update":
            return before
        return row.with_secret(changed(before, numbered(row.subject.updates[0], self.number)), NEW)

    @property
    def more(self) -> dict[str, Any]:
        """The configuration beside the request."""
        return STUCK if (self.cell.verb, self.cell.fault) == ("update", "stuck") else {}

    @property
    def told(self) -> Told:
        cell = self.cell
        errors = [cell.error] if cell.error else []
        told = [[summary(cell.row, name, cell.verb) for name in names] for names in (errors, cell.warnings)]
        return told[0], told[1]

    @property
    def end(self) -> End:
        """The status in the state and the status in Immuta."""
        cell = self.cell
        *age, status = cell.held.split()
        kept = cell.state.removeprefix("old ").removeprefix("new ")
        return kept, " ".join((*age, status if cell.fault == "stuck" else MEANWHILE.get(status, status)))

    def break_(self, simulator: Immuta) -> None:
        """Its fault, from now on."""
        cell, id = self.cell, str(self.number)
        if cell.call == "server":
            simulator.alter("integrations", id, status="creating" if cell.fault == "stuck" else cell.fault)
        if cell.call in ("server", "list") or cell.fault == "nothing":
            return
        match: dict[str, Any] = {"operation": cell.call.rpartition("+")[2]}
        if cell.verb == "create":
            match["type"] = self.before["type"]
            # The integrations of other subjects are read, too.
            match["path"] = rf"^/integrations(?!/({'|'.join(str(s.number) for s in SUBJECTS)})$)"
        else:
            match["id"] = id
        every = cell.which == "every"
        simulator.fault(
            telling(FAULTS.get(cell.fault, {"kind": "outcome", "status": cell.fault}), "nothing"),
            call=1 if every else int(cell.which),
            times=None if every else 1,
            **match,
        )


Told = tuple[list[str], list[str]]
End = tuple[str, str]
# Time goes on here, so a transition ends meanwhile.
MEANWHILE = {"editing": "enabled", "creating": "enabled", "deleting": "-"}
FAULTS = {
    **ACTIONS,
    "slow": {"kind": "delay", "seconds": 3 * REQUEST_TIMEOUT},
    "stuck": {"kind": "outcome", "status": "editing"},
}
SUBJECTS = [Subject(TABLE[name], n) for n, name in enumerate(CHOSEN, 1)]


def of(*verbs: str) -> list[Subject]:
    return [subject for subject in SUBJECTS if subject.cell.verb in verbs]


def configuration(*made: list[Subject], after: bool = False) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for subject in (each for subjects in made for each in subjects):
        resource, name = subject.address.split(".")
        request = subject.after if after else subject.before
        resources.setdefault(resource, {})[name] = {**attributes(request), **subject.more}
    source = {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}
    return {"terraform": source, **({"resource": resources} if resources else {})}


def imports(ids: dict[str, str]) -> dict[str, Any]:
    """`ids`: by address."""
    return {"import": [{"to": address, "id": id} for address, id in ids.items()]}


def run(terraform: Terraform, *command: str) -> dict[str, Told]:
    """The errors and the warnings of each resource, except the reasons for a planned update."""
    _, stdout, stderr = terraform.run(*command, "-json", "-parallelism=30")
    assert stderr == ""
    told: dict[str, Told] = {}
    for line in stdout.splitlines():
        diagnostic = json.loads(line).get("diagnostic")
        if diagnostic is not None:
            assert "The provider failed on" not in diagnostic["summary"], diagnostic
            if diagnostic["summary"].startswith("An update sends "):
                continue
            own = told.setdefault(diagnostic.get("address", ""), ([], []))
            own[diagnostic["severity"] == "warning"].append(diagnostic["summary"])
    return told


def apply(terraform: Terraform) -> dict[str, Told]:
    return run(terraform, "apply", "-auto-approve")


def expected_of(subjects: list[Subject]) -> dict[str, Told]:
    """The diagnostics of each subject, without an address while it is imported or not configured any more."""
    expected: dict[str, Told] = {}
    for subject in subjects:
        if subject.told != ([], []):
            address = "" if subject.cell.verb in ("delete", "import") else subject.address
            errors, warnings = expected.setdefault(address, ([], []))
            errors += subject.told[0]
            warnings += subject.told[1]
    return expected


def in_any_order(told: dict[str, Told]) -> dict[str, tuple[list[str], ...]]:
    return {address: tuple(map(sorted, both)) for address, both in told.items()}


def states(terraform: Terraform) -> dict[str, str]:
    """The status in the state of each resource, after `tainted` where it is."""
    return {
        f"{r['type']}.{r['name']}": " ".join(
            filter(None, (r["instances"][0].get("status"), r["instances"][0]["attributes"]["status"]))
        )
        for r in terraform.state()["resources"]
    }


def planned(terraform: Terraform) -> set[str]:
    """The addresses with planned actions."""
    terraform.ok("plan", "-out", "plan")
    changes = terraform.show_json("plan").get("resource_changes", [])
    return {c["address"] for c in changes if c["change"]["actions"] != ["no-op"]}


def actual(simulator: Immuta, subject: Subject) -> str:
    for integration in simulator.stored("integrations"):
        sent = integration["sent"]
        if (
            sent == subject.after
            if subject.cell.verb == "create"
            else integration["id"] == str(subject.number)
        ):
            status: str = integration["status"]
            status = status if subject.cell.fault == "stuck" else MEANWHILE.get(status, status)
            if subject.cell.verb == "update":
                return f"{'old' if sent == subject.before else 'new'} {status}"
            return status
    return "-"


def ends(terraform: Terraform, simulator: Immuta, subjects: list[Subject]) -> dict[str, End]:
    state = states(terraform)
    return {s.cell.name: (state.get(s.address, "-"), actual(simulator, s)) for s in subjects}


@pytest.fixture
def simulator() -> Iterator[Immuta]:
    with Immuta() as running:
        yield running


@pytest.fixture
def terraform(tmp_path: Path, simulator: Immuta) -> Terraform:
    teardown = {name: value for name, value in TEARDOWN.items() if "AZURE_SYNAPSE" not in name}
    connection = simulator.environment
    return Terraform(tmp_path, environment={**connection, **ENVIRONMENT, **teardown})


def test_the_forty_are_of_each_verb_and_of_each_fault() -> None:
    chosen = [TABLE[name] for name in CHOSEN]
    faults = {
        (cell.fault, cell.which == "every") if cell.fault == "401" else cell.fault for cell in TABLE.values()
    }
    rare = {"500-after", "exists-itself", "migrateError", "deleted", "removed"}
    by_fault = Counter(
        (cell.fault, cell.which == "every") if cell.fault == "401" else cell.fault for cell in chosen
    )
    assert len(chosen) == 40
    assert set(by_fault) == faults - rare
    assert max(by_fault.values()) == 2
    assert {verb: 7 <= n <= 9 for verb, n in Counter(cell.verb for cell in chosen).items()} == dict.fromkeys(
        ("create", "update", "delete", "read", "import"), True
    )


def test_forty_cells_end_as_the_table_says_with_the_real_terraform(
    terraform: Terraform, simulator: Immuta
) -> None:
    there, imported = of("update", "delete", "read"), of("import")
    for subject in (*there, *imported):
        simulator.plant(
            "integrations", changed(subject.before, FILLED_IN[short(subject.cell.row)]), str(subject.number)
        )
    terraform.write({**configuration(there), **imports({s.address: str(s.number) for s in there})})
    terraform.ok("init")
    assert apply(terraform) == {}
    assert set(states(terraform).values()) == {"enabled"}

    # Reads and imports go wrong: nothing is done, and the state is as it was.
    terraform.write(
        {**configuration(there, imported), **imports({s.address: str(s.number) for s in imported})}
    )
    (refused,) = (s for s in there if s.cell.fault == "refused")
    nowhere = {"IMMUTA_HOST": "http://127.0.0.1:9", "IMMUTA_MAX_RETRIES": "0"}
    reached = dict(terraform.environment)
    terraform.environment.update(nowhere)
    assert run(terraform, "plan", f"-target={refused.address}").get(refused.address) == refused.told
    terraform.environment = reached
    simulator.fault("empty-list", operation="list", times=None)
    asked = [s for s in (*there, *imported) if s.cell.verb in ("read", "import") and s is not refused]
    for subject in asked:
        subject.break_(simulator)
    assert in_any_order(run(terraform, "plan")) == in_any_order(expected_of(asked))
    reads = of("read")
    assert ends(terraform, simulator, reads) == {s.cell.name: s.end for s in reads}
    simulator.clear_faults()
    for subject in imported:
        if subject.cell.fault == "stuck":
            simulator.alter("integrations", str(subject.number), status="enabled")

    # Creates, updates and deletes go wrong. The imports are tried again, and each is written to.
    # Counted in seconds: the lists that others of this run ask for would count as looks, too.
    simulator.settings(transition_seconds=2)
    simulator.clear_requests()
    written = of("create", "update", "delete")
    for subject in written:
        subject.break_(simulator)
    remaining = [s for s in SUBJECTS if s.cell.verb != "delete"]
    ids = {s.address: str(s.number) for s in imported}
    terraform.write({**configuration(remaining, after=True), **imports(ids)})
    terraform.environment["IMMUTA_REQUEST_TIMEOUT"] = str(REQUEST_TIMEOUT)
    diagnostics = apply(terraform)
    sick = [s for s in imported if s.cell.call == "server"]
    assert in_any_order(diagnostics) == in_any_order(expected_of([*written, *sick]))
    assert ends(terraform, simulator, written) == {s.cell.name: s.end for s in written}
    # An integration that was recognised after a lost answer got its secrets again.
    recognised = [s.after for s in written if "adopted" in s.cell.warnings]
    theirs = {i["id"] for i in simulator.stored("integrations") if i["sent"] in recognised}
    puts = {r["id"] for r in simulator.requests("update")}
    assert puts == {str(s.number) for s in (*of("update"), *imported)} | theirs

    # The world is well again.
    del terraform.environment["IMMUTA_REQUEST_TIMEOUT"]
    simulator.clear_faults()
    simulator.settings(transition_seconds=None)
    for subject in written:
        if subject.cell.fault == "stuck":
            simulator.alter("integrations", str(subject.number), status="enabled")
        if subject.cell.more.startswith("import"):
            found = (i["id"] for i in simulator.stored("integrations") if i["sent"] == subject.after)
            ids[subject.address] = next(found)
    terraform.environment.update(TEARDOWN)
    terraform.write({**configuration(remaining, after=True), **imports(ids)})
    assert planned(terraform) == {s.address for s in written if s.cell.more.endswith("1")}
    assert all(not errors for errors, _ in apply(terraform).values())
    assert planned(terraform) == set()
    in_use = [i["sent"] for i in simulator.stored("integrations") if i["status"] != "disabled"]
    assert sorted(map(str, in_use)) == sorted(str(s.after) for s in remaining)

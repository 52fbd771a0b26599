"""Forty cells of the table through the real Terraform: many integrations in one configuration, each with its own fault.

What a fault befalls is told apart by the integration's id, and for creates by its type, of which there is one each.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from support.fault_cells import ACTIONS, ENVIRONMENT, RESOURCES, TEARDOWN, TITLES, UPDATES, telling
from support.fault_table import SUMMARIES, Cell, cells
from support.scenarios import BASES, attributes, changed, filled
from support.simulator import Simulator
from support.terraform import Terraform

CHOSEN = [
    "update-update-redirect-1-S",
    "update-update-403-1-S",
    "update-update-404-every-S",
    "update-update-html-404-1-S",
    "update-update-422-1-S",
    "update-update-busy-1-S",
    "update-update-500-1-S",
    "update-update-reset-before-1-S",
    "update-update-reset-after-1-S",
    "update-update-truncated-1-S",
    "update-update-malformed-1-S",
    "update-update-wrong-shape-every-S",
    "update-update-429-after-1-S",
    "update-update-401-1-S",
    "update-update-editError-1-S",
    "update-update-createError-1-S",
    "update-update-recurringValidationError-1-S",
    "update-update-deleteError-1-S",
    "update-update-hibernating-1-S",
    "update-get-403-2-S",
    "update-get-404-1-S",
    "update-get-502-2-S",
    "update-status-html-404-every-S",
    "update-status-redirect-1-S",
    "update-get-403-4+-S",
    "delete-delete-403-1-S",
    "delete-delete-422-1-S",
    "delete-delete-busy-1-S",
    "delete-delete-reset-after-1-S",
    "delete-delete-malformed-1-S",
    "delete-delete-deleteError-1-S",
    "delete-delete-disabled-1-S",
    "delete-get-404-every-S",
    "delete-get-redirect-2-S",
    "delete-get-500-1-S",
    "create-create-422-1-B",
    "create-create-reset-after-1-R",
    "create-create-createError-1-T",
]
# These need a configuration of their own: a list befalls everybody, and an import block has to be pasted.
ALONE = ["create-create-reset-after-1-T", "read-list-malformed-every-S"]

REQUESTS = {
    "S": BASES["snowflake"],
    "R": BASES["redshift"],
    "T": BASES["trino"],
    "B": BASES["bigquery"],
}
TABLE = {cell.name: cell for cell in cells()}


class Subject(NamedTuple):
    """The integration that a cell is played on."""

    cell: Cell
    number: int

    @property
    def name(self) -> str:
        return f"n{self.number}"

    @property
    def address(self) -> str:
        return f"{RESOURCES[self.cell.type]}.{self.name}"

    @property
    def before(self) -> dict[str, Any]:
        return filled(REQUESTS[self.cell.type], self.number)  # type: ignore[no-any-return]

    @property
    def after(self) -> dict[str, Any]:
        return changed(self.before, UPDATES[self.cell.type]) if self.cell.verb == "update" else self.before

    @property
    def errors(self) -> list[str]:
        return [self._summary(self.cell.error)] if self.cell.error else []

    @property
    def warnings(self) -> list[str]:
        return [self._summary(name) for name in self.cell.warnings]

    def _summary(self, name: str) -> str:
        done = "updated" if self.cell.verb == "update" else "created"
        return SUMMARIES[name].format(title=TITLES[self.cell.type], done=done)

    @property
    def end(self) -> End:
        """Without an address, what is told of a delete is looked at elsewhere."""
        cell = self.cell
        *age, status = cell.held.split()
        kept = cell.state.removeprefix("old ").removeprefix("new ")
        told = ([], []) if cell.verb == "delete" else (self.errors, self.warnings)
        return (*told, kept, " ".join((*age, MEANWHILE.get(status, status))))

    @property
    def fault(self) -> dict[str, Any]:
        cell = self.cell
        match: dict[str, Any] = {"operation": cell.call}
        match |= {"type": self.before["type"]} if cell.verb == "create" else {"id": str(self.number)}
        action = ACTIONS.get(cell.fault, {"kind": "outcome", "status": cell.fault})
        every = cell.which == "every"
        return {
            "match": match,
            "action": telling(action, "nothing"),
            "call": 1 if every else int(cell.which.rstrip("+")),
            "times": None if every or cell.which.endswith("+") else 1,
        }


SUBJECTS = [Subject(TABLE[name], n) for n, name in enumerate(CHOSEN, 1)]


def configuration(requests: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """`requests`: by address."""
    resources: dict[str, dict[str, Any]] = {}
    for address, request in requests.items():
        resource, name = address.split(".")
        resources.setdefault(resource, {})[name] = attributes(request)
    source = {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}
    return {"terraform": source, **({"resource": resources} if resources else {})}


def apply(terraform: Terraform, *options: str) -> dict[str, tuple[list[str], list[str]]]:
    """The errors and the warnings of each resource; those of a plan that are repeated in its apply count once."""
    _, stdout, stderr = terraform.run("apply", "-auto-approve", "-json", "-parallelism=30", *options)
    assert stderr == ""
    told: dict[str, tuple[list[str], list[str]]] = {}
    for line in stdout.splitlines():
        diagnostic = json.loads(line).get("diagnostic")
        if diagnostic is not None:
            assert "The provider failed on" not in diagnostic["summary"], diagnostic
            own = told.setdefault(diagnostic.get("address", ""), ([], []))
            own[diagnostic["severity"] == "warning"].append(diagnostic["summary"])
    return told


def states(terraform: Terraform) -> dict[str, str]:
    """The status in the state of each resource, after `tainted` where it is."""
    return {
        f"{r['type']}.{r['name']}": " ".join(
            filter(None, (r["instances"][0].get("status"), r["instances"][0]["attributes"]["status"]))
        )
        for r in terraform.state()["resources"]
    }


def planned(terraform: Terraform) -> dict[str, list[str]]:
    terraform.ok("plan", "-out", "plan")
    changes = terraform.show_json("plan").get("resource_changes", [])
    return {c["address"]: c["change"]["actions"] for c in changes if c["change"]["actions"] != ["no-op"]}


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.fixture
def terraform(tmp_path: Path, simulator: Simulator) -> Terraform:
    environment = {"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key}
    made = Terraform(tmp_path, environment={**environment, **ENVIRONMENT, **TEARDOWN})
    made.write(configuration({}))
    return made


def test_many_cells_at_once(terraform: Terraform, simulator: Simulator) -> None:
    there = [subject for subject in SUBJECTS if subject.cell.verb != "create"]
    wanted = {s.address: s.after for s in SUBJECTS if s.cell.verb != "delete"}
    for subject in there:
        filled_in = changed(subject.before, {"config.port": 443})
        simulator.admin.plant(filled_in, str(subject.number))
    terraform.write(
        {
            **configuration({s.address: s.before for s in there}),
            "import": [{"to": s.address, "id": str(s.number)} for s in there],
        }
    )
    terraform.ok("init")
    assert apply(terraform) == {}
    assert set(states(terraform).values()) == {"enabled"}

    # Counted in seconds: the lists that others of this run ask for would count as looks, too.
    simulator.admin.settings(transition_seconds=3)
    for subject in SUBJECTS:
        simulator.admin.ask("POST", "/faults", subject.fault)
    terraform.write(configuration(wanted))
    told = apply(terraform)
    ends = {s.cell.name: end(s, told, states(terraform), simulator) for s in SUBJECTS}
    assert ends == {s.cell.name: s.end for s in SUBJECTS}
    # What goes wrong while something is destroyed that is configured no more comes without an address.
    deletes = [subject for subject in SUBJECTS if subject.cell.verb == "delete"]
    nowhere = ([e for s in deletes for e in s.errors], [w for s in deletes for w in s.warnings])
    assert {address: tuple(map(sorted, both)) for address, both in told.items()} == {
        "": tuple(map(sorted, nowhere))
    }

    simulator.admin.clear_faults()
    simulator.admin.settings(transition_seconds=None)
    changes = planned(terraform)
    assert [s.cell.name for s in SUBJECTS if s.cell.verb != "delete" and s.address in changes] == [
        s.cell.name for s in SUBJECTS if s.cell.verb != "delete" and s.cell.more == "1"
    ]
    assert all(not errors for errors, _ in apply(terraform).values())
    assert planned(terraform) == {}
    in_use = [i["sent"] for i in simulator.admin.integrations() if i["status"] != "disabled"]
    assert sorted(map(str, in_use)) == sorted(map(str, wanted.values()))


End = tuple[list[str], list[str], str, str]
# Nobody stops the time here: what is under way ends meanwhile.
MEANWHILE = {"editing": "enabled", "creating": "enabled", "deleting": "-"}


def end(
    subject: Subject,
    told: dict[str, tuple[list[str], list[str]]],
    state: dict[str, str],
    simulator: Simulator,
) -> End:
    held = "-"
    for integration in simulator.admin.integrations():
        if matches(integration, subject):
            held = MEANWHILE.get(integration["status"], integration["status"])
            if subject.cell.verb == "update":
                held = f"{'old' if integration['sent'] == subject.before else 'new'} {held}"
    errors, warnings = told.pop(subject.address, ([], []))
    return errors, warnings, state.get(subject.address, "-"), held


def matches(integration: dict[str, Any], subject: Subject) -> bool:
    if subject.cell.verb == "create":
        return bool(integration["type"] == subject.before["type"])
    return bool(integration["id"] == str(subject.number))


def test_an_ambiguous_create_and_the_import_that_helps(terraform: Terraform, simulator: Simulator) -> None:
    cell = TABLE[ALONE[0]]
    address = f"{RESOURCES['T']}.this"
    terraform.write(configuration({address: REQUESTS["T"]}))
    terraform.ok("init")
    simulator.admin.fault("reset-after", operation="create")
    assert apply(terraform) == {address: ([SUMMARIES[cell.error]], [])}
    assert (states(terraform), [i["status"] for i in simulator.admin.integrations()]) == ({}, [cell.held])
    terraform.write(
        {**configuration({address: REQUESTS["T"]}), "import": [{"to": address, "id": "1"}]},
    )
    assert apply(terraform) == {}
    assert planned(terraform) == {}
    assert len(simulator.admin.integrations()) == 1


def test_a_refresh_that_fails_keeps_the_state(terraform: Terraform, simulator: Simulator) -> None:
    cell = TABLE[ALONE[1]]
    address = f"{RESOURCES['S']}.this"
    request = filled(REQUESTS["S"], 1)
    terraform.write(configuration({address: request}))
    terraform.ok("init")
    assert apply(terraform) == {}
    simulator.admin.fault("malformed", operation="list", times=None)
    assert apply(terraform) == {address: ([SUMMARIES[cell.error]], [])}
    assert states(terraform) == {address: cell.state}
    simulator.admin.clear_faults()
    assert planned(terraform) == {}

"""A domain, whose id the provider chooses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core

NAME = "Sales"
LOST: dict[str, Any] = {"kind": "drop", "after_work": True}
FAILED: dict[str, Any] = {"kind": "respond", "status": 503, "after_work": True}
UNDONE: dict[str, Any] = {"kind": "drop"}


@pytest.fixture
def domain(core: Callable[..., Core]) -> Core:
    return core("immuta_domain")


def names(world: Core) -> list[tuple[str, str]]:
    return [(each["id"], each["name"]) for each in world.control.stored("domains")]


def posts(world: Core) -> int:
    return len(world.control.requests("record-create")["requests"])


@pytest.mark.parametrize("fault", [LOST, FAILED], ids=["lost", "failed"])
def test_repeated_create_of_our_own_domain_is_recognised(domain: Core, fault: dict[str, Any]) -> None:
    domain.control.add_fault({"match": {"operation": "record-create"}, "action": fault, "times": 1})
    applied = domain.apply({"name": NAME})
    assert (applied.errors, applied.warnings) == ([], ["The domain was recognised after a lost answer"])
    assert domain.instance is not None
    assert names(domain) == [(domain.instance.state["id"], NAME)]
    assert posts(domain) == 2
    assert domain.apply({"name": NAME}).action == "none"


def test_create_whose_request_was_lost_is_repeated(domain: Core) -> None:
    domain.control.add_fault({"match": {"operation": "record-create"}, "action": UNDONE, "times": 1})
    assert domain.apply({"name": NAME}).diagnostics == []
    assert (len(names(domain)), posts(domain)) == (1, 2)


def test_domain_of_the_same_name_is_not_taken_over(domain: Core) -> None:
    """Neither one from before, nor one that somebody else made while the answer was lost."""
    other = domain.control.plant("domains", {"name": NAME, "type": "domain"})["id"]
    refused = domain.apply({"name": NAME})
    assert refused.errors == ["The domain exists already"]
    assert f'id = "{other}"' in refused.diagnostics[0].detail
    domain.control.remove("domains", other)

    def meanwhile(operation: str) -> None:
        if operation == "record-create" and not names(domain):
            domain.control.plant("domains", {"name": NAME, "type": "domain"})

    domain.control.add_fault({"match": {"operation": "record-create"}, "action": UNDONE, "times": 1})
    domain.transport.before = meanwhile
    refused = domain.apply({"name": NAME})
    assert (refused.errors, domain.instance) == (["The domain exists already"], None)
    assert len(names(domain)) == 1


def test_a_removed_description_is_removed_in_immuta(domain: Core) -> None:
    domain.apply({"name": NAME, "description": "About"})
    [held] = domain.control.stored("domains")
    assert domain.apply({"name": NAME}).diagnostics == []
    assert domain.control.stored("domains") == [{**held, "description": None}]
    assert domain.apply({"name": NAME}).action == "none"


@pytest.mark.parametrize("by", ["id", "name"])
def test_import(domain: Core, by: str) -> None:
    held = domain.control.plant("domains", {"name": NAME, "type": "domain", "description": "About"})
    assert domain.import_(held[by]).diagnostics == []
    assert domain.instance is not None
    assert domain.instance.state["id"] == held["id"]
    assert domain.apply({"name": NAME, "description": "About"}).action == "none"


def test_refresh_of_many_domains_is_one_list(domain: Core) -> None:
    for number in range(250):
        domain.control.plant("domains", {"name": f"Domain {number}", "type": "domain"})
    assert domain.import_("Domain 249").diagnostics == []
    process = domain.start()
    assert not process.configure([])
    domain.control.clear_requests()
    for held in domain.control.stored("domains"):
        known = domain.full({"name": held["name"]})
        state, _ = process.read({**known, "id": held["id"]}, b"", [])
        assert state is not None
    # Two pages, and an empty one, since the answers have no count.
    assert domain.control.requests()["counts"] == {"record-list": 3}

"""The integrations of a simulator, without HTTP."""

from __future__ import annotations

from immuta_simulator.control import Control
from immuta_simulator.integrations.tenant import Tenant


def tenant_of(control: Control) -> Tenant:
    found = control.holding("integrations")
    assert isinstance(found, Tenant)
    return found

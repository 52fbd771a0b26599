from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.resources.configured import Configured
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.integrations.resource import IntegrationResource
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from support.worlds import calls, core, new_transport, reads, transport, unused_transports


class Bench:
    """One resource type whose provider data a test can change."""

    def __init__(self, resource: str) -> None:
        self.configured = Configured(None, Fingerprints("a key"), teardown.read(INTEGRATIONS, None, {}))
        self.resource = IntegrationResource(BY_RESOURCE[resource], lambda: self.configured)

    def value(self, **attributes: Any) -> dict[str, Any]:
        """A configuration or state: every attribute, null where it is not given."""
        value: dict[str, Any] = {a.name: None for a in self.resource.schema.attributes}
        assert attributes.keys() <= value.keys()
        return {**value, **attributes}


@pytest.fixture
def bench() -> Callable[[str], Bench]:
    return Bench


__all__ = ["calls", "core", "new_transport", "reads", "transport", "unused_transports"]

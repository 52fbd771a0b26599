from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.resources.configured import Configured
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.integrations.resource import IntegrationResource
from immuta_provider.resources.secrets.fingerprints import Fingerprints
from support.core import Core


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


@pytest.fixture
def core() -> Iterator[Callable[..., Core]]:
    """Makes a `Core`, and closes every one that it made."""
    made: list[Core] = []

    def make(*arguments: Any, **options: Any) -> Core:
        made.append(Core(*arguments, **options))
        return made[-1]

    yield make
    for each in made:
        each.close()

"""The objects of a simulator as they once were, to put back in a fraction of the time that it takes to make them."""

from __future__ import annotations

import copy
from typing import Any

from immuta_simulator.control import Control

KEPT = ("by_id", "next_id", "records", "moving", "places", "listed")
"""The attributes of a collection that hold its objects."""


class Snapshot:
    def __init__(self, control: Control) -> None:
        self.kept = {name: copy.deepcopy(_objects(holding)) for name, holding in control.holdings.items()}

    def restore(self, control: Control) -> None:
        for name, objects in self.kept.items():
            vars(control.holdings[name]).update(copy.deepcopy(objects))


def _objects(holding: Any) -> dict[str, Any]:
    return {name: value for name, value in vars(holding).items() if name in KEPT}

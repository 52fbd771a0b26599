"""A local Immuta for a test: the simulator on a free port."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from immuta_simulator.control import Control
    from immuta_simulator.family import Family
    from immuta_simulator.server import Server

PATIENCE = 30.0
"""Seconds for the simulator to start, and to stop."""


class Immuta:
    """A simulated Immuta on 127.0.0.1, from entering the `with` block to leaving it; the fixture `immuta` is one.

    It holds its objects in collections, such as `integrations`, `users`, `tags` and `policies`. An unknown collection, id,
    fault or setting is an error that names the known ones.

    Args:
        port: the TCP port. Default: a free one.
        data: an SQLite file that keeps the objects. Default: they are kept in memory.
        families: the families of objects. Default: all.
        settings: the simulator's settings, as its page `/docs` describes them, and `api_key`.
    """

    url: str
    """The URL, once the simulator runs: the provider's `host`."""
    control: Control
    """The simulator itself, once it runs."""

    def __init__(
        self,
        *,
        port: int = 0,
        data: Path | None = None,
        families: Sequence[type[Family]] | None = None,
        **settings: Any,
    ) -> None:
        self._port, self._data, self._families, self._settings = port, data, families, settings

    def __enter__(self) -> Self:
        try:
            from immuta_simulator.control import Control
            from immuta_simulator.families import FAMILIES
            from immuta_simulator.server import Server
            from immuta_simulator.settings import Settings
            from immuta_simulator.storage import SQLite
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f'{error.name} is not installed; `pip install "cdktf-immuta[testing]"` brings it',
                name=error.name,
            ) from error
        self.control = Control(
            Settings(**self._settings),
            SQLite(self._data) if self._data else None,
            families=tuple(self._families or FAMILIES),
        )
        started = threading.Event()
        self.server: Server = Server(self.control, self._port, ready=lambda url: started.set())
        self.url = self.server.url
        self._thread = threading.Thread(target=self.server.serve_until_stopped, name="immuta", daemon=True)
        self._thread.start()
        if not started.wait(PATIENCE):
            raise TimeoutError(f"the simulator did not start within {PATIENCE:.0f} s")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.should_exit = True
        self._thread.join(PATIENCE)

    @property
    def api_key(self) -> str:
        """The API key that requests need."""
        return self.control.settings.api_key

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables with which the provider finds this Immuta."""
        return {"IMMUTA_HOST": self.url, "IMMUTA_API_KEY": self.api_key}

    def stored(self, collection: str) -> list[dict[str, Any]]:
        """Returns the objects of a collection, oldest first, secrets in plain text."""
        return self.control.stored(collection)

    def sent(self) -> list[Any]:
        """Returns the payload of each integration as it was last sent."""
        return [integration["sent"] for integration in self.stored("integrations")]

    def plant(self, collection: str, object: Mapping[str, Any], id: str | None = None) -> dict[str, Any]:
        """Stores an object without any check, as if someone else had made it, and returns the stored object.

        With an `id` the object replaces the one of that id.
        """
        return self.control.plant(collection, object, id)

    def alter(self, collection: str, id: str | int, **change: Any) -> dict[str, Any]:
        """Changes keys of an object, as if someone else had done it, and returns the object. Mappings are merged."""
        return self.control.alter(collection, str(id), change)

    def remove(self, collection: str, id: str | int) -> None:
        """Removes an object, as if someone else had done it."""
        self.control.remove(collection, str(id))

    def fault(
        self, action: str | Mapping[str, Any], *, call: int = 1, times: int | None = 1, **match: Any
    ) -> dict[str, Any]:
        """Switches a fault on: `fault("rate-limited", operation="create")`.

        Args:
            action: the name of a fault, or an action as the simulator's page `/docs` describes it.
            call: the first matching request that the fault acts on, from 1.
            times: the number of requests that the fault acts on; None for all.
            match: the requests, by any of `method`, `path`, `operation`, `type` and `id`. Default: every request.
        """
        return self.control.add_fault({"action": action, "call": call, "times": times, "match": match})

    def faults(self) -> list[dict[str, Any]]:
        """Returns the faults that are switched on; `hits` is the number of requests that each has acted on."""
        return self.control.faults()

    def clear_faults(self) -> None:
        """Switches every fault off."""
        self.control.clear_faults()

    def requests(self, operation: str | None = None) -> list[dict[str, Any]]:
        """Returns the requests so far, also of one operation: `method path query headers operation id body status faults`."""
        found: list[dict[str, Any]] = self.control.requests(operation)["requests"]
        return found

    def calls(self) -> list[str]:
        """Returns the requests so far as `METHOD path status`; the status of a connection that was cut is `-`."""
        return [f"{each['method']} {each['path']} {each['status'] or '-'}" for each in self.requests()]

    def counts(self) -> dict[str, int]:
        """Returns the number of requests of each operation."""
        counts: dict[str, int] = self.control.requests("none")["counts"]
        return counts

    def clear_requests(self) -> None:
        """Forgets the requests so far."""
        self.control.clear_requests()

    def settings(self, **changes: Any) -> dict[str, Any]:
        """Changes settings, and returns all of them."""
        return self.control.change_settings(changes)

    def expire_tokens(self) -> None:
        """Expires every bearer token that was issued."""
        self.control.expire_tokens()

    def reset(self) -> None:
        """Removes objects, faults, tokens and requests, and restores the settings of the start."""
        self.control.reset()

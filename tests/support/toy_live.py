"""A toy provider for the real Terraform: things are JSON files in the folder TOY_FOLDER, and each method that is called is a line
of `calls` there.

Run by Terraform, as `python -I -S toy_live.py`, from a mirror that `test_terraform` makes.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", "provider")))
sys.path.insert(0, os.path.abspath(os.path.join(os.path.dirname(__file__), "..")))

from immuta_provider.plugin.interfaces import Opened, Parameter, Planned, Renewed, Stored
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.schema import Attribute, IdentityAttribute, IdentitySchema, ReadSchema, Schema
from immuta_provider.plugin.transport import handshake
from immuta_provider.plugin.transport.server import serve
from immuta_provider.plugin.types import NUMBER, STRING
from immuta_provider.plugin.values import UNKNOWN
from support.toy_provider import ToyAction, ToyDataSource, ToyEphemeral, ToyProvider, ToyResource

if TYPE_CHECKING:
    from collections.abc import Callable

    from immuta_provider.plugin.diagnostics import Diagnostics
    from immuta_provider.plugin.interfaces import Object

FOLDER = os.environ.get("TOY_FOLDER", "")
HOST = "toy.example"


def note(*call: object) -> None:
    with open(os.path.join(FOLDER, "calls"), "a") as file:
        file.write(json.dumps(call, default=lambda value: "unknown") + "\n")


def path(id: str) -> str:
    return os.path.join(FOLDER, f"thing-{id}.json")


def thing(id: str) -> Object | None:
    try:
        with open(path(id)) as file:
            found: Object = json.load(file)
            return found
    except FileNotFoundError:
        return None


def identity(id: object) -> Object:
    return {"host": HOST, "id": id}


THING = Schema(
    (
        Attribute("id", STRING, computed=True),
        Attribute("name", STRING, required=True),
        Attribute("size", NUMBER, optional=True),
        Attribute("password", STRING, optional=True, write_only=True),
    )
)
IDENTITY = IdentitySchema(
    (
        IdentityAttribute("host", STRING, optional_for_import=True),
        IdentityAttribute("id", STRING, required_for_import=True),
    )
)


class Thing(ToyResource):
    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        return Stored(thing(state["id"]), private, identity=identity(state["id"]))

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        if proposed is None:
            return Planned(None)
        if prior is None:
            return Planned({**proposed, "id": UNKNOWN}, identity=identity(UNKNOWN))
        # A new name is a new thing.
        return Planned(proposed, private, (("name",),) if prior["name"] != proposed["name"] else ())

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        if planned is None:
            os.unlink(path((prior or {})["id"]))
            return Stored(None)
        id = prior["id"] if prior is not None else f"id-of-{planned['name']}"
        made = {**planned, "id": id}
        with open(path(id), "w") as file:
            json.dump(made, file)
        return Stored(made, private, identity=identity(id))


class ThingSource(ToyDataSource):
    schema = ReadSchema((Attribute("id", STRING, required=True), Attribute("size", NUMBER, computed=True)))

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        note("read", config)
        found = thing(config["id"])
        if found is None:
            diagnostics.error("No such thing", "there is none of this id.", ("id",))
            return None
        return {"id": config["id"], "size": found["size"]}


class Key(ToyEphemeral):
    schema = ReadSchema(
        (Attribute("name", STRING, required=True), Attribute("key", STRING, computed=True, sensitive=True))
    )

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened:
        note("open", config)
        return Opened({**config, "key": "toy-key-of-" + config["name"]}, 1.0, b"opened")

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed:
        note("renew", private.decode())
        return Renewed(None, b"renewed")

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        note("close", private.decode())


class Join:
    parameters = (Parameter("separator", STRING),)
    variadic: Parameter | None = Parameter("parts", STRING)
    returns = STRING
    summary = "Joins texts"
    description = "Joins texts."

    def call(self, arguments: list[Any]) -> str:
        separator, *parts = arguments
        joined: str = separator.join(parts)
        return joined


class Poke(ToyAction):
    schema = Schema(
        (Attribute("id", STRING, required=True), Attribute("secret", STRING, optional=True, write_only=True))
    )

    def plan(self, config: Object, diagnostics: Diagnostics) -> None:
        note("plan poke", config)

    def invoke(self, config: Object, progress: Callable[[str], None], diagnostics: Diagnostics) -> None:
        note("poke", config)
        progress(f"poking {config['id']}")
        diagnostics.warning("Poked hard", "it may hurt.")
        progress("done")


class LiveProvider(ToyProvider):
    version = "1.0.0"

    def __init__(self) -> None:
        super().__init__(Schema(()))
        self.resources = {"toy_thing": Thing(THING, IDENTITY)}
        self.data_sources = {"toy_thing": ThingSource()}
        self.ephemeral_resources = {"toy_key": Key()}
        self.functions = {"join": Join()}
        self.list_resources = {}
        self.actions = {"toy_poke": Poke()}

    def stop(self) -> None:
        note("stop")


if __name__ == "__main__" and handshake.started_by_terraform(os.environ):
    provider = LiveProvider()
    sys.exit(serve(lambda: Service(provider), stop=provider.stop))

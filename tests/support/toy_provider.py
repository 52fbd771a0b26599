"""A provider for tests of the plugin library: nested attributes of every kind, secrets at every depth, and methods that
tests replace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Listed, Opened, Parameter, Planned, Renewed, Stored
from immuta_provider.plugin.schema import (
    Attribute,
    IdentityAttribute,
    IdentitySchema,
    Nested,
    ReadSchema,
    Schema,
)
from immuta_provider.plugin.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf
from immuta_provider.plugin.values import UNKNOWN, Unknown

if TYPE_CHECKING:
    from immuta_provider.plugin.interfaces import Object

T = TypeVar("T")

THING = Schema(
    (
        Attribute("id", STRING, computed=True, description="The thing's id."),
        Attribute("name", STRING, required=True),
        Attribute("size", NUMBER, optional=True),
        Attribute("enabled", BOOL, optional=True, computed=True),
        Attribute("tags", SetOf(STRING), optional=True),
        Attribute("labels", MapOf(STRING), optional=True),
        Attribute("point", ObjectOf({"x": NUMBER, "y": NUMBER}), optional=True, deprecated=True),
        Attribute("anything", DYNAMIC, optional=True),
        Attribute("hint", STRING, optional=True, sensitive=True),
        Attribute("password", STRING, optional=True, sensitive=True, write_only=True),
        Attribute(
            "owner",
            nested=Nested(
                (
                    Attribute("name", STRING, required=True),
                    Attribute("token", STRING, optional=True, write_only=True),
                )
            ),
            optional=True,
        ),
        Attribute(
            "rules",
            nested=Nested(
                (
                    Attribute("path", STRING, required=True),
                    Attribute(
                        "lock",
                        nested=Nested(
                            (
                                Attribute("pins", ListOf(STRING), optional=True, write_only=True),
                                Attribute("level", NUMBER, optional=True),
                            )
                        ),
                        optional=True,
                    ),
                ),
                "list",
            ),
            optional=True,
        ),
        Attribute(
            "zones",
            nested=Nested(
                (
                    Attribute("city", STRING, optional=True),
                    Attribute("key", STRING, optional=True, write_only=True),
                ),
                "map",
            ),
            optional=True,
        ),
        Attribute(
            "members", nested=Nested((Attribute("name", STRING, required=True),), "set"), optional=True
        ),
    ),
    version=3,
    description="A thing.",
)

THING_IDENTITY = IdentitySchema(
    (
        IdentityAttribute("id", STRING, "The thing's id.", required_for_import=True),
        IdentityAttribute("zones", ListOf(NUMBER), optional_for_import=True),
    ),
    version=2,
)

PLAIN = Schema((Attribute("id", STRING, computed=True), Attribute("list", ListOf(NUMBER), optional=True)))

BLOCK = Schema(
    (
        Attribute("host", STRING, required=True),
        Attribute("api_key", STRING, optional=True, sensitive=True),
        Attribute("headers", MapOf(STRING), optional=True, sensitive=True),
    )
)

NULLS: Object = dict.fromkeys(a.name for a in THING.attributes)
"""A thing of which nothing is set."""


def thing(**attributes: Any) -> Object:
    return {**NULLS, **attributes}


CONFIGURED = thing(
    name="n",
    size=7,
    tags=["b", "a"],
    labels={"k": "v"},
    point={"x": 1, "y": "0.1"},
    hint="configured hint",
    password="configured password",
    owner={"name": "o", "token": "configured token"},
    rules=[
        {"path": "p", "lock": {"pins": ["configured pin", "second pin"], "level": 1}},
        {"path": "q", "lock": {"pins": UNKNOWN, "level": Unknown({1: False, 3: [5, True]})}},
        {"path": UNKNOWN, "lock": None},
    ],
    zones={"z": {"city": Unknown({2: "Ber"}), "key": "configured key"}},
    members=[{"name": "m"}],
)
"""A thing of which most is set, with secrets at every depth and unknown values."""

WITHHELD = {
    **CONFIGURED,
    "password": None,
    "owner": {"name": "o", "token": None},
    "rules": [
        {"path": "p", "lock": {"pins": None, "level": 1}},
        {"path": "q", "lock": {"pins": None, "level": Unknown({1: False, 3: [5, True]})}},
        {"path": UNKNOWN, "lock": None},
    ],
    "zones": {"z": {"city": Unknown({2: "Ber"}), "key": None}},
}
"""The same without its write-only values."""


class _Toy:
    """Notes each call; `answers` holds functions that take a method's place."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.answers: dict[str, Callable[..., Any]] = {}

    def _call(self, method: str, default: T, *arguments: Any) -> T:
        self.calls.append((method, *arguments[:-1]))
        return self.answers[method](*arguments) if method in self.answers else default


class ToyResource(_Toy):
    def __init__(self, schema: Schema, identity: IdentitySchema | None = None) -> None:
        super().__init__()
        self.schema = schema
        self.identity = identity

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object | None:
        return self._call("upgrade", state, version, state, diagnostics)

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        return self._call("read", Stored(state, private), state, private, diagnostics)

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        default = Planned(proposed, private)
        return self._call("plan", default, prior, proposed, config, private, diagnostics)

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        default = Stored(planned, private)
        return self._call("apply", default, prior, planned, config, private, diagnostics)

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object | None:
        return self._call("upgrade_identity", identity, version, identity, diagnostics)

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        default = [Stored({"id": id or (identity or {})["id"]})]
        return self._call("import_state", default, id, identity, diagnostics)

    def move(
        self,
        source_provider: str,
        source_type: str,
        version: int,
        state: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored | None:
        arguments = (source_provider, source_type, version, state, private, diagnostics)
        return self._call("move", None, *arguments)


class ToyDataSource(_Toy):
    schema = ReadSchema(
        (
            Attribute("name", STRING, required=True),
            Attribute("token", STRING, optional=True, sensitive=True),
            Attribute("size", NUMBER, computed=True),
        ),
        description="A thing that is there.",
    )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def read(self, config: Object, diagnostics: Diagnostics) -> Object | None:
        return self._call("read", {**config, "size": 3}, config, diagnostics)


class ToyEphemeral(_Toy):
    schema = ReadSchema(
        (
            Attribute("name", STRING, required=True),
            Attribute("password", STRING, optional=True, sensitive=True),
            Attribute("key", STRING, computed=True, sensitive=True),
        )
    )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened | None:
        default = Opened({**config, "key": "key-opened"})
        return self._call("open", default, config, diagnostics)

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed | None:
        return self._call("renew", None, private, diagnostics)

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        self._call("close", None, private, diagnostics)


class ToyFunction(_Toy):
    parameters = (
        Parameter("separator", STRING, "What stands between.", nullable=True),
        Parameter("start", NUMBER, takes_unknown=True),
    )
    variadic: Parameter | None = Parameter("parts", ListOf(STRING), "What is joined.")
    returns = STRING
    summary = "Joins"
    description = "Joins lists of texts."

    def call(self, arguments: list[Any]) -> Any:
        return self._call("call", "joined", arguments, None)


class ToyList(_Toy):
    schema = Schema(
        (
            Attribute("prefix", STRING, optional=True),
            Attribute("token", STRING, optional=True, sensitive=True),
        )
    )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def list(
        self, config: Object, limit: int, include_resource: bool, diagnostics: Diagnostics
    ) -> Iterator[Listed]:
        default: Iterator[Listed] = iter(())
        return self._call("list", default, config, limit, include_resource, diagnostics)


class ToyAction(_Toy):
    schema = Schema(
        (
            Attribute("id", STRING, required=True),
            Attribute("password", STRING, optional=True, write_only=True),
        ),
        description="Pokes a thing.",
    )

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def plan(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("plan", None, config, diagnostics)

    def invoke(self, config: Object, progress: Callable[[str], None], diagnostics: Diagnostics) -> None:
        self.calls.append(("invoke", config))
        if "invoke" in self.answers:
            self.answers["invoke"](config, progress, diagnostics)


class ToyProvider(_Toy):
    name = "toy"
    version = "1.2.3"

    def __init__(self, schema: Schema = BLOCK) -> None:
        super().__init__()
        self.schema = schema
        self.thing = ToyResource(THING, THING_IDENTITY)
        self.resources: dict[str, Any] = {"toy_thing": self.thing, "toy_plain": ToyResource(PLAIN)}
        self.source = ToyDataSource()
        self.data_sources: dict[str, Any] = {"toy_thing": self.source}
        self.key = ToyEphemeral()
        self.ephemeral_resources: dict[str, Any] = {"toy_key": self.key}
        self.function = ToyFunction()
        self.functions: dict[str, Any] = {"join": self.function}
        self.list = ToyList()
        self.list_resources: dict[str, Any] = {"toy_thing": self.list}
        self.action = ToyAction()
        self.actions: dict[str, Any] = {"toy_poke": self.action}

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def configure(self, config: Object, terraform_version: str, diagnostics: Diagnostics) -> None:
        self._call("configure", None, config, terraform_version, diagnostics)

    def stop(self) -> None:
        self._call("stop", None, None)

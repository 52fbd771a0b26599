"""A provider for tests of the plugin library: nested attributes of every kind, secrets at every depth, and methods that
do as they are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.provider import Planned, Stored
from immuta_provider.plugin.schema import Attribute, Nested, Schema
from immuta_provider.plugin.types import BOOL, DYNAMIC, NUMBER, STRING, ListOf, MapOf, ObjectOf, SetOf

if TYPE_CHECKING:
    from immuta_provider.plugin.provider import Object

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


class ToyResource:
    """Notes each call; `answers` holds functions that take a method's place."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.calls: list[tuple[Any, ...]] = []
        self.answers: dict[str, Callable[..., Any]] = {}

    def _call(self, method: str, default: Any, *arguments: Any) -> Any:
        self.calls.append((method, *arguments[:-1]))
        return self.answers[method](*arguments) if method in self.answers else default

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", None, config, diagnostics)

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object | None:
        answer: Object | None = self._call("upgrade", state, version, state, diagnostics)
        return answer

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        answer: Stored = self._call("read", Stored(state, private), state, private, diagnostics)
        return answer

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        default = Planned(proposed, private)
        answer: Planned = self._call("plan", default, prior, proposed, config, private, diagnostics)
        return answer

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        default = Stored(planned, private)
        answer: Stored = self._call("apply", default, prior, planned, config, private, diagnostics)
        return answer

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object | None:
        answer: Object | None = self._call("upgrade_identity", identity, version, identity, diagnostics)
        return answer

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        default = [Stored({"id": id or (identity or {})["id"]})]
        answer: list[Stored] = self._call("import_state", default, id, identity, diagnostics)
        return answer

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
        answer: Stored | None = self._call("move", None, *arguments)
        return answer


class ToyProvider:
    name = "toy"
    version = "1.2.3"

    def __init__(self, schema: Schema = BLOCK) -> None:
        self.schema = schema
        self.thing = ToyResource(THING)
        self.resources: dict[str, Any] = {"toy_thing": self.thing, "toy_plain": ToyResource(PLAIN)}
        self.calls: list[tuple[Any, ...]] = []
        self.answers: dict[str, Callable[..., Any]] = {}

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        self._call("validate", config, diagnostics)

    def configure(self, config: Object, terraform_version: str, diagnostics: Diagnostics) -> None:
        self._call("configure", config, terraform_version, diagnostics)

    def stop(self) -> None:
        self._call("stop", None)

    def _call(self, method: str, *arguments: Any) -> None:
        self.calls.append((method, *arguments[:-1]))
        if method in self.answers:
            self.answers[method](*arguments)

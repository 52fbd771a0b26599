"""The provider's calls by name, message for message, for what `Core` does not do: identities, lists, actions.

calls = Calls(transport)                      # an InProcess; a provider that is configured
calls.plan("immuta_trino_integration", {})    # -> Answer(values, diagnostics)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.plugin.protocol.service import Service
from immuta_provider.plugin.values import UNKNOWN
from immuta_provider.provider import ImmutaProvider
from support.core import ENVIRONMENT, InProcess, Value, decoded, diagnostics_in, encoded

Told = tuple[str, str, str]


class Answer(NamedTuple):
    """The decoded fields that a test looks at, and each diagnostic as (severity, summary, detail)."""

    values: Any
    diagnostics: list[Told]


class Calls:
    """One provider process. `host` None leaves it without one, as a provider block that is not known yet does."""

    def __init__(self, transport: InProcess, host: str | None = ENVIRONMENT["IMMUTA_HOST"]) -> None:
        self.provider = ImmutaProvider(ENVIRONMENT, transport=transport, clock=transport.clock)
        self._service = Service(self.provider)
        config = encoded(self.provider.schema, {"host": host if host is not None else UNKNOWN})
        request = {"terraform_version": "1.15.5", "config": config}
        assert self.ask(messages.CONFIGURE_PROVIDER, **request).diagnostics == []

    def ask(self, rpc: messages.Rpc, **request: Any) -> Answer:
        answer = rpc.response.decode(self._service.handlers[rpc.path](rpc.request.encode(request)))
        return Answer(answer, _told(answer.get("diagnostics", ())))

    def stream(self, rpc: messages.Rpc, **request: Any) -> list[Any]:
        """Each event's decoded fields."""
        return [
            rpc.response.decode(event)
            for event in self._service.streams[rpc.path](rpc.request.encode(request))
        ]

    def plan(
        self, resource: str, config: Value | None, prior: Value | None = None, identity: Value | None = None
    ) -> Answer:
        """The planned identity."""
        answer = self.ask(
            messages.PLAN_RESOURCE_CHANGE,
            type_name=resource,
            prior_state=self._state(resource, prior),
            proposed_new_state=self._state(resource, config),
            config=self._state(resource, config),
            prior_identity=self._identity(resource, identity),
        )
        return Answer(self._decoded(resource, answer.values["planned_identity"]), answer.diagnostics)

    def apply(
        self, resource: str, planned: Value, config: Value, prior: Value | None, identity: Value | None
    ) -> Answer:
        """The new state and the new identity."""
        answer = self.ask(
            messages.APPLY_RESOURCE_CHANGE,
            type_name=resource,
            prior_state=self._state(resource, prior),
            planned_state=self._state(resource, planned),
            config=self._state(resource, config),
            planned_identity=self._identity(resource, identity),
        )
        state, identity = answer.values["new_state"], answer.values["new_identity"]
        return Answer((self.state(resource, state), self._decoded(resource, identity)), answer.diagnostics)

    def read(self, resource: str, state: Value, identity: Value | None) -> Answer:
        """The new identity."""
        answer = self.ask(
            messages.READ_RESOURCE,
            type_name=resource,
            current_state=self._state(resource, state),
            current_identity=self._identity(resource, identity),
        )
        return Answer(self._decoded(resource, answer.values["new_identity"]), answer.diagnostics)

    def import_(self, resource: str, id: str = "", identity: Value | None = None) -> Answer:
        """The state and the identity, None where nothing was imported."""
        answer = self.ask(
            messages.IMPORT_RESOURCE_STATE,
            type_name=resource,
            id=id,
            identity=self._identity(resource, identity),
        )
        for one in answer.values["imported_resources"]:
            both = (self.state(resource, one["state"]), self._decoded(resource, one["identity"]))
            return Answer(both, answer.diagnostics)
        return Answer(None, answer.diagnostics)

    def list(
        self, resource: str, *, limit: int = 100, include_resource: bool = False, **config: Any
    ) -> list[Any]:
        """Each result as (identity, display name, state), and each diagnostic as ("error", summary, detail)."""
        events = self.stream(
            messages.LIST_RESOURCE,
            type_name=resource,
            config=encoded(self.provider.list_resources[resource].schema, config),
            limit=limit,
            include_resource_object=include_resource,
        )
        results: list[Any] = []
        for event in events:
            results += _told(event["diagnostic"])
            if event["identity"] is not None:
                identity = self._decoded(resource, event["identity"])
                state = self.state(resource, event["resource_object"])
                results.append((identity, event["display_name"], state))
        return results

    def state(self, resource: str, message: Mapping[str, Any] | None) -> Any:
        return decoded(self.provider.resources[resource].schema, message)

    def _state(self, resource: str, value: Value | None) -> dict[str, bytes]:
        return encoded(self.provider.resources[resource].schema, value)

    def _identity(self, resource: str, identity: Value | None) -> dict[str, Any] | None:
        schema = self.provider.resources[resource].identity
        assert schema is not None
        if identity is None:
            return None
        return {"identity_data": {"msgpack": msgpack.encoder(schema.object_type)(identity)}}

    def _decoded(self, resource: str, message: Mapping[str, Any] | None) -> Any:
        schema = self.provider.resources[resource].identity
        assert schema is not None
        if message is None:
            return None
        return msgpack.decoder(schema.object_type)(message["identity_data"]["msgpack"])


def _told(diagnostics: Iterable[Any]) -> list[Told]:
    return [each[:3] for each in diagnostics_in(diagnostics)]

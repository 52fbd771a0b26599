"""The one managed resource, driven by the model: every resource type is an instance of it, or of a family's subclass."""

from __future__ import annotations

from ..model import payload, rules
from ..model.fields import Routes
from ..plugin import plan as engine
from ..plugin import reconcile
from ..plugin.interfaces import Planned, Stored
from ..plugin.values import UNKNOWN, is_unknown
from . import additional_config_drift, digest, durations, edited, lives, names, report
from . import identity as identities
from .natural_key import natural_key
from .schema import DEFAULT_TIMEOUT, resource_schema
from .secrets import secrets
from .secrets.merge import config_for_update
from .secrets.private_state import PrivateState
from .secrets.validated import ValidatedConfigs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from typing import Any

    from ..api.found import Found, Note
    from ..api.http.client import HttpClient
    from ..api.life import Life, Outcome
    from ..model.fields import Field, ResourceType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from ..plugin.paths import Path
    from ..plugin.schema import IdentitySchema
    from .configured import Configured


class Resource:
    """A resource type of Immuta, from the plan to the destroy. `configured` gives what the provider block came to.

    A family with behaviour of its own has a subclass, which overrides the methods at the end.
    """

    def __init__(self, type: ResourceType, configured: Callable[[], Configured]) -> None:
        self.type = type
        self.schema = resource_schema(type)
        self.identity: IdentitySchema | None = identities.schema(type)
        # The statuses that an update can lead back to a healthy one.
        self.mendable: Collection[str] = type.mendable
        self._configured = configured
        self._validated = ValidatedConfigs(type, self.schema)

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Checks that need no request."""
        self._validated.remember(config)
        self._check(config, diagnostics)
        report.timeouts(config.get("timeouts"), diagnostics)

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object:
        if not state["id"]:
            report.without_id(self.type, diagnostics)
        client, id = self._configured().client, state["id"]
        if client is not None and isinstance(id, str):
            self.life(client).keep(id)
        return state

    def plan(
        self,
        prior: Object | None,
        proposed: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Planned:
        if proposed is None or config is None:
            self.plan_of_destroy(prior, diagnostics)
            return Planned(None, private)
        self._check(config, diagnostics, warn=False, hidden_secrets=prior is not None)
        if prior is None:
            self._warn_of_the_tenant(diagnostics)
            planned = engine.plan(self.schema, None, config).state
            if "credentials_revision" in planned:
                planned["credentials_revision"] = 1
            if "edited" in planned:
                planned["edited"] = None
            return Planned(planned, private)
        remembered = PrivateState.decode(private)
        comparison = self._comparison(config, prior, remembered)
        resend = {path: found for path, found in comparison.items() if found != secrets.MATCH}
        doubtful = self.type.updatable and remembered.doubtful
        repair = self.type.updatable and prior.get("status") in self.mendable
        write = bool(resend) or repair or doubtful or prior.get("edited") is not None
        plan = engine.plan(self.schema, prior, config, configured=remembered.configured, write=write)
        # An update of something else leaves secrets alone that have a request of their own.
        apart = self.type.sends_secrets_apart
        if plan.writes and (resend or doubtful if apart else comparison or remembered.secrets):
            plan.state["credentials_revision"] = UNKNOWN
        elif "credentials_revision" in plan.state:
            plan.state["credentials_revision"] = prior["credentials_revision"]
        if plan.writes and "edited" in plan.state:
            # No other part of the plan shows an uncertain update.
            plan.state["edited"] = UNKNOWN if doubtful else None
        replaces = plan.replaces
        if plan.writes and not replaces and not self.type.updatable:
            replaces = self.plan_without_update(prior, config, diagnostics)
        if replaces:
            self.plan_of_destroy(prior, diagnostics)
            report.replaced(self.type, diagnostics)
        # Of a type whose every value Immuta shows, nothing in the plan would say that a doubt is the reason to write.
        elif plan.writes and plan.state != prior:
            report.sent_again(self.type, resend, doubtful, diagnostics)
            report.edited(self.type, prior, diagnostics)
            remembered.planned = frozenset(engine.configured_paths(self.schema, config))
            private = remembered.encode()
        return Planned(plan.state, private, replaces)

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        client = self._configured().client
        if client is None:
            diagnostics.warning(
                "The state was not refreshed",
                f"the provider's host or credential is not known yet, so {self.type.noun} {state['id']} keeps its prior state. "
                "The next plan or apply that knows both refreshes it.",
            )
            return Stored(state, private)
        from ..api.http.errors import ImmutaError

        warnings: list[Note] = []
        try:
            found = self.life(client).read(state["id"], warnings=warnings, values=state)
            self.after_read(client, diagnostics)
        except ImmutaError as error:
            report.failed(error, self.type, diagnostics, state["id"])
            return Stored(state, private)
        report.notes(warnings, diagnostics)
        if found is None:
            return Stored(None)
        if found.type and found.type != self.type.type:
            report.another_type(found, self.type, client.quote_stored, diagnostics)
            return Stored(state, private)
        if self.is_reserved(found):
            report.reserved(self.type, found, diagnostics)
            return Stored(state, private)
        self.warn_of(found, client, diagnostics)
        fresh = self.refreshed(self._known(state, private), found)
        private = edited.compared(self.type, fresh, found, client, private)
        return Stored(fresh, private, identity=identities.of(client, found.id))

    def _known(self, state: Object, private: bytes) -> Object:
        """The state without what Immuta may not have stored: such a value is only known if Immuta shows it.

        After an update in doubt, this makes the plan send the configuration again. A computed attribute that the plan shows as
        unknown does that for the types that have one.
        """
        computed = {"status", "credentials_revision", "edited"}
        if not computed.isdisjoint(state) or not PrivateState.decode(private).doubtful:
            return state
        known: Object = _required(self.type.fields, state)
        return known

    def refreshed(self, state: Object, found: Found) -> Object:
        """The state after a read that found the object so."""
        actual = self._actual(found, state)
        known = {**state, "status": None} if self.type.has_status else state
        fresh = reconcile.refreshed(self.schema, known, actual)
        fresh["id"] = found.id
        if "credentials_revision" in fresh and fresh["credentials_revision"] is None:
            fresh["credentials_revision"] = 1
        return fresh

    def is_reserved(self, found: Found) -> bool:
        """Returns whether the object is Immuta's own, which is never managed."""
        life = self.type.life
        return isinstance(life, Routes) and life.is_reserved(found.body or {})

    def imported(self, id: str) -> Object:
        """The state of an object of which only the id is known."""
        return {**dict.fromkeys(a.name for a in self.schema.attributes), "id": id}

    def apply(
        self,
        prior: Object | None,
        planned: Object | None,
        config: Object | None,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        if planned is None or config is None:
            return self._delete(prior or {}, private, diagnostics)
        writes = prior is None or engine.writes(self.schema, prior, planned)
        if not writes and not self.acts(prior, planned):
            return Stored(planned, private)
        self._check(config, diagnostics, warn=False)
        client = self._configured().connected(diagnostics)
        if client is None or diagnostics.has_error:
            return Stored(prior, private)
        if prior is None:
            return self._create(client, planned, config, diagnostics)
        stored = Stored(planned, private)
        if writes:
            write = self._update if self.type.updatable else self._record
            stored = write(client, prior, planned, config, private, diagnostics)
        if not diagnostics.has_error:
            self.after_write(client, prior, planned, stored, _timeout(config, "update"), diagnostics)
        return stored

    def _resolved(self, client: HttpClient, id: str, diagnostics: Diagnostics) -> str:
        from ..api.http.errors import ImmutaError

        try:
            return self.life(client).resolve(id)
        except ImmutaError as error:
            report.failed(error, self.type, diagnostics)
            return id

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object:
        return identity

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        configured = self._configured()
        client = configured.client
        if identity is not None:
            client = configured.connected(diagnostics)
            if client is None or identities.is_elsewhere(identity, client, self.type, diagnostics):
                return []
            id = identity["id"] or ""
        if not id.strip():
            report.no_id(self.type, diagnostics)
            return []
        # A name may begin or end with blanks, a number may not.
        id = id.strip() if id.strip().isdecimal() else id
        if client is not None and identity is None:
            id = self._resolved(client, id, diagnostics)
        whole = None if client is None else identities.of(client, id)
        return [Stored(self.imported(id), b"", self.type.resource, whole)]

    def move(
        self,
        source_provider: str,
        source_type: str,
        version: int,
        state: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored | None:
        return None

    def life(self, client: HttpClient) -> Life:
        """Returns the life of objects of this type in the client's tenant."""
        return lives.of(self.type, client)

    def _create(
        self, client: HttpClient, planned: Object, config: Object, diagnostics: Diagnostics
    ) -> Stored:
        memory = self._memory(config)
        key = natural_key(self.type, config)
        outcome = self.life(client).create(
            payload.build(self.type, config),
            natural_key=key,
            is_same=lambda found: self._as_sent(found, planned, config),
            has_same_key=lambda found: self._has_same_key(found, key),
            resend=self.type.updatable and bool(memory.secrets),
            timeout=_timeout(config, "create"),
            values=config,
        )
        names.explain(self.type, config, outcome, client)
        report.outcome(outcome, self.type, diagnostics)
        if outcome.found is None:
            return Stored(None)
        state = self._settled(client, planned, config, outcome.found, diagnostics)
        if outcome.error is not None or outcome.adopted:
            memory.secrets = {}
        memory.digest = digest.of(self.type, outcome.found.body)
        memory.doubtful = outcome.unfinished
        return Stored(state, memory.encode(), identity=identities.of(client, outcome.found.id))

    def _update(
        self,
        client: HttpClient,
        prior: Object,
        planned: Object,
        config: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        kept = PrivateState.decode(private)
        # A spelling that means the same goes out as Immuta has it, in case that it compares them: the plan kept that one.
        config, lost = config_for_update(self.schema, config, planned, kept.planned)
        kept.planned = frozenset()
        if lost:
            report.secrets_lost(lost, diagnostics)
            return Stored(prior, kept.encode())
        memory = self._memory(config)
        if self.type.sends_secrets_apart and not is_unknown(planned.get("credentials_revision")):
            memory.secrets = kept.secrets
            config = {**config, **{f.name: None for f in self.type.fields if f.holds_secret}}
        body = payload.build(self.type, config, update=True)
        outcome = self.life(client).update(
            prior["id"], body, timeout=_timeout(config, "update"), values=config, prior=prior
        )
        names.explain(self.type, config, outcome, client)
        report.outcome(outcome, self.type, diagnostics, prior["id"])
        if outcome.error is None and outcome.found is not None:
            state = self._settled(client, planned, config, outcome.found, diagnostics)
            memory.digest = digest.of(self.type, outcome.found.body)
            memory.doubtful = outcome.unfinished
        elif _is_under_way(outcome):
            # Immuta has taken the secrets. An update that fails from here on shows in the status.
            state = _with_status(prior, outcome)
        else:
            kept.doubtful = kept.doubtful or _may_be_carried_out(outcome)
            return Stored(_with_status(prior, outcome), kept.encode())
        if "credentials_revision" in state and is_unknown(planned["credentials_revision"]):
            was = prior["credentials_revision"]
            count = was if isinstance(was, int) else 0
            state["credentials_revision"] = count + bool(memory.secrets)
        return Stored(state, memory.encode())

    def _record(
        self,
        client: HttpClient,
        prior: Object,
        planned: Object,
        config: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        """Take what is configured, and what Immuta has already, into the state."""
        from ..api.http.errors import ImmutaError

        memory = self._memory(config)
        try:
            found = self.life(client).get(prior["id"], values=prior)
        except ImmutaError as error:
            report.failed(error, self.type, diagnostics, prior["id"])
            return Stored(prior, private)
        return Stored(self._settled(client, planned, config, found, diagnostics), memory.encode())

    def _delete(self, prior: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        body = self.delete_body(prior, diagnostics)
        client = None if diagnostics.has_error else self._configured().connected(diagnostics)
        if client is None:
            return Stored(prior, private)
        outcome = self.life(client).delete(prior["id"], body, timeout=_timeout(prior, "delete"), values=prior)
        report.outcome(outcome, self.type, diagnostics, prior["id"])
        return Stored(None if outcome.error is None else _with_status(prior, outcome), private)

    def _check(
        self, config: Object, diagnostics: Diagnostics, *, warn: bool = True, hidden_secrets: bool = False
    ) -> None:
        """Report the model's problems. `hidden_secrets`: a secret that is null may be set all the same, since Terraform
        shows null for one under `ignore_changes` while it plans."""
        for finding in rules.check(self.type, config, is_unknown=is_unknown):
            path = rules.safe_path(self.type, finding.path)
            if hidden_secrets and path != finding.path and _at(config, finding.path) is None:
                continue
            if finding.strict or warn:
                report.finding(self.type, finding, path, diagnostics)

    def _comparison(self, config: Object, prior: Object, remembered: PrivateState) -> dict[str, str]:
        """Compares each secret, configured or remembered, with its fingerprint."""
        compared = secrets.compare(
            secrets.configured(self.type, config), remembered.secrets, self._configured().fingerprints
        )
        gone = remembered.secrets.keys() - compared.keys()
        removed = [path for path in gone if self._validated.removed(config, prior, path)]
        return {**compared, **dict.fromkeys(removed, secrets.REMOVED)}

    def _warn_of_the_tenant(self, diagnostics: Diagnostics) -> None:
        """Say in the plan of a create, once a run, that Immuta takes no request: there is nothing to refresh that would."""
        client = self._configured().client
        doubt = None if client is None else self.life(client).doubt()
        if doubt is not None:
            report.doubtful(doubt, self.type, diagnostics)

    def _has_same_key(self, found: Found, key: tuple[str, ...] | None) -> bool:
        """Same type and same natural key as the requested one?

        Every create compares with everything that is listed, so nothing but the key is read.
        """
        if found.type != self.type.type or found.body is None:
            return False
        return natural_key(self.type, payload.read(self.type, found.body, self.type.unique_by)) == key

    def _as_sent(self, found: Found, planned: Object, config: Object) -> bool:
        """Same natural key, and no non-secret field differs from what was sent?"""
        if found.type != self.type.type:
            return False
        actual = self._actual(found, config)
        has_key = all(actual.get(name) is not None for name in self.type.unique_by)
        return has_key and not reconcile.contradictions(self.schema, planned, actual)

    def _actual(self, found: Found, known: Object) -> Object:
        """The attributes as Immuta has them, beside the known ones; None for those that Immuta does not return. Of a map that
        others write into as well, only the known keys are included."""
        body = found.body or {}
        actual = {**payload.read(self.type, body), "id": found.id}
        if self.type.has_status:
            actual["status"] = found.status or None
        if self.type.open_at is not None:
            actual["additional_config"] = additional_config_drift.at_server(
                known.get("additional_config"), payload.opened(self.type, body)
            )
        for field in self.type.fields:
            there = actual.get(field.name)
            if field.own_keys and there is not None:
                own = known.get(field.name)
                actual[field.name] = None if own is None else {k: there[k] for k in own if k in there}
        return actual

    def _settled(
        self,
        client: HttpClient,
        planned: Object,
        config: Object,
        found: Found,
        diagnostics: Diagnostics,
    ) -> Object:
        actual = self._actual(found, planned)
        state = reconcile.settled(self.schema, planned, actual)
        state["id"] = found.id
        # A kept value that nobody configured is Immuta's own to change: the next refresh takes it over.
        configured = engine.plan(self.schema, None, config).state
        contradictions = reconcile.contradictions(self.schema, configured, actual)
        report.contradictions(contradictions, self.type, client.quote, diagnostics)
        return state

    def _memory(self, config: Object) -> PrivateState:
        """The private state for a request that carries out `config`. It is made before that goes out, for it takes time that
        there is not between an interruption and the answer."""
        return PrivateState(
            engine.configured_paths(self.schema, config),
            secrets.fingerprint(secrets.configured(self.type, config), self._configured().fingerprints),
        )

    # Methods that a family's subclass may override.

    def plan_of_destroy(self, prior: Object | None, diagnostics: Diagnostics) -> None:
        """Warn in the plan of a destroy, or of a replacement, of what will stand in its way."""

    def plan_without_update(
        self, prior: Object, config: Object, diagnostics: Diagnostics
    ) -> tuple[Path, ...]:
        """The paths for which a type that Immuta cannot change in place is replaced, although no attribute says so."""
        return ()

    def delete_body(self, prior: Object, diagnostics: Diagnostics) -> dict[str, Any] | None:
        """The body of DELETE; an error where it cannot be made."""
        return None

    def acts(self, prior: Object | None, planned: Object) -> bool:
        """Returns whether a change of the state alone calls Immuta all the same."""
        return False

    def after_write(
        self,
        client: HttpClient,
        prior: Object,
        planned: Object,
        stored: Stored,
        timeout: float,
        diagnostics: Diagnostics,
    ) -> None:
        """Called once an update has succeeded; `timeout` in seconds."""

    def after_read(self, client: HttpClient, diagnostics: Diagnostics) -> None:
        """Called once an object was read."""

    def warn_of(self, found: Found, client: HttpClient, diagnostics: Diagnostics) -> None:
        """Warn of what is wrong with an object that was found."""


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step] if value is not None else None
    return value


def _required(fields: Iterable[Field], value: Any) -> Any:
    """The value with null for each optional attribute that an update may change, at every depth."""
    if isinstance(value, list):
        return [_required(fields, each) for each in value]
    if not isinstance(value, dict):
        return value
    known = dict(value)
    for field in fields:
        if field.name in known and not (field.replace or field.state_only):
            known[field.name] = _required(field.fields, known[field.name]) if field.required else None
    return known


def _is_under_way(outcome: Outcome) -> bool:
    """Returns whether Immuta took an update, and only the wait for its end was cut short."""
    from ..api.http.errors import EditFailed

    return outcome.found is not None and not isinstance(outcome.error, EditFailed)


def _may_be_carried_out(outcome: Outcome) -> bool:
    """Returns whether Immuta may hold what a failed update sent."""
    from ..api.http.errors import leaves_doubt

    return outcome.found is not None or (outcome.error is not None and leaves_doubt(outcome.error))


def _with_status(prior: Object, outcome: Outcome) -> Object:
    """The prior state with the status that the object has now, where that is known."""
    found = outcome.found
    return {**prior, "status": found.status} if found is not None and found.status else prior


def _timeout(source: Object, verb: str) -> float:
    timeouts = source.get("timeouts")
    text = timeouts.get(verb) if isinstance(timeouts, dict) else None
    return (durations.seconds(text) if isinstance(text, str) else None) or DEFAULT_TIMEOUT

"""The one integration resource, driven by the model: every type of integration is an instance of it."""

from __future__ import annotations

from ..model import payload, rules
from ..plugin import plan as engine
from ..plugin import reconcile
from ..plugin.interfaces import Planned, Stored
from ..plugin.values import UNKNOWN, is_unknown
from . import additional_config, durations, report
from . import identity as identities
from .integrations import api_key, teardown
from .schema import DEFAULT_TIMEOUT, integration_schema
from .secrets import secrets
from .secrets.merge import config_for_update
from .secrets.private_state import PrivateState
from .secrets.validated import ValidatedConfigs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..api.client import Client
    from ..api.integrations.integration import Integration
    from ..api.integrations.life import Outcome
    from ..api.records import Note
    from ..model.fields import IntegrationType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from ..plugin.schema import IdentitySchema
    from .configured import Configured


class IntegrationResource:
    """`immuta_*_integration` (Immuta's integrations API: POST, GET, PUT and DELETE on `/integrations`)."""

    identity: IdentitySchema | None = identities.SCHEMA

    def __init__(self, integration: IntegrationType, configured: Callable[[], Configured]) -> None:
        self.integration = integration
        self.schema = integration_schema(integration)
        self._configured = configured
        self._validated = ValidatedConfigs(integration, self.schema)

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Everything that can be known before Immuta is asked."""
        self._validated.remember(config)
        self._check(config, diagnostics)
        timeouts = config.get("timeouts")
        if isinstance(timeouts, dict):
            if all(text is None for text in timeouts.values()):
                diagnostics.warning(*rules.nothing_set("timeouts", list(timeouts)), ("timeouts",))
            for name, text in timeouts.items():
                if isinstance(text, str) and durations.seconds(text) is None:
                    diagnostics.error(
                        "Invalid timeout",
                        f'timeouts.{name} is "{text}"; it has to be a duration longer than nothing: numbers, each with its '
                        'unit (h, m, s or ms), for example "90s" or "1h30m". Change it, or remove it, which means 10m.',
                        ("timeouts", name),
                    )

    def upgrade(self, version: int, state: Object, diagnostics: Diagnostics) -> Object:
        if not state["id"]:
            report.without_id(self.integration, diagnostics)
        client, id = self._configured().client, state["id"]
        if client is not None and isinstance(id, str):
            client.claims.keep(id)
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
            self._warn_of_teardown(prior, diagnostics)
            return Planned(None, private)
        self._check(config, diagnostics, warn=False, hidden_secrets=prior is not None)
        if prior is None:
            self._warn_of_the_tenant(diagnostics)
            planned = engine.plan(self.schema, None, config).state
            if "credentials_revision" in planned:
                planned["credentials_revision"] = 1
            return Planned(planned, private)
        remembered = PrivateState.decode(private)
        comparison = self._comparison(config, prior, remembered)
        resend = {path: found for path, found in comparison.items() if found != secrets.MATCH}
        doubtful = self.integration.updatable and remembered.doubtful
        repair = self.integration.updatable and prior["status"] in report.MENDABLE
        write = bool(resend) or repair or doubtful
        plan = engine.plan(self.schema, prior, config, configured=remembered.configured, write=write)
        if plan.writes and (comparison or remembered.secrets):
            plan.state["credentials_revision"] = UNKNOWN
        elif "credentials_revision" in plan.state:
            plan.state["credentials_revision"] = prior["credentials_revision"]
        replaces = plan.replaces
        unsendable = plan.writes and not replaces and not self.integration.updatable
        if unsendable and not self._is_there(prior["id"], config, diagnostics):
            replaces = (("additional_config",),)
        if replaces:
            self._warn_of_teardown(prior, diagnostics)
        elif plan.writes:
            report.sent_again(self.integration, resend, doubtful, diagnostics)
            remembered.planned = frozenset(engine.configured_paths(self.schema, config))
            private = remembered.encode()
        return Planned(plan.state, private, replaces)

    def read(self, state: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        client = self._configured().client
        if client is None:
            diagnostics.warning(
                "Immuta was not asked",
                f"the provider's host or credential is not known yet, so integration {state['id']} keeps the state it had. It is "
                "refreshed by the next plan or apply that knows them.",
            )
            return Stored(state, private)
        from ..api.http.errors import ImmutaError
        from ..api.integrations import life

        warnings: list[Note] = []
        try:
            found = life.read(client, state["id"], warnings=warnings)
            strangers = self._configured().teardown.strangers(client.list)
        except ImmutaError as error:
            report.failed(error, self.integration, diagnostics, state["id"])
            return Stored(state, private)
        report.notes(warnings, diagnostics)
        report.strangers(strangers, diagnostics)
        if found is None:
            return Stored(None)
        if found.type and found.type != self.integration.type:
            report.another_type(found, self.integration, client.quote_held, diagnostics)
            return Stored(state, private)
        report.health(found, self.integration, client.quote_held, diagnostics)
        return Stored(self.refreshed(state, found), private, identity=identities.of(client, found.id))

    def refreshed(self, state: Object, found: Integration) -> Object:
        """The state after a read that found the integration so."""
        actual = self._actual(found, state.get("additional_config"))
        fresh = reconcile.refreshed(self.schema, {**state, "status": None}, actual)
        if "credentials_revision" in fresh and fresh["credentials_revision"] is None:
            fresh["credentials_revision"] = 1
        return fresh

    def imported(self, id: str) -> Object:
        """The state of an integration of which only the id is known."""
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
        rotates = prior is not None and api_key.due(prior, planned)
        writes = prior is None or engine.writes(self.schema, prior, planned)
        if not writes and not rotates:
            return Stored(planned, private)
        self._check(config, diagnostics, warn=False)
        client = self._configured().connected(diagnostics)
        if client is None or diagnostics.has_error:
            return Stored(prior, private)
        if prior is None:
            return self._create(client, planned, config, diagnostics)
        stored = Stored(planned, private)
        if writes and self.integration.updatable:
            stored = self._update(client, prior, planned, config, private, diagnostics)
        elif writes:
            stored = self._record(client, prior, planned, config, private, diagnostics)
        if rotates and not diagnostics.has_error:
            api_key.rotate(client, stored, prior, self.integration, _timeout(config, "update"), diagnostics)
        return stored

    def upgrade_identity(self, version: int, identity: Object, diagnostics: Diagnostics) -> Object:
        return identity

    def import_state(self, id: str, identity: Object | None, diagnostics: Diagnostics) -> list[Stored]:
        configured = self._configured()
        client = configured.client
        if identity is not None:
            client = configured.connected(diagnostics)
            if client is None or identities.is_elsewhere(identity, client, diagnostics):
                return []
            id = identity["id"] or ""
        id = id.strip()
        if not id:
            diagnostics.error(
                "No integration id", "an integration is imported by Immuta's id of it, for example `1`."
            )
            return []
        whole = None if client is None else identities.of(client, id)
        return [Stored(self.imported(id), b"", self.integration.resource, whole)]

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

    def _create(self, client: Client, planned: Object, config: Object, diagnostics: Diagnostics) -> Stored:
        from ..api.integrations import life

        memory = self._memory(config)
        outcome = life.create(
            client,
            payload.build(self.integration, config),
            identity=self._identity(config),
            same=lambda found: self._as_sent(found, planned, config),
            in_its_place=lambda found: self._in_its_place(found, config),
            resend=self.integration.updatable and bool(memory.secrets),
            timeout=_timeout(config, "create"),
        )
        report.outcome(outcome, self.integration, diagnostics)
        if outcome.integration is None:
            return Stored(None)
        state = self._settled(client, planned, config, outcome.integration, diagnostics)
        if outcome.error is not None or outcome.adopted:
            memory.secrets = {}
        return Stored(state, memory.encode(), identity=identities.of(client, outcome.integration.id))

    def _update(
        self,
        client: Client,
        prior: Object,
        planned: Object,
        config: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        from ..api.integrations import life

        kept = PrivateState.decode(private)
        # A spelling that means the same goes out as Immuta has it, in case that it compares them: the plan kept that one.
        config, lost = config_for_update(self.schema, config, planned, kept.planned)
        kept.planned = frozenset()
        if lost:
            report.secrets_lost(lost, diagnostics)
            return Stored(prior, kept.encode())
        memory = self._memory(config)
        body = payload.build(self.integration, config)
        outcome = life.update(client, prior["id"], body, timeout=_timeout(config, "update"))
        report.outcome(outcome, self.integration, diagnostics, prior["id"])
        if outcome.error is not None or outcome.integration is None:
            kept.doubtful = kept.doubtful or _may_be_carried_out(outcome)
            return Stored(_with_status(prior, outcome), kept.encode())
        state = self._settled(client, planned, config, outcome.integration, diagnostics)
        if "credentials_revision" in state and is_unknown(planned["credentials_revision"]):
            was = prior["credentials_revision"]
            count = was if isinstance(was, int) else 0
            state["credentials_revision"] = count + bool(memory.secrets)
        return Stored(state, memory.encode())

    def _record(
        self,
        client: Client,
        prior: Object,
        planned: Object,
        config: Object,
        private: bytes,
        diagnostics: Diagnostics,
    ) -> Stored:
        """Take what is configured of an integration, and what Immuta has already, into the state."""
        from ..api.http.errors import ImmutaError

        memory = self._memory(config)
        try:
            found = client.get(prior["id"])
        except ImmutaError as error:
            report.failed(error, self.integration, diagnostics, prior["id"])
            return Stored(prior, private)
        return Stored(self._settled(client, planned, config, found, diagnostics), memory.encode())

    def _delete(self, prior: Object, private: bytes, diagnostics: Diagnostics) -> Stored:
        from ..api.integrations import life

        body = None
        if teardown.needed(self.integration, prior):
            credentials = self._teardown(prior, diagnostics.error)
            if credentials is None:
                return Stored(prior, private)
            body = teardown.body(self.integration, credentials, prior)
        client = self._configured().connected(diagnostics)
        if client is None:
            return Stored(prior, private)
        outcome = life.delete(client, prior["id"], body, timeout=_timeout(prior, "delete"))
        report.outcome(outcome, self.integration, diagnostics, prior["id"])
        return Stored(None if outcome.error is None else _with_status(prior, outcome), private)

    def _check(
        self, config: Object, diagnostics: Diagnostics, *, warn: bool = True, hidden_secrets: bool = False
    ) -> None:
        """Report the model's problems. `hidden_secrets`: a secret that is null may be set all the same, since Terraform
        shows null for one under `ignore_changes` while it plans."""
        for problem in rules.check(self.integration, config, is_unknown=is_unknown):
            path = rules.safe_path(self.integration, problem.path)
            if hidden_secrets and path != problem.path and _at(config, problem.path) is None:
                continue
            if problem.strict:
                diagnostics.error(problem.summary, problem.detail, path)
            elif warn:
                diagnostics.warning(problem.summary, problem.detail, path)

    def _comparison(self, config: Object, prior: Object, remembered: PrivateState) -> dict[str, str]:
        """What each secret, configured or remembered, is against its fingerprint."""
        compared = secrets.compare(
            secrets.configured(self.integration, config), remembered.secrets, self._configured().fingerprints
        )
        gone = remembered.secrets.keys() - compared.keys()
        removed = [path for path in gone if self._validated.removed(config, prior, path)]
        return {**compared, **dict.fromkeys(removed, secrets.REMOVED)}

    def _warn_of_the_tenant(self, diagnostics: Diagnostics) -> None:
        """Say in the plan of a create, once a run, that Immuta takes no request: there is nothing to refresh that would."""
        client = self._configured().client
        doubt = None if client is None else client.doubt()
        if doubt is not None:
            report.doubtful(doubt, diagnostics)

    def _warn_of_teardown(self, prior: Object | None, diagnostics: Diagnostics) -> None:
        """Say in the plan of a destroy, or of a replacement, that its credentials are missing or cannot work."""
        configured = self._configured()
        if prior is None or configured.client is None or not teardown.needed(self.integration, prior):
            return
        self._teardown(prior, diagnostics.warning)

    def _teardown(self, prior: Object, tell: Callable[[str, str], None]) -> teardown.Credentials | None:
        """The credentials to remove an integration with; None where none can work, which `tell` was told."""
        credentials = self._configured().teardown.find(self.integration, prior)
        if credentials is None:
            report.teardown_missing(self.integration, prior, tell)
            return None
        wrong = teardown.wrong(self.integration, credentials, prior)
        if wrong:
            report.teardown_wrong(self.integration, prior, wrong, tell)
            return None
        return credentials

    def _is_there(self, id: str, config: Object, diagnostics: Diagnostics) -> bool:
        """Whether Immuta has what is configured of an integration that it cannot change, after an import above all: then only the
        state has to learn of it."""
        client = self._configured().client
        if client is None or is_unknown(config["additional_config"]):
            return False
        from ..api.http.errors import ImmutaError
        from ..api.integrations import life

        try:
            found = life.read(client, id)
        except ImmutaError as error:
            report.failed(error, self.integration, diagnostics, id)
            return True
        held = {} if found is None else found.config or {}
        return additional_config.is_held(config["additional_config"], held)

    def _identity(self, config: Object) -> tuple[str, ...] | None:
        """By what Immuta tells this integration from others of its type; None where nothing visible does."""
        names = self.integration.identity
        return (self.integration.type, *(str(config.get(n)).lower() for n in names)) if names else None

    def _in_its_place(self, found: Integration, config: Object) -> bool:
        """Whether an integration that Immuta lists is told from others by the same as the one that was asked for."""
        if found.type != self.integration.type or found.config is None:
            return False
        return self._identity(self._actual(found, None)) == self._identity(config)

    def _as_sent(self, found: Integration, planned: Object, config: Object) -> bool:
        """Whether an integration that Immuta lists is the one that was asked for: nothing visible contradicts the request,
        and what it is told apart by is there."""
        if found.type != self.integration.type:
            return False
        actual = self._actual(found, config.get("additional_config"))
        told = all(actual.get(name) is not None for name in self.integration.identity)
        return told and not reconcile.contradictions(self.schema, planned, actual)

    def _actual(self, found: Integration, additional: Any) -> Object:
        actual = payload.read_config(self.integration, found.config)
        return {
            **actual,
            "id": found.id,
            "status": found.status or None,
            "auto_bootstrap": found.auto_bootstrap,
            "additional_config": additional_config.at_server(additional, found.config or {}),
        }

    def _settled(
        self,
        client: Client,
        planned: Object,
        config: Object,
        found: Integration,
        diagnostics: Diagnostics,
    ) -> Object:
        actual = self._actual(found, planned.get("additional_config"))
        state = reconcile.settled(self.schema, planned, actual)
        state["id"] = found.id
        # A kept value that nobody configured is Immuta's own to change: the next refresh takes it over.
        configured = engine.plan(self.schema, None, config).state
        contradictions = reconcile.contradictions(self.schema, configured, actual)
        report.contradictions(contradictions, self.integration, client.quote, diagnostics)
        return state

    def _memory(self, config: Object) -> PrivateState:
        """The private state for a request that carries out `config`. It is made before that goes out, for it takes time that
        there is not between an interruption and the answer."""
        return PrivateState(
            engine.configured_paths(self.schema, config),
            secrets.fingerprint(
                secrets.configured(self.integration, config), self._configured().fingerprints
            ),
        )


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        value = value[step] if value is not None else None
    return value


def _may_be_carried_out(outcome: Outcome) -> bool:
    """Whether Immuta may hold what a failed update sent."""
    from ..api.http.errors import may_be_done

    error = outcome.error
    return outcome.integration is not None or (error is not None and (error.after_lost or may_be_done(error)))


def _with_status(prior: Object, outcome: Outcome) -> Object:
    """The prior state with the status that the integration has now, where that is known."""
    found = outcome.integration
    return {**prior, "status": found.status} if found is not None and found.status else prior


def _timeout(source: Object, verb: str) -> float:
    timeouts = source.get("timeouts")
    text = timeouts.get(verb) if isinstance(timeouts, dict) else None
    return (durations.seconds(text) if isinstance(text, str) else None) or DEFAULT_TIMEOUT

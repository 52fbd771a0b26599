"""The Immuta provider: its block, and the resource types of the model."""

from __future__ import annotations

import os
import threading

from . import __version__
from .api.http import settings
from .api.http.errors import ConfigurationError
from .model.compiled.integrations import INTEGRATIONS
from .model.compiled.types import TYPES
from .plugin import log
from .plugin.redaction import REDACTOR
from .plugin.schema import Attribute, Schema
from .plugin.types import BOOL, NUMBER, STRING, MapOf
from .plugin.values import contains_unknown
from .resources import masking, quoting, report
from .resources.configured import Configured
from .resources.integrations import teardown
from .resources.registry import Registry
from .resources.secrets.fingerprints import FINGERPRINT_KEY, Fingerprints

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .api.http.client import HttpClient
    from .api.http.clock import Clock
    from .api.http.transport import Transport
    from .plugin.diagnostics import Diagnostics
    from .plugin.interfaces import (
        Action,
        DataSource,
        EphemeralResource,
        Function,
        ListResource,
        Object,
        Resource,
    )
    from .plugin.types import Type

_TYPES: dict[str, Type] = {
    settings.STRING: STRING,
    settings.BOOL: BOOL,
    settings.NUMBER: NUMBER,
    settings.STRING_MAP: MapOf(STRING),
}


class ImmutaProvider:
    """`provider "immuta"`: one client of one Immuta tenant for every resource.

    `transport` and `clock` stand in for the network and for time in tests.
    """

    name = "immuta"
    version = __version__

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        *,
        transport: Transport | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.schema = SCHEMA
        registry = Registry(self._current)
        self.resources: dict[str, Resource] = registry.resources
        self.data_sources: dict[str, DataSource] = registry.data_sources
        self.ephemeral_resources: dict[str, EphemeralResource] = registry.ephemeral_resources
        self.functions: dict[str, Function] = registry.functions
        self.list_resources: dict[str, ListResource] = registry.list_resources
        self.actions: dict[str, Action] = registry.actions
        self._environment = environment
        self._transport = transport
        self._clock = clock
        self._stop = threading.Event()
        self._configured = Configured(None, Fingerprints(), teardown.read(INTEGRATIONS, None, {}))

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        """Checks the values that are set and known; a missing one may still come from the environment."""
        known = {
            o.name: config[o.name]
            for o in settings.OPTIONS
            if config[o.name] is not None and not contains_unknown(config[o.name])
        }
        stand_ins = {"host": "localhost"}
        if "api_key" not in known and "bearer_token" not in known:
            stand_ins["api_key"] = "unset"
        try:
            settings.Settings(**{**stand_ins, **known})
        except ConfigurationError as error:
            diagnostics.error(error.summary, error.detail)
        teardown.check(config["teardown_credentials"], diagnostics)

    def connected(self, program: str, diagnostics: Diagnostics) -> HttpClient | None:
        """The client that the environment alone configures, for a program beside Terraform; None beside errors."""
        nothing = dict.fromkeys(attribute.name for attribute in self.schema.attributes)
        self._configure(nothing, program, diagnostics)
        return None if diagnostics.has_error else self._configured.connected(diagnostics)

    def configure(self, config: Object, terraform_version: str, diagnostics: Diagnostics) -> None:
        self._configure(config, f"Terraform {terraform_version}", diagnostics)

    def _configure(self, config: Object, program: str, diagnostics: Diagnostics) -> None:
        # A provider that serves a debugger is configured again for each run: the last one's interruption is over then.
        self._stop = threading.Event()
        credentials = teardown.read(INTEGRATIONS, config["teardown_credentials"], self._environment)
        key = config["fingerprint_key"]
        if key is None:
            key = self._environment.get(FINGERPRINT_KEY)
        for secret in (key, *credentials.secrets()):
            if isinstance(secret, str):
                REDACTOR.learn(secret)
        try:
            client = self._client(config, program, diagnostics)
        except ConfigurationError as error:
            diagnostics.error(error.summary, error.detail)
            client = None
        teardown.check(config["teardown_credentials"], diagnostics)
        self._configured = Configured(client, Fingerprints(key, self._stop), credentials)

    def stop(self) -> None:
        self._stop.set()
        if self._configured.client is not None:
            self._configured.client.interrupt()

    def _client(self, config: Object, program: str, diagnostics: Diagnostics) -> HttpClient | None:
        """Returns None while a required value is unknown: Terraform plans with such a provider nevertheless."""
        options = settings.resolve(config, self._environment)
        if contains_unknown(options):
            return None
        for secret in settings.secrets(options, self._environment):
            REDACTOR.learn(secret)
        from .api.http.client import HttpClient

        checked = settings.Settings(**options, user_agent=f"cdktf-immuta/{__version__} ({program})")
        report.notes(checked.notes, diagnostics)
        return HttpClient(
            checked,
            transport=self._transport,
            clock=self._clock,
            stop=self._stop,
            quote=quoting.sent,
            quote_stored=quoting.stored,
            holds=REDACTOR.holds,
            learn=REDACTOR.learn,
            log=_log,
            mask=masking.mask(TYPES) if log.enabled(log.TRACE) else None,
        )

    def _current(self) -> Configured:
        return self._configured


def _log(level: str, message: str, **fields: object) -> None:
    write: Callable[..., None] = getattr(log, level)
    write(message, **fields)


def _schema() -> Schema:
    return Schema(
        (
            *(_attribute(option) for option in settings.OPTIONS),
            Attribute(
                "fingerprint_key",
                STRING,
                description="Secret text under which the fingerprints of the integrations' secrets are made (HMAC-SHA256): a "
                f"stolen state then allows no guesses. Environment: {FINGERPRINT_KEY}. Without it they are "
                "salted scrypt hashes.",
                optional=True,
                sensitive=True,
            ),
            teardown.attribute(INTEGRATIONS),
        ),
        description="Immuta: data-platform integrations, and what protects the data in them.",
    )


def _attribute(option: settings.Option) -> Attribute:
    environment = f" Environment: {option.variable}." if option.variable else ""
    return Attribute(
        option.name,
        _TYPES[option.kind],
        description=option.description + environment,
        optional=True,
        sensitive=option.secret,
    )


# Made once a process, however many providers it starts.
SCHEMA = _schema()

"""Checks of the tenant, from its URL to the permissions of the user."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..api.http import settings
from ..api.http.client import HttpClient
from ..api.http.errors import ConfigurationError
from ..api.http.settings import Settings
from ..plugin.redaction import REDACTOR
from ..resources import quoting
from . import account, network
from .check import FAILED, Check, failed, ok, skipped, warning
from .collections import Collection
from .limits import NETWORK_SECONDS

_ACCOUNT = ("credential", "permissions")


class Tenant:
    """The tenant that the environment names. `client` is None until `checks` has found that Immuta accepts the credential."""

    def __init__(self, environ: Mapping[str, str], version: str) -> None:
        self._environ = environ
        self._version = version
        self._opened: HttpClient | None = None
        self.client: HttpClient | None = None

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()

    def checks(self, collections: tuple[Collection, ...]) -> Iterator[Check]:
        try:
            options = settings.resolve({}, self._environ)
            for secret in settings.secrets(options, self._environ):
                REDACTOR.learn(secret)
            # The way to the tenant can be checked without a credential.
            way = self._settings({**options, "api_key": "unset", "bearer_token": None})
        except ConfigurationError as error:
            yield failed("host", error.detail, "")
            for name in (*network.NAMES, *_ACCOUNT):
                yield skipped(name, "the check host failed")
            return
        yield _host(way)
        reached = True
        for check in network.checks(way, account.PATH):
            reached = reached and check.status != FAILED
            yield check
        yield from self._account(options, reached, collections)

    def _account(
        self, options: dict[str, Any], reached: bool, collections: tuple[Collection, ...]
    ) -> Iterator[Check]:
        problem = None
        try:
            checked = self._settings(options)
        except ConfigurationError as error:
            problem = failed("credential", error.detail, "")
        if problem is None and not reached:
            problem = skipped("credential", "Immuta was not reached")
        if problem is not None:
            yield problem
            yield skipped("permissions", "the credential was not accepted")
            return
        client = self._opened = HttpClient(
            checked,
            quote=quoting.sent,
            quote_stored=quoting.stored,
            holds=REDACTOR.holds,
            learn=REDACTOR.learn,
        )
        for check in account.checks(client, collections):
            if check.name == "credential" and check.status != FAILED:
                self.client = client
            yield check

    def _settings(self, options: dict[str, Any]) -> Settings:
        limits = {"request_timeout": NETWORK_SECONDS, "max_retries": 0}
        return Settings(**{**options, **limits}, user_agent=f"cdktf-immuta/{self._version} (doctor)")


def _host(way: Settings) -> Check:
    # The doctor has a timeout of its own, and a certificate that is not verified is in the check tls.
    plain = next((note for note in way.notes if not way.insecure_skip_tls_verify), None)
    return ok("host", way.host) if plain is None else warning("host", plain.detail, "")

"""The credentials that Immuta needs in the body of DELETE for an automatically configured integration.

They are in no state: the provider block's `teardown_credentials` (or its environment variables) holds them, by platform
or by host.
"""

from __future__ import annotations

import threading

from ...model import fields as model
from ...model import payload, rules
from ...model.integrations.teardown import by_hand, teardown_fields
from ...model.text import either, joined, quote
from ...plugin.schema import Attribute, Nested
from ...plugin.values import Unknown
from .. import equivalence
from ..schema import TYPES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from ...api.integrations.integration import Integration
    from ...model.fields import Field
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics

    Credentials = dict[str, Any]


class TeardownCredentials:
    """`teardown_credentials` as configured: the credential attributes of each platform, and of single hosts."""

    def __init__(
        self,
        platforms: Mapping[str, Credentials],
        hosts: Mapping[str, Credentials],
        secret_names: frozenset[str] = frozenset(),
    ) -> None:
        self._platforms = dict(platforms)
        self._secret_names = secret_names
        self._lock = threading.Lock()
        self._unchecked = bool(hosts)
        self._hosts = {
            equivalence.bare_host(host): (host, credentials) for host, credentials in hosts.items()
        }

    def find(self, integration: IntegrationType, state: Mapping[str, Any]) -> Credentials | None:
        """The credentials configured for this integration; its host's entry takes precedence over its platform's."""
        host = state.get(integration.host_field)
        if isinstance(host, str):
            entry = self._hosts.get(equivalence.bare_host(host))
            if entry is not None:
                return entry[1]
        return self._platforms.get(integration.teardown_platform)

    def strangers(self, listed: Callable[[], Iterable[Integration]]) -> list[str]:
        """The configured hosts that no integration of Immuta's has, as they were written; reported once per process."""
        with self._lock:
            if not self._unchecked:
                return []
            self._unchecked = False
        hosts = {
            equivalence.bare_host(host)
            for integration in listed()
            for host in ((integration.config or {}).get("host"),)
            if isinstance(host, str)
        }
        return sorted(host for normal, (host, _) in self._hosts.items() if normal not in hosts)

    def secrets(self) -> Iterator[str]:
        """Every secret among them."""
        pending: list[Any] = [
            *self._platforms.values(),
            *(credentials for _, credentials in self._hosts.values()),
        ]
        while pending:
            for name, value in pending.pop().items():
                if isinstance(value, dict):
                    pending.append(value)
                elif name in self._secret_names:
                    yield value


def needed(integration: IntegrationType, state: Mapping[str, Any]) -> bool:
    """Returns whether Immuta wants credentials to delete it: an automatic set-up on a platform that asks for them."""
    return bool(integration.teardown_platform) and state.get("auto_bootstrap") is True


def wrong(integration: IntegrationType, credentials: Credentials, state: Mapping[str, Any]) -> list[str]:
    """The reasons for which Immuta will refuse these credentials, in whole sentences."""
    from ...model import wording

    configured = {
        "authentication_type": state.get("authentication_type"),
        **credentials,
        "auto_bootstrap": True,
    }
    fitting = {f.name: f for f in teardown_fields(integration)}
    narrowed = {f.name for f in integration.fields if f.name in fitting and by_hand(f)}
    return [
        # The type's own choices would lead to one that removes nothing.
        _unfit(fitting[name], configured[name])
        if name in narrowed and configured.get(name)
        else wording.problem(integration, finding).detail
        for finding in rules.check(integration, configured)
        for name in finding.path[:1]
        if finding.strict and name in fitting
    ]


def check(config: Any, diagnostics: Diagnostics) -> None:
    """Report the hosts of `teardown_credentials` that are named twice, since their credentials are ambiguous."""
    hosts = config.get("hosts") if isinstance(config, dict) else None
    for spellings in equivalence.same_hosts(hosts if isinstance(hosts, dict) else ()):
        diagnostics.error(
            "Teardown credentials name one host twice",
            f"`teardown_credentials.hosts` names {joined(list(map(repr, spellings)), 'and')}, which are the same host. Case, the "
            "scheme and whatever follows the host are ignored. Keep one of these entries.",
        )


def body(integration: IntegrationType, credentials: Credentials, state: Mapping[str, Any]) -> dict[str, Any]:
    """The body of DELETE. Without a way of signing in among the credentials, it is the integration's own."""
    own = {"authentication_type": state.get("authentication_type")}
    fields = tuple(f for f in integration.fields if f.name in integration.teardown_fields)
    return payload.build_fields(fields, {**own, **credentials})


def read(
    integrations: tuple[IntegrationType, ...], config: Any, environment: Mapping[str, str]
) -> TeardownCredentials:
    """`teardown_credentials` of the provider block, each platform's gaps filled from its environment variables."""
    if isinstance(config, Unknown):
        return TeardownCredentials({}, {})
    block = config or {}
    platforms: dict[str, Credentials] = {}
    for integration in _with_teardown(integrations):
        name = integration.teardown_platform
        gathered = _gathered(
            teardown_fields(integration), block.get(name), f"IMMUTA_TEARDOWN_{name}".upper(), environment
        )
        if gathered:
            platforms[name] = gathered
    hosts = block.get("hosts")
    entries = hosts.items() if isinstance(hosts, dict) else ()
    secret_names = frozenset(
        path[-1] for i in _with_teardown(integrations) for path, field in i.walk() if field.secret
    )
    return TeardownCredentials(platforms, {host: _set_values(value) for host, value in entries}, secret_names)


def attribute(integrations: tuple[IntegrationType, ...]) -> Attribute:
    """The provider block's `teardown_credentials`."""
    owners: dict[str, list[tuple[str, Field]]] = {}
    platforms = []
    for integration in _with_teardown(integrations):
        fields = teardown_fields(integration)
        for field in fields:
            owners.setdefault(field.name, []).append((integration.teardown_platform, field))
        own = tuple(_credential(f, f.description) for f in fields)
        platforms.append(
            Attribute(
                integration.teardown_platform,
                nested=Nested(own, "single"),
                description=f"The credentials for every automatically configured {integration.title} integration. Environment: "
                f"`IMMUTA_TEARDOWN_{integration.teardown_platform.upper()}_<ATTRIBUTE>`.",
                optional=True,
            )
        )
    hosts = Attribute(
        "hosts",
        nested=Nested(tuple(_shared(owners[name]) for name in sorted(owners)), "map"),
        description="The credentials by host. An entry takes precedence over the credentials of its platform.",
        optional=True,
    )
    return Attribute(
        "teardown_credentials",
        nested=Nested((*platforms, hosts), "single"),
        description="The privileged credentials with which Immuta removes what it set up in a platform. Immuta needs them to "
        "delete an integration with `auto_bootstrap = true`. Default: none, and such an integration cannot be destroyed.",
        optional=True,
    )


def _unfit(field: Field, value: object) -> str:
    accepted = either(field.choices.values if field.choices else ())
    return (
        f"{field.name} is {quote(value)}, but Immuta removes what it set up itself only with {accepted}. Change {field.name}, "
        "and set the credentials that belong to it."
    )


def _shared(owners: list[tuple[str, Field]]) -> Attribute:
    """A credential that several platforms have: its meaning is described at each of them."""
    field = owners[-1][1]
    if len({each.description for _, each in owners}) == 1:
        return _credential(field, field.description)
    names = [f"`{platform}`" for platform, _ in owners]
    return _credential(
        field, f"As in {', '.join(names[:-1])} and {names[-1]}, depending on the platform of the host."
    )


def _credential(field: Field, description: str) -> Attribute:
    parts = tuple(_credential(f, f.description) for f in field.fields)
    nested = Nested(parts, "single") if parts else None
    return Attribute(
        field.name,
        None if nested else TYPES[field.kind],
        nested=nested,
        description=description,
        optional=True,
        sensitive=field.secret,
    )


def _with_teardown(integrations: tuple[IntegrationType, ...]) -> list[IntegrationType]:
    return [i for i in integrations if i.teardown_platform]


def _gathered(
    fields: tuple[Field, ...], value: Any, prefix: str, environment: Mapping[str, str]
) -> Credentials:
    """The attributes of the block, and from the environment those that are null there (unknown is not null)."""
    if isinstance(value, Unknown):
        return {}
    block = value if isinstance(value, dict) else {}
    gathered: Credentials = {}
    for field in fields:
        variable = f"{prefix}_{field.name}".upper()
        own = block.get(field.name)
        found = (
            _gathered(field.fields, own, variable, environment)
            if field.fields
            else _from_text(field, environment.get(variable))
            if own is None
            else own
        )
        if found not in (None, "", {}) and not isinstance(found, Unknown):
            gathered[field.name] = found
    return gathered


def _from_text(field: Field, text: str | None) -> Any:
    """A variable's value. For a bool, text other than true and false stays text, and is reported as a value of the wrong type."""
    if field.kind == model.BOOL and text is not None:
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    return text


def _set_values(value: Any) -> Credentials:
    if not isinstance(value, dict):
        return {}
    return {
        k: _set_values(v) if isinstance(v, dict) else v
        for k, v in value.items()
        if v is not None and not isinstance(v, Unknown)
    }

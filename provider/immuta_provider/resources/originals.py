"""Configurations as they were written, to tell a removed secret from a hidden one.

While Terraform plans a resource it first validates the configuration as it stands, and then plans it with what
`ignore_changes` names put back to the prior state. For a secret, of which no prior value exists, that is null: the same as
if it had been taken out of the configuration. What was validated just before tells the two apart.
"""

from __future__ import annotations

import threading

from ..plugin import secrecy
from . import secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..integrations.fields import IntegrationType
    from ..plugin.provider import Object
    from ..plugin.schema import Schema


class Originals:
    """The secrets that each validated configuration sets, by everything else that it sets."""

    def __init__(self, integration: IntegrationType, schema: Schema) -> None:
        self._integration = integration
        self._schema = schema
        self._lock = threading.Lock()
        self._secrets: dict[str, set[str]] = {}

    def remember(self, config: Object) -> None:
        """A configuration that was validated. No secret is kept, only which of them are set."""
        if not self._integration.has_secrets:
            return
        key = self._key(config)
        paths = secrets.configured(self._integration, config).keys()
        with self._lock:
            self._secrets.setdefault(key, set()).update(paths)

    def removed(self, config: Object, path: str) -> bool:
        """Whether the secret at `path`, which is null in `config`, is not in the configuration either."""
        original = self._secrets.get(self._key(config))
        return original is not None and path not in original

    def _key(self, config: Any) -> str:
        return repr(secrecy.withhold(self._schema, config))

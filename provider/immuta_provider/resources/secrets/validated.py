"""Configurations as they were written, to tell a removed secret from a hidden one.

While Terraform plans a resource it first validates the configuration as it stands, and then plans it with what
`ignore_changes` names put back to the prior state. For a secret, of which no prior value exists, that is null: the same as
if it had been taken out of the configuration. What was validated just before tells the two apart.
"""

from __future__ import annotations

import threading

from ...plugin import secrecy
from . import secrets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ...model.fields import ResourceType
    from ...plugin.interfaces import Object
    from ...plugin.schema import Schema


class ValidatedConfigs:
    """Remembers, per validated configuration, which secrets it sets. Looked up by the configuration's other values."""

    def __init__(self, type: ResourceType, schema: Schema) -> None:
        self._type = type
        self._schema = schema
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Any, set[str]]] = {}

    def remember(self, config: Object) -> None:
        """A configuration that was validated. No secret is kept, only which of them are set."""
        if not self._type.has_secrets:
            return
        bare = secrecy.without_write_only(self._schema, config)
        paths = secrets.configured(self._type, config).keys()
        with self._lock:
            self._known.setdefault(repr(bare), (bare, set()))[1].update(paths)

    def removed(self, config: Object, prior: Object, path: str) -> bool:
        """Returns whether the secret at `path`, null in `config`, is not in the configuration either. False in doubt, and where
        all changes are ignored."""
        bare = secrecy.without_write_only(self._schema, config)
        with self._lock:
            exact = self._known.get(repr(bare))
            if exact is None and self._all_ignored(bare, prior):
                return False
            originals = [exact] if exact is not None else list(self._known.values())
        distances = [self._distance(original, bare, prior) for original, _ in originals]
        nearest = min((d for d in distances if d is not None), default=None)
        likely = [paths for d, (_, paths) in zip(distances, originals, strict=True) if d == nearest]
        return nearest is not None and not any(path in paths for paths in likely)

    def _all_ignored(self, config: Object, prior: Object) -> bool:
        """Returns whether the config equals the prior state, ignoring computed values."""
        names = [a.name for a in self._schema.attributes if a.optional or a.required]
        return all(config[name] == prior.get(name) for name in names)

    def _distance(self, original: Object, config: Object, prior: Object) -> int | None:
        """Counts the values of an original that have to be ignored changes for it to look like `config`; None: it cannot."""
        if any(original[name] != config[name] for name in self._type.unique_by):
            return None
        return _ignored(original, config, prior)


def _ignored(original: Any, config: Any, prior: Any) -> int | None:
    if original == config:
        return 0
    if isinstance(original, dict) and isinstance(config, dict):
        before = prior if isinstance(prior, dict) else {}
        parts = [_ignored(original.get(name), config[name], before.get(name)) for name in config]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None
    return 1 if config == prior else None

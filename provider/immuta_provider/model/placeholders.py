"""Fixed texts that are sent in the place of secrets and that nobody can take for a secret.

A data source's script is kept in Terraform's state, so Immuta is sent these texts. Immuta writes them into the script where
the secrets would stand.
"""

from __future__ import annotations

from immuta_provider.model import rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from immuta_provider.model.fields import Field, ResourceType

PEM = (
    "-----BEGIN PRIVATE KEY-----\n"
    "YSBwbGFjZWhvbGRlciBvZiBjZGt0Zi1pbW11dGEsIGFuZCBubyBrZXk=\n"
    "-----END PRIVATE KEY-----\n"
)
"""The placeholder of a private key: a PEM file whose base64 content says that it is not a key."""

JSON = (
    '{"type": "service_account", "project_id": "PROJECT_ID", "private_key_id": "PRIVATE_KEY_ID", '
    '"private_key": "PRIVATE_KEY", "client_email": "CLIENT_EMAIL"}'
)
"""The placeholder of a service account's key file."""


def placeholder(field: Field) -> str:
    """The text for one secret field: a key file's, or the attribute's name such as `<PASSWORD>`."""
    return {"pem": PEM, "json": JSON}.get(field.text_format, f"<{field.name.upper()}>")


def completed(
    type: ResourceType,
    config: Mapping[str, Any],
    *,
    is_unknown: Callable[[object], bool] = rules.nothing_unknown,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Returns `config`, which has no secret, with a placeholder for each secret that the rules require; and the placeholders by
    attribute, with dots (a list's index is a step). Optional secrets stay out."""
    whole = _copy(config)
    sent: dict[str, str] = {}
    for finding in rules.check(type, whole, is_unknown=is_unknown):
        parent = whole
        for step in finding.path[:-1]:
            parent = parent[step]
        field = finding.field
        if field.secret and isinstance(parent, dict) and parent.get(field.name) is None:
            parent[field.name] = sent[".".join(map(str, finding.path))] = placeholder(field)
    return whole, sent


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(each) for name, each in value.items()}
    return [_copy(each) for each in value] if isinstance(value, list) else value

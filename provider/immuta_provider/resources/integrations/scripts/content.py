"""The attributes of every script: its content, and the placeholders in it that stand for secrets."""

from __future__ import annotations

from ....plugin.redaction import REDACTOR
from ....plugin.schema import Attribute
from ....plugin.types import STRING, MapOf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....plugin.diagnostics import Diagnostics


def content_attribute(*, sensitive: bool) -> Attribute:
    """`content`: the script itself."""
    return Attribute(
        "content",
        STRING,
        description="The text of the script, as Immuta wrote it, in the platform's language: SQL, or a shell script for gcloud.",
        computed=True,
        sensitive=sensitive,
    )


def placeholders_attribute() -> Attribute:
    """`placeholders`: the texts that were sent in place of secrets."""
    return Attribute(
        "placeholders",
        MapOf(STRING),
        description="The placeholders that were sent to Immuta instead of secrets, by attribute, for example "
        '`{ "password" = "<PASSWORD>" }`. Replace each placeholder before you run the script; a placeholder is a public '
        "password. Empty if the settings need no secret.",
        computed=True,
    )


def check_kept(content: str, about: str, ephemeral: str, diagnostics: Diagnostics) -> bool:
    """False beside an error where a script may not be kept in the state; the `ephemeral` resource takes its place."""
    if not REDACTOR.has_configured(content):
        return True
    diagnostics.error(
        "The script contains a secret",
        f"{about}, as Immuta wrote it, contains a configured secret. Terraform would keep the script in its state, so the "
        f"script was not stored. Use the ephemeral resource {ephemeral} instead, which takes the same "
        "arguments and is not stored.",
    )
    return False

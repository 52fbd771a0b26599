"""Which script is for what, and which integration type has it."""

from __future__ import annotations

from ....plugin.redaction import REDACTOR
from ....plugin.schema import Attribute
from ....plugin.types import STRING, MapOf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ....model.integrations.type import IntegrationType
    from ....plugin.diagnostics import Diagnostics

NEW = ("initial-create", "create", "cleanup", "post-cleanup")
"""The scripts of an integration that Immuta does not have: not yet, or because its set-up failed."""

EXISTING = ("edit", "delete")
"""The scripts of an integration that Immuta has."""

MEANINGS = {
    "create": "sets up what Immuta manages in the platform; run it before the integration is made",
    "initial-create": "comes before `create`, where the platform needs two",
    "cleanup": "removes what a set-up left behind that did not become an integration",
    "post-cleanup": "comes after `cleanup`, where the platform needs two",
    "edit": "changes what Immuta manages in the platform; run it before the integration is updated to the settings given here",
    "delete": "removes what Immuta manages in the platform; run it before the integration is destroyed",
}


def having(
    integrations: tuple[IntegrationType, ...], scripts: tuple[str, ...]
) -> tuple[IntegrationType, ...]:
    """The types that have one of the scripts, or may have."""
    return tuple(
        i for i in integrations if any(s in i.scripts.values for s in scripts) or not i.scripts.strict
    )


def script_attribute(integrations: tuple[IntegrationType, ...], scripts: tuple[str, ...]) -> Attribute:
    """`script`: which one is wanted."""
    meanings = "; ".join(f"`{s}` {MEANINGS[s]} ({_titles(integrations, s)})" for s in scripts)
    return Attribute(
        "script",
        STRING,
        description=f"Which script: {meanings}.",
        required=True,
    )


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
    """`placeholders`: what was sent in place of secrets."""
    return Attribute(
        "placeholders",
        MapOf(STRING),
        description="The placeholders that Immuta was sent instead of secrets, by attribute, for example "
        '`{ "password" = "<PASSWORD>" }`. A script in which one stands sets a password that anybody knows: replace it before '
        "the script is run. Empty where the settings need no secret.",
        computed=True,
    )


def check_name(script: object, scripts: tuple[str, ...], diagnostics: Diagnostics) -> bool:
    """Whether the text names a script; if not, the error is reported. Anything but text is not known yet."""
    if not isinstance(script, str) or script in scripts:
        return True
    diagnostics.error(
        "No such script",
        f"`script` is {script!r}; it has to be one of {', '.join(scripts)}.",
        ("script",),
    )
    return False


def check_exists(
    integration: IntegrationType,
    script: object,
    scripts: tuple[str, ...],
    diagnostics: Diagnostics,
    *,
    warn: bool = True,
) -> bool:
    """Whether Immuta may have this script for the type; if not, the error is reported."""
    has = integration.scripts
    if not isinstance(script, str) or script in has.values:
        return True
    own = ", ".join(s for s in has.values if s in scripts)
    others = f"There is {own}. Set `script` to one that there is." if own else "There is none to use instead."
    if has.strict:
        diagnostics.error(
            f"{integration.title} has no {script} script",
            f"Immuta writes no {script} script for {integration.title} integrations ({integration.type!r}). {others}",
            ("script",),
        )
        return False
    if warn:
        diagnostics.warning(
            f"{integration.title} probably has no {script} script",
            f"Immuta's pages name no {script} script for {integration.title} integrations ({integration.type!r}). Immuta is "
            f"asked all the same. {others}",
            ("script",),
        )
    return True


def _titles(integrations: tuple[IntegrationType, ...], script: str) -> str:
    return ", ".join(i.title for i in integrations if script in i.scripts.values)


def check_kept(content: str, about: str, ephemeral: str, diagnostics: Diagnostics) -> bool:
    """Whether a script may be kept in the state; False beside an error that names the `ephemeral` resource to use instead."""
    if not REDACTOR.has_configured(content):
        return True
    diagnostics.error(
        "The script holds a secret",
        f"in what Immuta wrote as {about} stands a secret that this run configures. Terraform would keep it in its state, so "
        f"nothing of it was taken over. Use the ephemeral resource {ephemeral} instead: it takes the same arguments, and is kept "
        "nowhere.",
    )
    return False

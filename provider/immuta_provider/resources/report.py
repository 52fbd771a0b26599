"""What users are told: each function turns one finding into diagnostics."""

from __future__ import annotations

from ..model.compiled.integrations import INTEGRATIONS
from ..model.rules import path_label
from .integrations import import_block
from .secrets.secrets import CHANGED, REMOVED, UNCHECKABLE, UNKNOWN_YET, UNSEEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..api.http.errors import ImmutaError
    from ..api.integrations.integration import Integration
    from ..api.integrations.life import Outcome
    from ..api.records import Note
    from ..model.fields import IntegrationType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.paths import Path

MENDABLE = ("createError", "editError", "migrateError", "recurringValidationError")
"""The statuses that a PUT can lead back to `enabled`."""


def outcome(
    outcome: Outcome, integration: IntegrationType, diagnostics: Diagnostics, own: str | None = None
) -> None:
    """How a call to Immuta ended; `own` is the id of the integration that the resource has already."""
    notes(outcome.warnings, diagnostics)
    if outcome.error is not None:
        failed(outcome.error, integration, diagnostics, own)


def failed(
    error: ImmutaError, integration: IntegrationType, diagnostics: Diagnostics, own: str | None = None
) -> None:
    """An error of the client, with the import block where an existing integration is in the way or may be the one. A resource
    that has one (`own`) can import no other, and is named: Terraform does not show the address of what it destroys."""
    existing = getattr(error, "existing_id", None)
    if existing and own:
        advice = "in its own way" if existing == own else f"in the way of integration {own}"
        diagnostics.error(
            error.summary,
            f"{error.detail}\n\nIntegration {existing} is {advice}. Look at it in Immuta, and apply again when that is mended."
            f"{_about(integration, own)}",
        )
        return
    ids = [existing] if existing else [candidate.id for candidate in getattr(error, "candidates", ())]
    blocks = [import_block.render(integration, id) for id in ids]
    if blocks:
        blocks.insert(0, "To manage an integration that exists already with this resource, import it:")
    diagnostics.error(error.summary, "\n\n".join([error.detail, *blocks]) + _about(integration, own))


def _about(integration: IntegrationType, own: str | None) -> str:
    return f"\n\nThe resource is an {integration.resource}, and Immuta's id of it is {own}." if own else ""


def doubtful(error: ImmutaError, diagnostics: Diagnostics) -> None:
    """Why the creates of a plan will fail."""
    diagnostics.warning(
        error.summary,
        f"{error.detail}\n\nThe plan is complete, but nothing of it can be created as long as that lasts: this provider asked "
        "Immuta for its list of integrations, as it does before each create. Look into it before applying.",
    )


def notes(warnings: Sequence[Note], diagnostics: Diagnostics) -> None:
    """What the client found worth a warning."""
    for note in warnings:
        diagnostics.warning(note.summary, note.detail)


_WHY_SENT_AGAIN = {
    CHANGED: "is another one than Immuta was sent",
    REMOVED: "is no longer configured",
    UNKNOWN_YET: "can only be compared in the apply: its value, or `fingerprint_key`, is not known yet",
    UNSEEN: "has no fingerprint yet: it is new, or it was never sent from here, as after an import",
    UNCHECKABLE: "has a fingerprint that cannot be checked: it was made under another `fingerprint_key`, or it is damaged",
}


def sent_again(
    integration: IntegrationType, secrets: Mapping[str, str], doubtful: bool, diagnostics: Diagnostics
) -> None:
    """Reasons for a planned update that the plan's values do not show: `secrets` holds what was found of each secret that is not
    certainly the one that Immuta has, and `doubtful` says that the last update's outcome is not known."""
    lines = [f"{path} {_WHY_SENT_AGAIN[found]}." for path, found in sorted(secrets.items())]
    if doubtful:
        lines.append(
            "The outcome of the last update is not known: its answer was lost, or the resource's private state is damaged."
        )
    if lines:
        diagnostics.warning(
            f"An update sends the secrets of the {integration.title} integration again"
            if secrets
            else f"An update sends the {integration.title} integration again",
            "\n".join(lines),
        )


def secrets_lost(paths: Sequence[tuple[str | int, ...]], diagnostics: Diagnostics) -> None:
    """Rows that `ignore_changes` keeps, and that the configuration no longer has: their secrets were there alone."""
    rows = ", ".join(path_label(path) for path in paths)
    names = ", ".join(sorted({str(path[0]) for path in paths}))
    diagnostics.error(
        "Secrets that are to stay are not known",
        f"`ignore_changes` keeps {rows} as in the state, and the configuration no longer has it. Its secrets were in the "
        "configuration alone, and Immuta would lose them: an update replaces everything. Nothing was sent. Either put it back "
        f"into the configuration, or take {names} out of `ignore_changes`.",
    )


def health(
    found: Integration,
    integration: IntegrationType,
    quote: Callable[[str], str],
    diagnostics: Diagnostics,
) -> None:
    """What is wrong with an integration, and what comes of it: which tests failed is why an update is planned although nothing
    changed. What they said may hold its secrets, which are not known to whoever only reads it."""
    from ..api.http.error_response import failed_tests, quoted
    from ..api.integrations.statuses import KNOWN, TRANSITIONAL

    if not found.status or found.status == "enabled" or found.status in TRANSITIONAL:
        return
    if found.status not in KNOWN:
        status = quoted(found.status, quote)
        diagnostics.warning(
            "The integration has an unknown status",
            f'the status of integration {found.id} is "{status}", which this version does not know. Look at it in Immuta.',
        )
        return
    if found.status == "deleteError":
        consequence = "an earlier deletion failed and was rolled back. It works as before; to remove it, destroy it again"
    elif integration.updatable:
        consequence = "an update that sends the configuration again is planned"
    else:
        consequence = "nothing of it can be changed. Mend it in Immuta, or let `terraform apply -replace=ADDRESS` make it anew"
    tests = failed_tests(found.validation, quote)
    if tests and integration.has_secrets:
        names = "".join(
            f"\n  - {quoted(test.name, quote) or 'unnamed test'}" for test in found.validation.failed
        )
        tests = (
            f"\n\nfailed validation tests:{names}\nWhat they say is not repeated here, because secrets may be in it that are "
            "not known before the update. If they fail again, the update shows it; Immuta's app settings page shows it now."
        )
    diagnostics.warning(
        f"The {integration.title} integration is not healthy",
        f"Immuta's status of integration {found.id} is {found.status!r}: {consequence}.{tests}",
    )


def without_id(integration: IntegrationType, diagnostics: Diagnostics) -> None:
    """A stored state that was changed by hand."""
    diagnostics.error(
        "The stored state is damaged",
        f"the state of an {integration.resource} has no id. Restore the state from a backup. Without one, remove the resource "
        "from the state (`terraform state rm ADDRESS`) and import the integration by Immuta's id of it.",
    )


def another_type(
    found: Integration, integration: IntegrationType, quote: Callable[[str], str], diagnostics: Diagnostics
) -> None:
    """An integration that a resource of this type cannot manage. A type that is none of the known ones is the server's text."""
    from ..api.http.error_response import quoted

    known = {each.type for each in INTEGRATIONS}
    type = found.type if found.type in known else quoted(found.type, quote)
    diagnostics.error(
        "Integration of another type",
        f"Immuta's integration {found.id} is of type {type!r}; {integration.resource} manages {integration.type!r}. Use the "
        "resource type that fits, or the id of another integration.",
    )


def contradictions(
    found: Sequence[tuple[Path, Any, Any]],
    integration: IntegrationType,
    quote: Callable[[str], str],
    diagnostics: Diagnostics,
) -> None:
    """Values that Immuta reports otherwise than they were written."""
    if not found:
        return
    from ..api.http.error_response import quoted

    lines = [
        f"{'.'.join(map(str, path))}: sent {quoted(repr(sent), quote)}, Immuta reports {quoted(repr(held), quote)}"
        for path, sent, held in found
    ]
    diagnostics.warning(
        f"Immuta changed what was written to the {integration.title} integration",
        "\n".join([*lines, "The state holds what was sent; the next plan shows the difference."]),
    )


def strangers(hosts: Sequence[str], diagnostics: Diagnostics) -> None:
    """Entries of `teardown_credentials.hosts` that fit no integration: misspelt, or left over."""
    if hosts:
        diagnostics.warning(
            "Teardown credentials for a host without an integration",
            f"no integration in Immuta has the host {', '.join(map(repr, hosts))}, which `teardown_credentials.hosts` names. "
            "Compare it with the integration's `host`; if that is about to be created, there is nothing to do.",
        )


def teardown_missing(
    integration: IntegrationType, state: Mapping[str, Any], tell: Callable[[str, str], None]
) -> None:
    """No credentials to delete an automatically configured integration."""
    platform, host = integration.teardown_platform, state.get(integration.host_field)
    variables = f"IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>"
    tell(
        f"No credentials to remove the {integration.title} integration",
        f"Immuta set up integration {state.get('id')} on {host} itself (`auto_bootstrap = true`) and wants privileged "
        f"credentials to remove it. Set `teardown_credentials.{platform}` (or an entry for {host!r} in its `hosts`) in "
        f"the provider block, or the environment variables {variables}, to the credentials that it was set up with: "
        f"{', '.join(integration.teardown_fields)}. Without them nothing is destroyed: the integration and the state stay as "
        "they are. If the resource is tainted, `terraform untaint` lets the next apply repair it in place instead.",
    )


def teardown_wrong(
    integration: IntegrationType,
    state: Mapping[str, Any],
    wrong: Sequence[str],
    tell: Callable[[str, str], None],
) -> None:
    """Credentials with which Immuta would delete nothing."""
    platform, host = integration.teardown_platform, state.get(integration.host_field)
    tell(
        f"Wrong credentials to remove the {integration.title} integration",
        f"Immuta set up integration {state.get('id')} on {host} itself, and what `teardown_credentials.{platform}` (or the "
        f"entry for {host!r} in its `hosts`, or IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>) gives cannot remove "
        "it. Nothing is destroyed with them. As if they stood in the resource:\n\n" + "\n".join(wrong),
    )

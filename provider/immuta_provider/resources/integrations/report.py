"""Diagnostics about integrations alone: each function turns one finding into diagnostics."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ...api.found import Found
    from ...model.integrations.type import IntegrationType
    from ...plugin.diagnostics import Diagnostics

MENDABLE = ("createError", "editError", "migrateError", "recurringValidationError")
"""The statuses that a PUT can lead back to `enabled`."""


def health(
    found: Found,
    integration: IntegrationType,
    quote: Callable[[str], str],
    diagnostics: Diagnostics,
) -> None:
    """Warns of an unhealthy integration and of the consequence: which tests failed is why an update is planned although nothing
    changed. What they said may hold its secrets, which are not known to whoever only reads it."""
    from ...api.http.quoting import quoted
    from ...api.http.validation import failed_tests
    from ...api.integrations.statuses import KNOWN, TRANSITIONAL

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

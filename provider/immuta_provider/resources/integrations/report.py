"""The diagnostics of integrations alone: each function reports one kind of finding."""

from __future__ import annotations

from ...model.text import joined

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
    """A status that is not healthy, its consequence, and the failed tests, which are the reason for an update without a change.
    The tests' messages may hold secrets that are unknown to a refresh, so that they are not shown."""
    from ...api.http.quoting import quoted
    from ...api.http.validation import failed_tests
    from ...api.integrations.statuses import KNOWN, TRANSITIONAL

    if not found.status or found.status == "enabled" or found.status in TRANSITIONAL:
        return
    if found.status not in KNOWN:
        status = quoted(found.status, quote)
        diagnostics.warning(
            "The integration has an unknown status",
            f'the status of integration {found.id} is "{status}", which this version does not know. Check it in Immuta.',
        )
        return
    if found.status == "deleteError":
        consequence = (
            "an earlier deletion failed and was rolled back, so the integration is still in use. To remove the integration, "
            "destroy it again"
        )
    elif integration.updatable:
        consequence = "an update that sends the configuration again is planned"
    else:
        consequence = "Immuta cannot change it. Repair it in Immuta, or replace it by `terraform apply -replace=ADDRESS`"
    tests = failed_tests(found.validation, quote)
    if tests and integration.has_secrets:
        names = "".join(
            f"\n  - {quoted(test.name, quote) or 'unnamed test'}" for test in found.validation.failed
        )
        tests = (
            f"\n\nfailed validation tests:{names}\nTheir messages are not shown here, because they may contain secrets that are "
            "unknown until the update. Immuta's app settings page shows them."
        )
    diagnostics.warning(
        f"The {integration.title} integration is not healthy",
        f"Immuta's status of integration {found.id} is {found.status!r}: {consequence}.{tests}",
    )


def strangers(hosts: Sequence[str], diagnostics: Diagnostics) -> None:
    """Entries of `teardown_credentials.hosts` that fit no integration, because they are misspelt or left over."""
    if hosts:
        diagnostics.warning(
            "Teardown credentials for a host without an integration",
            f"`teardown_credentials.hosts` names {joined(list(map(repr, hosts)), 'and')}, but no integration in Immuta has such "
            "a host. Compare the name with the integration's `host`. If the integration is not created yet, there is nothing to "
            "do.",
        )


def teardown_missing(
    integration: IntegrationType, state: Mapping[str, Any], tell: Callable[[str, str], None]
) -> None:
    """No credentials to delete an automatically configured integration."""
    platform, host = integration.teardown_platform, state.get(integration.host_field)
    variables = f"IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>"
    tell(
        f"No credentials to remove the {integration.title} integration",
        f"Immuta set up integration {state.get('id')} on {host} itself (`auto_bootstrap = true`) and needs privileged "
        f"credentials to remove it. Set `teardown_credentials.{platform}` (or an entry for {host!r} in its `hosts`) in "
        f"the provider block, or the environment variables {variables}, to the credentials of the set-up: "
        f"{', '.join(integration.teardown_fields)}. Without credentials nothing is destroyed, and the integration and the state "
        "stay as they are. If the resource is tainted, `terraform untaint` lets the next apply repair it in place instead.",
    )


def teardown_wrong(
    integration: IntegrationType,
    state: Mapping[str, Any],
    wrong: Sequence[str],
    tell: Callable[[str, str], None],
) -> None:
    """Credentials that Immuta would refuse."""
    platform, host = integration.teardown_platform, state.get(integration.host_field)
    tell(
        f"Wrong credentials to remove the {integration.title} integration",
        f"Immuta set up integration {state.get('id')} on {host} itself, but the credentials of "
        f"`teardown_credentials.{platform}` (or of the entry for {host!r} in its `hosts`, or of "
        f"IMMUTA_TEARDOWN_{platform.upper()}_<ATTRIBUTE>) cannot remove it. Nothing is destroyed. As if they were set in the "
        "resource:\n\n" + "\n".join(wrong),
    )

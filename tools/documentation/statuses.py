"""Immuta's statuses in words; their consequences are read from the provider's code."""

from __future__ import annotations

from immuta_provider.api.integrations.statuses import GONE, TRANSITIONAL
from immuta_provider.resources.integrations.report import MENDABLE

MEANINGS = {
    "creating": "is being set up",
    "enabled": "works",
    "createError": "could not be set up; it exists and occupies its place",
    "editing": "is being changed",
    "editError": "could not be changed; it was rolled back and works as before",
    "deleting": "is being removed",
    "deleteError": "could not be removed; it was rolled back and works as before",
    "deleted": "was removed",
    "disabled": "was disabled by force, without any clean-up on the platform",
    "migrating": "is being migrated by Immuta",
    "migrateError": "could not be migrated; it was rolled back",
    "recurringValidationError": "failed Immuta's periodic check; probably it is misconfigured",
}


def table(noun: str, *, updatable: bool) -> str:
    """One row a status, for a type that can or cannot be changed."""
    rows = [
        f"| `{status}` | {meaning} | {consequence(status, updatable=updatable)} |"
        for status, meaning in MEANINGS.items()
    ]
    return "\n".join([f"| `status` | the {noun} | what Terraform does |", "|---|---|---|", *rows])


def consequence(status: str, *, updatable: bool) -> str:
    if status in TRANSITIONAL:
        return "a write waits until it is over, inside `timeouts`; a refresh shows it"
    if status == "disabled":
        return "takes it out of the state, with a warning"
    if status in GONE:
        return "takes it out of the state"
    if status == "createError":
        made = "a create that ends so is an error, and taints the resource: the next plan replaces it"
        return f"{made}, or repairs it in place after `terraform untaint`" if updatable else made
    if status in MENDABLE and updatable:
        return "warns; the next plan shows an update in place that sends the configuration again"
    return "nothing" if status == "enabled" else "shows it"

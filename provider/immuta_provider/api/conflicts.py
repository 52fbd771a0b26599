"""The messages and waiting times for an object that conflicts with a create."""

from __future__ import annotations

from .http.errors import ConflictError

# Seconds that a create waits for this run to start deleting the conflicting object. Terraform reads a resource just before it
# destroys it, so an object that is in the state gets less time.
GRACE_SECONDS = 10.0
GRACE_FOR_KEPT = 2.0


def twins(noun: str, key: str) -> str:
    """Returns the message for two resources of one run with the same natural key, of which `key` is an attribute."""
    return (
        f"Another resource of this run has just created it, so two resources of the configuration describe the same {noun}. "
        f"Remove one of them, or change an attribute by which Immuta distinguishes them, such as the {key}."
    )


def not_to_import(error: ConflictError, id: str, noun: str, *, kept: bool) -> ConflictError:
    """Returns the error for a conflict with an object that remains; `kept` tells that this run's state contains the object."""
    one = f"{noun} {id}"
    which = (
        f"{noun.capitalize()} {id} is already in the state of this configuration, so it cannot also be imported for this "
        "resource."
        if kept
        else f"Import {one} only if no other resource of this configuration manages it."
    )
    own = (
        f"If this resource was renamed or moved, add a `moved` block from its old address to the new one (in Python: "
        f"`move_from_id`); {one} is then not changed. If this run destroys {one}, apply again. If `create_before_destroy` is "
        f"set, remove it, since Immuta allows only one such {noun} and the old one has to be deleted first. If two resources "
        f"describe the same {noun}, remove one of them."
    )
    return ConflictError(
        error.summary,
        f"{error.detail}\n\n{which} {own}",
        status=error.status,
        message=error.message,
        existing_id=None if kept else id,
    )

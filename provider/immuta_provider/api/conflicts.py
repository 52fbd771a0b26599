"""The words and the patience for an object that is in the way of a create."""

from __future__ import annotations

from .http.errors import ConflictError

# Seconds for which a create waits for this run to begin to delete what is in its way. Terraform reads the state of a resource
# just before it destroys it.
GRACE_SECONDS = 10.0
GRACE_FOR_KEPT = 2.0


def twins(noun: str, key: str) -> str:
    """Two resources of one run that are the same to Immuta; `key` is an attribute of the natural key."""
    return (
        f"Another resource of this run has just created that one, so two resources of the configuration are one {noun} to "
        f"Immuta. Remove one of them, or change in one what tells them apart in Immuta, such as the {key}."
    )


def not_to_import(error: ConflictError, id: str, noun: str, *, kept: bool) -> ConflictError:
    """The conflict with an object that stays, and what to do where the configuration has it itself (`kept`: it has)."""
    one = f"{noun} {id}"
    which = (
        f"{noun.capitalize()} {id} is in the state of this configuration already, so it cannot be imported for this "
        "resource as well."
        if kept
        else f"Import {one} only where no other resource of this configuration has it."
    )
    own = (
        f"If this resource was renamed or moved, add a `moved` block from its old address to the new one (in Python: "
        f"`move_from_id`), and {one} stays as it is; where this run destroys it, applying again is enough. If "
        f"`create_before_destroy` is set, remove it: Immuta has one {noun} in this place, so the old one has to go first. If "
        f"two resources describe the same {noun}, remove one of them."
    )
    return ConflictError(
        error.summary,
        f"{error.detail}\n\n{which} {own}",
        status=error.status,
        message=error.message,
        existing_id=None if kept else id,
    )

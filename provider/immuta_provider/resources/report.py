"""Diagnostics for users: each function turns one finding into diagnostics."""

from __future__ import annotations

from ..model.compiled.types import TYPES
from ..model.text import a, path_label
from . import durations, import_block
from .secrets.secrets import CHANGED, REMOVED, UNCHECKABLE, UNKNOWN_YET, UNSEEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..api.found import Found, Note
    from ..api.http.errors import ImmutaError
    from ..api.life import Outcome
    from ..model.fields import ResourceType
    from ..model.rules import Finding
    from ..model.wording import Subject
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.paths import Path


def outcome(outcome: Outcome, type: ResourceType, diagnostics: Diagnostics, own: str | None = None) -> None:
    """Reports the outcome of a call to Immuta; `own` is the id of the object that the resource has already."""
    notes(outcome.warnings, diagnostics)
    if outcome.error is not None:
        failed(outcome.error, type, diagnostics, own)


def failed(error: ImmutaError, type: ResourceType, diagnostics: Diagnostics, own: str | None = None) -> None:
    """An error of the client, with the import block where an existing object is in the way or may be the one. A resource
    that has one (`own`) can import no other, and is named: Terraform does not show the address of what it destroys."""
    existing = getattr(error, "existing_id", None)
    if existing and own:
        diagnostics.error(
            error.summary, f"{error.detail}\n\n{_conflict(type, existing, own)}{_about(type, own)}"
        )
        return
    ids = [existing] if existing else [candidate.id for candidate in getattr(error, "candidates", ())]
    blocks = [import_block.render(type, id) for id in ids]
    if blocks:
        blocks.insert(0, f"To manage {a(type.noun)} that exists already with this resource, import it:")
    diagnostics.error(error.summary, "\n\n".join([error.detail, *blocks]) + _about(type, own))


def _about(type: ResourceType, own: str | None) -> str:
    return f"\n\nThe resource is an {type.resource}, and Immuta's id of it is {own}." if own else ""


def _conflict(type: ResourceType, existing: str, own: str) -> str:
    if existing == own:
        return (
            f"Immuta says that {type.noun} {own}, which this resource manages, conflicts with itself. Check it in Immuta and "
            "apply again."
        )
    return f"{type.noun.capitalize()} {existing} is in the way of {type.noun} {own}. Check it in Immuta and apply again."


def finding(subject: Subject, finding: Finding, path: Path, diagnostics: Diagnostics) -> None:
    """A broken rule of the model, at a path that Terraform may show."""
    from ..model import wording

    problem = wording.problem(subject, finding)
    tell = diagnostics.error if problem.strict else diagnostics.warning
    tell(problem.summary, problem.detail, path)


def timeouts(timeouts: object, diagnostics: Diagnostics) -> None:
    """Timeouts that are not durations, and an object of them in which nothing is set."""
    if not isinstance(timeouts, dict):
        return
    from ..model import wording

    if all(text is None for text in timeouts.values()):
        diagnostics.warning(*wording.empty("timeouts", list(timeouts)), ("timeouts",))
    for name, text in timeouts.items():
        if isinstance(text, str) and durations.seconds(text) is None:
            diagnostics.error(*wording.wrong_duration(f"timeouts.{name}", text, "10m"), ("timeouts", name))


def doubtful(error: ImmutaError, type: ResourceType, diagnostics: Diagnostics) -> None:
    """Why the creates of a plan will fail."""
    diagnostics.warning(
        error.summary,
        f"{error.detail}\n\nThe plan is complete, but nothing of it can be created as long as that lasts: this provider asked "
        f"Immuta for its list of {type.plural}, as it does before each create. Look into it before applying.",
    )


def notes(warnings: Sequence[Note], diagnostics: Diagnostics) -> None:
    """Warns of each note of the client."""
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
    type: ResourceType, secrets: Mapping[str, str], doubtful: bool, diagnostics: Diagnostics
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
            f"An update sends the secrets of the {type.label} again"
            if secrets
            else f"An update sends the {type.label} again",
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


def without_id(type: ResourceType, diagnostics: Diagnostics) -> None:
    """A stored state that was changed by hand."""
    diagnostics.error(
        "The stored state is damaged",
        f"the state of an {type.resource} has no id. Restore the state from a backup. Without one, remove the resource "
        f"from the state (`terraform state rm ADDRESS`) and import the {type.noun} by Immuta's id of it.",
    )


def another_type(
    found: Found, own: ResourceType, quote: Callable[[str], str], diagnostics: Diagnostics
) -> None:
    """An object that a resource of this type cannot manage. A type that is none of the known ones is the server's text."""
    from ..api.http.quoting import quoted

    known = {each.type for each in TYPES}
    type = found.type if found.type in known else quoted(found.type, quote)
    diagnostics.error(
        f"{own.noun.capitalize()} of another type",
        f"Immuta's {own.noun} {found.id} is of type {type!r}; {own.resource} manages {own.type!r}. Use the "
        f"resource type that fits, or the id of another {own.noun}.",
    )


def contradictions(
    found: Sequence[tuple[Path, Any, Any]],
    type: ResourceType,
    quote: Callable[[str], str],
    diagnostics: Diagnostics,
) -> None:
    """Values that Immuta reports otherwise than they were written."""
    if not found:
        return
    from ..api.http.quoting import quoted

    lines = [
        f"{'.'.join(map(str, path))}: sent {quoted(repr(sent), quote)}, Immuta reports {quoted(repr(held), quote)}"
        for path, sent, held in found
    ]
    diagnostics.warning(
        f"Immuta changed what was written to the {type.label}",
        "\n".join([*lines, "The state holds what was sent; the next plan shows the difference."]),
    )


def no_id(type: ResourceType, diagnostics: Diagnostics) -> None:
    """An import that names nothing."""
    diagnostics.error(
        f"No {type.noun} id", f"{a(type.noun)} is imported by Immuta's id of it, for example `1`."
    )


def reserved(type: ResourceType, found: Found, diagnostics: Diagnostics) -> None:
    """An object that a resource may not manage."""
    diagnostics.error(
        f"{a(type.noun).capitalize()} of Immuta's own",
        f"Immuta made {type.noun} {found.id} itself, and this provider neither changes nor deletes such a {type.noun}. Remove "
        f"the resource from the configuration and the state (`terraform state rm ADDRESS`), and read the {type.noun} by the data "
        f"source `{type.resource}`.",
    )

"""The diagnostics of resources and data sources: each function reports one kind of finding."""

from __future__ import annotations

from ..model.compiled.types import TYPES
from ..model.fields import Routes
from ..model.text import a, joined, path_label
from ..plugin.paths import dotted
from . import durations, import_block
from .secrets.secrets import CHANGED, REMOVED, UNCHECKABLE, UNKNOWN_YET, UNSEEN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from ..api.found import Found, Note
    from ..api.http.client import HttpClient
    from ..api.http.errors import ImmutaError
    from ..api.life import Outcome
    from ..model.fields import ResourceType
    from ..model.findings import Finding
    from ..model.wording import Subject
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object
    from ..plugin.paths import Path


def outcome(outcome: Outcome, type: ResourceType, diagnostics: Diagnostics, own: str | None = None) -> None:
    """The warnings and the error of a call to Immuta; `own` is the id of the object that the resource has already."""
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
    return f"Immuta says that {type.noun} {own} conflicts with {type.noun} {existing}. Check both in Immuta and apply again."


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
    """An error of Immuta that lets every create of the plan fail."""
    diagnostics.warning(
        error.summary,
        f"{error.detail}\n\nThe plan is complete, but Immuta creates nothing while this error lasts. The provider asked "
        f"Immuta for its list of {type.plural}, as before each create. Resolve the error before you apply.",
    )


def notes(warnings: Sequence[Note], diagnostics: Diagnostics) -> None:
    """The warnings of the client."""
    for note in warnings:
        diagnostics.warning(note.summary, note.detail)


_WHY_SENT_AGAIN = {
    CHANGED: "differs from the one that Immuta was last sent",
    REMOVED: "is no longer configured",
    UNKNOWN_YET: "can be compared only during apply, because its value or `fingerprint_key` is not known yet",
    UNSEEN: "has no fingerprint yet, because it is new or was never sent by this resource, as after an import",
    UNCHECKABLE: "has a fingerprint that cannot be checked: it was made under another `fingerprint_key` or is damaged",
}


def sent_again(
    type: ResourceType, secrets: Mapping[str, str], doubtful: bool, diagnostics: Diagnostics
) -> None:
    """Reasons for a planned update that the plan's values do not show. `secrets`: for each secret that may differ from the one in
    Immuta, the result of the comparison; `doubtful`: the outcome of the last update is unknown."""
    lines = [f"{path} {_WHY_SENT_AGAIN[found]}." for path, found in sorted(secrets.items())]
    if doubtful:
        lines.append(
            "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."
        )
    if lines:
        diagnostics.warning(
            f"An update sends the secrets of the {type.label} again"
            if secrets
            else f"An update sends the {type.label} again",
            "\n".join(lines),
        )


def edited(type: ResourceType, prior: Object, diagnostics: Diagnostics) -> None:
    """Warns that the plan writes over an edit in Immuta."""
    if prior.get("edited") is not None:
        diagnostics.warning(
            f"The {type.noun} was edited in Immuta",
            f"{type.noun} {prior['id']} was {prior['edited']} since Terraform wrote it. The plan writes what is configured over "
            "that edit. To keep the edit, take it over into the configuration.",
        )


def replaced(type: ResourceType, diagnostics: Diagnostics) -> None:
    """Warns of the side effects of a replacement."""
    if type.replacing:
        diagnostics.warning(f"The {type.noun} will be replaced", type.replacing)


def text(text: str, client: HttpClient) -> str:
    """A text of Immuta's, made fit for the state."""
    from ..api.http.quoting import quoted

    return quoted(text, client.quote)


def secrets_lost(paths: Sequence[tuple[str | int, ...]], diagnostics: Diagnostics) -> None:
    """Reports elements that `ignore_changes` keeps although they are no longer configured. Only the configuration had their
    secrets."""
    kept = joined([path_label(path) for path in paths], "and")
    names = joined(sorted({str(path[0]) for path in paths}), "and")
    are, their = ("is", "its") if len(paths) == 1 else ("are", "their")
    diagnostics.error(
        "Kept secrets are unknown",
        f"{kept} {are} kept by `ignore_changes` but {are} no longer configured, so {their} secrets are unknown. An update would "
        f"erase them in Immuta, so nothing was sent. Either configure {kept} again, or remove {names} from `ignore_changes`.",
    )


def without_id(type: ResourceType, diagnostics: Diagnostics) -> None:
    """A stored state that was changed by hand."""
    diagnostics.error(
        "The stored state is damaged",
        f"the state of an {type.resource} has no id. Restore the state from a backup. Without a backup, remove the resource "
        f"from the state (`terraform state rm ADDRESS`) and import the {type.noun} by its id.",
    )


def another_type(
    found: Found, own: ResourceType, quote: Callable[[str], str], diagnostics: Diagnostics
) -> None:
    """An object that a resource of this type cannot manage. An unknown type is quoted as the server's text."""
    from ..api.http.quoting import quoted

    known = {each.type for each in TYPES}
    type = found.type if found.type in known else quoted(found.type, quote)
    diagnostics.error(
        f"{own.noun.capitalize()} of another type",
        f"Immuta's {own.noun} {found.id} is of type {type!r}, but {own.resource} manages {own.type!r}. Use the "
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
        f"{dotted(path)}: sent {quoted(repr(sent), quote)}, Immuta reports {quoted(repr(actual), quote)}"
        for path, sent, actual in found
    ]
    diagnostics.warning(
        f"Immuta changed what was written to the {type.label}",
        "\n".join([*lines, "The state keeps the sent values, and the next plan shows the difference."]),
    )


def no_id(type: ResourceType, diagnostics: Diagnostics) -> None:
    """An import by an empty id."""
    diagnostics.error(
        f"No {type.noun} id", f"the id is empty. Import {a(type.noun)} by its id, {type.id_form}."
    )


OWN = "Immuta's own"


def reserved(type: ResourceType, found: Found, diagnostics: Diagnostics) -> None:
    """An object that a resource may not manage."""
    by = type.life.reserved_by if isinstance(type.life, Routes) else ""
    whose = f"{type.noun} {found.id} is of {by}" if by else f"Immuta made {type.noun} {found.id} itself"
    diagnostics.error(
        f"{a(type.noun).capitalize()} of {by or OWN}",
        f"{whose}, and this provider neither changes nor deletes such a {type.noun}. Remove "
        f"the resource from the configuration and the state (`terraform state rm ADDRESS`), and read the {type.noun} by the data "
        f"source `{type.resource}`.",
    )

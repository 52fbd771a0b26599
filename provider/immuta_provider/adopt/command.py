"""`cdktf-immuta adopt`: reads a tenant, and writes a program of what it has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..api.http.client import HttpClient
from ..api.http.errors import ImmutaError
from ..model.compiled.types import TYPES
from ..model.fields import ResourceType
from . import arguments, hcl_program, names, python_program, reading, references, report
from .reading import Choice, Progress, Source
from .stack import Stack
from .things import LeftOut, Thing, Unwritable


class AdoptError(Exception):
    """The program was not written. The text has the reason and the next step."""


@dataclass(frozen=True)
class Options:
    """The arguments of the command. () = all families, types or names."""

    out: Path
    families: Sequence[str] = ()
    types: Sequence[str] = ()
    names: Sequence[str] = ()
    no_touch: bool = False
    hcl: bool = False
    force: bool = False
    cdk: str = "cdktf"

    def chooses(self, type: ResourceType) -> bool:
        short = type.resource.removeprefix("immuta_")
        chosen = not self.types or type.resource in self.types or short in self.types
        return chosen and (not self.families or type.family in self.families)


def adopt(
    options: Options, sources: Mapping[str, Source], client: HttpClient, source: str, progress: Progress
) -> str:
    """Writes the program, and returns the report. Raises AdoptError. `source` is the address of the provider in Terraform."""
    files = [hcl_program.FILE] if options.hcl else [python_program.FILE, python_program.SETTINGS_FILE]
    existing = [options.out / name for name in files if (options.out / name).exists()]
    if existing and not options.force:
        exist, them = ("exists", "it") if len(existing) == 1 else ("exist", "them")
        raise AdoptError(
            f"{' and '.join(map(str, existing))} {exist} already, and nothing was written. Choose another folder with --out, or "
            f"overwrite {them} with --force."
        )
    stack = read(options, sources, client, progress)
    written = hcl_program.files(stack, source) if options.hcl else python_program.files(stack, options.cdk)
    try:
        options.out.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (options.out / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        raise AdoptError(f"{error.filename} could not be written: {error.strerror}.") from None
    plan = "terraform init && terraform plan" if options.hcl else f"{options.cdk} diff"
    return report.written(
        stack,
        [options.out / name for name in written],
        f"`{plan}` in {options.out}, which should show imports and no additions.",
    )


def read(options: Options, sources: Mapping[str, Source], client: HttpClient, progress: Progress) -> Stack:
    """The stack of what is chosen. Raises AdoptError."""
    types = references.in_order([type for type in TYPES if options.chooses(type)])
    found: list[Thing] = []
    left_out: list[LeftOut] = []
    try:
        for type in types:
            for each in reading.read(sources[type.resource], client, Choice(options.names), progress):
                if isinstance(each, Thing):
                    found.append(each)
                else:
                    left_out.append(each)
    except ImmutaError as error:
        raise AdoptError(f"{error.summary}\n{error.detail}") from None
    index = references.Index(found, TYPES)
    names.assign(found, index)
    written: dict[str, Thing] = {}
    for thing in sorted(found, key=lambda thing: (types.index(thing.type), thing.name)):
        try:
            arguments.fill(thing, sources[thing.type.resource].resource, client, no_touch=options.no_touch)
        except Unwritable as reason:
            left_out.append(LeftOut(thing.type, thing.title, str(reason)))
            continue
        thing.arguments = references.referring(thing, index, written)
        written[thing.name] = thing
    return Stack(list(written.values()), left_out)

"""Words of the command about the program that it wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from .stack import Stack
from .things import by_type, several

MOST_NAMED = 10
"""The number of objects of a kind that are named on the screen. The program names all."""


def written(stack: Stack, files: Iterable[Path], next_step: str) -> str:
    """The report: how much was written, what is touched, which secrets are needed, and what is left out."""
    parts = [f"Wrote {', '.join(map(str, files))}: {_counts(stack) or 'no resource'}."]
    parts += [*_touched(stack), *_secrets(stack), *_left_out(stack), f"Next: {next_step}"]
    return "\n\n".join(parts)


def _counts(stack: Stack) -> str:
    groups = by_type(stack.things).values()
    return ", ".join(several(things[0].type, len(things)) for things in groups)


def _touched(stack: Stack) -> Iterator[str]:
    touched = [thing for thing in stack.things if thing.touched]
    if touched:
        yield _listed(
            "The first deploy also writes these again, as they are, since Immuta does not show all of them as they are written:",
            [f"{thing.type.title} {thing.title}" for thing in touched],
        )


def _secrets(stack: Stack) -> Iterator[str]:
    if stack.secrets:
        lines = [f"  export TF_VAR_{secret.variable}=..." for secret in stack.secrets]
        yield "\n".join(["Immuta does not show secrets. Set these before the first deploy:", *lines])


def _left_out(stack: Stack) -> Iterator[str]:
    groups: dict[tuple[str, str], list[str]] = {}
    for each in stack.left_out:
        groups.setdefault((each.type.plural, each.reason), []).append(each.title)
    for (plural, reason), titles in groups.items():
        yield _listed(f"Left out of the {plural}, because {reason}:", titles)


def _listed(head: str, titles: list[str]) -> str:
    more = len(titles) - MOST_NAMED
    lines = [f"  {title}" for title in titles[:MOST_NAMED]]
    return "\n".join([head, *lines, *([f"  and {more} more, which the program names"] if more > 0 else [])])

"""All that a program is written of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .text import comment
from .things import LeftOut, Thing
from .values import Reference, Secret


@dataclass(frozen=True)
class Stack:
    """The things in the order in which they are written, and what is left out."""

    things: Sequence[Thing]
    left_out: Sequence[LeftOut]

    @property
    def families(self) -> list[str]:
        return list(dict.fromkeys(thing.type.family for thing in self.things))

    @property
    def secrets(self) -> list[Secret]:
        return [secret for thing in self.things for secret in thing.secrets]

    def of_family(self, family: str) -> list[Thing]:
        return [thing for thing in self.things if thing.type.family == family]

    def at_the_end(self) -> Iterator[str]:
        """The comments at the end of a program: the secrets that it needs, and what it leaves out."""
        if self.secrets:
            lines = [comment("Secrets, which Immuta does not show. Set each in the environment:")]
            lines += [f"#   TF_VAR_{secret.variable}" for secret in self.secrets]
            yield "\n".join(lines)
        if self.left_out:
            lines = [comment("Left out:")]
            lines += [
                comment(f"{each.type.title} {each.title}: {each.reason}.", first="- ")
                for each in self.left_out
            ]
            yield "\n".join(lines)


def references_in(value: object) -> Iterator[Reference]:
    """Every reference in the arguments of a thing."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from references_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from references_in(each)

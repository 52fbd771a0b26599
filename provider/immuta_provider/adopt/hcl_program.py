"""A configuration in HCL."""

from __future__ import annotations

from collections.abc import Iterator

from .. import __version__
from . import hcl
from .stack import Stack
from .text import comment, literal, quoted
from .things import Thing

FILE = "main.tf"
ABOUT = """\
# The objects of an Immuta tenant, as `cdktf-immuta adopt` found them.
# Each import block takes an object into the state. Remove these blocks after the first apply."""


def files(stack: Stack, source: str) -> dict[str, str]:
    """The files of the configuration, by name. `source` is the address of the provider."""
    return {FILE: "\n\n".join(_blocks(stack, source)) + "\n"}


def _blocks(stack: Stack, source: str) -> Iterator[str]:
    yield ABOUT
    required = hcl.attributes({"immuta": {"source": source, "version": __version__}}, "    ")
    yield f"terraform {{\n  required_providers {{\n{required}\n  }}\n}}"
    yield '# The tenant is in IMMUTA_HOST, and the key in IMMUTA_API_KEY.\nprovider "immuta" {}'
    yield from map(hcl.variable, stack.secrets)
    for family in stack.families:
        yield comment(f"The {family}.")
        for thing in stack.of_family(family):
            yield _resource(thing)
            yield f"import {{\n  to = {thing.address}\n  id = {quoted(literal(thing.found.id))}\n}}"
    yield from stack.at_the_end()


def _resource(thing: Thing) -> str:
    body = hcl.attributes(thing.arguments, "  ")
    if thing.ignored:
        lifecycle = f"  lifecycle {{\n    ignore_changes = [{', '.join(thing.ignored)}]\n  }}"
        body = f"{body}\n\n{lifecycle}"
    notes = [comment(note) for note in thing.notes]
    return "\n".join([*notes, hcl.block(f'resource "{thing.type.resource}" "{thing.name}"', body)])

"""Matches a text against a pattern, without `re`.

Importing `re` costs 7 ms, in each of the several processes that Terraform starts for one command, and the model's
patterns need little of it: characters, `.`, `[classes]`, and `?`, `*`, `+` behind one of these. Within that dialect
`matches` agrees with `re.fullmatch`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    # The characters that it accepts, how often at least, and whether any number of times.
    Atom = tuple[Callable[[str], bool], int, bool]

UNSUPPORTED = "\\(){}|^$"

_compiled: dict[str, tuple[str, list[Atom]]] = {}


def matches(pattern: str, text: str) -> bool:
    """Returns whether the whole text has the pattern's form. Raises ValueError for a pattern beyond the dialect."""
    compiled = _compiled.get(pattern)
    if compiled is None:
        compiled = _compiled[pattern] = _compile(pattern)
    prefix, atoms = compiled
    if not text.startswith(prefix):
        return False
    end = len(text)
    # The places that the atoms read so far may have reached: sets of positions need no backtracking.
    reached = {len(prefix)}
    for accepts, least, repeats in atoms[:-1]:
        reached = (_after_run if repeats else _after_one)(accepts, least, text, reached)
        if not reached:
            return False
    if not atoms:
        return end in reached
    accepts, least, repeats = atoms[-1]
    if not repeats:
        return end in _after_one(accepts, least, text, reached)
    # Text that is accepted up to the end from some place on is so from every later one.
    starts = [at for at in reached if at + least <= end]
    return bool(starts) and all(map(accepts, text[max(starts) :]))


def _after_one(accepts: Callable[[str], bool], least: int, text: str, reached: set[int]) -> set[int]:
    after = {at + 1 for at in reached if at < len(text) and accepts(text[at])}
    return after if least else after | reached


def _after_run(accepts: Callable[[str], bool], least: int, text: str, reached: set[int]) -> set[int]:
    after: set[int] = set()
    at = -1
    for start in sorted(reached):
        # One that starts within a run reaches nothing that the run does not.
        if start <= at:
            continue
        at = start
        while at < len(text) and accepts(text[at]):
            at += 1
        after.update(range(start + least, at + 1))
    return after


def _compile(pattern: str) -> tuple[str, list[Atom]]:
    """The characters that the pattern begins with, and what follows them."""
    prefix = ""
    atoms: list[Atom] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char in UNSUPPORTED or char in "?*+":
            raise ValueError(f"{char!r} at {at} of the pattern {pattern!r} is beyond this dialect")
        if char == "[":
            end = pattern.index("]", at + 2)
            accepts = _class(pattern[at + 1 : end])
            at = end + 1
        else:
            accepts = "\n".__ne__ if char == "." else char.__eq__
            at += 1
        repetition = pattern[at : at + 1]
        if repetition not in ("?", "*", "+"):
            if not atoms and char not in "[.":
                prefix += char
            else:
                atoms.append((accepts, 1, False))
            continue
        at += 1
        atoms.append((accepts, int(repetition == "+"), repetition != "?"))
    return prefix, atoms


def _class(body: str) -> Callable[[str], bool]:
    negated = body.startswith("^")
    chars: set[str] = set()
    at = int(negated)
    while at < len(body):
        if body[at] in "\\[":
            raise ValueError(f"the class [{body}] is beyond this dialect")
        if body[at + 1 : at + 2] == "-" and at + 2 < len(body):
            chars.update(map(chr, range(ord(body[at]), ord(body[at + 2]) + 1)))
            at += 3
        else:
            chars.add(body[at])
            at += 1
    return (lambda char: char not in chars) if negated else chars.__contains__

"""Whether a text has a pattern's form, without `re`.

Importing `re` costs 7 ms, in each of the several processes that Terraform starts for one command, and the model's
patterns need little of it: characters, `.`, `[classes]`, and `?`, `*`, `+` behind one of these. Within that dialect
`matches` says exactly what `re.fullmatch` says.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Atom = tuple[Callable[[str], bool], int, float]

UNSUPPORTED = "\\(){}|^$"

_compiled: dict[str, list[Atom]] = {}


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text has the pattern's form. Raises ValueError for a pattern beyond the dialect."""
    atoms = _compiled.get(pattern)
    if atoms is None:
        atoms = _compiled[pattern] = _compile(pattern)
    if len(atoms) == 1 and atoms[0][1] <= len(text) <= atoms[0][2]:
        return all(map(atoms[0][0], text))
    # The places that the atoms read so far may have reached: sets of positions need no backtracking.
    reached = {0}
    for accepts, least, most in atoms:
        after = reached if least == 0 else set[int]()
        frontier = reached
        count = 0
        while frontier and count < most:
            count += 1
            frontier = {at + 1 for at in frontier if at < len(text) and accepts(text[at])}
            if count >= least:
                frontier = frontier - after
                after = after | frontier
        reached = after
    return len(text) in reached


def _compile(pattern: str) -> list[Atom]:
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
            accepts = _any if char == "." else char.__eq__
            at += 1
        least, most = {"?": (0, 1.0), "*": (0, float("inf")), "+": (1, float("inf"))}.get(
            pattern[at : at + 1], (1, 1.0)
        )
        at += most != 1 or least == 0
        atoms.append((accepts, least, most))
    return atoms


def _any(char: str) -> bool:
    return char != "\n"


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

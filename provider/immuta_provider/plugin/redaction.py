"""The last gate in front of everything that leaves this process as text: no learned secret passes it, in any
form.

A secret is learned when it is decoded. It is looked for whole and in its parts (see `secret_parts`), folded (see `folding`), in
base64 and in hexadecimal. Of a long one each piece is found, of a short one also the beginning or the end that an ellipsis or
the end of the text cuts off.
"""

from __future__ import annotations

from _thread import allocate_lock

from . import secret_parts
from .folding import fold, folded, views

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

    Form = tuple[str, int, int]

MARK: Final = "(redacted)"

SHORTEST: Final = 6
"""Secrets below this length (in characters) occur in any text by chance, so they are not replaced: see
`quotable`."""

DOCUMENT: Final = 16 * 1024
"""What is longer (in characters) is no credential but a document, such as a script: each of its lines would otherwise be taken
out of every other text."""

_PIECE: Final = 16
_MOST_ALIKE: Final = 32
_FEW_ALIKE: Final = 4
_LONG: Final = 256
_CUT: Final = ("...", "\u2026", "***")


class Redactor:
    """Learns secrets, and takes them out of texts. Safe to use from any thread."""

    __slots__ = ("_found", "_given", "_index", "_learned", "_lock", "_pending", "_short")

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._learned: set[str] = set()
        self._found: set[str] = set()
        self._given: Redactor | None = None
        self._pending: list[str] = []
        self._short: set[str] = set()
        # Forms by six of their characters, with the place of those and the length of a piece that is enough. A text is looked
        # through once, however many secrets there are.
        self._index: dict[str, list[Form]] = {}

    def __repr__(self) -> str:
        return f"Redactor({len(self._learned)} secrets)"

    def learn(self, value: str) -> None:
        """Know this secret from now on. Costs nothing until a text is cleaned."""
        self._found.discard(value)
        if value and value not in self._learned:
            with self._lock:
                # In this order: whoever finds it learned, without the lock, must find it looked for as well.
                self._pending.append(value)
                self._learned.add(value)

    def learn_found(self, value: str) -> None:
        """The same for what was read and may be secret, such as a script."""
        if value not in self._learned:
            self._found.add(value)
            with self._lock:
                self._pending.append(value)
                self._learned.add(value)

    def has_given(self, text: str) -> bool:
        """Whether a secret of 6 characters or more stands in the text, other than those that were found."""
        with self._lock:
            if self._given is None:
                self._given = Redactor()
            for secret in self._learned - self._found:
                self._given.learn(secret)
        return self._given.clean(text) != text

    def holds(self, text: str) -> bool:
        """Whether the text holds a secret of 6 characters or more, or is a shorter one. A number below that length is not taken
        for one."""
        return bool(self._spans(text, cut=False)) or (text in self._learned and not text.isdigit())

    def clean(self, text: str) -> str:
        """The text with every learned secret of 6 characters or more replaced by `(redacted)`, one that the
        end of the text cuts off included."""
        spans = self._spans(text)
        if not spans:
            return text
        pieces: list[str] = []
        copied = 0
        for start, end in spans:
            pieces += (text[copied:start], MARK)
            copied = end
        return "".join((*pieces, text[copied:]))

    def quotable(self, text: str) -> bool:
        """Whether the text is free of secrets shorter than 6 characters, so that quoting it (cleaned) gives
        none away."""
        if self._pending:
            self._expand()
        short = self._short
        return not short or not any(form in view.text for view in views(text) for form in short)

    def _spans(self, text: str, *, cut: bool = True) -> list[tuple[int, int]]:
        """Start and end of each secret in the text, in order; those that touch are one. `cut`: the end of the text may have cut
        one off."""
        if self._pending:
            self._expand()
        if not self._index or len(text) < SHORTEST:
            return []
        found = sorted(view.span(*each) for view in views(text) for each in self._matches(view.text, cut))
        spans: list[tuple[int, int]] = []
        for start, end in found:
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans

    def _matches(self, text: str, cut: bool) -> Iterator[tuple[int, int]]:
        index = self._index
        over = 0
        for at in [at for at in range(len(text) - SHORTEST + 1) if text[at : at + SHORTEST] in index]:
            bucket = index[text[at : at + SHORTEST]]
            # A secret that goes on behind the last one has a place that does, too.
            if at + SHORTEST <= over and len(bucket) > _FEW_ALIKE:
                continue
            for form, place, piece in bucket:
                match = _matched(form, place, piece, text, at, cut)
                if match is not None:
                    over = max(over, match[1])
                    yield match

    def _expand(self) -> None:
        with self._lock:
            while self._pending:
                for form, piece in _forms(self._pending[-1]).items():
                    if len(form) < SHORTEST:
                        self._short.add(form)
                    else:
                        self._look_for(form, piece)
                self._pending.pop()

    def _look_for(self, form: str, piece: int) -> None:
        """Each piece that is long enough holds one of the places at which the form is recognised."""
        last = len(form) - SHORTEST
        for place in (*range(0, last, piece - SHORTEST + 1), last):
            bucket = self._index.setdefault(form[place : place + SHORTEST], [])
            if len(bucket) < _MOST_ALIKE:
                bucket.append((form, place, piece))
            else:
                self._look_around(form, place, piece)

    def _look_around(self, form: str, place: int, piece: int) -> None:
        """Recognise a form, at what is common to many, by the nearest that is not, on either side. A piece in which all is
        common is found as one of theirs."""
        last = len(form) - SHORTEST
        ways = range(place + 1, min(place + piece, last + 1)), range(place - 1, max(place - piece, -1), -1)
        free = False
        for way in ways:
            for near in way:
                bucket = self._index.setdefault(form[near : near + SHORTEST], [])
                if len(bucket) < _MOST_ALIKE:
                    bucket.append((form, near, piece))
                    free = True
                    break
        if not free and piece == len(form):
            self._index[form[place : place + SHORTEST]].append((form, place, piece))


def _matched(form: str, place: int, piece: int, text: str, at: int, cut: bool) -> tuple[int, int] | None:
    """Start and end of what the text has of the form around `at`, where the form's `place` is; None where that is not enough."""
    start, end = at - place, at - place + len(form)
    if start >= 0 and text.startswith(form, start):
        return start, end
    if len(form) == piece > 2 * _PIECE:
        return None
    first = at - _common(form, place, text, at, -1, min(place, at))
    last = at + _common(form, place, text, at, 1, min(end, len(text)) - at)
    if last - first >= piece:
        return first, last
    shortened = (first == start and ((cut and last == len(text)) or text.startswith(_CUT, last))) or (
        last == end and text.endswith(_CUT, 0, first)
    )
    return (first, last) if shortened else None


def _common(one: str, i: int, other: str, j: int, way: int, most: int) -> int:
    """How many characters two texts have in common from these places on (`way` 1) or up to them (-1), `most` at most."""
    size, step, grows = 0, 16, True
    while size < most:
        step = min(step, most - size)
        a, b = (i + size, j + size) if way > 0 else (i - size - step, j - size - step)
        if one[a : a + step] == other[b : b + step]:
            size += step
        elif step == 1:
            break
        else:
            grows = False
        step = step * 2 if grows else max(step // 2, 1)
    return size


def _forms(secret: str) -> dict[str, int]:
    """Each text to look for in views, with the length of a piece of it that is as secret as the whole."""
    forms: dict[str, int] = {}
    document = len(secret) > DOCUMENT
    for text, divisible in ((secret, False),) if document else secret_parts.parts(secret):
        for form in _written(text):
            forms[form] = min(_piece(form) if divisible else len(form), forms.get(form, len(form)))
        # What stands in a long text is found in what that is encoded to.
        if len(text) <= _LONG or text is secret:
            for form in _encodings(text):
                if len(form) >= SHORTEST:
                    forms[form] = (
                        len(form) if document else _piece(form, 2 * _PIECE if len(text) > _LONG else _PIECE)
                    )
    return forms


def _piece(form: str, least: int = _PIECE) -> int:
    """The length of a piece that is enough. A piece of a short secret may be a common word."""
    return len(form) if len(form) < least else min(least, -(-len(form) * 3 // 4))


def _written(text: str) -> set[str]:
    forms = folded(text)
    if not text.isascii():
        # UTF-8 that somebody takes for a code page of 8 bits.
        data = text.encode("utf-8", "replace")
        forms |= {fold(data.decode(page, "replace")) for page in ("latin-1", "cp1252")}
    return {form for form in forms if form}


def _encodings(text: str) -> set[str]:
    """Base64, wherever in a longer text the secret stands (each of the three alignments, less the characters that it shares with
    its neighbours), and hexadecimal; of a short secret also as it stands in a JSON body."""
    from _json import encode_basestring, encode_basestring_ascii

    data = text.strip().encode("utf-8", "replace")
    if len(text) > _LONG:
        return {data.hex(), *(fold(_base64(data, shift)) for shift in range(3))}
    forms: set[str] = set()
    for body in {text, text.strip(), encode_basestring(text)[1:-1], encode_basestring_ascii(text)[1:-1]}:
        data = body.encode("utf-8", "replace")
        forms.add(data.hex())
        for shift in range(3):
            whole = _base64(data, shift)
            # The last character before the padding is one that a neighbour changes.
            for form in (whole, whole.rstrip("=")[: -1 if whole.endswith("=") else None]):
                forms |= {*folded(form), *folded(form.replace("+", "-"))}
    return forms


def _base64(data: bytes, shift: int) -> str:
    """Without what of it depends on the `shift` bytes before."""
    from binascii import b2a_base64

    return b2a_base64(b"\0" * shift + data, newline=False).decode()[(0, 2, 3)[shift] :]


def bounded(text: str, most: int) -> str:
    """The text, cut after `most` characters. Redact first: a cut through a secret would hide its beginning from the search."""
    return text if len(text) <= most else f"{text[:most]}..."


REDACTOR: Final = Redactor()
"""The process's own: the service teaches it, diagnostics and log lines pass through it."""

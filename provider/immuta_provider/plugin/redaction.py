"""Removes learned secrets from all text that leaves this process.

A secret is learned when it is decoded. The search is for the whole and its parts (see `secret_parts`), folded (see `folding`), in
base64 and in hexadecimal. It finds each piece of a long secret. It also finds the beginning of a short one before an ellipsis or
the end of the text, and the end of one after an ellipsis.
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
"""Characters of the shortest secret that is replaced. Shorter ones occur in any text by chance (see `quotable`)."""

DOCUMENT: Final = 16 * 1024
"""Characters of the longest credential. A longer secret is a document, such as a script, and is found as a whole only: its
single lines occur in other texts."""

# Characters of a piece of a secret that is enough to be redacted.
_PIECE: Final = 16
# Entries of one bucket of the index. In a bucket of more than _FEW entries, a repeated match is skipped.
_MAX_BUCKET: Final = 32
_FEW: Final = 4
# Characters of the longest secret for which every form is made.
_LONG: Final = 256
_ELLIPSES: Final = ("...", "\u2026", "***")


class Redactor:
    """Learns secrets, and replaces them in texts. Safe to use from any thread."""

    __slots__ = ("_configured", "_index", "_learned", "_lock", "_pending", "_read", "_short")

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._learned: set[str] = set()
        self._read: set[str] = set()
        self._configured: Redactor | None = None
        self._pending: list[str] = []
        self._short: set[str] = set()
        # Forms by six of their characters, with the position of those and the length of a piece that is enough. So one pass
        # over a text finds all secrets.
        self._index: dict[str, list[Form]] = {}

    def __repr__(self) -> str:
        return f"Redactor({len(self._learned)} secrets)"

    def learn(self, value: str) -> None:
        """Adds a configured secret. The forms to search for are made when the next text is cleaned."""
        self._read.discard(value)
        if value and value not in self._learned:
            with self._lock:
                # In this order: another thread reads `_learned` without the lock, and may clean a text at once.
                self._pending.append(value)
                self._learned.add(value)

    def learn_read(self, value: str) -> None:
        """Adds a value that was read from the server and may be secret, such as a script."""
        if value not in self._learned:
            self._read.add(value)
            with self._lock:
                self._pending.append(value)
                self._learned.add(value)

    def has_configured(self, text: str) -> bool:
        """True if the text has a configured secret (not one that was read) of 6 characters or more."""
        with self._lock:
            if self._configured is None:
                self._configured = Redactor()
            for secret in self._learned - self._read:
                self._configured.learn(secret)
        return self._configured.clean(text) != text

    def holds(self, text: str) -> bool:
        """True if the text has a secret of 6 characters or more, or is a shorter one that is not a number."""
        return bool(self._spans(text, cut=False)) or (text in self._learned and not text.isdigit())

    def clean(self, text: str) -> str:
        """The text with `(redacted)` for every learned secret of 6 characters or more, even if the end of the text cuts
        it off."""
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
        """True if the text has no secret of fewer than 6 characters, so that it may be quoted after `clean`."""
        if self._pending:
            self._expand()
        short = self._short
        return not short or not any(form in view.text for view in views(text) for form in short)

    def _spans(self, text: str, *, cut: bool = True) -> list[tuple[int, int]]:
        """Start and end of each secret in the text, in order; adjacent ones are one. `cut`: the end of the text may cut a
        secret off."""
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
            # A secret that reaches beyond the last match also has an entry beyond it.
            if at + SHORTEST <= over and len(bucket) > _FEW:
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
                        self._add_to_index(form, piece)
                self._pending.pop()

    def _add_to_index(self, form: str, piece: int) -> None:
        """Adds entries at such distances that each piece of sufficient length contains one."""
        last = len(form) - SHORTEST
        for place in (*range(0, last, piece - SHORTEST + 1), last):
            bucket = self._index.setdefault(form[place : place + SHORTEST], [])
            if len(bucket) < _MAX_BUCKET:
                bucket.append((form, place, piece))
            else:
                self._add_nearby(form, place, piece)

    def _add_nearby(self, form: str, place: int, piece: int) -> None:
        """Adds entries on either side of a full bucket, in the nearest ones with room. If there is none, the piece is common to
        many forms and is found as a piece of those."""
        last = len(form) - SHORTEST
        after, before = (
            range(place + 1, min(place + piece, last + 1)),
            range(place - 1, max(place - piece, -1), -1),
        )
        free = False
        for side in (after, before):
            for near in side:
                bucket = self._index.setdefault(form[near : near + SHORTEST], [])
                if len(bucket) < _MAX_BUCKET:
                    bucket.append((form, near, piece))
                    free = True
                    break
        if not free and piece == len(form):
            self._index[form[place : place + SHORTEST]].append((form, place, piece))


def _matched(form: str, place: int, piece: int, text: str, at: int, cut: bool) -> tuple[int, int] | None:
    """Start and end of the form's piece around `at` in the text; the form's character at `place` is there. None if the piece is
    too short."""
    start, end = at - place, at - place + len(form)
    if start >= 0 and text.startswith(form, start):
        return start, end
    if len(form) == piece > 2 * _PIECE:
        return None
    first = at - _common(form, place, text, at, -1, min(place, at))
    last = at + _common(form, place, text, at, 1, min(end, len(text)) - at)
    if last - first >= piece:
        return first, last
    shortened = (first == start and ((cut and last == len(text)) or text.startswith(_ELLIPSES, last))) or (
        last == end and text.endswith(_ELLIPSES, 0, first)
    )
    return (first, last) if shortened else None


def _common(one: str, i: int, other: str, j: int, way: int, most: int) -> int:
    """Number of equal characters of two texts after these positions (`way` 1) or before them (-1), at most `most`."""
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
    """The texts to search for in views, each with the length of a piece that is as secret as the whole."""
    forms: dict[str, int] = {}
    document = len(secret) > DOCUMENT
    for text, divisible in ((secret, False),) if document else secret_parts.parts(secret):
        for form in _written(text):
            forms[form] = min(_piece(form) if divisible else len(form), forms.get(form, len(form)))
        # A part of a long text is found in the encoding of the whole.
        if len(text) <= _LONG or text is secret:
            for form in _encodings(text):
                if len(form) >= SHORTEST:
                    forms[form] = (
                        len(form) if document else _piece(form, 2 * _PIECE if len(text) > _LONG else _PIECE)
                    )
    return forms


def _piece(form: str, least: int = _PIECE) -> int:
    """Length of a piece that is redacted. It is the whole of a short secret, whose pieces may be common words."""
    return len(form) if len(form) < least else min(least, -(-len(form) * 3 // 4))


def _written(text: str) -> set[str]:
    forms = folded(text)
    if not text.isascii():
        # UTF-8 that was decoded with an 8-bit code page.
        data = text.encode("utf-8", "replace")
        forms |= {fold(data.decode(page, "replace")) for page in ("latin-1", "cp1252")}
    return {form for form in forms if form}


def _encodings(text: str) -> set[str]:
    """The text in hexadecimal and in base64. Base64 has a form for each of the three alignments in a longer text, without the
    characters that depend on the neighbours. A short text is also encoded as in a JSON body."""
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
            # The last character before the padding depends on the next byte.
            for form in (whole, whole.rstrip("=")[: -1 if whole.endswith("=") else None]):
                forms |= {*folded(form), *folded(form.replace("+", "-"))}
    return forms


def _base64(data: bytes, shift: int) -> str:
    """Base64 of `data` after `shift` other bytes, without the characters that depend on those."""
    from binascii import b2a_base64

    return b2a_base64(b"\0" * shift + data, newline=False).decode()[(0, 2, 3)[shift] :]


def bounded(text: str, most: int) -> str:
    """The text, cut after `most` characters. It has to be redacted before, so that no secret is cut in two."""
    return text if len(text) <= most else f"{text[:most]}..."


REDACTOR: Final = Redactor()
"""The redactor of this process. It learns from the service, and cleans diagnostics and log lines."""

"""The last gate in front of everything that leaves this process as text: no learned secret passes it, in any
form.

A secret is learned when it is decoded. It is looked for as it is, without the blanks around it, line by line
(a server may quote one line of a key file) and value by value where it is JSON (a service account's key
file), each of these also as JSON, HCL, HTML, Python and URL escaping spell it, and in base64 and hexadecimal; all of
that also of the secret as it stands in a JSON body.
"""

from __future__ import annotations

from _thread import allocate_lock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

MARK: Final = "(redacted)"

SHORTEST: Final = 6
"""Secrets below this length (in characters) occur in any text by chance, so they are not replaced: see
`quotable`."""

DOCUMENT: Final = 16 * 1024
"""What is longer (in characters) is no credential but a document, such as a script, and looked for as a whole alone: each of its
lines would otherwise be taken out of every other text, and learning them takes minutes."""

_SHORTEST_PART: Final = 16
# The lines around a key file, which all key files have in common.
_BOUNDARY: Final = ("-----BEGIN ", "-----END ")
_WRAPPED_AT: Final = (64, 76)
_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~")
_URL_SAFE: Final = (_UNRESERVED, _UNRESERVED | frozenset(b"/"), _UNRESERVED | frozenset(b"!*'()"))


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
        # Forms by their first six characters: a text is looked through once, however many secrets there are.
        self._index: dict[str, list[str]] = {}

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

    def clean(self, text: str) -> str:
        """The text with every learned secret of 6 characters or more replaced by `(redacted)`, one that the
        end of the text cuts off included."""
        if self._pending:
            self._expand()
        index = self._index
        if not index:
            return text
        length = len(text)
        pieces: list[str] = []
        start = end = copied = 0
        for at in range(length - SHORTEST + 1):
            forms = index.get(text[at : at + SHORTEST])
            if forms is None:
                continue
            reach = max((_matched(form, text, at, length) for form in forms), default=0)
            if not reach:
                continue
            if at > end or end == 0:
                if end:
                    pieces += (text[copied:start], MARK)
                    copied = end
                start, end = at, at + reach
            else:
                end = max(end, at + reach)
        if not end:
            return text
        return "".join((*pieces, text[copied:start], MARK, text[end:]))

    def quotable(self, text: str) -> bool:
        """Whether the text is free of secrets shorter than 6 characters, so that quoting it (cleaned) gives
        none away."""
        if self._pending:
            self._expand()
        return not any(form in text for form in self._short)

    def _expand(self) -> None:
        with self._lock:
            while self._pending:
                secret = self._pending[-1]
                for form in _forms(secret):
                    if len(form) < SHORTEST:
                        self._short.add(form)
                        continue
                    bucket = self._index.setdefault(form[:SHORTEST], [])
                    if form not in bucket:
                        bucket.append(form)
                self._pending.pop()


def _matched(form: str, text: str, at: int, length: int) -> int:
    """How many characters of the text from `at` on are the form, or the start of it that the text ends with."""
    if text.startswith(form, at):
        return len(form)
    rest = length - at
    return rest if rest < len(form) and form.startswith(text[at:]) else 0


def _forms(secret: str) -> Iterator[str]:
    bare = secret.strip()
    short = len(secret) < SHORTEST
    parts = _parts(bare) if len(bare) <= DOCUMENT else ()
    for text in {secret, bare or secret, *parts}:
        written = {text, *_json(text)}
        for form in written:
            yield form
            yield from _escaped(form)
            if not short:
                yield from _encodings(form)


def _parts(secret: str) -> Iterator[str]:
    # A key on one line often has its line ends as the two characters `\n`.
    for line in secret.replace("\\r", "\n").replace("\\n", "\n").splitlines():
        if len(line.strip()) >= _SHORTEST_PART and not line.lstrip().startswith(_BOUNDARY):
            yield line.strip()
    if secret[:1] in ("{", "["):
        from .jsonvalues import parse

        try:
            texts = list(_texts(parse(secret.encode("utf-8", "replace"))))
        except (ValueError, RecursionError):
            return
        for text in texts:
            if len(text) >= _SHORTEST_PART and text != secret:
                yield text
                yield from _parts(text)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _json(text: str) -> set[str]:
    """The text as various encoders write it into JSON."""
    from _json import encode_basestring, encode_basestring_ascii

    ascii = encode_basestring_ascii(text)[1:-1]
    return {
        encode_basestring(text)[1:-1],
        ascii,
        _go_json(text),
        _upper_hex(ascii),
        ascii.replace("/", "\\/"),
    }


def _escaped(text: str) -> set[str]:
    """The text as JSON, HCL, HTML, Python and URLs escape it. It may be JSON already: what was sent is most often
    quoted whole."""
    if not _UNRESERVED.issuperset(text.encode("utf-8", "replace")):
        html = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        forms = {repr(text)[1:-1], ascii(text)[1:-1], repr(text.encode("utf-8", "replace"))[2:-1]}
        forms |= _json(text)
        forms.add(text.replace("${", "$${").replace("%{", "%%{"))
        forms |= {
            html.replace('"', d).replace("'", s)
            for d, s in (("&quot;", "&#x27;"), ("&#34;", "&#39;"), ('"', "'"))
        }
        for safe in _URL_SAFE:
            quoted = _percent(text, safe, "%{:02X}")
            lower = _percent(text, safe, "%{:02x}")
            forms |= {quoted, lower, quoted.replace("%20", "+"), lower.replace("%20", "+")}
        return forms
    return set()


def _percent(text: str, safe: frozenset[int], form: str) -> str:
    return "".join(
        chr(byte) if byte in safe else form.format(byte) for byte in text.encode("utf-8", "replace")
    )


def _go_json(text: str) -> str:
    """As Go's encoder writes it: `<`, `>`, `&` and the two Unicode line ends escaped, other text left alone."""
    from _json import encode_basestring

    form = encode_basestring(text)[1:-1]
    for char in "<>&\u2028\u2029":
        form = form.replace(char, f"\\u{ord(char):04x}")
    return form


def _upper_hex(form: str) -> str:
    parts = form.split("\\u")
    return "\\u".join((parts[0], *(part[:4].upper() + part[4:] for part in parts[1:])))


def _encodings(text: str) -> set[str]:
    """Base64, standard and URL-safe, wherever in a longer text the secret stands (each of the three
    alignments, less the characters that it shares with its neighbours), wrapped into lines too; and
    hexadecimal."""
    from binascii import b2a_base64

    data = text.encode("utf-8", "replace")
    forms = {data.hex(), data.hex().upper()}
    for shift, shared in ((0, 0), (1, 2), (2, 3)):
        whole = b2a_base64(b"\0" * shift + data, newline=False).decode()
        bare = whole.rstrip("=")
        partial = len(bare) if len(bare) == len(whole) else len(bare) - 1
        forms |= {whole[shared:], bare[shared:], whole[shared:partial]}
        if shift == 0:
            forms |= {bare[at : at + width] for width in _WRAPPED_AT for at in range(0, len(bare), width)}
    forms |= {form.replace("+", "-").replace("/", "_") for form in forms}
    return {form for form in forms if len(form) >= SHORTEST}


REDACTOR: Final = Redactor()
"""The process's own: the service teaches it, diagnostics and log lines pass through it."""

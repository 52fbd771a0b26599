"""Server texts, made fit to be shown.

Known secrets are taken out of every text. That is enough for an answer to a request that carried a configuration, since
the process that sent it knows the secrets in it. Reading and deleting carry none: Terraform hands over no secrets for them,
and a text about what Immuta holds may name one that nothing here could recognize. Of such a text only what reads like a
sentence stays.
"""

from __future__ import annotations

from ..plugin.redaction import REDACTOR

WITHHELD = "(not shown because it may contain a secret; see Immuta's logs)"
LEFT_OUT = "…"

# Words, also joined ones (`read-only`), small numbers, versions and addresses, CONSTANT_NAMES and lone punctuation.
_WORD = r"[^\W\d_]{1,24}(?:[-'\u2019/][^\W\d_]{1,24})*"
_NUMBER = r"\d{1,4}|\d{1,3}(?:\.\d{1,3}){1,3}(?::\d{1,5})?"
_OTHER = r"[A-Z]{2,24}(?:_[A-Z]{2,24})+|[-\u2013\u2014=&|/*\u2022:]{1,3}"
_ENDS = ".,;:!?()"

# A server may say anything, megabytes of quotation marks included: no pattern here looks at a stretch of text more than once.
_NAMED = r"(?<!\w)(?=\w*?(?i:password|passphrase|secret|token|credential|key))(\w++\s*+[:=]\s*+)\S++"
_OPENING = r"(?<!\w)[\"'`\u201c\u201e\u2018\u00ab]"
_CLOSING = r"[\"'`\u201d\u201c\u2019\u00bb](?!\w)"


def sent(text: str) -> str:
    """Returns a text about the request without secrets, or a substitute if it may contain a short one."""
    return REDACTOR.clean(text) if REDACTOR.quotable(text) else WITHHELD


def stored(text: str) -> str:
    """A text about stored objects: also without quotations, and with nothing but plain words and numbers."""
    import re

    known = sent(text)
    if known == WITHHELD:
        return known
    shown = re.sub(_NAMED, lambda found: found[1] + LEFT_OUT, _unquoted(known))
    lines = []
    for line in shown.split("\n"):
        words: list[str] = []
        for word in line.split():
            kept = word if _plain(word.strip(_ENDS)) else LEFT_OUT
            if kept != LEFT_OUT or words[-1:] != [LEFT_OUT]:
                words.append(kept)
        lines.append(" ".join(words))
    return "\n".join(lines)


def _unquoted(text: str) -> str:
    """Removes the quotations, each from an opening mark to the next closing one."""
    import re

    opening, closing = re.compile(_OPENING), re.compile(_CLOSING)
    kept: list[str] = []
    at = 0
    while (start := opening.search(text, at)) and (end := closing.search(text, start.end())):
        kept += (text[at : start.start()], LEFT_OUT)
        at = end.end()
    return "".join((*kept, text[at:]))


def _plain(word: str) -> bool:
    import re

    if re.fullmatch(_WORD, word):
        # Capitals in the middle of a word are rare in words, and common in keys.
        return all(p.isupper() or p[1:] == p[1:].lower() for p in re.split(r"[-'\u2019/]", word))
    return not word or re.fullmatch(f"{_NUMBER}|{_OTHER}", word) is not None

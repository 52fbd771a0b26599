"""The parts of a secret that a text may quote alone, such as the value in `PASSWORD=value;`, the body of a key or one cookie.

A secret may be a header, a URL, a list of options, a key file or a JSON document. A value under a public name, such as `user` or
`token_uri`, is not a part, so that messages about a user or a host stay readable.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Final

SHORTEST: Final = 4
"""Characters of the shortest part. Shorter values are left out."""

_DEEPEST: Final = 4
# Each secret that has parts has one of these characters.
_SEPARATORS: Final = frozenset(" :=\"'")
_SHORTEST_LINE: Final = 8
# Values that many options have, so they are not secret.
_COMMON: Final = frozenset(
    {"true", "false", "none", "null", "default", "required", "optional", "externalbrowser"}
)

# Matching takes linear time: each repetition is possessive, and a name matches from its start only.
_SCHEME: Final = r"\s*(?i:(basic)|bearer|token|apikey|api-key|key|digest|negotiate)\s+(\S+)\s*"
_USER_INFO: Final = r"://[^\s/:@]*+:([^\s/@]++)@"
_KEY: Final = r"-----BEGIN [^-\n]++-----(.*?)-----END [^-\n]++-----"
_NAME: Final = r"(?<![\w.-])[\"']?([\w.-]{1,64}+)[\"']?\s*+[:=]\s*+"
_QUOTED: Final = r"\"((?:[^\"\\]|\\.)*+)\"|'((?:[^'\\]|\\.)*+)'"
_PAIR: Final = rf"(?s)(?:{_NAME})?+(?:{_QUOTED})|{_NAME}([^\s;,&\"'{{}}\[\]]++)"
_PUBLIC: Final = (
    r"(?i)(?:.*[_.-])?(?:u(?:r[il]|id)|host|hostname|server|port|e?mail|(?:user|key|file|db|host|app|scheme)?_?name|"
    r"user|type|account\w*|database|db|schema|warehouse|role|driver|region|domain|authenticator|version|alg|typ|path|file)|"
    r"(?:project|client|user|account|tenant)_?id"
)
_SECRET: Final = r"(?i).*(?:pass|pwd|secret|token|key|credential|cookie|session|csrf|signature|pin$|sid$).*"
_RANDOM: Final = r"(?=(?:.*?\d){3})(?=(?:.*?[A-Za-z]){3})[\w+/=~-]{12,}"


def parts(secret: str, depth: int = 0) -> Iterator[tuple[str, bool]]:
    """The texts to search for, the secret first. The bool is True if each piece of the text is as secret as the whole.

    It is False for a document with public parts, such as a key file in JSON.
    """
    inner = list(_inside(secret)) if depth <= _DEEPEST and _SEPARATORS & set(secret) else []
    yield secret, not inner
    for part in inner:
        yield from parts(part, depth + 1)
    decoded = _from_base64(secret) if depth <= _DEEPEST else ""
    if decoded:
        yield from parts(decoded, depth + 1)


def _inside(secret: str) -> Iterator[str]:
    import re

    sent = re.fullmatch(_SCHEME, secret)
    if sent:
        yield sent[2]
        _, _, password = _from_base64(sent[2]).partition(":") if sent[1] else ("", "", "")
        if password:
            yield password
        return
    for found in re.finditer(_USER_INFO, secret):
        yield found[1]
    # A key on one line often has its line ends as the two characters `\n`.
    keys = secret.replace("\\r", "\n").replace("\\n", "\n")
    for found in re.finditer(_KEY, keys, re.DOTALL):
        if found[0] != keys.strip():
            yield found[0]
            continue
        yield "".join(found[1].split())
        # The last line of a key is too short for the search for pieces of a long text.
        yield from (line for line in found[1].split() if _SHORTEST_LINE <= len(line) < 2 * _SHORTEST_LINE)
    for found in re.finditer(_PAIR, secret):
        name, double, single, option, bare = found.groups()
        value = _unquoted(double or single or bare or "")
        if value != secret and _is_secret(name or option or "", value):
            yield value


def _is_secret(name: str, value: str) -> bool:
    import re

    if len(value) < SHORTEST or value.lower() in _COMMON or re.fullmatch(_PUBLIC, name):
        return False
    named = name and re.fullmatch(_SECRET, name)
    return bool(named or re.fullmatch(_RANDOM, value))


def _unquoted(text: str) -> str:
    """The value of the JSON string whose content is `text`; `text` itself if that is not valid."""
    if "\\" not in text:
        return text
    from .json_text import parse

    try:
        return str(parse(f'"{text}"'.replace("\r", "\\r").replace("\n", "\\n").encode("utf-8", "replace")))
    except (ValueError, RecursionError):
        return text


def _from_base64(text: str) -> str:
    """The printable text that `text` encodes in base64, or "" if there is none."""
    data = "".join(text.split())
    if len(data) < 8 or len(data) % 4 or not data.isascii():
        return ""
    from binascii import a2b_base64

    try:
        decoded = a2b_base64(data, strict_mode=True).decode("utf-8")
    except ValueError:
        return ""
    return decoded if "".join(decoded.split()).isprintable() else ""

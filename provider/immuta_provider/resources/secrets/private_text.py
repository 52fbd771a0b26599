"""Private state as text, since Terraform's own work grows with the bytes of it.

    2|audit .enabled port workspaces .enabled .warehouses|password=sSALT:HASH

The version comes first, with a `?` if the last update is in doubt, and with `#` and the digest if there is one; then the
configured paths, the fingerprints and, from a plan to its apply, the planned paths. Paths are sorted, and each leading dot
stands for a step of the path before. Names are written out, so that a later model with more attributes reads the same paths. A
fingerprint is `s` (scrypt) or `h` (HMAC-SHA256), then its parts in base64 without padding. The key's id follows those of `h`,
and the parameters those of `s` if they are not this version's. `?` stands for a fingerprint that cannot be checked.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ...plugin.paths import Path, Step
    from .fingerprints import Fingerprint

# A part of the format: a change of the parameters for new fingerprints leaves it as it is.
_SCRYPT = (1 << 14, 8, 1)
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")
_DIGITS = frozenset("0123456789")


def write(
    configured: Iterable[Path],
    secrets: Mapping[str, Fingerprint],
    doubtful: bool,
    planned: Iterable[Path],
    digest: str,
) -> bytes:
    head = ("2?" if doubtful else "2") + (f"#{digest}" if digest else "")
    sections = [head, _write_paths(configured), _write_secrets(secrets)]
    if planned:
        sections.append(_write_paths(planned))
    return "|".join(sections).encode("ascii")


def read(data: bytes) -> tuple[list[Path], dict[str, Fingerprint], bool, list[Path], str]:
    """The configured paths, fingerprints, doubt, planned paths and digest. Raises ValueError if `data` is damaged or of another
    version."""
    head, configured, secrets, *rest = data.decode("ascii").split("|")
    version, _, digest = head.partition("#")
    if version not in ("2", "2?") or len(rest) > 1:
        raise ValueError("not version 2 of private state")
    return (
        _read_paths(configured),
        _read_secrets(secrets),
        version == "2?",
        _read_paths("".join(rest)),
        digest,
    )


def _write_paths(paths: Iterable[Path]) -> str:
    words = []
    before: list[str] = []
    for steps in sorted([_write_step(step) for step in path] for path in paths):
        shared = 0
        while shared < min(len(before), len(steps) - 1) and before[shared] == steps[shared]:
            shared += 1
        words.append("." * shared + ".".join(steps[shared:]))
        before = steps
    return " ".join(words)


def _read_paths(text: str) -> list[Path]:
    paths: list[Path] = []
    before: Path = ()
    for word in text.split(" ") if text else ():
        own = word.lstrip(".")
        shared = len(word) - len(own)
        if shared > len(before):
            raise ValueError("a path shares more steps than the path before has")
        before = (*before[:shared], *map(_read_step, own.split(".")))
        paths.append(before)
    return paths


def _write_step(step: Step) -> str:
    """An index as digits; a name as it is, with `%` before the bytes of anything else and of a first digit, and `%`
    alone for the empty name."""
    if isinstance(step, int):
        return str(step)
    if not isinstance(step, str):
        raise TypeError("private state has paths of names and indexes alone")
    if step[:1] in _DIGITS:
        return _percent(step[0]) + _escaped(step[1:])
    return _escaped(step) or "%"


def _read_step(text: str) -> Step:
    if text[:1] == "-" or text[:1] in _DIGITS:
        return int(text)
    if not text:
        raise ValueError("a path without a step")
    return "" if text == "%" else _unescaped(text)


def _escaped(text: str) -> str:
    return "".join(char if char in _PLAIN else _percent(char) for char in text)


def _percent(char: str) -> str:
    return "".join(f"%{byte:02x}" for byte in char.encode("utf-8", "surrogatepass"))


def _unescaped(text: str) -> str:
    first, *rest = text.split("%")
    data = first.encode() + b"".join(bytes.fromhex(part[:2]) + part[2:].encode() for part in rest)
    return data.decode("utf-8", "surrogatepass")


def _write_secrets(secrets: Mapping[str, Fingerprint]) -> str:
    return " ".join(
        ".".join(map(_escaped, path.split("."))) + "=" + _write_fingerprint(secrets[path])
        for path in sorted(secrets)
    )


def _read_secrets(text: str) -> dict[str, Fingerprint]:
    secrets: dict[str, Fingerprint] = {}
    for word in text.split(" ") if text else ():
        path, fingerprint = word.split("=")
        secrets[_unescaped(path)] = _read_fingerprint(fingerprint)
    return secrets


def _write_fingerprint(fingerprint: Fingerprint) -> str:
    kind = fingerprint.get("kind")
    try:
        parts = [_base64(fingerprint["salt"]), _base64(fingerprint["hash"])]
        if kind == "hmac-sha256":
            return "h" + ":".join([*parts, _base64(fingerprint["key"])])
        if kind == "scrypt":
            parameters = tuple(fingerprint[name] for name in "nrp")
            if all(type(parameter) is int for parameter in parameters):
                own = [] if parameters == _SCRYPT else [",".join(map(str, parameters))]
                return "s" + ":".join(parts + own)
    except (KeyError, TypeError, ValueError):
        pass
    return "?"


def _read_fingerprint(text: str) -> Fingerprint:
    if text == "?":
        return {}
    kind = text[:1]
    salt, hash, *rest = text[1:].split(":")
    parts = {"salt": _hex(salt), "hash": _hex(hash)}
    if kind == "h":
        (id,) = rest
        return {"kind": "hmac-sha256", "key": _hex(id), **parts}
    if kind != "s" or len(rest) > 1:
        raise ValueError("not a kind of fingerprint")
    n, r, p = map(int, rest[0].split(",")) if rest else _SCRYPT
    return {"kind": "scrypt", "n": n, "r": r, "p": p, **parts}


def _base64(digits: str) -> str:
    data = bytes.fromhex(digits)
    if data.hex() != digits:
        raise ValueError("not in the digits that are hashed")
    return b2a_base64(data, newline=False).decode().rstrip("=")


def _hex(text: str) -> str:
    digits = a2b_base64(text + "=" * (-len(text) % 4)).hex()
    if _base64(digits) != text:
        raise ValueError("not base64")
    return digits

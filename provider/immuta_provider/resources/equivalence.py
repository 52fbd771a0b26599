"""Spellings of a value that mean the same to Immuta."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


def hostname(a: Any, b: Any) -> bool:
    """Host names have no case, and a trailing dot or slash says nothing."""
    return isinstance(a, str) and isinstance(b, str) and normal_host(a) == normal_host(b)


def normal_host(host: str) -> str:
    """A host name in the one form in which two of them can be compared."""
    return host.strip().rstrip("/").rstrip(".").lower()


def bare_host(text: str) -> str:
    """The host in a URL, in the form of `normal_host`; a text that is not a URL is a host. It serves every form in which
    people name a host."""
    scheme, _, rest = text.strip().rpartition("://")
    for end in "/?#":
        rest = rest.partition(end)[0]
    return normal_host(rest.partition(":")[0] if scheme else rest)


def same_hosts(hosts: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups the texts that name the same host."""
    spellings: dict[str, list[str]] = {}
    for host in hosts:
        spellings.setdefault(bare_host(host), []).append(host)
    return [tuple(written) for written in spellings.values() if len(written) > 1]


def case(a: Any, b: Any) -> bool:
    """Text in which capitals say nothing."""
    return isinstance(a, str) and isinstance(b, str) and a.lower() == b.lower()


def url(a: Any, b: Any) -> bool:
    """The scheme and the host of a URL have no case, the rest has; a trailing slash says nothing."""
    return isinstance(a, str) and isinstance(b, str) and _normal_url(a) == _normal_url(b)


def _normal_url(text: str) -> str:
    scheme, separator, rest = text.strip().rpartition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.lower()}{separator}{normal_host(host)}{slash}{path}".rstrip("/")


def json_text(a: Any, b: Any) -> bool:
    """Two JSON texts with the same value."""
    if not (isinstance(a, str) and isinstance(b, str)):
        return False
    if a == b:
        return True
    import json

    try:
        return same_json(json.loads(a), json.loads(b))
    except (ValueError, RecursionError):
        return False


def same_json(a: Any, b: Any) -> bool:
    """Returns whether two values are the same in JSON: Python takes true for 1, JSON does not."""
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_json(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same_json, a, b))
    return isinstance(a, bool) == isinstance(b, bool) and bool(a == b)


BY_NAME: dict[str, Callable[[Any, Any], bool]] = {
    "case": case,
    "hostname": hostname,
    "json": json_text,
    "url": url,
}

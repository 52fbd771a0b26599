"""Finds the proxy for Immuta in the environment, by the rules of Terraform itself.

These are the rules of Go's `httpproxy` package, which Terraform and most other providers follow. They differ from curl's in
three points. An upper-case variable has precedence over a lower-case one, NO_PROXY is separated by commas only, and ALL_PROXY
is not read.
"""

from __future__ import annotations

import os

from ..found import Record
from .errors import ConfigurationError
from .settings import address_of, is_host_name, port_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Address, IPv6Address

_PORTS = {"http": "80", "https": "443"}


class Proxy(Record):
    """A proxy. `url` has a scheme and may contain a password; `variable` is the environment variable that names the proxy."""

    __slots__ = ("url", "variable")
    shown = ("variable",)

    def __init__(self, url: str, variable: str) -> None:
        self.url = url
        self.variable = variable

    @property
    def over_tls(self) -> bool:
        return self.url.lower().startswith("https:")


def of_environment(url: str, environ: Mapping[str, str] = os.environ) -> Proxy | None:
    """Returns the proxy for a URL; None for a direct connection.

    Raises a ConfigurationError for an invalid proxy. The message does not show the value, since it may contain a password.
    """
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    name = f"{parts.scheme}_proxy"
    variable, text = _first(environ, name.upper(), name)
    if not text or _is_direct(parts.hostname or "", str(parts.port or _PORTS[parts.scheme]), environ):
        return None
    proxy = text if "://" in text else f"http://{text}"
    why = _trouble(proxy)
    remedy = (
        'Change it to an http or https proxy, for example "http://proxy.example:3128" or "proxy.example:3128"'
    )
    if parts.scheme == "http" and environ.get("REQUEST_METHOD"):
        why = "REQUEST_METHOD is set, so this may be a CGI script, whose caller can set HTTP_PROXY"
        remedy = "Remove REQUEST_METHOD from the environment"
    if why:
        raise ConfigurationError(
            "The proxy could not be used",
            f"the proxy for {parts.netloc}, which {variable} names, cannot be used: {why}. Nothing was sent. {remedy}, or add "
            f"{parts.netloc} to NO_PROXY if no proxy is needed.",
        )
    return Proxy(proxy, variable)


def _first(environ: Mapping[str, str], *names: str) -> tuple[str, str]:
    """Returns the first of these variables that is not empty, and its stripped value."""
    return next(((n, text) for n in names if (text := environ.get(n, "").strip())), ("", ""))


def _is_direct(host: str, port: str, environ: Mapping[str, str]) -> bool:
    """Tells if the connection is direct: the host is this machine, or NO_PROXY lists it."""
    address = address_of(host)
    if host == "localhost" or (address is not None and address.is_loopback):
        return True
    _, exceptions = _first(environ, "NO_PROXY", "no_proxy")
    return any(_matches(entry.strip().lower(), host, address, port) for entry in exceptions.split(","))


def _matches(entry: str, host: str, address: IPv4Address | IPv6Address | None, port: str) -> bool:
    """Tells if an element of NO_PROXY applies to the host.

    The element is `*`, an address, a network, or a name with its subdomains (`.name` and `*.name` exclude the name itself). A
    port after an address or a name limits the element to that port.
    """
    if entry == "*":
        return True
    if "/" in entry:
        return address is not None and _is_in(entry, address)
    name, colon, own_port = entry.rpartition(":")
    if not colon or (":" in name and not (name.startswith("[") and name.endswith("]"))):
        name, own_port = entry, ""
    if own_port not in ("", port):
        return False
    own_address = address_of(name.removeprefix("[").removesuffix("]"))
    if own_address is not None:
        return own_address == address
    return _covers(name[1:] if name.startswith("*.") else name, host)


def _is_in(network: str, address: IPv4Address | IPv6Address) -> bool:
    from ipaddress import ip_network

    # The ipaddress module also accepts a mask such as /255.0.0.0, which Go does not.
    if not network.rpartition("/")[2].isdecimal():
        return False
    try:
        return address in ip_network(network, strict=False)
    except ValueError:
        return False


def _covers(name: str, host: str) -> bool:
    bare = name.removeprefix(".")
    try:
        bare = bare.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return bool(bare) and (host.endswith(f".{bare}") or (host == bare and not name.startswith(".")))


def _trouble(proxy: str) -> str:
    """Returns the reason why a proxy is invalid; "" if it may work."""
    from urllib.parse import unquote, urlsplit

    if not proxy.isascii() or not proxy.isprintable() or " " in proxy:
        return "it contains a character that is not allowed in a URL"
    try:
        parts = urlsplit(proxy)
        name = parts.hostname
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in _PORTS:
        return "its scheme is neither http nor https"
    if not name or not is_host_name(name):
        return "its host name is not valid"
    if port_of(parts) == 0:
        return "its port is not a number from 1 to 65535"
    try:
        unquote(f"{parts.username}{parts.password}").encode("latin-1")
    except UnicodeEncodeError:
        return "its user or password contains a character that is not allowed in an HTTP header"
    return ""

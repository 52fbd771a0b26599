"""The proxy that the environment names for Immuta, if any."""

from __future__ import annotations

import os

from .errors import ConfigurationError
from .settings import is_host_name, port_of


def of_environment(url: str) -> dict[str, str]:
    """As requests takes them, from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY in either case.

    ConfigurationError for a proxy that cannot work; it shows nothing of the value, in which a password may stand.
    """
    from requests.utils import get_environ_proxies, select_proxy

    proxies = dict(get_environ_proxies(url, no_proxy=None))
    proxy = select_proxy(url, proxies)
    why = _trouble(proxy) if proxy else ""
    if why:
        scheme, _, rest = url.partition("://")
        host = rest.split("/")[0]
        variable = _variable(scheme if proxies.get(scheme) else "all")
        raise ConfigurationError(
            "The proxy could not be used",
            f"{host} was to be reached through the proxy that {variable} names, which cannot be used: {why}. Nothing was "
            'sent. Change it to the URL of an http or https proxy, for example "http://proxy.example:3128", or name '
            f"{host} in NO_PROXY if it needs no proxy.",
        )
    return proxies


def _trouble(proxy: str) -> str:
    """Why such a proxy cannot work; "" for one that may."""
    from urllib.parse import unquote, urlsplit

    if not proxy.isascii() or not proxy.isprintable() or " " in proxy:
        return "it holds a character that may stand in no URL"
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        name = parts.hostname
    except ValueError:
        return "it is no URL"
    if parts.scheme not in ("http", "https"):
        return "its scheme is neither http nor https"
    if not name or not is_host_name(name):
        return "it has no valid host name"
    if port_of(parts) == 0:
        return "its port is no number from 1 to 65535"
    try:
        unquote(f"{parts.username}{parts.password}").encode("latin-1")
    except UnicodeEncodeError:
        return "its user or password holds a character that no HTTP header can carry"
    return ""


def _variable(kind: str) -> str:
    """The variable that names the proxy for a kind of URL; in lower case it goes before the other."""
    name = f"{kind}_proxy"
    found = [n for n in os.environ if n.lower() == name and os.environ[n]]
    return name if name in found else found[0] if found else "the system's configuration"

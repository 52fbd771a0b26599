"""Checks of the way to the tenant: the proxy, the name, the connection, TLS, and an answer over HTTP.

Each check needs the one before. What comes after one that failed is skipped.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote, urlsplit

from urllib3.connection import HTTPConnection
from urllib3.exceptions import NewConnectionError, ProxyError
from urllib3.util import make_headers

from ..api.http import failures, proxies
from ..api.http.deadlines import UNSENT
from ..api.http.errors import ConfigurationError, ImmutaError
from ..api.http.exchange import Request, Response
from ..api.http.settings import Settings
from ..api.http.transport import RequestsTransport, tls_context
from . import certificate
from .check import FAILED, Check, failed, ok, skipped, warning
from .limits import NETWORK_SECONDS, within

NAMES = ("proxy", "dns", "tcp", "tls", "http", "clock")
# A certificate that ends sooner is worth a warning.
ENDS_SOON = timedelta(days=14)
# Seconds between two clocks. Signed requests and tokens allow five minutes as a rule.
CLOCK_WARNING = 60.0
_PORTS = {"http": 80, "https": 443}


@dataclass
class Way:
    """The way to the tenant, and what the checks found on it."""

    settings: Settings
    path: str
    now: datetime
    proxy: proxies.Proxy | None = None
    answer: Response | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.settings.host).hostname or ""

    @property
    def port(self) -> int:
        parts = urlsplit(self.settings.host)
        return parts.port or _PORTS[parts.scheme]

    @property
    def first(self) -> tuple[str, int]:
        """Host and port of the first connection: the proxy's, if there is one."""
        if self.proxy is None:
            return self.host, self.port
        parts = urlsplit(self.proxy.url)
        return parts.hostname or "", parts.port or _PORTS[parts.scheme]

    @property
    def shown(self) -> str:
        """The first connection in words. The URL of a proxy may contain a password."""
        host, port = self.first
        address = f"{f'[{host}]' if ':' in host else host}:{port}"
        return address if self.proxy is None else f"{address}, the proxy that {self.proxy.variable} names"

    def explained(self, error: BaseException) -> ImmutaError:
        request = Request("GET", self.settings.host, {}, timeout=NETWORK_SECONDS)
        return failures.explain(error, request, self.proxy)


def checks(settings: Settings, path: str) -> Iterator[Check]:
    """The checks of the way to the tenant. `path` is that of a route that every Immuta has."""
    way = Way(settings, path, datetime.now(UTC))
    broken = ""
    for name, step in zip(NAMES, (_proxy, _dns, _tcp, _tls, _http, _clock), strict=True):
        check = skipped(name, f"the check {broken} failed") if broken else step(way)
        broken = broken or (name if check.status == FAILED else "")
        yield check


def _proxy(way: Way) -> Check:
    try:
        way.proxy = proxies.of_environment(way.settings.host)
    except ConfigurationError as error:
        return failed("proxy", error.detail, "")
    return ok("proxy", "none" if way.proxy is None else way.shown)


def _dns(way: Way) -> Check:
    host, port = way.first
    try:
        found = within(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
    except TimeoutError:
        return failed(
            "dns",
            f"no name server answered for {host} within {NETWORK_SECONDS:g} seconds",
            "Check this machine's network, and if a proxy must be set.",
        )
    except OSError as error:
        return _failure("dns", way, error)
    addresses = list(dict.fromkeys(str(address[0]) for *_, address in found))
    return ok("dns", host if addresses == [host] else f"{host} is {', '.join(addresses[:3])}")


def _tcp(way: Way) -> Check:
    try:
        within(lambda: socket.create_connection(way.first, NETWORK_SECONDS).close())
    except TimeoutError:
        return failed(
            "tcp",
            f"no connection to {way.shown} within {NETWORK_SECONDS:g} seconds",
            "Check `host` (IMMUTA_HOST), the firewall, and if a proxy must be set.",
        )
    except OSError as error:
        return _failure("tcp", way, _not_connected(way, error))
    return ok("tcp", way.shown)


def _tls(way: Way) -> Check:
    name = "tls"
    if not way.settings.host.startswith("https:"):
        return skipped(name, "the scheme of `host` is http")
    if way.proxy is not None and way.proxy.over_tls:
        return skipped(name, "the proxy itself uses TLS; the check http has the result")
    try:
        context = tls_context(way.settings)
    except ConfigurationError as error:
        return failed(name, error.detail, "")
    try:
        shown = within(lambda: _handshake(way, context))
    except TimeoutError:
        return failed(
            name,
            f"no TLS connection to {way.host} within {NETWORK_SECONDS:g} seconds",
            "Check the scheme and the port of `host` (IMMUTA_HOST).",
        )
    except ssl.SSLCertVerificationError as error:
        check = _failure(name, way, error)
        authority = _authority(way)
        return replace(check, text=f"{check.text} Its authority is {authority}.") if authority else check
    except (OSError, http.client.HTTPException, ProxyError) as error:
        return _failure(name, way, error)
    except ValueError:
        return failed(
            name, f"the certificate of {way.host} cannot be read", "Renew the certificate of Immuta."
        )
    ends = f"{shown.ends:%Y-%m-%d}"
    text = f"the authority is {shown.authority or 'not named'}, and the certificate is valid until {ends}"
    if context.verify_mode == ssl.CERT_NONE:
        return warning(name, f"{text}; nothing is verified", "Set `ca_file` (IMMUTA_CA_FILE) instead.")
    if shown.ends - way.now < ENDS_SOON:
        return warning(name, text, "Renew the certificate of Immuta.")
    return ok(name, text)


def _authority(way: Way) -> str:
    """The authority of a certificate that is not trusted; "" if it cannot be read. Nothing is sent over the connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        return within(lambda: _handshake(way, context)).authority
    except (OSError, ValueError, http.client.HTTPException, ProxyError):
        return ""


def _handshake(way: Way, context: ssl.SSLContext) -> certificate.Certificate:
    connection = http.client.HTTPConnection(*way.first, timeout=NETWORK_SECONDS)
    if way.proxy is not None:
        connection.set_tunnel(way.host, way.port, _login(way.proxy))
    with closing(connection):
        try:
            connection.connect()
        except OSError as error:
            if way.proxy is None or isinstance(error, TimeoutError):
                raise
            raise _not_connected(way, error) from error
        with context.wrap_socket(connection.sock, server_hostname=way.host) as secured:
            return certificate.read(secured.getpeercert(binary_form=True) or b"")


def _login(proxy: proxies.Proxy) -> dict[str, str]:
    parts = urlsplit(proxy.url)
    if not parts.username:
        return {}
    return dict(make_headers(proxy_basic_auth=f"{unquote(parts.username)}:{unquote(parts.password or '')}"))


def _http(way: Way) -> Check:
    """One request without the credential, so any status is an answer."""
    transport = RequestsTransport(way.settings)
    request = Request("GET", way.settings.host + way.path, way.settings.http_headers, timeout=NETWORK_SECONDS)
    try:
        way.answer = within(lambda: transport.send(request), 2 * NETWORK_SECONDS)
    except TimeoutError:
        return failed(
            "http",
            f"no answer within {2 * NETWORK_SECONDS:g} seconds",
            "Check that `host` (IMMUTA_HOST) is Immuta's.",
        )
    except ImmutaError as error:
        return failed("http", error.detail, "")
    finally:
        transport.close()
    return ok("http", f"status {way.answer.status} to a request without the credential")


def _clock(way: Way) -> Check:
    name = "clock"
    text = (way.answer.headers if way.answer else {}).get("date", "")
    try:
        theirs = parsedate_to_datetime(text)
    except ValueError:
        return skipped(name, "the answer has no date")
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    seconds = (datetime.now(UTC) - theirs).total_seconds()
    if abs(seconds) <= CLOCK_WARNING:
        return ok(name, "this machine and Immuta agree within a minute")
    side = "ahead of" if seconds > 0 else "behind"
    return warning(
        name,
        f"this machine is {abs(seconds) / 60:.0f} minutes {side} Immuta",
        "Correct the clock of this machine.",
    )


def _not_connected(way: Way, error: OSError) -> Exception:
    """The error of the first connection as urllib3 raises it."""
    direct = NewConnectionError(HTTPConnection(*way.first), way.shown)
    direct.__cause__ = error
    return direct if way.proxy is None else ProxyError("no tunnel", error)


def _failure(name: str, way: Way, error: BaseException) -> Check:
    """The client's own text for the error, which ends with its advice. No request was sent yet."""
    error.add_note(UNSENT)
    return failed(name, way.explained(error).detail, "")

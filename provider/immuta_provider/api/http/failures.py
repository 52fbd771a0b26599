"""Converts the exception of a request without a response to the error that tells the user what to do.

`errors.MAY_PASS` has the kinds that are retried. The texts of the libraries are omitted, since they may contain a proxy's
password.
"""

from __future__ import annotations

from .deadlines import UNSENT
from .errors import ConfigurationError, ConnectError, ImmutaError, RequestTimeout
from .settings import is_loopback

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl

    from .exchange import Request, Response
    from .proxies import Proxy

# The summary and the detail of each kind, if the proxy is not at fault.
_DIRECT = {
    "certificate": (
        "Immuta's certificate is not trusted",
        "the certificate of {host} was refused: {why}. {advice}",
    ),
    "name": (
        "Immuta's host was not found",
        "the name {host} could not be resolved: {why}. Check `host` (IMMUTA_HOST), and if a proxy must be set "
        "({variable}).",
    ),
    "lookup": (
        "Immuta's host could not be looked up",
        "no name server answered for {host}: {why}. Check this machine's network, and if a proxy must be set ({variable}).",
    ),
    "refused": (
        "Immuta could not be reached",
        "no connection to {host}: {why}. Check `host` (IMMUTA_HOST), and if a proxy must be set ({variable}).",
    ),
    "tls": (
        "No TLS connection to Immuta",
        "{host} did not speak TLS as expected: {why}. Check the scheme and the port of `host` (IMMUTA_HOST).",
    ),
    "broken": (
        "The connection to Immuta broke",
        "{host} closed the connection {when}: {why}. Apply again. If it happens again, check the network between this machine "
        "and Immuta.",
    ),
}
# Nothing on this machine is reached through a proxy.
_ON_THIS_MACHINE = {
    "refused": (
        "Immuta could not be reached",
        "no connection to {host}: {why}. Check `host` (IMMUTA_HOST), and that the server runs, for example "
        "`cdktf-immuta simulator`.",
    ),
}
_AT_PROXY = (
    "The proxy could not be used",
    "the proxy for {host}, which {variable} names, failed: {why}. Check that variable, or add {host} to NO_PROXY if no proxy is "
    "needed.",
)
_WHY_AT_PROXY = {
    "certificate": "its certificate was refused: {why}. {advice}",
    "tls": "it did not speak TLS as expected: {why}. If the proxy does not use TLS, its scheme has to be http",
}

# The advice about a refused certificate, by OpenSSL's error number.
_ADVICE = {
    9: "Check the clock of this machine.",
    10: "Renew it, or correct the clock of this machine if it is wrong.",
    62: "Use a name that the certificate is for.",
    64: "Use a name that the certificate is for.",
}
_OTHER_ADVICE = "If a private authority signed it, set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form."
_MEANINGS = {
    "RemoteDisconnected": "it closed the connection without an answer",
    "BadStatusLine": "its answer was not HTTP",
    "IncompleteRead": "the answer was incomplete",
}
_LONGEST_PROBE = 2.0


def explain(error: BaseException, request: Request, proxy: Proxy | None) -> ImmutaError:
    """Returns the error for an exception of the libraries or of the operating system."""
    from urllib.parse import urlsplit

    import requests
    from urllib3.exceptions import LocationValueError, ProxyError

    causes = _Causes(error)
    host = _host(request)
    if causes.has(requests.exceptions.InvalidURL, LocationValueError):
        return ConfigurationError(
            "Invalid host",
            f'"{host}" cannot be part of a URL; nothing was sent. Check `host` (IMMUTA_HOST).',
            option="host",
        )
    at_proxy = proxy is not None and causes.has(requests.exceptions.ProxyError, ProxyError)
    kind, why, advice = causes.kind()
    if kind == "timeout":
        return _timed_out(request.timeout, causes, proxy if at_proxy else None)
    if proxy is not None and at_proxy:
        return _proxy_failed(
            kind, _WHY_AT_PROXY.get(kind, "{why}").format(why=why, advice=advice.rstrip(".")), host, proxy
        )
    if kind == "broken" and _is_tls_port(request, proxy):
        return _asked_in_plain(host)
    texts = {**_DIRECT, **_ON_THIS_MACHINE} if is_loopback(urlsplit(request.url).hostname or "") else _DIRECT
    summary, detail = texts[kind]
    variable = f"{request.url.partition(':')[0].upper()}_PROXY"
    when = "while it was being made" if causes.unsent else "before its answer was complete"
    return ConnectError(
        summary,
        detail.format(host=host, why=why, when=when, advice=advice, variable=variable),
        kind=kind,
        maybe_sent=kind in ("broken", "tls") and not causes.unsent,
    )


def of_another(response: Response, request: Request, proxy: Proxy | None) -> ConnectError | None:
    """Returns the error for a response that did not come from Immuta, but from a proxy or a TLS port; None for any other."""
    if response.status == 407 and proxy is not None and request.url.startswith("http:"):
        return _proxy_failed("denied", _refusal("request", 407), _host(request), proxy)
    if (
        response.status == 400
        and not response.body.lstrip().startswith(b"{")
        and _is_tls_port(request, proxy)
    ):
        return _asked_in_plain(_host(request))
    return None


def _host(request: Request) -> str:
    return request.url.split("://")[-1].split("/")[0]


def _proxy_failed(kind: str, why: str, host: str, proxy: Proxy) -> ConnectError:
    summary, detail = _AT_PROXY
    return ConnectError(
        summary,
        detail.format(host=host, variable=proxy.variable, why=why),
        kind=kind,
        maybe_sent=False,
    )


def _asked_in_plain(host: str) -> ConnectError:
    return ConnectError(
        "Immuta speaks TLS only",
        f"{host} requires TLS, but the scheme of `host` is http. Set `host` (IMMUTA_HOST) to the same URL with https.",
        kind="plain",
        maybe_sent=False,
    )


def _refusal(what: str, status: int) -> str:
    login = (
        ". It requires a user and a password, as in http://user:password@proxy.example:3128"
        if status == 407
        else ""
    )
    return f"it refused the {what} with status {status}{login}"


def _timed_out(seconds: float, causes: _Causes, proxy: Proxy | None) -> RequestTimeout:
    maybe_sent = not causes.not_connected
    what = "no complete answer came" if maybe_sent else "no connection was made"
    through = f" to the proxy that {proxy.variable} names" if proxy is not None else ""
    return RequestTimeout(
        "Immuta did not answer in time",
        f"{what}{through} within {seconds:g} seconds. If Immuta is only slow, raise `request_timeout` "
        "(IMMUTA_REQUEST_TIMEOUT).",
        maybe_sent=maybe_sent,
    )


class _Causes:
    """An exception and its causes, outermost first.

    requests and urllib3 wrap exceptions in arguments, in `reason`, and by chaining.
    """

    def __init__(self, error: BaseException) -> None:
        self.all: list[BaseException] = []
        pending: list[object] = [error]
        while pending and len(self.all) < 20:
            item = pending.pop(0)
            if isinstance(item, BaseException) and not any(item is seen for seen in self.all):
                self.all.append(item)
                pending += [*item.args, getattr(item, "reason", None), item.__cause__, item.__context__]

    def first(self, *kinds: type[BaseException]) -> BaseException | None:
        return next((cause for cause in self.all if isinstance(cause, kinds)), None)

    def has(self, *kinds: type[BaseException]) -> bool:
        return self.first(*kinds) is not None

    @property
    def unsent(self) -> bool:
        return any(UNSENT in getattr(cause, "__notes__", ()) for cause in self.all)

    @property
    def not_connected(self) -> bool:
        from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

        return self.has(ConnectTimeoutError, NewConnectionError)

    def kind(self) -> tuple[str, str, str]:
        """Returns `timeout` or a key of `MAY_PASS`, the reason in a few words, and advice for this reason."""
        import socket
        import ssl

        from urllib3.exceptions import NewConnectionError

        untrusted = self.first(ssl.SSLCertVerificationError)
        if untrusted is not None:
            why = getattr(untrusted, "verify_message", "").rstrip(".") or "it was not accepted"
            return "certificate", why, _ADVICE.get(getattr(untrusted, "verify_code", 0), _OTHER_ADVICE)
        unresolved = self.first(socket.gaierror)
        if isinstance(unresolved, socket.gaierror):
            missing = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", None), socket.EAI_FAIL)
            return "name" if unresolved.errno in missing else "lookup", reason_of(unresolved), ""
        refused_tunnel = next((status for cause in self.all if (status := _tunnel_status(cause))), 0)
        if refused_tunnel:
            denied = 400 <= refused_tunnel < 500 and refused_tunnel not in (408, 429)
            return "denied" if denied else "broken", _refusal("tunnel", refused_tunnel), ""
        why = reason_of(self.all[-1])
        if self._timed_out():
            return "timeout", why, ""
        if self.has(NewConnectionError):
            return "refused", why, ""
        failed = self.first(ssl.SSLError)
        if isinstance(failed, ssl.SSLError):
            return "tls" if self._is_final(failed) else "broken", reason_of(failed), ""
        return "broken", why, ""

    def _timed_out(self) -> bool:
        import requests
        from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ReadTimeoutError

        if self.has(ReadTimeoutError, requests.ReadTimeout, TimeoutError):
            return True
        return self.has(ConnectTimeoutError, requests.ConnectTimeout) and not self.has(NewConnectionError)

    def _is_final(self, error: ssl.SSLError) -> bool:
        """Tells if the TLS handshake failed permanently; a connection that merely breaks during TLS may be retried."""
        import ssl

        if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError | ssl.SSLSyscallError):
            return False
        reason = error.reason or ""
        return (self.unsent or "ALERT" in reason) and "INTERNAL_ERROR" not in reason


def _is_tls_port(request: Request, proxy: Proxy | None) -> bool:
    """Tells if plain http was sent, without a proxy, to a port that answers a TLS greeting with TLS."""
    if proxy is not None or not request.url.startswith("http:"):
        return False
    import socket
    import ssl
    from contextlib import suppress
    from urllib.parse import urlsplit

    parts = urlsplit(request.url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    outgoing = ssl.MemoryBIO()
    greeting = context.wrap_bio(ssl.MemoryBIO(), outgoing)
    with suppress(ssl.SSLWantReadError):
        greeting.do_handshake()
    try:
        with socket.create_connection(
            (parts.hostname, parts.port or 80), min(request.timeout, _LONGEST_PROBE)
        ) as probe:
            probe.sendall(outgoing.read())
            # TLS begins with the type of a record, here an alert or a handshake.
            return probe.recv(1) in (b"\x15", b"\x16")
    except OSError:
        return False


def _tunnel_status(error: BaseException) -> int:
    """Returns the status of a proxy's refusal of a tunnel, which http.client gives only in the text; 0 for any other error."""
    import re

    found = re.match(r"Tunnel connection failed: (\d{3})\b", str(error))
    return int(found.group(1)) if found else 0


def reason_of(error: BaseException) -> str:
    """Returns the short text of the operating system or of OpenSSL, or one for the exception's class."""
    reason = getattr(error, "reason", None)
    if isinstance(reason, str) and reason:
        return reason.lower().replace("_", " ")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return _MEANINGS.get(type(error).__name__, type(error).__name__)

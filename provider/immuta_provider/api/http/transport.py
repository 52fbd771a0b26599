"""The only access to the network.

`RequestsTransport` uses the adapter of requests: its connection pool, TLS and proxies. It does not use the session, which
would add `.netrc`, cookies, redirects, and environment variables for certificate authorities. The environment names the proxy.
Importing requests takes about 100 ms, so it is imported with the first request.
"""

from __future__ import annotations

import os

from . import deadlines, failures, proxies
from .bounds import check_body, no_memory
from .errors import ConfigurationError, Stopped
from .exchange import Request, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from typing import Any, Protocol

    from .bounds import Bounds
    from .proxies import Proxy
    from .settings import Settings
else:
    Protocol = object

_CHUNK = 64 * 1024


class Transport(Protocol):
    """Sends one request and reads the whole response of any status; thread-safe.

    ConnectError or RequestTimeout when no answer came, TooLarge when one exceeds the request's bounds, ProtocolError when this
    process has no memory left for one, Stopped when nothing was sent because of the request's `stop`.
    """

    def send(self, request: Request) -> Response: ...

    def close(self) -> None: ...


class RequestsTransport:
    """The real transport: a keep-alive pool of `max_concurrency` connections that all threads share.

    Raises a ConfigurationError if `ca_file` or the environment's proxy cannot be used.
    """

    def __init__(self, settings: Settings) -> None:
        import threading

        self._settings = settings
        self._turns = threading.BoundedSemaphore(settings.max_concurrency)
        self._lock = threading.Lock()
        self._adapter: Any = None
        self._proxy: Proxy | None = None

    def send(self, request: Request) -> Response:
        with self._turns:
            if request.stop is not None and request.stop.is_set():
                raise Stopped(
                    "Interrupted",
                    f"the run was stopped while a {request.method} was queued, so it was not sent. Apply again to send it.",
                )
            return self._send(request, self._adapter or self._open())

    def close(self) -> None:
        if self._adapter is not None:
            self._adapter.close()

    def _open(self) -> Any:
        with self._lock:
            if self._adapter is None:
                self._proxy = proxies.of_environment(self._settings.host)
                self._adapter = _adapter(self._settings, self._proxy)
            return self._adapter

    def _send(self, request: Request, adapter: Any) -> Response:
        from requests import PreparedRequest, RequestException
        from urllib3.exceptions import HTTPError
        from urllib3.util import Timeout

        prepared = PreparedRequest()
        prepared.method = request.method
        prepared.url = request.url
        prepared.headers = {**request.headers, "Accept-Encoding": "identity"}  # type: ignore[assignment]
        if request.body is not None:
            prepared.body = request.body
            prepared.headers["Content-Length"] = str(len(request.body))
        try:
            answer = adapter.send(
                prepared,
                timeout=Timeout(total=request.timeout),
                verify=not self._settings.insecure_skip_tls_verify,
                proxies={} if self._proxy is None else {"all": self._proxy.url},
                stream=True,
            )
            try:
                body = self._read(answer, request.bounds)
            finally:
                answer.close()
        except (RequestException, HTTPError, OSError) as error:
            raise failures.explain(error, request, self._proxy) from None
        except MemoryError:
            raise no_memory() from None
        response = Response(answer.status, answer.headers, body)
        failure = failures.of_another(response, request, self._proxy)
        if failure is not None:
            raise failure
        return response

    def _read(self, answer: Any, bounds: Bounds) -> bytes:
        """Reads the body in chunks, within its bounds. The connection returns to the pool only at the body's end."""
        parts: list[bytes] = []
        size = 0
        while chunk := answer.read1(_CHUNK, decode_content=True):
            size += len(chunk)
            check_body(size, bounds)
            parts.append(chunk)
        return b"".join(parts)


def _adapter(settings: Settings, proxy: Proxy | None) -> Any:
    from requests.adapters import HTTPAdapter

    over_tls = settings.host.startswith("https:") or (proxy is not None and proxy.over_tls)
    context = tls_context(settings) if over_tls else None
    pools = deadlines.pools()

    class Adapter(HTTPAdapter):
        """An adapter with time-limited connections, one TLS context, and urllib3's own responses, which need no cookie jar.

        The TLS context also serves a proxy. Those of requests and urllib3 would trust another bundle, and write keys to the
        file of SSLKEYLOGFILE.
        """

        def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
            super().init_poolmanager(*arguments, **named)
            self.poolmanager.pool_classes_by_scheme = pools

        def proxy_manager_for(self, *arguments: Any, **named: Any) -> Any:
            manager = super().proxy_manager_for(*arguments, **named, proxy_ssl_context=context)
            manager.pool_classes_by_scheme = pools
            return manager

        def build_connection_pool_key_attributes(
            self, request: Any, verify: Any, cert: Any = None
        ) -> tuple[Any, Any]:
            host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
            if context is not None:
                pool["ssl_context"] = context
            return host, pool

        def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
            conn.cert_reqs = "CERT_REQUIRED" if verify else "CERT_NONE"

        def build_response(self, req: Any, resp: Any) -> Any:
            return resp

    if settings.insecure_skip_tls_verify:
        import warnings

        from urllib3.exceptions import InsecureRequestWarning

        warnings.simplefilter("ignore", InsecureRequestWarning)
    return Adapter(pool_connections=2, pool_maxsize=settings.max_concurrency)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Returns a TLS context that trusts only `ca_file`, or else the system's store.

    The system's store is in OpenSSL's default places (SSL_CERT_FILE and SSL_CERT_DIR override them, as for Terraform itself),
    or in Windows' store. On a machine without one, as with python.org's Python on macOS, certifi's bundle is used.
    """
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if settings.insecure_skip_tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    if settings.ca_file is not None:
        try:
            context.load_verify_locations(settings.ca_file)
        except OSError as error:
            raise ConfigurationError(
                "Invalid ca_file",
                f'"{settings.ca_file}" cannot be used: {failures.reason_of(error)}. It must be a readable PEM file with at '
                "least one certificate.",
                option="ca_file",
            ) from None
        return context
    context.load_default_certs()
    if not context.cert_store_stats()["x509_ca"] and not _has_certificate_folder():
        import certifi

        context.load_verify_locations(cadata=certifi.contents())
    return context


def _has_certificate_folder() -> bool:
    import ssl

    folder = ssl.get_default_verify_paths().capath
    try:
        return bool(folder and os.listdir(folder))
    except OSError:
        return False

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_provider.api.http.client import HttpClient
from immuta_provider.api.http.errors import ImmutaError
from immuta_provider.api.http.exchange import Response
from immuta_provider.api.http.settings import Settings
from immuta_provider.api.http.transport import RequestsTransport
from immuta_provider.api.integrations.routes import Integrations
from support.fake_clock import FakeClock
from support.fake_transport import FakeTransport, Script
from support.local_server import Authority, get, make_authority
from support.scripted import MakeClient

ENVIRONMENT = (
    "HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY REQUEST_METHOD REQUESTS_CA_BUNDLE CURL_CA_BUNDLE SSL_CERT_FILE SSL_CERT_DIR "
    "SSLKEYLOGFILE NETRC"
)


@pytest.fixture
def make_client() -> MakeClient:
    """The integrations of a scripted Immuta, on a clock of its own, with back-offs that are not scattered."""

    def make(
        script: Script, settings: dict[str, Any] | None = None, **more: Any
    ) -> tuple[Integrations, FakeTransport, FakeClock]:
        host = more.pop("host", "immuta.example")
        transport, clock = FakeTransport(script, base=f"https://{host}"), FakeClock()
        client = HttpClient(
            Settings(host, **({"api_key": "key-of-tests"} if settings is None else settings)),
            transport=transport,
            clock=clock,
            stop=more.pop("stop", threading.Event()),
            jitter=lambda: 1.0,
            **more,
        )
        return Integrations(client), transport, clock

    return make


@pytest.fixture
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names no proxy, no authority and no credential."""
    for name in ENVIRONMENT.split():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority: Authority) -> dict[str, Any]:
    """Settings with which the authority is trusted."""
    return {"ca_file": str(authority.ca_file)}


@pytest.fixture
def open_transport(plain_environment: None) -> Iterator[Any]:
    made: list[RequestsTransport] = []

    def make(host: str, **settings: Any) -> RequestsTransport:
        made.append(RequestsTransport(Settings(host, api_key="key", **settings)))
        return made[-1]

    yield make
    for transport in made:
        transport.close()


@pytest.fixture
def ask(open_transport: Any) -> Callable[..., Response]:
    """Sends `GET /integrations` to a host, by a transport of its own."""

    def ask(host: str, /, *, timeout: float = 5.0, **settings: Any) -> Any:
        return open_transport(host, **settings).send(get(host, timeout=timeout))

    return ask


@pytest.fixture
def fail(ask: Callable[..., Response]) -> Callable[..., Any]:
    """Returns the error with which the request of `ask` ends."""

    def fail(host: str, /, **options: Any) -> ImmutaError:
        with pytest.raises(ImmutaError) as caught:
            ask(host, **options)
        return caught.value

    return fail

"""The proxy of the environment: which one is chosen, by the rules of Go's `httpproxy`, and how it is used, on real sockets.

The advice in each error is followed."""

from __future__ import annotations

import base64
import re
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http import proxies
from immuta_provider.api.http.errors import ConfigurationError, ConnectError, RequestTimeout
from support.local_proxy import proxy_to
from support.local_server import Authority, Exchange, dripping, get, local_server, ok, tunnel_to

PROXY = "http://proxy.example:3128"


@pytest.mark.parametrize(
    ("environ", "url", "expected"),
    [
        ({}, "https://immuta.example", None),
        ({"HTTPS_PROXY": PROXY}, "https://immuta.example", (PROXY, "HTTPS_PROXY")),
        ({"HTTPS_PROXY": PROXY}, "http://immuta.example", None),
        ({"HTTP_PROXY": PROXY}, "https://immuta.example", None),
        ({"HTTP_PROXY": PROXY}, "http://immuta.example", (PROXY, "HTTP_PROXY")),
        ({"https_proxy": PROXY}, "https://immuta.example", (PROXY, "https_proxy")),
        # Capitals win; curl takes small letters first, and HTTP_PROXY not at all.
        ({"HTTPS_PROXY": PROXY, "https_proxy": "http://other"}, "https://immuta.example", (PROXY, "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "", "https_proxy": PROXY}, "https://immuta.example", (PROXY, "https_proxy")),
        # curl reads ALL_PROXY, Go does not.
        ({"ALL_PROXY": PROXY, "all_proxy": PROXY}, "https://immuta.example", None),
        ({"HTTPS_PROXY": f" {PROXY}\n"}, "https://immuta.example", (PROXY, "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "localhost:3128"}, "https://immuta.example", ("http://localhost:3128", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "proxy.example"}, "https://immuta.example", ("http://proxy.example", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "[::1]:3128"}, "https://immuta.example", ("http://[::1]:3128", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "me:p%40ss@h:1"}, "https://immuta.example", ("http://me:p%40ss@h:1", "HTTPS_PROXY")),
        ({"HTTPS_PROXY": "HTTPS://h:1"}, "https://immuta.example", ("HTTPS://h:1", "HTTPS_PROXY")),
    ],
)  # fmt: skip
def test_a_variable_names_the_proxy_of_a_url(
    environ: dict[str, str], url: str, expected: tuple[str, str] | None
) -> None:
    found = proxies.of_environment(url, environ)
    assert (found and (found.url, found.variable)) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "https://localhost:8443",
        "http://127.0.0.1:8080",
        "http://127.8.8.8",
        "http://[::1]:8080",
        "http://[::ffff:127.0.0.1]",
    ],
)
def test_requests_to_this_machine_never_use_a_proxy(url: str) -> None:
    assert proxies.of_environment(url, {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY}) is None


HOST, PORT, IP, IPV6 = (
    "https://immuta.corp.example",
    "https://immuta.corp.example:8443",
    "http://10.1.2.3",
    "http://[fd00::7]:8080",
)


@pytest.mark.parametrize(
    ("entries", "direct", "proxied"),
    [
        ("*", (HOST, PORT, IP, IPV6), ()),
        ("other.example, *", (HOST, IP), ()),
        ("immuta.corp.example", (HOST, PORT), (IP,)),
        ("IMMUTA.Corp.Example", (HOST,), ()),
        ("corp.example", (HOST, PORT, "https://corp.example"), ("https://mycorp.example",)),
        (".corp.example", (HOST, PORT), ("https://corp.example",)),
        ("*.corp.example", (HOST, PORT), ("https://corp.example",)),
        ("example", (HOST,), ()),
        ("*corp.example", (), (HOST,)),
        ("immuta.*", (), (HOST,)),
        ("", (), (HOST,)),
        (",,.,:443, ,", (), (HOST, IP)),
        ("corp.example:8443", (PORT,), (HOST,)),
        ("corp.example:443", (HOST,), (PORT,)),
        ("*.corp.example:8443", (PORT,), (HOST,)),
        (".corp.example:8443", (PORT,), (HOST,)),
        ("corp.example:", (HOST, PORT), ()),
        ("https://immuta.corp.example", (), (HOST,)),
        ("localhost , corp.example ", (HOST,), ()),
        # curl divides by blanks as well.
        ("localhost corp.example", (), (HOST,)),
        ("10.1.2.3", (IP, "http://10.1.2.3:8080"), ("http://10.1.2.4",)),
        ("10.1.2.3:80", (IP,), ("http://10.1.2.3:8080",)),
        ("10.1.2.3:8080", ("http://10.1.2.3:8080",), (IP,)),
        ("10.0.0.0/8", (IP, "http://10.255.0.1:8080"), ("http://11.1.2.3", HOST)),
        ("10.1.2.3/24", ("http://10.1.2.200",), ("http://10.1.3.3",)),
        ("10.0.0.0/255.0.0.0", (), (IP,)),
        ("10.0.0.0/33", (), (IP,)),
        ("10.1.2", (), (IP,)),
        ("2.3", (), ("http://10.1.2.4",)),
        ("fd00::7", (IPV6,), ("http://[fd00::8]",)),
        ("FD00:0::7", (IPV6,), ()),
        ("[fd00::7]", (IPV6,), ()),
        ("[fd00::7]:8080", (IPV6,), ("http://[fd00::7]",)),
        ("fd00::/16", (IPV6,), ("http://[fe00::7]", IP)),
        ("bücher.example", ("https://xn--bcher-kva.example", "https://a.xn--bcher-kva.example"), ()),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_no_proxy_exempts_the_hosts_that_it_names(
    entries: str, direct: tuple[str, ...], proxied: tuple[str, ...], variable: str
) -> None:
    environ = {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, variable: entries}
    found = {url: proxies.of_environment(url, environ) is None for url in (*direct, *proxied)}
    assert found == {**dict.fromkeys(direct, True), **dict.fromkeys(proxied, False)}


def test_the_first_of_both_exceptions_holds_alone() -> None:
    environ = {"HTTPS_PROXY": PROXY, "NO_PROXY": "other.example", "no_proxy": "*"}
    assert proxies.of_environment(HOST, environ) is not None


UNUSABLE = [
    ("socks5://me:pass-word@127.0.0.1:1", "its scheme is neither http nor https"),
    ("ftp://proxy.example:3128", "its scheme is neither http nor https"),
    ("http://me:pass-word@127.0.0.1:port", "its port is not a number from 1 to 65535"),
    ("http://me:pass-word@127.0.0.1:99999", "its port is not a number from 1 to 65535"),
    ("127.0.0.1:0", "its port is not a number from 1 to 65535"),
    ("http:127.0.0.1:9", "its port is not a number from 1 to 65535"),
    ("http://[::1", "it is not a URL"),
    ("http://", "its host name is not valid"),
    ("//proxy.example", "its host name is not valid"),
    ("http://proxy..example", "its host name is not valid"),
    ("http://pröxy.example:3128", "it contains a character that is not allowed in a URL"),
    ("http://me:pass-wörd@127.0.0.1:1", "it contains a character that is not allowed in a URL"),
    (
        "http://me:pass-word%E2%82%AC@127.0.0.1:1",
        "its user or password contains a character that is not allowed in an HTTP header",
    ),
]
REMEDY = (
    'Change it to an http or https proxy, for example "http://proxy.example:3128" or "proxy.example:3128"'
)


def refused(url: str, environ: dict[str, str]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        proxies.of_environment(url, environ)
    return str(caught.value)


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy"])
@pytest.mark.parametrize(("proxy", "why"), UNUSABLE)
def test_an_unusable_proxy_is_explained(variable: str, proxy: str, why: str) -> None:
    assert refused("https://immuta.example", {"HTTP_PROXY": PROXY, variable: proxy}) == (
        f"The proxy could not be used: the proxy for immuta.example, which {variable} names, cannot be "
        f"used: {why}. Nothing was sent. {REMEDY}, or add immuta.example to NO_PROXY if no proxy is needed."
    )


def test_a_cgi_script_takes_no_proxy_from_its_caller() -> None:
    environ = {"HTTP_PROXY": PROXY, "HTTPS_PROXY": PROXY, "REQUEST_METHOD": "GET"}
    assert refused("http://immuta.example", environ) == (
        "The proxy could not be used: the proxy for immuta.example, which HTTP_PROXY names, cannot be "
        "used: REQUEST_METHOD is set, so this may be a CGI script, whose caller can set HTTP_PROXY. Nothing was sent. Remove "
        "REQUEST_METHOD from the environment, or add immuta.example to NO_PROXY if no proxy is needed."
    )
    assert proxies.of_environment("https://immuta.example", environ) is not None
    del environ["REQUEST_METHOD"]
    assert proxies.of_environment("http://immuta.example", environ) is not None


@pytest.mark.parametrize(
    "host",
    ["immuta.example", "immuta.example:8443", "10.1.2.3", "10.1.2.3:8080", "[fd00::7]", "[fd00::7]:8080"],
)
def test_the_advice_of_an_unusable_proxy_works(host: str) -> None:
    environ = {"HTTPS_PROXY": "socks5://127.0.0.1:1"}
    assert f"or add {host} to NO_PROXY if no proxy is needed." in refused(f"https://{host}/immuta", environ)
    for remedy in ({"NO_PROXY": host}, {"HTTPS_PROXY": PROXY}, {"HTTPS_PROXY": "proxy.example:3128"}):
        proxies.of_environment(f"https://{host}/immuta", {**environ, **remedy})


def test_a_password_of_a_proxy_does_not_show() -> None:
    found = proxies.of_environment(HOST, {"HTTPS_PROXY": "http://me:proxy-password@proxy.example"})
    assert repr(found) == "Proxy(variable='HTTPS_PROXY')"


def test_a_proxy_of_the_environment_is_used(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(ok) as proxy:
        # Without a scheme, as curl and Terraform take it; a name has to be tried as well as an address.
        monkeypatch.setenv("HTTP_PROXY", f"me:pass@localhost:{proxy.server_address[1]}")
        answer = ask("http://immuta.example")
    assert (answer.status, proxy.received[0].path) == (200, "http://immuta.example/integrations")
    assert (
        proxy.received[0].headers["proxy-authorization"] == f"Basic {base64.b64encode(b'me:pass').decode()}"
    )


def test_an_unusable_proxy_fails_the_request(fail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    assert isinstance(fail("https://immuta.example"), ConfigurationError)


def test_requests_to_this_machine_use_no_proxy(ask: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(ok) as proxy, local_server(ok) as server:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        ask(server.url)
    assert (len(proxy.received), len(server.received)) == (0, 1)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_proxy_variable_that_is_named_is_set(
    ask: Any, fail: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, trusted: Any, scheme: str
) -> None:
    """A host that no name server knows is reached through a proxy that knows it."""
    url = f"{scheme}://immuta.example"
    advised = re.search(r"if a proxy must be set \((\w+)\)", fail(url, **trusted).detail)
    assert advised is not None
    with local_server(ok, authority) as server, local_server(proxy_to(server)) as proxy:
        monkeypatch.setenv(advised[1], proxy.url)
        assert ask(url, **trusted).status == 200
    assert len(proxy.received) == 1


@pytest.mark.parametrize("proxy_over_tls", [False, True])
def test_a_tunnel_reaches_immuta(
    open_transport: Any,
    monkeypatch: pytest.MonkeyPatch,
    authority: Authority,
    trusted: Any,
    proxy_over_tls: bool,
) -> None:
    with (
        local_server(ok, authority) as server,
        local_server(tunnel_to(server), authority if proxy_over_tls else None) as proxy,
    ):
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        transport = open_transport("https://immuta.example", **trusted)
        answers = [transport.send(get("https://immuta.example")) for _ in range(2)]
    assert ([answer.body for answer in answers], len(server.received)) == ([b"[]", b"[]"], 2)
    assert [one.path for one in proxy.received] == ["immuta.example:443"]


def assert_failed(error: Any, kind: str, why: str, variable: str = "HTTPS_PROXY") -> None:
    """The whole of an error of a proxy that was sent nothing."""
    assert isinstance(error, ConnectError)
    assert (error.kind, error.maybe_sent, error.detail) == (
        kind,
        False,
        f"the proxy for immuta.example, which {variable} names, failed: {why}. Check that variable, or add immuta.example to "
        "NO_PROXY if no proxy is needed.",
    )


def test_ca_file_is_for_the_proxy_too(
    ask: Any, fail: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, trusted: Any
) -> None:
    with local_server(ok, authority) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert ask("http://immuta.example", **trusted).body == b"[]"
        error = fail("http://immuta.example")
    assert_failed(
        error,
        "certificate",
        "its certificate was refused: unable to get local issuer certificate. If a private authority signed it, set `ca_file` "
        "(IMMUTA_CA_FILE) to that authority's certificate in PEM form",
        "HTTP_PROXY",
    )


@pytest.mark.parametrize("host", ["https://immuta.example", "http://immuta.example"])
def test_no_key_of_a_connection_is_written_to_a_file(
    ask: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, trusted: Any, tmp_path: Path, host: str
) -> None:
    log = tmp_path / "keys"
    with local_server(ok, authority) as server, local_server(proxy_to(server), authority) as proxy:
        monkeypatch.setenv(f"{host.partition(':')[0]}_proxy".upper(), proxy.url)
        monkeypatch.setenv("SSLKEYLOGFILE", str(log))
        assert [ask(url, **trusted).status for url in (host, server.url)] == [200, 200]
    assert not log.exists()


@pytest.mark.parametrize(
    ("status", "kind"), [(403, "denied"), (408, "broken"), (429, "broken"), (502, "broken")]
)
def test_a_refused_tunnel_carries_no_credential(
    fail: Any, monkeypatch: pytest.MonkeyPatch, status: int, kind: str
) -> None:
    with local_server(lambda exchange: exchange.answer(status)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("http://", "http://me:proxy-password@"))
        error = fail("https://immuta.example")
    assert [(one.method, one.path) for one in proxy.received] == [("CONNECT", "immuta.example:443")]
    assert "authorization" not in proxy.received[0].headers
    assert error.summary == "The proxy could not be used"
    assert_failed(error, kind, f"it refused the tunnel with status {status}")


@pytest.mark.parametrize(("scheme", "what"), [("http", "request"), ("https", "tunnel")])
def test_a_proxy_gets_the_password_that_it_requires(
    ask: Any,
    fail: Any,
    monkeypatch: pytest.MonkeyPatch,
    authority: Authority,
    trusted: Any,
    scheme: str,
    what: str,
) -> None:
    url, variable = f"{scheme}://immuta.example", f"{scheme.upper()}_PROXY"
    with (
        local_server(ok, authority) as server,
        local_server(proxy_to(server, user="user:password")) as proxy,
    ):
        monkeypatch.setenv(variable, proxy.url)
        error = fail(url, **trusted)
        monkeypatch.setenv(variable, proxy.url.replace("http://", "http://user:password@"))
        assert ask(url, **trusted).status == 200
    assert "authorization" not in proxy.received[0].headers or what == "request"
    assert_failed(
        error,
        "denied",
        f"it refused the {what} with status 407. It requires a user and a password, as in "
        "http://user:password@proxy.example:3128",
        variable,
    )


def test_a_proxy_that_is_away_is_explained(ask: Any, fail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the proxy the connection is direct: `test_the_advice_of_an_unusable_proxy_works` has each form of a host."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused.getsockname()[1]}")
        assert_failed(fail("http://immuta.example"), "refused", "connection refused", "HTTP_PROXY")
    with local_server(ok) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert ask("http://immuta.example").status == 200


def test_a_proxy_whose_name_is_not_known_is_explained(fail: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:3128")
    error = fail("https://immuta.example")
    # The texts of a resolver differ from system to system.
    assert (error.kind, error.detail.partition("failed: ")[0]) == (
        "name",
        "the proxy for immuta.example, which HTTPS_PROXY names, ",
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_scheme_of_a_proxy_that_does_not_use_tls_is_http(
    ask: Any, fail: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, trusted: Any, scheme: str
) -> None:
    url, variable = f"{scheme}://immuta.example", f"{scheme.upper()}_PROXY"
    with local_server(ok, authority) as server, local_server(proxy_to(server)) as proxy:
        monkeypatch.setenv(variable, proxy.url.replace("http:", "https:"))
        error = fail(url, **trusted)
        monkeypatch.setenv(variable, proxy.url)
        assert ask(url, **trusted).status == 200
    why = "it did not speak TLS as expected: wrong version number. If the proxy does not use TLS, its scheme has to be http"
    assert_failed(error, "tls", why, variable)


@pytest.mark.parametrize("drop", [b"", b"X: y\r\n"])
def test_a_proxy_that_makes_no_tunnel_in_time_was_sent_nothing(
    fail: Any, monkeypatch: pytest.MonkeyPatch, drop: bytes
) -> None:
    done = threading.Event()
    with local_server(dripping(b"HTTP/1.1 200 OK\r\n" if drop else b"", drop, done)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        began = time.monotonic()
        error = fail("https://immuta.example", timeout=0.2)
        took = time.monotonic() - began
        done.set()
    assert isinstance(error, RequestTimeout)
    assert (error.maybe_sent, took < 1) == (False, True)
    assert error.detail == (
        "no connection was made within 0.2 seconds. If Immuta is only slow, raise `request_timeout` (IMMUTA_REQUEST_TIMEOUT)."
    )


def test_a_tunnel_takes_its_time_off_the_request(
    fail: Any, monkeypatch: pytest.MonkeyPatch, authority: Authority, trusted: Any
) -> None:
    """Half of the time for the tunnel leaves half of it for the answer."""
    done = threading.Event()

    def late(exchange: Exchange) -> None:
        done.wait(0.4)
        tunnel_to(server)(exchange)

    with local_server(dripping(b"", b"", done), authority) as server, local_server(late) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        began = time.monotonic()
        error = fail("https://immuta.example", timeout=0.8, **trusted)
        took = time.monotonic() - began
        done.set()
    assert isinstance(error, RequestTimeout)
    assert (error.maybe_sent, len(server.received), took < 1.1) == (True, 1, True)

"""The checks of the way to the tenant, each good and bad, against servers on this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from immuta_provider.api.http.settings import Settings
from immuta_provider.doctor import limits, network
from immuta_provider.doctor.check import Check, failed, ok, skipped, warning
from support.local_server import Authority, Exchange, local_server, make_authority, tunnel_to
from support.local_server import ok as answer
from support.ports import free_port

PATH = "/bim/rpc/user/current"
NO_PROXY = ok("proxy", "none")
PASSWORD = "proxy-password"
CORRECT = "Correct the clock of this machine."


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return make_authority(tmp_path)


def checks(host: str, **settings: object) -> list[Check]:
    return list(network.checks(Settings(host, api_key="unset", request_timeout=5, **settings), PATH))  # type: ignore[arg-type]


def after(name: str) -> list[Check]:
    """The checks that are skipped since the one of this name failed."""
    rest = network.NAMES[network.NAMES.index(name) + 1 :]
    return [skipped(each, f"the check {name} failed") for each in rest]


def test_every_check_of_a_reachable_tenant_is_ok(tmp_path: Path) -> None:
    authority = make_authority(tmp_path, valid_to=24 * 60)
    ends = datetime.now(UTC) + timedelta(days=60)
    with local_server(answer, authority) as server:
        port = server.server_address[1]
        assert checks(server.url, ca_file=str(authority.ca_file)) == [
            NO_PROXY,
            ok("dns", "127.0.0.1"),
            ok("tcp", f"127.0.0.1:{port}"),
            ok(
                "tls",
                f"the authority is Test authority {tmp_path.name}, and the certificate is valid until {ends:%Y-%m-%d}",
            ),
            ok("http", "status 200 to a request without the credential"),
            ok("clock", "this machine and Immuta agree within a minute"),
        ]
        assert [(each.path, each.headers.get("authorization")) for each in server.received] == [(PATH, None)]


def test_a_certificate_that_ends_soon_is_a_warning(authority: Authority) -> None:
    with local_server(answer, authority) as server:
        tls = checks(server.url, ca_file=str(authority.ca_file))[3]
    assert (tls.status, tls.advice) == ("warning", "Renew the certificate of Immuta.")


def test_a_certificate_that_is_not_verified_is_a_warning(authority: Authority) -> None:
    with local_server(answer, authority) as server:
        tls = checks(server.url, insecure_skip_tls_verify=True)[3]
    assert (tls.status, tls.text.partition("; ")[2], tls.advice) == (
        "warning",
        "nothing is verified",
        "Set `ca_file` (IMMUTA_CA_FILE) instead.",
    )


def test_an_authority_that_is_not_trusted_is_named_and_trusted_by_its_file(authority: Authority) -> None:
    with local_server(answer, authority) as server:
        found = checks(server.url)
        trusted = checks(server.url, ca_file=str(authority.ca_file))
    host = server.url.removeprefix("https://")
    assert found[3:] == [
        failed(
            "tls",
            f"the certificate of {host} was refused: unable to get local issuer certificate. If a private authority signed it, "
            "set `ca_file` (IMMUTA_CA_FILE) to that authority's certificate in PEM form. Its authority is Test authority "
            f"{authority.ca_file.parent.name}.",
            "",
        ),
        *after("tls"),
    ]
    assert [check.status for check in trusted] == ["ok", "ok", "ok", "warning", "ok", "ok"]


def test_a_port_without_tls_fails() -> None:
    with local_server(answer) as server:
        host = server.url.removeprefix("http://")
        tls = checks(f"https://{host}")[3]
        plain = checks(server.url)
    assert tls.status == "failed"
    assert tls.text.startswith(f"{host} did not speak TLS as expected: ")
    assert [check.status for check in plain] == ["ok", "ok", "ok", "skipped", "ok", "ok"]


def test_a_port_without_a_listener_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    text = (
        f"no connection to 127.0.0.1:{port}: connection refused. Check `host` (IMMUTA_HOST), and that the server runs, for "
        "example `cdktf-immuta simulator`."
    )
    assert checks(f"http://127.0.0.1:{port}") == [
        NO_PROXY,
        ok("dns", "127.0.0.1"),
        failed("tcp", text, ""),
        *after("tcp"),
    ]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    through = (
        "the proxy for immuta.example, which HTTPS_PROXY names, failed: connection refused. Check that variable, or add "
        "immuta.example to NO_PROXY if no proxy is needed."
    )
    assert checks("https://immuta.example")[2:] == [failed("tcp", through, ""), *after("tcp")]


def test_an_unknown_name_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert checks("immuta.example") == [
        NO_PROXY,
        failed(
            "dns",
            "the name immuta.example could not be resolved: name or service not known. Check `host` (IMMUTA_HOST), and if a "
            "proxy must be set (HTTPS_PROXY).",
            "",
        ),
        *after("dns"),
    ]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One second for each step, not five. The request over HTTP has a limit of its own."""

    def within(call: Callable[[], object], seconds: float | None = None) -> object:
        return limits.within(call, 1 if seconds is None else 30)

    monkeypatch.setattr(network, "NETWORK_SECONDS", 1)
    monkeypatch.setattr(network, "within", within)


def test_a_silent_name_server_fails(quick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    done = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: done.wait(30))
    began = time.monotonic()
    found = checks("immuta.example")
    done.set()
    assert time.monotonic() - began < 5
    assert found[1] == failed(
        "dns",
        "no name server answered for immuta.example within 1 seconds",
        "Check this machine's network, and if a proxy must be set.",
    )


def test_a_server_without_a_handshake_fails(quick: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert checks(f"https://127.0.0.1:{port}")[3:] == [
            failed(
                "tls",
                "no TLS connection to 127.0.0.1 within 1 seconds",
                "Check the scheme and the port of `host` (IMMUTA_HOST).",
            ),
            *after("tls"),
        ]


def test_a_silent_server_fails(quick: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        found = checks(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert found[3:] == [
        skipped("tls", "the scheme of `host` is http"),
        failed(
            "http",
            "no complete answer came within 1 seconds. If Immuta is only slow, raise `request_timeout` "
            "(IMMUTA_REQUEST_TIMEOUT).",
            "",
        ),
        skipped("clock", "the check http failed"),
    ]


@pytest.mark.parametrize(
    ("ahead", "check"),
    [
        (0.0, ok("clock", "this machine and Immuta agree within a minute")),
        (-600.0, warning("clock", "this machine is 10 minutes ahead of Immuta", CORRECT)),
        (600.0, warning("clock", "this machine is 10 minutes behind Immuta", CORRECT)),
        (None, skipped("clock", "the answer has no date")),
    ],
)
def test_the_clock_is_compared_with_the_one_of_immuta(ahead: float | None, check: Check) -> None:
    def dated(exchange: Exchange) -> None:
        date = b""
        if ahead is not None:
            moment = datetime.now(UTC) + timedelta(seconds=ahead)
            date = f"Date: {format_datetime(moment, usegmt=True)}\r\n".encode()
        exchange.wfile.write(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n" + date + b"\r\n")

    with local_server(dated) as server:
        found = checks(server.url)
    assert found[4:] == [ok("http", "status 401 to a request without the credential"), check]


def test_a_proxy_is_used_and_its_password_is_not_shown(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_server(answer, authority) as server, local_server(tunnel_to(server)) as proxy:
        port = proxy.server_address[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@127.0.0.1:{port}")
        found = checks("https://immuta.example", ca_file=str(authority.ca_file))
    shown = f"127.0.0.1:{port}, the proxy that HTTPS_PROXY names"
    assert found[:3] == [ok("proxy", shown), ok("dns", "127.0.0.1"), ok("tcp", shown)]
    assert [check.status for check in found] == ["ok", "ok", "ok", "warning", "ok", "ok"]
    assert {each.headers.get("proxy-authorization", "")[:6] for each in proxy.received} == {"Basic "}
    assert PASSWORD not in repr(found)


def test_a_proxy_that_refuses_the_tunnel_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    with local_server(lambda exchange: exchange.answer(407)) as proxy:
        port = proxy.server_address[1]
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        found = checks("https://immuta.example")
    assert found[3] == failed(
        "tls",
        "the proxy for immuta.example, which HTTPS_PROXY names, failed: it refused the tunnel with status 407. It requires a "
        "user and a password, as in http://user:password@proxy.example:3128. Check that variable, or add immuta.example to "
        "NO_PROXY if no proxy is needed.",
        "",
    )


def test_an_invalid_proxy_fails_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"ftp://user:{PASSWORD}@proxy.example")
    found = checks("https://immuta.example")
    assert [check.status for check in found] == ["failed", *["skipped"] * 5]
    assert PASSWORD not in repr(found)

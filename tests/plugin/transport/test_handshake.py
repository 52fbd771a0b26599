"""The handshake before the first connection."""

from __future__ import annotations

import base64
import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from immuta_provider.plugin.transport.handshake import (
    HandshakeError,
    check_protocol,
    client_certificate,
    line,
    reattach,
    started_by_terraform,
)
from immuta_provider.plugin.transport.listener import LONGEST_SOCKET_PATH, Listener, in_private_directory
from support.plugin_process import COOKIE, parse_handshake


def test_terraform_shows_its_cookie() -> None:
    assert started_by_terraform({**COOKIE, "PATH": "/bin"})
    assert not started_by_terraform({})
    assert not started_by_terraform({"TF_PLUGIN_MAGIC_COOKIE": "crumbs"})


@pytest.mark.parametrize("offered", ["6", "5,6", "4, 6", "6,7"])
def test_protocol_6_is_accepted_among_others(offered: str) -> None:
    check_protocol({"PLUGIN_PROTOCOL_VERSIONS": offered})


@pytest.mark.parametrize(
    ("environ", "shown"),
    [({}, "none"), ({"PLUGIN_PROTOCOL_VERSIONS": "4,5"}, "4,5"), ({"PLUGIN_PROTOCOL_VERSIONS": "16"}, "16")],
)
def test_another_protocol_is_refused(environ: dict[str, str], shown: str) -> None:
    with pytest.raises(HandshakeError) as error:
        check_protocol(environ)
    assert str(error.value) == (
        "this provider speaks Terraform plugin protocol 6, and the program that started it offers "
        f"{shown} (PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer"
    )


def test_without_a_certificate_there_is_no_tls_and_none_in_the_line() -> None:
    assert client_certificate({"PLUGIN_CLIENT_CERT": "PEM"}) == "PEM"
    assert client_certificate({"PLUGIN_CLIENT_CERT": ""}) is None
    assert client_certificate({}) is None
    assert line("tcp", "127.0.0.1:1", None) == b"1|6|tcp|127.0.0.1:1|grpc|\n"


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_the_line_holds_the_certificate_without_padding(size: int) -> None:
    certificate = os.urandom(size)
    written = line("unix", "/tmp/ä/s", certificate)
    encoded = base64.b64encode(certificate).decode().rstrip("=")
    assert written.decode() == f"1|6|unix|/tmp/ä/s|grpc|{encoded}\n"
    assert parse_handshake(written.decode()).certificate == certificate


def test_a_running_provider_is_described_for_terraform() -> None:
    assert reattach("registry.example/a/b", "unix", '/tmp/"/s', 42) == (
        '{"registry.example/a/b":{"Protocol":"grpc","ProtocolVersion":6,"Pid":42,"Test":true,'
        '"Addr":{"Network":"unix","String":"/tmp/\\"/s"}}}'
    )


def test_the_socket_is_in_a_directory_of_its_own(tmp_path: Path) -> None:
    listener = Listener({"TMPDIR": str(tmp_path)})
    directory = Path(listener.directory)
    assert (directory.parent, directory.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert (listener.network, listener.address) == ("unix", str(directory / "s"))
    listener.remove()
    listener.remove()
    assert list(tmp_path.iterdir()) == []
    listener.socket.close()


def test_tcp_listens_on_the_loopback_interface_only(tmp_path: Path) -> None:
    listener = Listener({"TMPDIR": str(tmp_path)}, "tcp")
    host, port = listener.socket.getsockname()
    assert (host, listener.address) == ("127.0.0.1", f"127.0.0.1:{port}")
    listener.remove()
    assert list(tmp_path.iterdir()) == []
    listener.socket.close()


def full(unfit: Path) -> Callable[[str], None]:
    """Uses every directory but those in `unfit`, which has no room left."""

    def use(directory: str) -> None:
        Path(directory, "s").touch()
        if Path(directory).is_relative_to(unfit):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return use


@pytest.mark.parametrize("variable", ["PLUGIN_UNIX_SOCKET_DIR", "TMPDIR", "XDG_RUNTIME_DIR"])
@pytest.mark.parametrize("name", ["long" * 25, "with|bar", "missing/directory", "full"])
def test_a_directory_that_cannot_be_used_is_skipped(tmp_path: Path, name: str, variable: str) -> None:
    unfit = tmp_path / name
    if not name.startswith("missing"):
        unfit.mkdir()
    made = in_private_directory({variable: str(unfit)}, full(tmp_path / "full"), LONGEST_SOCKET_PATH)
    assert list(os.listdir(made)) == ["s"]
    shutil.rmtree(made)
    assert os.path.dirname(made) == "/tmp"
    assert not unfit.exists() or list(unfit.iterdir()) == []


def test_the_users_cache_is_tried_where_nothing_else_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".cache").mkdir()
    monkeypatch.setattr("immuta_provider.plugin.transport.listener.LAST_RESORTS", ("/dev/null", "~/.cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    made = in_private_directory({}, lambda directory: None)
    assert os.path.dirname(made) == f"{tmp_path}/.cache"


def test_a_directory_for_a_key_may_have_any_length(tmp_path: Path) -> None:
    long = tmp_path / ("long" * 25)
    long.mkdir()
    made = in_private_directory({"TMPDIR": str(long)}, lambda directory: None)
    assert os.path.dirname(made) == str(long)


def test_an_error_without_a_directory_lists_the_ones_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full").mkdir()
    resorts = (f"{tmp_path}/none", f"{tmp_path}/full")
    monkeypatch.setattr("immuta_provider.plugin.transport.listener.LAST_RESORTS", resorts)
    with pytest.raises(HandshakeError) as error:
        in_private_directory({"TMPDIR": f"{tmp_path}/a|b"}, full(tmp_path / "full"))
    assert str(error.value) == (
        "it needs a directory for its socket and its key, and none can be used; set TMPDIR to a writable directory with a "
        f"short path (tried {tmp_path}/a|b: not fit for a socket's address; {tmp_path}/none: No such file or directory; "
        f"{tmp_path}/full: No space left on device)"
    )
    assert list((tmp_path / "full").iterdir()) == []

"""The settings of the client: allowed values, and the texts about all others."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.api.http.errors import ConfigurationError
from immuta_provider.api.http.settings import OPTIONS, Settings, resolve, secrets


def test_each_option_has_its_variable_type_and_default() -> None:
    assert [(o.name, o.variable, o.kind, o.default, o.secret) for o in OPTIONS] == [
        ("host", "IMMUTA_HOST", "string", None, False),
        ("api_key", "IMMUTA_API_KEY", "string", None, True),
        ("bearer_token", "IMMUTA_BEARER_TOKEN", "string", None, True),
        ("ca_file", "IMMUTA_CA_FILE", "string", None, False),
        ("insecure_skip_tls_verify", "IMMUTA_INSECURE_SKIP_TLS_VERIFY", "bool", False, False),
        ("http_headers", "", "map of strings", None, True),
        ("request_timeout", "IMMUTA_REQUEST_TIMEOUT", "number", 60.0, False),
        ("max_retries", "IMMUTA_MAX_RETRIES", "number", 4, False),
        ("max_concurrency", "IMMUTA_MAX_CONCURRENCY", "number", 10, False),
    ]
    assert all(option.description.endswith(".") for option in OPTIONS)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("acme.hosted.immutacloud.com", "https://acme.hosted.immutacloud.com"),
        ("  ACME.example  ", "https://acme.example"),
        ("acme.example:8443", "https://acme.example:8443"),
        ("https://acme.example/", "https://acme.example"),
        ("https://acme.example/immuta/", "https://acme.example/immuta"),
        ("HTTPS://acme.example//", "https://acme.example"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://immuta.localhost", "http://immuta.localhost"),
        ("http://127.0.0.7", "http://127.0.0.7"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://[2001:db8::1]", "https://[2001:db8::1]"),
        ("https://acme_internal", "https://acme_internal"),
        ("https://bücher.example/für", "https://xn--bcher-kva.example/f%C3%BCr"),
        ("https://acme.example/a%20b", "https://acme.example/a%20b"),
    ],
)
def test_a_host_becomes_a_url(host: str, url: str) -> None:
    settings = Settings(host, api_key="key")
    assert (settings.host, settings.notes) == (url, ())


def test_plain_http_is_warned_of() -> None:
    (note,) = Settings("http://acme.example", api_key="key").notes
    assert (note.summary, note.detail) == (
        "The connection to Immuta is not encrypted",
        '`host` is "http://acme.example": anyone on the network path can read the traffic, including credentials. Use https.',
    )


def test_unverified_certificates_are_warned_of() -> None:
    settings = Settings("acme.example", api_key="key", insecure_skip_tls_verify=True)
    assert [note.summary for note in settings.notes] == ["Immuta's certificate is not verified"]


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("ftp://acme.example", 'its scheme is "ftp"; allowed are https and http'),
        ("https://", "its host name is not valid"),
        ("https://acme.example:port", "its port is not a number from 1 to 65535"),
        ("https://acme.example:99999", "its port is not a number from 1 to 65535"),
        ("acme.example:0", "its port is not a number from 1 to 65535"),
        ("https://[::1", "it is not a URL"),
        ("https://acme example", "its host name is not valid"),
        ("https://acme.example\\evil.example", "its host name is not valid"),
        ("https://acme..example", "its host name is not valid"),
        ("acme.example?tenant=1", "it has a query or a fragment"),
        ("https://acme.example/#/login", "it has a query or a fragment"),
    ],
)
def test_an_invalid_host_is_refused(host: str, why: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings(host, api_key="key")
    assert (caught.value.option, caught.value.summary, caught.value.detail) == (
        "host",
        "Invalid host",
        f'"{host}" is not a valid host: {why}. Set a host name or a URL, for example '
        '"https://acme.hosted.immutacloud.com".',
    )


@pytest.mark.parametrize(
    "host", ["https://me:pass-word@acme.example", "me:pass-word@acme.example", "https://me:pass-word@["]
)
def test_user_information_is_refused_and_not_shown(host: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings(host, api_key="key")
    assert (caught.value.option, "pass-word" in str(caught.value)) == ("host", False)


BAD_SETTINGS: list[tuple[dict[str, Any], str, str]] = [
    ({"host": None}, "host", "Immuta's host is missing"),
    ({"host": " "}, "host", "Immuta's host is missing"),
    ({"api_key": None}, "", "Immuta's credential is missing"),
    ({"api_key": " \n"}, "", "Immuta's credential is missing"),
    ({"bearer_token": "token"}, "", "Two credentials for Immuta"),
    ({"api_key": "very\nsecret"}, "api_key", "Invalid api_key"),
    ({"api_key": None, "bearer_token": "sécret"}, "bearer_token", "Invalid bearer_token"),
    ({"ca_file": "/nowhere/ca.pem"}, "ca_file", "Invalid ca_file"),
    ({"request_timeout": 0}, "request_timeout", "Invalid request_timeout"),
    ({"request_timeout": float("nan")}, "request_timeout", "Invalid request_timeout"),
    ({"request_timeout": True}, "request_timeout", "Invalid request_timeout"),
    ({"max_retries": -1}, "max_retries", "Invalid max_retries"),
    ({"max_retries": 1.5}, "max_retries", "Invalid max_retries"),
    ({"max_concurrency": 0}, "max_concurrency", "Invalid max_concurrency"),
    ({"max_concurrency": "10"}, "max_concurrency", "Invalid max_concurrency"),
    ({"http_headers": {"authorization": "secret"}}, "http_headers", "Invalid http_headers"),
    ({"http_headers": {"Content-Length": "1"}}, "http_headers", "Invalid http_headers"),
    ({"http_headers": {"X Y": "secret"}}, "http_headers", "Invalid http_headers"),
    ({"http_headers": {"": "secret"}}, "http_headers", "Invalid http_headers"),
    ({"http_headers": {"X": "secret\r\nEvil: 1"}}, "http_headers", "Invalid http_headers"),
]


@pytest.mark.parametrize(("change", "option", "summary"), BAD_SETTINGS)
def test_an_invalid_setting_is_refused(change: dict[str, Any], option: str, summary: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Settings(**{"host": "acme.example", "api_key": "key", **change})
    assert (caught.value.option, caught.value.summary) == (option, summary)
    assert "secret" not in str(caught.value)


def refused_ca_file(path: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        Settings("acme.example", api_key="key", ca_file=path)
    assert (caught.value.option, caught.value.summary) == ("ca_file", "Invalid ca_file")
    return caught.value.detail


NEXT = (
    "Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the authorities to trust, or remove it to use the system's "
    "store."
)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("nowhere.pem", 'there is no file "{}"'),
        ("ca.pem/ca.pem", 'there is no file "{}"'),
        ("nul\0.pem", 'there is no file "{}"'),
        ("folder", '"{}" is a folder'),
        ("pipe", '"{}" is not a regular file'),
        ("loop", 'the file "{}" cannot be read: too many levels of symbolic links'),
    ],
)
def test_an_unusable_ca_file_is_refused(tmp_path: Path, path: str, why: str) -> None:
    (tmp_path / "ca.pem").touch()
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    full = str(tmp_path / path)
    assert refused_ca_file(full) == f"{why.format(full)}. {NEXT}"


def test_a_relative_ca_file_is_named_with_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused_ca_file("certs/ca.pem") == (
        f'there is no file "{tmp_path}/certs/ca.pem". The path "certs/ca.pem" is relative to the folder where Terraform '
        f'runs, "{tmp_path}"; cdktf runs Terraform in the stack\'s output folder. An absolute path does not '
        f"depend on the folder. {NEXT}"
    )
    (tmp_path / "ca.pem").touch()
    assert Settings("acme.example", api_key="key", ca_file="ca.pem").ca_file == str(tmp_path / "ca.pem")


def test_a_ca_file_without_permission_is_refused() -> None:
    """By a user who is not root: what root runs of this becomes nobody for a moment."""
    nobody, user = 65534, os.geteuid()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        file = Path(folder, "ca.pem")
        file.touch(0)
        os.seteuid(user or nobody)
        try:
            detail = refused_ca_file(str(file))
        finally:
            os.seteuid(user)
    assert detail == f'the file "{file}" cannot be read: permission denied. {NEXT}'


def test_whole_numbers_may_come_as_floats() -> None:
    settings = Settings(
        "acme.example", api_key=" key\n", request_timeout=5, max_retries=2.0, max_concurrency=3.0
    )
    assert (settings.request_timeout, settings.max_retries, settings.max_concurrency) == (5.0, 2, 3)
    assert settings.api_key == "key"


def test_the_repr_of_settings_shows_no_secret() -> None:
    settings = Settings("acme.example", api_key="api-secret", http_headers={"X-Gateway": "header-secret"})
    assert repr(settings) == (
        "Settings(host='https://acme.example', ca_file=None, insecure_skip_tls_verify=False, request_timeout=60.0, "
        "max_retries=4, max_concurrency=10)"
    )


def test_ca_file_may_start_at_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Settings("acme.example", api_key="key", ca_file="~/ca.pem").ca_file == str(tmp_path / "ca.pem")


ENVIRONMENT = {
    "IMMUTA_HOST": "env.example",
    "IMMUTA_API_KEY": "env-key",
    "IMMUTA_CA_FILE": "",
    "IMMUTA_INSECURE_SKIP_TLS_VERIFY": "True",
    "IMMUTA_REQUEST_TIMEOUT": "2.5",
    "IMMUTA_MAX_RETRIES": "1",
}


RESOLVED = {
    "host": "env.example",
    "api_key": "env-key",
    "bearer_token": None,
    "ca_file": None,
    "insecure_skip_tls_verify": True,
    "http_headers": None,
    "request_timeout": 2.5,
    "max_retries": 1.0,
    "max_concurrency": 10,
}


def test_the_environment_sets_unconfigured_options() -> None:
    assert resolve({}, ENVIRONMENT) == RESOLVED


def test_a_configured_value_wins_over_the_environment() -> None:
    """A configured credential also wins over another one of the environment."""
    unknown = object()
    values = {"host": unknown, "bearer_token": unknown, "insecure_skip_tls_verify": False, "max_retries": 0}
    assert resolve(values, ENVIRONMENT) == {**RESOLVED, "api_key": None, **values}


@pytest.mark.parametrize(
    ("variable", "text", "detail"),
    [
        (
            "IMMUTA_INSECURE_SKIP_TLS_VERIFY",
            "perhaps",
            'the environment variable is "perhaps"; allowed are true and false.',
        ),
        ("IMMUTA_MAX_RETRIES", "many", 'the environment variable is "many"; set it to a number.'),
    ],
)
def test_a_variable_with_an_invalid_value_is_refused(variable: str, text: str, detail: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        resolve({}, {variable: text})
    assert (caught.value.summary, caught.value.detail) == (f"Invalid {variable}", detail)


def test_secrets_are_those_of_the_options_and_of_proxies() -> None:
    environment = {
        "IMMUTA_API_KEY": "the-key",
        "HTTPS_PROXY": "http://user:p%40ss@proxy.example:3128",
        "http_proxy": "user:other@proxy.example",
        "NO_PROXY": "acme.example",
    }
    options = resolve({"host": "acme.example", "http_headers": {"X-Gateway": "gate"}}, environment)
    assert list(secrets(options, environment)) == ["the-key", "gate", "p%40ss", "other"]

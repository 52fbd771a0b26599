"""The client's settings: the tenant, the credential, and the limits."""

from __future__ import annotations

from ..found import Note, Record
from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from ipaddress import IPv4Address, IPv6Address
    from typing import Any
    from urllib.parse import SplitResult

STRING = "string"
BOOL = "bool"
NUMBER = "number"
STRING_MAP = "map of strings"


class Option(Record):
    """One option of the provider block. `variable` is its environment variable; "" if it has none."""

    __slots__ = ("default", "description", "kind", "name", "secret", "variable")
    shown = ("name", "variable", "kind", "default", "secret")

    def __init__(
        self, name: str, variable: str, kind: str, default: object, description: str, *, secret: bool = False
    ) -> None:
        self.name = name
        self.variable = variable
        self.kind = kind
        self.default = default
        self.description = description
        self.secret = secret


# ruff: noqa: E501
# fmt: off
OPTIONS: tuple[Option, ...] = (
    Option("host", "IMMUTA_HOST", STRING, None, "URL of the Immuta tenant. Without a scheme it is https. A path before the API's path is kept. User information is refused. Plain http causes a warning, except to this machine."),
    Option("api_key", "IMMUTA_API_KEY", STRING, None, "API key of an Immuta user with the permissions that the configured resources need. Set this or `bearer_token`.", secret=True),
    Option("bearer_token", "IMMUTA_BEARER_TOKEN", STRING, None, "Bearer token of such a user, if one already exists. Set this or `api_key`.", secret=True),
    Option("ca_file", "IMMUTA_CA_FILE", STRING, None, "PEM file with the certificate authorities to trust for Immuta, instead of the system's store. A relative path starts in the folder where Terraform runs."),
    Option("insecure_skip_tls_verify", "IMMUTA_INSECURE_SKIP_TLS_VERIFY", BOOL, False, "If true, any certificate is accepted, and anyone on the network path can read the credentials. False by default."),
    Option("http_headers", "", STRING_MAP, None, "Additional HTTP headers for every request, for example for a gateway in front of Immuta. `Authorization` is not allowed.", secret=True),
    Option("request_timeout", "IMMUTA_REQUEST_TIMEOUT", NUMBER, 60.0, "Longest duration of one request, in seconds. 60 by default."),
    Option("max_retries", "IMMUTA_MAX_RETRIES", NUMBER, 4, "Number of retries after a transient failure. 4 by default; 0 for none."),
    Option("max_concurrency", "IMMUTA_MAX_CONCURRENCY", NUMBER, 10, "Largest number of concurrent requests. 10 by default."),
)
# fmt: on

_CREDENTIALS = ("api_key", "bearer_token")
_TRUE = ("1", "t", "true", "yes", "on")
_FALSE = ("0", "f", "false", "no", "off")
_HEADER_NAME = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_RESERVED_HEADERS = {
    "authorization": "set `api_key` or `bearer_token` instead",
    "content-length": "the client sets it",
    "transfer-encoding": "the client sets it",
}


def resolve(values: Mapping[str, Any], environ: Mapping[str, str]) -> dict[str, Any]:
    """Returns every option's value by name: the configured one, else that of its environment variable, else its default.

    A configured value is not changed, and an unknown one does not fall back to the environment. The two credentials count as
    one option: if either is configured, neither variable is read. An empty variable counts as unset. Raises a
    ConfigurationError for a variable that cannot be parsed.
    """
    credential_set = any(values.get(name) is not None for name in _CREDENTIALS)
    resolved: dict[str, Any] = {}
    for option in OPTIONS:
        value = values.get(option.name)
        if value is None:
            text = environ.get(option.variable, "").strip() if option.variable else ""
            if option.name in _CREDENTIALS and credential_set:
                text = ""
            value = _from_text(option, text) if text else option.default
        resolved[option.name] = value
    return resolved


def secrets(options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[str]:
    """Yields every secret among the resolved options, and the user information of the environment's proxies."""
    for option in OPTIONS:
        value = options[option.name]
        for secret in value.values() if isinstance(value, dict) else (value,):
            if option.secret and isinstance(secret, str):
                yield secret
    for name, value in environ.items():
        user_info, at, _ = value.rpartition("@") if name.lower().endswith("_proxy") else ("", "", "")
        if at:
            _, _, password = user_info.rpartition("//")[2].partition(":")
            yield password


def _from_text(option: Option, text: str) -> object:
    if option.kind == BOOL:
        if text.lower() not in _TRUE + _FALSE:
            raise ConfigurationError(
                f"Invalid {option.variable}",
                f'the environment variable is "{text}"; allowed are true and false.',
                option=option.name,
            )
        return text.lower() in _TRUE
    if option.kind == NUMBER:
        try:
            return float(text)
        except ValueError:
            raise ConfigurationError(
                f"Invalid {option.variable}",
                f'the environment variable is "{text}"; set it to a number.',
                option=option.name,
            ) from None
    return text


class Settings(Record):
    """The validated settings of one client.

    `host` becomes the base URL without a trailing slash. `notes` are warnings about settings that are valid but risky. Raises a
    ConfigurationError with the option's name for an invalid setting; its text quotes no secret.
    """

    __slots__ = (
        "api_key",
        "bearer_token",
        "ca_file",
        "host",
        "http_headers",
        "insecure_skip_tls_verify",
        "max_concurrency",
        "max_retries",
        "notes",
        "request_timeout",
        "user_agent",
    )
    shown = (
        "host",
        "ca_file",
        "insecure_skip_tls_verify",
        "request_timeout",
        "max_retries",
        "max_concurrency",
    )

    def __init__(
        self,
        host: str | None,
        api_key: str | None = None,
        bearer_token: str | None = None,
        ca_file: str | None = None,
        insecure_skip_tls_verify: bool = False,
        http_headers: Mapping[str, str] | None = None,
        request_timeout: float = 60.0,
        max_retries: float = 4,
        max_concurrency: float = 10,
        user_agent: str = "cdktf-immuta",
    ) -> None:
        notes: list[Note] = []
        self.host = _base_url(host, notes)
        self.api_key, self.bearer_token = _credentials(api_key, bearer_token)
        self.ca_file = _ca_file(ca_file)
        self.insecure_skip_tls_verify = bool(insecure_skip_tls_verify)
        self.http_headers = _headers(http_headers or {})
        self.request_timeout = _number("request_timeout", request_timeout, 0.001, 86400.0)
        self.max_retries = _whole("max_retries", max_retries, 0, 100)
        self.max_concurrency = _whole("max_concurrency", max_concurrency, 1, 1000)
        self.user_agent = user_agent
        if self.insecure_skip_tls_verify:
            notes.append(
                Note(
                    "Immuta's certificate is not verified",
                    "`insecure_skip_tls_verify` is true: anyone on the network path can read and change the traffic, including "
                    "credentials. Set `ca_file` to the authority that signed Immuta's certificate instead.",
                )
            )
        self.notes = tuple(notes)


def _base_url(host: str | None, notes: list[Note]) -> str:
    from urllib.parse import quote, urlsplit

    text = (host or "").strip()
    if not text:
        raise ConfigurationError(
            "Immuta's host is missing",
            "set `host` in the provider block, or IMMUTA_HOST in the environment, to the URL of the Immuta tenant, for "
            'example "https://acme.hosted.immutacloud.com".',
            option="host",
        )
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        name = parts.hostname or ""
    except ValueError:
        raise _bad_host(text, "it is not a URL") from None
    if "@" in parts.netloc:
        raise ConfigurationError(
            "Invalid host",
            "`host` contains user information (the part before an @), which would appear in logs. Remove it from the URL, and "
            "set the credential as `api_key` or `bearer_token`.",
            option="host",
        )
    if parts.scheme not in ("http", "https"):
        raise _bad_host(text, f'its scheme is "{parts.scheme}"; allowed are https and http')
    if "?" in text or "#" in text:
        raise _bad_host(text, "it has a query or a fragment")
    if not is_host_name(name) or not text.isprintable() or " " in text or "\\" in text:
        raise _bad_host(text, "its host name is not valid")
    port = port_of(parts)
    if port == 0:
        raise _bad_host(text, "its port is not a number from 1 to 65535")
    if parts.scheme == "http" and not is_loopback(name):
        notes.append(
            Note(
                "The connection to Immuta is not encrypted",
                f'`host` is "{text}": anyone on the network path can read the traffic, including credentials. Use https.',
            )
        )
    authority = f"[{name}]" if ":" in name else name.encode("idna").decode("ascii")
    path = quote(parts.path.rstrip("/"), safe="/%:@!$&'()*+,;=~")
    return f"{parts.scheme}://{authority}{'' if port is None else f':{port}'}{path}"


def _bad_host(text: str, why: str) -> ConfigurationError:
    shown = "the value" if "@" in text else f'"{text}"'
    return ConfigurationError(
        "Invalid host",
        f'{shown} is not a valid host: {why}. Set a host name or a URL, for example "https://acme.hosted.immutacloud.com".',
        option="host",
    )


def port_of(parts: SplitResult) -> int | None:
    """Returns the port of a URL; None if it has none, 0 if it is not valid."""
    try:
        return parts.port
    except ValueError:
        return 0


def is_host_name(name: str) -> bool:
    if ":" in name:
        import ipaddress

        try:
            ipaddress.IPv6Address(name)
        except ValueError:
            return False
        return True
    try:
        labels = name.encode("idna").decode("ascii").rstrip(".").split(".")
    except UnicodeError:
        return False
    return all(label and set(label) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_") for label in labels)


def address_of(name: str) -> IPv4Address | IPv6Address | None:
    """Returns the IP address that a host name represents, as IPv4 if it is IPv4-mapped; None for any other name."""
    import ipaddress

    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(name: str) -> bool:
    """Tells if a host name stands for this machine."""
    address = address_of(name)
    return name == "localhost" or name.endswith(".localhost") or (address is not None and address.is_loopback)


def _credentials(api_key: str | None, bearer_token: str | None) -> tuple[str | None, str | None]:
    # Blanks around a credential come from files and shells, and are not allowed in an HTTP header.
    api_key, bearer_token = (api_key or "").strip() or None, (bearer_token or "").strip() or None
    if api_key and bearer_token:
        raise ConfigurationError(
            "Two credentials for Immuta",
            "both `api_key` (IMMUTA_API_KEY) and `bearer_token` (IMMUTA_BEARER_TOKEN) are set; keep one of them.",
        )
    if not api_key and not bearer_token:
        raise ConfigurationError(
            "Immuta's credential is missing",
            "set `api_key` in the provider block, or IMMUTA_API_KEY in the environment, to an API key of an Immuta user "
            "with the permissions that the configured resources need (or `bearer_token` / IMMUTA_BEARER_TOKEN to such a user's "
            "token).",
        )
    for name, value in (("api_key", api_key), ("bearer_token", bearer_token)):
        if value and not (value.isascii() and value.isprintable()):
            raise ConfigurationError(
                f"Invalid {name}",
                f"`{name}` contains a line break or another character that is not allowed in an HTTP header. Copy it again "
                "completely.",
                option=name,
            )
    return api_key, bearer_token


def _ca_file(path: str | None) -> str | None:
    if not path:
        return None
    import os
    import stat

    written = os.path.expanduser(path)
    full = os.path.abspath(written)
    why = ""
    try:
        kind = os.stat(full).st_mode
        if stat.S_ISREG(kind):
            with open(full, "rb") as file:
                file.read(1)
        else:
            why = f'"{full}" is a folder' if stat.S_ISDIR(kind) else f'"{full}" is not a regular file'
    except (FileNotFoundError, NotADirectoryError, ValueError):
        why = f'there is no file "{full}"'
    except OSError as error:
        why = f'the file "{full}" cannot be read: {(error.strerror or type(error).__name__).lower()}'
    if why:
        if not os.path.isabs(written):
            why += (
                f'. The path "{path}" is relative to the folder where Terraform runs, "{os.getcwd()}"; cdktf runs Terraform in the '
                "stack's output folder. An absolute path does not depend on the folder"
            )
        raise ConfigurationError(
            "Invalid ca_file",
            f"{why}. Set `ca_file` (IMMUTA_CA_FILE) to a readable PEM file with the authorities to trust, or remove it to use "
            "the system's store.",
            option="ca_file",
        )
    return full


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        why = ""
        if not name or not set(name) <= _HEADER_NAME:
            why = "its name is not a valid HTTP header name"
        elif name.lower() in _RESERVED_HEADERS:
            why = _RESERVED_HEADERS[name.lower()]
        elif not isinstance(value, str) or not all(
            c == "\t" or (" " <= c <= "ÿ" and c != "\x7f") for c in value
        ):
            why = "its value contains a character that is not allowed in an HTTP header"
        if why:
            raise ConfigurationError(
                "Invalid http_headers", f"the header {name!r} cannot be sent: {why}.", option="http_headers"
            )
    return dict(headers)


def _read(value: object) -> object:
    """Converts a number that arrives as text, since Terraform sends one that a float cannot represent exactly, such as 0.1."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _number(name: str, value: object, least: float, most: float) -> float:
    value = _read(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise ConfigurationError(
            f"Invalid {name}",
            f"`{name}` is {value!r}; allowed are numbers from {least:g} to {most:g}.",
            option=name,
        )
    return float(value)


def _whole(name: str, value: object, least: int, most: int) -> int:
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float)
        or not least <= value <= most
        or value % 1
    ):
        raise ConfigurationError(
            f"Invalid {name}",
            f"`{name}` is {value!r}; allowed are whole numbers from {least} to {most}.",
            option=name,
        )
    return int(value)

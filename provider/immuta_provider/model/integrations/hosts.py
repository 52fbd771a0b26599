"""The bare host name that an integration wants, from what people and other providers have at hand.

Snowflake's rules for account identifiers: its page "Account identifiers".
"""

from __future__ import annotations

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LONGEST_LABEL = 63
_SNOWFLAKE = (".snowflakecomputing.com", ".snowflakecomputing.cn")
# Parameters begin here, in which a connection URL or string may hold a password.
_PARAMETERS = "?;#=&"
_LONGEST_QUOTE = 80


class HostError(ValueError):
    """The text contains no host, or the wrong one. It ends without a full stop: Terraform puts one."""


def snowflake_host(account: str) -> str:
    """The host of a Snowflake account, from its identifier, its URL or the host itself.

    Raises HostError for anything else, an address of Snowsight included.
    """
    example = "an account identifier such as acme-sales or xy12345.eu-central-1, or the account's URL"
    name, dot, region = _host(account, "account", example).partition(".")
    host = name.replace("_", "-") + dot + region
    if host == "app.snowflake.com":
        raise HostError(
            f"account is an address of Snowsight ({_quoted(account)}), which every account shares; it has to be {example}. "
            "Snowsight shows the identifier under the account's details",
        )
    own = next((domain for domain in _SNOWFLAKE if host.endswith(domain)), None)
    if own is None and ("://" in account or host.endswith((".com", ".cn", ".net"))):
        raise HostError(
            f"account is another host than Snowflake's ({_quoted(account)}); it has to be {example}"
        )
    return _checked(host if own else host + _SNOWFLAKE[0], account, "account", example)


def databricks_workspace_host(url: str) -> str:
    """The host of a Databricks workspace, from its URL. Raises HostError for a text without one, and for the account
    console, which is not a workspace."""
    example = "a workspace's URL such as https://dbc-a1b2c3d4.cloud.databricks.com"
    host = _checked(_host(url, "url", example), url, "url", example)
    if host.startswith("accounts."):
        raise HostError(
            f"url is the address of the account console ({_quoted(url)}), which is not a workspace; it has to be {example}",
        )
    return host


def redshift_host(endpoint: str) -> str:
    """The host of a Redshift cluster or workgroup, from its endpoint (host and port) or a JDBC URL. Raises HostError for
    a text without one."""
    example = "an endpoint such as acme.abc123.eu-west-1.redshift.amazonaws.com:5439, or a JDBC URL"
    return _checked(_host(endpoint, "endpoint", example), endpoint, "endpoint", example)


def _host(text: str, name: str, example: str) -> str:
    """The text between scheme and port, in lower case; `example` is what `name` is to be."""
    if not isinstance(text, str):
        raise HostError(f"{name} is of the type {type(text).__name__}; it has to be {example}")
    address = _before(text.strip(), "?;#")
    rest = _before(address.partition("://")[2] or address, "/")
    if "@" in rest:
        raise _holds_user(name, example)
    host, colon, port = rest.partition(":")
    if colon and not port.isdigit():
        raise _no_host(text, name, example)
    return host.rstrip(".").lower()


def _checked(host: str, text: str, name: str, example: str) -> str:
    labels = host.split(".")
    if len(labels) < 2 or not all(map(_is_label, labels)):
        raise _no_host(text, name, example)
    return host


def _no_host(text: str, name: str, example: str) -> HostError:
    if "@" in text:
        # A password may hold any of the characters at which hosts end.
        return _holds_user(name, example)
    return HostError(f"{name} is {_quoted(text)}, which does not contain a host; it has to be {example}")


def _holds_user(name: str, example: str) -> HostError:
    return HostError(f"{name} contains a user name or a password, which is not allowed; set it to {example}")


def _is_label(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL and _LETTERS.issuperset(label) and label.strip("-") == label


def _quoted(text: str) -> str:
    """The text up to its parameters, and shortened."""
    shown = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 3]
    shown = _before(shown, _PARAMETERS)
    return repr(shown if shown == text else f"{shown}...")


def _before(text: str, ends: str) -> str:
    for end in ends:
        text = text.partition(end)[0]
    return text

"""Functions that give the bare host name which an integration wants, from what people and other providers have at hand.

Snowflake's rules for account identifiers: its page "Account identifiers".
"""

from __future__ import annotations

from ..plugin.provider import FunctionError, Parameter
from ..plugin.types import STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ..plugin.types import Type

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")
_LONGEST_LABEL = 63
_SNOWFLAKE = (".snowflakecomputing.com", ".snowflakecomputing.cn")


class HostFunction:
    """A function of one text that gives a host name. Its errors end without a full stop: Terraform puts one."""

    variadic: Parameter | None = None
    returns: Type = STRING

    def __init__(
        self, parameter: Parameter, summary: str, description: str, answer: Callable[[str], str]
    ) -> None:
        self.parameters: tuple[Parameter, ...] = (parameter,)
        self.summary = summary
        self.description = description
        self._answer = answer

    def call(self, arguments: list[Any]) -> str:
        return self._answer(arguments[0])


def snowflake_host(account: str) -> str:
    """The host of a Snowflake account, from its identifier, its URL or the host itself.

    Raises FunctionError for anything else, an address of Snowsight included.
    """
    example = "an account identifier such as acme-sales or xy12345.eu-central-1, or the account's URL"
    name, dot, region = _host(account, "account", example).partition(".")
    host = name.replace("_", "-") + dot + region
    if host == "app.snowflake.com":
        raise FunctionError(
            f"account is an address of Snowsight ({_quoted(account)}), which every account shares; it has to be {example}. "
            "Snowsight shows the identifier under the account's details",
            0,
        )
    own = next((domain for domain in _SNOWFLAKE if host.endswith(domain)), None)
    if own is None and ("://" in account or host.endswith((".com", ".cn", ".net"))):
        raise FunctionError(
            f"account is another host than Snowflake's ({_quoted(account)}); it has to be {example}", 0
        )
    return _checked(host if own else host + _SNOWFLAKE[0], account, "account", example)


def databricks_workspace_host(url: str) -> str:
    """The host of a Databricks workspace, from its URL. Raises FunctionError for what holds none, and for the account
    console, which is no workspace."""
    example = "a workspace's URL such as https://dbc-a1b2c3d4.cloud.databricks.com"
    host = _checked(_host(url, "url", example), url, "url", example)
    if host.startswith("accounts."):
        raise FunctionError(
            f"url is the address of the account console ({_quoted(url)}), which is no workspace; it has to be {example}",
            0,
        )
    return host


def redshift_host(endpoint: str) -> str:
    """The host of a Redshift cluster or workgroup, from its endpoint (host and port) or a JDBC URL. Raises FunctionError for
    what holds none."""
    example = "an endpoint such as acme.abc123.eu-west-1.redshift.amazonaws.com:5439, or a JDBC URL"
    return _checked(_host(endpoint, "endpoint", example), endpoint, "endpoint", example)


FUNCTIONS: dict[str, HostFunction] = {
    "snowflake_host": HostFunction(
        Parameter(
            "account",
            STRING,
            "The account: its identifier (`acme-sales`, or locator and region `xy12345.eu-central-1`), its URL, or its host.",
        ),
        "The host of a Snowflake account",
        "Gives the host name that `host` of a Snowflake integration wants: in lower case, without scheme, port and path, "
        "and with hyphens for the underscores of the account's name, which host names cannot have.",
        snowflake_host,
    ),
    "databricks_workspace_host": HostFunction(
        Parameter(
            "url", STRING, "The workspace's URL, for example `databricks_mws_workspaces.this.workspace_url`."
        ),
        "The host of a Databricks workspace",
        "Gives the host name that `workspace_url` of a Databricks integration wants: in lower case, without scheme, port, path "
        "and query.",
        databricks_workspace_host,
    ),
    "redshift_host": HostFunction(
        Parameter("endpoint", STRING, "The endpoint as AWS gives it, host and port, or a JDBC URL."),
        "The host of a Redshift cluster or workgroup",
        "Gives the host name that `host` of a Redshift integration wants, without the port that AWS adds to an endpoint.",
        redshift_host,
    ),
}


def _host(text: str, name: str, example: str) -> str:
    """What stands between scheme and port, in lower case; `example` is what `name` is to be."""
    address = text.strip().partition("?")[0]
    rest = address.partition("://")[2] or address
    for end in "/#":
        rest = rest.partition(end)[0]
    if "@" in rest:
        # It is not quoted: a password may stand before the @.
        raise FunctionError(
            f"{name} holds a user name or a password, which does not belong into it; give {example}", 0
        )
    host, colon, port = rest.partition(":")
    if colon and not port.isdigit():
        raise FunctionError(
            f"{name} is {_quoted(text)}, in which no host can be found; it has to be {example}", 0
        )
    return host.rstrip(".").lower()


def _checked(host: str, text: str, name: str, example: str) -> str:
    labels = host.split(".")
    if len(labels) < 2 or not all(map(_is_label, labels)):
        raise FunctionError(
            f"{name} is {_quoted(text)}, in which no host can be found; it has to be {example}", 0
        )
    return host


def _is_label(label: str) -> bool:
    return 0 < len(label) <= _LONGEST_LABEL and _LETTERS.issuperset(label) and label.strip("-") == label


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")

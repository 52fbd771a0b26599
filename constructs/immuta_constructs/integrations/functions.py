"""The provider's functions: the bare host name that an integration wants, from what people and other providers have at hand.

What is known when the program runs is answered at once; for a token, Terraform calls the provider's function of the same name.
"""

from __future__ import annotations

from collections.abc import Callable

from immuta_provider.model.integrations import hosts

from ..cdk import Fn, Token
from ..runtime import tokens
from ..runtime.errors import described
from ..runtime.templates import expression
from ..runtime.unusable import unusable


def snowflake_host(account: str) -> str:
    """The host of a Snowflake account, for `host` of `SnowflakeIntegration`: `acme-sales.snowflakecomputing.com`.

    Args:
        account: the account's identifier (`acme-sales`, or locator and region `xy12345.eu-central-1`), its URL, or its host.

    Raises:
        ValueError: what names no account, such as an address of Snowsight.
    """
    return _answered("snowflake_host", "account", hosts.snowflake_host, account)


def databricks_workspace_host(url: str) -> str:
    """The host of a Databricks workspace, for `workspace_url` of `DatabricksIntegration`: `dbc-a1b2c3d4.cloud.databricks.com`.

    Args:
        url: the workspace's URL, such as the `workspace_url` of another provider's workspace.

    Raises:
        ValueError: what holds no host, and the address of the account console.
    """
    return _answered("databricks_workspace_host", "url", hosts.databricks_workspace_host, url)


def redshift_host(endpoint: str) -> str:
    """The host of a Redshift cluster or workgroup, for `host` of `RedshiftIntegration`, without the port.

    Args:
        endpoint: the endpoint as AWS gives it, host and port, or a JDBC URL.

    Raises:
        ValueError: what holds no host.
    """
    return _answered("redshift_host", "endpoint", hosts.redshift_host, endpoint)


def _answered(name: str, parameter: str, function: Callable[[str], str], argument: str) -> str:
    argument = tokens.with_text_tokens(argument)
    for problem in unusable(argument, (parameter,)):
        raise ValueError(described(problem))
    if tokens.is_unknown(argument):
        return f"${{provider::immuta::{name}({_expression(Token.as_string(argument))})}}"
    return function(argument)


def _expression(template: str) -> str:
    """The value of a template, inside an expression: there cdktf writes its tokens without their braces."""
    if tokens.contains_token(template):
        return template if tokens.TEXT.fullmatch(template) else Fn.join("", [template])
    return expression(template)

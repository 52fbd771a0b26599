"""Functions that return the bare host name of an integration."""

from __future__ import annotations

from ...model.integrations.hosts import HostError, databricks_workspace_host, redshift_host, snowflake_host
from ...plugin.interfaces import FunctionError, Parameter
from ...plugin.types import STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from ...plugin.types import Type


class HostFunction:
    """A function of one text that returns a host name."""

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
        try:
            return self._answer(arguments[0])
        except HostError as error:
            raise FunctionError(str(error), 0) from None


FUNCTIONS: dict[str, HostFunction] = {
    "snowflake_host": HostFunction(
        Parameter(
            "account",
            STRING,
            "The account: its identifier (`acme-sales`, or locator and region `xy12345.eu-central-1`), its URL, or its host.",
        ),
        "The host of a Snowflake account",
        "Returns the host name that `host` of a Snowflake integration needs: in lower case, without scheme, port and path, "
        "and with hyphens for the underscores of the account's name, which host names cannot have.",
        snowflake_host,
    ),
    "databricks_workspace_host": HostFunction(
        Parameter(
            "url", STRING, "The workspace's URL, for example `databricks_mws_workspaces.this.workspace_url`."
        ),
        "The host of a Databricks workspace",
        "Returns the host name that `workspace_url` of a Databricks integration needs: in lower case, without scheme, port, path "
        "and query.",
        databricks_workspace_host,
    ),
    "redshift_host": HostFunction(
        Parameter("endpoint", STRING, "The endpoint as AWS shows it, host and port, or a JDBC URL."),
        "The host of a Redshift cluster or workgroup",
        "Returns the host name that `host` of a Redshift integration needs, without the port that AWS adds to an endpoint.",
        redshift_host,
    ),
}

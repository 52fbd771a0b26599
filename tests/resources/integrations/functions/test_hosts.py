from __future__ import annotations

import re

import pytest
from support.reads import Reads

HOSTS = {
    "snowflake_host": {
        "acme-sales": "acme-sales.snowflakecomputing.com",
        " ACME-Sales ": "acme-sales.snowflakecomputing.com",
        "ACME-SALES_EU_1": "acme-sales-eu-1.snowflakecomputing.com",
        "xy12345": "xy12345.snowflakecomputing.com",
        "XY12345.eu-central-1": "xy12345.eu-central-1.snowflakecomputing.com",
        "xy12345.us-east-2.aws": "xy12345.us-east-2.aws.snowflakecomputing.com",
        "acme-sales.privatelink": "acme-sales.privatelink.snowflakecomputing.com",
        "acme-sales.snowflakecomputing.com": "acme-sales.snowflakecomputing.com",
        "Acme-Sales_EU.snowflakecomputing.com.": "acme-sales-eu.snowflakecomputing.com",
        "acme-sales.snowflakecomputing.com:443": "acme-sales.snowflakecomputing.com",
        "https://acme-sales.snowflakecomputing.com": "acme-sales.snowflakecomputing.com",
        "https://acme-sales.snowflakecomputing.com:443/console?to=https://other.example#x": "acme-sales.snowflakecomputing.com",
        "https://xy1.eu-central-1.privatelink.snowflakecomputing.com/": "xy1.eu-central-1.privatelink.snowflakecomputing.com",
        "acme-sales.snowflakecomputing.cn": "acme-sales.snowflakecomputing.cn",
        "jdbc:snowflake://acme-sales.snowflakecomputing.com/?db=X": "acme-sales.snowflakecomputing.com",
    },
    "databricks_workspace_host": {
        "https://dbc-a1b2c3d4-5678.cloud.databricks.com": "dbc-a1b2c3d4-5678.cloud.databricks.com",
        "https://adb-123.4.azuredatabricks.net/?o=123#job/1": "adb-123.4.azuredatabricks.net",
        "adb-123.4.azuredatabricks.net/sql/1.0": "adb-123.4.azuredatabricks.net",
        "HTTPS://Acme.Cloud.Databricks.com:443/": "acme.cloud.databricks.com",
        "jdbc:databricks://acme.cloud.databricks.com:443;AuthMech=3;UID=token;PWD=dapi-hunter2": "acme.cloud.databricks.com",
        "acme.cloud.databricks.com;Url=https://other.example": "acme.cloud.databricks.com",
    },
    "redshift_host": {
        "acme.abc123.eu-west-1.redshift.amazonaws.com:5439": "acme.abc123.eu-west-1.redshift.amazonaws.com",
        "acme.abc123.eu-west-1.redshift.amazonaws.com": "acme.abc123.eu-west-1.redshift.amazonaws.com",
        "jdbc:redshift://acme.abc123.eu-west-1.redshift.amazonaws.com:5439/dev": "acme.abc123.eu-west-1.redshift.amazonaws.com",
    },
}


@pytest.mark.parametrize(
    ("function", "text", "host"),
    [(function, text, host) for function, hosts in HOSTS.items() for text, host in hosts.items()],
)
def test_a_function_finds_the_host_of_its_platform(reads: Reads, function: str, text: str, host: str) -> None:
    assert reads.function(function, text) == host


# The parameter of each function, and the form that it has.
PARAMETERS = {
    "snowflake_host": (
        "account",
        "an account identifier such as acme-sales or xy12345.eu-central-1, or the account's URL",
    ),
    "databricks_workspace_host": (
        "url",
        "a workspace's URL such as https://dbc-a1b2c3d4.cloud.databricks.com",
    ),
    "redshift_host": (
        "endpoint",
        "an endpoint such as acme.abc123.eu-west-1.redshift.amazonaws.com:5439, or a JDBC URL",
    ),
}
SNOWSIGHT = "an address of Snowsight ('{}'), which every account shares"
CONSOLE = "the address of the account console ('{}'), which is not a workspace"
NOT_SNOWFLAKE = "another host than Snowflake's ('{}')"
NO_HOST = "'{}', which does not contain a host"
# For each function an argument, the reason that it is wrong, and the part of the argument that is shown.
WRONG = [
    ("snowflake_host", "https://acme.example", NOT_SNOWFLAKE, "https://acme.example"),
    ("snowflake_host", "acme.cloud.databricks.com", NOT_SNOWFLAKE, "acme.cloud.databricks.com"),
    ("snowflake_host", "https://acme.example#password=hunter2", NOT_SNOWFLAKE, "https://acme.example..."),
    *(
        ("snowflake_host", text, NO_HOST, text)
        for text in ("", " ", "acme sales", "acme-", "_acme", "ünï", "a" * 64, "x:y", "a..b")
    ),
    *(
        ("databricks_workspace_host", text, CONSOLE, shown)
        for text, shown in (
            (
                "jdbc:databricks://accounts.cloud.databricks.com:443;PWD=dapi-hunter2",
                "jdbc:databricks://accounts.cloud.databricks.com:443...",
            ),
            ("https://accounts.cloud.databricks.com/login", "https://accounts.cloud.databricks.com/login"),
        )
    ),
    ("databricks_workspace_host", "my-workspace", NO_HOST, "my-workspace"),
    ("redshift_host", "jdbc:redshift://acme:x;PWD=hunter2", NO_HOST, "jdbc:redshift://acme:x..."),
    ("redshift_host", "jdbc:redshift://acme?password=hunter2", NO_HOST, "jdbc:redshift://acme..."),
    ("redshift_host", "host=acme password=hunter2", NO_HOST, "host..."),
    ("redshift_host", ":5439", NO_HOST, ":5439"),
    ("redshift_host", "x" * 100, NO_HOST, "x" * 77 + "..."),
]


@pytest.mark.parametrize(("function", "argument", "reason", "shown"), WRONG)
def test_an_argument_without_the_host_of_the_platform_is_an_error(
    reads: Reads, function: str, argument: str, reason: str, shown: str
) -> None:
    parameter, form = PARAMETERS[function]
    assert reads.function(function, argument) == (
        f"{parameter} is {reason.format(shown)}; it has to be {form}",
        0,
    )


@pytest.mark.parametrize(
    ("account", "shown"),
    [
        (
            "https://app.snowflake.com/eu-central-1/xy12345/",
            "https://app.snowflake.com/eu-central-1/xy12345/",
        ),
        (
            "jdbc:snowflake://app.snowflake.com/?user=taylor&password=hunter2",
            "jdbc:snowflake://app.snowflake.com/...",
        ),
    ],
)
def test_an_address_of_snowsight_is_an_error_that_names_the_way_to_the_identifier(
    reads: Reads, account: str, shown: str
) -> None:
    parameter, form = PARAMETERS["snowflake_host"]
    assert reads.function("snowflake_host", account) == (
        f"{parameter} is {SNOWSIGHT.format(shown)}; it has to be {form}. Snowsight shows the identifier under the account's "
        "details",
        0,
    )


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("snowflake_host", "https://taylor:hunter2@acme-sales.snowflakecomputing.com"),
        ("redshift_host", "redshift://taylor:hun/ter2@acme.example:5439"),
        ("redshift_host", "redshift://taylor:hun#ter2@acme.example:5439"),
        ("redshift_host", "redshift://taylor:hun?ter2@acme.example:5439"),
    ],
)
def test_an_argument_with_a_password_is_an_error_that_does_not_show_it(
    reads: Reads, function: str, argument: str
) -> None:
    parameter, form = PARAMETERS[function]
    assert reads.function(function, argument) == (
        f"{parameter} contains a user name or a password, which is not allowed; set it to {form}",
        0,
    )


@pytest.mark.parametrize(
    ("function", "argument"),
    [
        ("snowflake_host", "https://app.snowflake.com"),
        ("databricks_workspace_host", "https://accounts.cloud.databricks.com"),
        ("redshift_host", "redshift://taylor:hunter2@acme.example:5439"),
    ],
)
def test_examples_of_an_error_have_a_host(reads: Reads, function: str, argument: str) -> None:
    text, _ = reads.function(function, argument)
    named = re.search(r"such as (\S+?)(?: or (\S+?))?(?:,|$)", text)
    assert named is not None
    for example in named.groups():
        assert example is None or isinstance(reads.function(function, example), str)

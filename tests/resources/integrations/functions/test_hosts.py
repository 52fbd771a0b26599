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


SNOWFLAKE = "an account identifier such as acme-sales or xy12345.eu-central-1, or the account's URL"
DATABRICKS = "a workspace's URL such as https://dbc-a1b2c3d4.cloud.databricks.com"
REDSHIFT = "an endpoint such as acme.abc123.eu-west-1.redshift.amazonaws.com:5439, or a JDBC URL"


@pytest.mark.parametrize(
    ("function", "argument", "text"),
    [
        (
            "snowflake_host",
            "https://app.snowflake.com/eu-central-1/xy12345/",
            "account is an address of Snowsight ('https://app.snowflake.com/eu-central-1/xy12345/'), which every account shares; "
            f"it has to be {SNOWFLAKE}. Snowsight shows the identifier under the account's details",
        ),
        (
            "snowflake_host",
            "https://acme.example",
            f"account is another host than Snowflake's ('https://acme.example'); it has to be {SNOWFLAKE}",
        ),
        (
            "snowflake_host",
            "acme.cloud.databricks.com",
            f"account is another host than Snowflake's ('acme.cloud.databricks.com'); it has to be {SNOWFLAKE}",
        ),
        *(
            (
                "snowflake_host",
                wrong,
                f"account is {wrong!r}, in which no host can be found; it has to be {SNOWFLAKE}",
            )
            for wrong in ("", " ", "acme sales", "acme-", "_acme", "ünï", "a" * 64, "x:y", "a..b")
        ),
        (
            "snowflake_host",
            "https://taylor:hunter2@acme-sales.snowflakecomputing.com",
            f"account holds a user name or a password, which does not belong into it; give {SNOWFLAKE}",
        ),
        (
            "snowflake_host",
            "jdbc:snowflake://app.snowflake.com/?user=taylor&password=hunter2",
            "account is an address of Snowsight ('jdbc:snowflake://app.snowflake.com/...'), which every account shares; it has "
            f"to be {SNOWFLAKE}. Snowsight shows the identifier under the account's details",
        ),
        (
            "snowflake_host",
            "https://acme.example#password=hunter2",
            f"account is another host than Snowflake's ('https://acme.example...'); it has to be {SNOWFLAKE}",
        ),
        (
            "databricks_workspace_host",
            "jdbc:databricks://accounts.cloud.databricks.com:443;PWD=dapi-hunter2",
            "url is the address of the account console ('jdbc:databricks://accounts.cloud.databricks.com:443...'), which is no "
            f"workspace; it has to be {DATABRICKS}",
        ),
        *(
            (
                "redshift_host",
                wrong,
                f"endpoint is {shown!r}, in which no host can be found; it has to be {REDSHIFT}",
            )
            for wrong, shown in (
                ("jdbc:redshift://acme:x;PWD=hunter2", "jdbc:redshift://acme:x..."),
                ("jdbc:redshift://acme?password=hunter2", "jdbc:redshift://acme..."),
                ("host=acme password=hunter2", "host..."),
            )
        ),
        *(
            (
                "redshift_host",
                wrong,
                f"endpoint holds a user name or a password, which does not belong into it; give {REDSHIFT}",
            )
            for wrong in (
                "redshift://taylor:hun/ter2@acme.example:5439",
                "redshift://taylor:hun#ter2@acme.example:5439",
                "redshift://taylor:hun?ter2@acme.example:5439",
            )
        ),
        (
            "databricks_workspace_host",
            "https://accounts.cloud.databricks.com/login",
            "url is the address of the account console ('https://accounts.cloud.databricks.com/login'), which is no workspace; "
            f"it has to be {DATABRICKS}",
        ),
        (
            "databricks_workspace_host",
            "my-workspace",
            f"url is 'my-workspace', in which no host can be found; it has to be {DATABRICKS}",
        ),
        (
            "redshift_host",
            ":5439",
            f"endpoint is ':5439', in which no host can be found; it has to be {REDSHIFT}",
        ),
        (
            "redshift_host",
            "x" * 100,
            f"endpoint is {'x' * 77 + '...'!r}, in which no host can be found; it has to be {REDSHIFT}",
        ),
    ],
)
def test_an_error_points_at_the_argument(reads: Reads, function: str, argument: str, text: str) -> None:
    assert reads.function(function, argument) == (text, 0)


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

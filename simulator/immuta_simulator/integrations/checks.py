"""The validation tests that Immuta runs before it creates or edits an integration.

The names of the Amazon S3, Google BigQuery and Snowflake tests are Immuta's own; for the other types, and wherever
Immuta's list goes on, plausible ones stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from immuta_simulator.integrations.tables import (
    AMAZON_S3,
    AZURE_SYNAPSE,
    BIGQUERY,
    DATABRICKS,
    REDSHIFT,
    SNOWFLAKE,
)

S3_MATCHING = "There is no existing integration matching this configuration"
S3_NAME = "The provided integration name is unique across Immuta S3 integrations"
S3_ROLE = "The provided access grants location role is a valid ARN format"
CONNECTION = "Initial Validation: Basic Connection Test"
IMPERSONATION = "Validate Automatic: Impersonation Role Does Not Exist"
DATABASE = "Validate Automatic: Database Does Not Exist"

NAMES: dict[str, tuple[str, ...]] = {
    AMAZON_S3.name: (
        S3_MATCHING,
        S3_NAME,
        S3_ROLE,
        "The provided AWS credentials allow fetching the caller's identity via the AWS STS API",
        "An AWS Access Grants instance is configured in the provided AWS account and region",
    ),
    BIGQUERY.name: (
        "Basic Validation: Verify service account not being used for data source connection credentials",
        "Basic Validation: Immuta Service Account postfix",
        "Basic Validation: Non-matching service account in key file",
    ),
    DATABRICKS.name: (
        "Metastore validation",
        "Basic SQL validation",
        "Catalog validation",
        "Immuta User Grants validation",
    ),
}
AUTOMATIC_NAMES: dict[str, tuple[str, ...]] = {
    SNOWFLAKE.name: (
        CONNECTION,
        "Initial Validation: Default Warehouse Access Test",
        "Initial Validation: Validate access to Privileged Role",
        DATABASE,
        IMPERSONATION,
        "Validate Automatic Bootstrap User Grants",
    ),
    REDSHIFT.name: (CONNECTION, DATABASE, IMPERSONATION),
    AZURE_SYNAPSE.name: (CONNECTION, IMPERSONATION),
}
MANUAL_NAMES: dict[str, tuple[str, ...]] = {
    SNOWFLAKE.name: (CONNECTION, "Initial Validation: Default Warehouse Access Test"),
    REDSHIFT.name: (CONNECTION,),
    AZURE_SYNAPSE.name: (CONNECTION,),
}


def names(type_name: str, automatic: bool) -> tuple[str, ...]:
    """The tests of a type in the order in which Immuta lists them; Trino has none."""
    return NAMES.get(type_name) or (AUTOMATIC_NAMES if automatic else MANUAL_NAMES).get(type_name, ())


def results(
    type_name: str, automatic: bool, config: Mapping[str, Any], failed: Mapping[str, str]
) -> dict[str, Any]:
    """A `validationResults` object; `failed` holds the message of each test that fails.

    A failed test whose name is not one of the type's is put at the end.
    """
    listed = names(type_name, automatic)
    tests = [one(type_name, name, config, failed) for name in listed]
    tests += [one(type_name, name, config, failed) for name in failed if name not in listed]
    return {"status": "failed" if failed else "passed", "validationTests": tests}


def one(type_name: str, name: str, config: Mapping[str, Any], failed: Mapping[str, str]) -> dict[str, Any]:
    test: dict[str, Any] = {"name": name, "status": "passed"}
    if name in failed:
        test |= {"status": "failed", "message": failed[name]}
    elif name == IMPERSONATION and not impersonates(config):
        test["status"] = "skipped"
    if type_name == SNOWFLAKE.name:
        test["result"] = []
    return test


def impersonates(config: Mapping[str, Any]) -> bool:
    impersonation = config.get("impersonation")
    return isinstance(impersonation, dict) and impersonation.get("enabled") is True


def s3_failures(config: Mapping[str, Any], others: Iterable[tuple[int, Mapping[str, Any]]]) -> dict[str, str]:
    """The failing S3 tests, for a configuration beside the other S3 integrations (id and configuration)."""
    failed = {}
    for id, other in others:
        if other.get("awsLocationPath") == config.get("awsLocationPath"):
            failed[S3_MATCHING] = f"An integration for this location path exists already (id = {id})."
        if other.get("name") == config.get("name"):
            failed[S3_NAME] = f"The name is taken by the integration with id = {id}."
    if not re.fullmatch(r"arn:aws[\w-]*:iam::\d+:role/\S+", config["awsLocationRole"]):
        failed[S3_ROLE] = "The location role is not an ARN of the form arn:aws:iam::<account>:role/<name>."
    return failed

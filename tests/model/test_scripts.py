"""Which types have which script (Immuta's table of endpoints), in the order in which they are used."""

from __future__ import annotations

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.fields import Choices

BY_HAND = ("cleanup", "edit", "delete")


def test_each_type_has_its_scripts() -> None:
    assert {i.type: i.scripts for i in INTEGRATIONS} == {
        "Native S3": Choices(),
        "Azure Synapse Analytics": Choices(
            "initial-create", "create", "cleanup", "post-cleanup", "edit", "delete"
        ),
        "Databricks": Choices("create", *BY_HAND),
        # Its other scripts are not mentioned anywhere, which is no proof that there are none.
        "Google BigQuery": Choices("create", strict=False),
        "Redshift": Choices("initial-create", "create", *BY_HAND),
        "Snowflake": Choices("create", *BY_HAND),
        "Trino": Choices(),
    }


def test_a_platform_has_a_short_name() -> None:
    assert [i.platform for i in INTEGRATIONS] == [
        "amazon_s3",
        "azure_synapse",
        "databricks",
        "bigquery",
        "redshift",
        "snowflake",
        "trino",
    ]

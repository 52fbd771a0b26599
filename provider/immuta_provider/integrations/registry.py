"""Every integration type, one line each."""

from __future__ import annotations

from immuta_provider.integrations.amazon_s3 import AmazonS3Integration
from immuta_provider.integrations.azure_synapse import AzureSynapseIntegration
from immuta_provider.integrations.bigquery import BigQueryIntegration
from immuta_provider.integrations.databricks import DatabricksIntegration
from immuta_provider.integrations.redshift import RedshiftIntegration
from immuta_provider.integrations.snowflake import SnowflakeIntegration
from immuta_provider.integrations.spec import Integration
from immuta_provider.integrations.trino import TrinoIntegration

REGISTRY: tuple[type[Integration], ...] = (
    AmazonS3Integration,
    AzureSynapseIntegration,
    DatabricksIntegration,
    BigQueryIntegration,
    RedshiftIntegration,
    SnowflakeIntegration,
    TrinoIntegration,
)

"""Every resource type, one line each."""

from __future__ import annotations

from immuta_provider.model.governance.purpose import Purpose
from immuta_provider.model.governance.tag import Tag
from immuta_provider.model.integrations.amazon_s3 import AmazonS3Integration
from immuta_provider.model.integrations.azure_synapse import AzureSynapseIntegration
from immuta_provider.model.integrations.bigquery import BigQueryIntegration
from immuta_provider.model.integrations.databricks import DatabricksIntegration
from immuta_provider.model.integrations.redshift import RedshiftIntegration
from immuta_provider.model.integrations.snowflake import SnowflakeIntegration
from immuta_provider.model.integrations.trino import TrinoIntegration
from immuta_provider.model.policies.data import DataPolicy
from immuta_provider.model.policies.subscription import SubscriptionPolicy
from immuta_provider.model.spec import Resource

REGISTRY: tuple[type[Resource], ...] = (
    AmazonS3Integration,
    AzureSynapseIntegration,
    DatabricksIntegration,
    BigQueryIntegration,
    RedshiftIntegration,
    SnowflakeIntegration,
    TrinoIntegration,
    Tag,
    Purpose,
    SubscriptionPolicy,
    DataPolicy,
)

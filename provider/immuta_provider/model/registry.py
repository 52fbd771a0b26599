"""Every resource type, and every data source with a route of its own, one line each."""

from __future__ import annotations

from immuta_provider.model.governance.data_policy import DataPolicy
from immuta_provider.model.governance.domain import Domain
from immuta_provider.model.governance.project import Project
from immuta_provider.model.governance.purpose import Purpose
from immuta_provider.model.governance.subscription_policy import SubscriptionPolicy
from immuta_provider.model.governance.tag import Tag
from immuta_provider.model.integrations.amazon_s3 import AmazonS3Integration
from immuta_provider.model.integrations.azure_synapse import AzureSynapseIntegration
from immuta_provider.model.integrations.bigquery import BigQueryIntegration
from immuta_provider.model.integrations.databricks import DatabricksIntegration
from immuta_provider.model.integrations.redshift import RedshiftIntegration
from immuta_provider.model.integrations.snowflake import SnowflakeIntegration
from immuta_provider.model.integrations.trino import TrinoIntegration
from immuta_provider.model.metadata.data_sources import DataSources
from immuta_provider.model.metadata.s3 import S3DataSource
from immuta_provider.model.people.current_user import CurrentUser
from immuta_provider.model.people.external_ids import UserExternalIds
from immuta_provider.model.people.group import Group
from immuta_provider.model.people.group_attribute import GroupAttribute
from immuta_provider.model.people.group_member import GroupMember
from immuta_provider.model.people.iams import Iams
from immuta_provider.model.people.user import User
from immuta_provider.model.people.user_attribute import UserAttribute
from immuta_provider.model.spec import Reading, Resource

REGISTRY: tuple[type[Resource], ...] = (
    AmazonS3Integration,
    AzureSynapseIntegration,
    DatabricksIntegration,
    BigQueryIntegration,
    RedshiftIntegration,
    SnowflakeIntegration,
    TrinoIntegration,
    UserExternalIds,
    User,
    Group,
    GroupMember,
    UserAttribute,
    GroupAttribute,
    Tag,
    Purpose,
    SubscriptionPolicy,
    DataPolicy,
    Project,
    Domain,
    S3DataSource,
)

READINGS: tuple[type[Reading], ...] = (
    Iams,
    CurrentUser,
    DataSources,
)

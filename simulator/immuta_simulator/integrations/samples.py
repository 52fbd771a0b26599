"""One request a type, for the OpenAPI page: those of Immuta's Getting Started guide."""

from __future__ import annotations

from typing import Any

SAMPLES: dict[str, dict[str, Any]] = {
    "Native S3": {
        "type": "Native S3",
        "autoBootstrap": False,
        "config": {
            "name": "S3 integration",
            "awsAccountId": "123456789",
            "awsRegion": "us-east-1",
            "awsLocationRole": "arn:aws:iam::123456789:role/access-grants-instance-role",
            "awsLocationPath": "s3://",
            "authenticationType": "accessKey",
            "awsAccessKeyId": "123456789",
            "awsSecretAccessKey": "123456789",
        },
    },
    "Azure Synapse Analytics": {
        "type": "Azure Synapse Analytics",
        "autoBootstrap": True,
        "config": {
            "host": "organization.azure.com",
            "schema": "immuta",
            "database": "sample_database",
            "username": "taylor@synapse.com",
            "password": "abc1234",
            "authenticationType": "userPassword",
        },
    },
    "Databricks": {
        "type": "Databricks",
        "autoBootstrap": True,
        "config": {
            "workspaceUrl": "www.example-workspace.cloud.databricks.com",
            "httpPath": "sql/protocolv1/o/0/0000-00000-abc123",
            "authenticationType": "token",
            "token": "REDACTED",
            "catalog": "immuta",
        },
    },
    "Google BigQuery": {
        "type": "Google BigQuery",
        "autoBootstrap": False,
        "config": {
            "role": "immuta",
            "datasetSuffix": "_secureView",
            "dataset": "immuta",
            "location": "us-east1",
            "credential": '{"type":"service_account","project_id":"innate-conquest-123456","private_key_id":"9163c1'
            '2345690924f5dd218ff39","private_key":"-----BEGIN PRIVATE KEY-----\nXXXXXXXro0s\n/yQlPQijow'
            "kccmrmWJyr93kdLnwJzBvLHCto/+W\ncvF2ygX9oM/dyUK//z//4nptMp+Ck//Yw3D4rIBwGu4DWiR1qRnf\nDoGyX"
            'fThPTQ==\n-----END PRIVATE KEY-----\n","client_email":"service-account-id@innate-conquest-'
            '123456.iam.gserviceaccount.com","client_id":"1166290***432952487857","auth_uri":"https:/'
            '/accounts.google.com/o/oauth2/auth","token_uri":"https://oauth2.googleapis.com/token","a'
            'uth_provider_x509_cert_url":"https://www.googleapis.com/oauth2/v1/certs","client_x509_ce'
            'rt_url":"https://www.googleapis.com/robot/v1/metadata/x509/service-accound-id%40innate-c'
            'onquest-123456.iam.gserviceaccount.com","universe_domain":"googleapis.com"}',
        },
    },
    "Redshift": {
        "type": "Redshift",
        "autoBootstrap": True,
        "config": {
            "host": "organization.aws.amazon.com",
            "database": "immuta",
            "initialDatabase": "REDSHIFT_SAMPLE_DATA",
            "authenticationType": "userPassword",
            "username": "taylor@redshift.com",
            "password": "abc1234",
        },
    },
    "Snowflake": {
        "type": "Snowflake",
        "autoBootstrap": True,
        "config": {
            "host": "organization.us-east-1.snowflakecomputing.com",
            "warehouse": "SAMPLE_WAREHOUSE",
            "database": "SNOWFLAKE_SAMPLE_DATA",
            "authenticationType": "userPassword",
            "username": "taylor@snowflake.com",
            "password": "abc1234",
            "role": "ACCOUNTADMIN",
        },
    },
    "Trino": {"type": "Trino"},
}

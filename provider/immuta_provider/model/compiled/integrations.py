"""The model as plain data, generated from the classes beside this module by `make generate`. Do not edit."""

from __future__ import annotations

from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Choices,
    Field,
    IntegrationType,
    When,
)

OAUTH_PRIVATE_KEY: tuple[Field, ...] = (
    Field(
        "key_name",
        "keyName",
        STRING,
        description="Immuta's name for what this key is for.",
        default="Immuta is expected to refuse the key.",
        required_when=(When({}, strict=False),),
        choices=Choices("oauth client certificate", strict=False),
    ),
    Field(
        "user_filename",
        "userFilename",
        STRING,
        description="Name under which Immuta shows the key file to people; no file is read.",
        default="Immuta is expected to refuse the key.",
        required_when=(When({}, strict=False),),
    ),
    Field(
        "content",
        "content",
        STRING,
        description="The private key itself, as PEM text with its line breaks.",
        default="Immuta is expected to refuse the key.",
        required_when=(When({}, strict=False),),
        secret=True,
        text_format="pem",
    ),
)
OAUTH_CLIENT_CONFIG: tuple[Field, ...] = (
    Field(
        "use_certificate",
        "useCertificate",
        BOOL,
        description=(
            "How the client proves itself. true: by a certificate and its private key. false: by a "
            "client secret."
        ),
        required=True,
    ),
    Field(
        "client_id",
        "clientId",
        STRING,
        description="Id under which the client is registered at the identity provider.",
        required=True,
    ),
    Field(
        "client_secret",
        "clientSecret",
        STRING,
        description="The client's secret.",
        default="The client proves itself by a certificate.",
        required_when=(When({"use_certificate": (False,)}, strict=False),),
        only_when=(When({"use_certificate": (False,)}, strict=False),),
        secret=True,
    ),
    Field(
        "authority_url",
        "authorityUrl",
        STRING,
        description="The identity provider's token endpoint, as a URL.",
        default="Immuta is expected to refuse the client.",
        required_when=(When({}, strict=False),),
        equivalence="url",
    ),
    Field(
        "scope",
        "scope",
        STRING,
        description="OAuth scope that the client asks for, such as all-apis on Databricks.",
        default="Immuta's own choice, all-apis on Databricks as far as is known.",
        server_filled=True,
    ),
    Field(
        "resource",
        "resource",
        STRING,
        description="Resource that the client asks for, where the identity provider wants one named.",
        default="None is named.",
    ),
    Field(
        "public_certificate_thumbprint",
        "publicCertificateThumbprint",
        STRING,
        description="Thumbprint of the certificate that is registered at the identity provider.",
        default="The client proves itself by a client secret.",
        required_when=(When({"use_certificate": (True,)}, strict=False),),
        only_when=(When({"use_certificate": (True,)}, strict=False),),
    ),
    Field(
        "oauth_private_key",
        "oauthPrivateKey",
        OBJECT,
        description="The certificate's private key.",
        default="The client proves itself by a client secret.",
        fields=OAUTH_PRIVATE_KEY,
        required_when=(When({"use_certificate": (True,)}, strict=False),),
        only_when=(When({"use_certificate": (True,)}, strict=False),),
    ),
)
AZURE_SYNAPSE_IMPERSONATION: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether users may query as another user.",
        default="Off.",
        server_filled=True,
    ),
    Field(
        "role",
        "role",
        STRING,
        description="Database role whose members may impersonate.",
        default="IMMUTA_IMPERSONATION, as far as is known.",
        server_filled=True,
    ),
)
METADATA_DELIMITERS: tuple[Field, ...] = (
    Field(
        "hash_delimiter",
        "hashDelimiter",
        STRING,
        description="Text between two key-value pairs.",
        default="A vertical bar, as far as is known.",
        replace=True,
        server_filled=True,
    ),
    Field(
        "hash_key_delimiter",
        "hashKeyDelimiter",
        STRING,
        description="Text between a key and its value.",
        default="A colon, as far as is known.",
        replace=True,
        server_filled=True,
    ),
    Field(
        "array_delimiter",
        "arrayDelimiter",
        STRING,
        description="Text between two elements of an array.",
        default="A comma, as far as is known.",
        replace=True,
        server_filled=True,
    ),
)
AUDIT: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether Immuta collects the platform's query log as audit events.",
        default="Off, as far as is known.",
        server_filled=True,
    ),
)
GROUP_PATTERN: tuple[Field, ...] = (
    Field(
        "deny",
        "deny",
        STRING,
        description="Name of the account group that data policies leave alone.",
        default="No group is left out.",
    ),
)
PROXY_OPTIONS: tuple[Field, ...] = (
    Field(
        "host",
        "host",
        STRING,
        description="Host name of the proxy.",
        default="Immuta is expected to refuse the proxy.",
        required_when=(When({}, strict=False),),
        pattern="[^/:@? ]+",
        pattern_hint="a bare host name, without a scheme, a port or a path",
        pattern_strict=False,
        equivalence="hostname",
    ),
    Field(
        "port",
        "port",
        NUMBER,
        description="Port of the proxy.",
        default="443, as far as is known.",
        server_filled=True,
        minimum=0,
        maximum=65535,
        integer=True,
    ),
    Field(
        "username",
        "username",
        STRING,
        description="User name at the proxy.",
        default="Immuta does not sign in at the proxy.",
    ),
    Field(
        "password",
        "password",
        STRING,
        description="Password at the proxy.",
        default="Immuta does not sign in at the proxy.",
        secret=True,
    ),
)
ADDITIONAL_WORKSPACE_CONNECTION: tuple[Field, ...] = (
    Field(
        "workspace_url",
        "workspaceUrl",
        STRING,
        description="Host name of the further workspace.",
        default="Immuta is expected to refuse the connection.",
        required_when=(When({}, strict=False),),
        pattern="[^/:@? ]+",
        pattern_hint="a bare host name, without a scheme, a port or a path",
        pattern_strict=False,
        equivalence="hostname",
    ),
    Field(
        "http_path",
        "httpPath",
        STRING,
        description="HTTP path of a cluster or SQL warehouse in that workspace.",
        default="Immuta is expected to refuse the connection.",
        required_when=(When({}, strict=False),),
    ),
    Field(
        "authentication_type",
        "authenticationType",
        STRING,
        description="How Immuta signs in. token: by a personal access token. oAuthM2M: as an OAuth client.",
        default="Immuta is expected to refuse the connection.",
        required_when=(When({}, strict=False),),
        choices=Choices("token", "oAuthM2M", strict=False),
    ),
    Field(
        "token",
        "token",
        STRING,
        description="Personal access token in that workspace.",
        default="Immuta signs in as an OAuth client.",
        required_when=(When({"authentication_type": ("token",)}, strict=False),),
        only_when=(When({"authentication_type": ("token",)}, strict=False),),
        secret=True,
    ),
    Field(
        "oauth_client_config",
        "oAuthClientConfig",
        OBJECT,
        description="The OAuth client for that workspace.",
        default="Immuta signs in by a token.",
        fields=OAUTH_CLIENT_CONFIG,
        required_when=(When({"authentication_type": ("oAuthM2M",)}, strict=False),),
        only_when=(When({"authentication_type": ("oAuthM2M",)}, strict=False),),
    ),
    Field(
        "catalogs",
        "catalogs",
        STRINGS,
        description="Catalogs that are bound to that workspace.",
        default="Immuta is expected to refuse the connection.",
        required_when=(When({}, strict=False),),
    ),
)
OKTA: tuple[Field, ...] = (
    Field(
        "username",
        "username",
        STRING,
        description="User name at Okta.",
        default="Immuta is expected to refuse the sign-in.",
        required_when=(When({}, strict=False),),
    ),
    Field(
        "password",
        "password",
        STRING,
        description="Password at Okta.",
        default="Immuta is expected to refuse the sign-in.",
        required_when=(When({}, strict=False),),
        secret=True,
    ),
    Field(
        "app_id",
        "appId",
        STRING,
        description="Id of the Redshift application at Okta.",
        default="Immuta is expected to refuse the sign-in.",
        required_when=(When({}, strict=False),),
    ),
    Field(
        "idp_host",
        "idpHost",
        STRING,
        description="Host name of the Okta organisation.",
        default="Immuta is expected to refuse the sign-in.",
        required_when=(When({}, strict=False),),
        pattern="[^/:@? ]+",
        pattern_hint="a bare host name, without a scheme, a port or a path",
        pattern_strict=False,
        equivalence="hostname",
    ),
    Field(
        "role",
        "role",
        STRING,
        description="Role at AWS that the Okta user takes on.",
        default="Immuta is expected to refuse the sign-in.",
        required_when=(When({}, strict=False),),
    ),
)
REDSHIFT_IMPERSONATION: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether users may query as another user.",
        default="Off.",
        server_filled=True,
    ),
    Field(
        "role",
        "role",
        STRING,
        description="Redshift group whose members may impersonate.",
        default="immuta_impersonation, as far as is known.",
        server_filled=True,
    ),
)
PRIVATE_KEY: tuple[Field, ...] = (
    Field(
        "key_name",
        "keyName",
        STRING,
        description="Immuta's name for what this key is for.",
        required=True,
        choices=Choices("PRIV_KEY_FILE"),
    ),
    Field(
        "user_filename",
        "userFilename",
        STRING,
        description="Name under which Immuta shows the key file to people; no file is read.",
        required=True,
    ),
    Field(
        "content",
        "content",
        STRING,
        description="The private key itself, as PEM text with its line breaks.",
        required=True,
        secret=True,
        text_format="pem",
    ),
)
WORKSPACES: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether projects may have workspaces.",
        default="Off.",
        server_filled=True,
    ),
    Field(
        "warehouses",
        "warehouses",
        STRINGS,
        description="Warehouses that project owners may choose from.",
        default="None.",
        required_when=(When({"enabled": (True,)}, strict=False),),
        server_filled=True,
    ),
)
SNOWFLAKE_IMPERSONATION: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether users may query as another user.",
        default="Off.",
        server_filled=True,
    ),
    Field(
        "role",
        "role",
        STRING,
        description="Role that Immuta creates for impersonation; it may not exist before.",
        default="IMMUTA_IMPERSONATION, as far as is known.",
        server_filled=True,
    ),
)
LINEAGE_CONFIG: tuple[Field, ...] = (
    Field(
        "table_filter",
        "tableFilter",
        STRING,
        description="Regular expression, without slashes around it, for the tables whose lineage is followed.",
        default="All tables.",
    ),
    Field(
        "tag_filter",
        "tagFilter",
        STRING,
        description="Regular expression, without slashes around it, for the tags that are passed on.",
        default="All tags.",
    ),
)
LINEAGE: tuple[Field, ...] = (
    Field(
        "enabled",
        "enabled",
        BOOL,
        description="Whether tags are passed on along lineage.",
        default="Off.",
        server_filled=True,
    ),
    Field(
        "lineage_config",
        "lineageConfig",
        OBJECT,
        description="What lineage looks at.",
        default="All tables and tags.",
        fields=LINEAGE_CONFIG,
        server_filled=True,
    ),
    Field(
        "ingest_batch_size",
        "ingestBatchSize",
        NUMBER,
        description="Number of rows that are read at once from Snowflake's access history.",
        default="1000, as far as is known.",
        server_filled=True,
        integer=True,
    ),
)
USER_ROLE_PATTERN: tuple[Field, ...] = (
    Field(
        "exclude",
        "exclude",
        STRINGS,
        description=(
            "Roles and users that authorization checks leave out. Case counts, and there are no wildcards."
        ),
        default="Nobody is left out.",
    ),
)
AMAZON_S3_INTEGRATION = IntegrationType(
    "immuta_amazon_s3_integration",
    "AmazonS3Integration",
    "Native S3",
    title="Amazon S3",
    description=(
        "Amazon S3 access control through one AWS S3 Access Grants instance. The instance and its"
        " IAM roles are set up beforehand, and no location may be registered in it yet. Immuta "
        "has to enable this type for the tenant."
    ),
    documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/s3-api",
    auto_bootstrap="only_false",
    fields=(
        Field(
            "name",
            "name",
            STRING,
            description="Name of the integration, unlike that of every other S3 integration in Immuta.",
            required=True,
        ),
        Field(
            "aws_account_id",
            "awsAccountId",
            STRING,
            description=(
                "Id of the AWS account that holds the Access Grants instance. It is text, which keeps "
                "leading zeros."
            ),
            required=True,
            replace=True,
            pattern="[0-9]+",
            pattern_hint="text of digits only",
            pattern_strict=False,
        ),
        Field(
            "aws_region",
            "awsRegion",
            STRING,
            description="AWS region of the Access Grants instance, such as us-east-1.",
            required=True,
            replace=True,
            pattern="[a-z]+-[a-z-]+-[0-9]+",
            pattern_hint="an AWS region's code, such as us-east-1",
            pattern_strict=False,
        ),
        Field(
            "aws_location_role",
            "awsLocationRole",
            STRING,
            description=(
                "ARN of the IAM role of the base location, which Access Grants assumes to give out "
                "credentials."
            ),
            required=True,
            replace=True,
            pattern="arn:[^:]+:[^:]+:[^:]*:[^:]*:.+",
            pattern_hint="an ARN, such as arn:aws:iam::123456789012:role/immuta-location",
        ),
        Field(
            "aws_location_path",
            "awsLocationPath",
            STRING,
            description=(
                "Base location as an S3 prefix: s3:// for everything, s3://bucket/prefix/ for less. No "
                "other S3 integration in Immuta may have the same."
            ),
            required=True,
            replace=True,
            pattern="s3://.*",
            pattern_hint="an S3 prefix, such as s3:// or s3://bucket/prefix/",
            pattern_strict=False,
        ),
        Field(
            "authentication_type",
            "authenticationType",
            STRING,
            description=(
                "How Immuta signs in to AWS. auto: by a role that Immuta assumes. accessKey: by an access"
                " key."
            ),
            required=True,
            choices=Choices("auto", "accessKey"),
        ),
        Field(
            "aws_role_to_assume",
            "awsRoleToAssume",
            STRING,
            description="ARN of the IAM role that Immuta assumes to manage the Access Grants instance.",
            default="Immuta assumes no role.",
            required_when=(When({"authentication_type": ("auto",)}, strict=False),),
            server_filled=True,
        ),
        Field(
            "aws_access_key_id",
            "awsAccessKeyId",
            STRING,
            description="Id of the access key; not secret by itself.",
            default="Immuta signs in without an access key.",
            required_when=(When({"authentication_type": ("accessKey",)}),),
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
        ),
        Field(
            "aws_secret_access_key",
            "awsSecretAccessKey",
            STRING,
            description="Secret of the access key.",
            default="Immuta signs in without an access key.",
            required_when=(When({"authentication_type": ("accessKey",)}),),
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            secret=True,
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of the Access Grants instance.",
            default="Immuta uses 443.",
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
    ),
    identity=("name",),
)
AZURE_SYNAPSE_INTEGRATION = IntegrationType(
    "immuta_azure_synapse_integration",
    "AzureSynapseIntegration",
    "Azure Synapse Analytics",
    title="Azure Synapse Analytics",
    description=(
        "Azure Synapse Analytics access control through secure views in one dedicated SQL pool. "
        "The pool has to run, and the account needs the permission to manage grants. One Immuta "
        "tenant may have several of them."
    ),
    documentation="https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/synapse-api",
    auto_bootstrap="required",
    fields=(
        Field(
            "host",
            "host",
            STRING,
            description="Host name of the SQL pool's server, such as acme.sql.azuresynapse.net.",
            required=True,
            replace=True,
            pattern="[^/:@? ]+",
            pattern_hint="a bare host name, without a scheme, a port or a path",
            equivalence="hostname",
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of the server.",
            default="1433, as far as is known.",
            replace=True,
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
        Field(
            "database",
            "database",
            STRING,
            description="Existing database in which Immuta keeps its views and schemas.",
            required=True,
            replace=True,
        ),
        Field(
            "schema",
            "schema",
            STRING,
            description="Schema that Immuta manages, for its secure views.",
            required=True,
            replace=True,
        ),
        Field(
            "authentication_type",
            "authenticationType",
            STRING,
            description=(
                "How Immuta signs in. userPassword: by user name and password. oAuthClientCredentials: as"
                " an OAuth client, as far as is known."
            ),
            required=True,
            choices=Choices("userPassword", "oAuthClientCredentials", strict=False),
        ),
        Field(
            "username",
            "username",
            STRING,
            description=(
                "User name. With auto_bootstrap a privileged account that is used once; without, the "
                "account that Immuta goes on using."
            ),
            default="Immuta signs in as an OAuth client.",
            required_when=(When({"authentication_type": ("userPassword",)}),),
            only_when=(When({"authentication_type": ("userPassword",)}, strict=False),),
        ),
        Field(
            "password",
            "password",
            STRING,
            description="Password of that user.",
            default="Immuta signs in as an OAuth client.",
            required_when=(When({"authentication_type": ("userPassword",)}),),
            only_when=(When({"authentication_type": ("userPassword",)}, strict=False),),
            secret=True,
        ),
        Field(
            "oauth_client_config",
            "oAuthClientConfig",
            OBJECT,
            description="The OAuth client as which Immuta signs in, at Microsoft Entra ID.",
            default="Immuta signs in without OAuth.",
            fields=OAUTH_CLIENT_CONFIG,
            required_when=(When({"authentication_type": ("oAuthClientCredentials",)}, strict=False),),
            only_when=(When({"authentication_type": ("oAuthClientCredentials",)}, strict=False),),
        ),
        Field(
            "impersonation",
            "impersonation",
            OBJECT,
            description="Users querying as another user.",
            default="Off.",
            fields=AZURE_SYNAPSE_IMPERSONATION,
            server_filled=True,
        ),
        Field(
            "metadata_delimiters",
            "metadataDelimiters",
            OBJECT,
            description=(
                "Delimiters for profile data on the platform. They are fixed for the life of the integration."
            ),
            default="Immuta uses the defaults of the three delimiters.",
            fields=METADATA_DELIMITERS,
            replace=True,
            server_filled=True,
        ),
    ),
    host_field="host",
    identity=(
        "host",
        "database",
        "schema",
    ),
    teardown_platform="azure_synapse",
    teardown_fields=(
        "authentication_type",
        "username",
        "password",
        "oauth_client_config",
    ),
    scripts=Choices("initial-create", "create", "cleanup", "post-cleanup", "edit", "delete"),
)
DATABRICKS_INTEGRATION = IntegrationType(
    "immuta_databricks_integration",
    "DatabricksIntegration",
    "Databricks",
    title="Databricks Unity Catalog",
    description=(
        "Databricks Unity Catalog access control for one metastore. The service principal's "
        "credentials go on being used after the set-up, so Immuta keeps them."
    ),
    documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/databricks-uc-api",
    auto_bootstrap="required",
    fields=(
        Field(
            "workspace_url",
            "workspaceUrl",
            STRING,
            description="Host name of the workspace, such as dbc-acme.cloud.databricks.com.",
            required=True,
            replace=True,
            pattern="[^/:@? ]+",
            pattern_hint="a bare host name, without a scheme, a port or a path",
            pattern_strict=False,
            equivalence="hostname",
        ),
        Field(
            "http_path",
            "httpPath",
            STRING,
            description="HTTP path of the cluster or SQL warehouse that Immuta uses.",
            required=True,
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of the workspace.",
            default="443, as far as is known.",
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
        Field(
            "authentication_type",
            "authenticationType",
            STRING,
            description="How Immuta signs in. token: by a personal access token. oAuthM2M: as an OAuth client.",
            required=True,
            choices=Choices("token", "oAuthM2M"),
        ),
        Field(
            "token",
            "token",
            STRING,
            description="Personal access token of the service principal.",
            default="Immuta signs in as an OAuth client.",
            required_when=(When({"authentication_type": ("token",)}, strict=False),),
            only_when=(When({"authentication_type": ("token",)}, strict=False),),
            secret=True,
        ),
        Field(
            "oauth_client_config",
            "oAuthClientConfig",
            OBJECT,
            description="The OAuth client by which the service principal signs in.",
            default="Immuta signs in by a token.",
            fields=OAUTH_CLIENT_CONFIG,
            required_when=(When({"authentication_type": ("oAuthM2M",)}, strict=False),),
            only_when=(When({"authentication_type": ("oAuthM2M",)}, strict=False),),
        ),
        Field(
            "catalog",
            "catalog",
            STRING,
            description="Catalog that Immuta creates and manages.",
            default="immuta, as far as is known.",
            replace=True,
            server_filled=True,
            pattern="[A-Za-z_][A-Za-z0-9_]*",
            pattern_hint="a name of letters, digits and underscores that does not start with a digit",
        ),
        Field(
            "audit",
            "audit",
            OBJECT,
            description="Collecting the workspace's query log. It needs SELECT on the tables in system.access.",
            default="Off, as far as is known.",
            fields=AUDIT,
            server_filled=True,
        ),
        Field(
            "group_pattern",
            "groupPattern",
            OBJECT,
            description="The account group that data policies leave alone.",
            default="No group is left out.",
            fields=GROUP_PATTERN,
            server_filled=True,
        ),
        Field(
            "workspace_ids",
            "workspaceIds",
            STRINGS,
            description="Ids of the workspaces whose query log is collected.",
            default="Immuta's own choice.",
            server_filled=True,
        ),
        Field(
            "proxy_options",
            "proxyOptions",
            OBJECT,
            description="A proxy between Immuta and the workspace.",
            default="Immuta connects directly.",
            fields=PROXY_OPTIONS,
        ),
        Field(
            "additional_workspace_connections",
            "additionalWorkspaceConnections",
            OBJECTS,
            description="Further workspaces of the same metastore, for catalogs that are bound to them.",
            default="There are none.",
            fields=ADDITIONAL_WORKSPACE_CONNECTION,
            server_filled=True,
            element_key=("workspace_url",),
        ),
    ),
    host_field="workspace_url",
    identity=("workspace_url",),
    scripts=Choices("create", "cleanup", "edit", "delete"),
)
BIGQUERY_INTEGRATION = IntegrationType(
    "immuta_bigquery_integration",
    "BigQueryIntegration",
    "Google BigQuery",
    title="Google BigQuery",
    description=(
        "Google BigQuery access control through secure views in one project. The service account "
        "and its role are made beforehand. Immuta has to enable this type for the tenant."
    ),
    documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/bigquery-api",
    auto_bootstrap="only_false",
    fields=(
        Field(
            "role",
            "role",
            STRING,
            description="Google Cloud role with which Immuta connects.",
            default="Immuta is expected to refuse the integration.",
            required_when=(When({}, strict=False),),
        ),
        Field(
            "dataset_suffix",
            "datasetSuffix",
            STRING,
            description="End of the name of every dataset with secure views. It starts with an underscore.",
            default="Immuta is expected to refuse the integration.",
            required_when=(When({}, strict=False),),
            replace=True,
            pattern="_.*",
            pattern_hint="text that starts with an underscore, such as _secure",
        ),
        Field(
            "dataset",
            "dataset",
            STRING,
            description="Dataset that Immuta makes in the project for its own metadata.",
            default="immuta, as far as is known.",
            replace=True,
            server_filled=True,
        ),
        Field(
            "location",
            "location",
            STRING,
            description="Google Cloud location of that dataset, such as europe-west3.",
            default="us-east1, as far as is known.",
            replace=True,
            server_filled=True,
        ),
        Field(
            "credential",
            "credential",
            STRING,
            description=(
                "Content of the service account's JSON key file, as one text. No data source may use the "
                "same account."
            ),
            required=True,
            secret=True,
            text_format="json",
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of BigQuery.",
            default="443, as far as is known.",
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
    ),
    scripts=Choices("create", strict=False),
)
REDSHIFT_INTEGRATION = IntegrationType(
    "immuta_redshift_integration",
    "RedshiftIntegration",
    "Redshift",
    title="Redshift",
    description=(
        "Amazon Redshift access control through secure views on one cluster or workgroup. A "
        "database of its own needs RA3 nodes or Redshift Serverless. One Immuta tenant may have "
        "several of them."
    ),
    documentation="https://documentation.immuta.com/2024.2/developer-guides/api-intro/integrations-api/how-to-guides/redshift-api",
    auto_bootstrap="required",
    fields=(
        Field(
            "host",
            "host",
            STRING,
            description=(
                "Host name of the cluster or workgroup, such as acme.abc123.eu-west-1.redshift.amazonaws.com."
            ),
            required=True,
            replace=True,
            pattern="[^/:@? ]+",
            pattern_hint="a bare host name, without a scheme, a port or a path",
            pattern_strict=False,
            equivalence="hostname",
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of the cluster.",
            default="5439, as far as is known.",
            replace=True,
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
        Field(
            "database",
            "database",
            STRING,
            description=(
                "New, empty database that Immuta manages; for Redshift Spectrum, the existing one with "
                "the external tables."
            ),
            required=True,
            replace=True,
        ),
        Field(
            "initial_database",
            "initialDatabase",
            STRING,
            description="Existing database to which Immuta connects first, to create its own.",
            default="Immuta is expected to refuse the integration.",
            required_when=(When({}, strict=False),),
            replace=True,
        ),
        Field(
            "authentication_type",
            "authenticationType",
            STRING,
            description=(
                "How Immuta signs in. userPassword: by user name and password. accessKey: by an AWS "
                "access key. okta: through Okta, which Immuta calls deprecated and takes only with "
                "auto_bootstrap = false."
            ),
            required=True,
            choices=Choices("userPassword", "accessKey", "okta", strict=False),
            choice_when=(
                (
                    "okta",
                    When({"auto_bootstrap": (False,)}),
                ),
            ),
        ),
        Field(
            "username",
            "username",
            STRING,
            description="User name in Redshift.",
            default="Immuta signs in without a user name.",
            required_when=(When({"authentication_type": ("userPassword",)}),),
            only_when=(When({"authentication_type": ("userPassword",)}, strict=False),),
        ),
        Field(
            "password",
            "password",
            STRING,
            description="Password of that user.",
            default="Immuta signs in without a password.",
            required_when=(When({"authentication_type": ("userPassword",)}),),
            only_when=(When({"authentication_type": ("userPassword",)}, strict=False),),
            secret=True,
        ),
        Field(
            "database_user",
            "databaseUser",
            STRING,
            description="Redshift user that the access key stands for.",
            default="Immuta signs in without an access key.",
            required_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
        ),
        Field(
            "access_key_id",
            "accessKeyId",
            STRING,
            description="Id of the AWS access key; not secret by itself.",
            default="Immuta signs in without an access key.",
            required_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
        ),
        Field(
            "secret_key",
            "secretKey",
            STRING,
            description="Secret of the AWS access key.",
            default="Immuta signs in without an access key.",
            required_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            secret=True,
        ),
        Field(
            "session_token",
            "sessionToken",
            STRING,
            description="Session token of a temporary access key.",
            default="The access key is a permanent one.",
            only_when=(When({"authentication_type": ("accessKey",)}, strict=False),),
            secret=True,
        ),
        Field(
            "okta",
            "okta",
            OBJECT,
            description="Signing in through Okta.",
            default="Immuta signs in without Okta.",
            fields=OKTA,
            required_when=(When({"authentication_type": ("okta",)}, strict=False),),
            only_when=(When({"authentication_type": ("okta",)}, strict=False),),
        ),
        Field(
            "impersonation",
            "impersonation",
            OBJECT,
            description="Users querying as another user.",
            default="Off.",
            fields=REDSHIFT_IMPERSONATION,
            server_filled=True,
        ),
        Field(
            "connect_args",
            "connectArgs",
            STRING,
            description="Further options for the connection string. They may hold secrets, so they count as one.",
            default="No further options.",
            secret=True,
        ),
    ),
    host_field="host",
    identity=(
        "host",
        "database",
    ),
    teardown_platform="redshift",
    teardown_fields=(
        "authentication_type",
        "username",
        "password",
        "database_user",
        "access_key_id",
        "secret_key",
        "session_token",
    ),
    scripts=Choices("initial-create", "create", "cleanup", "edit", "delete"),
)
SNOWFLAKE_INTEGRATION = IntegrationType(
    "immuta_snowflake_integration",
    "SnowflakeIntegration",
    "Snowflake",
    title="Snowflake",
    description=(
        "Snowflake access control on one account, through policies that Immuta manages. Immuta "
        "takes one integration a host. With auto_bootstrap the credentials given here are used "
        "once and not kept."
    ),
    documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/snowflake-api",
    auto_bootstrap="required",
    fields=(
        Field(
            "host",
            "host",
            STRING,
            description="Host name of the account, such as acme.eu-central-1.snowflakecomputing.com.",
            required=True,
            replace=True,
            pattern="[^/:@? ]+",
            pattern_hint="a bare host name, without a scheme, a port or a path",
            pattern_strict=False,
            equivalence="hostname",
        ),
        Field(
            "port",
            "port",
            NUMBER,
            description="Port of the account.",
            default="Immuta uses 443.",
            replace=True,
            server_filled=True,
            minimum=0,
            maximum=65535,
            integer=True,
        ),
        Field(
            "warehouse",
            "warehouse",
            STRING,
            description="Default warehouse of the user that Immuta works as.",
            required=True,
        ),
        Field(
            "database",
            "database",
            STRING,
            description="New, empty database that Immuta creates and manages.",
            required=True,
            replace=True,
        ),
        Field(
            "authentication_type",
            "authenticationType",
            STRING,
            description=(
                "How Immuta signs in. userPassword: by user name and password. keyPair: by user name and "
                "private key. oAuthClientCredentials: as an OAuth client, only with auto_bootstrap = "
                "false."
            ),
            required=True,
            choices=Choices("userPassword", "keyPair", "oAuthClientCredentials"),
            choice_when=(
                (
                    "oAuthClientCredentials",
                    When({"auto_bootstrap": (False,)}),
                ),
            ),
        ),
        Field(
            "username",
            "username",
            STRING,
            description="User name in Snowflake.",
            default="Immuta signs in as an OAuth client.",
            required_when=(
                When(
                    {
                        "authentication_type": (
                            "userPassword",
                            "keyPair",
                        )
                    }
                ),
            ),
            only_when=(
                When(
                    {
                        "authentication_type": (
                            "userPassword",
                            "keyPair",
                        )
                    },
                    strict=False,
                ),
            ),
        ),
        Field(
            "password",
            "password",
            STRING,
            description="Password of that user.",
            default="Immuta signs in without a password.",
            required_when=(When({"authentication_type": ("userPassword",)}),),
            only_when=(When({"authentication_type": ("userPassword",)}, strict=False),),
            secret=True,
        ),
        Field(
            "role",
            "role",
            STRING,
            description="Role with the privileges for the set-up, such as ACCOUNTADMIN.",
            default="Snowflake uses the user's default role.",
            required_when=(When({"auto_bootstrap": (True,)}, strict=False),),
        ),
        Field(
            "private_key",
            "privateKey",
            OBJECT,
            description="The private key of that user's key pair.",
            default="Immuta signs in without a key.",
            fields=PRIVATE_KEY,
            required_when=(When({"authentication_type": ("keyPair",)}),),
            only_when=(When({"authentication_type": ("keyPair",)}, strict=False),),
        ),
        Field(
            "private_key_password",
            "privateKeyPassword",
            STRING,
            description=(
                "Passphrase of the private key, if it is encrypted. An Immuta that does not know it takes"
                " PRIV_KEY_FILE_PWD=... in connect_args instead."
            ),
            default="The private key is not encrypted.",
            only_when=(When({"authentication_type": ("keyPair",)}, strict=False),),
            secret=True,
        ),
        Field(
            "oauth_client_config",
            "oAuthClientConfig",
            OBJECT,
            description="The OAuth client as which Immuta signs in.",
            default="Immuta signs in without OAuth.",
            fields=OAUTH_CLIENT_CONFIG,
            required_when=(When({"authentication_type": ("oAuthClientCredentials",)}),),
            only_when=(When({"authentication_type": ("oAuthClientCredentials",)}, strict=False),),
        ),
        Field(
            "connect_args",
            "connectArgs",
            STRING,
            description="Further options for the connection string. They may hold secrets, so they count as one.",
            default="No further options.",
            secret=True,
        ),
        Field(
            "audit",
            "audit",
            OBJECT,
            description="Collecting Snowflake's query log.",
            default="Off.",
            fields=AUDIT,
            server_filled=True,
        ),
        Field(
            "workspaces",
            "workspaces",
            OBJECT,
            description="Project workspaces. Immuta does not offer them while low row access policy mode is on.",
            default="Off.",
            fields=WORKSPACES,
            server_filled=True,
        ),
        Field(
            "impersonation",
            "impersonation",
            OBJECT,
            description=(
                "Users querying as another user. Immuta does not offer it while low row access policy "
                "mode is on."
            ),
            default="Off.",
            fields=SNOWFLAKE_IMPERSONATION,
            server_filled=True,
        ),
        Field(
            "lineage",
            "lineage",
            OBJECT,
            description=(
                "Passing tags on along Snowflake's lineage. Immuta has to enable it for the tenant, and "
                "it needs audit."
            ),
            default="Off.",
            fields=LINEAGE,
            server_filled=True,
        ),
        Field(
            "user_role_pattern",
            "userRolePattern",
            OBJECT,
            description="Roles and users that authorization checks leave out.",
            default="Nobody is left out.",
            fields=USER_ROLE_PATTERN,
            server_filled=True,
        ),
    ),
    host_field="host",
    identity=("host",),
    teardown_platform="snowflake",
    teardown_fields=(
        "authentication_type",
        "username",
        "password",
        "role",
        "private_key",
        "private_key_password",
    ),
    scripts=Choices("create", "cleanup", "edit", "delete"),
    advice=(
        (
            "lineage.enabled",
            When(
                {
                    "lineage.enabled": (True,),
                    "audit.enabled": (
                        False,
                        None,
                    ),
                },
                strict=False,
            ),
            (
                "lineage is read from Snowflake's query log, and Immuta's own pages have audit enabled "
                "first. Set audit = { enabled = true } beside it."
            ),
        ),
    ),
)
TRINO_INTEGRATION = IntegrationType(
    "immuta_trino_integration",
    "TrinoIntegration",
    "Trino",
    title="Starburst (Trino)",
    description=(
        "Starburst (Trino) access control. It has no settings here: the cluster connects to "
        "Immuta, with a key and a configuration snippet that Immuta shows on its app settings "
        "page. Starburst needs an Enterprise licence. Only the key can be changed after it is "
        "made."
    ),
    documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/trino-api",
    auto_bootstrap="none",
    fields=(),
    updatable=False,
    rotates_api_key=True,
)
INTEGRATIONS: tuple[IntegrationType, ...] = (
    AMAZON_S3_INTEGRATION,
    AZURE_SYNAPSE_INTEGRATION,
    DATABRICKS_INTEGRATION,
    BIGQUERY_INTEGRATION,
    REDSHIFT_INTEGRATION,
    SNOWFLAKE_INTEGRATION,
    TRINO_INTEGRATION,
)
BY_RESOURCE: dict[str, IntegrationType] = {one.resource: one for one in INTEGRATIONS}

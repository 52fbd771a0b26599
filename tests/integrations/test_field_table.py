"""Every field of every type, locked: written from Immuta's pages by hand, and not from the model.

A row is the attribute, Immuta's key, the kind, and what applies of: required, secret, new (frozen: a change makes a
new integration), filled (Immuta fills it in when it is not set).
"""

from __future__ import annotations

import pytest
from immuta_provider.integrations.compiled import BY_RESOURCE, INTEGRATIONS
from support.scenarios import SECRET_KEYS

OAUTH = """
{0}.use_certificate                  useCertificate               bool              required
{0}.client_id                        clientId                     string            required
{0}.client_secret                    clientSecret                 string            secret
{0}.authority_url                    authorityUrl                 string
{0}.scope                            scope                        string            filled
{0}.resource                         resource                     string
{0}.public_certificate_thumbprint    publicCertificateThumbprint  string
{0}.oauth_private_key                oauthPrivateKey              object
{0}.oauth_private_key.key_name       keyName                      string
{0}.oauth_private_key.user_filename  userFilename                 string
{0}.oauth_private_key.content        content                      string            secret
"""

TABLE = {
    "immuta_amazon_s3_integration": """
name                                 name                         string            required
aws_account_id                       awsAccountId                 string            required new
aws_region                           awsRegion                    string            required new
aws_location_role                    awsLocationRole              string            required new
aws_location_path                    awsLocationPath              string            required new
authentication_type                  authenticationType           string            required
aws_role_to_assume                   awsRoleToAssume              string            filled
aws_access_key_id                    awsAccessKeyId               string
aws_secret_access_key                awsSecretAccessKey           string            secret
port                                 port                         number            filled
""",
    "immuta_azure_synapse_integration": f"""
host                                 host                         string            required new
port                                 port                         number            new filled
database                             database                     string            required new
schema                               schema                       string            required new
authentication_type                  authenticationType           string            required
username                             username                     string
password                             password                     string            secret
oauth_client_config                  oAuthClientConfig            object
{OAUTH.format("oauth_client_config")}
impersonation                        impersonation                object            filled
impersonation.enabled                enabled                      bool              filled
impersonation.role                   role                         string            filled
metadata_delimiters                  metadataDelimiters           object            new filled
metadata_delimiters.hash_delimiter   hashDelimiter                string            new filled
metadata_delimiters.hash_key_delimiter  hashKeyDelimiter          string            new filled
metadata_delimiters.array_delimiter  arrayDelimiter               string            new filled
""",
    "immuta_databricks_integration": f"""
workspace_url                        workspaceUrl                 string            required new
http_path                            httpPath                     string            required
port                                 port                         number            filled
authentication_type                  authenticationType           string            required
token                                token                        string            secret
oauth_client_config                  oAuthClientConfig            object
{OAUTH.format("oauth_client_config")}
catalog                              catalog                      string            new filled
audit                                audit                        object            filled
audit.enabled                        enabled                      bool              filled
group_pattern                        groupPattern                 object            filled
group_pattern.deny                   deny                         string
workspace_ids                        workspaceIds                 list_of_strings   filled
proxy_options                        proxyOptions                 object
proxy_options.host                   host                         string
proxy_options.port                   port                         number            filled
proxy_options.username               username                     string
proxy_options.password               password                     string            secret
additional_workspace_connections     additionalWorkspaceConnections  list_of_objects  filled
additional_workspace_connections.workspace_url        workspaceUrl        string
additional_workspace_connections.http_path            httpPath            string
additional_workspace_connections.authentication_type  authenticationType  string
additional_workspace_connections.token                token               string    secret
additional_workspace_connections.oauth_client_config  oAuthClientConfig   object
{OAUTH.format("additional_workspace_connections.oauth_client_config")}
additional_workspace_connections.catalogs             catalogs            list_of_strings
""",
    "immuta_bigquery_integration": """
role                                 role                         string
dataset_suffix                       datasetSuffix                string            new
dataset                              dataset                      string            new filled
location                             location                     string            new filled
credential                           credential                   string            required secret
port                                 port                         number            filled
""",
    "immuta_redshift_integration": """
host                                 host                         string            required new
port                                 port                         number            new filled
database                             database                     string            required new
initial_database                     initialDatabase              string            new
authentication_type                  authenticationType           string            required
username                             username                     string
password                             password                     string            secret
database_user                        databaseUser                 string
access_key_id                        accessKeyId                  string
secret_key                           secretKey                    string            secret
session_token                        sessionToken                 string            secret
okta                                 okta                         object
okta.username                        username                     string
okta.password                        password                     string            secret
okta.app_id                          appId                        string
okta.idp_host                        idpHost                      string
okta.role                            role                         string
impersonation                        impersonation                object            filled
impersonation.enabled                enabled                      bool              filled
impersonation.role                   role                         string            filled
connect_args                         connectArgs                  string            secret
""",
    "immuta_snowflake_integration": f"""
host                                 host                         string            required new
port                                 port                         number            new filled
warehouse                            warehouse                    string            required
database                             database                     string            required new
authentication_type                  authenticationType           string            required
username                             username                     string
password                             password                     string            secret
role                                 role                         string
private_key                          privateKey                   object
private_key.key_name                 keyName                      string            required
private_key.user_filename            userFilename                 string            required
private_key.content                  content                      string            required secret
private_key_password                 privateKeyPassword           string            secret
oauth_client_config                  oAuthClientConfig            object
{OAUTH.format("oauth_client_config")}
connect_args                         connectArgs                  string            secret
audit                                audit                        object            filled
audit.enabled                        enabled                      bool              filled
workspaces                           workspaces                   object            filled
workspaces.enabled                   enabled                      bool              filled
workspaces.warehouses                warehouses                   list_of_strings   filled
impersonation                        impersonation                object            filled
impersonation.enabled                enabled                      bool              filled
impersonation.role                   role                         string            filled
lineage                              lineage                      object            filled
lineage.enabled                      enabled                      bool              filled
lineage.lineage_config               lineageConfig                object            filled
lineage.lineage_config.table_filter  tableFilter                  string
lineage.lineage_config.tag_filter    tagFilter                    string
lineage.ingest_batch_size            ingestBatchSize              number            filled
user_role_pattern                    userRolePattern              object            filled
user_role_pattern.exclude            exclude                      list_of_strings
""",
    "immuta_trino_integration": "",
}


def test_every_type_is_in_the_table() -> None:
    assert [one.resource for one in INTEGRATIONS] == list(TABLE)


@pytest.mark.parametrize("resource", TABLE)
def test_fields_are_as_immuta_documents_them(resource: str) -> None:
    written = [tuple(line.split()) for line in TABLE[resource].splitlines() if line]
    model = [
        (
            ".".join(path),
            field.key,
            field.kind.replace(" ", "_"),
            *(("required",) if field.required else ()),
            *(("secret",) if field.secret else ()),
            *(("new",) if field.replace else ()),
            *(("filled",) if field.server_filled else ()),
        )
        for path, field in BY_RESOURCE[resource].walk()
    ]
    assert model == written


def test_secret_is_what_is_listed_and_nothing_else() -> None:
    walked = [field for one in INTEGRATIONS for _, field in one.walk()]
    assert {field.key for field in walked if field.secret} == SECRET_KEYS
    assert {field.key for field in walked if field.key in SECRET_KEYS and not field.secret} == set()


def test_every_field_says_what_it_is_and_what_its_absence_means() -> None:
    for one in INTEGRATIONS:
        for path, field in one.walk():
            place = (one.resource, path)
            assert field.description.endswith("."), place
            assert field.default.endswith(".") != field.required, place
            assert bool(field.pattern) == bool(field.pattern_hint), place


def test_attribute_names_are_the_keys_in_snake_case() -> None:
    for one in INTEGRATIONS:
        for path, field in one.walk():
            key = field.key.replace("oAuth", "oauth")
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in key)
            assert field.name == snake, (one.resource, path)


def test_types_are_as_the_contract_says() -> None:
    told = [
        (
            one.resource,
            one.class_name,
            one.type,
            one.auto_bootstrap,
            one.updatable,
            one.host_field,
            one.identity,
            one.teardown_platform,
            one.teardown_fields,
        )
        for one in INTEGRATIONS
    ]
    user = ("authentication_type", "username", "password")
    assert told == [
        (
            "immuta_amazon_s3_integration",
            "AmazonS3Integration",
            "Native S3",
            "only_false",
            True,
            "",
            ("name",),
            "",
            (),
        ),
        (
            "immuta_azure_synapse_integration",
            "AzureSynapseIntegration",
            "Azure Synapse Analytics",
            "required",
            True,
            "host",
            ("host", "database", "schema"),
            "azure_synapse",
            (*user, "oauth_client_config"),
        ),
        (
            "immuta_databricks_integration",
            "DatabricksIntegration",
            "Databricks",
            "required",
            True,
            "workspace_url",
            ("workspace_url",),
            "",
            (),
        ),
        (
            "immuta_bigquery_integration",
            "BigQueryIntegration",
            "Google BigQuery",
            "only_false",
            True,
            "",
            (),
            "",
            (),
        ),
        (
            "immuta_redshift_integration",
            "RedshiftIntegration",
            "Redshift",
            "required",
            True,
            "host",
            ("host", "database"),
            "redshift",
            (*user, "database_user", "access_key_id", "secret_key", "session_token"),
        ),
        (
            "immuta_snowflake_integration",
            "SnowflakeIntegration",
            "Snowflake",
            "required",
            True,
            "host",
            ("host",),
            "snowflake",
            (*user, "role", "private_key", "private_key_password"),
        ),
        ("immuta_trino_integration", "TrinoIntegration", "Trino", "none", False, "", (), "", ()),
    ]


def test_ports_and_hosts_are_held_alike_everywhere() -> None:
    for one in INTEGRATIONS:
        for path, field in one.walk():
            place = (one.resource, path)
            if field.name == "port":
                assert (field.minimum, field.maximum, field.integer) == (0, 65535, True), place
            hosts = ("host", "idp_host", "workspace_url")
            spelling = "hostname" if field.name in hosts else "url" if field.name == "authority_url" else ""
            assert field.equivalence == spelling, place

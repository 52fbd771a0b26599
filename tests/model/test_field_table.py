"""Every field of every integration type, written from Immuta's pages by hand, and not from the model.

A line of `TABLE` has the attribute, Immuta's key, the kind, and any of: required, secret, new (a change makes a new
integration), computed (Immuta sets a value that is not configured). Behind `|` is the text about leaving it out.

A line of `RULES` is one rule about a value. Breaking one with `!` is an error, since it was read in Immuta's pages; with `?`
it is a warning. Conditions: `a = x | y and b = z`.
"""

from __future__ import annotations

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.fields import Choices, Field, When
from immuta_provider.model.integrations.type import IntegrationType
from table.row import SECRET_KEYS

OAUTH = """
{0}.use_certificate                 useCertificate              bool   required
{0}.client_id                       clientId                    string required
{0}.client_secret                   clientSecret                string secret   | The client proves itself by a certificate.
{0}.authority_url                   authorityUrl                string          | Immuta is expected to refuse the client.
{0}.scope scope string computed | Immuta's own choice, all-apis on Databricks as far as is known.
{0}.resource                        resource                    string          | None is named.
{0}.public_certificate_thumbprint   publicCertificateThumbprint string          | The client proves itself by a client secret.
{0}.oauth_private_key               oauthPrivateKey             object          | The client proves itself by a client secret.
{0}.oauth_private_key.key_name      keyName                     string          | Immuta is expected to refuse the key.
{0}.oauth_private_key.user_filename userFilename                string          | Immuta is expected to refuse the key.
{0}.oauth_private_key.content       content                     string secret   | Immuta is expected to refuse the key.
"""

TABLE = {
    "immuta_amazon_s3_integration": """
name                  name               string required
aws_account_id        awsAccountId       string required new
aws_region            awsRegion          string required new
aws_location_role     awsLocationRole    string required new
aws_location_path     awsLocationPath    string required new
authentication_type   authenticationType string required
aws_role_to_assume    awsRoleToAssume    string computed     | Immuta assumes no role.
aws_access_key_id     awsAccessKeyId     string              | Immuta signs in without an access key.
aws_secret_access_key awsSecretAccessKey string secret       | Immuta signs in without an access key.
port                  port               number computed     | Immuta uses 443.
""",
    "immuta_azure_synapse_integration": f"""
host                                   host               string required new
port                                   port               number new computed | 1433, as far as is known.
database                               database           string required new
schema                                 schema             string required new
authentication_type                    authenticationType string required
username                               username           string              | Immuta signs in as an OAuth client.
password                               password           string secret       | Immuta signs in as an OAuth client.
oauth_client_config                    oAuthClientConfig  object              | Immuta signs in without OAuth.
{OAUTH.format("oauth_client_config")}
impersonation                          impersonation      object computed     | Off.
impersonation.enabled                  enabled            bool   computed     | Off.
impersonation.role                     role               string computed     | IMMUTA_IMPERSONATION, as far as is known.
metadata_delimiters                    metadataDelimiters object new computed | Immuta uses the defaults of the three delimiters.
metadata_delimiters.hash_delimiter     hashDelimiter      string new computed | A vertical bar, as far as is known.
metadata_delimiters.hash_key_delimiter hashKeyDelimiter   string new computed | A colon, as far as is known.
metadata_delimiters.array_delimiter    arrayDelimiter     string new computed | A comma, as far as is known.
""",
    "immuta_databricks_integration": f"""
workspace_url          workspaceUrl       string          required new
http_path              httpPath           string          required
port                   port               number          computed     | 443, as far as is known.
authentication_type    authenticationType string          required
token                  token              string          secret       | Immuta signs in as an OAuth client.
oauth_client_config    oAuthClientConfig  object                       | Immuta signs in by a token.
{OAUTH.format("oauth_client_config")}
catalog                catalog            string          new computed | immuta, as far as is known.
audit                  audit              object          computed     | Off, as far as is known.
audit.enabled          enabled            bool            computed     | Off, as far as is known.
group_pattern          groupPattern       object          computed     | No group is left out.
group_pattern.deny     deny               string                       | No group is left out.
workspace_ids          workspaceIds       list_of_strings computed     | Immuta's own choice.
proxy_options          proxyOptions       object                       | Immuta connects directly.
proxy_options.host     host               string                       | Immuta is expected to refuse the proxy.
proxy_options.port     port               number          computed     | 443, as far as is known.
proxy_options.username username           string                       | Immuta does not sign in at the proxy.
proxy_options.password password           string          secret       | Immuta does not sign in at the proxy.
additional_workspace_connections additionalWorkspaceConnections list_of_objects computed | There are none.
additional_workspace_connections.workspace_url workspaceUrl string | Immuta is expected to refuse the connection.
additional_workspace_connections.http_path httpPath string | Immuta is expected to refuse the connection.
additional_workspace_connections.authentication_type authenticationType string | Immuta is expected to refuse the connection.
additional_workspace_connections.token token string secret | Immuta signs in as an OAuth client.
additional_workspace_connections.oauth_client_config oAuthClientConfig object | Immuta signs in by a token.
{OAUTH.format("additional_workspace_connections.oauth_client_config")}
additional_workspace_connections.catalogs catalogs list_of_strings | Immuta is expected to refuse the connection.
""",
    "immuta_bigquery_integration": """
role           role          string                 | Immuta is expected to refuse the integration.
dataset_suffix datasetSuffix string new             | Immuta is expected to refuse the integration.
dataset        dataset       string new computed    | immuta, as far as is known.
location       location      string new computed    | us-east1, as far as is known.
credential     credential    string required secret
port           port          number computed        | 443, as far as is known.
""",
    "immuta_redshift_integration": """
host                  host               string required new
port                  port               number new computed | 5439, as far as is known.
database              database           string required new
initial_database      initialDatabase    string new          | Immuta is expected to refuse the integration.
authentication_type   authenticationType string required
username              username           string              | Immuta signs in without a user name.
password              password           string secret       | Immuta signs in without a password.
database_user         databaseUser       string              | Immuta signs in without an access key.
access_key_id         accessKeyId        string              | Immuta signs in without an access key.
secret_key            secretKey          string secret       | Immuta signs in without an access key.
session_token         sessionToken       string secret       | The access key is a permanent one.
okta                  okta               object              | Immuta signs in without Okta.
okta.username         username           string              | Immuta is expected to refuse the sign-in.
okta.password         password           string secret       | Immuta is expected to refuse the sign-in.
okta.app_id           appId              string              | Immuta is expected to refuse the sign-in.
okta.idp_host         idpHost            string              | Immuta is expected to refuse the sign-in.
okta.role             role               string              | Immuta is expected to refuse the sign-in.
impersonation         impersonation      object computed     | Off.
impersonation.enabled enabled            bool   computed     | Off.
impersonation.role    role               string computed     | immuta_impersonation, as far as is known.
connect_args          connectArgs        string secret       | No further options.
""",
    "immuta_snowflake_integration": f"""
host                                host               string          required new
port                                port               number          new computed    | Immuta uses 443.
warehouse                           warehouse          string          required
database                            database           string          required new
authentication_type                 authenticationType string          required
username                            username           string                          | Immuta signs in as an OAuth client.
password                            password           string          secret          | Immuta signs in without a password.
role                                role               string                          | Snowflake uses the user's default role.
private_key                         privateKey         object                          | Immuta signs in without a key.
private_key.key_name                keyName            string          required
private_key.user_filename           userFilename       string          required
private_key.content                 content            string          required secret
private_key_password                privateKeyPassword string          secret          | The private key is not encrypted.
oauth_client_config                 oAuthClientConfig  object                          | Immuta signs in without OAuth.
{OAUTH.format("oauth_client_config")}
connect_args                        connectArgs        string          secret          | No further options.
audit                               audit              object          computed        | Off.
audit.enabled                       enabled            bool            computed        | Off, as far as is known.
workspaces                          workspaces         object          computed        | Off.
workspaces.enabled                  enabled            bool            computed        | Off.
workspaces.warehouses               warehouses         list_of_strings computed        | None.
impersonation                       impersonation      object          computed        | Off.
impersonation.enabled               enabled            bool            computed        | Off.
impersonation.role                  role               string          computed        | IMMUTA_IMPERSONATION, as far as is known.
lineage                             lineage            object          computed        | Off.
lineage.enabled                     enabled            bool            computed        | Off.
lineage.lineage_config              lineageConfig      object          computed        | All tables and tags.
lineage.lineage_config.table_filter tableFilter        string                          | All tables.
lineage.lineage_config.tag_filter   tagFilter          string                          | All tags.
lineage.ingest_batch_size           ingestBatchSize    number          computed        | 1000, as far as is known.
user_role_pattern                   userRolePattern    object          computed        | Nobody is left out.
user_role_pattern.exclude           exclude            list_of_strings                 | Nobody is left out.
""",
    "immuta_trino_integration": "",
}

OAUTH_RULES = """
{0}.client_secret                    needed? use_certificate = False
{0}.client_secret                    only? use_certificate = False
{0}.authority_url                    needed? always
{0}.public_certificate_thumbprint    needed? use_certificate = True
{0}.public_certificate_thumbprint    only? use_certificate = True
{0}.oauth_private_key                needed? use_certificate = True
{0}.oauth_private_key                only? use_certificate = True
{0}.oauth_private_key.key_name       needed? always
{0}.oauth_private_key.key_name       one of? oauth client certificate
{0}.oauth_private_key.user_filename  needed? always
{0}.oauth_private_key.content        needed? always
{0}.oauth_private_key.content        pem
"""

RULES = {
    "immuta_amazon_s3_integration": """
aws_account_id         like? [0-9]+
aws_region             like? [a-z]+-[a-z-]+-[0-9]+
aws_location_role      like! arn:[^:]+:[^:]+:[^:]*:[^:]*:.+
aws_location_path      like? s3://.*
authentication_type    one of! auto | accessKey
aws_role_to_assume     needed? authentication_type = auto
aws_access_key_id      needed! authentication_type = accessKey
aws_access_key_id      only? authentication_type = accessKey
aws_secret_access_key  needed! authentication_type = accessKey
aws_secret_access_key  only? authentication_type = accessKey
port                   from 0 to 65535
port                   whole
""",
    "immuta_azure_synapse_integration": f"""
host                 like! [^/:@? ]+
port                 from 0 to 65535
port                 whole
authentication_type  one of? userPassword | oAuthClientCredentials
username             needed! authentication_type = userPassword
username             only? authentication_type = userPassword
password             needed! authentication_type = userPassword
password             only? authentication_type = userPassword
oauth_client_config  needed? authentication_type = oAuthClientCredentials
oauth_client_config  only? authentication_type = oAuthClientCredentials
{OAUTH_RULES.format("oauth_client_config")}
""",
    "immuta_databricks_integration": f"""
workspace_url                             like? [^/:@? ]+
port                                      from 0 to 65535
port                                      whole
authentication_type                       one of! token | oAuthM2M
token                                     needed? authentication_type = token
token                                     only? authentication_type = token
oauth_client_config                       needed? authentication_type = oAuthM2M
oauth_client_config                       only? authentication_type = oAuthM2M
{OAUTH_RULES.format("oauth_client_config")}
catalog                                   like! [A-Za-z_][A-Za-z0-9_]*
proxy_options.host                        needed? always
proxy_options.host                        like? [^/:@? ]+
proxy_options.port                        from 0 to 65535
proxy_options.port                        whole
additional_workspace_connections.workspace_url  needed? always
additional_workspace_connections.workspace_url  like? [^/:@? ]+
additional_workspace_connections.http_path  needed? always
additional_workspace_connections.authentication_type  needed? always
additional_workspace_connections.authentication_type  one of? token | oAuthM2M
additional_workspace_connections.token    needed? authentication_type = token
additional_workspace_connections.token    only? authentication_type = token
additional_workspace_connections.oauth_client_config  needed? authentication_type = oAuthM2M
additional_workspace_connections.oauth_client_config  only? authentication_type = oAuthM2M
{OAUTH_RULES.format("additional_workspace_connections.oauth_client_config")}
additional_workspace_connections.catalogs  needed? always
""",
    "immuta_bigquery_integration": """
role            needed? always
dataset_suffix  needed? always
dataset_suffix  like! _.*
credential      json
port            from 0 to 65535
port            whole
""",
    "immuta_redshift_integration": """
host                 like? [^/:@? ]+
port                 from 0 to 65535
port                 whole
initial_database     needed? always
authentication_type  one of? userPassword | accessKey | okta
authentication_type  okta only! auto_bootstrap = False
username             needed! authentication_type = userPassword
username             only? authentication_type = userPassword
password             needed! authentication_type = userPassword
password             only? authentication_type = userPassword
database_user        needed? authentication_type = accessKey
database_user        only? authentication_type = accessKey
access_key_id        needed? authentication_type = accessKey
access_key_id        only? authentication_type = accessKey
secret_key           needed? authentication_type = accessKey
secret_key           only? authentication_type = accessKey
session_token        only? authentication_type = accessKey
okta                 needed? authentication_type = okta
okta                 only? authentication_type = okta
okta.username        needed? always
okta.password        needed? always
okta.app_id          needed? always
okta.idp_host        needed? always
okta.idp_host        like? [^/:@? ]+
okta.role            needed? always
""",
    "immuta_snowflake_integration": f"""
host                       like? [^/:@? ]+
port                       from 0 to 65535
port                       whole
authentication_type        one of! userPassword | keyPair | oAuthClientCredentials
authentication_type        oAuthClientCredentials only! auto_bootstrap = False
username                   needed! authentication_type = userPassword | keyPair
username                   only? authentication_type = userPassword | keyPair
password                   needed! authentication_type = userPassword
password                   only? authentication_type = userPassword
role                       needed? auto_bootstrap = True
private_key                needed! authentication_type = keyPair
private_key                only? authentication_type = keyPair
private_key.key_name       one of! PRIV_KEY_FILE
private_key.content        pem
private_key_password       only? authentication_type = keyPair
oauth_client_config        needed! authentication_type = oAuthClientCredentials
oauth_client_config        only? authentication_type = oAuthClientCredentials
{OAUTH_RULES.format("oauth_client_config")}
workspaces.warehouses      needed? enabled = True
lineage.ingest_batch_size  whole
lineage.enabled            advised? lineage.enabled = True and audit.enabled = False | None
""",
    "immuta_trino_integration": "",
}


def settings(integration: IntegrationType) -> list[tuple[tuple[str, ...], Field]]:
    """The fields of Immuta's `config`, at every depth."""
    names = {field.name for field in integration.settings}
    return [(path, field) for path, field in integration.walk() if path[0] in names]


def test_every_type_is_in_the_table() -> None:
    resources = [one.resource for one in INTEGRATIONS]
    assert resources == list(TABLE) == list(RULES)


@pytest.mark.parametrize("resource", TABLE)
def test_fields_are_as_immuta_documents_them(resource: str) -> None:
    lines = [line.partition("|") for line in TABLE[resource].splitlines() if line]
    written = [(*facts.split(), default.strip()) for facts, _, default in lines]
    model = [
        (
            ".".join(path),
            field.key,
            field.kind.replace(" ", "_"),
            *(("required",) if field.required else ()),
            *(("secret",) if field.secret else ()),
            *(("new",) if field.replace else ()),
            *(("computed",) if field.server_filled else ()),
            field.default,
        )
        for path, field in settings(BY_RESOURCE[resource])
    ]
    assert model == written


def rules(field: Field) -> list[str]:
    found = [f"needed{mark(when)} {condition(when)}" for when in field.required_when]
    found += [f"only{mark(when)} {condition(when)}" for when in field.only_when]
    if field.choices is not None:
        found.append(f"one of{mark(field.choices)} {alternatives(field.choices.values)}")
    found += [f"{choice} only{mark(when)} {condition(when)}" for choice, when in field.choice_when]
    if field.pattern:
        found.append(f"like{'!' if field.pattern_strict else '?'} {field.pattern}")
    if (field.minimum, field.maximum) != (None, None):
        found.append(f"from {field.minimum} to {field.maximum}")
    if field.integer:
        found.append("whole")
    if field.text_format:
        found.append(field.text_format)
    return found


def mark(rule: When | Choices) -> str:
    return "!" if rule.strict else "?"


def condition(when: When) -> str:
    return " and ".join(f"{name} = {alternatives(values)}" for name, values in when.fields) or "always"


def alternatives(values: tuple[object, ...]) -> str:
    return " | ".join(map(str, values))


def pairs(table: str) -> list[tuple[str, ...]]:
    return [tuple(line.split(maxsplit=1)) for line in table.splitlines() if line]


@pytest.mark.parametrize("resource", RULES)
def test_rules_are_as_immuta_documents_them(resource: str) -> None:
    one = BY_RESOURCE[resource]
    found = [(".".join(path), rule) for path, field in settings(one) for rule in rules(field)]
    found += [(path, f"advised{mark(when)} {condition(when)}") for path, when, _ in one.advice]
    assert found == pairs(RULES[resource])


def test_exactly_the_listed_keys_are_secret() -> None:
    walked = [field for one in INTEGRATIONS for _, field in settings(one)]
    assert {field.key for field in walked if field.secret} == SECRET_KEYS
    assert {field.key for field in walked if field.key in SECRET_KEYS and not field.secret} == set()


def test_every_field_has_a_description_and_a_default() -> None:
    for one in INTEGRATIONS:
        for path, field in settings(one):
            place = (one.resource, path)
            assert field.description.endswith("."), place
            assert field.default.endswith(".") != field.required, place
            assert bool(field.pattern) == bool(field.pattern_hint), place


def test_attribute_names_are_the_keys_in_snake_case() -> None:
    for one in INTEGRATIONS:
        for path, field in settings(one):
            key = field.key.replace("oAuth", "oauth")
            snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in key)
            assert field.name == snake, (one.resource, path)


TYPES = """
AmazonS3Integration | Native S3 | amazon_s3 | only False | PUT | | name | |
AzureSynapseIntegration | Azure Synapse Analytics | azure_synapse | required | PUT | host | host database schema | azure_synapse |
DatabricksIntegration | Databricks | databricks | required | PUT | workspace_url | workspace_url | |
BigQueryIntegration | Google BigQuery | bigquery | only False | PUT | | | |
RedshiftIntegration | Redshift | redshift | required | PUT | host | host database | redshift |
SnowflakeIntegration | Snowflake | snowflake | required | PUT | host | host | snowflake |
TrinoIntegration | Trino | trino | | | | | | rotation_trigger
"""
"""Class, Immuta's type, short name, `auto_bootstrap`, the request that changes an integration, the attribute of its host, its
natural key, its object in `teardown_credentials`, and the attribute that has Immuta make a new API key."""

TEARDOWN = """
azure_synapse  authentication_type username password oauth_client_config
redshift       authentication_type username password database_user access_key_id secret_key session_token
snowflake      authentication_type username password role private_key private_key_password
"""

# Other scripts of BigQuery are not mentioned anywhere, which does not prove that there are none.
SCRIPTS = """
azure_synapse  ! initial-create | create | cleanup | post-cleanup | edit | delete
databricks     ! create | cleanup | edit | delete
bigquery       ? create
redshift       ! initial-create | create | cleanup | edit | delete
snowflake      ! create | cleanup | edit | delete
"""


def auto_bootstrap(integration: IntegrationType) -> str:
    field = integration.field("auto_bootstrap")
    if field is None:
        return ""
    return "required" if field.required else f"only {field.unset_as}"


def test_types_are_as_the_contract_says() -> None:
    found = [
        (
            *(one.class_name, one.type, one.platform, auto_bootstrap(one), "PUT" if one.updatable else ""),
            *(one.host_field, " ".join(one.unique_by), one.teardown_platform),
            "rotation_trigger" if one.field("rotation_trigger") else "",
        )
        for one in INTEGRATIONS
    ]
    assert found == [tuple(map(str.strip, line.split("|"))) for line in TYPES.splitlines() if line]
    assert [one.type for one in INTEGRATIONS if one.rotates_api_key] == ["Trino"]


def test_each_type_has_its_teardown_credentials_and_its_scripts() -> None:
    """Scripts are in the order of their use."""
    teardown = [(one.platform, " ".join(one.teardown_fields)) for one in INTEGRATIONS if one.teardown_fields]
    assert teardown == pairs(TEARDOWN)
    scripts = [
        (one.platform, f"{mark(one.scripts)} {alternatives(one.scripts.values)}")
        for one in INTEGRATIONS
        if one.scripts.values
    ]
    assert scripts == pairs(SCRIPTS)


def test_ports_and_hosts_have_the_same_facts_everywhere() -> None:
    for one in INTEGRATIONS:
        for path, field in settings(one):
            place = (one.resource, path)
            if field.name == "port":
                assert (field.minimum, field.maximum, field.integer) == (0, 65535, True), place
            hosts = ("host", "idp_host", "workspace_url")
            spelling = "hostname" if field.name in hosts else "url" if field.name == "authority_url" else ""
            assert field.equivalence == spelling, place

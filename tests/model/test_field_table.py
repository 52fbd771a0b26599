"""Every field of every integration type, written from Immuta's pages by hand, and not from the model.

A line of `TABLE` has the attribute, Immuta's key, the kind, and any of: required, secret, new (a change makes a new
integration), filled (Immuta computes a value that is not configured).

A line of `RULES` is one rule about a value. Breaking one with `!` is an error, since it was read in Immuta's pages; with `?`
it is a warning. Conditions: `a = x | y and b = z`.

A line of `DEFAULTS` is the text about leaving the attribute out.
"""

from __future__ import annotations

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.fields import Choices, Field, When
from immuta_provider.model.integrations.type import IntegrationType
from table.row import SECRET_KEYS

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

OAUTH_DEFAULTS = """
{0}.client_secret                    The client proves itself by a certificate.
{0}.authority_url                    Immuta is expected to refuse the client.
{0}.scope                            Immuta's own choice, all-apis on Databricks as far as is known.
{0}.resource                         None is named.
{0}.public_certificate_thumbprint    The client proves itself by a client secret.
{0}.oauth_private_key                The client proves itself by a client secret.
{0}.oauth_private_key.key_name       Immuta is expected to refuse the key.
{0}.oauth_private_key.user_filename  Immuta is expected to refuse the key.
{0}.oauth_private_key.content        Immuta is expected to refuse the key.
"""

DEFAULTS = {
    "immuta_amazon_s3_integration": """
aws_role_to_assume     Immuta assumes no role.
aws_access_key_id      Immuta signs in without an access key.
aws_secret_access_key  Immuta signs in without an access key.
port                   Immuta uses 443.
""",
    "immuta_azure_synapse_integration": f"""
port                                    1433, as far as is known.
username                                Immuta signs in as an OAuth client.
password                                Immuta signs in as an OAuth client.
oauth_client_config                     Immuta signs in without OAuth.
{OAUTH_DEFAULTS.format("oauth_client_config")}
impersonation                           Off.
impersonation.enabled                   Off.
impersonation.role                      IMMUTA_IMPERSONATION, as far as is known.
metadata_delimiters                     Immuta uses the defaults of the three delimiters.
metadata_delimiters.hash_delimiter      A vertical bar, as far as is known.
metadata_delimiters.hash_key_delimiter  A colon, as far as is known.
metadata_delimiters.array_delimiter     A comma, as far as is known.
""",
    "immuta_databricks_integration": f"""
port                                      443, as far as is known.
token                                     Immuta signs in as an OAuth client.
oauth_client_config                       Immuta signs in by a token.
{OAUTH_DEFAULTS.format("oauth_client_config")}
catalog                                   immuta, as far as is known.
audit                                     Off, as far as is known.
audit.enabled                             Off, as far as is known.
group_pattern                             No group is left out.
group_pattern.deny                        No group is left out.
workspace_ids                             Immuta's own choice.
proxy_options                             Immuta connects directly.
proxy_options.host                        Immuta is expected to refuse the proxy.
proxy_options.port                        443, as far as is known.
proxy_options.username                    Immuta does not sign in at the proxy.
proxy_options.password                    Immuta does not sign in at the proxy.
additional_workspace_connections          There are none.
additional_workspace_connections.workspace_url  Immuta is expected to refuse the connection.
additional_workspace_connections.http_path  Immuta is expected to refuse the connection.
additional_workspace_connections.authentication_type  Immuta is expected to refuse the connection.
additional_workspace_connections.token    Immuta signs in as an OAuth client.
additional_workspace_connections.oauth_client_config  Immuta signs in by a token.
{OAUTH_DEFAULTS.format("additional_workspace_connections.oauth_client_config")}
additional_workspace_connections.catalogs  Immuta is expected to refuse the connection.
""",
    "immuta_bigquery_integration": """
role            Immuta is expected to refuse the integration.
dataset_suffix  Immuta is expected to refuse the integration.
dataset         immuta, as far as is known.
location        us-east1, as far as is known.
port            443, as far as is known.
""",
    "immuta_redshift_integration": """
port                   5439, as far as is known.
initial_database       Immuta is expected to refuse the integration.
username               Immuta signs in without a user name.
password               Immuta signs in without a password.
database_user          Immuta signs in without an access key.
access_key_id          Immuta signs in without an access key.
secret_key             Immuta signs in without an access key.
session_token          The access key is a permanent one.
okta                   Immuta signs in without Okta.
okta.username          Immuta is expected to refuse the sign-in.
okta.password          Immuta is expected to refuse the sign-in.
okta.app_id            Immuta is expected to refuse the sign-in.
okta.idp_host          Immuta is expected to refuse the sign-in.
okta.role              Immuta is expected to refuse the sign-in.
impersonation          Off.
impersonation.enabled  Off.
impersonation.role     immuta_impersonation, as far as is known.
connect_args           No further options.
""",
    "immuta_snowflake_integration": f"""
port                                 Immuta uses 443.
username                             Immuta signs in as an OAuth client.
password                             Immuta signs in without a password.
role                                 Snowflake uses the user's default role.
private_key                          Immuta signs in without a key.
private_key_password                 The private key is not encrypted.
oauth_client_config                  Immuta signs in without OAuth.
{OAUTH_DEFAULTS.format("oauth_client_config")}
connect_args                         No further options.
audit                                Off.
audit.enabled                        Off, as far as is known.
workspaces                           Off.
workspaces.enabled                   Off.
workspaces.warehouses                None.
impersonation                        Off.
impersonation.enabled                Off.
impersonation.role                   IMMUTA_IMPERSONATION, as far as is known.
lineage                              Off.
lineage.enabled                      Off.
lineage.lineage_config               All tables and tags.
lineage.lineage_config.table_filter  All tables.
lineage.lineage_config.tag_filter    All tags.
lineage.ingest_batch_size            1000, as far as is known.
user_role_pattern                    Nobody is left out.
user_role_pattern.exclude            Nobody is left out.
""",
    "immuta_trino_integration": "",
}


def settings(integration: IntegrationType) -> list[tuple[tuple[str, ...], Field]]:
    """The fields of Immuta's `config`, at every depth."""
    names = {field.name for field in integration.settings}
    return [(path, field) for path, field in integration.walk() if path[0] in names]


def test_every_type_is_in_the_table() -> None:
    resources = [one.resource for one in INTEGRATIONS]
    assert resources == list(TABLE) == list(RULES) == list(DEFAULTS)


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


@pytest.mark.parametrize("resource", DEFAULTS)
def test_defaults_are_as_immuta_documents_them(resource: str) -> None:
    found = [
        (".".join(path), field.default) for path, field in settings(BY_RESOURCE[resource]) if field.default
    ]
    assert found == pairs(DEFAULTS[resource])


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

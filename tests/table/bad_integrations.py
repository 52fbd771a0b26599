"""Configurations of integrations that are refused or warned of, and the texts that say so."""

from __future__ import annotations

from typing import Any

from table.row import Bad, error, warning

SECRET = "hunter2-secret"
OAUTH = {
    "use_certificate": False,
    "client_id": "c",
    "client_secret": SECRET,
    "authority_url": "https://idp.example/token",
}


def unset(*attributes: str) -> dict[str, Any]:
    """A change that takes attributes away."""
    return dict.fromkeys(attributes)


S3 = (
    Bad(
        "everything that S3 needs is missing",
        "s3",
        unset(
            "name",
            "aws_account_id",
            "aws_region",
            "aws_location_role",
            "aws_location_path",
            "authentication_type",
            "aws_role_to_assume",
        ),
        [
            error("name is missing"),
            error("aws_account_id is missing"),
            error("aws_region is missing"),
            error("aws_location_role is missing"),
            error("aws_location_path is missing"),
            error("authentication_type is missing"),
        ],
    ),
    Bad("a port that is not a whole number", "s3", {"port": 443.5}, [error("port is out of range")]),
    Bad(
        "the set-up that S3 does not have, and names that do not look like AWS's",
        "s3",
        {
            "aws_account_id": "acme",
            "aws_region": "us-east1",
            "aws_location_role": "location-role",
            "aws_location_path": "acme-lake",
            "auto_bootstrap": True,
        },
        [
            error("auto_bootstrap has a value that Immuta does not accept"),
            warning("aws_account_id probably has the wrong form"),
            warning("aws_region probably has the wrong form"),
            error("aws_location_role has the wrong form"),
            warning("aws_location_path probably has the wrong form"),
        ],
    ),
    Bad(
        "an account id as a number, which would lose its zeros",
        "s3",
        {"aws_account_id": 210987654321},
        [error("aws_account_id has the wrong type")],
        python_only=True,
    ),
    Bad(
        "an access key without its parts",
        "s3",
        {"authentication_type": "accessKey", "aws_secret_access_key": " "},
        [error("aws_access_key_id is missing"), error("aws_secret_access_key is missing", shown=False)],
    ),
    Bad(
        "a role without the role, and an access key beside it",
        "s3 with keys",
        {"authentication_type": "auto"},
        [
            warning("aws_role_to_assume is probably missing"),
            warning("aws_access_key_id is probably not used"),
            warning("aws_secret_access_key is probably not used", shown=False),
        ],
    ),
)
SYNAPSE = (
    Bad(
        "a host with a port, and nothing else",
        "synapse",
        {
            "auto_bootstrap": False,
            "host": "acme.sql.azuresynapse.net:1433",
            **unset("database", "schema", "authentication_type", "username", "password"),
        },
        [
            error("host has the wrong form"),
            error("database is missing"),
            error("schema is missing"),
            error("authentication_type is missing"),
        ],
    ),
    Bad(
        "no user, and an OAuth client that is not used",
        "synapse",
        {"username": None, "password": None, "oauth_client_config": OAUTH},
        [
            error("username is missing"),
            error("password is missing", shown=False),
            warning("oauth_client_config is probably not used", shown=False),
        ],
    ),
    Bad(
        "OAuth without its client",
        "synapse",
        {"authentication_type": "oAuthClientCredentials"},
        [
            warning("username is probably not used"),
            warning("password is probably not used", shown=False),
            warning("oauth_client_config is probably missing", shown=False),
        ],
    ),
)
DATABRICKS = (
    Bad(
        "a certificate without its key",
        "databricks with oauth",
        {"oauth_client_config.use_certificate": True},
        [
            warning("oauth_client_config.client_secret is probably not used", shown=False),
            warning("oauth_client_config.public_certificate_thumbprint is probably missing", shown=False),
            warning("oauth_client_config.oauth_private_key is probably missing", shown=False),
        ],
    ),
    Bad(
        "a proxy without a host",
        "databricks",
        {"proxy_options": {"port": 0.5, "password": SECRET}},
        [
            warning("proxy_options.host is probably missing", shown=False),
            error("proxy_options.port is out of range", shown=False),
        ],
    ),
    Bad(
        "a workspace without its token, and one with a URL",
        "databricks",
        {
            "additional_workspace_connections": [
                {
                    "workspace_url": "two.cloud.databricks.com",
                    "http_path": "/sql/2",
                    "authentication_type": "token",
                    "catalogs": ["a"],
                },
                {
                    "workspace_url": "https://three.cloud.databricks.com",
                    "http_path": "",
                    "authentication_type": "mystery",
                    "token": SECRET,
                },
            ]
        },
        [
            warning("additional_workspace_connections[0].token is probably missing", shown=False),
            warning(
                "additional_workspace_connections[1].workspace_url probably has the wrong form", shown=False
            ),
            warning("additional_workspace_connections[1].http_path is probably missing", shown=False),
            warning(
                "additional_workspace_connections[1].authentication_type has an unfamiliar value", shown=False
            ),
            warning("additional_workspace_connections[1].catalogs is probably missing", shown=False),
        ],
    ),
    Bad(
        "a workspace id that is null",
        "databricks",
        {"workspace_ids": ["1", None]},
        [error("workspace_ids[1] is missing")],
    ),
    Bad(
        "no token, and a catalog that Databricks would not take",
        "databricks",
        {"token": None, "catalog": "1-immuta", "proxy_options": {}},
        [
            warning("token is probably missing", shown=False),
            error("catalog has the wrong form"),
            warning("proxy_options.host is probably missing", shown=False),
        ],
    ),
    Bad(
        "OAuth with a token, and without its client",
        "databricks",
        {"authentication_type": "oAuthM2M"},
        [
            warning("token is probably not used", shown=False),
            warning("oauth_client_config is probably missing", shown=False),
        ],
    ),
    Bad(
        "further workspaces with gaps",
        "databricks",
        {
            "additional_workspace_connections": [
                {
                    "workspace_url": "two.cloud.databricks.com",
                    "http_path": "/sql/2",
                    "authentication_type": "oAuthM2M",
                    "token": SECRET,
                    "oauth_client_config": {"use_certificate": "no", "client_id": "c", "authority_url": "u"},
                    "catalogs": ["a", None],
                },
                None,
                SECRET,
                {"authentication_type": "mystery"},
            ]
        },
        [
            warning("additional_workspace_connections[0].token is probably not used", shown=False),
            error(
                "additional_workspace_connections[0].oauth_client_config.use_certificate has the wrong type",
                shown=False,
            ),
            error("additional_workspace_connections[0].catalogs[1] is missing", shown=False),
            error("additional_workspace_connections[1] is missing", shown=False),
            error("additional_workspace_connections[2] has the wrong type", shown=False),
            warning("additional_workspace_connections[3].workspace_url is probably missing", shown=False),
            warning("additional_workspace_connections[3].http_path is probably missing", shown=False),
            warning(
                "additional_workspace_connections[3].authentication_type has an unfamiliar value", shown=False
            ),
            warning("additional_workspace_connections[3].catalogs is probably missing", shown=False),
        ],
        python_only=True,
    ),
)
BIGQUERY = (
    Bad(
        "a key file's name, and a suffix without an underscore",
        "bigquery",
        {"credential": "key-file-hunter2.json", "dataset_suffix": "secure"},
        [error("dataset_suffix has the wrong form"), warning("credential is not JSON", shown=False)],
    ),
    Bad(
        "everything that BigQuery needs is missing",
        "bigquery",
        {"role": None, "dataset_suffix": None, "credential": None, "port": -1},
        [
            warning("role is probably missing"),
            warning("dataset_suffix is probably missing"),
            error("credential is missing", shown=False),
            error("port is out of range"),
        ],
    ),
)
REDSHIFT = (
    Bad(
        "Okta without its parts",
        "redshift with okta",
        {"okta": {}},
        [
            warning("okta.username is probably missing", shown=False),
            warning("okta.password is probably missing", shown=False),
            warning("okta.app_id is probably missing", shown=False),
            warning("okta.idp_host is probably missing", shown=False),
            warning("okta.role is probably missing", shown=False),
        ],
    ),
    Bad(
        "Okta in the automatic set-up, and half of its parts",
        "redshift with okta",
        {"auto_bootstrap": True, "okta": {"username": "o", "role": "r"}, "username": "u"},
        [
            error('authentication_type "okta" does not go with auto_bootstrap'),
            warning("username is probably not used"),
            warning("okta.password is probably missing", shown=False),
            warning("okta.app_id is probably missing", shown=False),
            warning("okta.idp_host is probably missing", shown=False),
        ],
    ),
    Bad(
        "a password in the place of an access key",
        "redshift",
        {"authentication_type": "accessKey"},
        [
            warning("username is probably not used"),
            warning("password is probably not used", shown=False),
            warning("database_user is probably missing"),
            warning("access_key_id is probably missing"),
            warning("secret_key is probably missing", shown=False),
        ],
    ),
    Bad(
        "a way of signing in that is not known",
        "redshift",
        {"authentication_type": "iam"},
        [warning("authentication_type has an unfamiliar value")],
    ),
)
SNOWFLAKE = (
    Bad(
        "OAuth in an automatic set-up",
        "snowflake with oauth",
        {"auto_bootstrap": True},
        [
            error('authentication_type "oAuthClientCredentials" does not go with auto_bootstrap'),
            warning("role is probably missing"),
        ],
    ),
    Bad(
        "a key with another name, and none of its content",
        "snowflake with key pair",
        {"private_key.key_name": "KEY", "private_key.content": None},
        [
            error("private_key.key_name has a value that Immuta does not accept", shown=False),
            error("private_key.content is missing", shown=False),
        ],
    ),
    Bad(
        "a passphrase beside a password",
        "snowflake",
        {"private_key_password": SECRET},
        [warning("private_key_password is probably not used", shown=False)],
    ),
    Bad(
        "additional_config: a secret of its own",
        "snowflake",
        {"additional_config": '{"password": "hunter2-secret"}'},
        [error("additional_config repeats password", shown=False)],
    ),
    Bad(
        "timeouts: an unknown unit",
        "snowflake",
        {"timeouts": {"update": "1d", "delete": "5 m"}},
        [error("timeouts.delete is not a duration"), error("timeouts.update is not a duration")],
    ),
    Bad(
        "timeouts: zero, and less",
        "snowflake",
        {"timeouts": {"create": "", "update": "0s", "delete": "-5m"}},
        [
            error("timeouts.create is not a duration"),
            error("timeouts.delete is not a duration"),
            error("timeouts.update is not a duration"),
        ],
    ),
    Bad(
        "nothing at all",
        "snowflake",
        unset(
            "auto_bootstrap",
            "host",
            "warehouse",
            "database",
            "authentication_type",
            "username",
            "password",
            "role",
        ),
        [
            error("auto_bootstrap is missing"),
            error("host is missing"),
            error("warehouse is missing"),
            error("database is missing"),
            error("authentication_type is missing"),
        ],
    ),
    Bad(
        "empty and blank text",
        "snowflake",
        {"warehouse": "", "database": " \t", "password": ""},
        [
            error("warehouse is missing"),
            error("database is missing"),
            error("password is missing", shown=False),
        ],
    ),
    Bad(
        "a mistyped way of signing in is one problem",
        "snowflake",
        {"authentication_type": "userPasword"},
        [error("authentication_type has a value that Immuta does not accept")],
    ),
    Bad(
        "no way of signing in is one problem, whatever else is set",
        "snowflake in full",
        {"authentication_type": None, "password": SECRET},
        [error("authentication_type is missing")],
    ),
    Bad(
        "a password in the place of a key pair",
        "snowflake",
        {"authentication_type": "keyPair"},
        [warning("password is probably not used", shown=False), error("private_key is missing", shown=False)],
    ),
    Bad(
        "objects in which nothing is set",
        "snowflake",
        {
            "audit": {"enabled": None},
            "workspaces": {},
            "lineage": {"lineage_config": {}},
            "user_role_pattern": {"exclude": []},
        },
        [
            warning("audit is empty"),
            warning("workspaces is empty"),
            warning("lineage.lineage_config is empty"),
        ],
    ),
    Bad(
        "an object without its required parts is not reported as empty too",
        "snowflake in full",
        {"private_key": {}},
        [
            error("private_key.key_name is missing", shown=False),
            error("private_key.user_filename is missing", shown=False),
            error("private_key.content is missing", shown=False),
        ],
    ),
    Bad(
        "an OAuth client with the wrong proof",
        "snowflake with client secret",
        {
            "oauth_client_config": {
                "use_certificate": True,
                "client_id": None,
                "client_secret": "client-secret-35",
                "authority_url": None,
                "scope": "some-apis",
                "resource": "https://resource.example",
            }
        },
        [
            error("oauth_client_config.client_id is missing", shown=False),
            warning("oauth_client_config.client_secret is probably not used", shown=False),
            warning("oauth_client_config.authority_url is probably missing", shown=False),
            warning("oauth_client_config.public_certificate_thumbprint is probably missing", shown=False),
            warning("oauth_client_config.oauth_private_key is probably missing", shown=False),
        ],
    ),
    Bad(
        "values of the wrong type",
        "snowflake",
        {
            "host": 5,
            "password": [SECRET],
            "port": "https",
            "audit": "on",
            "workspaces": {"enabled": "yes"},
            "impersonation": [],
            "user_role_pattern": {"exclude": "SYSADMIN"},
        },
        [
            error("host has the wrong type"),
            error("port has the wrong type"),
            error("password has the wrong type", shown=False),
            error("audit has the wrong type"),
            error("workspaces.enabled has the wrong type"),
            error("impersonation has the wrong type"),
            error("user_role_pattern.exclude has the wrong type"),
        ],
        python_only=True,
    ),
    Bad(
        "elements of the wrong type",
        "snowflake",
        {"user_role_pattern": {"exclude": ["A", None, 5, True, ["B"]]}},
        [
            error("user_role_pattern.exclude[1] is missing"),
            error("user_role_pattern.exclude[2] has the wrong type"),
            error("user_role_pattern.exclude[3] has the wrong type"),
            error("user_role_pattern.exclude[4] has the wrong type"),
        ],
        python_only=True,
    ),
    Bad(
        "a host that is a URL, an impossible port, a batch that is not a whole number",
        "snowflake",
        {
            "host": "https://acme.snowflakecomputing.com/",
            "port": 65536,
            "lineage": {"ingest_batch_size": 10.5},
        },
        [
            warning("host probably has the wrong form"),
            error("port is out of range"),
            error("lineage.ingest_batch_size is out of range"),
        ],
    ),
    Bad(
        "features without what they need",
        "snowflake",
        {"audit": {"enabled": False}, "workspaces": {"enabled": True}, "lineage": {"enabled": True}},
        [
            warning("workspaces.warehouses is probably missing"),
            warning("lineage.enabled may not work as it is set"),
        ],
    ),
)
TRINO = (
    Bad(
        "additional_config: not JSON",
        "trino",
        {"additional_config": "{'key': 1}"},
        [error("additional_config is not a JSON object", shown=False)],
    ),
    Bad(
        "additional_config: a key that looks like a secret, deep inside",
        "trino",
        {"additional_config": '{"a": [{"b": {"Client-Secret": "hunter2-secret"}}]}'},
        [error("additional_config has a key that looks like a secret", shown=False)],
    ),
    Bad(
        "additional_config: a key that hides a secret",
        "trino",
        {"additional_config": '{"x": {"password": "hunter2-secret"}, "x": {}}'},
        [error("additional_config has a key twice", shown=False)],
    ),
    Bad("timeouts: an empty object", "trino", {"timeouts": {}}, [warning("timeouts is empty")]),
)

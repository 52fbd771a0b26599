"""Configurations of integrations that are refused or warned of, and the texts that say so."""

from __future__ import annotations

from table.row import Bad

SECRET = "hunter2-secret"
OAUTH = {
    "use_certificate": False,
    "client_id": "c",
    "client_secret": SECRET,
    "authority_url": "https://idp.example/token",
}

S3 = (
    Bad(
        "everything that S3 needs is missing",
        "s3",
        {
            "name": None,
            "aws_account_id": None,
            "aws_region": None,
            "aws_location_role": None,
            "aws_location_path": None,
            "authentication_type": None,
            "aws_role_to_assume": None,
        },
        [
            ("error", "name is missing", ("name",)),
            ("error", "aws_account_id is missing", ("aws_account_id",)),
            ("error", "aws_region is missing", ("aws_region",)),
            ("error", "aws_location_role is missing", ("aws_location_role",)),
            ("error", "aws_location_path is missing", ("aws_location_path",)),
            ("error", "authentication_type is missing", ("authentication_type",)),
        ],
    ),
    Bad("blank text in the place of a name", "s3", {"name": "  "}, [("error", "name is missing", ("name",))]),
    Bad(
        "an unknown region",
        "s3",
        {"aws_region": "Frankfurt"},
        [("warning", "aws_region probably has the wrong form", ("aws_region",))],
    ),
    Bad(
        "a role that is not an ARN",
        "s3",
        {"aws_location_role": "immuta-location"},
        [("error", "aws_location_role has the wrong form", ("aws_location_role",))],
    ),
    Bad(
        "a path that is not an S3 prefix",
        "s3",
        {"aws_location_path": "bucket/prefix"},
        [("warning", "aws_location_path probably has the wrong form", ("aws_location_path",))],
    ),
    Bad(
        "a way of signing in that S3 does not have",
        "s3",
        {"authentication_type": "password"},
        [("error", "authentication_type has a value that Immuta does not accept", ("authentication_type",))],
    ),
    Bad(
        "a missing access key",
        "s3",
        {"authentication_type": "accessKey", "aws_role_to_assume": None},
        [
            ("error", "aws_access_key_id is missing", ("aws_access_key_id",)),
            ("error", "aws_secret_access_key is missing", ()),
        ],
    ),
    Bad(
        "a secret beside another way of signing in",
        "s3",
        {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": SECRET},
        [
            ("warning", "aws_access_key_id is probably not used", ("aws_access_key_id",)),
            ("warning", "aws_secret_access_key is probably not used", ()),
        ],
    ),
    Bad(
        "automatic sign-in without a role",
        "s3",
        {"aws_role_to_assume": None},
        [("warning", "aws_role_to_assume is probably missing", ("aws_role_to_assume",))],
    ),
    Bad("a port beyond the last", "s3", {"port": 65536}, [("error", "port is out of range", ("port",))]),
    Bad(
        "a port that is not a whole number",
        "s3",
        {"port": 443.5},
        [("error", "port is out of range", ("port",))],
    ),
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
            ("error", "auto_bootstrap has a value that Immuta does not accept", ("auto_bootstrap",)),
            ("warning", "aws_account_id probably has the wrong form", ("aws_account_id",)),
            ("warning", "aws_region probably has the wrong form", ("aws_region",)),
            ("error", "aws_location_role has the wrong form", ("aws_location_role",)),
            ("warning", "aws_location_path probably has the wrong form", ("aws_location_path",)),
        ],
    ),
    Bad(
        "an account id as a number, which would lose its zeros",
        "s3",
        {"aws_account_id": 210987654321},
        [("error", "aws_account_id has the wrong type", ("aws_account_id",))],
        python_only=True,
    ),
    Bad(
        "an access key without its parts",
        "s3",
        {"authentication_type": "accessKey", "aws_secret_access_key": " "},
        [
            ("error", "aws_access_key_id is missing", ("aws_access_key_id",)),
            ("error", "aws_secret_access_key is missing", ()),
        ],
    ),
    Bad(
        "a role without the role, and an access key beside it",
        "s3 with keys",
        {"authentication_type": "auto"},
        [
            ("warning", "aws_role_to_assume is probably missing", ("aws_role_to_assume",)),
            ("warning", "aws_access_key_id is probably not used", ("aws_access_key_id",)),
            ("warning", "aws_secret_access_key is probably not used", ()),
        ],
    ),
)
SYNAPSE = (
    Bad(
        "Synapse without its password", "synapse", {"password": None}, [("error", "password is missing", ())]
    ),
    Bad("an empty password", "synapse", {"password": ""}, [("error", "password is missing", ())]),
    Bad(
        "auto_bootstrap is not set",
        "synapse",
        {"auto_bootstrap": None},
        [("error", "auto_bootstrap is missing", ("auto_bootstrap",))],
    ),
    Bad(
        "a URL in the place of a host",
        "synapse",
        {"host": "https://pool.sql.azuresynapse.net/"},
        [("error", "host has the wrong form", ("host",))],
    ),
    Bad(
        "an unfamiliar way of signing in to Synapse",
        "synapse",
        {"authentication_type": "managedIdentity"},
        [("warning", "authentication_type has an unfamiliar value", ("authentication_type",))],
    ),
    Bad("a negative port", "synapse", {"port": -1}, [("error", "port is out of range", ("port",))]),
    Bad(
        "a host with a port, and nothing else",
        "synapse",
        {
            "auto_bootstrap": False,
            "host": "acme.sql.azuresynapse.net:1433",
            "database": None,
            "schema": None,
            "authentication_type": None,
            "username": None,
            "password": None,
        },
        [
            ("error", "host has the wrong form", ("host",)),
            ("error", "database is missing", ("database",)),
            ("error", "schema is missing", ("schema",)),
            ("error", "authentication_type is missing", ("authentication_type",)),
        ],
    ),
    Bad(
        "no user, and an OAuth client that is not used",
        "synapse",
        {"username": None, "password": None, "oauth_client_config": OAUTH},
        [
            ("error", "username is missing", ("username",)),
            ("error", "password is missing", ()),
            ("warning", "oauth_client_config is probably not used", ()),
        ],
    ),
    Bad(
        "OAuth without its client",
        "synapse",
        {"authentication_type": "oAuthClientCredentials"},
        [
            ("warning", "username is probably not used", ("username",)),
            ("warning", "password is probably not used", ()),
            ("warning", "oauth_client_config is probably missing", ()),
        ],
    ),
)
DATABRICKS = (
    Bad(
        "a catalog with a dash",
        "databricks",
        {"catalog": "immuta-prod"},
        [("error", "catalog has the wrong form", ("catalog",))],
    ),
    Bad("no token", "databricks", {"token": None}, [("warning", "token is probably missing", ())]),
    Bad(
        "a token beside OAuth",
        "databricks with oauth",
        {"token": SECRET},
        [("warning", "token is probably not used", ())],
    ),
    Bad(
        "OAuth without a client",
        "databricks with oauth",
        {"oauth_client_config": None},
        [("warning", "oauth_client_config is probably missing", ())],
    ),
    Bad(
        "a certificate without its key",
        "databricks with oauth",
        {"oauth_client_config.use_certificate": True},
        [
            ("warning", "oauth_client_config.client_secret is probably not used", ()),
            ("warning", "oauth_client_config.public_certificate_thumbprint is probably missing", ()),
            ("warning", "oauth_client_config.oauth_private_key is probably missing", ()),
        ],
    ),
    Bad(
        "an OAuth client without an address",
        "databricks with oauth",
        {"oauth_client_config.authority_url": None},
        [("warning", "oauth_client_config.authority_url is probably missing", ())],
    ),
    Bad(
        "a proxy without a host",
        "databricks",
        {"proxy_options": {"port": 0.5, "password": SECRET}},
        [
            ("warning", "proxy_options.host is probably missing", ()),
            ("error", "proxy_options.port is out of range", ()),
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
            ("warning", "additional_workspace_connections[0].token is probably missing", ()),
            ("warning", "additional_workspace_connections[1].workspace_url probably has the wrong form", ()),
            ("warning", "additional_workspace_connections[1].http_path is probably missing", ()),
            (
                "warning",
                "additional_workspace_connections[1].authentication_type has an unfamiliar value",
                (),
            ),
            ("warning", "additional_workspace_connections[1].catalogs is probably missing", ()),
        ],
    ),
    Bad(
        "an id that is null",
        "databricks",
        {"workspace_ids": ["1", None]},
        [("error", "workspace_ids[1] is missing", ("workspace_ids", 1))],
    ),
    Bad(
        "no token, and a catalog that Databricks would not take",
        "databricks",
        {"token": None, "catalog": "1-immuta", "proxy_options": {}},
        [
            ("warning", "token is probably missing", ()),
            ("error", "catalog has the wrong form", ("catalog",)),
            ("warning", "proxy_options.host is probably missing", ()),
        ],
    ),
    Bad(
        "a token beside OAuth, and nothing of it",
        "databricks",
        {"authentication_type": "oAuthM2M"},
        [
            ("warning", "token is probably not used", ()),
            ("warning", "oauth_client_config is probably missing", ()),
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
            ("warning", "additional_workspace_connections[0].token is probably not used", ()),
            (
                "error",
                "additional_workspace_connections[0].oauth_client_config.use_certificate has the wrong type",
                (),
            ),
            ("error", "additional_workspace_connections[0].catalogs[1] is missing", ()),
            ("error", "additional_workspace_connections[1] is missing", ()),
            ("error", "additional_workspace_connections[2] has the wrong type", ()),
            ("warning", "additional_workspace_connections[3].workspace_url is probably missing", ()),
            ("warning", "additional_workspace_connections[3].http_path is probably missing", ()),
            (
                "warning",
                "additional_workspace_connections[3].authentication_type has an unfamiliar value",
                (),
            ),
            ("warning", "additional_workspace_connections[3].catalogs is probably missing", ()),
        ],
        python_only=True,
    ),
)
BIGQUERY = (
    Bad(
        "a key file's name, and a suffix without an underscore",
        "bigquery",
        {"credential": "key-file-hunter2.json", "dataset_suffix": "secure"},
        [
            ("error", "dataset_suffix has the wrong form", ("dataset_suffix",)),
            ("warning", "credential is not JSON", ()),
        ],
    ),
    Bad("no key file", "bigquery", {"credential": None}, [("error", "credential is missing", ())]),
    Bad(
        "everything that BigQuery needs",
        "bigquery",
        {"role": None, "dataset_suffix": None, "credential": None, "port": -1},
        [
            ("warning", "role is probably missing", ("role",)),
            ("warning", "dataset_suffix is probably missing", ("dataset_suffix",)),
            ("error", "credential is missing", ()),
            ("error", "port is out of range", ("port",)),
        ],
    ),
)
REDSHIFT = (
    Bad(
        "Okta in an automatic set-up",
        "redshift with okta",
        {"auto_bootstrap": True},
        [("error", 'authentication_type "okta" does not go with auto_bootstrap', ("authentication_type",))],
    ),
    Bad(
        "Okta without its parts",
        "redshift with okta",
        {"okta": {}},
        [
            ("warning", "okta.username is probably missing", ()),
            ("warning", "okta.password is probably missing", ()),
            ("warning", "okta.app_id is probably missing", ()),
            ("warning", "okta.idp_host is probably missing", ()),
            ("warning", "okta.role is probably missing", ()),
        ],
    ),
    Bad(
        "an access key without its parts",
        "redshift with keys",
        {"database_user": None, "access_key_id": None, "secret_key": None},
        [
            ("warning", "database_user is probably missing", ("database_user",)),
            ("warning", "access_key_id is probably missing", ("access_key_id",)),
            ("warning", "secret_key is probably missing", ()),
        ],
    ),
    Bad(
        "a configured token beside a password",
        "redshift",
        {"session_token": SECRET},
        [("warning", "session_token is probably not used", ())],
    ),
    Bad(
        "Okta in the automatic set-up, half told",
        "redshift with okta",
        {"auto_bootstrap": True, "okta": {"username": "o", "role": "r"}, "username": "u"},
        [
            ("error", 'authentication_type "okta" does not go with auto_bootstrap', ("authentication_type",)),
            ("warning", "username is probably not used", ("username",)),
            ("warning", "okta.password is probably missing", ()),
            ("warning", "okta.app_id is probably missing", ()),
            ("warning", "okta.idp_host is probably missing", ()),
        ],
    ),
    Bad(
        "a password for an access key",
        "redshift",
        {"authentication_type": "accessKey"},
        [
            ("warning", "username is probably not used", ("username",)),
            ("warning", "password is probably not used", ()),
            ("warning", "database_user is probably missing", ("database_user",)),
            ("warning", "access_key_id is probably missing", ("access_key_id",)),
            ("warning", "secret_key is probably missing", ()),
        ],
    ),
    Bad(
        "a way of signing in that is not known",
        "redshift",
        {"authentication_type": "iam"},
        [("warning", "authentication_type has an unfamiliar value", ("authentication_type",))],
    ),
)
SNOWFLAKE = (
    Bad(
        "OAuth in an automatic set-up",
        "snowflake with oauth",
        {"auto_bootstrap": True},
        [
            (
                "error",
                'authentication_type "oAuthClientCredentials" does not go with auto_bootstrap',
                ("authentication_type",),
            ),
            ("warning", "role is probably missing", ("role",)),
        ],
    ),
    Bad(
        "a key pair without its key",
        "snowflake with key pair",
        {"private_key": None},
        [("error", "private_key is missing", ())],
    ),
    Bad(
        "a key with another name, and none of its content",
        "snowflake with key pair",
        {"private_key.key_name": "KEY", "private_key.content": None},
        [
            ("error", "private_key.key_name has a value that Immuta does not accept", ()),
            ("error", "private_key.content is missing", ()),
        ],
    ),
    Bad(
        "a passphrase beside a password",
        "snowflake",
        {"private_key_password": SECRET},
        [("warning", "private_key_password is probably not used", ())],
    ),
    Bad(
        "a batch of one and a half rows",
        "snowflake",
        {"audit": {"enabled": True}, "lineage": {"enabled": True, "ingest_batch_size": 1.5}},
        [("error", "lineage.ingest_batch_size is out of range", ("lineage", "ingest_batch_size"))],
    ),
    Bad(
        "lineage without audit",
        "snowflake",
        {"lineage": {"enabled": True}},
        [("warning", "lineage.enabled may not work as it is set", ("lineage", "enabled"))],
    ),
    Bad(
        "additional_config: an attribute of its own",
        "snowflake",
        {"additional_config": '{"warehouse": "OTHER"}'},
        [("error", "additional_config repeats warehouse", ())],
    ),
    Bad(
        "additional_config: an attribute of its own, inside",
        "snowflake",
        {"additional_config": '{"lineage": {"lineageConfig": {"tagFilter": ".*"}}}'},
        [("error", "additional_config repeats lineage.lineage_config.tag_filter", ())],
    ),
    Bad(
        "additional_config: a secret of its own",
        "snowflake",
        {"additional_config": '{"password": "hunter2-secret"}'},
        [("error", "additional_config repeats password", ())],
    ),
    Bad(
        "timeouts: an unknown unit",
        "snowflake",
        {"timeouts": {"update": "1d", "delete": "5 m"}},
        [
            ("error", "timeouts.delete is not a duration", ("timeouts", "delete")),
            ("error", "timeouts.update is not a duration", ("timeouts", "update")),
        ],
    ),
    Bad(
        "timeouts: zero, and less",
        "snowflake",
        {"timeouts": {"create": "", "update": "0s", "delete": "-5m"}},
        [
            ("error", "timeouts.create is not a duration", ("timeouts", "create")),
            ("error", "timeouts.delete is not a duration", ("timeouts", "delete")),
            ("error", "timeouts.update is not a duration", ("timeouts", "update")),
        ],
    ),
    Bad(
        "nothing at all",
        "snowflake",
        {
            "auto_bootstrap": None,
            "host": None,
            "warehouse": None,
            "database": None,
            "authentication_type": None,
            "username": None,
            "password": None,
            "role": None,
        },
        [
            ("error", "auto_bootstrap is missing", ("auto_bootstrap",)),
            ("error", "host is missing", ("host",)),
            ("error", "warehouse is missing", ("warehouse",)),
            ("error", "database is missing", ("database",)),
            ("error", "authentication_type is missing", ("authentication_type",)),
        ],
    ),
    Bad(
        "empty and blank text",
        "snowflake",
        {"warehouse": "", "database": " \t", "password": ""},
        [
            ("error", "warehouse is missing", ("warehouse",)),
            ("error", "database is missing", ("database",)),
            ("error", "password is missing", ()),
        ],
    ),
    Bad(
        "a mistyped way of signing in is one problem",
        "snowflake",
        {"authentication_type": "userPasword"},
        [("error", "authentication_type has a value that Immuta does not accept", ("authentication_type",))],
    ),
    Bad(
        "no way of signing in is one problem, whatever else is set",
        "snowflake in full",
        {"authentication_type": None, "password": SECRET},
        [("error", "authentication_type is missing", ("authentication_type",))],
    ),
    Bad(
        "a password for a key pair",
        "snowflake",
        {"authentication_type": "keyPair"},
        [("warning", "password is probably not used", ()), ("error", "private_key is missing", ())],
    ),
    Bad(
        "no user name",
        "snowflake",
        {"username": None, "role": None},
        [("error", "username is missing", ("username",)), ("warning", "role is probably missing", ("role",))],
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
            ("warning", "audit is empty", ("audit",)),
            ("warning", "workspaces is empty", ("workspaces",)),
            ("warning", "lineage.lineage_config is empty", ("lineage", "lineage_config")),
        ],
    ),
    Bad(
        "an object without its required parts is not reported as empty too",
        "snowflake in full",
        {"private_key": {}},
        [
            ("error", "private_key.key_name is missing", ()),
            ("error", "private_key.user_filename is missing", ()),
            ("error", "private_key.content is missing", ()),
        ],
    ),
    Bad(
        "OAuth without its client",
        "snowflake with client secret",
        {"oauth_client_config": None},
        [("error", "oauth_client_config is missing", ())],
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
            ("error", "oauth_client_config.client_id is missing", ()),
            ("warning", "oauth_client_config.client_secret is probably not used", ()),
            ("warning", "oauth_client_config.authority_url is probably missing", ()),
            ("warning", "oauth_client_config.public_certificate_thumbprint is probably missing", ()),
            ("warning", "oauth_client_config.oauth_private_key is probably missing", ()),
        ],
    ),
    Bad(
        "a private key under another name, and not as text",
        "snowflake in full",
        {"private_key": {"key_name": "MY_KEY", "user_filename": "", "content": 12345}},
        [
            ("error", "private_key.key_name has a value that Immuta does not accept", ()),
            ("error", "private_key.user_filename is missing", ()),
            ("error", "private_key.content has the wrong type", ()),
        ],
        python_only=True,
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
            ("error", "host has the wrong type", ("host",)),
            ("error", "port has the wrong type", ("port",)),
            ("error", "password has the wrong type", ()),
            ("error", "audit has the wrong type", ("audit",)),
            ("error", "workspaces.enabled has the wrong type", ("workspaces", "enabled")),
            ("error", "impersonation has the wrong type", ("impersonation",)),
            ("error", "user_role_pattern.exclude has the wrong type", ("user_role_pattern", "exclude")),
        ],
        python_only=True,
    ),
    Bad(
        "elements of the wrong type",
        "snowflake",
        {"user_role_pattern": {"exclude": ["A", None, 5, True, ["B"]]}},
        [
            ("error", "user_role_pattern.exclude[1] is missing", ("user_role_pattern", "exclude", 1)),
            ("error", "user_role_pattern.exclude[2] has the wrong type", ("user_role_pattern", "exclude", 2)),
            ("error", "user_role_pattern.exclude[3] has the wrong type", ("user_role_pattern", "exclude", 3)),
            ("error", "user_role_pattern.exclude[4] has the wrong type", ("user_role_pattern", "exclude", 4)),
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
            ("warning", "host probably has the wrong form", ("host",)),
            ("error", "port is out of range", ("port",)),
            ("error", "lineage.ingest_batch_size is out of range", ("lineage", "ingest_batch_size")),
        ],
    ),
    Bad(
        "features without what they need",
        "snowflake",
        {"audit": {"enabled": False}, "workspaces": {"enabled": True}, "lineage": {"enabled": True}},
        [
            ("warning", "workspaces.warehouses is probably missing", ("workspaces", "warehouses")),
            ("warning", "lineage.enabled may not work as it is set", ("lineage", "enabled")),
        ],
    ),
)
TRINO = (
    Bad(
        "additional_config: not JSON",
        "trino",
        {"additional_config": "{'key': 1}"},
        [("error", "additional_config is not a JSON object", ())],
    ),
    Bad(
        "additional_config: not an object",
        "trino",
        {"additional_config": "[1]"},
        [("error", "additional_config is not a JSON object", ())],
    ),
    Bad(
        "additional_config: what looks like a secret, deep inside",
        "trino",
        {"additional_config": '{"a": [{"b": {"Client-Secret": "hunter2-secret"}}]}'},
        [("error", "additional_config has a key that looks like a secret", ())],
    ),
    Bad(
        "additional_config: a key that hides a secret",
        "trino",
        {"additional_config": '{"x": {"password": "hunter2-secret"}, "x": {}}'},
        [("error", "additional_config has a key twice", ())],
    ),
    Bad(
        "timeouts: a number without a unit",
        "trino",
        {"timeouts": {"create": "10"}},
        [("error", "timeouts.create is not a duration", ("timeouts", "create"))],
    ),
    Bad(
        "timeouts: an empty object",
        "trino",
        {"timeouts": {}},
        [("warning", "timeouts is empty", ("timeouts",))],
    ),
)

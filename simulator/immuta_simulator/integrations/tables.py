"""The keys that Immuta accepts, defaults and masks, for each integration type, as data.

Written from Immuta's "Integrations API" pages (payload reference and how-to guides, release 2025.1) and kept apart
from the provider's model on purpose. Where the pages disagree or leave a gap, the lenient reading is taken: the
simulator refuses a payload only for what is stated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

STRING: Final = "string"
NUMBER: Final = "number"
BOOLEAN: Final = "boolean"
STRINGS: Final = "array of strings"
OBJECT: Final = "object"
OBJECTS: Final = "array of objects"


class Unset:
    """The absence of a default, since `None` is a possible default."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset()

Condition = tuple[tuple[str, tuple[Any, ...]], ...]
"""Pairs of a key and its values. It holds if every key has one of its values; `()` never holds. A key is searched first among the
siblings, then at the top."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of `config`, or of an object inside it."""

    name: str
    kind: str = STRING
    required: bool = False
    required_if: Condition = ()
    accepts: tuple[str, ...] = ()
    pattern: str = ""
    minimum: int | None = None
    maximum: int | None = None
    default: Any = UNSET
    """Immuta's default for a missing key."""
    default_if: Condition = ()
    """The condition of the default; `()` means always."""
    doubtful: bool = False
    """True if the default is not certain; it is then used only with the setting `doubtful_defaults`."""
    secret: bool = False
    identifier: bool = False
    """True if some releases may mask the value, although it is not secret (access key ids)."""
    one_time: bool = False
    """True if only the automatic set-up uses the value, such as a privileged user name. Immuta may not return it."""
    frozen: bool = False
    """True if PUT cannot change the value."""
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Type:
    """One integration type."""

    name: str
    keys: tuple[Key, ...]
    tag: str
    """Short name for addresses and examples."""
    automatic: bool = True
    """True if `autoBootstrap: true` is possible."""
    needs_envelope: bool = True
    """True if `autoBootstrap` and `config` are required."""
    editable: bool = True
    manual_only: tuple[tuple[str, str], ...] = ()
    """(key, value) pairs that only go with `autoBootstrap: false`."""
    scripts: frozenset[str] = frozenset()
    """The script routes that serve this type."""
    disable_credentials: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The credentials that DELETE requires for an automatic set-up: (authentication type, the keys)."""


def when(**values: Any) -> Condition:
    return tuple((name, value if isinstance(value, tuple) else (value,)) for name, value in values.items())


def port(default: int, *, frozen: bool = False) -> Key:
    return Key("port", NUMBER, minimum=0, maximum=65535, default=default, frozen=frozen)


def impersonation(role: str) -> Key:
    return Key(
        "impersonation",
        OBJECT,
        default={"enabled": False},
        keys=(
            Key("enabled", BOOLEAN, default=False),
            Key("role", default=role, default_if=when(enabled=True)),
        ),
    )


def private_key(name: str, *, accepts: tuple[str, ...] = (), required_if: Condition) -> Key:
    return Key(
        name,
        OBJECT,
        required_if=required_if,
        keys=(
            Key("keyName", required=True, accepts=accepts),
            Key("userFilename", required=True),
            Key("content", required=True, secret=True),
        ),
    )


def oauth_client(authentication_type: str) -> Key:
    return Key(
        "oAuthClientConfig",
        OBJECT,
        required_if=when(authenticationType=authentication_type),
        keys=(
            Key("useCertificate", BOOLEAN, required=True),
            Key("clientId", required=True),
            Key("clientSecret", required_if=when(useCertificate=False), secret=True),
            Key("authorityUrl", required=True),
            Key("scope", default="all-apis", doubtful=True),
            Key("publicCertificateThumbprint", required_if=when(useCertificate=True)),
            Key("resource"),
            private_key("oauthPrivateKey", required_if=when(useCertificate=True)),
        ),
    )


AMAZON_S3 = Type(
    "Native S3",
    tag="amazon-s3",
    automatic=False,
    keys=(
        Key("name", required=True),
        Key("awsAccountId", required=True, frozen=True),
        Key("awsRegion", required=True, frozen=True),
        Key("awsLocationRole", required=True, frozen=True),
        Key("awsLocationPath", required=True, frozen=True),
        Key("authenticationType", required=True, accepts=("auto", "accessKey")),
        # Immuta's table prints an empty list as the default of this text.
        Key("awsRoleToAssume", default=[], doubtful=True),
        Key("awsAccessKeyId", required_if=when(authenticationType="accessKey"), identifier=True),
        Key("awsSecretAccessKey", required_if=when(authenticationType="accessKey"), secret=True),
        port(443),
    ),
)

AZURE_SYNAPSE = Type(
    "Azure Synapse Analytics",
    tag="azure-synapse",
    keys=(
        Key("host", required=True, frozen=True, pattern=r"[^/\s]+"),
        Key("database", required=True, frozen=True),
        Key("schema", required=True, frozen=True),
        Key("authenticationType", required=True, accepts=("userPassword", "oAuthClientCredentials")),
        Key("username", required_if=when(authenticationType="userPassword"), one_time=True),
        Key("password", required_if=when(authenticationType="userPassword"), secret=True),
        oauth_client("oAuthClientCredentials"),
        port(1433, frozen=True),
        impersonation("IMMUTA_IMPERSONATION"),
        Key(
            "metadataDelimiters",
            OBJECT,
            default={},
            frozen=True,
            keys=(
                Key("hashDelimiter", default="|"),
                Key("hashKeyDelimiter", default=":"),
                Key("arrayDelimiter", default=","),
            ),
        ),
    ),
    scripts=frozenset({"create", "initial-create", "cleanup", "post-cleanup", "delete", "edit"}),
    disable_credentials=(
        ("userPassword", ("username", "password")),
        ("oAuthClientCredentials", ("oAuthClientConfig",)),
    ),
)

DATABRICKS_CREDENTIAL = (
    Key("authenticationType", required=True, accepts=("token", "oAuthM2M")),
    Key("token", required_if=when(authenticationType="token"), secret=True),
    oauth_client("oAuthM2M"),
)

DATABRICKS = Type(
    "Databricks",
    tag="databricks",
    keys=(
        Key("workspaceUrl", required=True, frozen=True),
        Key("httpPath", required=True),
        *DATABRICKS_CREDENTIAL,
        Key("catalog", default="immuta", pattern=r"[A-Za-z_][A-Za-z0-9_]*", frozen=True),
        port(443),
        Key("audit", OBJECT, default={}, keys=(Key("enabled", BOOLEAN, default=False),)),
        Key("groupPattern", OBJECT, default={}, doubtful=True, keys=(Key("deny"),)),
        Key("workspaceIds", STRINGS, default=[], doubtful=True),
        Key(
            "proxyOptions",
            OBJECT,
            keys=(
                Key("host", required=True),
                Key("port", NUMBER, minimum=0, maximum=65535, default=443, doubtful=True),
                Key("username"),
                Key("password", secret=True),
            ),
        ),
        Key(
            "additionalWorkspaceConnections",
            OBJECTS,
            default=[],
            doubtful=True,
            keys=(
                Key("workspaceUrl", required=True),
                Key("httpPath", required=True),
                *DATABRICKS_CREDENTIAL,
                Key("catalogs", STRINGS),
            ),
        ),
    ),
    scripts=frozenset({"create", "cleanup", "delete", "edit"}),
)

BIGQUERY = Type(
    "Google BigQuery",
    tag="bigquery",
    automatic=False,
    keys=(
        Key("role", required=True),
        Key("datasetSuffix", required=True, pattern=r"_.*", frozen=True),
        Key("dataset", default="immuta", frozen=True),
        Key("location", default="us-east1", frozen=True),
        Key("credential", required=True, secret=True),
        port(443),
    ),
    scripts=frozenset({"create"}),
)

REDSHIFT = Type(
    "Redshift",
    tag="redshift",
    manual_only=(("authenticationType", "okta"),),
    keys=(
        Key("host", required=True, frozen=True),
        Key("database", required=True, frozen=True),
        Key("initialDatabase", required=True, frozen=True),
        port(5439, frozen=True),
        Key("authenticationType", required=True, accepts=("userPassword", "accessKey", "okta")),
        Key("username", required_if=when(authenticationType="userPassword"), one_time=True),
        Key("password", required_if=when(authenticationType="userPassword"), secret=True),
        Key("databaseUser", required_if=when(authenticationType="accessKey"), one_time=True),
        Key("accessKeyId", required_if=when(authenticationType="accessKey"), identifier=True, one_time=True),
        Key("secretKey", required_if=when(authenticationType="accessKey"), secret=True),
        Key("sessionToken", secret=True),
        Key(
            "okta",
            OBJECT,
            required_if=when(authenticationType="okta"),
            keys=(
                Key("username", required=True),
                Key("password", required=True, secret=True),
                Key("appId", required=True),
                Key("idpHost", required=True),
                Key("role", required=True),
            ),
        ),
        impersonation("immuta_impersonation"),
        Key("connectArgs", secret=True),
    ),
    scripts=frozenset({"create", "initial-create", "cleanup", "delete", "edit"}),
    disable_credentials=(
        ("userPassword", ("username", "password")),
        ("accessKey", ("databaseUser", "accessKeyId", "secretKey")),
    ),
)

SNOWFLAKE = Type(
    "Snowflake",
    tag="snowflake",
    manual_only=(("authenticationType", "oAuthClientCredentials"),),
    keys=(
        Key("host", required=True, frozen=True),
        port(443, frozen=True),
        Key("warehouse", required=True),
        Key("database", required=True, frozen=True),
        Key(
            "authenticationType", required=True, accepts=("userPassword", "keyPair", "oAuthClientCredentials")
        ),
        Key("username", required_if=when(authenticationType=("userPassword", "keyPair")), one_time=True),
        Key("password", required_if=when(authenticationType="userPassword"), secret=True),
        Key("role", required_if=when(autoBootstrap=True), one_time=True),
        private_key("privateKey", accepts=("PRIV_KEY_FILE",), required_if=when(authenticationType="keyPair")),
        Key("privateKeyPassword", secret=True),
        oauth_client("oAuthClientCredentials"),
        Key("connectArgs", secret=True),
        Key("audit", OBJECT, default={}, keys=(Key("enabled", BOOLEAN, default=False),)),
        Key(
            "workspaces",
            OBJECT,
            default={},
            keys=(
                Key("enabled", BOOLEAN, default=False),
                Key("warehouses", STRINGS, required_if=when(enabled=True), default=[], doubtful=True),
            ),
        ),
        impersonation("IMMUTA_IMPERSONATION"),
        Key(
            "lineage",
            OBJECT,
            default={},
            keys=(
                Key("enabled", BOOLEAN, default=False),
                Key("lineageConfig", OBJECT, keys=(Key("tableFilter"), Key("tagFilter"))),
                Key("ingestBatchSize", NUMBER, default=1000, default_if=when(enabled=True)),
            ),
        ),
        Key("userRolePattern", OBJECT, keys=(Key("exclude", STRINGS),)),
    ),
    scripts=frozenset({"create", "cleanup", "delete", "edit"}),
    disable_credentials=(
        ("userPassword", ("username", "password")),
        ("keyPair", ("username", "privateKey")),
    ),
)

TRINO = Type("Trino", tag="trino", keys=(), needs_envelope=False, automatic=False, editable=False)

TYPES: Final[dict[str, Type]] = {
    t.name: t for t in (AMAZON_S3, AZURE_SYNAPSE, DATABRICKS, BIGQUERY, REDSHIFT, SNOWFLAKE, TRINO)
}

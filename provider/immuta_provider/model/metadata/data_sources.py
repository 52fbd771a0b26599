"""Data sources of every platform."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field as PydanticField

from immuta_provider.model.fields import Choices
from immuta_provider.model.spec import AboutReading, Object, Reading, Spec


class Policy(Object):
    """A global policy that applies to a data source."""

    id: Annotated[str | None, Spec("id", "Immuta's id of the policy.")] = None
    name: Annotated[str | None, Spec("name", "The name of the policy.")] = None
    type: Annotated[str | None, Spec("type", "Immuta's word for the type of the policy.")] = None
    disabled: Annotated[bool | None, Spec("disabled", "true: it is disabled for the data source.")] = None


class Filters(Object):
    """The data sources to read; Immuta itself filters."""

    search_text: Annotated[
        str | None,
        Spec("searchText", "Only the data sources whose name contains this text.", default="all of them."),
    ] = None
    platform: Annotated[
        str | None,
        Spec("blobHandlerType[]", "Only those of this platform, such as `Snowflake`.", default="all."),
    ] = None
    schema_: Annotated[
        str | None, Spec("schema", "Only those of this schema of the platform.", default="all.")
    ] = PydanticField(default=None, alias="schema")
    tag: Annotated[str | None, Spec("tag[]", "Only those with this tag.", default="all.")] = None
    status: Annotated[
        str | None,
        Spec(
            "status[]",
            "Only those with this result of Immuta's checks: `passed` or `failed`.",
            default="all.",
            choices=Choices("passed", "failed", strict=False),
        ),
    ] = None
    domain_id: Annotated[
        str | None, Spec("domainId", "Only those in the domain with this id.", default="in any, or in none.")
    ] = None
    with_policies: Annotated[
        bool | None,
        Spec(
            "",
            "true: read `tags` and `policies` as well. That takes one more request for each data source.",
            default="false, and both are null.",
        ),
    ] = None


class DataSources(Reading):
    """The data sources of every platform that the user behind the credential may see, also disabled ones."""

    about = AboutReading(
        resource="immuta_data_sources",
        noun="data source",
        plural="data sources",
        route="GET /dataSource",
        items="hits",
        page=200,
        details="GET /dataSource/{id}",
        details_when="with_policies",
        arguments=Filters,
        example={"platform": "Snowflake", "with_policies": True},
    )

    id: Annotated[str, Spec("id", "Immuta's id of the data source.")]
    name: Annotated[str | None, Spec("name", "The name of the data source.")] = None
    platform: Annotated[
        str | None, Spec("blobHandlerType", "The platform, such as `Snowflake` (Immuta: `blobHandlerType`).")
    ] = None
    schema_: Annotated[
        str | None, Spec("remoteSchema", "The schema of the platform (Immuta: `remoteSchema`).")
    ] = PydanticField(default=None, alias="schema")
    table: Annotated[
        str | None, Spec("remoteTable", "The table of the platform (Immuta: `remoteTable`).")
    ] = None
    connection_string: Annotated[
        str | None,
        Spec(
            "connectionString",
            "The place of the data: `user@host:port/database`. Text of another form is null, since it may contain a secret.",
            pattern="[^:/?#;=& ]+:?[0-9]*/?[^:@?#;=&]*",
            pattern_hint="user@host:port/database",
        ),
    ] = None
    status: Annotated[str | None, Spec("status", "The result of Immuta's checks, such as `passed`.")] = None
    deleted: Annotated[bool | None, Spec("deleted", "true: the data source is disabled.")] = None
    domain_id: Annotated[str | None, Spec("domainId", "The id of its domain.")] = None
    domain_name: Annotated[str | None, Spec("domainName", "The name of its domain.")] = None
    tags: Annotated[
        frozenset[str] | None,
        Spec("tags", "The names of its tags; null without `with_policies`.", item_key="name"),
    ] = None
    policies: Annotated[
        list[Policy] | None,
        Spec("globalPolicies", "The global policies that apply to it; null without `with_policies`."),
    ] = None

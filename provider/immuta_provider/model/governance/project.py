"""Projects."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from immuta_provider.model.fields import Routes
from immuta_provider.model.governance import subscription_policy as subscription
from immuta_provider.model.spec import About, Object, Resource, Shape, Spec

UPSERT = "POST /api/v2/project?deleteDataSourcesOnWorkspaceDelete={delete_data_sources_on_workspace_delete}"
CONFIG = Spec("config", "The place of the workspace.", spread=True)


class DatabricksPlace(Object):
    """The place of a Databricks workspace."""

    class_name = "DatabricksWorkspaceConfig"

    database: Annotated[str, Spec("database", "The database.")]
    directory: Annotated[str, Spec("directory", "The directory.")]
    workspace_configuration_name: Annotated[
        str, Spec("workspaceConfigurationName", "The name of the workspace's configuration in Immuta.")
    ]


class SnowflakePlace(Object):
    """The place of a Snowflake workspace."""

    class_name = "SnowflakeWorkspaceConfig"

    # pydantic's BaseModel has a method `schema`, so the Python attribute carries PEP 8's underscore.
    schema_: Annotated[str, Spec("schema", "The schema.")] = Field(alias="schema")
    warehouses: Annotated[list[str] | None, Spec("warehouses", "The warehouses.", default="None.")] = None


class DatabricksWorkspace(Shape):
    """A workspace in Databricks."""

    word = "databricks"
    config: Annotated[DatabricksPlace, CONFIG]


class SnowflakeWorkspace(Shape):
    """A workspace in Snowflake."""

    word = "snowflake"
    config: Annotated[SnowflakePlace, CONFIG]


class Project(Resource):
    """A project: data sources, and the purposes for which its members may use them."""

    about = About(
        resource="immuta_project",
        family="governance",
        title="Project",
        noun="project",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v2-api/projects",
        life=Routes(
            UPSERT,
            "GET /project/{id}",
            "DELETE /api/v2/project/{project_key}",
            update=UPSERT,
            list="GET /project",
            permission="CREATE_PROJECT",
            items="hits",
            page=200,
            created_id="projectId",
            absent_when=(("deleted", True),),
            reserved_when=(("type", "Schema"),),
            adapter="projects",
        ),
        unique_by=("project_key",),
        digested=("subscriptionType", "subscriptionPolicy", "equalization", "workspace"),
        replacing=(
            "replacing a project deletes the old one with its members first. Set `create_before_destroy = true` in `lifecycle`, "
            "or keep `project_key`."
        ),
    )

    project_key: Annotated[
        str, Spec("projectKey", "The key. It has to be unique among the projects.", replace=True)
    ]
    name: Annotated[str, Spec("name", "The name. It has to be unique among the projects.")]
    description: Annotated[str | None, Spec("description", "A text about the project.", default="None.")] = (
        None
    )
    documentation: Annotated[
        str | None,
        Spec(
            "documentation",
            "A text in Markdown about the project.",
            default="Immuta's own text, or none.",
            computed=True,
        ),
    ] = None
    allow_masked_joins: Annotated[
        bool | None,
        Spec(
            "allowMaskedJoins",
            "true: members may join tables on masked columns.",
            default="false.",
            computed=True,
            computed_as=False,
        ),
    ] = None
    purposes: Annotated[
        frozenset[str] | None,
        Spec(
            "purposes",
            "The whole names of its purposes.",
            default="None.",
            item_key="name",
            names="immuta_purpose.name",
        ),
    ] = None
    datasources: Annotated[
        frozenset[str] | None,
        Spec(
            "datasources",
            "The names of its data sources.",
            default="None: they are not read then, and an update removes those that others added.",
            names="immuta_s3_data_source.data_source_name",
        ),
    ] = None
    tags: Annotated[
        frozenset[str] | None,
        Spec(
            "tags", "The whole names of its tags.", default="None.", item_key="name", names="immuta_tag.name"
        ),
    ] = None
    subscription_policy: Annotated[
        subscription.AnyoneAction
        | subscription.ApprovalAction
        | subscription.EntitlementsAction
        | subscription.ManualAction
        | None,
        Spec(
            "subscriptionPolicy",
            "The people who may become members, and the way.",
            default="Owners add members by hand.",
        ),
    ] = None
    equalization: Annotated[
        bool | None,
        Spec(
            "equalization",
            "true: all members see the same data, even if one of them alone may see more.",
            default="false.",
        ),
    ] = None
    workspace: Annotated[
        DatabricksWorkspace | SnowflakeWorkspace | None,
        Spec(
            "workspace",
            "A place for the data that members write. Current Immuta SaaS does not have it any more.",
            default="None.",
        ),
    ] = None
    acknowledge_purposes: Annotated[
        bool | None,
        Spec(
            "acknowledgePurposes",
            "true: the provider accepts the texts of the purposes in the name of the user behind its credential. Immuta "
            "refuses a change of the project until that user has accepted them.",
            default="false: that user accepts them in Immuta.",
            state_only=True,
        ),
    ] = None
    delete_data_sources_on_workspace_delete: Annotated[
        bool | None,
        Spec(
            "deleteDataSourcesOnWorkspaceDelete",
            "true: an update that removes the workspace deletes its data sources. A change of this alone sends nothing.",
            default="false.",
            state_only=True,
        ),
    ] = None

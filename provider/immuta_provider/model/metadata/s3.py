"""Data sources in Amazon S3."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Routes
from immuta_provider.model.spec import About, Resource, Spec


class S3DataSource(Resource):
    """A data source in Amazon S3: a bucket, a prefix or an object that an Amazon S3 integration makes known to Immuta."""

    about = About(
        resource="immuta_s3_data_source",
        family="metadata",
        title="Amazon S3 data source",
        noun="S3 data source",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/immuta-v1-api/connect-your-data/s3",
        life=Routes(
            "POST /native-s3/handler",
            "GET /dataSource/{id}",
            "DELETE /dataSource/{id}",
            update="PUT /dataSource/{id}",
            list="GET /dataSource",
            permission="CREATE_S3_DATASOURCE",
            items="hits",
            page=200,
            created_id="dataSourceId",
            adapter="s3",
        ),
        unique_by=("data_source_name",),
        constants={"type": "Native S3"},
        mendable=("disabled",),
    )

    integration_id: Annotated[
        str,
        Spec(
            "integrationId",
            "Immuta's id of the Amazon S3 integration.",
            replace=True,
            create_only=True,
            pattern="[0-9]+",
            pattern_hint="digits",
            as_number=True,
            names="immuta_amazon_s3_integration.id",
        ),
    ]
    data_source_name: Annotated[
        str,
        Spec(
            "dataSourceName",
            "The name. It has to be unique among the data sources.",
            replace=True,
            create_only=True,
            places="dataSources.0.dataSourceName",
            read_at="name",
        ),
    ]
    prefix: Annotated[
        str,
        Spec(
            "prefix",
            "The path of the bucket, prefix or object, below the integration's base path, such as /sales/.",
            replace=True,
            create_only=True,
            places="dataSources.0.prefix",
            read_at="prefix",
        ),
    ]
    handler_id: Annotated[
        str | None,
        Spec(
            "handlerId",
            "Immuta's id of the handler, which has the prefix and the integration.",
            read_only=True,
        ),
    ]

"""Google BigQuery."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.fields import Choices
from immuta_provider.model.integrations.base import SET_UP_BEFOREHAND, AboutIntegration, Integration
from immuta_provider.model.integrations.parts import ALWAYS_EXPECTED, a_port
from immuta_provider.model.spec import Spec


class BigQueryIntegration(Integration):
    """Google BigQuery access control through secure views in one project. The service account and its role are made
    beforehand. Immuta has to enable this type for the tenant."""

    about = AboutIntegration(
        resource="immuta_bigquery_integration",
        constants={"type": "Google BigQuery"},
        title="Google BigQuery",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/bigquery-api",
        scripts=Choices("create", strict=False),
    )

    auto_bootstrap: Annotated[bool | None, SET_UP_BEFOREHAND] = None
    role: Annotated[
        str | None,
        Spec(
            "role",
            "Google Cloud role with which Immuta connects.",
            default="Immuta is expected to refuse the integration.",
            required_when=ALWAYS_EXPECTED,
        ),
    ] = None
    dataset_suffix: Annotated[
        str | None,
        Spec(
            "datasetSuffix",
            "End of the name of every dataset with secure views. It starts with an underscore.",
            default="Immuta is expected to refuse the integration.",
            required_when=ALWAYS_EXPECTED,
            replace=True,
            pattern="_.*",
            pattern_hint="text that starts with an underscore, such as _secure",
        ),
    ] = None
    dataset: Annotated[
        str | None,
        Spec(
            "dataset",
            "Dataset that Immuta makes in the project for its own metadata.",
            default="immuta, as far as is known.",
            replace=True,
            computed=True,
            computed_as="immuta",
        ),
    ] = None
    location: Annotated[
        str | None,
        Spec(
            "location",
            "Google Cloud location of that dataset, such as europe-west3.",
            default="us-east1, as far as is known.",
            replace=True,
            computed=True,
            computed_as="us-east1",
        ),
    ] = None
    credential: Annotated[
        str,
        Spec(
            "credential",
            "Content of the service account's JSON key file, as one text. No data source may use the same account.",
            secret=True,
            text_format="json",
        ),
    ]
    port: Annotated[
        int | None,
        a_port("Port of BigQuery.", "443, as far as is known.", computed=True, computed_as=443),
    ] = None

"""Data sources, as requests that Immuta is sent."""

from __future__ import annotations

from typing import Any

from immuta_provider.model.compiled.metadata import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table.row import Case, Request, Row

S3 = "Native S3"


def source(name: str, prefix: str) -> Request:
    """The request for a data source in Amazon S3."""
    return {"type": S3, "integrationId": 1, "dataSources": [{"dataSourceName": name, "prefix": prefix}]}


def configured(request: Request) -> dict[str, Any]:
    (each,) = request["dataSources"]
    return {
        "integration_id": str(request["integrationId"]),
        "data_source_name": each["dataSourceName"],
        "prefix": each["prefix"],
    }


def sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    return {
        str(each["id"]): {**source(each["name"], each["prefix"]), "integrationId": each["integrationId"]}
        for each in simulator.held("datasources")
    }


def disable(control: Any, id: str) -> None:
    control.alter("datasources", id, {"deleted": True})


ROWS = (
    Row(
        BY_RESOURCE["immuta_s3_data_source"],
        base={
            "S3 data source": Case(
                source("Lake-{n}", "/sales/"),
                replaces=[
                    {"dataSources.0.dataSourceName": "Other-{n}"},
                    {"dataSources.0.prefix": "/other/"},
                    {"integrationId": 2},
                ],
                after_import="none",
            )
        },
        full={},
        configured=configured,
        shown=lambda request: {**configured(request), "status": "enabled"},
        of_id=lambda id: {"id": id, "handler_id": str(1000 + int(id))},
        planted={"integrations": [{"type": S3, "status": "enabled"}, {"type": S3, "status": "enabled"}]},
        sent=sent,
        alter=None,
        ail=disable,
    ),
)

"""Data sources (fact sheet, sections 9.1, 9.4 and 9.5)."""

from __future__ import annotations

from typing import Any

from immuta_simulator.records.store import Asked, Bodies, Body, Collection, Key, Records, Route, page
from immuta_simulator.refusal import Refusal

S3 = "Native S3"
OF_HANDLER = ("prefix", "integrationId")
"""Keys that only the route of the handler shows."""
FIRST_HANDLER = 100
EXAMPLE = {
    "type": S3,
    "integrationId": 1,
    "dataSources": [{"dataSourceName": "Lake orders", "prefix": "/orders/"}],
}


def show(records: Records, record: Body) -> Body:
    shown = {key: value for key, value in record.items() if key not in OF_HANDLER}
    return {**shown, "blobHandler": {"url": f"https://immuta.example/native-s3/handler/{handler(record)}"}}


def handler(record: Body) -> int:
    return FIRST_HANDLER + int(record["id"])


def register(records: Records, asked: Asked) -> Bodies:
    """Registers one or several, or none: an integration that is not one with Amazon S3, and a name that is taken, are refused."""
    body = asked.body
    if not isinstance(body, dict) or body.get("type") != S3:
        raise Refusal(400, f'"type" must be {S3}')
    integration = body.get("integrationId")
    if not isinstance(integration, int) or isinstance(integration, bool):
        raise Refusal(400, '"integrationId" must be a number')
    known = records.elsewhere["integrations"].inspect() if "integrations" in records.elsewhere else []
    if not any(str(one["id"]) == str(integration) and one["type"] == S3 for one in known):
        raise Refusal(404, f"No {S3} integration found with ID {integration}.")
    sources = body.get("dataSources")
    if not isinstance(sources, list) or not sources:
        raise Refusal(400, '"dataSources" is required')
    names = [source.get("dataSourceName") if isinstance(source, dict) else None for source in sources]
    for name, source in zip(names, sources, strict=True):
        if not isinstance(name, str) or not isinstance(source.get("prefix"), str):
            raise Refusal(400, '"dataSourceName" and "prefix" are required')
        if records.named(name) or names.count(name) > 1:
            raise Refusal(400, f"A data source with the name {name} already exists")
    made = [
        records.add({"name": name, "prefix": source["prefix"], "integrationId": integration})
        for name, source in zip(names, sources, strict=True)
    ]
    return [
        {"dataSourceId": one["id"], "prefix": one["prefix"], "dataSourceName": one["name"]} for one in made
    ]


def show_handler(records: Records, asked: Asked) -> Body:
    for record in records.by_id.values():
        if str(handler(record)) == asked.path["handler"]:
            return {
                "id": handler(record),
                "dataSourceId": record["id"],
                "metadata": {key: record.get(key) for key in OF_HANDLER},
            }
    raise Refusal(404, "Handler not found")


def change(records: Records, asked: Asked) -> Body:
    """Disables or restores."""
    record = records.find(asked.path["id"])
    deleted = asked.body.get("deleted") if isinstance(asked.body, dict) else None
    if not isinstance(deleted, bool):
        raise Refusal(400, '"deleted" must be true or false')
    return records.shown(records.add({**record, "deleted": deleted}))


def delete(records: Records, asked: Asked) -> Body:
    """Disables at first, and removes what is disabled."""
    record = records.find(asked.path["id"])
    hard = bool(record["deleted"])
    if hard:
        records.drop(record)
    else:
        records.add({**record, "deleted": True})
    return {"id": record["id"], "hardDelete": hard}


def list_sources(records: Records, asked: Asked) -> Any:
    query = asked.query
    text = query.get("searchText", "").lower()
    found = [one for one in records.by_id.values() if text in str(one["name"]).lower()]
    shown = [records.shown(one) for one in page(found, query)]
    return {"hits": shown, "count": len(found)}


DATA_SOURCES = Collection(
    "data sources",
    "data source",
    "/dataSource",
    keys=(Key("name", (str,), required=True),),
    permission="CREATE_S3_DATASOURCE",
    wrapper="hits",
    plain=("get",),
    routes=(
        Route("list", "GET", "/dataSource", list_sources, "List the data sources"),
        Route(
            "create", "POST", "/native-s3/handler", register, "Register data sources in Amazon S3", EXAMPLE
        ),
        Route("get", "GET", "/native-s3/handler/{handler}", show_handler, "Get the handler of a data source"),
        Route(
            "update",
            "PUT",
            "/dataSource/{id}",
            change,
            "Disable or restore a data source",
            {"deleted": False},
        ),
        Route("delete", "DELETE", "/dataSource/{id}", delete, "Disable a data source, or remove it"),
    ),
    show=show,
    stamped={
        "deleted": False,
        "description": None,
        "status": "passed",
        "blobHandlerType": S3,
        "connectionString": None,
        "remoteSchema": None,
        "remoteTable": None,
        "subscriptionType": "manual",
        "domainId": None,
        "domainName": None,
    },
)

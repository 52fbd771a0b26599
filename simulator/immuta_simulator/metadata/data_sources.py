"""Data sources (fact sheet, sections 9.1, 9.4 and 9.5). Those in Amazon S3 can be created."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import QueryParams

from immuta_simulator.records.store import Asked, Bodies, Body, Collection, Key, Records, Route
from immuta_simulator.refusal import Refusal
from immuta_simulator.shapes import number_of

TYPE = "Native S3"
HANDLER = "/native-s3/handler"
FIRST_HANDLER = 1000
"""The id of a data source's handler is this number and the data source's id."""
EXAMPLE = {
    "type": TYPE,
    "integrationId": 1,
    "dataSources": [{"dataSourceName": "Lake sales", "prefix": "/sales/"}],
}
FILTERS = {
    "blobHandlerType[]": "blobHandlerType",
    "domainId": "domainId",
    "schema": "remoteSchema",
    "status[]": "status",
}
"""The key in a row for each parameter of the list, beside the tags."""
HIDDEN = ("prefix", "integrationId")
"""Keys that only the handler shows."""
DETAILED = ("blobHandler", "tags", "globalPolicies", "domains", "documentation")
"""Keys that a row of the list does not have."""


def show(records: Records, source: Body) -> Body:
    shown = {key: value for key, value in source.items() if key not in HIDDEN}
    return {
        **shown,
        "blobHandler": {
            "scheme": "https",
            "url": f"https://immuta.example{HANDLER}/{FIRST_HANDLER + source['id']}",
        },
    }


def fits(source: Body, query: QueryParams) -> bool:
    held = {name: {source[key]} for name, key in FILTERS.items()}
    held["tag[]"] = {tag["name"] for tag in source["tags"]}
    return all(name not in query or values.intersection(query.getlist(name)) for name, values in held.items())


def list_sources(records: Records, asked: Asked) -> Any:
    """ASSUMPTION: filters are the whole text, one of several values is enough, and disabled data sources are listed."""
    sources = [each for each in records.by_id.values() if fits(each, asked.query)]
    answer: Body = records.listed(sources, asked.query)
    answer["hits"] = [
        {key: value for key, value in each.items() if key not in DETAILED} for each in answer["hits"]
    ]
    return answer


def create(records: Records, asked: Asked) -> Bodies:
    """ASSUMPTION: the name of a disabled data source is taken."""
    body = asked.body
    records.check(body)
    if body["type"] != TYPE:
        raise Refusal(400, f'"type" must be "{TYPE}"')
    sources = body["dataSources"]
    for source in sources:
        if not isinstance(source, dict) or source.keys() != {"dataSourceName", "prefix"}:
            raise Refusal(400, '"dataSources" must be objects with "dataSourceName" and "prefix"')
    integration = records.tenant["integrations"].inspect_one(str(body["integrationId"]))
    if integration["type"] != TYPE:
        raise Refusal(400, f"integration {body['integrationId']} is not of type {TYPE}")
    names = [source["dataSourceName"] for source in sources]
    taken = {each["name"] for each in records.by_id.values()}
    if len({*names}) < len(names) or taken.intersection(names):
        raise Refusal(400, "a data source with this name already exists")
    return [add(records, source, body["integrationId"]) for source in sources]


def add(records: Records, source: Body, integration: int) -> Body:
    made = records.add(
        {"name": source["dataSourceName"], "prefix": source["prefix"], "integrationId": integration}
    )
    return {"dataSourceId": made["id"], "prefix": made["prefix"], "dataSourceName": made["name"]}


def restore(records: Records, asked: Asked) -> Body:
    source = records.find(asked.path["id"])
    if not isinstance(asked.body, dict) or asked.body.keys() != {"deleted"}:
        raise Refusal(400, 'only "deleted" can be changed')
    return records.shown(records.add({**source, "deleted": asked.body["deleted"] is True}))


def delete(records: Records, asked: Asked) -> Body:
    """The first request disables, and the second removes."""
    source = records.find(asked.path["id"])
    if source["deleted"]:
        records.drop(source)
    else:
        records.add({**source, "deleted": True})
    return {"id": source["id"], "hardDelete": source["deleted"]}


def get_handler(records: Records, asked: Asked) -> Body:
    number = number_of(asked.path["id"]) or 0
    source = records.find(str(number - FIRST_HANDLER))
    return {"id": number, "metadata": {key: source[key] for key in HIDDEN if key in source}}


DATA_SOURCES = Collection(
    "datasources",
    "data source",
    "/dataSource",
    keys=(
        Key("type", (str,), required=True),
        Key("integrationId", (int,), required=True),
        Key("dataSources", (list,), required=True),
    ),
    permission="CREATE_S3_DATASOURCE",
    wrapper="hits",
    strict=True,
    plain=("get",),
    routes=(
        Route("list", "GET", "/dataSource", list_sources, "List the data sources"),
        Route("create", "POST", HANDLER, create, "Create data sources in Amazon S3", EXAMPLE),
        Route("get", "GET", f"{HANDLER}/{{id}}", get_handler, "Get the handler of a data source"),
        Route("update", "PUT", "/dataSource/{id}", restore, "Restore a data source", {"deleted": False}),
        Route("delete", "DELETE", "/dataSource/{id}", delete, "Disable or remove a data source"),
    ),
    show=show,
    stamped={
        "description": None,
        "deleted": False,
        "status": "passed",
        "blobHandlerType": TYPE,
        "connectionString": None,
        "remoteSchema": None,
        "remoteTable": None,
        "schemaEvolutionId": None,
        "subscriptionType": "subscription",
        "subscriptionPolicy": None,
        "subscriptionStatus": "owner",
        "domainId": None,
        "domainName": None,
        "tags": [],
        "globalPolicies": [],
        "domains": [],
        "documentation": None,
    },
)

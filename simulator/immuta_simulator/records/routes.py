"""The routes of the collections, which derive from their rows."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from immuta_simulator import openapi
from immuta_simulator.gateway import Call
from immuta_simulator.records.store import Records
from immuta_simulator.responses import respond_json

Id = Annotated[str, Path(description="The record's id; its name where the collection has no other.")]


def call_of(request: Request) -> Call:
    call: Call = request.scope["state"]["call"]
    return call


def routes(collections: list[Records]) -> APIRouter:
    """List, create, read, update and delete for each collection, and its V2 route."""
    router = APIRouter()
    for records in collections:
        mount(router, records)
    return router


def mount(router: APIRouter, records: Records) -> None:
    row = records.row
    tag = row.name.capitalize()

    async def list_records(request: Request) -> Response:
        return respond_json(200, records.list(request.query_params))

    async def create_record(request: Request) -> Response:
        return respond_json(200, records.create(call_of(request).payload()))

    async def get_record(request: Request, id: Id) -> Response:
        return respond_json(200, records.get(id, request.query_params))

    async def update_record(request: Request, id: Id) -> Response:
        return respond_json(200, records.update(id, call_of(request).payload()))

    async def delete_record(id: Id) -> Response:
        return respond_json(200, records.delete(id))

    async def upsert_record(request: Request) -> Response:
        return respond_json(200, records.put(call_of(request).payload(), request.query_params))

    body = openapi.json_body({key.name: "" for key in row.keys if key.required}, f"The {row.noun}.")
    one = f"{row.path}/{{id}}"
    for path, method, work, summary, body_of in (
        (row.path, "GET", list_records, f"List the {row.name}", None),
        (row.path, "POST", create_record, f"Create {row.name}", body),
        *(
            ()
            if row.by_name
            else (
                (one, "GET", get_record, f"Get one {row.noun}", None),
                (one, "PUT", update_record, f"Update a {row.noun}", body),
            )
        ),
        (one, "DELETE", delete_record, f"Delete a {row.noun}", None),
        *(
            ((row.upsert.path, "POST", upsert_record, f"Create or update a {row.noun}", body),)
            if row.upsert
            else ()
        ),
    ):
        router.add_api_route(
            path,
            work,
            methods=[method],
            name=f"{summary.lower().replace(' ', '_')}{'_v2' if work is upsert_record else ''}",
            summary=summary,
            tags=[tag],
            responses=openapi.answers("record", 400, 401, 403, 404),
            openapi_extra=body_of,
        )

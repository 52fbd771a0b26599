"""The routes of the collections, which derive from their rows."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from immuta_simulator import openapi, segments
from immuta_simulator.call import call_of
from immuta_simulator.family import pattern_of
from immuta_simulator.records.store import Asked, Collection, Records, Route
from immuta_simulator.responses import respond_json


def list_records(records: Records, asked: Asked) -> Any:
    return records.list(asked.query)


def create_record(records: Records, asked: Asked) -> Any:
    return records.create(asked.body)


def get_record(records: Records, asked: Asked) -> Any:
    return records.get(asked.path["id"], asked.query)


def update_record(records: Records, asked: Asked) -> Any:
    return records.update(asked.path["id"], asked.body)


def delete_record(records: Records, asked: Asked) -> Any:
    return records.delete(asked.path["id"])


def upsert_record(records: Records, asked: Asked) -> Any:
    return records.put(asked.body, asked.query)


def routes_of(row: Collection) -> Iterator[Route]:
    """Every route of a collection, in the order in which they are looked up."""
    body = {key.name: "" for key in row.keys if key.required}
    plain = [
        route
        for path, where in ((row.path, ""), *((alias, f" at {alias}") for alias in row.aliases))
        for route in (
            Route("list", "GET", path, list_records, f"List the {row.name}{where}"),
            Route("create", "POST", path, create_record, f"Create a {row.noun}{where}", body),
            Route("get", "GET", f"{path}/{{id}}", get_record, f"Get one {row.noun}{where}"),
            Route("update", "PUT", f"{path}/{{id}}", update_record, f"Update a {row.noun}{where}", body),
            Route("delete", "DELETE", f"{path}/{{id}}", delete_record, f"Delete a {row.noun}{where}"),
        )
    ]
    yield from row.routes
    other = {(route.method, route.path) for route in row.routes}
    yield from (
        route for route in plain if route.verb in row.plain and (route.method, route.path) not in other
    )
    if row.upsert:
        yield Route("create", "POST", row.upsert.path, upsert_record, f"Create or replace a {row.noun}", body)


def mount(records: Records) -> APIRouter:
    router = APIRouter(tags=[records.row.name.capitalize()])
    for route in routes_of(records.row):
        router.add_api_route(
            route.path,
            serve(records, route),
            methods=[route.method],
            name=route.summary.lower().replace(" ", "_"),
            summary=route.summary,
            responses=openapi.answers(openapi.json_content({}), 400, 401, 403, 404),
            openapi_extra=extra_of(records.row, route),
        )
    return router


def extra_of(row: Collection, route: Route) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in pattern_of(route.path).groupindex
    ]
    body = {} if route.body is None else openapi.json_body(route.body, f"The {row.noun}.")
    return {**({"parameters": parameters} if parameters else {}), **body}


def serve(records: Records, route: Route) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def answer(request: Request) -> Response:
        body = None if route.body is None else call_of(request).payload()
        path = {name: segments.restored(value) for name, value in request.path_params.items()}
        asked = Asked(path, request.query_params, body)
        with records.lock:
            return respond_json(200, route.answer(records, asked))

    return answer

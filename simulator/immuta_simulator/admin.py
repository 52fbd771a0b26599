"""The simulator's own routes, under `/_simulator`. They show and change the stored objects, and switch on faults.

They require the API key like Immuta's own routes, but no fault, expired token or setting affects them.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from immuta_simulator.call import call_of
from immuta_simulator.control import Control
from immuta_simulator.faults import PRESETS
from immuta_simulator.openapi import json_body
from immuta_simulator.operations import OPERATIONS
from immuta_simulator.responses import respond_json

Id = Annotated[str, Path(description="The id of the record.", examples=["1"])]
CollectionName = Annotated[str, Path(description="The collection.", examples=["tags"])]
FAULT_EXAMPLES = {
    "every POST fails": {
        "value": {"match": {"operation": "create"}, "action": "server-error", "times": None}
    },
    "the answer of the second PUT is lost": {
        "value": {"match": {"operation": "update"}, "action": "reset-after", "call": 2}
    },
    "set-up of a Snowflake integration fails": {
        "value": {"match": {"operation": "create", "type": "Snowflake"}, "action": "createError"}
    },
    "slow": {"value": {"match": {"method": "GET"}, "action": {"kind": "delay", "seconds": 2}, "times": None}},
    "rate limit": {
        "value": {"action": {"kind": "respond", "status": 429, "headers": {"Retry-After": "3"}}, "times": 2}
    },
    "failed validation tests": {
        "value": {
            "match": {"operation": "create"},
            "action": {
                "kind": "invalid",
                "failed": {"Initial Validation: Basic Connection Test": "no route to host"},
            },
        }
    },
}


def fault_body() -> dict[str, Any]:
    content = {"schema": {"$ref": "#/components/schemas/Fault"}, "examples": FAULT_EXAMPLES}
    return {"requestBody": {"required": True, "content": {"application/json": content}}}


def routes(control: Control) -> APIRouter:
    router = APIRouter(prefix="/_simulator")
    done = Response(status_code=204)

    def ok(value: Any) -> Response:
        return respond_json(200, value)

    for family in control.families:
        for own in family.own_routes():
            router.include_router(own)

    @router.get("/records/{collection}", tags=["Objects"], summary="The records of a collection")
    async def stored_records(collection: CollectionName) -> Response:
        return ok(control.stored(collection))

    @router.post(
        "/records/{collection}",
        tags=["Objects"],
        summary="Store a record without any check",
        openapi_extra=json_body({"name": "Acme"}, "The record."),
    )
    async def plant_record(request: Request, collection: CollectionName) -> Response:
        return ok(control.plant(collection, call_of(request).object()))

    @router.patch(
        "/records/{collection}/{id}",
        tags=["Objects"],
        summary="Change a record outside Terraform (drift)",
        openapi_extra=json_body({"description": "Edited in the UI"}, "A JSON merge patch (RFC 7396)."),
    )
    async def alter_record(request: Request, collection: CollectionName, id: Id) -> Response:
        return ok(control.alter(collection, id, call_of(request).object()))

    @router.delete("/records/{collection}/{id}", tags=["Objects"], summary="Remove a record", status_code=204)
    async def remove_record(collection: CollectionName, id: Id) -> Response:
        control.remove(collection, id)
        return done

    @router.get("/faults", tags=["Faults"], summary="The faults that are switched on")
    async def list_faults() -> Response:
        """`seen` counts the matching requests, `hits` the affected ones. A used-up fault stays in the list."""
        return ok(control.faults())

    @router.post(
        "/faults",
        tags=["Faults"],
        summary="Switch on a fault",
        openapi_extra=fault_body(),
        description="An action is one of the kinds in the schema, or a preset's name: "
        + ", ".join(f"`{name}`" for name in PRESETS)
        + ". Operations: "
        + ", ".join(f"`{name}`" for name in OPERATIONS)
        + ". Of several matching faults that make an answer, the oldest acts; delays, outcomes and token expiry "
        "come on top.",
    )
    async def add_fault(request: Request) -> Response:
        return ok(control.add_fault(call_of(request).object()))

    @router.delete("/faults", tags=["Faults"], summary="Switch off all faults", status_code=204)
    async def clear_faults() -> Response:
        control.clear_faults()
        return done

    @router.delete("/faults/{number}", tags=["Faults"], summary="Switch off one fault", status_code=204)
    async def remove_fault(number: int) -> Response:
        control.remove_fault(number)
        return done

    @router.post("/tokens/expire", tags=["Faults"], summary="Expire all bearer tokens", status_code=204)
    async def expire_tokens() -> Response:
        control.expire_tokens()
        return done

    @router.get("/requests", tags=["Requests"], summary="The requests so far, and their counts")
    async def list_requests(
        operation: Annotated[
            str | None,
            Query(description="The operation of the listed requests; the counts include all operations."),
        ] = None,
    ) -> Response:
        """The last 20,000 requests, oldest first. `status` is null if the connection was cut before an answer."""
        return ok(control.requests(operation))

    @router.delete("/requests", tags=["Requests"], summary="Forget the requests", status_code=204)
    async def clear_requests() -> Response:
        control.clear_requests()
        return done

    @router.get("/settings", tags=["Settings"], summary="The settings")
    async def get_settings() -> Response:
        return ok(control.get_settings())

    @router.patch(
        "/settings",
        tags=["Settings"],
        summary="Change settings",
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/json": {
                        "schema": {"$ref": "#/components/schemas/Settings"},
                        "example": {"polls": 3, "unknown_keys": "reject"},
                    }
                },
            }
        },
    )
    async def change_settings(request: Request) -> Response:
        return ok(control.change_settings(call_of(request).object()))

    @router.post("/reset", tags=["Settings"], summary="Reset to the initial state", status_code=204)
    async def reset() -> Response:
        """No integrations, faults, tokens or requests, ids and numbers from 1, and the settings of the start."""
        control.reset()
        return done

    return router

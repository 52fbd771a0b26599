"""The simulator's own routes for integrations, under `/_simulator`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from immuta_simulator.call import call_of
from immuta_simulator.integrations.tenant import Tenant
from immuta_simulator.openapi import json_body
from immuta_simulator.responses import respond_json

Id = Annotated[str, Path(description="The integration's id.", examples=["1"])]


def routes(tenant: Tenant) -> APIRouter:
    router = APIRouter(prefix="/integrations", tags=["Objects"])

    @router.get("", summary="The stored integrations")
    async def stored_integrations() -> Response:
        """`sent` is the last accepted payload, unchanged; `config` includes defaults. Secrets are in plain text, but null in
        the `config` of an automatic set-up, which needs them only once.
        """
        return respond_json(200, tenant.inspect())

    @router.get("/{id}", summary="One stored integration")
    async def stored_integration(id: Id) -> Response:
        return respond_json(200, tenant.inspect_one(id))

    @router.post(
        "",
        summary="Store an integration without any check",
        openapi_extra=json_body(
            {"type": "Trino", "status": "enabled"}, "`type`; optionally all else that GET shows."
        ),
    )
    async def plant_integration(request: Request) -> Response:
        return respond_json(200, tenant.plant(call_of(request).object()))

    @router.put(
        "/{id}",
        summary="Store an integration under an id without any check",
        openapi_extra=json_body({"type": "Trino"}, "`type`; optionally all else that GET shows."),
    )
    async def replace_integration(request: Request, id: Id) -> Response:
        return respond_json(200, tenant.plant(call_of(request).object(), id))

    @router.patch(
        "/{id}",
        summary="Change an integration outside Terraform (drift)",
        openapi_extra=json_body(
            {"status": "recurringValidationError", "config": {"port": 8443, "audit": None}},
            "A JSON merge patch (RFC 7396) of `status`, `autoBootstrap`, `config`, `validationResults`. "
            "`then` makes the status a transition to that status, after `polls` reads.",
        ),
    )
    async def alter_integration(request: Request, id: Id) -> Response:
        return respond_json(200, tenant.alter(id, call_of(request).object()))

    @router.delete("/{id}", summary="Remove an integration", status_code=204)
    async def remove_integration(id: Id) -> Response:
        tenant.remove(id)
        return Response(status_code=204)

    return router

"""Immuta's routes for integrations."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from immuta_simulator.call import call_of
from immuta_simulator.integrations import openapi
from immuta_simulator.integrations.tenant import Tenant
from immuta_simulator.openapi import answers
from immuta_simulator.refusal import Refusal
from immuta_simulator.responses import respond_json, respond_raw

Id = Annotated[str, Path(description="The integration's id, a number.", examples=["1"])]


def integrations(tenant: Tenant) -> APIRouter:
    """The routes that create, read, update and delete integrations."""
    router = APIRouter(tags=["Integrations"])
    settings = tenant.settings

    @router.get(
        "/integrations", summary="List all integrations", responses=answers(openapi.INTEGRATIONS, 401, 403)
    )
    async def list_integrations() -> Response:
        """Every integration with its configuration, unpaged. Secrets are masked; Trino's API key is not."""
        return respond_raw(200, tenant.list_all())

    @router.post(
        "/integrations",
        summary="Create an integration",
        responses=answers(openapi.SUMMARY, 400, 401, 403, 409, 422),
        openapi_extra=openapi.payload_body(),
    )
    async def create_integration(request: Request) -> Response:
        """Runs the validation tests and starts the set-up. Poll the status while it is `creating`."""
        call = call_of(request)
        return respond_json(settings.created_status, tenant.create(call.payload(), call.outcome))

    @router.get(
        "/integrations/{id}",
        summary="Get one integration",
        responses=answers(openapi.INTEGRATION, 400, 401, 403, 404),
    )
    async def get_integration(id: Id) -> Response:
        """The configuration and status of the integration."""
        return respond_raw(200, tenant.get(id))

    @router.put(
        "/integrations/{id}",
        summary="Update an integration",
        responses=answers(openapi.SUMMARY, 400, 401, 403, 404, 409, 422),
        openapi_extra=openapi.payload_body(),
    )
    async def update_integration(request: Request, id: Id) -> Response:
        """Replaces the whole configuration. Omitted options get their defaults."""
        call = call_of(request)
        return respond_json(settings.accepted_status, tenant.update(id, call.payload(), call.outcome))

    @router.delete(
        "/integrations/{id}",
        summary="Delete an integration",
        responses=answers(openapi.SUMMARY, 400, 401, 403, 404, 409, 422),
        openapi_extra=openapi.credentials_body(),
    )
    async def delete_integration(request: Request, id: Id) -> Response:
        """Requires privileged credentials for an automatically configured Snowflake, Redshift or Azure Synapse
        integration, and refuses them for any other.
        """
        call = call_of(request)
        return respond_json(settings.accepted_status, tenant.delete(id, call.payload(), call.outcome))

    @router.get(
        "/integrations/{id}/status",
        summary="Get the status of an integration",
        responses=answers(openapi.SUMMARY, 400, 401, 403, 404),
    )
    async def get_status(id: Id) -> Response:
        """The status and validation results, without the configuration."""
        return respond_json(200, tenant.status(id))

    @router.post(
        "/integrations/{id}/regenerate",
        summary="Regenerate the Immuta API key of a Trino integration",
        responses=answers(openapi.INTEGRATION, 400, 401, 403, 404),
    )
    async def regenerate(id: Id) -> Response:
        """The old key stops working at once."""
        if not settings.regenerate_route:
            raise Refusal(404, "Not Found", error="Not Found")
        return respond_raw(200, tenant.regenerate(id))

    return router


def scripts(tenant: Tenant) -> APIRouter:
    """The routes that write scripts for a manual set-up."""
    router = APIRouter(tags=["Scripts"])
    settings = tenant.settings

    def answer(text: str) -> Response:
        if settings.script_form == "text":
            return Response(text.encode(errors="replace"), media_type="text/plain; charset=utf-8")
        return respond_json(200, {"script": text} if settings.script_form == "json" else text)

    def without_id(action: str) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        async def write(request: Request) -> Response:
            return answer(tenant.script(action, call_of(request).payload()))

        return write

    for action, summary in {
        "create": "Script that sets up the resources Immuta manages",
        "initial-create": "First set-up script (Azure Synapse and Redshift)",
        "cleanup": "Script that removes the resources of a failed set-up",
        "post-cleanup": "Second removal script of a failed set-up (Azure Synapse)",
    }.items():
        router.add_api_route(
            f"/integrations/scripts/{action}",
            without_id(action),
            methods=["POST"],
            name=f"write_{action.replace('-', '_')}_script",
            summary=summary,
            responses=answers(openapi.SCRIPT, 400, 401, 403),
            openapi_extra=openapi.payload_body(manual=True),
        )

    @router.post(
        "/integrations/{id}/scripts/delete",
        summary="Script that removes the resources of an integration",
        responses=answers(openapi.SCRIPT, 400, 401, 403, 404),
    )
    async def write_delete_script(id: Id) -> Response:
        """Answers the script of a manually configured integration. Read the script before you delete the integration."""
        return answer(tenant.existing_script("delete", id))

    @router.post(
        "/integrations/{id}/scripts/edit",
        summary="Script that changes the resources of an integration",
        responses=answers(openapi.SCRIPT, 400, 401, 403, 404),
        openapi_extra=openapi.payload_body(manual=True),
    )
    async def write_edit_script(request: Request, id: Id) -> Response:
        """Answers the script for the payload of a later PUT."""
        return answer(tenant.existing_script("edit", id, call_of(request).payload()))

    return router

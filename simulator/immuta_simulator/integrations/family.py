"""The family of integrations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from fastapi import APIRouter

from immuta_simulator.family import Claim, Family, Paths
from immuta_simulator.integrations import checks, openapi, own_routes, routes
from immuta_simulator.integrations.tenant import COLLECTION, PREREQUISITE, Tenant
from immuta_simulator.journal import Request
from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings
from immuta_simulator.storage import Storage

PERMISSION = "APPLICATION_ADMIN"
ROUTES = (
    ("GET", "/integrations", "list"),
    ("POST", "/integrations", "create"),
    ("GET", "/integrations/{id}", "get"),
    ("GET", "/integrations/{id}/status", "status"),
    ("PUT", "/integrations/{id}", "update"),
    ("DELETE", "/integrations/{id}", "delete"),
    ("POST", "/integrations/{id}/regenerate", "regenerate"),
    ("POST", "/integrations/scripts/create", "script-create"),
    ("POST", "/integrations/scripts/initial-create", "script-initial-create"),
    ("POST", "/integrations/scripts/cleanup", "script-cleanup"),
    ("POST", "/integrations/scripts/post-cleanup", "script-post-cleanup"),
    ("POST", "/integrations/{id}/scripts/delete", "script-delete"),
    ("POST", "/integrations/{id}/scripts/edit", "script-edit"),
)


class Integrations(Family):
    operations = tuple(operation for _, _, operation in ROUTES)
    permissions = (PERMISSION,)
    tags: ClassVar = {
        "Integrations": "Configure, read, change and remove integrations.",
        "Scripts": "Scripts for integrations that are set up by hand (`autoBootstrap: false`).",
    }

    def __init__(self, settings: Settings, storage: Storage, now: Callable[[], float]) -> None:
        self.tenant = Tenant(settings, storage, now)
        self.holdings = {COLLECTION: self.tenant}
        self.paths = Paths(
            (method, path, Claim(operation, permission=PERMISSION)) for method, path, operation in ROUTES
        )

    def routes(self) -> Iterable[APIRouter]:
        return routes.integrations(self.tenant), routes.scripts(self.tenant)

    def own_routes(self) -> Iterable[APIRouter]:
        return (own_routes.routes(self.tenant),)

    def schemas(self) -> dict[str, Any]:
        return openapi.schemas()

    def type_of(self, request: Request) -> str:
        if request.id:
            return self.tenant.type_of(request.id)
        name = request.body.get("type") if isinstance(request.body, dict) else None
        return name if isinstance(name, str) else ""

    def invalid(self, request: Request, failed: Mapping[str, str]) -> Refusal:
        type_name = self.type_of(request)
        body = request.body if isinstance(request.body, dict) else {}
        config = body.get("config")
        config = config if isinstance(config, dict) else {}
        automatic = body.get("autoBootstrap") is True
        first = checks.names(type_name, automatic)[:1]
        failed = failed or dict.fromkeys(first, "The check failed; see the prerequisites in the guide.")
        results = checks.results(type_name, automatic, config, failed)
        return Refusal(
            422,
            PREREQUISITE.format(request.operation),
            validationResults={**results, "status": "failed"},
        )

    def settings_changed(self) -> None:
        self.tenant.forget_answers()

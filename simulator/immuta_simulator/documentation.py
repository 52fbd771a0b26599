"""The OpenAPI document, and its page with every asset served from here: it works without a network."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import FileResponse, HTMLResponse

from immuta_simulator import openapi
from immuta_simulator.faults import Fault
from immuta_simulator.settings import Settings

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = schema.setdefault("components", {})
    _, own = models_json_schema(
        [(Fault, "validation"), (Settings, "validation")], ref_template="#/components/schemas/{model}"
    )
    components["schemas"] = {**components.get("schemas", {}), **openapi.schemas(), **own["$defs"]}
    components["securitySchemes"] = {
        "Authorization": {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "The API key, bare or after `Bearer `, or a bearer token after `Bearer `.",
        }
    }
    schema["security"] = [{"Authorization": []}]
    app.openapi_schema = schema
    return schema


def add_pages(app: FastAPI) -> None:
    # The package is only a carrier of Swagger UI's files: it is found, not imported.
    spec = find_spec("fastapi_offline")
    assert spec
    assert spec.origin
    folder = Path(spec.origin).parent / "static"
    page = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=app.title,
        swagger_js_url="/docs/assets/swagger-ui-bundle.js",
        swagger_css_url="/docs/assets/swagger-ui.css",
        swagger_favicon_url="/docs/assets/favicon.png",
        swagger_ui_parameters={"persistAuthorization": True, "validatorUrl": None, "tryItOutEnabled": True},
    )

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return page

    for name, media_type in ASSETS.items():
        answer = FileResponse(folder / name, media_type=media_type)

        def asset(answer: FileResponse = answer) -> FileResponse:
            return answer

        app.add_api_route(f"/docs/assets/{name}", asset, include_in_schema=False, response_model=None)

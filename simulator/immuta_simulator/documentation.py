"""The OpenAPI document and its page. The simulator serves every asset of the page, so no network is needed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema
from starlette.responses import FileResponse, HTMLResponse

from immuta_simulator import openapi
from immuta_simulator.family import Family
from immuta_simulator.faults import Fault
from immuta_simulator.settings import Settings

ASSETS = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}


def document(app: FastAPI, families: Sequence[Family]) -> dict[str, Any]:
    """The OpenAPI document, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    tags = {name: text for family in families for name, text in family.tags.items()} | openapi.TAGS
    schema = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in tags.items()],
    )
    without_validation_errors(schema)
    components = schema["components"] = {}
    _, own = models_json_schema(
        [(Fault, "validation"), (Settings, "validation")], ref_template="#/components/schemas/{model}"
    )
    components["schemas"] = {
        **{name: one for family in families for name, one in family.schemas().items()},
        **openapi.schemas(),
        **own["$defs"],
    }
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


def without_validation_errors(schema: dict[str, Any]) -> None:
    """Removes FastAPI's 422 of every route with a parameter, which the simulator never answers."""
    for path in schema["paths"].values():
        for operation in path.values():
            if operation["responses"].get("422", {}).get("description") == "Validation Error":
                del operation["responses"]["422"]


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
        app.add_api_route(
            f"/docs/assets/{name}", serve_file(folder / name, media_type), include_in_schema=False
        )


def serve_file(path: Path, media_type: str) -> Callable[[], Coroutine[Any, Any, FileResponse]]:
    async def serve() -> FileResponse:
        return FileResponse(path, media_type=media_type)

    return serve

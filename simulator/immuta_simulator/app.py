"""The simulator as an ASGI application."""

from __future__ import annotations

import asyncio
from importlib.metadata import version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from immuta_simulator import admin, authentication, documentation, openapi
from immuta_simulator.control import Control
from immuta_simulator.gateway import Gateway, Sleep
from immuta_simulator.refusal import Refusal, error_body
from immuta_simulator.responses import respond_json
from immuta_simulator.settings import Settings


def create_app(
    settings: Settings | None = None, *, control: Control | None = None, sleep: Sleep = asyncio.sleep
) -> FastAPI:
    """A simulated Immuta. With neither argument it has the default settings and keeps its state in memory.

    `control` brings its own settings and storage; it is also the application's `state.control`. Called in-process, a
    fault that cuts the connection raises `connection.ConnectionDropped`.
    """
    control = control or Control(settings)
    app = FastAPI(
        title="Immuta simulator",
        version=version("cdktf-immuta"),
        description=openapi.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.control = control
    for family in control.families:
        for router in family.routes():
            app.include_router(router)
    app.include_router(authentication.routes(control.tokens))
    app.include_router(admin.routes(control))
    documentation.add_pages(app)
    app.openapi = lambda: documentation.document(app, control.families)  # type: ignore[method-assign]
    app.add_middleware(Gateway, control=control, sleep=sleep)
    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, not_routed)
    app.add_exception_handler(RequestValidationError, unreadable)
    return app


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return respond_json(error.status, error.body)


async def not_routed(request: Request, error: Exception) -> Response:
    # Immuta's server knows no 405: a method that a path does not have is not found.
    assert isinstance(error, HTTPException)
    status = 404 if error.status_code == 405 else error.status_code
    return respond_json(status, error_body(status, "Not Found", error="Not Found"))


async def unreadable(request: Request, error: Exception) -> Response:
    return respond_json(400, error_body(400, "the address holds a value that is not of the right type"))

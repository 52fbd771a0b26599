"""The route that exchanges the API key for a bearer token."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from immuta_simulator import openapi
from immuta_simulator.call import call_of
from immuta_simulator.responses import respond_json
from immuta_simulator.tokens import Tokens

AUTHENTICATE = "authenticate"
PATH = "/bim/apikey/authenticate"


def routes(tokens: Tokens) -> APIRouter:
    router = APIRouter(tags=["Authentication"])

    @router.post(
        PATH,
        summary="Exchange the API key for a bearer token",
        responses=openapi.answers(openapi.json_content(openapi.ref("Token")), 401),
        openapi_extra={**openapi.json_body({"apikey": "simulator-api-key"}, "The API key."), "security": []},
    )
    async def authenticate(request: Request) -> Response:
        """The key is in the body or in the Authorization header."""
        call = call_of(request)
        body = call.payload()
        key = body.get("apikey") if isinstance(body, dict) else request.headers.get("authorization")
        return respond_json(200, tokens.issue(key))

    return router

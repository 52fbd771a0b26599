"""The layer between the network and the routes: faults, authorization and the journal."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from immuta_simulator import bodies
from immuta_simulator.connection import cut
from immuta_simulator.control import Control
from immuta_simulator.faults import (
    Action,
    Answering,
    Delay,
    Drop,
    ExpireTokens,
    Invalid,
    Malform,
    Outcome,
    Patch,
    Respond,
    Truncate,
)
from immuta_simulator.integrations import checks
from immuta_simulator.integrations.tenant import PREREQUISITE, merged
from immuta_simulator.integrations.tenant import Outcome as TenantOutcome
from immuta_simulator.journal import Request
from immuta_simulator.operations import identify, permission_of
from immuta_simulator.refusal import Refusal, dump, error_body
from immuta_simulator.responses import JSON, respond, respond_json

OPEN = ("/docs", "/openapi.json", "/favicon.ico")
ADMIN = "/_simulator"

Sleep = Callable[[float], Awaitable[None]]


class Call:
    """One request with the data that the routes need."""

    __slots__ = ("body", "outcome", "request", "unreadable")

    def __init__(self, request: Request, body: Any, unreadable: Refusal | None) -> None:
        self.request = request
        self.body = body
        self.unreadable = unreadable
        self.outcome: TenantOutcome | None = None

    def payload(self) -> Any:
        """The parsed body; raises the 400 of one that cannot be parsed."""
        if self.unreadable:
            raise self.unreadable
        return self.body


class Gateway:
    def __init__(self, app: ASGIApp, control: Control, sleep: Sleep = asyncio.sleep) -> None:
        self.app = app
        self.control = control
        self.sleep = sleep

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(OPEN):
            await self.app(scope, receive, send)
            return
        scope.setdefault("state", {})
        call = read(scope, await whole(receive))
        scope["state"]["call"] = call
        if scope["path"].startswith(ADMIN):
            refusal = self.refuse_admin(call.request)
            await (respond_json(refusal.status, refusal.body) if refusal else self.app)(scope, receive, send)
            return
        self.control.journal.add(call.request)
        await self.serve(call, scope, receive, send)

    async def serve(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        actions = self.take(call)
        if not actions:
            await self.work(call, scope, receive, noting(call.request, send))
            return
        call.request.faults = tuple(action.kind for action in actions)
        answering = next((action for action in actions if isinstance(action, Answering)), None)
        for action in actions:
            if isinstance(action, Delay) and not action.after_work:
                await self.sleep(action.seconds)
            elif isinstance(action, ExpireTokens):
                self.control.expire_tokens()
            elif isinstance(action, Outcome):
                call.outcome = TenantOutcome(action.status, action.polls)
        answer = Answer()
        if works(answering):
            await self.work(call, scope, receive, answer.take)
        for action in actions:
            if isinstance(action, Delay) and action.after_work:
                await self.sleep(action.seconds)
        await self.answer(answering, call, answer, scope, receive, noting(call.request, send))

    def take(self, call: Call) -> list[Action]:
        if not self.control.fault_rules.rules:
            return []
        request = call.request
        return self.control.fault_rules.take(
            request.method, request.path, request.operation, self.type_of(call), request.id
        )

    def type_of(self, call: Call) -> str:
        if call.request.id:
            return self.control.tenant.type_of(call.request.id)
        name = call.body.get("type") if isinstance(call.body, dict) else None
        return name if isinstance(name, str) else ""

    async def work(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.refuse(call.request)
        await (respond_json(refusal.status, refusal.body) if refusal else self.app)(scope, receive, send)

    def refuse(self, request: Request) -> Refusal | None:
        if request.operation == "authenticate":
            return None
        if not self.control.tokens.accept(credential(request)):
            return Refusal(401, "Invalid or missing authentication credentials")
        permission = permission_of(request.path) or "APPLICATION_ADMIN"
        if not getattr(self.control.settings, permission.lower()):
            return Refusal(403, f"Insufficient permissions: {permission} is required")
        return None

    def refuse_admin(self, request: Request) -> Refusal | None:
        if self.control.tokens.is_key(credential(request).removeprefix("Bearer ")):
            return None
        return Refusal(401, "the simulator's own routes require its API key in the Authorization header")

    async def answer(
        self, action: Answering | None, call: Call, answer: Answer, scope: Scope, receive: Receive, send: Send
    ) -> None:
        match action:
            case None:
                await answer.response()(scope, receive, send)
            case Drop():
                await cut(scope, receive, reset=action.how == "reset")
            case Respond():
                await instead(action, call.request)(scope, receive, send)
            case Malform():
                answer.body = answer.body[: len(answer.body) // 2]
                await answer.response()(scope, receive, send)
            case Patch():
                answer.body = patched(answer.body, action.patch)
                await answer.response()(scope, receive, send)
            case Invalid():
                await self.invalid(action, call)(scope, receive, send)
            case Truncate():
                await truncate(action, answer, send)
                await cut(scope, receive, reset=False)

    def invalid(self, action: Invalid, call: Call) -> Response:
        type_name = self.type_of(call)
        config = call.body.get("config") if isinstance(call.body, dict) else None
        config = config if isinstance(config, dict) else {}
        automatic = isinstance(call.body, dict) and call.body.get("autoBootstrap") is True
        first = checks.names(type_name, automatic)[:1]
        failed = {name: filled(message, call.request) for name, message in action.failed.items()}
        failed = failed or dict.fromkeys(first, "The check failed; see the prerequisites in the guide.")
        results = (
            checks.results(type_name, automatic, config, failed)
            if failed
            else {
                "status": "failed",
                "validationTests": [],
            }
        )
        message = PREREQUISITE.format(call.request.operation)
        return respond_json(422, error_body(422, message, validationResults=results))


class Answer:
    """A complete response of the routes, captured before it is sent."""

    def __init__(self) -> None:
        self.status = 200
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = [(n, v) for n, v in message["headers"] if n != b"content-length"]
        else:
            self.body += message.get("body", b"")

    def response(self) -> Response:
        return respond(self.status, self.body, self.headers)


def works(action: Answering | None) -> bool:
    return (
        action is None
        or isinstance(action, Truncate | Malform | Patch)
        or (isinstance(action, Respond | Drop) and action.after_work)
    )


def instead(action: Respond, request: Request) -> Response:
    body, content_type = action.body, action.content_type
    if isinstance(body, str):
        content_type = content_type or ("text/html; charset=utf-8" if body.startswith("<") else "text/plain")
        content = body.encode(errors="replace")
    else:
        content_type = content_type or JSON
        value = body
        if value is None:
            message = filled(action.message, request) or f"simulated {action.status}"
            value = error_body(action.status, message)
        content = dump(value)
    headers = {**action.headers, "content-type": content_type}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return respond(action.status, content, encoded)


def filled(message: str, request: Request) -> str:
    """A fault's message with what it quotes of the request: servers and gateways repeat more than they should."""
    if "{" not in message:
        return message
    headers = "\n".join(
        f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in request.headers
    )
    text = f"{headers}\n\n{json.dumps(request.body, ensure_ascii=False)}"
    # A lone surrogate, which only an escape can carry.
    text = text.encode(errors="replace").decode()
    quotations = {
        "{id}": request.id,
        "{request}": text,
        "{request_url}": quote(text, safe=""),
        "{request_base64}": base64.b64encode(text.encode()).decode(),
    }
    for placeholder, quotation in quotations.items():
        message = message.replace(placeholder, quotation)
    return message


async def truncate(action: Truncate, answer: Answer, send: Send) -> None:
    keep = len(answer.body) // 2 if action.keep is None else action.keep
    headers = answer.response().raw_headers
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body[:keep], "more_body": True})


def patched(body: bytes, patch: Any) -> bytes:
    try:
        value = json.loads(body)
    except ValueError:
        return body
    if isinstance(value, list):
        return dump([merged(element, patch) for element in value])
    return dump(merged(value, patch))


def noting(request: Request, send: Send) -> Send:
    async def noted(message: Message) -> None:
        if message["type"] == "http.response.start":
            request.status = message["status"]
        await send(message)

    return noted


def read(scope: Scope, raw: bytes) -> Call:
    headers = scope["headers"]
    unreadable = None
    body: Any = None
    if raw:
        content_type = next((v for n, v in headers if n == b"content-type"), b"").decode("latin-1")
        try:
            body = bodies.parse(raw, content_type)
        except Refusal as refusal:
            unreadable = refusal
            body = raw.decode("utf-8", "replace")
    operation, id = identify(scope["method"], scope["path"])
    request = Request(
        number=0,
        method=scope["method"],
        path=scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=headers,
        operation=operation,
        id=id,
        body=body,
    )
    return Call(request, body, unreadable)


async def whole(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            break
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            break
    return b"".join(chunks)


def credential(request: Request) -> str:
    return next((value for name, value in request.headers if name == b"authorization"), b"").decode("latin-1")

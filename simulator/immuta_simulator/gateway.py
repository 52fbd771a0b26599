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

from immuta_simulator import bodies, segments
from immuta_simulator.authentication import AUTHENTICATE
from immuta_simulator.call import Call
from immuta_simulator.call import Outcome as End
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
from immuta_simulator.journal import Request
from immuta_simulator.refusal import Refusal, dump, error_body
from immuta_simulator.responses import JSON, respond, respond_json
from immuta_simulator.shapes import merged

OPEN = ("/docs", "/openapi.json", "/favicon.ico")
ADMIN = "/_simulator"

Sleep = Callable[[float], Awaitable[None]]


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
        call = self.read(scope, await whole(receive))
        scope["state"]["call"] = call
        if scope["path"].startswith(ADMIN):
            refusal = self.refuse_admin(call.request)
            await (respond_json(refusal.status, refusal.body) if refusal else self.app)(scope, receive, send)
            return
        self.control.journal.add(call.request)
        scope["path"] = segments.routed(scope)
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
                call.outcome = End(action.status, action.polls)
        answer = Answer()
        if works(answering):
            await self.work(call, scope, receive, answer.take)
        for action in actions:
            if isinstance(action, Delay) and action.after_work:
                await self.sleep(action.seconds)
        await self.answer(answering, call, answer, scope, receive, noting(call.request, send))

    def read(self, scope: Scope, raw: bytes) -> Call:
        headers = scope["headers"]
        unreadable = None
        body: Any = None
        if raw:
            content_type = next((v for n, v in headers if n == b"content-type"), b"").decode("latin-1")
            try:
                body = bodies.parse(raw, content_type, scope["path"])
            except Refusal as refusal:
                unreadable = refusal
                body = raw.decode("utf-8", "replace")
        family, claim = self.control.claim(scope["method"], segments.routed(scope))
        request = Request(
            number=0,
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            operation=claim.operation,
            id=segments.restored(claim.id),
            body=body,
        )
        return Call(request, body, unreadable, family, claim.permission)

    def take(self, call: Call) -> list[Action]:
        if not self.control.fault_rules.rules:
            return []
        request = call.request
        kind = call.family.type_of(call.request) if call.family else ""
        return self.control.fault_rules.take(
            request.method, request.path, request.operation, kind, request.id
        )

    async def work(self, call: Call, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self.refuse(call)
        await (respond_json(refusal.status, refusal.body) if refusal else self.app)(scope, receive, send)

    def refuse(self, call: Call) -> Refusal | None:
        if call.request.operation == AUTHENTICATE:
            return None
        if not self.control.tokens.accept(credential(call.request)):
            return Refusal(401, "Invalid or missing authentication credentials")
        if call.permission in self.control.settings.missing_permissions:
            return Refusal(403, f"Insufficient permissions: {call.permission} is required")
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
                await invalid(action, call)(scope, receive, send)
            case Truncate():
                await truncate(action, answer, send)
                await cut(scope, receive, reset=False)


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


def invalid(action: Invalid, call: Call) -> Response:
    failed = {name: expanded(message, call.request) for name, message in action.failed.items()}
    refusal = call.family.invalid(call.request, failed) if call.family else Refusal(422, "Validation failed.")
    return respond_json(refusal.status, refusal.body)


def instead(action: Respond, request: Request) -> Response:
    body, content_type = action.body, action.content_type
    if isinstance(body, str):
        content_type = content_type or ("text/html; charset=utf-8" if body.startswith("<") else "text/plain")
        content = body.encode(errors="replace")
    else:
        content_type = content_type or JSON
        value = body
        if value is None:
            message = expanded(action.message, request) or f"simulated {action.status}"
            value = error_body(action.status, message)
        content = dump(value)
    headers = {**action.headers, "content-type": content_type}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    return respond(action.status, content, encoded)


def expanded(message: str, request: Request) -> str:
    """A fault's message with its placeholders replaced by parts of the request, as servers and gateways repeat secrets."""
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

"""Authenticates requests by the API key, or by a bearer token that was exchanged for it."""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from immuta_simulator.refusal import Refusal
from immuta_simulator.settings import Settings

BEARER = "Bearer "


class Tokens:
    def __init__(self, settings: Settings, now: Callable[[], float] = time.time) -> None:
        self.settings = settings
        self.now = now
        self.lock = threading.Lock()
        self.expiry: dict[str, float] = {}

    def issue(self, key: object) -> dict[str, Any]:
        """The answer of POST /bim/apikey/authenticate."""
        if not isinstance(key, str) or not self.is_key(key):
            raise Refusal(401, "Invalid API key")
        token = secrets.token_hex(32)
        until = self.now() + self.settings.token_seconds
        with self.lock:
            self.expiry[token] = until
        text = datetime.fromtimestamp(until, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return {"authenticated": True, "token": token, "tokenExpiration": text}

    def accept(self, credential: str) -> bool:
        """Tells if an `Authorization` header is valid."""
        bare = credential.removeprefix(BEARER)
        if self.is_key(bare):
            return True
        with self.lock:
            return bare != credential and self.expiry.get(bare, 0) > self.now()

    def is_key(self, text: str) -> bool:
        sent, key = (each.encode(errors="surrogatepass") for each in (text, self.settings.api_key))
        return hmac.compare_digest(sent, key)

    def expire(self) -> None:
        with self.lock:
            self.expiry.clear()

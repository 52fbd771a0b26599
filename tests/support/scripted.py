"""A scripted Immuta with integration 5: the routes, answers and broken connections that many tests use, and a create."""

from __future__ import annotations

from typing import Any, Protocol

from immuta_provider.api.found import Found
from immuta_provider.api.http.errors import ConnectError, RequestTimeout, TooLarge
from immuta_provider.api.integrations import life
from immuta_provider.api.integrations.routes import Integrations
from immuta_provider.api.life import Outcome
from support.fake_clock import FakeClock
from support.fake_transport import FakeTransport, Script, error, reply

LIST, POST = "GET /integrations", "POST /integrations"
GET, STATUS = "GET /integrations/5", "GET /integrations/5/status"
PUT, DELETE = "PUT /integrations/5", "DELETE /integrations/5"
EXCHANGE = "POST /bim/apikey/authenticate"

REFUSED = ConnectError("Immuta could not be reached", "refused.", kind="refused", maybe_sent=False)
RESET = ConnectError("The connection to Immuta broke", "reset.", kind="broken", maybe_sent=True)
SILENT = RequestTimeout("Immuta did not answer in time", "silent.", maybe_sent=True)
UNTRUSTED = ConnectError("Untrusted", "refused.", kind="certificate", maybe_sent=False)
TOO_LARGE = TooLarge("Immuta's answer is too large", "more than 8 MiB came.")

EMPTY = reply(200, [])
CREATED = reply(200, {"id": "5", "status": "creating"})
MISSING = error(404, "No Integration found with ID 5.", "Not found")

PAYLOAD: dict[str, Any] = {
    "type": "Snowflake",
    "autoBootstrap": True,
    "config": {"host": "acme.example", "password": "hunter2"},
}
NATURAL_KEY = ("Snowflake", "acme.example")


class MakeClient(Protocol):
    """The fixture `make_client`."""

    def __call__(
        self, script: Script, settings: dict[str, Any] | None = None, **more: Any
    ) -> tuple[Integrations, FakeTransport, FakeClock]: ...


def create(
    client: Integrations,
    payload: dict[str, Any] = PAYLOAD,
    *,
    natural_key: Any = NATURAL_KEY,
    timeout: float = 600,
) -> Outcome:
    """Creates an integration. Another one is the same if its host is."""

    def has_host(found: Found) -> bool:
        return bool((found.body or {}).get("config", {}).get("host") == payload["config"]["host"])

    return life.create(
        client,
        payload,
        natural_key=natural_key,
        is_same=has_host,
        has_same_key=has_host,
        timeout=timeout,
    )

"""Every request that the provider makes of the integrations in the tables, byte for byte.

`requests.txt` has one line a request: the row, the method with the path, and the body. `python tests/golden/test_requests.py`,
with `provider:constructs:simulator:tests` as PYTHONPATH, writes the file again: only after a change that is meant to alter
what Immuta is sent.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from immuta_provider.api.http.exchange import Request, Response
from immuta_simulator.control import Control
from support.core import Core, InProcess
from support.scenarios import BASES, FULL, attributes, filled, more_rows, resource_of, rows

GOLDEN = Path(__file__).with_name("requests.txt")
TEARDOWN = {
    platform: {"authentication_type": "userPassword", "username": "admin", "password": "teardown-password"}
    for platform in ("snowflake", "redshift", "azure_synapse")
}
PROVIDER = {"fingerprint_key": "a key for the tests", "teardown_credentials": TEARDOWN}


class Recorder(InProcess):
    """The simulator's application, with every write that reaches it in `lines`."""

    def __init__(self, control: Control) -> None:
        super().__init__(control)
        self.lines: list[str] = []

    def send(self, request: Request) -> Response:
        if request.method != "GET":
            body = (request.body or b"").decode()
            self.lines.append(f"{request.method} {urlsplit(request.url).path} {body}".rstrip())
        return super().send(request)


def recorded() -> list[str]:
    """The lines of the file, as the provider writes them today."""
    recorder = Recorder(Control())

    def live(resource: str, *requests: dict[str, Any]) -> list[str]:
        """The writes of the last of the requests, with those of its destroy."""
        recorder.reset()
        core = Core(resource, transport=recorder, provider_config=PROVIDER)
        for request in requests:
            recorder.lines = []
            assert core.apply(attributes(request)).errors == []
        assert core.apply(None).errors == []
        return recorder.lines

    lines = [
        f"{base}: {line}"
        for base, request in (BASES | FULL).items()
        for line in live(resource_of(request), filled(request, 0))
    ]
    lines += [
        f"{row.name} {row.action}: {line}"
        for row in (*rows(), *more_rows())
        if row.action != "none"
        for line in live(row.resource, row.before, row.after)
    ]
    recorder.close()
    return lines


def test_requests_are_what_they_were() -> None:
    assert recorded() == GOLDEN.read_text("utf-8").splitlines()


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(recorded()) + "\n", "utf-8")

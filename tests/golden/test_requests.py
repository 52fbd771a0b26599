"""Every request that the provider makes of the integrations in the tables, byte for byte.

`requests.txt` has one line a request: the row, the method with the path, and the body. `python tests/golden/test_requests.py`,
with `provider:constructs:simulator:tests` as PYTHONPATH, writes the file again: only after a change that is meant to alter
what Immuta is sent.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from immuta_provider.api.http.exchange import Request, Response
from immuta_simulator.control import Control
from support.core import Core, InProcess
from table import cases, numbered, scenarios, scenarios_alone
from table.integrations import ROWS, TEARDOWN_CREDENTIALS
from table.row import Request as Body
from table.row import Row

GOLDEN = Path(__file__).with_name("requests.txt")
PROVIDER = {
    "fingerprint_key": "a key for the tests",
    "teardown_credentials": dict.fromkeys(("snowflake", "redshift", "azure_synapse"), TEARDOWN_CREDENTIALS),
}


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

    def live(row: Row, *requests: Body) -> list[str]:
        """The writes of the last of the requests, with those of its destroy."""
        recorder.reset()
        core = Core(row.resource, transport=recorder, provider_config=PROVIDER)
        for request in requests:
            recorder.lines = []
            assert core.apply(row.attributes(request)).errors == []
        assert core.apply(None).errors == []
        return recorder.lines

    lines = [
        f"{name}: {line}" for name, row, case in cases(ROWS) for line in live(row, numbered(case.request, 0))
    ]
    lines += [
        f"{each.name} {each.action}: {line}"
        for each in (*scenarios(ROWS), *scenarios_alone(ROWS))
        if each.action != "none"
        for line in live(each.row, each.before, each.after)
    ]
    recorder.close()
    return lines


def test_requests_are_those_of_the_golden_file() -> None:
    assert recorded() == GOLDEN.read_text("utf-8").splitlines()


if __name__ == "__main__":
    GOLDEN.write_text("\n".join(recorded()) + "\n", "utf-8")

"""No secret leaves the process, through the whole life of every type of integration: the real Terraform at TRACE.

Every file that the runs leave behind is searched: states and their backups with what is private in them, plan files, logs,
crash logs, all that was printed, the user's cache, the home and the temporary folder.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support import canaries
from support.altered_plugin import altered_plugin
from support.canary_life import ECHO, Key, Traces, printed, repeat_what_was_sent, resources, secrets_in
from table import prepare, refusals
from table.bad_integrations import SECRET

REFUSED = {"kind": "respond", "status": 422, "message": ECHO}
FAILED_TEST = {"kind": "invalid", "failed": {"Sign in": ECHO}}

CRASH = """
import os
from immuta_provider.resources.resource import Resource
def crash(name, platform, abort=False):
    real = getattr(Resource, name)
    def method(self, *arguments):
        if platform not in self.type.resource:
            return real(self, *arguments)
        if abort:
            os.abort()
        raise RuntimeError("cannot use %r" % (arguments,))
    setattr(Resource, name, method)
"""
CRASHES = {
    "validate": "crash('validate', 'snowflake')",
    "plan": "crash('read', 'redshift'); crash('plan', 'snowflake')",
    "apply": "crash('apply', 'snowflake')",
}

REMOVED_WITH_A_BODY = next(
    key
    for key, config in resources(0).items()
    if key[0].endswith("redshift_integration") and config["auto_bootstrap"]
)


def wrong_resources() -> dict[Key, dict[str, Any]]:
    """Every configuration with a secret that is refused or warned of, with a secret that is searched for."""
    numbers = itertools.count(990)
    made: dict[Key, dict[str, Any]] = {}
    for n, each in enumerate(refusal for refusal in refusals() if not refusal.bad.python_only):
        canary = json.dumps(canaries.secret(next(numbers)))[1:-1]
        config = json.loads(json.dumps(each.config).replace(SECRET, canary))
        config = canaries.marked(each.row.type, config, numbers)
        if any(secrets_in(config)):
            made[each.row.resource, f"wrong{n}"] = config
    return made


@pytest.fixture
def traces(traces: Traces) -> Traces:
    prepare(traces.simulator.control)
    traces.write(resources(0))
    traces.ok("init")
    return traces


def assert_sent(simulator: Immuta, round: int) -> None:
    """Immuta was sent exactly the secrets of a round that integrations have: the search of the test can find them."""
    made = [config for (type, _), config in resources(round).items() if type.endswith("_integration")]
    assert sorted(secrets_in(simulator.sent())) == sorted(secrets_in(made))


def test_mistakes_creation_rotation_and_refresh_leave_no_secret(traces: Traces, simulator: Immuta) -> None:
    to_stderr = {"TF_LOG": "", "TF_LOG_PATH": "", "TF_LOG_CORE": "TRACE", "TF_LOG_PROVIDER": "TRACE"}

    traces.write(wrong_resources())
    assert traces.run("validate").code == 1
    assert traces.run("plan", environment={"TF_LOG": "JSON"}).code == 1
    traces.write(resources(0))

    # The key is exchanged for a token, with which every later request is sent, so an answer that repeats one contains the token.
    simulator.fault("unauthorized", operation="list", call=2)
    # By type: Terraform chooses the order of the creates, and some contain a secret that is too short to be redacted.
    simulator.fault(FAILED_TEST, operation="create", type="Redshift", times=None)
    simulator.fault(REFUSED, operation="create", type="Snowflake", times=None)
    simulator.fault("createError", operation="create", type="Databricks", times=3)
    failed = traces.run("apply", "-auto-approve", environment=to_stderr)
    assert failed.code == 1
    assert "(redacted)" in printed(failed)
    assert "(not shown because it may contain a secret" in printed(failed)
    (token,) = traces.tokens()
    echoed = [r for r in simulator.requests("create") if r["headers"]["authorization"] == f"Bearer {token}"]
    assert len(echoed) > 10
    repeat_what_was_sent(simulator)
    simulator.clear_faults()
    traces.ok("apply", "-auto-approve", "-parallelism=20")
    assert_sent(simulator, 0)

    traces.write(resources(1), turn=1)
    traces.ok("plan", "-out=plan")
    traces.ok("show", "plan")
    traces.show_plan()
    assert any("!tfconfig/" in hit.place for hit in canaries.search_tree(traces.work, ()))
    simulator.fault(REFUSED, operation="update", times=10)
    simulator.fault(FAILED_TEST, operation="update", times=None)
    failed = traces.run("apply", "plan")
    assert (failed.code, "Immuta's validation failed" in failed.stderr) == (1, True)
    simulator.clear_faults()
    assert_sent(simulator, 0)

    repeat_what_was_sent(simulator)
    assert "failed validation tests:" in traces.ok("refresh")
    text = json.dumps(simulator.sent(), ensure_ascii=False)
    for operation in ("list", "get", "status"):
        simulator.fault({"kind": "respond", "status": 500, "message": text}, operation=operation, times=None)
    assert traces.run("plan").code == 1
    simulator.clear_faults()
    traces.ok("apply", "-auto-approve", "-parallelism=20")
    assert_sent(simulator, 1)

    assert traces.hits() == []


def test_crashes_replacement_import_and_removal_leave_no_secret(traces: Traces, simulator: Immuta) -> None:
    traces.ok("apply", "-auto-approve", "-parallelism=20")
    text = json.dumps(simulator.sent(), ensure_ascii=False)

    traces.write(resources(2), turn=2)
    for command, crashes in CRASHES.items():
        plugin = altered_plugin(traces.root / f"crash in {command}", CRASH + crashes)
        approved = ["-auto-approve"] if command == "apply" else []
        crashed = traces.run(command, *approved, plugin=plugin)
        assert (crashed.code, "RuntimeError at " in printed(crashed)) == (1, True)
    plugin = altered_plugin(traces.root / "aborted", CRASH + "crash('apply', '', abort=True)")
    aborted = traces.run("apply", "-auto-approve", plugin=plugin)
    # Terraform sees either the plugin's end or that of its own connection first.
    gone = ("The plugin encountered an error", "request was cancelled")
    assert (aborted.code, any(text in printed(aborted) for text in gone)) == (1, True)

    simulator.fault({"kind": "respond", "status": 422, "message": f"{ECHO} {text}"}, operation="delete")
    replace = f"-replace={'.'.join(REMOVED_WITH_A_BODY)}"
    assert traces.run("apply", "-auto-approve", replace).code == 1
    traces.ok("apply", "-auto-approve", replace)
    assert_sent(simulator, 2)

    state: dict[str, Any] = json.loads((traces.work / "terraform.tfstate").read_text())
    ids = {f"{r['type']}.{r['name']}": r["instances"][0]["attributes"]["id"] for r in state["resources"]}
    traces.ok("state", "rm", *ids)
    traces.write(resources(2), {"import": [{"to": to, "id": id} for to, id in ids.items()]})
    repeat_what_was_sent(simulator)
    traces.ok("apply", "-auto-approve", "-parallelism=20")
    traces.ok("show", "-json")

    simulator.fault(
        {"kind": "respond", "status": 422, "message": f"{ECHO} {text}"}, operation="delete", times=9
    )
    assert traces.run("destroy", "-auto-approve").code == 1
    traces.ok("destroy", "-auto-approve")
    # Those that were planted for other types have no settings.
    assert [each for each in simulator.stored("integrations") if each.get("config")] == []

    assert traces.hits() == []

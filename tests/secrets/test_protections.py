"""The search of the other tests can fail: with any one of the protections off, secrets are found.

Each row takes one protection out of the provider and does, with the real Terraform, what that protection is there for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from immuta_constructs.testing import Immuta
from support import canaries
from support.altered_plugin import altered_plugin
from support.canaries import SHORT, WORD
from support.canary_life import API_KEY, Key, Traces

ECHO = "cannot use {request}\n{request_url}\n{request_base64}"
SNOWFLAKE: Key = ("immuta_snowflake_integration", "one")
CONFIG: dict[str, Any] = {
    "auto_bootstrap": True,
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "SETUP_ADMIN",
    "password": canaries.secret(0),
    "role": "ACCOUNTADMIN",
}


class World(NamedTuple):
    traces: Traces
    simulator: Immuta
    plugin: Path

    def write(self, more: Mapping[str, Any] | None = None, *, spelling: str = "hcl", **changes: Any) -> None:
        self.traces.write({SNOWFLAKE: {**CONFIG, **changes}}, more, spelling=spelling)

    def apply(self, code: int = 0) -> None:
        result = self.traces.run("apply", "-auto-approve", plugin=self.plugin)
        assert result.code == code, result

    def plan(self, code: int = 0) -> None:
        assert self.traces.run("plan", "-out=plan", plugin=self.plugin).code == code


def refused(world: World) -> None:
    """Immuta refuses the integration, and repeats the request."""
    world.simulator.fault({"kind": "respond", "status": 422, "message": ECHO}, operation="create")
    world.write()
    world.apply(1)


def refused_with_a_short_secret(world: World) -> None:
    world.simulator.fault({"kind": "respond", "status": 422, "message": ECHO}, operation="create")
    world.write(password=SHORT[0])
    world.apply(1)


def refused_with_a_key_of_the_environment(world: World) -> None:
    world.simulator.fault({"kind": "respond", "status": 422, "message": ECHO}, operation="create")
    world.traces.terraform.environment["IMMUTA_API_KEY"] = API_KEY
    world.write({"provider": {"immuta": {}}})
    world.apply(1)


def refused_with_the_key_of_a_cluster(world: World) -> None:
    """The key was read just before, and no configuration holds it."""
    world.simulator.plant("integrations", {"type": "Trino", "config": {"apiKey": f"{WORD}cluster"}}, "9")
    said = {"kind": "respond", "status": 422, "message": f"not with {WORD}cluster"}
    world.simulator.fault(said, operation="create")
    world.write(
        {"ephemeral": {"immuta_trino_api_key": {"key": {"integration_id": "9"}}}},
        spelling="json",
        depends_on=["ephemeral.immuta_trino_api_key.key"],
    )
    world.apply(1)


def pointed_elsewhere(world: World) -> None:
    """A redirect's address can be a sign-in of somebody's."""
    location = {"location": f"https://elsewhere.example/{WORD}?token={WORD}"}
    world.simulator.fault({"kind": "respond", "status": 307, "headers": location}, operation="create")
    world.write()
    world.apply(1)


def read_with_a_strange_key(world: World) -> None:
    world.write()
    world.apply()
    world.simulator.alter("integrations", "1", config={f"{WORD} name": 1})
    world.plan()


def scripted(world: World) -> None:
    """A data source is kept in the state, and so is what it takes."""
    settings = {k: v for k, v in CONFIG.items() if k != "auto_bootstrap"}
    data = {"script": "create", "snowflake": settings}
    world.write({"data": {"immuta_integration_script": {"create": data}}})
    world.traces.run("apply", "-auto-approve", plugin=world.plugin)


def refused_with_a_token(world: World) -> None:
    """The API key is exchanged for a token, which Immuta repeats."""
    # The first list is the plan's.
    world.simulator.fault("unauthorized", operation="list", call=2)
    refused(world)
    assert len(world.traces.tokens()) == 1


def told_by_a_read(world: World) -> None:
    """Immuta tells of an integration that it cannot sign in any more, and with what."""
    world.write()
    world.apply()
    (held,) = world.simulator.stored("integrations")
    said = json.dumps(held["sent"], ensure_ascii=False)
    results = {
        "status": "failed",
        "validationTests": [{"name": said, "status": "failed", "message": said}],
    }
    world.simulator.alter(
        "integrations",
        held["id"],
        status="recurringValidationError",
        validationResults=results,
    )
    world.plan()


def read_with_a_key(world: World) -> None:
    world.write()
    world.apply()
    world.simulator.alter("integrations", "1", config={"apiKey": f"{WORD}cluster"})
    world.plan()


def refused_with_a_part(world: World) -> None:
    """Immuta names one option of several."""
    said = {"kind": "respond", "status": 422, "message": f"not with {WORD} here"}
    world.simulator.fault(said, operation="create")
    world.write(connect_args=f"UID=admin;PWD={WORD};SSL=1")
    world.apply(1)


def read_with_a_secret(world: World) -> None:
    """Immuta shows the password where the warehouse was."""
    world.write()
    world.apply()
    world.simulator.alter("integrations", "1", config={"warehouse": canaries.secret(0)})
    world.traces.run("apply", "-refresh-only", "-auto-approve", plugin=world.plugin)


def read_with_a_status(world: World) -> None:
    world.write()
    world.apply()
    world.simulator.alter("integrations", "1", status=f"not with {canaries.secret(0)}")
    world.traces.run("apply", "-refresh-only", "-auto-approve", plugin=world.plugin)


def sent(world: World) -> None:
    world.write()
    world.apply()


def crashed(world: World) -> None:
    world.write(password=SHORT[0])
    world.plan(1)


def wrong(world: World) -> None:
    """The password is there where it may not be."""
    world.write(authentication_type="keyPair")
    world.plan(1)


def additional(world: World) -> None:
    world.write(additional_config=json.dumps({"newToken": f"{WORD}additional"}))
    world.apply()


def removed(world: World) -> None:
    """The removal is refused; its credentials came from the environment."""
    world.write()
    world.apply()
    world.traces.terraform.environment.update(
        {
            "IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME": "admin",
            "IMMUTA_TEARDOWN_SNOWFLAKE_PASSWORD": f"{WORD} teardown",
        }
    )
    world.simulator.fault({"kind": "respond", "status": 422, "message": ECHO}, operation="delete")
    assert world.traces.run("destroy", "-auto-approve", plugin=world.plugin).code == 1


REDACTED_NOWHERE = "redaction.Redactor.clean = lambda self, text: text"
UNMASKED_LOG = "masking.mask = lambda integrations: lambda value: value"
UNREDACTED_LOG = "log._LOG._redactor = type('Open', (), {'clean': lambda self, text: text})()"
RAISING = """
def crash(self, prior, proposed, config, *rest):
    raise RuntimeError(f"cannot use {config!r}")
resource.Resource.plan = crash
"""

TOLD = """
real = failures.describe
for module in list(sys.modules.values()):
    if getattr(module, "describe", None) is real:
        module.describe = lambda error, packages: repr(error)
"""

MODULES = """
from immuta_provider.api.integrations import responses as answers, routes
from immuta_provider.api.http import client, error_response as refusal, screen
from immuta_provider.model import additional_config_rules, fields, rules
from immuta_provider import provider
from immuta_provider.plugin.protocol import codecs, encoding, failures, service
from immuta_provider.plugin import folding, log, redaction, schema, secrecy, secret_parts
from immuta_provider.resources.secrets import fingerprints, private_text
from immuta_provider.resources import masking, quoting, resource
from immuta_provider.resources.integrations import teardown
from immuta_provider.resources.integrations.scripts import new
"""

PROTECTIONS: dict[str, tuple[str, Callable[[World], None], str]] = {
    "secrets are write-only": (
        "real = schema.Attribute.__init__\n"
        "def without(self, *args, write_only=False, **more): real(self, *args, **more)\n"
        "schema.Attribute.__init__ = without",
        sent,
        "work/terraform.tfstate",
    ),
    "known secrets are taken out": (REDACTED_NOWHERE, refused, "kept/00"),
    "the secrets of a configuration are known": (
        "secrecy.learn_secrets = lambda attributes, value, learn: None",
        refused,
        "kept/00",
    ),
    "the key of the environment is known": (
        "provider.REDACTOR = redaction.Redactor()",
        refused_with_a_key_of_the_environment,
        "kept/00",
    ),
    "the key of a cluster is known": (
        "client.HttpClient.learn = property(lambda self: lambda secret: None, lambda self, learn: None)",
        refused_with_the_key_of_a_cluster,
        "kept/00",
    ),
    "of a redirect only the host is told": (
        "refusal._target = lambda response, screen: response.headers['location']",
        pointed_elsewhere,
        "kept/00",
    ),
    "a script in the state has no secret": (
        "real = new.NewScript.__init__\n"
        "def with_secrets(self, *args, secrets): real(self, *args, secrets=True)\n"
        "new.NewScript.__init__ = with_secrets",
        scripted,
        "work/terraform.tfstate",
    ),
    "the parts of a secret are known": (
        "secret_parts.parts = lambda secret, depth=0: [(secret, True)]",
        refused_with_a_part,
        "kept/00",
    ),
    "an answer's values are screened": (
        "screen.Screen.value = lambda self, value: value",
        read_with_a_secret,
        "work/terraform.tfstate",
    ),
    "an answer's status is screened": (
        "screen.Screen.word = lambda self, text, known: text",
        read_with_a_status,
        "work/terraform.tfstate",
    ),
    "in every form": (
        "redaction._forms = lambda secret: {folding.fold(secret): len(secret)}",
        refused,
        "kept/00",
    ),
    "a text with a short secret is not quoted": (
        "redaction.Redactor.quotable = lambda self, text: True",
        refused_with_a_short_secret,
        "kept/00",
    ),
    "a token that the API key was exchanged for is known": (
        "real = client.HttpClient.__init__\n"
        "def deaf(self, *args, **more): real(self, *args, **{**more, 'learn': None})\n"
        "client.HttpClient.__init__ = deaf",
        refused_with_a_token,
        "kept/00",
    ),
    "what is said of unknown secrets is not quoted": (
        "quoting.stored = quoting.sent",
        told_by_a_read,
        "kept/01",
    ),
    "secrets of the environment are known, too": (
        "teardown.TeardownCredentials.secrets = lambda self: iter(())",
        removed,
        "kept/01",
    ),
    "the log has what the model knows, and nothing else": (
        UNMASKED_LOG,
        told_by_a_read,
        "kept/terraform.log",
    ),
    "a key in the log is a name": (
        "masking._name = lambda key: key",
        read_with_a_strange_key,
        "kept/terraform.log",
    ),
    "the log has no known secret": (UNREDACTED_LOG, sent, "kept/terraform.log"),
    "the key of a cluster is read by nobody": (
        "routes.KIND.loggable = answers.without_api_key = lambda value: value",
        read_with_a_key,
        "kept/terraform.log",
    ),
    "an exception's text is not shown": (
        f"{RAISING}\n{TOLD}",
        crashed,
        "kept/00",
    ),
    "an error points at no secret": (
        "secrecy.cut_before_secret = lambda attributes, path: path\nrules.safe_path = lambda integration, path: path",
        wrong,
        "kept/00",
    ),
    "additional_config takes no secret": (
        "additional_config_rules.looks_secret = lambda key: False",
        additional,
        "work/terraform.tfstate",
    ),
    "a fingerprint stands for a secret": (
        "fingerprints.Fingerprints.make = lambda self, secret: {'kind': 'none', 'salt': '', 'hash': secret}",
        sent,
        "work/terraform.tfstate: private state",
    ),
}


# Where two protections stand behind one another, this one is off as well; it alone may be off without harm.
SECOND = {
    "the log has no known secret": UNMASKED_LOG,
    "the key of a cluster is read by nobody": UNMASKED_LOG,
    "secrets of the environment are known, too": "quoting.stored = quoting.sent",
    "the key of a cluster is known": "codecs.Codec.encode_read = codecs.Codec.encode",
    "a fingerprint stands for a secret": "private_text._write_fingerprint = lambda fingerprint: fingerprint['hash']",
}


@pytest.fixture
def simulator() -> Iterator[Immuta]:
    with Immuta(api_key=API_KEY) as running:
        yield running


@pytest.mark.parametrize("name", PROTECTIONS)
def test_without_it_secrets_are_found(tmp_path: Path, simulator: Immuta, name: str) -> None:
    alteration, happens, place = PROTECTIONS[name]
    traces = Traces(tmp_path, simulator)
    off = "\n".join((MODULES, SECOND.get(name, ""), alteration))
    happens(World(traces, simulator, altered_plugin(tmp_path / "altered", off)))
    hits = traces.hits()
    assert [hit for hit in hits if hit.place.startswith(place)], hits


@pytest.mark.parametrize("name", SECOND)
def test_with_it_the_other_one_is_not_needed(tmp_path: Path, simulator: Immuta, name: str) -> None:
    _, happens, _ = PROTECTIONS[name]
    traces = Traces(tmp_path, simulator)
    happens(World(traces, simulator, altered_plugin(tmp_path / "altered", MODULES + SECOND[name])))
    assert traces.hits() == []


def test_a_variable_that_is_not_ephemeral_is_in_the_plan_file(tmp_path: Path, simulator: Immuta) -> None:
    traces = Traces(tmp_path, simulator)
    traces.write({SNOWFLAKE: CONFIG}, spelling="ephemeral")
    traces.ok("init")
    traces.ok("plan", "-out=plan")
    assert traces.hits() == []
    file = traces.work / "main.tf.json"
    file.write_text(file.read_text("utf-8").replace('"ephemeral": true', '"ephemeral": false'), "utf-8")
    traces.ok("plan", "-out=plan")
    assert [hit.place for hit in traces.hits()] == ["work/plan!tfplan"]

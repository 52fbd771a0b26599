"""The search of the other tests can fail: with any one of the protections off, secrets are found.

Each entry removes one protection from the provider and does, with the real Terraform, what the protection is for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from immuta_constructs.testing import Immuta
from support import canaries
from support.altered_plugin import altered_plugin
from support.canaries import SHORT, WORD
from support.canary_life import API_KEY, ECHO, Key, Traces, repeat_what_was_sent

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

    def run(self, *arguments: str, code: int = 0) -> None:
        result = self.traces.run(*arguments, plugin=self.plugin)
        assert result.code == code, result

    def apply(self, code: int = 0) -> None:
        self.run("apply", "-auto-approve", code=code)

    def plan(self, code: int = 0) -> None:
        self.run("plan", "-out=plan", code=code)

    def refuse(self, operation: str = "create", message: str = ECHO) -> None:
        self.simulator.fault({"kind": "respond", "status": 422, "message": message}, operation=operation)


def created(world: World, **changes: Any) -> None:
    world.write(**changes)
    world.apply()


def planned_in_vain(world: World, **changes: Any) -> None:
    world.write(**changes)
    world.plan(1)


def refused(world: World, *, message: str = ECHO, **changes: Any) -> None:
    """Immuta refuses the integration, and repeats the request."""
    world.refuse(message=message)
    world.write(**changes)
    world.apply(1)


def refused_with_a_key_of_the_environment(world: World) -> None:
    world.traces.terraform.environment["IMMUTA_API_KEY"] = API_KEY
    refused(world, more={"provider": {"immuta": {}}})


def refused_with_the_key_of_a_cluster(world: World) -> None:
    """The key was read just before, and no configuration contains it."""
    world.simulator.plant("integrations", {"type": "Trino", "config": {"apiKey": f"{WORD}cluster"}}, "9")
    refused(
        world,
        message=f"not with {WORD}cluster",
        more={"ephemeral": {"immuta_trino_api_key": {"key": {"integration_id": "9"}}}},
        spelling="json",
        depends_on=["ephemeral.immuta_trino_api_key.key"],
    )


def refused_with_a_token(world: World) -> None:
    """The API key is exchanged for a token, which Immuta repeats."""
    # The first list is the plan's.
    world.simulator.fault("unauthorized", operation="list", call=2)
    refused(world)
    assert len(world.traces.tokens()) == 1


def redirected(world: World) -> None:
    """The address of a redirect can contain somebody's sign-in."""
    location = {"location": f"https://elsewhere.example/{WORD}?token={WORD}"}
    world.simulator.fault({"kind": "respond", "status": 307, "headers": location}, operation="create")
    world.write()
    world.apply(1)


def scripted(world: World) -> None:
    """A data source is stored in the state with its configuration."""
    settings = {k: v for k, v in CONFIG.items() if k != "auto_bootstrap"}
    data = {"script": "create", "snowflake": settings}
    world.write({"data": {"immuta_integration_script": {"create": data}}})
    world.traces.run("apply", "-auto-approve", plugin=world.plugin)


def read_as_unhealthy(world: World) -> None:
    """Immuta cannot sign in any more, and names the credentials."""
    created(world)
    repeat_what_was_sent(world.simulator)
    world.plan()


def read(world: World, **answer: Any) -> None:
    """Somebody changes the integration, and it is read."""
    created(world)
    world.simulator.alter("integrations", "1", **answer)
    world.run("apply", "-refresh-only", "-auto-approve")


def removed(world: World) -> None:
    """The removal is refused; its credentials came from the environment."""
    created(world)
    world.traces.terraform.environment.update(
        {
            "IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME": "admin",
            "IMMUTA_TEARDOWN_SNOWFLAKE_PASSWORD": f"{WORD} teardown",
        }
    )
    world.refuse("delete")
    world.run("destroy", "-auto-approve", code=1)


REDACTED_NOWHERE = "redaction.Redactor.clean = lambda self, text: text"
UNMASKED_LOG = "masking.mask = lambda integrations: lambda value: value"
UNREDACTED_LOG = "log._LOG._redactor = type('Open', (), {'clean': lambda self, text: text})()"
RAISING = """
def crash(self, prior, proposed, config, *rest):
    raise RuntimeError(f"cannot use {config!r}")
resource.Resource.plan = crash
"""

DESCRIBED = """
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

STATE, OUTPUT, LOG = "work/terraform.tfstate", "kept/00", "kept/terraform.log"

# The alteration, an event after which a secret is found, and the place of the secret.
PROTECTIONS: dict[str, tuple[str, Callable[[World], None], str]] = {
    "secrets are write-only": (
        "real = schema.Attribute.__init__\n"
        "def without(self, *args, write_only=False, **more): real(self, *args, **more)\n"
        "schema.Attribute.__init__ = without",
        created,
        STATE,
    ),
    "known secrets are redacted": (REDACTED_NOWHERE, refused, OUTPUT),
    "the secrets of a configuration are known": (
        "secrecy.learn_secrets = lambda attributes, value, learn: None",
        refused,
        OUTPUT,
    ),
    "the key of the environment is known": (
        "provider.REDACTOR = redaction.Redactor()",
        refused_with_a_key_of_the_environment,
        OUTPUT,
    ),
    "the key of a cluster is known": (
        "client.HttpClient.learn = property(lambda self: lambda secret: None, lambda self, learn: None)",
        refused_with_the_key_of_a_cluster,
        OUTPUT,
    ),
    "only the host of a redirect is shown": (
        "refusal._target = lambda response, screen: response.headers['location']",
        redirected,
        OUTPUT,
    ),
    "a script in the state has no secret": (
        "real = new.NewScript.__init__\n"
        "def with_secrets(self, *args, secrets): real(self, *args, secrets=True)\n"
        "new.NewScript.__init__ = with_secrets",
        scripted,
        STATE,
    ),
    "the parts of a secret are known": (
        "secret_parts.parts = lambda secret, depth=0: [(secret, True)]",
        partial(refused, message=f"not with {WORD} here", connect_args=f"UID=admin;PWD={WORD};SSL=1"),
        OUTPUT,
    ),
    "an answer's values are screened": (
        "screen.Screen.value = lambda self, value: value",
        partial(read, config={"warehouse": canaries.secret(0)}),
        STATE,
    ),
    "an answer's status is screened": (
        "screen.Screen.word = lambda self, text, known: text",
        partial(read, status=f"not with {canaries.secret(0)}"),
        STATE,
    ),
    "a secret is known in every form": (
        "redaction._forms = lambda secret: {folding.fold(secret): len(secret)}",
        refused,
        OUTPUT,
    ),
    "a text with a short secret is not quoted": (
        "redaction.Redactor.quotable = lambda self, text: True",
        partial(refused, password=SHORT[0]),
        OUTPUT,
    ),
    "a token that the API key was exchanged for is known": (
        "real = client.HttpClient.__init__\n"
        "def deaf(self, *args, **more): real(self, *args, **{**more, 'learn': None})\n"
        "client.HttpClient.__init__ = deaf",
        refused_with_a_token,
        OUTPUT,
    ),
    "a text that repeats unknown secrets is not quoted": (
        "quoting.held = quoting.sent",
        read_as_unhealthy,
        "kept/01",
    ),
    "the secrets of the environment are known": (
        "teardown.TeardownCredentials.secrets = lambda self: iter(())",
        removed,
        "kept/01",
    ),
    "the log shows only values that the model knows": (UNMASKED_LOG, read_as_unhealthy, LOG),
    "the log shows only keys that are names": (
        "masking._name = lambda key: key",
        partial(read, config={f"{WORD} name": 1}),
        LOG,
    ),
    "the log has no known secret": (UNREDACTED_LOG, created, LOG),
    "the key of a cluster is not logged": (
        "routes.KIND.loggable = answers.without_api_key = lambda value: value",
        partial(read, config={"apiKey": f"{WORD}cluster"}),
        LOG,
    ),
    "an exception's text is not shown": (
        f"{RAISING}\n{DESCRIBED}",
        partial(planned_in_vain, password=SHORT[0]),
        OUTPUT,
    ),
    "an error points at no secret": (
        "secrecy.cut_before_secret = lambda attributes, path: path\nrules.safe_path = lambda integration, path: path",
        partial(planned_in_vain, authentication_type="keyPair"),
        OUTPUT,
    ),
    "additional_config takes no secret": (
        "additional_config_rules.looks_secret = lambda key: False",
        partial(created, additional_config=json.dumps({"newToken": f"{WORD}additional"})),
        STATE,
    ),
    "the state has a fingerprint of a secret": (
        "fingerprints.Fingerprints.make = lambda self, secret: {'kind': 'none', 'salt': '', 'hash': secret}",
        created,
        f"{STATE}: private state",
    ),
}


# A second protection stands behind some, which is then off as well; that one alone may be off without harm.
SECOND = {
    "the log has no known secret": UNMASKED_LOG,
    "the key of a cluster is not logged": UNMASKED_LOG,
    "the secrets of the environment are known": "quoting.held = quoting.sent",
    "the key of a cluster is known": "codecs.Codec.encode_read = codecs.Codec.encode",
    "the state has a fingerprint of a secret": "private_text._write_fingerprint = lambda fingerprint: fingerprint['hash']",
}


def live(traces: Traces, happens: Callable[[World], None], *alterations: str) -> list[canaries.Hit]:
    """The secrets that are found after an event, with a provider that was altered."""
    plugin = altered_plugin(traces.root / "altered", "\n".join((MODULES, *alterations)))
    happens(World(traces, traces.simulator, plugin))
    return traces.hits()


@pytest.mark.parametrize("name", PROTECTIONS)
def test_secrets_are_found_without_a_protection(traces: Traces, name: str) -> None:
    alteration, happens, place = PROTECTIONS[name]
    hits = live(traces, happens, SECOND.get(name, ""), alteration)
    assert [hit for hit in hits if hit.place.startswith(place)], hits


@pytest.mark.parametrize("name", SECOND)
def test_a_second_protection_may_be_off_alone(traces: Traces, name: str) -> None:
    assert live(traces, PROTECTIONS[name][1], SECOND[name]) == []


def test_a_variable_that_is_not_ephemeral_is_in_the_plan_file(traces: Traces) -> None:
    traces.write({SNOWFLAKE: CONFIG}, spelling="ephemeral")
    traces.ok("init")
    traces.ok("plan", "-out=plan")
    assert traces.hits() == []
    file = traces.work / "main.tf.json"
    file.write_text(file.read_text("utf-8").replace('"ephemeral": true', '"ephemeral": false'), "utf-8")
    traces.ok("plan", "-out=plan")
    assert [hit.place for hit in traces.hits()] == ["work/plan!tfplan"]

"""A Terraform run all of whose traces are kept and searched: with every type of integration, or with a single resource.

Each run gets a home, a cache and a temporary folder of its own beside the working folder; its output is kept, too. Secrets
stand in the configuration as literals, in JSON and in HCL, or come from ephemeral variables.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import Result
from support import canaries
from support.canaries import SHORT, WORD, Hit
from support.pages import words
from support.terraform import Terraform
from table import examples, numbered
from table.integrations import BASES, attributes, resource_of

ECHO = "cannot use {request}\n{request_url}\n{request_base64}"
"""An answer of the simulator that repeats the request."""
API_KEY = f"{WORD}key/+=&~"
HEADER = f'{WORD}header"{WORD}'
TEARDOWN = {"authentication_type": "userPassword", "username": "admin"}
REQUIRED = {"terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}}}
PROVIDER = {
    "provider": {
        "immuta": {
            "api_key": API_KEY,
            "http_headers": {"X-Gateway": HEADER},
            "fingerprint_key": canaries.secret(900),
            "teardown_credentials": {
                "redshift": {**TEARDOWN, "password": canaries.secret(901)},
                "azure_synapse": {**TEARDOWN, "password": SHORT[0]},
                "hosts": {
                    f"acme-{n}.eu-central-1.snowflakecomputing.com": {
                        **TEARDOWN,
                        "password": canaries.secret(902 + n),
                    }
                    for n in range(60)
                },
            },
        }
    }
}
SPELLINGS = ("json", "hcl", "ephemeral")

Key = tuple[str, str]


def resources(round: int) -> dict[Key, dict[str, Any]]:
    """Every type, by every way of signing in, with the secrets of a round; two rounds have no secret in common, except
    that the short ones change places."""
    numbers = itertools.count(round * 100)
    made: dict[Key, dict[str, Any]] = {}
    for n, example in enumerate(examples()):
        config = canaries.marked(example.row.type, example.config, numbers)
        made[example.resource, f"r{n}"] = config
    for n, base in enumerate(("snowflake", "redshift", "synapse")):
        request = numbered(BASES[base], 50 + n)
        password = SHORT[(n + round) % 3]
        made[resource_of(request), f"short{n}"] = {**attributes(request), "password": password}
    return made


class Traces:
    """A working folder and everything that runs in it leave behind, below `root`."""

    def __init__(self, root: Path, simulator: Immuta) -> None:
        self.root = root
        self.simulator = simulator
        self.work, self.kept = root / "work", root / "kept"
        folders = {name: root / name for name in ("home", "cache", "tmp")}
        for folder in (self.work, self.kept, *folders.values()):
            folder.mkdir()
        self.terraform = Terraform(
            self.work,
            environment={
                "IMMUTA_HOST": simulator.url,
                "HOME": str(folders["home"]),
                "XDG_CACHE_HOME": str(folders["cache"]),
                "TMPDIR": str(folders["tmp"]),
                "TF_LOG": "TRACE",
                "TF_LOG_PATH": str(self.kept / "terraform.log"),
            },
        )
        self.results: list[Result] = []

    def write(
        self,
        made: Mapping[Key, Mapping[str, Any]],
        more: Mapping[str, Any] | None = None,
        *,
        spelling: str | None = None,
        turn: int = 0,
    ) -> None:
        """The configuration; a secret is spelled in one way or, without `spelling`, one resource's in this way and the
        next one's in that."""
        for file in (*self.work.glob("*.tf"), *self.work.glob("*.tf.json")):
            file.unlink()
        variables: dict[str, str] = {}
        by_type: dict[str, dict[str, Any]] = {}
        hcl = []
        for n, ((resource, name), config) in enumerate(made.items()):
            way = spelling or SPELLINGS[(n + turn) % 3]
            if way == "hcl":
                hcl.append(f'resource "{resource}" "{name}" {_hcl(config)}\n')
            elif way == "json":
                by_type.setdefault(resource, {})[name] = config
            else:
                referring = _referring(config, f"{resource}_{name}", variables)
                by_type.setdefault(resource, {})[name] = referring
        declared = {name: {"type": "string", "sensitive": True, "ephemeral": True} for name in variables}
        blocks = {"resource": by_type, "variable": declared}
        present = {name: block for name, block in blocks.items() if block}
        document = {**REQUIRED, **PROVIDER, **present, **(more or {})}
        # One argument a line, as cdktf writes it: Terraform itself shows the line of a resource that an error is about.
        (self.work / "main.tf.json").write_text(json.dumps(document, indent=2, ensure_ascii=False), "utf-8")
        (self.work / "literals.tf").write_text("\n".join(hcl), "utf-8")
        for name in [n for n in self.terraform.environment if n.startswith("TF_VAR_")]:
            del self.terraform.environment[name]
        self.terraform.environment.update({f"TF_VAR_{name}": value for name, value in variables.items()})

    def run(
        self, *arguments: str, plugin: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> Result:
        """`terraform ARGUMENTS`, what it prints kept; `plugin` is the CLI configuration of an altered one."""
        other = {} if plugin is None else {"TF_CLI_CONFIG_FILE": str(plugin)}
        result = self.terraform.run(*arguments, environment={**other, **(environment or {})})
        name = f"{len(self.results):02} {' '.join(arguments)}".replace("/", "_")[:80]
        (self.kept / name).write_text(result.stdout + result.stderr, "utf-8")
        self.results.append(result)
        return result

    def ok(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.code == 0, f"terraform {arguments}\n{result.stdout}\n{result.stderr}"
        return result.stdout

    def show_plan(self) -> None:
        """`terraform show -json` of the plan file; it repeats the configuration, which is left out."""
        shown = json.loads(self.terraform.ok("show", "-json", "plan"))
        assert shown.pop("configuration")
        (self.kept / f"shown {len(self.results)}").write_text(json.dumps(shown, ensure_ascii=False), "utf-8")

    def tokens(self) -> list[str]:
        """The tokens that the API key was exchanged for so far."""
        return list(self.simulator.control.tokens.expiry)

    def hits(self) -> list[Hit]:
        """Secrets in anything but the configuration, which a plan file repeats below `tfconfig/`; and the tokens that Immuta
        gave for the API key."""
        configuration = [*self.work.glob("*.tf"), *self.work.glob("*.tf.json")]
        hits = canaries.search_tree(self.root, configuration, self.tokens())
        return [hit for hit in hits if "!tfconfig/" not in hit.place]


def repeat_what_was_sent(simulator: Immuta) -> None:
    """Makes each integration unhealthy, for a reason that repeats all that Immuta was sent for it."""
    for integration in simulator.stored("integrations"):
        reason = f"no sign-in with {json.dumps(integration['sent'], ensure_ascii=False)}"
        test = {"name": reason, "status": "failed", "message": reason}
        results = {"status": "failed", "validationTests": [test]}
        simulator.alter(
            "integrations", integration["id"], status="recurringValidationError", validationResults=results
        )


def printed(result: Result) -> str:
    """The output of a command on one line, without frames."""
    return words(result.stdout + result.stderr)


def _hcl(value: Any) -> str:
    if isinstance(value, dict):
        return "{\n" + "".join(f"{name} = {_hcl(item)}\n" for name, item in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_hcl, value))}]"
    return json.dumps(value, ensure_ascii=False)


def _referring(value: Any, prefix: str, variables: dict[str, str]) -> Any:
    """A configuration with a variable in the place of each secret."""
    if isinstance(value, dict):
        return {name: _referring(item, f"{prefix}_{name}", variables) for name, item in value.items()}
    if isinstance(value, list):
        return [_referring(item, f"{prefix}_{n}", variables) for n, item in enumerate(value)]
    if isinstance(value, str) and (WORD in value or value in SHORT):
        variables[prefix] = value
        return f"${{var.{prefix}}}"
    return value


def secrets_in(value: Any) -> Iterator[str]:
    """Every marked secret of a configuration or of a request."""
    if isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from secrets_in(each)
    elif isinstance(value, str) and (WORD in value or value in SHORT):
        yield value

"""`make demo` and `make demo-destroy`: the real `cdktf deploy` on two examples, against a local Immuta.

Everything that is written lies in the checkout: `.local/` takes the place of the home folder, and the local Immuta keeps its
objects in `.local/demo/immuta.sqlite`, so that `destroy` finds them again.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from immuta_provider.distribution import mirror

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
DATA = LOCAL / "demo" / "immuta.sqlite"
EXAMPLES = {
    "quickstart": "seven integrations, one of each type",
    "getting_started": "the whole Getting Started guide: integrations, protected data, registered data",
}
"""The folder of each program, in the order in which they are deployed."""
API_KEY = "simulator-api-key"

CLI_CONFIG = """\
provider_installation {{
  filesystem_mirror {{
    path    = "{mirror}"
    include = ["{source}"]
  }}
  direct {{
    exclude = ["{source}"]
  }}
}}
"""


class DemoError(Exception):
    """The demo cannot go on; the text says why."""


def main(arguments: list[str]) -> int:
    try:
        match arguments:
            case ["deploy"]:
                deploy()
            case ["destroy"]:
                destroy()
            case _:
                raise DemoError("usage: demo.py deploy | destroy")
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


def deploy() -> None:
    environment = prepare()
    with simulator(environment) as host:
        environment["IMMUTA_HOST"] = host
        for example, title in EXAMPLES.items():
            say(f"cdktf deploy: {title}")
            run([command("cdktf"), "deploy", "--auto-approve"], environment, example)
        say(f"Objects in Immuta ({host}):")
        stored = holdings(host)
        for kind, lines in stored.items():
            print(f"  {kind}")
            for line in lines:
                print(f"    {line}")
        for example in EXAMPLES:
            say(f"terraform plan of {example}, once more: nothing may be left to do")
            run(plan_command(example), environment, example)
    count = sum(map(len, stored.values()))
    say(f"Done: {count} objects, and both second plans are empty. `make demo-destroy` takes them down again.")


def destroy() -> None:
    if not DATA.exists():
        say("There is nothing to take down: `make demo` has not run here since the last time.")
        return
    environment = prepare()
    with simulator(environment) as host:
        environment["IMMUTA_HOST"] = host
        for example in reversed(EXAMPLES):
            say(f"cdktf destroy: {example}")
            run([command("cdktf"), "destroy", "--auto-approve"], environment, example)
        left = [line for lines in holdings(host).values() for line in lines]
    if left:
        raise DemoError(f"Immuta still has {', '.join(left)}")
    DATA.unlink()
    say("Done: Immuta has no object of the demo any more.")


def prepare() -> dict[str, str]:
    """Installs the provider into a mirror in the checkout, and gives the environment in which nothing leaves it."""
    say("The provider, into a mirror of this checkout")
    folder = mirror.install(LOCAL / "mirror")
    print(f"  {folder.relative_to(ROOT)}")
    config = LOCAL / "terraform.rc"
    config.write_text(CLI_CONFIG.format(mirror=LOCAL / "mirror", source=mirror.SOURCE))
    DATA.parent.mkdir(parents=True, exist_ok=True)
    (LOCAL / "home").mkdir(exist_ok=True)
    ours = ("TF_", "IMMUTA_", "CDKTF_")
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
        "HOME": str(LOCAL / "home"),
        "XDG_CACHE_HOME": str(LOCAL / "cache"),
        "CDKTF_HOME": str(LOCAL / "cdktf"),
        "CDKTF_DISABLE_PLUGIN_CACHE_ENV": "1",
        "CHECKPOINT_DISABLE": "1",
        # Into a file or a pipe, cdktf prints each frame of its spinner unless it is told so.
        **({} if sys.stdout.isatty() else {"CI": "1"}),
        "IMMUTA_API_KEY": API_KEY,
        "JSII_NODE": command("node"),
        "TF_CLI_CONFIG_FILE": str(config),
        "TF_INPUT": "0",
    }


@contextmanager
def simulator(environment: dict[str, str]) -> Iterator[str]:
    """Runs the local Immuta on its data file, and gives its address."""
    serve = [command("cdktf-immuta"), "simulator", "--data", str(DATA), "--api-key", API_KEY]
    with subprocess.Popen(serve, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            for line in process.stdout:
                address = re.search(r"http://127\.0\.0\.1:\d+", line)
                if address:
                    say(f"A local Immuta listens on {address[0]}")
                    yield address[0]
                    return
            raise DemoError(f"the local Immuta ended at once, with status {process.wait()}")
        finally:
            process.terminate()


def holdings(host: str) -> dict[str, list[str]]:
    """The objects that the demo made, by their kind, one line each."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(path: str) -> Any:
        request = urllib.request.Request(f"{host}{path}", headers={"Authorization": API_KEY})
        with direct.open(request, timeout=30) as answer:
            return json.load(answer)

    found = {
        "integrations": [f"{one['type']:<24} {one['status']}" for one in ask("/integrations")],
        "mapped users": [
            f"{one['userid']:<24} {', '.join(sorted(one['profile']['externalUserIds'].values()))}"
            for one in ask("/bim/user")["hits"]
            if one["profile"].get("externalUserIds")
        ],
        "groups": [one["name"] for one in ask("/bim/group")["hits"]],
        "tags": [one["name"] for one in ask("/tag") if not one["systemCreated"]],
        "policies": [f"{one['type']:<24} {one['name']}" for one in ask("/policy/global")],
        "data sources": [one["name"] for one in ask("/dataSource")["hits"]],
    }
    # The order in which Terraform created them differs from run to run.
    return {kind: sorted(lines) for kind, lines in found.items()}


def plan_command(example: str) -> list[str]:
    (folder,) = (folder_of(example) / "cdktf.out" / "stacks").iterdir()
    colour = [] if sys.stdout.isatty() else ["-no-color"]
    return [command("terraform"), f"-chdir={folder}", "plan", "-detailed-exitcode", "-input=false", *colour]


def sample_secrets(example: str) -> dict[str, str]:
    """The variables that an example's sample-secrets.sh exports."""
    dump = (
        "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if n.startswith('TF_VAR_')}))"
    )
    script = ["sh", "-c", '. ./sample-secrets.sh && exec "$0" -c "$1"', sys.executable, dump]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TF_VAR_")}
    shown = subprocess.run(
        script, cwd=folder_of(example), env=clean, check=True, capture_output=True, text=True
    )
    secrets: dict[str, str] = json.loads(shown.stdout)
    return secrets


def folder_of(example: str) -> Path:
    return ROOT / "examples" / example


def command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DemoError(f"{name} is not on PATH: start this with `make demo`, which puts it there")
    return found


def run(arguments: list[str], environment: dict[str, str], example: str) -> None:
    ended = subprocess.run(arguments, env={**environment, **sample_secrets(example)}, cwd=folder_of(example))
    if ended.returncode != 0:
        named = " ".join(
            [Path(arguments[0]).name, *(one for one in arguments[1:] if not one.startswith("-"))]
        )
        raise DemoError(f"{named} of {example} ended with status {ended.returncode}")


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

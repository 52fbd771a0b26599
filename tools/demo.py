"""`make demo` and `make demo-destroy`: the real `cdktf deploy` on examples/quickstart, against a local Immuta.

Everything that is written lies in the checkout: `.local/` takes the place of the home folder, and the local Immuta keeps its
integrations in `.local/demo/immuta.sqlite`, so that `destroy` finds them again.
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
STACK = ROOT / "examples" / "quickstart"
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
        say("cdktf deploy: seven integrations, one of each type")
        run([command("cdktf"), "deploy", "--auto-approve"], environment)
        say(f"What Immuta ({host}) holds now:")
        held = integrations(host)
        for each in held:
            print(f"  {each['id']:>4}  {each['type']:<24}  {each['status']}")
        say("terraform plan, once more: nothing may be left to do")
        changes = subprocess.run(plan_command(), env=environment, cwd=STACK).returncode
        if changes != 0:
            raise DemoError("the second plan is not empty" if changes == 2 else "the second plan failed")
    say(
        f"Done: {len(held)} integrations, and the second plan is empty. `make demo-destroy` takes them down again."
    )


def destroy() -> None:
    if not DATA.exists():
        say("There is nothing to take down: `make demo` has not run here since the last time.")
        return
    environment = prepare()
    with simulator(environment) as host:
        environment["IMMUTA_HOST"] = host
        say("cdktf destroy")
        run([command("cdktf"), "destroy", "--auto-approve"], environment)
        left = integrations(host)
    if left:
        raise DemoError("Immuta still holds " + ", ".join(f"{each['type']} ({each['id']})" for each in left))
    DATA.unlink()
    say("Done: Immuta holds no integration any more.")


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
        **sample_secrets(),
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


def integrations(host: str) -> list[dict[str, Any]]:
    request = urllib.request.Request(f"{host}/integrations", headers={"Authorization": API_KEY})
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=30) as answer:
        held: list[dict[str, Any]] = json.load(answer)
    return held


def plan_command() -> list[str]:
    (folder,) = (STACK / "cdktf.out" / "stacks").iterdir()
    colour = [] if sys.stdout.isatty() else ["-no-color"]
    return [command("terraform"), f"-chdir={folder}", "plan", "-detailed-exitcode", "-input=false", *colour]


def sample_secrets() -> dict[str, str]:
    """The variables that sample-secrets.sh exports."""
    dump = (
        "import json, os; print(json.dumps({n: v for n, v in os.environ.items() if n.startswith('TF_VAR_')}))"
    )
    script = ["sh", "-c", '. ./sample-secrets.sh && exec "$0" -c "$1"', sys.executable, dump]
    shown = subprocess.run(script, cwd=STACK, check=True, capture_output=True, text=True).stdout
    secrets: dict[str, str] = json.loads(shown)
    return secrets


def command(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise DemoError(f"{name} is not on PATH: start this with `make demo`, which puts it there")
    return found


def run(arguments: list[str], environment: dict[str, str]) -> None:
    ended = subprocess.run(arguments, env=environment, cwd=STACK)
    if ended.returncode != 0:
        raise DemoError(f"{Path(arguments[0]).name} {arguments[1]} ended with status {ended.returncode}")


def say(text: str) -> None:
    print(f"\n==> {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

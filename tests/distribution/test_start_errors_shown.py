"""The real Terraform shows the reason and the next step if the provider cannot start."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from immuta_provider.distribution import mirror
from immuta_provider.distribution.packaged import plugin_file
from support.altered_plugin import dev_overrides
from support.stand_in import without_usual_folders
from support.terraform import PROGRAMS, Terraform

CONFIGURATION = f"""
terraform {{
  required_providers {{
    immuta = {{
      source = "{mirror.SOURCE}"
    }}
  }}
}}

resource "immuta_trino_integration" "trino" {{
}}
"""

# A Python that is altered before it runs what it is asked to.
PYTHON = """exec "$PYTHON" -I -S -c 'import os, sys
{alteration}
at = sys.argv.index("-c", 1)
code = sys.argv[at + 1]
sys.argv[:] = sys.argv[at + 1 :]
exec(code)' "$@"
"""

# Room for the modules before the handshake, and not for those after it.
LIMITED = """import resource
size = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + (30 << 20)
resource.setrlimit(resource.RLIMIT_AS, (size, size))"""

# Each is a line of the shell script that starts the plugin; `$PYTHON` is a Python that serves, `$FOLDER` holds the script.
SURROUNDINGS = {
    "no program": (
        "export IMMUTA_PROVIDER_PYTHON=/no/python",
        "terraform-provider-immuta cannot run: IMMUTA_PROVIDER_PYTHON is /no/python, which is not a program that can be run. "
        "Set it to the path of a Python 3.11 or newer, or unset it to have one looked for.",
    ),
    "an old Python": (
        "export IMMUTA_PROVIDER_PYTHON=$FOLDER/old",
        "terraform-provider-immuta needs Python 3.11 or newer with ssl: IMMUTA_PROVIDER_PYTHON is {folder}/old (3.9). "
        "Set it to the path of another one, or unset it to have one looked for.",
    ),
    "a Python without OpenSSL": (
        "export IMMUTA_PROVIDER_PYTHON=$FOLDER/without-ssl",
        "terraform-provider-immuta needs Python 3.11 or newer with ssl: IMMUTA_PROVIDER_PYTHON is {folder}/without-ssl "
        "({version} without ssl). Set it to the path of another one, or unset it to have one looked for.",
    ),
    "no Python": (
        "export PATH=/nowhere HOME=/nowhere",
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders. "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.",
    ),
    "only a Python that others can change": (
        "export PATH=$FOLDER/open HOME=/nowhere",
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders. "
        "Not fit: {folder}/open/python3 (other users can change it). "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.",
    ),
    "an old Terraform": (
        "export PLUGIN_PROTOCOL_VERSIONS=5",
        "the provider cannot start: this provider speaks Terraform plugin protocol 6, and the program that started it offers "
        "5 (PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer",
    ),
    "full everywhere": (
        "ulimit -f 0",
        "the provider cannot start: it needs a directory for its socket and its key, and none can be used; set TMPDIR to a "
        "writable directory with a short path (tried ",
    ),
    "too little memory": (
        "export IMMUTA_PROVIDER_PYTHON=$FOLDER/limited",
        "the provider cannot start: it has too little memory: raise the limit of the shell (`ulimit -v`) or of the container",
    ),
    "a mistake": (
        "export IMMUTA_PROVIDER_PYTHON=$FOLDER/broken",
        "the provider cannot start: it met ZeroDivisionError (division by zero), which is a bug in the provider; "
        "the log (TF_LOG=ERROR) has the traceback, please report it",
    ),
}


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(("surroundings", "shown"), SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_terraform_shows_why_the_provider_cannot_start(
    tmp_path: Path, surroundings: str, shown: str, program: tuple[str, ...]
) -> None:
    plugin = tmp_path / "plugin"
    plugin.write_bytes(without_usual_folders(plugin_file()))
    plugin.chmod(0o755)
    script(tmp_path / "old", PYTHON.format(alteration="sys.version_info = (3, 9, 0)"))
    script(tmp_path / "without-ssl", PYTHON.format(alteration='sys.modules["_ssl"] = None'))
    script(tmp_path / "broken", PYTHON.format(alteration="os.memfd_create = lambda name: 1 / 0"))
    script(tmp_path / "limited", PYTHON.format(alteration=LIMITED))
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o777)
    script(tmp_path / "open" / "python3", 'exec "$PYTHON" "$@"')
    start = f"export FOLDER={tmp_path} PYTHON={sys.executable}\n{surroundings}\nexec $FOLDER/plugin"
    script(tmp_path / "terraform-provider-immuta", start)
    terraform = Terraform(tmp_path, program)
    terraform.write(CONFIGURATION)
    code, _, stderr = terraform.run(
        "validate", environment={"TF_CLI_CONFIG_FILE": str(dev_overrides(tmp_path))}
    )
    version = ".".join(map(str, sys.version_info[:2]))
    text = re.sub(r"[│\s]+", " ", stderr)
    assert code == 1
    assert f"Unrecognized remote plugin message: {shown.format(folder=tmp_path, version=version)}" in text
    assert "Failed to read any lines" not in text

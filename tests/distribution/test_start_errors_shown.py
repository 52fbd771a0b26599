"""The real Terraform shows the reason and the next step if the provider cannot start."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from immuta_provider.distribution.packaged import plugin_file
from support.altered_plugin import dev_overrides
from support.plugin_process import first_line
from support.running import REQUIRED, one_trino
from support.stand_in import OLD, WITHOUT_SSL, altered_python, without_usual_folders
from support.terraform import PROGRAMS, Terraform

# Room for the modules before the handshake, and not for those after it.
LIMITED = """import resource
size = int(open("/proc/self/statm").read().split()[0]) * os.sysconf("SC_PAGE_SIZE") + (30 << 20)
resource.setrlimit(resource.RLIMIT_AS, (size, size))"""

ALTERATIONS = {
    "old": OLD,
    "without-ssl": WITHOUT_SSL,
    "broken": "os.memfd_create = lambda name: 1 / 0",
    "limited": LIMITED,
}

# Each is a line of the shell script that starts the plugin, and what Terraform shows then; `$PYTHON` is a Python that serves,
# `$FOLDER` holds the script.
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
        "export PATH=$FOLDER/nothing HOME=$FOLDER/home",
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders. "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.",
    ),
    "only a Python that others can change": (
        "export PATH=$FOLDER/open HOME=$FOLDER/home",
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

# For each, the lines that follow the advice after it.
REMEDIES = {
    "no program": ("export IMMUTA_PROVIDER_PYTHON=$PYTHON", "unset IMMUTA_PROVIDER_PYTHON"),
    "an old Python": ("export IMMUTA_PROVIDER_PYTHON=$PYTHON", "unset IMMUTA_PROVIDER_PYTHON"),
    "a Python without OpenSSL": ("export IMMUTA_PROVIDER_PYTHON=$PYTHON", "unset IMMUTA_PROVIDER_PYTHON"),
    "no Python": ("export PATH=$FOLDER/installed", "export IMMUTA_PROVIDER_PYTHON=$PYTHON"),
    "only a Python that others can change": (
        "export PATH=$FOLDER/installed",
        "export IMMUTA_PROVIDER_PYTHON=$PYTHON",
    ),
    "an old Terraform": ("export PLUGIN_PROTOCOL_VERSIONS=5,6",),
    "too little memory": ("export IMMUTA_PROVIDER_PYTHON=$PYTHON",),
}
FOLLOWED = [(name, remedy) for name, remedies in REMEDIES.items() for remedy in remedies]


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A plugin file, and Pythons of each kind."""
    plugin = tmp_path / "plugin"
    plugin.write_bytes(without_usual_folders(plugin_file()))
    plugin.chmod(0o755)
    for name, alteration in ALTERATIONS.items():
        script(tmp_path / name, altered_python('"$PYTHON"', alteration))
    for name in ("open", "installed"):
        (tmp_path / name).mkdir()
        script(tmp_path / name / "python3", 'exec "$PYTHON" "$@"')
    (tmp_path / "open").chmod(0o777)
    return tmp_path


def starts(folder: Path, *lines: str) -> Path:
    """The script that starts the plugin after these lines."""
    path = folder / "terraform-provider-immuta"
    exports = f"export FOLDER={folder} PYTHON={sys.executable}"
    script(path, "\n".join((exports, *lines, "exec $FOLDER/plugin")))
    return path


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
@pytest.mark.parametrize(("surroundings", "shown"), SURROUNDINGS.values(), ids=SURROUNDINGS)
def test_terraform_shows_why_the_provider_cannot_start(
    folder: Path, surroundings: str, shown: str, program: tuple[str, ...]
) -> None:
    starts(folder, surroundings)
    terraform = Terraform(folder, program)
    terraform.write({"terraform": REQUIRED, **one_trino()})
    code, _, stderr = terraform.run(
        "validate", environment={"TF_CLI_CONFIG_FILE": str(dev_overrides(folder))}
    )
    version = ".".join(map(str, sys.version_info[:2]))
    text = re.sub(r"[│\s]+", " ", stderr)
    assert code == 1
    assert f"Unrecognized remote plugin message: {shown.format(folder=folder, version=version)}" in text
    assert "Failed to read any lines" not in text


@pytest.mark.parametrize(("name", "remedy"), FOLLOWED)
def test_the_advice_of_a_start_error_leads_to_a_start(folder: Path, name: str, remedy: str) -> None:
    """A first line with the parts of a handshake is a provider that serves."""

    wrong, shown = SURROUNDINGS[name]
    assert first_line(starts(folder, wrong)).startswith(shown.partition("{")[0])
    assert first_line(starts(folder, wrong, remedy)).startswith("1|6|")

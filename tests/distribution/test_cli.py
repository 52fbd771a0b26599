from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from immuta_provider import __version__, cli
from immuta_provider.distribution import mirror

HELP = """\
usage: cdktf-immuta [-h] [--version] COMMAND ...

Immuta's integrations, tags and purposes as code.

positional arguments:
  COMMAND
    install   put the Terraform provider where Terraform finds it
    adopt     write a program of what a tenant has already
    doctor    check what a first deploy needs
    simulator
              run a local Immuta that forgets everything, or keeps it in a file

options:
  -h, --help  show this help message and exit
  --version   show program's version number and exit
"""


def ended(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int | str | None, str, str]:
    try:
        code: int | str | None = cli.main(arguments)
    except SystemExit as end:
        code = end.code
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_install_writes_into_the_mirror_of_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = mirror.installed_folder(tmp_path / ".terraform.d" / "plugins")
    text = (
        f"The Immuta provider {__version__} is installed in\n  {folder}\n\n"
        "Terraform finds it there by itself. Next, in your stack's folder: `cdktf deploy`, or for HCL `terraform init` and\n"
        "`terraform apply`.\n"
    )
    assert ended(["install"], capsys) == (0, text, "")
    assert mirror.directory_hash(folder) == mirror.expected_hash()


def test_install_into_another_mirror_shows_the_configuration_that_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = mirror.installed_folder(tmp_path / "team")
    text = f"""\
The Immuta provider {__version__} is installed in
  {folder}

Terraform looks there if its CLI configuration (~/.terraformrc, or the file named by TF_CLI_CONFIG_FILE) says so:

provider_installation {{
  filesystem_mirror {{
    path    = "{tmp_path}/team"
    include = ["registry.terraform.io/cdktf-immuta/immuta"]
  }}
  direct {{
    exclude = ["registry.terraform.io/cdktf-immuta/immuta"]
  }}
}}
"""
    assert ended(["install", "--mirror", "team"], capsys) == (0, text, "")
    assert ended(["install", "--mirror", "team"], capsys) == (0, text, "")


def test_the_option_help_lists_the_commands(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert ended(["--help"], capsys) == (0, HELP, "")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "cdktf-immuta: error: the following arguments are required: COMMAND\n"),
        (["install", "there"], "cdktf-immuta: error: unknown arguments: there\n"),
    ],
)
def test_wrong_arguments_are_named_in_the_error(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = ended(arguments, capsys)
    assert (code, out, err.splitlines(keepends=True)[-1]) == (2, "", says)


def test_doctor_gets_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    passed: list[dict[str, bool]] = []

    def run(**options: bool) -> int:
        passed.append(options)
        return 1

    monkeypatch.setattr("immuta_provider.doctor.command.run", run)
    statuses = [cli.main(["doctor", *options]) for options in ([], ["--json"], ["--api"])]
    assert (statuses, passed) == (
        [1, 1, 1],
        [
            {"as_json": False, "api": False},
            {"as_json": True, "api": False},
            {"as_json": False, "api": True},
        ],
    )


def test_the_simulator_gets_its_own_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ended(["simulator", "--help"], capsys)
    assert (code, err) == (0, "")
    assert out.startswith("usage: cdktf-immuta simulator [-h] [--port N]")


def test_the_simulator_without_its_extra_names_the_command_to_install_it() -> None:
    script = "import sys; sys.modules['fastapi'] = None\nfrom immuta_provider.cli import main\nsys.exit(main(['simulator']))"
    process = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert (process.returncode, process.stdout) == (1, "")
    assert process.stderr == (
        "cdktf-immuta simulator: the simulator needs fastapi, which the extra 'simulator' brings: "
        "pip install 'cdktf-immuta[simulator]'\n"
    )


@pytest.mark.parametrize("name", ["cdktf-immuta", "terraform-provider-immuta"])
def test_the_installed_command_prints_its_version(name: str) -> None:
    command = [str(Path(sys.executable).with_name(name)), "--version"]
    shown = subprocess.run(command, capture_output=True, text=True, check=True)
    prefix = "" if name == "terraform-provider-immuta" else f"{name} "
    assert shown.stdout == f"{prefix}{__version__}\n"

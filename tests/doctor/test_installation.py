"""The checks of the installed plugin: mirror, CLI configuration, plugin cache and lock files, each good and bad."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from immuta_provider import cli
from immuta_provider.distribution import lock, mirror
from immuta_provider.doctor import installation
from immuta_provider.doctor.check import Check, failed, ok, skipped, warning
from support.programs import at
from support.running import REQUIRED
from support.terraform import Terraform

VERSION = mirror.version()
NOWHERE = "none, so Terraform looks into its default folders"
BRINGS = f"a program with ImmutaProvider brings {VERSION} along, plain Terraform needs it there"
NO_CACHE = skipped("plugin_cache", "neither TF_PLUGIN_CACHE_DIR nor `plugin_cache_dir` is set")
NO_LOCK = skipped("lock_file", "no .terraform.lock.hcl of a stack here names the provider")

NO_MIRROR = failed(
    "cli_configuration",
    "{}: no mirror in `provider_installation` has the provider, so Terraform does not find it",
    "Run `cdktf-immuta install --mirror DIR`, and add the block that it prints to {}.",
)


def entry(version: str, checksum: str) -> str:
    return (
        f'provider "{mirror.SOURCE}" {{\n  version = "{version}"\n  hashes = [\n    "{checksum}",\n  ]\n}}\n'
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def checks(home: Path, **environ: str) -> list[Check]:
    stack = home.parent / "stack"
    stack.mkdir(exist_ok=True)
    return list(installation.checks(environ, stack, home))


def damage(folder: Path) -> None:
    (folder / mirror.plugin_name()).write_bytes(b"another")


def configure(home: Path, text: str) -> Path:
    path = home / ".terraformrc"
    path.write_text(text)
    return path


def test_the_mirror_of_the_user_is_checked_before_and_after_an_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From nothing, over the command that is advised and a damaged file, to a mirror that is well."""
    monkeypatch.setenv("HOME", str(home))
    place = home / ".terraform.d" / "plugins"
    advice = "Run `cdktf-immuta install`."
    configuration = ok("cli_configuration", NOWHERE)
    well = [configuration, ok("mirror", f"provider {VERSION} in {place}"), NO_CACHE, NO_LOCK]
    missing = warning("mirror", f"the provider is not in {place}; {BRINGS}", advice)
    assert checks(home) == [configuration, missing, NO_CACHE, NO_LOCK]
    cli.main(["install"])
    assert checks(home) == well
    folder = mirror.installed_folder(place)
    damage(folder)
    assert checks(home)[1] == failed(
        "mirror", f"the provider in {folder} is not the one of this package", advice
    )
    folder.parent.rename(folder.parent.with_name("0.0.1"))
    assert checks(home)[1] == warning("mirror", f"{place} has only the provider 0.0.1; {BRINGS}", advice)
    cli.main(["install"])
    assert checks(home) == well


def test_the_mirror_of_the_cli_configuration_is_checked_before_and_after_an_install(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """From a configuration without a mirror, over the block that the advised command prints, to one that is well."""
    team = home.parent / "team"
    file = configure(home, 'provider_installation {\n  direct {} # "}" in a comment\n}\n')
    assert checks(home)[:2] == [
        at(str(file), NO_MIRROR),
        skipped("mirror", "Terraform is configured to install the provider from elsewhere"),
    ]
    cli.main(["install", "--mirror", str(team)])
    configure(home, capsys.readouterr().out.partition("says so:\n")[2])
    well = [ok("cli_configuration", str(file)), ok("mirror", f"provider {VERSION} in {team}")]
    assert checks(home)[:2] == well
    shutil.rmtree(team)
    assert checks(home)[1] == failed(
        "mirror",
        f"the provider is not in {team}, and the package is {VERSION}",
        f"Run `cdktf-immuta install --mirror {team}`.",
    )
    cli.main(["install", "--mirror", str(team)])
    assert checks(home)[:2] == well


@pytest.mark.parametrize(
    ("text", "check"),
    [
        (
            'provider_installation {\n  network_mirror {\n    url = "https://mirror.example/"\n'
            '    include = ["*/*/*"]\n  }\n}\n',
            ok("cli_configuration", "{}: the provider comes from the network mirror https://mirror.example/"),
        ),
        (
            'provider_installation {\n  dev_overrides {\n    "cdktf-immuta/immuta" = "/opt/dev"\n  }\n  direct {}\n}\n',
            warning(
                "cli_configuration",
                "{}: `dev_overrides` uses the provider in /opt/dev, of any version and without a checksum",
                "Remove the provider from `dev_overrides` unless you develop it.",
            ),
        ),
        (
            'provider_installation {\n  filesystem_mirror {\n    path = "/m"\n    exclude = ["cdktf-immuta/*"]\n  }\n}\n',
            NO_MIRROR,
        ),
        ("disable_checkpoint = true\n", ok("cli_configuration", "{}")),
    ],
)
def test_the_cli_configuration_is_checked(text: str, check: Check, home: Path) -> None:
    file = configure(home, text)
    assert checks(home)[0] == at(str(file), check)


def test_a_missing_cli_configuration_is_a_warning(home: Path) -> None:
    path = home / "named"
    named = {"TF_CLI_CONFIG_FILE": str(path)}
    assert checks(home, **named)[0] == warning(
        "cli_configuration",
        f"TF_CLI_CONFIG_FILE names {path}, and there is no such file",
        "Create it, or remove TF_CLI_CONFIG_FILE.",
    )
    path.touch()
    assert [check.status for check in (checks(home, **named)[0], checks(home)[0])] == ["ok", "ok"]


def test_an_unreadable_cli_configuration_fails(home: Path) -> None:
    advice = "Make it a file that this user may read."
    assert checks(home, TF_CLI_CONFIG_FILE=str(home)) == [
        failed("cli_configuration", f"{home} cannot be read: is a directory", advice),
        skipped("mirror", "the CLI configuration cannot be read"),
        skipped("plugin_cache", "the CLI configuration cannot be read"),
        NO_LOCK,
    ]


def test_the_plugin_cache_is_checked_for_its_folder_and_its_plugin(home: Path) -> None:
    cache = home / "cache"
    environ = {"TF_PLUGIN_CACHE_DIR": str(cache)}
    assert checks(home, **environ)[2] == failed(
        "plugin_cache", f"there is no folder {cache}", f"Run `mkdir -p {cache}`."
    )
    cache.mkdir(parents=True)
    well = ok("plugin_cache", str(cache))
    assert checks(home, **environ)[2] == well
    folder = mirror.install(cache)
    assert checks(home, **environ)[2] == well
    damage(folder)
    text = f"the provider in {folder} is not the one of this package"
    assert checks(home, **environ)[2] == failed("plugin_cache", text, f"Run `rm -r {folder}`.")
    shutil.rmtree(folder)
    assert checks(home, **environ)[2] == well


def test_lock_files_of_the_folder_and_of_cdktf_are_ok_once_synth_has_written_them(home: Path) -> None:
    stack = home.parent / "stack"
    output = stack / "cdktf.out" / "stacks"
    for name in ("old", "other", "unrelated"):
        (output / name).mkdir(parents=True)
    (stack / lock.FILE_NAME).write_text(entry(VERSION, mirror.expected_hash()))
    (output / "old" / lock.FILE_NAME).write_text(entry("0.0.1", mirror.expected_hash()))
    (output / "other" / lock.FILE_NAME).write_text(entry(VERSION, "h1:another"))
    (output / "unrelated" / lock.FILE_NAME).write_text('provider "registry.terraform.io/a/b" {\n}\n')
    old, other = (f"cdktf.out/stacks/{name}/{lock.FILE_NAME}" for name in ("old", "other"))
    assert checks(home)[3:] == [
        ok("lock_file", f".terraform.lock.hcl has the checksum of the provider {VERSION}"),
        failed(
            "lock_file", f"{old} has the provider 0.0.1, and the package is {VERSION}", "Run `cdktf synth`."
        ),
        failed("lock_file", f"{other} has another checksum of the provider {VERSION}", "Run `cdktf synth`."),
    ]
    # As synthesis does for each stack.
    for name in ("old", "other"):
        path = output / name / lock.FILE_NAME
        lock.write_entry(path, source=mirror.SOURCE, version=VERSION, checksum=mirror.expected_hash())
    assert [check.status for check in checks(home)[3:]] == ["ok"] * 3


def test_a_lock_file_without_its_block_is_written_again_by_init(home: Path) -> None:
    stack = home.parent / "stack"
    stack.mkdir()
    terraform = Terraform(stack)
    terraform.write({"terraform": REQUIRED})
    path = stack / lock.FILE_NAME
    path.write_text(entry(VERSION, "h1:" + "A" * 43 + "="))
    assert terraform.run("init")[0] == 1
    assert checks(home)[3] == failed(
        "lock_file",
        f".terraform.lock.hcl has another checksum of the provider {VERSION}",
        "Remove its block from .terraform.lock.hcl, and run `terraform init`.",
    )
    path.write_text("")
    terraform.ok("init")
    assert checks(home)[3].status == "ok"

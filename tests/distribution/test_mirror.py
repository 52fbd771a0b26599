from __future__ import annotations

import base64
import hashlib
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from immuta_provider import __version__
from immuta_provider.distribution import mirror
from immuta_provider.distribution.packaged import plugin_file
from support.terraform import ROOT

NAME = f"terraform-provider-immuta_v{__version__}"
INSTALL = f"""
import sys
sys.path[:0] = [{str(ROOT / "provider")!r}]
from pathlib import Path
from immuta_provider.distribution import mirror
"""


def installing(script: str, *arguments: str) -> subprocess.Popen[str]:
    """A process that runs a script with the module `mirror`."""
    return subprocess.Popen(
        [sys.executable, "-c", INSTALL + script, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def content(top: Path) -> list[str]:
    return sorted(str(path.relative_to(top)) for path in top.rglob("*") if not path.is_dir())


def expected(*platforms: str) -> list[str]:
    found = platforms or (mirror.platform(),)
    return [f"{mirror.SOURCE}/{__version__}/{platform}/{NAME}" for platform in found]


def test_install_writes_the_plugin_where_terraform_looks(tmp_path: Path) -> None:
    folder = mirror.install(tmp_path)
    assert folder == mirror.installed_folder(tmp_path)
    assert content(tmp_path) == expected()
    assert (folder / NAME).read_bytes() == plugin_file()
    assert stat.S_IMODE((folder / NAME).stat().st_mode) == 0o755


def test_the_hash_is_the_dirhash_of_go(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b").write_bytes(b"bee")
    (tmp_path / "sub" / "a").write_bytes(b"")
    # As `golang.org/x/mod/sumdb/dirhash`: one line a file, sorted by name.
    lines = f"{hashlib.sha256(b'bee').hexdigest()}  b\n{hashlib.sha256(b'').hexdigest()}  sub/a\n"
    digest = base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()
    assert mirror.directory_hash(tmp_path) == f"h1:{digest}"


def test_installing_again_changes_nothing(tmp_path: Path) -> None:
    folder = mirror.install(tmp_path)
    before = [(path.stat().st_ino, path.stat().st_mtime_ns) for path in (folder, folder / NAME)]
    mirror.install(tmp_path)
    assert [(path.stat().st_ino, path.stat().st_mtime_ns) for path in (folder, folder / NAME)] == before


@pytest.mark.parametrize(
    "damage", ["cut", "changed", "stray file", "stray folder", "not executable", "empty", "link"]
)
def test_a_plugin_that_is_damaged_or_another_is_replaced(tmp_path: Path, damage: str) -> None:
    folder = mirror.install(tmp_path)
    plugin = folder / NAME
    match damage:
        case "cut":
            os.truncate(plugin, 100)
        case "changed":
            plugin.write_bytes(plugin_file() + b"\n")
        case "stray file":
            (folder / "__pycache__").mkdir()
            (folder / "__pycache__" / "main.pyc").write_bytes(b"")
        case "stray folder":
            (folder / "a" / "b").mkdir(parents=True)
            (folder / "a" / "b" / "c").write_text("")
        case "not executable":
            plugin.chmod(0o644)
        case "empty":
            plugin.unlink()
        case "link":
            folder.rename(tmp_path / "elsewhere")
            folder.symlink_to(tmp_path / "elsewhere")
    mirror.install(tmp_path)
    assert [path for path in content(tmp_path) if not path.startswith("elsewhere")] == expected()
    assert mirror.directory_hash(folder) == mirror.expected_hash()
    assert os.access(plugin, os.X_OK)
    assert not folder.is_symlink()


def test_an_install_that_is_killed_leaves_no_folder_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    # It stops at the sync, before the file gets its name.
    script = "import os, time\nos.fsync = lambda fd: (print('here', flush=True), time.sleep(60))\n"
    with installing(f"{script}mirror.install(Path(sys.argv[1]))\n", str(tmp_path)) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
        process.kill()
    assert not mirror.installed_folder(tmp_path).exists()
    (left,) = tmp_path.glob(".cdktf-immuta-*")
    mirror.install(tmp_path)
    assert left.exists(), "another install that is still running must not lose its files"
    os.utime(left, (1, 1))
    mirror.installed_folder(tmp_path).joinpath(NAME).unlink()
    mirror.install(tmp_path)
    assert content(tmp_path) == expected()


def test_installs_at_once_all_succeed(tmp_path: Path) -> None:
    folder = mirror.install(tmp_path)
    (folder / NAME).write_text("broken")
    start = time.time() + 1.5
    script = "mirror.expected_hash()\nimport time\nwhile time.time() < float(sys.argv[2]): pass\n"
    script += "mirror.install(Path(sys.argv[1]))\n"
    processes = [installing(script, str(tmp_path), str(start)) for _ in range(4)]
    assert [(process.communicate()[1], process.returncode) for process in processes] == [("", 0)] * 4
    assert content(tmp_path) == expected()


def test_a_mirror_that_cannot_be_written_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(mirror.InstallError) as error:
        mirror.install(tmp_path / "file")
    assert str(error.value) == (
        f"cannot write {tmp_path}/file/registry.terraform.io/cdktf-immuta/immuta/{__version__}: Not a directory. "
        "Choose a folder that you may write with `--mirror DIR`"
    )


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("linux", "x86_64", "linux_amd64"),
        ("linux", "aarch64", "linux_arm64"),
        ("linux", "i686", "linux_386"),
        ("darwin", "arm64", "darwin_arm64"),
        ("darwin", "x86_64", "darwin_amd64"),
        ("freebsd14", "amd64", "freebsd_amd64"),
    ],
)
def test_platforms_have_terraforms_names(
    monkeypatch: pytest.MonkeyPatch, system: str, machine: str, name: str
) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("", "", "", "", machine)))
    assert mirror.platform() == name


def test_a_mac_gets_both_architectures(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(os, "uname", lambda: os.uname_result(("", "", "", "", "x86_64")))
    assert mirror.install(tmp_path).name == "darwin_amd64"
    assert content(tmp_path) == expected("darwin_amd64", "darwin_arm64")


def test_an_install_on_windows_names_the_alternatives(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("PROCESSOR_ARCHITECTURE", "AMD64")
    monkeypatch.setenv("APPDATA", "/users/me/appdata")
    assert (mirror.platform(), mirror.default_mirror()) == (
        "windows_amd64",
        Path("/users/me/appdata/terraform.d/plugins"),
    )
    with pytest.raises(mirror.InstallError, match=r"^Windows cannot run the plugin file: .* `dev_overrides`"):
        mirror.install(tmp_path)
    assert content(tmp_path) == []


def test_importing_the_mirror_imports_neither_the_builder_nor_the_model() -> None:
    script = (
        INSTALL
        + "print(sorted(name for name in sys.modules if name.startswith(('immuta_', 'pydantic', 'zipfile'))))"
    )
    shown = subprocess.run([sys.executable, "-I", "-S", "-c", script], capture_output=True, text=True).stdout
    assert shown == (
        "['immuta_provider', 'immuta_provider.distribution', 'immuta_provider.distribution.mirror', "
        "'immuta_provider.distribution.packaged']\n"
    )

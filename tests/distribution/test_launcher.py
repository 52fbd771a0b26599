from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from immuta_provider.distribution.build import assemble
from immuta_provider.distribution.launcher import cache
from support.pythons import PYTHONS
from support.stand_in import LIBRARIES, OLD, WITHOUT_SSL, Plugin, altered_python, without_usual_folders

VERSION = ".".join(map(str, sys.version_info[:2]))
REAL = os.path.realpath(sys.executable)


def tree(plugin: Plugin) -> list[str]:
    return sorted(str(path.relative_to(plugin.folder)) for path in plugin.folder.rglob("*"))


def remembered(plugin: Plugin) -> list[str]:
    """The Python, and the circumstances under which it was found. The files that it needs are the machine's."""
    return (plugin.cache / "python").read_text().splitlines()[:2]


def test_the_first_start_compiles_and_the_second_does_the_same(plugin: Plugin) -> None:
    expected = {
        "arguments": ["--flag", "two words"],
        "loader": "Bundle",
        "library": "Bundle",
        "path": [],
        "python": VERSION,
    }
    first, second = (plugin.report("--flag", "two words") for _ in range(2))
    assert os.path.realpath(first.pop("executable")) == os.path.realpath(second.pop("executable")) == REAL
    assert (first, second) == (expected, expected)
    assert plugin.cached() == ["code", "pem", "python"]


def test_the_cache_is_this_users_alone(plugin: Plugin) -> None:
    plugin.run()
    modes = {
        path.name.rpartition(".")[2]: stat.S_IMODE(path.stat().st_mode) for path in plugin.cache.iterdir()
    }
    assert stat.S_IMODE(plugin.cache.stat().st_mode) == 0o700
    assert modes == {"code": 0o600, "lock": 0o600, "pem": 0o600, "python": 0o600}


@pytest.mark.parametrize("home", ["cached", "none"])
def test_launcher_never_writes_into_the_installed_folder(plugin: Plugin, home: str) -> None:
    environment = plugin.environment if home == "cached" else {"PATH": plugin.environment["PATH"]}
    for _ in range(2):
        plugin.run(environment=environment)
    assert tree(plugin) == ["terraform-provider-immuta_v0.1.0"]


@pytest.mark.parametrize("python", PYTHONS.values(), ids=PYTHONS)
def test_every_supported_python_runs_it_cold_warm_and_without_a_cache(plugin: Plugin, python: str) -> None:
    plugin.program("python3", f'exec {python} "$@"')
    without = {"PATH": plugin.environment["PATH"]}
    starts = [plugin.report(), plugin.report(), plugin.report(environment=without)]
    version = next(version for version, path in PYTHONS.items() if path == python)
    assert [(start["loader"], start["python"]) for start in starts] == [
        ("Bundle", version),
        ("Bundle", version),
        ("zipimporter", version),
    ]


def test_each_python_has_a_copy_of_its_own(plugin: Plugin) -> None:
    for python in PYTHONS.values():
        assert plugin.loader({**plugin.environment, "IMMUTA_PROVIDER_PYTHON": python}) == "Bundle"
    assert plugin.cached() == ["code"] * len(PYTHONS) + ["pem", "python"]


def test_the_interpreter_behind_a_shim_is_searched_once(plugin: Plugin) -> None:
    log = plugin.home / "log"
    plugin.program("python3", f'echo started >> {log}\nexec {sys.executable} "$@"')
    plugin.run()
    started = log.read_text()
    for _ in range(3):
        plugin.run()
    assert log.read_text() == started == "started\n"
    assert remembered(plugin) == [REAL, ":"]


def test_a_remembered_interpreter_that_is_gone_is_searched_again(plugin: Plugin) -> None:
    plugin.run()
    (plugin.cache / "python").write_text(f"{plugin.home}/gone/python3\n:\n")
    assert plugin.loader() == "Bundle"
    assert remembered(plugin) == [REAL, ":"]


def altered(plugin: Plugin, alteration: str) -> Path:
    return plugin.program("altered", altered_python(sys.executable, alteration))


@pytest.mark.parametrize("alteration", [OLD, WITHOUT_SSL])
def test_a_remembered_python_that_became_unfit_is_replaced_by_another(
    plugin: Plugin, alteration: str
) -> None:
    plugin.run()
    memory = plugin.cache / "python"
    memory.write_text(f"{altered(plugin, alteration)}\n:\n")
    assert plugin.report("--flag")["arguments"] == ["--flag"]
    assert remembered(plugin) == [REAL, ":"]


def test_a_remembered_python_that_does_not_run_fails_one_start(plugin: Plugin) -> None:
    plugin.run()
    memory = plugin.cache / "python"
    broken = plugin.program("broken", "echo 'error while loading shared libraries' >&2; exit 127")
    memory.write_text(f"{broken}\n:\n")
    assert plugin.run()[0] == 127
    assert [plugin.loader(), plugin.loader()] == ["Bundle", "Bundle"]
    assert remembered(plugin) == [REAL, ":"]
    assert [name for name in os.listdir(plugin.cache) if name.startswith(".")] == []


def needed_files(plugin: Plugin) -> list[str]:
    """The files that the remembered Python needs, as the cache names them."""
    folder, files = "", []
    for part in (plugin.cache / "python").read_text().splitlines()[2].split(":"):
        if part.endswith("/"):
            folder = part
        else:
            files.append(folder + part)
    return files


def test_the_files_that_the_remembered_python_needs_are_remembered(plugin: Plugin) -> None:
    plugin.run()
    needed = needed_files(plugin)
    assert [file for file in needed if not os.path.isfile(file)] == []
    assert {REAL, os.__file__} <= {*needed}
    # A library that only ssl needs is told by the import.
    assert [file for file in needed if "libssl" in file] == []


def missing(file: Path) -> None:
    file.unlink()


def replaced(file: Path) -> None:
    file.with_name("new").write_text("another build")
    file.with_name("new").rename(file)


def replaced_by_one_of_the_same_size(file: Path) -> None:
    file.with_name("new").write_bytes(file.read_bytes())
    file.with_name("new").rename(file)


def overwritten(file: Path) -> None:
    file.write_text("another build")


@pytest.mark.parametrize("change", [missing, replaced, replaced_by_one_of_the_same_size, overwritten])
def test_a_remembered_python_of_which_a_file_has_changed_costs_no_start(
    plugin: Plugin, change: Callable[[Path], None]
) -> None:
    """It would fail before it runs a line of Python, as with a C library that is too old for it."""
    plugin.run()
    library = plugin.home / "libc with spaces.so"
    library.write_text("this build")
    chosen = plugin.program(
        "chosen", f"grep -q '^this build$' '{library}' || exit 127\nexec {sys.executable} \"$@\""
    )
    memory = plugin.cache / "python"
    memory.write_text(f"{chosen}\n:\n{plugin.home}/:{library.name}\n{fingerprint(library)}\n")
    assert plugin.loader() == "Bundle"
    assert remembered(plugin) == [str(chosen), ":"]
    change(library)
    assert [plugin.loader(), plugin.loader()] == ["Bundle", "Bundle"]
    assert remembered(plugin) == [REAL, ":"]


def fingerprint(file: Path) -> int:
    found = file.stat()
    return found.st_ino * 7 + found.st_size


@pytest.mark.parametrize("content", [b"\x7fELF of another machine", b""], ids=["another machine's", "empty"])
def test_a_remembered_python_that_the_system_refuses_to_run_costs_no_start(
    plugin: Plugin, content: bytes
) -> None:
    plugin.run()
    refused = plugin.program("refused", "")
    refused.write_bytes(content)
    (plugin.cache / "python").write_text(f"{refused}\n:\n")
    code, stdout, _ = plugin.run("--flag")
    assert (code, json.loads(stdout)["arguments"]) == (7, ["--flag"])
    assert remembered(plugin) == [REAL, ":"]
    assert [name for name in os.listdir(plugin.cache) if name.startswith(".")] == []


def test_a_start_that_is_under_way_makes_no_other_doubt_the_remembered_python(plugin: Plugin) -> None:
    log = plugin.home / "log"
    chosen = plugin.program("chosen", f'echo started >> {log}\nexec {sys.executable} "$@"')
    plugin.run()
    (plugin.cache / "python").write_text(f"{chosen}\n:\n")
    (plugin.cache / f".start.{os.getpid()}").touch()
    plugin.run()
    assert log.read_text() == "started\n"


def test_a_python_is_remembered_for_its_library_path_only(plugin: Plugin) -> None:
    """A Python of an environment module needs the LD_LIBRARY_PATH under which it was found."""
    broken = plugin.program("broken", "exit 127")
    plugin.run()
    (plugin.cache / "python").write_text(f"{broken}\n:/modules/python/lib\n")
    assert plugin.loader() == "Bundle"
    assert remembered(plugin) == [REAL, ":"]


def test_the_output_of_a_shim_is_not_before_the_handshake(plugin: Plugin) -> None:
    shim = plugin.program("python3", f'echo WELCOME\ncat\nexec {sys.executable} "$@"')
    for environment in (plugin.environment, {**plugin.environment, "IMMUTA_PROVIDER_PYTHON": str(shim)}):
        code, stdout, stderr = plugin.run(environment=environment)
        assert (code, json.loads(stdout)["python"], stderr.replace("WELCOME\n", "")) == (7, VERSION, "")


def test_an_interpreter_remembered_behind_a_link_is_not_run(plugin: Plugin) -> None:
    plugin.run()
    fake = plugin.program("fake", "echo tampered")
    other = plugin.home / "other"
    other.write_text(f"{fake}\n:\n")
    (plugin.cache / "python").unlink()
    (plugin.cache / "python").symlink_to(other)
    assert plugin.loader() == "Bundle"


def test_pythons_that_are_too_old_or_broken_are_skipped(plugin: Plugin) -> None:
    plugin.program("python3", "echo 3.9; exit 1")
    plugin.program("python3.14", "echo 'pyenv: python3.14: command not found' >&2; exit 127")
    plugin.program("python3.13", f'exec {sys.executable} "$@"')
    assert plugin.report()["python"] == VERSION


def test_a_relative_folder_on_path_is_not_searched(plugin: Plugin) -> None:
    plugin.program("python3", "echo tampered")
    process = subprocess.run(
        [plugin.path],
        cwd=plugin.programs,
        env={**plugin.environment, "PATH": f".:{os.path.dirname(REAL)}"},
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stderr, "tampered" in process.stdout) == (7, "", False)


def test_an_error_without_a_python_lists_the_ones_tried_and_the_next_step(plugin: Plugin) -> None:
    plugin.path.write_bytes(without_usual_folders(plugin.path.read_bytes()))
    old = plugin.program("python3", "echo 3.9; exit 1")
    broken = plugin.program("python", "exit 127")
    without = altered(plugin, WITHOUT_SSL).rename(plugin.programs / "python3.12")
    text = (
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders. "
        f"Not fit: {old} (3.9), {without} ({VERSION} without ssl), {broken} (does not run). "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.\n"
    )
    environment = {**plugin.environment, "PATH": str(plugin.programs)}
    assert plugin.run(environment=environment) == (1, "", text)
    # Terraform shows a plugin's first line of output; the error stream goes to its log.
    assert plugin.run(environment={**environment, "TF_PLUGIN_MAGIC_COOKIE": "x"}) == (1, text, text)


def test_a_plugin_file_that_is_cut_off_is_an_error_that_terraform_shows(plugin: Plugin) -> None:
    plugin.path.write_bytes(plugin.path.read_bytes()[:-1000])
    code, stdout, stderr = plugin.run(environment={**plugin.environment, "TF_PLUGIN_MAGIC_COOKIE": "x"})
    assert (code, stdout) == (
        1,
        "the provider cannot start: it met ModuleNotFoundError (No module named 'immuta_provider'); "
        "install it again with `cdktf-immuta install`, or report this\n",
    )
    assert stderr.endswith("ModuleNotFoundError: No module named 'immuta_provider'\n")


def test_a_lack_of_memory_is_an_error_that_terraform_shows(tmp_path: Path, sources: Path) -> None:
    (sources / "immuta_provider" / "main.py").write_text("def main():\n    raise MemoryError\n")
    plugin = Plugin(tmp_path, assemble(sources, LIBRARIES))
    code, stdout, _ = plugin.run(environment={**plugin.environment, "TF_PLUGIN_MAGIC_COOKIE": "x"})
    assert (code, stdout) == (
        1,
        "the provider cannot start: it has too little memory: raise the limit of the shell (`ulimit -v`) or of the container\n",
    )


def test_the_variable_chooses_the_python(plugin: Plugin) -> None:
    chosen = plugin.program("chosen", f'echo chosen >> {plugin.home}/log\nexec {sys.executable} "$@"')
    for value in (str(chosen), "chosen"):
        assert plugin.loader({**plugin.environment, "IMMUTA_PROVIDER_PYTHON": value}) == "Bundle"
    # The first start runs it twice, because it checks it.
    assert (plugin.home / "log").read_text() == "chosen\n" * 3
    assert plugin.cached() == ["code", "pem", "python"]


def test_an_unfit_python_of_the_variable_is_an_error(plugin: Plugin) -> None:
    chosen = altered(plugin, OLD)
    environment = {**plugin.environment, "IMMUTA_PROVIDER_PYTHON": str(chosen)}
    text = (
        f"terraform-provider-immuta needs Python 3.11 or newer with ssl: IMMUTA_PROVIDER_PYTHON is {chosen} (3.9). "
        "Set it to the path of another one, or unset it to have one looked for.\n"
    )
    assert plugin.run(environment=environment) == (1, "", text)
    # It was fit when it was stored in the cache.
    plugin.run()
    (plugin.cache / "python").write_text(f"{chosen}\n{chosen}:\n")
    assert plugin.run(environment=environment) == (1, "", text)


def too_open(plugin: Plugin) -> None:
    plugin.cache.chmod(0o777)


def linked(plugin: Plugin) -> None:
    plugin.cache.rename(plugin.top / "elsewhere")
    plugin.cache.symlink_to("elsewhere")


def foreign(plugin: Plugin) -> None:
    os.chown(plugin.cache, 65534, 65534)


def a_file(plugin: Plugin) -> None:
    shutil.rmtree(plugin.cache)
    plugin.cache.write_text("")


def code(plugin: Plugin) -> Path:
    (path,) = plugin.cache.glob("*.code")
    return path


def writable_copy(plugin: Plugin) -> None:
    code(plugin).chmod(0o666)


def cut_copy(plugin: Plugin) -> None:
    os.truncate(code(plugin), 1000)


def garbled_copy(plugin: Plugin) -> None:
    content = code(plugin).read_bytes()
    code(plugin).write_bytes(content[:16] + b"?" * (len(content) - 16))


def linked_copy(plugin: Plugin) -> None:
    copy = code(plugin)
    copy.rename(plugin.top / "copy")
    copy.symlink_to(plugin.top / "copy")


@pytest.mark.parametrize("damage", [too_open, writable_copy, cut_copy, garbled_copy, linked_copy])
def test_a_copy_that_others_could_have_written_is_not_run_but_made_again(
    plugin: Plugin, damage: Callable[[Plugin], None]
) -> None:
    plugin.run()
    good = code(plugin).read_bytes()
    damage(plugin)
    assert plugin.loader() == "Bundle"
    found = os.lstat(code(plugin))
    assert (stat.S_ISREG(found.st_mode), stat.S_IMODE(found.st_mode)) == (True, 0o600)
    assert code(plugin).read_bytes() == good
    assert stat.S_IMODE(plugin.cache.stat().st_mode) == 0o700


def flipped(content: bytes, position: int) -> bytes:
    return content[:position] + bytes([content[position] ^ 4]) + content[position + 1 :]


SIZES = (0, 7, 8, 15, 16, 20)


@pytest.mark.parametrize("place", [*SIZES, b"Bundle", b"find_spec", b"executable", b"inner", b"ANSWER"])
def test_a_flipped_bit_in_the_copy_is_detected_and_the_copy_made_again(
    plugin: Plugin, place: int | bytes
) -> None:
    """`place` is a byte in the sizes and the checksum at the beginning, or in a module that is loaded."""
    plugin.run()
    good = code(plugin).read_bytes()
    position = place if isinstance(place, int) else good.index(place)
    code(plugin).write_bytes(flipped(good, position))
    assert [plugin.report("--flag")["arguments"] for _ in range(2)] == [["--flag"]] * 2
    assert code(plugin).read_bytes() == good


def test_a_flipped_bit_in_the_certificates_is_detected_and_the_file_made_again(plugin: Plugin) -> None:
    plugin.run()
    (path,) = plugin.cache.glob("*.pem")
    good = path.read_bytes()
    path.write_bytes(flipped(good, len(good) // 2))
    wheres = [plugin.report("--certificates", code=0)["where"] == str(path) for _ in range(2)]
    assert (wheres, path.read_bytes()) == ([False, True], good)


@pytest.mark.parametrize("damage", [linked, a_file, *([foreign] if os.geteuid() == 0 else [])])
def test_a_cache_that_is_not_this_users_folder_is_left_alone(
    plugin: Plugin, damage: Callable[[Plugin], None]
) -> None:
    plugin.run()
    damage(plugin)
    before = os.lstat(plugin.cache)
    assert [plugin.loader(), plugin.loader()] == ["zipimporter", "zipimporter"]
    after = os.lstat(plugin.cache)
    assert (after.st_mtime_ns, after.st_mode, after.st_uid) == (
        before.st_mtime_ns,
        before.st_mode,
        before.st_uid,
    )


def test_files_in_a_folder_that_was_open_to_others_are_removed(plugin: Plugin) -> None:
    plugin.run()
    (plugin.cache / "planted").write_text("")
    plugin.cache.chmod(0o770)
    plugin.run()
    assert plugin.cached() == ["code", "pem"]


@pytest.mark.parametrize(
    "change",
    [
        {"HOME": None},
        {"HOME": ""},
        {"HOME": "relative"},
        {"HOME": "/dev/null"},
        {"XDG_CACHE_HOME": "/dev/null"},
    ],
    ids=str,
)
def test_launcher_runs_without_a_usable_cache(plugin: Plugin, change: dict[str, str | None]) -> None:
    merged = {**plugin.environment, **change}
    environment = {name: value for name, value in merged.items() if value is not None}
    assert plugin.report(environment=environment) == {
        "arguments": [],
        "loader": "zipimporter",
        "library": "zipimporter",
        "path": [str(plugin.path)],
        "python": VERSION,
        "executable": plugin.report(environment=environment)["executable"],
    }


def test_launcher_runs_on_a_full_disk_and_writes_whole_files_only(plugin: Plugin) -> None:
    script = 'ulimit -f 1; exec "$0"'
    process = subprocess.run(
        ["/bin/sh", "-c", script, plugin.path], env=plugin.environment, capture_output=True, text=True
    )
    assert (process.returncode, process.stderr) == (7, "")
    assert '"loader": "zipimporter"' in process.stdout
    assert [name for name in plugin.cached() if name not in ("pem", "python")] == []


def test_xdg_cache_home_holds_the_cache(plugin: Plugin) -> None:
    plugin.top = plugin.home / "xdg"
    plugin.cache = plugin.top / "cdktf-immuta"
    assert plugin.loader({**plugin.environment, "XDG_CACHE_HOME": str(plugin.top)}) == "Bundle"
    assert plugin.cached() == ["code", "pem", "python"]


def test_many_first_starts_at_once_all_succeed(plugin: Plugin) -> None:
    processes = [plugin.start() for _ in range(8)]
    ends = [(process.communicate(timeout=60)[1], process.returncode) for process in processes]
    assert ends == [("", 7)] * 8
    assert plugin.cached() == ["code", "pem", "python"]


def test_a_start_waits_for_the_copy_that_another_one_makes(plugin: Plugin) -> None:
    plugin.run()
    copy = code(plugin)
    made = copy.rename(plugin.home / "made")
    with open(plugin.cache / "lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        processes = [plugin.start() for _ in range(3)]
        # The lock is held until the end, so no start makes a copy of its own.
        made.rename(copy)
        ends = [process.communicate(timeout=60) for process in processes]
    assert [(json.loads(stdout)["loader"], stderr) for stdout, stderr in ends] == [("Bundle", "")] * 3


class Clock:
    now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def test_a_start_stops_waiting_for_the_copy_of_another_one(
    plugin: Plugin, monkeypatch: pytest.MonkeyPatch
) -> None:
    plugin.cache.mkdir(parents=True, mode=0o700)
    clock = Clock()
    monkeypatch.setattr(cache, "time", clock)
    with open(plugin.cache / "lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        used = cache.prepare(str(plugin.path), str(plugin.cache), "", "a.code", "a.pem", lambda: False)
    assert (used, os.listdir(plugin.cache)) == (False, ["lock"])
    assert cache.PATIENCE < clock.now < cache.PATIENCE + 1


def test_old_files_are_removed_from_the_cache_and_files_being_written_stay(plugin: Plugin) -> None:
    plugin.cache.mkdir(parents=True, mode=0o700)
    for number in range(20):
        old = plugin.cache / f"old{number:02}.code"
        old.write_text("")
        os.utime(old, (number, number))
    (plugin.cache / ".being-written").write_text("")
    (plugin.cache / ".left-behind").write_text("")
    os.utime(plugin.cache / ".left-behind", (1, 1))
    plugin.run()
    left = sorted(path.name for path in plugin.cache.iterdir() if path.name.startswith((".", "old")))
    assert left == [".being-written", *(f"old{number:02}.code" for number in range(10, 20))]


def test_requests_finds_certificates_as_a_file_in_the_cache(plugin: Plugin) -> None:
    given = plugin.report("--certificates", code=0)
    (path,) = plugin.cache.glob("*.pem")
    assert given == {"where": str(path), "contents": "-----BEGIN CERTIFICATE-----\n"}
    assert path.read_text() == given["contents"]


@pytest.mark.parametrize("system", ["present", "absent"])
def test_requests_finds_certificates_without_a_cache(plugin: Plugin, system: str) -> None:
    store = plugin.home / "store.pem"
    temporary = plugin.home / "tmp"
    temporary.mkdir()
    if system == "present":
        store.write_text("")
    environment = {
        "PATH": plugin.environment["PATH"],
        "SSL_CERT_FILE": str(store),
        "TMPDIR": str(temporary),
    }
    given = plugin.report("--certificates", environment=environment, code=0)
    assert given["contents"] == "-----BEGIN CERTIFICATE-----\n"
    assert (given["where"] == str(store)) == (system == "present")
    assert given["where"].startswith(str(plugin.home))
    assert list(temporary.iterdir()) == []

"""The launcher runs no file that another user of the machine could have written. Needs root, for two users."""

from __future__ import annotations

import marshal
import os
import subprocess
import tempfile
from binascii import crc32
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from immuta_provider.distribution.build import assemble
from support.pythons import PYTHONS
from support.stand_in import LIBRARIES, Plugin, without_usual_folders, write_sources

VICTIM, ATTACKER = 20001, 20002


@cache
def reachable_python() -> str:
    """A Python that every user can run, because the tests' own may be in root's home."""
    candidates = [*PYTHONS.values(), *map(str, sorted(Path("/usr/bin").glob("python3.1[1-9]")))]
    probe = ["-I", "-S", "-c", "import _ssl, sys; sys.exit(sys.version_info < (3, 11))"]
    for python in candidates:
        try:
            if subprocess.run([python, *probe], user=VICTIM, group=VICTIM, extra_groups=[]).returncode == 0:
                return python
        except PermissionError:
            continue
    raise LookupError("no Python >= 3.11 that users without rights can run: install one in /usr/bin")


class Machine:
    """The victim's home with a cache that one start has filled, and the attacker's program, which records its user."""

    def __init__(self, top: Path) -> None:
        top.chmod(0o755)
        self.top = top
        self.plugin = Plugin(top, assemble(write_sources(top / "sources"), LIBRARIES))
        self.home = self.plugin.home
        self.cache = self.plugin.cache
        self.memory = self.cache / "python"
        self.ran = self.folder("ran", ATTACKER, 0o777)
        self.evil = self.program("evil", ATTACKER)
        own(self.home, VICTIM)
        self.environment = {"HOME": str(self.home), "PATH": os.path.dirname(reachable_python())}
        assert self.start() == (7, "", [])

    def folder(self, name: str, owner: int, mode: int = 0o755) -> Path:
        path = self.top / name
        path.mkdir(parents=True)
        path.chmod(mode)
        return own(path, owner)

    def program(self, name: str, owner: int, mode: int = 0o755) -> Path:
        path = self.top / name
        path.write_text(f'#!/bin/sh\n/usr/bin/id -u >> {self.ran}/by\nexec {reachable_python()} "$@"\n')
        path.chmod(mode)
        return own(path, owner)

    def remember(self, python: object) -> None:
        self.memory.write_text(f"{python}\n:\n")

    def move_cache(self, mode: int) -> Path:
        """Moves the cache to an XDG_CACHE_HOME that others can write to."""
        shared = self.folder("shared", VICTIM, mode)
        self.environment["XDG_CACHE_HOME"] = str(shared)
        self.cache.rename(shared / "cdktf-immuta")
        self.cache = shared / "cdktf-immuta"
        self.memory = self.cache / "python"
        return shared

    def start(self, cwd: str | Path = "/") -> tuple[int, str, list[str]]:
        """The exit status of a start by the victim (7: the stand-in for the provider ran), stderr, and who ran what is evil."""
        ended = subprocess.run(
            [self.plugin.path],
            cwd=cwd,
            env=self.environment,
            user=VICTIM,
            group=VICTIM,
            extra_groups=[],
            capture_output=True,
            text=True,
        )
        by = self.ran / "by"
        return ended.returncode, ended.stderr, by.read_text().split() if by.exists() else []


def own(path: Path, owner: int) -> Path:
    for each in (path, *path.rglob("*")):
        os.lchown(each, owner, owner)
    return path


@pytest.fixture(params=["two users"] if os.geteuid() == 0 else [])
def machine() -> Iterator[Machine]:
    with tempfile.TemporaryDirectory(dir="/tmp") as top:
        yield Machine(Path(top))


def memory_that_others_can_write(machine: Machine) -> None:
    machine.remember(machine.evil)
    machine.memory.chmod(0o666)


def memory_that_a_group_can_write(machine: Machine) -> None:
    machine.remember(machine.evil)
    os.chown(machine.memory, VICTIM, ATTACKER)
    machine.memory.chmod(0o660)


def memory_of_another(machine: Machine) -> None:
    machine.remember(machine.evil)
    own(machine.memory, ATTACKER)


def memory_as_a_hard_link(machine: Machine) -> None:
    notes = machine.top / "notes"
    notes.write_text(f"{machine.evil}\n:\n")
    own(notes, VICTIM)
    machine.memory.unlink()
    machine.memory.hardlink_to(notes)
    machine.cache.chmod(0o777)


def memory_as_a_link(machine: Machine) -> None:
    notes = machine.home / "notes"
    notes.write_text(f"{machine.program('mine', VICTIM)}\n:\n")
    own(notes, VICTIM)
    machine.memory.unlink()
    machine.memory.symlink_to(notes)


def memory_with_a_relative_path(machine: Machine) -> None:
    machine.remember("evil")


def folder_that_others_can_write(machine: Machine) -> None:
    machine.remember(machine.evil)
    machine.cache.chmod(0o777)


def folder_of_another(machine: Machine) -> None:
    machine.remember(machine.evil)
    os.chown(machine.cache, ATTACKER, ATTACKER)
    machine.cache.chmod(0o755)


def folder_swapped_for_a_link(machine: Machine) -> None:
    shared = machine.move_cache(0o777)
    checkout = machine.home / "checkout"
    checkout.mkdir()
    checkout.joinpath("python").write_text(f"{machine.program('mine', VICTIM)}\n:\n")
    own(checkout, VICTIM)
    machine.cache.rename(shared / "away")
    machine.cache.symlink_to(checkout)


def folder_swapped_for_another_of_the_victim(machine: Machine) -> None:
    machine.move_cache(0o777)
    machine.remember(machine.program("mine", VICTIM))


def folder_above_that_others_can_write(machine: Machine) -> None:
    machine.remember(machine.program("mine", VICTIM))
    machine.home.chmod(0o777)


def folder_above_of_another(machine: Machine) -> None:
    machine.remember(machine.program("mine", VICTIM))
    os.chown(machine.home, ATTACKER, ATTACKER)


def interpreter_of_another(machine: Machine) -> None:
    machine.remember(machine.evil)


def interpreter_that_others_can_write(machine: Machine) -> None:
    machine.remember(machine.program("mine", VICTIM, 0o757))


def interpreter_in_a_folder_that_others_can_write(machine: Machine) -> None:
    machine.folder("open", VICTIM, 0o777)
    machine.remember(machine.program("open/mine", VICTIM))


def interpreter_below_a_folder_that_a_group_can_write(machine: Machine) -> None:
    os.chown(machine.folder("open", VICTIM, 0o775), VICTIM, 100)
    machine.folder("open/bin", VICTIM)
    machine.remember(machine.program("open/bin/mine", VICTIM))


def interpreter_behind_a_link_of_another(machine: Machine) -> None:
    link = machine.top / "link"
    link.symlink_to(machine.program("mine", VICTIM))
    os.lchown(link, ATTACKER, ATTACKER)
    machine.remember(link)


def on_path(machine: Machine, folder: Path) -> None:
    machine.environment["PATH"] = f"{folder}:{machine.environment['PATH']}"
    machine.memory.unlink()


def path_of_another(machine: Machine) -> None:
    on_path(machine, machine.folder("bin", ATTACKER))
    machine.program("bin/python3", ATTACKER)


def path_with_a_program_of_another(machine: Machine) -> None:
    on_path(machine, machine.folder("bin", VICTIM))
    machine.program("bin/python3", ATTACKER)


def path_that_others_can_write(machine: Machine) -> None:
    on_path(machine, machine.folder("bin", VICTIM, 0o777))
    machine.program("bin/python3", VICTIM)


def path_with_a_link_to_a_program_of_another(machine: Machine) -> None:
    folder = machine.folder("bin", VICTIM)
    on_path(machine, folder)
    (folder / "python3").symlink_to(machine.evil)


def path_through_a_link_of_another(machine: Machine) -> None:
    machine.folder("safe", VICTIM)
    machine.program("safe/python3", VICTIM)
    (machine.folder("theirs", ATTACKER) / "link").symlink_to("../safe")
    on_path(machine, machine.top / "theirs" / "link")


def path_that_is_relative(machine: Machine) -> None:
    machine.program("python3", VICTIM)
    on_path(machine, Path("."))


def copy(machine: Machine) -> Path:
    """The compiled copy, with the attacker's code in the place of the code that imports modules."""
    (path,) = machine.cache.glob("*.code")
    run = f"import os; open({str(machine.ran / 'by')!r}, 'a').write(str(os.getuid()))\ndef install(*rest): raise OSError"
    head = marshal.dumps((compile(run, "evil", "exec"), ({}, 0)))
    sizes = (24 + len(head), len(head), crc32(head))
    path.write_bytes(b"".join(size.to_bytes(8, "little") for size in sizes) + head)
    return path


def copy_that_others_can_write(machine: Machine) -> None:
    copy(machine).chmod(0o666)


def copy_of_another(machine: Machine) -> None:
    own(copy(machine), ATTACKER)


def copy_as_a_hard_link(machine: Machine) -> None:
    (machine.top / "other").hardlink_to(copy(machine))


def copy_in_a_folder_that_others_can_write(machine: Machine) -> None:
    copy(machine)
    machine.cache.chmod(0o777)


def copy_below_a_folder_that_others_can_write(machine: Machine) -> None:
    copy(machine)
    machine.move_cache(0o777)


def copy_below_a_folder_of_another(machine: Machine) -> None:
    copy(machine)
    os.chown(machine.home, ATTACKER, ATTACKER)


ATTACKS = [
    memory_that_others_can_write,
    memory_that_a_group_can_write,
    memory_of_another,
    memory_as_a_hard_link,
    memory_as_a_link,
    memory_with_a_relative_path,
    folder_that_others_can_write,
    folder_of_another,
    folder_swapped_for_a_link,
    folder_swapped_for_another_of_the_victim,
    folder_above_that_others_can_write,
    folder_above_of_another,
    interpreter_of_another,
    interpreter_that_others_can_write,
    interpreter_in_a_folder_that_others_can_write,
    interpreter_below_a_folder_that_a_group_can_write,
    interpreter_behind_a_link_of_another,
    path_of_another,
    path_with_a_program_of_another,
    path_that_others_can_write,
    path_with_a_link_to_a_program_of_another,
    path_through_a_link_of_another,
    path_that_is_relative,
    copy_that_others_can_write,
    copy_of_another,
    copy_as_a_hard_link,
    copy_in_a_folder_that_others_can_write,
    copy_below_a_folder_that_others_can_write,
    copy_below_a_folder_of_another,
]


def shared_by_a_group_of_its_own(machine: Machine) -> None:
    """The umask 002 of systems on which each user has a group."""
    machine.folder("pythons", VICTIM, 0o775)
    machine.remember(machine.program("pythons/mine", VICTIM, 0o775))


def below_a_sticky_folder(machine: Machine) -> None:
    machine.move_cache(0o1777)
    machine.remember(machine.program("mine", VICTIM))


def through_links_of_the_victim(machine: Machine) -> None:
    machine.home.rename(machine.top / "data")
    machine.home.symlink_to("data")
    os.lchown(machine.home, VICTIM, VICTIM)
    machine.remember(machine.program("mine", VICTIM))


TRUSTED = [shared_by_a_group_of_its_own, below_a_sticky_folder, through_links_of_the_victim]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_file_that_another_user_could_have_written_is_not_run(
    machine: Machine, attack: Callable[[Machine], None]
) -> None:
    attack(machine)
    assert [machine.start(machine.top), machine.start(machine.top)] == [(7, "", [])] * 2


@pytest.mark.parametrize("surroundings", TRUSTED)
def test_a_file_that_only_this_user_could_have_written_is_run(
    machine: Machine, surroundings: Callable[[Machine], None]
) -> None:
    surroundings(machine)
    assert machine.start() == (7, "", [str(VICTIM)])


def test_a_python_that_others_can_change_is_named_if_there_is_no_other(machine: Machine) -> None:
    machine.plugin.path.write_bytes(without_usual_folders(machine.plugin.path.read_bytes()))
    machine.memory.unlink()
    folder = machine.folder("bin", VICTIM, 0o777)
    machine.environment["PATH"] = str(folder)
    machine.program("bin/python3", VICTIM)
    assert machine.start() == (
        1,
        "terraform-provider-immuta needs Python 3.11 or newer with ssl, and found none on PATH or in the usual folders. "
        f"Not fit: {folder}/python3 (other users can change it). "
        "Install one, or set IMMUTA_PROVIDER_PYTHON to the path of one.\n",
        [],
    )
    machine.environment["IMMUTA_PROVIDER_PYTHON"] = str(folder / "python3")
    assert machine.start()[:2] == (7, "")

"""Imports modules from the compiled copy. It is one file, from which each module is read at its first import."""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec
from binascii import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    Table = dict[str, tuple[int, int, bool, int]]


class Bundle:
    """A finder and loader. `table` maps the name of a module to its offset after `start`, size, True for a package, and checksum.

    `copy` is the path of the compiled copy. `certificates` is the path of a file for `requests` (see `certifi.py`), which may be
    missing. `certificates_checksum` is the `crc32` of its content.
    """

    def __init__(
        self,
        fd: int,
        start: int,
        contents: tuple[Table, int],
        plugin: str,
        copy: str,
        certificates: str,
    ) -> None:
        self.fd = fd
        self.start = start
        self.table, self.certificates_checksum = contents
        self.plugin = plugin
        self.copy = copy
        self.certificates = certificates

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        entry = self.table.get(fullname)
        if entry is None:
            return None
        return ModuleSpec(fullname, self, origin=self.plugin, is_package=entry[2])  # type: ignore[arg-type]

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.get_code(module.__spec__.name), module.__dict__)  # type: ignore[union-attr]

    def get_code(self, fullname: str) -> CodeType:
        offset, size, _, checksum = self.table[fullname]
        try:
            part = os.pread(self.fd, size, self.start + offset)
        except OSError:
            part = b""
        if crc32(part) == checksum:
            code: CodeType = marshal.loads(part)
            return code
        self.discard()
        from zipimport import zipimporter

        return zipimporter("/".join([self.plugin, *fullname.split(".")[:-1]])).get_code(fullname)

    def discard(self) -> None:
        """Removes a damaged copy, so that the next start makes a new one, with the certificates."""
        try:
            os.unlink(self.copy)
        except OSError:
            return

    def is_package(self, fullname: str) -> bool:
        return self.table[fullname][2]

    def get_data(self, path: str) -> bytes:
        """A data file of the plugin, by its name in the zip."""
        from zipimport import zipimporter

        return zipimporter(self.plugin).get_data(path)


def install(
    fd: int, start: int, contents: tuple[Table, int], plugin: str, copy: str, certificates: str
) -> None:
    sys.meta_path.insert(0, Bundle(fd, start, contents, plugin, copy, certificates))

"""Imports modules from the compiled copy: one file, each module marshalled by itself and read when it is first imported."""

from __future__ import annotations

import marshal
import os
import sys
from _frozen_importlib import ModuleSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    Table = dict[str, tuple[int, int, bool]]


class Bundle:
    """A finder and loader. `table`: module name to offset after `start`, size, and whether it is a package.

    `certificates` is the path of a file that may be there, for `requests` (see `certifi.py`).
    """

    def __init__(self, fd: int, start: int, table: Table, plugin: str, certificates: str) -> None:
        self.fd = fd
        self.start = start
        self.table = table
        self.plugin = plugin
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
        offset, size, _ = self.table[fullname]
        try:
            code: CodeType = marshal.loads(os.pread(self.fd, size, self.start + offset))
        except (OSError, EOFError, ValueError, TypeError):
            from zipimport import zipimporter

            code = zipimporter(self.plugin).get_code(fullname)
        return code

    def is_package(self, fullname: str) -> bool:
        return self.table[fullname][2]

    def get_data(self, path: str) -> bytes:
        """A data file of the plugin, by its name in the zip."""
        from zipimport import zipimporter

        return zipimporter(self.plugin).get_data(path)


def install(fd: int, start: int, table: Table, plugin: str, certificates: str) -> None:
    sys.meta_path.insert(0, Bundle(fd, start, table, plugin, certificates))

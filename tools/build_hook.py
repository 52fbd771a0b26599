"""The parts of the build that hatchling does not do by itself: the plugin file in the wheel, and README as PyPI shows it."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface


class PluginFileHook(BuildHookInterface[Any]):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """An editable install gets no file: there the plugin is built from the sources whenever it is asked for."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root, "provider")))
        from immuta_provider.distribution.build import build

        plugin = Path(self.directory, "terraform-provider-immuta")
        plugin.parent.mkdir(parents=True, exist_ok=True)
        plugin.write_bytes(build(Path(self.root)))
        build_data["force_include"][str(plugin)] = "immuta_provider/distribution/terraform-provider-immuta"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        Path(self.directory, "terraform-provider-immuta").unlink(missing_ok=True)


class ReadmeHook(MetadataHookInterface):
    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Has README's links to files lead to the repository: on PyPI there is nothing beside README."""
        text = Path(self.root, "README.md").read_text("utf-8")
        absolute = re.sub(r"(?<=\]\()(?!https://|#)", f"{metadata['urls']['Repository']}/blob/main/", text)
        metadata["readme"] = {"content-type": "text/markdown", "text": absolute}

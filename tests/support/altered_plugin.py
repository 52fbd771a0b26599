"""The provider with something about it altered, as a plugin that Terraform starts: for tests that need it broken.

Nothing in the real plugin listens to a test; this one is a script that alters the modules in memory before it serves.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.terraform import ROOT


def altered_plugin(folder: Path, alteration: str) -> Path:
    """Writes the plugin, and a CLI configuration under which Terraform takes it for the provider; returns that file."""
    folder.mkdir(parents=True)
    plugin = folder / "terraform-provider-immuta"
    plugin.write_text(
        f"#!{sys.executable} -I\n"
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT / 'provider')!r})\n"
        f"{alteration}\n"
        "from immuta_provider.main import main\n"
        "sys.exit(main())\n"
    )
    plugin.chmod(0o755)
    return dev_overrides(folder)


def dev_overrides(folder: Path) -> Path:
    """Writes a CLI configuration under which Terraform takes `terraform-provider-immuta` in the folder for the provider."""
    config = folder / "terraform.rc"
    config.write_text(
        "disable_checkpoint = true\n"
        f'provider_installation {{\n  dev_overrides {{\n    "cdktf-immuta/immuta" = "{folder.as_posix()}"\n  }}\n}}\n'
    )
    return config

"""Prints the user's own pip configuration file, for a pip that runs with another home; /dev/null where there is none."""

import os
from pathlib import Path

named = os.environ.get("PIP_CONFIG_FILE")
usual = (".config/pip/pip.conf", "Library/Application Support/pip/pip.conf", ".pip/pip.conf")
found = [named] if named else [str(path) for name in usual if (path := Path.home() / name).is_file()]
print(found[0] if found else os.devnull)

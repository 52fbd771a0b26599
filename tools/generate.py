"""Write the files that are derived from the model, or with --check say which of them are stale.

python tools/generate.py            write all
python tools/generate.py table      write one
python tools/generate.py --check    change nothing; exit 1 when a file is stale
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "provider"), str(ROOT / "tools")]

import generate_table  # noqa: E402

TARGETS: dict[str, tuple[Path, Callable[[], str]]] = {
    "table": (ROOT / "provider/immuta_provider/integrations/compiled.py", generate_table.render),
}


def formatted(path: Path, source: str) -> str:
    """The source as the repository's formatter leaves it."""
    ruff = [sys.executable, "-m", "ruff", "format", "--quiet", "--stdin-filename", str(path), "-"]
    return subprocess.run(ruff, input=source, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Write the files that are derived from the model.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"what to write: {', '.join(TARGETS)} (default: all)"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when a file is stale")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in TARGETS:
            parser.error(f"nothing is called {name!r}; there is {', '.join(TARGETS)}")
    stale = []
    for path, render in (TARGETS[name] for name in options.names or TARGETS):
        source = formatted(path, render())
        if path.exists() and path.read_text("utf-8") == source:
            continue
        stale.append(path.relative_to(ROOT))
        if not options.check:
            path.write_text(source, "utf-8")
    for changed in stale:
        print(f"{changed}: {'is stale; run `make generate`' if options.check else 'written'}")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

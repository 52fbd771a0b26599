"""Writes every file that is derived from the model.

    python tools/generate.py                   write the files that differ
    python tools/generate.py --check           change nothing; exit 1 and name them if any differ
    python tools/generate.py table --check     the same for one of: table, constructs, docs

The table comes first: the others read it. Each generator is a process of its own, so that it sees what the one before it wrote.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
GENERATORS = ("table", "constructs", "docs")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Write the files that are derived from the model.")
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"{', '.join(GENERATORS)} (default: all of them)"
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 and name what is stale")
    options = parser.parse_args(arguments)
    for name in options.names:
        if name not in GENERATORS:
            parser.error(f"nothing is called {name!r}; there is {', '.join(GENERATORS)}")
    check = ["--check"] if options.check else []
    chosen = [name for name in GENERATORS if name in options.names or not options.names]
    failed = [
        name
        for name in chosen
        if subprocess.run([sys.executable, TOOLS / f"generate_{name}.py", *check]).returncode
    ]
    if failed and options.check:
        print(f"stale: {', '.join(failed)}; run `make generate`", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

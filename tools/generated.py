"""The command of each generator: it writes the files that differ, or names them with `--check`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

Files = dict[Path, str]


def stale(files: Files, existing: Iterable[Path] = ()) -> list[Path]:
    """The files that are missing or hold something else, then those of `existing` that nothing generates any more."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    return differing + sorted(set(existing) - set(files))


def main(
    arguments: list[str],
    render: Callable[[], Files],
    existing: Callable[[], Iterable[Path]] = tuple,
    *,
    root: Path = ROOT,
) -> int:
    """Names each stale file, and brings it up to date unless `--check` is among the arguments. The answer is the exit code."""
    files, check = render(), "--check" in arguments
    differing = stale(files, existing())
    for path in differing:
        print(path.relative_to(root))
        if check:
            continue
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
        else:
            path.unlink()
    return 1 if differing and check else 0

from __future__ import annotations

from pathlib import Path

import generated
import pytest


def test_a_generator_names_and_mends_what_is_stale(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed, kept, missing, orphaned = (
        tmp_path / f"{name}.py" for name in ("changed", "kept", "folder/missing", "orphaned")
    )
    for path, text in ((changed, "old"), (kept, "same"), (orphaned, "old")):
        path.write_text(text)
    files = {changed: "new", kept: "same", missing: "new"}

    def run(*arguments: str) -> tuple[int, str]:
        code = generated.main(list(arguments), lambda: files, lambda: tmp_path.rglob("*.py"), root=tmp_path)
        return code, capsys.readouterr().out

    stale = "changed.py\nfolder/missing.py\norphaned.py\n"
    assert [run("--check"), run(), run("--check")] == [(1, stale), (0, stale), (0, "")]
    assert {path: path.read_text() for path in tmp_path.rglob("*.py")} == files

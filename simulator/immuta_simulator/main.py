"""The command line of the simulator."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.util import find_spec

NEEDED = ("fastapi", "uvicorn", "yaml", "fastapi_offline")
KEY_VARIABLE = "IMMUTA_SIMULATOR_API_KEY"


def parser() -> argparse.ArgumentParser:
    out = argparse.ArgumentParser(
        prog="cdktf-immuta simulator",
        description="Serve a local Immuta on 127.0.0.1, to develop and test against. Its OpenAPI page is at /docs.",
    )
    out.add_argument(
        "--port", type=int, default=0, metavar="N", help="TCP port; default a free one, which is printed"
    )
    out.add_argument("--data", metavar="FILE", help="keep the objects in this SQLite file; default in memory")
    out.add_argument(
        "--api-key",
        metavar="KEY",
        help=f"the API key that requests must have; default ${KEY_VARIABLE}, or simulator-api-key",
    )
    out.add_argument(
        "--polls",
        type=int,
        default=1,
        metavar="N",
        help="number of reads that still show an integration as being created, edited or deleted; default 1, 0 for none",
    )
    return out


def run(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status: 0, or 1 when it cannot serve."""
    arguments = parser().parse_args(argv)
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        return fail(
            f"the simulator needs {', '.join(missing)}, which the extra 'simulator' brings: "
            "pip install 'cdktf-immuta[simulator]'"
        )
    from immuta_simulator.server import serve
    from immuta_simulator.settings import DEFAULT_API_KEY, Settings
    from immuta_simulator.storage import StorageError

    if arguments.polls < 0:
        return fail(f"--polls is {arguments.polls}; it is a number of reads, so it must be 0 or more")
    if not 0 <= arguments.port <= 65535:
        return fail(f"--port is {arguments.port}; it must be 0 (any free port) to 65535")
    key = arguments.api_key or os.environ.get(KEY_VARIABLE) or DEFAULT_API_KEY
    try:
        serve(arguments.port, arguments.data, settings=Settings(api_key=key, polls=arguments.polls))
    except StorageError as error:
        return fail(str(error))
    except OSError as error:
        return fail(
            f"cannot listen on 127.0.0.1:{arguments.port}: {error.strerror}; choose another --port, or 0"
        )
    return 0


def fail(message: str) -> int:
    print(f"cdktf-immuta simulator: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(run())

"""A simulator that shares no interpreter with a benchmark."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from immuta_simulator.settings import DEFAULT_API_KEY

SIMULATOR_PATH = Path(__file__).resolve().parents[2] / "simulator"


class SimulatorProcess:
    """A simulator without transitions on a free port of 127.0.0.1, from entering the `with` block to leaving it."""

    def __enter__(self) -> Self:
        options = ["--api-key", DEFAULT_API_KEY, "--polls", "0"]
        command = [sys.executable, "-m", "immuta_simulator.main", *options]
        environment = {**os.environ, "PYTHONPATH": str(SIMULATOR_PATH)}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._process.stdout
        self.url = self._process.stdout.readline().removeprefix("listening on ").strip()
        if not self.url:
            raise AssertionError(f"the simulator did not start; it ended with status {self._process.wait()}")
        return self

    def __exit__(self, *error: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        assert self._process.stdout
        self._process.stdout.close()

    def reset(self) -> None:
        """Makes the simulator hold nothing."""
        with closing(http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)) as connection:
            connection.request("POST", "/_simulator/reset", headers={"authorization": DEFAULT_API_KEY})
            assert connection.getresponse().status == 204

"""Measures the provider from exec to handshake, beside a Go provider: with its cache, the first time, and without one.

Terraform starts a provider two to five times a command, one after another, so that this time multiplies.
"""

from __future__ import annotations

import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "provider"), str(ROOT / "constructs")]

from cryptography import x509  # noqa: E402
from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402
from cryptography.hazmat.primitives.asymmetric import ec  # noqa: E402
from immuta_provider.distribution import mirror  # noqa: E402
from support.terraform import clean_environment, null_provider_binary  # noqa: E402

# The variables that Terraform itself sets for a provider; the cookie is not a secret, it is in Terraform's sources.
TERRAFORM = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5,6",
}
ROUNDS = 30


class Start(NamedTuple):
    """Milliseconds until a provider has printed its handshake line, and those of CPU time until it is killed just after."""

    wall: float
    cpu: float


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="immuta-bench-") as top:
        folder = Path(top)
        plugin = mirror.install(folder / "mirror") / mirror.plugin_name()
        go_plugin = folder / "go-null-provider"
        go_plugin.write_bytes(null_provider_binary().read_bytes())
        go_plugin.chmod(0o755)
        # A provider that is killed leaves its socket.
        terraform = {
            **clean_environment(),
            **TERRAFORM,
            "PLUGIN_CLIENT_CERT": client_certificate(),
            "TMPDIR": str(folder),
        }
        warm = {**terraform, "XDG_CACHE_HOME": str(folder / "cache")}
        none = {**warm, "XDG_CACHE_HOME": os.devnull}

        def cold() -> Mapping[str, str]:
            return {**warm, "XDG_CACHE_HOME": tempfile.mkdtemp(dir=folder)}

        handshake([str(plugin)], warm)
        rows: dict[str, tuple[list[str], Callable[[], Mapping[str, str]], int]] = {
            "an empty Python": ([sys.executable, "-I", "-S", "-c", "print(1, flush=True)"], lambda: warm, 1),
            "Go null provider": ([str(go_plugin)], lambda: warm, 1),
            "with its cache": ([str(plugin)], lambda: warm, 1),
            "first start": ([str(plugin)], cold, 3),
            "without a cache": ([str(plugin)], lambda: none, 3),
        }
        starts: dict[str, list[Start]] = {name: [] for name in rows}
        for number in range(ROUNDS):
            for name, (command, environment, every) in rows.items():
                if number % every == 0:
                    starts[name].append(handshake(command, environment()))
    print(
        f"{'exec to handshake':<20}{'median ms':>10}{'least':>8}{'against Go':>12}{'CPU ms':>10}{'against Go':>12}"
    )
    go = median(starts["Go null provider"])
    for name, measured in starts.items():
        middle, least = median(measured), min(start.wall for start in measured)
        print(
            f"{name:<20}{middle.wall:>10.1f}{least:>8.1f}{middle.wall / go.wall:>12.2f}"
            f"{middle.cpu:>10.1f}{middle.cpu / go.cpu:>12.2f}"
        )
    return 0


def client_certificate() -> str:
    """One like Terraform's: for a provider it is the reason to make a certificate of its own before the handshake."""
    key = ec.generate_private_key(ec.SECP521R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    certificate = (
        builder.not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA512())
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def handshake(command: list[str], environment: Mapping[str, str]) -> Start:
    reader, writer = os.pipe()
    with open(reader, "rb") as output, open(os.devnull, "r+b") as null:
        start = time.perf_counter()
        child = os.posix_spawn(
            command[0],
            command,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, null.fileno(), 0),
                (os.POSIX_SPAWN_DUP2, writer, 1),
                (os.POSIX_SPAWN_DUP2, null.fileno(), 2),
            ],
        )
        os.close(writer)
        line = output.readline()
        took = time.perf_counter() - start
        os.kill(child, signal.SIGKILL)
        _, _, usage = os.wait4(child, 0)
    if not line:
        raise SystemExit(f"{command[0]} printed no handshake")
    return Start(took * 1000, (usage.ru_utime + usage.ru_stime) * 1000)


def median(starts: list[Start]) -> Start:
    return Start(*(statistics.median(column) for column in zip(*starts, strict=True)))


if __name__ == "__main__":
    sys.exit(main())

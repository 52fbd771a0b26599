"""Where Terraform finds the plugin: a Unix socket in a directory of our own, or TCP on the loopback interface."""

from __future__ import annotations

import _socket
import os

from .handshake import HandshakeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# `sun_path` holds 104 bytes on macOS and the BSDs, 108 on Linux, a closing NUL included.
LONGEST_SOCKET_PATH = 103

# go-plugin's variable comes first: a host that sets it shares exactly that directory with the plugin.
DIRECTORY_VARIABLES = ("PLUGIN_UNIX_SOCKET_DIR", "TMPDIR", "TEMP", "TMP")
LAST_RESORTS = ("/tmp", "/var/tmp", ".")


def private_directory(environ: Mapping[str, str], longest: int | None = None) -> str:
    """Make a new directory that only this user can enter, and return its absolute path.

    `longest` bounds the path in bytes, with a socket's name `/s` appended: a longer temporary directory is passed over.
    So is one whose name would break the handshake line. Raises `HandshakeError` where none can be written to.
    """
    tried = []
    bases = [environ[name] for name in DIRECTORY_VARIABLES if environ.get(name)]
    for base in (*bases, *LAST_RESORTS):
        path = os.path.join(os.path.abspath(base), "tf-plugin-" + os.urandom(8).hex())
        if "|" in path or "\n" in path or (longest is not None and len(os.fsencode(path)) + 2 > longest):
            tried.append(f"{base}: not fit for a socket's address")
            continue
        try:
            os.mkdir(path, 0o700)
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            continue
        return path
    raise HandshakeError(
        "no directory for the plugin's socket could be made; set TMPDIR to a writable directory with a short path "
        f"(tried {'; '.join(tried)})"
    )


class Listener:
    """A listening socket, and the private directory that goes with it until `close`.

    `network` is `unix` or `tcp`, `address` what a client connects to. The directory is there with either, because the
    private key has to pass through a file.
    """

    __slots__ = ("address", "directory", "network", "socket")

    def __init__(self, environ: Mapping[str, str], network: str | None = None) -> None:
        """Listen on `network`, by default on a Unix socket wherever Python has them (on Windows it has not)."""
        self.network = network or ("unix" if hasattr(_socket, "AF_UNIX") else "tcp")
        if self.network == "unix":
            self.directory = private_directory(environ, LONGEST_SOCKET_PATH)
            self.address = os.path.join(self.directory, "s")
        else:
            self.directory = private_directory(environ)
            self.address = ""
        try:
            if self.network == "unix":
                self.socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
                self.socket.bind(self.address)
            else:
                self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
                self.socket.bind(("127.0.0.1", 0))
                self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"
            self.socket.listen(64)
        except OSError as error:
            self.remove()
            raise HandshakeError(
                f"cannot listen on {self.network} {self.address or '127.0.0.1'}: {error.strerror}"
            ) from error

    def accept(self) -> _socket.socket:
        """Wait for the next connection."""
        # `socket.accept` would need the module `socket`, which takes as long to import as all of this package.
        descriptor, _ = self.socket._accept()  # type: ignore[attr-defined]
        return _socket.socket(fileno=descriptor)

    def remove(self) -> None:
        """Remove what lies on disk; nobody can connect from then on. Harmless when repeated."""
        for remove, path in ((os.unlink, os.path.join(self.directory, "s")), (os.rmdir, self.directory)):
            try:
                remove(path)
            except OSError:
                continue

"""Where Terraform finds the plugin: a Unix socket in a directory of our own, or TCP on the loopback interface."""

from __future__ import annotations

import _socket
import os

from .handshake import HandshakeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# `sun_path` holds 104 bytes on macOS and the BSDs, 108 on Linux, a closing NUL included.
LONGEST_SOCKET_PATH = 103

# go-plugin's variable comes first: a host that sets it shares exactly that directory with the plugin.
DIRECTORY_VARIABLES = ("PLUGIN_UNIX_SOCKET_DIR", "TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")
LAST_RESORTS = ("/tmp", "/var/tmp", "/dev/shm", "~/.cache", ".")


def in_private_directory(
    environ: Mapping[str, str], use: Callable[[str], None], longest: int | None = None
) -> str:
    """Make a new directory that only this user can enter, `use` it, and return its absolute path.

    Where making or using it fails with an OSError (read-only, full, not there), the next temporary directory is tried.
    `longest` bounds the path in bytes, with a socket's name `/s` appended: a longer temporary directory is passed over.
    So is one whose name would break the handshake line. Raises `HandshakeError` where none can be used.
    """
    tried = []
    bases = [environ[name] for name in DIRECTORY_VARIABLES if environ.get(name)]
    for base in (*bases, *LAST_RESORTS):
        path = os.path.join(os.path.abspath(os.path.expanduser(base)), "tf-plugin-" + os.urandom(8).hex())
        if "|" in path or "\n" in path or (longest is not None and len(os.fsencode(path)) + 2 > longest):
            tried.append(f"{base}: not fit for a socket's address")
            continue
        try:
            os.mkdir(path, 0o700)
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            continue
        try:
            use(path)
        except OSError as error:
            tried.append(f"{base}: {error.strerror}")
            remove_directory(path)
            continue
        return path
    raise HandshakeError(
        "it needs a directory for its socket and its key, and none can be used; set TMPDIR to a writable directory with a "
        f"short path (tried {'; '.join(tried)})"
    )


def remove_directory(directory: str) -> None:
    """Remove a directory of `in_private_directory`, and a socket in it. Harmless when repeated."""
    for remove, path in ((os.unlink, os.path.join(directory, "s")), (os.rmdir, directory)):
        try:
            remove(path)
        except OSError:
            continue


class Listener:
    """A listening socket, and what lies on disk for it until `remove`.

    `network` is `unix` or `tcp`, `address` what a client connects to. `directory` is the private directory that a Unix socket
    lies in, and empty with TCP.
    """

    __slots__ = ("address", "directory", "network", "socket")

    def __init__(self, environ: Mapping[str, str], network: str | None = None) -> None:
        """Listen on `network`, by default on a Unix socket wherever Python has them (on Windows it has not)."""
        self.network = network or ("unix" if hasattr(_socket, "AF_UNIX") else "tcp")
        if self.network == "unix":
            self.directory = in_private_directory(environ, self._listen_in, LONGEST_SOCKET_PATH)
            return
        self.directory = ""
        self.socket = _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM)
        try:
            self.socket.bind(("127.0.0.1", 0))
            self.socket.listen(64)
        except OSError as error:
            raise HandshakeError(f"it cannot listen on tcp 127.0.0.1: {error.strerror}") from error
        self.address = f"127.0.0.1:{self.socket.getsockname()[1]}"

    def _listen_in(self, directory: str) -> None:
        self.address = os.path.join(directory, "s")
        self.socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM)
        self.socket.bind(self.address)
        self.socket.listen(64)

    def accept(self) -> _socket.socket:
        """Wait for the next connection."""
        # `socket.accept` would need the module `socket`, which takes as long to import as all of this package.
        descriptor, _ = self.socket._accept()  # type: ignore[attr-defined]
        return _socket.socket(fileno=descriptor)

    def remove(self) -> None:
        """Remove what lies on disk; nobody can connect from then on. Harmless when repeated."""
        if self.directory:
            remove_directory(self.directory)

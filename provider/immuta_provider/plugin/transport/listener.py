"""Listens for Terraform on a Unix socket in a private directory, or on TCP on the loopback interface."""

from __future__ import annotations

import _socket
import os

from .handshake import HandshakeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Bytes. `sun_path` has room for 104 on macOS and the BSDs and for 108 on Linux, with the closing NUL.
LONGEST_SOCKET_PATH = 103

# go-plugin's variable is first, because a host that sets it shares only that directory with the plugin.
DIRECTORY_VARIABLES = ("PLUGIN_UNIX_SOCKET_DIR", "TMPDIR", "TEMP", "TMP", "XDG_RUNTIME_DIR")
LAST_RESORTS = ("/tmp", "/var/tmp", "/dev/shm", "~/.cache", ".")


def in_private_directory(
    environ: Mapping[str, str], use: Callable[[str], None], longest: int | None = None
) -> str:
    """Makes a directory that only this user can enter, calls `use` with its absolute path, and returns the path.

    If this fails with an OSError, for example on a full disk, the next temporary directory is tried. `longest` is the limit of
    the path in bytes, with the socket's name `/s`. Longer directories are skipped, and so are names that would break the
    handshake line. Raises `HandshakeError` if no directory can be used.
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
    """Removes a directory of `in_private_directory` and the socket in it. May be called again."""
    for remove, path in ((os.unlink, os.path.join(directory, "s")), (os.rmdir, directory)):
        try:
            remove(path)
        except OSError:
            continue


class Listener:
    """A listening socket. `remove` deletes its files.

    `network` is `unix` or `tcp`. Clients connect to `address`. `directory` is the private directory of a Unix socket, and empty
    with TCP.
    """

    __slots__ = ("address", "directory", "network", "socket")

    def __init__(self, environ: Mapping[str, str], network: str | None = None) -> None:
        """Listens on `network`. The default is a Unix socket if Python supports it (not on Windows), else TCP."""
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
        """Waits for the next connection."""
        # `socket.accept` needs the module `socket`, which takes as long to import as this whole package.
        descriptor, _ = self.socket._accept()  # type: ignore[attr-defined]
        return _socket.socket(fileno=descriptor)

    def remove(self) -> None:
        """Deletes the socket and its directory, so that no client can connect. May be called again."""
        if self.directory:
            remove_directory(self.directory)

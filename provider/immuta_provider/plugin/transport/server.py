"""Serves a provider to Terraform: from the handshake to the end of the process.

Before the handshake line, only the modules that it needs are imported, because Terraform waits for the line several times a
command. The rest is loaded while Terraform connects.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import gc
import os

from . import handshake
from .listener import Listener, in_private_directory, remove_directory

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ssl
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from .router import Served


def serve(
    load: Callable[[], Served],
    *,
    stop: Callable[[], None],
    debug: bool = False,
    address: str = "",
    environ: Mapping[str, str] = os.environ,
    network: str | None = None,
) -> int:
    """Serves until Terraform calls Shutdown, Terraform has gone, or the process gets a signal. Then it ends the process.

    `load` returns the `Service` to serve. It is called once, after the handshake line, so that its imports cost no start-up time.
    `stop` asks running calls to end early. It may be called more than once, on another thread. `debug` prints a
    TF_REATTACH_PROVIDERS line for the provider `address` instead of the handshake, and serves without TLS until Ctrl-C. `network`
    is `unix` or `tcp`; the default depends on the system.

    Returns 1 if it cannot serve. Terraform shows the reason, which is also on stderr. Check `handshake.started_by_terraform`
    before.
    """
    parent = os.getppid()
    listener = None
    try:
        handshake.check_memory()
        if not debug:
            # Ctrl-C reaches the whole process group, and Terraform then calls StopProvider.
            _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
            handshake.check_protocol(environ)
        client = None if debug else handshake.client_certificate(environ)
        listener = _listen(environ, network, client)
        context = certificate = None
        if client is not None:
            context, certificate = _secure(client, listener, environ)
        elif listener.network == "tcp" and not debug:
            raise handshake.HandshakeError(
                "TCP is open to every user of this machine, so it is served with a client certificate only, and "
                "PLUGIN_CLIENT_CERT holds none: use Terraform or OpenTofu 1.11 or newer"
            )
        if debug:
            _announce(address, listener)
        else:
            os.write(1, handshake.line(listener.network, listener.address, certificate))
        _serve(listener, context, None if debug else parent, load, stop)
    except handshake.HandshakeError as error:
        return handshake.refuse(str(error), environ)
    except MemoryError:
        return handshake.refuse(handshake.TOO_LITTLE_MEMORY, environ)
    except Exception as error:
        import traceback

        traceback.print_exc()
        return handshake.refuse(
            f"it met {type(error).__name__} ({error}), which is a bug in the provider; the log (TF_LOG=ERROR) has the "
            "traceback, please report it",
            environ,
        )
    finally:
        if listener is not None:
            listener.remove()


def _listen(environ: Mapping[str, str], network: str | None, client: str | None) -> Listener:
    try:
        return Listener(environ, network)
    except handshake.HandshakeError:
        if client is None or network is not None:
            raise
        # No directory is writable. With mutual TLS, the loopback interface is as safe as a socket in a private directory.
        return Listener(environ, "tcp")


def _secure(client: str, listener: Listener, environ: Mapping[str, str]) -> tuple[_ssl._SSLContext, bytes]:
    """The TLS context and certificate. OpenSSL reads the key from a file, in memory if possible, else in a directory."""
    from .tls import server_context

    made = []

    def make(directory: str) -> None:
        made.append(server_context(directory, client))

    in_memory = [""] if hasattr(os, "memfd_create") else []
    beside_the_socket = [listener.directory] if listener.directory else []
    for directory in (*in_memory, *beside_the_socket):
        try:
            make(directory)
            return made[0]
        except OSError:
            continue
    remove_directory(in_private_directory(environ, make))
    return made[0]


def _announce(address: str, listener: Listener) -> None:
    value = handshake.reattach(address, listener.network, listener.address, os.getpid())
    os.write(
        1,
        (
            "The provider is running. To make Terraform use it, set this variable where Terraform runs; "
            "Ctrl-C ends the provider.\n\n"
            f"\tTF_REATTACH_PROVIDERS='{value}'\n\n"
        ).encode(),
    )


def _serve(
    listener: Listener,
    context: _ssl._SSLContext | None,
    parent: int | None,
    load: Callable[[], Served],
    stop: Callable[[], None],
) -> NoReturn:
    """Serves until the process ends. `parent` None = only a signal ends the process; Shutdown does not."""
    _keep_no_core_dumps()
    from . import memory
    from .acceptor import accept_forever
    from .lifetime import Lifetime
    from .router import Router

    memory.end_when_a_thread_fails()
    lifetime = Lifetime(parent)

    def end() -> NoReturn:
        listener.remove()
        # A regular exit of the interpreter would wait for the other threads.
        os._exit(0)

    def shutdown() -> None:
        if parent is not None:
            end()

    def asked_to_end(signal: int, frame: object) -> None:
        lifetime.ask_to_end()

    _handle_signals(asked_to_end, interrupt=parent is None)
    served = load()
    # A start makes no garbage worth looking for (the launcher has paused the search), and what it has loaded stays.
    gc.freeze()
    gc.enable()
    router = Router(served.handlers, served.streams, stop, shutdown, lifetime)
    _thread.start_new_thread(accept_forever, (listener, context, router))
    stopped = False
    while True:
        lifetime.wait()
        if not lifetime.abandoned():
            continue
        if not lifetime.running:
            router.drain()
            end()
        if not stopped:
            stopped = True
            _thread.start_new_thread(stop, ())


def _keep_no_core_dumps() -> None:
    """Disables core dumps, which would have credentials. Called after the handshake, because the import takes a millisecond."""
    try:
        import resource

        hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
        # Linux pipes a dump to a program even if the limit is 0, but not if the limit is 1 byte (`do_coredump`).
        limit = 1 if hard else 0
        resource.setrlimit(resource.RLIMIT_CORE, (limit, limit))
    except (ImportError, OSError, ValueError):
        pass


def _handle_signals(handler: Callable[[int, object], None], interrupt: bool) -> None:
    for name in ("SIGTERM", "SIGHUP", *(("SIGINT",) if interrupt else ())):
        number = getattr(_signal, name, None)
        # A signal that nohup ignores stays ignored. Windows does not have SIGHUP.
        if number is not None and _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, handler)

"""Serves a provider to Terraform: from the handshake to the end of the process.

Before the handshake line only what the line needs is imported: Terraform waits for it, and starts a provider several times a
command. The rest is loaded while Terraform connects.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import _thread
import os

from . import handshake
from .listener import Listener

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _ssl
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from .dispatch import Served


def serve(
    load: Callable[[], Served],
    *,
    stop: Callable[[], None],
    debug: bool = False,
    address: str = "",
    environ: Mapping[str, str] = os.environ,
    network: str | None = None,
) -> int:
    """Serve until Terraform says Shutdown, is gone, or the process is asked to end; then end the process.

    `load` returns what is served, for example a `Service`. It is called once, after the handshake line, so that what it
    imports costs no start-up time.
    `stop` is called (maybe more than once, on another thread) when running calls should come to an end early.
    `debug` prints a TF_REATTACH_PROVIDERS line for the provider `address` instead of the handshake, and serves without
    TLS until Ctrl-C. `network` is `unix` or `tcp`, by default what the system has.

    Returns 1, with an explanation on stderr, where it cannot serve. Ask `handshake.started_by_terraform` before.
    """
    parent = os.getppid()
    try:
        if not debug:
            # Ctrl-C reaches the whole process group; Terraform answers it with StopProvider.
            _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
            handshake.check_protocol(environ)
        client = None if debug else handshake.client_certificate(environ)
        listener = Listener(environ, network)
    except handshake.HandshakeError as error:
        return _refuse(str(error))
    try:
        context = certificate = None
        if client is not None:
            from .tls import server_context

            context, certificate = server_context(listener.directory, client)
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
        return _refuse(str(error))
    finally:
        listener.remove()


def _refuse(why: str) -> int:
    os.write(2, f"{why}\n".encode())
    return 1


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
    """Serve; `parent` None = until asked to end, and Terraform's Shutdown is no such asking."""
    from .acceptor import accept_forever
    from .dispatch import Dispatcher
    from .lifetime import Lifetime

    lifetime = Lifetime(parent)

    def end() -> NoReturn:
        listener.remove()
        # Threads may be anywhere: an orderly end of the interpreter would wait for them or trip over them.
        os._exit(0)

    def shutdown() -> None:
        if parent is not None:
            end()

    def asked_to_end(signal: int, frame: object) -> None:
        lifetime.ask_to_end()

    _handle_signals(asked_to_end, interrupt=parent is None)
    served = load()
    dispatcher = Dispatcher(served.handlers, served.streams, stop, shutdown, lifetime)
    _thread.start_new_thread(accept_forever, (listener, context, dispatcher))
    stopped = False
    while True:
        lifetime.wait()
        if not lifetime.abandoned():
            continue
        if not lifetime.running:
            dispatcher.drain()
            end()
        if not stopped:
            stopped = True
            _thread.start_new_thread(stop, ())


def _handle_signals(handler: Callable[[int, object], None], interrupt: bool) -> None:
    for name in ("SIGTERM", "SIGHUP", *(("SIGINT",) if interrupt else ())):
        number = getattr(_signal, name, None)
        # nohup's wish is respected; Windows has no SIGHUP.
        if number is not None and _signal.getsignal(number) != _signal.SIG_IGN:
            _signal.signal(number, handler)

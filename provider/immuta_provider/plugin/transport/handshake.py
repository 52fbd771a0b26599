"""go-plugin's handshake between Terraform and the plugin, before the first connection.

Terraform sets a cookie, its protocol versions and its one-time client certificate in the plugin's environment. The plugin prints
one line on stdout: `core version|protocol version|network|address|grpc|server certificate`
(https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL_VERSION = 6

# A public constant. It shows that Terraform, not a person, started the process.
COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"

# Bytes of address space that a start needs after the handshake: the provider's modules, and the stacks of four threads.
START_BYTES = 40 << 20
RAISE_THE_LIMIT = "raise the limit of the shell (`ulimit -v`) or of the container"
TOO_LITTLE_MEMORY = f"it has too little memory: {RAISE_THE_LIMIT}"


class HandshakeError(Exception):
    """The plugin cannot be served here. Terraform shows the text to the user."""


def started_by_terraform(environ: Mapping[str, str]) -> bool:
    """True if Terraform or OpenTofu started this process."""
    return environ.get(COOKIE_NAME) == COOKIE_VALUE


def check_protocol(environ: Mapping[str, str]) -> None:
    """Raises `HandshakeError` unless the other side supports plugin protocol 6."""
    offered = environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    if str(PROTOCOL_VERSION) not in [version.strip() for version in offered.split(",")]:
        raise HandshakeError(
            f"this provider speaks Terraform plugin protocol {PROTOCOL_VERSION}, and the program that started it offers "
            f"{offered or 'none'} (PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer"
        )


def check_memory() -> None:
    """Raises `HandshakeError` if there is not enough memory. After the handshake, Terraform would show no reason."""
    try:
        bytes(START_BYTES)  # The system gives no memory to pages that nobody has used, so this is quick.
    except MemoryError:
        raise HandshakeError(TOO_LITTLE_MEMORY) from None


def refuse(why: str, environ: Mapping[str, str]) -> int:
    """Prints the reason for the user, and returns the exit status.

    Terraform shows the first line on stdout if that is not a handshake line. The text on stderr is in Terraform's log only.
    """
    import os

    if started_by_terraform(environ):
        line = " ".join(why.split()).replace("|", "/")
        os.write(1, f"the provider cannot start: {line}\n".encode(errors="replace"))
    os.write(2, f"{why}\n".encode(errors="replace"))
    return 1


def client_certificate(environ: Mapping[str, str]) -> str | None:
    """The client's certificate in PEM, or None if the client wants a connection without TLS."""
    return environ.get("PLUGIN_CLIENT_CERT") or None


def line(network: str, address: str, certificate: bytes | None) -> bytes:
    """The handshake line. `network` is `unix` or `tcp`. `certificate` is the server's in DER."""
    import os
    from binascii import b2a_base64

    # go-plugin decodes base64 without padding, so padding would make it refuse two certificates in three.
    encoded = b2a_base64(certificate, newline=False).rstrip(b"=") if certificate is not None else b""
    return b"1|%d|%s|%s|grpc|%s\n" % (PROTOCOL_VERSION, network.encode(), os.fsencode(address), encoded)


def reattach(provider: str, network: str, address: str, pid: int) -> str:
    """The value of TF_REATTACH_PROVIDERS for a running provider. `provider` is its source address.

    `Test` keeps Terraform from stopping the process.
    """
    import json

    return json.dumps(
        {
            provider: {
                "Protocol": "grpc",
                "ProtocolVersion": PROTOCOL_VERSION,
                "Pid": pid,
                "Test": True,
                "Addr": {"Network": network, "String": address},
            }
        },
        separators=(",", ":"),
    )

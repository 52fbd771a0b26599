"""What a plugin and Terraform tell each other before the first byte on the socket (go-plugin's handshake).

Terraform starts the plugin with a cookie, the protocol versions it speaks and its one-time client certificate in the
environment, and reads one line from the plugin's stdout: `core version|protocol version|network|address|grpc|server
certificate` (https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROTOCOL_VERSION = 6

# A public constant, no secret: it only tells a start by Terraform from a start by a person.
COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE"
COOKIE_VALUE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2"


class HandshakeError(Exception):
    """The plugin cannot be served here. The text is for the person who reads Terraform's output."""


def started_by_terraform(environ: Mapping[str, str]) -> bool:
    """Whether Terraform (or OpenTofu) started this process; otherwise a person did and deserves an explanation."""
    return environ.get(COOKIE_NAME) == COOKIE_VALUE


def check_protocol(environ: Mapping[str, str]) -> None:
    """Raise `HandshakeError` unless the other side speaks plugin protocol 6."""
    offered = environ.get("PLUGIN_PROTOCOL_VERSIONS", "")
    if str(PROTOCOL_VERSION) not in [version.strip() for version in offered.split(",")]:
        raise HandshakeError(
            f"this provider speaks Terraform plugin protocol {PROTOCOL_VERSION}, and the program that started it offers "
            f"{offered or 'none'} (PLUGIN_PROTOCOL_VERSIONS): use Terraform or OpenTofu 1.11 or newer"
        )


def refuse(why: str, environ: Mapping[str, str]) -> int:
    """Show why the plugin cannot be served, and return the exit status.

    Terraform shows the first line on stdout if it does not have the four parts of a handshake; stderr only goes to its log.
    """
    import os

    if started_by_terraform(environ):
        line = " ".join(why.split()).replace("|", "/")
        os.write(1, f"the provider cannot start: {line}\n".encode(errors="replace"))
    os.write(2, f"{why}\n".encode(errors="replace"))
    return 1


def client_certificate(environ: Mapping[str, str]) -> str | None:
    """The PEM certificate that the other side will show, or None where it asked for no TLS."""
    return environ.get("PLUGIN_CLIENT_CERT") or None


def line(network: str, address: str, certificate: bytes | None) -> bytes:
    """The line for stdout. `network` is `unix` or `tcp`, `certificate` the server's in DER."""
    import os
    from binascii import b2a_base64

    # The other side decodes without padding: with it, two certificates in three would be refused.
    encoded = b2a_base64(certificate, newline=False).rstrip(b"=") if certificate is not None else b""
    return b"1|%d|%s|%s|grpc|%s\n" % (PROTOCOL_VERSION, network.encode(), os.fsencode(address), encoded)


def reattach(provider: str, network: str, address: str, pid: int) -> str:
    """The value of TF_REATTACH_PROVIDERS that makes Terraform use a running provider, `provider` being its address.

    `Test` says that Terraform shall not stop the process when it is done.
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

"""The plugin's entry point. Terraform starts it as `terraform-provider-immuta`."""

from __future__ import annotations

import os
import sys

from . import __version__
from .plugin.transport import handshake

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .plugin.protocol.service import Service
    from .provider import ImmutaProvider

ADDRESS = "registry.terraform.io/cdktf-immuta/immuta"

EXPLANATION = f"""\
terraform-provider-immuta {__version__} is a Terraform plugin: Terraform and `cdktf deploy` start it, people do not.

  cdktf-immuta install           put it where Terraform looks for providers
  terraform-provider-immuta --debug      serve it for a debugger, until Ctrl-C
  terraform-provider-immuta --version    print the version
"""


def main(arguments: list[str] | None = None) -> int:
    """Serves the provider to the Terraform that started this process. Returns an exit status if there is nothing to serve."""
    options = sys.argv[1:] if arguments is None else arguments
    if "--version" in options:
        print(__version__)
        return 0
    debug = "--debug" in options
    if not debug and not handshake.started_by_terraform(os.environ):
        sys.stderr.write(EXPLANATION)
        return 1
    from .plugin.transport.server import serve

    return serve(_Loaded.service, stop=_Loaded.stop, debug=debug, address=ADDRESS)


class _Loaded:
    """The provider. It is loaded after the handshake line, while Terraform connects."""

    provider: ImmutaProvider | None = None

    @classmethod
    def service(cls) -> Service:
        from .plugin.protocol.service import Service
        from .provider import ImmutaProvider

        cls.provider = ImmutaProvider()
        return Service(cls.provider)

    @classmethod
    def stop(cls) -> None:
        if cls.provider is not None:
            cls.provider.stop()


if __name__ == "__main__":
    raise SystemExit(main())

"""The lasting identity of an object: the tenant that it is in, and its id there.

The id alone would not do: each tenant counts its own objects from 1, and one configuration may manage several tenants.
"""

from __future__ import annotations

from ..plugin.schema import IdentityAttribute, IdentitySchema
from ..plugin.types import STRING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.client import HttpClient
    from ..model.fields import ResourceType
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object


def schema(type: ResourceType) -> IdentitySchema:
    """The identity that Terraform keeps of a resource of this type."""
    return IdentitySchema(
        (
            IdentityAttribute(
                "host",
                STRING,
                "The tenant's host, with its port and path where it has any, for example `acme.hosted.immutacloud.com`. An "
                "import may leave it out; it is then that of the provider block.",
                optional_for_import=True,
            ),
            IdentityAttribute("id", STRING, f"{type.id_meaning}.", required_for_import=True),
        )
    )


_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def of(client: HttpClient, id: str) -> Object:
    """The identity of an object in the client's tenant."""
    return {"host": tenant(client.settings.host), "id": id}


def tenant(url: str) -> str:
    """A tenant's host in one form: without the scheme, the scheme's own port and a trailing slash."""
    scheme, _, rest = url.strip().rpartition("://")
    authority, slash, path = rest.rstrip("/").partition("/")
    return authority.lower().removesuffix(_DEFAULT_PORTS.get(scheme.lower(), "")) + slash + path


def is_elsewhere(identity: Object, client: HttpClient, type: ResourceType, diagnostics: Diagnostics) -> bool:
    """Reports a configured identity that names another tenant than the client's; returns whether it does."""
    configured, own = identity["host"], tenant(client.settings.host)
    if configured is None or tenant(configured) == own:
        return False
    diagnostics.error(
        f"{type.noun.capitalize()} of another tenant",
        f"the identity names the tenant {configured!r}, but this provider block is for {own!r}. Choose the provider block of "
        "that tenant (`provider = immuta.ALIAS` in the resource's block, and in the import block only if Terraform generates the "
        "resource block), or leave `host` out of the identity.",
    )
    return True

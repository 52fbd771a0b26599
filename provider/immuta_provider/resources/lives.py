"""The life of each resource type in a tenant, made when it is first asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.client import Client
    from ..api.life import Life
    from ..model.fields import ResourceType


def of(type: ResourceType, client: Client) -> Life:
    """How objects of this type live in the client's tenant."""
    from ..api.integrations.life import IntegrationsLife

    return IntegrationsLife(client)

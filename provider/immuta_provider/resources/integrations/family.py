"""The parts of the provider for integrations."""

from __future__ import annotations

from ...model.compiled.integrations import INTEGRATIONS
from . import teardown
from .data_source import IntegrationData
from .data_sources import IntegrationsData
from .functions import FUNCTIONS
from .list_resource import IntegrationList
from .regenerate_api_key import RegenerateApiKey
from .resource import IntegrationResource
from .scripts.data_source import ScriptData
from .scripts.ephemeral_resource import EphemeralScript
from .scripts.existing import ExistingScript
from .scripts.new import NewScript
from .trino_api_key import TrinoApiKey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ...plugin.interfaces import Action, DataSource, EphemeralResource, Function
    from ..configured import Configured
    from ..list_resource import TypeList
    from ..resource import Resource

functions: dict[str, Function] = {**FUNCTIONS}
LIST = "GET /integrations"
TYPE_AT = "type"
# Keys around the configuration that the life reads, beside the fields of the types.
ENVELOPE = frozenset({"id", "type", "status", "validationResults"})


def secrets(environ: Mapping[str, str]) -> Iterator[str]:
    """The secrets in the environment variables that integrations alone have."""
    return teardown.read(INTEGRATIONS, None, environ).secrets()


def permission() -> str:
    """The permission that the routes need."""
    from ...api.integrations.routes import KIND

    return KIND.permission


def resources(configured: Callable[[], Configured]) -> list[Resource]:
    """The managed resources, one a type."""
    return [IntegrationResource(type, configured) for type in INTEGRATIONS]


def list_resource(resource: Resource, configured: Callable[[], Configured]) -> TypeList:
    """The list resource beside a managed one."""
    return IntegrationList(resource, configured)


def data_sources(configured: Callable[[], Configured]) -> dict[str, DataSource]:
    """The data sources by name."""
    return {
        "immuta_integration": IntegrationData(INTEGRATIONS, configured),
        "immuta_integrations": IntegrationsData(INTEGRATIONS, configured),
        "immuta_integration_script": ScriptData(NewScript(INTEGRATIONS, configured, secrets=False)),
        "immuta_existing_integration_script": ScriptData(
            ExistingScript(INTEGRATIONS, configured, secrets=False)
        ),
    }


def ephemeral_resources(configured: Callable[[], Configured]) -> dict[str, EphemeralResource]:
    """The ephemeral resources by name."""
    return {
        "immuta_integration_script": EphemeralScript(NewScript(INTEGRATIONS, configured, secrets=True)),
        "immuta_existing_integration_script": EphemeralScript(
            ExistingScript(INTEGRATIONS, configured, secrets=True)
        ),
        "immuta_trino_api_key": TrinoApiKey(configured),
    }


def actions(configured: Callable[[], Configured]) -> dict[str, Action]:
    """The actions by name."""
    return {"immuta_regenerate_api_key": RegenerateApiKey(INTEGRATIONS, configured)}

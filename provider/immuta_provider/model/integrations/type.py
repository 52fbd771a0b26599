"""The facts of integration types alone."""

from __future__ import annotations

from immuta_provider.model.fields import Choices, ResourceType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from immuta_provider.model.fields import Field

NO_SCRIPTS = Choices()


class IntegrationType(ResourceType):
    """One integration type."""

    __slots__ = (
        *ResourceType.__slots__,
        "host_field",
        "rotates_api_key",
        "scripts",
        "teardown_fields",
        "teardown_platform",
    )

    def __init__(
        self,
        resource: str,
        class_name: str,
        *,
        host_field: str = "",
        teardown_platform: str = "",
        teardown_fields: tuple[str, ...] = (),
        scripts: Choices = NO_SCRIPTS,
        rotates_api_key: bool = False,
        **facts: Any,
    ) -> None:
        super().__init__(resource, class_name, **facts)
        # The attribute that `teardown_credentials.hosts` is keyed by.
        self.host_field = host_field
        # The attribute of `teardown_credentials`; "" = DELETE takes no body.
        self.teardown_platform = teardown_platform
        self.teardown_fields = teardown_fields  # the credential attributes that DELETE takes
        self.scripts = scripts  # the script routes for a manual set-up, in the order of use
        self.rotates_api_key = rotates_api_key  # True if Immuta makes it an API key that can be regenerated

    @property
    def platform(self) -> str:
        """The platform's short name, as attributes that hold one platform's settings have it: `amazon_s3`."""
        return self.resource.removeprefix("immuta_").removesuffix("_integration")

    @property
    def settings(self) -> tuple[Field, ...]:
        """The fields of Immuta's `config` object."""
        return tuple(f for f in self.fields if not f.places and not f.state_only)

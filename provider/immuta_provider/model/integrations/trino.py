"""Starburst and Trino."""

from __future__ import annotations

from typing import Annotated

from immuta_provider.model.integrations.base import ROTATION_TRIGGER, AboutIntegration, Integration


class TrinoIntegration(Integration):
    """Starburst (Trino) access control. It has no settings here: the cluster connects to Immuta, with a key and a
    configuration snippet that Immuta shows on its app settings page. Starburst needs an Enterprise licence. Only
    the key can be changed after it is made."""

    about = AboutIntegration(
        resource="immuta_trino_integration",
        constants={"type": "Trino"},
        title="Starburst (Trino)",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/trino-api",
        updatable=False,
        rotates_api_key=True,
    )

    rotation_trigger: Annotated[str | None, ROTATION_TRIGGER] = None

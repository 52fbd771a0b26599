"""Starburst and Trino."""

from __future__ import annotations

from immuta_provider.model.spec import About, Integration


class TrinoIntegration(Integration):
    """Starburst (Trino) access control. It has no settings here: the cluster connects to Immuta, with a key and a
    configuration snippet that Immuta shows on its app settings page. Starburst needs an Enterprise licence. Only
    the key can be changed after it is made."""

    about = About(
        resource="immuta_trino_integration",
        type="Trino",
        title="Starburst (Trino)",
        documentation="https://documentation.immuta.com/saas/developer-guides/api-intro/integrations-api/how-to-guides/trino-api",
        auto_bootstrap="none",
        updatable=False,
        rotates_api_key=True,
    )

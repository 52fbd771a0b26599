"""The sections of a resource's page that only integrations have."""

from __future__ import annotations

from immuta_provider.adopt.values import Secret
from immuta_provider.model.fields import ResourceType
from immuta_provider.model.integrations.type import IntegrationType

from documentation import hcl
from documentation.examples import EXAMPLES
from documentation.markdown import anchor, fence, paragraph
from documentation.teardown import variables

PROVIDER_PAGE = "../index.md"
_CURL = 'curl --silent --header "Authorization: $IMMUTA_API_KEY"'


def sections(type: ResourceType) -> list[str]:
    """Destroying, and a create that was killed; nothing for a type that is not an integration's."""
    if not isinstance(type, IntegrationType):
        return []
    return [*_destroying(type), *_cut_off(type)]


def _destroying(integration: IntegrationType) -> list[str]:
    if not integration.teardown_platform:
        text = "Immuta needs no credentials to remove the integration, and the provider sends none."
        return ["## Destroying", paragraph(text)]
    platform = integration.teardown_platform
    names = ", ".join(f"`{name}`" for name in variables(integration).values())
    return [
        "## Destroying",
        paragraph(
            f"""With `auto_bootstrap = true` Immuta needs privileged credentials again to remove the integration. No state has
            these credentials. Set them in the provider block, as `teardown_credentials.{platform}` or, for one host, in
            `hosts`:"""
        ),
        fence("hcl", hcl.provider({"teardown_credentials": {platform: _shown_credentials(integration)}})),
        paragraph(f"or in environment variables, which complete the block: {names}."),
        paragraph(
            f"""Without credentials the plan of a destroy warns, and the destroy is an error before any request. The integration
            and the state are then unchanged. The same holds for a replacement. If the resource is tainted, run `terraform
            untaint`: the next apply then repairs the resource in place. The provider's page has
            [every attribute]({PROVIDER_PAGE}#{anchor(("teardown_credentials", platform))})."""
        ),
        paragraph(
            "With `auto_bootstrap = false` Immuta refuses such credentials, so the provider sends none."
        ),
    ]


def _shown_credentials(integration: IntegrationType) -> dict[str, object]:
    """The credentials of the first example that Immuta set up itself, from a variable that the page does not have yet."""
    example = next(e for e in EXAMPLES[integration.resource] if e.arguments["auto_bootstrap"] is True)
    chosen: dict[str, object] = {}
    for name in integration.teardown_fields:
        value = example.arguments.get(name)
        if value is not None:
            chosen[name] = (
                Secret(f"{integration.teardown_platform}_teardown_{name}")
                if isinstance(value, Secret)
                else value
            )
    return chosen


def _cut_off(integration: IntegrationType) -> list[str]:
    if integration.settings:
        return []
    return [
        "## A create that was killed",
        paragraph(
            f"""If Terraform or the provider is killed (`SIGKILL`, the end of a CI job's machine) during a create, the state
            does not have the integration. With most types the next apply ends with a conflict. {integration.title}
            integrations have no natural key, so the next apply creates a second integration. After Ctrl-C the state has the
            integration. Only `cdktf deploy` ends Terraform within 50 ms of Ctrl-C, so that a busy machine may not save all of
            several creates. To find an integration that is in no state, compare Immuta's list with the ids in the state
            (`terraform state show`) of every configuration:"""
        ),
        fence("shell", f'{_CURL} "$IMMUTA_HOST/integrations"'),
        paragraph(
            """An integration in no state and on no cluster is left over. Before the next apply, [import](#import) the
            integration. After the next apply, remove it:"""
        ),
        fence("shell", f'{_CURL} --request DELETE "$IMMUTA_HOST/integrations/ID"'),
    ]

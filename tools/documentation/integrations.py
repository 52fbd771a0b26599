"""The sections of a resource's page that only integrations have."""

from __future__ import annotations

from immuta_provider.model.fields import ResourceType
from immuta_provider.model.integrations.type import IntegrationType

from documentation import hcl
from documentation.examples import EXAMPLES, Secret
from documentation.markdown import anchor, fence, paragraph
from documentation.teardown import variables

PROVIDER_PAGE = "../index.md"
_CURL = 'curl --silent --header "Authorization: $IMMUTA_API_KEY"'


def sections(type: ResourceType) -> list[str]:
    """Destroying, and a create that was cut off; nothing for a type that is not an integration's."""
    if not isinstance(type, IntegrationType):
        return []
    return [*_destroying(type), *_cut_off(type)]


def _destroying(integration: IntegrationType) -> list[str]:
    if not integration.teardown_platform:
        text = "Immuta asks for no credentials to remove the integration, and none are sent."
        return ["## Destroying", paragraph(text)]
    platform = integration.teardown_platform
    names = ", ".join(f"`{name}`" for name in variables(integration).values())
    return [
        "## Destroying",
        paragraph(
            f"""With `auto_bootstrap = true` Immuta asks for privileged credentials again to remove what it set up, and they are
            in no state. They come from the provider block, as `teardown_credentials.{platform}` or, for one host, in its
            `hosts`:"""
        ),
        fence("hcl", hcl.provider({"teardown_credentials": {platform: _shown_credentials(integration)}})),
        paragraph(f"or from environment variables, each of which fills what the block leaves out: {names}."),
        paragraph(
            f"""Without any, the plan of a destroy warns, and the destroy is an error before anything is called: the integration
            and the state stay as they were. A replacement destroys, too. Where the resource is tainted, `terraform untaint` lets
            the next apply repair it in place instead. The provider's page has
            [every attribute]({PROVIDER_PAGE}#{anchor(("teardown_credentials", platform))})."""
        ),
        paragraph("With `auto_bootstrap = false` Immuta refuses them, so none are sent."),
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
        "## A create that was cut off",
        paragraph(
            f"""When Terraform or the provider is killed (`SIGKILL`, the end of a CI job's machine) while an integration is being
            created, nothing of it is in the state. Of most types the next apply meets a conflict; nothing tells one
            {integration.title} integration from another, so here the next apply makes a second one. Ctrl-C is different:
            what was made is kept. Only `cdktf deploy` ends Terraform within 50 ms of Ctrl-C, so that a busy machine may not
            save all of several creates. To find the first one, compare what Immuta has with the ids in the state
            (`terraform state show`) of every configuration:"""
        ),
        fence("shell", f'{_CURL} "$IMMUTA_HOST/integrations"'),
        paragraph(
            """One that is in no state and on no cluster is left over. Before the next apply it can be [imported](#import) instead
            of making another; after it, have it removed:"""
        ),
        fence("shell", f'{_CURL} --request DELETE "$IMMUTA_HOST/integrations/ID"'),
    ]

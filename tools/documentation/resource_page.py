"""The page of one resource type."""

from __future__ import annotations

from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.resources.schema import DEFAULT_TIMEOUT, resource_schema

from documentation import attributes, hcl, python, statuses
from documentation.examples import EXAMPLES, Example, Secret
from documentation.markdown import anchor, fence, item, page, paragraph
from documentation.teardown import variables

SECRETS_GUIDE = "../guides/secrets-and-rotation.md"
IMPORT_GUIDE = "../guides/importing.md"
PROVIDER_PAGE = "../index.md"


def name_of(integration: IntegrationType) -> str:
    """The page's file name, without its ending."""
    return integration.resource.removeprefix("immuta_")


_CURL = 'curl --silent --header "Authorization: $IMMUTA_API_KEY"'


def render(integration: IntegrationType) -> str:
    schema = resource_schema(integration)
    parts = [
        f"# {integration.resource} (Resource)",
        paragraph(integration.description),
        paragraph(
            f"Immuta's own page: [{integration.title}]({integration.documentation}).",
            "The arguments here are its keys in snake_case (`awsAccountId` is `aws_account_id`).",
            f"In Python: `immuta_constructs.{integration.class_name}`, with the same arguments.",
        ),
        *_examples(integration),
        "## Argument reference",
        _legend(integration),
        *attributes.reference(schema.attributes, attributes.of_integration(integration)),
        *_secrets(integration),
        *_status(integration),
        *_timeouts(integration),
        *_additional_config(integration),
        *_destroy(integration),
        *_cut_off(integration),
        *_import(integration),
    ]
    summary = integration.description.split(". ")[0].removesuffix(".")
    return page(f"{integration.resource} Resource - immuta", f"{summary}.", parts)


def _examples(integration: IntegrationType) -> list[str]:
    parts = ["## Example usage"]
    for example in EXAMPLES[integration.resource]:
        parts += [
            f"### {example.title}",
            fence("hcl", hcl.resource(integration.resource, example)),
            fence("python", python.program(integration, example)),
        ]
    return parts


def _legend(integration: IntegrationType) -> str:
    entries = [
        item(
            """**Forces replacement**: Immuta cannot change it in place. Another value destroys the integration and creates it
            anew. A value where the state has none, as after an import, does not."""
        ),
        item(
            """**Filled by Immuta**: where it is not set, the state shows what Immuta chose, and that is never sent back to it as
            if it had been set."""
        ),
    ]
    if integration.has_secrets:
        entries.append(
            item(
                f"""**Write-only**: it is sent to Immuta and is in no state and no plan file. See
                [Secrets and their rotation]({SECRETS_GUIDE})."""
            )
        )
    intro = paragraph(
        """What is called *an error* stops the plan. What is called *a warning* was not read in Immuta's pages word for word: the
        plan says so and goes on, and Immuta decides."""
    )
    return "\n".join([intro, "", *entries])


def _secrets(integration: IntegrationType) -> list[str]:
    if not integration.has_secrets:
        return []
    secret = [".".join(path) for path, field in integration.walk() if field.secret]
    return [
        "## Secrets",
        paragraph(
            f"""Write-only are: {", ".join(f"`{name}`" for name in secret)}. When one of them has changed, the plan shows an
            update in place in which `credentials_revision` is `(known after apply)`; nothing has to be counted up by hand.
            [Secrets and their rotation]({SECRETS_GUIDE}) says how that works."""
        ),
    ]


def _status(integration: IntegrationType) -> list[str]:
    return [
        "## Status",
        statuses.table(updatable=integration.updatable),
        paragraph("A status that is not in the table is shown as it is, with a warning after a write."),
    ]


def _timeouts(integration: IntegrationType) -> list[str]:
    minutes = int(DEFAULT_TIMEOUT // 60)
    update = item(
        "`update`: an error; the state keeps what it had, and the next plan shows the update again."
    )
    return [
        "## Timeouts",
        paragraph(
            f"""`timeouts` sets how long `create`, `update` and `delete` may take: durations with the units `h`, `m`, `s` and
            `ms`, {minutes} minutes each by default. Immuta is asked again until it is done, at once and then after growing
            pauses of up to 10 seconds. A change of `timeouts` alone changes the state and sends nothing. When the time is up:"""
        ),
        "\n".join(
            [
                item("`create`: a warning; the integration is in the state, with the status that it has."),
                *([update] if integration.updatable else []),
                item("`delete`: an error; the integration stays in the state."),
            ]
        ),
    ]


def _additional_config(integration: IntegrationType) -> list[str]:
    change = (
        "A change of it is an update in place."
        if integration.updatable
        else f"Immuta cannot change a {integration.title} integration, so a change of it replaces the integration."
    )
    return [
        "## Additional configuration",
        paragraph(
            """`additional_config` is for keys that a newer Immuta knows and this provider does not: the JSON text of an object
            (`jsonencode({...})`; in Python a mapping does, too) that is merged into Immuta's `config` at every depth. A key that
            has an argument of its own is an error, and so is a key that looks like a secret at any depth (`password`, `token`,
            `privateKey` ...), since this text is kept in the state.""",
            change,
        ),
    ]


def _destroy(integration: IntegrationType) -> list[str]:
    if not integration.teardown_platform:
        text = "Immuta wants no credentials to remove such an integration, and none are sent."
        return ["## Destroying", paragraph(text)]
    platform = integration.teardown_platform
    names = ", ".join(f"`{name}`" for name in variables(integration).values())
    return [
        "## Destroying",
        paragraph(
            f"""With `auto_bootstrap = true` Immuta wants privileged credentials again to remove what it set up, and they are in
            no state. They come from the provider block, as `teardown_credentials.{platform}` or, for one host, in its `hosts`:"""
        ),
        fence("hcl", hcl.provider({"teardown_credentials": {platform: _shown_credentials(integration)}})),
        paragraph(f"or from environment variables, each of which fills what the block leaves out: {names}."),
        paragraph(
            f"""Without any, the plan of a destroy warns, and the destroy is an error before anything is called: the integration
            and the state stay as they were. A replacement destroys, too. Where the resource is tainted, `terraform untaint` lets
            the next apply repair it in place instead. The provider's page has
            [every attribute]({PROVIDER_PAGE}#{anchor(("teardown_credentials", platform))})."""
        ),
        paragraph("With `auto_bootstrap = false` Immuta wants none and refuses them, so none are sent."),
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
            {integration.title} integration from another, so here the next apply makes a second one. Ctrl-C is no such end: what
            was made is kept. To find the first one, compare what Immuta has with the ids in the state (`terraform state show`) of
            every configuration:"""
        ),
        fence("shell", f'{_CURL} "$IMMUTA_HOST/integrations"'),
        paragraph(
            """One that is in no state and on no cluster is left over. Before the next apply it can be [imported](#import) instead
            of making another; after it, have it removed:"""
        ),
        fence("shell", f'{_CURL} --request DELETE "$IMMUTA_HOST/integrations/ID"'),
    ]


def _import(integration: IntegrationType) -> list[str]:
    example: Example = EXAMPLES[integration.resource][0]
    address = f"{integration.resource}.{example.name}"
    first = (
        """Secrets are never read back, so where the configuration has any, the first plan after an import shows one update in
        place that sends them."""
        if integration.has_secrets
        else """The first plan after an import is empty, but for a `rotation_trigger` that is set: it is shown as a change in
        place, which calls nothing."""
    )
    return [
        "## Import",
        paragraph(
            "An integration that Immuta has is imported by its id there, as `GET /integrations` shows it:"
        ),
        fence("hcl", f'import {{\n  to = {address}\n  id = "1"\n}}'),
        paragraph("In Python, before `app.synth()`:"),
        fence("python", f'{example.name}.import_from("1")'),
        paragraph("Or on the command line:"),
        fence("shell", f"terraform import {address} 1"),
        paragraph(first, f"[Importing]({IMPORT_GUIDE}) has the details."),
    ]

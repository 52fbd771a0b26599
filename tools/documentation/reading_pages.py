"""The pages of data sources, ephemeral resources, functions, list resources and actions."""

from __future__ import annotations

from collections.abc import Mapping

from bindings import reads, scripts
from immuta_provider.model import placeholders
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import Field
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.provider import ImmutaProvider
from immuta_provider.resources import identity
from immuta_provider.resources.integrations.scripts import routes

from documentation import attributes, words
from documentation.markdown import fence, item, page, paragraph
from documentation.python import formatted
from documentation.reading_examples import ACTION, ARGUMENTS, DATA_SOURCES, EPHEMERAL_RESOURCES, Reading

GUIDE = "../guides/manual-setup.md"
NEWER = "terraform"
"""The language of code that wants a newer Terraform than the provider does."""

WHICH: Mapping[tuple[str, str], str] = {
    (
        "data",
        "script",
    ): """**The data source is kept in the state, so it takes no secret.** Where Immuta needs one, it is sent a fixed
    placeholder, and `placeholders` says which. Use it where another resource runs the script (most keep what they run in the
    state, too) and for reading it. With a key pair nothing secret is missing in what the script has to do; a script in which a
    `<PASSWORD>` stands has to get a real one before it is run, or a later step sets it. Where a resource takes ephemeral values,
    the [ephemeral resource of the same name](../ephemeral-resources/{name}.md) takes the real secrets.
    [Setting a platform up by hand]({guide}) shows a whole set-up.""",
    (
        "ephemeral",
        "script",
    ): """**The ephemeral resource is in no state and no plan file, so it takes real secrets.** Its `content` can only go where
    Terraform takes ephemeral values: write-only arguments, provider blocks, other ephemeral resources. Most resources that run a
    script keep it and take none; for those there is the [data source of the same name](../data-sources/{name}.md), which works
    with placeholders. [Setting a platform up by hand]({guide}) shows a whole set-up.""",
    (
        "ephemeral",
        "key",
    ): """The key is in no state and no plan file, and can only go where Terraform takes ephemeral values: write-only arguments
    (a secret manager's `secret_string_wo`, say), provider blocks, other ephemeral resources. It is read in the plan and again in
    the apply; after a regeneration the next run has the new one.""",
    (
        "data",
        "",
    ): """What it tells is kept in the state. No secret is in it, nor the API key of a Trino cluster. It is read in every plan,
    from the same list as all integrations of the run.""",
}


def name_of(name: str) -> str:
    return name.removeprefix("immuta_")


def data_source(name: str) -> str:
    schema = ImmutaProvider({}).data_sources[name].schema
    which = "script" if schema.attribute("script") else ""
    return _reading(
        "data",
        "Data Source",
        reads.construct_name("DataImmuta", name),
        name,
        schema,
        which,
        DATA_SOURCES[name],
    )


def ephemeral_resource(name: str) -> str:
    schema = ImmutaProvider({}).ephemeral_resources[name].schema
    which = "script" if schema.attribute("script") else "key"
    construct = reads.construct_name("EphemeralImmuta", name)
    return _reading(
        "ephemeral", "Ephemeral Resource", construct, name, schema, which, EPHEMERAL_RESOURCES[name]
    )


def _reading(
    kind: str, title: str, construct: str, name: str, schema: Schema, which: str, example: Reading
) -> str:
    parts = [
        f"# {name} ({title})",
        paragraph(schema.description),
        paragraph(WHICH[kind, which].format(name=name_of(name), guide=GUIDE)),
        paragraph(f"In Python: `immuta_constructs.{construct}`, with the same arguments."),
        "## Example usage",
        fence("hcl", example.hcl.strip()),
        fence("python", formatted(example.python)),
    ]
    if which == "script":
        parts += ["## The scripts", _scripts(scripts.of_schema(schema)), paragraph(_NO_SCRIPT)]
    if schema.attribute("placeholders"):
        parts += _placeholders(existing=schema.attribute("integration_id") is not None)
    parts += ["## Argument reference", *attributes.reference(schema.attributes, _describe)]
    return page(f"{name} {title} - immuta", _summary(schema.description), parts)


_NO_SCRIPT = """A type that has no such script is an error that names the ones that there are; where Immuta's pages leave it open,
a warning, and Immuta is asked. Platforms that are not in the table have no scripts."""


def _scripts(names: tuple[str, ...]) -> str:
    rows = [f"| platform | {' | '.join(f'`{s}`' for s in names)} |", "|---" * (len(names) + 1) + "|"]
    for i in scripts.PLATFORMS:
        if routes.having((i,), names):
            cells = (_has(i, s) for s in names)
            rows.append(f"| {i.title} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _placeholders(*, existing: bool) -> list[str]:
    """What is sent in the place of each secret that the model's rules may ask for."""
    rows = ["| secret | placeholder |", "|---|---|"]
    files = {
        placeholders.PEM: "the key file below",
        placeholders.JSON: "the service account's key file below",
    }
    for i in scripts.PLATFORMS:
        for path, field in i.walk():
            if field.secret and (field.required or field.required_when):
                text = placeholders.placeholder(field)
                rows.append(f"| `{'.'.join((i.platform, *path))}` | {files.get(text, f'`{text}`')} |")
    parts = [
        "## The placeholders",
        paragraph(
            """Where the settings need a secret, Immuta is sent this in its place. Other secrets are left out. A step after the
            script, or the script with the placeholder replaced, has to set the real one."""
        ),
        "\n".join(rows),
        fence("text", placeholders.PEM.strip()),
        fence("text", placeholders.JSON),
    ]
    if existing:
        parts.append(
            paragraph(
                """Immuta holds the real secrets of an existing integration, and may write one into a script. `content` is
                sensitive therefore, and where a secret that is configured in the same run stands in it, reading the script is an
                error: it is a case for the ephemeral resource."""
            )
        )
    return parts


def _has(integration: IntegrationType, script: str) -> str:
    if script in integration.scripts.values:
        return "yes"
    return "no" if integration.scripts.strict else "not known"


def _describe(path: tuple[str, ...], attribute: Attribute) -> str:
    """As the model says it where it is a setting of a platform, else as the schema does."""
    field = _settings().get(path)
    text = attribute.description if field is None else " ".join(words.about(field))
    return f"({', '.join(words.tags(attribute, None))}) {text}"


def _settings() -> dict[tuple[str, ...], Field]:
    found: dict[tuple[str, ...], Field] = {}
    for i in scripts.PLATFORMS:
        found.update({(i.platform, *path): field for path, field in i.walk()})
        found[i.platform, ADDITIONAL_CONFIG.name] = ADDITIONAL_CONFIG
    return found


def function(name: str) -> str:
    told = ImmutaProvider({}).functions[name]
    argument, answer = ARGUMENTS[name]
    (parameter,) = told.parameters
    parts = [
        f"# {name} (Function)",
        paragraph(f"{told.summary}. {told.description}"),
        "## Example usage",
        fence("hcl", f'output "host" {{\n  value = provider::immuta::{name}("{argument}")\n}}'),
        paragraph(f"gives `{answer}`. In Python:"),
        fence("python", f'from immuta_constructs import {name}\n\nhost = {name}("{argument}")'),
        paragraph(
            """What is known when the program runs is answered at once, and a mistake is a `ValueError`; for a token, Terraform
            calls the function. It is pure: Immuta is not asked, and the provider needs no configuration."""
        ),
        "## Signature",
        fence("text", f"{name}({parameter.name} string) string"),
        "## Arguments",
        item(f"`{parameter.name}` (String) {parameter.description}"),
    ]
    return page(f"{name} Function - immuta", f"{told.summary}.", parts)


def list_resource(name: str) -> str:
    integration, schema = BY_RESOURCE[name], ImmutaProvider({}).list_resources[name].schema
    short = integration.platform
    parts = [
        f"# {name} (List Resource)",
        paragraph(
            schema.description,
            "It wants Terraform 1.14 or newer, in a file whose name ends in `.tfquery.hcl`:",
        ),
        fence(
            NEWER,
            f'list "{name}" "{short}" {{\n  provider = immuta\n\n  config {{\n    status = "enabled"\n  }}\n}}',
        ),
        fence("shell", "terraform query\nterraform query -generate-config-out=generated.tf"),
        paragraph(
            """The first command lists them, the second also writes an `import` block and a `resource` block for each. Secrets are
            never read back: set them in what was written. [Importing](../guides/importing.md) says what the first plan shows. An
            `import` block (of Terraform 1.12 or newer) takes what is listed, by the identity:"""
        ),
        fence(
            NEWER,
            f'import {{\n  to = {name}.{short}\n  identity = {{\n    id = "7"\n  }}\n}}',
        ),
        "## Argument reference",
        *attributes.reference(schema.attributes, _describe),
        "## Identity",
        "\n".join(item(f"{a.name}: {a.description}") for a in identity.schema(BY_RESOURCE[name]).attributes),
    ]
    return page(f"{name} List Resource - immuta", schema.description, parts)


def action(name: str) -> str:
    schema = ImmutaProvider({}).actions[name].schema
    parts = [
        f"# {name} (Action)",
        paragraph(schema.description),
        paragraph(
            """Actions want Terraform 1.14 or newer. Where there are none (an older Terraform, OpenTofu, cdktf),
            `rotation_trigger` of [`immuta_trino_integration`](../resources/trino_integration.md) does the same: another text in
            it regenerates the key. An Immuta without the route says so, and the key stays as it is."""
        ),
        "## Example usage",
        paragraph("After each update of the integration, and whenever it is asked for:"),
        fence(NEWER, ACTION.strip()),
        fence("shell", "terraform apply -invoke=action.immuta_regenerate_api_key.starburst"),
        paragraph(
            """The new key comes from [`immuta_trino_api_key`](../ephemeral-resources/trino_api_key.md), or from Immuta's App
            Settings. Until it is on the cluster, Trino cannot ask Immuta."""
        ),
        "## Argument reference",
        *attributes.reference(schema.attributes, _describe),
    ]
    return page(f"{name} Action - immuta", _summary(schema.description), parts)


def _summary(description: str) -> str:
    return description.split(". ")[0].removesuffix(".") + "."

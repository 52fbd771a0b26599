"""The pages of data sources, ephemeral resources, functions, list resources and actions."""

from __future__ import annotations

from collections.abc import Mapping

from bindings import reads
from bindings.resources import module_name
from bindings.scripts import of_schema
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import ResourceType
from immuta_provider.plugin.interfaces import Function
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.resources import identity

from documentation import attributes, hcl, scripts, words
from documentation.derived_examples import OF_READINGS, derived_reading, natural_key
from documentation.markdown import fence, item, page, paragraph
from documentation.python import formatted
from documentation.reading_examples import ACTION, ARGUMENTS, DATA_SOURCES, EPHEMERAL_RESOURCES, Reading
from documentation.resource_page import import_id

GUIDE = "../guides/manual-setup.md"
NEWER = "terraform"
"""The language of code that needs a newer Terraform than the provider does."""

WHICH: Mapping[tuple[str, str], str] = {
    (
        "data",
        "script",
    ): """**The data source is stored in the state, so it takes no secret.** If Immuta needs a secret, the provider sends a fixed
    placeholder, which `placeholders` lists. Use the data source to read the script, or for a resource that runs the script and
    keeps it in the state. With a key pair the script needs no secret. In a script with `<PASSWORD>`, replace the placeholder by
    the real password before the script runs, or set the password in a later step. For resources that take ephemeral values, the
    [ephemeral resource of the same name](../ephemeral-resources/{name}.md) takes the real secrets.
    [Setting a platform up by hand]({guide}) shows a whole set-up.""",
    (
        "ephemeral",
        "script",
    ): """**The ephemeral resource is in no state and no plan file, so it takes real secrets.** Use its `content` in ephemeral
    contexts only: write-only arguments, provider blocks, other ephemeral resources. Most resources that run a script keep the
    script, and take no ephemeral values. Use the [data source of the same name](../data-sources/{name}.md) for those, which
    works with placeholders. [Setting a platform up by hand]({guide}) shows a whole set-up.""",
    (
        "ephemeral",
        "key",
    ): """The key is in no state and no plan file. Use it in ephemeral contexts only: write-only arguments (such as
    `secret_string_wo` of a secret manager), provider blocks, other ephemeral resources. The key is read at plan time and again at
    apply time. After a regeneration the next run has the new key.""",
    (
        "data",
        "",
    ): """The answer is stored in the state, without secrets. Every plan reads it; all reads of a run share one list.""",
    (
        "data",
        "own route",
    ): """The answer is stored in the state, without secrets. Every plan reads it, and each data source sends a request of its
    own.""",
}


_NO_KEY = ("The answer does not have the API key of a Trino cluster, either.",)
NOTES: Mapping[str, tuple[str, ...]] = {"immuta_integration": _NO_KEY, "immuta_integrations": _NO_KEY}
"""Additional notes, by data source."""


def name_of(name: str) -> str:
    return name.removeprefix("immuta_")


def data_source(name: str, schema: Schema) -> str:
    """The page of one data source."""
    which = "script" if of_schema(schema) else "own route" if name in OF_READINGS else ""
    construct = reads.construct_name("DataImmuta", name)
    example = DATA_SOURCES.get(name) or derived_reading(name, construct, schema)
    return _reading("data", "Data Source", construct, name, schema, which, example)


def ephemeral_resource(name: str, schema: Schema) -> str:
    """The page of one ephemeral resource."""
    which = "script" if of_schema(schema) else "key"
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
        paragraph(WHICH[kind, which].format(name=name_of(name), guide=GUIDE), *NOTES.get(name, ())),
        paragraph(f"In Python: `immuta_constructs.{construct}`, with the same arguments."),
        "## Example usage",
        fence("hcl", example.hcl.strip()),
        fence("python", formatted(example.python)),
    ]
    parts += scripts.sections(schema)
    parts += ["## Argument reference", *attributes.reference(schema.attributes, _describe)]
    return page(f"{name} {title} - immuta", _summary(schema.description), parts)


def _describe(path: tuple[str, ...], attribute: Attribute) -> str:
    """Describes an attribute: a setting of a platform as in the model, any other as in the schema."""
    field = scripts.settings().get(path)
    text = attribute.description if field is None else " ".join(words.about(field))
    return f"({', '.join(words.tags(attribute, None))}) {text}"


def function(name: str, function: Function) -> str:
    """The page of one function."""
    argument, answer = ARGUMENTS[name]
    (parameter,) = function.parameters
    parts = [
        f"# {name} (Function)",
        paragraph(f"{function.summary}. {function.description}"),
        "## Example usage",
        fence("hcl", f'output "host" {{\n  value = provider::immuta::{name}("{argument}")\n}}'),
        paragraph(f"gives `{answer}`. In Python:"),
        fence("python", f'from immuta_constructs import {name}\n\nhost = {name}("{argument}")'),
        paragraph(
            """For a value that is known when the program runs, the result is known too, and a mistake is a `ValueError`. For a
            token, Terraform calls the function. The function is pure: it sends no request, and the provider needs no
            configuration."""
        ),
        "## Signature",
        fence("text", f"{name}({parameter.name} string) string"),
        "## Arguments",
        item(f"`{parameter.name}` (String) {parameter.description}"),
    ]
    return page(f"{name} Function - immuta", f"{function.summary}.", parts)


def list_resource(name: str, schema: Schema) -> str:
    """The page of one list resource."""
    type = BY_RESOURCE[name]
    short = module_name(type)
    parts = [
        f"# {name} (List Resource)",
        paragraph(
            schema.description,
            "It needs Terraform 1.14 or newer, in a file whose name ends in `.tfquery.hcl`:",
        ),
        fence(NEWER, f'list "{name}" "{short}" {{\n  provider = immuta\n{_list_config(type, schema)}}}'),
        fence("shell", "terraform query\nterraform query -generate-config-out=generated.tf"),
        paragraph(
            f"""The first command lists the {type.plural}, the second also writes an `import` block and a `resource` block for
            each.""",
            *(
                ["Set the secrets in these blocks, since Immuta never returns them."]
                if type.has_secrets
                else []
            ),
            """[Importing](../guides/importing.md) explains the first plan. An `import` block (of Terraform 1.12 or newer) imports
            an object of the list by its identity:""",
        ),
        fence(
            NEWER,
            f'import {{\n  to = {name}.{short}\n  identity = {{\n    id = "{import_id(type)}"\n  }}\n}}',
        ),
        *_arguments(schema),
        "## Identity",
        "\n".join(item(f"{a.name}: {a.description}") for a in identity.schema(type).attributes),
    ]
    return page(f"{name} List Resource - immuta", schema.description, parts)


def _list_config(type: ResourceType, schema: Schema) -> str:
    """The block that chooses: by status where there is one, else by the natural key of the type's example."""
    chosen = {"status": "enabled"} if schema.attribute("status") else natural_key(type, schema)
    return f"\n  config {{\n{hcl.attributes(chosen, '    ')}\n  }}\n" if chosen else ""


def _arguments(schema: Schema) -> list[str]:
    if not schema.attributes:
        return []
    return ["## Argument reference", *attributes.reference(schema.attributes, _describe)]


def action(name: str, schema: Schema) -> str:
    """The page of one action."""
    parts = [
        f"# {name} (Action)",
        paragraph(schema.description),
        paragraph(
            """Actions need Terraform 1.14 or newer. With an older Terraform, OpenTofu or cdktf, set another text in
            `rotation_trigger` of [`immuta_trino_integration`](../resources/trino_integration.md), which also regenerates the
            key. With an Immuta that does not have the route, both end with an error, and the key is unchanged."""
        ),
        "## Example usage",
        paragraph("Regenerates the key after each update of the integration, and on the command line:"),
        fence(NEWER, ACTION.strip()),
        fence("shell", "terraform apply -invoke=action.immuta_regenerate_api_key.starburst"),
        paragraph(
            """Read the new key with [`immuta_trino_api_key`](../ephemeral-resources/trino_api_key.md), or in Immuta's App
            Settings. Trino cannot send Immuta requests until the cluster has the new key."""
        ),
        "## Argument reference",
        *attributes.reference(schema.attributes, _describe),
    ]
    return page(f"{name} Action - immuta", _summary(schema.description), parts)


def _summary(description: str) -> str:
    return description.split(". ")[0].removesuffix(".") + "."

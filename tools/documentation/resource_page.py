"""The page of one resource type."""

from __future__ import annotations

from bindings.text import ways
from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import ResourceType, Routes
from immuta_provider.resources.registry import ADAPTED
from immuta_provider.resources.schema import DEFAULT_TIMEOUT, resource_schema

from documentation import attributes, hcl, integrations, python, statuses, words
from documentation.examples import EXAMPLES, STACKS
from documentation.markdown import fence, item, page, paragraph

SECRETS_GUIDE = "../guides/secrets-and-rotation.md"
IMPORT_GUIDE = "../guides/importing.md"


def name_of(type: ResourceType) -> str:
    """The page's file name, without its ending."""
    return type.resource.removeprefix("immuta_")


def render(type: ResourceType) -> str:
    """The whole page. The sections that a type has follow from its life."""
    schema = resource_schema(type)
    reference = attributes.reference(
        schema.attributes, attributes.of_type(type), attributes.shapes_of_type(type)
    )
    parts = [
        f"# {type.resource} (Resource)",
        paragraph(type.description),
        *([paragraph(ways(type))] if type.ways else []),
        paragraph(
            f"Immuta's own page: [{type.title}]({type.documentation}).",
            "The arguments here are its keys in snake_case (`awsAccountId` is `aws_account_id`).",
            f"In Python: `immuta_constructs.{type.class_name}`, with the same arguments.",
        ),
        *_examples(type),
        "## Argument reference",
        _legend(type, "\n".join(reference)),
        *reference,
        *_secrets(type),
        *_status(type),
        *_timeouts(type),
        *_additional_config(type),
        *_other_writers(type),
        *integrations.sections(type),
        *_import(type),
    ]
    summary = type.description.split(". ")[0].removesuffix(".")
    return page(f"{type.resource} Resource - immuta", f"{summary}.", parts)


def _examples(type: ResourceType) -> list[str]:
    parts = ["## Example usage"]
    for example in EXAMPLES[type.resource]:
        parts += [
            f"### {example.title}",
            fence("hcl", hcl.resource(type.resource, example)),
            fence("python", python.program(type, example)),
        ]
    links = [f"[`examples/{name}`](../../examples/{name}/main.py)" for name in STACKS.get(type.resource, [])]
    if links:
        parts += [
            "### Beside the platform's own provider",
            paragraph(
                f"Whole stacks in Python, with references to another provider's resources: {', '.join(links)}."
            ),
        ]
    return parts


def _legend(type: ResourceType, reference: str) -> str:
    """The words that stand in the argument reference, explained."""
    meanings = {
        "Forces replacement": f"""Immuta cannot change it in place. Another value destroys the {type.noun} and creates it
            anew, unless the prior value is null, as after an import.""",
        "Filled by Immuta": """if it is not set, the state has the value that Immuta chose. The provider never sends that
        value.""",
        "Write-only": f"""the provider sends it to Immuta, and it is in no state and no plan file. See
            [Secrets and their rotation]({SECRETS_GUIDE}).""",
    }
    # A word in a tag, which may be broken over two lines.
    used = " ".join(reference.split())
    entries = [item(f"**{word}**: {text}") for word, text in meanings.items() if f", {word}" in used]
    intro = paragraph(
        """*An error* stops the plan. *A warning* does not: Immuta's pages do not state the rule word for word, so Immuta
        decides."""
    )
    return "\n".join([intro, *([""] if entries else []), *entries])


def _secrets(type: ResourceType) -> list[str]:
    if not type.has_secrets:
        return []
    secret = [".".join(path) for path, field in type.walk() if field.secret]
    return [
        "## Secrets",
        paragraph(
            f"""These arguments are write-only: {", ".join(f"`{name}`" for name in secret)}. If one of them changes, the plan
            shows an update in place with `credentials_revision` as `(known after apply)`. You do not need a version number.
            [Secrets and their rotation]({SECRETS_GUIDE}) explains the details."""
        ),
    ]


def _status(type: ResourceType) -> list[str]:
    if not type.settles:
        return []
    return [
        "## Status",
        statuses.table(type.noun, updatable=type.updatable),
        paragraph("Any other status is shown unchanged, with a warning after a write."),
    ]


def _timeouts(type: ResourceType) -> list[str]:
    if not type.settles:
        return []
    minutes = int(DEFAULT_TIMEOUT // 60)
    update = item(
        "`update`: an error; the state keeps the prior values, and the next plan shows the update again."
    )
    return [
        "## Timeouts",
        paragraph(
            f"""`timeouts` limits the duration of `create`, `update` and `delete`, in the units `h`, `m`, `s` and `ms`. The
            default is {minutes} minutes each. The provider polls the status at once and then after growing pauses of up to
            10 seconds. A change of `timeouts` alone changes the state and sends nothing. A timeout has these consequences:"""
        ),
        "\n".join(
            [
                item(f"`create`: a warning; the {type.noun} is in the state, with its actual status."),
                *([update] if type.updatable else []),
                item(f"`delete`: an error; the {type.noun} stays in the state."),
            ]
        ),
    ]


def _additional_config(type: ResourceType) -> list[str]:
    if ADDITIONAL_CONFIG not in derived_fields(type):
        return []
    change = (
        "Another value is an update in place."
        if type.updatable
        else f"Immuta cannot change {words.a(type.label)}, so another value replaces the {type.noun}."
    )
    place = f"Immuta's `{type.open_at}`" if type.open_at else "the request"
    return [
        "## Additional configuration",
        paragraph(
            f"""`additional_config` is for keys of a newer Immuta that are not arguments of this provider. It is the JSON
            text of an object (`jsonencode({{...}})`; in Python also a mapping), which is merged into {place} at every depth.
            A key with an argument of its own is an error. The text is stored in the state, so a key that looks like a secret
            (`password`, `token`, `privateKey` ...) is an error, too, at any depth.""",
            change,
        ),
    ]


def _other_writers(type: ResourceType) -> list[str]:
    """The consequences where somebody else writes the same object, as far as they are those of this type."""
    life, noun, one = type.life, type.noun, words.a(type.noun)
    parts = []
    if isinstance(life, Routes) and life.create == life.update and life.create.startswith("POST "):
        key = " and ".join(f"`{name}`" for name in type.unique_by)
        parts.append(
            f"""Immuta's API creates {one.lower()} or overwrites the one that has its {key}. The provider therefore first looks
            in `{life.list}`, and {one.lower()} that exists already is an error with its import block: nothing is taken over.
            One that somebody else creates with the same {key} between that look and the write would be overwritten."""
        )
    if type.digested:
        parts.append(
            f"""Immuta shows {one.lower()} in other words than it takes. So after each write the provider keeps a digest of the
            shown {noun}. If a refresh finds another digest, `edited` says so, and the plan shows one update in place, which
            writes what is configured over the edit. An edit between the provider's write and its read a moment later cannot
            be seen."""
        )
    if type.replacing:
        parts.append(f"{type.replacing[0].upper()}{type.replacing[1:]}")
    return ["## Other writers and replacement", *map(paragraph, parts)] if parts else []


def _import(type: ResourceType) -> list[str]:
    example = EXAMPLES[type.resource][0]
    address, id = f"{type.resource}.{example.name}", import_id(type)
    return [
        "## Import",
        paragraph(f"{words.a(type.noun)} that exists in Immuta is imported by its id{_shown(type)}:"),
        fence("hcl", f'import {{\n  to = {address}\n  id = "{id}"\n}}'),
        paragraph("In Python, before `app.synth()`:"),
        fence("python", f'{example.name}.import_from("{id}")'),
        paragraph("Or on the command line:"),
        fence("shell", f"terraform import {address} {id}"),
        paragraph(_after_import(type), f"[Importing]({IMPORT_GUIDE}) has the details."),
    ]


def import_id(type: ResourceType) -> str:
    """The id on the page: of the first example where an attribute is the id, else a number as Immuta counts."""
    return str(EXAMPLES[type.resource][0].arguments.get(type.id_attribute, "1"))


def _shown(type: ResourceType) -> str:
    """The request whose answer has the id."""
    if isinstance(type.life, Routes):
        return f", the `{type.life.id}` in the answer of `{type.life.list}`"
    return f", as `{ADAPTED[type.life].LIST}` shows it"


def _after_import(type: ResourceType) -> str:
    if type.has_secrets:
        return """Immuta never returns secrets. If the configuration has secrets, the first plan after an import therefore
        shows one update in place that sends them."""
    if type.digested:
        return f"""Immuta shows {words.a(type.noun).lower()} in other words than it takes, so the first plan after an import shows
        one update in place that writes what is configured."""
    kept = [f"`{f.name}`" for f in (*type.fields, *derived_fields(type)) if f.state_only]
    if not kept:
        return "The first plan after an import is empty."
    return f"""The first plan after an import is empty. If {" and ".join(kept)} is set, the plan shows an update in place, which
    sends no request."""

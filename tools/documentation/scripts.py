"""The sections of a page about the scripts for integrations, which only integrations have."""

from __future__ import annotations

from bindings.scripts import PLATFORMS, of_schema
from immuta_provider.model import placeholders
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import Field
from immuta_provider.model.integrations.questions import having
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.schema import Schema

from documentation.markdown import fence, paragraph

_NO_SCRIPT = """If a type does not have the script, the error names the scripts of the type. If Immuta's pages do not say so,
it is a warning, and Immuta decides. Platforms that are not in the table have no scripts."""


def sections(schema: Schema) -> list[str]:
    """Returns the sections about the scripts and their placeholders; none for a schema that reads no script."""
    names = of_schema(schema)
    parts = ["## The scripts", _table(names), paragraph(_NO_SCRIPT)] if names else []
    if schema.attribute("placeholders"):
        parts += _placeholders(existing=schema.attribute("integration_id") is not None)
    return parts


def _table(names: tuple[str, ...]) -> str:
    rows = [f"| platform | {' | '.join(f'`{s}`' for s in names)} |", "|---" * (len(names) + 1) + "|"]
    for i in PLATFORMS:
        if having((i,), names):
            cells = (_has(i, s) for s in names)
            rows.append(f"| {i.title} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _placeholders(*, existing: bool) -> list[str]:
    """The stand-in for each secret that the model's rules may ask for."""
    rows = ["| secret | placeholder |", "|---|---|"]
    files = {
        placeholders.PEM: "the key file below",
        placeholders.JSON: "the service account's key file below",
    }
    for i in PLATFORMS:
        for path, field in i.walk():
            if field.secret and (field.required or field.required_when):
                text = placeholders.placeholder(field)
                rows.append(f"| `{'.'.join((i.platform, *path))}` | {files.get(text, f'`{text}`')} |")
    parts = [
        "## The placeholders",
        paragraph(
            """A secret that the settings require is replaced by this placeholder in the request. Other secrets are omitted. Set
            the real secret in a step after the script, or replace the placeholder in the script."""
        ),
        "\n".join(rows),
        fence("text", placeholders.PEM.strip()),
        fence("text", placeholders.JSON),
    ]
    if existing:
        parts.append(
            paragraph(
                """Immuta has the real secrets of an existing integration, and may write a secret into a script. `content` is
                therefore sensitive. If the script contains a secret that is configured in the same run, the data source is an
                error. Use the ephemeral resource then."""
            )
        )
    return parts


def _has(integration: IntegrationType, script: str) -> str:
    if script in integration.scripts.values:
        return "yes"
    return "no" if integration.scripts.strict else "not known"


def settings() -> dict[tuple[str, ...], Field]:
    """The fields of the model by their path in the arguments of what reads a script."""
    found: dict[tuple[str, ...], Field] = {}
    for i in PLATFORMS:
        found.update({(i.platform, *path): field for path, field in i.walk()})
        found[i.platform, ADDITIONAL_CONFIG.name] = ADDITIONAL_CONFIG
    return found

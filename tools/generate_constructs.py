"""Writes the Python constructs from the compiled table of integration types.

    python tools/generate_constructs.py            write the files that differ
    python tools/generate_constructs.py --check    change nothing; exit 1 and name them if any differ

`render()` gives the same files as data, for the test that fails when the constructs are stale. In
`constructs/immuta_constructs/` everything but `runtime/`, `functions.py` and `provider.py` comes from here.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import (
    BOOL,
    NUMBER,
    OBJECT,
    OBJECTS,
    STRING,
    STRINGS,
    Field,
    When,
)
from immuta_provider.model.integrations.teardown import teardown_fields
from immuta_provider.model.integrations.type import IntegrationType

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "constructs" / "immuta_constructs"
WIDTH = 110
HAND_WRITTEN = {
    "functions": ["databricks_workspace_host", "redshift_host", "snowflake_host"],
    "provider": ["ImmutaProvider"],
    "runtime.errors": ["ArgumentError"],
    "runtime.secrets": ["Secret"],
    "runtime.timeouts": ["Timeouts"],
}

AS_ANY = "A token is given as `Token.as_any(token)`."
LONG_LINES = "# ruff: noqa: E501\n"
REFUSED = "ArgumentError: what Immuta or the provider would refuse, every problem at once."

META_ARGUMENTS = (
    (
        "additional_config",
        "Mapping[str, Any] | str | None",
        "further keys for Immuta's `config` object, as a mapping (or as JSON text), merged into it at every depth: for "
        "what a newer Immuta knows and this class does not. It may hold no key that has an argument of its own, and "
        "no secret. Default: nothing is added.",
    ),
    (
        "timeouts",
        "Timeouts | Mapping[str, str] | None",
        "how long to wait for Immuta, as `Timeouts` or a mapping with `create`, `update` and `delete`. Default: 10 "
        "minutes each.",
    ),
    (
        "connection",
        "Connection | None",
        "how the provisioners connect. Default: not at all.",
    ),
    (
        "count",
        "int | float | TerraformCount | None",
        "how many of it; not together with `for_each`. Default: one.",
    ),
    (
        "depends_on",
        "Sequence[ITerraformDependable] | None",
        "what must be deployed before it. Default: only what its arguments refer to.",
    ),
    (
        "for_each",
        "ITerraformIterator | None",
        "one of it for each item of an iterator. Default: one.",
    ),
    (
        "lifecycle",
        "TerraformResourceLifecycle | Mapping[str, Any] | None",
        "Terraform's lifecycle rules, such as `prevent_destroy`. Default: none.",
    ),
    (
        "provider",
        "TerraformProvider | None",
        "the `ImmutaProvider` to use. Default: the stack's provider without an alias.",
    ),
    (
        "provisioners",
        "Sequence[Provisioner] | None",
        "what to run once it was created. Default: nothing.",
    ),
)


def render() -> dict[Path, str]:
    """Every generated file's path and text, formatted."""
    # It writes with the functions below.
    import construct_readers

    modules = {module_name(integration): Module(integration) for integration in INTEGRATIONS}
    drafts = {f"{name}.py": module.text() for name, module in modules.items()}
    drafts["teardown.py"] = teardown_text(modules)
    exported = {name: module.public_names() for name, module in modules.items()}
    exported["teardown"] = ["TeardownCredentials", *(teardown_class(i) for i in torn_down())]
    drafts["settings.py"] = construct_readers.settings_text(modules)
    exported["settings"] = [construct_readers.settings_class(i) for i in construct_readers.scripted()]
    for name, readers in construct_readers.modules().items():
        drafts[f"{name}.py"] = readers.text()
        exported[name] = list(readers.classes)
    drafts["__init__.py"] = package_text({**exported, **HAND_WRITTEN})
    return {PACKAGE / name: text for name, text in formatted(drafts).items()}


class Module:
    """One integration type's module: its nested classes, their references and the construct."""

    def __init__(self, integration: IntegrationType) -> None:
        self.integration = integration
        self.prefix = prefix(integration)
        self.names: dict[tuple[str, ...], str] = {}
        self.nested: dict[str, tuple[tuple[str, ...], Field]] = {}
        for path, field in integration.walk():
            if field.kind in (OBJECT, OBJECTS):
                self._name(path, field)

    def _name(self, path: tuple[str, ...], field: Field) -> None:
        """The innermost name that is free, or that already stands for an object of the same shape."""
        for start in range(len(path) - 1, -1, -1):
            *outer, last = path[start:]
            name = (
                self.prefix
                + "".join(map(camel, outer))
                + camel(singular(last) if field.kind == OBJECTS else last)
            )
            if self.nested.setdefault(name, (path, field))[1].fields == field.fields:
                self.names[path] = name
                return
        raise ValueError(f"{self.integration.resource}: no class name is left for {'.'.join(path)}")

    def class_of(self, path: tuple[str, ...]) -> str:
        return self.names[path]

    def public_names(self) -> list[str]:
        return [self.integration.class_name, *self.nested]

    def text(self) -> str:
        about = f"The construct of {self.integration.title}. Generated by tools/generate_constructs.py; do not edit."
        parts = [f'"""{about}"""\n', LONG_LINES, "from __future__ import annotations\n", IMPORTS]
        for name, (path, field) in reversed(self.nested.items()):
            parts.append(self._nested_class(path, name, field))
            parts.append(self._reference_class(path, name, field))
            if field.kind == OBJECTS:
                parts.append(list_class(name))
        parts.append(self._construct())
        return "\n\n".join(parts)

    def _nested_class(self, path: tuple[str, ...], name: str, field: Field) -> str:
        arguments = ordered(field.fields)
        lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", f"class {name}:"]
        of = f"`{'.'.join(path)}` of {self.integration.class_name}"
        lines += docstring(
            f"{of}: {lower_first(field.description)}",
            [(f.name, describe(f)) for f in arguments],
            indent=4,
        )
        for f in arguments:
            annotation = self.annotation(f, (*path, f.name))
            if f.required:
                value = " = field(repr=False)" if f.secret else ""
            else:
                value = " = field(default=None, repr=False)" if f.secret else " = None"
            lines.append(f"    {f.name}: {annotation}{value}")
        return "\n".join(lines) + "\n"

    def _reference_class(self, path: tuple[str, ...], name: str, field: Field) -> str:
        lines = [f"class {name}Reference(ComplexObject):"]
        lines += docstring(
            f"Reference to a `{name}` in Terraform's state, and to what is in it.", [], indent=4
        )
        lines += self._properties(field.fields, path)
        return "\n".join(lines) + "\n"

    def _properties(self, fields: Iterable[Field], path: tuple[str, ...]) -> Iterator[str]:
        for f in fields:
            if f.secret:
                continue
            where = (*path, f.name)
            returned, body = self._reference(f, where)
            yield ""
            yield "    @property"
            yield f"    def {f.name}(self) -> {returned}:"
            yield from docstring(
                f"Reference to `{f.name}`: {lower_first(first_sentence(f.description))}", [], indent=8
            )
            yield f"        return {body}"

    def _reference(self, field: Field, path: tuple[str, ...]) -> tuple[str, str]:
        if field.kind == OBJECT:
            name = f"{self.class_of(path)}Reference"
            return name, f'{name}(self, "{field.name}", False)'
        if field.kind == OBJECTS:
            name = f"{self.class_of(path)}List"
            return name, f'{name}(self, "{field.name}", False)'
        returned, method = {
            STRING: ("str", "get_string_attribute"),
            NUMBER: ("float", "get_number_attribute"),
            BOOL: ("IResolvable", "get_boolean_attribute"),
            STRINGS: ("list[str]", "get_list_attribute"),
        }[field.kind]
        return returned, f'self.{method}("{field.name}")'

    def annotation(self, field: Field, path: tuple[str, ...]) -> str:
        choice = literal(field.choices.values) if field.choices else ""
        # A type checker cannot tell a token that is a `str` from a misspelt word: mypy does not know LiteralString.
        token = "str" if field.choices and not field.choices.strict else "IResolvable"
        text = {
            STRING: f"{choice} | {token}" if choice else "str",
            NUMBER: "int | float",
            BOOL: f"{choice or 'bool'} | IResolvable",
            STRINGS: "Sequence[str]",
        }.get(field.kind, "")
        if field.kind == OBJECT:
            text = f"{self.class_of(path)} | Mapping[str, Any] | IResolvable"
        elif field.kind == OBJECTS:
            text = f"Sequence[{self.class_of(path)} | Mapping[str, Any]] | IResolvable"
        return text if field.required else f"{text} | None"

    def _construct(self) -> str:
        integration = self.integration
        own = [field for field in derived_fields(integration) if field is not ADDITIONAL_CONFIG]
        arguments = ordered([*own, *integration.fields])
        base = "RotatableIntegration" if integration.has_secrets else "Integration"
        lines = [f"class {integration.class_name}({base}):"]
        lines += docstring(
            f"{integration.description}\n\nImmuta's page: {integration.documentation}", [], indent=4
        )
        lines += ["", f'    TF_RESOURCE_TYPE = "{integration.resource}"', ""]
        lines += [
            "    def __init__(",
            "        self,",
            "        scope: Construct,",
            "        id: str,",
            "        *,",
        ]
        for f in arguments:
            default = "" if f.required else " = None"
            lines.append(f"        {f.name}: {self.annotation(f, (f.name,))}{default},")
        lines += [f"        {name}: {annotation} = None," for name, annotation, _ in META_ARGUMENTS]
        lines += ["    ) -> None:"]
        lines += docstring(
            first_sentence(integration.description),
            [
                ("scope", "the stack, or a construct in it."),
                ("id", "its name there; a different one is a different integration."),
                *((f.name, describe(f)) for f in arguments),
                *((name, text) for name, _, text in META_ARGUMENTS),
            ],
            raises=REFUSED,
            indent=8,
        )
        lines += ["        super().__init__(", "            scope,", "            id,"]
        pairs = "".join(f'"{f.name}": {f.name}, ' for f in arguments)
        lines.append(f"            arguments={{{pairs}}},")
        lines += [f"            {name}={name}," for name, _, _ in META_ARGUMENTS]
        lines.append("        )")
        lines += self._properties([*integration.fields, *derived_fields(integration)], ())
        return "\n".join(lines) + "\n"


def list_class(name: str) -> str:
    lines = [f"class {name}List(ComplexList):"]
    lines += docstring(f"Reference to a list of `{name}` in Terraform's state.", [], indent=4)
    lines += [
        "",
        f"    def get(self, index: int) -> {name}Reference:",
        '        """Reference to the item at `index`, counted from 0."""',
        f"        return {name}Reference(self._terraform_resource, self._terraform_attribute, False, index)",
    ]
    return "\n".join(lines) + "\n"


def torn_down() -> list[IntegrationType]:
    return [integration for integration in INTEGRATIONS if integration.teardown_platform]


def teardown_class(integration: IntegrationType) -> str:
    return prefix(integration) + "TeardownCredentials"


def teardown_text(modules: dict[str, Module]) -> str:
    parts = [
        '"""Credentials for deleting integrations. Generated by tools/generate_constructs.py; do not edit."""\n',
        LONG_LINES,
        "from __future__ import annotations\n",
        "from collections.abc import Mapping\nfrom dataclasses import dataclass, field\nfrom typing import Any, Literal\n"
        "from cdktf import IResolvable\n",
    ]
    for integration in torn_down():
        nested = [
            modules[module_name(integration)].class_of((f.name,))
            for f in teardown_fields(integration)
            if f.fields
        ]
        parts[-1] += f"from .{module_name(integration)} import {', '.join(nested)}\n" if nested else ""
    for integration in torn_down():
        module = modules[module_name(integration)]
        fields = teardown_fields(integration)
        lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", f"class {teardown_class(integration)}:"]
        lines += docstring(
            f"The privileged credentials with which Immuta removes its objects from {integration.title}, as they are "
            f"in the arguments of {integration.class_name}. They are sent when an integration is deleted that was set up "
            "with `auto_bootstrap` true, and are stored nowhere.",
            [(f.name, describe(f, standing_alone=True)) for f in fields],
            indent=4,
        )
        for f in fields:
            annotation = module.annotation(f, (f.name,)).removesuffix(" | None")
            value = "field(default=None, repr=False)" if f.secret else "None"
            lines.append(f"    {f.name}: {annotation} | None = {value}")
        parts.append("\n".join(lines) + "\n")
    parts.append(teardown_credentials_class())
    return "\n\n".join(parts)


def teardown_credentials_class() -> str:
    platforms = torn_down()
    any_of = " | ".join(teardown_class(i) for i in platforms)
    lines = ["@dataclass(frozen=True, kw_only=True, slots=True)", "class TeardownCredentials:"]
    lines += docstring(
        "Credentials for deleting integrations, for `ImmutaProvider`. Immuta asks for them again when it deletes an "
        "integration that it set up itself (`auto_bootstrap` true), since they are stored nowhere: not in Immuta, "
        "not in Terraform's state.",
        [
            *(
                (
                    i.teardown_platform,
                    f"for the {i.title} integrations whose host `hosts` does not name. Default: none; deleting one "
                    f"then fails before anything is changed.",
                )
                for i in platforms
            ),
            (
                "hosts",
                "for single integrations, by their host (capitals, a scheme and what follows the host make no difference); wins "
                "over the platform's. Default: none.",
            ),
        ],
        indent=4,
    )
    for i in platforms:
        lines.append(
            f"    {i.teardown_platform}: {teardown_class(i)} | Mapping[str, Any] | IResolvable | None = None"
        )
    lines.append(f"    hosts: Mapping[str, {any_of} | Mapping[str, Any]] | IResolvable | None = None")
    return "\n".join(lines) + "\n"


def package_text(exported: dict[str, list[str]]) -> str:
    lines = [
        '"""Immuta integrations as CDKTF constructs: `ImmutaProvider`, one class for each type of integration, and what is',
        "read from Immuta: data sources, ephemeral resources and functions.\n",
        "Generated by tools/generate_constructs.py; do not edit.",
        '"""\n',
    ]
    lines += [f"from .{module} import {', '.join(names)}" for module, names in exported.items()]
    names = sorted(name for names in exported.values() for name in names)
    lines.append(f"\n__all__ = {names!r}")
    return "\n".join(lines) + "\n"


def describe(field: Field, *, standing_alone: bool = False) -> str:
    """What a user must know of an argument, in one paragraph. `standing_alone`: outside its integration's rules."""
    parts = [lower_first(sentence(field.description))]
    if field.choices:
        values = either(field.choices.values)
        parts.append(f"Accepted: {values}." if field.choices.strict else f"Known values: {values}.")
        parts += [AS_ANY] if field.kind == STRING and field.choices.strict else []
    if field.pattern_hint:
        parts.append(f"Form: {sentence(field.pattern_hint)}")
    if field.minimum is not None and field.maximum is not None:
        parts.append(f"From {field.minimum} to {field.maximum}.")
    elif field.minimum is not None:
        parts.append(f"At least {field.minimum}.")
    elif field.maximum is not None:
        parts.append(f"At most {field.maximum}.")
    if not standing_alone:
        parts += [f"{shown(value)} only when {condition(when)}." for value, when in field.choice_when]
        parts += rules(field)
        parts += (
            [f"Default: {lower_first(sentence(field.default))}"]
            if field.default and not expected(field)
            else []
        )
        parts += ["A changed value replaces the integration."] if field.replace else []
    parts += ["Secret, write-only: in no state and no plan file."] if field.secret else []
    return " ".join(parts)


def rules(field: Field) -> list[str]:
    """When an argument has to be set and when it may be, and whether that is known or only expected."""
    if field.required:
        return ["Required."]
    if expected(field):
        return ["Immuta is expected to require it."]
    only = conditions(field.only_when)
    known = conditions(when for when in field.required_when if when.strict)
    probable = conditions(when for when in field.required_when if not when.strict)
    texts = [f"Required when {text}" for text in known] + [
        f"Probably required when {text}" for text in probable
    ]
    if only and only == known + probable:
        return [f"{text}, and only then." for text in texts]
    return [f"{text}." for text in texts] + [f"Only when {text}." for text in only]


def expected(field: Field) -> bool:
    """Whether it is always required, as far as is known."""
    return any(not when.fields for when in field.required_when)


def conditions(whens: Iterable[When]) -> list[str]:
    """No text, or one that joins them all."""
    texts = [condition(when) for when in whens]
    return [", or ".join(texts)] if texts else []


def condition(when: When) -> str:
    return " and ".join(f"`{name}` is {either(values)}" for name, values in when.fields)


def either(values: Iterable[object]) -> str:
    texts = [shown(value) for value in values]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def shown(value: object) -> str:
    if value is None:
        return "not set"
    return f"`{value}`"


def docstring(text: str, arguments: Iterable[tuple[str, str]], *, raises: str = "", indent: int) -> list[str]:
    margin = " " * indent
    first, *rest = text.split("\n\n")
    lines = wrapped(sentence(first), WIDTH - indent - 3)
    for paragraph in rest:
        lines += ["", *wrapped(paragraph, WIDTH - indent)]
    # One line each, however long: editors show the line that begins with an argument's name beside it, and no other.
    entries = [f"    {name}: {entry}" for name, entry in arguments]
    if entries:
        lines += ["", "Args:", *entries]
    if raises:
        lines += ["", "Raises:", f"    {raises}"]
    if len(lines) == 1 and len(lines[0]) <= WIDTH - indent - 6:
        return [f'{margin}"""{lines[0]}"""']
    body = [f"{margin}{line}".rstrip() for line in lines[1:]]
    return [f'{margin}"""{lines[0]}', *body, f'{margin}"""']


def wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def literal(values: Iterable[object]) -> str:
    return f"Literal[{', '.join(map(repr, values))}]"


def ordered(fields: Iterable[Field]) -> list[Field]:
    """Those that must be set first, else in the model's order."""
    return sorted(fields, key=lambda field: not field.required)


def module_name(integration: IntegrationType) -> str:
    return integration.resource.removeprefix("immuta_").removesuffix("_integration")


def prefix(integration: IntegrationType) -> str:
    return integration.class_name.removesuffix("Integration")


def camel(name: str) -> str:
    words = {"oauth": "OAuth", "id": "Id", "url": "Url"}
    return "".join(words.get(word, word.capitalize()) for word in name.split("_"))


def singular(name: str) -> str:
    return name.removesuffix("s")


def sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", ":")) else f"{text}."


def first_sentence(text: str) -> str:
    return sentence(text.split(". ")[0])


def lower_first(text: str) -> str:
    """As it reads after a colon, save for names and abbreviations (`JSON`, `ARN`, `AWS`, `Immuta`)."""
    word = text.split(" ")[0]
    if (word[:1].isupper() and word[1:].islower() and word.rstrip("'s,:") not in NAMES) or word in (
        "A",
        "A:",
    ):
        return text[:1].lower() + text[1:]
    return text


NAMES = {
    "Immuta",
    "Snowflake",
    "Databricks",
    "Redshift",
    "Okta",
    "Google",
    "Amazon",
    "Azure",
    "Terraform",
    "Trino",
}

IMPORTS = """\
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cdktf import (
    ComplexList, ComplexObject, IResolvable, ITerraformDependable, ITerraformIterator, TerraformCount,
    TerraformProvider, TerraformResourceLifecycle,
)
from constructs import Construct

from .runtime.integration import Connection, Integration, Provisioner, RotatableIntegration
from .runtime.timeouts import Timeouts
"""


def formatted(drafts: dict[str, str]) -> dict[str, str]:
    """The drafts as ruff writes them: unused imports gone, the others sorted, lines laid out."""
    ruff = [sys.executable, "-m", "ruff"]
    settings = ["--quiet", "--config", str(ROOT / "pyproject.toml")]
    with tempfile.TemporaryDirectory() as folder:
        for name, text in drafts.items():
            (Path(folder) / name).write_text(text, encoding="utf-8")
        imports = [
            "check",
            "--select",
            "F401,I",
            "--ignore",
            "I002",
            "--fix",
            *settings,
            "--exclude",
            "__init__.py",
        ]
        subprocess.run([*ruff, *imports, folder], check=True)
        init = Path(folder) / "__init__.py"
        subprocess.run([*ruff, "check", "--select", "I", "--fix", *settings, str(init)], check=True)
        subprocess.run([*ruff, "format", *settings, folder], check=True)
        return {name: (Path(folder) / name).read_text(encoding="utf-8") for name in drafts}


def stale(files: dict[Path, str]) -> list[Path]:
    """The files that are missing or hold something else, and those that nothing generates any more."""
    differing = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    generated = {path for path in PACKAGE.glob("*.py") if path.stem not in HAND_WRITTEN}
    return differing + sorted(generated - set(files))


def main(arguments: list[str]) -> int:
    files = render()
    differing = stale(files)
    for path in differing:
        print(path.relative_to(ROOT))
        if "--check" in arguments:
            continue
        if path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
        else:
            path.unlink()
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

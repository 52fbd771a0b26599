"""The argument reference: a schema's attributes in groups, nested ones in sections of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import Field, ResourceType, Variant
from immuta_provider.plugin.schema import Attribute

from documentation import words
from documentation.markdown import anchor, item

Path = tuple[str, ...]
Describe = Callable[[Path, Attribute], str]
Shapes = Callable[[Path], str]

GROUPS: tuple[tuple[str, Callable[[Attribute], bool]], ...] = (
    ("Required", lambda a: a.required),
    ("Optional", lambda a: a.optional),
    ("Read-only", lambda a: not (a.required or a.optional)),
)


def reference(
    attributes: Iterable[Attribute], describe: Describe, shapes: Shapes = lambda path: ""
) -> list[str]:
    """The groups of these attributes, then a section for each nested one at every depth, which begins with its shapes."""
    own = tuple(attributes)
    parts = [part for group in _groups(own, (), describe) for part in (f"### {group[0]}", group[1])]
    return parts + _sections(own, (), describe, shapes)


def of_type(type: ResourceType) -> Describe:
    """Describes the attributes of one resource type: by the model where it has them, else by the schema."""
    fields: dict[Path, Field] = {(f.name,): f for f in derived_fields(type)}
    fields.update(type.walk())

    def describe(path: Path, attribute: Attribute) -> str:
        field = fields.get(path)
        if field is None:
            return f"({', '.join(words.tags(attribute, None))}) {attribute.description}"
        text = " ".join([*words.about(field), *words.advice(type, path)])
        return f"({', '.join(words.tags(attribute, field))}) {text}"

    return describe


def shapes_of_type(type: ResourceType) -> Shapes:
    """Describes the shapes of the objects of one resource type, a line each, and their classes in Python."""
    fields = dict(type.walk())

    def shapes(path: Path) -> str:
        field = fields.get(path)
        if field is None or not field.variants:
            return f"In Python: `{field.class_name}`." if field and _has_class(fields, path) else ""
        return "\n".join(["One of these shapes:", "", *map(_shape, field.variants)])

    return shapes


def _has_class(fields: Mapping[Path, Field], path: Path) -> bool:
    """Does an object have the class that the model names, and not spread its members over that of its parent?"""
    parent = fields.get(path[:-1])
    spread = {at[0] for each in (parent.variants if parent else ()) for at in each.arguments if len(at) > 1}
    return bool(fields[path].class_name) and path[-1] not in spread


def _shape(variant: Variant) -> str:
    dotted = {path: f"`{'.'.join(path)}`" for path in variant.arguments}
    names = [f"{text} (required)" if path in variant.required else text for path, text in dotted.items()]
    attributes = f"Attributes: {', '.join(names)}." if names else "It has no other attribute."
    word = f'`type = "{variant.word}"`, in Python `{variant.class_name}`'
    return item(f"{word}: {variant.description} {attributes}")


def _groups(attributes: tuple[Attribute, ...], at: Path, describe: Describe) -> list[tuple[str, str]]:
    found = []
    for title, belongs in GROUPS:
        entries = [_entry((*at, a.name), a, describe) for a in attributes if belongs(a)]
        if entries:
            found.append((title, "\n".join(entries)))
    return found


def _entry(path: Path, attribute: Attribute, describe: Describe) -> str:
    more = f" See [below](#{anchor(path)})." if attribute.nested is not None else ""
    return item(f"`{attribute.name}` {describe(path, attribute)}{more}")


def _sections(attributes: tuple[Attribute, ...], at: Path, describe: Describe, shapes: Shapes) -> list[str]:
    parts = []
    for attribute in attributes:
        if attribute.nested is None:
            continue
        path = (*at, attribute.name)
        parts.append(f'<a id="{anchor(path)}"></a>\n\n### Nested: `{".".join(path)}`')
        parts += [text] if (text := shapes(path)) else []
        for title, entries in _groups(attribute.nested.attributes, path, describe):
            parts.append(f"{title}:\n\n{entries}")
        parts += _sections(attribute.nested.attributes, path, describe, shapes)
    return parts

"""Resources from the files that Immuta's command line keeps: one request in YAML each.

What a file says is what is sent, key for key. Where attributes can say it, they do. The rest goes through the arguments of JSON
text, which Terraform passes on as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

from constructs import Construct
from immuta_provider.model.additional_config_rules import can_say
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.conditions import is_kind
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import OBJECT, OBJECTS, Field, ResourceType
from immuta_provider.model.text import joined
from immuta_provider.model.wording import Problem

from .errors import ArgumentError
from .resource import ImmutaResource
from .templates import literal

At = tuple[str | int, ...]
SUFFIXES = (".yaml", ".yml")


class FileError(ValueError):
    """A file cannot be read, or is not YAML, or not a request of the type. The text names the file, and the line if there is one.

    `path` is the file's path as it was passed, and `line` counts from 1; 0 stands for the whole file.
    """

    def __init__(self, path: Path, line: int, text: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{place(path, line)}: {text}")


def place(path: Path, line: int) -> str:
    """The words that an error begins with."""
    return f"{path}, line {line}" if line else str(path)


class Document(NamedTuple):
    """One file: the request in it, and the lines of its keys."""

    path: Path
    body: dict[str, Any]
    lines: dict[At, int]

    def line(self, at: At) -> int:
        """The line of a key; of the innermost one around it that is in the file, where that one is not."""
        while at not in self.lines:
            at = at[:-1]
        return self.lines[at]


class FileResource(ImmutaResource):
    """A resource that may be kept in a file of Immuta's command line; not for direct use."""

    @classmethod
    def from_file(cls, scope: Construct, id: str, path: str | Path, /, **arguments: Any) -> Self:
        """Makes the resource that a file of Immuta's command line describes: YAML with one request of the V2 API.

        What the file says is what Immuta is sent, key for key, also where this package does not know a key. Needs PyYAML, which
        `pip install "cdktf-immuta[yaml]"` brings.

        Args:
            scope: the stack, or a construct in it.
            id: the construct's id in its scope.
            path: the file. A relative path starts in the folder that the program runs in.
            arguments: further arguments of the class that a file cannot say, such as `lifecycle` or `re_certify`.

        Raises:
            FileError: the file cannot be read, or is not one request of this type as YAML; names the file and the line.
            ArgumentError: the request breaks a rule of the resource; every problem names the file and the line.
        """
        return cls._of(scope, id, read(Path(path)), arguments)

    @classmethod
    def _of(cls, scope: Construct, id: str, document: Document, arguments: Mapping[str, Any]) -> Self:
        type = BY_RESOURCE[cls.TF_RESOURCE_TYPE]
        _check_type(type, document)
        in_file = _arguments(type, literal(document.body))
        for field in type.fields:
            if field.required and field.name not in in_file.keys() | arguments.keys():
                raise FileError(document.path, 0, f"the key `{field.key}` is missing. Add it")
        for name in in_file.keys() & arguments.keys():
            raise FileError(
                document.path, 0, f"also sets {name}. Remove the argument, or the key in the file"
            )
        try:
            return cls(scope, id, **in_file, **arguments)
        except ArgumentError as error:
            problems = [_located(type, document, problem) for problem in error.problems]
            raise ArgumentError(f"the {type.label}", error.construct_path, problems) from None


def read(path: Path) -> Document:
    """Reads a file. Raises FileError where it cannot be read, or does not hold one mapping in YAML."""
    try:
        from .yaml_text import YamlError, parse
    except ImportError as error:
        if error.name != "yaml":
            raise
        text = 'reading it needs PyYAML, which is not installed. Run: pip install "cdktf-immuta[yaml]"'
        raise FileError(path, 0, text) from None
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise FileError(
            path, 0, f"it cannot be read: {error.strerror}. Check the path, which {_start(path)}"
        ) from None
    except UnicodeDecodeError:
        raise FileError(path, 0, "it is not in UTF-8. Save it in UTF-8") from None
    try:
        body, lines = parse(text)
    except YamlError as error:
        raise FileError(path, error.line, f"it is not YAML that can be sent: {error}") from None
    if not isinstance(body, dict):
        raise FileError(
            path, 0, "it has to hold one mapping: the request of Immuta's V2 API, with keys such as `name`"
        )
    return Document(path, body, lines)


def _start(path: Path) -> str:
    return "is absolute" if path.is_absolute() else f"starts in {Path.cwd()}"


def of_folder(
    scope: Construct, folder: Path, classes: Iterable[type[FileResource]], arguments: Mapping[str, Any]
) -> dict[str, FileResource]:
    """The resources of all files in a folder and below it, by construct ids, which are the files' paths without the suffix.

    Raises FileError for a folder that does not exist, and for a file of none of the classes.
    """
    by_word = {BY_RESOURCE[cls.TF_RESOURCE_TYPE].type: cls for cls in classes}
    if not folder.is_dir():
        raise FileError(folder, 0, f"it is not a folder. Check the path, which {_start(folder)}")
    found: dict[str, FileResource] = {}
    for path in sorted(each for each in folder.rglob("*") if each.suffix in SUFFIXES and each.is_file()):
        document = read(path)
        cls = by_word.get(str(document.body.get("type")))
        if cls is None:
            text = (
                f"`type` has to be one of {joined([*by_word], 'or')}, and it is {document.body.get('type')!r}"
            )
            raise FileError(path, document.line(("type",)), text)
        id = "-".join(path.relative_to(folder).with_suffix("").parts)
        if id in found:
            raise FileError(
                path, 0, f'another file has the construct id "{id}" as well. Rename one of the two'
            )
        found[id] = cls._of(scope, id, document, arguments)
    return found


def _check_type(type: ResourceType, document: Document) -> None:
    for key, value in type.constants:
        word = document.body.get(key, value)
        if word != value:
            other = next((t for t in TYPES if t.in_files and (key, word) in t.constants), None)
            advice = f"Use {other.class_name}.from_file" if other else f"Use a file with `{key}: {value}`"
            raise FileError(
                document.path, document.line((key,)), f"`{key}` is {word!r}, not {value!r}. {advice}"
            )


def _arguments(type: ResourceType, body: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments that make the request."""
    found: dict[str, Any] = {}
    rest: dict[str, Any] = {}
    for key, value in body.items():
        if (key, value) in type.constants:
            continue
        field = next((f for f in type.fields if f.key == key and not (f.state_only or f.as_json)), None)
        as_json = next((f for f in type.fields if f.as_json and f.key == key), None)
        # An empty list of objects says no more than an absent one, so the rules would want another way to say it.
        if (
            field is not None
            and as_json is not None
            and (value == [] or not (value is None or _says(field, value)))
        ):
            found[as_json.name] = json.dumps(value, ensure_ascii=False)
            continue
        known, unknown = (None, value) if field is None else _parts(field, value)
        if field is not None and known is not None:
            found[field.name] = known
        if unknown is not _NOTHING:
            rest[key] = unknown
    if rest:
        found[ADDITIONAL_CONFIG.name] = json.dumps(rest, ensure_ascii=False)
    for ways in type.ways:
        untaken = not any(set(way.needs) & found.keys() for way in ways)
        implied = [f for way in ways for f in map(type.field, way.needs) if f is not None and f.state_only]
        # A file says by a key that it does not have what an attribute says.
        if untaken and implied and implied[0].choices:
            found[implied[0].name] = implied[0].choices.values[0]
    return found


_NOTHING = object()


def _parts(field: Field, value: Any) -> tuple[Any, Any]:
    """The part of a value that an attribute says, and the part that is left."""
    if field.kind == OBJECT and not field.variants and isinstance(value, dict):
        by_key = {each.key: each for each in field.fields}
        known: dict[str, Any] = {}
        left: dict[str, Any] = {}
        for key, item in value.items():
            inner = by_key.get(key)
            part, unknown = (None, item) if inner is None else _parts(inner, item)
            if inner is not None and part is not None:
                known[inner.name] = part
            if unknown is not _NOTHING:
                left[key] = unknown
        return (known if known or not left else None), (left or _NOTHING)
    if _says(field, value):
        return _named(field, value), _NOTHING
    # The rules refuse a value that is only of the wrong kind.
    return (value, _NOTHING) if can_say(field, value) else (None, value)


def _says(field: Field, value: Any) -> bool:
    """Tells if the attribute says a value exactly, at every depth."""
    if value is None or not is_kind(field.kind, value):
        return False
    if field.kind == OBJECT:
        return _says_object(field, value)
    if field.kind == OBJECTS:
        return all(isinstance(item, dict) and _says_object(field, item) for item in value)
    if field.choices is not None and field.choices.strict:
        return value in field.choices.values
    return not (isinstance(value, list) and not all(isinstance(item, str) for item in value))


def _says_object(field: Field, value: Mapping[str, Any]) -> bool:
    by_key = {each.key: each for each in field.fields}
    if not all(key in by_key and _says(by_key[key], item) for key, item in value.items()):
        return False
    if not field.variants:
        return True
    variant = next((each for each in field.variants if each.word == value.get("type")), None)
    return variant is not None and set(_paths(by_key, value, variant.arguments)) <= set(variant.arguments)


def _paths(
    by_key: Mapping[str, Field], value: Mapping[str, Any], arguments: Iterable[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """The paths of the attributes in an object, as deep as those of `arguments`; without `type`, which chooses them."""
    spread = {path[0] for path in arguments if len(path) > 1}
    for key, item in value.items():
        name = by_key[key].name
        if name in spread:
            inner = {each.key: each.name for each in by_key[key].fields}
            yield from ((name, inner[each]) for each in item)
        elif name != "type":
            yield (name,)


def _named(field: Field, value: Any) -> Any:
    """A value with the names of attributes in the place of keys."""
    if field.kind == OBJECTS:
        return [_members(field, item) for item in value]
    return _members(field, value) if field.kind == OBJECT else value


def _members(field: Field, value: Mapping[str, Any]) -> dict[str, Any]:
    by_key = {each.key: each for each in field.fields}
    return {by_key[key].name: _named(by_key[key], item) for key, item in value.items()}


def _located(type: ResourceType, document: Document, problem: Problem) -> Problem:
    """A problem of an argument as one of the file."""
    line = document.line(tuple(_keys(type.fields, problem.path)))
    return Problem(
        problem.path, problem.strict, f"{place(document.path, line)}: {problem.summary}", problem.detail
    )


def _keys(fields: Iterable[Field], path: At) -> Iterator[str | int]:
    """The path of an attribute as keys of the request, as far as it has them."""
    for step in path:
        if isinstance(step, int):
            yield step
            continue
        field = next((each for each in fields if each.name == step), None)
        if field is None:
            return
        yield field.key
        fields = field.fields

"""The reference pages have all that the model and the schemas have, and nothing that is out of date."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import generate_docs
import generated
import pytest
from bindings.text import describe
from bindings.text import ways as in_words
from documentation import attributes, words
from documentation.reading_pages import name_of as bare
from documentation.resource_page import name_of
from documentation.statuses import MEANINGS
from documentation.teardown import variables
from immuta_provider.api.integrations.statuses import KNOWN
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from immuta_provider.model.fields import NUMBER, STRING, Choices, Field, Way, When
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.plugin.schema import Attribute, Schema
from immuta_provider.provider import ImmutaProvider
from immuta_provider.resources.integrations import teardown
from support import pages
from support.made_up import bare_type

PROVIDER = ImmutaProvider({})
SCHEMAS: dict[str, Schema] = {
    "index.md": PROVIDER.schema,
    **{f"resources/{name_of(i)}.md": PROVIDER.resources[i.resource].schema for i in TYPES},
    **{f"data-sources/{bare(n)}.md": each.schema for n, each in PROVIDER.data_sources.items()},
    **{f"ephemeral-resources/{bare(n)}.md": each.schema for n, each in PROVIDER.ephemeral_resources.items()},
    **{f"list-resources/{bare(n)}.md": each.schema for n, each in PROVIDER.list_resources.items()},
    **{f"actions/{bare(n)}.md": each.schema for n, each in PROVIDER.actions.items()},
}


def sections(attributes: Iterable[Attribute], at: str = "") -> Iterator[tuple[str, set[str]]]:
    """The names of a schema's attributes by section, as `pages.listed` gives those of a page."""
    own = list(attributes)
    yield at, {a.name for a in own}
    for attribute in own:
        if attribute.nested is not None:
            yield from sections(attribute.nested.attributes, f"{at}.{attribute.name}".strip("."))


def test_the_generated_pages_are_up_to_date() -> None:
    assert generated.stale(generate_docs.render(), generate_docs.existing()) == [], "run `make docs`"


@pytest.mark.parametrize("page", SCHEMAS)
def test_every_attribute_is_on_its_page(page: str) -> None:
    listed = pages.listed(pages.DOCS / page)
    assert {section: set(names) for section, names in listed.items()} == dict(
        sections(SCHEMAS[page].attributes)
    )


def test_every_page_is_there_and_in_the_contents() -> None:
    functions = {f"functions/{name}.md" for name in PROVIDER.functions}
    generated = {pages.name(page) for page in pages.pages() if page.parent.name != "guides"}
    assert generated == set(SCHEMAS) | functions
    linked = {link.target for link in pages.links(pages.DOCS / "index.md")}
    assert generated - {"index.md"} <= linked
    assert {pages.name(page) for page in pages.pages() if page.parent.name == "guides"} <= linked


@pytest.mark.parametrize("name", PROVIDER.data_sources)
def test_no_data_source_takes_a_secret(name: str) -> None:
    listed = pages.listed(pages.DOCS / "data-sources" / f"{bare(name)}.md")
    marked = {
        attribute for names in listed.values() for attribute, tags in names.items() if "Sensitive" in tags
    }
    assert marked <= {"content"}


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda i: i.class_name)
def test_every_secret_and_every_frozen_field_is_marked(integration: IntegrationType) -> None:
    listed = pages.listed(pages.DOCS / "resources" / f"{name_of(integration)}.md")
    marked = {
        ".".join((section, name)).strip("."): tags
        for section, names in listed.items()
        for name, tags in names.items()
    }
    fields = {".".join(path): field for path, field in integration.walk()}
    assert {n for n in fields if "Write-only" in marked[n]} == {n for n, f in fields.items() if f.secret}
    assert {n for n in fields if "Forces replacement" in marked[n]} == {
        n for n, f in fields.items() if f.replace and not (f.choices and len(f.choices.values) == 1)
    }
    assert {n for n in fields if "Computed if not set" in marked[n]} == {
        n for n, f in fields.items() if f.computed
    }


IS_A, IS_A_OR_B = When({"kind": ("a",)}), When({"kind": ("a", "b")})
PROBABLY_A, PROBABLY_C = (When({"kind": (kind,)}, strict=False) for kind in ("a", "c"))


def field(description: str, kind: str = STRING, **facts: Any) -> Field:
    return Field("name", "name", kind, description=description, **facts)


FIELDS: dict[str, tuple[Field, list[str]]] = {
    "every fact of a text": (
        field(
            "What it is called.",
            default="None is given.",
            required_when=(IS_A_OR_B, PROBABLY_C),
            only_when=(When({"kind": ("a",), "other": (None,)}),),
            pattern="[a-z]+",
            pattern_hint="small letters",
            pattern_strict=False,
            choices=Choices("x", True),
            choice_when=(("x", When({"auto": (False,)}, strict=False)),),
            equivalence="hostname",
            text_format="json",
        ),
        [
            "What it is called.",
            'Accepted: `"x"` or `true` (anything else is an error).',
            '`"x"` only when `auto` is `false` (a warning otherwise).',
            "Form: small letters, matching `[a-z]+` (anything else is a warning).",
            "Text that is not JSON is a warning.",
            'Required when `kind` is `"a"` or `"b"` (an error if missing).',
            'Expected when `kind` is `"c"` (a warning if missing).',
            'Used only when `kind` is `"a"` and `other` is not set (an error otherwise).',
            "Case, and a dot or a slash at the end, make no difference.",
            "Default: none is given.",
        ],
    ),
    "a key file": (
        field("The key.", required=True, text_format="pem"),
        ["The key.", "Line breaks may be written as `\\n`; Immuta gets real line breaks."],
    ),
    "a number that is used under the condition under which it is required": (
        field(
            "A port.",
            NUMBER,
            default="Immuta uses 443.",
            required_when=(IS_A,),
            only_when=(PROBABLY_A,),
            minimum=0,
            maximum=65535,
            integer=True,
        ),
        [
            "A port.",
            "Range: whole numbers from 0 to 65535 (anything else is an error).",
            'Required when `kind` is `"a"` (an error if missing), and used only then (a warning otherwise).',
            "Default: Immuta uses 443.",
        ],
    ),
    "expected always": (
        field("A role.", default="?", required_when=(When({}, strict=False),)),
        ["A role.", "Expected always (a warning if missing)."],
    ),
    "JSON": (
        field("Any rules.", as_json="array", text_format="json"),
        [
            "Any rules.",
            "Form: a JSON array (anything else is an error).",
            "Write it with `jsonencode`; in Python, pass a list.",
        ],
    ),
}


@pytest.mark.parametrize(("field", "lines"), FIELDS.values(), ids=FIELDS)
def test_a_field_is_described_on_its_page(field: Field, lines: list[str]) -> None:
    assert words.about(field) == lines


def test_a_json_argument_is_described_in_python() -> None:
    described = describe(FIELDS["JSON"][0], "policy")
    assert described == "any rules. A list becomes JSON text."


def test_every_status_has_a_meaning() -> None:
    assert set(MEANINGS) == KNOWN


@pytest.mark.parametrize(
    "integration", [i for i in INTEGRATIONS if i.teardown_platform], ids=lambda i: i.class_name
)
def test_the_teardown_variables_on_the_pages_are_read(integration: IntegrationType) -> None:
    documented = variables(integration)
    expected: dict[str, Any] = {}
    for path in documented:
        place = expected
        for step in path[:-1]:
            place = place.setdefault(step, {})
        place[path[-1]] = ".".join(path)
    environment = {variable: ".".join(path) for path, variable in documented.items()}
    found = teardown.read(INTEGRATIONS, None, environment).find(integration, {})
    assert found == expected
    index = (pages.DOCS / "index.md").read_text("utf-8")
    assert [v for v in documented.values() if f"`{v}`" not in index] == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            ("actions", "rules", "config", "masking_config"),
            """One of these shapes:

- `type = "Hash"`, in Python `HashMasking`: Replaces a value by its hash. It has no other attribute.
- `type = "Constant"`, in Python `ConstantMasking`: Replaces each value by the same text. Attributes: `constant` (required).
- `type = "Null"`, in Python `NullMasking`: Replaces each value by NULL. It has no other attribute.
- `type = "Custom Function"`, in Python `CustomFunctionMasking`: Replaces a value by the result of an SQL expression.
  Attributes: `sql_function` (required).""",
        ),
        (("actions", "rules", "inclusions"), "In Python: `PolicyUsers`."),
        # Its members are arguments of the classes of `rules`.
        (("actions", "rules", "config"), ""),
        (("name",), ""),
    ],
)
def test_a_page_names_the_shapes_of_an_object_and_their_classes(path: tuple[str, ...], text: str) -> None:
    shapes = attributes.shapes_of_type(BY_RESOURCE["immuta_data_policy"])
    assert shapes(path).split() == text.split()


def test_groups_of_ways_are_described() -> None:
    ways = ((Way("a"), Way("b", "c", may=("d",))), (Way("e"), Way("f"), Way("g")))
    assert in_words(bare_type("one", ways=ways)) == (
        "Exactly one of `a` and `b` with `c` (and `d` if needed) has to be set. Exactly one of `e`, `f` and `g` has to be set."
    )

"""What the model says of an integration type, as plain data.

The pydantic classes beside this module are where each fact is written; `compiled.py` is generated from them and holds
the same facts as these plain objects, so that the running provider never imports pydantic (nor typing or dataclasses:
every millisecond here is paid several times in each Terraform command).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STRING = "string"
NUMBER = "number"
BOOL = "bool"
STRINGS = "list of strings"
OBJECT = "object"
OBJECTS = "list of objects"


class Plain:
    """Equality, repr and nothing else, over the attributes that a subclass names in `__slots__`."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            getattr(self, s) == getattr(other, s) for s in self.__slots__
        )

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, s) for s in self.__slots__))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{s}={getattr(self, s)!r}' for s in self.__slots__)})"


class When(Plain):
    """A condition: every named field holds one of the values beside it.

    A name is looked up among the siblings of the field that carries the condition, then at the top of the
    integration (so that a nested field can depend on `auto_bootstrap`); dots lead into objects. The value None stands
    for "not set", and a condition without fields always holds. `strict` says how far the rule can be
    trusted: True, it was read in Immuta's pages and breaking it is an error; False, it was recalled or inferred and
    breaking it is a warning.
    """

    __slots__ = ("fields", "strict")

    def __init__(self, fields: Mapping[str, tuple[object, ...]], *, strict: bool = True) -> None:
        self.fields = tuple((name, tuple(values)) for name, values in dict(fields).items())
        self.strict = strict


class Choices(Plain):
    """The accepted values. `strict=False` only warns about others (the list was not read in full)."""

    __slots__ = ("strict", "values")

    def __init__(self, *values: str | bool, strict: bool = True) -> None:
        self.values = values
        self.strict = strict


class Field(Plain):
    """One key of an integration's `config` (or of an object in it)."""

    __slots__ = (
        "choice_when",
        "choices",
        "default",
        "description",
        "element_key",
        "equivalence",
        "fields",
        "integer",
        "key",
        "kind",
        "maximum",
        "minimum",
        "name",
        "only_when",
        "pattern",
        "pattern_hint",
        "pattern_strict",
        "replace",
        "required",
        "required_when",
        "secret",
        "server_filled",
        "text_format",
    )

    def __init__(
        self,
        name: str,
        key: str,
        kind: str,
        *,
        description: str,
        default: str = "",
        fields: tuple[Field, ...] = (),
        required: bool = False,
        required_when: tuple[When, ...] = (),
        only_when: tuple[When, ...] = (),
        secret: bool = False,
        replace: bool = False,
        server_filled: bool = False,
        pattern: str = "",
        pattern_hint: str = "",
        pattern_strict: bool = True,
        choices: Choices | None = None,
        choice_when: tuple[tuple[str, When], ...] = (),
        minimum: int | None = None,
        maximum: int | None = None,
        integer: bool = False,
        equivalence: str = "",
        text_format: str = "",
        element_key: tuple[str, ...] = (),
    ) -> None:
        self.name = name  # the Terraform attribute and Python argument
        self.key = key  # the API's key
        self.kind = kind
        self.description = description
        self.default = default  # what happens when it is not set, in words; "" where it must be set
        self.fields = fields  # of an object, or of each object in a list
        self.required = required
        self.required_when = required_when  # required when any of these holds
        self.only_when = only_when  # may be set only when any of these holds; () = always
        self.secret = secret  # write-only; never read back, never stored
        self.replace = replace  # frozen: PUT cannot change it
        self.server_filled = server_filled  # Immuta fills it when it is not set
        self.pattern = pattern  # the whole text must match this regular expression
        self.pattern_hint = pattern_hint  # the pattern in words, for the error
        self.pattern_strict = pattern_strict  # False: the shape was inferred, so another one only warns
        self.choices = choices
        self.choice_when = choice_when  # a choice that is allowed only under a condition
        self.minimum = minimum
        self.maximum = maximum
        self.integer = integer
        self.equivalence = equivalence  # "hostname" or "url": two spellings that mean the same to Immuta
        self.text_format = text_format  # "json": warn unless it parses; "pem": a key file, see pem.py
        # Of a list of objects: the fields by which one is told from another; their order means nothing then.
        self.element_key = element_key

    def child(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def holds_secret(self) -> bool:
        """Whether this field or anything inside it is secret."""
        return self.secret or any(f.holds_secret for f in self.fields)


NO_SCRIPTS = Choices()


class IntegrationType(Plain):
    """One integration type of Immuta's API."""

    __slots__ = (
        "advice",
        "auto_bootstrap",
        "class_name",
        "description",
        "documentation",
        "fields",
        "host_field",
        "identity",
        "resource",
        "rotates_api_key",
        "scripts",
        "teardown_fields",
        "teardown_platform",
        "title",
        "type",
        "updatable",
    )

    def __init__(
        self,
        resource: str,
        class_name: str,
        type: str,
        *,
        title: str,
        description: str,
        documentation: str,
        auto_bootstrap: str,
        fields: tuple[Field, ...],
        updatable: bool = True,
        host_field: str = "",
        identity: tuple[str, ...] = (),
        teardown_platform: str = "",
        teardown_fields: tuple[str, ...] = (),
        scripts: Choices = NO_SCRIPTS,
        rotates_api_key: bool = False,
        advice: tuple[tuple[str, When, str], ...] = (),
    ) -> None:
        self.resource = resource  # the Terraform type
        self.class_name = class_name  # the Python construct
        self.type = type  # the API's `type`
        self.title = title  # how people call the platform
        self.description = description
        self.documentation = documentation  # Immuta's page
        self.auto_bootstrap = auto_bootstrap  # "required", "only_false" or "none"
        self.fields = fields
        self.updatable = updatable  # whether PUT exists for it
        self.host_field = host_field  # the attribute that `teardown_credentials.hosts` is keyed by
        self.identity = (
            identity  # the attributes by which Immuta tells two of them apart; () = none that is visible
        )
        self.teardown_platform = (
            teardown_platform  # the attribute of `teardown_credentials`; "" = DELETE takes no body
        )
        self.teardown_fields = teardown_fields  # the credential attributes that DELETE takes
        self.scripts = scripts  # the script routes for a manual set-up, in the order of use
        self.rotates_api_key = rotates_api_key  # whether Immuta makes it an API key that can be regenerated
        self.advice = advice  # (field path with dots, condition, text): a warning when the condition holds

    @property
    def platform(self) -> str:
        """The platform's short name, as attributes that hold one platform's settings have it: `amazon_s3`."""
        return self.resource.removeprefix("immuta_").removesuffix("_integration")

    @property
    def has_secrets(self) -> bool:
        return any(f.holds_secret for f in self.fields)

    def walk(self) -> Iterator[tuple[tuple[str, ...], Field]]:
        """Every field at every depth, parents first, with its path of attribute names (list indexes left out)."""
        pending: list[tuple[tuple[str, ...], Field]] = [((f.name,), f) for f in self.fields]
        while pending:
            path, field = pending.pop(0)
            yield path, field
            pending = [((*path, f.name), f) for f in field.fields] + pending

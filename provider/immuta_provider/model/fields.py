"""A resource type as plain data.

Each fact is written in the pydantic classes of the families' folders; the modules in `compiled/` are generated from them and
hold the same facts as these plain objects, so that the running provider never imports pydantic (nor typing or dataclasses:
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
STRING_SET = "set of strings"
STRING_MAP = "map of strings"
STRINGS_MAP = "map of lists of strings"
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

    A name is looked up among the siblings of the field that carries the condition, then in each enclosing object up to the
    resource (so that a nested field can depend on `auto_bootstrap`); dots lead into objects. The value None stands
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


class Place(Plain):
    """A place in the JSON of a request: keys with dots between them, digits for the index of a list.

    `before`: only the text before the first such separator is sent there, and nothing where the value does not have it.
    """

    __slots__ = ("before", "path")

    def __init__(self, path: str, *, before: str = "") -> None:
        self.path = path
        self.before = before


class Way(Plain):
    """Attributes that belong together: those of `needs` have to be set, those of `may` may be."""

    __slots__ = ("may", "needs")

    def __init__(self, *needs: str, may: tuple[str, ...] = ()) -> None:
        self.needs = needs
        self.may = may


class Variant(Plain):
    """One shape of an object that has several: the value `word` of its attribute `type` chooses it.

    `arguments` are the paths of its attributes in the object. A path has two steps if the class in Python takes the members of
    an object inside as its own arguments. The attributes at the paths in `required` have to be set.
    """

    __slots__ = ("arguments", "class_name", "description", "required", "word")

    def __init__(
        self,
        class_name: str,
        word: str,
        *,
        description: str,
        arguments: tuple[tuple[str, ...], ...] = (),
        required: tuple[tuple[str, ...], ...] = (),
    ) -> None:
        self.class_name = class_name
        self.word = word
        self.description = description
        self.arguments = arguments
        self.required = required


class Field(Plain):
    """One attribute of a resource type, or of an object in it, and the key that it has in Immuta's JSON."""

    __slots__ = (
        "as_json",
        "as_number",
        "choice_when",
        "choices",
        "class_name",
        "clears",
        "computed",
        "computed_as",
        "create_only",
        "default",
        "description",
        "element_key",
        "equivalence",
        "extends",
        "fields",
        "in_route",
        "integer",
        "item_key",
        "key",
        "kind",
        "maximum",
        "minimum",
        "name",
        "names",
        "only_when",
        "own_keys",
        "pattern",
        "pattern_hint",
        "pattern_strict",
        "places",
        "read_at",
        "read_only",
        "replace",
        "required",
        "required_when",
        "secret",
        "state_only",
        "text_format",
        "unset_as",
        "variants",
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
        class_name: str = "",
        variants: tuple[Variant, ...] = (),
        required: bool = False,
        required_when: tuple[When, ...] = (),
        only_when: tuple[When, ...] = (),
        secret: bool = False,
        replace: bool = False,
        computed: bool = False,
        computed_as: bool | int | str | None = None,
        state_only: bool = False,
        create_only: bool = False,
        clears: bool = False,
        in_route: bool = False,
        read_only: bool = False,
        places: tuple[Place, ...] = (),
        read_at: str = "",
        item_key: str = "",
        own_keys: bool = False,
        as_json: str = "",
        as_number: bool = False,
        unset_as: bool | str | None = None,
        pattern: str = "",
        pattern_hint: str = "",
        pattern_strict: bool = True,
        extends: str = "",
        choices: Choices | None = None,
        choice_when: tuple[tuple[str, When], ...] = (),
        minimum: int | None = None,
        maximum: int | None = None,
        integer: bool = False,
        equivalence: str = "",
        text_format: str = "",
        element_key: tuple[str, ...] = (),
        names: str = "",
    ) -> None:
        self.name = name  # the Terraform attribute and Python argument
        self.key = key  # the API's key
        self.kind = kind
        self.description = description
        self.default = default  # the effect when it is not set, in words; "" where it must be set
        self.fields = fields  # of an object, or of each object in a list
        self.class_name = class_name  # the class of the object in Python; "" = it is named by its place
        self.variants = variants  # the shapes of the object, or of each object in the list; () = it has one
        self.required = required
        self.required_when = required_when  # required when any of these holds
        self.only_when = only_when  # may be set only when any of these holds; () = always
        self.secret = secret  # write-only; never read back, never stored
        self.replace = replace  # frozen: an update cannot change it
        self.computed = computed  # Immuta chooses the value if it is not set
        # The value that Immuta fills in then, as far as is known; None = it depends, or nobody knows.
        self.computed_as = computed_as
        self.state_only = state_only  # it is kept in the state, and its change alone calls nothing
        self.create_only = create_only  # only the request that creates holds it
        self.clears = clears  # an update without it sends null, since Immuta keeps a key that is left out
        self.in_route = in_route  # the routes hold it, and no body
        self.read_only = read_only  # it is Immuta's to say, and never configured
        self.places = places  # the places in a request; () = at its key in the type's `root`
        self.read_at = read_at  # the place in an answer; "" = at the first of `places`
        self.item_key = (
            item_key  # an answer has objects in the list, each with the text at this key; "" = texts
        )
        self.own_keys = own_keys  # of a map: keys that are not configured are somebody else's
        self.as_number = as_number  # its text is digits, as of every id, and a request holds the number
        # The form of its JSON text: "array" or "object"; "" = other text. A request has the value of that JSON.
        self.as_json = as_json
        self.unset_as = unset_as  # the value that is sent when it is not set; None = nothing
        self.pattern = pattern  # the whole text must match this regular expression
        self.pattern_hint = pattern_hint  # the pattern in words, for the error
        self.pattern_strict = pattern_strict  # False: the shape was inferred, so another one only warns
        self.extends = extends  # its text begins with this attribute of the enclosing object, and a dot
        self.choices = choices
        self.choice_when = choice_when  # a choice that is allowed only under a condition
        self.minimum = minimum
        self.maximum = maximum
        self.integer = integer
        self.equivalence = (
            equivalence  # "hostname", "url", "case" or "json": two spellings that mean the same to Immuta
        )
        self.text_format = text_format  # "json": warn unless it parses; "pem": a key file, see pem.py
        # Of a list of objects: the fields by which one is told from another; their order means nothing then.
        self.element_key = element_key
        # "immuta_group.name": the value, or each in the list, names an object of that type by that attribute.
        self.names = names

    def child(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    @property
    def holds_secret(self) -> bool:
        """Returns whether this field or anything inside it is secret."""
        return self.secret or any(f.holds_secret for f in self.fields)


class Part(Plain):
    """One of several requests that an update consists of. It sends the part of the body that is at `key`, and is left out if
    there is none, or if Immuta shows that part already.

    `sends`: "value", the part itself; "object", an object with the part at its key.
    """

    __slots__ = ("key", "route", "sends")

    def __init__(self, route: str, *, key: str, sends: str = "value") -> None:
        self.route = route
        self.key = key
        self.sends = sends


class Routes(Plain):
    """The life of a record, which is created, read, replaced and deleted at once: a method and a path for each.

    A path is a template: `{id}` is Immuta's id, any other name an attribute of the resource. A query's part whose attribute is
    not set is left out.
    """

    __slots__ = (
        "absent_when",
        "adapter",
        "chooses_id",
        "create",
        "created_at",
        "created_id",
        "delete",
        "forgotten",
        "id",
        "items",
        "list",
        "nested",
        "page",
        "parts",
        "permission",
        "read",
        "reserved_by",
        "reserved_unless",
        "reserved_when",
        "tree",
        "type_at",
        "unique",
        "update",
    )

    def __init__(
        self,
        create: str,
        read: str,
        delete: str,
        *,
        list: str,
        permission: str,
        update: str = "",
        parts: tuple[Part, ...] = (),
        items: str = "",
        page: int = 0,
        id: str = "id",
        type_at: str = "",
        created_at: str = "",
        created_id: str = "",
        chooses_id: bool = False,
        absent_when: tuple[tuple[str, object], ...] = (),
        reserved_when: tuple[tuple[str, object], ...] = (),
        reserved_unless: tuple[tuple[str, object], ...] = (),
        reserved_by: str = "",
        tree: str = "",
        nested: str = "",
        forgotten: tuple[str, ...] = (),
        unique: tuple[tuple[str, str], ...] = (),
        adapter: str = "",
    ) -> None:
        self.create = create  # "POST /governance/purpose"
        self.read = read  # "GET /governance/purpose/{id}"; its answer is the record, or a list that it is in
        self.delete = delete
        self.list = list  # all of them in one answer, or in pages
        self.permission = permission  # the permission that the user behind the credential needs at Immuta
        # Replaces the whole; the same as `create`: Immuta creates or overwrites. "" = no update, or one in `parts`.
        self.update = update
        self.parts = parts
        self.items = items  # the key of the records in the list's answer; "" = the answer is an array
        self.page = page  # as many records are requested at once; 0 = the list is not paged
        # The key of the id in a record; with braces, a template of the record's keys: "{iamid}/{userid}".
        self.id = id
        self.type_at = (
            type_at  # the key of Immuta's word for the type, in a list of several; "" = it has one type
        )
        self.created_at = created_at  # the key of the record in the answer of `create`; "" = it is the answer
        self.created_id = created_id  # the key of the id in the answer of `create`; "" = the key is `id`
        self.chooses_id = (
            chooses_id  # True if the request that creates has an id that the provider made, a UUID
        )
        self.absent_when = absent_when  # (key, value): a record that holds it is gone
        # (key, value): a record that holds it (or does not) is not ours, and never touched.
        self.reserved_when = reserved_when
        self.reserved_unless = reserved_unless
        self.reserved_by = reserved_by  # whose it is then; "" = Immuta made it itself
        # A key whose value has dots where one record contains others (`Acme` contains `Acme.PII`). "" = there is no tree.
        self.tree = tree
        # The key under which a record of the tree is sent its children: they are one resource. "" = each is its own.
        self.nested = nested
        # Keys at any depth that Immuta may not store at first: the request is sent once more where they are not shown.
        self.forgotten = forgotten
        # (attribute, key): no two records of the list share its value, whatever their types.
        self.unique = unique
        self.adapter = (
            adapter  # the name of a life with more to it, which reads these facts; "" = the plain one
        )

    def is_reserved(self, record: Mapping[str, object]) -> bool:
        """Returns whether a record is Immuta's own or somebody else's."""
        return any(record.get(key) == value for key, value in self.reserved_when) or any(
            key in record and record[key] != value for key, value in self.reserved_unless
        )


class ResourceType(Plain):
    """One type of object at Immuta."""

    __slots__ = (
        "accepts_unknown_names",
        "advice",
        "class_name",
        "constants",
        "description",
        "digested",
        "documentation",
        "family",
        "fields",
        "in_files",
        "key_ignores_case",
        "life",
        "mendable",
        "noun",
        "open_at",
        "plural",
        "replacing",
        "resource",
        "root",
        "settles",
        "title",
        "unique_by",
        "updatable",
        "ways",
    )

    def __init__(
        self,
        resource: str,
        class_name: str,
        *,
        family: str,
        title: str,
        noun: str,
        description: str,
        documentation: str,
        fields: tuple[Field, ...],
        life: Routes | str,
        plural: str = "",
        constants: tuple[tuple[str, object], ...] = (),
        unique_by: tuple[str, ...] = (),
        key_ignores_case: bool = False,
        root: str = "",
        open_at: str | None = None,
        in_files: bool = False,
        updatable: bool = True,
        settles: bool = False,
        mendable: tuple[str, ...] = (),
        digested: tuple[str, ...] = (),
        ways: tuple[tuple[Way, ...], ...] = (),
        replacing: str = "",
        accepts_unknown_names: bool = False,
        advice: tuple[tuple[str, When, str], ...] = (),
    ) -> None:
        self.resource = resource  # the Terraform type
        self.class_name = class_name  # the Python construct
        self.family = family  # the folder that it has in each room
        self.title = title  # the name that people give it: the platform's, for an integration
        self.noun = noun  # one of its objects, in a sentence
        self.plural = plural or f"{noun}s"  # several of them
        self.description = description
        self.documentation = documentation  # Immuta's page
        self.fields = fields
        self.life = life  # its routes, or the name of the adapter of a family that lives otherwise
        # (place, value): what every request holds. One inside an object goes along only where that object is sent.
        self.constants = constants
        self.unique_by = (
            unique_by  # its natural key: attributes, no two objects alike in all; () = none that is visible
        )
        self.key_ignores_case = key_ignores_case  # True if Immuta takes `A` and `a` for one key
        self.root = root  # the object that a request has the fields in; "" = the request is that object
        # The object that `additional_config` is merged into; None = there is no such attribute.
        self.open_at = open_at
        self.in_files = (
            in_files  # True if Immuta's command line keeps them in files of YAML, each with one request
        )
        self.updatable = updatable  # True if Immuta can change one in place
        self.settles = (
            settles  # True if work goes on after an answer, with a status, so that it is waited for
        )
        self.mendable = mendable  # the statuses of an unhealthy object that an update makes healthy
        # Places in an answer in other words than the request's: a digest of what is there tells that somebody changed it.
        self.digested = digested
        self.ways = ways  # of each group of ways exactly one has to be taken
        self.replacing = replacing  # the warning in the plan of a replacement; "" = none
        # True if Immuta takes a request that names what does not exist.
        self.accepts_unknown_names = accepts_unknown_names
        self.advice = advice  # (field path with dots, condition, text): a warning when the condition holds

    @property
    def type(self) -> str:
        """Immuta's word for the type, where one collection holds several types."""
        return str(dict(self.constants).get("type", ""))

    @property
    def scope(self) -> str:
        """The name of all that its natural key tells an object from: objects of every type in a list of several."""
        life = self.life
        return life.list if isinstance(life, Routes) and life.type_at else self.resource

    @property
    def label(self) -> str:
        """One of its objects, distinguished from those of other types: `Snowflake integration`."""
        return self._distinguished(self.noun)

    @property
    def labels(self) -> str:
        """Several of its objects, distinguished from those of other types: `Snowflake integrations`."""
        return self._distinguished(self.plural)

    def _distinguished(self, words: str) -> str:
        says_enough = not self.type or self.title.lower().endswith(self.noun.lower())
        return words if says_enough else f"{self.title} {words}"

    @property
    def id_attribute(self) -> str:
        """The attribute whose value is the id of an object; "" where Immuta makes the ids."""
        life = self.life
        return next((f.name for f in self.fields if isinstance(life, Routes) and f.key == life.id), "")

    @property
    def id_parts(self) -> tuple[str, ...]:
        """The attributes whose values an id consists of, with slashes between them; () = the id is one value."""
        template = self.life.id if isinstance(self.life, Routes) else ""
        return tuple(part[1:-1] for part in template.split("/")) if template.startswith("{") else ()

    @property
    def id_form(self) -> str:
        """The form of an id, as a clause: "which is `iamid/userid`", "for example `7`"."""
        if self.id_parts:
            return f"which is `{'/'.join(self.id_parts)}`"
        if self.id_attribute:
            return f"which is its `{self.id_attribute}`"
        if isinstance(self.life, Routes) and self.life.chooses_id:
            return "which is a UUID"
        return "for example `7`"

    @property
    def id_meaning(self) -> str:
        """The id of one of its objects, with its form: "Immuta's id of the purpose, for example `7`"."""
        owner = "The" if self.id_parts or self.id_attribute else "Immuta's"
        return f"{owner} id of the {self.noun}, {self.id_form}"

    @property
    def collection(self) -> str:
        """The name of all of its objects, as attributes and data sources have it: `tags`."""
        return self.plural.replace(" ", "_").lower()

    @property
    def has_status(self) -> bool:
        return self.settles or bool(self.mendable)

    @property
    def has_secrets(self) -> bool:
        return any(f.holds_secret for f in self.fields)

    @property
    def sends_secrets_apart(self) -> bool:
        """Returns whether an update may leave the secrets out, because they have a request of their own."""
        parts = self.life.parts if isinstance(self.life, Routes) else ()
        keys = {part.key for part in parts}
        return self.has_secrets and all(f.key in keys for f in self.fields if f.holds_secret)

    def field(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)

    def walk(self) -> Iterator[tuple[tuple[str, ...], Field]]:
        """Every field at every depth, parents first, with its path of attribute names (list indexes left out)."""
        pending: list[tuple[tuple[str, ...], Field]] = [((f.name,), f) for f in self.fields]
        while pending:
            path, field = pending.pop(0)
            yield path, field
            pending = [((*path, f.name), f) for f in field.fields] + pending


class Reading(Plain):
    """The facts of a data source that reads one route, which no resource type has."""

    __slots__ = (
        "arguments",
        "description",
        "details",
        "details_when",
        "fields",
        "items",
        "noun",
        "page",
        "plural",
        "resource",
        "route",
    )

    # As in a resource type: an answer has the fields at its top, in words of their own.
    root = ""
    digested: tuple[str, ...] = ()

    def __init__(
        self,
        resource: str,
        *,
        noun: str,
        description: str,
        fields: tuple[Field, ...],
        route: str,
        arguments: tuple[Field, ...] = (),
        plural: str = "",
        items: str = "",
        page: int = 0,
        details: str = "",
        details_when: str = "",
    ) -> None:
        self.resource = resource  # the Terraform data source
        self.noun = noun  # one of its objects, in a sentence
        self.plural = plural  # several of them; "" = the answer is one object
        self.description = description
        self.arguments = arguments  # the key of each is its parameter in the query; "" = it is not sent
        self.fields = fields
        self.route = route  # "GET /bim/iam"
        self.items = items  # the key of the objects in the answer; "" = the answer is an array, or the object
        self.page = page  # as many objects are requested at once; 0 = the list is not paged
        # The route of one object, `{id}` in it, whose answer has more fields, and the argument that asks for them.
        self.details = details
        self.details_when = details_when

    @property
    def collection(self) -> str:
        """The name of all of its objects as an attribute: `data_sources`."""
        return self.plural.replace(" ", "_").lower()

"""What may be set, and what must be: the rules of the model, read from its plain data.

The same rules serve Terraform's plan (with values that are unknown yet), the Python constructs (with tokens) and the
pydantic classes. A rule that was read in Immuta's pages is strict; one that was recalled or inferred only warns, since
Immuta itself decides in the end. One mistake makes one problem: what depends on a wrong or missing answer is not judged.
"""

from __future__ import annotations

from immuta_provider.model.derived import ADDITIONAL_CONFIG, derived_fields
from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, OBJECTS, STRING, STRINGS, Plain
from immuta_provider.model.numbers import number
from immuta_provider.model.patterns import matches
from immuta_provider.model.pem import as_sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from immuta_provider.model.fields import Field, ResourceType, When

    Path = tuple[str | int, ...]
    Scope = tuple[tuple[Field, ...], Mapping[str, Any]]

KINDS = {
    STRING: "text",
    NUMBER: "a number",
    BOOL: "true or false",
    STRINGS: "a list of texts",
    OBJECT: "an object",
    OBJECTS: "a list of objects",
}
LONGEST_QUOTE = 80
HUGE = 10**100

SECRET_WORDS = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "token",
    "credential",
    "privatekey",
    "apikey",
    "sharedkey",
    "signingkey",
    "encryptionkey",
    "sshkey",
    "keyfile",
    "connectargs",
)
"""A key of `additional_config` that contains one of these, whatever its case and punctuation, looks like a secret."""


class Problem(Plain):
    """Something wrong with a configuration. `strict`: an error; otherwise a warning.

    `path` is the exact place, as attribute names and list indexes; before it is shown to people, `safe_path` has to
    cut it, since Terraform prints the source line to which a path leads. The texts hold no secret.
    """

    __slots__ = ("detail", "path", "strict", "summary")

    def __init__(self, path: Path, strict: bool, summary: str, detail: str) -> None:
        self.path = path
        self.strict = strict
        self.summary = summary
        self.detail = detail


class _Undecided:
    """The value of an answer on which nothing can be built: unknown yet, missing or wrong."""


UNDECIDED = _Undecided()


def nothing_unknown(value: object) -> bool:
    """For data in which everything is known."""
    return False


def check(
    integration: ResourceType,
    config: Mapping[str, Any],
    *,
    is_unknown: Callable[[object], bool] = nothing_unknown,
) -> list[Problem]:
    """Every problem of `config`, in the order of the model's fields.

    `config` maps attribute names to values, `auto_bootstrap` and `additional_config` included; absent and None mean
    "not set", and names that are no attribute of the model are passed over. A value that is unknown at any depth is
    never refused, and what depends on it is not judged.
    """
    return _Check(integration, config, is_unknown).run()


def safe_path(integration: ResourceType, path: Path) -> Path:
    """`path`, cut before the first step that holds a secret at any depth.

    `additional_config` counts as one: it is free text, in which a secret may stand by mistake.
    """
    fields = integration.fields
    for position, step in enumerate(path):
        if isinstance(step, int):
            continue
        if position == 0 and step == ADDITIONAL_CONFIG.name:
            return ()
        field = _named(fields, step)
        if field is None:
            return path
        if field.holds_secret:
            return path[:position]
        fields = field.fields
    return path


def describe(when: When) -> str:
    """A condition in words, to follow "when"; "" for the one that always holds."""
    return " and ".join(f"{name} is {_either(values)}" for name, values in when.fields)


class _Check:
    def __init__(
        self, integration: ResourceType, config: Mapping[str, Any], is_unknown: Callable[[object], bool]
    ) -> None:
        self.integration = integration
        self.config = config
        self.is_unknown = is_unknown
        self.fields = (*derived_fields(integration), *integration.fields)
        self.problems: list[Problem] = []

    def run(self) -> list[Problem]:
        self.members(self.fields, self.config, ())
        self.advice()
        return self.problems

    def add(self, path: Path, strict: bool, summary: str, detail: str) -> None:
        self.problems.append(Problem(path, strict, summary, detail))

    def members(self, fields: tuple[Field, ...], values: Mapping[str, Any], at: Path) -> None:
        scopes = ((fields, values), (self.fields, self.config))
        for field in fields:
            value = values.get(field.name)
            path = (*at, field.name)
            if self.is_unknown(value):
                continue
            if value is None:
                self.missing(field, path, scopes, "it is not set")
            elif self.right_kind(field, value, path):
                if _blank(value) and self.missing(field, path, scopes, "it is set to empty text"):
                    continue
                self.place(field, path, scopes)
                self.value(field, value, path, scopes)

    def missing(self, field: Field, path: Path, scopes: tuple[Scope, ...], how: str) -> bool:
        """Whether something has to stand here and does not; if so, the problem is noted."""
        due = [] if field.required else [w for w in field.required_when if self.holds(w, scopes) is True]
        if not field.required and not due:
            return False
        label = path_label(path)
        when = next((w for w in due if w.strict), due[0]) if due else None
        condition = f" when {self.describe(when, path, scopes)}" if when and when.fields else ""
        if when is None or when.strict:
            owner = path_label(path[:-1]) or f"every {self.integration.label}"
            self.add(
                path,
                True,
                f"{label} is missing",
                f"{owner} needs {field.name}{condition}, and {how}. Set it. Its meaning: {field.description}",
            )
        else:
            self.add(
                path,
                False,
                f"{label} is probably missing",
                f"Immuta is expected to need {label}{condition}, and {how}. Set it, unless Immuta accepts the "
                f"integration without it. Its meaning: {field.description}",
            )
        return True

    def place(self, field: Field, path: Path, scopes: tuple[Scope, ...]) -> None:
        """Whether it may be set at all, as the other values are."""
        if not field.only_when or any(self.holds(when, scopes) is not False for when in field.only_when):
            return
        label = path_label(path)
        allowed = ", or when ".join(self.describe(when, path, scopes) for when in field.only_when)
        names = list(dict.fromkeys(name for when in field.only_when for name, _ in when.fields))
        strict = all(when.strict for when in field.only_when)
        self.add(
            path,
            strict,
            f"{label} {'is not allowed here' if strict else 'is probably not used'}",
            f"{label} is set, while {self.present(names, path, scopes)}; Immuta "
            f"{'takes it' if strict else 'is expected to use it'} only when {allowed}. Remove {label}, or change "
            f"{self.names(names, path, scopes)}.",
        )

    def right_kind(self, field: Field, value: object, path: Path) -> bool:
        if _is_kind(field.kind, value):
            return True
        label, kind = path_label(path), KINDS[field.kind]
        self.add(
            path,
            True,
            f"{label} has the wrong type",
            f"{label} is {_seen(value, quote=not field.holds_secret)}; it has to be {kind}. Set it to {kind}. "
            f"Its meaning: {field.description}",
        )
        return False

    def value(self, field: Field, value: Any, path: Path, scopes: tuple[Scope, ...]) -> None:
        if field.kind == OBJECT:
            told = len(self.problems)
            self.members(field.fields, value, path)
            if len(self.problems) == told and all(value.get(f.name) is None for f in field.fields):
                self.add(path, False, *nothing_set(path_label(path), [f.name for f in field.fields]))
        elif field.kind == OBJECTS:
            self.items(field, value, path)
        elif field.kind == STRINGS:
            self.texts(field, value, path)
        elif field.kind == NUMBER:
            self.number(field, value, path)
        elif field is ADDITIONAL_CONFIG:
            self.additional(value, path)
        elif self.choice(field, value, path, scopes):
            self.text(field, value, path)

    def items(self, field: Field, value: Any, path: Path) -> None:
        for index, item in enumerate(value):
            if self.is_unknown(item):
                continue
            if isinstance(item, dict):
                self.members(field.fields, item, (*path, index))
            else:
                self.wrong_item((*path, index), item, "an object", False)

    def texts(self, field: Field, value: Any, path: Path) -> None:
        for index, item in enumerate(value):
            if not self.is_unknown(item) and not isinstance(item, str):
                self.wrong_item((*path, index), item, "text", not field.secret)

    def wrong_item(self, path: Path, item: object, kind: str, quotable: bool) -> None:
        label = path_label(path)
        if item is None:
            self.add(
                path,
                True,
                f"{label} is missing",
                f"{label} is null; every element has to be {kind}. Set or remove it.",
            )
            return
        self.add(
            path,
            True,
            f"{label} has the wrong type",
            f"{label} is {_seen(item, quote=quotable)}; every element has to be {kind}. Set it to {kind}.",
        )

    def number(self, field: Field, value: object, path: Path) -> None:
        amount = number(value)
        low, high = field.minimum, field.maximum
        fits = (
            amount is not None
            and (not field.integer or isinstance(amount, int))
            and (low is None or amount >= low)
            and (high is None or amount <= high)
        )
        if fits:
            return
        label = path_label(path)
        whole = "a whole number" if field.integer else "a number"
        if low is not None and high is not None:
            whole = f"{whole} from {low} to {high}"
        elif low is not None:
            whole = f"{whole} of at least {low}"
        elif high is not None:
            whole = f"{whole} of at most {high}"
        self.add(
            path,
            True,
            f"{label} is out of range",
            f"{label} is {_quote(amount)}; it has to be {whole}. Set it to such a number"
            + (f", or remove it, which means: {field.default}" if field.default else "."),
        )

    def choice(self, field: Field, value: str | bool, path: Path, scopes: tuple[Scope, ...]) -> bool:
        if field.choices is None:
            return True
        label = path_label(path)
        if value not in field.choices.values:
            if field.choices.strict:
                self.add(
                    path,
                    True,
                    f"{label} has a value that Immuta does not take",
                    f"{label} is {_quote(value)}; Immuta takes {_either(field.choices.values)} for "
                    f"{self.integration.title}. Set it to {'one of these' if len(field.choices.values) > 1 else 'that'}"
                    f"{'' if field.required else ', or remove it'}.",
                )
            else:
                self.add(
                    path,
                    False,
                    f"{label} has an unfamiliar value",
                    f"{label} is {_quote(value)}; known for {self.integration.title} is {_either(field.choices.values)}. "
                    f"It is sent as it is; check in Immuta's documentation that it is right: "
                    f"{self.integration.documentation}",
                )
            return False
        for choice, when in field.choice_when:
            if value == choice and self.holds(when, scopes) is False:
                names = [name for name, _ in when.fields]
                others = self.names(names, path, scopes)
                self.add(
                    path,
                    when.strict,
                    f"{label} {_quote(value)} {'does' if when.strict else 'probably does'} not go with {others}",
                    f"{label} is {_quote(value)}, while {self.present(names, path, scopes)}; Immuta "
                    f"{'takes' if when.strict else 'is expected to take'} it only when "
                    f"{self.describe(when, path, scopes)}. Change {label} or {others}.",
                )
        return True

    def text(self, field: Field, value: Any, path: Path) -> None:
        if field.pattern and not matches(field.pattern, as_sent(field, value)):
            label, strict = path_label(path), field.pattern_strict
            self.add(
                path,
                strict,
                f"{label} {'has' if strict else 'probably has'} the wrong form",
                f"{label} {'does not have it' if field.secret else f'is {_quote(value)}'}; it "
                f"{'has' if strict else 'is expected'} to be {field.pattern_hint}. Change it"
                f"{'.' if strict else ', unless Immuta takes it as it is.'}",
            )
        if field.text_format == "json" and not _is_json(value):
            label = path_label(path)
            self.add(
                path,
                False,
                f"{label} is not JSON",
                f"{label} does not parse as JSON. It is sent as it is, but Immuta will probably refuse it. Give the "
                f"content of the file, not its name, or build it with jsonencode (json.dumps in Python).",
            )

    def advice(self) -> None:
        scopes = ((self.fields, self.config),)
        for dotted, when, text in self.integration.advice:
            if self.holds(when, scopes) is True:
                self.add(tuple(dotted.split(".")), False, f"{dotted} may not work as it is set", text)

    def additional(self, text: str, path: Path) -> None:
        from immuta_provider.model.json_text import DuplicateKey, parse

        name = path_label(path)
        try:
            tree = parse(text, unique=True)
        except DuplicateKey as duplicate:
            self.add(
                path,
                True,
                f"{name} holds a key twice",
                f"{name} holds the key {_quote(duplicate.key)} twice in one object, of which only the last would count. "
                f"Remove one of them.",
            )
            return
        except ValueError:
            tree = UNDECIDED
        if not isinstance(tree, dict):
            self.add(
                path,
                True,
                f"{name} is not a JSON object",
                f"{name} {'does not parse as JSON' if tree is UNDECIDED else 'is JSON, but no object'}; it has to be "
                f"the JSON text of an object. Build it with jsonencode (json.dumps in Python).",
            )
            return
        self.additional_object(tree, self.integration.fields, (), path)

    def additional_object(
        self, tree: dict[str, Any], fields: tuple[Field, ...], at: tuple[str, ...], path: Path
    ) -> None:
        by_key = {field.key: field for field in fields}
        for key, value in tree.items():
            field = by_key.get(key)
            place = (*at, key)
            if field is None:
                self.secrets({key: value}, at, path)
            elif field.kind == OBJECT and isinstance(value, dict):
                self.additional_object(value, field.fields, place, path)
            else:
                attribute = path_label(self.attribute(place))
                self.add(
                    path,
                    True,
                    f"{path_label(path)} repeats {attribute}",
                    f"{path_label(path)} holds the key {_quote('.'.join(place))}, which has an attribute of its own. Remove "
                    f"the key, and set {attribute} instead.",
                )

    def secrets(self, value: object, at: tuple[str, ...], path: Path) -> None:
        """Every key at every depth that looks like a secret."""
        if isinstance(value, list):
            for index, item in enumerate(value):
                self.secrets(item, (*at, str(index)), path)
        elif isinstance(value, dict):
            for key, item in value.items():
                if not looks_secret(key):
                    self.secrets(item, (*at, key), path)
                    continue
                self.add(
                    path,
                    True,
                    f"{path_label(path)} holds what looks like a secret",
                    f"{path_label(path)} holds the key {_quote('.'.join((*at, key)))}, which looks like a secret, and this "
                    f"text is kept in Terraform's state. Remove the key; secrets have attributes of their own, which "
                    f"are never kept.",
                )

    def attribute(self, place: tuple[str, ...]) -> Path:
        fields = self.integration.fields
        names: list[str | int] = []
        for key in place:
            field = next(f for f in fields if f.key == key)
            names.append(field.name)
            fields = field.fields
        return tuple(names)

    def holds(self, when: When, scopes: tuple[Scope, ...]) -> bool | None:
        """Whether a condition holds; None when that is undecided yet."""
        decided: bool | None = True
        for name, values in when.fields:
            value = self.lookup(name, scopes)
            if value is UNDECIDED:
                decided = None
            elif value not in values:
                return False
        return decided

    def lookup(self, name: str, scopes: tuple[Scope, ...]) -> object:
        first, *rest = name.split(".")
        scope = next((one for one in scopes if _named(one[0], first)), None)
        if scope is None:
            return UNDECIDED
        field, value = _named(scope[0], first), scope[1].get(first)
        for step in rest:
            if self.is_unknown(value):
                return UNDECIDED
            field = field.child(step) if field else None
            value = value.get(step) if isinstance(value, dict) else None
        if field is None or self.is_unknown(value):
            return UNDECIDED
        if value is None:
            return UNDECIDED if field.required or field.required_when else None
        wrong = not _is_kind(field.kind, value) or (field.choices and value not in field.choices.values)
        return UNDECIDED if wrong else value

    def describe(self, when: When, path: Path, scopes: tuple[Scope, ...]) -> str:
        return " and ".join(f"{self.name(n, path, scopes)} is {_either(v)}" for n, v in when.fields)

    def present(self, names: list[str], path: Path, scopes: tuple[Scope, ...]) -> str:
        return " and ".join(
            f"{self.name(n, path, scopes)} is {_quote(self.lookup(n, scopes))}" for n in names
        )

    def names(self, names: list[str], path: Path, scopes: tuple[Scope, ...]) -> str:
        return " and ".join(self.name(n, path, scopes) for n in names)

    def name(self, name: str, path: Path, scopes: tuple[Scope, ...]) -> str:
        """The whole name of what a condition calls by its short one."""
        return path_label((*path[:-1], name)) if _named(scopes[0][0], name.split(".")[0]) else name


def nothing_set(label: str, names: Sequence[str]) -> tuple[str, str]:
    """What to say of an object without a value: Terraform takes names that an object does not have out of it, without a word, and
    this is all that is seen of them."""
    return (
        f"{label} is empty",
        f"nothing is set in {label}, which says as little as leaving it out. It takes {', '.join(names)}: if a name in it is "
        f"written otherwise, Terraform has passed over it; correct it. If nothing is to be set there, remove {label}.",
    )


def looks_secret(key: str) -> bool:
    """Whether a key's name looks like that of a secret, whatever its case and punctuation."""
    plain = "".join(c for c in key.lower() if c.isalnum())
    return any(word in plain for word in SECRET_WORDS)


def _named(fields: tuple[Field, ...], name: str) -> Field | None:
    return next((f for f in fields if f.name == name), None)


def _blank(value: object) -> bool:
    return isinstance(value, str) and not value.strip()


def _is_kind(kind: str, value: object) -> bool:
    if kind == STRING:
        return isinstance(value, str)
    if kind == BOOL:
        return isinstance(value, bool)
    if kind == NUMBER:
        return number(value) is not None
    if kind == OBJECT:
        return isinstance(value, dict)
    return isinstance(value, (list, tuple))


def _kind_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, (int, float)):
        return "a number"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, (list, tuple)) else f"a {type(value).__name__}"


def _seen(value: object, *, quote: bool) -> str:
    quotable = quote and isinstance(value, (str, int, float)) and not isinstance(value, bool)
    return f"{_kind_of(value)} ({_quote(value)})" if quotable else _kind_of(value)


def path_label(path: Path) -> str:
    """A path as it is written: `("warehouses", 0)` is `warehouses[0]`."""
    return "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in path)[1:]


def _quote(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= HUGE:
        return "too large to show"
    if not isinstance(value, str):
        return str(value)
    short = value if len(value) <= LONGEST_QUOTE else value[: LONGEST_QUOTE - 3] + "..."
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in short) + '"'


def _either(values: tuple[object, ...]) -> str:
    shown = [_quote(value) for value in values]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"


def _is_json(text: str) -> bool:
    """Whether a text parses as JSON; raw line breaks in strings are fine."""
    from immuta_provider.model.json_text import parse

    try:
        parse(text, strict=False)
    except ValueError:
        return False
    return True

"""Something wrong with a configuration, as facts; `wording.py` makes the sentences."""

from __future__ import annotations

from immuta_provider.model.fields import Plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from immuta_provider.model.conditions import Path
    from immuta_provider.model.fields import Field

MISSING = "missing"
MISPLACED = "misplaced"
WRONG_TYPE = "wrong_type"
NULL_ELEMENT = "null_element"
WRONG_ELEMENT = "wrong_element"
EMPTY_OBJECT = "empty_object"
OUT_OF_RANGE = "out_of_range"
UNKNOWN_CHOICE = "unknown_choice"
UNFIT_CHOICE = "unfit_choice"
WRONG_FORM = "wrong_form"
WRONG_BEGINNING = "wrong_beginning"
NOT_JSON = "not_json"
ADVICE = "advice"
SEVERAL_WAYS = "several_ways"
NO_WAY = "no_way"


class Finding(Plain):
    """Something wrong with a configuration. `strict`: an error; otherwise a warning.

    `path` is the exact place, as attribute names and list indexes; before it is shown to people, `safe_path` has to
    cut it, since Terraform prints the source line to which a path leads. `field` stands at that place (of an element: its
    list does), and `facts` are what the code's message needs besides; no secret is among them.
    """

    __slots__ = ("code", "facts", "field", "path", "strict")

    def __init__(self, code: str, path: Path, field: Field, *, strict: bool = True, **facts: Any) -> None:
        self.code = code
        self.path = path
        self.field = field
        self.strict = strict
        self.facts = facts

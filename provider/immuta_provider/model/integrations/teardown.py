"""The credentials that a type's DELETE takes, as fields: only where Immuta set the platform up itself does it take any."""

from __future__ import annotations

from immuta_provider.model.fields import Choices, Field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from immuta_provider.model.integrations.type import IntegrationType


def teardown_fields(integration: IntegrationType) -> tuple[Field, ...]:
    """The credential attributes, in the model's order, without the choices that go with a set-up by hand alone."""
    return tuple(_automatic(f) for f in integration.fields if f.name in integration.teardown_fields)


def by_hand(field: Field) -> tuple[str, ...]:
    """The choices that Immuta takes only where it did not set the platform up itself."""
    return tuple(choice for choice, when in field.choice_when if ("auto_bootstrap", (False,)) in when.fields)


def _automatic(field: Field) -> Field:
    gone = by_hand(field)
    if field.choices is None or not gone:
        return field
    facts = {name: getattr(field, name) for name in Field.__slots__}
    facts["choices"] = Choices(
        *(choice for choice in field.choices.values if choice not in gone), strict=field.choices.strict
    )
    facts["choice_when"] = tuple(pair for pair in field.choice_when if pair[0] not in gone)
    # A description has a sentence for each choice, which begins with it.
    meanings = tuple(f"{choice}: " for choice in gone)
    sentences = field.description.removesuffix(".").split(". ")
    facts["description"] = ". ".join(s for s in sentences if not s.startswith(meanings)) + "."
    return Field(**facts)

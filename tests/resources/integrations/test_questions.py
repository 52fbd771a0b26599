"""Questions of data sources and ephemeral resources: refused before a request, and not judged while values are unknown.

The rules of questions are tested in tests/model/test_questions.py.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
from immuta_provider.plugin.values import UNKNOWN
from support.core import InProcess
from support.reads import Reads, refused
from table import changed
from table.integrations import by_hand, settings
from table.row import visible

ONE, KEY = "immuta_integration", "immuta_trino_api_key"
NEW, EXISTING = "immuta_integration_script", "immuta_existing_integration_script"
REQUEST = by_hand("snowflake")
SNOWFLAKE = settings(visible(REQUEST))


EPHEMERAL = (
    "create them first, for example by `terraform apply -target`; an ephemeral resource is opened during plan, unless one of its "
    "arguments is unknown."
)


class Question(NamedTuple):
    """A question of a data source, or of the ephemeral resource of the name."""

    name: str
    config: dict[str, Any]
    ephemeral: bool = False


def with_port(request: dict[str, Any]) -> dict[str, Any]:
    return settings(changed(request, {"config.port": 70000}))


REFUSED = {
    "an integration by nothing": (Question(ONE, {}), "Arguments are missing", ()),
    "an integration by an empty id": (Question(ONE, {"id": " "}), "id has the wrong form", ("id",)),
    "an integration by a host alone": (
        Question(ONE, {"host": "second.example"}),
        "host is not allowed here",
        ("host",),
    ),
    "an integration by an id and a type": (
        Question(ONE, {"id": "1", "type": "Snowflake", "host": "h"}),
        "Arguments exclude each other",
        (),
    ),
    "a new script without settings": (Question(NEW, {"script": "create"}), "Arguments are missing", ()),
    "a new script that the platform does not have": (
        Question(NEW, {"script": "initial-create", **SNOWFLAKE}),
        "script has a value that Immuta does not accept",
        ("script",),
    ),
    "a new script with a secret in additional_config": (
        Question(
            NEW,
            {
                "script": "create",
                "snowflake": {**SNOWFLAKE["snowflake"], "additional_config": '{"api_token": "x"}'},
            },
        ),
        "snowflake.additional_config has a key that looks like a secret",
        (),
    ),
    "an existing script that does not exist": (
        Question(EXISTING, {"integration_id": "1", "script": "create"}),
        "script has a value that Immuta does not accept",
        ("script",),
    ),
    "an existing script of an empty id": (
        Question(EXISTING, {"integration_id": " ", "script": "delete"}),
        "integration_id is missing",
        ("integration_id",),
    ),
    "an existing script with settings of two platforms": (
        Question(
            EXISTING,
            {
                "integration_id": "1",
                "script": "edit",
                **SNOWFLAKE,
                **settings(visible(by_hand("databricks"))),
            },
        ),
        "Arguments exclude each other",
        (),
    ),
    "an existing script with a wrong port": (
        Question(EXISTING, {"integration_id": "1", "script": "edit", **with_port(visible(REQUEST))}),
        "snowflake.port is out of range",
        ("snowflake", "port"),
    ),
    "an ephemeral script with a wrong port beside a secret": (
        Question(NEW, {"script": "create", **with_port(REQUEST)}, ephemeral=True),
        "snowflake.port is out of range",
        (),
    ),
    "an ephemeral script without a secret": (
        Question(NEW, {"script": "create", **SNOWFLAKE}, ephemeral=True),
        "snowflake.password is missing",
        (),
    ),
    "a key of an empty id": (
        Question(KEY, {"integration_id": ""}, ephemeral=True),
        "integration_id is missing",
        ("integration_id",),
    ),
}


@pytest.mark.parametrize(("question", "summary", "path"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_question_is_refused_without_a_request(
    question: Question, summary: str, path: tuple[str, ...], reads: Reads, transport: InProcess
) -> None:
    """A path never leads to a block with a secret."""
    read = reads.ephemeral if question.ephemeral else reads.data
    found = read(question.name, **question.config)
    assert (found.value, found.places) == (None, [("error", summary, path)])
    assert transport.order == []


@pytest.mark.parametrize(
    "question",
    [
        Question(ONE, {"id": UNKNOWN, "type": UNKNOWN, "host": UNKNOWN}),
        Question(ONE, {"type": UNKNOWN, "host": "h"}),
        Question(NEW, {"script": UNKNOWN, **SNOWFLAKE}),
        Question(NEW, {"script": "create", "snowflake": UNKNOWN, "redshift": UNKNOWN}),
        Question(
            NEW,
            {"script": "create", "snowflake": {**SNOWFLAKE["snowflake"], "authentication_type": UNKNOWN}},
        ),
        Question(EXISTING, {"integration_id": UNKNOWN, "script": UNKNOWN, **SNOWFLAKE}),
        Question(EXISTING, {"integration_id": "1", "script": "edit", "snowflake": UNKNOWN}),
        Question(
            NEW,
            {"script": "create", "snowflake": {**SNOWFLAKE["snowflake"], "password": UNKNOWN}},
            ephemeral=True,
        ),
        Question(NEW, {"script": "create", "snowflake": UNKNOWN}, ephemeral=True),
        Question(KEY, {"integration_id": UNKNOWN}, ephemeral=True),
    ],
    ids=lambda question: f"{question.name} by {' and '.join(question.config)}",
)
def test_unknown_values_are_not_judged(question: Question, reads: Reads) -> None:
    """While Terraform validates, every variable is unknown, also one that is null later."""
    validate = reads.validate_ephemeral if question.ephemeral else reads.validate_data
    assert validate(question.name, **question.config) == []


@pytest.mark.parametrize(
    ("question", "way_out"),
    [
        (
            Question(NEW, {"script": "create", **SNOWFLAKE}),
            "add the resources that create them to `depends_on`; the data source is then read during apply.",
        ),
        (
            Question(NEW, {"script": "create", **settings(REQUEST)}, ephemeral=True),
            EPHEMERAL,
        ),
        (
            Question(KEY, {"integration_id": "1"}, ephemeral=True),
            EPHEMERAL,
        ),
        (
            Question(EXISTING, {"integration_id": "1", "script": "delete"}, ephemeral=True),
            EPHEMERAL,
        ),
    ],
    ids=["a new script", "an ephemeral script", "a key", "an existing ephemeral script"],
)
def test_a_provider_that_is_not_configured_is_an_error(
    question: Question, way_out: str, transport: InProcess
) -> None:
    reads = Reads(transport, host=None)
    read = reads.ephemeral if question.ephemeral else reads.data
    assert read(question.name, **question.config) == refused(
        "Immuta cannot be reached yet",
        "the provider's host or credential is not known. Set `host` and `api_key` (or `bearer_token`) in the provider "
        "block, or IMMUTA_HOST and IMMUTA_API_KEY in the environment. If they are known only after apply, "
        + way_out,
    )

"""The arguments of data sources, ephemeral resources and actions, checked by the same rules in both rooms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from immuta_provider.model import questions, wording
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.compiled.types import BY_RESOURCE
from immuta_provider.model.fields import Way
from immuta_provider.model.integrations import questions as of_integrations
from immuta_provider.model.questions import Question
from immuta_provider.model.text import path_label
from immuta_provider.plugin.values import UNKNOWN, is_unknown
from table import examples

EXAMPLES = {example.name: example for example in examples()}
NEW = of_integrations.new_script(INTEGRATIONS)
EXISTING = of_integrations.existing_script(INTEGRATIONS)
ONE = of_integrations.integration(INTEGRATIONS)


def settings(name: str, *without: str) -> dict[str, Any]:
    config = EXAMPLES[name].config
    return {key: value for key, value in config.items() if key not in ("auto_bootstrap", *without)}


SNOWFLAKE = settings("snowflake")
REDSHIFT = settings("redshift")


@pytest.mark.parametrize(
    ("question", "config", "found"),
    [
        (ONE, {"id": "7"}, []),
        (ONE, {"type": "Trino"}, []),
        (ONE, {"type": "Snowflake", "host": "acme.example"}, []),
        (ONE, {"type": "NewAtImmuta", "host": "acme.example"}, ["warning unknown_choice type"]),
        (ONE, {}, ["error no_way "]),
        (ONE, {"host": "acme.example"}, ["error misplaced host"]),
        (ONE, {"type": "Trino", "host": "acme.example"}, ["error misplaced host"]),
        (ONE, {"id": "7", "type": "Trino"}, ["error several_ways "]),
        (ONE, {"id": " "}, ["error wrong_form id"]),
        (ONE, {"id": []}, ["error wrong_type id"]),
        (ONE, {"id": UNKNOWN, "type": "Trino"}, []),
        (ONE, {"id": UNKNOWN, "type": UNKNOWN, "host": UNKNOWN}, []),
        (ONE, {"type": UNKNOWN, "host": "acme.example"}, []),
        (of_integrations.integrations(INTEGRATIONS), {"type": "Trino", "status": "any"}, []),
        (
            of_integrations.integrations(INTEGRATIONS, ("enabled",)),
            {"status": "any"},
            ["warning unknown_choice status"],
        ),
        (of_integrations.api_key(), {"integration_id": " "}, ["error missing integration_id"]),
        (of_integrations.api_key(), {}, ["error missing integration_id"]),
        (of_integrations.regenerate_api_key(INTEGRATIONS), {"id": ""}, ["error missing id"]),
        (
            questions.record(BY_RESOURCE["immuta_tag"]),
            {"id": "Acme", "name": "Acme"},
            ["error several_ways "],
        ),
        (questions.record(BY_RESOURCE["immuta_tag"]), {"name": ""}, ["error wrong_form name"]),
        (questions.record(BY_RESOURCE["immuta_tag"]), {}, ["error no_way "]),
        (questions.records(BY_RESOURCE["immuta_tag"]), {"search_text": 7}, ["error wrong_type search_text"]),
    ],
)
def test_every_problem_of_a_question_is_found(
    question: Question, config: dict[str, Any], found: list[str]
) -> None:
    findings = questions.check(question, config, is_unknown=is_unknown)
    assert [
        f"{'error' if each.strict else 'warning'} {each.code} {path_label(each.path)}" for each in findings
    ] == found


def test_a_way_needs_each_of_its_attributes() -> None:
    """A natural key of two attributes, of which one is missing, and one is unknown."""
    question = Question(
        "immuta_x",
        *(questions.id_argument(name, "") for name in ("id", "name", "place")),
        ways=(Way("id"), Way("name", "place")),
    )
    codes = [
        [each.code for each in questions.check(question, config, is_unknown=is_unknown)]
        for config in ({"name": "N"}, {"name": "N", "place": "P"}, {"name": "N", "place": UNKNOWN})
    ]
    assert codes == [["no_way"], [], []]


@pytest.mark.parametrize(
    ("question", "config", "found"),
    [
        (NEW, {"script": "create", "snowflake": SNOWFLAKE}, []),
        (NEW, {"script": "create"}, ["immuta_integration_script: error no_way "]),
        (
            NEW,
            {"script": "create", "snowflake": SNOWFLAKE, "redshift": REDSHIFT},
            ["immuta_integration_script: error several_ways "],
        ),
        (NEW, {"script": "create", "snowflake": SNOWFLAKE, "redshift": UNKNOWN}, []),
        (NEW, {"script": "create", "snowflake": UNKNOWN, "redshift": UNKNOWN}, []),
        (
            NEW,
            {"script": "edit", "snowflake": SNOWFLAKE},
            ["immuta_integration_script: error unknown_choice script"],
        ),
        (
            NEW,
            {"script": "initial-create", "snowflake": SNOWFLAKE},
            ["Snowflake integration: error unknown_choice script"],
        ),
        (
            NEW,
            {"script": "cleanup", "bigquery": settings("bigquery")},
            ["Google BigQuery integration: warning unknown_choice script"],
        ),
        (NEW, {"script": UNKNOWN, "snowflake": SNOWFLAKE}, []),
        (
            NEW,
            {"script": "create", "snowflake": settings("snowflake", "password")},
            ["Snowflake integration: error missing snowflake.password"],
        ),
        (
            NEW,
            {"script": "create", "snowflake": {**SNOWFLAKE, "authentication_type": "keyPair"}},
            [
                "Snowflake integration: warning misplaced snowflake.password",
                "Snowflake integration: error missing snowflake.private_key",
            ],
        ),
        (
            NEW,
            {"script": "create", "snowflake": "hunter2"},
            ["immuta_integration_script: error wrong_type snowflake"],
        ),
        (EXISTING, {"integration_id": "1", "script": "delete"}, []),
        (EXISTING, {"integration_id": "1", "script": "edit", "snowflake": SNOWFLAKE}, []),
        (
            EXISTING,
            {"integration_id": "1", "script": "edit"},
            ["immuta_existing_integration_script: error no_way "],
        ),
        (
            EXISTING,
            {"integration_id": "1", "script": "delete", "snowflake": {}},
            ["immuta_existing_integration_script: error misplaced snowflake"],
        ),
        (EXISTING, {"integration_id": UNKNOWN, "script": UNKNOWN, "snowflake": SNOWFLAKE}, []),
        (
            EXISTING,
            {"integration_id": "1", "script": "edit", "bigquery": settings("bigquery")},
            ["Google BigQuery integration: warning unknown_choice script"],
        ),
    ],
)
def test_every_problem_of_a_question_for_a_script_is_found(
    question: Question, config: Mapping[str, Any], found: list[str]
) -> None:
    judged = list(
        of_integrations.check_script(question, INTEGRATIONS, config, secrets=True, is_unknown=is_unknown)
    )
    assert [
        f"{subject.label}: {'error' if each.strict else 'warning'} {each.code} {path_label(each.path)}"
        for subject, each in judged
    ] == found
    assert "hunter2" not in repr([wording.problem(subject, each) for subject, each in judged])


def test_a_script_without_secrets_takes_placeholders() -> None:
    config = {"script": "create", "snowflake": settings("snowflake", "password")}
    assert list(of_integrations.check_script(NEW, INTEGRATIONS, config, secrets=False)) == []

"""The log: its level, the form of its lines, and redaction."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from immuta_provider.plugin.log import Log
from immuta_provider.plugin.redaction import Redactor
from support.redactors import knowing

MOMENT = 1_700_000_000.25


def lines(environ: dict[str, str], redactor: Redactor | None = None) -> tuple[Log, list[Any]]:
    written: list[Any] = []
    log = Log(environ, lambda line: written.append(line), lambda: MOMENT, redactor or Redactor())
    return log, written


@pytest.mark.parametrize(
    ("environ", "levels"),
    [
        ({}, ["warn", "error"]),
        ({"TF_LOG": "TRACE"}, ["trace", "debug", "info", "warn", "error"]),
        ({"TF_LOG": "debug"}, ["debug", "info", "warn", "error"]),
        ({"TF_LOG": "INFO"}, ["info", "warn", "error"]),
        ({"TF_LOG": "ERROR"}, ["error"]),
        ({"TF_LOG": "OFF"}, []),
        ({"TF_LOG": "JSON"}, ["trace", "debug", "info", "warn", "error"]),
        ({"TF_LOG": "nonsense"}, ["trace", "debug", "info", "warn", "error"]),
        ({"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "WARN"}, ["warn", "error"]),
        ({"TF_LOG": "ERROR", "TF_LOG_PROVIDER": ""}, ["error"]),
    ],
)
def test_the_environment_sets_the_level(environ: dict[str, str], levels: list[str]) -> None:
    log, written = lines(environ)
    for level in ("trace", "debug", "info", "warn", "error"):
        getattr(log, level)("m")
    assert [json.loads(line)["@level"] for line in written] == levels


def test_a_line_has_the_format_of_hclog() -> None:
    log, written = lines({"TF_LOG": "TRACE"})
    numbers = {"count": 3, "took": 0.5, "inf": float("inf")}
    log.info('said "x"\n', rpc="ReadResource", ok=True, nothing=None, other=("é", 1), **numbers)
    assert written == [
        b'{"@level":"info","@message":"said \\"x\\"\\n","@module":"provider",'
        b'"@timestamp":"2023-11-14T22:13:20.250000Z","rpc":"ReadResource","ok":true,"nothing":null,'
        b'"other":"(\'\\u00e9\', 1)","count":3,"took":0.5,"inf":"inf"}\n'
    ]


def test_secrets_are_redacted_in_every_part() -> None:
    log, written = lines({"TF_LOG": "TRACE"}, knowing("correct-horse-battery", '12345"67', "7654321"))
    log.warn('a 12345"67', text="correct-horse-battery", many=["correct-horse-battery"], number=7654321)
    assert json.loads(written[0]) == {
        "@level": "warn",
        "@message": "a (redacted)",
        "@module": "provider",
        "@timestamp": "2023-11-14T22:13:20.250000Z",
        "text": "(redacted)",
        "many": "['(redacted)']",
        "number": "(redacted)",
    }


def test_a_long_text_is_cut_after_it_is_redacted() -> None:
    log, written = lines({}, knowing("correct-horse-battery"))
    log.warn("x" * 16_380 + "correct-horse-battery")
    assert json.loads(written[0])["@message"] == "x" * 16_380 + "(red..."


def test_lines_go_to_stderr_and_a_closed_stderr_is_not_an_error() -> None:
    script = (
        "import os; from immuta_provider.plugin import log; log.warn('one'); log.debug('two'); log.trace('no');"
        "os.close(2); log.error('three'); print('alive')"
    )
    environ = {**os.environ, "TF_LOG": "DEBUG"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=environ, check=True)
    assert done.stdout == "alive\n"
    assert [json.loads(line)["@message"] for line in done.stderr.splitlines()] == ["one", "two"]

"""The report, as text or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ..resources.quoting import sent
from .check import FAILED, Check
from .survey import Surveyed

_WIDTH = len("skipped")


def line(check: Check) -> str:
    """One check in one line, without any secret that this process knows."""
    text = f"{_ended(check.text)} {check.advice}" if check.advice else check.text
    return sent(f"{check.status:{_WIDTH}}  {check.name}: {text}".replace("\n", " "))


def document(version: str, checks: Iterable[Check], surveyed: Iterable[Surveyed] | None) -> str:
    """All checks as one JSON object. `surveyed`: None without `--api`."""
    checks = list(checks)
    found: dict[str, Any] = {
        "version": version,
        "status": FAILED if any(check.failed for check in checks) else "ok",
        "checks": [asdict(check) for check in checks],
    }
    if surveyed is not None:
        found["collections"] = [_collection(each) for each in surveyed]
    return json.dumps(_clean(found), indent=2, ensure_ascii=False)


def _collection(surveyed: Surveyed) -> dict[str, Any]:
    return {
        "request": surveyed.request,
        "resources": list(surveyed.resources),
        "records": surveyed.records,
        "problem": surveyed.problem,
        "not_in_model": [{"key": d.key, "type": d.types} for d in surveyed.unknown],
        "not_in_answer": [{"key": d.key, "expected": d.expected} for d in surveyed.missing],
        "other_type": [{"key": d.key, "type": d.types, "expected": d.expected} for d in surveyed.unlike],
    }


def _clean(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return sent(value) if isinstance(value, str) else value


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."

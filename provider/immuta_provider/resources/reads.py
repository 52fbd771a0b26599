"""Checks and errors that data sources and ephemeral resources share."""

from __future__ import annotations

from ..model import questions
from ..plugin.values import is_unknown
from . import report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..api.http.errors import ImmutaError
    from ..model.questions import Question
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object


def check(question: Question, config: Object, diagnostics: Diagnostics) -> None:
    """Report what is wrong with the arguments."""
    for finding in questions.check(question, config, is_unknown=is_unknown):
        report.finding(question, finding, finding.path, diagnostics)


def failed(error: ImmutaError, diagnostics: Diagnostics, about: str = "") -> None:
    """An error of the client. `about` says what was asked for."""
    diagnostics.error(error.summary, f"{error.detail}\n\n{about}" if about else error.detail)

"""The reads that data sources and ephemeral resources have in common."""

from __future__ import annotations

from ..model import questions
from ..plugin.values import is_unknown
from . import lives, report

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..api.http.client import HttpClient
    from ..api.http.errors import ImmutaError
    from ..api.integrations.integration import Integration
    from ..model.questions import Question
    from ..plugin.diagnostics import Diagnostics
    from ..plugin.interfaces import Object


def check(question: Question, config: Object, diagnostics: Diagnostics) -> None:
    """Report what is wrong with the arguments."""
    for finding in questions.check(question, config, is_unknown=is_unknown):
        report.finding(question, finding, finding.path, diagnostics)


def found(client: HttpClient, id: str) -> Integration:
    """The integration, with its type and settings: from the list, or from its own route where the list does not tell them.
    NotFoundError when there is none."""
    api = lives.integrations(client)
    entry = api.find(id)
    return entry if entry is not None and _is_whole(entry) else api.get(id)


def listed(client: HttpClient, type: str | None = None) -> Iterator[Integration]:
    """The integrations of a type, in Immuta's order (None: of every type), each as `found`; what is gone by then is left out."""
    from ..api.http.errors import NotFoundError, ProtocolError

    api = lives.integrations(client)
    for entry in api.list():
        if type is not None and entry.type not in ("", type):
            continue
        try:
            whole = entry if _is_whole(entry) else api.get(entry.id)
        except NotFoundError as error:
            if not error.immutas_own:
                raise
            continue
        except ProtocolError:
            # One that cannot be understood leaves the others to be told of.
            whole = entry
        if type in (None, whole.type):
            yield whole


def _is_whole(entry: Integration) -> bool:
    return bool(entry.type) and entry.config is not None


def failed(error: ImmutaError, diagnostics: Diagnostics, about: str = "") -> None:
    """An error of the client. `about` says what was asked for."""
    diagnostics.error(error.summary, f"{error.detail}\n\n{about}" if about else error.detail)

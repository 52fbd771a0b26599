"""The command: the checks in their order, and their report."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from .. import __version__
from ..plugin.redaction import REDACTOR
from . import collections, environment, installation, machine, report
from .check import Check, skipped
from .survey import Surveyed, survey
from .tenant import Tenant


def run(
    *,
    as_json: bool,
    api: bool,
    environ: Mapping[str, str] = os.environ,
    folder: Path | None = None,
    home: Path | None = None,
    tell: Callable[[str], None] = print,
) -> int:
    """Makes every check, tells about each at once or about all in one JSON object, and returns the exit status.

    `folder` is that of the stack (default: the current one), `home` that of the user.
    """
    for secret in environment.secrets(environ):
        REDACTOR.learn(secret)
    examination = _Examination(environ, folder or Path.cwd(), home or Path.home(), api)
    checks: list[Check] = []
    for check in examination.checks():
        checks.append(check)
        if not as_json:
            tell(report.line(check))
    if as_json:
        tell(report.document(__version__, checks, examination.surveyed if api else None))
    return int(any(check.failed for check in checks))


class _Examination:
    def __init__(self, environ: Mapping[str, str], folder: Path, home: Path, api: bool) -> None:
        self._environ = environ
        self._folder = folder
        self._home = home
        self._api = api
        self.surveyed: list[Surveyed] = []

    def checks(self) -> Iterator[Check]:
        yield from machine.checks(self._environ, self._folder)
        yield from installation.checks(self._environ, self._folder, self._home)
        yield environment.check(self._environ)
        of_model = collections.of_model()
        with closing(Tenant(self._environ, __version__)) as tenant:
            yield from tenant.checks(of_model)
            if not self._api:
                return
            if tenant.client is None:
                yield skipped("api", "the credential was not accepted")
                return
            for each in survey(tenant.client, of_model):
                self.surveyed.append(each)
                yield each.check

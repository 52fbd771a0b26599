"""Calls with a limit of time."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from immuta_provider.doctor.limits import within


class Broken(Exception):
    """An error to which a weak reference can be made."""


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("no_collector")
def test_an_error_is_free_as_soon_as_it_is_handled() -> None:
    """Python 3.11 leaves the answer of a proxy open in the traceback of its refusal."""

    def call() -> None:
        raise Broken

    handled = None
    try:
        within(call)
    except Broken as error:
        handled = weakref.ref(error)
    assert handled is not None
    assert handled() is None

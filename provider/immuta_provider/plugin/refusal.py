"""The exception for a call that the provider refuses."""

from __future__ import annotations


class Refusal(Exception):
    """A call is refused. The user sees `summary` and `detail`."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail

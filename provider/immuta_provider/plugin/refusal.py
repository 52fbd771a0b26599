"""The exception by which a call refuses to go on."""

from __future__ import annotations


class Refusal(Exception):
    """A call that cannot be answered, for a reason that the user can be told."""

    def __init__(self, summary: str, detail: str) -> None:
        super().__init__(summary)
        self.summary = summary
        self.detail = detail

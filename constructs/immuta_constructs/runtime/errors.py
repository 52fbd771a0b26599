"""The error for a construct's invalid arguments.

ValueError
└── ArgumentError   raised by a constructor, before anything is added to the stack
"""

from __future__ import annotations

from collections.abc import Sequence

from immuta_provider.model.wording import Problem


class ArgumentError(ValueError):
    """The arguments of one construct are invalid.

    The constructor raises this error, so the traceback ends at the line to change. The error names every problem at once.
    `construct_path` is the construct's path in the app, such as `"data-platform/snowflake"`. `problems` holds one
    `Problem` a line, with the path of the argument, a summary and the remedy. The text never contains a secret.
    """

    def __init__(self, subject: str, construct_path: str, problems: Sequence[Problem]) -> None:
        self.construct_path = construct_path
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "".join(f"\n- {described(problem)}" for problem in self.problems)
        super().__init__(f'{subject} "{construct_path}" cannot be deployed as written, {count}:{lines}')


def described(problem: Problem) -> str:
    """Returns one problem as one line: the argument, the fault and the remedy."""
    return f"{problem.summary}: {problem.detail}"

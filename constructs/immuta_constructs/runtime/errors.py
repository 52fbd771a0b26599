"""The error of a construct whose arguments Immuta or the provider would refuse.

ValueError
└── ArgumentError   raised by a constructor, before anything is added to the stack
"""

from __future__ import annotations

from collections.abc import Sequence

from immuta_provider.model.wording import Problem


class ArgumentError(ValueError):
    """The arguments of one construct cannot be deployed as they are written.

    It is raised by the constructor, so that the traceback ends at the line to change, and it names every problem at
    once. `construct_path` is the construct's place in the app, such as `"data-platform/snowflake"`; `problems` holds
    one `Problem` a line, with the path of the argument, a summary and what to do. No secret is ever in the text.
    """

    def __init__(self, subject: str, construct_path: str, problems: Sequence[Problem]) -> None:
        self.construct_path = construct_path
        self.problems = tuple(problems)
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        lines = "".join(f"\n- {described(problem)}" for problem in self.problems)
        super().__init__(f'{subject} "{construct_path}" cannot be deployed as written, {count}:{lines}')


def described(problem: Problem) -> str:
    """One problem in one line: which argument, what is wrong with it, and what to do."""
    return f"{problem.summary}: {problem.detail}"

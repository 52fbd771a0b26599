"""A run that is interrupted at a request."""

from __future__ import annotations

from immuta_provider.api.http.exchange import Response
from support.core import Core, Process


class Interrupted(Core):
    """Its latest provider process is stopped right before the `at`-th request, or, with `answered`, right after it."""

    stopped = False

    def start(self) -> Process:
        self.stopped = False
        return super().start()

    def arm(self, at: int, *, answered: bool) -> None:
        self.transport.order.clear()

        def stop() -> None:
            if len(self.transport.order) == at:
                self.process.provider.stop()
                self.stopped = True

        def before(operation: str) -> None:
            stop()

        def after(operation: str, answer: Response) -> Response:
            stop()
            return answer

        if answered:
            self.transport.after = after
        else:
            self.transport.before = before

"""`immuta_trino_api_key`: the key with which a Trino cluster asks Immuta, stored nowhere."""

from __future__ import annotations

from ...model.integrations import questions
from ...plugin.interfaces import Opened
from ...plugin.schema import Attribute, ReadSchema
from ...plugin.types import STRING
from .. import lives, reads
from ..configured import OPENED_LATER
from ..schema import argument

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from ...plugin.diagnostics import Diagnostics
    from ...plugin.interfaces import Object, Renewed
    from ..configured import Configured


_QUESTION = questions.api_key()


class TrinoApiKey:
    """Immuta tells the key in `GET /integrations/{id}`, and nothing else here takes it from there."""

    schema = ReadSchema(
        (
            argument(_QUESTION.argument("integration_id")),
            Attribute(
                "api_key",
                STRING,
                description="The key, for `immuta.apikey` in the cluster's `immuta-access-control.properties`.",
                computed=True,
                sensitive=True,
            ),
        ),
        description="The API key with which a Starburst (Trino) cluster sends requests to Immuta. It is in no plan and no state.",
    )

    def __init__(self, configured: Callable[[], Configured]) -> None:
        self._configured = configured

    def validate(self, config: Object, diagnostics: Diagnostics) -> None:
        reads.check(_QUESTION, config, diagnostics)

    def open(self, config: Object, diagnostics: Diagnostics) -> Opened | None:
        client = self._configured().connected(diagnostics, OPENED_LATER)
        if client is None:
            return None
        from ...api.http.errors import ImmutaError
        from ...api.integrations import cluster_key

        id = config["integration_id"].strip()
        try:
            key = cluster_key.read(lives.integrations(client), id)
        except ImmutaError as error:
            reads.failed(error, diagnostics, f"The request was for the API key of integration {id}.")
            return None
        return Opened({**config, "api_key": key})

    def renew(self, private: bytes, diagnostics: Diagnostics) -> Renewed | None:
        return None

    def close(self, private: bytes, diagnostics: Diagnostics) -> None:
        """The key lives on in Immuta."""

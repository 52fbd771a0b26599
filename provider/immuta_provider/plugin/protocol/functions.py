"""The CallFunction RPC."""

from __future__ import annotations

from ..interfaces import FunctionError
from ..refusal import Refusal
from . import encoding, msgpack
from .codecs import dynamic, unknown_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ..diagnostics import Diagnostics
    from ..interfaces import Function, Parameter

    Fields = dict[str, Any]


class Functions:
    """Implements the RPC."""

    def __init__(self, functions: Mapping[str, Function]) -> None:
        self._functions = functions

    def call(self, request: Fields, diagnostics: Diagnostics) -> Fields:
        name = request["name"]
        function = self._functions.get(name)
        if function is None:
            raise unknown_name("function", name, self._functions)
        arguments = [
            dynamic(message, msgpack.decoder(parameter.type), parameter.type)
            for message, parameter in zip(
                request["arguments"], _parameters(name, function, len(request["arguments"])), strict=True
            )
        ]
        try:
            result = function.call(arguments)
        except FunctionError as error:
            return {"error": encoding.function_error(error)}
        return {"result": {"msgpack": msgpack.encoder(function.returns)(result)}}


def _parameters(name: str, function: Function, count: int) -> list[Parameter]:
    """The parameter of each argument. Raises `Refusal` for a wrong number of arguments."""
    surplus = count - len(function.parameters)
    if surplus < 0 or (surplus and function.variadic is None):
        least = "at least " if function.variadic is not None else ""
        raise Refusal(
            "Wrong number of arguments",
            f"{name} takes {least}{len(function.parameters)} arguments, not {count}. Correct the call.",
        )
    return [*function.parameters, *([function.variadic] * surplus if function.variadic is not None else ())]

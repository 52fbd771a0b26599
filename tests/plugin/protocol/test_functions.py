"""The RPC of functions, by a real gRPC client."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.interfaces import FunctionError
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack
from support.toy_provider import ToyProvider


def arguments(*values: Any) -> list[dict[str, bytes]]:
    return [{"msgpack": pack(value)} for value in values]


def test_a_call(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    answer = call("CallFunction", name="join", arguments=arguments(None, UNKNOWN, ["a"], ["b", "c"]))
    assert answer == pb.CallFunction.Response(result={"msgpack": pack("joined")})
    assert provider.function.calls == [("call", [None, UNKNOWN, ["a"], ["b", "c"]])]


def test_a_call_without_variadic_arguments(call: Any, provider: ToyProvider) -> None:
    call("CallFunction", name="join", arguments=arguments(",", 1))
    assert provider.function.calls == [("call", [",", 1])]


def test_an_unknown_result(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.function.answers["call"] = lambda *_: UNKNOWN
    answer = call("CallFunction", name="join", arguments=arguments(",", UNKNOWN))
    assert answer == pb.CallFunction.Response(result={"msgpack": pack(UNKNOWN)})


@pytest.mark.parametrize("argument", [None, 0, 2])
def test_an_argument_that_is_wrong(
    pb: ModuleType, call: Any, provider: ToyProvider, argument: int | None
) -> None:
    REDACTOR.learn("zq-secret")

    def refuse(values: Any, _: None) -> None:
        raise FunctionError("no zq-secret here", argument)

    provider.function.answers["call"] = refuse
    answer = call("CallFunction", name="join", arguments=arguments(",", 1, ["a"]))
    assert answer == pb.CallFunction.Response(
        error={"text": "no (redacted) here", "function_argument": argument}
    )


@pytest.mark.parametrize(
    ("variadic", "count", "text"),
    [
        (True, 1, "join takes at least 2 arguments, not 1. Correct the call."),
        (False, 1, "join takes 2 arguments, not 1. Correct the call."),
        (False, 3, "join takes 2 arguments, not 3. Correct the call."),
    ],
)
def test_a_wrong_number_of_arguments(
    pb: ModuleType, call: Any, provider: ToyProvider, variadic: bool, count: int, text: str
) -> None:
    if not variadic:
        provider.function.variadic = None
    answer = call("CallFunction", name="join", arguments=arguments(*[",", 1, ["a"]][:count]))
    assert answer == pb.CallFunction.Response(error={"text": f"Wrong number of arguments: {text}"})


def test_a_result_of_another_type_is_a_failure(call: Any, provider: ToyProvider) -> None:
    provider.function.answers["call"] = lambda *_: ["not text"]
    answer = call("CallFunction", name="join", arguments=arguments(",", 1))
    assert answer.error.text.startswith("The provider failed on the function join: Misfit")
    assert not answer.HasField("result")

"""The RPC of functions."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.interfaces import FunctionError
from immuta_provider.plugin.redaction import REDACTOR
from immuta_provider.plugin.values import UNKNOWN
from support.plugin_messages import dynamic
from support.toy_provider import ToyProvider


def join(call: Any, *arguments: Any) -> Any:
    return call("CallFunction", name="join", arguments=[dynamic(each) for each in arguments])


def test_a_function_is_called_with_its_variadic_arguments_or_without(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    answers = [join(call, *each) for each in ((None, UNKNOWN, ["a"], ["b", "c"]), (",", 1))]
    assert answers == [pb.CallFunction.Response(result=dynamic("joined"))] * 2
    assert provider.function.calls == [("call", [None, UNKNOWN, ["a"], ["b", "c"]]), ("call", [",", 1])]


def test_a_result_may_be_unknown(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.function.answers["call"] = lambda *_: UNKNOWN
    assert join(call, ",", UNKNOWN) == pb.CallFunction.Response(result=dynamic(UNKNOWN))


@pytest.mark.parametrize("argument", [None, 0, 2])
def test_an_error_names_the_wrong_argument(
    pb: ModuleType, call: Any, provider: ToyProvider, argument: int | None
) -> None:
    REDACTOR.learn("zq-secret")

    def refuse(values: Any, _: None) -> None:
        raise FunctionError("no zq-secret here", argument)

    provider.function.answers["call"] = refuse
    refused = {"text": "no (redacted) here", "function_argument": argument}
    assert join(call, ",", 1, ["a"]) == pb.CallFunction.Response(error=refused)


@pytest.mark.parametrize(
    ("variadic", "count", "text"),
    [
        (True, 1, "join takes at least 2 arguments, not 1. Correct the call."),
        (False, 1, "join takes 2 arguments, not 1. Correct the call."),
        (False, 3, "join takes 2 arguments, not 3. Correct the call."),
    ],
)
def test_a_wrong_number_of_arguments_is_an_error(
    pb: ModuleType, call: Any, provider: ToyProvider, variadic: bool, count: int, text: str
) -> None:
    if not variadic:
        provider.function.variadic = None
    answer = join(call, *[",", 1, ["a"]][:count])
    assert answer == pb.CallFunction.Response(error={"text": f"Wrong number of arguments: {text}"})


def test_a_result_of_another_type_is_a_failure(call: Any, provider: ToyProvider) -> None:
    provider.function.answers["call"] = lambda *_: ["not text"]
    answer = join(call, ",", 1)
    assert answer.error.text.startswith("The provider failed on the function join: Misfit")
    assert not answer.HasField("result")

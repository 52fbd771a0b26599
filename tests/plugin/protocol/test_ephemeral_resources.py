"""The RPCs of ephemeral resources, by a real gRPC client."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Opened, Renewed
from immuta_provider.plugin.values import UNKNOWN
from support.terraform_values import pack, unpack
from support.toy_provider import ToyProvider


def dynamic(**attributes: Any) -> dict[str, bytes]:
    return {"msgpack": pack({"name": None, "password": None, "key": None, **attributes})}


def test_validate(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["validate"] = lambda config, diagnostics: diagnostics.error(
        "odd", "not pass-checked", ("name",)
    )
    config = dynamic(name=UNKNOWN, password="pass-checked")
    answer = call("ValidateEphemeralResourceConfig", type_name="toy_key", config=config)
    assert answer == pb.ValidateEphemeralResourceConfig.Response(
        diagnostics=[
            {
                "severity": "ERROR",
                "summary": "odd",
                "detail": "not (redacted)",
                "attribute": {"steps": [{"attribute_name": "name"}]},
            }
        ]
    )
    seen = {"name": UNKNOWN, "password": "pass-checked", "key": None}
    assert provider.key.calls == [("validate", seen)]


def test_open(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    def opened(config: Any, diagnostics: Diagnostics) -> Opened:
        diagnostics.warning("look", "at key-made")
        return Opened({**config, "key": "key-made"}, 1_700_000_000.25, b"handle")

    provider.key.answers["open"] = opened
    answer = call("OpenEphemeralResource", type_name="toy_key", config=dynamic(name="n"))
    assert unpack(answer.result.msgpack) == {"name": "n", "password": None, "key": "key-made"}
    answer.ClearField("result")
    assert answer == pb.OpenEphemeralResource.Response(
        renew_at={"seconds": 1_700_000_000, "nanos": 250_000_000},
        private=b"handle",
        diagnostics=[{"severity": "WARNING", "summary": "look", "detail": "at (redacted)"}],
    )
    assert provider.key.calls == [("open", {"name": "n", "password": None, "key": None})]


def test_open_without_renewal_and_private_data(pb: ModuleType, call: Any) -> None:
    answer = call("OpenEphemeralResource", type_name="toy_key", config=dynamic(name="n"))
    result = {"msgpack": pack({"key": "key-opened", "name": "n", "password": None})}
    assert answer == pb.OpenEphemeralResource.Response(result=result)


def test_an_opening_that_fails(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["open"] = lambda config, diagnostics: diagnostics.error("shut")
    answer = call("OpenEphemeralResource", type_name="toy_key", config=dynamic(name="n"))
    assert answer == pb.OpenEphemeralResource.Response(diagnostics=[{"severity": "ERROR", "summary": "shut"}])


@pytest.mark.parametrize(
    "opened",
    [None, Opened({"key": 1}), Opened({}, float("nan")), Opened({}, None, "text")],  # type: ignore[arg-type]
)
def test_a_result_that_cannot_be_encoded_is_a_failure(call: Any, provider: ToyProvider, opened: Any) -> None:
    provider.key.answers["open"] = lambda config, diagnostics: opened
    answer = call("OpenEphemeralResource", type_name="toy_key", config=dynamic(name="n"))
    assert [d.summary for d in answer.diagnostics] == [
        "The provider failed on the opening of the ephemeral resource toy_key"
    ]
    assert not answer.HasField("result")


def test_renew(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["renew"] = lambda private, diagnostics: Renewed(1_800_000_000, b"next")
    answer = call("RenewEphemeralResource", type_name="toy_key", private=b"handle")
    renewed = pb.RenewEphemeralResource.Response(renew_at={"seconds": 1_800_000_000}, private=b"next")
    assert answer == renewed
    assert provider.key.calls == [("renew", b"handle")]


def test_a_renewal_without_result_keeps_the_private_data(pb: ModuleType, call: Any) -> None:
    answer = call("RenewEphemeralResource", type_name="toy_key", private=b"handle")
    assert answer == pb.RenewEphemeralResource.Response(private=b"handle")


def test_close(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["close"] = lambda private, diagnostics: diagnostics.warning("jammed")
    answer = call("CloseEphemeralResource", type_name="toy_key", private=b"handle")
    jammed = [{"severity": "WARNING", "summary": "jammed"}]
    assert answer == pb.CloseEphemeralResource.Response(diagnostics=jammed)
    call("CloseEphemeralResource", type_name="toy_key")
    assert provider.key.calls == [("close", b"handle"), ("close", b"")]

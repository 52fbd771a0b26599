"""The RPCs of ephemeral resources."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest
from immuta_provider.plugin.diagnostics import Diagnostics
from immuta_provider.plugin.interfaces import Opened, Renewed
from support.plugin_messages import dynamic, error, summaries, warning
from support.terraform_values import unpack
from support.toy_provider import ToyProvider


def key(**attributes: Any) -> dict[str, Any]:
    config = {"key": None, "name": None, "password": None, **attributes}
    return {"type_name": "toy_key", "config": dynamic(config)}


def test_an_opening_returns_its_secrets_and_redacts_them_elsewhere(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    def opened(config: Any, diagnostics: Diagnostics) -> Opened:
        diagnostics.warning("look", "at key-made")
        return Opened({**config, "key": "key-made"}, 1_700_000_000.25, b"handle")

    provider.key.answers["open"] = opened
    answer = call("OpenEphemeralResource", **key(name="n"))
    assert unpack(answer.result.msgpack) == {"name": "n", "password": None, "key": "key-made"}
    answer.ClearField("result")
    assert answer == pb.OpenEphemeralResource.Response(
        renew_at={"seconds": 1_700_000_000, "nanos": 250_000_000},
        private=b"handle",
        diagnostics=[warning("look", "at (redacted)")],
    )
    assert provider.key.calls == [("open", {"name": "n", "password": None, "key": None})]


def test_an_opening_may_have_no_renewal_and_no_private_data(pb: ModuleType, call: Any) -> None:
    answer = call("OpenEphemeralResource", **key(name="n"))
    opened = key(name="n", key="key-opened")["config"]
    assert answer == pb.OpenEphemeralResource.Response(result=opened)


def test_an_opening_that_fails_has_diagnostics_alone(
    pb: ModuleType, call: Any, provider: ToyProvider
) -> None:
    provider.key.answers["open"] = lambda config, diagnostics: diagnostics.error("shut")
    answer = call("OpenEphemeralResource", **key(name="n"))
    assert answer == pb.OpenEphemeralResource.Response(diagnostics=[error("shut")])


@pytest.mark.parametrize(
    "opened",
    [None, Opened({"key": 1}), Opened({}, float("nan")), Opened({}, None, "text")],  # type: ignore[arg-type]
)
def test_a_result_that_cannot_be_encoded_is_a_failure(call: Any, provider: ToyProvider, opened: Any) -> None:
    provider.key.answers["open"] = lambda config, diagnostics: opened
    answer = call("OpenEphemeralResource", **key(name="n"))
    assert summaries(answer) == ["The provider failed on the opening of the ephemeral resource toy_key"]
    assert not answer.HasField("result")


def test_a_renewal_sets_the_next_one(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["renew"] = lambda private, diagnostics: Renewed(1_800_000_000, b"next")
    answer = call("RenewEphemeralResource", type_name="toy_key", private=b"handle")
    renewed = pb.RenewEphemeralResource.Response(renew_at={"seconds": 1_800_000_000}, private=b"next")
    assert answer == renewed
    assert provider.key.calls == [("renew", b"handle")]


def test_a_renewal_without_result_keeps_the_private_data(pb: ModuleType, call: Any) -> None:
    answer = call("RenewEphemeralResource", type_name="toy_key", private=b"handle")
    assert answer == pb.RenewEphemeralResource.Response(private=b"handle")


def test_a_closing_gets_the_private_data(pb: ModuleType, call: Any, provider: ToyProvider) -> None:
    provider.key.answers["close"] = lambda private, diagnostics: diagnostics.warning("jammed")
    answer = call("CloseEphemeralResource", type_name="toy_key", private=b"handle")
    assert answer == pb.CloseEphemeralResource.Response(diagnostics=[warning("jammed")])
    call("CloseEphemeralResource", type_name="toy_key")
    assert provider.key.calls == [("close", b"handle"), ("close", b"")]

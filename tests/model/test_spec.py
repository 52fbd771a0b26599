"""The pydantic classes: that they refuse what `rules.check` refuses, in its words, and tell no secret."""

from __future__ import annotations

import inspect
import json
import traceback
import warnings
from typing import Annotated, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from immuta_provider.model.fields import Field, When
from immuta_provider.model.integrations.databricks import DatabricksIntegration, ProxyOptions
from immuta_provider.model.integrations.snowflake import PrivateKey, SnowflakeIntegration
from immuta_provider.model.registry import REGISTRY
from immuta_provider.model.rules import check
from immuta_provider.model.spec import (
    About,
    Integration,
    IntegrationWarning,
    Object,
    Spec,
    plain,
    plain_fields,
    specified,
)
from pydantic import ValidationError
from support.model_configs import GOOD, PEM, Good

BY_NAME = {cls.about.resource: cls for cls in REGISTRY}


def dumped(model: Object) -> dict[str, Any]:
    return model.model_dump(by_alias=True, exclude_none=True)


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.label)
def test_what_is_right_is_taken_as_it_is(good: Good) -> None:
    assert dumped(BY_NAME[good.resource].model_validate(good.config)) == good.config


def test_objects_may_be_models_or_mappings() -> None:
    key = PrivateKey(key_name="PRIV_KEY_FILE", user_filename="immuta.p8", content=PEM)
    config = next(one.config for one in GOOD if one.label == "snowflake by key pair")
    assert SnowflakeIntegration.model_validate(
        {**config, "private_key": key}
    ) == SnowflakeIntegration.model_validate(config)


def told(error: ValidationError) -> list[tuple[tuple[int | str, ...], str]]:
    return [(one["loc"], one["msg"]) for one in error.errors()]


def test_strict_problems_are_one_validation_error_in_the_same_words() -> None:
    config = {
        "auto_bootstrap": True,
        "host": "h",
        "port": 70000,
        "private_key": {"key_name": "x", "content": 5},
    }
    problems = check(BY_RESOURCE["immuta_snowflake_integration"], config)
    with pytest.raises(ValidationError) as raised:
        SnowflakeIntegration.model_validate(config)
    assert told(raised.value) == [(p.path, f"{p.summary}: {p.detail}") for p in problems if p.strict]
    assert [loc for loc, _ in told(raised.value)] == [
        ("port",),
        ("warehouse",),
        ("database",),
        ("authentication_type",),
        ("private_key", "key_name"),
        ("private_key", "user_filename"),
        ("private_key", "content"),
    ]


def test_inferred_problems_are_warnings() -> None:
    config = next(one.config for one in GOOD if one.label == "databricks by token")
    with pytest.warns(IntegrationWarning) as shown:
        DatabricksIntegration.model_validate({**config, "token": None})
    assert [str(one.message) for one in shown] == [
        'token is probably missing: Immuta is expected to need token when authentication_type is "token", and it is not '
        "set. Set it, unless Immuta accepts the integration without it. Its meaning: Personal access token of the service "
        "principal."
    ]


def test_unknown_attributes_are_refused_at_every_depth() -> None:
    config = next(one.config for one in GOOD if one.label == "databricks in full")
    connections = [{**config["additional_workspace_connections"][0], "tokn": "hunter2-typo"}]
    wrong = {
        **config,
        "audit": {"enable": True},
        "additional_workspace_connections": connections,
        "hots": "hunter2-typo",
    }
    with pytest.raises(ValidationError) as raised:
        DatabricksIntegration.model_validate(wrong)
    assert told(raised.value) == [
        (("audit", "enable"), "enable is no attribute here; there is enabled"),
        (
            ("additional_workspace_connections", 0, "tokn"),
            "tokn is no attribute here; there is workspace_url, http_path, authentication_type, token, oauth_client_config, "
            "catalogs",
        ),
        (
            ("hots",),
            "hots is no attribute here; there is auto_bootstrap, additional_config, workspace_url, http_path, port, "
            "authentication_type, token, oauth_client_config, catalog, audit, group_pattern, workspace_ids, proxy_options, "
            "additional_workspace_connections",
        ),
    ]


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.label)
def test_no_secret_is_told_by_what_is_printed(good: Good) -> None:
    model = BY_NAME[good.resource].model_validate(good.config)
    printed = f"{model!r} {model} {model:}"
    assert "hunter2" not in printed
    assert "PRIVATE KEY" not in printed
    assert "service_account" not in printed


def test_what_is_printed_names_attributes_and_hides_only_what_is_set() -> None:
    assert repr(ProxyOptions(host="h", password="hunter2")) == (
        "ProxyOptions(host='h', port=None, username=None, password='(secret)')"
    )
    assert repr(ProxyOptions(host="h")) == "ProxyOptions(host='h', port=None, username=None, password=None)"
    synapse = BY_NAME["immuta_azure_synapse_integration"].model_validate(
        next(one.config for one in GOOD if one.label == "synapse")
    )
    assert "schema='immuta_views', " in repr(synapse)


@pytest.mark.parametrize(
    ("cls", "wrong"),
    [
        (
            SnowflakeIntegration,
            {"password": ["hunter2"], "connect_args": {"hunter2": "hunter2"}, "x": "hunter2"},
        ),
        (SnowflakeIntegration, ["hunter2"]),
        (SnowflakeIntegration, "hunter2"),
        (PrivateKey, {"key_name": 5, "content": ["hunter2"], "x": "hunter2"}),
        (PrivateKey, "hunter2"),
    ],
)
def test_no_secret_is_told_by_an_error(cls: type[Object], wrong: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        cls.model_validate(wrong)
    error = raised.value
    shown = "".join(traceback.format_exception(error))
    assert "hunter2" not in f"{error} {error!r} {error.errors()} {error.json()} {error.args}"
    assert "hunter2" not in "".join(line for line in shown.splitlines() if "model_validate" not in line)


def test_models_do_not_change_after_they_were_judged() -> None:
    proxy = ProxyOptions(host="h")
    with pytest.raises(ValidationError, match="frozen"):
        proxy.host = "other"


def test_every_class_says_what_it_stands_for() -> None:
    def objects(cls: type[Object]) -> list[type[Object]]:
        return [cls, *(inner for sub in cls.__subclasses__() for inner in objects(sub))]

    ours = [cls for cls in objects(Object) if cls.__module__.startswith("immuta_provider.")]
    assert len(ours) > 20
    assert [cls.__name__ for cls in ours if not (inspect.getdoc(cls) or "").endswith(".")] == []


def test_one_more_type_is_one_class() -> None:
    class Oracle(Integration):
        """Oracle, for the sake of
        an example."""

        about = About(
            resource="immuta_oracle_integration",
            type="Oracle",
            title="Oracle",
            documentation="https://documentation.example/oracle",
            auto_bootstrap="required",
            identity=("host",),
        )

        host: Annotated[str, Spec("host", "Host name.", equivalence="hostname", replace=True)]
        wallet: Annotated[
            str | None,
            Spec(
                "oWallet", "The wallet.", default="None.", secret=True, required_when=When({"host": ("a",)})
            ),
        ] = None

    integration = plain(Oracle)
    assert integration.fields == (
        Field(
            "host",
            "host",
            "string",
            description="Host name.",
            required=True,
            replace=True,
            equivalence="hostname",
        ),
        Field(
            "wallet",
            "oWallet",
            "string",
            description="The wallet.",
            default="None.",
            secret=True,
            required_when=(When({"host": ("a",)}),),
        ),
    )
    assert (integration.description, integration.class_name, integration.identity) == (
        "Oracle, for the sake of an example.",
        "Oracle",
        ("host",),
    )
    with pytest.raises(
        ValidationError, match="wallet is missing: every Oracle integration needs wallet when host is"
    ):
        Oracle(auto_bootstrap=True, host="a")


def test_a_field_of_no_known_kind_is_told_of() -> None:
    class Odd(Object):
        """Something with a date in bytes."""

        when: Annotated[bytes, Spec("when", "When.")]

    with pytest.raises(TypeError, match=r"^no field kind stands for <class 'bytes'>$"):
        plain_fields(Odd)


ODD: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", " ", "x", "443", "4.5e1", 0, -1, 443, 1.5, True, False, [], {}, ["a"], [1], [None], [{}]]
)


def objects(cls: type[Object]) -> st.SearchStrategy[dict[str, Any]]:
    from immuta_provider.model.spec import object_of

    inner = {name: object_of(info) for name, info in specified(cls)}
    optional = {
        name: ODD | objects(of) | st.lists(objects(of), max_size=2) if of else ODD
        for name, of in inner.items()
    }
    return st.fixed_dictionaries({}, optional=optional)


@pytest.mark.parametrize("good", GOOD, ids=lambda good: good.label)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_classes_refuse_exactly_what_the_rules_refuse(good: Good, data: st.DataObject) -> None:
    cls = BY_NAME[good.resource]
    changed = data.draw(objects(cls))
    config = {
        **good.config,
        **{name: changed[name] for name in list(changed)[: data.draw(st.integers(0, 3))]},
    }
    problems = check(BY_RESOURCE[good.resource], config)
    refused: list[Any] = []
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        try:
            cls.model_validate(json.loads(json.dumps(config)))
        except ValidationError as error:
            refused = told(error)
    assert refused == [(p.path, f"{p.summary}: {p.detail}") for p in problems if p.strict]
    if not refused:
        assert [str(one.message) for one in shown] == [f"{p.summary}: {p.detail}" for p in problems]

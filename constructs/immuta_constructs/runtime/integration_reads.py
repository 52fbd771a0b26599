"""The checks of what is read of integrations: how one is found, and the settings that a script is for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from immuta_provider.model import placeholders, rules
from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.model.derived import ADDITIONAL_CONFIG
from immuta_provider.model.fields import OBJECT, Field
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.model.rules import Problem

from .arguments import plain
from .checks import misspelt, no_json
from .errors import label
from .json_text import json_text
from .tokens import is_unknown
from .traces import secret_values

SCRIPTED = tuple(i for i in INTEGRATIONS if i.scripts.values or not i.scripts.strict)
"""The types that have scripts."""

PLATFORMS = tuple(
    Field(i.platform, "", OBJECT, description="", fields=(*i.settings, ADDITIONAL_CONFIG)) for i in SCRIPTED
)
"""The settings of each of them, as one argument."""


def with_json(arguments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The arguments as plain data, with each platform's `additional_config` as JSON text, and what no JSON can be made of."""
    config: dict[str, Any] = plain(arguments)
    found: list[Problem] = []
    for platform in PLATFORMS:
        settings = config.get(platform.name)
        if not isinstance(settings, dict) or settings.pop(ADDITIONAL_CONFIG.name, None) is None:
            continue
        given = arguments[platform.name]
        # As it was passed: in plain data there is no null.
        additional = given[ADDITIONAL_CONFIG.name] if isinstance(given, Mapping) else given.additional_config
        unfit = list(no_json(additional, (platform.name, ADDITIONAL_CONFIG.name)))
        if not unfit:
            settings[ADDITIONAL_CONFIG.name] = json_text(additional)
        found += unfit
    return config, found


def no_scripts(names: Collection[str]) -> list[Problem]:
    """The arguments that would be settings of a type that has no scripts."""
    others = ", ".join(i.platform for i in SCRIPTED)
    return [
        Problem(
            (i.platform,),
            True,
            f"there is no {i.platform}",
            f"Immuta writes no scripts for {i.title} integrations. There are scripts for {others}.",
        )
        for i in INTEGRATIONS
        if i not in SCRIPTED and i.platform in names
    ]


def one_way(config: Mapping[str, Any]) -> Iterator[Problem]:
    """The problems of naming an integration, which goes by its id, or by its type and host."""
    others = [name for name in ("type", "host") if config.get(name) is not None]
    if config.get("id") is not None and others:
        detail = "set either id, or type and, where there are several of that type, host."
        yield Problem(("id",), True, f"id is set, and so is {' and '.join(others)}", detail)
    elif config.get("id") is None and config.get("type") is None:
        detail = "set it and, where there are several of that type, host; or set id."
        yield Problem(("type",), True, "type is missing", detail)
    elif config.get("host") is not None:
        known = next((i for i in INTEGRATIONS if i.type == config["type"]), None)
        if known is not None and not known.host_field:
            detail = "find the integration by id, or by type alone where it is the only one."
            yield Problem(("host",), True, f"{known.title} integrations have no host", detail)


def script_problems(
    config: Mapping[str, Any], scripts: Sequence[str], *, existing: bool, secrets: bool
) -> Iterator[Problem]:
    """The problems of a script and its settings. `scripts`: those that there are; `secrets`: it takes real ones."""
    script = config["script"]
    known = None if is_unknown(script) else script
    if known is not None and known not in scripts:
        detail = f"it is {known!r} and has to be one of {', '.join(scripts)}."
        yield Problem(("script",), True, "there is no such script", detail)
        return
    given = [i for i in SCRIPTED if config.get(i.platform) is not None]
    yield from _count(known, given, existing=existing)
    if existing and known not in (None, "edit"):
        return
    yield from misspelt(PLATFORMS, {i.platform: config[i.platform] for i in given})
    for integration in given:
        yield from _missing(integration, known, scripts)
        settings = config[integration.platform]
        if isinstance(settings, Mapping) and not is_unknown(settings):
            yield from _settings(integration, settings, secrets=secrets)


def _count(script: str | None, given: Sequence[IntegrationType], *, existing: bool) -> Iterator[Problem]:
    names = ", ".join(i.platform for i in SCRIPTED)
    said = " and ".join(i.platform for i in given)
    if len(given) > 1:
        yield Problem(
            (), True, f"{said} are set", "a script is for one integration: set the one of its platform."
        )
    elif existing and script not in (None, "edit") and given:
        detail = f"the {script} script takes no settings: leave it out, or ask for the edit script."
        yield Problem((given[0].platform,), True, f"{said} is set", detail)
    elif not given and (not existing or script == "edit"):
        whole = (
            "all settings that the integration is to have" if existing else "the settings of the integration"
        )
        yield Problem((), True, "the settings are missing", f"set one of {names} to {whole}.")


def _missing(integration: IntegrationType, script: str | None, scripts: Sequence[str]) -> Iterator[Problem]:
    has = integration.scripts
    if script is None or script in has.values:
        return
    own = ", ".join(str(s) for s in has.values if s in scripts)
    detail = f"there is {own}." if own else "there is none to use instead."
    if has.strict:
        yield Problem(("script",), True, f"{integration.title} has no {script} script", detail)
    else:
        yield Problem(("script",), False, f"{integration.title} probably has no {script} script", detail)


def _settings(
    integration: IntegrationType, settings: Mapping[str, Any], *, secrets: bool
) -> Iterator[Problem]:
    at = (integration.platform,)
    whole = dict(settings)
    whole["auto_bootstrap"] = False
    if not secrets:
        given = [path for path, _ in secret_values(integration.fields, settings)]
        for path in given:
            yield Problem(
                (*at, *path),
                True,
                f"{label((*at, *path))} is a secret",
                "a data source is kept in Terraform's state and takes none: leave it out (Immuta is sent a placeholder where it "
                "needs one), or use the ephemeral resource of the same name.",
            )
        whole, _ = placeholders.filled(integration, whole, is_unknown=is_unknown)
        if given:
            return
    for problem in rules.check(integration, whole, is_unknown=is_unknown):
        yield Problem((*at, *problem.path), problem.strict, problem.summary, problem.detail)

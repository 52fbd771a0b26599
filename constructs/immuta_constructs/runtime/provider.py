"""The base class of the provider's construct. It checks arguments, synthesizes, and installs the plugin for Terraform."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jsii
from constructs import Construct, IConstruct
from immuta_provider.api.http import settings
from immuta_provider.distribution import lock, mirror
from immuta_provider.distribution.dependencies import PinError
from immuta_provider.model.secret_keys import looks_secret

from ..cdk import (
    Annotations,
    App,
    Aspects,
    IAspect,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformStack,
    Token,
)
from . import settings as checked
from .arguments import plain
from .checks import wrong_classes
from .errors import ArgumentError
from .integrations import teardown
from .scopes import foreign
from .secrets import declare_overridden, declared
from .tokens import is_unknown, with_text_tokens
from .traces import Trace, traces, warn_of_traces
from .unusable import unusable_texts


class Provider(TerraformProvider):
    """The base class of `ImmutaProvider`; not for direct use."""

    def __init__(self, scope: Construct, id: str, *, arguments: Mapping[str, Any], alias: str | None) -> None:
        config: dict[str, Any] = plain(arguments)
        problems = [
            *foreign(scope),
            *unusable_texts({"id": id}),
            *checked.problems(config, alias),
            *teardown.problems(config.get("teardown_credentials")),
            *wrong_classes([teardown.credentials_field()], arguments),
        ]
        if problems:
            raise ArgumentError("the Immuta provider", f"{scope.node.path}/{id}", problems)

        super().__init__(
            scope,
            with_text_tokens(id),
            terraform_resource_type="immuta",
            terraform_generator_metadata=TerraformProviderGeneratorMetadata(
                provider_name="immuta",
                provider_version=mirror.version(),
                provider_version_constraint=mirror.version(),
            ),
            terraform_provider_source=mirror.SOURCE,
        )
        self._alias = alias
        warn_of_traces(self, self.secret_traces(config))
        self._attributes: dict[str, Any] = {
            name: verbatim(value) if name in ("http_headers", "teardown_credentials") else value
            for name, value in declared(scope, config).items()
        }
        self._working_directory = Path.cwd()
        Aspects.of(self).add(_Preparation())

    def secret_traces(self, config: Mapping[str, Any]) -> Iterator[Trace]:
        """Yields the traces of the secrets in arguments, which are plain data."""
        return secrets_in(config)

    # cdktf reads the alias from a property of this class only; otherwise resources lose it silently.
    @property
    def alias(self) -> str | None:
        """The provider's alias, for a stack with several provider blocks; None for the default provider."""
        return self._alias

    @alias.setter
    def alias(self, value: str | None) -> None:
        self._alias = value

    def to_terraform(self) -> Any:
        """Returns the provider's part of the stack's JSON. cdktf calls it and merges the stack's overrides afterwards."""
        fragment = super().to_terraform()
        fragment["terraform"]["required_version"] = mirror.REQUIRED_VERSION
        return fragment

    def _synthesize_attributes(self) -> Mapping[str, Any]:
        ca_file = self._attributes.get("ca_file")
        if not isinstance(ca_file, str) or is_unknown(ca_file) or not App.is_app(self.node.root):
            return self._attributes
        return {**self._attributes, "ca_file": self._from_stack_folder(ca_file)}

    def _synthesize_hcl_attributes(self) -> Mapping[str, Any]:
        return self._synthesize_attributes()

    def _from_stack_folder(self, path: str) -> str:
        """Returns a path relative to the stack's output folder, where Terraform runs.

        The path stays relative, so a program's output is the same on every machine.
        """
        if path.startswith("~") or os.path.isabs(path):
            return path
        target = self._working_directory / path
        try:
            return Path(os.path.relpath(target, stack_folder(self).resolve())).as_posix()
        except ValueError:
            # On Windows, the two folders are on different drives.
            return str(target)


def secrets_in(config: Mapping[str, Any]) -> Iterator[Trace]:
    """Yields the `traces` of a provider's arguments. A header counts as a secret if its name suggests one."""
    for option in settings.OPTIONS:
        if option.secret and option.name != "http_headers" and config.get(option.name) is not None:
            yield (option.name,), config[option.name], ()
    if config.get("fingerprint_key") is not None:
        yield ("fingerprint_key",), config["fingerprint_key"], ()
    headers = config.get("http_headers")
    if isinstance(headers, Mapping) and not is_unknown(headers):
        for name, value in headers.items():
            if looks_secret(name) or name.lower() in ("authorization", "proxy-authorization", "cookie"):
                yield ("http_headers", name), value, ()
    credentials = config.get("teardown_credentials")
    if credentials is not None:
        at = ("teardown_credentials",)
        yield from traces(teardown.platforms(), credentials, at)
        if isinstance(credentials, Mapping) and not is_unknown(credentials):
            hosts = credentials.get("hosts")
            entries = hosts if isinstance(hosts, Mapping) and not is_unknown(hosts) else {}
            if hosts is not None and is_unknown(hosts):
                yield (*at, "hosts"), hosts, teardown.any_platform()
            for host, entry in entries.items():
                yield from traces(teardown.any_platform(), entry, (*at, "hosts", host))


def verbatim(value: Any) -> Any:
    """Returns a map as a token. cdktf converts the keys of a provider's plain maps to snake_case, but not those of tokens."""
    return Token.as_any(plain(value)) if isinstance(value, Mapping) else value


def stack_folder(node: IConstruct) -> Path:
    """Returns the output folder of a construct's stack, in which cdktf runs Terraform."""
    app = App.of(node)
    return Path(app.outdir) / app.manifest.for_stack(TerraformStack.of(node)).working_directory


@jsii.implements(IAspect)
class _Preparation:
    """Prepares the stack's folder for `terraform init`. It is an aspect because an aspect runs once, during synthesis."""

    def visit(self, node: IConstruct) -> None:
        if not isinstance(node, Provider):
            return
        declare_overridden(TerraformStack.of(node))
        if not App.is_app(node.node.root):
            return
        folder = stack_folder(node)
        # cdktf removes this file only after a successful plan, and a plan without the required secrets fails. If the file
        # stayed, its resource would conflict with the construct that replaces it.
        (folder / "generated_resources.tf").unlink(missing_ok=True)
        try:
            checksum = mirror.expected_hash()
            mirror.install(folder / "terraform.d" / "plugins")
        except PinError as error:
            _warn_of_missing_plugin(node, error)
            return
        except mirror.InstallError as error:
            _warn_of_missing_plugin(node, error)
        lock.write_entry(
            folder / lock.FILE_NAME, source=mirror.SOURCE, version=mirror.version(), checksum=checksum
        )


def _warn_of_missing_plugin(node: IConstruct, error: Exception) -> None:
    Annotations.of(node).add_warning(
        f"the provider's plugin was not installed in the stack's folder: {error}"
    )

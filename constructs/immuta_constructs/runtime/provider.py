"""The base of the provider's construct: it checks, synthesizes, and has the plugin ready for Terraform."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jsii
from cdktf import (
    Annotations,
    App,
    Aspects,
    IAspect,
    TerraformProvider,
    TerraformProviderGeneratorMetadata,
    TerraformStack,
    Token,
)
from constructs import Construct, IConstruct
from immuta_provider.api.http import settings
from immuta_provider.distribution import mirror
from immuta_provider.distribution.dependencies import PinError
from immuta_provider.model.fields import Field
from immuta_provider.model.rules import looks_secret

from . import lock, teardown
from . import settings as checked
from .arguments import plain
from .checks import wrong_classes
from .errors import ArgumentError
from .secrets import declare_overridden, declared
from .tokens import is_unknown, with_text_tokens
from .traces import traces, warn_of_traces
from .unusable import unusable_texts


class Provider(TerraformProvider):
    """The base of `ImmutaProvider`, and not used by itself."""

    def __init__(self, scope: Construct, id: str, *, arguments: Mapping[str, Any], alias: str | None) -> None:
        config: dict[str, Any] = plain(arguments)
        problems = [
            *unusable_texts({"id": id}),
            *checked.problems(config, alias),
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
        warn_of_traces(self, secrets_in(config))
        self._attributes: dict[str, Any] = {
            name: verbatim(value) if name in ("http_headers", "teardown_credentials") else value
            for name, value in declared(TerraformStack.of(self), config).items()
        }
        self._working_directory = Path.cwd()
        Aspects.of(self).add(_Preparation())

    # Without a property of this class cdktf does not see the alias, and resources lose it without a word.
    @property
    def alias(self) -> str | None:
        """The provider's name in a stack with more than one, or None."""
        return self._alias

    @alias.setter
    def alias(self, value: str | None) -> None:
        self._alias = value

    def to_terraform(self) -> Any:
        """The provider's part of the stack's JSON; called by cdktf, which merges it before the stack's own overrides."""
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
        """A relative path, as Terraform finds it from the stack's output folder. It stays a relative one, so that the output of a
        program is the same on every machine."""
        if path.startswith("~") or os.path.isabs(path):
            return path
        target = self._working_directory / path
        try:
            return Path(os.path.relpath(target, stack_folder(self).resolve())).as_posix()
        except ValueError:
            # Another drive of Windows.
            return str(target)


def secrets_in(config: Mapping[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any, Sequence[Field]]]:
    """The `traces` of a provider's arguments; of the headers, those whose names sound like a secret."""
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
    """A map that keeps its keys: cdktf writes those of a provider's plain maps in snake_case, but leaves tokens alone."""
    return Token.as_any(plain(value)) if isinstance(value, Mapping) else value


def stack_folder(node: IConstruct) -> Path:
    """The output folder of a construct's stack, in which cdktf runs Terraform."""
    app = App.of(node)
    return Path(app.outdir) / app.manifest.for_stack(TerraformStack.of(node)).working_directory


@jsii.implements(IAspect)
class _Preparation:
    """Makes the stack's folder ready for `terraform init`. An aspect, because aspects run once, when an app is synthesized."""

    def visit(self, node: IConstruct) -> None:
        if not isinstance(node, Provider):
            return
        declare_overridden(TerraformStack.of(node))
        if not App.is_app(node.node.root):
            return
        folder = stack_folder(node)
        # cdktf removes it only after a plan that succeeded, and where secrets are missing none does: left there, it would
        # stand against the very construct that takes its place.
        (folder / "generated_resources.tf").unlink(missing_ok=True)
        try:
            checksum = mirror.expected_hash()
            mirror.install(folder / "terraform.d" / "plugins")
        except PinError as error:
            _warn_of_no_plugin(node, error)
            return
        except mirror.InstallError as error:
            _warn_of_no_plugin(node, error)
        lock.write_entry(
            folder / lock.FILE_NAME, source=mirror.SOURCE, version=mirror.version(), checksum=checksum
        )


def _warn_of_no_plugin(node: IConstruct, error: Exception) -> None:
    Annotations.of(node).add_warning(f"the provider's plugin was not put into the stack's folder: {error}")

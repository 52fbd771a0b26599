"""The provider's construct: where Immuta is, who calls it, and the plugin that Terraform needs for it."""

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
    IResolvable,
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

from .integrations.teardown import TeardownCredentials
from .runtime import lock, teardown
from .runtime import settings as checked
from .runtime.arguments import plain
from .runtime.checks import wrong_classes
from .runtime.errors import ArgumentError
from .runtime.secrets import declare_overridden, declared
from .runtime.tokens import is_unknown, with_text_tokens
from .runtime.traces import traces, warn_of_traces
from .runtime.unusable import unusable_texts


class ImmutaProvider(TerraformProvider):
    """The Immuta tenant that a stack's integrations belong to.

    An argument that is not set is taken from its environment variable when Terraform runs; an argument that is set
    wins over the variable, also while its value is not known yet. Tokens and ephemeral variables are accepted
    everywhere.

    The construct also puts the provider's plugin where Terraform looks for it first, in the stack's own output folder
    (`<outdir>/stacks/<stack>/terraform.d/plugins`), and the plugin's checksum into the lock file beside it. So
    `cdktf deploy` needs no preparation and no flag, and nothing is written outside the output folder. (Without the
    checksum cdktf would ask the public registry for it on the first deploy, which does not know this provider.)

    The stack requires Terraform (or OpenTofu) 1.11.0 or newer: an older one refuses the stack and shows this constraint.
    Another constraint, such as `stack.add_override("terraform.required_version", ">= 1.12.0")`, takes its place.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        host: str | None = None,
        api_key: str | None = None,
        bearer_token: str | None = None,
        ca_file: str | None = None,
        insecure_skip_tls_verify: bool | IResolvable | None = None,
        http_headers: Mapping[str, str] | IResolvable | None = None,
        request_timeout: int | float | None = None,
        max_retries: int | float | None = None,
        max_concurrency: int | float | None = None,
        fingerprint_key: str | None = None,
        teardown_credentials: TeardownCredentials | Mapping[str, Any] | IResolvable | None = None,
        alias: str | None = None,
    ) -> None:
        """The Immuta tenant that a stack's integrations belong to.

        Args:
            scope: the stack that uses the provider.
            id: its name there.
            host: URL of the tenant, such as `https://acme.hosted.immutacloud.com`; a bare name means https. Default: the variable `IMMUTA_HOST`, without which there is an error.
            api_key: API key of a user with the permission `APPLICATION_ADMIN`; either this or `bearer_token` is needed. Default: the variable `IMMUTA_API_KEY`. Secret.
            bearer_token: a ready bearer token instead of the API key. Default: the variable `IMMUTA_BEARER_TOKEN`. Secret.
            ca_file: path of a PEM file with the certificate authorities to trust; a relative one starts in the folder in which the program runs. Default: the variable `IMMUTA_CA_FILE` (in which a relative path starts in the stack's output folder, where Terraform runs), else those of the system.
            insecure_skip_tls_verify: talk to a host whose certificate cannot be verified. Default: the variable `IMMUTA_INSECURE_SKIP_TLS_VERIFY`, else `False`.
            http_headers: further headers for every request, such as a gateway's. Default: none. Secret.
            request_timeout: seconds that one request may take. Default: the variable `IMMUTA_REQUEST_TIMEOUT`, else 60.
            max_retries: how often a request that is safe to repeat is repeated. Default: the variable `IMMUTA_MAX_RETRIES`, else 4.
            max_concurrency: how many requests may run at once. Default: the variable `IMMUTA_MAX_CONCURRENCY`, else 10.
            fingerprint_key: key of the fingerprints by which changed secrets are recognized (64 random characters or so, the same for everybody who deploys). Default: the variable `IMMUTA_FINGERPRINT_KEY`, else salted scrypt fingerprints without a key, which are slower. Secret.
            teardown_credentials: the credentials for deleting integrations that Immuta set up itself (`auto_bootstrap` true): Immuta asks for them again, and they are stored nowhere. Default: the variables `IMMUTA_TEARDOWN_<PLATFORM>_<ATTRIBUTE>`, such as `IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME`; without any, such a deletion fails before anything is changed. Secret.
            alias: name of this provider, where a stack has more than one; give it to an integration as `provider`. Default: none; integrations use it unless told otherwise.

        Raises:
            ArgumentError: what the provider would refuse, every problem at once.
        """  # noqa: E501
        config: dict[str, Any] = plain(
            {
                "host": host,
                "api_key": api_key,
                "bearer_token": bearer_token,
                "ca_file": ca_file,
                "insecure_skip_tls_verify": insecure_skip_tls_verify,
                "http_headers": http_headers,
                "request_timeout": request_timeout,
                "max_retries": max_retries,
                "max_concurrency": max_concurrency,
                "fingerprint_key": fingerprint_key,
                "teardown_credentials": teardown_credentials,
            }
        )
        problems = [
            *unusable_texts({"id": id}),
            *checked.problems(config, alias),
            *wrong_classes([teardown.credentials_field()], {"teardown_credentials": teardown_credentials}),
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
        if not isinstance(node, ImmutaProvider):
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

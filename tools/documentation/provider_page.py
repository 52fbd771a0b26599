"""The page of the provider itself: its block, and what holds for every resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bindings.teardown import PLATFORMS
from bindings.text import first_sentence, lower_first
from immuta_provider.adopt.values import Secret
from immuta_provider.api.http import settings
from immuta_provider.api.http.client import DOUBT_SECONDS, FIRST_BACK_OFF, LONGEST_BACK_OFF
from immuta_provider.api.http.errors import ConfigurationError
from immuta_provider.api.http.outage import KEPT_SECONDS
from immuta_provider.api.integrations.routes import KIND
from immuta_provider.distribution import mirror
from immuta_provider.model.compiled.types import TYPES
from immuta_provider.model.fields import Routes
from immuta_provider.plugin.interfaces import Action, DataSource, EphemeralResource
from immuta_provider.plugin.schema import Attribute
from immuta_provider.provider import ImmutaProvider
from immuta_provider.resources.secrets.fingerprints import FINGERPRINT_KEY

from documentation import attributes, hcl, requirements, words
from documentation.markdown import fence, item, page, paragraph
from documentation.resource_page import name_of
from documentation.teardown import variables

HOST = "https://acme.hosted.immutacloud.com"
GUIDES = (
    (
        "guides/secrets-and-rotation.md",
        "Secrets and their rotation",
        "write-only arguments, fingerprints, teardown credentials",
    ),
    ("guides/importing.md", "Importing", "taking over integrations that Immuta has already"),
    (
        "guides/adopt.md",
        "Adopting a tenant",
        "a program of what a tenant has, written by `cdktf-immuta adopt`",
    ),
    (
        "guides/manual-setup.md",
        "Setting a platform up by hand",
        "Immuta's scripts, run in the same stack, without privileged credentials",
    ),
    (
        "guides/protect-your-data.md",
        "Protect your data",
        "mapped users, groups, tags, policies, and the data that they protect",
    ),
    (
        "guides/policies-as-yaml.md",
        "Policies that are kept as YAML",
        "the files of Immuta's command line as resources",
    ),
    (
        "guides/tags-and-purposes.md",
        "Tags and purposes",
        "trees of both, deletions, and the objects that Immuta made itself",
    ),
    (
        "guides/testing.md",
        "Testing a stack",
        "its JSON, deployments to a local Immuta, and rules for every stack",
    ),
    (
        "guides/state-and-backends.md",
        "State, backends and installation",
        "local and remote state, lock files, mirrors for teams and CI",
    ),
    (
        "guides/doctor.md",
        "Checking a machine and a tenant",
        "the command that finds what a first deploy lacks, for people and for CI",
    ),
    ("guides/cdk-terrain.md", "CDK Terrain", "the constructs over cdktn, and how a stack moves to it"),
)
TEARDOWN = {
    "snowflake": {
        "authentication_type": "userPassword",
        "username": "SETUP_ADMIN",
        "password": Secret("snowflake_password"),
        "role": "ACCOUNTADMIN",
    },
    "hosts": {
        "acme.abc123.eu-west-1.redshift.amazonaws.com": {
            "authentication_type": "userPassword",
            "username": "setup_admin",
            "password": Secret("redshift_password"),
        }
    },
}


def render() -> str:
    records = [type.plural for type in TYPES if isinstance(type.life, Routes)]
    kinds = _together([*records, "integrations with data platforms"])
    description = f"Immuta's {kinds} as resources: created, changed in place, imported and destroyed."
    return page(
        "Provider: Immuta",
        description,
        [*_introduction(description), *_block(), *_behaviour(), *_contents()],
    )


def _introduction(description: str) -> list[str]:
    required = hcl.attributes({"immuta": {"source": mirror.SOURCE, "version": mirror.version()}}, "    ")
    return [
        "# Immuta Provider",
        paragraph(description, "The provider speaks plugin protocol 6, and needs:"),
        "\n".join(map(item, requirements.ITEMS)),
        "## Example usage",
        fence(
            "hcl",
            f'terraform {{\n  required_version = "{mirror.REQUIRED_VERSION}"\n\n  required_providers {{\n{required}\n  }}\n}}\n\n'
            + hcl.provider({"host": HOST, "api_key": Secret("immuta_api_key")}),
        ),
        fence(
            "python",
            "from cdktf import App, TerraformStack\n\nfrom immuta_constructs import ImmutaProvider, Secret\n\n"
            'app = App()\nstack = TerraformStack(app, "immuta")\nImmutaProvider(\n    stack,\n    "immuta",\n'
            f'    host="{HOST}",\n    api_key=Secret.variable("immuta_api_key"),\n)\napp.synth()',
        ),
        paragraph(
            'With everything in the environment the block is empty, `ImmutaProvider(stack, "immuta")` in Python:'
        ),
        fence("shell", f"export IMMUTA_HOST={HOST} IMMUTA_API_KEY=..."),
    ]


def _block() -> list[str]:
    schema = ImmutaProvider({}).schema
    return [
        "## The provider block",
        paragraph(
            """Every argument is optional in the block, and takes precedence over the environment. An unknown value, such as
            the host of a tenant that the same run creates, counts as set and never falls back to the environment. Plans send
            Immuta no request until the value is known. All values in the block may be ephemeral. Secrets should be."""
        ),
        _table(schema.attributes),
        *attributes.reference(schema.attributes, _describe),
    ]


def _table(schema: Iterable[Attribute]) -> str:
    rows = ["| argument | environment variable | default | secret |", "|---|---|---|---|"]
    options = {option.name: option for option in settings.OPTIONS}
    for attribute in schema:
        option = options.get(attribute.name)
        if option is not None:
            variable, default = option.variable, _default(option)
        elif attribute.name == "fingerprint_key":
            variable, default = FINGERPRINT_KEY, "none: fingerprints by scrypt"
        else:
            variable, default = "IMMUTA_TEARDOWN_...", "none"
        shown = f"`{variable}`" if variable else "none"
        rows.append(
            f"| `{attribute.name}` | {shown} | {default} | {'yes' if attribute.holds_secret else 'no'} |"
        )
    return "\n".join(rows)


def _default(option: settings.Option) -> str:
    if option.name == "host":
        return "none, it has to be set"
    if option.name in ("api_key", "bearer_token"):
        return "none, one of the two has to be set"
    if option.name == "ca_file":
        return "the system's authorities"
    if option.default is None:
        return "none"
    return f"`{str(option.default).lower() if isinstance(option.default, bool) else format(option.default, 'g')}`"


def _describe(path: tuple[str, ...], attribute: Attribute) -> str:
    option = next((o for o in settings.OPTIONS if (o.name,) == path), None)
    parts = [
        f"({', '.join(words.tags(attribute, None))}) {option.description if option else attribute.description}"
    ]
    if option is not None and option.kind == settings.NUMBER:
        parts.append(_range(option))
    variable = option.variable if option else _variables().get(path)
    if variable:
        parts.append(f"Environment: `{variable}`.")
    return " ".join(parts)


def _range(option: settings.Option) -> str:
    """The allowed range, from the client's own error about another value."""
    stand_ins = {"host": "localhost", "api_key": "unset", option.name: -1.0}
    try:
        settings.Settings(**stand_ins)  # type: ignore[arg-type]
    except ConfigurationError as error:
        return f"Allowed: {error.detail.rpartition('allowed are ')[2]}"
    raise AssertionError(f"{option.name} takes every number")


def _variables() -> dict[tuple[str, ...], str]:
    return {
        ("teardown_credentials", i.teardown_platform, *path): variable
        for i in PLATFORMS
        for path, variable in variables(i).items()
    }


def _behaviour() -> list[str]:
    return [
        "## Teardown credentials",
        paragraph(
            f"""Immuta needs privileged credentials again to remove an integration that Immuta set up itself
            (`auto_bootstrap = true` on {_together([i.title for i in PLATFORMS])}). They are stored nowhere. Set them by
            platform, or by host in `hosts`, which takes precedence. The environment completes the object of a platform, but
            not an entry of `hosts`."""
        ),
        fence("hcl", hcl.provider({"teardown_credentials": TEARDOWN})),
        paragraph(
            """Every attribute of a platform has a variable: `IMMUTA_TEARDOWN_`, the platform and the attribute in upper case,
            such as `IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME` or `IMMUTA_TEARDOWN_SNOWFLAKE_PRIVATE_KEY_CONTENT`."""
        ),
        "## Authentication",
        paragraph(
            f"""The user of the credential needs Immuta's permission {_permissions()}. Immuta's pages name no permission for tags.
            The owner of a data source, or a user with `GOVERNANCE`, may delete it. The provider sends an `api_key` unchanged in
            the header `Authorization`. If Immuta refuses the key, the provider exchanges the key once for a bearer token, for all
            requests of the run. A `bearer_token` is sent as `Bearer ...` and cannot be renewed. A `.netrc` file is not read."""
        ),
        "## TLS and proxies",
        "\n".join(
            [
                item(
                    """The provider trusts only the authorities in `ca_file`, or else those of the system. `SSL_CERT_FILE` and
                    `SSL_CERT_DIR` set another place of the latter, as for Terraform. On a machine without authorities the
                    `certifi` bundle is used. The same rules apply to the certificate of an https proxy.
                    `REQUESTS_CA_BUNDLE` and `SSLKEYLOGFILE` have no effect."""
                ),
                item(
                    """A relative `ca_file` is relative to the working directory of Terraform. In the Python construct it is
                    relative to the working directory of the program."""
                ),
                item(
                    """`HTTPS_PROXY` sets the proxy for an https host, `HTTP_PROXY` for an http host. Lower case works too. The
                    proxy is an http or https proxy, with or without a scheme:
                    `http://user:password@proxy.example:3128` or `proxy.example:3128`. Requests to this machine (`localhost`,
                    `127.0.0.1`, `[::1]`) never use a proxy."""
                ),
                item(
                    """`NO_PROXY` lists the hosts without a proxy, separated by commas: a domain with its subdomains
                    (`corp.example`), only the subdomains (`.corp.example` or `*.corp.example`), an address (`10.1.2.3`,
                    `fd00::7`), a network (`10.0.0.0/8`) or `*` for all hosts. A domain or an address may have a port:
                    `immuta.corp.example:8443`, `[fd00::7]:8443`."""
                ),
                item(
                    """These are the rules of Terraform itself. In curl, lower case takes precedence, `NO_PROXY` may be separated
                    by blanks, and `ALL_PROXY` is read. In this provider `ALL_PROXY` has no effect."""
                ),
                item(
                    "The provider does not follow redirects, so that no credential or secret goes to another host."
                ),
                item("Plain http to another machine works, with a warning."),
            ]
        ),
        "## Retries",
        paragraph(
            f"""GET, PUT and DELETE requests are idempotent. The provider repeats them up to `max_retries` times after a lost
            connection and after the statuses 408, 429 and 5xx, with growing pauses of about {FIRST_BACK_OFF:g} to
            {LONGEST_BACK_OFF:g} seconds or of the length in `Retry-After`. Permanent failures are reported at once: an unknown
            name, a refused certificate, TLS on one side only, a proxy that refuses."""
        ),
        paragraph(
            """A create is repeated at once only if Immuta certainly did not carry it out. After a lost answer the provider
            searches for the one new object that equals the request, and adopts the object. Immuta does not show secrets, so the
            provider sends the secrets of an adopted integration again at once. If the lists of several seconds have no such
            object, the create of an integration is repeated once after a broken connection or a server error. Any other create
            ends with an error."""
        ),
        paragraph(
            f"""If the tenant does not answer, one request makes these attempts for all resources. For {KEPT_SECONDS:g} seconds,
            or until the tenant answers, other requests fail with the same error. A plan with a create requests one list from
            Immuta and waits at most {DOUBT_SECONDS:g} seconds. It warns of a wrong key or an unreachable tenant, with which the
            apply would fail."""
        ),
        "## Fingerprints",
        paragraph(
            """The provider detects a rotation by a fingerprint of every secret that was sent, in the resource's private state.
            Without a `fingerprint_key` a fingerprint is a salted scrypt hash, which costs some hundredths of a second per secret
            in every plan. With a key it is an HMAC-SHA256 under the key: it costs nothing, and a stolen state allows no guesses.
            Everybody who deploys has to use the same key; `openssl rand -hex 32` creates one. Another key leads to one update
            of every integration with secrets, with a warning. See
            [Secrets and their rotation](guides/secrets-and-rotation.md)."""
        ),
    ]


def _contents() -> list[str]:
    provider = ImmutaProvider({})
    return [
        "## Resources",
        "\n".join(item(f"[`{i.resource}`](resources/{name_of(i)}.md): {i.title}") for i in TYPES),
        "## Data sources and ephemeral resources",
        paragraph(
            """Data sources are stored in the state, so they take and return no secrets. Ephemeral resources are stored nowhere:
            they take and return real secrets, and only ephemeral contexts may refer to them."""
        ),
        "\n".join(
            [
                *_entries("data-sources", "data source", provider.data_sources),
                *_entries("ephemeral-resources", "ephemeral resource", provider.ephemeral_resources),
            ]
        ),
        "## Functions",
        "\n".join(
            item(f"[`provider::immuta::{name}`](functions/{name}.md): {f.summary[0].lower()}{f.summary[1:]}")
            for name, f in provider.functions.items()
        ),
        "## Actions and list resources",
        "\n".join(
            [
                *_entries("actions", "action", provider.actions),
                item(
                    "`terraform query` lists what Immuta has of "
                    + _together([f"[{i.title}](list-resources/{name_of(i)}.md)" for i in TYPES])
                ),
            ]
        ),
        "## Guides",
        "\n".join(item(f"[{title}]({path}): {about}") for path, title, about in GUIDES),
    ]


def _entries(
    folder: str,
    kind: str,
    offered: Mapping[str, DataSource] | Mapping[str, EphemeralResource] | Mapping[str, Action],
) -> list[str]:
    return [
        item(
            f"[`{name}`]({folder}/{name.removeprefix('immuta_')}.md) ({kind}): "
            f"{lower_first(first_sentence(each.schema.description))}"
        )
        for name, each in offered.items()
    ]


def _permissions() -> str:
    """Each permission with what it is needed for, in words."""
    needed: dict[str, list[str]] = {KIND.permission: ["integrations"]}
    for type in TYPES:
        if isinstance(type.life, Routes):
            needed.setdefault(type.life.permission, []).append(type.plural)
    return _together([f"`{name}` for {_together(plurals)}" for name, plurals in needed.items()])


def _together(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last

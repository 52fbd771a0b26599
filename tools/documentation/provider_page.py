"""The page of the provider itself: its block, and what holds for every resource."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bindings.teardown import PLATFORMS
from bindings.text import first_sentence, lower_first
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
from immuta_provider.provider import FINGERPRINT_KEY, ImmutaProvider

from documentation import attributes, hcl, requirements, words
from documentation.examples import Secret
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
        "guides/manual-setup.md",
        "Setting a platform up by hand",
        "Immuta's scripts, run in the same stack, without privileged credentials",
    ),
    (
        "guides/tags-and-purposes.md",
        "Tags and purposes",
        "trees of both, what a destroy deletes, and what is never touched",
    ),
    (
        "guides/state-and-backends.md",
        "State, backends and installation",
        "local and remote state, lock files, mirrors for teams and CI",
    ),
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
        paragraph(description, "It speaks plugin protocol 6, and needs:"),
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
            """Every argument is optional in the block, and what the block sets wins over the environment. A value that is not
            known yet (the host of a tenant that the same run creates, say) counts as set: it never falls back to the
            environment. Until it is known, plans are made without asking Immuta. Values may be ephemeral everywhere in the
            block, and secrets should be."""
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
            f"""Immuta asks for privileged credentials again to remove an integration that it set up itself
            (`auto_bootstrap = true` on {_together([i.title for i in PLATFORMS])}), and they are
            stored nowhere. They are given by platform, or by host, which wins. An entry of `hosts` is taken as a whole; what a
            platform's object leaves out is filled from the environment."""
        ),
        fence("hcl", hcl.provider({"teardown_credentials": TEARDOWN})),
        paragraph(
            """Every attribute of a platform has a variable: `IMMUTA_TEARDOWN_`, the platform and the attribute in capitals,
            such as `IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME` or `IMMUTA_TEARDOWN_SNOWFLAKE_PRIVATE_KEY_CONTENT`."""
        ),
        "## Authentication",
        paragraph(
            f"""The user behind the credential needs Immuta's permission {_permissions()}. An `api_key` is sent as it is in the
            header `Authorization`; if Immuta refuses it, it is exchanged for a bearer token once, for all requests of the
            run. A `bearer_token` is sent as `Bearer ...` and cannot be renewed. A `.netrc` file is not read."""
        ),
        "## TLS and proxies",
        "\n".join(
            [
                item(
                    """Trusted are the authorities in `ca_file` alone, or those of the system (`SSL_CERT_FILE` and `SSL_CERT_DIR`
                    move them, as they do for Terraform). Where a machine has none, the `certifi` bundle stands in. The same
                    holds for the certificate of a proxy with the scheme https. `REQUESTS_CA_BUNDLE` and `SSLKEYLOGFILE` have
                    no effect."""
                ),
                item(
                    """A relative `ca_file` starts in the folder in which Terraform runs; as an argument of the Python construct,
                    in the folder in which the program runs."""
                ),
                item(
                    """`HTTPS_PROXY` names the proxy for a host with the scheme https, `HTTP_PROXY` for one with http; each may
                    also be written in small letters. A proxy is an http or https one, with or without a scheme:
                    `http://user:password@proxy.example:3128` or `proxy.example:3128`. This machine (`localhost`,
                    `127.0.0.1`, `[::1]`) is always asked directly."""
                ),
                item(
                    """`NO_PROXY` lists what needs no proxy, divided by commas: a name with all names below it
                    (`corp.example`), only the names below it (`.corp.example` or `*.corp.example`), an address (`10.1.2.3`,
                    `fd00::7`), a network (`10.0.0.0/8`) or `*` for everything. A name or an address may have a port:
                    `immuta.corp.example:8443`, `[fd00::7]:8443`."""
                ),
                item(
                    """These are the rules of Terraform itself. curl has others: there small letters go before capitals,
                    `NO_PROXY` may be divided by blanks, and `ALL_PROXY` is read, which has no effect here."""
                ),
                item("Redirects are not followed: neither the credential nor a secret goes to another host."),
                item("Plain http to anything but this machine works, with a warning."),
            ]
        ),
        "## Retries",
        paragraph(
            f"""A request that may be carried out twice without harm (GET, PUT, DELETE) is sent again after a lost connection and
            after the answers 408, 429 and 5xx, `max_retries` times, after growing pauses of about {FIRST_BACK_OFF:g} to
            {LONGEST_BACK_OFF:g} seconds or as long as `Retry-After` asks for. What cannot get better is reported at once: an
            unknown name, a refused certificate, a port that speaks TLS where plain http is asked for (or the other way round), a
            proxy that refuses. A create is sent again at once only when it
            certainly was not carried out. After a lost answer the provider looks for the new object, and takes the one that is
            new and exactly as it was sent. Where lists over some seconds show none, the create of an integration is sent once
            more if the server broke the connection or failed outright; any other create ends with an error. The secrets
            of an integration that was recognised are sent to it again at once, because Immuta does not show them."""
        ),
        paragraph(
            f"""A tenant that does not answer is tried like that once, and not again for each resource: for
            {KEPT_SECONDS:g} seconds, or until it answers something, what else asks it fails with the same error. A plan that
            creates something asks Immuta for one list, waits {DOUBT_SECONDS:g} seconds for it at most, and warns where a wrong
            key or an unreachable tenant would make the apply fail."""
        ),
        "## Fingerprints",
        paragraph(
            """Beside each resource Terraform keeps a fingerprint of every secret that Immuta took, by which a rotation is seen.
            Without a `fingerprint_key` it is a salted scrypt hash, which costs some hundredths of a second a secret in every
            plan. With one it is an HMAC-SHA256 under that key: no cost, and nothing to guess against in a stolen state. The key
            has to be the same for everybody who deploys; `openssl rand -hex 32` makes one. Another key later on means one
            announced update of every integration with secrets. More in
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
            """A data source is kept in the state: it takes no secret and tells none. An ephemeral resource is kept nowhere: real
            secrets go in and come out, and only what accepts ephemeral values may refer to it."""
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

"""The module of the provider's construct, from the options of the client."""

from __future__ import annotations

import re

from immuta_provider.api.http import settings
from immuta_provider.resources.secrets.fingerprints import FINGERPRINT_KEY

from bindings.meta_arguments import Argument
from bindings.text import REFUSED, docstring, lower_first, module

IMPORTS = """\
from collections.abc import Mapping
from typing import Any

from constructs import Construct

from .cdk import IResolvable
from .integrations.teardown import TeardownCredentials
from .runtime.provider import Provider
"""
ABOUT = """The Immuta tenant that a stack's resources belong to.

An argument that is not set is taken from its environment variable when Terraform runs; an argument that is set \
wins over the variable, also while its value is not known yet. Tokens and ephemeral variables are accepted \
everywhere.

The construct also puts the provider's plugin where Terraform looks for it first, in the stack's own output folder \
(`<outdir>/stacks/<stack>/terraform.d/plugins`), and the plugin's checksum into the lock file beside it. So \
`cdktf deploy` needs no preparation and no flag, and nothing is written outside the output folder. (Without the \
checksum cdktf would ask the public registry for it on the first deploy, which does not know this provider.)

The stack requires Terraform (or OpenTofu) 1.11.0 or newer: an older one refuses the stack and shows this constraint. \
Another constraint, such as `stack.add_override("terraform.required_version", ">= 1.12.0")`, takes its place."""

_ANNOTATIONS = {
    settings.STRING: "str | None",
    settings.BOOL: "bool | IResolvable | None",
    settings.NUMBER: "int | float | None",
    settings.STRING_MAP: "Mapping[str, str] | IResolvable | None",
}
# The value without the variable, where it is not the option's own default.
_ELSE = {
    "host": "; without either there is an error",
    "api_key": "; one of the two credentials is needed",
    "bearer_token": "; one of the two credentials is needed",
    "ca_file": " (in which a relative path starts in the stack's output folder, where Terraform runs), else the system's store",
}
# Terraform runs in another folder than the program.
_IN_PYTHON = {
    "ca_file": "PEM file with the certificate authorities to trust for Immuta, instead of the system's store. A relative path "
    "starts in the folder in which the program runs."
}
_OTHERS = (
    Argument(
        "fingerprint_key",
        "str | None",
        "key of the fingerprints by which changed secrets are recognized (64 random characters or so, the same for everybody who "
        f"deploys). Default: the variable `{FINGERPRINT_KEY}`, else salted scrypt fingerprints without a key, which are slower. "
        "Secret.",
    ),
    Argument(
        "teardown_credentials",
        "TeardownCredentials | Mapping[str, Any] | IResolvable | None",
        "the credentials for deleting integrations that Immuta set up itself (`auto_bootstrap` true): Immuta asks for them "
        "again, and they are stored nowhere. Default: the variables `IMMUTA_TEARDOWN_<PLATFORM>_<ATTRIBUTE>`, such as "
        "`IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME`; without any, such a deletion fails before anything is changed. Secret.",
    ),
)
_ALIAS = Argument(
    "alias",
    "str | None",
    "alias of this provider in a stack with several; pass the construct to a resource as `provider`. Default: none, which makes "
    "it the default provider of the stack's resources.",
)


def text() -> str:
    options = (*map(_argument, settings.OPTIONS), *_OTHERS)
    lines = ["class ImmutaProvider(Provider):", *docstring(ABOUT, [], indent=4), ""]
    lines += [
        "    def __init__(",
        "        self,",
        "        scope: Construct,",
        "        id: str,",
        "        *,",
    ]
    lines += [f"        {a.name}: {a.annotation} = None," for a in (*options, _ALIAS)]
    lines += ["    ) -> None:"]
    lines += docstring(
        ABOUT.split("\n\n")[0],
        [
            ("scope", "the stack that uses the provider."),
            ("id", "the construct's id in the stack."),
            *((a.name, a.text) for a in (*options, _ALIAS)),
        ],
        raises=REFUSED,
        indent=8,
    )
    pairs = "".join(f'"{a.name}": {a.name}, ' for a in options)
    lines.append(f"        super().__init__(scope, id, arguments={{{pairs}}}, alias=alias)")
    return module("The provider's construct.", IMPORTS, "\n".join(lines) + "\n")


def _argument(option: settings.Option) -> Argument:
    """An option as an argument. The default is said once, and with the variable that goes before it."""
    about = re.sub(r"\S+ by default(; |\.)", "", _IN_PYTHON.get(option.name, option.description)).strip()
    secret = " Secret." if option.secret else ""
    return Argument(
        option.name, _ANNOTATIONS[option.kind], f"{lower_first(about)} Default: {_default(option)}.{secret}"
    )


def _default(option: settings.Option) -> str:
    if not option.variable:
        return "none"
    number = isinstance(option.default, int | float) and not isinstance(option.default, bool)
    value = format(option.default, "g") if number else f"`{option.default}`"
    return f"the variable `{option.variable}`{_ELSE.get(option.name, f', else {value}')}"

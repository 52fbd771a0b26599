"""The modules that the installed plugin loads, and the time of each.

Terraform starts the plugin several times a command and configures it once. Each module that is loaded earlier or more than here
makes every Terraform command slower.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from immuta_provider.distribution import mirror
from immuta_provider.plugin.protocol import messages, msgpack
from immuta_provider.plugin.schema import Schema
from immuta_provider.provider import ImmutaProvider
from support.plugin_process import interpreters
from support.watched_plugin import WatchedPlugin, modules_of

AT_HANDSHAKE = {
    "immuta_provider",
    "immuta_provider.main",
    "immuta_provider.plugin",
    "immuta_provider.plugin.transport",
    *(
        f"immuta_provider.plugin.transport.{name}"
        for name in ("certificate", "handshake", "listener", "p256", "server", "tls")
    ),
    "_collections_abc",
    "_socket",
    "_ssl",
    "binascii",
    "gc",
    "genericpath",
    "os",
    "os.path",
    "posixpath",
    "stat",
}
# The standard library's, between the handshake and the configuration.
FOR_SCHEMA_AND_VALIDATION = {
    "_queue",
    "_struct",
    "_weakrefset",
    "collections",
    "copyreg",
    "encodings.idna",
    "enum",
    "functools",
    "ipaddress",
    "keyword",
    "operator",
    "re",
    "re._casefix",
    "re._compiler",
    "re._constants",
    "re._parser",
    "reprlib",
    "resource",
    "stringprep",
    "struct",
    "threading",
    "types",
    "unicodedata",
    "urllib",
    "urllib.parse",
    "warnings",
}
# `urllib.parse` imports more in later versions.
SINCE = {"3.11": set[str](), "3.12": {"math"}, "3.13": {"math"}}
HASHES = {"3.11": "_sha256", "3.12": "_sha2", "3.13": "_sha2"}
OF_THE_CLIENT = {
    "immuta_provider.api",
    "immuta_provider.api.http",
    "immuta_provider.api.http.errors",
    "immuta_provider.api.http.settings",
    "immuta_provider.api.found",
}
CARRIED = {"certifi", "charset_normalizer", "idna", "requests", "urllib3"}


def nothing_set(schema: Schema) -> dict[str, bytes]:
    return {"msgpack": msgpack.encoder(schema.object_type)(dict.fromkeys(a.name for a in schema.attributes))}


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "immuta_provider"}


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mirror.install(tmp_path_factory.mktemp("mirror")) / mirror.plugin_name()


@pytest.mark.parametrize("version", sorted(SINCE.keys() & interpreters().keys()))
def test_the_loaded_modules_at_the_handshake_after_configure_and_after_a_request(
    plugin: Path, version: str, tmp_path: Path
) -> None:
    python = interpreters()[version]
    provider = ImmutaProvider({})
    block = nothing_set(provider.schema)
    with (
        Immuta() as simulator,
        WatchedPlugin(plugin, python, tmp_path, simulator.environment) as watched,
    ):
        watched.call(messages.GET_PROVIDER_SCHEMA)
        watched.call(messages.VALIDATE_PROVIDER_CONFIG, config=block)
        before = watched.now()
        watched.call(messages.CONFIGURE_PROVIDER, terraform_version="1.11.4", config=block)
        configured = watched.now()
        integrations = provider.data_sources["immuta_integrations"]
        watched.call(
            messages.READ_DATA_SOURCE,
            type_name="immuta_integrations",
            config=nothing_set(integrations.schema),
        )
        asked = watched.now()
        assert simulator.calls() == ["GET /integrations 200"]
    bare = modules_of(python)
    handshake = AT_HANDSHAKE | {HASHES[version]}
    assert watched.at_handshake - bare == handshake - bare
    validated = handshake | FOR_SCHEMA_AND_VALIDATION | SINCE[version]
    assert before - bare - ours(before) == validated - bare - ours(validated)
    assert {name for name in before if name.startswith("immuta_provider.api")} == OF_THE_CLIENT
    assert configured - ours(configured) == before - ours(before)
    # The plugin's own requests, in the same Python, without the plugin.
    requests = modules_of(python, "sys.path.insert(0, sys.argv[1]); import requests", str(plugin))
    assert asked - configured - bare - ours(asked) == requests - configured - bare
    assert {name.partition(".")[0] for name in requests - bare} >= CARRIED

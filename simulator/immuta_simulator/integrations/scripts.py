"""The scripts that a person runs in the data platform when the set-up is not automatic.

The text is deterministic and names type, action and identifiers; like Immuta's own it carries the credentials that
were given, so it is as secret as they are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from immuta_simulator.integrations.tables import BIGQUERY, Type
from immuta_simulator.refusal import Refusal

IDENTIFIERS = (
    "host",
    "port",
    "workspaceUrl",
    "httpPath",
    "initialDatabase",
    "database",
    "schema",
    "warehouse",
    "catalog",
    "dataset",
    "datasetSuffix",
    "location",
)
PURPOSES = {
    "create": "set up the resources that Immuta manages",
    "initial-create": "prepare the database server for Immuta",
    "cleanup": "remove the resources of a set-up that failed",
    "post-cleanup": "finish removing the resources of a set-up that failed",
    "delete": "remove the resources that Immuta manages",
    "edit": "bring the resources that Immuta manages up to date",
}
REMOVING = frozenset({"cleanup", "post-cleanup", "delete"})


def refuse(kind: Type, action: str, automatic: bool) -> None:
    """400 where there is no such script."""
    if action not in kind.scripts:
        raise Refusal(400, f"There is no {action} script for {kind.name} integrations.", error="Bad request")
    if automatic:
        message = "Scripts are only for integrations that are configured manually (autoBootstrap: false)."
        raise Refusal(400, message, error="Bad request")


def write(kind: Type, action: str, automatic: bool, config: Mapping[str, Any]) -> str:
    refuse(kind, action, automatic)
    mark = "#" if kind is BIGQUERY else "--"
    head = [f"{mark} Immuta {kind.name} integration, {action} script: {PURPOSES[action]}"]
    head += [f"{mark} {name}: {config[name]}" for name in IDENTIFIERS if name in config]
    body = gcloud(config) if kind is BIGQUERY else sql(kind, action, config)
    return "\n".join([*head, *body, ""])


def gcloud(config: Mapping[str, Any]) -> Iterator[str]:
    yield f"gcloud iam roles create {config['role']} --title='Immuta'"
    yield f"gcloud iam service-accounts create {config['role']} --display-name='Immuta'"
    yield f"bq mk --location={config['location']} {config['dataset']}"
    yield "cat > immuta-key.json <<'KEY'"
    yield config["credential"]
    yield "KEY"


def sql(kind: Type, action: str, config: Mapping[str, Any]) -> Iterator[str]:
    container = next((name for name in ("catalog", "schema") if name in config), "database")
    target = f'{container.upper()} "{config.get(container)}"'
    user = config.get("username") or config.get("databaseUser") or "IMMUTA_SYSTEM_ACCOUNT"
    if action in REMOVING:
        yield f"DROP {target};"
        yield f'DROP USER "{user}";'
        return
    yield f"{'ALTER' if action == 'edit' else 'CREATE'} {target};"
    for name in ("password", "token", "secretKey"):
        if name in config:
            yield f"""ALTER USER "{user}" PASSWORD = '{str(config[name]).replace("'", "''")}';"""
    for name in ("privateKey", "oAuthClientConfig", "okta"):
        if name in config:
            yield f"-- {name}: {json.dumps(config[name], sort_keys=True)}"
    yield f'GRANT ALL ON {target} TO "{user}";'

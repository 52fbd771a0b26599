"""The OpenAPI document and its page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from immuta_simulator.families import FAMILIES
from immuta_simulator.integrations.samples import SAMPLES
from immuta_simulator.records.family import RecordFamily
from support.simulator_client import Client

PLAIN_ROUTES = {"": "GET POST", "/{id}": "DELETE GET PUT"}
ROUTES = {
    "/bim/apikey/authenticate": "POST",
    "/integrations": "GET POST",
    "/integrations/scripts/cleanup": "POST",
    "/integrations/scripts/create": "POST",
    "/integrations/scripts/initial-create": "POST",
    "/integrations/scripts/post-cleanup": "POST",
    "/integrations/{id}": "DELETE GET PUT",
    "/integrations/{id}/regenerate": "POST",
    "/integrations/{id}/scripts/delete": "POST",
    "/integrations/{id}/scripts/edit": "POST",
    "/integrations/{id}/status": "GET",
    "/tag": "GET POST",
    "/tag/{id}": "DELETE",
    "/governance/purpose": "GET POST",
    "/governance/purpose/{id}": "DELETE GET PUT",
    "/api/v2/purpose": "POST",
    "/bim/iam": "GET",
    "/bim/user": "GET",
    "/bim/rpc/user/current": "GET",
    "/bim/iam/bim/user": "POST",
    "/bim/iam/{iamid}/user/{id}": "GET",
    "/bim/iam/bim/user/{id}": "DELETE",
    "/bim/iam/{iamid}/user/{id}/profile": "PUT",
    "/bim/iam/{iamid}/user/{id}/permissions": "PUT",
    "/bim/iam/{iamid}/user/{id}/password": "PUT",
    "/bim/iam/{iamid}/user/{id}/authorizations/{key}/{value}": "DELETE PUT",
    "/dataSource": "GET",
    "/dataSource/{id}": "DELETE GET PUT",
    "/native-s3/handler": "POST",
    "/native-s3/handler/{id}": "GET",
    "/bim/group": "GET POST",
    "/bim/group/{id}": "DELETE GET PUT",
    "/bim/iam/{iamid}/group/{id}": "GET",
    "/bim/iam/{iamid}/group/{id}/authorizations/{key}/{value}": "DELETE PUT",
    "/bim/group/{id}/user": "GET POST",
    "/bim/group/{id}/user/{membership}": "DELETE",
    "/policy/global": "GET POST",
    "/policy/global/{id}": "DELETE GET PUT",
    "/api/v2/policy": "POST",
    "/api/v2/policy/{key}": "DELETE",
    "/project": "GET",
    "/project/{id}": "GET PUT",
    "/project/{id}/dataSources": "GET",
    "/project/{id}/members": "GET",
    "/project/{id}/members/{subscription}/acknowledge": "POST",
    "/api/v2/project": "POST",
    "/api/v2/project/{key}": "DELETE",
    **{f"/domain{rest}": methods for rest, methods in PLAIN_ROUTES.items()},
    **{f"/collection{rest}": methods for rest, methods in PLAIN_ROUTES.items()},
    "/_simulator/faults": "DELETE GET POST",
    "/_simulator/faults/{number}": "DELETE",
    "/_simulator/integrations": "GET POST",
    "/_simulator/integrations/{id}": "DELETE GET PATCH PUT",
    "/_simulator/records/{collection}": "GET POST",
    "/_simulator/records/{collection}/{id}": "DELETE PATCH",
    "/_simulator/requests": "DELETE GET",
    "/_simulator/reset": "POST",
    "/_simulator/settings": "GET PATCH",
    "/_simulator/tokens/expire": "POST",
}


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    status, document = client.ask("GET", "/openapi.json", key=None)
    assert status == 200
    found: dict[str, Any] = document
    return found


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_every_route_has_a_tag_and_a_summary(document: dict[str, Any]) -> None:
    found = operations(document)

    methods = {path: " ".join(sorted(map(str.upper, item))) for path, item in document["paths"].items()}
    plain = {
        f"{row.path}{rest}": methods
        for family in FAMILIES
        if issubclass(family, RecordFamily)
        for row in family.rows
        for rest, methods in PLAIN_ROUTES.items()
    }
    assert methods == {path: ROUTES.get(path, plain.get(path)) for path in {*ROUTES, *methods}}
    tags = [tag["name"] for tag in document["tags"]]
    assert {tag for operation in found.values() for tag in operation["tags"]} == set(tags)
    assert [route for route, operation in found.items() if not operation["summary"]] == []
    assert len({operation["operationId"] for operation in found.values()}) == len(found)


def test_every_route_but_the_exchange_requires_the_key(document: dict[str, Any]) -> None:
    assert document["security"] == [{"Authorization": []}]
    scheme = document["components"]["securitySchemes"]["Authorization"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "Authorization")
    own = {route: op["security"] for route, op in operations(document).items() if "security" in op}
    assert own == {"POST /bim/apikey/authenticate": []}


@pytest.mark.parametrize("media_type", ["application/json", "application/x-yaml"])
def test_the_seven_samples_are_the_examples(
    client: Client, document: dict[str, Any], media_type: str
) -> None:
    content = operations(document)["POST /integrations"]["requestBody"]["content"][media_type]
    values = [example["value"] for example in content["examples"].values()]

    assert values == list(SAMPLES.values())
    assert [client.ask("POST", "/integrations", value)[0] for value in values] == [200] * 7


def test_the_examples_of_scripts_and_faults_work(client: Client, document: dict[str, Any]) -> None:
    found = operations(document)
    scripts = found["POST /integrations/scripts/create"]["requestBody"]["content"]["application/json"][
        "examples"
    ]
    faults = found["POST /_simulator/faults"]["requestBody"]["content"]["application/json"]["examples"]

    statuses = [client.ask("POST", "/integrations/scripts/create", e["value"])[0] for e in scripts.values()]
    statuses += [client.ask("POST", "/_simulator/faults", e["value"])[0] for e in faults.values()]

    assert statuses == [200] * (len(scripts) + len(faults))
    assert sorted(scripts) == ["azure-synapse", "bigquery", "databricks", "redshift", "snowflake"]


def test_every_reference_has_a_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    referred: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                referred.add(value["$ref"].removeprefix("#/components/schemas/"))
            for part in value.values():
                walk(part)
        elif isinstance(value, list):
            for part in value:
                walk(part)

    walk(document)
    assert referred - set(schemas) == set()
    assert set(schemas) - referred == set()


def test_the_schema_of_a_type_has_its_keys_defaults_and_limits(document: dict[str, Any]) -> None:
    text = {"type": "string"}
    assert document["components"]["schemas"]["BigqueryIntegration"] == {
        "title": "Google BigQuery",
        "type": "object",
        "required": ["type", "autoBootstrap", "config"],
        "properties": {
            "type": {"const": "Google BigQuery", "type": "string"},
            "autoBootstrap": {"type": "boolean", "enum": [False]},
            "config": {
                "type": "object",
                "properties": {
                    "role": text,
                    "datasetSuffix": {"type": "string", "pattern": "^_.*$"},
                    "dataset": {"type": "string", "default": "immuta"},
                    "location": {"type": "string", "default": "us-east1"},
                    "credential": {"type": "string", "writeOnly": True},
                    "port": {"type": "integer", "minimum": 0, "maximum": 65535, "default": 443},
                },
                "required": ["role", "datasetSuffix", "credential"],
            },
        },
        "example": SAMPLES["Google BigQuery"],
    }


def test_the_page_loads_from_the_simulator_alone(client: Client) -> None:
    page = client.send("GET", "/docs", key=None)

    addresses = re.findall(r"""(?:src|href|url:)\s*=?\s*["']([^"']+)["']""", page.text)
    assert page.status_code == 200
    assert "//" not in re.sub(r"^\s*//.*$", "", page.text, flags=re.MULTILINE).replace("<!--", "")
    assert addresses == [
        "/docs/assets/swagger-ui.css",
        "/docs/assets/favicon.png",
        "/docs/assets/swagger-ui-bundle.js",
        "/openapi.json",
    ]
    served = [client.send("GET", address, key=None) for address in addresses]
    assert [
        (s.status_code, s.headers["content-type"].partition(";")[0], len(s.content) > 1000) for s in served
    ] == [
        (200, "text/css", True),
        (200, "image/png", True),
        (200, "text/javascript", True),
        (200, "application/json", True),
    ]
    assert "SwaggerUIBundle" in served[2].text
    assert set(re.findall(r"""url\(\s*["']?([^:)"']*)""", served[0].text)) == {"data"}
    assert "@import" not in served[0].text


def test_the_page_does_not_count_as_a_request(client: Client) -> None:
    client.send("GET", "/docs")

    assert client.control.requests()["requests"] == []

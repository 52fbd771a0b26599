"""The OpenAPI document and its page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from immuta_simulator.integrations.samples import SAMPLES
from support.simulator_client import Client

ROUTES = [
    "POST /bim/apikey/authenticate",
    "GET /integrations",
    "POST /integrations",
    "POST /integrations/scripts/cleanup",
    "POST /integrations/scripts/create",
    "POST /integrations/scripts/initial-create",
    "POST /integrations/scripts/post-cleanup",
    "DELETE /integrations/{id}",
    "GET /integrations/{id}",
    "PUT /integrations/{id}",
    "POST /integrations/{id}/regenerate",
    "POST /integrations/{id}/scripts/delete",
    "POST /integrations/{id}/scripts/edit",
    "GET /integrations/{id}/status",
]
ROUTES += [
    "GET /tag",
    "POST /tag",
    "DELETE /tag/{id}",
    "GET /governance/purpose",
    "POST /governance/purpose",
    "DELETE /governance/purpose/{id}",
    "GET /governance/purpose/{id}",
    "PUT /governance/purpose/{id}",
    "POST /api/v2/purpose",
    "GET /bim/iam",
    "GET /bim/user",
    "GET /bim/rpc/user/current",
    "POST /bim/iam/bim/user",
    "GET /bim/iam/{iamid}/user/{id}",
    "DELETE /bim/iam/bim/user/{id}",
    "PUT /bim/iam/{iamid}/user/{id}/profile",
    "PUT /bim/iam/{iamid}/user/{id}/permissions",
    "PUT /bim/iam/{iamid}/user/{id}/password",
    "PUT /bim/iam/{iamid}/user/{id}/authorizations/{key}/{value}",
    "DELETE /bim/iam/{iamid}/user/{id}/authorizations/{key}/{value}",
    "GET /dataSource",
    "GET /dataSource/{id}",
    "PUT /dataSource/{id}",
    "DELETE /dataSource/{id}",
    "POST /native-s3/handler",
    "GET /native-s3/handler/{id}",
    "POST /bim/group",
    "GET /bim/group",
    "GET /bim/group/{id}",
    "PUT /bim/group/{id}",
    "DELETE /bim/group/{id}",
    "GET /bim/iam/{iamid}/group/{id}",
    "PUT /bim/iam/{iamid}/group/{id}/authorizations/{key}/{value}",
    "DELETE /bim/iam/{iamid}/group/{id}/authorizations/{key}/{value}",
    "GET /bim/group/{id}/user",
    "POST /bim/group/{id}/user",
    "DELETE /bim/group/{id}/user/{membership}",
    "GET /policy/global",
    "POST /policy/global",
    "DELETE /policy/global/{id}",
    "GET /policy/global/{id}",
    "PUT /policy/global/{id}",
    "POST /api/v2/policy",
    "DELETE /api/v2/policy/{key}",
    "GET /project",
    "GET /project/{id}",
    "PUT /project/{id}",
    "GET /project/{id}/dataSources",
    "GET /project/{id}/members",
    "POST /project/{id}/members/{subscription}/acknowledge",
    "POST /api/v2/project",
    "DELETE /api/v2/project/{key}",
    *(
        f"{method} {path}"
        for path in ("/domain", "/collection")
        for method, path in (
            ("GET", path),
            ("POST", path),
            ("DELETE", f"{path}/{{id}}"),
            ("GET", f"{path}/{{id}}"),
            ("PUT", f"{path}/{{id}}"),
        )
    ),
]
OWN_ROUTES = [
    "DELETE /_simulator/faults",
    "GET /_simulator/faults",
    "POST /_simulator/faults",
    "DELETE /_simulator/faults/{number}",
    "GET /_simulator/integrations",
    "POST /_simulator/integrations",
    "DELETE /_simulator/integrations/{id}",
    "GET /_simulator/integrations/{id}",
    "PATCH /_simulator/integrations/{id}",
    "PUT /_simulator/integrations/{id}",
    "DELETE /_simulator/records/{collection}/{id}",
    "GET /_simulator/records/{collection}",
    "PATCH /_simulator/records/{collection}/{id}",
    "POST /_simulator/records/{collection}",
    "DELETE /_simulator/requests",
    "GET /_simulator/requests",
    "POST /_simulator/reset",
    "GET /_simulator/settings",
    "PATCH /_simulator/settings",
    "POST /_simulator/tokens/expire",
]


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


def test_every_route_is_there_with_tag_and_summary(document: dict[str, Any]) -> None:
    found = operations(document)

    assert sorted(found, key=lambda route: route.split()[::-1]) == sorted(
        ROUTES + OWN_ROUTES, key=lambda route: route.split()[::-1]
    )
    tags = [tag["name"] for tag in document["tags"]]
    assert {tag for operation in found.values() for tag in operation["tags"]} == set(tags)
    assert [route for route, operation in found.items() if not operation["summary"]] == []
    assert len({operation["operationId"] for operation in found.values()}) == len(found)


def test_the_key_is_asked_for_but_not_for_the_exchange(document: dict[str, Any]) -> None:
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


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
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


def test_the_schema_of_one_type_whole(document: dict[str, Any]) -> None:
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


def test_the_page_needs_nothing_from_elsewhere(client: Client) -> None:
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

"""Routes and ids as templates."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.api.http.errors import ConfigurationError
from immuta_provider.api.templates import filled, id_of, values_of

VALUE = "{iamid}/{userid}/{key}/{value}"


@pytest.mark.parametrize(
    ("route", "values", "request_line"),
    [
        ("GET /tag", {}, ("GET", "/tag")),
        ("GET /tag/{id}", {"id": "a b/c"}, ("GET", "/tag/a%20b%2Fc")),
        ("POST /x?loud={loud}&a=b", {"loud": True}, ("POST", "/x?loud=true&a=b")),
        ("POST /x?loud={loud}", {"loud": None}, ("POST", "/x")),
        ("GET /x?tag[]={tag}", {"tag": "a&b"}, ("GET", "/x?tag%5B%5D=a%26b")),
    ],
)
def test_a_route_is_filled(route: str, values: dict[str, Any], request_line: tuple[str, str]) -> None:
    assert filled(route, values) == request_line


@pytest.mark.parametrize("id", ["..", ".", "", "a\nb"])
def test_a_value_that_leads_elsewhere_is_refused(id: str) -> None:
    with pytest.raises(ConfigurationError):
        filled("GET /tag/{id}", {"id": id})


@pytest.mark.parametrize(
    ("values", "id"),
    [
        ({"iamid": "bim", "userid": "ana", "key": "country", "value": "DE"}, "bim/ana/country/DE"),
        ({"iamid": "bim", "userid": "a/b", "key": "50%", "value": "x/y"}, "bim/a%2Fb/50%25/x%2Fy"),
    ],
)
def test_an_id_consists_of_its_values(values: dict[str, str], id: str) -> None:
    assert (id_of(VALUE, values), values_of(VALUE, id)) == (id, values)


@pytest.mark.parametrize("value", [None, ""])
def test_an_id_without_one_of_its_values_is_not_made(value: str | None) -> None:
    assert id_of("{iamid}/{userid}", {"iamid": "bim", "userid": value}) is None


def test_the_last_value_of_an_id_may_have_slashes() -> None:
    assert values_of("{iamid}/{userid}", "bim/corp/ana") == {"iamid": "bim", "userid": "corp/ana"}


@pytest.mark.parametrize("id", ["bim", "bim/", "/ana"])
def test_an_id_of_another_form_is_its_own_value(id: str) -> None:
    assert values_of("{iamid}/{userid}", id) == {"id": id}

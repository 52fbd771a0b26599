import pytest
from immuta_provider.resources.equivalence import hostname, json_text, url


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Acme.Example", "acme.example", True),
        ("acme.example.", "acme.example", True),
        ("acme.example/", "acme.example", True),
        ("acme.example", "acme.example:443", False),
        ("acme.example", None, False),
    ],
)
def test_two_spellings_of_a_hostname_are_one_host_or_two(a: object, b: object, same: bool) -> None:
    assert hostname(a, b) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("https://ACME.example/", "https://acme.example", True),
        ("HTTPS://acme.example/a/", "https://acme.example/a", True),
        ("https://acme.example/A", "https://acme.example/a", False),
        ("acme.example", "ACME.example/", True),
        ("http://acme.example", "https://acme.example", False),
        (1, "1", False),
    ],
)
def test_two_spellings_of_a_url_are_one_or_two(a: object, b: object, same: bool) -> None:
    assert url(a, b) is same


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ('{"a": 1, "b": [true]}', '{"b":[true],"a":1}', True),
        ('{"a": 1}', '{"a": 2}', False),
        ('{"a": [1]}', '{"a": [1.0]}', True),
        ('{"a": [1]}', '{"a": [true]}', False),
        ('{"a": {"b": false}}', '{"a": {"b": 0}}', False),
        ("{", "{", True),
        ("{", "{}", False),
        (None, "{}", False),
    ],
)
def test_two_json_texts_are_one_value_or_two(a: object, b: object, same: bool) -> None:
    assert json_text(a, b) is same

from immuta_provider.integrations.compiled import INTEGRATIONS
from immuta_provider.resources.masking import mask


def test_what_the_model_and_the_name_say_is_secret_is_left_out() -> None:
    body = {
        "type": "Snowflake",
        "config": {
            "host": "acme",
            "password": "p",
            "privateKey": {"keyName": "PRIV_KEY_FILE", "content": "k"},
            "connections": [{"token": "t", "catalogs": ["c"]}],
            "brandNewSecret": ["s"],
            "credential": {"nested": 1, "clientSecret": None},
        },
        "apiKey": "a",
    }
    assert mask(INTEGRATIONS)(body) == {
        "type": "Snowflake",
        "config": {
            "host": "acme",
            "password": "(redacted)",
            "privateKey": {"keyName": "PRIV_KEY_FILE", "content": "(redacted)"},
            "connections": [{"token": "(redacted)", "catalogs": ["c"]}],
            "brandNewSecret": "(redacted)",
            "credential": "(redacted)",
        },
        "apiKey": "(redacted)",
    }

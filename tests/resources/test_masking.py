from immuta_provider.model.compiled.integrations import INTEGRATIONS
from immuta_provider.resources.masking import mask


def test_only_known_values_that_are_not_secret_are_shown() -> None:
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
        "validationResults": {
            "validationTests": [{"name": "n", "status": "failed", "message": "m", "result": [1]}]
        },
        "odd key 'p'": 5,
    }
    assert mask(INTEGRATIONS)(body) == {
        "type": "Snowflake",
        "config": {
            "host": "acme",
            "password": "(redacted)",
            "privateKey": {"keyName": "PRIV_KEY_FILE", "content": "(redacted)"},
            "connections": [{"token": "(redacted)", "catalogs": ["c"]}],
            "brandNewSecret": ["(redacted)"],
            "credential": "(redacted)",
        },
        "apiKey": "(redacted)",
        "validationResults": {
            "validationTests": [
                {"name": "(redacted)", "status": "failed", "message": "(redacted)", "result": [1]}
            ]
        },
        "(redacted)": 5,
    }

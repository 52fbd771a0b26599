import pytest
from immuta_provider.resources.durations import seconds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10m", 600.0),
        ("90s", 90.0),
        ("1h30m", 5400.0),
        ("1.5h", 5400.0),
        ("250ms", 0.25),
        (" 5s ", 5.0),
        ("", None),
        ("10", None),
        ("m", None),
        ("10 m", None),
        ("1d", None),
        ("-5s", None),
        ("0s", None),
        ("1.2.3s", None),
        (".s", None),
        ("ten minutes", None),
    ],
)
def test_a_duration_is_a_number_of_seconds_or_none(text: str, expected: float | None) -> None:
    assert seconds(text) == expected

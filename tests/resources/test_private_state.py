import pytest
from immuta_provider.resources.private_state import PrivateState


def test_it_comes_back_as_it_went() -> None:
    state = PrivateState([("port",), ("audit", "enabled")], {"password": {"kind": "scrypt"}})
    encoded = state.encode()
    assert encoded == (
        b'{"configured":[["audit","enabled"],["port"]],"secrets":{"password":{"kind":"scrypt"}}}'
    )
    decoded = PrivateState.decode(encoded)
    assert (decoded.configured, decoded.secrets, decoded.doubtful) == (state.configured, state.secrets, False)


def test_a_doubtful_update_is_remembered() -> None:
    encoded = PrivateState(doubtful=True).encode()
    assert encoded == b'{"configured":[],"doubtful":true,"secrets":{}}'
    assert PrivateState.decode(encoded).doubtful is True


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"null",
        b'{"configured": 5, "secrets": [], "doubtful": 1}',
        b'{"configured": ["a", {}], "secrets": {"a": 1}}',
        b'{"configured": [[["a"]], [{}], [null], [true], [1.5], []]}',
        b'{"configured": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"secrets": {"a": ' + b'{"b":' * 100_000 + b"1" + b"}" * 100_000 + b"}}",
    ],
)
def test_what_cannot_be_read_is_not_remembered(data: bytes) -> None:
    decoded = PrivateState.decode(data)
    assert (decoded.configured, decoded.secrets, decoded.doubtful) == (frozenset(), {}, False)

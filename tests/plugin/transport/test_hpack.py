"""HPACK against the `hpack` library in both directions, and blocks that the library does not send."""

from __future__ import annotations

from typing import NamedTuple

import hpack as library
import pytest
from hpack.huffman import HuffmanEncoder
from hpack.huffman_constants import REQUEST_CODES, REQUEST_CODES_LENGTH
from hpack.table import HeaderTable
from hypothesis import example, given
from hypothesis import strategies as st
from immuta_provider.plugin.transport import bounds, hpack, hpack_tables, http2
from support.rawh2 import END_HEADERS, HEADERS, frame
from support.toy_session import Silent, begun

# The library uses bytes; the codec uses the same as latin-1 text.
octets = st.binary(max_size=40)
known = st.sampled_from(HeaderTable.STATIC_TABLE)
headers = st.lists(
    st.one_of(
        st.tuples(st.sampled_from([b":path", b"content-type", b"x-one", b"x-two"]), octets),
        st.tuples(octets, octets),
        known,
    ),
    max_size=12,
)


class Block(NamedTuple):
    """One header block to be encoded: with or without Huffman, some headers never indexed, the table resized before."""

    headers: list[tuple[bytes, bytes]]
    huffman: bool
    secret: bool
    sizes: list[int]


blocks = st.lists(
    st.builds(
        Block,
        headers,
        st.booleans(),
        st.booleans(),
        st.lists(st.integers(0, bounds.TABLE_SIZE), max_size=2),
    ),
    max_size=8,
)


def text(pairs: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]


@given(blocks)
def test_blocks_of_the_library_are_decoded(blocks: list[Block]) -> None:
    encoder = library.Encoder()
    decoder = hpack.Decoder()
    for block in blocks:
        for size in block.sizes:
            # If the size is set to its current value, the library does not send the change before.
            if size != encoder.header_table_size:
                encoder.header_table_size = size
        made = [
            library.NeverIndexedHeaderTuple(*pair) if block.secret else library.HeaderTuple(*pair)
            for pair in block.headers
        ]
        encoded = encoder.encode(made, huffman=block.huffman)
        assert decoder.decode(encoded) == text(block.headers)


@given(st.lists(headers, max_size=4))
def test_the_library_decodes_encoded_blocks(lists: list[list[tuple[bytes, bytes]]]) -> None:
    decoder = library.Decoder()
    for pairs in lists:
        assert decoder.decode(hpack.encode(text(pairs)), raw=True) == pairs


@given(st.binary(max_size=200))
def test_huffman_strings_of_the_library_are_decoded(data: bytes) -> None:
    encoded = HuffmanEncoder(REQUEST_CODES, REQUEST_CODES_LENGTH).encode(data)
    assert hpack.huffman_decode(encoded) == data


@given(st.binary(max_size=100))
def test_any_bytes_decode_or_fail_as_an_hpack_error(data: bytes) -> None:
    decoder = hpack.Decoder()
    try:
        decoded = decoder.decode(data)
    except hpack.HpackError:
        return
    assert [(type(name), type(value)) for name, value in decoded] == [(str, str)] * len(decoded)


class Recorder(Silent):
    """An application that records the headers of requests."""

    def __init__(self) -> None:
        self.requests: list[dict[str, str]] = []

    def on_request(self, stream: http2.Stream, headers: dict[str, str]) -> None:
        self.requests.append(headers)


requests = st.tuples(
    st.sampled_from([None, 0, 60, 120, 4096]),
    st.lists(
        st.sampled_from([("x", "1"), ("x", "2"), ("y", "1"), ("z", "")]),
        max_size=3,
        unique_by=lambda one: one[0],
    ),
)


@given(st.lists(requests, max_size=40))
@example([(None, [("x", "1")]), (None, [("x", "1")]), (None, [("y", "1")]), (None, [("y", "1")])])
@example(
    [
        (60, []),
        (4096, []),
        (120, []),
        (4096, []),
        *((None, [header]) for header in [("x", "1"), ("x", "2"), ("y", "1"), ("z", ""), ("x", "1")]),
    ]
)
def test_cached_blocks_have_the_same_headers(
    sequence: list[tuple[int | None, list[tuple[str, str]]]],
) -> None:
    """Few different requests and table sizes, so that blocks repeat, with the table the same and changed."""
    recorder = Recorder()
    connection = begun(recorder)
    encoder = library.Encoder()
    expected = []
    for number, (size, more) in enumerate(sequence):
        if size is not None:
            encoder.header_table_size = size
        headers = [(":method", "POST"), (":scheme", "http"), (":path", "/"), *more]
        expected.append(dict(headers))
        connection.receive(frame(HEADERS, END_HEADERS, 2 * number + 1, encoder.encode(headers)))
    assert recorder.requests == expected


def test_the_tables_equal_those_of_the_library() -> None:
    assert tuple(text(list(HeaderTable.STATIC_TABLE))) == hpack_tables.STATIC
    assert bytes(REQUEST_CODES_LENGTH) == hpack_tables.CODE_LENGTHS


MISSING = "a header block ends too early or has the index of a missing entry"


@pytest.mark.parametrize(
    ("block", "error"),
    [
        (b"\x80", "there is no header 0"),
        (b"\xbe", MISSING),
        (b"\x40\x05ab", "a string is longer than its header block"),
        (b"\x40", MISSING),
        (b"\xff\xff\xff\xff\xff\xff\xff\x01", "an integer is longer than 32 bits"),
        (b"\x3f\xe2\x1f", "a table of 4097 bytes is more than the 4096 allowed"),
        (b"\x82\x20", "a table size update follows a header"),
        (b"\x20" * 17, "a header block has more than 16 table size updates"),
        (b"\x00\x84\xff\xff\xff\xff\x00", "a huffman string has an end-of-string symbol"),
        (b"\x00\x81\x00\x00", "a huffman string is padded wrongly"),
        (b"\x00\x82\x1f\xff\x00", "a huffman string is padded wrongly"),
    ],
)
def test_an_invalid_block_is_refused(block: bytes, error: str) -> None:
    with pytest.raises(hpack.HpackError) as caught:
        hpack.Decoder().decode(block)
    assert str(caught.value) == error


def test_the_table_is_bounded_and_evicts_the_oldest_entries() -> None:
    encoder = library.Encoder()
    decoder = hpack.Decoder()
    for number in range(1000):
        pairs = [("x-number", str(number)), ("x-long", "y" * 50)]
        assert decoder.decode(encoder.encode(pairs)) == pairs
    assert sum(len(name) + len(value) + 32 for name, value in decoder._table) == decoder._size <= 4096


def test_a_header_list_that_is_too_large_is_refused() -> None:
    encoder = library.Encoder()
    decoder = hpack.Decoder(list_size=1000)
    assert decoder.decode(encoder.encode([("x", "y" * 900)])) == [("x", "y" * 900)]
    with pytest.raises(hpack.HeaderListTooLarge) as caught:
        decoder.decode(encoder.encode([("x", "y" * 900), ("z", "z" * 40)]))
    assert str(caught.value) == "the headers are larger than 1000 bytes"

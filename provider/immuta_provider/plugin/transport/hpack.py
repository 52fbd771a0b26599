"""HPACK (RFC 7541): decodes and encodes header blocks.

The decoder supports all of HPACK, and limits its memory. The encoder uses neither Huffman coding nor the dynamic table, so it
has no state.
"""

from __future__ import annotations

from .bounds import MAX_LIST_SIZE, MAX_SIZE_UPDATES, TABLE_SIZE
from .hpack_tables import CODE_LENGTHS, STATIC

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

Header = tuple[str, str]

ENTRY_OVERHEAD = 32


class HpackError(Exception):
    """A header block cannot be decoded. This is a connection error, because both sides share the dynamic table."""


class HeaderListTooLarge(HpackError):
    """The decoded headers are larger than `MAX_LIST_SIZE` allows."""


def _huffman_code() -> dict[int, int]:
    """The symbols by code. Each code has a 1 before its first bit, so that codes of different lengths differ."""
    symbols = {}
    code = previous = 0
    for length, symbol in sorted((length, symbol) for symbol, length in enumerate(CODE_LENGTHS)):
        code <<= length - previous
        previous = length
        symbols[1 << length | code] = symbol
        code += 1
    return symbols


_END_OF_STRING = 256
_symbols: dict[int, int] = {}


def huffman_decode(encoded: bytes) -> bytes:
    """Decodes a Huffman-coded string. Raises `HpackError` if the string is not valid."""
    if not _symbols:
        _symbols.update(_huffman_code())
    decoded = bytearray()
    code = 1
    for octet in encoded:
        for shift in (7, 6, 5, 4, 3, 2, 1, 0):
            code = code << 1 | octet >> shift & 1
            symbol = _symbols.get(code)
            if symbol is not None:
                if symbol == _END_OF_STRING:
                    raise HpackError("a huffman string has an end-of-string symbol")
                decoded.append(symbol)
                code = 1
    # The rest is padding: fewer than 8 bits, all of them 1 (section 5.2).
    if code > 0xFF or code & code + 1:
        raise HpackError("a huffman string is padded wrongly")
    return bytes(decoded)


class Decoder:
    """Decodes the header blocks of one connection, in order.

    `version` changes with the dynamic table. Equal blocks have equal headers while it stays the same.
    """

    __slots__ = ("_capacity", "_limit", "_list_size", "_size", "_table", "version")

    def __init__(self, table_size: int = TABLE_SIZE, list_size: int = MAX_LIST_SIZE) -> None:
        self._table: list[Header] = []
        self._size = 0
        self._capacity = table_size
        self._limit = table_size
        self._list_size = list_size
        self.version = 0

    def decode(self, block: bytes) -> list[Header]:
        """Decodes one whole block. Raises `HpackError`; the decoder cannot be used after that."""
        try:
            return self._decode(block)
        except IndexError:
            raise HpackError("a header block ends too early or has the index of a missing entry") from None

    def _decode(self, block: bytes) -> list[Header]:
        headers: list[Header] = []
        position = 0
        size = 0
        updates = 0
        while position < len(block):
            first = block[position]
            if first & 0x80:
                index, position = self._integer(block, position, 7)
                header = self._entry(index)
            elif first & 0x40:
                header, position = self._literal(block, position, 6)
                self._insert(header)
            elif first & 0x20:
                if headers:
                    raise HpackError("a table size update follows a header")
                updates += 1
                if updates > MAX_SIZE_UPDATES:
                    raise HpackError(f"a header block has more than {MAX_SIZE_UPDATES} table size updates")
                capacity, position = self._integer(block, position, 5)
                if capacity > self._limit:
                    raise HpackError(f"a table of {capacity} bytes is more than the {self._limit} allowed")
                if capacity != self._capacity:
                    self.version += 1
                self._capacity = capacity
                self._evict()
                continue
            else:
                header, position = self._literal(block, position, 4)
            size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD
            if size > self._list_size:
                raise HeaderListTooLarge(f"the headers are larger than {self._list_size} bytes")
            headers.append(header)
        return headers

    def _literal(self, block: bytes, position: int, bits: int) -> tuple[Header, int]:
        index, position = self._integer(block, position, bits)
        if index:
            name = self._entry(index)[0]
        else:
            name, position = self._string(block, position)
        value, position = self._string(block, position)
        return (name, value), position

    @staticmethod
    def _integer(block: bytes, position: int, bits: int) -> tuple[int, int]:
        full = (1 << bits) - 1
        value = block[position] & full
        position += 1
        if value < full:
            return value, position
        for shift in range(0, 35, 7):
            octet = block[position]
            position += 1
            value += (octet & 0x7F) << shift
            if octet < 0x80:
                return value, position
        raise HpackError("an integer is longer than 32 bits")

    def _string(self, block: bytes, position: int) -> tuple[str, int]:
        huffman = block[position] & 0x80
        length, position = self._integer(block, position, 7)
        end = position + length
        if end > len(block):
            raise HpackError("a string is longer than its header block")
        text = block[position:end]
        return (huffman_decode(text) if huffman else text).decode("latin-1"), end

    def _entry(self, index: int) -> Header:
        if index > len(STATIC):
            return self._table[index - len(STATIC) - 1]
        if not index:
            raise HpackError("there is no header 0")
        return STATIC[index - 1]

    def _insert(self, header: Header) -> None:
        self.version += 1
        self._table.insert(0, header)
        self._size += len(header[0]) + len(header[1]) + ENTRY_OVERHEAD
        self._evict()

    def _evict(self) -> None:
        while self._size > self._capacity:
            self.version += 1
            name, value = self._table.pop()
            self._size -= len(name) + len(value) + ENTRY_OVERHEAD


def _encode_integer(value: int, bits: int, flags: int) -> bytes:
    full = (1 << bits) - 1
    if value < full:
        return bytes((flags | value,))
    encoded = bytearray((flags | full,))
    value -= full
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)


def _encode_string(text: str) -> bytes:
    octets = text.encode("latin-1")
    return _encode_integer(len(octets), 7, 0) + octets


def encode(headers: Iterable[Header]) -> bytes:
    """Encodes a header list (lower-case names, latin-1 text). The result does not depend on a dynamic table."""
    block = bytearray()
    for name, value in headers:
        if (name, value) in STATIC:
            block += _encode_integer(STATIC.index((name, value)) + 1, 7, 0x80)
            continue
        index = next((index for index, entry in enumerate(STATIC, 1) if entry[0] == name), 0)
        block += _encode_integer(index, 4, 0)
        if not index:
            block += _encode_string(name)
        block += _encode_string(value)
    return bytes(block)

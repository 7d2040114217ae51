"""The Thrift compact protocol, in which a Parquet footer is written, as a tree.

A struct is a list of ``[field, kind, value]`` in order, a list is ``[kind, values]``, a binary is bytes and a number an
int. Only the kinds that Parquet uses are read. The protocol is Apache Thrift's, "Thrift Compact protocol
encoding" (doc/specs/thrift-compact-protocol.md in its repository); the footer is Apache Parquet's ``parquet.thrift``.
"""

from __future__ import annotations

from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
Struct = list[list[Any]]
_DOUBLE_BYTES = 8
_LONG_LIST = 15
# The largest step between two field numbers that shares a byte with the kind.
_LONGEST_STEP = 15


def read_struct(data: bytes | memoryview) -> Struct:
    """The struct at the start of the bytes; ValueError or IndexError where there is none."""
    return _StructReader(data).struct()


def write_struct(struct: Struct) -> bytes:
    """The bytes of a struct."""
    out = bytearray()
    _write_struct(out, struct)
    return bytes(out)


def field_value(struct: Struct, number: int) -> Any:
    """The value of a field, None where it is absent."""
    return next((value for found, _, value in struct if found == number), None)


class _StructReader:
    def __init__(self, data: bytes | memoryview) -> None:
        self._data = memoryview(data)
        self._place = 0

    def struct(self) -> Struct:
        found: Struct = []
        number = 0
        while True:
            head = self._byte()
            if head == 0:
                return found
            step, kind = head >> 4, head & 15
            number = number + step if step else self._number()
            # A truth value is its own kind and has no bytes.
            found.append([number, kind, None if kind in {TRUE, FALSE} else self._value(kind)])

    def _value(self, kind: int) -> Any:
        if kind in {I16, I32, I64}:
            return self._number()
        if kind == BINARY:
            return self._bytes(self._varint())
        if kind == STRUCT:
            return self.struct()
        if kind in {LIST, SET}:
            head = self._byte()
            count, inner = head >> 4, head & 15
            if count == _LONG_LIST:
                count = self._varint()
            # In a list a truth value does have a byte.
            return [inner, [self._byte() if inner in {TRUE, FALSE} else self._value(inner) for _ in range(count)]]
        if kind == BYTE:
            return self._byte()
        if kind == DOUBLE:
            return self._bytes(_DOUBLE_BYTES)
        msg = f"a Parquet footer has no field of kind {kind}"
        raise ValueError(msg)

    def _byte(self) -> int:
        self._place += 1
        return self._data[self._place - 1]

    def _bytes(self, count: int) -> bytes:
        self._place += count
        return bytes(self._data[self._place - count : self._place])

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - the highest bit marks that more follows
                return number
            shift += 7

    def _number(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)


def _write_struct(out: bytearray, struct: Struct) -> None:
    before = 0
    for number, kind, value in struct:
        step = number - before
        if 0 < step <= _LONGEST_STEP:
            out.append(step << 4 | kind)
        else:
            out.append(kind)
            _write_number(out, number)
        before = number
        if kind not in {TRUE, FALSE}:
            _write_value(out, kind, value)
    out.append(0)


def _write_value(out: bytearray, kind: int, value: Any) -> None:
    if kind in {I16, I32, I64}:
        _write_number(out, value)
    elif kind == BINARY:
        _write_varint(out, len(value))
        out += value
    elif kind == STRUCT:
        _write_struct(out, value)
    elif kind in {LIST, SET}:
        inner, values = value
        if len(values) < _LONG_LIST:
            out.append(len(values) << 4 | inner)
        else:
            out.append(_LONG_LIST << 4 | inner)
            _write_varint(out, len(values))
        for one in values:
            if inner in {TRUE, FALSE}:
                out.append(one)
            else:
                _write_value(out, inner, one)
    elif kind == BYTE:
        out.append(value)
    else:
        out += value


def _write_varint(out: bytearray, number: int) -> None:
    while number >= 128:  # noqa: PLR2004 - seven bits to a byte
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)


def _write_number(out: bytearray, number: int) -> None:
    _write_varint(out, number << 1 if number >= 0 else ~(number << 1))

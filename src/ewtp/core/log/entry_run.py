"""A run of entries of a bundle, read and hashed together where each is the one that was logged.

Nearly every line of a bundle is the next entry, written as it was hashed, and a log may have millions of them: what can
be done for all of a run in one call is. Where one line of it is anything else nothing is said of the run, and its lines
are read one by one, by which the fault is named.
"""

from __future__ import annotations

import binascii
from hashlib import sha256
from itertools import chain
from typing import TYPE_CHECKING, Any

import orjson

from ewtp.core.log.event import SALT_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

# How the line of an entry is written around its body, its index and the digits of its salt.
_LINE = b'{"event":%b,"index":%d,"salt":"%b="}\n'
_START, _DIGITS, _CLOSING = 9, 43, 4
# Salts are read together, and so without the sign that fills each up: with a digit instead, which makes a zero more.
# Four such digits stand before the first, so that each salt has a zero before it as a leaf has.
_FILLING, _BEFORE, _FILLED = b"A", 2, SALT_BYTES + 1


def read_entry_run(lines: Sequence[bytes], start: int, leaves: bytes) -> list[dict[str, Any]] | None:
    """The events of lines that are the entries from ``start`` on, of which ``leaves`` has the hashes in one text.

    None unless every line is written as ``entry_line`` writes it, states its index, and has the hash of its leaf; and
    where the indices differ in length, so that the places in the lines do.
    """
    places = range(start, start + len(lines))
    if len(str(start)) != len(str(places[-1])):
        return None
    end = _START - len(_LINE % (b"", start, bytes(_DIGITS)))
    bodies, digits = [line[_START:end] for line in lines], [line[-_DIGITS - _CLOSING : -_CLOSING] for line in lines]
    # No body holds the end of a line, so where the texts are equal, each line is.
    written = _LINE * len(lines) % tuple(chain.from_iterable(zip(bodies, places, digits, strict=True)))
    salts = _read_salts(digits) if b"".join(lines) == written else None
    if salts is None:
        return None
    begins = range(_BEFORE, len(lines) * _FILLED, _FILLED)
    hashes = [sha256(salts[at : at + _FILLED] + body).digest() for at, body in zip(begins, bodies, strict=True)]
    if b"".join(hashes) != leaves:
        return None
    try:
        events = [*map(orjson.loads, bodies)]
    except orjson.JSONDecodeError:
        return None
    return events if set(map(type, events)) == {dict} else None


def _read_salts(digits: Sequence[bytes]) -> bytes | None:
    """The bytes of salts, each behind a zero; None where digits are none or are not the one way to write bytes."""
    try:
        read = binascii.a2b_base64(4 * _FILLING + _FILLING.join(digits) + _FILLING, strict_mode=True)
    except binascii.Error:
        return None
    filled = len(read) == _BEFORE + 1 + len(digits) * _FILLED and not any(read[_BEFORE::_FILLED])
    return read if filled else None

"""Canonical JSON (RFC 8785), so that equal values have equal bytes and therefore equal digests.

A profile of it, in which every reader agrees: keys are ASCII, numbers are integers below 2**53, and texts are Unicode
without lone surrogates. Amounts are decimal strings.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

# Beyond this, readers that keep numbers as doubles lose digits (RFC 8785, 3.2.2.3).
MOST_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """The one way to write the value; ValueError where the profile has no place for it."""
    _check(value)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise ValueError(str(error)) from error


def canonical_digest(value: Any) -> str:
    """SHA-256 of the value's canonical JSON, in hexadecimal digits; ValueError as for ``canonical_json``."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def _check(value: Any) -> None:
    kind = type(value)
    if kind is dict:
        for key, each in value.items():
            if type(key) is not str or not key.isascii():
                msg = f"a key of canonical JSON is ASCII text, not {key!r}"
                raise ValueError(msg)
            _check(each)
    elif kind is list:
        for each in value:
            _check(each)
    elif kind is int:
        if abs(value) > MOST_INTEGER:
            msg = f"{value} is too large a number for canonical JSON; write it as text"
            raise ValueError(msg)
    elif kind not in (str, bool, type(None)):
        msg = f"canonical JSON has no {kind.__name__}"
        raise ValueError(msg)

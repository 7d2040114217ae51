"""Values that no honest client sends, for the parameters, paths and fields of routes."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# In an address, with bytes that are not characters written in per cent.
IN_ADDRESSES = {
    "a NUL": "%00",
    "a lone surrogate": "%ED%A0%80",
    "5,000 digits": "9" * 5_000,
    "a negative number": "-1",
    "more than 64 bits": "18446744073709551616",
    "another script's digits": "%D9%A1%D9%A2",
    "10,000 letters": "x" * 10_000,
    "writing from right to left": "%E2%80%AE%D8%B9",
    "a number with an exponent": "1e400",
}
# In a field of JSON, as it is written.
IN_JSON = {
    "null": "null",
    "a huge number": "9" * 5_000,
    "a list": "[[[]]]",
    "an object": '{"a":{}}',
    "a NUL": '"\\u0000"',
    "a lone surrogate": '"\\ud800"',
    "a long text": '"' + "x" * 100_000 + '"',
    "nothing": '""',
    "writing from right to left": '"\\u202e\\u0639"',
}
BODIES = {
    "no JSON": b"{",
    "bytes that are not UTF-8": b'{"text":"\xff\xfe"}',
    "nested without end": b"[" * 100_000,
    "a list": b"[]",
    "a number": b"7",
    "nothing": b"",
    "the same field twice": b'{"text":"a","text":"b"}',
}


def assert_answered(response: Any) -> None:
    """A request was answered or refused: never by a server's error, and by the API with a code that does not change."""
    assert response.status_code < 500, response.content[:200]
    if response.status_code >= 400 and response.headers["Content-Type"].startswith("application/"):
        found = response.json()
        assert re.fullmatch(r"[a-z][a-z_]+", found["code"]), found
        assert len(response.content) < 5_000


def with_field(fields: Mapping[str, object], name: str, written: str) -> str:
    """The JSON of an object in which one field is what was written."""
    whole = {each: json.dumps(value) for each, value in fields.items()} | {name: written}
    return "{" + ",".join(f"{json.dumps(each)}:{text}" for each, text in whole.items()) + "}"

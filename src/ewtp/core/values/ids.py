"""Identifiers of what people make: a prefix that says what it is, and a UUID of version 7 (RFC 9562, 5.7).

They sort by the moment in which they were made, so an index grows at its end.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

# The one form of an identifier; the database holds its columns to the same expression.
ID_PATTERN = r"[a-z]{3}_[0-9a-f]{32}"
ENTROPY_BYTES = 10
_ID = re.compile(ID_PATTERN + r"\Z")
_PREFIX = re.compile(r"[a-z]{3}\Z")
_VERSION, _VARIANT = 7, 2


def id_at(prefix: str, now: datetime, entropy: bytes) -> str:
    """The identifier of something made at ``now``, such as ``org_0198…``.

    ``entropy`` is ten random bytes, of which 74 bits count; ValueError where the prefix is not three letters or the
    bytes are not ten.
    """
    if not _PREFIX.match(prefix) or len(entropy) != ENTROPY_BYTES:
        msg = f"an identifier has a prefix of three letters and {ENTROPY_BYTES} random bytes, not {prefix!r}"
        raise ValueError(msg)
    milliseconds = int(now.timestamp() * 1000) & (1 << 48) - 1
    drawn = int.from_bytes(entropy, "big")
    first, second = drawn >> 62 & 0xFFF, drawn & (1 << 62) - 1
    number = milliseconds << 80 | _VERSION << 76 | first << 64 | _VARIANT << 62 | second
    return f"{prefix}_{number:032x}"


def is_id(text: object, prefix: str) -> bool:
    """Whether a text has the form of an identifier with this prefix."""
    return isinstance(text, str) and text.startswith(f"{prefix}_") and bool(_ID.match(text))

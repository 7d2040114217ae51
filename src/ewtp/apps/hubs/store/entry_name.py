"""What entries of another hub's log are found by: a replay by the digest of its result, an adoption by its economy."""

from __future__ import annotations

from typing import Any

REPLAYED = "proposals:replay:recorded"
ADOPTED, DECLINED, ENDED = "proposals:adoption:stated", "proposals:adoption:declined", "proposals:adoption:ended"
RENEWED = "proposals:adoption:renewed"
LONGEST_NAMED = 64
_NUL = "\0"


def read_entry_name(kind: object, payload: Any) -> str:
    """What an entry of a kind is found by; empty where nobody looks for it, or it does not say it."""
    match payload:
        case {"record": {"result": str(named)}} if kind == REPLAYED:
            return named[:LONGEST_NAMED]
        case {"territory": str(named)} if kind in (ADOPTED, DECLINED, ENDED, RENEWED):
            return named[:LONGEST_NAMED]
    return ""


def find_name(value: object, most: int) -> str:
    """The text by which an entry is found; empty where it is none, or one that the database has no place for."""
    return value if isinstance(value, str) and len(value) <= most and _NUL not in value else ""


def without_nul(value: Any) -> Any:
    """The value of JSON as the database can hold it: with the character that stands for another in place of NUL."""
    if isinstance(value, dict):
        return {without_nul(name): without_nul(each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_nul(each) for each in value]
    return value.replace(_NUL, "\N{REPLACEMENT CHARACTER}") if isinstance(value, str) else value

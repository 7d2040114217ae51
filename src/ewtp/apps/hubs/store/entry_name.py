"""What entries of another hub's log are found by: a replay by the digest of its result, an adoption by its economy."""

from __future__ import annotations

from typing import Any

REPLAYED = "proposals:replay:recorded"
ADOPTED, DECLINED, ENDED = "proposals:adoption:stated", "proposals:adoption:declined", "proposals:adoption:ended"
RENEWED = "proposals:adoption:renewed"
_LONGEST = 64


def read_entry_name(kind: str, payload: Any) -> str:
    """What an entry of a kind is found by; empty where nobody looks for it, or it does not say it."""
    match payload:
        case {"record": {"result": str(named)}} if kind == REPLAYED:
            return named[:_LONGEST]
        case {"territory": str(named)} if kind in (ADOPTED, DECLINED, ENDED, RENEWED):
            return named[:_LONGEST]
    return ""

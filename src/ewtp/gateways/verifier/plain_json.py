"""The part of orjson that checking a bundle needs, on the standard library: the same bytes for canonical JSON."""

from __future__ import annotations

import json
import math
from typing import Any

OPT_SORT_KEYS, OPT_APPEND_NEWLINE = 1, 2


class JSONDecodeError(ValueError):
    """A text is not JSON."""


class JSONEncodeError(TypeError):
    """A value has no place in JSON."""


def loads(text: bytes | str) -> Any:
    """The value of a text; JSONDecodeError where it is not JSON, or has a number that is not one of JSON."""
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode("utf-8"), parse_constant=_refuse, parse_float=_finite
        )
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise JSONDecodeError(str(error)) from error


def dumps(value: Any, option: int = 0) -> bytes:
    """The text of a value without spaces, with sorted keys where asked."""
    try:
        text = json.dumps(value, ensure_ascii=False, sort_keys=bool(option & OPT_SORT_KEYS), separators=(",", ":"))
        return text.encode() + (b"\n" if option & OPT_APPEND_NEWLINE else b"")
    except (RecursionError, UnicodeEncodeError) as error:
        raise JSONEncodeError(str(error)) from error


def _finite(text: str) -> float:
    found = float(text)
    if math.isinf(found):
        msg = f"{text} is too large a number"
        raise ValueError(msg)
    return found


def _refuse(name: str) -> None:
    msg = f"{name} is no number of JSON"
    raise ValueError(msg)

"""An amount as people type it, in any script and with the separators of any country."""

from __future__ import annotations

import re
import unicodedata

_GROUP_DIGITS = 3
_ARABIC_DECIMAL_SEPARATOR = "\u066b"
# A hyphen, and the sign that a word processor writes.
_MINUS = ("-", "\N{MINUS SIGN}")


def plain_amount(text: str) -> str | None:
    """The amount in ASCII digits with a dot, or None if it is not a number or could be read as two numbers.

    Digits of any script count, spaces and apostrophes group, and the last of two different separators is the
    decimal one. A single separator with three digits after it groups thousands in one country and marks decimals
    in the next, so it is not read, unless the figure before it is a zero. A sign is kept: that an amount is below zero
    is for whoever takes it to say.
    """
    if text.strip()[:1] in _MINUS:
        below = plain_amount(text.strip()[1:]) if text.strip()[1:2].isdecimal() else None
        return None if below is None else f"-{below}"
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text.strip())
    plain = re.sub(r"[\s'\u2019\u066c]", "", digits).replace(_ARABIC_DECIMAL_SEPARATOR, ".")
    if not re.fullmatch(r"[0-9]+([.,][0-9]+)*", plain):
        return None
    marks = re.findall(r"[.,]", plain)
    if not marks:
        return plain
    whole, decimals = re.split(r"[.,]", plain)[0], re.split(r"[.,]", plain)[-1]
    if len(marks) == 1:
        if len(decimals) == _GROUP_DIGITS and whole.strip("0"):
            return None
        return plain.replace(",", ".")
    groups = re.split(r"[.,]", plain)[1:-1]
    if len(set(marks[:-1])) != 1 or any(len(group) != _GROUP_DIGITS for group in groups):
        return None
    if marks[-1] == marks[0]:
        return plain.replace(marks[0], "") if len(decimals) == _GROUP_DIGITS else None
    return plain.replace(marks[0], "").replace(",", ".")

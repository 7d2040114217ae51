"""The classes in which rules of origin are stated: abbreviations, some with a figure."""

from __future__ import annotations

import re
from decimal import Decimal

# What alone makes goods originate, or, after OR, another way to it.
_PLAIN = ("WO", "CC", "CTH", "CTSH", "AH", "FAB", "YARN", "YARN1", "MaxOM", "OPEN", "OTHER", "PLUS", "PSR", "SP", "OR")
# With the share of the price that they allow or ask for.
_WITH_SHARE = ("TOL", "MaxNOM", "RVC")
# Further conditions that the classes do not tell.
_REST = "MORE"
_CLASS = re.compile(
    rf"(?:{'|'.join((*_PLAIN, _REST))}|(?:{'|'.join(_WITH_SHARE)}):[0-9]{{1,3}}(?:\.[0-9]+)?%|VA[0-9]{{1,2}})\Z"
)


_SHARE = re.compile(r"(?::|VA)([0-9.]+)")


def share_of_class(text: str) -> Decimal | None:
    """The share of the price, in per cent, that a class allows or asks for; None where it states none."""
    found = _SHARE.search(text) if is_origin_class(text) else None
    return Decimal(found[1]) if found else None


def is_origin_class(text: str) -> bool:
    """Whether a rule of origin may state this class, such as ``CTH``, ``MaxNOM:40%`` or ``VA50``."""
    return _CLASS.match(text) is not None

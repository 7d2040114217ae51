"""Duties on what is not metal: what an article that owes section 232 on its metal alone owes on the rest of its value.

Until the annexes of 2026-04-06 such an article owed the duties under IEEPA (notes 2(v)(vi) to (ix)) and the section 122
surcharge on its other content. The trader states the value of the metal once, and the rest is what remains of the
value.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists

_TOTAL = re.compile(r"(?P<total>[\d.]+)% less the duty provided in the applicable subheading")
_AD_VALOREM = re.compile(r"(?P<rate>[\d.]+)%")
# How many digits of a code are law.
_LEGAL_DIGITS = 8


def charge_other_content(rate: str, metals: Sequence[str]) -> str:
    """A rate such as ``10%`` on the value that remains without the content of these metals."""
    parts = [f"{rate} upon the value of the {metal} content" for metal in sorted(metals)]
    return f"{rate} less {parts[0]}" if len(parts) == 1 else f"{rate} less ({' + '.join(parts)})"


def is_below(code: str, prefixes: Container[str]) -> bool:
    """Whether a code, or a prefix of it, is among the prefixes."""
    return any(code[:length] in prefixes for length in range(2, len(code) + 1))


def find_other_rate(lists: Chapter99Lists, code: str, expression: str, *, special_counts: bool) -> str | None:
    """The expression of a heading as one rate on a share of a line's value; None where it is not one.

    A total of 15% leaves what the ordinary duty does not take, where that is a rate too. ``special_counts`` says that
    the duty under an agreement takes the place of the ordinary one there, so that the rate depends on what is claimed.
    """
    total = _TOTAL.fullmatch(expression)
    if total is None:
        return expression if _AD_VALOREM.fullmatch(expression) else None
    general = lists.rates.get(code[:_LEGAL_DIGITS], "")
    if general == "Free":
        return f"{total['total']}%"
    ordinary = _AD_VALOREM.fullmatch(general)
    if ordinary is None or special_counts:
        return None
    left = Decimal(total["total"]) - Decimal(ordinary["rate"])
    return f"{left.normalize():f}%" if left > 0 else "Free"

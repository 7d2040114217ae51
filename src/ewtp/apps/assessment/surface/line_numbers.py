"""The lines of a consignment by their numbers, as a reader's language names them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import get_language, gettext

from ewtp.gateways.reference.locale_formats import number_text

if TYPE_CHECKING:
    from collections.abc import Iterable


def lines_text(numbers: Iterable[int]) -> str:
    """``Line 3``, or ``Lines 1-3, 7`` for several; ``numbers`` count from 1."""
    language = get_language() or "en"
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))

    def write_number(number: int) -> str:
        return number_text(Decimal(number), language)

    if len(spans) == 1 and spans[0][0] == spans[0][1]:
        return gettext("Line %(number)s") % {"number": write_number(spans[0][0])}
    texts = (
        write_number(first)
        if first == last
        else f"{write_number(first)}, {write_number(last)}"
        if last == first + 1
        else f"{write_number(first)}\u2013{write_number(last)}"
        for first, last in spans
    )
    return gettext("Lines %(numbers)s") % {"numbers": ", ".join(texts)}

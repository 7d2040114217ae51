"""The safeguard on solar cells and modules under section 201: note 18 of chapter 99, until it expired on 2026-02-06.

Modules owed the rate of the note's last period, less what it excludes by kind; cells owed it beyond a yearly quantity,
of which the rulebook has no balance. Developing economies that the note lists owed nothing.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import find_economies
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, make_additional_duty

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.rulebook.measure import Measure

PROGRAMME = "US-s201"
_NOTE = "18"
_LAST_DAY = date(2026, 2, 6)
# Notes 18(f) and 18(h): from 2025-02-07 to the last day.
_RATE = "14%"
_EXCLUDED = Condition(
    "unless_claim",
    "note-18c",
    "goods that note 18(c) excludes, as thin film, small portable panels, panels of U.S. cells",
)
_OF_CANADA = Condition("unless_claim", "US-S", "goods of Canada under the USMCA (9903.45.27)")
_BEYOND = Condition("scope", "9903.45.22", "the quantity beyond 12.5 gigawatts in a year")
_OF_CRYSTALLINE_CELLS = Condition("scope", "9903.45.25", "generators made of crystalline silicon cells")
_GOODS = (
    ("8541430010", "9903.45.25", "Section 201, solar modules", ()),
    ("85017100", "9903.45.25", "Section 201, solar modules", (_OF_CRYSTALLINE_CELLS,)),
    ("85017210", "9903.45.25", "Section 201, solar modules", (_OF_CRYSTALLINE_CELLS,)),
    ("8541420010", "9903.45.22", "Section 201, solar cells", (_BEYOND,)),
)


def section_201(lists: Chapter99Lists) -> Iterator[Measure]:
    """The safeguard's duties in the days that the folder's editions cover."""
    if lists.first_day > _LAST_DAY:
        return
    opening = r"\(b\) For the purposes of this note and the application of subheadings 9903\.45\.21"
    free = find_economies(lists.words(_NOTE, opening))
    for code, heading, title, scope in _GOODS:
        for origins, excluded, agreed in ((("*",), (*free, "CA"), ()), (("CA",), (), (_OF_CANADA,))):
            yield make_additional_duty(
                lists,
                PROGRAMME,
                code,
                _RATE,
                Period(lists.first_day, _LAST_DAY),
                heading=heading,
                title=title,
                origins=origins,
                excluded=excluded,
                conditions=(_EXCLUDED, *agreed, *scope),
            )

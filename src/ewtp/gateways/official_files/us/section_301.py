"""Section 301 duties on products of China and Nicaragua: lists of legal lines, under headings that give rates.

The lists are those of the notes (``section_301_lists``). A product on several owes the highest of their rates
(``section_301_products`` in the parameters). An exclusion covers goods of a description, not a whole line: where a
heading with a stated period excludes goods of a line, the line is free only if the trader claims that heading.
Exclusions without a stated period are left out.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99_lists import (
    ONE_DAY,
    Chapter99Lists,
    join_measures,
    make_additional_duty,
)
from ewtp.gateways.official_files.us.hts_rows import LEGAL_DIGITS
from ewtp.gateways.official_files.us.section_301_lists import list_products

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.gateways.official_files.us.chapter_99 import Heading

PROGRAMME = "US-s301"
TITLE = "Section 301, China"
_NICARAGUA = (
    ("10%", Period(date(2027, 1, 1), date(2027, 12, 31))),
    ("15%", Period(date(2028, 1, 1))),
)
# These headings cover only some goods of a line, and neither the lists nor the footnotes of the line identify them.
_NARROWED = {
    "9903.88.04": "only goods that note 20(g) describes (9903.88.04), others of the line owe another rate or none",
    "9903.92.10": "only ship-to-shore gantry cranes that unload containers (9903.92.10), other cranes owe none",
    "9903.91.14": "only ship-to-shore gantry cranes without the attestation of 9903.91.15 or 9903.91.16",
}


def section_301(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duties, one measure for each line and rate over time, and the exclusions that can be claimed."""
    by_code: dict[str, list[tuple[Decimal, Heading, Period]]] = defaultdict(list)
    for number, listed in list_products(lists):
        heading = lists.heading(number)
        period = _period(lists, heading)
        if heading.stopped or heading.added is None or period is None:
            continue
        rate = Decimal(heading.added.removesuffix("%"))
        for code in lists.keep_known(_find_named_lines(lists, heading, listed) or [listed]):
            by_code[code].append((rate, heading, period))
    for code, entries in sorted(by_code.items()):
        yield from join_measures(_highest(lists, code, entries))
    yield from _exclusions(lists)
    yield from _nicaragua(lists)


def _nicaragua(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duty on products of Nicaragua other than goods of CAFTA-DR, in the steps of note 29(b); 0% in 2026."""
    agreed = tuple(Condition("unless_claim", claim, "originating goods of CAFTA-DR") for claim in ("US-P", "US-P+"))
    for rate, period in _NICARAGUA:
        yield make_additional_duty(
            lists,
            f"{PROGRAMME}-nicaragua",
            "",
            rate,
            period,
            heading="9903.89.01",
            title="Section 301, Nicaragua",
            origins=("NI",),
            conditions=agreed,
        )


def _find_named_lines(lists: Chapter99Lists, heading: Heading, code: str) -> list[str]:
    """The ten-digit lines to which the heading's text, or the footnotes of the lines, narrow it."""
    named = [number for number in heading.statistical_numbers if number.startswith(code)]
    if not named and heading.code in _NARROWED:
        named = [line for line, headings in lists.links.items() if line.startswith(code) and heading.code in headings]
    return named


def _open_words(lists: Chapter99Lists, heading: str, code: str) -> str:
    """Which goods of a code a heading reaches, where neither lists nor footnotes tell; empty where it reaches all."""
    # Note 20(g) names statistical numbers where they can be told.
    told = heading == "9903.88.04" and len(code) > LEGAL_DIGITS
    return "" if told or heading in lists.links.get(code, ()) else _NARROWED.get(heading, "")


def _period(lists: Chapter99Lists, heading: Heading) -> Period | None:
    start = max(lists.first_day, heading.starts or lists.first_day)
    if heading.ends is not None and heading.ends < start:
        return None
    return Period(start, heading.ends)


def _highest(lists: Chapter99Lists, code: str, entries: list[tuple[Decimal, Heading, Period]]) -> Iterator[Measure]:
    """The highest rate of each period."""
    days = sorted({period.start for _, _, period in entries} | {p.end + ONE_DAY for _, _, p in entries if p.end})
    for number, start in enumerate(days):
        end = days[number + 1] - ONE_DAY if number + 1 < len(days) else None
        due = [(rate, heading) for rate, heading, period in entries if start in period]
        if due:
            # Of equal rates the later heading is cited: note 31 revised the lists of note 20.
            _, heading = max(due, key=lambda entry: (entry[0], entry[1].code))
            words = _open_words(lists, heading.code, code)
            scope = (Condition("scope", heading.code, words),) if words else ()
            yield make_additional_duty(
                lists,
                PROGRAMME,
                code,
                heading.added or "",
                Period(start, end),
                heading=heading.code,
                title=TITLE,
                origins=("CN",),
                conditions=scope,
            )


def _exclusions(lists: Chapter99Lists) -> Iterator[Measure]:
    """Ten-digit lines with goods excluded by description, under a heading whose text gives the period."""
    for row in lists.rows("s301_exclusion_lines.csv"):
        heading = lists.heading(row["ch99_code"])
        dated = heading.starts is not None and heading.ends is not None and heading.ends >= lists.first_day
        if dated and lists.keep_known([row["hts10"]]):
            described = Condition("claim", heading.code, "goods that an exclusion under this heading describes")
            yield make_additional_duty(
                lists,
                PROGRAMME,
                row["hts10"],
                "Free",
                Period(max(lists.first_day, heading.starts or lists.first_day), heading.ends),
                heading=heading.code,
                title="Section 301, China: excluded goods",
                origins=("CN",),
                conditions=(described,),
                additional_code=heading.code,
            )

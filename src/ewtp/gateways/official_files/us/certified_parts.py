"""Parts outside the lists of notes 33 and 38 that an importer certifies for vehicles: notes 33(p) to (u) and 38(j).

Such a part owes the duty on parts of vehicles in place of the one on metals. It saves something where it stands on a
list of note 16(c), so it is offered there, as a claim of its heading. Articles of the chapters of the metals are
excepted, and so are those of the lists of either note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.rulebook.measure import Condition
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, make_additional_duty
from ewtp.gateways.official_files.us.partner_exemptions import AGREED_TAIWAN
from ewtp.gateways.official_files.us.section_232_annexes import enumerate_annexes
from ewtp.gateways.official_files.us.vehicle_parts import LISTED_PARTS, OF_USMCA, PARTS_PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ewtp.core.rulebook.measure import Measure


class Certified(NamedTuple):
    """A heading for certified parts: its origins, those of other headings, its programme, the words of its claim."""

    heading: str
    origins: tuple[str, ...]
    excluded: tuple[str, ...]
    programme: str
    words: str
    since: date | None = None


_EXCEPTED_CHAPTERS = ("72", "73", "76")
_FOR_AUTOMOBILES = "parts that the importer certifies for making or repairing automobiles in the United States"
_FOR_TRUCKS = (
    "parts that the importer certifies for making or repairing medium- or heavy-duty vehicles in the United States"
)
_FOR_BRITISH = "parts that the importer certifies for automobiles that are products of the United Kingdom"
_AUTOMOBILES, _TRUCKS = PARTS_PROGRAMMES
_CERTIFIED = (
    Certified("9903.94.07", ("*",), (*EUROPEAN_UNION, "GB", "JP", "KR", "TW"), _AUTOMOBILES, _FOR_AUTOMOBILES),
    Certified("9903.94.33", ("GB",), (), _AUTOMOBILES, _FOR_BRITISH),
    Certified("9903.94.45", EUROPEAN_UNION, (), _AUTOMOBILES, _FOR_AUTOMOBILES),
    Certified("9903.94.55", ("JP",), (), _AUTOMOBILES, _FOR_AUTOMOBILES),
    Certified("9903.94.65", ("KR",), (), _AUTOMOBILES, _FOR_AUTOMOBILES),
    Certified("9903.94.69", ("TW",), (), _AUTOMOBILES, _FOR_AUTOMOBILES, AGREED_TAIWAN),
    Certified("9903.74.09", ("*",), (), _TRUCKS, _FOR_TRUCKS),
)
# Of annexes whose rate is 25% or less, a heading of 25% saves nothing.
_SAVING_ON_ALL = ("9903.94.33", "9903.94.45", "9903.94.55", "9903.94.65", "9903.94.69")


def read_certified_parts(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duties on certified parts that would otherwise owe one on metals, from the day of note 16(c) on."""
    start = lists.day("section_232_annexes", "effective_date")
    listed = {code for parts in LISTED_PARTS for code in lists.read_enumeration(parts.note, parts.opening)}
    for entry in enumerate_annexes(lists, start):
        prefix = entry.prefix
        if prefix.startswith(_EXCEPTED_CHAPTERS) or any(prefix.startswith(code) for code in listed):
            continue
        longer = tuple(code for code in listed if code.startswith(prefix))
        for each in _CERTIFIED:
            if entry.annex == "1a" or each.heading in _SAVING_ON_ALL:
                yield make_additional_duty(
                    lists,
                    each.programme,
                    prefix,
                    lists.heading(each.heading).expression or "",
                    Period(each.since or start),
                    heading=each.heading,
                    title="Section 232, parts certified for vehicles",
                    origins=each.origins,
                    excluded=each.excluded,
                    exclusions=longer,
                    conditions=(*OF_USMCA, Condition("claim", each.heading, each.words)),
                    additional_code=each.heading,
                )

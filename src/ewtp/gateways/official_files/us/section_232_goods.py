"""Section 232 duties on vehicles, wood, semiconductors and the other goods that the parameters name by prefix.

The goods are those that notes 33, 37, 38 and 39 enumerate, the rate is that of the heading. Where the list of goods is
not in the folder (patented medicines) or a technical test covers only some goods of a line (semiconductors), the duty
has a condition of kind ``scope``, so that an answer states that it may be due and never that it is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, make_additional_duty
from ewtp.gateways.official_files.us.partner_exemptions import AGREED_TAIWAN
from ewtp.gateways.official_files.us.vehicle_parts import PARTS_PROGRAMMES, vehicle_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_USMCA = ("CA", "MX")
_KINGDOM_QUOTA = "9903.94.31"
GOODS_PROGRAMMES = ("US-s232-autos", "US-s232-trucks", "US-s232-wood", *PARTS_PROGRAMMES)


@dataclass(frozen=True, slots=True)
class Sector:
    """Goods under one programme: ``note`` and ``opening`` find their list, ``heading`` gives their rate.

    ``partners`` are headings for other origins; ``content`` is the one for the non-U.S. content of USMCA goods;
    ``exempt`` are the headings under which goods of the list owe nothing when the importer claims them.
    """

    note: str
    opening: str
    programme: str
    title: str
    heading: str
    partners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    content: str = ""
    exempt: tuple[Condition, ...] = ()


def _unless(heading: str, words: str) -> Condition:
    return Condition("unless_claim", heading, words)


_UNION = EUROPEAN_UNION
_WOOD = (
    ("9903.76.20", ("GB",)),
    ("9903.76.21", ("JP",)),
    ("9903.76.22", _UNION),
    ("9903.76.23", ("KR",)),
    ("9903.76.24", ("TW",)),
)
_AUTOS = (("9903.94.41", ("JP",)), ("9903.94.51", _UNION), ("9903.94.61", ("KR",)))
_VEHICLES_EXEMPT = (
    _unless("9903.94.02", "neither passenger vehicles nor light trucks"),
    _unless("9903.94.04", "made 25 years or more before the year of entry"),
)
_TRUCKS_EXEMPT = (
    _unless("9903.74.05", "not medium- or heavy-duty vehicles"),
    _unless("9903.74.07", "made 25 years or more before the year of entry"),
)
_SEMICONDUCTORS_EXEMPT = (
    _unless("9903.79.02", "without the technical parameters of note 39(b)"),
    _unless("9903.79.03", "for use in data centers of the United States"),
    _unless("9903.79.04", "for repairs or replacements in the United States"),
    _unless("9903.79.05", "for research and development in the United States"),
    _unless("9903.79.06", "for use by startups in the United States"),
    _unless("9903.79.07", "for consumer electronics outside data centers"),
    _unless("9903.79.08", "for civil industrial applications outside data centers"),
    _unless("9903.79.09", "for use in the public sector of the United States"),
)
_OLD_BUSES = _TRUCKS_EXEMPT[1:]
_SECTORS = (
    Sector(
        "33",
        r"\(b\)",
        "US-s232-autos",
        "Section 232, passenger vehicles and light trucks",
        "9903.94.01",
        _AUTOS,
        "9903.94.03",
        _VEHICLES_EXEMPT,
    ),
    Sector(
        "38",
        r"\(b\)",
        "US-s232-trucks",
        "Section 232, medium and heavy vehicles",
        "9903.74.01",
        (),
        "9903.74.03",
        _TRUCKS_EXEMPT,
    ),
    Sector("38", r"\(c\)", "US-s232-trucks", "Section 232, buses", "9903.74.02", exempt=_OLD_BUSES),
    Sector("37", r"\(b\)", "US-s232-wood", "Section 232, softwood timber and lumber", "9903.76.01"),
    Sector("37", r"\(d\)", "US-s232-wood", "Section 232, upholstered wooden furniture", "9903.76.02", _WOOD),
    Sector(
        "37",
        r"\(f\)",
        "US-s232-wood",
        "Section 232, kitchen cabinets and vanities",
        "9903.76.03",
        _WOOD,
        exempt=(_unless("9903.76.04", "neither completed kitchen cabinets or vanities of wood nor parts of them"),),
    ),
)
_SINCE = {"9903.76.24": AGREED_TAIWAN}
_AUTOS_HEADING, _TRUCKS_HEADING = "9903.94.01", "9903.74.01"
_PASSENGER = "8703"
_EITHER = "a medium- or heavy-duty vehicle, and no light truck"


def goods(lists: Chapter99Lists) -> Iterator[Measure]:
    """Every sector's duties, and those whose scope the lists leave open."""
    listed = {sector.heading: lists.read_enumeration(sector.note, sector.opening) for sector in _SECTORS}
    # A vehicle of a provision on both lists is the one or the other, and owes once.
    both = set(listed[_AUTOS_HEADING]).intersection(listed[_TRUCKS_HEADING])
    for sector in _SECTORS:
        for prefix in listed[sector.heading]:
            yield from _sector_line(lists, _narrow_sector(sector) if prefix in both else sector, prefix)
    yield from vehicle_parts(lists)
    yield from _open_scope(lists)


def _narrow_sector(sector: Sector) -> Sector:
    if sector.heading == _TRUCKS_HEADING:
        return replace(sector, exempt=(*sector.exempt, Condition("claim", _TRUCKS_HEADING, _EITHER)))
    return replace(sector, exempt=(*sector.exempt, Condition("unless_claim", _TRUCKS_HEADING, _EITHER)))


def _start(lists: Chapter99Lists, code: str) -> Period:
    """From the first edition that holds the heading, unless another day is known."""
    read = next(edition.effective for edition in lists.editions if code in edition.headings)
    return Period(max(lists.first_day, _SINCE.get(code, read)))


def _duty(
    lists: Chapter99Lists,
    sector: Sector,
    prefix: str,
    code: str,
    *,
    origins: tuple[str, ...] = ("*",),
    conditions: tuple[Condition, ...] = (),
    additional_code: str = "",
) -> Measure:
    """A sector's duty on a prefix, as the heading ``code`` gives it."""
    return make_additional_duty(
        lists,
        sector.programme,
        prefix,
        lists.heading(code).expression or "",
        _start(lists, code),
        heading=code,
        title=sector.title,
        origins=origins,
        conditions=conditions,
        additional_code=additional_code,
    )


def _sector_line(lists: Chapter99Lists, sector: Sector, prefix: str) -> Iterator[Measure]:
    if sector.content:
        claimed = (
            *sector.exempt,
            Condition("claim", "US-S", "goods of the USMCA owe on their non-U.S. content only"),
        )
        yield _duty(
            lists,
            sector,
            prefix,
            sector.content,
            origins=_USMCA,
            conditions=claimed,
            additional_code=sector.content,
        )
    yield _duty(lists, sector, prefix, sector.heading, conditions=sector.exempt)
    for code, origins in sector.partners:
        if lists.holds(code):
            yield _duty(lists, sector, prefix, code, origins=origins, conditions=sector.exempt)
    if sector.heading == _AUTOS_HEADING and prefix.startswith(_PASSENGER):
        quota = (Condition("claim", _KINGDOM_QUOTA, "entered within the quota of note 33(i)"),)
        yield _duty(lists, sector, prefix, _KINGDOM_QUOTA, origins=("GB",), conditions=quota)


def _open_scope(lists: Chapter99Lists) -> Iterator[Measure]:
    """Duties that reach some goods of a line, where no list in the folder names them."""
    test = "goods of the technical parameters of note 39(b). The claims 9903.79.02 (others) to 9903.79.09 settle it"
    semi = lists.heading("9903.79.01")
    # Heading 9903.79.01 came with the revision of this day (revision_dates.csv: 2026_rev_1).
    period = Period(max(lists.first_day, date(2026, 1, 16)))
    for prefix in lists.read_enumeration("39", r"\(b\)"):
        yield make_additional_duty(
            lists,
            "US-s232-semiconductors",
            prefix,
            semi.expression or "",
            period,
            heading=semi.code,
            title="Section 232, semiconductors",
            conditions=(*_SEMICONDUCTORS_EXEMPT, Condition("scope", semi.code, test)),
        )
    medicines = lists.day("section_232_headings", "pharmaceuticals", "effective_date")
    yield make_additional_duty(
        lists,
        "US-s232-pharmaceuticals",
        "30",
        "[rate: set by the proclamation on patented medicines]",
        Period(medicines),
        heading="chapter 99 after revision 10",
        title="Section 232, patented medicines",
        conditions=(
            Condition(
                "scope",
                "medicines",
                "patented medicines of producers without an agreement, the list of which is not held",
            ),
        ),
    )

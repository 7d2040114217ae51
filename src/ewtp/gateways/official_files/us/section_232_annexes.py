"""Section 232 duties on steel, aluminum and copper since 2026-04-06, by the lists of note 16(c).

An article of a listed provision owes one rate on its whole value, under one heading (note 16(a)), whichever of the
metals' lists name it. Articles outside the chapters of the metals owe nothing where the metals are less than 15% of
the weight (16(c)), and some owe less under a heading that the importer claims: metal of the United Kingdom (16(d)) or
of the United States (16(e)), parts for making motorcycles (16(g)), quantities that Commerce authorised (16(h), (i)).

The lists are those that the note enumerates. Later amendments, whose printed text is not in the folder, are the rows of
the compilation with a later day; they are those of Proclamation 11032 (91 FR 34085). It also lowered the share of metal
of the United States from 95% to 85% (CSMS 68855869), and brought subdivisions (j) and (k).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99_lists import ONE_DAY, Chapter99Lists, make_additional_duty
from ewtp.gateways.official_files.us.hts import COLUMN_2
from ewtp.gateways.official_files.us.vehicle_parts import PARTS_PROGRAMMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

METALS = ("steel", "aluminum", "copper")
METAL_PROGRAMMES = tuple(f"US-s232-{metal}" for metal in METALS)
# Notes 33 and 38: goods that owe a duty on vehicles or their parts owe none of the metals duties.
METALS_YIELD_TO = ("US-s232-autos", "US-s232-trucks", *PARTS_PROGRAMMES)
FRAMEWORK = "US-S232-FRAMEWORK"
RUSSIAN_ALUMINUM = {"mill": "9903.85.67", "derivative": "9903.85.68"}
_METAL_CHAPTERS = ("72", "73", "74", "76")
_NOTE = "16"


@dataclass(frozen=True, slots=True)
class AnnexList:
    """A list of note 16(c): its sign and title there, its annex, its metal, and the headings that may be claimed."""

    opening: str
    annex: str
    metal: str
    claims: tuple[str, ...] = ()


_US_METAL, _US_METAL_TOTAL, _MOTORCYCLE = "9903.82.06", "9903.82.07", "9903.82.13"
LISTS = (
    AnnexList(r"\(i\) Articles of aluminum", "1a", "aluminum", ("9903.82.19",)),
    AnnexList(r"\(ii\) Derivative aluminum", "1a", "aluminum", (_US_METAL,)),
    AnnexList(r"\(iii\) Articles of steel", "1a", "steel", ("9903.82.18",)),
    AnnexList(r"\(iv\) Derivative steel", "1a", "steel", (_US_METAL,)),
    AnnexList(r"\(v\) Articles of copper", "1a", "copper"),
    AnnexList(r"\(vi\) Derivative aluminum", "1b", "aluminum", (_US_METAL, _MOTORCYCLE)),
    AnnexList(r"\(vii\) Derivative steel", "1b", "steel", (_US_METAL, _MOTORCYCLE)),
    AnnexList(r"\(viii\) Articles of copper", "1b", "copper", (_US_METAL, _MOTORCYCLE)),
    AnnexList(r"\(ix\) Derivative aluminum", "3", "aluminum", (_US_METAL_TOTAL,)),
    AnnexList(r"\(x\) Derivative steel", "3", "steel", (_US_METAL_TOTAL,)),
)
# What may be claimed for provisions that a later amendment lists: heading 9903.82.06 names the lists of annexes 1b and
# 1c, 9903.82.23 subdivision (k), which puts goods of these lists at a total of 15%.
_US_METAL_AMENDED = "9903.82.23"
_CLAIMS_OF_AMENDED = {"1b": (_US_METAL, _MOTORCYCLE), "1c": (_US_METAL,), "3": (_US_METAL_AMENDED,)}
# By annex: heading for every origin, and the one for metal of the United Kingdom where there is one.
_ANNEXES = {
    "1a": ("9903.82.02", "9903.82.04"),
    "1b": ("9903.82.09", "9903.82.05"),
    "1c": ("9903.82.09", ""),
    "3": ("9903.82.10", ""),
}
_AFTER_SUNSET = {"1c": "1b", "3": "1b"}
_NO_METAL = Condition("unless_claim", "9903.82.01", "goods without any aluminum, steel or copper")
_LITTLE_METAL = Condition("unless_claim", "9903.82.03", "the listed metals are less than 15% of the weight")
_AMENDED = date(2026, 6, 8)
_UNREAD = Condition(
    "remark",
    "16(j)",
    "Derivative steel that note 16(j) describes falls under 9903.82.20 or 9903.82.21 instead (the text of that "
    "subdivision is not in the rulebook)",
)
_POURED = "95% of the metal melted and poured, smelted or cast in the United Kingdom"
_US_SHARE = "of the metal melted and poured, or smelted and cast, in the United States"
_CLAIMED = {
    _MOTORCYCLE: "motorcycle parts for making motorcycles in the United States",
    "9903.82.18": "steel of Canada or Mexico, preferential under the USMCA, in a quantity that Commerce authorised",
    "9903.82.19": "aluminum of Canada or Mexico, preferential under the USMCA, in a quantity that Commerce authorised",
}
# Headings that only goods of some economies may claim; the two came with revision 6 of 2026.
_AUTHORISED = {"9903.82.18": date(2026, 4, 23), "9903.82.19": date(2026, 4, 23)}
_NEIGHBOURS = ("CA", "MX")
_OF_US_METAL = (_US_METAL, _US_METAL_TOTAL, _US_METAL_AMENDED)
_MOTORCYCLE_CHAPTERS = ("84", "85", "87")


@dataclass(frozen=True, slots=True)
class AnnexEntry:
    """A provision under an annex from a day on: the metals whose lists name it, and the headings one may claim."""

    prefix: str
    annex: str
    metals: tuple[str, ...]
    claims: tuple[str, ...]
    since: date

    @property
    def metal(self) -> str:
        """The metal under which the one duty is held: aluminum where it is among them, whose Russian rate differs."""
        return "aluminum" if "aluminum" in self.metals else self.metals[0]


def annex_duties(lists: Chapter99Lists, start: date) -> Iterator[Measure]:
    """The duties under the annexes from ``start`` on, in a run of measures for each span between two amendments."""
    annexes = lists.policy["section_232_annexes"]["annexes"]
    sunset = max(date.fromisoformat(str(annexes[name]["sunset_date"])) for name in ("annex_1c", "annex_3"))
    entries = [*enumerate_annexes(lists, start), *_amendments(lists, start)]
    days = sorted({start, *(entry.since for entry in entries), *_AUTHORISED.values(), _AMENDED, sunset + ONE_DAY})
    for number, first in enumerate(days):
        last = days[number + 1] - ONE_DAY if number + 1 < len(days) else None
        current: dict[str, AnnexEntry] = {}
        for entry in sorted(entries, key=lambda entry: entry.since):
            if entry.since <= first:
                current[entry.prefix] = entry if first <= sunset else _after_sunset(entry)
        yield from _duties_within(lists, current, Period(first, last))


def enumerate_annexes(lists: Chapter99Lists, start: date) -> list[AnnexEntry]:
    """The provisions that the lists of note 16(c) enumerate, each once.

    ValueError where two lists put one provision under annexes of different rates.
    """
    found: dict[str, AnnexEntry] = {}
    for each in LISTS:
        for prefix in lists.read_enumeration(_NOTE, each.opening):
            entry = AnnexEntry(prefix, each.annex, (each.metal,), each.claims, start)
            other = found.get(prefix)
            if other is not None and other.annex != entry.annex:
                msg = f"note 16(c) lists {prefix} in annexes {other.annex} and {entry.annex}"
                raise ValueError(msg)
            found[prefix] = entry if other is None else _join(other, entry)
    return [_with_shorter(entry, found) for entry in found.values()]


def _join(one: AnnexEntry, two: AnnexEntry) -> AnnexEntry:
    return replace(
        one,
        metals=tuple(dict.fromkeys((*one.metals, *two.metals))),
        claims=tuple(dict.fromkeys((*one.claims, *two.claims))),
    )


def _with_shorter(entry: AnnexEntry, found: dict[str, AnnexEntry]) -> AnnexEntry:
    """The entry with the metals of the shorter provisions that hold it: its articles are on those lists too."""
    for length in range(4, len(entry.prefix)):
        shorter = found.get(entry.prefix[:length])
        if shorter is not None and shorter.annex == entry.annex:
            entry = _join(entry, shorter)
    return entry


def _amendments(lists: Chapter99Lists, start: date) -> list[AnnexEntry]:
    """What the compilation dates later than the note; annex 2 takes a provision off the lists."""
    return [
        AnnexEntry(
            row["hts_prefix"], row["annex"], (row["metal_type"],), _CLAIMS_OF_AMENDED.get(row["annex"], ()), since
        )
        for row in lists.rows("s232_annex_products.csv")
        if (since := date.fromisoformat(row["effective_date"])) > start and lists.keep_known([row["hts_prefix"]])
    ]


def _after_sunset(entry: AnnexEntry) -> AnnexEntry:
    annex = _AFTER_SUNSET.get(entry.annex, entry.annex)
    return entry if annex == entry.annex else replace(entry, annex=annex, claims=(_US_METAL,) if entry.claims else ())


def _duties_within(lists: Chapter99Lists, current: dict[str, AnnexEntry], period: Period) -> Iterator[Measure]:
    for prefix, entry in sorted(current.items()):
        above = next((current[prefix[:n]] for n in range(len(prefix) - 1, 1, -1) if prefix[:n] in current), None)
        if entry.annex not in _ANNEXES or (above is not None and _is_alike(above, entry)):
            continue
        # A longer provision under another metal, annex or claim, or out of scope, would otherwise owe under both.
        exclusions = tuple(
            other
            for other, longer in current.items()
            if other != prefix and other.startswith(prefix) and not _is_alike(entry, longer)
        )
        yield from _duties_of(lists, entry, _outermost(exclusions), period)


def _is_alike(one: AnnexEntry, two: AnnexEntry) -> bool:
    return (one.annex, one.metals, one.claims) == (two.annex, two.metals, two.claims)


def _outermost(prefixes: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class AnnexDuty:
    """A heading under which an entry owes: of which origins, on which conditions, and whether it has to be claimed."""

    heading: str
    origins: tuple[str, ...]
    conditions: tuple[Condition, ...] = ()
    excluded: tuple[str, ...] = ()
    claimed: bool = False


def _duties_of(
    lists: Chapter99Lists, entry: AnnexEntry, exclusions: tuple[str, ...], period: Period
) -> Iterator[Measure]:
    for due in _dues(lists, entry, period):
        yield make_additional_duty(
            lists,
            f"US-s232-{entry.metal}",
            entry.prefix,
            _rate(lists, due.heading),
            period,
            heading=due.heading,
            title=f"Section 232, {' and '.join(entry.metals)}, annex {entry.annex}",
            origins=due.origins,
            excluded=due.excluded,
            exclusions=exclusions,
            conditions=due.conditions,
            yields_to=METALS_YIELD_TO,
            additional_code=due.heading if due.claimed else "",
        )


def _dues(lists: Chapter99Lists, entry: AnnexEntry, period: Period) -> Iterator[AnnexDuty]:
    everywhere, kingdom = _ANNEXES[entry.annex]
    in_metal_chapter = entry.prefix[:2] in _METAL_CHAPTERS
    unless: tuple[Condition, ...] = (_NO_METAL,) if in_metal_chapter else (_NO_METAL, _LITTLE_METAL)
    claims = [claim for claim in entry.claims if _may_claim(lists, claim, entry, period)]
    words = {claim: _words_of(claim, period) for claim in claims}
    ordinary = (*unless, *(Condition("unless_claim", claim, words[claim]) for claim in claims))
    russian = ("RU",) if entry.metal == "aluminum" else ()
    unread = (
        (_UNREAD,) if period.start >= _AMENDED and everywhere == _ANNEXES["1b"][0] and "steel" in entry.metals else ()
    )
    yield AnnexDuty(everywhere, ("*",), (*ordinary, *unread))
    for claim in claims:
        # Of goods of Russia the headings for Russian metal hold in place of these.
        origins = _NEIGHBOURS if claim in _AUTHORISED else ("*",)
        conditions = (*unless, Condition("claim", claim, words[claim]))
        yield AnnexDuty(claim, origins, conditions, () if claim in _AUTHORISED else ("RU",), claimed=True)
    if kingdom and "copper" not in entry.metals:
        yield AnnexDuty(kingdom, ("GB",), (Condition("claim", kingdom, _POURED),))
    if entry.annex == "1c":
        yield AnnexDuty("9903.82.22", (FRAMEWORK,), ordinary)
    if entry.annex == "3":
        yield AnnexDuty("9903.82.12", (COLUMN_2,), ordinary, russian)
    if russian:
        yield AnnexDuty(RUSSIAN_ALUMINUM["mill" if entry.annex == "1a" else "derivative"], russian)


def _words_of(claim: str, period: Period) -> str:
    """What a claim states; of metal of the United States, the share that the day's law asks for."""
    if claim in _OF_US_METAL:
        return f"{95 if period.start < _AMENDED else 85}% {_US_SHARE}"
    return _CLAIMED[claim]


def _may_claim(lists: Chapter99Lists, claim: str, entry: AnnexEntry, period: Period) -> bool:
    if not lists.holds(claim) or period.start < _AUTHORISED.get(claim, period.start):
        return False
    return claim != _MOTORCYCLE or entry.prefix[:2] in _MOTORCYCLE_CHAPTERS


def _rate(lists: Chapter99Lists, code: str) -> str:
    """What a heading adds; ValueError where it adds nothing, though the note says that it does."""
    if code == _MOTORCYCLE:
        return "Free"
    heading = lists.heading(code)
    # Goods of the USMCA alone may claim the authorised quantities, so their rate stands in the special column.
    expression = heading.special_added if code in _AUTHORISED else heading.expression
    if expression is None:
        msg = f"heading {code} charges nothing"
        raise ValueError(msg)
    return expression

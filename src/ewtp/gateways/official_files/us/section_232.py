"""Section 232 duties on steel, aluminum and copper before note 16 of 2026-04-06, and their groups.

The goods are those of the compilation, and for derivatives of aluminum those of note 19. A derivative owed its rate on
the value of its metal alone, which only the trader knows: its expression names that value. What the note of 2026-04-06
put in their place is in ``section_232_annexes``.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99_lists import (
    ONE_DAY,
    Chapter99Lists,
    join_measures,
    make_additional_duty,
    make_group,
)
from ewtp.gateways.official_files.us.partner_exemptions import AIRCRAFT_LISTS, AIRCRAFT_OF_KINGDOM
from ewtp.gateways.official_files.us.section_232_annexes import (
    FRAMEWORK,
    METALS_YIELD_TO,
    RUSSIAN_ALUMINUM,
    AnnexEntry,
    annex_duties,
    enumerate_annexes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.territory import Group

# Before the annexes: heading for every origin and heading for the United Kingdom, by metal and kind of product.
_BEFORE = {
    ("steel", "mill"): ("9903.81.87", "9903.81.94"),
    ("steel", "derivative"): ("9903.81.90", "9903.81.97"),
    ("aluminum", "mill"): ("9903.85.02", "9903.85.12"),
    ("aluminum", "derivative"): ("9903.85.07", "9903.85.14"),
    ("steel", "9903.81.91"): ("9903.81.91", "9903.81.98"),
    ("aluminum", "9903.85.04"): ("9903.85.04", "9903.85.13"),
    ("aluminum", "9903.85.07"): ("9903.85.07", "9903.85.14"),
    ("aluminum", "9903.85.08"): ("9903.85.08", "9903.85.15"),
    ("copper", "9903.78.01"): ("9903.78.01", ""),
}


# Of note 19, which these headings had until the annexes.
ALUMINUM_NOTE = "19"
DERIVATIVE_ALUMINUM = (
    (r"\(i\) The rates of duty set forth in heading 9903\.85\.04", "9903.85.04"),
    (r"\(j\) The rates of duty set forth in heading 9903\.85\.07", "9903.85.07"),
    (r"\(k\) The rates of duty in heading 9903\.85\.08", "9903.85.08"),
)
# What 90 FR 25208 added to the goods of 9903.81.91 on 2025-06-23, which the compilation leaves out: refrigerators,
# freezers, dishwashers, washing machines, dryers, food waste disposals, stoves and ovens, welded wire rack.
_APPLIANCES = tuple(
    "84181000 84183000 84184000 84221100 84501100 84502000 84512100 84512900 85098020 85166040 9403999020".split()  # noqa: SIM905 - a list of codes reads best as words
)


_STEEL = (
    r"\(iii\) Articles of steel",
    r"\(iv\) Derivative steel",
    r"\(vii\) Derivative steel",
    r"\(x\) Derivative steel",
)
_UNREAD = Condition(
    "scope",
    "9903.81.91",
    "only statistical numbers that the list of those days named (90 FR 40326), which the rulebook has to eight digits",
)


# A rate for British metal would otherwise stand beside the exemption of British aircraft.
_BRITISH = tuple(
    Condition("unless_claim", claim.value, claim.text)
    for heading, _ in AIRCRAFT_OF_KINGDOM.headings
    if (claim := AIRCRAFT_OF_KINGDOM.claim(heading)) is not None
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A prefix on a list: its metal, its kind or annex, the first day, and whether it may hold other goods too."""

    prefix: str
    metal: str
    kind: str
    since: date
    is_open: bool = False


def metals(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duties on metals and their derivatives, before and under the annexes."""
    start = lists.day("section_232_annexes", "effective_date")
    before = Period(lists.first_day, start - ONE_DAY)
    listed = [item for item in _find_listed_before(lists) if item.since <= before.start]
    if before.end is not None and before.start <= before.end:
        aircraft = AIRCRAFT_OF_KINGDOM.codes(lists)
        british = frozenset(item.prefix for item in listed for code in aircraft if _overlap(item.prefix, code))
        for item in _alone(listed):
            yield from _before(lists, item, before, british)
    yield from join_measures(annex_duties(lists, start))
    yield from _civil_aircraft(lists, {*listed, *enumerate_annexes(lists, start)})


def _overlap(one: str, two: str) -> bool:
    return one.startswith(two) or two.startswith(one)


def _civil_aircraft(lists: Chapter99Lists, listed: set[Listed | AnnexEntry]) -> Iterator[Measure]:
    """Free for articles of civil aircraft of partners (notes 2(v)(xxii), 2(v)(xxiv)(b), 35), where that is claimed."""
    metals_of: dict[str, set[str]] = defaultdict(set)
    for item in listed:
        metals_of[item.prefix].add(item.metal)
    for each in AIRCRAFT_LISTS:
        for code in each.codes(lists):
            reached = set().union(*(found for prefix, found in metals_of.items() if _overlap(prefix, code)))
            for heading, origins in each.headings:
                claim = each.claim(heading)
                for metal in sorted(reached):
                    yield make_additional_duty(
                        lists,
                        f"US-s232-{metal}",
                        code,
                        "Free",
                        Period(max(lists.first_day, each.since)),
                        heading=heading,
                        title=f"Section 232, {metal}: exempt",
                        origins=origins,
                        conditions=() if claim is None else (claim,),
                        additional_code=heading,
                    )


def metal_groups(lists: Chapter99Lists) -> Iterator[Group]:
    """The economies of the framework agreements, as heading 9903.82.22 names them."""
    if lists.holds("9903.82.22"):
        start = lists.day("section_232_annexes", "annexes", "annex_1c", "effective_date")
        yield make_group(
            lists,
            FRAMEWORK,
            lists.heading("9903.82.22").economies,
            Period(start),
            title="Economies with a framework rate under section 232",
            reference="HTS 9903.82.22",
        )


def content_metals(lists: Chapter99Lists) -> dict[str, tuple[str, ...]]:
    """Lines which, before the annexes, owed a duty on the value of their metals only, with these metals."""
    content = ("9903.81.91", "9903.85.08", "9903.78.01")
    found: dict[str, list[Listed]] = {}
    for item in _find_listed_before(lists):
        found.setdefault(item.prefix, []).append(item)
    metals = {}
    for prefix in sorted(found):
        # A line owes for the metals of shorter provisions that hold it, too.
        above = [item for length in range(4, len(prefix) + 1) for item in found.get(prefix[:length], ())]
        items = [item for item in above if not item.is_open]
        # One that owes on the whole of its value for another metal leaves nothing to other duties.
        if items and all(item.kind in content for item in items):
            metals[prefix] = tuple(sorted({item.metal for item in items}))
    return metals


def _find_listed_before(lists: Chapter99Lists) -> list[Listed]:
    found = {}
    for row in lists.rows("s232_metal_chapter_products.csv"):
        if (row["metal_type"], row["kind"]) == ("aluminum", "derivative"):
            continue
        since = date.fromisoformat(row["effective_date"]) if row["effective_date"] else lists.first_day
        found[row["hts_prefix"], row["metal_type"]] = Listed(row["hts_prefix"], row["metal_type"], row["kind"], since)
    # Of aluminum the printed note has the lists of those days, to ten digits where the compilation has eight.
    for opening, heading in DERIVATIVE_ALUMINUM:
        for prefix in lists.read_sentence(ALUMINUM_NOTE, opening):
            found[prefix, "aluminum"] = Listed(prefix, "aluminum", heading, lists.first_day)
    numbers = [code for opening in _STEEL for code in lists.read_enumeration("16", opening)]
    numbers += [code for opening, _ in DERIVATIVE_ALUMINUM for code in lists.read_sentence(ALUMINUM_NOTE, opening)]
    for row in lists.rows("s232_derivative_products.csv"):
        if row["derivative_type"] == "aluminum":
            continue
        since = date.fromisoformat(row["effective_date"]) if row["effective_date"] else lists.first_day
        for item in _steel_on(row["hts_prefix"], row["ch99_code"], since, numbers):
            # A product on the list of whole articles does not owe by content too.
            found.setdefault((item.prefix, "steel"), item)
    for row in lists.rows("s232_copper_products.csv"):
        found[row["hts10"], "copper"] = Listed(row["hts10"], "copper", row["ch99_code"], lists.first_day)
    for prefix in _APPLIANCES:
        found.setdefault((prefix, "steel"), Listed(prefix, "steel", "9903.81.91", lists.first_day))
    return [item for item in found.values() if lists.keep_known([item.prefix])]


def _steel_on(prefix: str, heading: str, since: date, numbers: list[str]) -> Iterator[Listed]:
    """What the compilation's line of eight digits stands for.

    Where the lists that are printed, of steel later and of aluminum then, have statistical numbers of the line alone,
    these owe, and of the others it stays open.
    """
    longer = [code for code in numbers if code.startswith(prefix) and code != prefix]
    whole = any(prefix.startswith(code) for code in numbers)
    for code in () if whole else longer:
        yield Listed(code, "steel", heading, since)
    yield Listed(prefix, "steel", heading, since, is_open=bool(longer) and not whole)


def _alone(listed: list[Listed]) -> Iterator[Listed]:
    """The entries that a shorter prefix of the same metal does not already cover."""
    items = {(item.metal, item.prefix): item for item in listed}
    for (metal, prefix), item in sorted(items.items()):
        shorter = (items.get((metal, prefix[:length])) for length in range(len(prefix) - 1, 1, -1))
        above = next((found for found in shorter if found is not None), None)
        if above is None or (above.kind, above.is_open) != (item.kind, item.is_open):
            yield item


def _before(lists: Chapter99Lists, item: Listed, period: Period, british: frozenset[str]) -> Iterator[Measure]:
    """The duties on a listed prefix; ``british`` are those of which articles of civil aircraft are exempt by claim."""
    opened = (_UNREAD,) if item.is_open else ()
    everywhere, kingdom = _BEFORE[item.metal, item.kind]
    programme = f"US-s232-{item.metal}"
    title = f"Section 232, {item.metal}"
    due = [(everywhere, ("*",)), (kingdom, ("GB",))]
    if item.metal == "aluminum":
        due.append((RUSSIAN_ALUMINUM["mill" if item.kind == "mill" else "derivative"], ("RU",)))
    for code, origins in due:
        if code:
            yield make_additional_duty(
                lists,
                programme,
                item.prefix,
                _rate(lists, code, like=everywhere),
                period,
                heading=code,
                title=title,
                origins=origins,
                conditions=(*(_BRITISH if code == kingdom and item.prefix in british else ()), *opened),
                yields_to=METALS_YIELD_TO,
            )


def _rate(lists: Chapter99Lists, code: str, *, like: str) -> str:
    """What a heading charges, on the content alone where the heading ``like`` for the same goods does.

    The rate column of 9903.81.98 gives the figure and leaves its base, the steel content, to the note.
    """
    expression, general = lists.heading(code).expression, lists.heading(like).expression
    if expression is None or general is None:
        msg = f"heading {code} charges nothing"
        raise ValueError(msg)
    _, upon, base = general.partition(" upon ")
    # A Russian article owes on the whole of its value.
    whole = code in RUSSIAN_ALUMINUM.values() or " upon " in expression
    return expression if whole else f"{expression}{upon}{base}"

"""Section 232 duties on steel, aluminum and copper: by content until 2026-04-05, by annex afterwards.

Before the annexes a derivative owed its rate on the value of its metal alone, which only the trader knows: its
expression names that value. From then on an annex gives one rate on the whole value. Some goods of a listed line owe
less when the importer claims a heading (no metal in them, metal under 15% of the weight, metal poured in the United
Kingdom), as the conditions state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99_lists import (
    ONE_DAY,
    Chapter99Lists,
    join_measures,
    make_additional_duty,
    make_group,
)
from ewtp.gateways.official_files.us.hts import COLUMN_2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.core.rulebook.territory import Group

METALS = ("steel", "aluminum", "copper")
METAL_PROGRAMMES = tuple(f"US-s232-{metal}" for metal in METALS)
# Notes 33, 38 and 39: goods that owe a vehicle, parts or semiconductor duty owe none of the metals duties.
_METALS_YIELD_TO = ("US-s232-autos", "US-s232-trucks")
FRAMEWORK = "US-S232-FRAMEWORK"
_METAL_CHAPTERS = ("72", "73", "74", "76")
_RUSSIA = {"mill": "9903.85.67", "derivative": "9903.85.68"}
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
# By annex: heading for every origin, and the one for metal of the United Kingdom where there is one.
_ANNEXES = {
    "1a": ("9903.82.02", "9903.82.04"),
    "1b": ("9903.82.09", "9903.82.05"),
    "1c": ("9903.82.09", ""),
    "3": ("9903.82.10", ""),
}
_AFTER_SUNSET = {"1c": "1b", "3": "1b"}
_NO_METAL = Condition("unless_claim", "9903.82.01", "goods without any aluminum, steel or copper")
_LITTLE_METAL = Condition("unless_claim", "9903.82.03", "the metal is less than 15% of the weight")


@dataclass(frozen=True, slots=True)
class Listed:
    """A prefix on a list: its metal, its kind or annex, and the first day."""

    prefix: str
    metal: str
    kind: str
    since: date


def metals(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duties on metals and their derivatives, before and under the annexes."""
    start = lists.day("section_232_annexes", "effective_date")
    before = Period(lists.first_day, start - ONE_DAY)
    listed = [item for item in _listed_before(lists) if item.since <= before.start]
    if before.end is not None and before.start <= before.end:
        for item in _alone(listed):
            yield from _before(lists, item, before)
    yield from join_measures(_annex_measures(lists, start))


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


def content_lines(lists: Chapter99Lists) -> list[str]:
    """Lines which, before the annexes, owed a duty on the value of their metal only."""
    content = ("9903.81.91", "9903.85.08", "9903.78.01")
    return sorted({item.prefix for item in _listed_before(lists) if item.kind in content})


def _listed_before(lists: Chapter99Lists) -> list[Listed]:
    found = {}
    for row in lists.rows("s232_metal_chapter_products.csv"):
        since = date.fromisoformat(row["effective_date"]) if row["effective_date"] else lists.first_day
        found[row["hts_prefix"], row["metal_type"]] = Listed(row["hts_prefix"], row["metal_type"], row["kind"], since)
    for row in lists.rows("s232_derivative_products.csv"):
        since = date.fromisoformat(row["effective_date"]) if row["effective_date"] else lists.first_day
        # A product on the list of whole articles does not owe by content too.
        found.setdefault(
            (row["hts_prefix"], row["derivative_type"]),
            Listed(row["hts_prefix"], row["derivative_type"], row["ch99_code"], since),
        )
    for row in lists.rows("s232_copper_products.csv"):
        found[row["hts10"], "copper"] = Listed(row["hts10"], "copper", row["ch99_code"], lists.first_day)
    return [item for item in found.values() if lists.listed([item.prefix])]


def _alone(listed: list[Listed]) -> Iterator[Listed]:
    """The entries that a shorter prefix of the same metal does not already cover."""
    items = {(item.metal, item.prefix): item for item in listed}
    for (metal, prefix), item in sorted(items.items()):
        shorter = (items.get((metal, prefix[:length])) for length in range(len(prefix) - 1, 1, -1))
        above = next((found for found in shorter if found is not None), None)
        if above is None or above.kind != item.kind:
            yield item


def _before(lists: Chapter99Lists, item: Listed, period: Period) -> Iterator[Measure]:
    everywhere, kingdom = _BEFORE[item.metal, item.kind]
    programme = f"US-s232-{item.metal}"
    title = f"Section 232, {item.metal}"
    due = [(everywhere, ("*",)), (kingdom, ("GB",))]
    if item.metal == "aluminum":
        due.append((_RUSSIA["mill" if item.kind == "mill" else "derivative"], ("RU",)))
    for code, origins in due:
        if code:
            yield make_additional_duty(
                lists,
                programme,
                item.prefix,
                _rate(lists, code),
                period,
                heading=code,
                title=title,
                origins=origins,
                yields_to=_METALS_YIELD_TO,
            )


def _rate(lists: Chapter99Lists, code: str) -> str:
    expression = lists.heading(code).expression
    if expression is None:
        msg = f"heading {code} charges nothing"
        raise ValueError(msg)
    return expression


def _annex_measures(lists: Chapter99Lists, start: date) -> Iterator[Measure]:
    annexes = lists.policy["section_232_annexes"]["annexes"]
    sunset = max(date.fromisoformat(str(annexes[name]["sunset_date"])) for name in ("annex_1c", "annex_3"))
    rows = [
        Listed(row["hts_prefix"], row["metal_type"], row["annex"], date.fromisoformat(row["effective_date"]))
        for row in lists.rows("s232_annex_products.csv")
        if lists.listed([row["hts_prefix"]])
    ]
    days = sorted({start, *(row.since for row in rows), sunset + ONE_DAY})
    for number, first in enumerate(days):
        last = days[number + 1] - ONE_DAY if number + 1 < len(days) else None
        current: dict[str, Listed] = {}
        for row in sorted(rows, key=lambda row: row.since):
            if row.since <= first:
                current[row.prefix] = row if first <= sunset else _after_sunset(row)
        yield from _annex_day(lists, current, Period(first, last))


def _after_sunset(row: Listed) -> Listed:
    return Listed(row.prefix, row.metal, _AFTER_SUNSET.get(row.kind, row.kind), row.since)


def _annex_day(lists: Chapter99Lists, current: dict[str, Listed], period: Period) -> Iterator[Measure]:
    for prefix, item in sorted(current.items()):
        above = next((current[prefix[:n]] for n in range(len(prefix) - 1, 1, -1) if prefix[:n] in current), None)
        if item.kind not in _ANNEXES or (above is not None and (above.kind, above.metal) == (item.kind, item.metal)):
            continue
        # A longer prefix under another metal, or out of scope, would otherwise owe under both.
        exclusions = tuple(
            other
            for other, entry in current.items()
            if other != prefix
            and other.startswith(prefix)
            and (entry.metal != item.metal or entry.kind not in _ANNEXES)
        )
        yield from _annex_line(lists, item, _outermost(exclusions), period)


def _outermost(prefixes: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for prefix in sorted(prefixes):
        if not kept or not prefix.startswith(kept[-1]):
            kept.append(prefix)
    return tuple(kept)


def _annex_line(lists: Chapter99Lists, item: Listed, exclusions: tuple[str, ...], period: Period) -> Iterator[Measure]:
    everywhere, kingdom = _ANNEXES[item.kind]
    claims: tuple[Condition, ...] = (_NO_METAL,) if item.prefix[:2] in _METAL_CHAPTERS else (_NO_METAL, _LITTLE_METAL)
    due: list[tuple[str, tuple[str, ...], tuple[Condition, ...]]] = [(everywhere, ("*",), claims)]
    if kingdom and item.metal in ("steel", "aluminum"):
        poured = Condition(
            "claim",
            kingdom,
            "95% of the metal melted and poured, smelted or cast in the United Kingdom",
        )
        due.append((kingdom, ("GB",), (poured,)))
    if item.kind == "1c":
        due.append(("9903.82.22", (FRAMEWORK,), claims))
    if item.kind == "3":
        due.append(("9903.82.12", (COLUMN_2,), claims))
    if item.metal == "aluminum":
        russian = _RUSSIA["mill" if item.kind == "1a" else "derivative"]
        due.append((russian, ("RU",), ()))
    for code, origins, conditions in due:
        excluded = ("RU",) if item.metal == "aluminum" and origins == (COLUMN_2,) else ()
        yield make_additional_duty(
            lists,
            f"US-s232-{item.metal}",
            item.prefix,
            _rate(lists, code),
            period,
            heading=code,
            title=f"Section 232, {item.metal}, annex {item.kind}",
            origins=origins,
            excluded=excluded,
            exclusions=exclusions,
            conditions=conditions,
            yields_to=_METALS_YIELD_TO,
        )

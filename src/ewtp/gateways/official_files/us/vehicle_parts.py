"""Section 232 duties on parts of vehicles: notes 33(g) and 38(i) of chapter 99.

The notes enumerate provisions, note 33(j) those of the United Kingdom; of their goods only those that are parts of the
vehicles owe, and the code does not tell. The trader does: a declared use (``end_use:automobile-parts``,
``end_use:truck-parts``) makes the duty due, a claim of the heading for other goods (9903.94.06, 9903.74.11) ends the
question, and without either an answer says that the duty may be due. Parts of the USMCA owe nothing (notes 33(h)(i),
38(k)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Condition, ConditionKind, Measure
from ewtp.core.values.period import Period
from ewtp.gateways.official_files.us.chapter_99 import EUROPEAN_UNION
from ewtp.gateways.official_files.us.chapter_99_lists import Chapter99Lists, make_additional_duty
from ewtp.gateways.official_files.us.partner_exemptions import AGREED_TAIWAN

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS_PROGRAMMES = ("US-s232-parts", "US-s232-truck-parts")


@dataclass(frozen=True, slots=True)
class PartsList:
    """A note's list of parts: its place, the heading that charges them, the use to declare, the heading for others.

    ``partners`` are the headings of lower totals for the origins of agreements; ``own`` is one whose partner has a
    list of its own in the note, with that list's opening. ``yields_to`` are the programmes which, when they charge an
    article, leave nothing to this one.
    """

    note: str
    opening: str
    programme: str
    title: str
    heading: str
    end_use: str
    others: str
    words: str
    partners: tuple[tuple[str, tuple[str, ...]], ...] = ()
    own: tuple[str, tuple[str, ...], str] | None = None
    yields_to: tuple[str, ...] = ()


_AUTOMOBILE_PARTS = PartsList(
    "33",
    r"\(g\)",
    PARTS_PROGRAMMES[0],
    "Section 232, parts of passenger vehicles and light trucks",
    "9903.94.05",
    "automobile-parts",
    "9903.94.06",
    "parts of passenger vehicles or light trucks",
    (("9903.94.43", ("JP",)), ("9903.94.53", EUROPEAN_UNION), ("9903.94.63", ("KR",)), ("9903.94.67", ("TW",))),
    ("9903.94.32", ("GB",), r"\(j\) Heading 9903\.94\.32"),
)
_TRUCK_PARTS = PartsList(
    "38",
    r"\(i\)",
    PARTS_PROGRAMMES[1],
    "Section 232, parts of medium and heavy vehicles",
    "9903.74.08",
    "truck-parts",
    "9903.74.11",
    "parts of medium- or heavy-duty vehicles",
    yields_to=PARTS_PROGRAMMES[:1],
)
LISTED_PARTS = (_AUTOMOBILE_PARTS, _TRUCK_PARTS)
_SINCE = {"9903.94.67": AGREED_TAIWAN}
OF_USMCA = tuple(
    Condition(ConditionKind.UNLESS_CLAIM, claim, "parts entered under the USMCA") for claim in ("US-S", "US-S+")
)


def vehicle_parts(lists: Chapter99Lists) -> Iterator[Measure]:
    """The duties on parts of each list, and for each provision the question whether the goods are such parts."""
    for parts in LISTED_PARTS:
        for prefix in lists.read_enumeration(parts.note, parts.opening):
            yield from _duties_on(lists, parts, prefix)
        if parts.own is not None:
            heading, origins, opening = parts.own
            for prefix in lists.read_sentence(parts.note, opening):
                yield _duty(lists, parts, prefix, heading, _declare_use(parts), origins=origins)


def _declare_use(parts: PartsList) -> tuple[Condition, ...]:
    return (*OF_USMCA, Condition(ConditionKind.END_USE, parts.end_use, parts.words))


def _duties_on(lists: Chapter99Lists, parts: PartsList, prefix: str) -> Iterator[Measure]:
    declared = _declare_use(parts)
    yield _duty(lists, parts, prefix, parts.heading, declared)
    for heading, origins in parts.partners:
        yield _duty(lists, parts, prefix, heading, declared, origins=origins)
    neither = (
        *OF_USMCA,
        Condition(ConditionKind.UNLESS_CLAIM, f"end_use:{parts.end_use}", parts.words),
        Condition(ConditionKind.UNLESS_CLAIM, parts.others, f"not {parts.words}"),
        Condition("scope", parts.heading, parts.words),
    )
    yield _duty(lists, parts, prefix, parts.heading, neither, additional_code=f"{parts.heading}-open")


def _duty(
    lists: Chapter99Lists,
    parts: PartsList,
    prefix: str,
    heading: str,
    conditions: tuple[Condition, ...],
    *,
    origins: tuple[str, ...] = ("*",),
    additional_code: str = "",
) -> Measure:
    expression = lists.heading(heading).expression
    if expression is None:
        msg = f"heading {heading} charges nothing"
        raise ValueError(msg)
    return make_additional_duty(
        lists,
        parts.programme,
        prefix,
        expression,
        Period(max(lists.first_day, _SINCE.get(heading, lists.first_day))),
        heading=heading,
        title=parts.title,
        origins=origins,
        conditions=conditions,
        yields_to=parts.yields_to,
        additional_code=additional_code,
    )

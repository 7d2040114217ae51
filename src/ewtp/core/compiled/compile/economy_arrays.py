"""What a compiled book says of economies: where they stand among customs territories, and sanctions programmes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.assessment.unknowns import PROGRAMMES
from ewtp.core.compiled.format import entry_exemption
from ewtp.core.compiled.format.tables import column
from ewtp.core.compiled.machine.epoch_days import FIRST_DAY, NEVER, day_after, day_number
from ewtp.core.rulebook.measure import Direction, Kind
from ewtp.core.rulebook.territorial_status import (
    CUSTOMS_STATUS,
    LATEST,
    CustomsRelation,
    charges_inside,
    status_practices,
)
from ewtp.core.rulebook.territory import PracticeName

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from numpy.typing import NDArray

    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.period import Period

_BORDER = CustomsRelation.BORDER


def build_economy_arrays(book: Book, economies: tuple[str, ...]) -> dict[str, NDArray[Any]]:
    """The arrays [economy] and [economy, economy] of the tables that depend on the book's territories and groups."""
    exporting = {
        territory
        for (territory, _), rules in book.rules.items()
        # Answers read papers alone of an exporter's rules.
        if any(rule.measure.direction is Direction.EXPORT and not rule.measure.kind.charges for rule in rules)
    }
    inside_union = np.array(
        [[book.find_customs_relation(one, other, LATEST) is not _BORDER for other in economies] for one in economies],
        np.bool_,
    ).reshape(len(economies), len(economies))
    held = [find_kinds_held(book, economy) for economy in economies]
    charges = np.zeros(inside_union.shape, np.int8)
    for one, other in np.argwhere(inside_union):
        charges[one, other] = _number_not_owed(book, economies[one], economies[other], held[other])
    turns = {economy: _list_turns(book, economy) for economy in economies}
    return {
        "inside_union": inside_union,
        "not_owed": charges,
        "moved_together": _find_moved(book, economies, turns, inside_union),
        "apart_before": _find_apart(book, economies, turns, inside_union),
        "exports_rules": column(
            [any(t.code in exporting for t in book.territories_of(economy)) for economy in economies], np.bool_
        ),
        "origin_is_union": column([len(book.members_of(economy)) > 1 for economy in economies], np.bool_),
        "status_day": column([max(map(day_number, turns[e]), default=FIRST_DAY) for e in economies], np.int32),
        **build_programme_arrays(book, economies),
    }


def _number_not_owed(book: Book, one: str, other: str, held: frozenset[Kind]) -> int:
    """The bits of ``entry_exemption`` for goods from one economy to another, which charges ``held``."""
    kinds = charges_inside(book.territories, one, other)
    bits = entry_exemption.FEE if Kind.FEE in kinds else 0
    bits |= entry_exemption.TAX if Kind.TAX in kinds else 0
    bits |= entry_exemption.FEE_HELD if Kind.FEE in kinds & held else 0
    return bits | (entry_exemption.TAX_HELD if Kind.TAX in kinds & held else 0)


def find_kinds_held(book: Book, economy: str) -> frozenset[Kind]:
    """The kinds of charge that the law of an economy levies."""
    return frozenset[Kind]().union(*(book.coverage.get(t.code, ()) for t in book.territories_of(economy)))


def _list_turns(book: Book, economy: str) -> list[date]:
    """The days on which an economy changes its place among customs territories and unions.

    Where another territory lends it its law, also those on which it gets other taxes.
    """
    territory = book.territories.get(economy)
    practices = status_practices(territory) if territory is not None else ()
    named = CUSTOMS_STATUS | ({PracticeName.TAX_TERRITORY} if book.lent_by(economy) else frozenset())
    periods = [practice.validity for practice in practices if practice.name in named]
    return [turn for each in periods for turn in (each.start, day_after(each.end) if each.end else None) if turn]


def _find_moved(
    book: Book, economies: Sequence[str], turns: dict[str, list[date]], inside_union: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether two economies are in one customs union on some day and not on the last, or the reverse."""
    moved = np.zeros_like(inside_union)
    for one, economy in enumerate(economies):
        days = {day for turn in turns[economy] for day in (turn - timedelta(days=1), turn)}
        for other, destination in enumerate(economies):
            now = inside_union[one, other]
            moved[one, other] = any(
                (book.find_customs_relation(economy, destination, day) is not _BORDER) is not bool(now) for day in days
            )
    return moved


def _find_apart(
    book: Book, economies: Sequence[str], turns: dict[str, list[date]], inside_union: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether goods crossed a customs border, and owed every charge, before the last turn of the economy of dispatch.

    Between two of its turns nothing changes, so the day before each of them tells; a destination's own turns are over,
    because before them the scalar path decides.
    """
    apart = np.zeros_like(inside_union)
    for one, other in np.argwhere(inside_union):
        economy, destination = economies[one], economies[other]
        apart[one, other] = not charges_inside(book.territories, economy, destination) and all(
            book.find_customs_relation(economy, destination, turn - timedelta(days=1)) is _BORDER
            for turn in turns[economy]
        )
    return apart


def build_programme_arrays(book: Book, economies: Sequence[str]) -> dict[str, NDArray[np.int32]]:
    """By economy [economy] int32, as bits: the sanctions programmes of its territories, and those that name it.

    A programme names an economy if it does on any day. Before the day from which all of them name it for good, the
    scalar path decides.
    """
    bits = {code: 1 << place for place, code in enumerate(sorted(PROGRAMMES))}
    named: dict[str, dict[str, list[Period]]] = {code: {} for code in PROGRAMMES}
    for code, group in PROGRAMMES.items():
        for member in book.groups[group].memberships if group in book.groups else ():
            named[code].setdefault(member.economy, []).append(member.validity)
    applied = [{economy, *(t.code for t in book.territories_of(economy))} for economy in economies]
    return {
        "programmes": column([sum(bits[code] for code in own & bits.keys()) for own in applied], np.int32),
        "programmes_named": column(
            [sum(bits[code] for code, own in named.items() if economy in own) for economy in economies], np.int32
        ),
        "programme_day": column(
            [
                max((_find_lasting_start(own[economy]) for own in named.values() if economy in own), default=FIRST_DAY)
                for economy in economies
            ],
            np.int32,
        ),
    }


def _find_lasting_start(periods: Sequence[Period]) -> int:
    """The first day of the period without an end, as a number; NEVER where each of them ends."""
    return max((day_number(each.start) for each in periods if each.end is None), default=NEVER)

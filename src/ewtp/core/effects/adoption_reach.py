"""The trade that an adoption reaches, and the plan that holds for its effect where nobody registers another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.core.effects.effect_plan import EVERY, REPORTED, STATED_BY_LAW, EffectPlan, TradePair, plan_effect
from ewtp.core.rulebook.changeset.changeset import ends_of, find_added_records
from ewtp.core.rulebook.changeset.law_record import record_period
from ewtp.core.rulebook.measure import Kind, Measure
from ewtp.core.rulebook.service import Service
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

_CHAPTER, _HEADING = 2, 4
# More groups than these are one: all goods.
_MOST_GROUPS = 4
# A plan is an event of the log, which has space for this many; the law is asked about each of them for every month.
MOST_DONORS = 200
MOST_DONORS_BY_LAW = 60
_PAPERS = (Kind.REQUIREMENT, Kind.PROHIBITION)
CHAPTERS = tuple(f"{number:02}" for number in range(1, 98) if number != 77)  # noqa: PLR2004 - chapter 77 is reserved


@immutable
class AdoptionReach:
    """What an adoption changes: in which economy, under which codes, for which origins, and in what respect."""

    destination: str
    codes: tuple[str, ...]
    origins: tuple[str, ...]
    outcome: str
    effective: date

    @property
    def groups(self) -> tuple[str, ...]:
        """The product groups: headings, or chapters where these are too many, or all goods."""
        for digits in (_HEADING, _CHAPTER):
            groups = {code[:digits] for code in self.codes}
            if all(len(code) >= digits for code in self.codes) and 0 < len(groups) <= _MOST_GROUPS:
                return tuple(sorted(groups))
        return (EVERY,)

    @property
    def origin(self) -> str:
        """The one economy whose goods it is about, or all."""
        return self.origins[0] if len(self.origins) == 1 else EVERY


def find_reach(
    changeset: Changeset[LawRecord], territory: str, effective: date, economies: Collection[str]
) -> AdoptionReach | None:
    """What a territory's part of a change reaches; None where it reaches no goods of one of the ``economies``.

    Its first day is that on which the first of the records changes.
    """
    ends = ends_of(changeset)
    records = [*find_added_records(changeset), *(each.record for each in ends)]
    measures = [each for each in records if isinstance(each, Measure)]
    if territory not in economies or not any(isinstance(each, Measure | Service) for each in records):
        return None
    days = [record_period(each).start for each in find_added_records(changeset)]
    days += [each.last_day + timedelta(days=1) for each in ends if each.last_day is not None]
    first = max(effective, min(days, default=effective))
    codes = tuple(sorted({each.product.prefix for each in measures} or {""}))
    origins = {origin for each in measures for origin in each.origins.include}
    named = tuple(sorted(origins)) if origins and origins <= set(economies) else ()
    about_papers = any(each.kind in _PAPERS or each.relieves_papers for each in measures)
    outcome = "papers" if about_papers else "cost" if measures else "days"
    return AdoptionReach(territory, codes, named, outcome, first)


def default_plan(reach: AdoptionReach, *, economies: Collection[str], schedules: Iterable[str]) -> EffectPlan:
    """The plan made from an adoption alone, so that there is one before any figure.

    ``economies`` are all that there are, ``schedules`` those whose law is held. Of papers and cost the law itself
    states what it asks for: donors are the same goods into the other economies with a schedule, and the other chapters
    of the same economy. Days are reported: donors are the same goods into every other economy.
    """
    treated = [TradePair(reach.destination, reach.origin, group) for group in reach.groups]
    if reach.outcome == "days":
        others = [TradePair(code, reach.origin, reach.groups[0]) for code in sorted(economies)]
        free = [pair for pair in others if pair.destination != reach.destination][:MOST_DONORS]
        return plan_effect(reach.outcome, treated, free, reach.effective, figures=REPORTED)
    own = {group[:_CHAPTER] for group in reach.groups}
    same = [
        TradePair(code, reach.origin, group)
        for code in sorted(set(schedules) - {reach.destination})
        for group in reach.groups
    ]
    rest = [TradePair(reach.destination, reach.origin, chapter) for chapter in CHAPTERS if chapter not in own]
    # Where all goods are reached, no other chapter of the economy is free of the rule.
    free = [*same, *(rest if EVERY not in own else ())][:MOST_DONORS_BY_LAW]
    return plan_effect(reach.outcome, treated, free, reach.effective, figures=STATED_BY_LAW)

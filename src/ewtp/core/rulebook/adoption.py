"""What an economy's adoption of a change states, record by record: the adopted layer beside the law."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.changeset.law_record import (
    LawRecord,
    for_period,
    record_key,
    record_name,
    record_period,
    same_content,
)
from ewtp.core.rulebook.measure import Measure, Status
from ewtp.core.rulebook.sentences import (
    ADOPTION_EMPTY,
    ADOPTION_OF_ANOTHER_TERRITORY,
    ADOPTION_UNDATED,
)
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import Group, GroupMember, OriginRule, Practice, TariffLine, TerritoryPractice
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.citation import Source


@immutable
class AdoptingAct:
    """The act by which a territory gives effect to a change: its own publication, and the place in it.

    ``adopted_from`` names the text that it gives effect to; empty where there is none. ``economies`` are those of the
    territory.
    """

    territory: str
    source: Source
    reference: str
    adopted_from: str = ""
    economies: tuple[str, ...] = ()


@immutable
class AdoptedRecord:
    """A record that holds by an act for a period, or of which an act states that it does not hold then."""

    record: LawRecord
    act: AdoptingAct
    validity: Period
    abolishes: bool = False

    @property
    def subject(self) -> str:
        """The record in codes, as lists of changes name it."""
        record = self.record
        if isinstance(record, Measure):
            scope = (record.territory, record.kind, record.product.prefix, " ".join(record.origins.include))
            return " ".join(part for part in scope if part)
        return record_name(record)

    @property
    def wording(self) -> str:
        """The rule itself, as its text has it."""
        match self.record:
            case Measure(expression=expression, title=title):
                return expression or title
            case TariffLine(description=description):
                return description
            case TerritoryPractice(practice=Practice(value=value)):
                return value
            case Service(days=days):
                return str(days)
            case Procedure(value=value):
                return value
        return ""


def derive_adopted_records(
    changeset: Changeset[LawRecord], held: Iterable[LawRecord], act: AdoptingAct, first_day: date = date.min
) -> tuple[AdoptedRecord, ...] | Refusal:
    """What an act states that adopts a change from ``first_day`` on, ordered by key and day.

    ``held`` are all records in effect under the change's keys. From that day on, and for each key, the result has the
    records of ``apply`` on the days on which these differ from ``held``, and an abolition for the days on which nothing
    is left; so that law and act together have in effect what ``apply`` gives.

    Refuses as ``apply`` does, with ``adoption_of_another_territory`` where the change is about the law of somebody
    else, with ``adoption_undated`` where neither the change nor ``first_day`` says from when the record holds, and
    with ``adoption_empty`` where the change alters nothing from that day on.
    """
    before = tuple(held)
    after = apply(changeset, before)
    if isinstance(after, Refusal):
        return after
    old, new = _by_key(before), _by_key(after)
    found: list[AdoptedRecord] = []
    for key in sorted({*old, *new}):
        stated = [
            *_replace_records(old[key], new[key], act, first_day),
            *_abolish_records(old[key], new[key], act, first_day),
        ]
        found += sorted(stated, key=lambda one: one.validity)
    return _refuse_adoption(found, old, act) or tuple(found) or Refusal(ADOPTION_EMPTY)


def _refuse_adoption(
    found: Iterable[AdoptedRecord], held: Mapping[str, Sequence[LawRecord]], act: AdoptingAct
) -> Refusal | None:
    for one in found:
        if not _is_own(one.record, act):
            return Refusal(
                ADOPTION_OF_ANOTHER_TERRITORY, {"record": record_name(one.record), "territory": act.territory}
            )
        # A group that an act founds has no effect before its members' days.
        founded = isinstance(one.record, Group) and not held.get(record_key(one.record))
        if one.validity.start == date.min and not founded:
            return Refusal(ADOPTION_UNDATED, {"record": record_name(one.record)})
    return None


def _is_own(record: LawRecord, act: AdoptingAct) -> bool:
    """Whether the record is the territory's to change.

    Its own law is; so are memberships of its own economies, and groups and schemes that are named after it.
    """
    match record:
        case GroupMember(group=name, economy=economy):
            return economy in act.economies or name.startswith(f"{act.territory}-")
        case Group(id=name) | OriginRule(scheme=name):
            return name.startswith(f"{act.territory}-")
    return record.territory == act.territory


def _by_key(records: Iterable[LawRecord]) -> dict[str, list[LawRecord]]:
    found: dict[str, list[LawRecord]] = defaultdict(list)
    for record in records:
        found[record_key(record)].append(record)
    return found


def _replace_records(
    before: Sequence[LawRecord], after: Sequence[LawRecord], act: AdoptingAct, first_day: date
) -> Iterator[AdoptedRecord]:
    for record in after:
        same = [record_period(other) for other in before if _same_rule(other, record)]
        for days in _days_left(record_period(record), first_day, same):
            yield AdoptedRecord(_by_act(record, act, days), act, days)


def _abolish_records(
    before: Sequence[LawRecord], after: Sequence[LawRecord], act: AdoptingAct, first_day: date
) -> Iterator[AdoptedRecord]:
    taken = [record_period(record) for record in after]
    for record in before:
        for days in _days_left(record_period(record), first_day, taken):
            yield AdoptedRecord(_by_act(record, act, days), act, days, abolishes=True)


def _same_rule(one: LawRecord, other: LawRecord) -> bool:
    """Whether two records differ in nothing but status, name, days and source."""
    if isinstance(one, Measure) and isinstance(other, Measure):
        one = replace(one, status=other.status, source=other.source)
    return same_content(one, other)


def _by_act(record: LawRecord, act: AdoptingAct, days: Period) -> LawRecord:
    """The record as the act states it, for these days."""
    match record:
        case Measure():
            record = replace(record, status=Status.ADOPTED, known_from=None, known_to=None, adoption=None)
            record = replace(record, source=act.source, reference=act.reference)
        case TerritoryPractice(practice=practice):
            record = replace(record, practice=replace(practice, source=act.source, reference=act.reference))
        case TariffLine():
            pass
        case _:
            record = replace(record, source=act.source, reference=act.reference)
    return for_period(record, days)


def _days_left(period: Period, first_day: date, taken: Iterable[Period]) -> list[Period]:
    """The days of a period from ``first_day`` on that are in none of the others."""
    if period.end is not None and period.end < first_day:
        return []
    left = [Period(max(period.start, first_day), period.end)]
    for other in taken:
        left = [piece for days in left for piece in days.without(other)]
    return left

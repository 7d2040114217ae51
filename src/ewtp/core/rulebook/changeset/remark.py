"""What a check remarks about a change that is sound: what a reader should have meant, and may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset.idle_rule import same_paper
from ewtp.core.rulebook.changeset.law_record import record_name, record_period
from ewtp.core.rulebook.changeset.record_sentences import EVERYTHING, ONE_DAY, SAME_AUTHORITY
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Measure
from ewtp.core.values.immutable import immutable
from ewtp.core.values.sentence import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord

_ON_GOODS = frozenset({Kind.REQUIREMENT, Kind.PROHIBITION})


@immutable
class Remark(Statement):
    """A sentence about one operation, and ``where`` the operation is in the changeset."""

    where: str = ""

    def as_json(self) -> dict[str, Any]:
        """The sentence with ``where``."""
        return {**Statement.as_json(self), "where": self.where}


def find_remarks(changeset: Changeset[LawRecord]) -> tuple[Remark, ...]:
    """What is lawful and seldom meant, in the order of the changeset.

    A record that holds on one day, a requirement or prohibition for every product of every origin, and a recognised
    paper with the names of the one that is asked for.
    """
    found: list[Remark] = []
    places = [(f"added[{n}]", record) for n, record in enumerate(changeset.added)]
    places += [(f"amended[{n}].after", change.after) for n, change in enumerate(changeset.amended)]
    for where, record in places:
        period = record_period(record)
        if period.start == period.end:
            found.append(Remark(ONE_DAY, {"record": record_name(record), "day": period.start}, where))
        if isinstance(record, Measure):
            found += _list_measure_remarks(record, where)
    for number, end in enumerate(changeset.ended):
        start = record_period(end.record).start
        if end.last_day == start:
            found.append(Remark(ONE_DAY, {"record": record_name(end.record), "day": start}, f"ended[{number}]"))
    return tuple(found)


def _list_measure_remarks(measure: Measure, where: str) -> Iterator[Remark]:
    name = {"record": record_name(measure)}
    every = EVERY_ORIGIN in measure.origins.include and not measure.origins.exclude
    if measure.kind in _ON_GOODS and every and not measure.product.prefix and not measure.product.exclusions:
        yield Remark(EVERYTHING, name, where)
    paper = same_paper(measure)
    if paper is not None:
        yield Remark(SAME_AUTHORITY, {**name, "document": paper[0], "authority": paper[1]}, where)

"""Whether a preference or a quota lowers the ordinary duty, on every day on which it is compared with another one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.sentences import PREFERENCE_ABOVE
from ewtp.core.rulebook.expressions.tree import AdValorem, Specific
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.rule import find_common_day

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.territory import TariffLine

_ONE_DAY = timedelta(days=1)


def find_dearer(rule: Rule, law: HeldLaw, after: Book) -> Fault | None:
    """The fault of a preference that is dearer than the ordinary duty of some line on some of its days.

    Compared are plain percentages of the customs value, amounts of one currency for the same unit, and either with a
    duty of nothing. ``after`` is the book with the change. The first such line and its first such day are named.
    """
    measure = rule.measure
    if not _is_plain(rule.expression) or _is_nothing(rule.expression):
        return None
    for line in law.lines_of(measure.territory, measure.product.prefix):
        if not measure.product.covers(line.code) or not line.validity.overlaps(measure.validity):
            continue
        ordinary = [
            each
            for each in after.rules_for(measure.territory, line.code)
            if each.measure.kind is Kind.DUTY and each.everyone
        ]
        for day in _list_days(rule, line, ordinary):
            there = [each for each in ordinary if each.holds_on(day)]
            if there and all(_is_above(rule.expression, each.expression) for each in there):
                duty = there[0].measure.expression
                shown = {"preference": measure.expression, "ordinary": duty, "code": line.code, "day": day}
                return Fault(PREFERENCE_ABOVE, {"record": record_name(measure), **shown})
    return None


def _list_days(rule: Rule, line: TariffLine, ordinary: list[Rule]) -> list[date]:
    """The days of the preference on the line from which another ordinary duty may hold, in order."""
    first = max(rule.first_day, line.validity.start)
    last = min(rule.last_day, line.validity.end or date.max)
    changes = {each.first_day for each in ordinary}
    changes |= {each.last_day + _ONE_DAY for each in ordinary if each.last_day < date.max}
    begins = (find_common_day([rule], day, last) for day in (first, *changes) if first <= day <= last)
    return sorted({day for day in begins if day is not None})


def _is_plain(rate: object) -> bool:
    return isinstance(rate, Specific) or (isinstance(rate, AdValorem) and rate.base is None)


def _is_nothing(rate: object) -> bool:
    return (isinstance(rate, AdValorem) and not rate.percent) or (isinstance(rate, Specific) and not rate.amount)


def _is_above(rate: object, ordinary: object) -> bool:
    """Whether a plain rate, which is not nothing, is above another one for sure."""
    if not _is_plain(ordinary):
        return False
    if _is_nothing(ordinary):
        return True
    if isinstance(rate, AdValorem) and isinstance(ordinary, AdValorem):
        return rate.percent * ordinary.divisor > ordinary.percent * rate.divisor
    if isinstance(rate, Specific) and isinstance(ordinary, Specific):
        counted = [(each.currency, each.unit, each.basis, each.times) for each in (rate, ordinary)]
        return counted[0] == counted[1] and rate.amount * ordinary.per > ordinary.amount * rate.per
    return False

"""Whether the figures of a record can be meant: rates, amounts and their currencies, days, units, and their order.

The largest figures are conventions of this program: what is beyond them is a slip of the keyboard. The highest duty in
the seed is 350 per cent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.sentences import (
    BOUNDS_REVERSED,
    CLAIM_UNNAMED,
    CURRENCY_UNKNOWN,
    FIGURE_ABSURD,
    UNIT_UNKNOWN,
)
from ewtp.core.rulebook.expressions.tree import AdValorem, Bounded, Specific, walk
from ewtp.core.rulebook.measure import LONGEST_CLAIM, ConditionKind
from ewtp.core.rulebook.origin_class import share_of_class
from ewtp.core.rulebook.tax_base import parse_tax_base
from ewtp.core.rulebook.territory import PracticeName
from ewtp.core.values.money import decimal_text, parse_money
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.unit import resolve_unit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ewtp.core.rulebook.expressions.tree import Expression
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.service import Service
    from ewtp.core.rulebook.territory import OriginRule, TariffLine, TerritoryPractice

MOST_PERCENT = Decimal(10_000)
MOST_PER_UNIT = Decimal(10**9)
# Limits of value and bounds of fees are sums of a consignment, in currencies of any worth.
LEAST_SUM, MOST_SUM = Decimal("0.01"), Decimal(10**12)
MOST_DAYS = 3_650
MOST_FACTOR = Decimal(10)
# Schedules indent by a dash for each level below the heading; the deepest have about ten.
MOST_INDENT = 20
_WHOLE = Decimal(100)
_LONGEST_SHOWN = 40
_CLAIMS = frozenset({ConditionKind.CLAIM, ConditionKind.UNLESS_CLAIM, ConditionKind.END_USE})


def find_wrong_figures(rule: Rule, currencies: Collection[str]) -> Iterator[Fault]:
    """The faults of the rate, the bounds and the conditions of a measure; ``currencies`` are those of ISO 4217."""
    measure = rule.measure
    name = record_name(measure)
    nodes = [] if rule.expression is None or isinstance(rule.expression, Refusal) else list(walk(rule.expression))
    for node in nodes:
        yield from _wrong_rate(node, measure.expression, name)
    written = [text for text in (measure.minimum, measure.maximum) if text]
    written += [condition.value for condition in measure.conditions if condition.limit is not None]
    sums = {text: money for text in written if (money := parse_money(text)) is not None}
    for text, money in sums.items():
        if not LEAST_SUM <= money.amount <= MOST_SUM:
            yield _absurd(text, decimal_text(LEAST_SUM), decimal_text(MOST_SUM), record=name)
    least, most = parse_money(measure.minimum), parse_money(measure.maximum)
    if least and most and least.currency == most.currency and least.amount > most.amount:
        yield Fault(BOUNDS_REVERSED, {"record": name})
    named = [measure.currency] if measure.currency else []
    named += [node.currency for node in nodes if isinstance(node, Specific)]
    for currency in dict.fromkeys((*named, *(money.currency for money in sums.values()))):
        if currency not in currencies:
            yield Fault(CURRENCY_UNKNOWN, {"record": name, "currency": currency[:_LONGEST_SHOWN]})


def _wrong_rate(node: Expression, written: str, name: str) -> Iterator[Fault]:
    """The faults of one node of a rate."""
    if isinstance(node, AdValorem) and node.percent > MOST_PERCENT * node.divisor:
        yield _absurd(written, "0%", f"{decimal_text(MOST_PERCENT)}%", record=name)
    elif isinstance(node, Specific) and node.amount > MOST_PER_UNIT:
        yield _absurd(written, "0", decimal_text(MOST_PER_UNIT), record=name)
    elif isinstance(node, Bounded) and _is_reversed(node):
        yield Fault(BOUNDS_REVERSED, {"record": name})


def find_unnamed_claims(measure: Measure) -> Iterator[Fault]:
    """The faults of conditions that ask for a claim which no question can make."""
    for condition in measure.conditions:
        if condition.kind in _CLAIMS and not (condition.value.strip() and len(condition.claim) <= LONGEST_CLAIM):
            params = {"record": record_name(measure), "value": condition.value[:_LONGEST_SHOWN], "most": LONGEST_CLAIM}
            yield Fault(CLAIM_UNNAMED, params)


def find_absurd_days(service: Service) -> Iterator[Fault]:
    """The fault of a promise to answer in a time that is none."""
    if not 0 <= service.days <= MOST_DAYS:
        yield _absurd(str(service.days), "0", str(MOST_DAYS), record=record_name(service))


def find_unknown_units(line: TariffLine, held: Iterable[TariffLine]) -> Iterator[Fault]:
    """The faults of units that no quantity can be stated in, and that no line ``held`` of the territory has."""
    for unit in dict.fromkeys(line.units):
        if isinstance(resolve_unit(unit), Refusal) and not any(unit in each.units for each in held):
            yield Fault(UNIT_UNKNOWN, {"record": record_name(line), "unit": unit[:_LONGEST_SHOWN]})


def find_absurd_factors(record: TerritoryPractice) -> Iterator[Fault]:
    """The fault of a tax base that takes a sum many times over."""
    base = parse_tax_base(record.practice.value) if record.practice.name == PracticeName.TAX_BASE else None
    for _, factor in base.terms if base else ():
        if not 0 < factor <= MOST_FACTOR:
            yield _absurd(record.practice.value, "0", decimal_text(MOST_FACTOR), record=record_name(record))


def find_absurd_indent(line: TariffLine) -> Iterator[Fault]:
    """The fault of a line deeper than any schedule goes."""
    if line.indent > MOST_INDENT:
        yield _absurd(str(line.indent), "0", str(MOST_INDENT), record=record_name(line))


def find_absurd_shares(rule: OriginRule) -> Iterator[Fault]:
    """The faults of shares of the price that are none of it, or more than all."""
    for each in dict.fromkeys(rule.classes):
        share = share_of_class(each)
        if share is not None and not 0 < share <= _WHOLE:
            yield _absurd(each, "0%", "100%", record=record_name(rule))


def _is_reversed(node: Bounded) -> bool:
    """Whether the least is above the most, where both are of one form."""
    least, most = node.minimum, node.maximum
    if least is None or most is None:
        return False
    one, other = _comparable(least), _comparable(most)
    return one is not None and other is not None and one[0] == other[0] and one[1] > other[1]


def _comparable(rate: Expression) -> tuple[object, Decimal] | None:
    """What a plain rate counts, and how much it takes for that; None of any other expression."""
    if isinstance(rate, AdValorem):
        return (rate.base, rate.divisor), rate.percent
    if isinstance(rate, Specific):
        return (rate.currency, rate.unit, rate.per, rate.basis, rate.times), rate.amount
    return None


def _absurd(figure: str, least: str, most: str, *, record: str) -> Fault:
    return Fault(FIGURE_ABSURD, {"record": record, "figure": figure[:_LONGEST_SHOWN], "least": least, "most": most})

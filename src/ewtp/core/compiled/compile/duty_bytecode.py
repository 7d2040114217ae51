"""A duty expression as a short postfix program over integers, or the reason why it is none.

Amounts inside a program count hundred-millionths of a minor unit, bases hundredths of one, quantities
ten-thousandths of their unit. A figure finer than that is left to the scalar path, never rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.compiled.format import opcode
from ewtp.core.compiled.format.unknown_bits import refused_for
from ewtp.core.rulebook.expressions.evaluation import Facts, evaluate, seasons_on
from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Inherited,
    Missing,
    Polarised,
    Seasonal,
    Specific,
    Sum,
)
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.money import Money, minor_units
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.compiled.format.pool import Pool
    from ewtp.core.rulebook.book import Rule
    from ewtp.core.rulebook.expressions.tree import Expression

_LARGEST = Decimal(2**62)
# So large a rate by degree still fits into the sums of ``times_rate``.
_MOST_DEGREE_RATE = 5 * 10**12
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Charges of which the scalar path refuses the whole line where the trader has left out a fact.
ASKED_KINDS = frozenset({Kind.DUTY, Kind.PREFERENCE, Kind.QUOTA, Kind.EXCISE})
_ASKED_CODES = frozenset({"quantity_missing", "part_value_missing"})
_SOMETHING = Money(Decimal(1), "XXX")

# One instruction: what to do, a figure, the places of a quantity and of a currency, and the number of what the trader
# is told where the quantity is not given, 0 for nothing.
Instruction = tuple[int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """Instructions to run; or neither these nor ``refusal``: ``scalar``.

    ``refusal`` is the code of what the expression always comes to; where that is for the trader to hear, there are
    instructions too, which say so.
    """

    instructions: tuple[Instruction, ...] = ()
    refusal: str = ""
    scalar: bool = False


class _LeftToScalarError(Exception):
    """The expression needs what programs do not have."""


class _AlwaysRefusedError(Exception):
    """Every evaluation ends in the same refusal."""

    def __init__(self, code: str, instruction: Instruction) -> None:
        super().__init__(code)
        self.code = code
        self.instruction = instruction


def program_of(rule: Rule, quantities: Pool, currencies: Pool, refusals: Pool) -> Program:
    """The program of a rule's expression, for a line that gives no values of parts.

    ``refusals`` numbers what traders are told, as code and message; its number 0 stands for nothing.
    """
    expression = rule.expression
    if expression is None or isinstance(expression, Refusal):
        return Program(refusal="expression_missing" if expression is None else expression.code)
    asked = rule.measure.kind in ASKED_KINDS
    writer = _Writer(quantities, currencies, refusals, asked=asked)
    try:
        depth = writer.write(expression)
    except _LeftToScalarError:
        return Program(scalar=True)
    except _AlwaysRefusedError as refused:
        return Program((refused.instruction,) if refused.instruction[-1] else (), refusal=refused.code)
    return Program(scalar=True) if depth > opcode.DEEPEST_STACK else Program(tuple(writer.instructions))


class _Writer:
    """Writes instructions in the order in which the scalar evaluation visits the tree."""

    def __init__(self, quantities: Pool, currencies: Pool, refusals: Pool, *, asked: bool) -> None:
        self.instructions: list[Instruction] = []
        self._quantities = quantities
        self._currencies = currencies
        self._refusals = refusals
        self._asked = asked
        # Whether something before may already have been refused for want of a fact.
        self._may_refuse = False

    def write(self, node: Expression) -> int:  # noqa: C901 - one case for each kind of node
        """Append the node's instructions; returns how deep a stack they need."""
        match node:
            case AdValorem():
                return self._share(node)
            case Specific():
                return self._per_unit(node)
            case Inherited():
                self._may_refuse = True
                return self._emit(opcode.INHERITED)
            case Sum(terms):
                return self._joined(terms, opcode.ADD)
            case Alternatives(terms, rule):
                self._may_refuse = self._may_refuse or rule is None
                return self._joined(terms, {"higher": opcode.LARGER, "lower": opcode.SMALLER, None: opcode.EQUAL}[rule])
            case Difference(first, second):
                return self._joined((first, second), opcode.LESS)
            case Bounded(inner, minimum, maximum):
                depth = self.write(inner)
                for bound, operation in ((minimum, opcode.LARGER), (maximum, opcode.SMALLER)):
                    if bound is not None:
                        depth = max(depth, 1 + self.write(bound))
                        self._emit(operation)
                return depth
            case Polarised():
                return self._by_degree(node)
            case Seasonal():
                return self._seasonal(node)
            case Missing():
                return self._refuse("fact_missing")
        raise _LeftToScalarError

    def _emit(self, operation: int, figure: int = 0, place: int = -1, currency: int = -1, refusal: int = 0) -> int:
        self.instructions.append((operation, figure, place, currency, refusal))
        return 1

    def _refuse(self, code: str, said: int = 0) -> int:
        instruction = (opcode.REFUSE, refused_for(code), -1, -1, said)
        if not self._may_refuse:
            raise _AlwaysRefusedError(code, instruction)
        self.instructions.append(instruction)
        return 1

    def _said(self, node: Expression, *given: str) -> int:
        """The number of what the trader is told where of all quantities these alone are given."""
        refused = evaluate(node, Facts(_SOMETHING, dict.fromkeys(given, Decimal(1))))
        if not self._asked or not isinstance(refused, Refusal) or refused.code not in _ASKED_CODES:
            return 0
        return self._refusals.place((refused.code, refused.message))

    def _joined(self, terms: tuple[Expression, ...], operation: int) -> int:
        depth = self.write(terms[0])
        for term in terms[1:]:
            depth = max(depth, 1 + self.write(term))
            self._emit(operation)
        return depth

    def _share(self, duty: AdValorem) -> int:
        if not duty.percent:
            return self._emit(opcode.NOTHING)
        if duty.base is not None:
            return self._refuse("part_value_missing", self._said(duty))
        self._emit(opcode.SHARE, _whole(duty.percent * opcode.SHARE_SCALE))
        if duty.divisor != 1:
            self._emit(opcode.DIVIDE, _whole(Decimal(duty.divisor)))
        return 1

    def _per_unit(self, duty: Specific) -> int:
        if not duty.amount:
            return self._emit(opcode.NOTHING)
        self._may_refuse = True
        minor = duty.amount.scaleb(minor_units(duty.currency) + opcode.RATE_DECIMALS)
        figure, divisor = minor / duty.per, Decimal(1)
        if figure * duty.per != minor or figure != figure.to_integral_value():
            # What is finer, or counted by a number that does not divide it, is divided afterwards.
            finer = max(-int(minor.normalize().as_tuple().exponent), 0)
            figure, divisor = minor.scaleb(finer), duty.per.scaleb(finer)
        place, currency = self._quantities.place(duty.quantity_key), self._currencies.place(duty.currency)
        if duty.times is None:
            self._emit(opcode.PER_UNIT, _whole(figure), place, currency, self._said(duty))
        else:
            # What the quantity is multiplied by stands in an instruction of its own, which does nothing else; so does
            # the quantity of pure alcohol that settles both.
            pure = self._quantities.place("LPA") if (duty.times, duty.unit) == ("ASV", "HLT") else -1
            self._emit(opcode.PER_PRODUCT, _whole(figure), place, currency, self._said(duty))
            second = self._quantities.place(duty.times)
            self._emit(opcode.SECOND, 0, second, pure, self._said(duty, duty.quantity_key))
        if divisor != 1:
            self._emit(opcode.DIVIDE, _whole(divisor))
        return 1

    def _by_degree(self, duty: Polarised) -> int:
        """A rate for a quantity, less something for each degree under a hundred."""
        self._may_refuse = True
        rate = duty.rate
        scale = minor_units(rate.currency) + opcode.DEGREE_RATE_DECIMALS
        least = _whole(duty.reduction.amount.scaleb(scale - opcode.DEGREE_DECIMALS))
        most = _whole(rate.amount.scaleb(scale))
        if rate.per != 1 or max(least, most) > _MOST_DEGREE_RATE:
            raise _LeftToScalarError
        place, currency = self._quantities.place(rate.quantity_key), self._currencies.place(rate.currency)
        self._emit(opcode.POLARISED, most, place, currency, self._said(duty))
        return self._emit(
            opcode.SECOND, least, self._quantities.place("degree"), -1, self._said(duty, rate.quantity_key)
        )

    def _seasonal(self, duty: Seasonal) -> int:
        """The duty of each part of the year, which is passed over on other days."""
        self._may_refuse = True
        depth = 1
        for first, last, expression in _parts_of_year(duty):
            at = len(self.instructions)
            self._emit(opcode.WHEN)
            depth = max(depth, self._refuse("season_missing") if expression is None else self.write(expression))
            passed = len(self.instructions) - at - 1
            self.instructions[at] = (opcode.WHEN, first * opcode.SPAN_OF_YEAR + last, passed, -1, 0)
        return depth


def _parts_of_year(duty: Seasonal) -> Iterator[tuple[int, int, Expression | None]]:
    """The year in parts of one duty, None for those that have none or several; each with its first and last day."""
    first = last = 0
    before: Expression | None = None
    for month, days in enumerate(_DAYS_OF_MONTHS, start=1):
        for day in range(1, days + 1):
            found = seasons_on(duty, month, day)
            settled = bool(found) and all(season.expression == found[0].expression for season in found)
            expression = found[0].expression if settled else None
            if first and expression != before:
                yield first, last, before
                first = 0
            first, last, before = first or month * 100 + day, month * 100 + day, expression
    yield first, last, before


def _whole(figure: Decimal) -> int:
    if figure != figure.to_integral_value() or figure > _LARGEST:
        raise _LeftToScalarError
    return int(figure)


def amount_of_bound(text: str) -> tuple[int, str] | None:
    """A fee's floor or cap as hundred-millionths of a minor unit, with its currency; None where it is finer."""
    amount, _, currency = text.partition(" ")
    figure = Decimal(amount).scaleb(minor_units(currency) + 8)
    return (int(figure), currency) if figure == figure.to_integral_value() and figure < _LARGEST else None

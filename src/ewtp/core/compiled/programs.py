"""A duty expression as a short postfix program over integers, or the reason why it is none.

Amounts inside a program count hundred-millionths of a minor unit, bases hundredths of one, quantities
ten-thousandths of their unit. A figure finer than that is left to the scalar path, never rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ewtp.core.rulebook.expressions.tree import (
    AdValorem,
    Alternatives,
    Bounded,
    Difference,
    Inherited,
    Missing,
    Specific,
    Sum,
)
from ewtp.core.values.money import minor_units
from ewtp.core.values.refusals import Refusal

if TYPE_CHECKING:
    from ewtp.core.compiled.lists import Pool
    from ewtp.core.rulebook.book import Rule
    from ewtp.core.rulebook.expressions.tree import Expression

SHARE, PER_UNIT, NOTHING, ADD, LARGER, SMALLER, LESS, INHERITED, EQUAL, PER_PRODUCT, SECOND = range(11)
# A share of the base: per cent times ten thousand, so that hundredths of the base give hundred-millionths.
SHARE_SCALE = 10_000
RATE_DECIMALS = 4
# No schedule nests deeper; a program that would is left to the scalar path.
DEEPEST_STACK = 16
_LARGEST = Decimal(2**62)

# One instruction: what to do, a figure, the place of a quantity or of a currency.
Instruction = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Program:
    """Instructions to run; or ``refusal``, the code of what the expression always comes to; or neither: ``scalar``."""

    instructions: tuple[Instruction, ...] = ()
    refusal: str = ""
    scalar: bool = False


class _LeftToScalarError(Exception):
    """The expression needs what programs do not have."""


class _AlwaysRefusedError(Exception):
    """Every evaluation ends in the same refusal."""


def program_of(rule: Rule, quantities: Pool, currencies: Pool) -> Program:
    """The program of a rule's expression, for a line that gives no values of parts."""
    expression = rule.expression
    if expression is None or isinstance(expression, Refusal):
        return Program(refusal="expression_missing" if expression is None else expression.code)
    writer = _Writer(quantities, currencies)
    try:
        depth = writer.write(expression)
    except _LeftToScalarError:
        return Program(scalar=True)
    except _AlwaysRefusedError as refused:
        return Program(refusal=str(refused))
    return Program(scalar=True) if depth > DEEPEST_STACK else Program(tuple(writer.instructions))


class _Writer:
    """Writes instructions in the order in which the scalar evaluation visits the tree."""

    def __init__(self, quantities: Pool, currencies: Pool) -> None:
        self.instructions: list[Instruction] = []
        self._quantities = quantities
        self._currencies = currencies
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
                return self._emit(INHERITED)
            case Sum(terms):
                return self._joined(terms, ADD)
            case Alternatives(terms, rule):
                self._may_refuse = self._may_refuse or rule is None
                return self._joined(terms, {"higher": LARGER, "lower": SMALLER, None: EQUAL}[rule])
            case Difference(first, second):
                return self._joined((first, second), LESS)
            case Bounded(inner, minimum, maximum):
                depth = self.write(inner)
                for bound, operation in ((minimum, LARGER), (maximum, SMALLER)):
                    if bound is not None:
                        depth = max(depth, 1 + self.write(bound))
                        self._emit(operation)
                return depth
            case Missing():
                self._refuse("fact_missing")
        raise _LeftToScalarError

    def _emit(self, operation: int, figure: int = 0, place: int = -1, currency: int = -1) -> int:
        self.instructions.append((operation, figure, place, currency))
        return 1

    def _refuse(self, code: str) -> None:
        raise _LeftToScalarError if self._may_refuse else _AlwaysRefusedError(code)

    def _joined(self, terms: tuple[Expression, ...], operation: int) -> int:
        depth = self.write(terms[0])
        for term in terms[1:]:
            depth = max(depth, 1 + self.write(term))
            self._emit(operation)
        return depth

    def _share(self, duty: AdValorem) -> int:
        if not duty.percent:
            return self._emit(NOTHING)
        if duty.base is not None:
            self._refuse("part_value_missing")
        if duty.divisor != 1:
            raise _LeftToScalarError
        return self._emit(SHARE, _whole(duty.percent * SHARE_SCALE))

    def _per_unit(self, duty: Specific) -> int:
        if not duty.amount:
            return self._emit(NOTHING)
        self._may_refuse = True
        minor = duty.amount.scaleb(minor_units(duty.currency) + RATE_DECIMALS)
        figure = minor / duty.per
        if figure * duty.per != minor:
            raise _LeftToScalarError
        place, currency = self._quantities.place(duty.quantity_key), self._currencies.place(duty.currency)
        if duty.times is None:
            return self._emit(PER_UNIT, _whole(figure), place, currency)
        # What the quantity is multiplied by stands in an instruction of its own, which does nothing else.
        self._emit(PER_PRODUCT, _whole(figure), place, currency)
        return self._emit(SECOND, 0, self._quantities.place(duty.times))


def _whole(figure: Decimal) -> int:
    if figure != figure.to_integral_value() or figure > _LARGEST:
        raise _LeftToScalarError
    return int(figure)


def amount_of_bound(text: str) -> tuple[int, str] | None:
    """A fee's floor or cap as hundred-millionths of a minor unit, with its currency; None where it is finer."""
    amount, _, currency = text.partition(" ")
    figure = Decimal(amount).scaleb(minor_units(currency) + 8)
    return (int(figure), currency) if figure == figure.to_integral_value() and figure < _LARGEST else None

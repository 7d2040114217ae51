"""Compiles a duty expression to a short postfix program over integers, or finds the reason why it cannot be.

``opcode`` has the operations and their scales. A finer figure is never rounded: the scalar path computes the duty.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.compiled.format import opcode
from ewtp.core.compiled.format.unknown_bits import result_of_refusal
from ewtp.core.rulebook.charge_kinds import charge_kind_of
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
from ewtp.core.values.immutable import immutable
from ewtp.core.values.money import Money, minor_units
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.compiled.format.pool import Pool
    from ewtp.core.rulebook.expressions.tree import Expression
    from ewtp.core.rulebook.rule import Rule

_LARGEST = Decimal(2**62)
# The largest rate by degree whose products ``times_rate`` can hold.
_MOST_DEGREE_RATE = 5 * 10**12
_DAYS_OF_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

# Facts that a charge may ask for: without them the scalar path refuses the whole line.
_ASKED_CODES = frozenset({"quantity_missing", "part_value_missing"})
_SOMETHING = Money(Decimal(1), "XXX")


class Instruction(NamedTuple):
    """An instruction: an ``opcode`` and its operands, as in ``instruction_field``.

    ``quantity`` and ``currency`` are numbers in the intern pools, -1 for none. ``refusal`` is the number of the
    trader's refusal where the quantity is not given, 0 for none.
    """

    operation: int
    figure: int = 0
    quantity: int = -1
    currency: int = -1
    refusal: int = 0


@immutable
class DutyProgram:
    """The instructions of an expression; ``scalar`` where only the scalar path can compute it.

    ``refusal`` is a code where every evaluation is refused with it. If the refusal is the trader's, because the
    declaration lacks a fact, ``instructions`` has the one that refuses.
    """

    instructions: tuple[Instruction, ...] = ()
    refusal: str = ""
    scalar: bool = False


class _LeftToScalarError(Exception):
    """The expression cannot be written as a program."""


class _AlwaysRefusedError(Exception):
    """Every evaluation is refused with the same code."""

    def __init__(self, code: str, instruction: Instruction) -> None:
        super().__init__(code)
        self.code = code
        self.instruction = instruction


def compile_program(
    rule: Rule, quantities: Pool[str], currencies: Pool[str], refusals: Pool[tuple[str, str]]
) -> DutyProgram:
    """Compile a rule's expression, for lines without values of parts.

    The pools intern quantities, currencies, and refusals as pairs of code and message; refusal 0 stands for none.
    """
    expression = rule.expression
    if expression is None or isinstance(expression, Refusal):
        return DutyProgram(refusal="expression_missing" if expression is None else expression.code)
    asked = charge_kind_of(rule.measure.kind).asked
    writer = _ProgramWriter(quantities, currencies, refusals, asked=asked)
    try:
        depth = writer.write(expression)
    except _LeftToScalarError:
        return DutyProgram(scalar=True)
    except _AlwaysRefusedError as refused:
        return DutyProgram((refused.instruction,) if refused.instruction.refusal else (), refusal=refused.code)
    return DutyProgram(scalar=True) if depth > opcode.DEEPEST_STACK else DutyProgram(tuple(writer.instructions))


class _ProgramWriter:
    """Writes instructions in the order in which the scalar evaluation visits the tree; the first refusal must agree."""

    def __init__(
        self, quantities: Pool[str], currencies: Pool[str], refusals: Pool[tuple[str, str]], *, asked: bool
    ) -> None:
        self.instructions: list[Instruction] = []
        self._quantities = quantities
        self._currencies = currencies
        self._refusals = refusals
        self._asked = asked
        # Whether an earlier instruction may refuse, so that a later one does not always decide the refusal.
        self._may_refuse = False

    def write(self, node: Expression) -> int:  # noqa: C901 - one case for each kind of node
        """Append the node's instructions; returns the depth of stack that they need."""
        match node:
            case AdValorem():
                return self._share(node)
            case Specific():
                return self._per_unit(node)
            case Inherited():
                self._may_refuse = True
                return self._emit(opcode.INHERITED)
            case Sum(terms):
                return self._write_terms(terms, opcode.ADD)
            case Alternatives(terms, rule):
                self._may_refuse = self._may_refuse or rule is None
                return self._write_terms(
                    terms, {"higher": opcode.LARGER, "lower": opcode.SMALLER, None: opcode.EQUAL}[rule]
                )
            case Difference(first, second):
                return self._write_terms((first, second), opcode.LESS)
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

    def _emit(self, operation: int, figure: int = 0, quantity: int = -1, currency: int = -1, refusal: int = 0) -> int:
        self.instructions.append(Instruction(operation, figure, quantity, currency, refusal))
        return 1

    def _refuse(self, code: str, refusal: int = 0) -> int:
        instruction = Instruction(opcode.REFUSE, result_of_refusal(code), refusal=refusal)
        if not self._may_refuse:
            raise _AlwaysRefusedError(code, instruction)
        self.instructions.append(instruction)
        return 1

    def _refusal(self, node: Expression, *given: str) -> int:
        """The number of the trader's refusal where only the ``given`` quantities are declared; 0 for none."""
        refused = evaluate(node, Facts(_SOMETHING, dict.fromkeys(given, Decimal(1))))
        if not self._asked or not isinstance(refused, Refusal) or refused.code not in _ASKED_CODES:
            return 0
        return self._refusals.place((refused.code, refused.message))

    def _write_terms(self, terms: tuple[Expression, ...], operation: int) -> int:
        depth = self.write(terms[0])
        for term in terms[1:]:
            depth = max(depth, 1 + self.write(term))
            self._emit(operation)
        return depth

    def _share(self, duty: AdValorem) -> int:
        if not duty.percent:
            return self._emit(opcode.NOTHING)
        if duty.base is not None:
            return self._refuse("part_value_missing", self._refusal(duty))
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
            # A figure that is finer, or not divisible by the quantity it is per, is divided by an instruction of its
            # own.
            finer = max(-int(minor.normalize().as_tuple().exponent), 0)
            figure, divisor = minor.scaleb(finer), duty.per.scaleb(finer)
        quantity, currency = self._quantities.place(duty.quantity_key), self._currencies.place(duty.currency)
        if duty.times is None:
            self._emit(opcode.PER_UNIT, _whole(figure), quantity, currency, self._refusal(duty))
        else:
            # The second instruction only carries operands: the second factor, and the quantity of pure alcohol that
            # replaces both factors.
            pure = self._quantities.place("LPA") if (duty.times, duty.unit) == ("ASV", "HLT") else -1
            self._emit(opcode.PER_PRODUCT, _whole(figure), quantity, currency, self._refusal(duty))
            second = self._quantities.place(duty.times)
            self._emit(opcode.SECOND, 0, second, pure, self._refusal(duty, duty.quantity_key))
        if divisor != 1:
            self._emit(opcode.DIVIDE, _whole(divisor))
        return 1

    def _by_degree(self, duty: Polarised) -> int:
        """A rate for a quantity, reduced for each degree of polarisation below a hundred."""
        self._may_refuse = True
        rate = duty.rate
        scale = minor_units(rate.currency) + opcode.DEGREE_RATE_DECIMALS
        least = _whole(duty.reduction.amount.scaleb(scale - opcode.DEGREE_DECIMALS))
        most = _whole(rate.amount.scaleb(scale))
        if rate.per != 1 or max(least, most) > _MOST_DEGREE_RATE:
            raise _LeftToScalarError
        quantity, currency = self._quantities.place(rate.quantity_key), self._currencies.place(rate.currency)
        self._emit(opcode.POLARISED, most, quantity, currency, self._refusal(duty))
        return self._emit(
            opcode.SECOND, least, self._quantities.place("degree"), -1, self._refusal(duty, rate.quantity_key)
        )

    def _seasonal(self, duty: Seasonal) -> int:
        """The duty of each part of the year; its instructions are skipped on other days."""
        self._may_refuse = True
        depth = 1
        for first, last, expression in _parts_of_year(duty):
            at = len(self.instructions)
            self._emit(opcode.WHEN)
            depth = max(depth, self._refuse("season_missing") if expression is None else self.write(expression))
            skipped = len(self.instructions) - at - 1
            self.instructions[at] = Instruction(opcode.WHEN, first * opcode.SPAN_OF_YEAR + last, skipped)
        return depth


def _parts_of_year(duty: Seasonal) -> Iterator[tuple[int, int, Expression | None]]:
    """The parts of the year by first day, last day and duty; the duty is None where there is none or several.

    A day is its month times a hundred plus its day of the month.
    """
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


def scale_bound(bound: Money) -> int | None:
    """A fee's floor or cap in hundred-millionths of a minor unit; None where it is finer, or too large."""
    figure = bound.amount.scaleb(minor_units(bound.currency) + 8)
    return int(figure) if figure == figure.to_integral_value() and figure < _LARGEST else None

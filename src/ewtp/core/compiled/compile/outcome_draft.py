"""The parts of an outcome decided so far, and what writes the charges of rules into them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.compiled.compile.duty_bytecode import Instruction, scale_bound
from ewtp.core.compiled.format import charge_base, charge_kind, omission, opcode, outcome_flag
from ewtp.core.compiled.format.unknown_bits import unknown_bit
from ewtp.core.rulebook.charge_kinds import charge_kind_of
from ewtp.core.rulebook.measure import Base
from ewtp.core.rulebook.reduced_rate import lowest_rate
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from decimal import Decimal

    from ewtp.core.compiled.compile.duty_bytecode import DutyProgram
    from ewtp.core.compiled.compile.intern_pools import InternPools
    from ewtp.core.rulebook.rule import Rule

MAY_FAIL = opcode.COUNTING | {opcode.INHERITED, opcode.EQUAL, opcode.REFUSE}
NO_BOUND = -1


class OutcomeDue(NamedTuple):
    """A charge to compute, as in ``due_field``.

    ``program`` is a number in ``InternPools.programs``, ``kind`` a ``charge_kind``, ``base`` a ``charge_base``.
    ``least`` and ``most`` are in hundred-millionths of a minor unit of ``currency``; ``least`` of a tax is the
    share of its lowest rate; -1 stands for none.
    """

    program: int
    kind: int
    base: int = charge_base.CUSTOMS_VALUE
    omission: int = 0
    least: int = NO_BOUND
    most: int = NO_BOUND
    currency: int = -1


@dataclass(slots=True)
class OutcomeDraft:
    """The parts of an outcome decided so far."""

    dues: list[OutcomeDue] = field(default_factory=list)
    unknowns: int = 0
    flags: int = 0


@immutable
class ChargeWriter:
    """Writes the charges of rules into drafts; a rule is given with the number of its shape."""

    pools: InternPools

    def program(self, shape: int, rule: Rule) -> tuple[DutyProgram, int]:
        """The program of the rule's expression, and its number or what stands for one."""
        return self.pools.program(shape, rule)

    def charge(self, draft: OutcomeDraft, shape: int, rule: Rule, kind: int, *, omitted: int = 0) -> None:
        """Add the charge of a rule to the draft, or the reason why there is none."""
        program, number = self.program(shape, rule)
        if program.refusal:
            draft.unknowns |= unknown_bit(program.refusal)
            # A fact missing from the declaration makes the answer a refusal, unless a relief takes the duty away.
            if number >= 0:
                draft.dues.append(OutcomeDue(number, kind))
            return
        bounds = self._bounds(rule, kind)
        # What is not owed for certain refuses nothing.
        fails = any(each.operation in MAY_FAIL for each in program.instructions)
        if program.scalar or bounds is None or (omitted == omission.POSSIBLE and fails):
            draft.flags |= outcome_flag.SCALAR
            return
        if omitted == omission.TRIED and not fails:
            return
        on_paid = bool(charge_kind_of(rule.measure.kind).duty_paid) and rule.measure.base == Base.DUTY_PAID
        base = charge_base.DUTY_PAID if on_paid else charge_base.CUSTOMS_VALUE
        draft.dues.append(OutcomeDue(number, kind, base, omitted, *bounds))

    def _bounds(self, rule: Rule, kind: int) -> tuple[int, int, int] | None:
        """The bounds of a fee or a tax and their currency as in ``OutcomeDue``; None for the scalar path."""
        if kind == charge_kind.TAX:
            rate = lowest_rate(rule)
            share: int | Decimal = NO_BOUND if rate is None else rate * opcode.SHARE_SCALE
            return None if share != int(share) else (int(share), NO_BOUND, -1)
        return self._fee_bounds(rule) if kind == charge_kind.FEE else (NO_BOUND, NO_BOUND, -1)

    def _fee_bounds(self, rule: Rule) -> tuple[int, int, int] | None:
        """A fee's floor, cap and currency; None where they are finer or in two currencies."""
        bounds = [NO_BOUND, NO_BOUND]
        currency = -1
        for is_floor, limit in rule.bounds:
            scaled = None if limit is None else scale_bound(limit)
            own = -1 if limit is None or scaled is None else self.pools.currencies.place(limit.currency)
            if scaled is None or currency not in (-1, own):
                return None
            bounds[0 if is_floor else 1], currency = scaled, own
        return bounds[0], bounds[1], currency

    def make_flat_due(self, relief: Rule) -> OutcomeDue | None:
        """The amount that a relief puts in the place of the duty, as both bounds; None for the scalar path."""
        bounds = self._fee_bounds(relief)
        if bounds is None or bounds[1] == NO_BOUND:
            return None
        nothing = self.pools.programs.place((Instruction(opcode.SHARE),))
        return OutcomeDue(nothing, charge_kind.DUTY, charge_base.CUSTOMS_VALUE, 0, *bounds)

    def omission(self, shape: int, rule: Rule) -> int:
        """The only reason for which the rule's charge may be left out, as bits of ``omission``; 0 for none."""
        used = {each.operation for each in self.program(shape, rule)[0].instructions} & MAY_FAIL
        if used == {opcode.INHERITED}:
            return omission.INHERITS
        return omission.COUNTS if used and used <= opcode.COUNTING else 0

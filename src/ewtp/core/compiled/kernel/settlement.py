"""The answer of each line of a block, from the outcomes of its lists: duties, levies, unknowns, amounts, sets of rules.

An unsettled line is unchanged; the scalar path answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ewtp.core.compiled.format import amount_kind, entry_exemption, frame_field, outcome_field, outcome_flag, rule_set
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_BOUND, NO_CLAIM, TOO_MUCH
from ewtp.core.compiled.format.tables import HAS_TARIFF, NO_TERRITORY
from ewtp.core.compiled.format.unknown_bits import COSTLESS, LOWERING, RAISING, unknown_bit
from ewtp.core.compiled.kernel import economy_field, state
from ewtp.core.compiled.kernel.duties import DutyOutcomes, compute_duties
from ewtp.core.compiled.kernel.intern_table import find_set, find_set_in_row
from ewtp.core.compiled.kernel.levies import compute_levies, find_flat_duty
from ewtp.core.compiled.kernel.packed_book import (
    are_inside,
    are_named,
    find_list_row,
    get_economy,
    get_not_owed,
    get_outcome,
)
from ewtp.core.compiled.kernel.savings import (
    DUTIES_KNOWN,
    DUTIES_OPEN,
    NO_DUTY_HELD,
    has_saving,
    reaches_lower_duty,
)
from ewtp.core.compiled.kernel.state import get_state, set_state
from ewtp.core.compiled.machine.fixed_point import FAILED, POWERS
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from ewtp.core.compiled.format.kernel_arrays import Lines, Results
    from ewtp.core.compiled.kernel.duties import Duties
    from ewtp.core.compiled.kernel.levies import Levies
    from ewtp.core.compiled.kernel.packed_book import PackedBook
    from ewtp.core.compiled.kernel.state import States
    from ewtp.core.compiled.kernel.work import Work

_CONDITION = unknown_bit("condition_open")
_SCHEDULE = unknown_bit("schedule_not_in_force")
_NO_DUTY = unknown_bit("duty_not_in_rulebook")
_INSIDE = unknown_bit("inside_customs_union")
_NO_FEE_INSIDE = unknown_bit("fee_not_on_entry")
_NO_TAX_INSIDE = unknown_bit("tax_not_on_entry")
_BASE_OPEN = unknown_bit("tax_base_incomplete")
_BASE_DISPUTED = unknown_bit("tax_base_incomplete:sources_disagree")
_VALUATION = unknown_bit("valuation_not_in_rulebook")
_NO_FREIGHT = unknown_bit("freight_not_given")
_FINER = unknown_bit("code_finer_than_schedule")
_PAPER_OPEN = unknown_bit("paper_open")
_PROGRAMME = unknown_bit("trade_may_be_prohibited")
_ROUTE = unknown_bit("direct_transport")
_ROUTE_OFFERED = unknown_bit("direct_transport:offered")


class Owed(NamedTuple):
    """The duties that a line owes, in minor units, after unions and reliefs; ``settled`` is 0 for the scalar path.

    ``unknowns`` are bits, ``flags`` those of the outcomes of all its lists. ``complete`` is 0 where a duty is missing.
    ``not_owed`` has the bits of the charges that are not owed where the goods stay inside one territory.
    """

    settled: int
    duty: int
    additional: int
    unknowns: int
    flags: int
    complete: int
    duty_set: int
    narrow_set: int
    broad_set: int
    not_owed: int


_UNSETTLED = Owed(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


@jit_no_refcount()
def settle_lines(work: Work, lines: Lines, results: Results, rows: int) -> None:
    """Answer the lines of a block; the entry of an unsettled line becomes FAILED."""
    book, states = work.book, work.states
    for row in range(rows):
        at = row * state.WIDTH
        entry = get_state(states, at, state.ENTRY)
        if entry == FAILED:
            continue
        set_state(states, at, state.ENTRY, FAILED)
        owed = _find_owed(work, results, at)
        if not owed.settled:
            continue
        if get_state(states, at, state.CLAIM) != NO_CLAIM and not _is_claim_known(book, states, at, owed.flags):
            continue
        line = get_state(states, at, state.LINE)
        unknowns = owed.unknowns | _find_gaps(work, at, entry, owed.not_owed)
        levies = compute_levies(work, at, owed.duty, owed.additional, owed.not_owed)
        if not levies.settled:
            results.refusal[line] = get_state(states, at, state.REFUSAL)
            continue
        if levies.on_duty_paid and (not owed.complete or unknowns & ~COSTLESS):
            unknowns |= _BASE_OPEN
        unknowns |= _find_tax_gaps(work, lines, at, owed.not_owed)
        if not _write_amounts(work, results, at, owed, levies, unknowns):
            continue
        _write_sets(book, states, at, owed)
        set_state(states, at, state.UNKNOWNS, unknowns)
        set_state(states, at, state.ENTRY, entry)


@jit_inline()
def _find_owed(work: Work, results: Results, at: int) -> Owed:
    """The duties of a line, unless it stays inside a customs union or a relief takes them away."""
    book, states = work.book, work.states
    source, claim = get_state(states, at, state.SOURCE), get_state(states, at, state.CLAIM)
    destination = get_state(states, at, state.DESTINATION)
    opened = get_outcome(book, get_state(states, at, state.LEVY_OUTCOME), outcome_field.FLAGS) & outcome_flag.DUTY_OPEN
    if are_inside(book, states, at):
        # Inside a union no relief of duties is asked about.
        if claim != NO_CLAIM or opened:
            return _UNSETTLED
        return _owe_inside(book, states, at, get_not_owed(book, source, destination))
    outcomes = DutyOutcomes(
        get_state(states, at, state.DUTY_OUTCOME),
        get_state(states, at, state.NARROW_OUTCOME),
        get_state(states, at, state.BROAD_OUTCOME),
    )
    if outcomes.duty == FAILED:
        return _UNSETTLED
    duties = compute_duties(work, at, outcomes)
    if not duties.settled:
        return _UNSETTLED
    levies = get_state(states, at, state.LEVY_OUTCOME)
    relieved = get_outcome(book, levies, outcome_field.FLAGS) & outcome_flag.RELIEVED
    if duties.refusal and not relieved:
        # The trader has to state more, unless the claim itself is wrong.
        if claim == NO_CLAIM or _is_claim_known(book, states, at, duties.flags):
            results.refusal[get_state(states, at, state.LINE)] = duties.refusal
        return _UNSETTLED
    owed = _relieve(work, at, duties) if relieved else _owe(work, at, duties, claim)
    if owed.settled and get_state(states, at, state.ORIGIN) != source:
        # Once a relief takes the duties away, nothing unknown about them leaves what is owed open.
        open_bits = 0 if relieved else duties.unknowns & ~COSTLESS
        certainty = DUTIES_OPEN if open_bits or opened else DUTIES_KNOWN
        if certainty == DUTIES_KNOWN and duties.nothing and not relieved:
            certainty = NO_DUTY_HELD
        owed = _add_route(work, at, owed, duties.flags, certainty)
    if relieved:
        # Until here the list of duties was needed, to try claims on.
        _cite_levies(book, states, at)
    return owed


@jit_inline()
def _owe_inside(book: PackedBook, states: States, at: int, not_owed: int) -> Owed:
    """What goods owe inside a union: no duties, nor the charges whose bits are ``not_owed``."""
    unknowns = _INSIDE
    if not_owed & entry_exemption.FEE_HELD:
        unknowns |= _NO_FEE_INSIDE
    if not_owed & entry_exemption.TAX_HELD:
        unknowns |= _NO_TAX_INSIDE
    outcome = get_state(states, at, state.LEVY_OUTCOME)
    # Where some charges are owed and others not, these unknowns do not tell of which they are.
    some = not_owed & (entry_exemption.FEE | entry_exemption.TAX)
    mixed = get_outcome(book, outcome, outcome_field.UNKNOWNS)
    mixed |= get_outcome(book, outcome, outcome_field.FEE_UNKNOWNS) if some == entry_exemption.TAX else 0
    if not_owed & entry_exemption.UNSURE or (some and some != entry_exemption.FEE | entry_exemption.TAX and mixed):
        return _UNSETTLED
    return Owed(1, 0, 0, unknowns, 0, 1, 0, 0, 0, not_owed)


@jit_inline()
def _add_route(work: Work, at: int, owed: Owed, flags: int, certainty: int) -> Owed:
    """What is owed on goods dispatched from elsewhere than their origin: they may lose a preference by their route.

    ``flags`` are those of the duties; ``certainty`` is how far they are known, as ``has_saving`` has it.
    """
    states = work.states
    claim = get_state(states, at, state.CLAIM)
    saves, known, route = 1, get_state(states, at, state.KNOWN), _ROUTE
    if not known & outcome_flag.CLAIMED:
        if claim != NO_CLAIM and (flags | known) & outcome_flag.CLAIM_KNOWN:
            # What a preference would save then depends on two claims together.
            return _UNSETTLED
        route = _ROUTE_OFFERED
        saves = has_saving(work, at, owed.duty + owed.additional, certainty)
        if saves == FAILED:
            return _UNSETTLED
    return Owed(
        owed.settled,
        owed.duty,
        owed.additional,
        owed.unknowns | (route if saves else 0),
        owed.flags,
        owed.complete,
        owed.duty_set,
        owed.narrow_set,
        owed.broad_set,
        owed.not_owed,
    )


@jit_inline()
def _relieve(work: Work, at: int, duties: Duties) -> Owed:
    """Nothing is owed, because of a rule among the levies, or the amount that it puts in the place of the duties."""
    levies = get_state(work.states, at, state.LEVY_OUTCOME)
    relief = get_outcome(work.book, levies, outcome_field.RELIEF_SET)
    duty = find_flat_duty(work, at)
    return _UNSETTLED if duty == FAILED else Owed(1, duty, 0, duties.unknowns, duties.flags, 1, relief, 0, 0, 0)


@jit_inline()
def _cite_levies(book: PackedBook, states: States, at: int) -> None:
    """Have the rule behind the duty looked up among the levies."""
    levies = get_state(states, at, state.LEVY_LIST)
    set_state(states, at, state.DUTY_LIST, levies)
    set_state(states, at, state.DUTY_ROW, find_list_row(book, levies))


@jit_inline()
def _owe(work: Work, at: int, duties: Duties, claim: int) -> Owed:
    """The duties as they were computed, or what is missing where there are none."""
    book, states = work.book, work.states
    unknowns, complete = duties.unknowns, 1
    if not duties.charged:
        if duties.nothing and claim != NO_CLAIM and reaches_lower_duty(work, at):
            # Whether a duty is missing then depends on the lower duties that the claim is about.
            return _UNSETTLED
        if _is_scheduled(book, states, at) and _is_in_force(book, states, at):
            if duties.nothing:
                unknowns |= _NO_DUTY
            elif claim != NO_CLAIM:
                # Of the lower duties, which a claim may have brought in, a quota alone is not a duty on these goods.
                return _UNSETTLED
            else:
                complete = 0
    return Owed(
        1,
        duties.duty,
        duties.additional,
        unknowns,
        duties.flags,
        complete,
        duties.duty_set,
        duties.narrow_set,
        duties.broad_set,
        0,
    )


@jit_inline()
def _is_claim_known(book: PackedBook, states: States, at: int, flags: int) -> bool:
    """Whether a rule knows the claim of a line; ``flags`` are those of its duties."""
    levies, papers = get_state(states, at, state.LEVY_OUTCOME), get_state(states, at, state.PAPER_OUTCOME)
    flags |= get_outcome(book, levies, outcome_field.FLAGS) | get_outcome(book, papers, outcome_field.FLAGS)
    return (flags | get_state(states, at, state.KNOWN)) & outcome_flag.CLAIM_KNOWN != 0


@jit_inline()
def _is_scheduled(book: PackedBook, states: States, at: int) -> bool:
    """Whether the destination has a tariff."""
    return get_economy(book, get_state(states, at, state.DESTINATION), economy_field.FLAGS) == HAS_TARIFF


@jit_inline()
def _is_in_force(book: PackedBook, states: States, at: int) -> bool:
    """Whether the destination's schedule has begun on the line's day."""
    begins = get_economy(book, get_state(states, at, state.DESTINATION), economy_field.BEGINS)
    return get_state(states, at, state.DAY) >= begins


@jit_inline()
def _find_gaps(work: Work, at: int, entry: int, not_owed: int) -> int:
    """The unknowns of a line because of its destination and code, its reliefs, excises, fees and papers.

    ``not_owed`` has the bits of the charges that it does not owe.
    """
    book, states = work.book, work.states
    unknowns = get_economy(book, get_state(states, at, state.DESTINATION), economy_field.UNKNOWNS)
    unknowns |= work.frames.fields[get_state(states, at, state.FRAME), frame_field.UNCOVERED]
    levies = get_state(states, at, state.LEVY_OUTCOME)
    if not (not_owed & entry_exemption.TAX and not_owed & entry_exemption.FEE):
        unknowns |= get_outcome(book, levies, outcome_field.UNKNOWNS)
    if not not_owed & entry_exemption.FEE:
        unknowns |= get_outcome(book, levies, outcome_field.FEE_UNKNOWNS)
    papers = get_state(states, at, state.PAPER_OUTCOME)
    if get_outcome(book, papers, outcome_field.FLAGS) & outcome_flag.PAPER_OPEN:
        unknowns |= _PAPER_OPEN
    if _is_scheduled(book, states, at) and not _is_in_force(book, states, at):
        unknowns |= _SCHEDULE
    if entry & 1:
        unknowns |= _FINER
    return unknowns


@jit_inline()
def _find_tax_gaps(work: Work, lines: Lines, at: int, not_owed: int) -> int:
    """The unknowns of a line because of its taxes, its valuation, its freight and sanctions programmes.

    ``not_owed`` has the bits of the charges that it does not owe.
    """
    book, states = work.book, work.states
    outcome, destination = get_state(states, at, state.LEVY_OUTCOME), get_state(states, at, state.DESTINATION)
    unknowns, frame = 0, get_state(states, at, state.FRAME)
    if not not_owed & entry_exemption.TAX:
        unknowns |= get_outcome(book, outcome, outcome_field.TAX_UNKNOWNS)
        flags = get_outcome(book, outcome, outcome_field.FLAGS)
        taxed = flags & outcome_flag.TAX_MATCHED
        if not taxed and not work.frames.fields[frame, frame_field.UNTAXED]:
            unknowns |= get_economy(book, destination, economy_field.NO_TAX)
        if work.frames.fields[frame, frame_field.BASE_DISPUTED] and _is_scheduled(book, states, at):
            unknowns |= _BASE_DISPUTED if flags & outcome_flag.TAX_REACHES else 0
    basis_known = work.frames.fields[frame, frame_field.BASIS_KNOWN]
    if _is_scheduled(book, states, at) and not basis_known:
        unknowns |= _VALUATION
    known = get_economy(book, destination, economy_field.FLAGS) != NO_TERRITORY
    if known and lines.freight[get_state(states, at, state.LINE)] < 0:
        unknowns |= _NO_FREIGHT
    if are_named(book, get_state(states, at, state.SOURCE), get_state(states, at, state.ORIGIN), destination):
        unknowns |= _PROGRAMME
    return unknowns


@jit_inline()
def _write_amounts(work: Work, results: Results, at: int, owed: Owed, levies: Levies, unknowns: int) -> bool:
    """Write the amounts of a line, their bounds and their currency; False where they do not fit."""
    states, fields, amounts = work.states, work.frames.fields, results.amounts
    line, frame = get_state(states, at, state.LINE), get_state(states, at, state.FRAME)
    goods = get_state(states, at, state.GOODS)
    freight, insurance = get_state(states, at, state.FREIGHT), get_state(states, at, state.INSURANCE)
    coin = POWERS[DECIMALS - fields[frame, frame_field.MINOR]]
    charges = owed.duty + owed.additional + levies.excise + levies.taxes + levies.fees
    total = (goods + freight + insurance + charges) * coin
    if total + levies.added * coin >= TOO_MUCH:
        return False
    amounts[amount_kind.CUSTOMS_VALUE, line] = get_state(states, at, state.CUSTOMS) * coin
    amounts[amount_kind.GOODS, line] = goods * coin
    amounts[amount_kind.DUTY, line] = owed.duty * coin
    amounts[amount_kind.ADDITIONAL_DUTY, line] = owed.additional * coin
    amounts[amount_kind.EXCISE, line] = levies.excise * coin
    amounts[amount_kind.TAX, line] = levies.taxes * coin
    amounts[amount_kind.FEES, line] = levies.fees * coin
    amounts[amount_kind.FREIGHT, line] = freight * coin
    amounts[amount_kind.INSURANCE, line] = insurance * coin
    amounts[amount_kind.TOTAL, line] = total
    lowering = unknowns & LOWERING
    if get_state(states, at, state.CUSTOMS) == goods:
        # Where no carriage was counted, leaving it out changes nothing.
        lowering &= ~_VALUATION
    spared = charges if lowering else levies.spared
    raising = unknowns & RAISING
    if _has_bounded_fees(work.book, states, at, owed):
        raising &= ~_CONDITION
    is_bounded = owed.complete != 0 and not raising
    amounts[amount_kind.TOTAL_AT_LEAST, line] = total - spared * coin
    results.at_most[line] = total + levies.added * coin if is_bounded else NO_BOUND
    results.complete[line] = is_bounded and not spared and not levies.added
    results.currency[line] = fields[frame, frame_field.OUT_CURRENCY]
    return True


@jit_inline()
def _has_bounded_fees(book: PackedBook, states: States, at: int, owed: Owed) -> bool:
    """Whether all conditions that are open are those of fees whose amount is known."""
    outcome = get_state(states, at, state.LEVY_OUTCOME)
    others = owed.unknowns | get_outcome(book, outcome, outcome_field.UNKNOWNS)
    others |= get_outcome(book, outcome, outcome_field.TAX_UNKNOWNS)
    return get_outcome(book, outcome, outcome_field.FLAGS) & outcome_flag.BOUNDED != 0 and not others & _CONDITION


@jit_inline()
def _write_sets(book: PackedBook, states: States, at: int, owed: Owed) -> None:
    """Write the numbers of a line's sets of rules, for interning."""
    narrow = find_set(book, get_state(states, at, state.NARROW_LIST), owed.narrow_set)
    broad = find_set(book, get_state(states, at, state.BROAD_LIST), owed.broad_set)
    added = get_state(states, at, state.NARROW_LIST if narrow else state.BROAD_LIST)
    set_state(states, at, state.SETS + rule_set.ADDITIONAL_DUTY, narrow or broad)
    set_state(states, at, state.ADDED_LIST, added)
    set_state(states, at, state.PAIR, broad if narrow else 0)
    duty = find_set_in_row(book, get_state(states, at, state.DUTY_ROW), owed.duty_set)
    set_state(states, at, state.SETS + rule_set.DUTY, duty)
    listed, outcome = get_state(states, at, state.LEVY_LIST), get_state(states, at, state.LEVY_OUTCOME)
    untaxed, without_fees = owed.not_owed & entry_exemption.TAX, owed.not_owed & entry_exemption.FEE
    excise = 0 if untaxed else find_set(book, listed, get_outcome(book, outcome, outcome_field.EXCISE_SET))
    fee = 0 if without_fees else find_set(book, listed, get_outcome(book, outcome, outcome_field.FEE_SET))
    tax = 0 if untaxed else find_set(book, listed, get_outcome(book, outcome, outcome_field.TAX_SET))
    set_state(states, at, state.SETS + rule_set.EXCISE, excise)
    set_state(states, at, state.SETS + rule_set.FEE, fee)
    set_state(states, at, state.SETS + rule_set.TAX, tax)
    listed, outcome = get_state(states, at, state.PAPER_LIST), get_state(states, at, state.PAPER_OUTCOME)
    requirement = find_set(book, listed, get_outcome(book, outcome, outcome_field.REQUIREMENT_SET))
    prohibition = find_set(book, listed, get_outcome(book, outcome, outcome_field.PROHIBITION_SET))
    set_state(states, at, state.SETS + rule_set.REQUIREMENT, requirement)
    set_state(states, at, state.SETS + rule_set.PROHIBITION, prohibition)

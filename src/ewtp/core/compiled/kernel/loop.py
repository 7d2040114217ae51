"""The loop over lines: value, prefix, day, origin, duty, levies and papers of each, in integers, block by block.

A line that the tables do not settle is marked and left as it is; the scalar path answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import (
    amount_kind,
    charge_base,
    charge_kind,
    due_field,
    frame_field,
    outcome_field,
    outcome_flag,
    rule_set,
    tax_term,
)
from ewtp.core.compiled.format.kernel_arrays import DECIMALS, NO_CLAIM, TOO_MUCH
from ewtp.core.compiled.format.tables import HAS_TARIFF
from ewtp.core.compiled.format.unknown_bits import COSTLESS, unknown_bit
from ewtp.core.compiled.kernel import duty_result, economy_field, state
from ewtp.core.compiled.kernel.blocks import BLOCK, WINDOW, begin_cases, order_by_destination
from ewtp.core.compiled.kernel.customs_value import value_lines
from ewtp.core.compiled.kernel.duties import duties_of, has_option
from ewtp.core.compiled.kernel.intern_table import intern_sets, intern_unknowns, number_in_row, number_of_set
from ewtp.core.compiled.kernel.line_state import charge, of_case, put
from ewtp.core.compiled.kernel.lookup import find_lists, find_outcomes, row_of_list
from ewtp.core.compiled.kernel.packed_book import are_together, of_due, of_outcome, of_place
from ewtp.core.compiled.machine.buffers import full
from ewtp.core.compiled.machine.fixed_point import FAILED, LARGEST_VALUE, POWERS
from ewtp.core.compiled.machine.jit import jit_inline, jit_no_refcount

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.kernel_arrays import Lines
    from ewtp.core.compiled.format.tables import Tables

_SCHEDULE = unknown_bit("schedule_not_in_force")
_NO_DUTY = unknown_bit("duty_not_in_rulebook")
_INSIDE = unknown_bit("inside_customs_union")
_BASE_OPEN = unknown_bit("tax_base_incomplete")
_VALUATION = unknown_bit("valuation_not_in_rulebook")
_NO_FREIGHT = unknown_bit("freight_not_given")
_FINER = unknown_bit("code_finer_than_schedule")
_ROUTE = unknown_bit("direct_transport")


@jit_no_refcount()
def assess_lines(book: Any, lines: Any, frames: Any, results: Any, notes: Any, entries: Any, scratch: Any) -> None:
    """Answer every line, or mark it for the scalar path.

    ``entries`` remembers the entry of each code in each schedule, -1 where none was looked up yet.
    """
    case = scratch.case
    count = lines.day.shape[0]
    begin_cases(case, count, lines.keys)
    for first in range(0, count, WINDOW):
        many = min(WINDOW, count - first)
        order_by_destination(lines.destination, first, many, scratch)
        for start in range(0, many, BLOCK):
            rows = min(BLOCK, many - start)
            find_cases(book, lines, frames, entries, scratch, start, rows)
            _settle(book, lines, frames, results, scratch, rows)
            intern_unknowns(notes, results.unknowns, case, rows)
            intern_sets(book, notes, results.sets, case, rows)
            for row in range(rows):
                line = of_case(case, row * state.WIDTH, state.LINE)
                failed = of_case(case, row * state.WIDTH, state.MATCHED) == FAILED
                results.scalar[line] = failed and not results.refusal[line]


@jit_inline()
def find_cases(book: Any, lines: Any, frames: Any, entries: Any, scratch: Any, start: int, rows: int) -> None:
    """Everything about a block of lines that has to be looked up; the block begins at ``start`` in the order."""
    case = scratch.case
    value_lines(book, lines, frames, scratch.order, start, rows, case)
    find_lists(book, lines, entries, case, rows)
    find_outcomes(book, frames, case, rows)


@jit_no_refcount()
def _settle(book: Any, lines: Any, frames: Any, results: Any, scratch: Any, rows: int) -> None:
    """What the cases of a block come to; FAILED as ``K_MATCHED`` for those that the scalar path has to answer."""
    case, stack, now, then = scratch.case, scratch.stack, scratch.now, scratch.then
    quantities, sources = lines.quantities, lines.sources
    fields, amounts = frames.fields, results.amounts
    for row in range(rows):
        at = row * state.WIDTH
        matched = of_case(case, at, state.MATCHED)
        if matched == FAILED:
            continue
        put(case, at, state.MATCHED, FAILED)
        source, target, claim = (
            of_case(case, at, state.SOURCE),
            of_case(case, at, state.TARGET),
            of_case(case, at, state.CLAIM),
        )
        frame, customs = of_case(case, at, state.FRAME), of_case(case, at, state.CUSTOMS)
        levied, papered = of_case(case, at, state.LEVIED), of_case(case, at, state.PAPERED)
        flags = of_outcome(book, levied, outcome_field.FLAGS)
        known = flags | of_outcome(book, papered, outcome_field.FLAGS)
        unknowns = of_outcome(book, levied, outcome_field.UNKNOWNS)
        complete = True
        duty, additional, duty_set, narrow_set, broad_set = 0, 0, 0, 0, 0
        scheduled = of_place(book, target, economy_field.FLAGS) == HAS_TARIFF
        in_force = scheduled and of_case(case, at, state.DAY) >= of_place(book, target, economy_field.BEGINS)
        if are_together(book, source, target):
            if claim != NO_CLAIM:
                continue
            unknowns |= _INSIDE
        else:
            dutied = of_case(case, at, state.DUTIED)
            narrowed, broadened = of_case(case, at, state.NARROWED), of_case(case, at, state.BROADENED)
            if dutied == FAILED:
                continue
            if (
                duties_of(book, frames, case, at, dutied, narrowed, broadened, quantities, sources, stack, now)
                == FAILED
            ):
                continue
            known |= now[duty_result.KNOWN] | of_case(case, at, state.KNOWN)
            unknowns |= now[duty_result.UNKNOWNS]
            relieved = flags & outcome_flag.RELIEVED
            if now[duty_result.REFUSAL] and not relieved:
                # The trader has to say more, unless what is claimed is wrong in the first place.
                if claim == NO_CLAIM or known & outcome_flag.CLAIM_KNOWN:
                    results.refusal[of_case(case, at, state.LINE)] = now[duty_result.REFUSAL]
                continue
            if relieved:
                put(case, at, state.DUTY, of_case(case, at, state.LEVIES))
                put(case, at, state.DUTY_ROW, row_of_list(book, of_case(case, at, state.LEVIES)))
                duty_set = of_outcome(book, levied, outcome_field.SETS + 3)
            else:
                duty, additional, duty_set = (
                    now[duty_result.DUTY],
                    now[duty_result.ADDITIONAL_DUTY],
                    now[duty_result.SET],
                )
                narrow_set, broad_set = now[duty_result.NARROW_SET], now[duty_result.BROAD_SET]
                if in_force and not now[duty_result.CHARGED]:
                    if now[duty_result.NOTHING]:
                        if of_case(case, at, state.LOW) < of_case(case, at, state.HIGH):
                            # Whether a duty is missing then depends on the preferences that reach these goods.
                            continue
                        unknowns |= _NO_DUTY
                    else:
                        complete = False
            if of_case(case, at, state.ORIGIN) != source:
                option = 1
                if claim == NO_CLAIM:
                    whole = (
                        not (of_outcome(book, levied, outcome_field.UNKNOWNS) | now[duty_result.UNKNOWNS]) & ~COSTLESS
                    )
                    paid = duty + additional
                    option = has_option(book, frames, case, at, quantities, sources, stack, paid, whole, then)
                    if option == FAILED:
                        continue
                if option:
                    unknowns |= _ROUTE
        if claim != NO_CLAIM and not known & outcome_flag.CLAIM_KNOWN:
            continue
        if scheduled and not in_force:
            unknowns |= _SCHEDULE
        if matched & 1:
            unknowns |= _FINER
        unknowns |= of_place(book, target, economy_field.UNKNOWNS) | of_outcome(
            book, levied, outcome_field.UNKNOWNS + 1
        )
        freight, insurance = of_case(case, at, state.FREIGHT), of_case(case, at, state.INSURANCE)
        on_paid = False
        excise, fees, taxes = 0, 0, 0
        unit, mode = of_case(case, at, state.UNIT), of_case(case, at, state.MODE)
        first, end = of_outcome(book, levied, outcome_field.DUES), of_outcome(book, levied, outcome_field.DUES_END)
        kind, based, share = (
            of_outcome(book, levied, outcome_field.KIND),
            of_outcome(book, levied, outcome_field.BASE),
            of_outcome(book, levied, outcome_field.SHARE),
        )
        due = first
        while due < end:
            if due > first:
                kind, based, share = (
                    of_due(book, due, due_field.KIND),
                    of_due(book, due, due_field.BASE),
                    of_due(book, due, due_field.SHARE),
                )
            base = customs * 100
            if based == charge_base.DUTY_PAID:
                if kind == charge_kind.EXCISE:
                    base = (customs + duty + additional) * 100
                else:
                    on_paid = True
                    base = (
                        customs * frames.tax_base[frame, tax_term.VALUE]
                        + duty * frames.tax_base[frame, tax_term.DUTY]
                        + additional * frames.tax_base[frame, tax_term.ADDITIONAL_DUTY]
                        + excise * frames.tax_base[frame, tax_term.EXCISE]
                        + fees * frames.tax_base[frame, tax_term.FEE]
                    )
                    if not fields[frame, frame_field.CIF]:
                        base += (freight + insurance) * frames.tax_base[frame, tax_term.CARRIAGE]
            taxed = kind == charge_kind.TAX
            part = charge(
                book,
                frames,
                case,
                at,
                due,
                share,
                kind == charge_kind.FEE,
                base,
                FAILED,
                fields[frame, frame_field.TAX_UNIT] if taxed else unit,
                fields[frame, frame_field.TAX_MODE] if taxed else mode,
                quantities,
                sources,
                stack,
            )
            if part < 0 or max(duty, additional, excise, fees) > 100 * LARGEST_VALUE:
                break
            if kind == charge_kind.EXCISE:
                excise += part
            elif kind == charge_kind.FEE:
                fees += part
            else:
                taxes += part
            due += 1
        line = of_case(case, at, state.LINE)
        if due < end:
            results.refusal[line] = of_case(case, at, state.REFUSAL)
            continue
        if on_paid and (not complete or unknowns & ~COSTLESS):
            unknowns |= _BASE_OPEN
        unknowns |= of_outcome(book, levied, outcome_field.UNKNOWNS + 2)
        if not flags & outcome_flag.TAX_MATCHED:
            unknowns |= of_place(book, target, economy_field.NO_TAX)
        if scheduled and not fields[frame, frame_field.BASIS_KNOWN]:
            unknowns |= _VALUATION
        if of_place(book, target, economy_field.FLAGS) and lines.freight[line] < 0:
            unknowns |= _NO_FREIGHT
        coin = POWERS[DECIMALS - fields[frame, frame_field.MINOR]]
        goods = of_case(case, at, state.GOODS)
        total = (goods + freight + insurance + duty + additional + excise + taxes + fees) * coin
        if total >= TOO_MUCH:
            continue
        put(case, at, state.MATCHED, matched)
        put(case, at, state.UNKNOWNS, unknowns)
        results.complete[line] = complete and not unknowns & ~COSTLESS
        results.currency[line] = fields[frame, frame_field.OUT_CURRENCY]
        narrow = number_of_set(book, of_case(case, at, state.NARROW), narrow_set)
        broad = number_of_set(book, of_case(case, at, state.BROAD), broad_set)
        put(case, at, state.SETS + rule_set.ADDITIONAL_DUTY, narrow or broad)
        put(case, at, state.ADDED, of_case(case, at, state.NARROW if narrow else state.BROAD))
        put(case, at, state.PAIR, broad if narrow else 0)
        put(case, at, state.SETS + rule_set.DUTY, number_in_row(book, of_case(case, at, state.DUTY_ROW), duty_set))
        listed = of_case(case, at, state.LEVIES)
        put(
            case,
            at,
            state.SETS + rule_set.EXCISE,
            number_of_set(book, listed, of_outcome(book, levied, outcome_field.SETS)),
        )
        put(
            case,
            at,
            state.SETS + rule_set.FEE,
            number_of_set(book, listed, of_outcome(book, levied, outcome_field.SETS + 1)),
        )
        put(
            case,
            at,
            state.SETS + rule_set.TAX,
            number_of_set(book, listed, of_outcome(book, levied, outcome_field.SETS + 2)),
        )
        listed = of_case(case, at, state.PAPERS)
        put(
            case,
            at,
            state.SETS + rule_set.REQUIREMENT,
            number_of_set(book, listed, of_outcome(book, papered, outcome_field.SETS)),
        )
        put(
            case,
            at,
            state.SETS + rule_set.PROHIBITION,
            number_of_set(book, listed, of_outcome(book, papered, outcome_field.SETS + 1)),
        )
        amounts[amount_kind.CUSTOMS_VALUE, line] = customs * coin
        amounts[amount_kind.GOODS, line] = goods * coin
        amounts[amount_kind.DUTY, line] = duty * coin
        amounts[amount_kind.ADDITIONAL_DUTY, line] = additional * coin
        amounts[amount_kind.EXCISE, line] = excise * coin
        amounts[amount_kind.TAX, line] = taxes * coin
        amounts[amount_kind.FEES, line] = fees * coin
        amounts[amount_kind.FREIGHT, line] = freight * coin
        amounts[amount_kind.INSURANCE, line] = insurance * coin
        amounts[amount_kind.TOTAL, line] = total


def new_entries(tables: Tables, lines: Lines) -> NDArray[np.int64]:
    """Room for the entry of each code in each schedule."""
    return full(len(tables.schedule_day) * len(lines.code_key), np.int64, -1)

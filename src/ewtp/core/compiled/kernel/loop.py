"""The loop over lines: value, prefix, day, origin, duty, levies and papers of each, in integers, block by block.

A line that the tables do not settle is marked and left as it is; the scalar path answers it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.compile.outcomes import C_EXCISE, C_FEE, C_TAX, CLAIM_KNOWN, ON_DUTY_PAID, RELIEVED, TAX_MATCHED
from ewtp.core.compiled.format.kernel_arrays import (
    A_ADDITIONAL,
    A_CUSTOMS,
    A_DUTY,
    A_EXCISE,
    A_FEES,
    A_FREIGHT,
    A_GOODS,
    A_INSURANCE,
    A_TAX,
    A_TOTAL,
    DECIMALS,
    F_BASIS_KNOWN,
    F_CIF,
    F_MINOR,
    F_OUT_CURRENCY,
    F_TAX_MODE,
    F_TAX_UNIT,
    NO_CLAIM,
    S_ADDITIONAL,
    S_DUTY,
    S_EXCISE,
    S_FEE,
    S_PROHIBITION,
    S_REQUIREMENT,
    S_TAX,
    T_ADDITIONAL,
    T_CARRIAGE,
    T_DUTY,
    T_EXCISE,
    T_FEE,
    T_VALUE,
    TOO_MUCH,
)
from ewtp.core.compiled.format.tables import (
    D_BASE,
    D_KIND,
    D_SHARE,
    HAS_TARIFF,
    O_DUES,
    O_DUES_END,
    O_FLAGS,
    O_SETS,
)
from ewtp.core.compiled.format.unknown_bits import COSTLESS, unknown_bit
from ewtp.core.compiled.kernel.blocks import BLOCK, WINDOW, begin_cases, order_by_destination
from ewtp.core.compiled.kernel.customs_value import value_lines
from ewtp.core.compiled.kernel.duties import (
    R_ADDITIONAL,
    R_BROAD_SET,
    R_CHARGED,
    R_DUTY,
    R_KNOWN,
    R_NARROW_SET,
    R_NOTHING,
    R_REFUSAL,
    R_SET,
    R_UNKNOWNS,
    duties_of,
    has_option,
)
from ewtp.core.compiled.kernel.interning import note_sets, note_unknowns, number_in_row, number_of_set
from ewtp.core.compiled.kernel.line_state import (
    K_ADDED,
    K_BROAD,
    K_BROADENED,
    K_CLAIM,
    K_CUSTOMS,
    K_DAY,
    K_DUTIED,
    K_DUTY,
    K_DUTY_ROW,
    K_FRAME,
    K_FREIGHT,
    K_GOODS,
    K_HIGH,
    K_INSURANCE,
    K_KNOWN,
    K_LEVIED,
    K_LEVIES,
    K_LINE,
    K_LOW,
    K_MATCHED,
    K_MODE,
    K_NARROW,
    K_NARROWED,
    K_ORIGIN,
    K_PAIR,
    K_PAPERED,
    K_PAPERS,
    K_REFUSAL,
    K_SETS,
    K_SOURCE,
    K_TARGET,
    K_UNIT,
    K_UNKNOWNS,
    K_WIDTH,
    charge,
    of_case,
    put,
)
from ewtp.core.compiled.kernel.lookup import find_lists, find_outcomes, row_of_list
from ewtp.core.compiled.kernel.packed_book import (
    O_BASE,
    O_KIND,
    O_SHARE,
    O_UNKNOWNS,
    W_BEGINS,
    W_FLAGS,
    W_NO_TAX,
    W_UNKNOWNS,
    are_together,
    of_due,
    of_outcome,
    of_place,
)
from ewtp.core.compiled.machine.buffers import filled
from ewtp.core.compiled.machine.fixed_point import FAILED, LARGEST_VALUE, POWERS, counted, inlined

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


@counted()
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
            note_unknowns(notes, results.unknowns, case, rows)
            note_sets(book, notes, results.sets, case, rows)
            for row in range(rows):
                line = of_case(case, row * K_WIDTH, K_LINE)
                failed = of_case(case, row * K_WIDTH, K_MATCHED) == FAILED
                results.scalar[line] = failed and not results.refusal[line]


@inlined()
def find_cases(book: Any, lines: Any, frames: Any, entries: Any, scratch: Any, start: int, rows: int) -> None:
    """Everything about a block of lines that has to be looked up; the block begins at ``start`` in the order."""
    case = scratch.case
    value_lines(book, lines, frames, scratch.order, start, rows, case)
    find_lists(book, lines, entries, case, rows)
    find_outcomes(book, frames, case, rows)


@counted()
def _settle(book: Any, lines: Any, frames: Any, results: Any, scratch: Any, rows: int) -> None:
    """What the cases of a block come to; FAILED as ``K_MATCHED`` for those that the scalar path has to answer."""
    case, stack, now, then = scratch.case, scratch.stack, scratch.now, scratch.then
    quantities, sources = lines.quantities, lines.sources
    fields, amounts = frames.fields, results.amounts
    for row in range(rows):
        at = row * K_WIDTH
        matched = of_case(case, at, K_MATCHED)
        if matched == FAILED:
            continue
        put(case, at, K_MATCHED, FAILED)
        source, target, claim = of_case(case, at, K_SOURCE), of_case(case, at, K_TARGET), of_case(case, at, K_CLAIM)
        frame, customs = of_case(case, at, K_FRAME), of_case(case, at, K_CUSTOMS)
        levied, papered = of_case(case, at, K_LEVIED), of_case(case, at, K_PAPERED)
        flags = of_outcome(book, levied, O_FLAGS)
        known = flags | of_outcome(book, papered, O_FLAGS)
        unknowns = of_outcome(book, levied, O_UNKNOWNS)
        complete = True
        duty, additional, duty_set, narrow_set, broad_set = 0, 0, 0, 0, 0
        scheduled = of_place(book, target, W_FLAGS) == HAS_TARIFF
        in_force = scheduled and of_case(case, at, K_DAY) >= of_place(book, target, W_BEGINS)
        if are_together(book, source, target):
            if claim != NO_CLAIM:
                continue
            unknowns |= _INSIDE
        else:
            dutied = of_case(case, at, K_DUTIED)
            narrowed, broadened = of_case(case, at, K_NARROWED), of_case(case, at, K_BROADENED)
            if dutied == FAILED:
                continue
            if (
                duties_of(book, frames, case, at, dutied, narrowed, broadened, quantities, sources, stack, now)
                == FAILED
            ):
                continue
            known |= now[R_KNOWN] | of_case(case, at, K_KNOWN)
            unknowns |= now[R_UNKNOWNS]
            relieved = flags & RELIEVED
            if now[R_REFUSAL] and not relieved:
                # The trader has to say more, unless what is claimed is wrong in the first place.
                if claim == NO_CLAIM or known & CLAIM_KNOWN:
                    results.refusal[of_case(case, at, K_LINE)] = now[R_REFUSAL]
                continue
            if relieved:
                put(case, at, K_DUTY, of_case(case, at, K_LEVIES))
                put(case, at, K_DUTY_ROW, row_of_list(book, of_case(case, at, K_LEVIES)))
                duty_set = of_outcome(book, levied, O_SETS + 3)
            else:
                duty, additional, duty_set = now[R_DUTY], now[R_ADDITIONAL], now[R_SET]
                narrow_set, broad_set = now[R_NARROW_SET], now[R_BROAD_SET]
                if in_force and not now[R_CHARGED]:
                    if now[R_NOTHING]:
                        if of_case(case, at, K_LOW) < of_case(case, at, K_HIGH):
                            # Whether a duty is missing then depends on the preferences that reach these goods.
                            continue
                        unknowns |= _NO_DUTY
                    else:
                        complete = False
            if of_case(case, at, K_ORIGIN) != source:
                option = 1
                if claim == NO_CLAIM:
                    whole = not (of_outcome(book, levied, O_UNKNOWNS) | now[R_UNKNOWNS]) & ~COSTLESS
                    paid = duty + additional
                    option = has_option(book, frames, case, at, quantities, sources, stack, paid, whole, then)
                    if option == FAILED:
                        continue
                if option:
                    unknowns |= _ROUTE
        if claim != NO_CLAIM and not known & CLAIM_KNOWN:
            continue
        if scheduled and not in_force:
            unknowns |= _SCHEDULE
        if matched & 1:
            unknowns |= _FINER
        unknowns |= of_place(book, target, W_UNKNOWNS) | of_outcome(book, levied, O_UNKNOWNS + 1)
        freight, insurance = of_case(case, at, K_FREIGHT), of_case(case, at, K_INSURANCE)
        on_paid = False
        excise, fees, taxes = 0, 0, 0
        unit, mode = of_case(case, at, K_UNIT), of_case(case, at, K_MODE)
        first, end = of_outcome(book, levied, O_DUES), of_outcome(book, levied, O_DUES_END)
        kind, based, share = (
            of_outcome(book, levied, O_KIND),
            of_outcome(book, levied, O_BASE),
            of_outcome(book, levied, O_SHARE),
        )
        due = first
        while due < end:
            if due > first:
                kind, based, share = of_due(book, due, D_KIND), of_due(book, due, D_BASE), of_due(book, due, D_SHARE)
            base = customs * 100
            if based == ON_DUTY_PAID:
                if kind == C_EXCISE:
                    base = (customs + duty + additional) * 100
                else:
                    on_paid = True
                    base = (
                        customs * frames.tax_base[frame, T_VALUE]
                        + duty * frames.tax_base[frame, T_DUTY]
                        + additional * frames.tax_base[frame, T_ADDITIONAL]
                        + excise * frames.tax_base[frame, T_EXCISE]
                        + fees * frames.tax_base[frame, T_FEE]
                    )
                    if not fields[frame, F_CIF]:
                        base += (freight + insurance) * frames.tax_base[frame, T_CARRIAGE]
            taxed = kind == C_TAX
            part = charge(
                book,
                frames,
                case,
                at,
                due,
                share,
                kind == C_FEE,
                base,
                FAILED,
                fields[frame, F_TAX_UNIT] if taxed else unit,
                fields[frame, F_TAX_MODE] if taxed else mode,
                quantities,
                sources,
                stack,
            )
            if part < 0 or max(duty, additional, excise, fees) > 100 * LARGEST_VALUE:
                break
            if kind == C_EXCISE:
                excise += part
            elif kind == C_FEE:
                fees += part
            else:
                taxes += part
            due += 1
        line = of_case(case, at, K_LINE)
        if due < end:
            results.refusal[line] = of_case(case, at, K_REFUSAL)
            continue
        if on_paid and (not complete or unknowns & ~COSTLESS):
            unknowns |= _BASE_OPEN
        unknowns |= of_outcome(book, levied, O_UNKNOWNS + 2)
        if not flags & TAX_MATCHED:
            unknowns |= of_place(book, target, W_NO_TAX)
        if scheduled and not fields[frame, F_BASIS_KNOWN]:
            unknowns |= _VALUATION
        if of_place(book, target, W_FLAGS) and lines.freight[line] < 0:
            unknowns |= _NO_FREIGHT
        coin = POWERS[DECIMALS - fields[frame, F_MINOR]]
        goods = of_case(case, at, K_GOODS)
        total = (goods + freight + insurance + duty + additional + excise + taxes + fees) * coin
        if total >= TOO_MUCH:
            continue
        put(case, at, K_MATCHED, matched)
        put(case, at, K_UNKNOWNS, unknowns)
        results.complete[line] = complete and not unknowns & ~COSTLESS
        results.currency[line] = fields[frame, F_OUT_CURRENCY]
        narrow = number_of_set(book, of_case(case, at, K_NARROW), narrow_set)
        broad = number_of_set(book, of_case(case, at, K_BROAD), broad_set)
        put(case, at, K_SETS + S_ADDITIONAL, narrow or broad)
        put(case, at, K_ADDED, of_case(case, at, K_NARROW if narrow else K_BROAD))
        put(case, at, K_PAIR, broad if narrow else 0)
        put(case, at, K_SETS + S_DUTY, number_in_row(book, of_case(case, at, K_DUTY_ROW), duty_set))
        listed = of_case(case, at, K_LEVIES)
        put(case, at, K_SETS + S_EXCISE, number_of_set(book, listed, of_outcome(book, levied, O_SETS)))
        put(case, at, K_SETS + S_FEE, number_of_set(book, listed, of_outcome(book, levied, O_SETS + 1)))
        put(case, at, K_SETS + S_TAX, number_of_set(book, listed, of_outcome(book, levied, O_SETS + 2)))
        listed = of_case(case, at, K_PAPERS)
        put(case, at, K_SETS + S_REQUIREMENT, number_of_set(book, listed, of_outcome(book, papered, O_SETS)))
        put(case, at, K_SETS + S_PROHIBITION, number_of_set(book, listed, of_outcome(book, papered, O_SETS + 1)))
        amounts[A_CUSTOMS, line] = customs * coin
        amounts[A_GOODS, line] = goods * coin
        amounts[A_DUTY, line] = duty * coin
        amounts[A_ADDITIONAL, line] = additional * coin
        amounts[A_EXCISE, line] = excise * coin
        amounts[A_TAX, line] = taxes * coin
        amounts[A_FEES, line] = fees * coin
        amounts[A_FREIGHT, line] = freight * coin
        amounts[A_INSURANCE, line] = insurance * coin
        amounts[A_TOTAL, line] = total


def new_entries(tables: Tables, lines: Lines) -> NDArray[np.int64]:
    """Room for the entry of each code in each schedule."""
    return filled(len(tables.schedule_day) * len(lines.code_key), np.int64, -1)

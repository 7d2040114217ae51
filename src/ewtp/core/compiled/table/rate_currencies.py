"""The currencies in the rules of each destination, so that only their rates are looked up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ewtp.core.compiled.format import due_field, opcode, outcome_field, pattern_field
from ewtp.core.compiled.format.facets import Facet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ewtp.core.compiled.format.tables import Tables


def currencies_by_destination(tables: Tables, currencies: int) -> NDArray[np.bool_]:
    """By destination and currency of the book: whether limits of value are in it, and whether charges are."""
    found = np.zeros((len(tables.facet_lists), max(currencies, 1), 2), np.bool_)
    limits, charges = _by_list(tables, currencies)
    schedules, first = tables.destination_schedule, tables.schedule_entry
    under = (
        np.append(np.bitwise_or.reduceat(charges[tables.directory_list], tables.directory_start[:-1]), 0)
        if len(tables.directory_list)
        else np.zeros(1, np.int64)
    )
    # An empty directory includes the one after it, which at worst adds currencies that are not needed.
    for place, row in enumerate(tables.facet_lists):
        count = first[schedules[place] + 1] - first[schedules[place]]
        for facet in Facet:
            where = int(row[facet])
            lists = np.array([-1 - where]) if where < 0 else tables.entry_list[where : where + count]
            if facet is Facet.LOWER:
                masks = under[lists]
            else:
                used = limits[lists]
                found[place, used[used >= 0], 0] = True
                masks = charges[lists]
            mask = int(np.bitwise_or.reduce(masks)) if len(masks) else 0
            found[place, :, 1] |= [bool(mask >> currency & 1) for currency in range(max(currencies, 1))]
    return found


def _by_list(tables: Tables, currencies: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """By list: the currency of its limits, -1 for none; and the currencies of its charges, as bits."""
    limits = tables.pattern_fields[:, pattern_field.CURRENCY][tables.list_pattern]
    if currencies > 62:  # noqa: PLR2004 - more than there are bits: every rate may be asked for
        return limits, np.full(len(limits), -1, np.int64)
    bits = np.where(
        np.isin(tables.instruction_fields[:, 0], list(opcode.COUNTING)),
        np.left_shift(1, np.maximum(tables.instruction_fields[:, 2], 0)),
        0,
    ).astype(np.int64)
    charges, results, patterns = tables.due_fields, tables.outcome_fields, tables.pattern_fields
    own = charges[:, due_field.CURRENCY]
    dues = _join_bits(bits, charges[:, due_field.PROGRAM], charges[:, due_field.PROGRAM_END])
    dues |= np.where(own >= 0, np.left_shift(1, np.maximum(own, 0).astype(np.int64)), 0)
    outcomes = _join_bits(dues, results[:, outcome_field.DUES], results[:, outcome_field.DUES_END])
    # Spans with equal outcomes share their cases.
    places, place_of_span = np.unique(tables.span_cases, return_inverse=True)
    by_span = np.bitwise_or.reduceat(outcomes[tables.case_outcome], places)[place_of_span]
    by_pattern = _join_bits(by_span, patterns[:, pattern_field.SPANS], patterns[:, pattern_field.SPANS_END])
    return limits, by_pattern[tables.list_pattern]


def _join_bits(bits: NDArray[np.int64], starts: NDArray[Any], ends: NDArray[Any]) -> NDArray[np.int64]:
    """The bits of each run from a start to its end, joined; those of an empty run are none."""
    found = np.zeros(len(starts), np.int64)
    if len(starts):
        # In order of start, what lies between two runs is gone through at most once.
        order = np.argsort(starts, kind="stable")
        runs = np.stack([starts[order], ends[order]], axis=1)
        joined = np.bitwise_or.reduceat(np.append(bits, 0), runs.ravel())[::2]
        found[order] = np.where(runs[:, 0] < runs[:, 1], joined, 0)
    return found

"""Compares a piece of lines' answers before and after a change, and counts the differences into a tally."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from ewtp.core.replay.aggregates import (
    BOUNDS,
    BOUNDS_BY_DAY,
    BY_DAY,
    BY_PERIOD,
    CITED_DIFFERENTLY,
    COUNTED,
    COUNTS,
    DIMENSIONS,
    MONTHS,
    OUTCOMES,
    PAID_BY_SIZE,
    PROHIBITED,
    ReplayTally,
    Sums,
    add_row,
)
from ewtp.core.replay.answer_pairs import (
    AMOUNTS,
    encode_texts,
    line_days,
    pair_answers,
    read_answers,
)
from ewtp.core.replay.cell_firms import BY_CURRENCY, WHOLE, CellFirms, cell_key, least_firms
from ewtp.core.replay.cost_bounds import sum_bounds, sum_bounds_by_day
from ewtp.core.replay.dimensions import DIMENSION_COLUMNS, encode_dimension, spell_economies
from ewtp.core.replay.firm_changes import FirmTally, count_by_firm, hash_ids, sum_by_firm
from ewtp.core.replay.group_sums import find_distinct, sum_by_group
from ewtp.core.replay.months import count_months
from ewtp.core.replay.paper_counts import count_papers, count_papers_by_period
from ewtp.core.replay.row_selection import take_rows
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from ewtp.core.replay.answer_pairs import AnswerColumns, PairedAnswers, SingleAnswers
    from ewtp.core.replay.dimensions import Dimensions
    from ewtp.core.replay.paper_index import PaperIndex

_READ = (*DIMENSION_COLUMNS.values(), "firm", "date")
_HALF = 32
_LOW = (1 << _HALF) - 1
_EPOCH = date(1970, 1, 1)


@immutable
class Comparison:
    """Answers to the same lines side by side, one element a line; ``masks`` has one for each outcome.

    ``changed``: the answers differ in anything; ``affected``: the line pays, files or may sell differently, or what is
    not known of it is another; ``both``: both sides answer; ``comparable``: both amounts may be compared.
    """

    sides: PairedAnswers
    changed: NDArray[np.bool_]
    affected: NDArray[np.bool_]
    comparable: NDArray[np.bool_]
    both: NDArray[np.bool_]
    masks: dict[str, NDArray[np.bool_]]
    # The change of the landed cost in ten-thousandths; zero where the lines are not comparable.
    change: NDArray[np.int64]
    # The change of the number of papers; zero where one side does not answer.
    more_papers: NDArray[np.int64]


def compare_answers(before: pa.Table, after: pa.Table, papers: PaperIndex) -> Comparison:
    """Compare two tables of answers to the same lines.

    Amounts are comparable where both sides answer in one currency and are complete, or have the same unknowns. A sum
    that lacks an amount on one side only does not tell who gains.
    """
    sides = pair_answers(before, after)
    one, two = sides.before, sides.after
    both = ~one.refused & ~two.refused
    open_alike = (one.complete & two.complete) | (~one.complete & ~two.complete & (one.unknowns == two.unknowns))
    comparable = both & open_alike & (one.currency == two.currency)
    changed = (one.refused != two.refused) | (both & _differs(one, two))
    numbers, counts = papers.number_papers(sides.sets["requirements"])
    filed = [numbers[side.sets["requirements"]] for side in (one, two)]
    shown = [counts[side.sets["requirements"]] for side in (one, two)]
    affected = changed & ((one.refused != two.refused) | _is_affected(one, two) | (filed[0] != filed[1]))
    change = np.where(comparable, two.amounts["total"] - one.amounts["total"], 0)
    masks = {
        "gained": change < 0,
        "lost": change > 0,
        "same_cost": affected & comparable & (change == 0),
        "became_incomplete": both & one.complete & ~two.complete,
        "became_complete": both & ~one.complete & two.complete,
        "otherwise_incomplete": both & (one.complete == two.complete) & ~comparable,
        "newly_refused": ~one.refused & two.refused,
        "no_longer_refused": one.refused & ~two.refused,
        "newly_prohibited": both & (one.sets["prohibitions"] == 0) & (two.sets["prohibitions"] > 0),
        "no_longer_prohibited": both & (one.sets["prohibitions"] > 0) & (two.sets["prohibitions"] == 0),
        CITED_DIFFERENTLY: changed & ~affected,
    }
    more = np.where(both, shown[1] - shown[0], 0)
    return Comparison(sides, changed, affected, comparable, both, masks, change, more)


def compare_rows(before: pa.Table, after: pa.Table, rows: NDArray[np.int64] | None, papers: PaperIndex) -> Comparison:
    """Compare ``after`` with these rows of ``before``; None stands for all of them."""
    return compare_answers(before if rows is None else take_rows(before, rows), after, papers)


def _is_affected(one: AnswerColumns, two: AnswerColumns) -> NDArray[np.bool_]:
    """Whether amounts, currency, what is not known, or whether the goods are prohibited differ."""
    found: NDArray[np.bool_] = (one.complete != two.complete) | (one.unknowns != two.unknowns)
    found |= one.currency != two.currency
    for name, amounts in one.amounts.items():
        found |= amounts != two.amounts[name]
    found |= (one.sets["prohibitions"] == 0) != (two.sets["prohibitions"] == 0)
    return found


def _differs(one: AnswerColumns, two: AnswerColumns) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (one.complete != two.complete) | (one.unknowns != two.unknowns)
    for name, amounts in one.amounts.items():
        found |= amounts != two.amounts[name]
    for name, numbers in one.sets.items():
        found |= numbers != two.sets[name]
    return found


def tally_lines(
    lines: pa.Table,
    before: pa.Table,
    after: pa.Table,
    *,
    papers: PaperIndex,
    rows: NDArray[np.int64] | None = None,
    found: Comparison | None = None,
    turns: Sequence[date] = (),
) -> ReplayTally:
    """Tally a piece of lines.

    ``before`` answers every line; ``after`` answers the lines at ``rows`` (ascending; None stands for all), and the
    others keep their answers. ``found`` is the result of ``compare_rows`` on the same, if the caller has it. ``turns``
    are the days, in order, on which what agencies promise is another. Beside the columns of a question, lines may have
    ``firm_size`` and ``firm``.
    """
    found = found or compare_rows(before, after, rows, papers)
    changed = np.flatnonzero(found.affected)
    kept = [name for name in _READ if name in lines.column_names]
    affected = take_rows(lines.select(kept), changed if rows is None else rows[changed])
    whole = read_answers(before)
    dimensions = {name: encode_dimension(name, affected) for name in DIMENSIONS}
    tables: dict[str, Sums] = {"headline": {(): _headline(before, found)}}
    tables["totals"] = _totals(lines, whole, rows, found)
    tables |= _breakdowns(lines, dimensions, found, changed)
    tables[BY_DAY] = _changes_by_day(affected, found, changed)
    tables[BOUNDS] = sum_bounds(whole, rows, found.sides, found.changed)
    tables[BOUNDS_BY_DAY] = sum_bounds_by_day(affected, changed, found.sides, found.changed)
    tables |= count_papers(before, found.sides, papers)
    if turns:
        tables[BY_PERIOD] = count_papers_by_period(lines, before, rows, found.sides, papers, turns=turns)
    tables[MONTHS] = count_months(lines, changed if rows is None else rows[changed])
    if "firm_size" in lines.column_names:
        tables[PAID_BY_SIZE] = _sum_paid_by_size(lines, whole, rows, found)
    if "firm" not in lines.column_names:
        return ReplayTally(tables)
    return ReplayTally(tables, *_firms(affected, dimensions, found, changed))


def _headline(before: pa.Table, found: Comparison) -> tuple[int, ...]:
    lines = before.num_rows
    counts = {name: int(mask.sum()) for name, mask in found.masks.items()}
    refused = lines - before["refusal"].null_count - counts["no_longer_refused"]
    answered = lines - refused - counts["newly_refused"] - counts["no_longer_refused"]
    counts |= {"lines": lines, "answered": answered, "refused": refused, "affected": int(found.affected.sum())}
    return tuple(counts[name] for name in COUNTS)


def _totals(lines: pa.Table, before: SingleAnswers, rows: NDArray[np.int64] | None, found: Comparison) -> Sums:
    """By destination and currency, all comparable lines; those outside ``rows`` are the same on both sides."""
    whole, currencies = before.columns, before.currencies
    destination, held = encode_texts(lines["to"])
    names = spell_economies(held).to_pylist()
    keys = destination.astype(np.int64) * len(currencies) + whole.currency
    used, of_line = find_distinct(keys, len(names) * len(currencies))
    count = len(used)
    of_row = of_line if rows is None else of_line[rows]
    one, two = found.sides.before, found.sides.after
    left, kept = ~found.comparable & ~one.refused, found.comparable

    def total(name: str) -> list[list[int]]:
        base = sum_by_group(of_line, whole.amounts[name], count)
        out = sum_by_group(of_row[left], one.amounts[name][left], count)
        change = sum_by_group(of_row[kept], (two.amounts[name] - one.amounts[name])[kept], count)
        held = [b - o for b, o in zip(base, out, strict=True)]
        return [held, [h + c for h, c in zip(held, change, strict=True)]]

    def count_rows(mask: NDArray[np.bool_], without: NDArray[np.bool_]) -> list[int]:
        held = sum_by_group(of_line, mask.astype(np.int64), count)
        return [h - w for h, w in zip(held, sum_by_group(of_row, without.astype(np.int64), count), strict=True)]

    sides = {name: total(name) for name in AMOUNTS}
    columns = [count_rows(~whole.refused, left)]
    columns.append(count_rows(~whole.refused & ~whole.complete, left & ~one.complete))
    columns += [sides[name][side] for side in (0, 1) for name in AMOUNTS]
    sums: Sums = {}
    for key, values in zip(used.tolist(), zip(*columns, strict=True), strict=True):
        if values[0]:
            target, currency = divmod(key, len(currencies))
            add_row(sums, (names[target], currencies[currency]), values)
    return sums


def _breakdowns(
    lines: pa.Table, affected: Dimensions, found: Comparison, changed: NDArray[np.int64]
) -> dict[str, Sums]:
    one, two = found.sides.before, found.sides.after
    currency = np.where(one.refused, two.currency, one.currency)[changed].astype(np.int64)
    kept = found.comparable[changed]
    counts = [kept | True, *(found.masks[name][changed] for name in (*OUTCOMES, *PROHIBITED))]
    change = found.change[changed]
    amounts = [np.where(kept, side.revenue[changed], 0) for side in (one, two)]
    amounts += [np.where(kept, side.amounts["total"][changed], 0) for side in (one, two)]
    amounts += [np.maximum(-change, 0), np.maximum(change, 0)]
    tables: dict[str, Sums] = {}
    for dimension, found_texts in affected.items():
        if found_texts is None:
            continue
        tables[dimension] = _rows(found_texts, currency, found.sides.currencies, counts, amounts)
        if dimension in COUNTED:
            tables[f"lines_{dimension}"] = _lines(*encode_dimension(dimension, lines) or found_texts)
    return tables


def _changes_by_day(affected: pa.Table, found: Comparison, changed: NDArray[np.int64]) -> Sums:
    """By currency and day, what changes on the lines that can be compared."""
    kept = np.flatnonzero(found.comparable[changed])
    rows = changed[kept]
    one, two = found.sides.before, found.sides.after
    days = line_days(affected)[kept]
    keys, group = np.unique(one.currency[rows].astype(np.int64) << _HALF | days, return_inverse=True)
    change = found.change[rows]
    amounts = (two.revenue[rows] - one.revenue[rows], change, np.maximum(-change, 0), np.maximum(change, 0))
    columns = [np.bincount(group, minlength=len(keys)).tolist()]
    columns += [sum_by_group(group, values, len(keys)) for values in amounts]
    sums: Sums = {}
    for key, values in zip(keys.tolist(), zip(*columns, strict=True), strict=True):
        day = _EPOCH + timedelta(days=key & _LOW)
        sums[found.sides.currencies[key >> _HALF], day.isoformat()] = values
    return sums


def _sum_paid_by_size(
    lines: pa.Table, before: SingleAnswers, rows: NDArray[np.int64] | None, found: Comparison
) -> Sums:
    """By firm size and currency, all lines that can be compared: what they pay before, and what changes."""
    whole, currencies = before.columns, before.currencies
    size, held = encode_texts(lines["firm_size"])
    of_row = np.arange(lines.num_rows) if rows is None else rows
    counted = ~whole.refused
    counted[of_row[~found.comparable]] = False
    keys = size.astype(np.int64) * len(currencies) + whole.currency
    used, of_line = find_distinct(keys, len(held) * len(currencies))
    group, revenue = (each if counted.all() else each[counted] for each in (of_line, whole.revenue))
    columns = [np.bincount(group, minlength=len(used)).tolist(), sum_by_group(group, revenue, len(used))]
    kept = found.comparable
    columns.append(sum_by_group(of_line[of_row[kept]], found.change[kept], len(used)))
    names = held.to_pylist()
    sums: Sums = {}
    for key, values in zip(used.tolist(), zip(*columns, strict=True), strict=True):
        number, currency = divmod(key, len(currencies))
        if values[0]:
            add_row(sums, (names[number] or "", currencies[currency]), values)
    return sums


def _cells(
    affected: Dimensions,
    firms: NDArray[np.uint64],
    named: NDArray[np.bool_],
    currency: NDArray[np.int32],
    found: Comparison,
) -> CellFirms:
    """The firms behind each cell of the breakdowns, as far as they matter; ``firms`` are those of lines ``named``."""
    cells = {
        WHOLE: least_firms(np.zeros(len(firms), np.int32), [""], firms),
        BY_CURRENCY: least_firms(currency[named], found.sides.currencies, firms),
    }
    for dimension, texts in affected.items():
        if texts is not None:
            cells[dimension] = _cells_by_currency(texts, named, currency, found.sides.currencies, firms)
    return CellFirms(cells)


def _cells_by_currency(
    texts: tuple[NDArray[np.int32], pa.StringArray],
    named: NDArray[np.bool_],
    currency: NDArray[np.int32],
    currencies: tuple[str, ...],
    firms: NDArray[np.uint64],
) -> dict[str, tuple[int, ...]]:
    """The firms by value and currency, as the rows of a breakdown are."""
    numbers, values = texts[0][named].astype(np.int64), texts[1].to_pylist()
    used, cells = find_distinct(numbers * len(currencies) + currency[named], len(values) * len(currencies))
    pairs = (divmod(key, len(currencies)) for key in used.tolist())
    keys = [cell_key(values[value] or "", currencies[number]) for value, number in pairs]
    return least_firms(cells.astype(np.int32), keys, firms)


def _lines(numbers: NDArray[np.int32], values: pa.StringArray) -> Sums:
    sums: Sums = {}
    for text, count in zip(values.to_pylist(), np.bincount(numbers, minlength=len(values)).tolist(), strict=True):
        if count:
            add_row(sums, (text,), (count,))
    return sums


def _rows(
    texts: tuple[NDArray[np.int32], pa.StringArray],
    currency: NDArray[np.int64],
    currencies: tuple[str, ...],
    counts: list[NDArray[np.bool_]],
    amounts: list[NDArray[np.int64]],
) -> Sums:
    numbers, values = texts
    keys, group = find_distinct(numbers * np.int64(len(currencies)) + currency, len(values) * len(currencies))
    columns = [np.bincount(group[mask], minlength=len(keys)).tolist() for mask in counts]
    columns += [sum_by_group(group, column, len(keys)) for column in amounts]
    sums: Sums = {}
    for key, row in zip(keys.tolist(), zip(*columns, strict=True), strict=True):
        value, number = divmod(key, len(currencies))
        add_row(sums, (values[value].as_py(), currencies[number]), row)
    return sums


def _firms(
    affected: pa.Table, dimensions: Dimensions, found: Comparison, changed: NDArray[np.int64]
) -> tuple[FirmTally, CellFirms]:
    """What becomes of the firms of the affected lines, and which of them are behind each cell."""
    firm, ids = encode_texts(affected["firm"])
    named = firm > 0
    used, back = find_distinct(firm[named], len(ids))
    numbers = hash_ids(ids.take(pa.array(used)).to_pylist())[back]
    change, papers = found.change[changed][named], found.more_papers[changed][named]
    pays, files = change != 0, papers != 0
    one, two = found.sides.before, found.sides.after
    paid_in = one.currency[changed][named]
    tally = FirmTally(
        sum_by_firm(numbers[pays], paid_in[pays], found.sides.currencies, change[pays]),
        count_by_firm(numbers[files], papers[files]),
    )
    answered_in = np.where(one.refused, two.currency, one.currency)[changed]
    return tally, _cells(dimensions, numbers, named, answered_in, found)

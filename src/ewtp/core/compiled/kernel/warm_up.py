"""The warm-up of the kernel: all of its machine code, made by one process while others wait."""

from __future__ import annotations

from functools import cache

import numpy as np

from ewtp.core.compiled.format import basis_field, frame_field, option_field, rule_set, tax_term
from ewtp.core.compiled.format.kernel_arrays import SOURCE_WIDTH, Frames, Lines, Quantities
from ewtp.core.compiled.format.tables import Tables
from ewtp.core.compiled.kernel import segment
from ewtp.core.compiled.kernel.code_columns import parse_codes
from ewtp.core.compiled.kernel.line_columns import FrameColumns, check_days, list_used_frames
from ewtp.core.compiled.kernel.loop import assess_lines
from ewtp.core.compiled.kernel.number_columns import (
    SupplementaryUnits,
    read_amount_column,
    read_quantity_column,
    read_supplementary_column,
)
from ewtp.core.compiled.kernel.option_list import write_options
from ewtp.core.compiled.kernel.packed_book import PackedBook
from ewtp.core.compiled.kernel.text_writer import set_texts
from ewtp.core.compiled.kernel.work import new_run
from ewtp.core.compiled.machine.arrow_columns import NumberColumn
from ewtp.core.compiled.machine.buffers import read_only
from ewtp.core.compiled.machine.code_cache import make_once
from ewtp.core.compiled.machine.jit import CODE_FOLDER

# The arrays of ``Tables`` that machine code reads and that are not of int32.
_KINDS = {"measure_start": np.int64, "measure_text": np.uint8}


@cache
def warm_kernel() -> None:
    """Make all machine code unless this or another process has done so; does nothing where none can be kept."""
    if CODE_FOLDER is not None:
        make_once(CODE_FOLDER, compile_kernel)


def compile_kernel() -> None:
    """Call every function that Python calls, with no lines: numba makes code for the types of what it is given."""
    _compile_columns()
    tables = Tables(**{name: np.zeros(2, _KINDS.get(name, np.int32)) for name in Tables._fields})
    book = PackedBook(np.zeros(1, np.int32), np.zeros(1, np.int64), np.zeros(len(segment.NAMES), np.int64), 1, 1)
    frames = Frames(
        economies=1,
        currencies=1,
        first=np.zeros(1, np.int32),
        fields=np.zeros((1, frame_field.WIDTH), np.int64),
        tax_base=np.zeros((1, tax_term.COUNT), np.int64),
        foreign=np.zeros((1, 1, 2), np.int32),
        first_day=0,
        rates=np.zeros((1, 1, 2), np.int64),
    )
    run = new_run(book, tables, frames, _no_lines())
    assess_lines(run)
    write_options(run, np.zeros((0, basis_field.WIDTH), np.int32), np.zeros((0, option_field.WIDTH), np.int64))
    set_texts(tables, run.interned.sets[rule_set.DUTY, :0])


def _compile_columns() -> None:
    column = NumberColumn(read_only(np.zeros(0, np.int64)), 1, 0, read_only(np.zeros(0, np.uint8)))
    figures, truths = np.zeros((1, 0), np.int64), np.zeros((1, 0), np.bool_)
    places, days = np.zeros(0, np.int16), read_only(np.zeros(0, np.int32))
    units = SupplementaryUnits(figures[0], np.zeros((1, 2), np.int64), np.zeros(1, np.int64), truths)
    read_amount_column(column, np.ones((1, 2), np.int64), days, True, figures[0], truths[0])  # noqa: FBT003 - numba takes no keywords
    read_quantity_column(column, 0, 0, truths[0], figures[0], truths[0])
    read_supplementary_column(column, units, figures[0], truths[0])
    check_days(days, places, places, 0, 0, truths[0])
    list_used_frames(FrameColumns(truths[0], places, days, days), 1, 1, 0, 0)
    parse_codes(read_only(np.zeros(1, np.int32)), read_only(np.zeros(0, np.uint8)), np.zeros(1, np.int64))


def _no_lines() -> Lines:
    words, places, small = np.zeros(0, np.int64), np.zeros(0, np.int16), np.zeros(0, np.int8)
    numbers, truths = np.zeros(0, np.int32), np.zeros(0, np.bool_)
    return Lines(
        source=places,
        destination=places,
        origin=places,
        day=numbers,
        code=numbers,
        code_key=np.zeros(1, np.int64),
        code_exists=np.zeros(1, np.bool_),
        currency=numbers,
        value=words,
        freight=words,
        insurance=words,
        buyer=small,
        transport=small,
        claim=numbers,
        quantities=Quantities(np.zeros(0, np.int64), np.zeros(SOURCE_WIDTH, np.int64), 0, 0),
        scalar=truths,
    )

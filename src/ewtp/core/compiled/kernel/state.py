"""The state of a line: a row of figures that earlier steps of the kernel fill in and later ones read.

First the line's facts, its entry (FAILED for the scalar path; otherwise twice the entry, plus one if the code has more
digits than the schedule's line), its values in minor units, its frame; whether the last charge was rounded
(``INEXACT``), and the number of the trader's refusal. Then the lists of rules at its entry and their outcomes.
``DUTY_ROW`` is where the fields of the list of duties are, ``DIRECTORY`` to ``DIRECTORY_END`` delimit the claims with
lower duties, ``KNOWN`` are the flags of the lower duty that was claimed. The last fields are the sets to intern.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from ewtp.core.compiled.format import rule_set
from ewtp.core.compiled.machine.jit import jit_inline

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The states of a block, ``[line of the block, field]`` end to end; a line's begins at ``WIDTH`` times its row.
States: TypeAlias = "NDArray[np.int64]"

(
    LINE,
    ENTRY,
    CODE,
    SOURCE,
    DESTINATION,
    ORIGIN,
    DAY,
    CLAIM,
    BUYER,
    TRANSPORT,
    GOODS,
    FREIGHT,
    INSURANCE,
    CUSTOMS,
    FRAME,
    CURRENCY,
    MINOR,
    UNIT,
    MODE,
    INEXACT,
    REFUSAL,
    DUTY_LIST,
    DUTY_ROW,
    NARROW_LIST,
    BROAD_LIST,
    LEVY_LIST,
    PAPER_LIST,
    DIRECTORY,
    DIRECTORY_END,
    DUTY_OUTCOME,
    NARROW_OUTCOME,
    BROAD_OUTCOME,
    LEVY_OUTCOME,
    PAPER_OUTCOME,
    KNOWN,
    UNKNOWNS,
    SETS,
) = range(37)
# From ``SETS`` on, the number of the set found by ``rule_set``, 0 for none. Then, for additional duties, the list that
# the set is of, and the number of one more set where both lists lead to charges.
ADDED_LIST = SETS + rule_set.COUNT
PAIR = ADDED_LIST + 1
# Whole cache lines, of eight figures each.
WIDTH = -(-(PAIR + 1) // 8) * 8


@jit_inline()
def get_state(states: States, at: int, field: int) -> int:
    """A figure of the state that begins at a place."""
    return states[np.uint64(at + field)]


@jit_inline()
def set_state(states: States, at: int, field: int, figure: int) -> None:
    """Fill in a figure of a state."""
    states[np.uint64(at + field)] = figure

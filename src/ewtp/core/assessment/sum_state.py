"""Where each sum of an answer stands: a figure, nothing by a statement of the rulebook, not held, or not known."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.rulebook.charge_kinds import KINDS_BY_TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.rulebook.charge_kinds import Total


class SumState(StrEnum):
    """What a sum of an answer is: only the first and the last two are a figure, of which the last two are nothing."""

    CHARGED = "charged"
    NOT_HELD = "not_held"
    NOT_KNOWN = "not_known"
    NOT_OWED = "not_owed"
    NONE = "none"


# What is less known comes first; of several lines, one that is charged makes the sum a figure.
_ORDER = tuple(SumState)


def join_sum_states(lines: Iterable[Mapping[Total, SumState]]) -> dict[Total, SumState]:
    """The state of each sum of several lines."""
    every = tuple(lines)
    return {total: first_sum_state(line[total] for line in every) for total in KINDS_BY_TOTAL}


def first_sum_state(sum_states: Iterable[SumState]) -> SumState:
    """The one of several that the sum of all has."""
    return min(sum_states, key=_ORDER.index)

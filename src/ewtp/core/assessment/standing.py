"""Where each sum of an answer stands: a figure, nothing by a statement of the rulebook, not held, or not known."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.rulebook.charge_kinds import KINDS_BY_TOTAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ewtp.core.rulebook.charge_kinds import Total


class Standing(StrEnum):
    """What a sum of an answer is: only the first and the last two are a figure, of which the last two are nothing."""

    CHARGED = "charged"
    NOT_KNOWN = "not_known"
    NOT_HELD = "not_held"
    NOT_OWED = "not_owed"
    NONE = "none"


# What is less known comes first; of several lines, one that is charged makes the sum a figure.
_ORDER = tuple(Standing)


def join_standings(lines: Iterable[Mapping[Total, Standing]]) -> dict[Total, Standing]:
    """The standing of each sum of several lines."""
    every = tuple(lines)
    return {total: first_standing(line[total] for line in every) for total in KINDS_BY_TOTAL}


def first_standing(standings: Iterable[Standing]) -> Standing:
    """The one of several that the sum of all has."""
    return min(standings, key=_ORDER.index)

"""The ordinary rate of each tariff line, as a whole number of millionths of a percentage point."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from ewtp.core.distances.code_cover import rows_covering
from ewtp.core.rulebook.expressions.parser import parse
from ewtp.core.rulebook.expressions.tree import AdValorem, Inherited, Missing, walk
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.distances.schedule_contents import ComparedSchedule, DutyRow

# A rate of one per cent is one point, which has this many parts.
POINT = 1_000_000
_PART = Decimal(1).scaleb(-6)


class RateForm(StrEnum):
    """What the rate of a line is; only ``AD_VALOREM`` is a number that can be compared."""

    AD_VALOREM = "ad_valorem"
    OTHER = "specific_or_compound"  # an amount for a quantity, a choice, a season, or a share of a part of the value
    UNKNOWN = "unknown"  # the schedule points elsewhere, or the text cannot be read
    CONDITIONAL = "conditional"  # facts about the goods choose among several duties
    NONE = "without_rate"  # no ordinary duty of the schedule covers the line


def read_line_rates(schedule: ComparedSchedule) -> Iterator[tuple[RateForm, int]]:
    """The form of each line's rate, and its millionths of a point where it is ad valorem (else 0).

    The duty with the longest code holds, as in an answer.
    """
    known: dict[tuple[str, str], tuple[RateForm, int]] = {}
    before: list[DutyRow] | None = None
    rate = (RateForm.NONE, 0)
    for covering in rows_covering(schedule.lines, schedule.duties):
        # The lines of an item follow each other, and one list covers them.
        if covering is not before:
            before, rate = covering, _find_rate(covering, known)
        yield rate


def _find_rate(covering: list[DutyRow], known: dict[tuple[str, str], tuple[RateForm, int]]) -> tuple[RateForm, int]:
    """The rate of the duties that cover a line; ``known`` are the rates of texts and currencies that were read."""
    if not covering:
        return RateForm.NONE, 0
    if _is_conditional(covering):
        return RateForm.CONDITIONAL, 0
    text = covering[0].expression, covering[0].currency
    if text not in known:
        known[text] = _read_rate(*text)
    return known[text]


def _is_conditional(covering: list[DutyRow]) -> bool:
    """Whether facts choose among the duties with the longest code, or whether one applies at all."""
    first, *others = covering
    longest = (row for row in others if len(row.prefix) == len(first.prefix))
    return first.conditional or any(row.conditional or row.expression != first.expression for row in longest)


def _read_rate(expression: str, currency: str) -> tuple[RateForm, int]:
    tree = parse(expression, currency=currency or None)
    if isinstance(tree, Refusal) or any(isinstance(node, Missing | Inherited) for node in walk(tree)):
        return RateForm.UNKNOWN, 0
    if not isinstance(tree, AdValorem) or tree.base is not None:
        return RateForm.OTHER, 0
    rate = (tree.percent / tree.divisor).quantize(_PART, ROUND_HALF_EVEN)
    return RateForm.AD_VALOREM, int(rate * POINT)

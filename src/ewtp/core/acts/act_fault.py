"""What a check finds wrong with acts: a fault like that of a change, numbered after those."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.acts import sentences
from ewtp.core.rulebook.changeset.fault import FAULT_NUMBERS, Fault
from ewtp.core.rulebook.sentences import MEASURE_UNANSWERABLE
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Mapping

# The rules by code, in the order of their numbers.
ACT_FAULT_NUMBERS: Mapping[str, str] = {
    sentence.code: f"CS{number}"
    for number, sentence in enumerate(
        (
            sentences.ACT_REACHES_NOTHING,
            sentences.SUNSET_UNNAMED,
            sentences.ARTICLE_UNKNOWN,
            sentences.ACTS_DEPEND_ON_ORDER,
            sentences.THRESHOLD_NOT_RAISED,
            MEASURE_UNANSWERABLE,
            sentences.RECIPROCITY_UNANSWERED,
            sentences.EXEMPTS_EVERYTHING,
        ),
        start=len(FAULT_NUMBERS) + 1,
    )
}


@immutable
class ActFault(Fault):
    """A refusal of one act or article, with its place in the acts, or of the acts as a whole."""

    @property
    def number(self) -> str:
        """The number of the rule, such as ``CS14``."""
        return ACT_FAULT_NUMBERS[self.code]

"""What a check finds wrong with a change: a refusal with the number of the rule that it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.changeset import sentences
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

# The rules by code, in the order of their numbers.
FAULT_NUMBERS: Mapping[str, str] = {
    sentence.code: f"CS{number}"
    for number, sentence in enumerate(
        (
            sentences.BASE_DIFFERS,
            sentences.NOT_HELD,
            sentences.REACHES_NOTHING,
            sentences.EXPRESSION_UNREADABLE,
            sentences.CHANGE_TERRITORY_UNKNOWN,
            sentences.CHANGE_ORIGIN_UNKNOWN,
            sentences.CHANGE_CODE_UNKNOWN,
            sentences.CHANGE_CONTRADICTS,
            sentences.STATED_IN_FORCE,
            sentences.CHANGE_EMPTY,
            sentences.PREFERENCE_ABOVE,
            sentences.CHANGE_DAY_ABSURD,
            sentences.CONDITION_UNKNOWN,
        ),
        start=1,
    )
}


@immutable
class Fault(Refusal):
    """A refusal of one operation, with its place in the changeset, or of the change as a whole."""

    @property
    def number(self) -> str:
        """The number of the rule, such as ``CS2``: the same in messages, tests and documentation."""
        return FAULT_NUMBERS[self.code]

    def as_json(self) -> dict[str, Any]:
        """The refusal with its ``number``."""
        return {"number": self.number, **Refusal.as_json(self)}

"""What can be wrong with a question to the market finder."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ECONOMY_MISSING = Sentence("economy_missing", "Give from (every destination) or to (every origin).")
GROUP_UNKNOWN = Sentence("group_unknown", "group is one of {choices:list text}.")
ONLY_UNKNOWN = Sentence("only_unknown", "only is one of {choices:list text}.")
SWITCH_UNKNOWN = Sentence("switch_unknown", "{field:field} is one of {choices:list text}.")
QUANTITY_PAIRS_UNREADABLE = Sentence(
    "quantities_unreadable", "Give each quantity once as UNIT:AMOUNT, such as kg:120.", form="pairs"
)
BOTH_ENDS_GIVEN = Sentence(
    "question_unreadable", "Give from or to; with both, ask for an assessment.", form="both_ends"
)

"""The origin of goods by the latest version of the rulebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.sentences import RULEBOOK_EMPTY
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.origin.decision import SCHEMES, OriginDecision, decide_origin
from ewtp.core.origin.sentences import ORIGIN_RULES_NOT_HELD
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.origin.origin_question import OriginQuestion

# Whose rules of origin without a preference are held.
TERRITORIES = ("US",)


def origin_of_goods(question: OriginQuestion, destination: str) -> OriginDecision | Refusal:
    """The decision for goods imported into ``destination``; ``origin_rules_not_held``, ``rulebook_empty``."""
    if destination not in TERRITORIES:
        return Refusal(ORIGIN_RULES_NOT_HELD)
    version = latest_version()
    if version is None:
        return Refusal(RULEBOOK_EMPTY)
    return decide_origin(question, read_cached_book().reader(version.ref).read_origin_rules(SCHEMES, question.code))

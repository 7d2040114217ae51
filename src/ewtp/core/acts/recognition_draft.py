"""A draft that one paper be accepted in the place of another, to start a proposal from."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.acts.act import ActDays, Acts, Article, RecognisePaper
from ewtp.core.acts.acts_text import ONLY_ARTICLE

if TYPE_CHECKING:
    from ewtp.core.acts.act import Selector

_MONTHS_OF_YEAR = 12
# A relief begins half a year on, and ends after three years unless it is renewed. Both are the author's to change.
_MONTHS_AHEAD, _YEARS = 6, 3


def draft_recognition(selector: Selector, accepted: str, authority: str, day: date) -> Acts:
    """The act by which ``accepted``, a paper that ``authority`` issues, meets the requirements selected.

    It begins half a year after ``day``. Whether the papers state the same facts is for a proposal to settle.
    """
    years, month = divmod(day.year * _MONTHS_OF_YEAR + day.month - 1 + _MONTHS_AHEAD, _MONTHS_OF_YEAR)
    first = date(years, month + 1, 1)
    days = ActDays(first, first.replace(year=first.year + _YEARS) - timedelta(days=1))
    act = RecognisePaper(selector, accepted, authority, claim="", reciprocal=False, days=days)
    title = f"Accept the {accepted} of {authority} for the {selector.document} of {selector.agency}"
    return Acts((Article(ONLY_ARTICLE, (act,)),), title=title)

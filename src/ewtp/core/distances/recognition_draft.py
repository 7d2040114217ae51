"""A draft from a pair of papers: that the one which more lines need be accepted in the place of the other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.core.acts.act import ActDays, Acts, Article, RecognisePaper, Selector
from ewtp.core.acts.acts_text import ONLY_ARTICLE
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from ewtp.core.distances.agency_overlap import PaperPair

# A draft names headings while they are few, and else the chapters.
_MOST_HEADINGS = 40
_MONTHS_OF_YEAR = 12
# A relief begins half a year on, and ends after three years unless it is renewed. Both are the author's to change.
_MONTHS_AHEAD, _YEARS = 6, 3


def draft_recognition(pair: PaperPair, day: date) -> Acts:
    """The act that accepts one paper of the pair for the other, on the headings where both are asked for.

    The paper that fewer lines need is the one that would fall away; of equals, the second. Nobody has examined whether
    the two state the same facts: that is what a proposal is discussed for.
    """
    kept, lifted = (pair.one, pair.other) if pair.one_lines >= pair.other_lines else (pair.other, pair.one)
    headings = tuple(sorted(heading for heading, _ in pair.headings))
    act = RecognisePaper(
        selector=Selector(
            territory=pair.territory,
            kind=Kind.REQUIREMENT.value,
            agency=lifted.agency,
            document=lifted.document,
            codes=headings if len(headings) <= _MOST_HEADINGS else pair.chapters,
        ),
        accepted=kept.document,
        authority=kept.agency,
        claim="",
        reciprocal=False,
        days=_days(day),
    )
    title = f"Accept the {kept.document} of {kept.agency} for the {lifted.document} of {lifted.agency}"
    return Acts((Article(ONLY_ARTICLE, (act,)),), title=title)


def _days(day: date) -> ActDays:
    years, month = divmod(day.year * _MONTHS_OF_YEAR + day.month - 1 + _MONTHS_AHEAD, _MONTHS_OF_YEAR)
    first = date(years, month + 1, 1)
    return ActDays(first, first.replace(year=first.year + _YEARS) - timedelta(days=1))

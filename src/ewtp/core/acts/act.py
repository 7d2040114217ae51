"""Acts: what a proposal does to the rules, each as one value, grouped into articles that an economy adopts one by one.

An act says which rules it is about by a selector, and from when to when it has effect. It is compiled to the records
that it ends and brings (``compilation``); the same act reaches other records where the law is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.rulebook.measure import Direction
from ewtp.core.values.immutable import immutable
from ewtp.core.values.period import Period

if TYPE_CHECKING:
    from datetime import date


@immutable
class Selector:
    """Which rules an act is about: those that agree with every field that is not empty.

    ``kind`` is a kind of measure, empty for any. ``document`` selects the papers of that name, or with an asterisk at
    its end those whose name begins so. ``codes`` and ``excluded_codes`` are prefixes of tariff codes: of a rule that is
    written more widely, the part below them is selected. ``origins`` and ``groups`` select the rules whose scope names
    one of them. Of a rule to be added, all of them say what it will be about.
    """

    territory: str
    kind: str = ""
    agency: str = ""
    document: str = ""
    programme: str = ""
    mast_chapter: str = ""
    codes: tuple[str, ...] = ()
    excluded_codes: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    direction: Direction = Direction.IMPORT


@immutable
class ActDays:
    """The days on which an act has effect.

    After the ``sunset`` the law holds again as it was before. An act without one says so (``permanent``); where it
    says neither, the question was not decided.
    """

    first_day: date
    sunset: date | None = None
    permanent: bool = False

    def __post_init__(self) -> None:
        if self.sunset is not None and (self.permanent or self.sunset < self.first_day):
            msg = "an act has a sunset after its first day, or is permanent"
            raise ValueError(msg)

    @property
    def period(self) -> Period:
        """The days as a period."""
        return Period(self.first_day, self.sunset)


@immutable
class EndRules:
    """The rules selected no longer hold."""

    selector: Selector
    days: ActDays


@immutable
class AmendRules:
    """The rules selected hold with other values in the fields named; ``fields`` are pairs, in order of the name."""

    selector: Selector
    fields: tuple[tuple[str, str], ...]
    days: ActDays


@immutable
class AddRule:
    """A new rule for each of the selector's codes, with fields and ``conditions``: pairs of a kind and a value."""

    selector: Selector
    fields: tuple[tuple[str, str], ...]
    conditions: tuple[tuple[str, str], ...]
    days: ActDays


@immutable
class ReplaceExpression:
    """The rules selected charge ``expression``; where ``replaced`` is not empty, only those that charge that now."""

    selector: Selector
    expression: str
    replaced: str
    days: ActDays


@immutable
class ExemptOrigins:
    """The rules selected hold no longer for goods of ``origins``, which are economies or groups."""

    selector: Selector
    origins: tuple[str, ...]
    days: ActDays


@immutable
class RecognisePaper:
    """The requirements selected are met by ``accepted``, a paper that ``authority`` issues, for the selector's origins.

    Traders rely on it by ``claim``; one is made up where it is empty. A ``reciprocal`` one holds for an origin from the
    day on which that economy's own recognition has effect.
    """

    selector: Selector
    accepted: str
    authority: str
    claim: str
    reciprocal: bool
    days: ActDays


@immutable
class RaiseThreshold:
    """The limit of value of the rules selected becomes ``limit``, such as ``800 GBP``."""

    selector: Selector
    limit: str
    days: ActDays


@immutable
class AcceptElectronic:
    """The papers selected may be shown in electronic form: ``standard`` names it, empty where any will do."""

    selector: Selector
    standard: str
    days: ActDays


@immutable
class AnswerWithin:
    """The selector's agency answers within this many calendar days: on its document, or on all where that is empty."""

    selector: Selector
    answer_days: int
    days: ActDays


@immutable
class JoinGroup:
    """Economies become members of a group."""

    group: str
    economies: tuple[str, ...]
    days: ActDays


@immutable
class SetProcedure:
    """A rule of procedure takes a value."""

    name: str
    value: str
    days: ActDays


# The acts that are about rules on goods, by a selector of measures.
ActOnRules = (
    EndRules
    | AmendRules
    | AddRule
    | ReplaceExpression
    | ExemptOrigins
    | RecognisePaper
    | RaiseThreshold
    | AcceptElectronic
)
Act = ActOnRules | AnswerWithin | JoinGroup | SetProcedure


@immutable
class Article:
    """Acts that an economy adopts together; ``requires`` names the articles without which it has no sense.

    ``why`` is the author's reason, which is not part of what the article does.
    """

    name: str
    acts: tuple[Act, ...]
    requires: tuple[str, ...] = ()
    why: str = ""


@immutable
class Acts:
    """A proposal: its articles, and beside them its title and the author's own text, which bind nobody."""

    articles: tuple[Article, ...]
    title: str = ""
    text: str = ""

    def closure(self, names: frozenset[str] = frozenset()) -> tuple[Article, ...]:
        """The articles named with all that they require, in the order of the text; all where none is named.

        An article that is required and is not there is left out.
        """
        if not names:
            return self.articles
        by_name = {article.name: article for article in self.articles}
        wanted: set[str] = set()
        open_names = list(names)
        while open_names:
            name = open_names.pop()
            if name in by_name and name not in wanted:
                wanted.add(name)
                open_names += by_name[name].requires
        return tuple(article for article in self.articles if article.name in wanted)

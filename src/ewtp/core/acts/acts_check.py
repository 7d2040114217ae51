"""The check of acts before a vote: what they reach, that their days are named, and that their articles fit together.

What is wrong with the change that they make is found by ``core.rulebook.changeset.check``, under the same numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.acts.act import EndRules, ExemptOrigins, JoinGroup, RecognisePaper, SetProcedure
from ewtp.core.acts.act_fault import ActFault
from ewtp.core.acts.compilation import order_conflict
from ewtp.core.acts.record_additions import partners_missing
from ewtp.core.acts.sentences import (
    ACT_REACHES_NO_LINE,
    ACT_REACHES_NOTHING,
    ACTS_DEPEND_ON_ORDER,
    ARTICLE_NAMED_TWICE,
    ARTICLE_UNKNOWN,
    ARTICLES_IN_CIRCLE,
    EXEMPTS_EVERYTHING,
    RECIPROCITY_OPEN,
    RECIPROCITY_UNANSWERED,
    SUNSET_UNNAMED,
)
from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.record_check import FIRST_DAY, LAST_DAY
from ewtp.core.rulebook.changeset.sentences import CHANGE_DAY_ABSURD, EXCLUSION_IDLE
from ewtp.core.rulebook.measure import EVERY_ORIGIN, Kind, Measure
from ewtp.core.rulebook.sentences import MEASURE_UNANSWERABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.acts.act import Acts
    from ewtp.core.acts.compilation import Compilation, CompiledAct, CompiledArticle
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw


def check_acts(compilation: Compilation, law: HeldLaw) -> tuple[Fault, ...]:
    """Everything that is wrong with acts as they were compiled against a law, in the order of the rules' numbers."""
    acts = compilation.acts
    faults: list[Fault] = list(_article_faults(acts))
    for article in compilation.articles:
        for one in article.acts:
            faults += _act_faults(one, acts, law)
        faults += _find_unreached(article, acts)
    conflict = order_conflict(acts, law)
    if conflict is not None:
        faults.append(ActFault(ACTS_DEPEND_ON_ORDER, {"other": conflict[0]}, where=conflict[1]))
    return tuple(sorted(dict.fromkeys(faults), key=lambda fault: int(fault.number[2:])))


def _article_faults(acts: Acts) -> Iterator[ActFault]:
    """Names that two articles share, requirements of articles that are not there, and circles of them."""
    names = [article.name for article in acts.articles]
    for number, article in enumerate(acts.articles):
        where = f"articles[{number}]"
        if names.index(article.name) != number:
            yield ActFault(ARTICLE_NAMED_TWICE, {"article": article.name}, where=f"{where}.name")
        for name in article.requires:
            if name not in names:
                params = {"article": name, "articles": sorted(set(names))}
                yield ActFault(ARTICLE_UNKNOWN, params, where=f"{where}.requires")
    circle = sorted({article.name for article in acts.articles if article.name in _below(acts, article.name)})
    if circle:
        yield ActFault(ARTICLES_IN_CIRCLE, {"articles": circle})


def _below(acts: Acts, name: str) -> set[str]:
    """All articles that an article requires, directly or through others."""
    direct = [required for article in acts.articles if article.name == name for required in article.requires]
    return {article.name for article in acts.closure(frozenset(direct))} if direct else set()


def _act_faults(one: CompiledAct, acts: Acts, law: HeldLaw) -> Iterator[Fault]:
    act, where = one.act, one.where
    yield from _absurd_scope(one)
    if not (one.replaced or one.brought or one.problems):
        yield ActFault(ACT_REACHES_NOTHING, {"day": act.days.first_day}, where=where)
    for problem in one.problems:
        yield ActFault(problem.sentence, problem.params, where=where)
    if act.days.sunset is None and not act.days.permanent and not isinstance(act, EndRules | SetProcedure):
        yield ActFault(SUNSET_UNNAMED, where=where)
    for record in one.brought:
        if isinstance(record, Measure) and record.unreadable:
            params = {"reason": record.unreadable.replace("_", " ")}
            yield ActFault(MEASURE_UNANSWERABLE, params, where=where)
    if isinstance(act, RecognisePaper) and act.reciprocal:
        if act.selector.groups or not act.selector.origins:
            yield ActFault(RECIPROCITY_OPEN, where=where)
        missing = partners_missing(act, acts, law)
        if missing:
            yield ActFault(RECIPROCITY_UNANSWERED, {"economies": missing}, where=where)


def _absurd_scope(one: CompiledAct) -> Iterator[Fault]:
    """What is wrong with the days and codes of an act that its records do not show, or with what it recognises for."""
    act, where = one.act, one.where
    if act.days.first_day < FIRST_DAY:
        params = {"record": where, "start": act.days.first_day, "first": FIRST_DAY, "last": LAST_DAY}
        yield Fault(CHANGE_DAY_ABSURD, params, where=where)
    if isinstance(act, JoinGroup | SetProcedure):
        return
    if isinstance(act, ExemptOrigins) and EVERY_ORIGIN in act.origins:
        yield ActFault(EXEMPTS_EVERYTHING, where=where)
    chosen = act.selector
    for code in chosen.excluded_codes:
        if chosen.codes and not code.startswith(chosen.codes):
            yield Fault(EXCLUSION_IDLE, {"record": where, "code": code}, where=where)
    if isinstance(act, RecognisePaper) and chosen.kind not in ("", Kind.REQUIREMENT):
        yield ActFault(ACT_REACHES_NOTHING, {"day": act.days.first_day}, where=where)


def _find_unreached(article: CompiledArticle, acts: Acts) -> Iterator[ActFault]:
    """The fault of an article about rules on goods of which no line of a schedule is under any."""
    if article.codes and not article.lines:
        where = f"articles[{acts.articles.index(article.article)}]"
        yield ActFault(ACT_REACHES_NO_LINE, where=where)

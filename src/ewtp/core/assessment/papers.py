"""Papers: the requirements and prohibitions of a line whose conditions are met, and what lifts the others.

A requirement is lifted by the claim of its own condition (``"unless_claim"``), or by a relief of requirements: a limit
of value, or a recognition of another authority's paper. What is undecided stays: a paper that may be needed is listed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ewtp.core.assessment.answer import Lifted, Option
from ewtp.core.assessment.border_sentences import CONDITION_OPEN_PART, PAPER_OPEN_PART
from ewtp.core.assessment.claims import may_claim
from ewtp.core.assessment.effects import Unknown
from ewtp.core.assessment.rule_matches import judge_conditions
from ewtp.core.assessment.sentences import (
    CONDITION_OPEN,
    CONDITION_OPEN_BUYER,
    CONDITION_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT,
    PAPER_OPEN,
    PAPER_OPEN_BUYER,
    PAPER_OPEN_RATE,
    PAPER_OPEN_TRANSPORT,
)
from ewtp.core.rulebook.accepted_paper import find_accepted_paper, lifts
from ewtp.core.rulebook.measure import ConditionKind, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.measure import Measure
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.territory import Group

_OPEN = {
    CONDITION_OPEN: PAPER_OPEN,
    CONDITION_OPEN_BUYER: PAPER_OPEN_BUYER,
    CONDITION_OPEN_PART: PAPER_OPEN_PART,
    CONDITION_OPEN_RATE: PAPER_OPEN_RATE,
    CONDITION_OPEN_TRANSPORT: PAPER_OPEN_TRANSPORT,
}


@dataclass(slots=True)
class Papers:
    """The rules of a line that are not charges: those that stand, those that are lifted, and open questions."""

    requirements: list[Rule] = field(default_factory=list)
    prohibitions: list[Rule] = field(default_factory=list)
    lifted: list[Lifted] = field(default_factory=list)
    unknowns: list[Unknown] = field(default_factory=list)

    @property
    def standing(self) -> list[Rule]:
        """The requirements and the prohibitions that the line has to meet."""
        return self.requirements + self.prohibitions


def judge_papers(sides: Iterable[RulesByKind], facts: LineFacts) -> Papers:
    """Which requirements and prohibitions stand; ``sides`` are the rules on imports, and those on exports."""
    papers = Papers()
    for matched in sides:
        if not matched:
            continue
        papers.prohibitions += _judge(matched.get(Kind.PROHIBITION, ()), facts, papers)
        requirements = _judge(matched.get(Kind.REQUIREMENT, ()), facts, papers)
        papers.requirements += _relieve(requirements, matched.get(Kind.RELIEF, ()), facts, papers)
    return papers


def _judge(found: Iterable[Matched], facts: LineFacts, papers: Papers) -> list[Rule]:
    """The rules whose conditions are met, or open; those that a claim switches off are noted as lifted."""
    standing = []
    for matched in found:
        rule = matched.rule
        judged = judge_conditions(rule, facts)
        if judged.why is not None:
            _note(papers, rule.measure, judged.why)
        if judged.met is not False:
            standing.append(rule)
            continue
        for claim in _find_lifting_claims(rule, facts):
            papers.lifted.append(Lifted(rule, claim, (rule,)))
    return standing


def _find_lifting_claims(rule: Rule, facts: LineFacts) -> Iterator[str]:
    """The claim without which the rule would stand; none where another condition is not met either."""
    if rule.barred.isdisjoint(facts.claims):
        return
    if judge_conditions(rule, replace(facts, claims=facts.claims - rule.barred)).met is not False:
        yield next(each.claim for each in rule.measure.conditions if each.claim in rule.barred & facts.claims)


def _relieve(standing: list[Rule], reliefs: Iterable[Matched], facts: LineFacts, papers: Papers) -> list[Rule]:
    """The requirements that no relief lifts; of several reliefs the first one counts."""
    for found in reliefs:
        relief = found.rule.measure
        if not relief.relieves_papers:
            continue
        selected = [rule for rule in standing if lifts(relief, rule.measure)]
        if not selected:
            continue
        judged = judge_conditions(found.rule, facts)
        if judged.why is not None:
            _note(papers, relief, judged.why)
        if judged.met:
            made = next((c.claim for c in relief.conditions if c.kind in _MADE and c.claim), "")
            papers.lifted.append(Lifted(found.rule, made, tuple(selected)))
            standing = [rule for rule in standing if not lifts(relief, rule.measure)]
    return standing


_MADE = frozenset({ConditionKind.CLAIM, ConditionKind.END_USE})


def _note(papers: Papers, measure: Measure, why: Unknown) -> None:
    """Note an open condition."""
    unknown = state_open_paper(measure, why)
    if unknown not in papers.unknowns:
        papers.unknowns.append(unknown)


def state_open_paper(measure: Measure, why: Unknown) -> Unknown:
    """An open condition of a rule on papers; it costs nothing, so it has a code of its own."""
    params = dict(why.params)
    if "title" in params:
        params["title"] = paper_title(measure)
    return Unknown(_OPEN[why.sentence], params)


def paper_title(measure: Measure) -> str:
    """The name of a rule on papers, which often has no title of its own."""
    return measure.title or measure.document or measure.agency or measure.id


def list_paper_options(sides: Sequence[RulesByKind], facts: LineFacts, now: Papers, book: Book) -> tuple[Option, ...]:
    """The claims not made that would lift a requirement or a prohibition, each with what it lifts."""
    standing = {id(rule) for rule in now.standing}
    options = []
    for claim in _open_claims(sides, facts, book) if standing else ():
        then = judge_papers(sides, facts.add_claim(claim))
        left = {id(rule) for rule in then.standing}
        gone = tuple(rule for rule in now.standing if id(rule) not in left)
        by = next((each.rule for each in then.lifted if each.claim == claim), None)
        if gone and by is not None:
            options.append(_option(claim, by, gone, book.group_on(claim, facts.day)))
    return tuple(options)


def _open_claims(sides: Iterable[RulesByKind], facts: LineFacts, book: Book) -> list[str]:
    mentioned = {
        condition.claim
        for matched in sides
        for kind in (Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF)
        for found in matched.get(kind, ())
        if kind is not Kind.RELIEF or found.rule.measure.relieves_papers
        for condition in found.rule.measure.conditions
        if condition.claim
    }
    return sorted(claim for claim in mentioned - facts.claims if may_claim(claim, facts, book))


def _option(claim: str, by: Rule, gone: tuple[Rule, ...], group: Group | None) -> Option:
    paper = find_accepted_paper(by.measure)
    proof = (paper.proof if paper else "") or (group.proof if group else "")
    return Option(
        claim=claim,
        title=paper_title(by.measure),
        rule=by,
        saving=None,
        origin_rule=None,
        proof=proof or None,
        lifts=gone,
    )

"""Claims: which preference, quota or exemption a trader may ask for, and which claims are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.rule_matches import find_closed
from ewtp.core.assessment.sentences import (
    CLAIM_CLOSED,
    CLAIM_UNKNOWN,
    CLAIM_UNKNOWN_NONE,
    CLAIMS_CONFLICT,
    CLAIMS_CONFLICT_RATE,
)
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.duty_rank import claims_of, find_stated_rate
from ewtp.core.rulebook.expressions.calendar import join_days, list_days, range_as_json
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.assessment.line_facts import LineFacts
    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.duty_rank import Matched
    from ewtp.core.rulebook.rule import Rule


def find_claimed_lower_duties(matched: RulesByKind, facts: LineFacts) -> Iterator[Matched]:
    """The preferences and quotas that the line claims."""
    for kind in LOWER_DUTIES:
        yield from (found for found in matched.get(kind, ()) if not facts.claims.isdisjoint(claims_of(found)))


def may_claim(claim: str, facts: LineFacts, book: Book) -> bool:
    """Whether the claim is open to this origin: a programme only to its members, anything else to all."""
    return claim not in book.groups or claim in facts.memberships


def claimable(matched: RulesByKind, facts: LineFacts, book: Book) -> frozenset[str]:
    """Every claim that some rule reaching the line knows and that is open to its origin."""
    known: set[str] = set()
    for rules in matched.values():
        for found in rules:
            measure = found.rule.measure
            if measure.kind in (Kind.PREFERENCE, Kind.QUOTA):
                known.update(claims_of(found))
            elif measure.kind is Kind.TAX:
                known.update(found.rule.rates)
            for condition in measure.conditions:
                if condition.claim:
                    known.add(condition.claim)
    return frozenset(claim for claim in known if may_claim(claim, facts, book))


def list_closed_claims(
    context: ConsignmentContext, seen: Iterable[LineFacts], origin: str
) -> Iterator[tuple[str, Rule]]:
    """Every claim on one of the lines that a rule knows in another part of the year alone, with that rule."""
    for facts in seen:
        for found in find_closed(context, facts, origin):
            for claim in claimable({found.rule.measure.kind: [found]}, facts, context.book):
                yield claim, found.rule


def refuse_unknown_claims(
    claims: tuple[str, ...], known: frozenset[str], closed: Iterable[tuple[str, Rule]], day: date
) -> list[Refusal]:
    """Refuse each claim that no rule knows on the day, because it would silently do nothing.

    ``closed`` is ``list_closed_claims``, which is looked through where a claim is refused.
    """
    unknown = [claim for claim in claims if claim not in known]
    held: dict[str, list[Rule]] = {}
    for claim, rule in closed if unknown else ():
        held.setdefault(claim, []).append(rule)
    return [
        _refuse_closed(claim, sorted(known), held[claim], day)
        if claim in held
        else _unknown_claim(claim[:60], sorted(known))
        for claim in unknown
    ]


def _refuse_closed(claim: str, known: list[str], rules: Sequence[Rule], day: date) -> Refusal:
    days = frozenset[tuple[int, int]]().union(*map(_find_open_days, rules))
    seasons = [range_as_json(each) for each in join_days(days)]
    params = {"claim": claim, "day": day, "seasons": seasons}
    return Refusal(CLAIM_CLOSED, params, where="claims", details=(("claims", known),))


def _find_open_days(rule: Rule) -> frozenset[tuple[int, int]]:
    return frozenset.intersection(*map(list_days, rule.seasons))


def _unknown_claim(claim: str, known: list[str]) -> Refusal:
    details = (("claims", known),)
    if not known:
        return Refusal(CLAIM_UNKNOWN_NONE, {"claim": claim}, where="claims", details=details)
    return Refusal(CLAIM_UNKNOWN, {"claim": claim, "claims": known}, where="claims", details=details)


def refuse_conflicting_claims(matched: RulesByKind, facts: LineFacts) -> Refusal | None:
    """Goods enter under one preference or quota, and bear one rate of a tax: two different ones are refused."""
    for found in matched.get(Kind.TAX, ()):
        rates = [claim for claim in found.rule.rates if claim in facts.claims]
        if len(rates) > 1:
            params = {"claims": rates, "title": found.rule.measure.title}
            return Refusal(CLAIMS_CONFLICT_RATE, params, where="claims", details=(("claims", rates),))
    lower = matched.get(Kind.PREFERENCE, []) + matched.get(Kind.QUOTA, [])
    duties: dict[str, object] = {}
    for claim in sorted(facts.claims):
        opened = [found for found in lower if claim in claims_of(found)]
        if opened:
            duties[claim] = find_stated_rate(max(opened, key=lambda found: found.rank).rule)
    if len(set(duties.values())) < 2:  # noqa: PLR2004 - it takes two to disagree
        return None
    return Refusal(CLAIMS_CONFLICT, {"claims": list(duties)}, where="claims", details=(("claims", list(duties)),))

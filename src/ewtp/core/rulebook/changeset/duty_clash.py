"""Duties of one rank that a change would lay on one line at different rates, so that no answer could say which holds.

Two measures under one key are compared by their days alone. Two of different keys (another programme, additional code,
nomenclature or exclusion) may still both be the duty of one line: that is decided as answers decide it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ewtp.core.rulebook.changeset.condition_conflict import may_hold_together
from ewtp.core.rulebook.changeset.fault import Fault
from ewtp.core.rulebook.changeset.law_record import record_name
from ewtp.core.rulebook.changeset.sentences import CHANGE_CONTRADICTS_RANK
from ewtp.core.rulebook.charge_kinds import LOWER_DUTIES
from ewtp.core.rulebook.duty_rank import Matched, claims_of, find_leading_duties, find_stated_rate, state_one_rate
from ewtp.core.rulebook.measure import Direction, Kind, Measure
from ewtp.core.rulebook.rule import Rule, find_common_day, find_matching_claims
from ewtp.core.values.immutable import immutable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_in_effect import HeldLaw
    from ewtp.core.rulebook.changeset.law_record import LawRecord


@immutable
class _Pair:
    """Two rules of one place, of different keys and rates, whose days and conditions meet."""

    one: Rule
    other: Rule

    @property
    def keys(self) -> frozenset[str]:
        return frozenset((self.one.measure.key, self.other.measure.key))

    @property
    def claims(self) -> frozenset[str]:
        """The claims that both need."""
        return self.one.needed | self.other.needed

    @property
    def first_day(self) -> date:
        return max(self.one.first_day, self.other.first_day)

    @property
    def last_day(self) -> date:
        return min(self.one.last_day, self.other.last_day)


def find_clashes(added: Iterable[tuple[str, LawRecord]], law: HeldLaw, after: Book) -> Iterator[Fault]:
    """A fault for each two duties that the change makes equal in rank, and that the law before did not."""
    told: set[frozenset[str]] = set()
    for where, record in added:
        if not isinstance(record, Measure) or record.territory not in law.book.territories:
            continue
        for pair in _pairs(record, after):
            # Two measures that the change brings are one fault, at the first of them.
            if pair.keys in told:
                continue
            found = _find_clash(pair, law, after)
            if found is not None:
                told.add(pair.keys)
                yield Fault(CHANGE_CONTRADICTS_RANK, found, where=where)


def would_clash(one: LawRecord, other: LawRecord) -> bool:
    """Whether two measures are charged on the same goods at different rates, as far as they tell without the law.

    Only measures for every origin, or for one that both name, are sure to meet.
    """
    if not (isinstance(one, Measure) and isinstance(other, Measure)) or one.key == other.key:
        return False
    places = {(each.territory, each.product.prefix) for each in (one, other)}
    if len(places) > 1 or other.kind not in _kinds_beside(one) or not one.validity.overlaps(other.validity):
        return False
    if frozenset(one.origins.include).isdisjoint(other.origins.include):
        return False
    first, second = Rule(one), Rule(other)
    pair = _Pair(first, second)
    matched = [Matched(rule, rule.measure.origins.include) for rule in (first, second)]
    if one.kind in LOWER_DUTIES and frozenset(claims_of(matched[0])).isdisjoint(claims_of(matched[1])):
        return False
    if _is_told_by_claim(first, second):
        return False
    return may_hold_together(first, second) and _disagree(find_leading_duties(matched), pair)


def _pairs(measure: Measure, after: Book) -> Iterator[_Pair]:
    """The rules at the place of a measure that may be the duty of one line with it: equal rank needs one prefix."""
    kinds = _kinds_beside(measure)
    rules = after.rules.get((measure.territory, measure.product.prefix), ()) if kinds else ()
    mine = next((rule for rule in rules if _place(rule) == (measure.key, measure.validity.start)), None)
    if mine is None:
        return
    for rule in rules:
        other = rule.measure
        if (
            other.kind in kinds
            and other.key != measure.key
            and other.direction is measure.direction
            and other.validity.overlaps(measure.validity)
            and find_stated_rate(rule) != find_stated_rate(mine)
            and not _is_told_by_claim(mine, rule)
            and may_hold_together(mine, rule)
        ):
            yield _Pair(rule, mine)


def _is_told_by_claim(one: Rule, other: Rule) -> bool:
    """Whether a claim that one of two preferences alone needs tells which of them is meant."""
    return one.measure.kind in LOWER_DUTIES and one.needed != other.needed


def _kinds_beside(measure: Measure) -> frozenset[Kind]:
    """The kinds of which one measure alone is charged on a line, with this one's; other kinds add up."""
    if measure.direction is not Direction.IMPORT:
        return frozenset()
    if measure.kind is Kind.DUTY:
        return frozenset({Kind.DUTY})
    return frozenset(LOWER_DUTIES) if measure.kind in LOWER_DUTIES else frozenset()


def _find_clash(pair: _Pair, law: HeldLaw, after: Book) -> dict[str, object] | None:
    """The first line, day and origin on which both are first in rank, as the parameters of a fault."""
    one, other = pair.one.measure, pair.other.measure
    for code, day in _lines_of(pair, law):
        rules = _rules_beside(pair, after, code, day)
        before = _rules_beside(pair, law.book, code, day)
        mentioned = frozenset().union(
            *({*rule.measure.origins.include, *rule.measure.origins.exclude} for rule in (*rules, *before))
        )
        seen: set[tuple[frozenset[str], frozenset[str]]] = set()
        for origin in sorted(law.economies):
            now, then = after.groups_of(origin, day), law.book.groups_of(origin, day)
            # Economies that no rule tells apart are one case.
            case = (now & mentioned, then & mentioned)
            if case in seen:
                continue
            seen.add(case)
            if _is_ambiguous(rules, now, pair) and not _is_ambiguous(before, then, None):
                names = {"first": record_name(one), "second": record_name(other)}
                return {**names, "code": code, "origin": origin, "day": day}
    return None


def _lines_of(pair: _Pair, law: HeldLaw) -> Iterator[tuple[str, date]]:
    """The codes that both cover, with the first day on which both hold there."""
    territory, prefix = pair.one.measure.territory, pair.one.measure.product.prefix
    both = [pair.one.measure.product, pair.other.measure.product]
    lines = law.lines_of(territory, prefix)
    for line in lines:
        last = min(pair.last_day, line.validity.end or date.max)
        day = find_common_day((pair.one, pair.other), max(pair.first_day, line.validity.start), last)
        if day is not None and all(product.covers(line.code) for product in both):
            yield line.code, day
    day = find_common_day((pair.one, pair.other), pair.first_day, pair.last_day)
    if not lines and day is not None and all(product.covers(prefix) for product in both):
        yield from ((code, day) for code in law.subheadings_of(prefix) or (prefix,))


def _rules_beside(pair: _Pair, book: Book, code: str, day: date) -> list[Rule]:
    """The rules of the pair's kinds on a line whose conditions hold where the pair's do.

    A condition that facts decide is taken to hold of the pair alone: a question can be put so.
    """
    kinds = _kinds_beside(pair.one.measure)
    ordinary = pair.one.measure.kind is Kind.DUTY
    return [
        rule
        for rule in book.rules_for(pair.one.measure.territory, code)
        if rule.measure.kind in kinds
        and rule.holds_on(day)
        and (not ordinary or (rule.needed <= pair.claims and rule.barred.isdisjoint(pair.claims)))
        and (not ordinary or not rule.judged or rule.measure.key in pair.keys)
    ]


def _is_ambiguous(rules: Sequence[Rule], memberships: frozenset[str], pair: _Pair | None) -> bool:
    """Whether rules of the first rank state different rates for an origin; with ``pair``, those two among them."""
    matched = [Matched(rule, entries) for rule in rules if (entries := _entries(rule, memberships))]
    if not matched:
        return False
    if matched[0].rule.measure.kind is Kind.DUTY:
        return _disagree(find_leading_duties(matched), pair)
    for claim in sorted({claim for found in matched for claim in claims_of(found)}):
        claimed = [found for found in matched if claim in claims_of(found)]
        best = max(found.rank for found in claimed)
        if _disagree([found.rule for found in claimed if found.rank == best], pair):
            return True
    return False


def _disagree(leading: list[Rule], pair: _Pair | None) -> bool:
    if pair is not None and not pair.keys <= {rule.measure.key for rule in leading}:
        return False
    return not state_one_rate(leading)


def _entries(rule: Rule, memberships: frozenset[str]) -> tuple[str, ...]:
    return find_matching_claims(rule.measure.origins, memberships)


def _place(rule: Rule) -> tuple[str, date]:
    return rule.measure.key, rule.measure.validity.start

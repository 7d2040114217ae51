"""What the lists of rules behind a line leave open, stated from the law that the texts of the book keep of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ewtp.core.compiled.market import text_field
from ewtp.core.compiled.market.open_law import judge_limits, read_open_law, state_open_law
from ewtp.core.rulebook.rule import find_matching_claims

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.market.open_law import OpenStatements
    from ewtp.core.compiled.market.texts import MarketTexts
    from ewtp.core.rulebook.measure import Kind
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.values.money import Money

    # A list of rules, and the kinds of those that may leave an unknown at this stage of an answer.
    LawStage = tuple[int, frozenset[Kind]]

_MOST_KNOWN = 50_000


class RowFacts(NamedTuple):
    """What rules are judged by: the groups of the goods' origin (None for any), the day, and what the question states.

    ``worth`` is the price of the goods in the currency of the answer.
    """

    memberships: frozenset[str] | None
    day: date
    buyer: str | None
    transport: str | None
    worth: Money


class OpenStatementFinder:
    """Finds the unknown that all rules of some lists would leave in the same words; threads may share it."""

    def __init__(self, tables: Tables, texts: MarketTexts) -> None:
        self._tables = tables
        self._texts = texts
        # By number of a list, the numbers of the texts of its rules that may leave something open.
        self._listed: dict[int, tuple[int, ...]] = {}
        # By number of a text; there are a few thousand in a book.
        self._rules: dict[int, Rule | None] = {}
        self._stated: dict[tuple[Any, ...], OpenStatements] = {}

    def find(self, code: str, stages: Iterable[LawStage], facts: RowFacts) -> tuple[Unknown | None, bool]:
        """The unknown of this code, which some rule of the stages is known to leave, and whether it depends on worth.

        None where its words are not known: several rules may leave the unknown, and where their words differ, only the
        scalar path says which comes first.
        """
        found: Unknown | None = None
        is_known, by_worth = True, False
        for number, kinds in dict.fromkeys(
            (number, kinds) for listed, kinds in stages for number in self._find_open_laws(listed)
        ):
            rule = self._read(number)
            if rule is None:
                return None, by_worth
            if rule.measure.kind not in kinds or not _reaches(rule, facts):
                continue
            within = judge_limits(rule, facts.worth) if rule.judged else ()
            by_worth = by_worth or bool(within)
            stated = self._state(number, rule, facts, within)
            if code in stated:
                own = stated[code]
                is_known = is_known and own is not None and found in (None, own)
                found = own
        return (found if is_known else None), by_worth

    def _find_open_laws(self, listed: int) -> tuple[int, ...]:
        found = self._listed.get(listed)
        if found is None:
            tables = self._tables
            first, last = tables.list_rules_start[listed : listed + 2].tolist()
            numbers = self._texts.fields[tables.list_rules[first:last], text_field.OPEN_LAW]
            if len(self._listed) > _MOST_KNOWN:
                self._listed.clear()
            found = self._listed[listed] = tuple(dict.fromkeys(numbers[numbers != 0].tolist()))
        return found

    def _read(self, number: int) -> Rule | None:
        if number not in self._rules:
            self._rules[number] = read_open_law(self._texts.texts[number])
        return self._rules[number]

    def _state(self, number: int, rule: Rule, facts: RowFacts, within: tuple[bool | None, ...]) -> OpenStatements:
        key = (number, facts.buyer, facts.transport, within)
        found = self._stated.get(key)
        if found is None:
            found = self._stated[key] = state_open_law(rule, facts.buyer, facts.transport, within)
        return found


def _reaches(rule: Rule, facts: RowFacts) -> bool:
    if not rule.holds_on(facts.day):
        return False
    memberships = facts.memberships
    return memberships is None or rule.everyone or bool(find_matching_claims(rule.measure.origins, memberships))

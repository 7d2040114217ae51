"""The proofs to show for a claim, as the scalar path lists them, from the law that the texts of the book keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.options import list_proofs
from ewtp.core.compiled.market import text_field
from ewtp.core.compiled.market.proof_law import read_proof_law
from ewtp.core.rulebook.duty_rank import Matched
from ewtp.core.rulebook.rule import find_matching_claims

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.assessment.rule_matches import RulesByKind
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.market.texts import MarketTexts
    from ewtp.core.rulebook.rule import Rule
    from ewtp.core.rulebook.territory import Group

_MOST_KNOWN = 50_000


class ProofFinder:
    """Finds the proof to show for a claim among the rules of a list; threads may share it."""

    def __init__(self, tables: Tables, texts: MarketTexts) -> None:
        self._tables = tables
        self._texts = texts
        # By number of a list, its rules that ask for a proof, in the order of the scalar path.
        self._listed: dict[int, tuple[Rule, ...]] = {}

    def has_rules(self, listed: int) -> bool:
        """Whether some rule of the list asks for a proof of its own."""
        return bool(self._find_rules(listed))

    def find_proof(self, listed: int, group: Group, claim: str, memberships: frozenset[str], day: date) -> str | None:
        """The proof of the agreement, and those of the rules of the list that reach goods of an origin on a day."""
        matched: RulesByKind = {}
        for rule in self._find_rules(listed):
            entries = find_matching_claims(rule.measure.origins, memberships)
            if entries and rule.holds_on(day):
                matched.setdefault(rule.measure.kind, []).append(Matched(rule, entries))
        return "; ".join(dict.fromkeys(list_proofs(group, claim, matched))) or None

    def _find_rules(self, listed: int) -> tuple[Rule, ...]:
        found = self._listed.get(listed)
        if found is None:
            tables, fields, texts = self._tables, self._texts.fields, self._texts.texts
            first, last = tables.list_rules_start[listed : listed + 2].tolist()
            numbers = tables.list_rules[first:last]
            asking = numbers[fields[numbers, text_field.PROOF_LAW] != 0].tolist()
            read = [
                (int(fields[n, text_field.ORDER]), read_proof_law(texts[fields[n, text_field.PROOF_LAW]]))
                for n in asking
            ]
            read.sort(key=lambda each: (each[0], each[1].measure.id, each[1].first_day))
            if len(self._listed) > _MOST_KNOWN:
                self._listed.clear()
            found = self._listed[listed] = tuple(rule for _, rule in read)
        return found

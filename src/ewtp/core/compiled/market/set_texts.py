"""The texts of sets of rules: expressions and sources of charges, agencies and documents, prohibitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.compiled.format import rule_set
from ewtp.core.compiled.market import text_field
from ewtp.core.compiled.market.kernel_lines import SETS_OF_TOTAL
from ewtp.core.rulebook.citation import oldest_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.market.kernel_lines import KernelAnswers
    from ewtp.core.compiled.market.texts import MarketTexts

_CHARGES = frozenset({*SETS_OF_TOTAL["duty"], *SETS_OF_TOTAL["tax"]})
_MOST_KNOWN = 50_000


class SetTexts:
    """Finds the texts of sets of rules, once for each set."""

    def __init__(self, tables: Tables, texts: MarketTexts) -> None:
        self._tables = tables
        self._texts = texts
        self._known: dict[tuple[int, ...], Any] = {}

    def find_texts(self, answers: KernelAnswers, slot: int) -> list[Any]:
        """By number of a set in column ``slot`` of ``rule_set``, its texts.

        A pair of expressions and, for duties, the oldest source; a pair of agencies and documents; or prohibitions.
        """
        numbered = answers.interned.sets[slot, : answers.interned.counts[slot]].tolist()
        known = self._known
        found = []
        for both in numbered:
            key = (slot, *both) if both[1] or both[3] else (slot,)
            value = known.get(key)
            if value is None:
                if len(known) > _MOST_KNOWN:
                    known.clear()
                value = known[key] = self._read_texts(slot, both if len(key) > 1 else ())
            found.append(value)
        return found

    def _read_texts(self, slot: int, both: Sequence[int]) -> Any:
        fields, texts = self._texts.fields, self._texts.texts
        rules = [rule for half in range(0, len(both), 2) for rule in self._rules(both[half], both[half + 1])]
        if slot == rule_set.ADDITIONAL_DUTY:
            # The scalar path orders rules at one prefix by id; those that a patch appended have the highest numbers.
            rules.sort(key=lambda rule: (int(fields[rule, text_field.ORDER]), self._id(rule), rule))
        if slot in _CHARGES:
            expressions = tuple(texts[fields[rule, text_field.EXPRESSION]] for rule in rules)
            if slot != rule_set.DUTY:
                return expressions, None
            return expressions, oldest_source(self._texts.sources[fields[rule, text_field.SOURCE]] for rule in rules)
        if slot == rule_set.REQUIREMENT:
            agencies = {texts[fields[rule, text_field.AGENCY]] for rule in rules} - {""}
            return tuple(sorted(agencies)), tuple(sorted({texts[fields[rule, text_field.DOCUMENT]] for rule in rules}))
        return tuple(sorted({texts[fields[rule, text_field.NAME]] for rule in rules}))

    def _id(self, rule: int) -> bytes:
        start, end = self._tables.measure_start[rule : rule + 2].tolist()
        return self._tables.measure_text[start:end].tobytes()

    def _rules(self, listed: int, own: int) -> list[int]:
        """The rules of set ``own`` of a list; set 0 is empty."""
        if not own:
            return []
        tables = self._tables
        at = int(tables.pattern_sets[tables.list_pattern[listed]]) + own
        indices = tables.set_places[int(tables.set_places_start[at]) : int(tables.set_places_start[at + 1])]
        rules: list[int] = tables.list_rules[int(tables.list_rules_start[listed]) + indices].tolist()
        return rules

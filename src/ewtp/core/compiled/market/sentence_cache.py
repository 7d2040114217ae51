"""What rows of the market finder say in words: texts of the rules behind a figure, and sentences learnt once.

Sentences about what is not known are the scalar path's own: the first row that needs one is left to that path, and
what it says is kept under everything that decides it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.compiled.format import basis_field, rule_set
from ewtp.core.compiled.format.unknown_bits import unknown_bit, unknown_codes
from ewtp.core.compiled.market import text_field
from ewtp.core.markets.finder import in_order
from ewtp.core.rulebook.citation import oldest_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ewtp.core.assessment.answer import Unknown
    from ewtp.core.compiled.format.tables import Tables
    from ewtp.core.compiled.market.lines import Found
    from ewtp.core.compiled.market.texts import MarketTexts
    from ewtp.core.markets.market_row import MarketOption, MarketRow
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.sentence import Statement

_OF_PLACE = frozenset(
    {
        "economy_not_in_rulebook",
        "tariff_not_in_rulebook",
        "schedule_not_in_force",
        "tax_depends_on_member",
        "tax_not_in_rulebook",
        "valuation_not_in_rulebook",
        "freight_not_given",
        "not_in_rulebook",
    },
)
_OF_LEVIES = frozenset({"fee_assumes", "reduced_rate_possible", "sources_disagree", "tax_base_incomplete"})
# Where nothing else is open, what is said depends on the place and its levies alone.
_PLAIN = sum(unknown_bit(code) for code in (*_OF_PLACE, *_OF_LEVIES))
_MOST_KEPT = 50_000
Key = tuple[Any, ...]


class SetTexts:
    """The texts of sets of rules, each worked out once."""

    def __init__(self, tables: Tables, texts: MarketTexts) -> None:
        self._tables = tables
        self._texts = texts
        self._kept: dict[Key, Any] = {}

    def of_slot(self, found: Found, slot: int) -> list[Any]:
        """By number of a set noted in the slot: what the row says of its rules.

        Expressions for charges, then for duties the oldest source; agencies and documents; what is prohibited.
        """
        noted = found.interned.sets[slot, : found.interned.counts[slot]].tolist()
        kept = self._kept
        said = []
        for both in noted:
            key = (slot, *both) if both[1] or both[3] else (slot,)
            value = kept.get(key)
            if value is None:
                if len(kept) > _MOST_KEPT:
                    kept.clear()
                value = kept[key] = self._said(slot, both if len(key) > 1 else ())
            said.append(value)
        return said

    def _said(self, slot: int, both: Sequence[int]) -> Any:
        fields, texts = self._texts.fields, self._texts.texts
        rules = [rule for half in range(0, len(both), 2) for rule in self._rules(both[half], both[half + 1])]
        if slot == rule_set.ADDITIONAL_DUTY:
            # Rules of a patch have higher numbers than those of the book before it, whatever their ids.
            rules.sort(key=lambda rule: (int(fields[rule, text_field.ORDER]), self._id(rule), rule))
        if slot in (rule_set.DUTY, rule_set.ADDITIONAL_DUTY, rule_set.EXCISE, rule_set.TAX):
            expressions = tuple(texts[fields[rule, text_field.EXPRESSION]] for rule in rules)
            sources = (
                [self._texts.sources[fields[rule, text_field.SOURCE]] for rule in rules]
                if slot == rule_set.DUTY
                else []
            )
            return expressions, oldest_source(sources)
        if slot == rule_set.REQUIREMENT:
            agencies = {texts[fields[rule, text_field.AGENCY]] for rule in rules} - {""}
            return tuple(sorted(agencies)), tuple(sorted({texts[fields[rule, text_field.DOCUMENT]] for rule in rules}))
        if slot == rule_set.PROHIBITION:
            return tuple(sorted({texts[fields[rule, text_field.NAME]] for rule in rules}))
        return len(rules)

    def _id(self, rule: int) -> bytes:
        start, end = self._tables.measure_start[rule : rule + 2].tolist()
        return self._tables.measure_text[start:end].tobytes()

    def _rules(self, listed: int, own: int) -> list[int]:
        if not own:
            return []
        tables = self._tables
        at = int(tables.pattern_sets[tables.list_pattern[listed]]) + own
        places = tables.set_places[int(tables.set_places_start[at]) : int(tables.set_places_start[at + 1])]
        rules: list[int] = tables.list_rules[int(tables.list_rules_start[listed]) + places].tolist()
        return rules


class Sentences:
    """The sentences learnt for one day; where one is missing, its key says what to learn.

    ``outcome_unknowns`` are those of the compiled book.
    """

    def __init__(self, outcome_unknowns: NDArray[np.int64]) -> None:
        self._open = outcome_unknowns
        self._rows: dict[Key, tuple[Unknown, ...]] = {}
        self._known: dict[Key, Unknown] = {}
        self._options: dict[Key, tuple[str, str | None, Statement | None]] = {}

    def unknowns(
        self, found: Found, lines: range, ends: tuple[str, str], codes: Sequence[str], asked: Key
    ) -> tuple[tuple[Unknown, ...], list[tuple[str, Key]]]:
        """What is not known of a row, or the codes and keys to learn; ``ends`` are its origin and destination.

        ``asked`` is everything that the question says besides its ends and its code.
        """
        bits, basis = found.unknowns, found.basis
        decided: Key = (ends[1], *[(bits[n], basis[n][: basis_field.LEVY_OUTCOME + 1]) for n in lines])
        row = self._rows.get(decided)
        if row is not None:
            return row, []
        wanted: dict[str, Key] = {}
        if len(lines) > 1:
            wanted["code_not_national"] = ("code_not_national", len(lines))
        for n, code in zip(lines, codes, strict=True):
            for name in unknown_codes(bits[n]):
                if name not in wanted:
                    wanted[name] = self._key(name, ends, code, found.basis[n], (*asked, found.currency[n]))
        missing = [(name, key) for name, key in wanted.items() if key not in self._known]
        if missing:
            return (), missing
        said = in_order(self._known[key] for key in wanted.values())
        if all(not bits[n] & ~_PLAIN for n in lines):
            if len(self._rows) > _MOST_KEPT:
                self._rows.clear()
            self._rows[decided] = said
        return said, []

    def learn(self, row: MarketRow, missing: Iterable[tuple[str, Key]], option: Key | None) -> None:
        """Take the sentences that were missing from the scalar path's row."""
        if len(self._known) > _MOST_KEPT:
            self._known.clear()
        said = {unknown.code: unknown for unknown in row.unknowns}
        for name, key in missing:
            if name in said:
                self._known[key] = said[name]
        best: MarketOption | None = row.best
        if option is not None and best is not None and best.claim == option[0]:
            if len(self._options) > _MOST_KEPT:
                self._options.clear()
            self._options[option] = (best.title, best.proof, best.note)

    def _key(self, name: str, ends: tuple[str, str], code: str, basis: tuple[int, ...], asked: Key) -> Key:
        """Everything that decides a sentence."""
        origin, destination = ends
        if name in _OF_PLACE:
            return (name, destination)
        if name in _OF_LEVIES:
            return (name, destination, basis[basis_field.LEVY_LIST], basis[basis_field.LEVY_OUTCOME])
        if name == "inside_customs_union":
            return (name, origin, destination)
        bit = unknown_bit(name)
        # What a list of rules leaves open of itself, whatever the goods are worth, is said of the rules alone.
        opened = tuple(
            basis[at : at + 2]
            for at in range(0, len(basis), 2)
            if any(b & bit for b in self._open[basis[at + 1]].tolist())
        )
        if opened and name != "duty_ambiguous":
            return (name, origin, opened, asked[:2])
        return (name, origin, code, basis, asked)

    def option(self, key: Key) -> tuple[str, str | None, Statement | None] | None:
        """Title, proof and note of an option learnt before."""
        return self._options.get(key)


def oldest(sources: Iterable[Source | None]) -> Source | None:
    """The first published of several sources."""
    return oldest_source(source for source in sources if source is not None)

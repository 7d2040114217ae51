"""The unknowns and options of the market finder's rows as the scalar path states them, learnt once for a day.

The first row that needs a statement is answered by the scalar path. The statement is then stored under a key of
everything that it depends on, so that the kernel's rows can use it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ewtp.core.compiled.format import basis_field
from ewtp.core.compiled.format.unknown_bits import unknown_bit, unknown_codes
from ewtp.core.markets.finder import OPEN_EVERYWHERE, sort_unknowns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.compiled.market.kernel_lines import KernelAnswers
    from ewtp.core.markets.market_row import MarketRow
    from ewtp.core.values.sentence import Statement

# Unknowns that depend on the destination only.
_OF_DESTINATION = frozenset(
    {
        "economy_not_in_rulebook",
        "tariff_not_in_rulebook",
        "schedule_not_in_force",
        "tax_depends_on_member",
        "tax_not_in_rulebook",
        "valuation_not_in_rulebook",
        "freight_not_given",
        "not_in_rulebook",
        "charges_not_held",
        "charges_not_looked_at",
        "schedule_for_earlier_days",
    },
)
# Unknowns that depend on the destination and its levies only.
_OF_LEVIES = frozenset(
    {"fee_assumes", "rate_not_confirmed", "reduced_rate_possible", "sources_disagree", "tax_base_incomplete"}
)
# Unknowns that computing a duty may leave too: the lists that have them do not say then which one is meant.
_OF_COMPUTING = frozenset(
    {
        "alternative_undetermined",
        "exchange_rate_missing",
        "fact_missing",
        "inherited_duty_missing",
        "part_value_missing",
        "quantity_missing",
        "season_missing",
    }
)
# A row tells that sources disagree on the base of a tax only where the base has no other gap.
_BASE, _BASE_DISPUTED = "tax_base_incomplete", "tax_base_incomplete:sources_disagree"
# Rows do not tell what is open everywhere.
_TOLD = ~unknown_bit(OPEN_EVERYWHERE)
_PLAIN = sum(unknown_bit(code) for code in (*_OF_DESTINATION, *_OF_LEVIES, _BASE_DISPUTED))
# About 1 kB each, for each of the days that a finder remembers.
_MOST_KNOWN = 10_000
SentenceKey = tuple[Any, ...]


class OptionWords(NamedTuple):
    """Title, proof and note of an option."""

    title: str
    proof: str | None
    note: Statement | None


class SentenceCache:
    """The statements learnt for one day; ``outcome_unknowns`` are those of the compiled book."""

    def __init__(self, outcome_unknowns: NDArray[np.int64]) -> None:
        self._outcome_unknowns = outcome_unknowns
        self._rows: dict[SentenceKey, tuple[Unknown, ...]] = {}
        self._known: dict[SentenceKey, Unknown] = {}
        self._options: dict[SentenceKey, OptionWords] = {}

    def find_unknowns(
        self,
        answers: KernelAnswers,
        lines: range,
        ends: tuple[str, str],
        goods: Sequence[tuple[int, str]],
        terms: SentenceKey,
    ) -> tuple[tuple[Unknown, ...], list[tuple[str, SentenceKey]]]:
        """The unknowns of a row; or, where some are not learnt yet, their codes and keys.

        ``ends`` are origin and destination; ``goods`` are by line a schedule and a code; ``terms`` is everything that
        the question states besides these.
        """
        bits, basis = answers.unknowns, answers.basis
        row_key: SentenceKey = (ends[1], *[(bits[n], basis[n][: basis_field.LEVY_OUTCOME + 1]) for n in lines])
        row = self._rows.get(row_key)
        if row is not None:
            return row, []
        wanted: dict[str, SentenceKey] = {}
        if len(lines) > 1:
            wanted["code_not_national"] = ("code_not_national", len(lines))
        for n, own in zip(lines, goods, strict=True):
            for name in unknown_codes(bits[n] & _TOLD):
                if name not in wanted:
                    form = _BASE_DISPUTED if name == _BASE and bits[n] & unknown_bit(_BASE) == 0 else name
                    wanted[name] = self._key(form, ends, own, basis[n], (*terms, answers.currency[n]))
        missing = [(name, key) for name, key in wanted.items() if key not in self._known]
        if missing:
            return (), missing
        found = sort_unknowns(self._known[key] for key in wanted.values())
        # Such unknowns depend on nothing that the key of the row lacks.
        if all(not bits[n] & _TOLD & ~_PLAIN for n in lines):
            if len(self._rows) > _MOST_KNOWN:
                self._rows.clear()
            self._rows[row_key] = found
        return found, []

    def find_option(self, key: SentenceKey) -> OptionWords | None:
        """The words of an option, if learnt."""
        return self._options.get(key)

    def learn(self, row: MarketRow, missing: Iterable[tuple[str, SentenceKey]], option: SentenceKey | None) -> None:
        """Learn the missing statements from the scalar path's row."""
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()
        stated = {unknown.code: unknown for unknown in row.unknowns}
        for name, key in missing:
            if name in stated:
                self._known[key] = stated[name]
        best = row.best
        if option is not None and best is not None and best.claim == option[0]:
            if len(self._options) > _MOST_KNOWN:
                self._options.clear()
            self._options[option] = OptionWords(best.title, best.proof, best.note)

    def _key(
        self, form: str, ends: tuple[str, str], goods: tuple[int, str], basis: tuple[int, ...], terms: SentenceKey
    ) -> SentenceKey:
        """Everything that an unknown depends on; ``goods`` are a schedule and a code, ``form`` as in UNKNOWN_CODES."""
        origin, destination = ends
        name = form.partition(":")[0]
        if name in _OF_DESTINATION:
            return (name, destination)
        if name in _OF_LEVIES:
            return (form, destination, basis[basis_field.LEVY_LIST], basis[basis_field.LEVY_OUTCOME])
        if name == "inside_customs_union":
            return (name, origin, destination)
        if name == "paper_open":
            return (name, origin, destination, goods, terms)
        bit = unknown_bit(name)
        # The lists whose own outcome has the unknown, whatever the value of the goods: it depends on these alone.
        lists = tuple(
            basis[at : at + 2]
            for at in range(0, len(basis), 2)
            if any(bits & bit for bits in self._outcome_unknowns[basis[at + 1]].tolist())
        )
        if lists and name != "duty_ambiguous" and name not in _OF_COMPUTING:
            return (name, origin, lists, terms[:2])
        return (name, origin, goods, basis, terms)

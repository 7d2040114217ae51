"""The unknowns and options of the market finder's rows in the words of the scalar path.

What single rules leave open is stated by the scalar path's functions, from the law that the texts of the book keep.
Where that does not tell the words, the first row that needs a statement is answered by the scalar path. The statement
is then stored for a day under a key of everything that it depends on, so that the kernel's rows can use it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from ewtp.core.assessment.unknowns import state_no_duty
from ewtp.core.compiled.format import basis_field
from ewtp.core.compiled.format.unknown_bits import unknown_bit, unknown_codes
from ewtp.core.compiled.market.open_statements import RowFacts
from ewtp.core.markets.finder import OPEN_EVERYWHERE, sort_unknowns, state_national_lines
from ewtp.core.rulebook.measure import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from ewtp.core.assessment.effects import Unknown
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.market.kernel_lines import KernelAnswers
    from ewtp.core.compiled.market.open_statements import LawStage, OpenStatementFinder
    from ewtp.core.compiled.market.row_request import RowRequest
    from ewtp.core.markets.market_row import MarketRow
    from ewtp.core.rulebook.book import Book
    from ewtp.core.values.money import Money
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
# Unknowns of single rules, which the texts of the book keep.
_OF_LAW = frozenset(
    {
        "amount_not_held",
        "condition_open",
        "expression_missing",
        "expression_unreadable",
        "fact_missing",
        "fee_assumes",
        "flat_duty_open",
        "paper_open",
        "rate_not_confirmed",
        "reduced_rate_possible",
        "relief_open",
        "sources_disagree",
        "tax_base_incomplete",
    }
)
_PAPERS = frozenset({Kind.REQUIREMENT, Kind.PROHIBITION, Kind.RELIEF})
_TAXES = frozenset({Kind.TAX})
_CHARGES = frozenset(kind for kind in Kind if kind not in _PAPERS)
# In the order of an answer: fields of the basis, the column of their outcomes' unknowns, and the kinds of the rules.
_STAGES = (
    ((basis_field.DUTY_LIST,), 0, frozenset({Kind.DUTY})),
    ((basis_field.NARROW_LIST, basis_field.BROAD_LIST), 0, frozenset({Kind.ADDITIONAL_DUTY})),
    ((basis_field.LEVY_LIST,), 0, frozenset({Kind.RELIEF, Kind.EXCISE})),
    ((basis_field.LEVY_LIST,), 1, frozenset({Kind.FEE})),
    ((basis_field.LEVY_LIST,), 2, _TAXES),
)
# A row tells that sources disagree on the base of a tax only where the base has no other gap.
_BASE, _BASE_DISPUTED = "tax_base_incomplete", "tax_base_incomplete:sources_disagree"
# Rows do not tell what is open everywhere.
_TOLD = ~unknown_bit(OPEN_EVERYWHERE)
_PLAIN = sum(unknown_bit(code) for code in (*_OF_DESTINATION, *_OF_LEVIES, _BASE_DISPUTED))
# About 1 kB each, for each of the days that a finder remembers.
_MOST_KNOWN = 10_000
SentenceKey = tuple[Any, ...]


_find_codes = lru_cache(maxsize=4096)(unknown_codes)


class AnsweredQuestion(Protocol):
    """The part of a question with the kernel's answers that words depend on; ``QuestionAnswers`` has it."""

    question: Question
    answers: KernelAnswers
    book: Book
    terms: SentenceKey

    def find_worth(self, line: int) -> Money:
        """The price of a line's goods in the currency of its answer."""


class OptionWords(NamedTuple):
    """Title, proof and note of an option."""

    title: str
    proof: str | None
    note: Statement | None


class SentenceCache:
    """The statements known for one day; ``outcome_unknowns`` are those of the compiled book."""

    def __init__(self, outcome_unknowns: NDArray[np.int64], statements: OpenStatementFinder) -> None:
        self._outcome_unknowns = outcome_unknowns
        self._statements = statements
        self._rows: dict[SentenceKey, tuple[Unknown, ...]] = {}
        self._known: dict[SentenceKey, Unknown] = {}
        # Those stated from the law of their lists, None where that does not tell their words.
        self._stated: dict[SentenceKey, Unknown | None] = {}
        self._options: dict[SentenceKey, OptionWords] = {}

    def find_unknowns(
        self, asked: AnsweredQuestion, request: RowRequest
    ) -> tuple[tuple[Unknown, ...], list[tuple[str, SentenceKey]]]:
        """The unknowns of a row; or, where the words of some are not known yet, their codes and keys."""
        answers, lines, ends = asked.answers, request.lines, request.ends
        bits, basis = answers.unknowns, answers.basis
        row_key: SentenceKey = (ends[1], *[(bits[n], basis[n][: basis_field.LEVY_OUTCOME + 1]) for n in lines])
        row = self._rows.get(row_key)
        if row is not None:
            return row, []
        found: dict[str, Unknown] = {}
        missing: dict[str, SentenceKey] = {}
        if len(lines) > 1:
            found["code_not_national"] = state_national_lines(len(lines))
        for n, code in zip(lines, request.codes, strict=True):
            for name in _find_codes(bits[n] & _TOLD):
                if name in found or name in missing:
                    continue
                form = _BASE_DISPUTED if name == _BASE and bits[n] & unknown_bit(_BASE) == 0 else name
                stated = self._state(form, asked, request, code, n) or self._find_learnt(form, asked, request, code, n)
                if isinstance(stated, tuple):
                    missing[name] = stated
                else:
                    found[name] = stated
        if missing:
            return (), list(missing.items())
        sorted_row = sort_unknowns(found.values())
        # Such unknowns depend on nothing that the key of the row lacks.
        if all(not bits[n] & _TOLD & ~_PLAIN for n in lines):
            if len(self._rows) > _MOST_KNOWN:
                self._rows.clear()
            self._rows[row_key] = sorted_row
        return sorted_row, []

    def _state(self, form: str, asked: AnsweredQuestion, request: RowRequest, code: str, line: int) -> Unknown | None:
        """The unknown of a line where the law of its lists tells the words; else None."""
        basis = asked.answers.basis[line]
        if form == "duty_not_in_rulebook" and request.destination.tariff is not None:
            return state_no_duty(code, request.destination.tariff, asked.question.day)
        if form not in _OF_LAW:
            return None
        stages = self._find_stages(form, basis)
        origin, question = request.ends[0], asked.question
        key = (form, origin, question.buyer, question.transport, stages)
        if key in self._stated:
            return self._stated[key]
        alone = len(asked.book.members_of(origin)) == 1
        memberships = asked.book.groups_of(origin, question.day) if alone else None
        worth = asked.find_worth(line)
        facts = RowFacts(memberships, question.day, question.buyer, question.transport, worth)
        found, by_worth = self._statements.find(form, stages, facts)
        if not by_worth:
            if len(self._stated) > _MOST_KNOWN:
                self._stated.clear()
            self._stated[key] = found
        return found

    def _find_learnt(
        self, form: str, asked: AnsweredQuestion, request: RowRequest, code: str, line: int
    ) -> Unknown | SentenceKey:
        """The unknown of a line as it was learnt, or the key to learn it under."""
        answers, goods = asked.answers, (request.destination.schedule, code)
        key = self._key(form, request.ends, goods, answers.basis[line], (*asked.terms, answers.currency[line]))
        return self._known.get(key, key)

    def _find_stages(self, form: str, basis: tuple[int, ...]) -> tuple[LawStage, ...]:
        """The lists and kinds of rules of which some leave the unknown first."""
        if form == "paper_open":
            return ((basis[basis_field.PAPER_LIST], _PAPERS),)
        if form == _BASE:
            return ((basis[basis_field.LEVY_LIST], _TAXES),)
        if form in _OF_COMPUTING:
            return tuple([(basis[at], _CHARGES) for at in range(0, basis_field.PAPER_LIST, 2)])
        bit = unknown_bit(form)
        # Stages follow one another, and what one leaves open the next ones do not state again.
        for fields, column, kinds in _STAGES:
            found = [basis[at] for at in fields if int(self._outcome_unknowns[basis[at + 1], column]) & bit]
            if found:
                return tuple([(listed, kinds) for listed in found])
        return ()

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
            for at in range(0, basis_field.PAPER_LIST, 2)
            if any(bits & bit for bits in self._outcome_unknowns[basis[at + 1]].tolist())
        )
        if lists and name != "duty_ambiguous" and name not in _OF_COMPUTING:
            return (name, origin, lists, terms[:2])
        return (name, origin, goods, basis[: basis_field.PAPER_LIST], terms)

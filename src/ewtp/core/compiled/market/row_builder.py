"""Builds a row of the market finder from the kernel's answers to its national lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.answer import age_days
from ewtp.core.assessment.options import state_open_rule
from ewtp.core.compiled.format import basis_field, option_field, rule_set
from ewtp.core.compiled.format.unknown_bits import EFFECTIVE
from ewtp.core.compiled.market.currency_converter import CurrencyConverter
from ewtp.core.compiled.market.kernel_lines import SETS_OF_TOTAL
from ewtp.core.compiled.market.row_state import BestClaim, UnsettledRow
from ewtp.core.compiled.market.sentence_cache import OptionWords
from ewtp.core.markets.finder import MOST_RATES, rank_claim, split_papers
from ewtp.core.markets.market_row import MarketOption, MarketOutcome, MarketRow
from ewtp.core.rulebook.citation import oldest_source
from ewtp.core.values.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from ewtp.core.compiled.market.option_proofs import ProofFinder
    from ewtp.core.compiled.market.row_request import MarketDestination, RowRequest
    from ewtp.core.compiled.market.row_state import QuestionAnswers
    from ewtp.core.compiled.market.sentence_cache import SentenceKey
    from ewtp.core.compiled.market.set_texts import SetTexts
    from ewtp.core.compiled.table.frames import Framer
    from ewtp.core.markets.market_row import Span
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source

# The sets of rules whose texts rows have.
_SLOTS = (*SETS_OF_TOTAL["duty"], *SETS_OF_TOTAL["tax"], rule_set.REQUIREMENT, rule_set.PROHIBITION)


class RowBuilder:
    """Builds rows on one compiled book; ``claims`` are its claims by number."""

    def __init__(self, claims: Sequence[str], framer: Framer, texts: SetTexts, proofs: ProofFinder) -> None:
        self._claims = claims
        self._proofs = proofs
        self._framer = framer
        self._texts = texts

    def find_best_claim(self, asked: QuestionAnswers, request: RowRequest) -> BestClaim | None:
        """The claim whose highest saving is highest; a quota ranks after an equal preference."""
        options = asked.options
        savings: dict[int, list[int]] = {}
        firsts: dict[int, tuple[int, int]] = {}
        for line in request.lines:
            if line in options:
                for claim, (saving, listed) in options[line].items():
                    if saving != option_field.UNCOMPUTED:
                        savings.setdefault(claim, []).append(saving)
                        firsts.setdefault(claim, (line, listed))
        if not savings:
            return None
        names = self._claims
        claim = min(savings, key=lambda each: rank_claim(names[each], max(savings[each])))
        opened = tuple(line for line in request.lines if claim in options.get(line, ()))
        return BestClaim(claim, tuple(savings[claim]), *firsts[claim], opened)

    def build_row(
        self, asked: QuestionAnswers, request: RowRequest, best: BestClaim | None
    ) -> MarketRow | UnsettledRow:
        """The row, or the work that the scalar path has to do for it."""
        answers, lines, destination = asked.answers, request.lines, request.destination
        if not lines or any(answers.scalar[_own(lines)]):
            return UnsettledRow(by_kernel=True)
        unknowns, missing = asked.day.sentences.find_unknowns(asked, request)
        if missing:
            return UnsettledRow(tuple(missing))
        converter = self._converter(asked, answers.currency[lines[0]], destination)
        option = self._build_option(asked, request, best, converter) if best else None
        if isinstance(option, UnsettledRow):
            return option
        duty, tax, fees, costs, untaxed = self._spans(asked, request, converter)
        landed = converter.span(costs) if costs else None
        at_least, at_most = self._bounds(asked, request.lines, costs, converter) if costs else (None, None)
        texts = self._find_texts(asked)
        required = texts[rule_set.REQUIREMENT]
        agencies, documents, perhaps = _split_papers(
            [required[number] for number in self._numbers(asked, lines, rule_set.REQUIREMENT)]
        )
        prohibited = texts[rule_set.PROHIBITION]
        schedule, age = self._schedule(asked, request, texts)
        return MarketRow(
            economy=request.economy,
            outcome=self._outcome(asked, lines, landed),
            code=request.code,
            edition=destination.edition,
            unions=request.unions,
            resolved=request.resolved,
            lines=len(request.codes),
            duty=duty,
            tax=tax,
            fees=fees,
            landed_cost=landed,
            without_tax=converter.span(untaxed) if untaxed else None,
            at_least=at_least,
            at_most=at_most,
            local_landed_cost=converter.local_span(answers.landed[_own(lines)]) if landed else None,
            duty_rates=self._rates(asked, lines, texts, SETS_OF_TOTAL["duty"]),
            tax_rates=self._rates(asked, lines, texts, SETS_OF_TOTAL["tax"]),
            agencies=agencies,
            documents=documents,
            perhaps=perhaps,
            prohibitions=_merge([prohibited[number] for number in self._numbers(asked, lines, rule_set.PROHIBITION)]),
            best=option,
            options=len({claim for n in lines if n in asked.options for claim in asked.options[n]}),
            unknowns=unknowns,
            schedule=schedule,
            schedule_age_days=age,
            rate=converter.rate,
        )

    def _spans(
        self, asked: QuestionAnswers, request: RowRequest, converter: CurrencyConverter
    ) -> tuple[Span | None, Span | None, Span | None, list[Decimal], list[Decimal]]:
        """Duty, tax, fees, the cost by line, and that without VAT; none for a sum that not every line is charged.

        There are no costs without a tariff.
        """
        answers, own, has_tariff = asked.answers, _own(request.lines), request.destination.has_tariff
        totals, convert = answers.totals, converter.convert
        charged = answers.charged
        dutied, feed = all(charged["duty"][own]), all(charged["fees"][own])
        wholes = totals["tax"][own]
        tax = converter.convert_span(wholes) if all(charged["tax"][own]) else None
        if not has_tariff and not dutied and not feed:
            return None, tax, None, [], []
        duties, fees = totals["duty"][own], totals["fees"][own]
        value = asked.question.lines[0].value.amount
        span = (
            converter.convert_span(duties) if dutied else None,
            tax,
            converter.convert_span(fees) if feed else None,
        )
        if not has_tariff:
            return *span, [], []
        taxes = [convert(amount) for amount in wholes]
        costs = [value + convert(d) + t + convert(f) for d, t, f in zip(duties, taxes, fees, strict=True)]
        # Where there is no excise, the whole of the tax has been turned back already.
        vats = [
            t if vat == whole else convert(vat) for t, vat, whole in zip(taxes, answers.vat[own], wholes, strict=True)
        ]
        return *span, costs, [cost - vat for cost, vat in zip(costs, vats, strict=True)]

    @staticmethod
    def _bounds(
        asked: QuestionAnswers, lines: range, costs: list[Decimal], converter: CurrencyConverter
    ) -> tuple[Money, Money | None]:
        """The least and the most that the goods cost on any line; None where nothing bounds it."""
        answers, currency = asked.answers, asked.question.lines[0].value.currency
        spared = [converter.convert(amount) for amount in answers.spared[_own(lines)]]
        least = min(cost - less for cost, less in zip(costs, spared, strict=True))
        if not all(answers.bounded[_own(lines)]):
            return Money(least, currency), None
        added = [converter.convert(amount) for amount in answers.added[_own(lines)]]
        most = max(cost + more for cost, more in zip(costs, added, strict=True))
        return Money(least, currency), Money(most, currency)

    @staticmethod
    def _outcome(asked: QuestionAnswers, lines: range, landed: Span | None) -> MarketOutcome:
        if landed is None:
            taxes = asked.answers.sets[rule_set.TAX]
            return MarketOutcome.TAX_ONLY if all(taxes[_own(lines)]) else MarketOutcome.UNKNOWN
        if not all(asked.answers.complete[_own(lines)]):
            return MarketOutcome.INCOMPLETE
        return MarketOutcome.COMPLETE if len(lines) == 1 or landed.settled is not None else MarketOutcome.RANGE

    def _schedule(
        self, asked: QuestionAnswers, request: RowRequest, texts: dict[int, list[Any]]
    ) -> tuple[Source | None, int | None]:
        """The schedule of the tariff and its age; without one, the oldest source of the duties charged."""
        destination, lines = request.destination, request.lines
        if destination.source is not None or not all(asked.answers.charged["duty"][_own(lines)]):
            return destination.source, destination.age_days
        found = (texts[rule_set.DUTY][number][1] for number in self._numbers(asked, lines, rule_set.DUTY))
        schedule = oldest_source(source for source in found if source is not None)
        return schedule, age_days(schedule, asked.question.day) if schedule else None

    def _rates(
        self, asked: QuestionAnswers, lines: range, texts: dict[int, list[Any]], slots: Sequence[int]
    ) -> tuple[str, ...]:
        """The expressions of the charges in these columns of sets, without repetitions."""
        sets = asked.answers.sets
        each = [text for n in lines for slot in slots for text in texts[slot][sets[slot][n]][0]]
        return tuple(dict.fromkeys(each))[:MOST_RATES]

    def _build_option(
        self, asked: QuestionAnswers, request: RowRequest, best: BestClaim, converter: CurrencyConverter
    ) -> MarketOption | UnsettledRow:
        answers, claimed = asked.answers, asked.claimed
        name = self._claims[best.claim]
        words = self._find_words(asked, request, best)
        if not isinstance(words, OptionWords):
            return UnsettledRow(option=words)
        costs: list[Decimal] = []
        untaxed: list[Decimal] = []
        comparable = True
        for line in request.lines:
            at, source = line, answers
            if line in best.open_lines and claimed is not None:
                at, source = asked.claimed_at[line], claimed
            if source.scalar[at]:
                return UnsettledRow()
            alike = source.unknowns[at] & EFFECTIVE == answers.unknowns[line] & EFFECTIVE
            comparable = comparable and (source.complete[at] or alike)
            added = [converter.convert(amounts[at]) for amounts in source.totals.values()]
            costs.append(sum(added, asked.question.lines[0].value.amount))
            untaxed.append(costs[-1] - converter.convert(source.vat[at]))
        savings = [*best.savings, *([0] if len(best.savings) < len(request.lines) else [])]
        return MarketOption(
            claim=name,
            title=words.title,
            saving=converter.convert_span(savings),
            landed_cost=converter.span(costs) if comparable else None,
            without_tax=converter.span(untaxed) if comparable else None,
            proof=words.proof,
            note=words.note,
        )

    def _find_words(self, asked: QuestionAnswers, request: RowRequest, best: BestClaim) -> OptionWords | SentenceKey:
        """The title, proof and note of an option, or the key to learn them under.

        Those of a programme are told by what is stated of it, its rules of origin, and the proofs of its measures.
        """
        book, day, origin = asked.book, asked.question.day, request.ends[0]
        name, code = self._claims[best.claim], request.codes[best.first - request.lines.start]
        is_exemption = best.listed == option_field.EXEMPTED
        group = book.group_on(name, day)
        alone = len(book.members_of(origin)) == 1
        if group is not None and not is_exemption and (alone or not self._proofs.has_rules(best.listed)):
            memberships = book.groups_of(origin, day) if alone else frozenset[str]()
            proof = self._proofs.find_proof(best.listed, group, name, memberships, day)
            rules = book.origin_rules(group.origin_scheme, code, day) if group.origin_scheme else ()
            return OptionWords(group.title, proof, state_open_rule(rules))
        extra = asked.answers.basis[best.first][basis_field.NARROW_LIST : basis_field.PAPER_LIST]
        # Of the code a note depends on the rules of origin alone, and a quota has a note of its own.
        schemes = _find_open_schemes(book, code, day) if group is not None or is_exemption else ()
        key = (name, best.listed, origin, extra if is_exemption else (), schemes)
        return asked.day.sentences.find_option(key) or key

    @staticmethod
    def _numbers(asked: QuestionAnswers, lines: range, slot: int) -> list[int]:
        """The numbers of the sets of lines in a column."""
        return asked.answers.sets[slot][_own(lines)]

    def _find_texts(self, asked: QuestionAnswers) -> dict[int, list[Any]]:
        if not asked.texts:
            asked.texts = {slot: self._texts.find_texts(asked.answers, slot) for slot in _SLOTS}
        return asked.texts

    def _converter(self, asked: QuestionAnswers, number: int, destination: MarketDestination) -> CurrencyConverter:
        """The converter of answers in the currency of this number."""
        key = (number, destination.preferred)
        found = asked.converters.get(key)
        if found is None:
            currency, local = asked.question.lines[0].value.currency, self._framer.currencies[number]
            rates, pair = asked.day.rates, (currency, local, destination.preferred)
            if currency != local and pair not in rates:
                rates[pair] = asked.rates.find(currency, local, asked.day.day, destination.preferred)
            found = CurrencyConverter(local, currency, rates[pair] if currency != local else None)
            asked.converters[key] = found
        return found


def _own(lines: range) -> slice:
    """The place of consecutive lines in a list by line; there are hundreds of rows, and slices cost them little."""
    return slice(lines.start, lines.stop)


def _find_open_schemes(book: Book, code: str, day: date) -> tuple[str, ...]:
    """The schemes of origin whose parties have agreed no rule for the code."""
    schemes = book.origin_rules_by_scheme
    return tuple(scheme for scheme in schemes if state_open_rule(book.origin_rules(scheme, code, day)) is not None)


def _split_papers(
    required: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Agencies and documents that every line requires, and those that only some do; arguments are by line."""
    first = required[0]
    if all(each is first for each in required):
        return (*first, ())
    return split_papers([each[0] for each in required], [each[1] for each in required])


def _merge(found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The texts of all lines, sorted, each once."""
    if len(found) == 1:
        return found[0]
    return tuple(sorted({text for texts in found for text in texts}))

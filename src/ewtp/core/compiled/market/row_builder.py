"""One row of the market finder out of what the kernel says of its national lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.answer import age_days
from ewtp.core.compiled.format import amount_kind, basis_field, option_field, rule_set
from ewtp.core.compiled.market.lines import Found, ten_thousandths
from ewtp.core.compiled.market.sentence_cache import Key, Sentences, SetTexts, oldest
from ewtp.core.markets.finder import MOST_RATES
from ewtp.core.markets.market_row import CodeResolved, MarketOption, MarketOutcome, MarketRow, Span
from ewtp.core.values.money import Money, minor_units, round_amount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from ewtp.core.assessment.exchange import RateTable, RateUsed
    from ewtp.core.assessment.question import Question
    from ewtp.core.compiled.table.frames import Framer
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.values.refusal import Refusal

# By line, then by number of claim: the saving and the list of lower duties.
Options = dict[int, dict[int, tuple[int, int]]]
_TEXTS = (
    rule_set.DUTY,
    rule_set.ADDITIONAL_DUTY,
    rule_set.EXCISE,
    rule_set.TAX,
    rule_set.REQUIREMENT,
    rule_set.PROHIBITION,
)


@dataclass(frozen=True, slots=True)
class Place:
    """A destination on a day; ``number`` and ``schedule`` are -1 where the compiled book does not have it."""

    number: int
    schedule: int
    tariff: bool
    in_force: bool
    edition: str
    source: Source | None
    age: int | None
    preferred: tuple[str, ...]


@dataclass(slots=True)
class Day:
    """What all questions about a day share."""

    day: date
    number: int
    sentences: Sentences
    places: dict[str, Place] = field(default_factory=dict)
    unions: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rates: dict[tuple[str, str, tuple[str, ...]], RateUsed | None] = field(default_factory=dict)


@dataclass(slots=True)
class Draft:
    """A row before the kernel is asked: its national lines, and which of the kernel's lines they are.

    ``ends`` are origin and destination, ``economy`` the one that the row is about.
    """

    economy: str
    ends: tuple[str, str]
    place: Place
    code: str
    resolved: CodeResolved | None
    codes: tuple[str, ...]
    lines: range
    unions: tuple[str, ...]

    def refused(self, refusal: Refusal) -> MarketRow:
        """The row where the question cannot be answered."""
        return MarketRow(
            economy=self.economy,
            outcome=MarketOutcome.REFUSED,
            code=self.code,
            edition=self.place.edition,
            unions=self.unions,
            resolved=self.resolved,
            lines=len(self.codes),
            schedule=self.place.source,
            schedule_age_days=self.place.age,
            refusal=refusal,
        )


@dataclass(frozen=True, slots=True)
class Best:
    """The claim that saves most: what it saves by line, the first line's list, and the lines where it may be made."""

    claim: int
    savings: tuple[int, ...]
    first: int
    listed: int
    open_lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Left:
    """A row for the scalar path, with the sentences and the option to learn from it.

    ``unsettled`` says that the kernel has left the line as it is asked about.
    """

    missing: tuple[tuple[str, Key], ...] = ()
    option: Key | None = None
    unsettled: bool = False


@dataclass(slots=True)
class Built:
    """A question, what the kernel says of it, and of its lines again with the best claim of each."""

    asked: Question
    day: Day
    found: Found
    book: Book
    rates: RateTable
    options: Options
    # Everything that the question says besides its ends and its code.
    terms: Key
    claimed: Found | None = None
    claimed_at: Mapping[int, int] = field(default_factory=dict)
    said: dict[int, list[Any]] = field(default_factory=dict)
    turned: dict[tuple[int, tuple[str, ...]], Turned] = field(default_factory=dict)


def options_of(found: Found) -> Options:
    """The options by line; a claim counts once, as the first rule that knows it has it."""
    options: Options = {}
    for line, rows in groupby(found.options, key=lambda row: row[0]):
        own: dict[int, tuple[int, int]] = {}
        for _, claim, saving, listed in rows:
            own.setdefault(claim, (saving, listed))
        options[line] = own
    return options


def place_of(destination: str, number: int, schedule: int, book: Book, day: date, *, in_force: bool) -> Place:
    """A destination as it is on a day."""
    territories = book.territories_of(destination)
    tariff = next((t for t in territories if t.nomenclature), None)
    source = tariff.schedule if tariff else None
    practice = next((p for t in territories if (p := t.practice("rate_source", day)) is not None), None)
    return Place(
        number,
        schedule,
        tariff is not None,
        in_force,
        tariff.hs_edition if tariff else "",
        source,
        age_days(source, day) if source else None,
        tuple(practice.value.split()) if practice else (),
    )


class Turned:
    """Amounts in ten-thousandths of the answer's currency as decimals, and turned back to the question's."""

    def __init__(self, local: str, currency: str, rate: RateUsed | None) -> None:
        self.local = local
        self.currency = currency
        self._places = minor_units(local)
        self._back = minor_units(currency)
        self._coin = ten_thousandths(self._places)
        self.rate = rate
        self._rate = rate.rate if rate else None

    def amount(self, found: int) -> Decimal:
        """In the answer's currency."""
        return Decimal(found // self._coin).scaleb(-self._places)

    def back(self, found: int) -> Decimal:
        """In the question's currency, rounded to its minor unit."""
        amount = Decimal(found // self._coin).scaleb(-self._places)
        return amount if self._rate is None else round_amount(amount / self._rate, self._back)

    def span(self, amounts: Sequence[Decimal]) -> Span:
        """Their span in the question's currency."""
        return span_in(amounts, self.currency)


def span_in(amounts: Sequence[Decimal], currency: str) -> Span:
    """The span of amounts in a currency."""
    if len(amounts) == 1:
        one = Money(amounts[0], currency)
        return Span(one, one)
    return Span(Money(min(amounts), currency), Money(max(amounts), currency))


class RowBuilder:
    """Builds rows on one compiled book."""

    def __init__(self, claims: Sequence[str], framer: Framer, texts: SetTexts) -> None:
        self._claims = claims
        self._framer = framer
        self._texts = texts

    def best(self, built: Built, draft: Draft) -> Best | None:
        """The claim whose highest saving is highest; a quota comes after an equal preference."""
        options = built.options
        savings: dict[int, list[int]] = {}
        firsts: dict[int, tuple[int, int]] = {}
        for line in draft.lines:
            if line in options:
                for claim, (saving, listed) in options[line].items():
                    if saving != option_field.UNCOMPUTED:
                        savings.setdefault(claim, []).append(saving)
                        firsts.setdefault(claim, (line, listed))
        if not savings:
            return None
        names = self._claims

        def key(claim: int) -> tuple[int, bool, str]:
            return (-max(savings[claim]), names[claim].startswith("quota:"), names[claim])

        claim = min(savings, key=key)
        opened = tuple(line for line in draft.lines if claim in options.get(line, ()))
        return Best(claim, tuple(savings[claim]), *firsts[claim], opened)

    def row(self, built: Built, draft: Draft, best: Best | None) -> MarketRow | Left:
        """The row, or what the scalar path has to do about it."""
        found, lines, place = built.found, draft.lines, draft.place
        if not lines or any(found.scalar[line] for line in lines):
            return Left(unsettled=True)
        asked = built.asked
        value = asked.lines[0].value
        unknowns, missing = built.day.sentences.unknowns(found, lines, draft.ends, draft.codes, built.terms)
        if missing:
            return Left(tuple(missing))
        turned = self._turned(built, found.currency[lines[0]], place)
        option = self._option(built, draft, best, turned) if best else None
        if isinstance(option, Left):
            return option
        said = self._said(built)
        amounts, sets = found.amounts, found.sets
        landed = local = duty = fees = None
        dutied = feed = taxed = levied = True
        for n in lines:
            dutied = dutied and bool(sets[rule_set.DUTY][n] or sets[rule_set.ADDITIONAL_DUTY][n])
            feed = feed and bool(sets[rule_set.FEE][n])
            taxed = taxed and bool(sets[rule_set.TAX][n])
            levied = levied and bool(sets[rule_set.TAX][n] or sets[rule_set.EXCISE][n])
        taxes = [turned.back(amounts[amount_kind.TAX][n] + amounts[amount_kind.EXCISE][n]) for n in lines]
        if place.tariff or dutied or feed:
            duties = [
                turned.back(amounts[amount_kind.DUTY][n] + amounts[amount_kind.ADDITIONAL_DUTY][n]) for n in lines
            ]
            fee = [turned.back(amounts[amount_kind.FEES][n]) for n in lines]
            duty = turned.span(duties) if dutied else None
            fees = turned.span(fee) if feed else None
            if place.tariff:
                landed = turned.span([value.amount + d + t + f for d, t, f in zip(duties, taxes, fee, strict=True)])
                local = span_in([turned.amount(amounts[amount_kind.TOTAL][n]) for n in lines], turned.local)
        if landed is None:
            outcome = MarketOutcome.TAX_ONLY if taxed else MarketOutcome.UNKNOWN
        elif not all(found.complete[n] for n in lines):
            outcome = MarketOutcome.INCOMPLETE
        else:
            outcome = MarketOutcome.COMPLETE if len(lines) == 1 or landed.settled is not None else MarketOutcome.RANGE
        schedule, age = place.source, place.age
        if schedule is None and dutied:
            schedule = oldest(said[rule_set.DUTY][sets[rule_set.DUTY][n]][1] for n in lines)
            age = age_days(schedule, asked.day) if schedule else None
        agencies, documents, perhaps = _papers(
            [said[rule_set.REQUIREMENT][sets[rule_set.REQUIREMENT][n]] for n in lines]
        )
        return MarketRow(
            draft.economy,
            outcome,
            draft.code,
            place.edition,
            draft.unions,
            draft.resolved,
            len(draft.codes),
            duty,
            turned.span(taxes) if levied else None,
            fees,
            landed,
            local,
            _rates(said, sets, lines, rule_set.DUTY, rule_set.ADDITIONAL_DUTY),
            _rates(said, sets, lines, rule_set.EXCISE, rule_set.TAX),
            agencies,
            documents,
            perhaps,
            _together([said[rule_set.PROHIBITION][sets[rule_set.PROHIBITION][n]] for n in lines]),
            option,
            len({claim for n in lines if n in built.options for claim in built.options[n]}) if built.options else 0,
            unknowns,
            schedule,
            age,
            turned.rate,
        )

    def _option(self, built: Built, draft: Draft, best: Best, turned: Turned) -> MarketOption | Left:
        found, claimed = built.found, built.claimed
        name = self._claims[best.claim]
        group = built.book.groups.get(name)
        lifted = found.basis[best.first][basis_field.NARROW_LIST :] if best.listed == option_field.EXEMPTED else ()
        key = (name, best.listed, draft.ends[0], lifted)
        words = (group.title, group.proof or None, None) if group else built.day.sentences.option(key)
        if words is None:
            return Left(option=key)
        costs = []
        complete = True
        for line in draft.lines:
            at, source = line, found
            if line in best.open_lines and claimed is not None:
                at, source = built.claimed_at[line], claimed
            if source.scalar[at]:
                return Left()
            complete = complete and source.complete[at]
            amounts = source.amounts
            costs.append(
                built.asked.lines[0].value.amount
                + turned.back(amounts[amount_kind.DUTY][at] + amounts[amount_kind.ADDITIONAL_DUTY][at])
                + turned.back(amounts[amount_kind.TAX][at] + amounts[amount_kind.EXCISE][at])
                + turned.back(amounts[amount_kind.FEES][at]),
            )
        savings = [*best.savings, *([0] if len(best.savings) < len(draft.lines) else [])]
        return MarketOption(
            claim=name,
            title=words[0],
            saving=turned.span([turned.back(saving) for saving in savings]),
            landed_cost=turned.span(costs) if complete else None,
            proof=words[1],
            note=words[2],
        )

    def _said(self, built: Built) -> dict[int, list[Any]]:
        if not built.said:
            built.said = {slot: self._texts.of_slot(built.found, slot) for slot in _TEXTS}
        return built.said

    def _turned(self, built: Built, currency: int, place: Place) -> Turned:
        key = (currency, place.preferred)
        found = built.turned.get(key)
        if found is None:
            spoken, local = built.asked.lines[0].value.currency, self._framer.currencies[currency]
            rates, pair = built.day.rates, (spoken, local, place.preferred)
            if spoken != local and pair not in rates:
                rates[pair] = built.rates.find(spoken, local, built.day.day, place.preferred)
            found = built.turned[key] = Turned(local, spoken, rates[pair] if spoken != local else None)
        return found


def _rates(said: dict[int, list[Any]], sets: list[list[int]], lines: range, first: int, second: int) -> tuple[str, ...]:
    if len(lines) == 1:
        both = said[first][sets[first][lines[0]]][0], said[second][sets[second][lines[0]]][0]
        if not both[0] or not both[1]:
            one: tuple[str, ...] = both[0] or both[1]
            return one if len(one) <= 1 else tuple(dict.fromkeys(one))[:MOST_RATES]
    each = (text for n in lines for slot in (first, second) for text in said[slot][sets[slot][n]][0])
    return tuple(dict.fromkeys(each))[:MOST_RATES]


def _papers(
    asked: Sequence[tuple[tuple[str, ...], tuple[str, ...]]],
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Agencies and documents that every line asks for, and what only some do."""
    first = asked[0]
    if all(each is first for each in asked):
        return (*first, ())
    agencies = [frozenset(each[0]) for each in asked]
    documents = [frozenset(each[1]) for each in asked]
    everywhere = frozenset.intersection(*agencies), frozenset.intersection(*documents)
    perhaps = frozenset().union(*agencies, *documents) - everywhere[0] - everywhere[1]
    return tuple(sorted(everywhere[0])), tuple(sorted(everywhere[1])), tuple(sorted(perhaps))


def _together(found: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    if len(found) == 1:
        return found[0]
    return tuple(sorted({text for texts in found for text in texts}))

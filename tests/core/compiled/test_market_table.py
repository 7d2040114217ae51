"""The market finder on the compiled rulebook gives the rows of the scalar path, field by field."""

from __future__ import annotations

import os
from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.market.finder import MarketFinder
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.markets.finder import find_markets, find_origins
from ewtp.core.markets.market_row import MarketOutcome, MarketRow
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import Practice, TariffLine, Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import CUSTOMS_UNION, vocabulary
from tests.core.assessment.small_book import DAY, RATES, SINCE, SOURCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.drawn_lines import Drawer
from tests.core.markets.test_markets import HORSE, PHONE, asked, world
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from ewtp.core.compiled.format.tables import CompiledBook
    from ewtp.core.rulebook.book import Book

PRODUCTS = 24
# A code of the older edition alone, of which two were made.
LOST = "040400"
pytestmark = [pytest.mark.kernel, pytest.mark.seed]


class Finder:
    """Both paths on one book, side by side."""

    def __init__(self, scalar: Scalar, compiled: CompiledBook) -> None:
        self.scalar = scalar
        self.found = MarketFinder(compiled, build_market_texts(scalar.reader.frame), scalar)
        self.asked_for: list[tuple[str, str]] = []

    def law(self, pairs: Sequence[tuple[str, str]]) -> Book:
        self.asked_for += pairs
        return self.scalar.reader.frame

    def both(self, question: Question, origins: Sequence[str] | None = None) -> tuple[Any, Any]:
        """The rows of the compiled rulebook, and those of the scalar path."""
        book, texts, rates = self.scalar.reader.frame, self.scalar.texts, self.scalar.rates
        found = self.rows(question, origins)
        if origins is None:
            return found, find_markets(question, book, rates, texts)
        return found, find_origins(question, origins, book, rates, texts)

    def rows(self, question: Question, origins: Sequence[str] | None = None) -> Any:
        """The rows of the compiled rulebook."""
        book, texts = self.scalar.reader.frame, self.scalar.texts
        if origins is None:
            return self.found.find_markets(question, book, texts, self.law)
        return self.found.find_origins(question, origins, book, texts, self.law)


def differences(given: Any, wanted: Any) -> list[str]:
    """Every field in which rows differ, in value or in how it is written."""
    if isinstance(wanted, Refusal) or given is None:
        return [] if given == wanted else [f"{given} instead of {wanted}"]
    if [row.economy for row in given] != [row.economy for row in wanted]:
        return ["another order"]
    return [
        f"{row.economy} {name}: {getattr(row, name)} instead of {getattr(other, name)}"
        for row, other in zip(given, wanted, strict=True)
        for name in (each.name for each in fields(MarketRow))
        if (str(getattr(row, name)), getattr(row, name)) != (str(getattr(other, name)), getattr(other, name))
    ]


def made_up(book: Book, texts: Texts) -> Finder:
    """Both paths on a small book."""
    compiled = compile_book(book, VOCABULARY.economies, ("010121", "851713", *hs_texts.subheadings()))
    return Finder(Scalar(WholeBook(book), RATES, texts, VOCABULARY), compiled)


@pytest.fixture(scope="module")
def small() -> Finder:
    return made_up(world(), Texts())


@pytest.fixture(scope="module")
def real() -> Finder:
    return Finder(Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary()), compiled_seed())


@pytest.mark.parametrize("code", [HORSE, PHONE, "222222", "990000", "0101219099"])
@pytest.mark.parametrize("terms", [{}, {"quantities": {"kg": "10"}}])
def test_an_invented_world_has_the_same_rows_both_ways(small: Finder, code: str, terms: dict[str, Any]):
    question = asked(code, **terms)
    for _ in range(2):
        assert differences(*small.both(question)) == []
    assert differences(*small.both(question, ["FF", "BB", "AA"])) == []


def test_once_the_sentences_are_learnt_the_law_itself_is_asked_for_no_more(small: Finder):
    small.both(asked())
    small.asked_for.clear()
    rows, _ = small.both(asked())
    assert small.asked_for == []
    assert [row.outcome for row in rows] == [
        MarketOutcome.COMPLETE,
        MarketOutcome.RANGE,
        MarketOutcome.RANGE,
        MarketOutcome.TAX_ONLY,
    ]
    assert rows[0].best.title == "Agreement with BB"


def test_a_question_that_lines_cannot_hold_is_left_to_the_scalar_path(small: Finder):
    claiming = asked(HORSE, claims=["AA-BB"])
    assert small.found.find_markets(claiming, small.scalar.reader.frame, small.scalar.texts, small.law) is None


def test_rows_that_need_a_law_which_has_changed_are_not_mixed_with_others(small: Finder):
    question = asked("222222")
    assert small.found.find_markets(question, small.scalar.reader.frame, small.scalar.texts, lambda _: None) is None


class OldTexts(Texts):
    """A Harmonized System that has lost one code."""

    def exists(self, code: str) -> bool:
        return code != LOST and super().exists(code)


def test_a_part_of_a_customs_territory_is_not_refused_in_its_words_before_it_was_one():
    joins = DAY + timedelta(days=1)
    practice = Practice("customs_territory", "AA", Period(joins), SOURCE, "act, s. 9")
    book = build_book(
        "v1",
        territories=[territory(), Territory("FF", "Effland", ("FF",), "USD", practices=(practice,))],
        groups=[],
        measures=[rule(Kind.DUTY, HORSE, "10%"), rule(Kind.TAX, "", "5%", territory="FF", id="FF-tax")],
        lines=[TariffLine("AA", "01012100", SINCE)],
        replaced=[CodeReplaced("HS2017", LOST, "HS2022", each) for each in ("040401", "040402")],
    )
    finder = made_up(book, OldTexts())
    refused = {}
    for day in (DAY, joins):
        rows, wanted = finder.both(replace(asked(LOST), day=day))
        assert differences(rows, wanted) == []
        refused[day] = [row.refusal.params.get("territory") for row in rows]
    of_aa = book.territories["AA"]
    assert refused == {DAY: [of_aa, None], joins: [of_aa, of_aa]}


def test_goods_that_originate_elsewhere_than_they_are_sent_from_are_left_to_the_scalar_path(small: Finder):
    question = asked(HORSE, origin="CC")
    assert small.found.find_markets(question, small.scalar.reader.frame, small.scalar.texts, small.law) is None


def test_drawn_products_have_the_same_rows_both_ways(real: Finder, seeded: random.Random):
    drawer = Drawer(real.scalar.reader.frame, real.scalar, seeded)
    codes = sorted({code[:6] for own in drawer.codes.values() for code in own})
    codes += sorted(code for code, _ in real.scalar.reader.frame.replaced)
    wrong: list[str] = []
    settled = 0
    for number in range(PRODUCTS):
        line = drawer.line()
        # Most days are one day, as they are where people ask, so that what was learnt is used again.
        day = DAY if number % 4 else seeded.choice(drawer.turns) + timedelta(days=seeded.choice((-1, 0, 1)))
        quantities = {"kg": "120", "number": "500.5", "litre": "90"} if seeded.random() < 0.7 else {}
        currency = seeded.choice(("USD", "EUR", "GBP", "KES"))
        body = {
            "from": line["from"],
            "to": "GB" if line["from"] != "GB" else "US",
            "date": max(day, DAY.replace(year=1990)).isoformat(),
            "buyer": seeded.choice((None, None, "consumer", "business")),
            "transport": seeded.choice((None, None, "sea", "post")),
            "lines": [
                {
                    "hs": seeded.choice(codes),
                    "value": {"amount": f"{seeded.randrange(1, 10**7) / 100:.2f}", "currency": currency},
                    "quantities": quantities,
                },
            ],
        }
        question = read_question(body, today=DAY, vocabulary=real.scalar.vocabulary)
        assert isinstance(question, Question), question
        origins = sorted(real.scalar.vocabulary.economies - {CUSTOMS_UNION}) if number % 10 == 9 else None
        rows, wanted = real.both(question, origins)
        # A sentence that is met for the first time is written by the scalar path; the second time it is known.
        again = real.rows(question, origins)
        place = f"EWTP_TEST_SEED={os.environ['EWTP_TEST_SEED']}, product {number}"
        for found in (rows, again):
            wrong += [f"{place}, {body}: {difference}" for difference in differences(found, wanted)[:3]]
        settled += number > PRODUCTS // 2 and not isinstance(again, Refusal) and real.found.left < len(again) // 3
    assert wrong == []
    # The comparison means something only where the kernel answered.
    assert settled > PRODUCTS // 8

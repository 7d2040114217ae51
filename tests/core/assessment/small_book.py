"""A small invented territory: every figure here is made up, so that tests can reach any corner of the law."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.exchange import RateTable
from ewtp.core.assessment.question import Vocabulary, read_question
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, coverage_name
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Origins, Product
from ewtp.core.rulebook.records import CodeReplaced
from ewtp.core.rulebook.territory import (
    Group,
    Membership,
    OriginRule,
    Practice,
    TariffLine,
    Territory,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE = Source("test", "Test schedule", "Nobody", date(2026, 1, 1), date(2026, 1, 2))
SINCE = Period(date(2026, 1, 1))
DAY = date(2026, 6, 30)
VOCABULARY = Vocabulary(frozenset({"AA", "BB", "CC", "DD", "EE", "FF"}), frozenset({"USD", "EUR", "GBP", "XOF", "JPY"}))
RATES = RateTable(
    {
        "ECB": {
            ("EUR", "USD"): ((date(2026, 6, 29), date(2026, 6, 30), Decimal("1.25")),),
            ("EUR", "GBP"): ((date(2026, 6, 29), date(2026, 6, 30), Decimal("0.80")),),
        },
        "PEG": {("EUR", "XOF"): ((date(1999, 1, 1), date(2100, 1, 1), Decimal("655.957")),)},
    },
)


class Texts:
    """Stands for the Harmonized System: everything from 01 to 97 exists."""

    def exists(self, code: str) -> bool:
        """Whether the chapter is one of the system's."""
        return "01" <= code[:2] <= "97"

    def describe(self, code: str) -> str:
        """A wording that names the code."""
        return f"Goods of {code[:6]}"


def rule(kind: Kind, prefix: str, expression: str, **fields: Any) -> Measure:
    """A measure of the territory AA."""
    include = fields.pop("include", ("*",))
    exclude = fields.pop("exclude", ())
    exclusions = fields.pop("exclusions", ())
    name = fields.pop("id", f"AA-{kind.value}-{prefix or 'all'}-{'-'.join(include)}-{expression}"[:80])
    values: dict[str, Any] = {
        "territory": "AA",
        "validity": SINCE,
        "source": SOURCE,
        "reference": f"schedule, {prefix}",
        "currency": "USD",
        "title": fields.pop("title", kind.value),
        **fields,
    }
    return Measure(
        id=name,
        kind=kind,
        product=Product("TEST", prefix, exclusions),
        origins=Origins(include, exclude),
        expression=expression,
        **values,
    )


def condition(kind: str, value: str) -> Condition:
    """A condition without a text."""
    return Condition(kind, value)


def territory(
    valuation: str = "FOB", tax_base: str = "", currency: str = "USD", *, held: bool = True, **fields: Any
) -> Territory:
    """The territory AA, with its practices; ``held`` has it state that every kind of charge is held whole."""
    practices = [Practice("valuation", valuation, SINCE, SOURCE, "act, s. 1")]
    if tax_base:
        practices.append(Practice("tax_base", tax_base, SINCE, SOURCE, "act, s. 2"))
    if held:
        practices += [stated(kind, "whole") for kind in COVERED_KINDS]
    return Territory(
        "AA",
        "Aland",
        ("AA",),
        currency,
        nomenclature="TEST",
        hs_edition="HS2022",
        digits=8,
        practices=tuple(practices),
        **fields,
    )


def stated(kind: Kind, extent: str) -> Practice:
    """What the law of AA is said to hold of a kind of charge."""
    return Practice(coverage_name(kind), extent, SINCE, SOURCE, "act, s. 9")


def book(
    measures: Iterable[Measure],
    *,
    lines: Iterable[str] = ("01012100", "02011000", "02012000"),
    where: Territory | None = None,
    origin_rules: Iterable[OriginRule] = (),
    others: Iterable[Territory] = (),
) -> Book:
    """A book about AA."""
    agreement = Group(
        "AA-BB",
        "Agreement with BB",
        (Membership("BB", SINCE),),
        SOURCE,
        proof="Declaration of origin",
        origin_scheme="bb",
    )
    return build_book(
        "v1",
        territories=[where or territory(), *others],
        groups=[agreement],
        measures=measures,
        lines=[TariffLine("AA", code, SINCE) for code in lines],
        origin_rules=origin_rules,
        replaced=[
            CodeReplaced("HS2017", "851712", "HS2022", "020110"),
            CodeReplaced("HS2017", "851712", "HS2022", "020120"),
        ],
    )


def ask(
    the_book: Book,
    hs: str = "01012100",
    value: str = "1000.00",
    currency: str = "USD",
    **fields: Any,
) -> Answer | Refusal:
    """One line from BB to AA on DAY; ``line`` adds to the line, everything else to the question."""
    line = {"hs": hs, "value": {"amount": value, "currency": currency}, **fields.pop("line", {})}
    body = {"from": "BB", "to": "AA", "date": DAY.isoformat(), "lines": [line], **fields}
    question = read_question(body, today=DAY, vocabulary=VOCABULARY)
    if isinstance(question, Refusal):
        return question
    return assess(question, the_book, RATES, Texts())


def answered(answer: Answer | Refusal) -> Answer:
    """The answer, or a failure that shows the refusal."""
    assert isinstance(answer, Answer), answer
    return answer

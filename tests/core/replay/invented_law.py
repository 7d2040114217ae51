"""Two invented economies' law, changes to it, and lines that meet them: every figure here is made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.replay.paper_index import PaperIndex, RequiredPaper
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended, find_added_records
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.rulebook.measure import Condition, Direction, Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from tests.core.assessment.small_book import RATES, SINCE, VOCABULARY, Texts, rule, territory
from tests.core.compiled.drawn_lines import SCHEMA

if TYPE_CHECKING:
    import random

    from ewtp.core.rulebook.measure import Measure

CODES = ("01012100", "02011000", "02012000", "03011100")
SURCHARGE = rule(Kind.ADDITIONAL_DUTY, "0201", "10%", include=("BB",), programme="p")
DUTY = rule(Kind.DUTY, "02011000", "8%")
CERTIFICATE = rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Certificate")
PERMIT = rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Permit", id="permit")
BAN = rule(Kind.PROHIBITION, "0301", "", include=("DD",))
TAX = rule(Kind.TAX, "", "20%", base="duty_paid")
# Of fish, some may bear less.
FISH_TAX = replace(
    rule(Kind.TAX, "0301", "20%", base="duty_paid", id="fish-tax"), conditions=(Condition("reduced", "5%", "5%"),)
)
HORSES = rule(Kind.DUTY, "01012100", "5%")
LAW: tuple[Measure, ...] = (
    HORSES,
    DUTY,
    rule(Kind.DUTY, "02012000", "3 USD/kg"),
    rule(Kind.DUTY, "03011100", "2%"),
    SURCHARGE,
    CERTIFICATE,
    BAN,
    TAX,
    FISH_TAX,
    replace(rule(Kind.DUTY, "0201", "6%", id="CC-duty"), territory="CC", currency="JPY"),
)
LESS = Changeset("v1", "less", ended=(Ended(SURCHARGE, None), Ended(CERTIFICATE, None)))
MORE = Changeset(
    "v1",
    "more",
    added=(PERMIT, rule(Kind.PROHIBITION, "02012000", "", include=("EE",)), rule(Kind.FEE, "0301", "1%")),
    amended=(Amended(DUTY, replace(DUTY, expression="9%")),),
)
MIXED = Changeset(
    "v1",
    "mixed",
    added=(
        rule(Kind.DUTY, "0101", "5% and something nobody can read", id="odd", include=("FF",)),
        rule(Kind.REQUIREMENT, "0101", "", agency="Port", document="Note", id="out", direction=Direction.EXPORT),
    ),
    ended=(Ended(DUTY, date(2026, 5, 31)),),
    amended=(
        Amended(SURCHARGE, replace(SURCHARGE, expression="25%")),
        Amended(HORSES, replace(HORSES, expression="1%", validity=Period(date(2026, 4, 1)))),
    ),
)
NOTHING: Changeset[Measure] = Changeset("v1", "nothing")
# Two rules with other ids and titles, and the same duty and paper as before; one paper more for some origins.
RENAMED = Changeset(
    "v1",
    "renamed",
    added=(rule(Kind.REQUIREMENT, "0101", "", agency="Vets", document="Passport", id="passport", include=("EE",)),),
    amended=(
        Amended(CERTIFICATE, replace(CERTIFICATE, id="certificate-again", title="new")),
        Amended(HORSES, replace(HORSES, id="horses-again")),
    ),
)
CHANGES = (NOTHING, LESS, MORE, MIXED, RENAMED)
LINES = pa.schema(
    [*SCHEMA, ("firm_size", pa.dictionary(pa.int32(), pa.string())), ("firm", pa.dictionary(pa.int32(), pa.string()))]
)


def book_of(measures: tuple[Measure, ...]) -> Book:
    """The two economies with these measures."""
    second = replace(territory(valuation="CIF", currency="JPY"), code="CC", name="Cland", members=("CC",))
    return build_book(
        "v1",
        territories=[territory(tax_base="customs_value + duty + additional_duty"), second],
        groups=[],
        measures=measures,
        lines=[TariffLine(where, code, SINCE) for where in ("AA", "CC") for code in CODES],
    )


def changed(changeset: Changeset[Measure]) -> Book:
    """The law with a changeset applied the plain way."""
    measures = apply(changeset, LAW)
    assert not isinstance(measures, Refusal), measures
    return book_of(measures)


def scalar(book: Book) -> Scalar:
    """The scalar path on a book."""
    return Scalar(WholeBook(book), RATES, Texts(), VOCABULARY)


def assessor(book: Book) -> TableAssessor:
    """The compiled book."""
    return TableAssessor(
        compile_book(book, VOCABULARY.economies, (f"{code:06d}" for code in range(10_000, 980_000))), scalar(book)
    )


@cache
def before() -> TableAssessor:
    """The law as it is."""
    return assessor(book_of(LAW))


@cache
def after(place: int) -> TableAssessor:
    """The law with one of ``CHANGES``."""
    return assessor(changed(CHANGES[place]))


def papers() -> PaperIndex:
    """What the requirements ask for."""
    asked = [*LAW, *(m for change in CHANGES for m in find_added_records(change))]
    return PaperIndex(
        {m.id: RequiredPaper(m.territory, m.agency, m.document) for m in asked if m.kind is Kind.REQUIREMENT}
    )


def answers(which: TableAssessor, lines: pa.Table) -> pa.Table:
    """The answers to lines that may have further columns."""
    found = which.assess_table(lines.select(SCHEMA.names))
    assert not isinstance(found, Refusal), found
    return found


def draw(chance: random.Random, count: int) -> pa.Table:
    """Lines, some of which are refused or left open."""
    return pa.Table.from_pylist([_line(chance) for _ in range(count)], schema=LINES)


def _line(chance: random.Random) -> dict[str, Any]:
    line: dict[str, Any] = dict.fromkeys(LINES.names)
    currency = chance.choice(("USD", "JPY", "EUR"))
    return line | {
        "from": chance.choice(("BB", "DD", "EE", "FF", "AA")),
        "to": chance.choice(("AA", "AA", "CC", "FF")),
        "origin": chance.choice((None, None, "BB", "EE")),
        "date": date(2026, chance.randrange(1, 12), 1),
        "hs": chance.choice((*CODES, *CODES, "020110", "0201.20", "999999")),
        "value": Decimal(chance.randrange(1, 10**6)).scaleb(0 if currency == "JPY" else -2),
        "currency": currency,
        "quantity_kg": chance.choice((None, Decimal(7), Decimal(12))),
        "freight": chance.choice((None, Decimal(0), Decimal(0))),
        "firm_size": chance.choice(("micro", "large", None)),
        "firm": chance.choice((None, "synthetic-1", "synthetic-2", "synthetic-3", "synthetic-4")),
    }

"""A recognition that an economy adopted changes the next answer from its day on, and no import undoes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from ewtp.apps.rulebook.reading.book_cache import book_for_question, read_cached_book
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import Question, read_question
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.measure import Condition, Kind, Status
from ewtp.core.rulebook.territory import TariffLine, Territory
from ewtp.core.values.period import Period
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.assessment.small_book import RATES
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered as table_answered

from .conftest import Desk, a_duty

if TYPE_CHECKING:
    from ewtp.core.assessment.answer import LineAnswer

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
CLAIM = "recognition:ZA"
DUTY = a_duty("0901", "10%", JANUARY)
PERMIT = a_duty("0901", "", JANUARY, kind=Kind.REQUIREMENT, id="permit", agency="ZABS", document="Permit")
RECOGNITION = a_duty(
    "0901",
    "",
    MARCH,
    kind=Kind.RELIEF,
    id="recognition",
    title="Recognition of certificates of ZA",
    programme="recognition",
    agency="ZABS",
    document="Permit",
    status=Status.PROPOSED,
    conditions=(
        Condition("claim", CLAIM),
        Condition("document", "Certificate"),
        Condition("authority", "SABS"),
    ),
)
CODE = "090111"
LAW = (DUTY, PERMIT, TariffLine("ZM", CODE, Period(JANUARY)))
CHANGE = Changeset("law", "recognition", added=(RECOGNITION,))
DAYS = (date(2026, 2, 28), MARCH)


@pytest.fixture(autouse=True)
def _zambia(monkeypatch: pytest.MonkeyPatch) -> None:
    """A territory, which these small files cannot bring."""
    territories = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)


@pytest.fixture
def adopted(desk: Desk) -> Desk:
    """A tariff with a requirement, then a recognition of another authority's paper."""
    desk.bring(*LAW)
    desk.give_effect(CHANGE)
    return desk


def single(day: date, *claims: str) -> LineAnswer:
    """The answer to one question, from the book that the application reads for it."""
    read_cached_book().forget()
    body = {
        "from": "ZA",
        "to": "ZM",
        "date": day.isoformat(),
        "lines": [{"hs": CODE, "value": {"amount": "1000.00", "currency": "ZMW"}, "claims": list(claims)}],
    }
    question = read_question(body, today=day, vocabulary=vocabulary())
    assert isinstance(question, Question), question
    answer = assess(question, book_for_question([("ZM", CODE)]), RATES, hs_texts)
    assert isinstance(answer, Answer), answer
    return answer.lines[0]


def needed(found: LineAnswer) -> list[str]:
    return [rule.measure.id for rule in found.requirements]


@pytest.mark.usefixtures("adopted")
def test_the_answer_offers_the_recognised_paper_from_its_day_on_and_cites_the_act():
    before, after = (single(day) for day in DAYS)
    assert (needed(before), before.paper_options) == (["permit"], ())
    assert needed(after) == ["permit"]
    (option,) = after.paper_options
    assert (option.claim, option.proof) == (CLAIM, "Certificate (SABS)")
    claimed = single(MARCH, CLAIM)
    (lifted,) = claimed.as_json()["lifted"]
    assert (needed(claimed), lifted["document"], lifted["status"]) == ([], "Certificate", "adopted")
    assert lifted["citation"]["source"] == "Act 7 of 2026"


def test_an_import_does_not_undo_it(adopted: Desk):
    adopted.bring(*LAW)
    adopted.bring(replace(DUTY, expression="12%"), *LAW[1:], effective=date(2026, 2, 1))
    assert needed(single(MARCH, CLAIM)) == []
    assert [charge.rule.measure.expression for charge in single(MARCH, CLAIM).charges] == ["12%"]


@pytest.mark.kernel
@pytest.mark.usefixtures("adopted")
def test_the_compiled_rulebook_says_the_same():
    version = latest_version()
    assert version is not None
    book = RulebookReader(version.ref).whole()
    scalar = Scalar(WholeBook(book), RATES, hs_texts, vocabulary())
    blank = dict.fromkeys(SCHEMA.names) | {"from": "ZA", "to": "ZM", "hs": CODE, "currency": "ZMW"}
    asked = [blank | {"value": Decimal(1000), "date": day, "claims": claim} for day in DAYS for claim in (None, CLAIM)]
    table = pa.Table.from_pylist(asked, schema=SCHEMA)
    compiled = compile_book(book, vocabulary().economies, hs_texts.subheadings())
    rows = table_answered(compiled, scalar, table)
    assert differences(rows, expected(table, scalar)) == []
    assert rows["requirements"].to_pylist() == ["permit", None, "permit", ""]
    assert rows["refusal"].to_pylist() == [None, "claim_unknown", None, None]

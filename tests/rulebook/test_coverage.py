"""What is stated of each kind of charge, and that no answer is called complete where nothing is."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.effects import Effect
from ewtp.core.rulebook.coverage_statement import COVERED_KINDS, Extent, coverage_name
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territorial_status import find_kinds_not_stated
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.rulebook.worked_cases import answer_case, seed_book

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed

# By day, the economies whose answers have an upper bound at least; on the last one some list has ended everywhere.
DAYS = {date(2026, 6, 30): {"DE", "GB", "IM", "NL", "US"}, date(2026, 12, 2): set[str]()}
# Parts of a customs territory of whose excise nothing that was read says anything.
EXCISE_NOT_STATED = {"AX", "Campione", "GG", "IC", "Mount-Athos", "Northern-Ireland"}
OPEN = ("charges_not_held", "charges_not_looked_at")


def ask(economy: str, day: date) -> Answer:
    """Cotton T-shirts, fully asked."""
    nothing = {"amount": "0", "currency": "USD"}
    question = {"from": "BD", "to": economy, "date": day, "transport": "air", "buyer": "business", "freight": nothing}
    line = {
        "hs": "610910",
        "value": {"amount": "1000", "currency": "USD"},
        "quantities": {"kg": "100", "number": "500"},
    }
    answer = answer_case({"question": {**question, "insurance": nothing, "lines": [line]}})
    assert isinstance(answer, Answer), (economy, answer)
    return answer


def extents(economy: str, kind: Kind, day: date) -> set[str]:
    """Everything that any territory whose law may apply states of a kind of charge on a day."""
    found = (t.practice(coverage_name(kind), day) for t in seed_book().territories_of(economy))
    return {practice.value for practice in found if practice is not None}


@pytest.mark.parametrize(("day", "bounded"), DAYS.items(), ids=map(str, DAYS))
def test_no_economy_is_answered_as_complete_where_a_kind_of_charge_is_not_held(day: date, bounded: set[str]) -> None:
    economies = sorted(vocabulary().economies - {"BD"})
    assert len(economies) > 240
    found = set()
    for economy in economies:
        answer = ask(economy, day)
        totals, unknowns = answer.totals, answer.lines[0].unknowns
        named = {kind for each in unknowns if each.code in OPEN for kind in each.params["kinds"]}
        tariff = any(t.nomenclature for t in seed_book().territories_of(economy))
        unheld = {
            kind
            for kind in COVERED_KINDS
            if extents(economy, kind, day) <= {Extent.NOT_HELD}
            and not (kind is Kind.TAX and not extents(economy, kind, day))
        }
        if not tariff or unheld or named:
            assert not totals.complete, economy
            assert totals.at_most is None, economy
        elif totals.at_most is not None:
            found.add(economy)
        # Where no tariff is held, all is open, and that alone is said.
        assert not tariff or unheld <= named, (economy, unheld, named)
    assert found >= bounded, found


@pytest.mark.parametrize(
    ("economies", "held", "not_looked_at"),
    [
        ("BR", {Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.TAX, Kind.FEE}, set()),
        ("CM", {Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.FEE}, set()),
        ("CF CG GA GQ TD", {Kind.EXCISE, Kind.FEE}, {Kind.ADDITIONAL_DUTY}),
        ("BF GH ML NG SN", {Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.FEE}, set()),
        ("CN", {Kind.ADDITIONAL_DUTY, Kind.FEE}, set()),
        ("IQ", {Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.TAX}, {Kind.FEE}),
        ("BW NA SZ ZA", {Kind.ADDITIONAL_DUTY, Kind.EXCISE, Kind.FEE}, set()),
        ("LS", {Kind.ADDITIONAL_DUTY, Kind.EXCISE}, {Kind.FEE}),
        ("GF GP MC MQ PR RE YT", {Kind.ADDITIONAL_DUTY, Kind.EXCISE}, set()),
        ("GG", {Kind.ADDITIONAL_DUTY}, {Kind.EXCISE}),
    ],
)
def test_a_charge_that_exists_is_distinguished_from_one_nobody_looked_at(
    economies: str, held: set[Kind], not_looked_at: set[Kind]
) -> None:
    for economy in economies.split():
        answer = ask(economy, max(DAYS))
        found = [each for each in answer.lines[0].unknowns if each.code in OPEN]
        said = [{kind for each in found if each.code == code for kind in each.params["kinds"]} for code in OPEN]
        assert said == [held, not_looked_at], economy
        assert {each.effect for each in found} == {Effect.RAISES}
        assert (answer.totals.complete, answer.totals.at_most) == (False, None)


def test_the_check_lists_what_answers_say_was_not_looked_at(book: SeedBook) -> None:
    listed = dict(find_kinds_not_stated({t.code: t for t in book.territories}))
    assert listed == {
        "CEMAC": (Kind.ADDITIONAL_DUTY,),
        "IQ": (Kind.FEE,),
        "SACU": (Kind.FEE,),
        **dict.fromkeys(EXCISE_NOT_STATED, (Kind.EXCISE,)),
    }
    # On a day after the first of every tariff, what answers say is what is listed.
    for economy in sorted(vocabulary().economies):
        (line,) = ask(economy, max(DAYS)).lines if economy != "BD" else (None,)
        said = {
            kind for each in (line.unknowns if line else ()) if each.code == OPEN[1] for kind in each.params["kinds"]
        }
        laws = [t.code for t in seed_book().territories_of(economy)]
        assert said <= {kind for code in (*laws, economy) for kind in listed.get(code, ())}, economy

"""Duties that ask for a fact that was not given, follow the seasons or count degrees need no scalar path."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.machine.epoch_days import day_number, day_of_year
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Condition, Kind
from ewtp.core.rulebook.territory import Group, Membership, TariffLine, Territory
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import read_compiled, write_compiled
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.compiled.drawn_lines import differences, expected, table_of
from tests.core.synthetic.synthetic_book import SOURCE, YEAR, rule
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.compiled.format.tables import CompiledBook

pytestmark = pytest.mark.kernel

WATCHES, PARTS, SUGAR, WINE, FRUIT, SMALL_FRUIT, CLOTH, BEER, CIGARS, GLASS = (
    "91011100",
    "91139000",
    "17011400",
    "22042100",
    "08061000",
    "08105000",
    "61091000",
    "22030000",
    "24021000",
    "70131000",
)
CODES = (WATCHES, PARTS, SUGAR, WINE, FRUIT, SMALL_FRUIT, CLOTH, BEER, CIGARS, GLASS)
RELIEF = (Condition("maximum_value", "50 GBP"),)


@pytest.fixture(scope="module")
def scalar() -> Scalar:
    """A book whose figures are invented, with one kind of duty under each code."""
    measures = [
        rule("GB", Kind.DUTY, WATCHES, "51¢ each + 6.25% on the case", currency="USD"),
        rule("GB", Kind.DUTY, PARTS, "6.25% on the case"),
        rule("GB", Kind.DUTY, SUGAR, "4.3817¢/kg less 0.0622005¢/kg for each degree under 100 degrees", currency="USD"),
        rule("GB", Kind.DUTY, WINE, "1.3 GBP/% vol/hl + 6.4 GBP/hl"),
        rule("GB", Kind.DUTY, FRUIT, "3% (01 JAN-14 MAR), 5 GBP/100 kg (20 NOV-31 DEC), 8% (15 MAR-30 JUN)"),
        rule("GB", Kind.DUTY, SMALL_FRUIT, "33 1/3% (16-11 to 29-02) ; 7% (01-03 to 15-11)"),
        rule("GB", Kind.DUTY, CLOTH, "see note 4"),
        rule("GB", Kind.DUTY, BEER, "5%"),
        rule("GB", Kind.EXCISE, BEER, "2 GBP/l", base="duty_paid"),
        rule("GB", Kind.DUTY, CIGARS, "2 GBP/kg"),
        rule("GB", Kind.PREFERENCE, CIGARS, "1 GBP/kg", "GB-ALWAYS"),
        rule("GB", Kind.DUTY, GLASS, "4%"),
        rule("GB", Kind.RELIEF, "", "Free", programme="relief:duty", conditions=RELIEF),
        # Some of these take up the duty of the goods, some count them, and one does neither.
        rule(
            "GB", Kind.ADDITIONAL_DUTY, "61", "15% less the duty provided in the applicable subheading", programme="one"
        ),
        rule("GB", Kind.ADDITIONAL_DUTY, "6109", "2%", programme="two"),
        rule("GB", Kind.ADDITIONAL_DUTY, "7013", "3 GBP/kg", programme="three"),
        rule("GB", Kind.ADDITIONAL_DUTY, "7013", "1 GBP/p/st", programme="four"),
        rule("GB", Kind.ADDITIONAL_DUTY, "7013", "1%", programme="five"),
        rule("GB", Kind.TAX, "", "20%", base="duty_paid"),
    ]
    book = build_book(
        "made-up.3",
        territories=[Territory("GB", "Great Britain", ("GB",), "GBP", "TEST", "HS2022", 8)],
        groups=[Group("GB-ALWAYS", "For ever", (Membership("KE", YEAR),), SOURCE)],
        measures=measures,
        lines=[TariffLine("GB", code, YEAR) for code in CODES],
    )
    return Scalar(WholeBook(book), seed_rate_table(), hs_texts, vocabulary())


@pytest.fixture(scope="module")
def compiled(scalar: Scalar) -> CompiledBook:
    return compile_book(scalar.reader.frame, scalar.vocabulary.economies, hs_texts.subheadings())


@pytest.fixture(scope="module")
def assessor(scalar: Scalar, compiled: CompiledBook) -> TableAssessor:
    return TableAssessor(compiled, scalar)


def row(hs: str, /, **more: Any) -> dict[str, Any]:
    return {
        "from": "KE",
        "to": "GB",
        "date": date(2026, 5, 4),
        "hs": hs,
        "value": Decimal(1000),
        "currency": "GBP",
        **more,
    }


def both(assessor: TableAssessor, scalar: Scalar, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers, once they are known to be those of the scalar path."""
    lines = table_of(rows)
    found = assessor.assess_table(lines)
    assert not isinstance(found, Refusal), found
    assert differences(found, expected(lines, scalar)) == []
    return list(found.to_pylist())


def said(answers: list[dict[str, Any]], *names: str) -> list[Any]:
    return [answer[names[0]] if len(names) == 1 else tuple(answer[name] for name in names) for answer in answers]


def test_a_duty_that_lacks_a_fact_is_refused_by_the_kernel_with_the_words_of_the_scalar_path(
    assessor: TableAssessor, scalar: Scalar, compiled: CompiledBook, tmp_path: Path
):
    lines = [
        row(WATCHES, quantity_number=3),
        row(WATCHES),
        row(PARTS),
        row(SUGAR),
        row(SUGAR, quantity_kg=7),
        row(WINE),
        row(WINE, quantity_hl=2),
        row(WINE, supplementary_unit="percent_vol", supplementary_quantity=12),
        row(BEER),
        row(BEER, quantity_litre=10),
        row(CIGARS),
        row(CIGARS, claims="GB-ALWAYS"),
    ]
    answers = both(assessor, scalar, lines)
    part, missing = "part_value_missing", "quantity_missing"
    assert said(answers, "refusal") == [part, missing, part, *[missing] * 6, None, missing, missing]
    assert not any(said(answers, "scalar"))
    # The two figures of a wine are asked for one after the other, and each duty speaks of its own rate.
    assert len(set(said(answers, "refusal_message")) - {None}) == 9
    write_compiled(compiled, build_market_texts(scalar.reader.frame), tmp_path / "book")
    saved = read_compiled(tmp_path / "book")
    assert saved is not None
    assert both(TableAssessor(saved, scalar), scalar, lines) == answers


def test_what_is_refused_before_stays_refused_for_that(assessor: TableAssessor, scalar: Scalar):
    answers = both(
        assessor,
        scalar,
        [
            row(CIGARS, claims="no-such-claim"),
            row(CIGARS, claims="GB-ALWAYS", **{"from": "ZA"}),
            row(CIGARS, quantity_kg=-1),
            row(CIGARS, hs="24"),
            # What a spreadsheet makes of the code of roasted coffee.
            row(CIGARS, hs="901210000"),
            row(CIGARS, hs="0901210000.0"),
        ],
    )
    before = ["claim_unknown", "claim_unknown", "amount_negative", "code_too_short"]
    assert said(answers, "refusal") == [*before, "code_length_odd", "code_is_number"]
    assert all("0901210000" in message for message in said(answers, "refusal_message")[4:])


def test_a_relief_takes_the_place_of_a_duty_that_cannot_be_computed(assessor: TableAssessor, scalar: Scalar):
    small = {"value": Decimal(50)}
    answers = both(assessor, scalar, [row(WATCHES, **small), row(PARTS, **small), row(BEER, **small)])
    assert said(answers, "refusal", "duty", "complete") == [
        (None, Decimal(0), False),
        (None, Decimal(0), False),
        ("quantity_missing", None, None),
    ]
    assert not any(said(answers, "scalar"))


def test_seasons_turn_on_their_days_in_every_year(assessor: TableAssessor, scalar: Scalar):
    days = [
        date(year, month, day)
        for year in (2024, 2026, 2028, 2100)
        for month, day in ((1, 1), (3, 14), (3, 15), (6, 30), (7, 1), (11, 19), (11, 20), (12, 31), (2, 28), (3, 1))
    ] + [date(2024, 2, 29), date(2028, 2, 29)]
    fruit = both(assessor, scalar, [row(FRUIT, date=day, quantity_kg=300) for day in days])
    assert said(fruit, "duty")[10:20] == [Decimal(n) for n in (30, 30, 80, 80, 0, 0, 15, 15, 30, 30)]
    assert ["season_missing" in text for text in said(fruit, "unknowns")[10:16]] == [False] * 4 + [True] * 2
    small = both(assessor, scalar, [row(SMALL_FRUIT, date=day, value=Decimal(1000 + day.day)) for day in days])
    assert {said(small, "duty")[-1], said(small, "duty")[9]} == {Decimal("343.00"), Decimal("70.07")}
    assert not any(said([*fruit, *small], "scalar"))
    # Outside its seasons a duty asks for nothing.
    winter = both(assessor, scalar, [row(FRUIT, date=date(2026, month, 1)) for month in (12, 2)])
    assert said(winter, "refusal") == ["quantity_missing", None]


def test_days_have_the_months_of_the_calendar():
    python: Any = day_of_year
    for number in range(day_number(date(1990, 1, 1)), day_number(date(2101, 1, 1))):
        day = date.fromordinal(number + date(1970, 1, 1).toordinal())
        assert python.py_func(number) == day.month * 100 + day.day


def test_sugar_is_charged_by_its_degrees_and_wine_by_its_alcohol(assessor: TableAssessor, scalar: Scalar):
    sugar = [
        row(SUGAR, quantity_kg=Decimal(kg), supplementary_unit="degree", supplementary_quantity=Decimal(degrees))
        for kg in ("1000", "250000", "77.3333")
        for degrees in ("0", "20.5", "96.1234", "99.9999", "100")
    ]
    wine = [
        row(WINE, quantity_hl=2, supplementary_unit=unit, supplementary_quantity=amount)
        for unit, amount in (("percent_vol", 12), ("lpa", 24), ("hectare", 1))
    ]
    answers = both(assessor, scalar, [*sugar, *wine])
    assert [answer["duty"] for answer in answers[-3:-1]] == [Decimal("44.00"), Decimal("44.00")]
    assert len({answer["duty"] for answer in answers[: len(sugar)]}) > len(sugar) // 2
    # Few figures are so near to a turn of the rounding that they are left.
    assert sum(answer["scalar"] for answer in answers[:-1]) <= 2


def test_additional_duties_that_cannot_be_computed_are_left_out(assessor: TableAssessor, scalar: Scalar):
    answers = both(
        assessor,
        scalar,
        [row(CLOTH), row(GLASS), row(GLASS, quantity_kg=2, quantity_number=3), row(GLASS, quantity_kg=2)],
    )
    assert said(answers, "additional_duty") == [Decimal(n) for n in (20, 10, 19, 16)]
    assert [len(text.split(" GB-")) for text in said(answers, "additional_measures")] == [1, 1, 3, 2]
    # What is counted in two ways of which one is given is the only thing left.
    assert said(answers, "scalar") == [False, False, False, True]


def test_a_net_weight_goes_before_a_plain_one_and_neither_is_measured_twice(assessor: TableAssessor, scalar: Scalar):
    pairs = [("kg_net", 5), ("tonne_net", 1), ("kg", 5), ("KGM.net", 5)]
    lines = [
        row(code, quantity_kg=7, supplementary_unit=unit, supplementary_quantity=amount)
        for code in (CIGARS, GLASS)
        for unit, amount in pairs
    ]
    answers = both(assessor, scalar, lines)
    assert [answer["refusal"] for answer in answers] == [None, None, "quantity_twice", None] * 2


def test_a_quantity_in_one_of_many_columns_is_found(assessor: TableAssessor, scalar: Scalar):
    names = ["GRM", "MGM", "TNE", "DTN", "CTM", "LBR", "ONZ"]
    rows = [row(CIGARS, **{f"quantity_{name}": Decimal(2)}) for name in names]
    whole = pa.Table.from_pylist(
        [{**{f"quantity_{name}": None for name in names}, **each} for each in rows],
        schema=pa.schema(
            [
                ("from", pa.string()),
                ("to", pa.string()),
                ("date", pa.date32()),
                ("hs", pa.string()),
                ("value", pa.decimal128(18, 3)),
                ("currency", pa.string()),
                *((f"quantity_{name}", pa.decimal128(18, 6)) for name in names),
            ]
        ),
    )
    found = assessor.assess_table(whole)
    assert not isinstance(found, Refusal)
    assert differences(found, expected(whole, scalar)) == []
    assert found["refusal"].null_count == len(names)

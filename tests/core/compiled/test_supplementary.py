"""A line's supplementary quantity counts as one in a column of its unit does, and is refused where that would be."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.rulebook.book import build_book
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine, Territory
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.compiled.drawn_lines import differences, expected
from tests.core.synthetic.synthetic_book import YEAR, rule
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from collections.abc import Iterable

pytestmark = pytest.mark.kernel

COUNT = pa.decimal64(18, 4)
SCHEMA = pa.schema(
    [
        ("from", pa.string()),
        ("to", pa.string()),
        ("date", pa.date32()),
        ("hs", pa.string()),
        ("value", pa.decimal64(18, 4)),
        ("currency", pa.string()),
        ("quantity_kg", COUNT),
    ]
)
PAIR = [("supplementary_unit", pa.dictionary(pa.int32(), pa.string())), ("supplementary_quantity", COUNT)]
Given = tuple[str, "str | None", "str | None", "str | None"]


@pytest.fixture(scope="module")
def scalar() -> Scalar:
    """A book whose figures are invented: wine by hl, spirits by the litre, tobacco by weight, shoes by the pair."""
    codes = ("22042100", "22082000", "24012000", "64039900")
    duties = ("13.1 GBP/hl", "0.5 GBP/l", "2 GBP/kg/net", "3% + 1.5 GBP/pa")
    book = build_book(
        "made-up.2",
        territories=[Territory("GB", "Great Britain", ("GB",), "GBP", "TEST", "HS2022", 8)],
        groups=[],
        measures=[rule("GB", Kind.DUTY, code[:4], duty) for code, duty in zip(codes, duties, strict=True)],
        lines=[TariffLine("GB", code, YEAR) for code in codes],
    )
    return Scalar(WholeBook(book), seed_rate_table(), hs_texts, vocabulary())


@pytest.fixture(scope="module")
def assessor(scalar: Scalar) -> TableAssessor:
    return TableAssessor(compile_book(scalar.reader.frame, scalar.vocabulary.economies, hs_texts.subheadings()), scalar)


def row(hs: str, kg: str | None, **more: Any) -> dict[str, Any]:
    weight = None if kg is None else Decimal(kg)
    return {
        "from": "KE",
        "to": "GB",
        "date": date(2026, 5, 4),
        "hs": hs,
        "value": Decimal(1000),
        "currency": "GBP",
        "quantity_kg": weight,
        **more,
    }


def as_pair(lines: Iterable[Given]) -> pa.Table:
    """Lines of a code, kilograms, and a supplementary unit and quantity."""
    rows = [
        row(hs, kg, supplementary_unit=unit, supplementary_quantity=None if amount is None else Decimal(amount))
        for hs, kg, unit, amount in lines
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*SCHEMA, *PAIR]))


def as_columns(lines: list[Given]) -> pa.Table:
    """The same with a column for every unit."""
    units = sorted({unit for _, _, unit, amount in lines if unit and amount})
    rows = [
        row(hs, kg, **({f"quantity_{unit}": Decimal(amount)} if unit and amount else {}))
        for hs, kg, unit, amount in lines
    ]
    return pa.Table.from_pylist(rows, schema=pa.schema([*SCHEMA, *((f"quantity_{unit}", COUNT) for unit in units)]))


def answered(assessor: TableAssessor, lines: pa.Table) -> pa.Table:
    found = assessor.assess_table(lines)
    assert not isinstance(found, Refusal), found
    return found


LINES: list[tuple[Given, str | None]] = [
    # A duty counted in hectolitres: in its own unit, in litres, in cubic metres by code.
    (("22042100", "320", "hl", "3"), "39.30"),
    (("22042100", "320", "litre", "300"), "39.30"),
    (("22042100", None, "m3", "0.3"), "39.30"),
    # A duty counted in litres, of hectolitres.
    (("22082000", "320", "hl", "3.5"), "175.00"),
    (("22082000", "1", "litre", "0.7"), "0.35"),
    # Two measures that a duty does not count, and none at all.
    (("22042100", "320", "pair", "3"), None),
    (("22042100", "320", None, None), None),
    # What is said to be net, and the plain weight that stands for it.
    (("24012000", None, "kg_net", "20"), "40.00"),
    (("24012000", "20", None, None), "40.00"),
    (("24012000", None, "tonne", "0.02"), "40.00"),
    # A percentage and an amount, of pairs and of dozens of them.
    (("64039900", "9", "pair", "12"), "48.00"),
    (("64039900", "9", "DPR", "1"), "48.00"),
]


def test_a_supplementary_quantity_is_one_in_a_column_of_its_unit(assessor: TableAssessor):
    lines = [line for line, _ in LINES]
    pairs, columns = as_pair(lines), as_columns(lines)
    found = answered(assessor, pairs)
    duties = [None if said["refusal"] else said["duty"] for said in found.to_pylist()]
    assert duties == [None if duty is None else Decimal(duty) for _, duty in LINES]
    assert {said["refusal"] for said in found.to_pylist()} == {None, "quantity_missing"}
    assert found.equals(answered(assessor, columns))
    # Neither what is refused nor what is said to be net needs the scalar path.
    assert not any(found["scalar"].to_pylist())


@pytest.mark.parametrize(
    ("unit", "amount", "code"),
    [
        ("hl", None, "supplementary_incomplete"),
        (None, "3", "supplementary_incomplete"),
        ("stone", "3", "unit_unknown"),
        ("", "3", "unit_unknown"),
        ("kg", "320", "quantity_twice"),
        ("KGM", "320", "quantity_twice"),
        ("tonne", "0.32", "quantity_twice"),
        ("hl", "-3", "amount_negative"),
        ("hl", "0", "quantity_zero"),
        ("percent_vol", "101", "quantity_absurd"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    assessor: TableAssessor, scalar: Scalar, unit: str | None, amount: str | None, code: str
):
    good: Given = ("22042100", "320", "hl", "3")
    table = as_pair([good, ("22042100", "320", unit, amount), good])
    found = answered(assessor, table)
    assert [said["refusal"] for said in found.to_pylist()] == [None, code, None]
    assert differences(found, expected(table, scalar)) == []
    # A table that holds nothing else is read another way.
    alone = answered(assessor, table.slice(1, 1))
    assert alone["refusal"].to_pylist() == [code]


@pytest.mark.parametrize("name", ["supplementary_unit", "supplementary_quantity"])
def test_a_table_with_one_of_the_columns_is_incomplete_where_it_is_filled(assessor: TableAssessor, name: str):
    table = as_pair([("22082000", "320", "hl", "3.5"), ("22082000", "320", None, None)]).drop_columns([name])
    assert answered(assessor, table)["refusal"].to_pylist() == ["supplementary_incomplete", "quantity_missing"]


def test_the_columns_have_exact_types(assessor: TableAssessor):
    table = as_pair([("22082000", "320", "hl", "3.5")])
    floating = table.set_column(8, "supplementary_quantity", pa.array([3.5]))
    numbered = table.set_column(7, "supplementary_unit", pa.array([7]))
    for wrong in (floating, numbered):
        refused = assessor.assess_table(wrong)
        assert isinstance(refused, Refusal)
        assert refused.code == "column_type"
    whole = table.set_column(8, "supplementary_quantity", pa.array([2], pa.int16()))
    assert answered(assessor, whole)["duty"].to_pylist() == [Decimal(100)]


@pytest.mark.parametrize("name", ["supplementary_quantity", "quantity_l", "value"])
def test_a_decimal_is_read_in_all_its_words(assessor: TableAssessor, scalar: Scalar, name: str):
    """What a number of two words says in the lower one alone would be a duty on half a litre."""
    kinds = {field.name: field.type for field in pa.schema([*SCHEMA, *PAIR])} | {name: pa.decimal128(38, 4)}
    for amount in (Decimal(2**64 + 5000).scaleb(-4), Decimal(2**70 + 1).scaleb(-4)):
        line = row("22082000", "320", **{name: amount})
        if name != "quantity_l":
            line |= {"supplementary_unit": "litre", "supplementary_quantity": Decimal("0.5"), name: amount}
        table = pa.Table.from_pylist([line], schema=pa.schema(list(kinds.items())))
        found = answered(assessor, table)
        assert found["refusal"].to_pylist() != [None]
        assert differences(found, expected(table, scalar)) == []


def test_decimals_beyond_what_is_counted_have_to_be_nothing(assessor: TableAssessor, scalar: Scalar):
    fine = pa.decimal128(38, 22)
    schema = pa.schema([*SCHEMA, PAIR[0], ("supplementary_quantity", fine)])
    amounts = [Decimal("0.0000001000000000000001"), Decimal("0.0000000000000001"), Decimal(0)]
    lines = [row("22082000", "320", supplementary_unit="litre", supplementary_quantity=amount) for amount in amounts]
    table = pa.Table.from_pylist(lines, schema=schema)
    assert differences(answered(assessor, table), expected(table, scalar)) == []

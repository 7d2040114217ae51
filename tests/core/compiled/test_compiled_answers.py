"""The compiled rulebook says what the scalar path says, to the minor unit and to the last field."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.machine.fixed_point import convert_amount, round_units
from ewtp.core.compiled.machine.jit import jit
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.synthetic.generator import synthetic_lines
from ewtp.core.synthetic.import_profile import ImportProfile, build_import_profile
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import read_compiled, write_compiled
from ewtp.gateways.parquet.lines import columns_of_lines, lines_of
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.compiled.compiled_seed import compiled_seed
from tests.core.compiled.drawn_lines import SCHEMA, Drawer, differences, expected, table_of
from tests.seed_book import whole_book
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from ewtp.core.compiled.format.tables import CompiledBook

LINES, YEAR_LINES = 2_000, 20_000
SHIPMENT = {"value": Decimal(1_000), "currency": "USD", "freight": Decimal(50), "quantity_kg": 120}
pytestmark = [pytest.mark.kernel, pytest.mark.seed]


def answered(compiled: CompiledBook, scalar: Scalar, lines: pa.Table) -> pa.Table:
    answers = TableAssessor(compiled, scalar).assess_table(lines)
    assert not isinstance(answers, Refusal), answers
    return answers


@pytest.fixture(scope="module")
def scalar() -> Scalar:
    return Scalar(WholeBook(whole_book()), seed_rate_table(), hs_texts, vocabulary())


@pytest.fixture(scope="module")
def compiled() -> CompiledBook:
    return compiled_seed()


def test_of_a_year_of_trade_the_kernel_answers_nearly_every_line(
    scalar: Scalar, compiled: CompiledBook, seeded: random.Random
):
    """What it leaves takes thousands of times as long, so that one line in two hundred is most of a batch."""
    profile = build_import_profile(scalar.reader.frame, year=2026, subheadings=hs_texts.subheadings())
    assert isinstance(profile, ImportProfile)
    (table,) = synthetic_lines(profile, YEAR_LINES, seeded.randrange(2**63))
    columns = columns_of_lines(table.schema)
    assert not isinstance(columns, Refusal)
    lines = lines_of(table, columns)
    answers = answered(compiled, scalar, lines)
    left = Counter(
        to for to, by_scalar in zip(lines["to"].to_pylist(), answers["scalar"].to_pylist(), strict=True) if by_scalar
    )
    assert left.total() < YEAR_LINES // 200, left
    some = [seeded.randrange(YEAR_LINES) for _ in range(LINES // 4)]
    assert differences(answers.take(some), expected(lines.take(some), scalar)) == []


def test_a_sanctions_programme_is_settled_from_the_day_it_names_an_economy_for_good(
    scalar: Scalar, compiled: CompiledBook
):
    programme = scalar.reader.frame.groups["US-SANCTIONS-PROGRAMMES"]
    first = max(member.validity.start for member in programme.memberships)
    lines = table_of(
        [
            {"from": source, "to": to, "origin": origin, "date": day, "hs": "6109100012", **SHIPMENT}
            for to in ("US", "PR")
            for day in (first - timedelta(days=1), first, date(2026, 6, 30))
            for source, origin in (("KP", None), ("GB", "IR"), ("CU", "GB"), ("GB", None))
        ]
    )
    answers = answered(compiled, scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
    told = ["trade_may_be_prohibited" in unknowns.split() for unknowns in answers["unknowns"].to_pylist()]
    assert told == 2 * (4 * [False] + 2 * [True, True, True, False])
    assert answers["scalar"].to_pylist() == 2 * ([True, True, True, False] + 8 * [False])


def test_lines_of_the_whole_seed_and_of_its_corners_are_answered_alike(
    scalar: Scalar,
    compiled: CompiledBook,
    seeded: random.Random,
    tmp_path: Path,
):
    drawer = Drawer(scalar.reader.frame, scalar, seeded)
    lines = table_of([drawer.line() for _ in range(LINES)])
    wanted = expected(lines, scalar)
    answers = answered(compiled, scalar, lines)
    assert differences(answers, wanted) == []
    settled = [not by_scalar for by_scalar in answers["scalar"].to_pylist()]
    # The comparison means something only where the kernel answered, and where both refuse.
    assert sum(settled) > LINES // 2, sum(settled)
    assert sum(isinstance(row, Refusal) for row in wanted) > LINES // 20
    write_compiled(compiled, build_market_texts(scalar.reader.frame), tmp_path / "book")
    saved = read_compiled(tmp_path / "book")
    assert saved is not None
    again = answered(saved, scalar, lines)
    assert again.equals(answers)


def test_a_table_in_other_shapes_is_read_the_same(scalar: Scalar, compiled: CompiledBook, seeded: random.Random):
    drawer = Drawer(scalar.reader.frame, scalar, seeded)
    lines = table_of([drawer.line() for _ in range(40)])
    whole = answered(compiled, scalar, lines)
    encoded = lines.set_column(0, "from", lines["from"].dictionary_encode())
    parts = pa.concat_tables([encoded.slice(0, 7), encoded.slice(7)])
    shaped = answered(compiled, scalar, parts)
    assert shaped.to_pylist() == whole.to_pylist()
    ending = answered(compiled, scalar, lines.slice(33))
    assert ending.to_pylist() == whole.slice(33).to_pylist()
    assert answered(compiled, scalar, lines.slice(0, 0)).num_rows == 0


def test_columns_that_are_missing_unknown_or_inexact_are_refused(scalar: Scalar, compiled: CompiledBook):
    assessor = TableAssessor(compiled, scalar)
    empty = SCHEMA.empty_table()

    def code(table: pa.Table) -> str:
        refused = assessor.assess_table(table)
        assert isinstance(refused, Refusal)
        return refused.code

    assert code(empty.drop_columns(["hs"])) == "column_missing"
    assert assessor.assess_table(empty.append_column("colour", pa.array([], pa.string()))) is not None
    assert code(empty.append_column("quantity_stone", pa.array([], pa.int64()))) == "unit_unknown"
    assert code(empty.append_column("quantity_KGM", pa.array([], pa.int64()))) == "quantity_twice"
    assert code(empty.drop_columns(["value"]).append_column("value", pa.array([], pa.float64()))) == "column_type"


# A step of a loop is called by other machine code alone.
@jit()
def machine_rounded(amount: int, unit: int, mode: int) -> Any:
    return round_units(amount, unit, mode)


@jit()
def machine_converted(minor: int, mantissa: int, scale: int) -> Any:
    return convert_amount(minor, mantissa, scale)


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [(0, [0, 1, 1, 2]), (1, [0, 0, 0, 1]), (2, [0, 0, 1, 2]), (3, [0, 0, 1, 1])],
)
def test_halves_go_the_way_the_mode_says(mode: int, wanted: list[int]):
    assert [machine_rounded(amount, 10, mode) for amount in (4, 5, 6, 15)] == wanted


def test_a_conversion_is_exact_beyond_what_64_bits_hold(seeded: random.Random):
    for _ in range(500):
        minor, mantissa = seeded.randrange(1, 10**12), seeded.randrange(1, 10**10)
        scale = 10 ** seeded.randrange(9, 13)
        product = minor * mantissa
        assert machine_converted(minor, mantissa, scale) == (2 * product + scale) // (2 * scale)

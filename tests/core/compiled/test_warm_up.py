"""All machine code is made at once, by one process, and whatever is asked afterwards needs no more of it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.kernel import (
    code_columns,
    line_columns,
    loop,
    number_columns,
    option_list,
    text_writer,
)
from ewtp.core.compiled.kernel.warm_up import compile_kernel
from ewtp.core.compiled.machine.code_cache import make_once
from ewtp.core.compiled.market.finder import MarketFinder
from ewtp.core.compiled.market.texts import build_market_texts
from ewtp.core.compiled.table.assessor import TableAssessor
from ewtp.core.compiled.table.lines_from_arrow import NEEDED
from ewtp.core.compiled.table.scalar_fallback import Scalar, WholeBook
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import read_compiled, write_compiled
from tests.core.assessment.small_book import DAY, RATES, VOCABULARY, Texts
from tests.core.compiled.drawn_lines import table_of
from tests.core.markets.test_markets import HORSE, PHONE, asked, world

pytestmark = pytest.mark.kernel
# The functions that Python calls.
ENTRIES: tuple[Any, ...] = (
    code_columns.parse_codes,
    line_columns.check_days,
    line_columns.list_used_frames,
    loop.assess_lines,
    number_columns.read_amount_column,
    number_columns.read_quantity_column,
    number_columns.read_supplementary_column,
    option_list.write_options,
    text_writer._count_rules,
    text_writer._measure_texts,
    text_writer._write_texts,
)

SUPPLEMENTED = {"supplementary_unit": "kg", "supplementary_quantity": Decimal(3)}


@pytest.fixture(scope="module")
def scalar() -> Scalar:
    return Scalar(WholeBook(world()), RATES, Texts(), VOCABULARY)


def tables() -> list[pa.Table]:
    """Lines with every column and with none but those needed, with and without gaps, as texts and as dictionaries."""
    line: dict[str, Any] = {
        "from": "BB",
        "to": "AA",
        "date": DAY,
        "hs": PHONE,
        "value": Decimal(100),
        "currency": "USD",
    }
    more = {"origin": "BB", "freight": Decimal(5), "insurance": Decimal(1), "buyer": "business", "transport": "sea"}
    full = table_of([{**line, **more, **SUPPLEMENTED, "claims": "AA-BB"}] * 3)
    gaps = table_of([{**line, **more, "quantity_kg": Decimal(2)}, line, {**line, "hs": None}])
    plain = gaps.select(NEEDED)
    whole = plain.set_column(plain.column_names.index("value"), "value", pa.array([100, 200, 300], pa.int64()))
    encoded = full.set_column(full.column_names.index("hs"), "hs", full["hs"].dictionary_encode())
    return [full, gaps, plain, whole, encoded, full.slice(1), pa.concat_tables([full, gaps])]


def test_tables_and_markets_need_no_more_machine_code_than_the_warm_up(scalar, tmp_path):
    compile_kernel()
    made = {entry.py_func.__name__: list(entry.signatures) for entry in ENTRIES}
    compiled = compile_book(scalar.reader.frame, VOCABULARY.economies, [HORSE, PHONE])
    write_compiled(compiled, build_market_texts(scalar.reader.frame), tmp_path / "saved")
    saved = read_compiled(tmp_path / "saved")
    assert saved is not None
    for book in (compiled, saved):
        assessor = TableAssessor(book, scalar)
        for table in tables():
            assert not isinstance(assessor.assess_table(table), Refusal)
        finder = MarketFinder(book, build_market_texts(scalar.reader.frame), scalar)
        for question in (asked(HORSE), asked(PHONE, quantities={"kg": "2"})):
            assert finder.find_markets(question, scalar.reader.frame, Texts(), lambda _: scalar.reader.frame)
    assert {entry.py_func.__name__: list(entry.signatures) for entry in ENTRIES} == made
    assert {name: len(signatures) for name, signatures in made.items()} == dict.fromkeys(made, 1)


def test_one_of_several_makes_the_code_and_the_others_wait(tmp_path):
    made: list[str] = []

    def make() -> None:
        made.append("begun")
        time.sleep(0.1)
        made.append("done")

    def wait() -> list[str]:
        make_once(tmp_path, make)
        return list(made)

    with ThreadPoolExecutor(4) as pool:
        found = [pool.submit(wait) for _ in range(4)]
    assert made == ["begun", "done"]
    assert [each.result() for each in found] == [["begun", "done"]] * 4


def test_what_failed_is_made_again(tmp_path):
    def fail() -> None:
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - the very error raised above
        make_once(tmp_path, fail)
    made: list[int] = []
    make_once(tmp_path, lambda: made.append(1))
    make_once(tmp_path, lambda: made.append(2))
    assert made == [1]


def test_sources_written_again_have_their_code_made_again(tmp_path):
    source = tmp_path / "compiled/kernel/loop.py"
    source.parent.mkdir(parents=True)
    made: list[int] = []
    for turn in range(2):
        source.write_text("pass")
        os.utime(source, ns=(turn, turn))
        make_once(tmp_path, lambda: made.append(1), source.parents[1])
    assert made == [1, 1]

"""Tables of lines in the forms in which programs hand them out."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest

from ewtp.core.values.refusal import Refusal
from ewtp.library.arrow_tables import read_table

TABLE = pa.table({"to": ["GB", None, "US"], "value": [1, 2, 3]})


class OnlyAStream:
    """An object that has nothing but the one method of Arrow's interface for tables."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The table as a stream of batches."""
        return self.table.__arrow_c_stream__(requested_schema)


@pytest.mark.parametrize(
    "given",
    [TABLE, TABLE.to_reader(), OnlyAStream(TABLE), TABLE.combine_chunks().to_batches()[0], pl.from_arrow(TABLE)],
    ids=["table", "reader", "stream alone", "batch", "polars"],
)
def test_whatever_hands_out_a_table_is_read(given: object) -> None:
    found = read_table(given)
    assert not isinstance(found, Refusal)
    assert found.to_pydict() == TABLE.to_pydict()
    assert found.schema.field("to").type in {pa.string(), pa.large_string()}


def test_pieces_and_categories_of_polars_are_texts() -> None:
    frame = pl.DataFrame(TABLE).select(pl.col("to").cast(pl.Categorical))
    found = read_table(pl.concat([frame, frame.clear(), frame], rechunk=False))
    assert not isinstance(found, Refusal)
    assert found["to"].type.value_type == pa.large_string()
    assert found["to"].to_pylist() == TABLE["to"].to_pylist() * 2


@pytest.mark.parametrize("given", [[1], {"to": ["GB"]}, None, "lines.csv", pl.Series([1]), pa.array([1])])
def test_what_hands_out_no_table_is_refused(given: object) -> None:
    refused = read_table(given)
    assert isinstance(refused, Refusal)
    assert refused.code == "table_unreadable"

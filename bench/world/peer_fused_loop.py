"""The practical limit as a peer: one fused loop over dense arrays made for these lines, from Parquet to totals.

It does nothing else: no measures behind the figures, no papers, no unknowns, no refusals. Started as
``python -m bench.world.peer_fused_loop LINES FOLDER``, with the folder of the precompiled tables.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.world.fused_arrays import DenseArrays, load_arrays
from bench.world.fused_loop import fused_loop
from bench.world.peer_process import serve

if TYPE_CHECKING:
    from numpy.typing import NDArray

TEXTS = ["from", "to", "origin", "hs", "currency", "buyer", "transport", "claims"]
UNIT, QUANTITY = "supplementary_unit", "supplementary_quantity"


def main() -> None:
    """Load the arrays, then answer orders."""
    path, folder = Path(sys.argv[1]), Path(sys.argv[2])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    quantities = {int(slot): name for slot, name in manifest["quantities"].items()}
    arrays = load_arrays(folder)
    kept: list[NDArray[np.int64]] = []
    units = {int(slot): units for slot, units in manifest["supplementary"].items()}
    runner = Runner(path, arrays, quantities, units)
    runner.group(0)
    pool = ThreadPoolExecutor(2)

    def run() -> dict[str, Any]:
        found = list(pool.map(runner.group, range(runner.groups)))
        kept[:] = [lines for lines, _ in found]
        sums = np.sum([totals for _, totals in found], axis=0)
        return {"totals": {name: int(sums[place]) for place, name in enumerate(arrays.currencies) if sums[place]}}

    def write(target: str) -> None:
        pq.write_table(pa.table({"total": np.concatenate(kept)}), target)

    serve(run, write)


class Runner:
    """Reads a row group and runs the loop over it."""

    def __init__(
        self, path: Path, arrays: DenseArrays, quantities: dict[int, str], units: dict[int, dict[str, int]]
    ) -> None:
        self.path = path
        self.arrays = arrays
        self.quantities = quantities
        self.units = units
        self.groups = pq.read_metadata(path).num_row_groups
        self.columns = [*TEXTS, "date", "value", "freight", "insurance", *quantities.values(), UNIT, QUANTITY]
        self._sets = {name: pa.array(names) for name, names in arrays.names.items()}

    def group(self, number: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The total of each line of a row group in minor units, and the sums by currency."""
        file = pq.ParquetFile(self.path, read_dictionary=[*TEXTS, UNIT])
        table = file.read_row_group(number, columns=self.columns, use_threads=False).combine_chunks()
        lines = table.num_rows
        texts = [self._places(table, name) for name in TEXTS]
        day = np.frombuffer(table["date"].chunk(0).buffers()[1], np.int32, lines)
        amounts = [_words(table[name].chunk(0)) for name in ("value", "freight", "insurance")]
        nothing = np.zeros(0, np.int64)
        counted = tuple(
            _words(table[self.quantities[slot]].chunk(0)) if slot in self.quantities else nothing for slot in range(7)
        )
        supplementary = (*self._units(table), _words(table[QUANTITY].chunk(0)))
        out = np.frombuffer(pa.allocate_buffer(8 * lines), np.int64)
        sums = np.zeros(len(self.arrays.currencies), np.int64)
        fused_loop(self.arrays.tables, *texts, day, *amounts, counted, supplementary, out, sums)  # type: ignore[call-arg] # a compiled function's arguments are not known here
        return out, sums

    def _places(self, table: pa.Table, name: str) -> Any:
        """The numbers of a column's names, by its dictionary, and the line's place in that."""
        column = table[name].chunk(0)
        places = pc.fill_null(pc.index_in(column.dictionary, self._sets[name]), -1).to_numpy(zero_copy_only=False)
        indices = np.frombuffer(column.indices.buffers()[1], np.int32, len(column))
        return places.astype(np.int32), indices

    def _units(self, table: pa.Table) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """How much of each slot a supplementary unit holds, by the column's dictionary, and the line's place in that.

        The last row, of zeros, is for lines without one.
        """
        column = table[UNIT].chunk(0)
        names = column.dictionary.to_pylist()
        factors = np.zeros((len(names) + 1, 7), np.int64)
        for slot, units in self.units.items():
            for place, name in enumerate(names):
                factors[place, slot] = units.get(name, 0)
        return factors, pc.fill_null(column.indices, len(names)).to_numpy()


def _words(column: pa.Array) -> NDArray[np.int64]:
    """Decimals of 64 bits as whole numbers."""
    return np.frombuffer(column.buffers()[1], np.int64, len(column))


if __name__ == "__main__":
    main()

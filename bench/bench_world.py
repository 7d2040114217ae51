"""The compiled rulebook against four peers and against itself on one thread, on the same file of lines.

BENCH_LINES (10 million) says how many. Each result is one JSON line; docs/benchmarks.md says what each peer does and
leaves out.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.world.compiled_seed import assessor_of, whole_seed
from bench.world.lines import import_profile, write_lines
from bench.world.ours import TEXTS, answer_file, line_columns, minor_column, totals_of
from bench.world.peers import Peer, in_turn, note, report, timed
from bench.world.precompiled_tables import write_precompiled
from bench.world.relations import write_relations
from bench.world.world import World, read_asked
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.compiled.table.assessor import TableAssessor

LINES = int(os.environ.get("BENCH_LINES", "10000000"))
THREADS = 2
JOB = (
    "s for the file: prefix, day, origin, duty, additional duties, fees, VAT, papers; outputs kept, totals by currency"
)
LEFT_OUT = "measures' texts, unknowns, refusals, floors and caps on duties, units other than six common ones"
# What every peer in SQL says of a line, by its name there and ours.
AMOUNTS = {
    "customs_value": "customs_value",
    "goods": "goods",
    "duty": "duty",
    "additional": "additional_duty",
    "fees": "fees",
    "tax": "tax",
    "total": "total",
}


def main() -> None:
    """Make the lines and the peers' tables, then measure one peer after the other."""
    with tempfile.TemporaryDirectory(prefix="ewtp-bench-") as name:
        folder = Path(name)
        path = folder / "lines.parquet"
        book = whole_seed()
        note(f"{LINES} lines")
        write_lines(import_profile(book), LINES, path)
        start = time.perf_counter()
        assessor = assessor_of(book)
        note(f"compiled in {time.perf_counter() - start:.1f} s; tables of the peers")
        world = World(book, read_asked(path))
        write_relations(world, folder / "relations")
        write_precompiled(world, folder / "precompiled")
        bench = _Bench(assessor, path, folder)
        # The first table has the loop made into machine code, which no later run does.
        bench.ours(1)
        bench.ours()
        bench.fused()
        bench.precompiled()
        bench.prefix()
        bench.openfisca()
        bench.threads()
        bench.product()


class _Bench:
    """Ours against one peer at a time."""

    def __init__(self, assessor: TableAssessor, path: Path, folder: Path) -> None:
        self.assessor = assessor
        self.path = path
        self.folder = folder
        self.pool = ThreadPoolExecutor(THREADS)

    def ours(self, threads: int = THREADS) -> float:
        """Seconds from the file to answers and totals."""
        return timed(lambda: totals_of(answer_file(self.assessor, self.path, self.pool if threads > 1 else None)))

    def fused(self) -> None:
        """The practical limit: whole numbers and dense arrays, nothing kept but each line's total."""
        peer = Peer(
            "bench.world.peer_fused_loop", str(self.path), str(self.folder / "precompiled"), python=sys.executable
        )
        self._against("fused", "a fused numba loop over dense arrays, 2 threads", peer, 0.6, names={"total": "total"})

    def precompiled(self) -> None:
        """DuckDB where prefixes, days and origins are settled beforehand."""
        peer = Peer("bench.world.peer_duckdb", "precompiled", str(self.path), str(self.folder / "precompiled"))
        self._against("precompiled", "DuckDB on tables precompiled for it, 2 threads", peer, 1.5, names=AMOUNTS)

    def prefix(self) -> None:
        """DuckDB doing all of the job."""
        peer = Peer("bench.world.peer_duckdb", "prefix", str(self.path), str(self.folder / "relations"))
        self._against("prefix", "DuckDB with prefix joins, 2 threads", peer, 5.0, names=AMOUNTS)

    def openfisca(self) -> None:
        """A duty and a VAT by 97 chapters, each side on one thread and from memory; ours from the file besides."""
        peer = Peer("bench.world.peer_openfisca", str(self.path))
        ours, theirs, times = in_turn(self._from_memory, lambda: float(peer.run()["seconds"]))
        peer.close()
        from_file, both = self.ours(1), self.ours()
        report(
            "openfisca",
            "openfisca-core, a duty and a VAT with 97-way dated parameters",
            ratio=theirs / ours,
            target=3.0,
            ours=round(ours / LINES * 1e6, 4),
            theirs=round(theirs / LINES * 1e6, 4),
            unit="µs a line from memory, one thread each; ours the whole job, exact; theirs two floats",
            n=LINES,
            times=times,
            ours_from_the_file=round(from_file / LINES * 1e6, 4),
            ours_from_the_file_in_two_threads=round(both / LINES * 1e6, 4),
        )

    def _from_memory(self) -> float:
        """Seconds for the answers to all row groups, one after the other; reading them is not counted."""
        file = pq.ParquetFile(self.path, read_dictionary=TEXTS)
        columns = line_columns(file.schema_arrow.names)
        taken = 0.0
        kept = []
        for group in range(file.num_row_groups):
            lines = file.read_row_group(group, columns=columns)
            start = time.perf_counter()
            kept.append(self._assess(lines))
            taken += time.perf_counter() - start
        return taken

    def threads(self) -> None:
        """One thread against two."""
        two, one, times = in_turn(self.ours, lambda: self.ours(1))
        report(
            "threads",
            "ours on one thread",
            ratio=one / two,
            target=1.7,
            ours=round(two, 3),
            theirs=round(one, 3),
            unit=JOB,
            n=LINES,
            times=times,
        )

    def product(self, products: int = 40, rounds: int = 5) -> None:
        """One product against every destination of the file, as one table."""
        file = pq.ParquetFile(self.path, read_dictionary=TEXTS)
        lines = file.read_row_group(0, columns=line_columns(file.schema_arrow.names))
        first = lines.group_by("to").aggregate([("date", "count")])["to"].to_pylist()
        picked = np.linspace(0, len(lines) - 1, products).astype(int)
        taken = []
        for number in picked.tolist():
            line = lines.slice(number, 1)
            table = line.take(pa.array([0] * len(first)))
            table = table.set_column(1, "to", pa.array(first)).set_column(0, "from", pa.array(["AQ"] * len(first)))
            table = table.set_column(
                table.column_names.index("hs"), "hs", pa.array([line["hs"][0].as_py()[:6]] * len(first))
            )
            taken.append(min(timed(lambda table=table: self._assess(table)) for _ in range(rounds)) * 1000)  # type: ignore[misc] # mypy cannot infer defaults of lambdas
        median = statistics.median(taken)
        report(
            "product",
            "the time set for the market finder",
            ratio=5.0 / median,
            target=1.0,
            ours=round(median, 3),
            theirs=5.0,
            unit="ms for one product, six digits, against every destination",
            n=products,
            destinations=len(first),
        )

    def _assess(self, table: pa.Table) -> pa.Table:
        found = self.assessor.assess_table(table)
        assert not isinstance(found, Refusal), found
        return found

    def _against(self, bench: str, name: str, peer: Peer, target: float, *, names: dict[str, str]) -> None:
        note(bench)
        ours, theirs, times = in_turn(self.ours, lambda: float(peer.run()["seconds"]))
        written = self.folder / f"{bench}.parquet"
        peer.write(written)
        peer.close()
        agree = self._agreement(written, names)
        written.unlink()
        report(
            bench,
            name,
            ratio=theirs / ours,
            target=target,
            ours=round(ours, 3),
            theirs=round(theirs, 3),
            unit=JOB,
            n=LINES,
            times=times,
            ours_lines_a_second=round(LINES / ours),
            theirs_lines_a_second=round(LINES / theirs),
            agree=agree,
            left_out_by_peer=LEFT_OUT,
        )

    def _agreement(self, written: Path, names: dict[str, str]) -> dict[str, Any]:
        """The share of lines with the same amount, to the minor unit; every amount of the last line group by group."""
        theirs = pq.ParquetFile(written)
        same = dict.fromkeys(names, 0)
        everything = 0
        scalar = 0
        first = 0
        held = theirs.read(columns=list(names))
        for answers in answer_file(self.assessor, self.path, self.pool):
            part = held.slice(first, len(answers))
            first += len(answers)
            scalar += pc.sum(answers["scalar"]).as_py()
            whole = np.ones(len(answers), np.bool_)
            for name, own in names.items():
                equal = part[name].to_numpy() == minor_column(answers, own)
                same[name] += int(equal.sum())
                whole &= equal
            everything += int(whole.sum())
        shares = {**same, "all": everything, "left_to_our_scalar_path": scalar}
        return {name: round(count / LINES, 5) for name, count in shares.items()}


if __name__ == "__main__":
    main()

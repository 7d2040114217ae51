"""DuckDB as a peer: the job in SQL, on plain relations or on tables precompiled for it, on both processors.

Started as ``python -m bench.world.peer_duckdb KIND LINES FOLDER`` in the environment of the peers; KIND names the
job in SQL beside this file, and the script of the tables that it joins.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import duckdb  # type: ignore[import-not-found] # only the environment of the peers has it

from bench.world.peer_process import serve

HERE = Path(__file__).parent
QUANTITY_SCALE = 10_000
SUPPLEMENTARY = ("supplementary_unit", "supplementary_quantity")


def main() -> None:
    """Load the tables, then answer orders."""
    kind, lines, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    connection.execute("SET preserve_insertion_order = false")
    connection.execute("SET enable_progress_bar = false")
    for path in sorted(folder.glob("*.parquet")):
        connection.execute(f"CREATE TABLE {path.stem}_read AS FROM read_parquet('{path}')")
    quantities = {int(slot): name for slot, name in manifest["quantities"].items()}
    wanted = ["from", "to", "origin", "date", "hs", "value", "currency", "freight", "insurance"]
    wanted += ["buyer", "transport", "claims", *quantities.values(), *SUPPLEMENTARY]
    named = ", ".join(f'"{name}"' for name in wanted)
    connection.execute(
        f"CREATE VIEW line_file AS SELECT file_row_number, {named} "  # noqa: S608 - our own names
        f"FROM read_parquet('{lines}', file_row_number = true)",
    )
    connection.execute((HERE / f"{kind}_tables.sql").read_text(encoding="utf-8"))
    units = {int(slot): units for slot, units in manifest["supplementary"].items()}
    slots = " ".join(
        f"WHEN {slot} THEN {_quantity(quantities.get(slot), units.get(slot, {}))}"
        for slot in sorted(quantities.keys() | units.keys())
    )
    job = (HERE / f"{kind}.sql").read_text(encoding="utf-8").replace("{quantities}", slots)
    job = job.replace("{columns}", "".join(f'l."{name}", ' for name in (*quantities.values(), *SUPPLEMENTARY)))

    def run() -> dict[str, Any]:
        connection.execute(job)
        totals = connection.execute(
            "SELECT c.name, sum(total) FROM answer JOIN currency AS c ON c.number = answer.answer GROUP BY ALL",
        ).fetchall()
        return {"totals": {name: int(total) for name, total in totals}}

    def write(path: str) -> None:
        connection.execute(
            "COPY (SELECT a.* EXCLUDE (answer), c.name AS currency FROM answer AS a "  # noqa: S608 - our own path
            f"JOIN currency AS c ON c.number = a.answer ORDER BY line) TO '{path}' (FORMAT parquet)",
        )

    serve(run, write)


def _quantity(column: str | None, units: dict[str, int]) -> str:
    """The quantity of a slot in ten-thousandths: from its column, else from the supplementary one in any such unit."""
    ways = [f'CAST("{column}" * {QUANTITY_SCALE} AS BIGINT)'] if column else []
    if units:
        factors = " ".join(f"WHEN '{unit}' THEN {many}" for unit, many in units.items())
        ways.append(
            f"CAST(supplementary_quantity * {QUANTITY_SCALE} AS BIGINT) * CASE supplementary_unit {factors} END"
        )
    return f"coalesce({', '.join(ways)})"


if __name__ == "__main__":
    main()

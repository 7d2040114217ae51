"""``ewtp batch``: a Parquet file of lines in, a Parquet file of answers out, piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyarrow as pa
from pyarrow import compute, parquet

from ewtp.apps.assessment.tables import table_assessor
from ewtp.core.compiled.reading import check_columns
from ewtp.core.values.refusals import Refusal
from ewtp.web.command_line.preparing import prepare, progress_bar
from ewtp.web.command_line.saying import refuse, say_json

if TYPE_CHECKING:
    from ewtp.core.compiled.assessing import TableAssessor

# What is in memory at once, whatever the file's size.
_LINES_AT_ONCE = 100_000
_REFUSALS = ["refusal", "refusal_message"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def batch(source: Path, target: Path, as_json: bool) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Answer every line of SOURCE into TARGET (both Parquet); refused lines go to TARGET.refused.parquet."""
    try:
        lines = parquet.ParquetFile(source)
    except (OSError, pa.ArrowInvalid):
        refuse(
            Refusal("file_unreadable", f"{source} cannot be read as Parquet; give a file of lines in that format."),
            as_json=as_json,
        )
    refused = check_columns(lines.schema_arrow)
    if refused is not None:
        refuse(refused, as_json=as_json)
    prepare(as_json=as_json)
    assessor = table_assessor()
    if isinstance(assessor, Refusal):
        refuse(assessor, as_json=as_json)
    with lines:
        counts = _answer_all(lines, assessor, target)
    if as_json:
        say_json(counts)
    else:
        click.echo(f"{counts['answered']} lines answered, {counts['refused']} refused; {counts['scalar']} one by one.")


def _answer_all(lines: parquet.ParquetFile, assessor: TableAssessor, target: Path) -> dict[str, int]:
    """Write both files; a name is only taken once its file is whole, so that no half of one is ever mistaken for it."""
    counts = {"answered": 0, "refused": 0, "scalar": 0}
    answers, refusals = _Output(target), _Output(Path(f"{target}.refused.parquet"))
    total = lines.metadata.num_rows
    first = 0
    with progress_bar() as progress:
        for piece in lines.iter_batches(_LINES_AT_ONCE):
            asked = pa.Table.from_batches([piece])
            found = assessor.assess_table(asked)
            if isinstance(found, Refusal):
                msg = f"the columns were checked before: {found.message}"
                raise TypeError(msg)
            row = pa.array(range(first, first + len(asked)), pa.int64())
            bad = compute.is_valid(found["refusal"])
            good = compute.invert(bad)
            answers.write(found.drop_columns(_REFUSALS).add_column(0, "row", row).filter(good))
            set_aside = asked.append_column("refusal", found["refusal"])
            set_aside = set_aside.append_column("refusal_message", found["refusal_message"])
            refusals.write(set_aside.add_column(0, "row", row).filter(bad))
            first += len(asked)
            refused = compute.sum(bad).as_py() or 0
            counts["answered"] += len(asked) - refused
            counts["refused"] += refused
            counts["scalar"] += compute.sum(found["scalar"]).as_py() or 0
            progress("lines answered", first, total)
    answers.finish(always=True)
    refusals.finish(always=False)
    return counts


class _Output:
    """A Parquet file that takes its name when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.part")
        self._writer: parquet.ParquetWriter | None = None
        self._empty: pa.Table | None = None

    def write(self, table: pa.Table) -> None:
        """Append rows; the file is begun with the first ones."""
        self._empty = table.slice(0, 0)
        if table.num_rows:
            if self._writer is None:
                self._writer = parquet.ParquetWriter(self._draft, table.schema)
            self._writer.write_table(table)

    def finish(self, *, always: bool) -> None:
        """Give the file its name; without rows there is one only where ``always`` says so."""
        if self._writer is None and always and self._empty is not None:
            self._writer = parquet.ParquetWriter(self._draft, self._empty.schema)
        if self._writer is None:
            self._path.unlink(missing_ok=True)
            return
        self._writer.close()
        self._draft.replace(self._path)

"""``ewtp synthetic``: a year of synthetic lines as a Parquet file, for trying rules and for measuring speed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pyarrow import parquet

from ewtp.apps.batches.reading.version_profile import read_import_profile
from ewtp.core.synthetic.assumptions import NOTICE, assume
from ewtp.core.synthetic.generator import LINES_AT_ONCE, synthetic_lines
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.sentences import TARGET_EXISTS, TARGET_UNWRITABLE
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.name_value_options import split_pair_list
from ewtp.web.command_line.output import refuse, say, say_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from ewtp.core.synthetic.assumptions import Assumptions

_MOST_LINES = 10_000_000_000
_MOST_SEED = 2**63 - 1
# Every text column keeps its dictionary, whose longest is the list of firms.
_DICTIONARY_BYTES = 1 << 26


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--lines", type=click.IntRange(1, _MOST_LINES), default=LINES_AT_ONCE, help="Number of lines.")
@click.option(
    "--seed", type=click.IntRange(0, _MOST_SEED), default=1, help="Random seed; the same seed gives the same lines."
)
@click.option("--year", type=click.IntRange(1990, 2100), default=2026, help="The year of import.")
@click.option(
    "--assume", "assumed", multiple=True, help="Change an assumption, such as claim_share=0.3; repeat for more."
)
@click.option("--overwrite", is_flag=True, help="Replace an existing TARGET.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def synthetic(**given: Any) -> None:
    """Generate synthetic lines into TARGET (Parquet): invented lines with real codes and programmes of the rulebook."""
    as_json, target = given["as_json"], given["target"]
    assumptions = _assumptions(given["assumed"])
    if isinstance(assumptions, Refusal):
        refuse(assumptions, as_json=as_json)
    if target.exists() and not given["overwrite"]:
        refuse(
            Refusal(TARGET_EXISTS, {"path": target}),
            as_json=as_json,
        )
    prepare(as_json=as_json)
    with progress_bar() as progress:
        progress("reading the rulebook", 0, 0)
        profile = read_import_profile(given["year"])
    if isinstance(profile, Refusal):
        refuse(profile, as_json=as_json)
    tables = synthetic_lines(profile, given["lines"], given["seed"], assumptions)
    failed = _write(tables, target, given["lines"])
    if failed is not None:
        refuse(failed, as_json=as_json)
    said = {
        "synthetic": True,
        "notice": NOTICE,
        "file": str(target),
        "bytes": target.stat().st_size,
        "lines": given["lines"],
        "seed": given["seed"],
        "year": given["year"],
        "rulebook_version": profile.version,
        "assumptions": assumptions.as_json(),
    }
    if as_json:
        say_json(said)
    else:
        say(
            f"{given['lines']} synthetic lines of {given['year']} in {target}: seed {given['seed']}, "
            f"rulebook {profile.version}."
        )
        say(NOTICE)


def _assumptions(texts: tuple[str, ...]) -> Assumptions | Refusal:
    pairs = split_pair_list(texts)
    return pairs if isinstance(pairs, Refusal) else assume(pairs)


def _write(tables: Iterator[pa.Table], target: Path, total: int) -> Refusal | None:
    """Write the tables, each as a row group; the file gets its name when it is complete."""
    draft = target.with_name(f".{target.name}.part")
    writer: parquet.ParquetWriter | None = None
    done = 0
    try:
        with progress_bar() as progress:
            while (table := next(tables, None)) is not None:
                writer = writer or _writer(draft, table.schema)
                writer.write_table(table, row_group_size=LINES_AT_ONCE)
                done += table.num_rows
                # Its memory is needed for the next one.
                del table
                progress("synthetic lines", done, total)
        if writer is not None:
            writer.close()
            draft.replace(target)
    except OSError as error:
        return Refusal(TARGET_UNWRITABLE, {"path": target, "reason": error.strerror or str(error)})
    finally:
        draft.unlink(missing_ok=True)
    return None


def _writer(path: Path, schema: pa.Schema) -> parquet.ParquetWriter:
    texts = [field.name for field in schema if str(field.type).startswith("dictionary")]
    return parquet.ParquetWriter(
        path,
        schema,
        # Amounts seldom repeat, so only texts are worth a dictionary; readers skip by day and destination.
        use_dictionary=texts,
        write_statistics=["date", "to"],
        dictionary_pagesize_limit=_DICTIONARY_BYTES,
        store_decimal_as_integer=True,
    )

"""``ewtp batch``: a Parquet file of lines in, a Parquet file of answers out, piece by piece."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.measure import Measurement
from rich.table import Table

from ewtp.apps.batches.actions.assess_job import pin_version, run_answer_job, totals_in_coins
from ewtp.apps.batches.actions.replay_job import IN_CURRENCY, run_replay_job
from ewtp.apps.batches.actions.runner import LINES_AT_ONCE, RunOptions, run_batch
from ewtp.apps.batches.actions.spark_job import spark_job
from ewtp.core.rulebook.charge_kinds import CHARGE_COLUMNS
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import CURRENCY_NOT_ISO
from ewtp.gateways.parquet.batch_journal import Targets
from ewtp.gateways.parquet.lines import open_lines
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.spark.lines import spark_missing
from ewtp.web.command_line.installation_ready import prepare, progress_bar
from ewtp.web.command_line.output import INTERRUPTED, refuse, say, say_json
from ewtp.web.command_line.replay_command import (
    Publication,
    read_proposal,
    read_record_to_confirm,
    ready_change,
    say_replay,
)
from ewtp.web.command_line.sentences import CHANGE_IS_LOCAL, CURRENCY_WITHOUT_CHANGE
from ewtp.web.command_line.terminal import Terminal

if TYPE_CHECKING:
    from rich.console import Console

    from ewtp.apps.batches.actions.runner import BatchOutcome

# The greatest width of a table of sums, in columns.
_WIDEST = 1_000
_SHOWN = ("customs_value", *CHARGE_COLUMNS, "total")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--change", type=click.Path(path_type=Path), help="Compare with the rulebook changed by a changeset.")
@click.option("--publish", type=click.Path(path_type=Path), help="Write the report of a change for everybody to FILE.")
@click.option("--confirm", type=click.Path(path_type=Path), help="Check whether a published report can be reproduced.")
@click.option("--currency", help="The currency in which a change's sums are added up. [default: USD]")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    help="What answers the lines: this process, or Apache Spark (an extra).",
)
@click.option(
    "--threads", type=click.IntRange(1, 256), help="Pieces answered in parallel; by default the number of CPU cores."
)
@click.option("--lines-at-once", type=click.IntRange(1, 10_000_000), default=LINES_AT_ONCE, help="Lines in a piece.")
@click.option("--restart", is_flag=True, help="Discard the results of an unfinished run.")
@click.option("--overwrite", is_flag=True, help="Replace an existing TARGET.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def batch(source: Path, target: Path, engine: str, as_json: bool, **given: Any) -> None:  # noqa: FBT001 - click passes flags as booleans
    """Answer every line of SOURCE into TARGET (both Parquet); refused lines go to TARGET.refused.parquet.

    A run that was killed resumes where it stopped when the same command is run again.
    """
    currency = given.pop("currency")
    unusable = _engine_unusable(engine, given["change"]) or _currency_unusable(currency, given["change"])
    if unusable is not None:
        refuse(unusable, as_json=as_json)
    lines = open_lines(source)
    if isinstance(lines, Refusal):
        refuse(lines, as_json=as_json)
    path = given.pop("change")
    publish, confirm = given.pop("publish"), given.pop("confirm")
    stored = read_record_to_confirm(publish, confirm, path, as_json=as_json)
    # Acts are compiled on the law in force, which only an installation has.
    prepare(as_json=as_json)
    proposal = None if path is None else read_proposal(path, lines, as_json=as_json)
    version = pin_version()
    if isinstance(version, Refusal):
        refuse(version, as_json=as_json)
    threads = given.pop("threads") or _cores()
    targets = Targets(target)
    try:
        with progress_bar() as progress:
            change = None if proposal is None else ready_change(version, proposal, progress, as_json=as_json)
            if engine == "spark":
                job = spark_job(version, lines, targets, threads=threads)
            else:
                job = run_answer_job(version) if change is None else run_replay_job(change)
            outcome = run_batch(
                job=job,
                source=lines,
                targets=targets,
                options=RunOptions(threads=threads, **given),
                progress=progress,
            )
    except KeyboardInterrupt:
        say("Stopped; run the same command again to resume, or add --restart to start over.", error=True)
        raise SystemExit(INTERRUPTED) from None
    finally:
        lines.close()
    if isinstance(outcome, Refusal):
        refuse(outcome, as_json=as_json)
    if change is not None:
        wanted = Publication(source, publish, stored)
        say_replay(outcome, change, lines, targets, wanted, currency=currency or IN_CURRENCY, as_json=as_json)
        return
    found = _summary(outcome, targets) | {"rulebook": version.label, "columns_ignored": lines.ignored}
    if as_json:
        say_json(found)
    else:
        _print(found)


def _cores() -> int:
    """The number of cores that this process may use, where the system reports it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _engine_unusable(engine: str, change: Path | None) -> Refusal | None:
    if engine != "spark":
        return None
    if change is not None:
        return Refusal(CHANGE_IS_LOCAL)
    return spark_missing()


def _currency_unusable(currency: str | None, change: Path | None) -> Refusal | None:
    if currency is None:
        return None
    if change is None:
        return Refusal(CURRENCY_WITHOUT_CHANGE)
    if currency not in vocabulary().currencies:
        return Refusal(CURRENCY_NOT_ISO, {"currency": currency[:40]})
    return None


def _summary(outcome: BatchOutcome, targets: Targets) -> dict[str, Any]:
    tally = dict(outcome.tally)
    totals = totals_in_coins(tally.pop("totals"))
    done = outcome.lines - outcome.resumed
    return {
        "lines": outcome.lines,
        **tally,
        "totals": totals,
        "resumed": outcome.resumed,
        "seconds": round(outcome.seconds, 2),
        "lines_per_second": round(done / max(outcome.seconds, 1e-9)),
        "answers_file": str(targets.answers),
        "refused_file": str(targets.refused) if tally["refused"] else None,
    }


def _print(found: dict[str, Any]) -> None:
    say(
        f"{found['answered']} lines answered, {found['incomplete']} of them incomplete; {found['refused']} refused;"
        f" {found['seconds']} s, {found['lines_per_second']} lines per second."
    )
    if found["resumed"]:
        say(f"{found['resumed']} lines were answered by an earlier run.")
    if found["columns_ignored"]:
        say(f"Columns ignored: {', '.join(found['columns_ignored'])}.")
    if found["refused_file"]:
        reasons = ", ".join(f"{code} {lines}" for code, lines in sorted(found["refusals"].items()))
        say(f"Refused lines, with reasons: {found['refused_file']} ({reasons}).")
    print_totals(found["totals"], Terminal())


def print_totals(totals: dict[str, dict[str, Any]], out: Console) -> None:
    """Print the sums by currency: one row per currency if that fits the terminal, otherwise one row per sum."""
    wide = Table("currency", "lines", *(name.replace("_", " ") for name in _SHOWN))
    for currency, sums in totals.items():
        wide.add_row(currency, str(sums["lines"]), *(sums[name] for name in _SHOWN))
    if Measurement.get(out, out.options.update(max_width=_WIDEST), wide).maximum <= out.width:
        out.print(wide)
        return
    narrow = Table("currency", "lines", "sum", box=None, pad_edge=False)
    narrow.add_column("amount", justify="right", no_wrap=True)
    for currency, sums in totals.items():
        named = [currency, str(sums["lines"])]
        for name in _SHOWN:
            if Decimal(sums[name]):
                narrow.add_row(*named, name.replace("_", " "), sums[name])
                named = ["", ""]
    out.print(narrow)

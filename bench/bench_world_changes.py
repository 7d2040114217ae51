"""Replay against a plain batch, memory on ten times the lines, and publishing one measure against compiling all.

All through the `ewtp` command and an installation of its own in a temporary folder. BENCH_LINES (10 million) says how
many lines.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from bench.seed_questions import read_seed
from bench.world.compiled_seed import whole_seed
from bench.world.lines import import_profile, write_lines
from bench.world.patch import measure_changes
from bench.world.peers import in_turn, note, report
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.changeset.diff import difference
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.record_json import record_as_json
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.rulebook.book import Book

LINES = int(os.environ.get("BENCH_LINES", "10000000"))
MORE = 10
CHANGED = 5
AGREEMENT = "GB-canada"
DAY = date(2026, 6, 30)
EWTP = Path(sys.executable).with_name("ewtp")


def main() -> None:
    """Measure in a temporary installation, which is removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ewtp-bench-"))
    home = folder / "home"
    home.mkdir()
    os.environ |= {"EWTP_HOME": str(home), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    os.environ.pop("DATABASE_URL", None)
    try:
        book = whole_seed()
        measure_changes(book)
        profile = import_profile(book)
        lines = folder / "lines.parquet"
        write_lines(profile, LINES, lines)
        changes = _changes(book)
        note("the installation's first batch, which compiles")
        few = folder / "few.parquet"
        write_lines(profile, 1_000, few)
        _batch(few, folder / "out.parquet")
        for name, changeset in changes.items():
            change = folder / "change.json"
            change.write_text(json.dumps(changeset), encoding="utf-8")
            _replay(lines, change, folder, name)
        _publishing(home, folder)
        _memory(profile, lines, folder)
    finally:
        from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - it reads the home set above

        database_stop(home)
        shutil.rmtree(folder, ignore_errors=True)


def _changes(book: Book) -> dict[str, dict[str, Any]]:
    """Changesets made up for the measurement: of few measures, of an agreement, of all that an economy imports."""
    law = [rule.measure for _, rules in sorted(book.rules.items()) for rule in rules if rule.first_day <= DAY]
    now = [measure for measure in law if measure.validity.end is None or measure.validity.end >= DAY]
    duties = [m for m in now if m.territory == "GB" and m.kind is Kind.DUTY and len(m.product.prefix) == 8]
    agreement = [m for m in law if m.territory == "GB" and m.kind is Kind.PREFERENCE and AGREEMENT in m.origins.include]
    whole = [m for m in now if not m.product.prefix and m.origins.include == ("*",)]
    additional = next(m for m in whole if m.territory == "US" and m.kind is Kind.ADDITIONAL_DUTY)
    tax = next(m for m in whole if m.territory == "GB" and m.kind is Kind.TAX)
    chosen = {
        "one British duty": (duties[len(duties) // 2 :][:1], "0%"),
        "five British duties": (duties[:: len(duties) // CHANGED][:CHANGED], "0%"),
        "a British agreement": (agreement, "1%"),
        "an additional duty of the United States on everything": ([additional], "15%"),
        "the British value added tax": ([tax], "21%"),
    }
    return {
        name: changeset_as_json(
            difference(before, [replace(measure, expression=expression) for measure in before], names=("now", name))
        )
        for name, (before, expression) in chosen.items()
    }


def _batch(source: Path, target: Path, *options: str) -> tuple[float, int]:
    """Run `ewtp batch`: seconds from start to end, and the process's peak memory in bytes."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [str(EWTP), "batch", str(source), str(target), "--overwrite", "--json", *options],
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        msg = f"ewtp batch ended with status {status}"
        raise SystemExit(msg)
    return seconds, usage.ru_maxrss * 1024


def _replay(lines: Path, change: Path, folder: Path, name: str) -> None:
    target = folder / "out.parquet"
    note(f"replay: {name}")
    replayed, plain, times = in_turn(
        lambda: _batch(lines, target, "--change", str(change))[0],
        lambda: _batch(lines, target)[0],
    )
    report(
        "replay",
        "a plain batch of the same lines, whole commands",
        ratio=plain / replayed,
        target=1 / 1.5,
        ours=round(replayed, 2),
        theirs=round(plain, 2),
        unit="s for the file, start of the command, opening the database and making the change ready included",
        change=name,
        n=LINES,
        times=times,
        times_a_plain_batch=round(replayed / plain, 3),
    )


def _publishing(home: Path, folder: Path) -> None:
    """How long the latest version takes to be ready for tables: after one measure changed, and from nothing."""
    import django  # noqa: PLC0415 - the settings read the environment that is set above

    django.setup()
    from ewtp.apps.batches.actions.assess_job import pin_version  # noqa: PLC0415 - see above
    from ewtp.apps.rulebook.actions.file_import import rulebook_import  # noqa: PLC0415 - see above

    note("publishing")
    seed = read_seed()
    few = min(
        {m.source.id: m.source for m in seed.measures if m.kind is Kind.TAX}.values(),
        key=lambda source: (sum(m.source.id == source.id for m in seed.measures), source.id),
    )
    measures = [m for m in seed.measures if m.source.id == few.id]
    published: list[float] = []
    whole: list[float] = []
    for turn in range(3):
        changed = [replace(measures[0], title=f"{measures[0].title} ({turn})"), *measures[1:]]
        path = folder / "one.jsonl"
        records: list[Any] = [few, *changed]
        path.write_bytes(b"".join(orjson.dumps(record_as_json(record)) + b"\n" for record in records))
        done = rulebook_import(
            format="ewtp-jsonl",
            path=path,
            effective=None,
            actor=system_actor("bench"),
            now=datetime.now(UTC),
            removals_allowed=True,
        )
        if isinstance(done, Refusal):
            raise SystemExit(done.message)
        start = time.perf_counter()
        pin_version()
        published.append(time.perf_counter() - start)
        shutil.rmtree(home / "compiled")
        start = time.perf_counter()
        pin_version()
        whole.append(time.perf_counter() - start)
        note(f"  one measure {published[-1]:.2f} s, all {whole[-1]:.2f} s")
    ours, theirs = sorted(published)[1], sorted(whole)[1]
    report(
        "publishing",
        "compiling the whole book",
        ratio=theirs / ours,
        target=20.0,
        ours=round(ours, 3),
        theirs=round(theirs, 3),
        unit="s until the new version answers tables, reading the database included",
        n=1,
        times=len(published),
    )


def _memory(profile: Any, lines: Path, folder: Path) -> None:
    note("memory")
    target = folder / "out.parquet"
    _, few = _batch(lines, target)
    lines.unlink()
    target.unlink()
    write_lines(profile, LINES * MORE, lines)
    seconds, many = _batch(lines, target)
    report(
        "memory",
        "the same command on a tenth of the lines",
        ratio=few / many,
        target=1 / 1.2,
        ours=round(many / 2**20),
        theirs=round(few / 2**20),
        unit="MiB at the peak of `ewtp batch`",
        n=LINES * MORE,
        times=1,
        seconds=round(seconds, 1),
        lines_a_second=round(LINES * MORE / seconds),
    )


if __name__ == "__main__":
    main()

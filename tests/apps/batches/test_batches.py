"""Batches with a job that needs no rulebook: order, both files, and resuming wherever a run ended."""

from __future__ import annotations

import json
import resource
import shutil
import threading
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from ewtp.apps.batches.actions.runner import Answered, BatchOutcome, Job, Piece, RunOptions, run_batch
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import literal_sentence
from ewtp.gateways.parquet.batch_journal import Targets, open_batch_journal
from ewtp.gateways.parquet.lines import LinesFile, open_lines

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

pytestmark = pytest.mark.slow

COUNT = 1000
SCHEMA = pa.schema(
    [
        ("code", pa.dictionary(pa.int32(), pa.string())),
        ("twice", pa.decimal64(18, 4)),
        ("refusal", pa.string()),
        ("refusal_message", pa.string()),
    ],
)


def lines(count: int = COUNT) -> pa.Table:
    return pa.table(
        {
            "from": ["ZA"] * count,
            "to": ["GB"] * count,
            "date": pa.array([date(2026, 6, 30)] * count, pa.date32()),
            "hs": [f"{number:06}" for number in range(count)],
            "value": pa.array([Decimal(number) for number in range(count)], pa.decimal128(18, 2)),
            "currency": ["GBP"] * count,
            "note": [f"note {number}" for number in range(count)],
        },
    )


def answer(piece: Piece) -> Answered:
    """Codes ending in 7 are refused; a little time passes, not the same for each."""
    codes = piece.lines["hs"].cast(pa.string()).to_pylist()
    time.sleep(int(codes[0]) * 7 % 5 / 1000)
    bad = [code.endswith("7") for code in codes]
    values = piece.lines["value"].to_pylist()
    table = pa.table(
        {
            "code": pa.array([None if b else c for b, c in zip(bad, codes, strict=True)]).cast(SCHEMA.field(0).type),
            "twice": [None if b else 2 * v for b, v in zip(bad, values, strict=True)],
            "refusal": ["seven" if b else None for b in bad],
            "refusal_message": ["Codes ending in 7 are refused." if b else None for b in bad],
        },
        schema=SCHEMA,
    )
    return Answered(table, {"lines": [len(codes)], "first": [piece.first]})


def add(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: one[name] + other[name] for name in one}


def job(answering: Callable[[Piece], Answered | Refusal] = answer, rulebook: str = "a") -> Job:
    return Job(answering, SCHEMA, {"the rulebook": rulebook}, add, {"lines": [], "first": []})


def opened(path: Path) -> LinesFile:
    found = open_lines(path)
    assert isinstance(found, LinesFile), found
    return found


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.parquet"
    parquet.write_table(lines(), path, row_group_size=130)
    return path


def run(source: Path, target: Path, doing: Job | None = None, **manner: Any) -> BatchOutcome | Refusal:
    file = opened(source)
    try:
        given = {"threads": 3, "lines_at_once": 40, **manner}
        return run_batch(
            job=doing or job(),
            source=file,
            targets=Targets(target),
            options=RunOptions(**given),
            progress=lambda _what, _done, _total: None,
        )
    finally:
        file.close()


def check_files(target: Path, count: int = COUNT) -> None:
    """Both files hold what an uninterrupted run writes, and nothing else is left."""
    asked = lines(count).to_pylist()
    good = [{"line": n, "code": f"{n:06}", "twice": Decimal(2 * n)} for n in range(count) if n % 10 != 7]
    bad = [
        {"line": n, "code": "seven", "message": "Codes ending in 7 are refused.", **asked[n]}
        for n in range(count)
        if n % 10 == 7
    ]
    assert parquet.read_table(target).to_pylist() == good
    side = parquet.read_table(f"{target}.refused.parquet")
    assert side.to_pylist() == bad
    assert side.schema.field("hs").type == pa.string()
    assert not Path(f"{target}.parts").exists()


@pytest.mark.parametrize(("threads", "size"), [(1, 40), (4, 1), (4, 130), (3, 333), (2, 5000)])
def test_answers_are_in_the_order_of_the_lines(source: Path, tmp_path: Path, threads: int, size: int):
    outcome = run(source, tmp_path / "out.parquet", threads=threads, lines_at_once=size)
    assert isinstance(outcome, BatchOutcome)
    assert (outcome.lines, outcome.resumed) == (COUNT, 0)
    assert sum(outcome.tally["lines"]) == COUNT
    assert outcome.tally["first"] == list(range(0, COUNT, size))
    check_files(tmp_path / "out.parquet")


def test_threads_work_at_the_same_time(source: Path, tmp_path: Path):
    together = threading.Barrier(3, timeout=20)
    left = []

    def wait(piece: Piece) -> Answered:
        if piece.first < 120:
            together.wait()
        return answer(piece)

    doing = Job(wait, SCHEMA, {}, add, job().empty_tally, on_thread_exit=lambda: left.append(threading.get_ident()))
    assert isinstance(run(source, tmp_path / "out.parquet", doing), BatchOutcome)
    assert len(set(left)) == 3


def test_few_pieces_are_in_memory_at_once(source: Path, tmp_path: Path):
    """However slow the first piece is, the others are not read ahead without end."""
    started: list[int] = []
    seen: list[int] = []

    def count(piece: Piece) -> Answered:
        if piece.first == 0:
            time.sleep(0.5)
            seen.append(len(started))
        else:
            started.append(piece.first)
        return answer(piece)

    assert isinstance(run(source, tmp_path / "out.parquet", job(count), lines_at_once=10), BatchOutcome)
    assert seen[0] <= 3


class StopError(Exception):
    """Stands for the process being killed."""


def stopped(source: Path, target: Path, after: int, **manner: Any) -> None:
    def stop(piece: Piece) -> Answered:
        if piece.first >= after:
            raise StopError
        return answer(piece)

    with pytest.raises(StopError):
        run(source, target, job(stop), **manner)
    assert not target.exists()


def test_a_run_goes_on_where_another_stopped(source: Path, tmp_path: Path):
    target = tmp_path / "out.parquet"
    stopped(source, target, 500)
    asked = []

    def watched(piece: Piece) -> Answered:
        asked.append(piece.first)
        return answer(piece)

    outcome = run(source, target, job(watched), threads=1, lines_at_once=77)
    assert isinstance(outcome, BatchOutcome)
    assert 0 < outcome.resumed <= 520
    assert min(asked) == outcome.resumed
    assert sum(outcome.tally["lines"]) == COUNT
    check_files(target)


def test_whatever_was_half_written_is_written_again(source: Path, tmp_path: Path, seeded: random.Random):
    target, parts, kept = tmp_path / "out.parquet", tmp_path / "out.parquet.parts", tmp_path / "kept"
    stopped(source, target, 600)
    shutil.copytree(parts, kept)
    journal = (kept / "journal").read_bytes()
    for _ in range(12):
        shutil.rmtree(parts, ignore_errors=True)
        shutil.copytree(kept, parts)
        # The journal breaks off anywhere, and the data continues with what nobody finished.
        (parts / "journal").write_bytes(
            journal[: seeded.randrange(len(journal) + 1)] + seeded.choice([b"", b"\0\0", b"{"])
        )
        for name in ("answers", "refused"):
            with (parts / f"{name}.data").open("ab") as file:
                file.write(seeded.randbytes(seeded.randrange(2000)))
        outcome = run(source, target, threads=1, lines_at_once=200)
        assert isinstance(outcome, BatchOutcome)
        assert sum(outcome.tally["lines"]) == COUNT
        check_files(target)
        target.unlink()
        Path(f"{target}.refused.parquet").unlink()


@pytest.mark.parametrize("step", range(9))
def test_the_end_can_be_interrupted_anywhere(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int):
    target = tmp_path / "out.parquet"
    taken = [0]

    def breaking(name: str) -> None:
        real = getattr(Path, name)

        def change(path: Path, *given: Any, **more: Any) -> Any:
            if "parts" in str(path) and path.suffix != ".draft":
                taken[0] += 1
                if taken[0] > step:
                    raise StopError
            return real(path, *given, **more)

        monkeypatch.setattr(Path, name, change)

    for name in ("replace", "unlink", "rmdir"):
        breaking(name)
    try:
        run(source, target)
    except StopError:
        monkeypatch.undo()
        again = run(source, target)
        # Once the folder is no longer known as a batch's, the files are there and whole.
        assert isinstance(again, BatchOutcome) or again.code == "target_exists"
    else:
        monkeypatch.undo()
        assert taken[0] <= step
    check_files(target)


def code(outcome: BatchOutcome | Refusal) -> str:
    assert isinstance(outcome, Refusal)
    return outcome.code


def test_pieces_of_something_else_are_not_gone_on_with(source: Path, tmp_path: Path):
    target = tmp_path / "out.parquet"
    stopped(source, target, 500)
    outcome = run(source, target, job(rulebook="b"))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "batch_changed"
    assert "of the rulebook;" in outcome.message
    assert "--restart" in outcome.message
    parquet.write_table(lines(900), source)
    outcome = run(source, target, job(rulebook="b"))
    assert isinstance(outcome, Refusal)
    assert "of the file of lines and the rulebook;" in outcome.message
    assert isinstance(run(source, target, job(rulebook="b"), restart=True), BatchOutcome)
    check_files(target, 900)


def test_pieces_that_were_lost_are_noticed(source: Path, tmp_path: Path):
    stopped(source, tmp_path / "out.parquet", 500)
    (tmp_path / "out.parquet.parts" / "refused.data").unlink()
    assert code(run(source, tmp_path / "out.parquet")) == "batch_broken"


def test_two_runs_do_not_write_the_same_target(source: Path, tmp_path: Path):
    target = tmp_path / "out.parquet"
    parts = open_batch_journal(Targets(target), {}, restart=False, overwrite=False)
    assert not isinstance(parts, Refusal)
    assert code(run(source, target)) == "batch_running"
    parts.close()
    assert isinstance(run(source, target, restart=True), BatchOutcome)


def test_a_target_is_replaced_only_on_request_and_only_at_the_end(source: Path, tmp_path: Path):
    target = tmp_path / "out.parquet"
    target.write_text("mine")
    assert code(run(source, target)) == "target_exists"
    assert not Path(f"{target}.parts").exists()
    with pytest.raises(StopError):
        run(source, target, job(_stop), overwrite=True)
    assert target.read_text() == "mine"
    assert isinstance(run(source, target, overwrite=True), BatchOutcome)
    check_files(target)


def _stop(piece: Piece) -> Answered:
    if piece.first > 100:
        raise StopError
    return answer(piece)


def test_an_old_side_file_does_not_stay_beside_new_answers(source: Path, tmp_path: Path):
    target = tmp_path / "out.parquet"
    Path(f"{target}.refused.parquet").write_text("of another run")
    assert code(run(source, target)) == "target_exists"

    def all_good(piece: Piece) -> Answered:
        found = answer(piece).table
        nothing = pa.nulls(found.num_rows, pa.string())
        return Answered(found.set_column(2, "refusal", nothing).set_column(3, "refusal_message", nothing), {})

    doing = Job(all_good, SCHEMA, {}, lambda one, _other: one, {})
    assert isinstance(run(source, target, doing, overwrite=True), BatchOutcome)
    assert not Path(f"{target}.refused.parquet").exists()
    assert parquet.read_metadata(target).num_rows == COUNT


def test_a_file_of_no_lines_gives_a_file_of_no_answers(tmp_path: Path):
    parquet.write_table(lines().slice(0, 0), tmp_path / "in.parquet")
    outcome = run(tmp_path / "in.parquet", tmp_path / "out.parquet")
    assert isinstance(outcome, BatchOutcome)
    assert parquet.read_table(tmp_path / "out.parquet").schema.names == ["line", "code", "twice"]
    assert not (tmp_path / "out.parquet.refused.parquet").exists()


def test_lines_are_not_overwritten(source: Path, tmp_path: Path):
    assert code(run(source, source, overwrite=True)) == "target_is_source"
    side = tmp_path / "out.parquet.refused.parquet"
    shutil.copy(source, side)
    assert code(run(side, tmp_path / "out.parquet", overwrite=True)) == "target_is_source"


def test_refused_lines_can_be_mended_and_asked_again(source: Path, tmp_path: Path):
    assert isinstance(run(source, tmp_path / "out.parquet"), BatchOutcome)
    side = tmp_path / "out.parquet.refused.parquet"
    assert opened(side).ignored == ["line", "code", "message", "note"]
    assert isinstance(run(side, tmp_path / "again.parquet"), BatchOutcome)
    again = parquet.read_table(tmp_path / "again.parquet.refused.parquet")
    assert again.column_names == ["line", "code", "message", *lines(0).column_names]
    assert again["line"].to_pylist() == list(range(100))


def test_a_file_that_changes_meanwhile_is_refused(source: Path, tmp_path: Path):
    def rewriting(piece: Piece) -> Answered:
        if piece.first == 0:
            parquet.write_table(lines(10), tmp_path / "new.parquet")
            (tmp_path / "new.parquet").replace(source)
        return answer(piece)

    assert code(run(source, tmp_path / "out.parquet", job(rewriting))) == "source_changed"
    assert not (tmp_path / "out.parquet").exists()


def test_a_file_that_breaks_off_is_refused(source: Path, tmp_path: Path):
    data = bytearray(source.read_bytes())
    place = parquet.read_metadata(source).row_group(4).column(3).data_page_offset
    data[place : place + 60] = b"\xff" * 60
    source.write_bytes(data)
    assert code(run(source, tmp_path / "out.parquet")) == "file_unreadable"


def test_a_folder_that_cannot_be_written_is_refused(source: Path, tmp_path: Path):
    assert code(run(source, tmp_path / "nowhere" / "out.parquet")) == "target_unwritable"


def test_a_full_disk_is_refused_and_the_run_goes_on_later(source: Path, tmp_path: Path):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond this, which the kernel reports as it does a full disk.
    resource.setrlimit(resource.RLIMIT_FSIZE, (9_000, hard))
    try:
        found = run(source, tmp_path / "out.parquet")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert code(found) == "target_unwritable"
    outcome = run(source, tmp_path / "out.parquet")
    assert isinstance(outcome, BatchOutcome)
    assert outcome.resumed > 0
    check_files(tmp_path / "out.parquet")


def test_what_stops_a_piece_stops_the_run_and_keeps_the_rest(source: Path, tmp_path: Path):
    def refusing(piece: Piece) -> Answered | Refusal:
        return Refusal(literal_sentence("plain", "No.")) if piece.first >= 400 else answer(piece)

    assert code(run(source, tmp_path / "out.parquet", job(refusing))) == "plain"
    journal = (tmp_path / "out.parquet.parts" / "journal").read_text().splitlines()
    assert sum(json.loads(entry)["lines"] for entry in journal) == 400
    assert isinstance(run(source, tmp_path / "out.parquet"), BatchOutcome)
    check_files(tmp_path / "out.parquet")

"""A replay: the lines of a file under the rulebook and under the rulebook with a change, in one pass."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connections

from ewtp.apps.assessment.reading.version_scalar import version_scalar
from ewtp.apps.batches.actions.assess_job import inputs_digest
from ewtp.apps.batches.actions.runner import Answered, Job
from ewtp.apps.batches.reading.affected_law import law_around
from ewtp.apps.batches.reading.overlay_reader import OverlaidReader
from ewtp.apps.batches.reading.sentences import COLUMN_TYPE
from ewtp.apps.batches.reading.version_assessor import version_assessor
from ewtp.apps.rulebook.reading.changeset_file import changeset_file_read
from ewtp.apps.rulebook.reading.records_by_key import records_held
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.patch.patch import patch_book
from ewtp.core.compiled.table.assessor import ANSWER_SCHEMA, TableAssessor
from ewtp.core.compiled.table.scalar_table import answer_by_scalar
from ewtp.core.replay.affected_lines import AffectedLines
from ewtp.core.replay.aggregates import (
    BOUNDS_BY_DAY,
    BY_DAY,
    BY_PERIOD,
    MAY_CLAIM,
    MONTHS,
    OFFERED,
    PAID_BY_SIZE,
    TALLY_EDITION,
    ReplayTally,
    RunningTally,
    Sums,
    tally_from_json,
)
from ewtp.core.replay.answer_join import build_joined_schema, join_answers
from ewtp.core.replay.change_conversion import convert_changes
from ewtp.core.replay.comparison import compare_rows, tally_lines
from ewtp.core.replay.cost_bounds import convert_bounds
from ewtp.core.replay.months import first_day
from ewtp.core.replay.paper_index import PaperIndex, RequiredPaper
from ewtp.core.replay.paper_offers import PaperOffer, count_offered, find_offers
from ewtp.core.replay.preference_offers import PreferenceOffer, find_preferences, sum_preferences
from ewtp.core.replay.promise_days import count_promised, find_turns
from ewtp.core.replay.report import ReplayReport
from ewtp.core.replay.row_selection import take_rows
from ewtp.core.replay.size_shares import share_by_size
from ewtp.core.rulebook.changeset.diff import (
    apply_unchecked,
    base_moved,
    contradiction,
    early_end,
    ends_early,
    mismatches,
    overlap,
)
from ewtp.core.rulebook.changeset.law_record import record_name, record_period
from ewtp.core.rulebook.changeset.overlay import Overlay
from ewtp.core.rulebook.measure import Kind
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.compiled_store.books import find_compiled_folder, read_compiled
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.reference.hs_texts import subheadings
from ewtp.gateways.reference.iso_codes import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from ewtp.apps.batches.actions.runner import BatchOutcome, Piece, Tally
    from ewtp.apps.batches.reading.affected_law import LawAround
    from ewtp.apps.rulebook.reading.changeset_file import ChangesetFile
    from ewtp.apps.rulebook.reading.versions import VersionRef
    from ewtp.core.compiled.table.scalar_fallback import Scalar
    from ewtp.core.rulebook.book import Book
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.measure import Measure
    from ewtp.gateways.parquet.lines import LinesFile

# Beside the columns of lines: who the trader is, and whether the line was made up.
FIRM_COLUMNS = ("firm_size", "firm")
SYNTHETIC = "synthetic"
_SYNTHETIC_KEY = b"ewtp.synthetic"
_FIRST_NAMES = 5
# The currency of sums in one currency, where nobody names another.
IN_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal prepared on a version: the records that the version does not hold, and how lines are answered.

    ``missing`` are the records that the proposal ends or amends and the version does not have. ``answer_before``
    answers tables from the version, ``answer`` with the proposal; ``scalars`` do both line by line, where these do.
    """

    version: VersionRef
    proposal: ChangesetFile
    missing: tuple[LawRecord, ...]
    affected: AffectedLines
    papers: PaperIndex
    offers: tuple[PaperOffer, ...]
    preferences: tuple[PreferenceOffer, ...]
    # The law around the change, without it and with it: what agencies promise.
    sides: tuple[Book, Book]
    answer_before: Callable[[pa.Table], pa.Table | Refusal]
    answer: Callable[[pa.Table], pa.Table | Refusal]
    scalars: tuple[Scalar, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The report's description of the change."""
        changeset = self.proposal.changeset
        return {
            "before": changeset.before,
            "after": changeset.after,
            "counts": changeset.counts,
            "digest": self.proposal.digest,
            "not_held": {
                "count": len(self.missing),
                "first": [
                    f"{record_name(record)} from {record_period(record).start}"
                    for record in self.missing[:_FIRST_NAMES]
                ],
            },
        }


def changeset_read(path: Path) -> ChangesetFile | Refusal:
    """The changeset in a file, if it can be replayed.

    Refuses with ``changeset_contradicts``, and with what ``changeset_file_read`` refuses.
    """
    read = changeset_file_read(path)
    if isinstance(read, Refusal):
        return read
    early = early_end(read.changeset)
    return read if early is None else ends_early(early)


def change_ready(version: VersionRef, proposal: ChangesetFile, *, scalar: bool = False) -> Change | Refusal:
    """The proposal on a version of the rulebook, which is compiled; ``scalar`` answers few lines with nothing compiled.

    Refuses with ``changeset_base_moved`` where the version holds a record of the proposal otherwise, or already, and
    with ``changeset_contradicts``. Records that the version does not hold at all are named in the report instead.
    """
    overlay = Overlay(proposal.changeset)
    reader = RulebookReader(version)
    law = law_around(reader, overlay)
    others = proposal.changeset.others
    held = records_held(others, version.published_at) if others else []
    found = (*overlay.mismatches(law.book), *mismatches(others, held))
    moved = tuple(mismatch for mismatch in found if mismatch.held is not None)
    if moved:
        return base_moved(moved)
    for one, other in chain(overlay.contradictions(law.book), pairwise(apply_unchecked(others, held))):
        if overlap(one, other):
            return contradiction(one, other)
    after = law.after(overlay)
    rates = reader.rates.latest
    scalars = (version_scalar(reader, rates), version_scalar(OverlaidReader(reader, overlay, after), rates))
    added = tuple(measure for part in overlay.parts.values() for measure in part.added)
    answer_before: Callable[[pa.Table], pa.Table | Refusal]
    answer: Callable[[pa.Table], pa.Table | Refusal]
    if scalar:
        answer_before, answer = (partial(answer_by_scalar, scalar=each) for each in scalars)
    else:
        plain = version_assessor(version)
        answer_before, answer = plain.assess_table, overlaid_assessor(reader, overlay, law, after, plain).assess_table
    held_papers = {name: RequiredPaper(*paper) for name, paper in reader.read_papers().items()}
    papers = PaperIndex(held_papers | _papers(added))
    return Change(
        version,
        proposal,
        tuple(mismatch.record for mismatch in found),
        AffectedLines(
            law.book,
            after,
            overlay.parts,
            vocabulary().economies,
            others.records,
            replaced=reader.editions.replaced,
        ),
        papers,
        find_offers(added, papers, after.groups),
        find_preferences((*added, *others.added), after),
        (law.book, after),
        answer_before,
        answer,
        scalars if scalar else (),
    )


def overlaid_assessor(
    reader: RulebookReader, overlay: Overlay, law: LawAround, after: Book, plain: TableAssessor
) -> TableAssessor:
    """Answers tables from the reader's version with the change; ``plain`` does without. Any thread may call it."""
    before = read_compiled(find_compiled_folder(home_path(), reader.version.digest))
    compiled = (
        None
        if before is None or law.differing is None
        else patch_book(before, after, law.differing, regrouped=law.regrouped)
    )
    if compiled is None:
        compiled = compile_book(overlay.over(reader.whole()), vocabulary().economies, subheadings())
    scalar = version_scalar(OverlaidReader(reader, overlay, after), reader.rates.latest)
    return TableAssessor(compiled, scalar, plain)


def run_replay_job(change: Change) -> Job:
    """Answers every line from the version, and those that the change can affect also with it; a job runs once."""
    gathering = RunningTally()
    turns = find_turns(*change.sides)

    def answer(piece: Piece) -> Answered | Refusal:
        one = change.answer_before(piece.lines)
        if isinstance(one, Refusal):
            return one
        rows = change.affected.find_rows(piece.lines)
        reached = take_rows(piece.lines, rows)
        two = change.answer(reached)
        if isinstance(two, Refusal):
            return two
        found = compare_rows(one, two, rows, change.papers)
        counted = tally_lines(_with_traders(piece), one, two, papers=change.papers, rows=rows, found=found, turns=turns)
        offered = count_offered(reached, two, change.offers, change.papers, change.answer)
        asked = (change.answer_before, change.answer)
        besides: dict[str, Sums] = {
            OFFERED: {(): (offered,)},
            MAY_CLAIM: sum_preferences(reached, two, change.preferences, change.sides[1], asked),
            SYNTHETIC: {(): (_count_synthetic(piece.columns),)},
        }
        tally = ReplayTally({**counted.tables, **besides}, counted.firms, counted.cells)
        return Answered(join_answers(one, two, rows, found), tally.as_json())

    def merge_tallies(so_far: dict[str, Any], tally: dict[str, Any]) -> dict[str, Any]:
        # What is gathered stays out of JSON: it is only whole when the last piece was added.
        gathering.add(tally_from_json(tally))
        return so_far

    return Job(
        answer=answer,
        schema=build_joined_schema(ANSWER_SCHEMA),
        inputs_digest=_inputs(change),
        merge_tallies=merge_tallies,
        empty_tally={"gathering": gathering},
        on_thread_exit=connections.close_all,
    )


def _inputs(change: Change) -> dict[str, Any]:
    """What the pieces of a replay depend on; the program with the edition of its tables."""
    found = inputs_digest(change.version)
    program = f"{found['the program']}, tally {TALLY_EDITION}"
    return {**found, "the program": program, "the change": change.proposal.file_digest}


def columns_refused(lines: LinesFile) -> Refusal | None:
    """Whether the columns that only a replay reads have types that it can read."""
    for name in (*FIRM_COLUMNS, SYNTHETIC):
        if name not in lines.schema.names:
            continue
        kind = lines.schema.field(name).type
        text = kind.value_type if pa.types.is_dictionary(kind) else kind
        fits = (
            pa.types.is_boolean(kind)
            if name == SYNTHETIC
            else pa.types.is_string(text) or pa.types.is_large_string(text)
        )
        if not fits:
            wanted = "boolean" if name == SYNTHETIC else "a text"
            return Refusal(COLUMN_TYPE, {"column": name, "kind": str(kind), "wanted": wanted})
    return None


def replay_of(outcome: BatchOutcome, change: Change, lines: LinesFile, currency: str = IN_CURRENCY) -> ReplayReport:
    """The result of a replaying job; the changes are also given in a currency, at the version's rates."""
    return report_of(outcome.tally, change, lines.schema, lines.rows, currency)


def report_of(tallied: Tally, change: Change, schema: pa.Schema, rows: int, currency: str) -> ReplayReport:
    """The report of a replaying job's tally over ``rows`` lines with the columns and labels of ``schema``."""
    tally: ReplayTally = tallied["gathering"].result()
    rates = RulebookReader(change.version).rates.latest
    converted = convert_changes(tally.tables.get(BY_DAY, {}), currency, rates)
    bounds = convert_bounds(tally.tables.get(BOUNDS_BY_DAY, {}), currency, rates)
    promised = count_promised(tally.tables.get(BY_PERIOD, {}), *change.sides)
    day = first_day(tally.tables.get(MONTHS, {}))
    sizes = share_by_size(tally.tables.get(PAID_BY_SIZE, {}), currency, rates, day)
    made_up = _label(schema, rows, tally)
    return ReplayReport(tally, change.version.label, change.as_json(), made_up, converted, promised, sizes, bounds)


def _label(schema: pa.Schema, rows: int, tally: ReplayTally) -> Mapping[str, Any] | None:
    """The statement of the lines about synthetic ones; None where there is none."""
    stated = (schema.metadata or {}).get(_SYNTHETIC_KEY)
    count = tally.tables.get(SYNTHETIC, {}).get((), (0,))[0]
    if stated is None and not count:
        return None
    try:
        said = orjson.loads(stated) if stated is not None else None
    except orjson.JSONDecodeError:
        said = stated.decode("utf-8", "replace") if stated is not None else None
    return {"lines": count if SYNTHETIC in schema.names else rows, "stated": said}


def _count_synthetic(columns: pa.Table) -> int:
    return (pc.sum(columns[SYNTHETIC]).as_py() or 0) if SYNTHETIC in columns.column_names else 0


def _with_traders(piece: Piece) -> pa.Table:
    lines = piece.lines
    for name in FIRM_COLUMNS:
        if name in piece.columns.column_names:
            lines = lines.append_column(name, piece.columns[name])
    return lines


def _papers(measures: Iterable[Measure]) -> dict[str, RequiredPaper]:
    return {
        measure.id: RequiredPaper(measure.territory, measure.agency, measure.document)
        for measure in measures
        if measure.kind is Kind.REQUIREMENT
    }

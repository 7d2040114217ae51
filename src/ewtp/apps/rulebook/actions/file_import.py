"""Importing an official file: the rulebook takes all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from ewtp.apps.rulebook.actions.import_dates import check_dates
from ewtp.apps.rulebook.actions.import_plan import (
    check_size,
    count_changes,
    list_ended_measures,
    list_refused_records,
    plan_changes,
)
from ewtp.apps.rulebook.actions.import_report import ImportReport
from ewtp.apps.rulebook.actions.publication import displacements_note, rulebook_lock, version_publish
from ewtp.apps.rulebook.actions.rule_displacement import displace_rules
from ewtp.apps.rulebook.actions.source_precedence import with_earliest_dates
from ewtp.apps.rulebook.reading.sentences import FILE_BROKEN, FILE_EMPTY, FILE_MISSING, FORMAT_UNKNOWN, RECORD_BROKEN
from ewtp.apps.rulebook.store.change_plan import renew_sources
from ewtp.apps.rulebook.store.record_tables import SOURCES
from ewtp.apps.rulebook.store.temporary_tables import StagedRecords
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.official_files.file_readers import BROKEN
from ewtp.gateways.official_files.formats import FORMATS

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    from ewtp.apps.rulebook.actions.publication import CountReport
    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.records import Importing
    from ewtp.core.values.actor import Actor

_MOST_NAMED = 10


def rulebook_import(
    *,
    format: str,  # noqa: A002 - the word that the command line and the importers use
    path: Path,
    effective: date | None,
    actor: Actor,
    now: datetime,
    retrieved: date | None = None,
    published: date | None = None,
    removals_allowed: bool = False,
    progress: CountReport | None = None,
) -> ImportReport | Refusal:
    """Read an official file as the state of its source from ``effective`` on, or from its own dates.

    ``retrieved`` is the day the file was taken from its publisher, the day of ``now`` by default; ``published`` is the
    date of its edition, used where the file itself does not state one. A version is published where something changed.

    Refuses with ``operator_needed``, ``format_unknown``, ``file_missing``, ``file_broken``, ``file_empty``,
    ``file_shrinks``, ``effective_date_absurd``, ``source_date_absurd`` or the importer's own ``file_not_...``;
    nothing has then changed.
    ``progress`` is called with the name of the step, how much of it is done and how much there is (0 where that is not
    known).
    """
    taken = retrieved or now.date()
    refusal = _refuse_import(format, actor) or check_dates(effective, taken, published, now.date())
    if refusal is not None:
        return refusal
    importing = _open_file(format, path, effective, retrieved=taken, published=published)
    if isinstance(importing, Refusal):
        return importing
    partial = FORMATS[format].partial
    with transaction.atomic():
        rulebook_lock()
        shared = partial and retrieved is None
        staging = _stage_file(importing, progress, source_shared=shared)
        if isinstance(staging, Refusal):
            return staging
        staged, refused = staging
        if not sum(staged.staged.values()):
            return Refusal(FILE_EMPTY, {"name": path.name})
        plans = plan_changes(staged=staged, effective=effective, taken=taken if partial else None)
        if not shared and any(plan for name, plan in plans.items() if name != SOURCES.name):
            renew_sources(plans[SOURCES.name])
        shrinks = None if removals_allowed or partial else check_size(staged)
        if shrinks is not None:
            return shrinks
        displaced = displace_rules(plans=plans)
        ended = _note_end(list_ended_measures(plans=plans)) if partial else ()
        title = f"{importing.source.title}, {format}"
        version = version_publish(staged=staged, plans=plans, origin="import", title=title, actor=actor, now=now)
        if version is not None:
            displacements_note(displaced=displaced, version=version, actor=actor, now=now)
        return ImportReport(
            importing.source.id,
            version.label if version else None,
            count_changes(staged, plans),
            (*refused, *list_refused_records(staged, plans)),
            (*importing.notes, *ended),
            displaced,
        )


def _refuse_import(name: str, actor: Actor) -> Refusal | None:
    """Why this actor may not import a file of the format of this name."""
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    return None if name in FORMATS else Refusal(FORMAT_UNKNOWN, {"format": name[:40], "names": sorted(FORMATS)})


def _note_end(ended: list[str]) -> tuple[str, ...]:
    """What ends because a file about single products no longer states it, by name."""
    if not ended:
        return ()
    more = f" and {len(ended) - _MOST_NAMED} more" if len(ended) > _MOST_NAMED else ""
    names = ", ".join(ended[:_MOST_NAMED])
    return (f"An earlier file stated of the same products, and this one does not, so it ends: {names}{more}.",)


def _open_file(
    name: str, path: Path, effective: date | None, *, retrieved: date, published: date | None
) -> Importing | Refusal:
    if not path.exists():
        return Refusal(FILE_MISSING, {"path": path})
    try:
        return FORMATS[name].read(path, retrieved=retrieved, published=published, effective=effective)
    except BROKEN as error:
        return _broken(error)


def _stage_file(
    importing: Importing, progress: CountReport | None, *, source_shared: bool
) -> tuple[StagedRecords, list[RowRefused]] | Refusal:
    """Stage the records of a file with their sources; the rows that its importer refused come with them."""
    staged = StagedRecords()
    refused: list[RowRefused] = []
    sources: dict[str, Source] = {importing.source.id: importing.source}
    try:
        for number, record in enumerate(importing.records):
            if isinstance(record, RowRefused):
                if record.code == "file_broken":
                    return Refusal(RECORD_BROKEN, {"problem": record})
                refused.append(record)
                continue
            if isinstance(record, Measure):
                sources.setdefault(record.source.id, record.source)
            staged.add(record)
            if progress and number % 1000 == 0:
                progress("reading", number, 0)
    except BROKEN as error:
        return _broken(error)
    staged.finish()
    if sum(staged.staged.values()):
        for source in sources.values():
            staged.add(with_earliest_dates(source) if source_shared else source)
        staged.finish()
    return staged, refused


def _broken(error: BaseException) -> Refusal:
    return Refusal(FILE_BROKEN, {"reason": f"{type(error).__name__}: {str(error)[:100]}"})

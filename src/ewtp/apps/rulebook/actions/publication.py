"""The only door through which the rulebook learns: an official file is imported, or the seed is loaded.

Both do all or nothing, in one transaction that no other can interleave with, and both publish a version when,
and only when, something changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import connection, transaction

from ewtp.apps.audit.actions.records import audit_record
from ewtp.apps.rulebook.actions.import_dates import check_dates
from ewtp.apps.rulebook.actions.import_report import RECORD_FAULTS, ImportReport
from ewtp.apps.rulebook.actions.source_precedence import families_kept, sources_kept, with_earliest_dates
from ewtp.apps.rulebook.reading.book_cache import cached_book
from ewtp.apps.rulebook.reading.loaded_seed import digest_seed, is_seed_loaded
from ewtp.apps.rulebook.reading.sentences import (
    FILE_BROKEN,
    FILE_EMPTY,
    FILE_MISSING,
    FILE_SHRINKS,
    FORMAT_UNKNOWN,
    RECORD_BROKEN,
)
from ewtp.apps.rulebook.store.import_staging import (
    Plan,
    Staging,
    build_guards,
    drop_guards,
    plan_shelf,
    renew_sources,
    store_plan,
)
from ewtp.apps.rulebook.store.models import Version
from ewtp.apps.rulebook.store.record_tables import LINES, MEASURES, SHELVES, SOURCES, Shelf
from ewtp.core.rulebook.measure import Measure
from ewtp.core.rulebook.records import Importing, RowRefused
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.official_files.file_readers import BROKEN
from ewtp.gateways.official_files.formats import FORMATS
from ewtp.gateways.seed.reader import SeedBook, read_packs

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source

# One number for "somebody is changing the rulebook", the same in every process.
_LOCK = 0x7275_6C65
# A file that lost more than this share of its rules is more often cut short than a reform.
_LEAST_SHARE = 0.75
Progress = Callable[[str, int, int], None]


def rulebook_import(
    *,
    format: str,  # noqa: A002 - the word that the command line and the importers use
    path: Path,
    effective: date | None,
    actor: str,
    now: datetime,
    retrieved: date | None = None,
    published: date | None = None,
    removals_allowed: bool = False,
    progress: Progress | None = None,
) -> ImportReport | Refusal:
    """Read an official file as the state of its source from ``effective`` on, or from its own dates.

    ``retrieved`` is the day the file was taken from its publisher, the day of ``now`` by default; ``published`` is the
    date of its edition, used where the file itself does not state one.

    Refuses with ``format_unknown``, ``file_missing``, ``file_broken``, ``file_empty``, ``file_shrinks``,
    ``effective_date_absurd``, ``source_date_absurd`` or the importer's own ``file_not_...``; nothing has then changed.
    ``progress`` is called with the name of the step, how much of it is done and how much there is (0 where that is not
    known).
    """
    known_format = FORMATS.get(format)
    if known_format is None:
        return Refusal(FORMAT_UNKNOWN, {"format": format[:40], "names": sorted(FORMATS)})
    if not path.exists():
        return Refusal(FILE_MISSING, {"path": path})
    taken = retrieved or now.date()
    absurd = check_dates(effective, taken, published, now.date())
    if absurd is not None:
        return absurd
    try:
        importing = known_format.read(path, retrieved=taken, published=published, effective=effective)
    except BROKEN as error:
        return _broken(error)
    if isinstance(importing, Refusal):
        return importing
    with transaction.atomic():
        _lock()
        refused: list[RowRefused] = []
        shared = known_format.partial and retrieved is None
        staging = _stage_import(importing, refused, progress, source_shared=shared)
        if isinstance(staging, Refusal):
            return staging
        if not sum(staging.staged.values()):
            return Refusal(FILE_EMPTY, {"name": path.name})
        plans = _plan_all(staging, effective, partial=known_format.partial)
        if not shared and any(plan for name, plan in plans.items() if name != SOURCES.name):
            renew_sources(plans[SOURCES.name])
        refusal = None if removals_allowed or known_format.partial else _shrinks(staging)
        if refusal is not None:
            return refusal
        refused += _refusals(staging, plans)
        version = _publish(
            staging,
            plans,
            origin="import",
            title=f"{importing.source.title}, {format}",
            actor=actor,
            now=now,
        )
        return ImportReport(
            importing.source.id,
            version.label if version else None,
            _counts(staging, plans),
            tuple(refused),
            importing.notes,
        )


def seed_load(*, root: Path, actor: str, now: datetime, progress: Progress | None = None) -> ImportReport | Refusal:
    """Update the rulebook to the seed in ``root``; nothing is read twice while the seed stays the same.

    A source that an operator imported is left alone unless the seed has a later edition of it. Refuses with
    ``seed_missing`` or ``seed_broken``; nothing has then changed.
    """
    seed_digest = digest_seed(root)
    if is_seed_loaded(seed_digest):
        return ImportReport("seed", None, {})
    if progress:
        progress("reading the seed", 0, 0)
    book = read_packs(root)
    if isinstance(book, Refusal):
        return book
    with transaction.atomic():
        _lock()
        if is_seed_loaded(seed_digest):
            return ImportReport("seed", None, {})
        kept = sources_kept(book)
        kept_families = families_kept(book, kept)
        staging = _stage_seed(book, kept, kept_families, progress)
        if progress:
            progress("comparing", 0, 0)
        plans = _plan_all(staging, None, seed_keeps=kept | kept_families)
        refused = _refusals(staging, plans)
        version = _publish(
            staging,
            plans,
            origin="seed",
            title="The seed",
            actor=actor,
            now=now,
            seed_digest=seed_digest,
            progress=progress,
        )
        notes = tuple(f"{name} was imported later than the seed was made, and stays." for name in sorted(kept))
        return ImportReport("seed", version.label if version else None, _counts(staging, plans), tuple(refused), notes)


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # Sorting and hashing whole schedules is the work here, and only one such transaction runs at a time.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")


def _stage_import(
    importing: Importing,
    refused: list[RowRefused],
    progress: Progress | None,
    *,
    source_shared: bool,
) -> Staging | Refusal:
    staging = Staging()
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
            staging.add(record)
            if progress and number % 1000 == 0:
                progress("reading", number, 0)
    except BROKEN as error:
        return _broken(error)
    staging.finish()
    if sum(staging.staged.values()):
        for source in sources.values():
            staging.add(with_earliest_dates(source) if source_shared else source)
        staging.finish()
    return staging


def _broken(error: BaseException) -> Refusal:
    reason = f"{type(error).__name__}: {str(error)[:100]}"
    return Refusal(FILE_BROKEN, {"reason": reason})


def _stage_seed(
    book: SeedBook,
    kept: frozenset[str],
    kept_families: frozenset[str],
    progress: Progress | None,
) -> Staging:
    staging = Staging()
    records: list[Iterable[Any]] = [
        (s for s in book.sources if s.id not in kept),
        book.territories,
        (g for g in book.groups if g.source.id not in kept),
        (m for m in book.measures if m.source.id not in kept),
        (line for line in book.lines if f"lines:{line.territory}" not in kept_families),
        (r for r in book.origin_rules if r.source.id not in kept),
        book.replaced,
        (r for r in book.rates if f"rates:{r.source}" not in kept_families),
    ]
    total = len(book.measures) + len(book.lines) + len(book.origin_rules) + len(book.replaced) + len(book.rates)
    done = 0
    for part in records:
        for record in part:
            staging.add(record)
            done += 1
            if progress and done % 2000 == 0:
                progress("staging the seed", done, max(done, total))
    staging.finish()
    return staging


def _plan_all(
    staging: Staging,
    effective: date | None,
    *,
    seed_keeps: frozenset[str] | None = None,
    partial: bool = False,
) -> dict[str, Plan]:
    plans = {}
    for shelf in SHELVES:
        stated = dict(staging.families[shelf.name])
        if effective is not None and shelf.dated:
            stated = dict.fromkeys(stated, effective)
        if seed_keeps is not None:
            for family in _families_of_seed(shelf):
                if family.partition(":")[2] not in seed_keeps and family not in seed_keeps:
                    stated.setdefault(family, date.min)
        if stated:
            plans[shelf.name] = plan_shelf(shelf, stated, partial=partial)
    return plans


def _families_of_seed(shelf: Shelf) -> list[str]:
    """The families that the seed brought earlier; those it no longer mentions are withdrawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT r.family FROM {shelf.table} r JOIN rulebook_version v ON v.number = r.version"  # noqa: S608 - our own name
            " WHERE upper_inf(r.known) AND v.origin = 'seed'",
        )
        return [family for (family,) in cursor.fetchall()]


def _shrinks(staging: Staging) -> Refusal | None:
    """A refusal when the file holds far fewer rules or lines than the same sources hold now."""
    for shelf in (MEASURES, LINES):
        families = list(staging.families[shelf.name])
        if not families:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {shelf.table} WHERE family = ANY(%s) AND upper_inf(known)"  # noqa: S608 - our own name
                " AND upper_inf(validity)",
                [families],
            )
            held = cursor.fetchone()[0]
        if staging.staged[shelf.name] < held * _LEAST_SHARE:
            return Refusal(
                FILE_SHRINKS,
                {"staged": staging.staged[shelf.name], "records": shelf.name, "held": held},
            )
    return None


def _refusals(staging: Staging, plans: Mapping[str, Plan]) -> list[RowRefused]:
    refused = [RowRefused(RECORD_FAULTS[code], text=text) for _, code, text in staging.faults]
    for plan in plans.values():
        for record, code in plan.refused:
            refused.append(RowRefused(RECORD_FAULTS[code], text=staging.reference(plan.shelf, record)))
    return refused


def _counts(staging: Staging, plans: Mapping[str, Plan]) -> dict[str, dict[str, int]]:
    return {
        name: {
            "read": staging.staged[name],
            **{what: plan.counts[what] for what in ("new", "superseded", "unchanged", "ended", "refused")},
        }
        for name, plan in plans.items()
    }


def _publish(
    staging: Staging,
    plans: Mapping[str, Plan],
    *,
    origin: str,
    title: str,
    actor: str,
    now: datetime,
    seed_digest: str = "",
    progress: Progress | None = None,
) -> Version | None:
    """Store the changes under a new version with its audit row; without changes there is none.

    A seed whose files changed but whose law did not still gets a version, so that it is not compared again.
    """
    changed = [plan for plan in plans.values() if plan]
    if not changed and not seed_digest:
        return None
    last = Version.objects.order_by("-number").first()
    # Two versions never share a moment, or the first of them could not be asked for.
    moment = max(now, last.published_at + timedelta(microseconds=1)) if last else now
    body = {"origin": origin, "title": title, "seed": seed_digest, "counts": _counts(staging, plans)}
    chain = hashlib.sha256((last.digest if last else "").encode())
    chain.update(orjson.dumps(body, option=orjson.OPT_SORT_KEYS))
    for plan in changed:
        chain.update(plan.fingerprint)
    version = Version.objects.create(
        number=last.number + 1 if last else 1,
        label=_label(moment),
        published_at=moment,
        origin=origin,
        title=title,
        actor=actor,
        digest=chain.hexdigest(),
        seed_digest=seed_digest,
        counts=body["counts"],
    )
    for plan in changed:
        if progress:
            progress(f"storing {plan.shelf.name}", 0, 0)
        _store(plan, version, staging)
    # This process answers from the new version at once; others notice within a second.
    transaction.on_commit(cached_book().forget)
    audit_record(
        actor=actor,
        action="rulebook_import" if origin == "import" else "seed_load",
        subject_kind="rulebook",
        subject_id=version.label,
        content=chain.digest(),
        version=version.number,
    )
    return version


def _store(plan: Plan, version: Version, staging: Staging) -> None:
    guards = drop_guards(plan.shelf) if _is_empty(plan.shelf) else []
    store_plan(plan, version=version.number, children=staging.children)
    build_guards(plan.shelf, guards)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {plan.shelf.table}")


def _is_empty(shelf: Shelf) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT NOT EXISTS (SELECT FROM {shelf.table})")  # noqa: S608 - our own name
        return bool(cursor.fetchone()[0])


def _label(moment: datetime) -> str:
    day = f"{moment:%Y-%m-%d}."
    numbers = [
        int(label.removeprefix(day))
        for label in Version.objects.filter(label__startswith=day).values_list("label", flat=True)
    ]
    return f"{day}{max(numbers, default=0) + 1}"

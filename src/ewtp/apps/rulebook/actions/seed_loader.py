"""Loading the seed: the rulebook takes what is new in it, and leaves what an operator imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.rulebook.actions.import_plan import count_changes, list_refused_records, plan_changes
from ewtp.apps.rulebook.actions.import_report import ImportReport
from ewtp.apps.rulebook.actions.publication import displacements_note, rulebook_lock, version_publish
from ewtp.apps.rulebook.actions.rule_displacement import displace_rules
from ewtp.apps.rulebook.actions.source_precedence import sources_kept, statements_kept
from ewtp.apps.rulebook.reading.seed_state import digest_seed, is_seed_loaded
from ewtp.apps.rulebook.store.temporary_tables import StagedRecords
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.seed.reader import SeedBook, read_packs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from ewtp.apps.rulebook.actions.publication import CountReport
    from ewtp.core.values.actor import Actor


def seed_load(
    *, root: Path, actor: Actor, now: datetime, progress: CountReport | None = None
) -> ImportReport | Refusal:
    """Bring the rulebook to what the seed in ``root`` says; nothing is read twice while the seed stays the same.

    A source that an operator imported is left alone unless the seed has a later edition of it. Refuses with
    ``operator_needed``, ``seed_missing`` or ``seed_broken``; nothing has then changed.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    seed_digest = digest_seed(root)
    if is_seed_loaded(seed_digest):
        return ImportReport("seed", None, {})
    if progress:
        progress("reading the seed", 0, 0)
    book = read_packs(root)
    if isinstance(book, Refusal):
        return book
    with transaction.atomic():
        rulebook_lock()
        # Another process may have loaded it meanwhile.
        if is_seed_loaded(seed_digest):
            return ImportReport("seed", None, {})
        kept = sources_kept(book)
        kept_statements = statements_kept(book, kept)
        staged = _stage_seed(book, kept, kept_statements, progress)
        if progress:
            progress("comparing", 0, 0)
        plans = plan_changes(staged=staged, effective=None, seed_keeps=kept | kept_statements)
        displaced = displace_rules(plans=plans)
        version = version_publish(
            staged=staged,
            plans=plans,
            origin="seed",
            title="The seed",
            actor=actor,
            now=now,
            seed_digest=seed_digest,
            progress=progress,
        )
        if version is not None:
            displacements_note(displaced=displaced, version=version, actor=actor, now=now)
        refused = tuple(list_refused_records(staged, plans))
        notes = tuple(f"{name} was imported later than the seed was made, and stays." for name in sorted(kept))
        label = version.label if version else None
        return ImportReport("seed", label, count_changes(staged, plans), refused, notes, displaced)


def _stage_seed(
    book: SeedBook,
    kept: frozenset[str],
    kept_statements: frozenset[str],
    progress: CountReport | None,
) -> StagedRecords:
    staged = StagedRecords()
    records: list[Iterable[Any]] = [
        (s for s in book.sources if s.id not in kept),
        book.territories,
        (g for g in book.groups if g.source.id not in kept),
        (m for m in book.measures if m.source.id not in kept),
        (line for line in book.lines if f"lines:{line.territory}" not in kept_statements),
        (r for r in book.origin_rules if r.source.id not in kept),
        book.replaced,
        (r for r in book.rates if f"rates:{r.source}" not in kept_statements),
    ]
    total = len(book.measures) + len(book.lines) + len(book.origin_rules) + len(book.replaced) + len(book.rates)
    done = 0
    for part in records:
        for record in part:
            staged.add(record)
            done += 1
            if progress and done % 2000 == 0:
                progress("staging the seed", done, max(done, total))
    staged.finish()
    return staged

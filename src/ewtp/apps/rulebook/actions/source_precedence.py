"""Which edition of a source prevails: the one an operator imported, or the seed's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from ewtp.apps.rulebook.reading.version_records import sources_at

if TYPE_CHECKING:
    from ewtp.core.rulebook.citation import Source
    from ewtp.gateways.seed.reader import SeedBook


def sources_kept(book: SeedBook) -> frozenset[str]:
    """The sources that an operator brought in an edition that the seed's is not known to be later than."""
    published = {source.id: source.published for source in book.sources}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT s.source_id, s.published FROM rulebook_source s JOIN rulebook_version v ON v.number = s.version"
            " WHERE upper_inf(s.known) AND v.origin <> 'seed'",
        )
        return frozenset(name for name, edition in cursor.fetchall() if not _is_later(published.get(name), edition))


def _is_later(edition: date | None, other: date | None) -> bool:
    """Whether an edition is known to be later than another; one without a date is not."""
    return edition is not None and other is not None and edition > other


def statements_kept(book: SeedBook, kept: frozenset[str]) -> frozenset[str]:
    """The lines and exchange rates that came with an operator's import, which carry no source by themselves."""
    lines = {f"lines:{t.code}" for t in book.territories if t.schedule and t.schedule.id in kept}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT r.stated_by FROM rulebook_exchangerate r JOIN rulebook_version v ON v.number = r.version"
            " WHERE upper_inf(r.known) AND v.origin <> 'seed'",
        )
        return frozenset(lines | {stated_by for (stated_by,) in cursor.fetchall()})


def with_earliest_dates(source: Source) -> Source:
    """The source with the dates it has already, unless this one was retrieved earlier.

    A file that speaks of single products shares its source with files taken on other days, and none of their rules may
    be cited as newer than it is.
    """
    held = sources_at(datetime.max.replace(tzinfo=UTC)).get(source.id)
    if held is None or source.retrieved < held.retrieved:
        return source
    return replace(source, published=held.published, retrieved=held.retrieved)

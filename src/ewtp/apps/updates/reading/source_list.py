"""Every source: its day, its age, when it was last looked for, and which of them nobody has brought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ewtp.apps.rulebook.reading.version_records import sources_at
from ewtp.apps.updates.reading.look_outcome import LookOutcome
from ewtp.apps.updates.store.models import SourceLook
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.official_files.screening.list_folder import SCREENING_FOLDER, list_dates
from ewtp.gateways.publishers.publisher_table import ECB, PUBLISHED_SOURCES
from ewtp.gateways.reference.exchange_rates import last_carried_day

if TYPE_CHECKING:
    from datetime import date

    from ewtp.core.rulebook.citation import Source
    from ewtp.gateways.publishers.publisher_table import PublishedSource


@dataclass(frozen=True, slots=True)
class SourceLooked:
    """The last look for a source: when, what came of it, and the code and sentence of why it failed."""

    at: datetime
    outcome: str
    problem_code: str
    problem: str

    def as_json(self) -> dict[str, Any]:
        """``{"at", "outcome", "problem"}``; ``problem`` is a code, null where there is none."""
        return {"at": self.at.isoformat(), "outcome": self.outcome, "problem": self.problem_code or None}


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with its dates.

    ``name`` is what ``ewtp rulebook update`` calls it, empty where it cannot be fetched, and ``id`` that in the
    rulebook or of the list. ``retrieved`` is None where nobody has brought it; ``published`` also where nobody states
    it. ``looked`` is None where nobody has looked for it.
    """

    id: str
    name: str
    title: str
    publisher: str
    url: str
    published: date | None
    retrieved: date | None
    age_days: int | None
    looked: SourceLooked | None

    @property
    def is_missing(self) -> bool:
        """Whether nobody has brought it."""
        return self.retrieved is None and self.published is None

    def as_json(self) -> dict[str, Any]:
        """The source for the API."""
        return {
            "id": self.id,
            "name": self.name or None,
            "title": self.title,
            "publisher": self.publisher,
            "url": self.url or None,
            "published": self.published.isoformat() if self.published else None,
            "retrieved": self.retrieved.isoformat() if self.retrieved else None,
            "age_days": self.age_days,
            "held": not self.is_missing,
            "looked": self.looked.as_json() if self.looked else None,
        }


def source_list(today: date) -> tuple[SourceStatus, ...]:
    """Every source of the rulebook and every one that can be fetched, these first, each group by title."""
    law = sources_at(datetime.max.replace(tzinfo=UTC))
    looked = {look.source: _read_look(look) for look in SourceLook.objects.all()}
    fetched = [
        _describe_published(each, law.get(each.law), looked.get(each.name), today)
        for each in PUBLISHED_SOURCES.values()
    ]
    named = {each.law for each in PUBLISHED_SOURCES.values()}
    others = [_describe_held(each, "", None, today) for each in law.values() if each.id not in named]
    return (*sorted(fetched, key=_by_title), *sorted(others, key=_by_title))


@dataclass(frozen=True, slots=True)
class LookFigures:
    """Of a source that was looked for: when its publisher last answered (None for never), and whether it has failed."""

    source: str
    answered_at: datetime | None
    failed: bool


def look_figures() -> tuple[LookFigures, ...]:
    """The sources that somebody or a timer has looked for, by name."""
    rows = SourceLook.objects.order_by("source").values_list("source", "answered_at", "outcome")
    return tuple(LookFigures(source, answered, outcome == LookOutcome.FAILED) for source, answered, outcome in rows)


def _by_title(status: SourceStatus) -> tuple[str, str]:
    return status.title.casefold(), status.id


def _read_look(look: SourceLook) -> SourceLooked:
    problem = look.problem or {}
    return SourceLooked(look.looked_at, look.outcome, problem.get("code", ""), problem.get("message", ""))


def _describe_published(
    source: PublishedSource, held: Source | None, looked: SourceLooked | None, today: date
) -> SourceStatus:
    if held is not None:
        return _describe_held(held, source.name, looked, today)
    published = retrieved = None
    if source.name == ECB:
        # The program carries the series to a day, whoever fetches more of it.
        published = last_carried_day()
    elif not source.law:
        dates = list_dates(home_path() / SCREENING_FOLDER).get(source.name)
        if dates is not None:
            published, retrieved = dates.published, dates.loaded.date()
    return SourceStatus(
        id=source.law or source.name,
        name=source.name,
        title=source.title,
        publisher=source.publisher,
        url="",
        published=published,
        retrieved=retrieved,
        age_days=(today - published).days if published else None,
        looked=looked,
    )


def _describe_held(source: Source, name: str, looked: SourceLooked | None, today: date) -> SourceStatus:
    return SourceStatus(
        id=source.id,
        name=name,
        title=source.title,
        publisher=source.publisher,
        url=source.link or "",
        published=source.published,
        retrieved=source.retrieved,
        age_days=(today - source.published).days if source.published else None,
        looked=looked,
    )

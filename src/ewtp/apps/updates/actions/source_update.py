"""Updating a source: what its publisher has is fetched, archived and taken in, all of it or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.rulebook.actions.file_import import rulebook_import
from ewtp.apps.rulebook.reading.version_records import exchange_rates_at, first_membership_day, source_version
from ewtp.apps.updates.actions.list_update import list_update
from ewtp.apps.updates.reading.look_outcome import LookOutcome
from ewtp.apps.updates.store.models import SourceLook
from ewtp.core.values.actor import system_actor
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.installation.home import home_path
from ewtp.gateways.official_files.screening.list_folder import SCREENING_FOLDER, list_dates
from ewtp.gateways.publishers.fetch_archive import archive_files, archive_look, unpack_files
from ewtp.gateways.publishers.publisher_files import EarlierFetch, fetch_publisher_files
from ewtp.gateways.publishers.publisher_table import HMRC, PUBLISHED_SOURCES, UK_TARIFF
from ewtp.gateways.publishers.sentences import RATES_SHRINK, UPDATE_RUNNING, UPDATE_SOURCE_UNKNOWN
from ewtp.gateways.publishers.update_settings import read_updated_sources

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.apps.rulebook.actions.import_report import ImportReport
    from ewtp.apps.rulebook.actions.publication import CountReport
    from ewtp.core.values.actor import Actor
    from ewtp.gateways.publishers.publisher_files import PublisherFiles
    from ewtp.gateways.publishers.publisher_table import PublishedSource

# The topics of the message that the timer sends, and of those that have one source updated each.
UPDATES, SOURCE_UPDATE = "updates", "source_update"
_TIMER = system_actor("updates")
# A timer that fires a little early must not skip a source until it fires again.
_EARLY = timedelta(minutes=10)
# The share of the rates of a file that earlier ones had besides.
_MOST_LOST = 0.25
# Their files are read as one folder.
_FOLDERS = frozenset({HMRC, UK_TARIFF})


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """What came of updating a source; ``report`` is None where its publisher had nothing new to read."""

    source: str
    outcome: LookOutcome
    edition: str = ""
    report: ImportReport | None = None

    def as_json(self) -> dict[str, Any]:
        """``{"source", "outcome", "edition", "import"}``."""
        return {
            "source": self.source,
            "outcome": self.outcome.value,
            "edition": self.edition or None,
            "import": self.report.as_json() if self.report else None,
        }


def source_update(
    *, name: str, check: bool, actor: Actor, now: datetime, progress: CountReport | None = None
) -> UpdateReport | Refusal:
    """Take in what the publisher of a source has that is newer; with ``check`` say what would change alone.

    When it was looked for, and what came of it, is kept either way. Refuses with ``operator_needed``,
    ``update_source_unknown`` or ``update_running``, as ``fetch_publisher_files`` does, and as an import does.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    source = PUBLISHED_SOURCES.get(name)
    if source is None:
        return Refusal(UPDATE_SOURCE_UNKNOWN, {"name": name[:40], "names": list(PUBLISHED_SOURCES)})
    with transaction.atomic():
        if not _lock(name):
            return Refusal(UPDATE_RUNNING, {"source": name})
        look = SourceLook.objects.filter(source=name).first() or SourceLook(source=name)
        found = fetch_publisher_files(source, _earlier(source, look, now), now.date())
        if isinstance(found, Refusal):
            _note_failure(look, found, now)
            return found
        made = _Update(source, look, found, check, actor, now, progress).take_in()
        if isinstance(made, Refusal):
            _note_failure(look, made, now)
        else:
            _note_answer(look, made, found, source, now)
        return made


def updates_enqueue(*, now: datetime) -> int:
    """Have every source updated that has not been looked for lately, each by a message of its own; returns how many."""
    names = read_updated_sources()
    if isinstance(names, Refusal):
        # A setting that nobody can read keeps workers from starting, so that there is none to get here.
        return 0
    answered = dict(SourceLook.objects.values_list("source", "answered_at"))
    due = [name for name in names if _is_due(PUBLISHED_SOURCES[name], answered.get(name), now)]
    messages_enqueue(topic=SOURCE_UPDATE, payloads=[{"source": name} for name in due], now=now)
    return len(due)


def source_update_by_timer(*, source: str, now: datetime) -> None:
    """Update a source for a timer; why it failed is kept with the source, and the next interval tries again."""
    source_update(name=source, check=False, actor=_TIMER, now=now)


def _is_due(source: PublishedSource, answered: datetime | None, now: datetime) -> bool:
    return answered is None or now - answered >= timedelta(hours=source.every_hours) - _EARLY


def _lock(name: str) -> bool:
    """Keep others from updating the source until the transaction ends; False where somebody does already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"update {name}"])
        return bool(cursor.fetchone()[0])


def _earlier(source: PublishedSource, look: SourceLook, now: datetime) -> EarlierFetch:
    """What the fetch is to be newer than: nothing, where what was taken in is no longer what holds."""
    months: frozenset[date] = frozenset()
    if source.name == HMRC:
        rates = exchange_rates_at(now)
        months = frozenset(date.fromisoformat(each.valid_from) for each in rates if each.source == "HMRC")
    if look.answered_at is None or not _still_holds(source, look):
        return EarlierFetch(months=months)
    return EarlierFetch(look.edition, look.validators, months)


def _still_holds(source: PublishedSource, look: SourceLook) -> bool:
    """Whether nobody brought another edition by hand meanwhile, or lost the list."""
    if source.law:
        return look.held == source_version(source.law)
    dates = list_dates(home_path() / SCREENING_FOLDER).get(source.name)
    return dates is not None and look.answered_at is not None and dates.loaded <= look.answered_at


@dataclass(slots=True)
class _Update:
    """One update under way."""

    source: PublishedSource
    look: SourceLook
    found: PublisherFiles
    check: bool
    actor: Actor
    now: datetime
    progress: CountReport | None

    def take_in(self) -> UpdateReport | Refusal:
        name, files = self.source.name, self.found.files
        if not files:
            return UpdateReport(name, LookOutcome.UNCHANGED, self.found.edition)
        archive_files(name, files)
        with unpack_files(files) as folder:
            made = self._import(folder) if self.source.law else self._load_list(folder)
        if isinstance(made, Refusal):
            archive_look(name, files, made.code, self.now)
            return made
        report, differs = made
        outcome = LookOutcome.UNCHANGED
        if differs:
            outcome = LookOutcome.WOULD_CHANGE if self.check else LookOutcome.LANDED
        archive_look(name, files, outcome.value, self.now)
        return UpdateReport(name, outcome, self.found.edition, report)

    def _import(self, folder: Path) -> tuple[ImportReport, bool] | Refusal:
        """Import the files as ``ewtp rulebook import`` does; to check, it is done and then undone."""
        one = folder if self.source.name in _FOLDERS else folder / self.found.files[0].name
        effective = self.found.effective
        if self.source.name == UK_TARIFF:
            # Areas state no day. Each update would let their members begin on its own, so the first one's stays.
            effective = first_membership_day(self.source.law) or self.now.date()
        with transaction.atomic():
            report = rulebook_import(
                format=self.source.format,
                path=one,
                effective=effective,
                published=self.found.published,
                actor=self.actor,
                now=self.now,
                progress=self.progress,
            )
            lost = None if isinstance(report, Refusal) else _refuse_loss(report)
            if self.check or lost is not None:
                transaction.set_rollback(True)
        if isinstance(report, Refusal):
            return report
        return lost if lost is not None else (report, report.version is not None)

    def _load_list(self, folder: Path) -> tuple[ImportReport, bool] | Refusal:
        return list_update(
            list_id=self.source.name,
            folder=folder,
            published=_read_sent_day(self.found),
            check=self.check,
            now=self.now,
        )


def _refuse_loss(report: ImportReport) -> Refusal | None:
    """Refuses rates of which many are missing; of rules and lines, the import itself refuses that."""
    rates = report.counts.get("exchange_rates", {"read": 0, "ended": 0})
    if rates["ended"] > rates["read"] * _MOST_LOST:
        return Refusal(RATES_SHRINK, {"ended": rates["ended"], "read": rates["read"]})
    return None


def _read_sent_day(found: PublisherFiles) -> date | None:
    """The day on which the newest of the files was changed, as the publisher's server says; None where it does not."""
    days = []
    for file in found.files:
        try:
            days.append(parsedate_to_datetime(file.headers["last-modified"]).astimezone(UTC).date())
        except (KeyError, ValueError):
            continue
    return max(days, default=None)


def _note_failure(look: SourceLook, problem: Refusal, now: datetime) -> None:
    look.looked_at, look.outcome, look.problem = now, LookOutcome.FAILED, problem.as_json()
    look.save()


def _note_answer(
    look: SourceLook, made: UpdateReport, found: PublisherFiles, source: PublishedSource, now: datetime
) -> None:
    """Keep what came of a look; what was only looked at is fetched again by the next."""
    look.looked_at, look.outcome, look.problem = now, made.outcome, {}
    if made.outcome is not LookOutcome.WOULD_CHANGE:
        look.answered_at = now
        look.edition, look.validators = found.edition, found.validators
        look.held = source_version(source.law) if source.law else None
    if made.outcome is LookOutcome.LANDED:
        look.landed_at = now
        look.version = (made.report and made.report.version) or ""
    look.save()

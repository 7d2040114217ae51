"""Adopting a change: a territory gives effect to a changeset, beside the law and not in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from ewtp.apps.log.actions.events import event_append
from ewtp.apps.rulebook.actions.import_dates import check_dates
from ewtp.apps.rulebook.actions.import_report import RECORD_FAULTS
from ewtp.apps.rulebook.actions.publication import ChangeAdopted, rulebook_lock, version_publish
from ewtp.apps.rulebook.reading.changeset_file import law_around_changesets
from ewtp.apps.rulebook.reading.records_by_key import records_held
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.sentences import (
    ADOPTION_RECORD_REFUSED,
    ADOPTION_TERRITORY_UNKNOWN,
    ADOPTION_UNCITED,
    ADOPTION_UNVOTED,
    RULEBOOK_EMPTY,
)
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.apps.rulebook.store.change_plan import plan_adoption, plan_table
from ewtp.apps.rulebook.store.models import Adoption
from ewtp.apps.rulebook.store.record_tables import RECORD_TABLES, SOURCES
from ewtp.apps.rulebook.store.temporary_tables import StagedRecords
from ewtp.core.rulebook.adoption import AdoptingAct, derive_adopted_records
from ewtp.core.rulebook.changeset.canonical import changeset_digest
from ewtp.core.rulebook.changeset.changeset_json import changeset_as_json
from ewtp.core.rulebook.changeset.check import check
from ewtp.core.rulebook.changeset.law_record_json import law_record_as_json
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.measure_json import period_as_json
from ewtp.core.rulebook.service import PLATFORM
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.core.values.sentences import OPERATOR_NEEDED

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ewtp.apps.rulebook.reading.versions import VersionInfo
    from ewtp.apps.rulebook.store.change_plan import ChangePlan
    from ewtp.core.rulebook.adoption import AdoptedRecord
    from ewtp.core.rulebook.changeset.changeset import Changeset
    from ewtp.core.rulebook.changeset.law_record import LawRecord
    from ewtp.core.rulebook.territory import Group, GroupMember
    from ewtp.core.values.actor import Actor


@dataclass(frozen=True, slots=True)
class ActCited:
    """The adopting territory's own publication: what it is called, who published it and when, and the place in it."""

    territory: str
    title: str
    publisher: str
    reference: str
    published: date | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class AdoptionReport:
    """The report of an adoption. ``version`` is None where it was only tried; ``records`` are what the act states."""

    source: str
    version: str | None
    records: tuple[AdoptedRecord, ...]

    def as_json(self) -> dict[str, Any]:
        """The report for ``--json``."""
        return {
            "source": self.source,
            "version": self.version,
            "records": [
                {
                    **law_record_as_json(one.record),
                    **period_as_json(one.validity),
                    "adopted_from": one.act.adopted_from,
                    "abolishes": one.abolishes,
                }
                for one in self.records
            ],
        }


def changeset_adopt(
    *,
    changeset: Changeset[LawRecord],
    cited: ActCited,
    actor: Actor,
    now: datetime,
    adopted_from: str = "",
    effective: date | None = None,
    only_try: bool = False,
    voted: bool = False,
    promised: Sequence[Group | GroupMember] = (),
) -> AdoptionReport | Refusal:
    """Give effect to a changeset in a territory, from ``effective`` on or on the days of its own measures.

    The change is checked against the rules in effect and recorded in the adopted layer, under a new version of the
    origin ``adoption``; no row of the law changes. ``only_try`` reports what would be recorded and records nothing. The
    procedure of the platform, which is not a territory, is changed only where the change was ``voted`` on and passed.
    Groups and memberships that other economies bring by the same text are ``promised``: what depends on
    them has no effect before that.

    Without a vote only the operator adopts, for a territory whose act is cited (``operator_needed``). Refuses with
    ``rulebook_empty``, ``adoption_territory_unknown``, ``adoption_unvoted``, ``adoption_uncited``,
    ``effective_date_absurd``, ``source_date_absurd``, ``adoption_record_refused``, with every fault that ``check``
    finds, and as ``derive_adopted_records`` does; nothing has then changed.
    """
    if not (voted or actor.is_operator):
        return Refusal(OPERATOR_NEEDED)
    if not (cited.title.strip() and cited.publisher.strip() and cited.reference.strip()):
        return Refusal(ADOPTION_UNCITED)
    dates = check_dates(effective, now.date(), cited.published, now.date())
    if dates is not None:
        return dates
    if cited.territory == PLATFORM and not voted:
        return Refusal(ADOPTION_UNVOTED, {"platform": PLATFORM})
    with transaction.atomic():
        rulebook_lock()
        version = latest_version()
        if version is None:
            return Refusal(RULEBOOK_EMPTY)
        act = _act(cited, version, adopted_from, now)
        records = _read_adopted_records(changeset, act, effective, RulebookReader(version.ref), promised)
        if isinstance(records, Refusal):
            return records
        staged, plans = _plan(act, records)
        if staged.faults:
            _, code, _ = staged.faults[0]
            return Refusal(ADOPTION_RECORD_REFUSED, {"problem": Statement(RECORD_FAULTS[code])})
        if only_try:
            return AdoptionReport(act.source.id, None, records)
        published = version_publish(
            staged=staged, plans=plans, origin="adoption", title=_title(act), actor=actor, now=now
        )
        if published is None:
            msg = f"the adoption {act.source.id} states records and plans no change"
            raise AssertionError(msg)
        _record_act(published.number, changeset, act, effective)
        digest = changeset_digest(changeset)
        adopted = ChangeAdopted(published.label, act.territory, act.reference, adopted_from, digest)
        event_append(subject=act.source.id, actor=actor, payload=adopted, now=now)
        return AdoptionReport(act.source.id, published.label, records)


def _act(cited: ActCited, version: VersionInfo, adopted_from: str, now: datetime) -> AdoptingAct:
    # The version that the adoption will be published under numbers the act.
    source = Source(
        f"adopted-{cited.territory.lower()}-{version.number + 1}",
        cited.title,
        cited.publisher,
        cited.published,
        now.date(),
        url=cited.url,
    )
    return AdoptingAct(cited.territory, source, cited.reference, adopted_from)


def _read_adopted_records(
    changeset: Changeset[LawRecord],
    act: AdoptingAct,
    effective: date | None,
    reader: RulebookReader,
    promised: Sequence[Group | GroupMember],
) -> tuple[AdoptedRecord, ...] | Refusal:
    territory = reader.frame.territories.get(act.territory)
    if territory is None and act.territory != PLATFORM:
        return Refusal(ADOPTION_TERRITORY_UNKNOWN, {"territory": act.territory[:40]})
    law = law_around_changesets(changeset)
    faults = law if isinstance(law, Refusal) else check(changeset, law, promised)
    if faults:
        return faults if isinstance(faults, Refusal) else Refusal.join(faults)
    if territory is not None:
        act = replace(act, economies=territory.members or (territory.code,))
    return derive_adopted_records(
        changeset, records_held(changeset, reader.version.published_at), act, effective or date.min
    )


def _plan(act: AdoptingAct, records: tuple[AdoptedRecord, ...]) -> tuple[StagedRecords, dict[str, ChangePlan]]:
    staged = StagedRecords()
    staged.add(act.source)
    for record in records:
        staged.add_adopted(record)
    staged.finish()
    plans = {SOURCES.name: plan_table(SOURCES, staged.first_days[SOURCES.name])}
    for table in RECORD_TABLES:
        if table is not SOURCES and staged.staged[table.name]:
            plans[table.name] = plan_adoption(table)
    return staged, plans


def _title(act: AdoptingAct) -> str:
    return f"{act.territory}: {act.source.title}, {act.reference}"


def _record_act(version: int, changeset: Changeset[LawRecord], act: AdoptingAct, effective: date | None) -> None:
    Adoption.objects.create(
        version=version,
        territory=act.territory,
        source=act.source.id,
        reference=act.reference,
        adopted_from=act.adopted_from,
        effective=effective,
        changeset=changeset_as_json(changeset),
        digest=changeset_digest(changeset),
    )

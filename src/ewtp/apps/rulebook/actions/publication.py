"""Publishing a version: what changed is stored under it, with its event, in the caller's transaction."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from django.db import connection, transaction

from ewtp.apps.jobs.actions.outbox import messages_enqueue
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.rulebook.actions.import_plan import count_changes
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.store.models import Version
from ewtp.apps.rulebook.store.plan_storage import store_plan
from ewtp.core.log.event import EventKind, EventPayload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from ewtp.apps.rulebook.store.change_plan import ChangePlan
    from ewtp.apps.rulebook.store.temporary_tables import StagedRecords
    from ewtp.core.rulebook.displacement import Displacement
    from ewtp.core.values.actor import Actor

    # Told what is being done, how much of it is done, and how much there is (0 where that is not known).
    CountReport = Callable[[str, int, int], None]


class RulebookEvent(EventKind):
    """What happens to the rulebook."""

    PUBLISHED = "rulebook:version:published"
    ADOPTED = "rulebook:act:adopted"
    DISPLACED = "rulebook:act:displaced"
    ENDED = "rulebook:act:ended"
    EXTENDED = "rulebook:act:extended"


@dataclass(frozen=True, slots=True)
class VersionPublished(EventPayload):
    """A version was published; ``digest`` covers it and all before it."""

    kind: ClassVar = RulebookEvent.PUBLISHED
    number: int
    origin: str
    title: str
    digest: str
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class ChangeAdopted(EventPayload):
    """A territory gave effect to a change; ``changeset`` is the digest of its content."""

    kind: ClassVar = RulebookEvent.ADOPTED
    version: str
    territory: str
    reference: str
    adopted_from: str
    changeset: str


@dataclass(frozen=True, slots=True)
class RulesDisplaced(EventPayload):
    """Law that was stated later took days from rules of an act, each as ``Displacement.as_json`` writes it."""

    kind: ClassVar = RulebookEvent.DISPLACED
    version: str
    rules: list[Mapping[str, Any]]


# The topic of the message that an act lost days to newer law: ``act``, ``first_day`` (ISO 8601) and ``source``.
ACT_DISPLACED = "act_displaced"
# One number for "somebody is changing the rulebook", the same in every process.
_LOCK = 0x7275_6C65


def rulebook_lock() -> None:
    """Wait until nobody else changes the rulebook, and keep others from it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        # Sorting and hashing whole schedules is the work here, and only one such transaction runs at a time.
        cursor.execute("SET LOCAL work_mem = '128MB'")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")


def version_publish(
    *,
    staged: StagedRecords,
    plans: Mapping[str, ChangePlan],
    origin: str,
    title: str,
    actor: Actor,
    now: datetime,
    seed_digest: str = "",
    progress: CountReport | None = None,
) -> Version | None:
    """Store what changed under a new version with its event in the log; without a change there is none.

    A seed whose files changed but whose law did not still gets a version, so that it is not compared again.
    """
    changed = [plan for plan in plans.values() if plan]
    if not changed and not seed_digest:
        return None
    last = Version.objects.order_by("-number").first()
    # Two versions never share a moment, or nobody could ask for the first of them.
    moment = max(now, last.published_at + timedelta(microseconds=1)) if last else now
    counts = count_changes(staged, plans)
    body = {"origin": origin, "title": title, "seed": seed_digest, "counts": counts}
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
        actor=actor.label,
        digest=chain.hexdigest(),
        seed_digest=seed_digest,
        counts=counts,
    )
    for plan in changed:
        if progress:
            progress(f"storing {plan.table.name}", 0, 0)
        store_plan(plan, version=version.number, children=staged.children)
    # This process answers from the new version at once; others notice within a second.
    transaction.on_commit(read_cached_book().forget)
    published = VersionPublished(
        number=version.number, origin=origin, title=title, digest=version.digest, counts=counts
    )
    event_append(subject=version.label, actor=actor, payload=published, now=now)
    return version


def displacements_note(*, displaced: Iterable[Displacement], version: Version, actor: Actor, now: datetime) -> None:
    """Write an event for each act that lost days to the law of a version, and have whoever stands behind it told."""
    by_act: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in displaced:
        by_act[one.adopted.source.id].append(one.as_json())
    for act, rules in sorted(by_act.items()):
        event_append(subject=act, actor=actor, payload=RulesDisplaced(version.label, rules), now=now)
        first = min(rules, key=lambda rule: str(rule["first_day"]))
        told = {"act": act, "first_day": first["first_day"], "source": first["source"]}
        messages_enqueue(topic=ACT_DISPLACED, payloads=[told], now=now)


def _label(moment: datetime) -> str:
    day = f"{moment:%Y-%m-%d}."
    numbers = [
        int(label.removeprefix(day))
        for label in Version.objects.filter(label__startswith=day).values_list("label", flat=True)
    ]
    return f"{day}{max(numbers, default=0) + 1}"

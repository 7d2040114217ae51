"""Which topics there are, what handles each, and what is done at intervals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.accounts.actions.mail import MAIL, mail_send
from ewtp.apps.barriers.actions.barrier_rows import BARRIER_SILENT
from ewtp.apps.barriers.actions.escalation import silence_escalate
from ewtp.apps.barriers.actions.text_messages import TEXT_MESSAGE, text_message_send
from ewtp.apps.barriers.surface.silence_mail import silence_mail
from ewtp.apps.hubs.actions.hub_polls import HUBS_ASKED, hubs_poll
from ewtp.apps.jobs.actions.handlers import Delivery, Handler
from ewtp.apps.organisations.actions.organisation_rows import INVITATION_OVER, VERIFICATION_OVER
from ewtp.apps.organisations.actions.time_limits import invitation_expire, verification_lapse
from ewtp.apps.organisations.surface.invitation_mail import read_site
from ewtp.apps.proposals.actions.adoption_endings import adoption_displace
from ewtp.apps.proposals.actions.alarm_answers import bodies_watch
from ewtp.apps.proposals.actions.alarms import alarms_watch
from ewtp.apps.proposals.actions.appeals import appeal_bodies_draw
from ewtp.apps.proposals.actions.outcomes import law_outcomes_compute
from ewtp.apps.proposals.actions.replays import replay_run
from ewtp.apps.proposals.actions.votes import heartbeat_send, votes_advance
from ewtp.apps.proposals.reading.replay_reports import REPLAY_WANTED
from ewtp.apps.proposals.surface.displacement_mail import displacement_mail
from ewtp.apps.rulebook.actions.publication import ACT_DISPLACED
from ewtp.apps.updates.actions.source_update import SOURCE_UPDATE, UPDATES, source_update_by_timer, updates_enqueue
from ewtp.core.proposals.sentences import PROPOSAL_STAGE, PROPOSAL_UNKNOWN
from ewtp.core.rulebook.changeset.sentences import CHANGESET_BASE_MOVED, CHANGESET_CONTRADICTS
from ewtp.gateways.installation.retention import hub_interval
from ewtp.gateways.publishers.update_settings import update_interval
from ewtp.web.expiry import remove_expired

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ewtp.core.values.refusal import Refusal


@dataclass(frozen=True, slots=True)
class PeriodicJob:
    """A message of ``topic`` without a payload, at every interval."""

    topic: str
    every: timedelta


def _prune(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    remove_expired(now)
    return None


def _invitation_over(delivery: Delivery, now: datetime) -> Refusal | None:
    return invitation_expire(**delivery.payload, now=now)


def _verification_over(delivery: Delivery, now: datetime) -> Refusal | None:
    return verification_lapse(**delivery.payload, now=now)


def _barrier_silent(delivery: Delivery, now: datetime) -> Refusal | None:
    return silence_escalate(**delivery.payload, now=now, compose=silence_mail(read_site()))


def _text_message(delivery: Delivery, now: datetime) -> Refusal | None:
    del now
    text_message_send(**delivery.payload, message_id=delivery.message_id)
    return None


def _mail(delivery: Delivery, now: datetime) -> Refusal | None:
    del now
    return mail_send(**delivery.payload, message_id=delivery.message_id)


def _replay(delivery: Delivery, now: datetime) -> Refusal | None:
    return replay_run(**delivery.payload, now=now)


def _votes(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    alarms_watch(now=now)
    bodies_watch(now=now)
    appeal_bodies_draw(now=now)
    votes_advance(now=now)
    return None


def _heartbeat(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    heartbeat_send(now=now)
    return None


def _effects(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    law_outcomes_compute(now=now)
    return None


def _poll_hubs(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    hubs_poll(now=now)
    return None


def _update_sources(delivery: Delivery, now: datetime) -> Refusal | None:
    del delivery
    updates_enqueue(now=now)
    return None


def _update_source(delivery: Delivery, now: datetime) -> Refusal | None:
    source_update_by_timer(**delivery.payload, now=now)
    return None


def _displace_adoption(delivery: Delivery, now: datetime) -> Refusal | None:
    return adoption_displace(**delivery.payload, now=now, compose=displacement_mail(read_site()))


HANDLERS: Mapping[str, Handler] = {
    "prune": Handler(_prune, batch=1),
    # It reaches outside.
    MAIL: Handler(_mail, batch=1),
    TEXT_MESSAGE: Handler(_text_message, batch=1),
    INVITATION_OVER: Handler(_invitation_over),
    BARRIER_SILENT: Handler(_barrier_silent),
    VERIFICATION_OVER: Handler(_verification_over),
    ACT_DISPLACED: Handler(_displace_adoption),
    "votes": Handler(_votes, batch=1),
    "heartbeat": Handler(_heartbeat, batch=1),
    "effects": Handler(_effects, batch=1),
    UPDATES: Handler(_update_sources, batch=1),
}
# What takes a minute or more: a worker handles it beside the others, which would wait for it.
LONG_HANDLERS: Mapping[str, Handler] = {
    # What is replayed is on the law that it was compiled on: where that moved, or the proposal went on, it stays so.
    REPLAY_WANTED: Handler(
        _replay,
        batch=1,
        final=frozenset(
            each.code for each in (CHANGESET_BASE_MOVED, CHANGESET_CONTRADICTS, PROPOSAL_STAGE, PROPOSAL_UNKNOWN)
        ),
    ),
    HUBS_ASKED: Handler(_poll_hubs, batch=1),
    SOURCE_UPDATE: Handler(_update_source, batch=1),
}
CONFIGURED_TOPICS = (HUBS_ASKED, UPDATES)
PERIODIC_JOBS = (
    PeriodicJob("prune", timedelta(hours=1)),
    # A vote is over when its time is, whoever looks; this opens its ballots soon after.
    PeriodicJob("votes", timedelta(minutes=1)),
    # Shorter than the time after which a hub counts as down, so that one late beat is not an outage.
    PeriodicJob("heartbeat", timedelta(minutes=10)),
    # The figures of a month that is over; a month that is computed already costs one query.
    PeriodicJob("effects", timedelta(days=1)),
)


def read_configured_jobs() -> tuple[PeriodicJob, ...]:
    """What is done at intervals that the operator sets; one that nobody can read is refused before a worker starts."""
    wanted = ((HUBS_ASKED, hub_interval()), (UPDATES, update_interval()))
    return tuple(PeriodicJob(topic, every) for topic, every in wanted if isinstance(every, timedelta))

"""Focal points: the agency of an economy to which its barriers go first, named by the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from ewtp.apps.barriers.store.models import FocalPoint
from ewtp.apps.log.actions.events import event_append
from ewtp.apps.organisations.reading.organisation_list import agencies_named
from ewtp.core.barriers.sentences import OWNER_UNENTITLED
from ewtp.core.log.event import EventKind, EventPayload
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentences import OPERATOR_NEEDED
from ewtp.gateways.reference.iso_codes import check_economy

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.core.values.actor import Actor


class FocalPointEventKind(EventKind):
    """What can happen to a focal point."""

    NAMED = "barriers:focal:named"


@dataclass(frozen=True, slots=True)
class FocalPointNamed(EventPayload):
    """Barriers of an economy go to this agency first."""

    kind: ClassVar = FocalPointEventKind.NAMED
    economy: str
    organisation: str


@transaction.atomic
def focal_point_name(*, economy: str, organisation: str, actor: Actor, now: datetime) -> Refusal | None:
    """Name the agency that owns barriers reported in an economy from now on, in place of the one before.

    Refuses with ``operator_needed``, ``economy_unknown``, or with ``owner_unentitled`` for an organisation that is not
    an agency there.
    """
    if not actor.is_operator:
        return Refusal(OPERATOR_NEEDED)
    code = check_economy(economy)
    if isinstance(code, Refusal):
        return code.under("economy")
    agency = agencies_named([organisation]).get(organisation)
    if agency is None or agency.economy != code:
        return Refusal(OWNER_UNENTITLED, {"economy": code}, where="organisation")
    FocalPoint.objects.update_or_create(economy=code, defaults={"organisation": organisation, "since": now})
    event_append(subject=code, actor=actor, payload=FocalPointNamed(code, organisation), now=now)
    return None

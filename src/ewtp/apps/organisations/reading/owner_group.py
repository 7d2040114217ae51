"""The owner group of one organisation, without reading every other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from ewtp.apps.organisations.reading.public_facts import facts_of
from ewtp.apps.organisations.store import models
from ewtp.core.organisations.organisation import Subject
from ewtp.core.votes.membership import owner_ties
from ewtp.core.votes.ownership import STATE, Tie, owner_groups
from ewtp.gateways.database.row_security import system_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation


def owner_group_of(organisation: str, day: date) -> str:
    """The owner group of an organisation on a day: of a state's its id, else the first by id of those owned by nobody.

    It joins whom the roll of a vote joins, which names a group after the first of all that belong to it.
    """
    known = _find_linked(organisation, day)
    ties = owner_ties(known, day)
    groups = owner_groups(known, ties)
    own = groups[organisation]
    owned = {each.owned for each in ties if each.tie is Tie.CONTROLS}
    heads = [each for each, group in groups.items() if group == own and each not in owned]
    return own if own.startswith(STATE) else min(heads, default=own)


def _find_linked(organisation: str, day: date) -> dict[str, Organisation]:
    """The organisation and all that control or a shared identifier tie to it on a day, step by step, by id.

    Others may be among them, whose verification ended before its last day.
    """
    found: dict[str, Organisation] = {}
    with system_rows("an owner group is that of everybody in it, of whom one id is told"):
        waiting = {organisation}
        while waiting:
            new = facts_of(waiting)
            found |= new
            waiting = _find_near(new.values(), day) - found.keys()
    return found


def _find_near(known: Collection[Organisation], day: date) -> set[str]:
    """The ids of whom control or one identifier, verified for them, may tie to one of these on a day."""
    owners = {each.find_controller(day) for each in known} - {""}
    # What nobody verified ties to nobody: else a thousand that name one owner would be read with each of its reports.
    stated = models.Verification.objects.filter(until__gte=day)
    owned = stated.filter(subject=Subject.OWNER, organisation__ultimate_owner__in=[each.id for each in known])
    keys = {identifier.key(each.economy) for each in known for identifier in each.identifiers.values()}
    same = stated.filter(subject=F("organisation__identifiers__scheme"), organisation__identifiers__key__in=keys)
    return owners.union(*({row.organisation_id for row in rows} for rows in (owned, same)))

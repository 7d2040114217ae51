"""Organisations as values: one, those of a person, and every one for the operator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ewtp.apps.accounts.reading.operators import second_factor_of
from ewtp.apps.organisations.store import models
from ewtp.apps.organisations.store.projection import organisation_value
from ewtp.core.organisations.house import Seat, seat_of
from ewtp.core.organisations.organisation import OrganisationKind
from ewtp.core.organisations.role import Role
from ewtp.gateways.database.row_security import own_rows, rows_for, system_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from ewtp.core.organisations.organisation import Organisation
    from ewtp.core.values.actor import Actor


@dataclass(frozen=True, slots=True)
class MembershipOfPerson:
    """An organisation that a person belongs to, and the role there.

    It is ``closed`` while it asks for a second factor that the person lacks: nobody acts for it so.
    """

    organisation: str
    name: str
    role: Role
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency as the public knows it."""

    organisation: str
    name: str
    economy: str


def organisation_read(actor: Actor, organisation: str) -> Organisation | None:
    """One organisation, if the actor acts for it or is the operator; None otherwise."""
    if not actor.is_operator and actor.on_behalf_of != organisation:
        return None
    with rows_for(actor):
        row = models.Organisation.objects.filter(id=organisation).first()
        return None if row is None else organisation_value(row)


def organisations_page(actor: Actor, *, after: int, limit: int) -> tuple[list[Organisation], int]:
    """The organisations that an actor may see, after the number ``after``; with the number of the last one, or 0."""
    with rows_for(actor):
        rows = models.Organisation.objects.filter(number__gt=after).order_by("number")
        if not actor.is_operator:
            rows = rows.filter(id=actor.on_behalf_of)
        found = list(rows[: limit + 1])
        following = found[limit - 1].number if len(found) > limit else 0
        return [organisation_value(row) for row in found[:limit]], following


def memberships_of(person: str) -> tuple[MembershipOfPerson, ...]:
    """The organisations of a person, by name."""
    with own_rows(person=person):
        rows = list(
            models.Member.objects.filter(person=person).select_related("organisation").order_by("organisation__name")
        )
    lacks = any(row.organisation.second_factor for row in rows) and not second_factor_of(person)
    return tuple(
        MembershipOfPerson(
            row.organisation_id, row.organisation.name, Role(row.role), lacks and row.organisation.second_factor
        )
        for row in rows
    )


def open_memberships_of(person: str) -> tuple[MembershipOfPerson, ...]:
    """The organisations that a person may act for, by name: those that ask for nothing that the person lacks."""
    return tuple(each for each in memberships_of(person) if not each.closed)


def organisation_seat(organisation: Organisation, day: date) -> Seat | None:
    """The house of an organisation on a day, with its ultimate owner's size, which the organisation cannot read."""
    if not organisation.ultimate_owner:
        return seat_of(organisation, None, day)
    with system_rows("the size of an ultimate owner"):
        row = models.Organisation.objects.filter(id=organisation.ultimate_owner).first()
        return seat_of(organisation, None if row is None else organisation_value(row), day)


def agencies_named(identities: Collection[str]) -> dict[str, Agency]:
    """The agencies among these organisations by identifier: they act in public for their government."""
    wanted = sorted(set(identities) - {""})
    if not wanted:
        return {}
    with system_rows("the names of agencies that act in public"):
        rows = models.Organisation.objects.filter(id__in=wanted, kind=OrganisationKind.AGENCY)
        return {row.id: Agency(row.id, row.name, row.economy) for row in rows}


def people_of(organisations: Collection[str]) -> tuple[str, ...]:
    """The owners and administrators of organisations: the people whom a notice to these goes to."""
    with system_rows("a notice goes to those whom it concerns"):
        rows = models.Member.objects.filter(
            organisation_id__in=sorted(organisations), role__in=[Role.OWNER, Role.ADMINISTRATOR]
        )
        return tuple(rows.order_by("person").values_list("person", flat=True).distinct())


def agency_people() -> tuple[str, ...]:
    """The owners and administrators of every agency: the people whom a notice to all governments goes to."""
    with system_rows("a notice goes to every government"):
        rows = models.Member.objects.filter(
            organisation__kind=OrganisationKind.AGENCY, role__in=[Role.OWNER, Role.ADMINISTRATOR]
        )
        return tuple(rows.order_by("person").values_list("person", flat=True).distinct())

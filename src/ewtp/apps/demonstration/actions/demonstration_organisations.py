"""Organisations of a demonstration: in four houses and eight economies, every one of them invented and named so."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from ewtp.apps.organisations.actions.organisation_tokens import organisation_token_create
from ewtp.apps.organisations.actions.organisations import (
    organisation_change,
    organisation_register,
    organisation_verify,
)
from ewtp.apps.organisations.reading.organisation_list import memberships_of
from ewtp.core.organisations.commands import AddIdentifier, DeclareSize
from ewtp.core.organisations.house import House
from ewtp.core.organisations.identifier import Scheme
from ewtp.core.organisations.identifiers import complete_lei
from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.values.actor import Actor, ActorKind, Scope, system_actor
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ewtp.core.organisations.commands import OrganisationCommand
    from ewtp.core.organisations.organisation import Organisation

LABEL = "Invented"
DEMONSTRATION = system_actor("demonstration")
SCOPES = (Scope.READ, Scope.WRITE)
ECONOMIES = ("KE", "GH", "ZA", "NG", "US", "GB", "DE", "CA")
_NAMES = {
    House.SMALL_FIRM: "small firm",
    House.LARGE_FIRM: "large firm",
    House.CIVIL_SOCIETY: "consumer association",
    House.GOVERNMENT: "authority",
}
# Employees, turnover and balance sheet in euros: on either side of the limits of Recommendation 2003/361/EC.
_SIZES = {House.SMALL_FIRM: (12, 900_000, 400_000), House.LARGE_FIRM: (5_000, 900_000_000, 800_000_000)}
_KINDS = {House.CIVIL_SOCIETY: OrganisationKind.CIVIL_SOCIETY, House.GOVERNMENT: OrganisationKind.AGENCY}
# No issuer has this prefix, so that nobody's LEI is among them; the check digits are right.
_LEI_START = "EWTP00INVENTED"
_HOUSE_LETTERS = {House.SMALL_FIRM: "SF", House.LARGE_FIRM: "LF", House.CIVIL_SOCIETY: "CS"}
_HELD = timedelta(days=730)


@immutable
class InventedOrganisation:
    """An organisation with the secret of its token, and the person who founded it."""

    id: str
    name: str
    house: House
    economy: str
    token: str
    actor: Actor


def organisations_invent(*, now: datetime) -> tuple[InventedOrganisation, ...] | Refusal:
    """One organisation of each house in each economy, registered and verified at ``now``."""
    made: list[InventedOrganisation] = []
    authorities: dict[str, Actor] = {}
    # Authorities first: each verifies the others of its economy, so that no single verifier makes all the members.
    for house in sorted(House, key=lambda each: each is not House.GOVERNMENT):
        for economy in ECONOMIES:
            one = _invent(house, economy, authorities.get(economy, DEMONSTRATION), now)
            if isinstance(one, Refusal):
                return one
            if house is House.GOVERNMENT:
                authorities[economy] = one.actor
            made.append(one)
    return tuple(made)


def organisations_found(*, now: datetime) -> tuple[InventedOrganisation, ...] | None:
    """The organisations of a demonstration that is there already, each with a token of its own for this call.

    None where there is none.
    """
    made: list[InventedOrganisation] = []
    for house in sorted(House, key=lambda each: each is not House.GOVERNMENT):
        for economy in ECONOMIES:
            held = memberships_of(_person(house, economy))
            if not held:
                return None
            organisation = held[-1].organisation
            token = organisation_token_create(
                name="demonstration", scopes=SCOPES, organisation=organisation, actor=DEMONSTRATION, now=now
            )
            if isinstance(token, Refusal):
                return None
            actor = Actor(ActorKind.PERSON, _person(house, economy), organisation)
            made.append(InventedOrganisation(organisation, held[-1].name, house, economy, token.secret, actor))
    return tuple(made)


def is_invented_there() -> bool:
    """Whether the organisations of a demonstration were made before."""
    return bool(memberships_of(_person(House.SMALL_FIRM, ECONOMIES[0])))


def _person(house: House, economy: str) -> str:
    return f"demo-{house}-{economy.lower()}"


def _invent(house: House, economy: str, verifier: Actor, now: datetime) -> InventedOrganisation | Refusal:
    name = f"{LABEL} {_NAMES[house]} of {economy}"
    person = _person(house, economy)
    kind = _KINDS.get(house, OrganisationKind.FIRM)
    found = organisation_register(name=name, kind=kind, economy=economy, founder=person, actor=DEMONSTRATION, now=now)
    if isinstance(found, Refusal):
        return found
    actor = Actor(ActorKind.PERSON, person, found.id)
    for refused in _verify(found, house, actor, verifier, now):
        return refused
    token = organisation_token_create(
        name="demonstration", scopes=SCOPES, organisation=found.id, actor=DEMONSTRATION, now=now
    )
    if isinstance(token, Refusal):
        return token
    return InventedOrganisation(found.id, name, house, economy, token.secret, actor)


def _verify(made: Organisation, house: House, actor: Actor, verifier: Actor, now: datetime) -> Iterator[Refusal]:
    """Declare the size of a firm, add an invented LEI, and have everything verified that a seat needs."""
    commands: dict[Subject, OrganisationCommand] = {}
    if house in _SIZES:
        commands[Subject.SIZE] = DeclareSize(*_SIZES[house])
    if house in _HOUSE_LETTERS:
        lei = complete_lei(f"{_LEI_START}{made.economy}{_HOUSE_LETTERS[house]}")
        commands[Subject.LEI] = AddIdentifier(Scheme.LEI, lei)
    for command in commands.values():
        done = organisation_change(organisation=made.id, command=command, actor=actor, now=now)
        if isinstance(done, Refusal):
            yield done
    for subject in (Subject.IDENTITY, *commands):
        stated = organisation_verify(
            organisation=made.id,
            subject=subject,
            evidence="Made up for a demonstration",
            digest=hashlib.sha256(b"made up for a demonstration").hexdigest(),
            until=(now + _HELD).date(),
            actor=verifier,
            now=now,
        )
        if isinstance(stated, Refusal):
            yield stated

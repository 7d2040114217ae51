"""Organisations as the entries of a log have them so far: who owns whom, who is verified, and who was active."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import FirmSize, Organisation, OrganisationKind, Subject, Verification
from ewtp.core.organisations.shareholder import Shareholder
from ewtp.core.votes.membership import HouseMembership, house_membership
from ewtp.core.votes.ownership import find_held_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    OrganisationReader = Callable[["OrganisationsSoFar", dict[str, Any]], None]

# Looked up here, since to call an enumeration takes longer, and there may be a million entries.
_SUBJECTS, _SCHEMES = {str(each): each for each in Subject}, {str(each): each for each in Scheme}
_KINDS, _CHECKS = {str(each): each for each in OrganisationKind}, {str(each): each for each in IdentifierCheck}


@dataclass(frozen=True, slots=True)
class OwnersKnown:
    """Who is one owner group at an entry, which groups each one holds, and who is a member of the houses."""

    groups: Mapping[str, str]
    held: Mapping[str, frozenset[str]]
    membership: HouseMembership


@dataclass(slots=True)
class _ToldOrganisation:
    """What the entries say of an organisation so far.

    Its ``value`` is made when it is asked for and not with every entry, of which there may be a million.
    """

    id: str
    name: str
    kind: OrganisationKind
    economy: str
    size: FirmSize | None = None
    owner: str = ""
    identifiers: Mapping[Scheme, Identifier] = field(default_factory=dict)
    holders: tuple[Shareholder, ...] = ()
    verifications: tuple[Verification, ...] = ()
    # What was made of it last, None where something was told of it since.
    made: Organisation | None = None

    @property
    def value(self) -> Organisation:
        """The organisation."""
        if self.made is None:
            self.made = Organisation(
                self.id,
                self.name,
                self.kind,
                self.economy,
                identifiers=self.identifiers,
                size=self.size,
                ultimate_owner=self.owner,
                holders=self.holders,
                verifications=self.verifications,
            )
        return self.made


@dataclass(slots=True)
class OrganisationsSoFar:
    """The organisations, entry by entry, and what makes them active: drafts and ballots, and sponsorships that last."""

    told: dict[str, _ToldOrganisation] = field(default_factory=dict)
    acts: dict[str, date] = field(default_factory=dict)
    sponsors: dict[tuple[str, str], date] = field(default_factory=dict)
    # What was found last, until something is told that changes it: several entries of one vote ask for the same.
    _found: tuple[date, OwnersKnown] | None = None

    def take(self, kind: str, event: dict[str, Any]) -> None:
        """Take in an entry about organisations."""
        self._found = None
        _HANDLERS[kind](self, event)

    def note_act(self, organisation: str, day: date) -> None:
        """Note that an organisation drafted a proposal or cast a ballot."""
        self._found = None
        self.acts[organisation] = max(self.acts.get(organisation, day), day)

    def speaks_for(self, organisation: str, territory: str, day: date) -> bool:
        """Whether an organisation was a verified authority of a territory on a day."""
        one = self.told.get(organisation)
        is_authority = one is not None and one.kind is OrganisationKind.AGENCY and one.economy == territory
        return is_authority and one is not None and one.value.find_verification(Subject.IDENTITY, day) is not None

    def owners(self, day: date) -> OwnersKnown:
        """What follows from who owns whom and who is verified, as the hub itself computes it."""
        if self._found is None or self._found[0] != day:
            self._found = (day, self._owners(day))
        return self._found[1]

    def _owners(self, day: date) -> OwnersKnown:
        acts = dict(self.acts)
        for (_, organisation), at in self.sponsors.items():
            acts[organisation] = max(acts.get(organisation, at), at)
        known = {name: one.value for name, one in self.told.items()}
        membership = house_membership(known, acts, day)
        held = find_held_groups(membership.groups, membership.ties)
        return OwnersKnown(membership.groups, held, membership)

    def _find(self, event: Mapping[str, Any]) -> _ToldOrganisation | None:
        """The organisation that an entry says something about, None where its registration is not shown."""
        one = self.told.get(event["subject"])
        if one is not None:
            one.made = None
        return one

    def _read_registration(self, event: dict[str, Any]) -> None:
        body = event["payload"]
        kind = _KINDS[body["organisation_kind"]]
        self.told[event["subject"]] = _ToldOrganisation(event["subject"], body["name"], kind, body["economy"])

    def _read_size(self, event: dict[str, Any]) -> None:
        one, body = self._find(event), event["payload"]["size"]
        if one is not None:
            one.size = FirmSize(body["employees"], body["turnover_eur"], body["balance_sheet_eur"])

    def _read_owner(self, event: dict[str, Any]) -> None:
        one = self._find(event)
        if one is not None:
            one.owner = event["payload"]["owner"]

    def _read_holders(self, event: dict[str, Any]) -> None:
        one = self._find(event)
        if one is not None:
            one.holders = tuple(Shareholder(each["owner"], each["share"]) for each in event["payload"]["holders"])

    def _read_identifier(self, event: dict[str, Any]) -> None:
        one, body = self._find(event), event["payload"]["identifier"]
        scheme = None if one is None else _SCHEMES.get(body["scheme"])
        # A scheme of a later version says nothing of seats.
        if one is not None and scheme is not None:
            identifier = Identifier(scheme, body["value"], _CHECKS[body["check"]])
            one.identifiers = {**one.identifiers, scheme: identifier}

    def _read_removal(self, event: dict[str, Any]) -> None:
        one, scheme = self._find(event), event["payload"]["scheme"]
        if one is not None:
            one.verifications = tuple(each for each in one.verifications if each.subject != scheme)
            one.identifiers = {each: known for each, known in one.identifiers.items() if each != scheme}

    def _read_verification(self, event: dict[str, Any]) -> None:
        one, body = self._find(event), event["payload"]["verification"]
        subject = None if one is None else _SUBJECTS.get(body["subject"])
        # What later versions verify beside this says nothing of seats.
        if one is None or subject is None:
            return
        stated = Verification(
            body["id"],
            subject,
            body["by"],
            body["by_organisation"],
            body["evidence"],
            body["digest"],
            datetime.fromisoformat(body["at"]),
            date.fromisoformat(body["until"]),
        )
        one.verifications = (*one.verifications, stated)

    def _read_verification_end(self, event: dict[str, Any]) -> None:
        one, body = self._find(event), event["payload"]
        if one is not None:
            ended = datetime.fromisoformat(body["ended"])
            rest = (replace(each, ended=ended) if each.id == body["id"] else each for each in one.verifications)
            one.verifications = tuple(rest)

    def _read_draft(self, event: dict[str, Any]) -> None:
        body = event["payload"]
        self.note_act(body["author"]["organisation"], datetime.fromisoformat(body["at"]).date())

    def _read_sponsor(self, event: dict[str, Any]) -> None:
        body = event["payload"]
        day = datetime.fromisoformat(body["at"]).date()
        self.sponsors[event["subject"], body["participant"]["organisation"]] = day

    def _read_sponsor_end(self, event: dict[str, Any]) -> None:
        self.sponsors.pop((event["subject"], event["payload"]["organisation"]), None)

    @classmethod
    def handlers(cls) -> dict[str, OrganisationReader]:
        """What takes in each kind of entry."""
        return {
            "organisations:organisation:registered": cls._read_registration,
            "organisations:size:declared": cls._read_size,
            "organisations:owner:named": cls._read_owner,
            "organisations:holders:declared": cls._read_holders,
            "organisations:identifier:added": cls._read_identifier,
            "organisations:identifier:removed": cls._read_removal,
            "organisations:verification:stated": cls._read_verification,
            "organisations:verification:revoked": cls._read_verification_end,
            "organisations:verification:lapsed": cls._read_verification_end,
            "organisations:verification:outdated": cls._read_verification_end,
            "proposals:proposal:drafted": cls._read_draft,
            "proposals:sponsor:joined": cls._read_sponsor,
            "proposals:sponsor:left": cls._read_sponsor_end,
        }


# Made once: a vote of a hundred thousand groups has two entries of each.
_HANDLERS = OrganisationsSoFar.handlers()

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

_SUBJECTS, _SCHEMES = frozenset(Subject), frozenset(Scheme)


@dataclass(frozen=True, slots=True)
class OwnersKnown:
    """Who is one owner group at an entry, which groups each one holds, and who is a member of the houses.

    ``shared`` are the members for which an identifier is verified that is also verified for one of another group.
    """

    groups: Mapping[str, str]
    held: Mapping[str, frozenset[str]]
    membership: HouseMembership
    shared: frozenset[str] = frozenset()


@dataclass(slots=True)
class OrganisationsSoFar:
    """The organisations, entry by entry, and what makes them active: drafts and ballots, and sponsorships that last."""

    known: dict[str, Organisation] = field(default_factory=dict)
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
        one = self.known.get(organisation)
        is_authority = one is not None and one.kind is OrganisationKind.AGENCY and one.economy == territory
        return is_authority and one is not None and one.find_verification(Subject.IDENTITY, day) is not None

    def owners(self, day: date) -> OwnersKnown:
        """What follows from who owns whom and who is verified, as the hub itself computes it."""
        if self._found is None or self._found[0] != day:
            self._found = (day, self._owners(day))
        return self._found[1]

    def _owners(self, day: date) -> OwnersKnown:
        acts = dict(self.acts)
        for (_, organisation), at in self.sponsors.items():
            acts[organisation] = max(acts.get(organisation, at), at)
        membership = house_membership(self.known, acts, day)
        held = find_held_groups(membership.groups, membership.ties)
        return OwnersKnown(membership.groups, held, membership, self._find_shared(membership, day))

    def _find_shared(self, membership: HouseMembership, day: date) -> frozenset[str]:
        members: dict[str, list[str]] = {}
        for each in membership.members:
            one = self.known[each.id]
            for scheme, identifier in one.identifiers.items():
                if one.find_verification(Subject(scheme), day) is not None:
                    members.setdefault(identifier.key(one.economy), []).append(one.id)
        several = (each for each in members.values() if len({membership.groups[one] for one in each}) > 1)
        return frozenset(one for each in several for one in each)

    def _read_registration(self, event: dict[str, Any]) -> None:
        body = event["payload"]
        kind = OrganisationKind(body["organisation_kind"])
        self.known[event["subject"]] = Organisation(event["subject"], body["name"], kind, body["economy"])

    def _read_size(self, event: dict[str, Any]) -> None:
        known, body = self.known.get(event["subject"]), event["payload"]["size"]
        if known is not None:
            size = FirmSize(body["employees"], body["turnover_eur"], body["balance_sheet_eur"])
            self.known[known.id] = replace(known, size=size)

    def _read_owner(self, event: dict[str, Any]) -> None:
        known = self.known.get(event["subject"])
        if known is not None:
            self.known[known.id] = replace(known, ultimate_owner=event["payload"]["owner"])

    def _read_holders(self, event: dict[str, Any]) -> None:
        known = self.known.get(event["subject"])
        if known is not None:
            holders = tuple(Shareholder(each["owner"], each["share"]) for each in event["payload"]["holders"])
            self.known[known.id] = replace(known, holders=holders)

    def _read_identifier(self, event: dict[str, Any]) -> None:
        known, body = self.known.get(event["subject"]), event["payload"]["identifier"]
        # A scheme of a later version says nothing of seats.
        if known is not None and body["scheme"] in _SCHEMES:
            scheme = Scheme(body["scheme"])
            identifier = Identifier(scheme, body["value"], IdentifierCheck(body["check"]))
            self.known[known.id] = replace(known, identifiers={**known.identifiers, scheme: identifier})

    def _read_removal(self, event: dict[str, Any]) -> None:
        known, scheme = self.known.get(event["subject"]), event["payload"]["scheme"]
        if known is not None:
            left = tuple(each for each in known.verifications if each.subject != scheme)
            others = {each: one for each, one in known.identifiers.items() if each != scheme}
            self.known[known.id] = replace(known, verifications=left, identifiers=others)

    def _read_verification(self, event: dict[str, Any]) -> None:
        known, body = self.known.get(event["subject"]), event["payload"]["verification"]
        # What later versions verify beside this says nothing of seats.
        if known is None or body["subject"] not in _SUBJECTS:
            return
        stated = Verification(
            id=body["id"],
            subject=Subject(body["subject"]),
            by=body["by"],
            by_organisation=body["by_organisation"],
            evidence=body["evidence"],
            digest=body["digest"],
            at=datetime.fromisoformat(body["at"]),
            until=date.fromisoformat(body["until"]),
        )
        self.known[known.id] = replace(known, verifications=(*known.verifications, stated))

    def _read_verification_end(self, event: dict[str, Any]) -> None:
        known, body = self.known.get(event["subject"]), event["payload"]
        if known is not None:
            ended = datetime.fromisoformat(body["ended"])
            rest = (replace(each, ended=ended) if each.id == body["id"] else each for each in known.verifications)
            self.known[known.id] = replace(known, verifications=tuple(rest))

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

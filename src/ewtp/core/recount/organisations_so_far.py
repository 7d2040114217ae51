"""Organisations as the entries of a log have them so far: who owns whom, and whose identity is verified."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.organisations.organisation import OrganisationKind, Subject
from ewtp.core.votes.ownership import OwnershipTie, Tie, held_groups, owner_groups, state_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ewtp.core.votes.roll import RollEntry, VoteRoll

    OrganisationReader = Callable[["OrganisationsSoFar", dict[str, Any]], None]


@dataclass(slots=True)
class KnownOrganisation:
    """An organisation; ``verified`` has, by id, when a verification of its identity was stated and its last day."""

    is_agency: bool
    economy: str
    owner: str = ""
    verified: dict[str, tuple[date, date]] = field(default_factory=dict)

    def since(self, day: date) -> date | None:
        """Since when its identity is verified, on a day; None where it is not."""
        stated = [stated for stated, until in self.verified.values() if until >= day]
        return min(stated) if stated else None


@dataclass(frozen=True, slots=True)
class OwnersKnown:
    """Who is one owner group at an entry, and which groups each one holds; by organisation, what the roll may say."""

    groups: Mapping[str, str]
    held: Mapping[str, frozenset[str]]
    organisations: Mapping[str, tuple[str, date | None]]

    def odd_members(self, roll: VoteRoll) -> list[str]:
        """The members of a roll that are there with another group, economy or day than the entries give them."""
        houses = {entry.group: entry.house for entry in roll.entries}
        return [
            each.member for each in roll.entries if not self._is_given(each) or houses[each.group] is not each.house
        ]

    def _is_given(self, entry: RollEntry) -> bool:
        known = self.organisations.get(entry.member)
        return known == (entry.economy, entry.verified) and self.groups[entry.member] == entry.group


@dataclass(slots=True)
class OrganisationsSoFar:
    """The organisations, entry by entry."""

    known: dict[str, KnownOrganisation] = field(default_factory=dict)
    # What was found last, until something is told that changes it: several entries of one vote ask for the same.
    _found: tuple[date, OwnersKnown] | None = None

    def take(self, kind: str, event: dict[str, Any]) -> None:
        """Take in an entry about organisations."""
        self._found = None
        _HANDLERS[kind](self, event)

    def speaks_for(self, organisation: str, territory: str, day: date) -> bool:
        """Whether an organisation was a verified authority of a territory on a day."""
        one = self.known.get(organisation)
        return one is not None and one.is_agency and one.economy == territory and one.since(day) is not None

    def owners(self, day: date) -> OwnersKnown:
        """What follows from who names whom as its owner, as the hub itself computes it."""
        if self._found is None or self._found[0] != day:
            self._found = (day, self._owners(day))
        return self._found[1]

    def _owners(self, day: date) -> OwnersKnown:
        ties = [OwnershipTie(one.owner, each, Tie.CONTROLS) for each, one in self.known.items() if one.owner]
        states = [
            OwnershipTie(state_id(one.economy), each, Tie.CONTROLS) for each, one in self.known.items() if one.is_agency
        ]
        groups = owner_groups(self.known, [*ties, *states])
        facts = {each: (one.economy, one.since(day)) for each, one in self.known.items()}
        return OwnersKnown(groups, held_groups(groups, ties), facts)

    def _read_registration(self, event: dict[str, Any]) -> None:
        body = event["payload"]
        is_agency = body["organisation_kind"] == OrganisationKind.AGENCY
        self.known[event["subject"]] = KnownOrganisation(is_agency, body["economy"])

    def _read_owner(self, event: dict[str, Any]) -> None:
        known = self.known.get(event["subject"])
        if known is not None:
            known.owner = event["payload"]["owner"]

    def _read_verification(self, event: dict[str, Any]) -> None:
        known, body = self.known.get(event["subject"]), event["payload"]["verification"]
        if known is not None and body["subject"] == Subject.IDENTITY:
            stated = datetime.fromisoformat(body["at"]).date()
            known.verified[body["id"]] = (stated, date.fromisoformat(body["until"]))

    def _read_verification_end(self, event: dict[str, Any]) -> None:
        known = self.known.get(event["subject"])
        if known is not None:
            known.verified.pop(event["payload"]["id"], None)

    @classmethod
    def handlers(cls) -> dict[str, OrganisationReader]:
        """What takes in each kind of entry."""
        return {
            "organisations:organisation:registered": cls._read_registration,
            "organisations:owner:named": cls._read_owner,
            "organisations:verification:stated": cls._read_verification,
            "organisations:verification:revoked": cls._read_verification_end,
            "organisations:verification:lapsed": cls._read_verification_end,
        }


# Made once: a vote of a hundred thousand groups has two entries of each.
_HANDLERS = OrganisationsSoFar.handlers()

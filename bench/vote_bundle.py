"""A made-up vote as a bundle: open ballots of groups in four houses, the last of a group counts.

Every group is one organisation, whose registration, size, identifier and verifications the log has before the vote.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import orjson

from ewtp.core.log.bundle_format import BundleHeader, checkpoint_line, entry_line, leaves_line, roll_line
from ewtp.core.log.checkpoint import Checkpoint
from ewtp.core.log.event import Event, event_leaf
from ewtp.core.log.hash_tree import GrowingTree
from ewtp.core.log.key_history import KeyPeriod
from ewtp.core.log.note import NoteSigner, sign_note
from ewtp.core.log.tile import TILE_WIDTH
from ewtp.core.organisations.events import IdentifierAdded, Registered, SizeDeclared, Verified
from ewtp.core.organisations.house import House
from ewtp.core.organisations.identifier import Identifier, IdentifierCheck, Scheme
from ewtp.core.organisations.organisation import FirmSize, OrganisationKind, Subject, Verification
from ewtp.core.recount.organisations_so_far import OrganisationsSoFar
from ewtp.core.values.actor import Actor, ActorKind, system_actor
from ewtp.core.votes.ballot import BallotMode
from ewtp.core.votes.procedure import first_procedure
from ewtp.core.votes.roll import RollEntry, VoteRoll, freeze_roll
from ewtp.core.votes.vote_events import BallotCast, HeartbeatSent, VoteClosed, VoteStarted
from ewtp.core.votes.vote_tally import HOUSES, Choice, Majority

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_VOTE = f"vot_{0:032x}"
_OPENED = datetime(2026, 6, 1, 12, tzinfo=UTC)
_QUARTER = timedelta(minutes=15)
_ECONOMIES, _VERIFIERS = 26, 100
_SIGNER = NoteSigner("bench.example/log", bytes(range(32)))
_AT_ONCE = 500
_KINDS = {House.GOVERNMENT: OrganisationKind.AGENCY, House.CIVIL_SOCIETY: OrganisationKind.CIVIL_SOCIETY}
_SIZES = {House.SMALL_FIRM: FirmSize(12, 900_000, 400_000), House.LARGE_FIRM: FirmSize(5_000, 900_000_000, 800_000_000)}


def write_vote_bundle(path: Path, *, ballots: int, groups: int) -> None:
    """Write a bundle with the opening of a vote, its ballots, the heartbeats meanwhile and its closing."""
    founded = [each.body for each in _organisations(groups)]
    roll = _roll_of(founded)
    bodies = [*founded, *(each.body for each in vote_events(roll, ballots))]
    salts = [number.to_bytes(32) for number in range(len(bodies))]
    leaves = [*map(event_leaf, salts, bodies)]
    tree = GrowingTree()
    with path.open("wb") as file:
        file.write(BundleHeader(_SIGNER.name, len(bodies), 0, (), (KeyPeriod(_SIGNER.public),)).line)
        for start in range(0, len(bodies), TILE_WIDTH):
            piece = range(start, min(start + TILE_WIDTH, len(bodies)))
            file.write(leaves_line(start, leaves[piece.start : piece.stop]))
            file.writelines(entry_line(index, salts[index], bodies[index]) for index in piece)
            tree.extend(leaves[piece.start : piece.stop])
        file.write(checkpoint_line(sign_note(Checkpoint(_SIGNER.name, tree.size, tree.root).text, _SIGNER)))
        given = [each.as_json() for each in roll.entries]
        file.writelines(roll_line(_VOTE, given[start : start + _AT_ONCE]) for start in range(0, len(given), _AT_ONCE))


def vote_events(roll: VoteRoll, ballots: int) -> Iterator[Event]:
    """The opening of a vote, the heartbeats meanwhile, its ballots and its closing."""
    procedure = first_procedure()
    started = VoteStarted(
        _VOTE, "0" * 64, Majority.ORDINARY, BallotMode.OPEN, roll.root.hex(), procedure.as_texts(), sent_back=1
    )
    clock = system_actor("clock")
    yield Event(_VOTE, clock, _OPENED, started)
    for number in range(1, 14 * 96):
        yield Event("hub", clock, _OPENED + number * _QUARTER, HeartbeatSent())
    yield from _ballots(roll, ballots)
    yield Event(_VOTE, clock, _OPENED + procedure.clock_vote, VoteClosed())


def vote_roll(groups: int) -> VoteRoll:
    """A roll of members that are each a group of their own."""
    return VoteRoll(
        RollEntry(
            f"org_{number:032x}",
            f"org_{number:032x}",
            HOUSES[number % len(HOUSES)],
            f"E{chr(65 + number // len(HOUSES) % _ECONOMIES)}",
            f"org_v{number // len(HOUSES) % _VERIFIERS:031x}",
            date(2024, 1, 1),
            "",
        )
        for number in range(groups)
    )


def _roll_of(bodies: Iterable[bytes]) -> VoteRoll:
    """The roll that the entries about organisations give, as a recount finds it."""
    known = OrganisationsSoFar()
    for body in bodies:
        event = orjson.loads(body)
        known.take(event["kind"], event)
    membership, day = known.owners(_OPENED.date()).membership, _OPENED.date()
    return freeze_roll(membership.members, membership.ties, first_procedure(), day)


def _organisations(groups: int) -> Iterator[Event]:
    """The entries that say who the members of the roll are: each house has as many, each of a group of its own.

    What a government owns is of its own group, so every authority is of an economy of its own.
    """
    operator, stated = system_actor("operator"), _OPENED - timedelta(days=180)
    for number in range(groups):
        house, name = HOUSES[number % len(HOUSES)], f"org_{number:032x}"
        kind = _KINDS.get(house, OrganisationKind.FIRM)
        is_agency = kind is OrganisationKind.AGENCY
        economy = f"E{number}" if is_agency else f"E{chr(65 + number // len(HOUSES) % _ECONOMIES)}"
        yield Event(name, operator, stated, Registered(name, name, kind, economy))
        subjects = [Subject.IDENTITY]
        if kind is OrganisationKind.FIRM:
            yield Event(name, operator, stated, SizeDeclared(_SIZES[house]))
            subjects.append(Subject.SIZE)
        if not is_agency:
            own = Identifier(Scheme.COMPANY_NUMBER, f"C{number}", IdentifierCheck.FORM)
            yield Event(name, operator, stated, IdentifierAdded(own))
            subjects.append(Subject.COMPANY_NUMBER)
        verifier = f"org_v{number // len(HOUSES) % _VERIFIERS:031x}"
        for subject in subjects:
            seen = Verification(
                f"ver_{name}_{subject}", subject, "per_v", verifier, "Extract", "a" * 64, stated, date(2028, 1, 1)
            )
            yield Event(name, operator, stated, Verified(seen))


def _ballots(roll: VoteRoll, count: int) -> Iterator[Event]:
    members = [entry.member for entry in roll.entries]
    for number in range(count):
        member = members[number * 7919 % len(members)]
        choice = Choice.AGAINST if number % 10 == 0 else Choice.FOR
        actor = Actor(ActorKind.PERSON, f"per_{number % len(members):032x}", member)
        at = _OPENED + timedelta(seconds=number)
        yield Event(_VOTE, actor, at, BallotCast(member, choice))

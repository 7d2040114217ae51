"""Elections by secret ballot: what is public of one, which ballots count, and its archive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ewtp.apps.proposals.reading.electorate import freeze_roll_on
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.proposals.store import secret_models
from ewtp.core.belenios.election_board import ElectionSetup, write_election
from ewtp.core.belenios.public_board import compact
from ewtp.core.organisations.house import House
from ewtp.core.values.immutable import immutable
from ewtp.core.votes.secret_count import read_archived_seals
from ewtp.core.votes.vote_events import cast_ballots
from ewtp.core.votes.vote_state import takes_ballots

if TYPE_CHECKING:
    from datetime import datetime

    from ewtp.apps.proposals.reading.vote_record import VoteRecord
    from ewtp.core.votes.roll import VoteRoll

SECRET_HOUSE = House.SMALL_FIRM


@immutable
class SecretBallots:
    """The ballots of an election in the order in which they were cast, and the last of each voter."""

    cast: tuple[bytes, ...]
    counted: tuple[bytes, ...]


def read_prepared_election(proposal: str) -> secret_models.PreparedElection | None:
    """The election that waits for the vote on a proposal to be opened; None where there is none."""
    return secret_models.PreparedElection.objects.filter(proposal_id=proposal, vote=None).order_by("-at").first()


def election_of(proposal: str) -> secret_models.PreparedElection | None:
    """The latest election on a proposal, whether its vote was opened or not; None where there is none."""
    return secret_models.PreparedElection.objects.filter(proposal_id=proposal).order_by("-at").first()


def secret_groups(roll: VoteRoll) -> list[str]:
    """The owner groups of a roll that vote in secret."""
    return sorted(group for group, house in roll.houses.items() if house is SECRET_HOUSE)


def setup_of(row: secret_models.PreparedElection, roll: VoteRoll) -> ElectionSetup:
    """The public files of an election whose vote was opened on a roll."""
    keys = {each.credential for each in roll.entries if each.credential}
    return ElectionSetup(row.election.encode(), row.trustees.encode(), compact(sorted(keys)))


def ballots_of(row: secret_models.PreparedElection, vote: VoteRecord, now: datetime) -> SecretBallots:
    """The ballots of an election that count, and those that they replaced.

    Those of members that were struck, and of groups that were joined and voted again, are in the log alone.
    """
    seals = read_archived_seals(cast_ballots(vote.all_entries), vote.state(now).box, vote.roll)
    kept = {each.digest: each.content.encode() for each in row.ballots.filter(digest__in=seals.cast)}
    return SecretBallots(
        tuple(kept[each] for each in seals.cast if each in kept),
        tuple(kept[each] for each in seals.counted if each in kept),
    )


def shares_of(row: secret_models.PreparedElection) -> dict[int, Any]:
    """The partial decryptions by trustee."""
    return {each.trustee: each.content for each in row.decryptions.order_by("trustee")}


def election_archive(row: secret_models.PreparedElection, vote: VoteRecord, now: datetime) -> bytes:
    """The archive of an election as Belenios has it, with as much as there is at the moment."""
    course, ballots = vote.course(now), ballots_of(row, vote, now)
    return write_election(
        setup_of(row, vote.roll),
        ballots.cast,
        ballots.counted,
        shares_of(row),
        closed=not takes_ballots(course),
        timestamp=int(course.opened.timestamp()),
    )


def archive_of(proposal: str, now: datetime) -> bytes | None:
    """The archive of the latest vote by secret ballot on a proposal; None where none was opened."""
    row, vote = election_of(proposal), vote_of(proposal)
    return None if row is None or vote is None or row.vote_id != vote.id else election_archive(row, vote, now)


def groups_today(now: datetime) -> list[str]:
    """The owner groups that would vote in secret in a vote that is opened now."""
    return secret_groups(freeze_roll_on(now.date()))


def election_json(row: secret_models.PreparedElection, groups: list[str]) -> dict[str, Any]:
    """What is public of an election; ``groups`` are those that need a credential."""
    return {
        "uuid": row.uuid,
        "authority": row.authority,
        "trustees": list(row.members),
        "election": json.loads(row.election),
        "groups": groups,
        "missing": [each for each in groups if each not in row.credentials],
    }

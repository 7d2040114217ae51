"""How fast votes are counted: open ballots in the database, and secret ones encrypted, verified and tallied.

Prints one JSON object for each. ``--ballots 1000000 --secret 10000`` has the numbers that the program is meant for.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from importlib.util import find_spec
from itertools import chain
from typing import TYPE_CHECKING, Any

import psutil

from bench.own_database import own_database
from bench.vote_bundle import vote_events, vote_roll
from ewtp.core.belenios.election_audit import ElectionAudit, audit_election
from ewtp.core.belenios.election_board import (
    ElectionSetup,
    election_uuid,
    make_election,
    read_circle,
    read_result,
    write_election,
)
from ewtp.core.belenios.public_board import compact, read_board
from ewtp.core.belenios.schnorr_group import GENERATOR, raise_fixed_base
from ewtp.core.belenios.secret_ballot import credential_exponent, decrypt_share, encrypt_tally, make_ballot
from ewtp.core.belenios.trustee_circle import circle_of, draw_secrets, finish_key, make_certificate, make_dealing
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ewtp.apps.proposals.store.models import Vote
    from ewtp.core.log.event import Event
    from ewtp.core.votes.roll import VoteRoll

BALLOTS, BALLOTS_OF_A_GROUP = 100_000, 10
SECRET = 100
TURNS = 3
# Two seconds for a million ballots, by group, the last one counting; a ballot a thousandth of 7.8 s to be verified.
TARGET_TALLY_SECONDS = 2e-6
TARGET_VERIFY_SECONDS = 7.8e-3
TRUSTEES, THRESHOLD = 5, 3
_LOG_COLUMNS = "index, salt, body, kind, subject, actor, at, public, erased_reason"
_ROLL_COLUMNS = 'vote_id, member, "group", house, economy, verifier, verified, credential'


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ballots", type=int, default=BALLOTS, help="ballots that the database counts, or 0")
    parser.add_argument("--secret", type=int, default=SECRET, help="secret ballots that are verified, or 0")
    asked = parser.parse_args()
    if asked.secret:
        _count_secret(asked.secret)
    if asked.ballots:
        with own_database():
            _count_stored(asked.ballots)


def _count_stored(ballots: int) -> None:
    """A vote counted by the database from the log in it; ``by_core`` is the same count where every ballot is read.

    Processor time, since what else runs must not decide: that of this process and of its connection's, which then has
    no others work for it. ``seconds`` is what it takes by the clock with them.
    """
    from django.db import connection  # noqa: PLC0415 - the settings are read when the database is there

    from ewtp.apps.proposals.reading.vote_record import VoteRecord  # noqa: PLC0415 - see above

    roll = vote_roll(ballots // BALLOTS_OF_A_GROUP)
    row, ends = _make_vote(roll, ballots)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        server = psutil.Process(cursor.fetchone()[0])
        ours, clock = [], []
        start = _spent(server)
        state = VoteRecord(row).state(ends)
        by_core = _spent(server) - start
        figures = None
        for _ in range(TURNS):
            start = time.perf_counter()
            VoteRecord(row).find_figures(ends)
            clock.append(time.perf_counter() - start)
            cursor.execute("SET max_parallel_workers_per_gather = 0")
            start = _spent(server)
            figures = VoteRecord(row).find_figures(ends)
            ours.append(_spent(server) - start)
            cursor.execute("RESET max_parallel_workers_per_gather")
    if (
        figures is None
        or figures.tally is None
        or figures.tally != state.tally
        or sum(figures.turnout.values()) != len(roll.houses)
    ):
        sys.exit("the ballots were not counted")
    said = {"bench": "vote_tally", "peer": "two seconds for a million ballots", "unit": "s", "n": ballots}
    said |= {"groups": len(roll.houses), "by_core": round(by_core, 3), "seconds": round(min(clock), 3)}
    _say({**said, "times": TURNS}, ours=min(ours), theirs=TARGET_TALLY_SECONDS * ballots)


def _spent(server: psutil.Process) -> float:
    """The processor time of this process and of the server's that works for it."""
    taken = server.cpu_times()
    return time.process_time() + float(taken.user + taken.system)


def _make_vote(roll: VoteRoll, ballots: int) -> tuple[Vote, datetime]:
    """A vote of a proposal with its entries in the log; returns it with the moment at which it ends."""
    from django.db import connection, transaction  # noqa: PLC0415 - the settings are read when the database is there

    from ewtp.apps.proposals.store.models import Proposal, Vote  # noqa: PLC0415 - see above

    events = vote_events(roll, ballots)
    first = next(events)
    author = {"author": "org_a", "author_group": "org_a", "author_house": "small_firm", "author_economy": "KE"}
    with transaction.atomic():
        proposal = Proposal.objects.create(id=f"prp_{0:032x}", title="Bench", at=first.at, **author)
        row = Vote.objects.create(id=first.subject, proposal=proposal, opened=first.at)
        ends = _store(connection.cursor(), row.id, roll, chain([first], events))
    with connection.cursor() as cursor:
        # The server does this by itself some time after so many rows were added.
        cursor.execute("ANALYZE log_logentry")
        cursor.execute("ANALYZE proposals_rollmember")
    return row, ends


def _store(cursor: Any, vote: str, roll: VoteRoll, events: Iterable[Event]) -> datetime:
    """Write the events as numbered entries of the log, and the roll; returns the moment of the last one."""
    last = None
    with cursor.copy(f"COPY log_logentry ({_LOG_COLUMNS}) FROM STDIN") as copy:
        for index, event in enumerate(events):
            last = event.at
            kind, salt = str(event.payload.kind), index.to_bytes(32)
            copy.write_row((index, salt, event.body, kind, event.subject, event.actor_label, event.at, True, ""))
    with cursor.copy(f"COPY proposals_rollmember ({_ROLL_COLUMNS}) FROM STDIN") as copy:
        for each in roll.entries:
            named = (each.member, each.group, str(each.house), each.economy, each.verifier)
            copy.write_row((vote, *named, each.verified, each.credential))
    if last is None:
        sys.exit("there are no events")
    return last


def _count_secret(count: int) -> None:
    """An election by secret ballot: each ballot encrypted by its voter, the archive verified, the tally decrypted."""
    draw = random.Random(7).randrange
    uuid = election_uuid("prp_bench")
    secrets = [draw_secrets(THRESHOLD, draw) for _ in range(TRUSTEES)]
    certificates = [make_certificate(each, draw) for each in secrets]
    dealings = [make_dealing(each, certificates, draw) for each in secrets]
    finished = [finish_key(each, number, certificates, dealings, draw) for number, each in enumerate(secrets, start=1)]
    published = circle_of(THRESHOLD, certificates, dealings, [each for _, each in finished])
    circle = read_circle(published)
    if isinstance(circle, Refusal):
        sys.exit(circle.message)
    exponents = [credential_exponent(f"{number:014}A", uuid) for number in range(count)]
    election = make_election(
        uuid=uuid, name="Vote", change="a" * 64, public_key=circle.public_key, hub="hub", authority="chamber"
    )
    credentials = compact(sorted(str(raise_fixed_base(GENERATOR, each)) for each in exponents))
    setup = ElectionSetup(election, compact(published), credentials)
    answers = [[int(place == number % 10 // 9) for place in range(3)] for number in range(count)]
    start = time.process_time()
    cast = [make_ballot(setup.opened, each, [answer], draw) for each, answer in zip(exponents, answers, strict=True)]
    encrypted = time.process_time()
    tally = encrypt_tally(setup.opened, cast)
    shares = {number: decrypt_share(setup.opened, tally, finished[number - 1][0], draw) for number in (1, 2, 4)}
    result = read_result(setup, cast, shares)
    counted = time.process_time()
    board = read_board(write_election(setup, cast, cast, shares, closed=True, timestamp=1_780_000_000))
    audit = board if isinstance(board, Refusal) else audit_election(board)
    verified = time.process_time()
    wanted = [sum(answer[place] for answer in answers) for place in range(3)]
    if not isinstance(audit, ElectionAudit) or not audit.holds or result != wanted:
        sys.exit("the election does not hold")
    peer = "7.8 ms of processor time to verify a ballot"
    said: dict[str, object] = {"bench": "secret_ballots", "peer": peer, "unit": "s", "n": count}
    said["gmpy2"] = find_spec("gmpy2") is not None
    spent = {"encrypted": round(encrypted - start, 2), "tallied": round(counted - encrypted, 2)}
    _say({**said, **spent}, ours=verified - counted, theirs=TARGET_VERIFY_SECONDS * count)


def _say(row: dict[str, object], *, ours: float, theirs: float) -> None:
    ratio = theirs / ours
    figures = {"ratio": round(ratio, 3), "ours": round(ours, 3), "theirs": round(theirs, 3), "target": 1}
    print(json.dumps({**row, **figures, "reached": ratio >= 1}), flush=True)


if __name__ == "__main__":
    main()

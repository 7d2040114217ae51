"""A secret ballot counted again from its archive, which is held to what the log has of it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ewtp.core.belenios import schnorr_group
from ewtp.core.belenios.election_audit import ElectionAudit, audit_election, fingerprint
from ewtp.core.belenios.public_board import PublicBoard, compact, read_board
from ewtp.core.recount import sentences
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.secret_count import read_archived_seals
from ewtp.core.votes.vote_events import VoteCounted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ewtp.core.recount.vote_entries import LoggedVote
    from ewtp.core.votes.roll import VoteRoll
    from ewtp.core.votes.vote_state import VoteState

# The proofs of this many ballots are checked within minutes without gmpy2, which is some thirty times as fast.
MOST_PLAIN_BALLOTS = 200
_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError)


@dataclass(slots=True)
class SecretRecount:
    """The secret ballot of a vote: ``faults`` name the entry that the archive contradicts, ``left`` what is open."""

    vote: LoggedVote
    roll: VoteRoll
    state: VoteState
    faults: list[Statement] = field(default_factory=list)
    left: list[Statement] = field(default_factory=list)

    def check(self) -> None:
        """Compare the archive with the log, and check its proofs."""
        if not self.vote.archive:
            self._leave(sentences.LEFT_SECRET)
            return
        board = read_board(self.vote.archive)
        if isinstance(board, Refusal):
            self._fault(self.vote.index, board.code)
            return
        try:
            for index, name in self._find_differences(board):
                self._fault(index, name)
        except _UNREADABLE:
            self._fault(self.vote.index, "archive")
        # What is not what was logged needs no proof, which takes long.
        if self.faults:
            return
        ballots = len(board.payloads("Ballot"))
        if not schnorr_group.IS_FAST and ballots > MOST_PLAIN_BALLOTS:
            self._leave(sentences.LEFT_PROOFS, count=ballots)
            return
        audit = audit_election(board)
        found = [audit] if isinstance(audit, Refusal) else audit.faults
        for each in found:
            self._fault(self.vote.index, each.code)
        if isinstance(audit, ElectionAudit) and audit.holds and audit.result is None and ballots:
            self._leave(sentences.LEFT_UNCOUNTED)

    def _find_differences(self, board: PublicBoard) -> Iterator[tuple[int, str]]:
        """What the archive has otherwise than the log: the number of the entry, and the name of the file."""
        started, index = self.vote.started, self.vote.index
        setup = json.loads(board.payloads("Setup")[0])
        if fingerprint(board.file(setup["election"])) != started.election:
            yield index, "election"
        keys = {entry.credential for entry in self.roll.entries if entry.credential}
        if board.file(setup["credentials"]) != compact(sorted(keys)):
            yield index, "credentials"
        logged = read_archived_seals(self.vote.ballots, self.state.box, self.roll)
        held = [hashlib.sha256(each).hexdigest() for each in board.payloads("Ballot")]
        for place, seal in enumerate(logged.cast):
            if held[place : place + 1] != [seal]:
                yield logged.indices[place], "ballots"
                return
        if len(held) > len(logged.cast):
            yield index, "ballots"
            return
        yield from self._find_count_difference(board)

    def _find_count_difference(self, board: PublicBoard) -> Iterator[tuple[int, str]]:
        given = {trustee: (index, digest) for index, trustee, digest in self.vote.decryptions}
        for content in board.payloads("PartialDecryption"):
            owned = json.loads(content)
            index, digest = given.get(owned["owner"], (self.vote.index, ""))
            if owned["payload"] != digest:
                yield index, "decryptions"
        published = board.payloads("Result")
        found = tuple(json.loads(published[0])["result"][0]) if published else None
        counted = [one for one in self.vote.entries if isinstance(one.event, VoteCounted)]
        nothing = not board.payloads("Ballot")
        for one in counted:
            if any(tuple(figures) != ((0, 0, 0) if nothing else found) for figures in _figures(one.event)):
                yield one.index, "result"
        if found is not None and not counted:
            yield self.vote.index, "result"

    def _leave(self, sentence: Any, **params: object) -> None:
        self.left.append(Statement(sentence, {"vote": self.vote.id, **params}))

    def _fault(self, index: int, name: str) -> None:
        told = {"index": index, "vote": self.vote.id, "name": name}
        self.faults.append(Statement(sentences.ELECTION_DIFFERS, told))


def _figures(event: object) -> list[tuple[int, int, int]]:
    return list(event.houses.values()) if isinstance(event, VoteCounted) else []

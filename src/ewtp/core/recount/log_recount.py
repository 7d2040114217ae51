"""The entries of a log recounted: votes from their ballots, alarms from rolls, adoptions from what was decided.

Nothing here asks the installation: whoever has the bundle finds the same. It imports nothing but the standard library
and packages of core that do the same, so that the program which comes inside a bundle can hold it.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from ewtp.core.recount import sentences
from ewtp.core.recount.adoption_recount import AdoptionRecount
from ewtp.core.recount.findings import RecountReport
from ewtp.core.recount.logged_vote import LoggedVote
from ewtp.core.recount.vote_recount import recount_vote
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.logged_event import read_vote_event
from ewtp.core.votes.vote_events import BallotCast, ResultPublished, VoteEntry, VoteEventKind, VoteStarted

if TYPE_CHECKING:
    from ewtp.core.log.bundle import BundleReport

# The subject of heartbeats, which are about the hub and not about one vote.
_HUB = "hub"
_OPENED, _DECIDED = "proposals:vote:opened", "proposals:vote:decided"


class LogRecount:
    """A reader of a bundle that recounts what its entries say."""

    def __init__(self) -> None:
        self._votes: dict[str, LoggedVote] = {}
        self._latest: dict[str, LoggedVote] = {}
        self._opened: dict[tuple[str, str], str] = {}
        self._beats: list[VoteEntry] = []
        self._given: dict[str, list[dict[str, Any]]] = {}
        self._adoptions = AdoptionRecount()
        self._adoption_handlers = AdoptionRecount.handlers()
        self._vote_kinds = {str(kind) for kind in VoteEventKind}
        self._faults: list[Statement] = []
        self._earlier = 0
        self._last = ""

    def take_entry(self, index: int, event: dict[str, Any]) -> None:
        """Take in an entry that is the one which was logged."""
        kind = event.get("kind")
        try:
            self._last = event["at"]
            if kind in self._vote_kinds:
                self._take_vote_event(index, kind, event)
                return
            if kind == _OPENED:
                self._opened[event["payload"]["changeset"], event["at"]] = event["subject"]
            elif kind == _DECIDED:
                self._take_outcome(index, event)
            handler = self._adoption_handlers.get(kind) if isinstance(kind, str) else None
            if handler is not None:
                handler(self._adoptions, index, event)
        except (AttributeError, KeyError, TypeError, ValueError):
            self._faults.append(Statement(sentences.ENTRY_UNREADABLE, {"index": index, "kind": str(kind)}))

    def take_roll(self, vote: str, entries: list[Any]) -> None:
        """Some of the roll of a vote; whether it is the one that was logged is known once all of it is there."""
        self._given.setdefault(vote, []).extend(entries)

    def report(self, bundle: BundleReport) -> RecountReport:
        """What was recounted, at the end of the bundle that ``bundle`` reports on."""
        faults, left, votes = [*self._faults, *self._adoptions.faults], [], []
        for vote in self._votes.values():
            vote.given = self._given.get(vote.id, [])
            vote.entries += [one for one in self._beats if one.index > vote.index and one.at >= vote.entries[0].at]
            now = max(one.at for one in vote.entries)
            if self._last:
                now = max(now, datetime.fromisoformat(self._last))
            found, wrong, unchecked = recount_vote(vote, now)
            votes.append(found)
            faults += wrong
            left += unchecked
        counted = (
            (sentences.LEFT_ERASED, bundle.erased),
            (sentences.LEFT_WITHHELD, bundle.withheld),
            (sentences.LEFT_EARLIER, self._earlier + self._adoptions.earlier),
            (sentences.LEFT_AUTHORITIES, self._adoptions.unshown),
            (sentences.LEFT_REPLAYS, self._adoptions.replays),
        )
        left += [Statement(sentence, {"count": count}) for sentence, count in counted if count]
        faults.sort(key=lambda fault: fault.params["index"])
        return RecountReport(tuple(votes), tuple(self._adoptions.found), tuple(faults), tuple(left))

    def _take_vote_event(self, index: int, kind: str, event: dict[str, Any]) -> None:
        subject, body = event["subject"], event["payload"]
        happened = read_vote_event(kind, body)
        one = VoteEntry(index, datetime.fromisoformat(event["at"]), happened)
        if type(happened) is VoteStarted:
            proposal = self._opened.pop((happened.on, event["at"]), "")
            self._votes[subject] = self._latest[proposal] = LoggedVote(subject, index, happened, proposal, [one])
            return
        if subject == _HUB:
            self._beats.append(one)
            return
        vote = self._votes.get(subject)
        if vote is None:
            self._earlier += 1
        elif type(happened) is ResultPublished:
            vote.results.append((index, one.at, happened))
        else:
            vote.entries.append(one)
            if type(happened) is BallotCast and event.get("on_behalf_of") != happened.member:
                told = {"member": happened.member, "other": str(event.get("on_behalf_of"))}
                self._faults.append(Statement(sentences.BALLOT_OF_ANOTHER, {"index": index, **told}))

    def _take_outcome(self, index: int, event: dict[str, Any]) -> None:
        vote = self._latest.get(event["subject"])
        if vote is not None:
            outcome = event["payload"]["outcome"]
            vote.outcomes.append((index, datetime.fromisoformat(event["at"]), outcome))

"""The entries of a log recounted: votes from their ballots, alarms from rolls, adoptions from what was decided.

Nothing here asks the installation: whoever has the bundle finds the same. It imports nothing but the standard library
and packages of core that do the same, so that the program which comes inside a bundle can hold it.
"""

from __future__ import annotations

from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ewtp.core.recount import sentences
from ewtp.core.recount.adoption_recount import AdoptionRecount
from ewtp.core.recount.appeal_recount import APPEAL_KINDS, AppealRecount
from ewtp.core.recount.authority_recount import AuthorityRecount
from ewtp.core.recount.draw_recount import root_statements
from ewtp.core.recount.findings import UNREADABLE, RecountReport
from ewtp.core.recount.organisations_so_far import OrganisationsSoFar
from ewtp.core.recount.vote_entries import LoggedVote
from ewtp.core.recount.vote_recount import recount_vote
from ewtp.core.values.sentence import Statement
from ewtp.core.votes.blocs import BlocKind
from ewtp.core.votes.secret_events import SecretEventKind
from ewtp.core.votes.vote_event_reader import CHOICES, read_vote_event
from ewtp.core.votes.vote_events import (
    AlarmRaised,
    GroupsJoined,
    HeartbeatSent,
    MembersStruck,
    ResultPublished,
    VoteEntry,
    VoteEventKind,
    VoteStarted,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ewtp.core.log.bundle_report import BundleReport
    from ewtp.core.recount.findings import VoteFindings
    from ewtp.core.recount.organisations_so_far import OwnersKnown

# The subject of heartbeats, which are about the hub and not about one vote.
_HUB = "hub"
# How the codes of sentences begin that say what was not checked.
_LEFT = "left_"
_LONGEST_KIND = 100
_CAST = str(VoteEventKind.CAST)
# The outcome of a proposal whose vote is held again.
_AGAIN = "new_roll"
_OPENED, _DECIDED = "proposals:vote:opened", "proposals:vote:decided"


class LogRecount:
    """A reader of a bundle that recounts what its entries say."""

    def __init__(self) -> None:
        self._votes: dict[str, LoggedVote] = {}
        self._latest: dict[str, LoggedVote] = {}
        self._opened: dict[tuple[str, str], str] = {}
        self._beats: list[VoteEntry] = []
        self._given: dict[str, list[dict[str, Any]]] = {}
        self._archives: dict[str, list[bytes]] = {}
        # What was prepared for a secret ballot, by the fingerprint of the election.
        self._appeals: dict[str, AppealRecount] = {}
        self._prepared: dict[str, tuple[int, dict[str, Any]]] = {}
        self._adoptions = AdoptionRecount()
        self._adoption_handlers = AdoptionRecount.handlers()
        self._key_handlers = AuthorityRecount.handlers()
        self._organisation_kinds = frozenset(OrganisationsSoFar.handlers())
        # Those that say nothing else: an organisation has several, and there may be a hundred thousand of them.
        self._organisation_alone = self._organisation_kinds - {*self._adoption_handlers, *self._key_handlers}
        self._taken = self._other = 0
        # By vote, of how many of its ballots the voters were noted.
        self._noted: dict[str, int] = {}
        self._vote_kinds = {str(kind) for kind in VoteEventKind}
        self._faults: list[Statement] = []
        self._earlier = 0
        # Number, kind and moment of the last entry, of which nothing was checked.
        self._last: tuple[int, object, object] | None = None

    def take_entry(self, index: int, event: dict[str, Any]) -> None:
        """Take in an entry that is the one which was logged."""
        self.take_entries(index, [event])

    def take_entries(self, first: int, events: Sequence[dict[str, Any]]) -> None:
        """Take in the entries from ``first`` on, which are those that were logged."""
        # What the entries that are not shown say of keys and owners nobody knows from here on.
        if first != self._taken:
            self._adoptions.signed.is_whole = False
        self._taken += len(events)
        for index, event in enumerate(events, first):
            kind = event.get("kind")
            try:
                self._last = (index, kind, event["at"])
                if kind == _CAST:
                    self._take_ballot(index, event)
                elif kind in self._vote_kinds:
                    self._take_vote_event(index, kind, event)
                elif isinstance(kind, str):
                    # A draft and its sponsors say who was active, and something of the proposal as well.
                    if kind in self._organisation_kinds:
                        self._adoptions.organisations.take(kind, event)
                    if kind not in self._organisation_alone:
                        self._take_other(index, kind, event)
            except UNREADABLE:
                self._faults.append(_entry_fault(index, kind))

    def take_roll(self, vote: str, entries: list[Any]) -> None:
        """Some of the roll of a vote; whether it is the one that was logged is known once all of it is there."""
        self._given.setdefault(vote, []).extend(entries)

    def take_archive(self, vote: str, part: bytes) -> None:
        """The next part of the archive of a secret ballot."""
        self._archives.setdefault(vote, []).append(part)

    def report(self, bundle: BundleReport) -> RecountReport:
        """What was recounted, at the end of the bundle that ``bundle`` reports on."""
        signed = self._adoptions.signed
        faults, votes = [*self._faults, *self._adoptions.faults, *signed.faults], []
        left: list[Statement] = []
        faults += self._find_erasure_faults(bundle)
        last = self._last_moment(faults)
        for vote in self._votes.values():
            vote.given = self._given.get(vote.id, [])
        for each in (*self._prepare_statements(bundle), *self._appeal_statements(bundle)):
            (left if each.code.startswith(_LEFT) else faults).append(each)
        for vote in self._votes.values():
            try:
                found, wrong, unchecked = self._recount(vote, last, bundle)
            except UNREADABLE:
                # A procedure, a figure or a roll that the vote cannot have had.
                faults.append(_entry_fault(vote.index, VoteEventKind.STARTED))
                continue
            votes.append(found)
            faults += wrong
            left += unchecked
        counted = (
            (sentences.LEFT_ERASED, bundle.erased),
            (sentences.LEFT_WITHHELD, bundle.withheld),
            (sentences.LEFT_UNBOUND, bundle.unbound),
            (sentences.LEFT_EARLIER, self._earlier + self._adoptions.earlier),
            (sentences.LEFT_AUTHORITIES, self._adoptions.unshown),
            (sentences.LEFT_KEYS, signed.unkeyed),
            (sentences.LEFT_REPLAYS, self._adoptions.replays),
            (sentences.LEFT_SUNSETS, self._adoptions.sunsets),
            (sentences.LEFT_OTHERS, self._other),
        )
        left += [Statement(sentence, {"count": count}) for sentence, count in counted if count]
        faults = sorted(map(_check_statement, faults), key=lambda fault: fault.params["index"])
        return RecountReport(
            tuple(votes), tuple(self._adoptions.found), tuple(faults), tuple(map(_check_statement, left))
        )

    def _recount(
        self, vote: LoggedVote, last: datetime | None, bundle: BundleReport
    ) -> tuple[VoteFindings, list[Statement], list[Statement]]:
        vote.archive = b"".join(self._archives.get(vote.id, []))
        vote.entries += [one for one in self._beats if one.index > vote.index and one.at >= vote.entries[0].at]
        moments = [*(one.at for one in vote.entries), *map(itemgetter(1), vote.ballots[-1:])]
        return recount_vote(vote, max(moments if last is None else [*moments, last]), bundle)

    def _last_moment(self, faults: list[Statement]) -> datetime | None:
        """When the last entry was written; a fault, and None, where it does not say so."""
        if self._last is None:
            return None
        index, kind, at = self._last
        try:
            return _read_moment(at)
        except UNREADABLE:
            faults.append(_entry_fault(index, kind))
        return None

    def _take_other(self, index: int, kind: str, event: dict[str, Any]) -> None:
        """Take in an entry that is about no vote itself."""
        adoptions = self._adoptions
        if kind in self._key_handlers:
            self._key_handlers[kind](adoptions.signed, index, event)
        elif kind == _OPENED:
            self._opened[event["payload"]["changeset"], event["at"]] = event["subject"]
        elif kind in APPEAL_KINDS:
            self._take_appeal(index, kind, event)
        elif kind == SecretEventKind.PREPARED:
            self._prepared[event["payload"]["fingerprint"]] = (index, event["payload"])
        elif kind == SecretEventKind.DECRYPTED:
            vote, body = self._votes.get(event["subject"]), event["payload"]
            self._earlier += vote is None
            if vote is not None:
                vote.decryptions.append((index, body["trustee"], body["digest"]))
        elif kind in self._adoption_handlers:
            if kind == _DECIDED:
                self._take_outcome(index, event)
            self._adoption_handlers[kind](adoptions, index, event)
        elif kind not in self._organisation_kinds:
            self._other += 1

    def _take_appeal(self, index: int, kind: str, event: dict[str, Any]) -> None:
        vote = self._votes.get(event["subject"])
        self._earlier += vote is None
        if vote is not None:
            self._appeals.setdefault(vote.id, AppealRecount(vote)).take(index, kind, event)

    def _appeal_statements(self, bundle: BundleReport) -> Iterator[Statement]:
        """What is wrong with appeals, and with what was undone without one."""
        undone = list(self._adoptions.annulled)
        upheld_by: dict[str, list[int]] = {}
        for vote in self._votes.values():
            appeals = self._appeals.get(vote.id)
            if appeals is not None:
                yield from appeals.faults
                try:
                    roll = vote.roll() if vote.given else None
                    compared = [] if roll is None else [*appeals.compare(roll, bundle)]
                except UNREADABLE:
                    compared = [_entry_fault(vote.index, VoteEventKind.STARTED)]
                yield from compared
                upheld_by.setdefault(vote.proposal, []).extend(appeals.upheld)
            undone += [(index, vote.proposal) for index in vote.undone]
        for index, proposal in undone:
            if not any(each < index for each in upheld_by.get(proposal, ())):
                yield Statement(sentences.APPEAL_UNFOUNDED, {"index": index, "appeal": "", "vote": proposal})

    def _find_erasure_faults(self, bundle: BundleReport) -> Iterator[Statement]:
        """The erased entries that a recount needs: without them nobody can say that what followed is right."""
        needed = {
            *self._vote_kinds,
            *APPEAL_KINDS,
            *self._adoption_handlers,
            *self._key_handlers,
            *map(str, SecretEventKind),
            _OPENED,
        }
        for each in bundle.erasures:
            if each.kind in needed:
                yield Statement(sentences.ENTRY_ERASED, {"index": each.index, "kind": each.kind})

    def _prepare_statements(self, bundle: BundleReport) -> Iterator[Statement]:
        """The roots by which trustees of secret ballots were drawn, and the votes whose election nobody prepared."""
        for index, body in self._prepared.values():
            yield from root_statements(bundle, index, body["size"], body["root"])
        for vote in self._votes.values():
            election = vote.started.election
            if election and election in self._prepared:
                yield Statement(sentences.LEFT_TRUSTEES, {"vote": vote.id})
            elif election and not bundle.header.since:
                told = {"index": vote.index, "vote": vote.id, "name": "election"}
                yield Statement(sentences.ELECTION_DIFFERS, told)

    def _take_ballot(self, index: int, event: dict[str, Any]) -> None:
        """Take in a ballot, of which there may be a million: each step here is a tenth of a second then."""
        vote = self._votes.get(event["subject"])
        body = event["payload"]
        member, seal = body["member"], body["seal"]
        if type(member) is not str or type(seal) is not str:
            raise TypeError
        one = (index, _read_moment(event["at"]), member, CHOICES[body["choice"]], seal)
        if vote is None:
            self._earlier += 1
            return
        vote.ballots.append(one)
        if event.get("on_behalf_of") != member:
            told = {"member": member, "other": str(event.get("on_behalf_of"))}
            self._faults.append(Statement(sentences.BALLOT_OF_ANOTHER, {"index": index, **told}))

    def _take_vote_event(self, index: int, kind: str, event: dict[str, Any]) -> None:
        subject, body = event["subject"], event["payload"]
        happened = read_vote_event(kind, body)
        one = VoteEntry(index, _read_moment(event["at"]), happened)
        if type(happened) is VoteStarted:
            if type(subject) is not str or type(happened.election) is not str:
                raise TypeError
            proposal = self._opened.pop((happened.on, event["at"]), "")
            started = LoggedVote(subject, index, happened, proposal, [one])
            self._note_voters()
            started.owners, started.earlier = self._owners(one.at), [*self._votes.values()]
            self._votes[subject] = self._latest[proposal] = started
            return
        if type(happened) is HeartbeatSent and subject == _HUB:
            self._beats.append(one)
            return
        vote = self._votes.get(subject)
        if vote is None:
            self._earlier += 1
        elif type(happened) is ResultPublished:
            vote.results.append((index, one.at, happened))
        else:
            vote.entries.append(one)
            owners = self._owners(one.at) if _is_about_owners(happened) else None
            if owners is not None:
                vote.owners_at[index] = owners

    def _note_voters(self) -> None:
        """Note who voted so far, which makes them active; of each vote once, because there may be a million ballots."""
        for vote in self._votes.values():
            start = self._noted.get(vote.id, 0)
            last = {member: at for _, at, member, *_ in vote.ballots[start:]}
            self._noted[vote.id] = len(vote.ballots)
            for member, at in last.items():
                self._adoptions.organisations.note_act(member, at.date())

    def _owners(self, moment: datetime) -> OwnersKnown | None:
        """Who owns whom by the entries so far; None where some of them are not shown."""
        adoptions = self._adoptions
        return adoptions.organisations.owners(moment.date()) if adoptions.signed.is_whole else None

    def _take_outcome(self, index: int, event: dict[str, Any]) -> None:
        vote = self._latest.get(event["subject"])
        if vote is not None:
            outcome = event["payload"]["outcome"]
            if outcome == _AGAIN and vote.is_counted_before(index):
                vote.undone.append(index)
                return
            vote.outcomes.append((index, _read_moment(event["at"]), outcome))


def _entry_fault(index: int, kind: object) -> Statement:
    return Statement(sentences.ENTRY_UNREADABLE, {"index": index, "kind": str(kind)[:_LONGEST_KIND]})


def _read_moment(text: Any) -> datetime:
    """The moment of an entry, which has a time zone; TypeError or ValueError where it is not one."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = "a moment of the log has a time zone"
        raise ValueError(msg)
    return moment


def _check_statement(statement: Statement) -> Statement:
    """The statement, or that its entry is unreadable where it repeats of it what no sentence can."""
    try:
        _ = statement.message
    except UNREADABLE:
        return _entry_fault(statement.params.get("index", 0), statement.code)
    return statement


def _is_about_owners(event: object) -> bool:
    """Whether an event says something that follows from who owns whom, or who has a seat."""
    return isinstance(event, GroupsJoined | MembersStruck) or (
        isinstance(event, AlarmRaised) and event.bloc.startswith(f"{BlocKind.OWNER}:")
    )

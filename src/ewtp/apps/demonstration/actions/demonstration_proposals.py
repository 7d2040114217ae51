"""Proposals of a demonstration, one in every stage, by the same actions as any other, at moments in the past."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from ewtp.apps.batches.actions.direct_replay import lines_of_table
from ewtp.apps.batches.actions.replay_job import IN_CURRENCY
from ewtp.apps.demonstration.actions.demonstration_lines import invent_lines
from ewtp.apps.log.actions.sequencer import sequence_events
from ewtp.apps.proposals.actions.adoptions import proposal_adopt, proposal_decline
from ewtp.apps.proposals.actions.alarm_answers import bodies_draw, opinion_state
from ewtp.apps.proposals.actions.comments import comment_add
from ewtp.apps.proposals.actions.proposals import (
    amendment_suggest,
    proposal_change,
    proposal_draft,
    proposal_submit,
)
from ewtp.apps.proposals.actions.replays import replay_compute, replay_publish, replay_year
from ewtp.apps.proposals.actions.votes import ballot_cast, heartbeat_send, vote_close, vote_open
from ewtp.apps.proposals.reading.proposal_text import acts_compiled
from ewtp.apps.proposals.reading.vote_record import vote_of
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.core.acts.acts_text import acts_text, read_acts
from ewtp.core.organisations.house import House
from ewtp.core.proposals.proposal import Proposal, ProposalStage
from ewtp.core.proposals.proposal_commands import (
    RecordReplay,
    SponsorProposal,
    WithdrawProposal,
)
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ewtp.apps.batches.reading.replay_record import PublishedReplay
    from ewtp.apps.demonstration.actions.demonstration_organisations import InventedOrganisation
    from ewtp.apps.proposals.reading.proposal_text import ProposalText

_DAY = timedelta(days=1)
# Thirty days of discussion, and seven for somebody to recompute the replay.
_UNCONFIRMED = 38 * _DAY
_QUARTER, _HOUR = timedelta(minutes=15), timedelta(hours=1)


class StepRefusedError(Exception):
    """A step of the demonstration was refused, on its way out."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


def _require_proposal(result: Proposal | Refusal) -> Proposal:
    if isinstance(result, Refusal):
        raise StepRefusedError(result)
    return result


class ProposalDesk:
    """Whoever makes the proposals of a demonstration; ``now`` is the present, and everything happens before it."""

    def __init__(self, organisations: Sequence[InventedOrganisation], now: datetime) -> None:
        self.organisations = organisations
        self.now = now
        self.author = self._of(House.SMALL_FIRM, "KE")
        self.made: dict[str, str] = {}
        self._texts: dict[str, ProposalText] = {}

    def make_all(self, texts: Mapping[ProposalStage, str]) -> dict[str, str]:
        """A proposal in each stage; returns their identifiers by stage. StepRefusedError where a step is refused."""
        for stage, acts in texts.items():
            self._texts[stage] = self._text(acts)
        self.made[ProposalStage.DRAFT] = self._draft(ProposalStage.DRAFT, self.now - _DAY)
        self.made[ProposalStage.SUBMITTED] = self._submit(ProposalStage.SUBMITTED, self.now - 5 * _DAY)
        self.made[ProposalStage.LAPSED] = self._submit(ProposalStage.LAPSED, self.now - 70 * _DAY)
        self.made[ProposalStage.WITHDRAWN] = self._withdraw(self.now - 20 * _DAY)
        self.made[ProposalStage.DISCUSSED] = self._discuss(self.now - 10 * _DAY)
        self.made[ProposalStage.FROZEN] = self._recompute(self._freeze(ProposalStage.FROZEN, self.now - 33 * _DAY))
        self.made[ProposalStage.VOTING] = self._vote(ProposalStage.VOTING, self.now - 5 * _DAY, {})
        against = dict.fromkeys((House.LARGE_FIRM,), "against")
        self.made[ProposalStage.FAILED] = self._close(ProposalStage.FAILED, against)
        self.made[ProposalStage.PASSED] = self._adopt()
        return dict(self.made)

    def _of(self, house: House, economy: str) -> InventedOrganisation:
        return next(each for each in self.organisations if (each.house, each.economy) == (house, economy))

    def _text(self, acts: str) -> ProposalText:
        read = read_acts(acts)
        made = read if isinstance(read, Refusal) else acts_compiled(read, "en")
        if isinstance(made, Refusal):
            raise StepRefusedError(made)
        return made

    def _draft(self, stage: ProposalStage, at: datetime) -> str:
        return _require_proposal(proposal_draft(text=self._texts[stage], actor=self.author.actor, now=at)).id

    def _submit(self, stage: ProposalStage, at: datetime) -> str:
        proposal = self._draft(stage, at)
        return _require_proposal(proposal_submit(proposal=proposal, actor=self.author.actor, now=at)).id

    def _withdraw(self, at: datetime) -> str:
        proposal = self._submit(ProposalStage.WITHDRAWN, at)
        command = WithdrawProposal("The authority changed its practice before a vote was needed.")
        return _require_proposal(
            proposal_change(proposal=proposal, command=command, actor=self.author.actor, now=at + _DAY)
        ).id

    def _submit_with_sponsors(self, stage: ProposalStage, at: datetime) -> str:
        proposal = self._submit(stage, at)
        for house, economy in (
            (House.SMALL_FIRM, "KE"),
            (House.SMALL_FIRM, "GH"),
            (House.CIVIL_SOCIETY, "ZA"),
            (House.CIVIL_SOCIETY, "US"),
            (House.GOVERNMENT, "NG"),
        ):
            actor = self._of(house, economy).actor
            _require_proposal(proposal_change(proposal=proposal, command=SponsorProposal(), actor=actor, now=at))
        return proposal

    def _discuss(self, at: datetime) -> str:
        proposal = self._submit_with_sponsors(ProposalStage.DISCUSSED, at)
        text = self._texts[ProposalStage.DISCUSSED]
        other = self._of(House.CIVIL_SOCIETY, "ZA").actor
        first = text.content.articles[0]
        words = "One year later would give agencies the time to train their staff."
        refused = comment_add(proposal=proposal, article=first, text=words, actor=other, now=at + _DAY)
        if refused is not None:
            raise StepRefusedError(refused)
        if text.acts is not None:
            first_day, year_later = f"{self.now.year + 1}-01-01", f"{self.now.year + 2}-01-01"
            later = self._text(acts_text(text.acts).replace(first_day, year_later))
            _require_proposal(amendment_suggest(proposal=proposal, text=later, base="", actor=other, now=at + 2 * _DAY))
        return proposal

    def _freeze(self, stage: ProposalStage, at: datetime) -> str:
        """A proposal with its sponsors, replayed over invented lines under the name of this installation."""
        proposal = self._submit_with_sponsors(stage, at)
        return _require_proposal(replay_publish(proposal=proposal, made=self._make_replay(stage), now=at + _DAY)).id

    def _recompute(self, proposal: str) -> str:
        """Compute the replay of the frozen proposal once more, for an invented organisation that confirms it."""
        recomputed = RecordReplay(self._make_replay(ProposalStage.FROZEN).record)
        actor = self._of(House.CIVIL_SOCIETY, "GH").actor
        return _require_proposal(
            proposal_change(proposal=proposal, command=recomputed, actor=actor, now=self.now - _DAY)
        ).id

    def _make_replay(self, stage: ProposalStage) -> PublishedReplay:
        text = self._texts[stage]
        lines = lines_of_table(invent_lines(replay_year(text.changeset, self.now)))
        made = replay_compute(text=text, lines=lines, now=self.now, currency=IN_CURRENCY, progress=lambda *_: None)
        if isinstance(made, Refusal):
            raise StepRefusedError(made)
        return made

    def _vote(self, stage: ProposalStage, opened: datetime, choices: Mapping[House, str]) -> str:
        # Nobody recomputes it, so the vote is opened once the time for that is over.
        proposal = self._freeze(stage, opened - _UNCONFIRMED)
        _require_proposal(vote_open(proposal=proposal, actor=self.author.actor, now=opened))
        self._answer_alarms(proposal, opened + _HOUR)
        voters = self.organisations if choices or stage is not ProposalStage.VOTING else self.organisations[::3]
        for each in voters:
            cast = ballot_cast(
                proposal=proposal, choice=choices.get(each.house, "for"), actor=each.actor, now=opened + _DAY
            )
            if isinstance(cast, Refusal):
                raise StepRefusedError(cast)
        return proposal

    def _answer_alarms(self, proposal: str, now: datetime) -> None:
        """Of so few organisations those of one economy are a bloc with an alarm, which is answered in public."""
        # The body is drawn by the root of the log over the alarm.
        sequence_events(now=now)
        bodies_draw(proposal=proposal, now=now)
        vote = vote_of(proposal)
        if vote is None:
            return
        for kind in vote.state(now).unanswered:
            body = vote.hearings(now)[kind].body or ()
            speakers = [each.actor for each in self.organisations if vote.roll.by_member[each.id].group in body]
            for actor in speakers[:3]:
                refused = opinion_state(
                    proposal=proposal,
                    alarm=kind,
                    verdict="stands",
                    reason="Invented: eight economies of four organisations each, none of which acts for another.",
                    struck=(),
                    actor=actor,
                    now=now,
                )
                if refused is not None:
                    raise StepRefusedError(refused)

    def _close(self, stage: ProposalStage, choices: Mapping[House, str]) -> str:
        opened = self.now - 30 * _DAY
        proposal = self._vote(stage, opened, choices or dict.fromkeys(House, "for"))
        # The hub was up in the last day of the vote: without a sign of that the vote would stay open.
        for quarter in range(4 * 26):
            heartbeat_send(now=opened + 13 * _DAY + quarter * _QUARTER)
        for moment in (opened + 15 * _DAY, self.now - 5 * _DAY):
            closed = vote_close(proposal=proposal, now=moment)
            if isinstance(closed, Refusal):
                raise StepRefusedError(closed)
        return proposal

    def _adopt(self) -> str:
        proposal = self._close(ProposalStage.PASSED, {})
        text, authority = self._texts[ProposalStage.PASSED], self._of(House.GOVERNMENT, "US")
        at = self.now - 2 * _DAY
        cited = ActCited("US", f"Notice of an {authority.name}", authority.name, "demonstration", at.date())
        _require_proposal(
            proposal_adopt(
                proposal=proposal,
                articles=text.content.articles[:1],
                effective=_next_year(self.now),
                cited=cited,
                actor=authority.actor,
                now=at,
            )
        )
        reason = "Invented: this economy keeps its own limit for the time being."
        actor = self._of(House.GOVERNMENT, "GB").actor
        return _require_proposal(
            proposal_decline(proposal=proposal, territory="GB", reason=reason, actor=actor, now=at)
        ).id


def _next_year(now: datetime) -> date:
    return date(now.year + 1, 1, 1)

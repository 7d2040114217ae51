"""A proposal against a plain dict: whatever is asked by whomever in whatever order, and while time passes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import rule

from ewtp.core.proposals import proposal_commands as asked
from ewtp.core.proposals.proposal import Outcome, Participant
from ewtp.core.proposals.proposal_decisions import PROPOSAL
from tests.aggregate_machine import AggregateMachine
from tests.core.proposals.small_proposals import (
    AUTHOR,
    CLOCK,
    DAY,
    PARTICIPANTS,
    PROCEDURE,
    PROPOSED,
    RIVAL,
    TEXTS,
    clocked,
    envelope,
    grown,
    replayed,
)

TEXT, WHO = st.sampled_from(sorted(TEXTS)), st.sampled_from(sorted(PARTICIPANTS))
AMENDMENTS = st.sampled_from(["m1", "m2"])
FAULTS = st.sampled_from([0, 0, 0, 2])
COMMANDS: dict[str, st.SearchStrategy[Any]] = {
    "ReviseDraft": st.builds(asked.ReviseDraft, st.sampled_from(["Less paper", "No paper", " "]), TEXT.map(TEXTS.get)),
    "SubmitProposal": st.builds(asked.SubmitProposal, st.just(PROCEDURE), FAULTS),
    "SponsorProposal": st.just(asked.SponsorProposal()),
    "EndSponsorship": st.just(asked.EndSponsorship()),
    "SuggestAmendment": st.builds(
        asked.SuggestAmendment,
        AMENDMENTS,
        st.sampled_from([*(one.changeset for one in TEXTS.values()), "none"]),
        TEXT.map(TEXTS.get),
        FAULTS,
    ),
    "AcceptAmendment": st.builds(asked.AcceptAmendment, AMENDMENTS, TEXT.map(TEXTS.get) | st.none()),
    "RejectAmendment": st.builds(asked.RejectAmendment, AMENDMENTS),
    "WithdrawAmendment": st.builds(asked.WithdrawAmendment, AMENDMENTS),
    "RecordReplay": st.builds(asked.RecordReplay, st.builds(replayed, TEXT, st.sampled_from(["one", "two"]))),
    "OpenVote": st.builds(asked.OpenVote, FAULTS),
    "WithdrawProposal": st.builds(asked.WithdrawProposal, st.sampled_from(["No longer needed", ""])),
    "SupportWithdrawal": st.builds(asked.SupportWithdrawal, st.sampled_from(["No longer needed", ""])),
    "SupersedeProposal": st.builds(asked.SupersedeProposal, st.sampled_from([RIVAL, PROPOSED])),
    "AdoptProposal": st.builds(
        asked.AdoptProposal,
        st.sampled_from(["GH", "KE"]),
        st.sampled_from([("1",), ("2",), ("1", "2"), ("3",)]),
        st.just(DAY),
        st.just("adopted-gh-2"),
        st.just((("2", "1"),)),
    ),
    "DeclineProposal": st.builds(
        asked.DeclineProposal, st.sampled_from(["GH", "KE"]), st.sampled_from(["Under review", ""])
    ),
}
# What ends a proposal is seldom asked, since nothing else can happen after it.
ENDING = ("WithdrawProposal", "SupportWithdrawal", "SupersedeProposal")


def _given(commands: list[st.SearchStrategy[Any]]) -> st.SearchStrategy[asked.ProposalEnvelope]:
    """One of the commands, from somebody who mostly may take part; often the author, or the authority."""
    who = st.sampled_from([AUTHOR, AUTHOR, "org_e", "org_e", *PARTICIPANTS])
    return st.builds(envelope, st.one_of(commands), who, entitled=st.sampled_from([True] * 9 + [False]))


class ProposalMachine(AggregateMachine):
    """The state is a dict of the moments of its stages, its texts, who stands behind it, and what became of it."""

    aggregate = PROPOSAL
    # By chance alone a proposal hardly gets its sponsors before the commands are used up.
    starts: ClassVar[st.SearchStrategy[Any] | None] = st.sampled_from(
        [
            None,
            grown(days=0),
            grown(days=2),
            grown(days=4),
            grown(days=4, voted=True),
            grown(days=4, voted=True, outcome=Outcome.PASSED),
            grown(days=34, voted=True, outcome=Outcome.PASSED),
        ]
    )

    def commands(self, now: datetime) -> st.SearchStrategy[Any]:  # type: ignore[override]
        """Commands mostly of those that the stage allows, from those who may give them."""
        drafted = st.builds(asked.DraftProposal, st.sampled_from(["Less paper", ""]), TEXT.map(TEXTS.get))
        if not self.expected:
            return st.builds(envelope, drafted, WHO, entitled=st.sampled_from([True, True, False]))
        stage = self._stage(now)
        possible = [each for each in COMMANDS if stage in _POSSIBLE[each] and each not in ENDING]
        likely = [COMMANDS[each] for each in possible]
        if stage == "voting":
            return st.builds(clocked, st.sampled_from([*Outcome])) | _given(likely or [*COMMANDS.values()])
        return _given([*likely, *likely, *likely, *COMMANDS.values(), drafted])

    @rule(days=st.integers(1, 3))
    def wait_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def shown(self, state: Any) -> dict[str, Any]:
        if state is None:
            return {}
        return {
            "title": state.title,
            "author": state.author.organisation,
            "texts": [each.content.digest[0] for each in state.versions],
            "submitted": state.submitted,
            "sponsors": [each.participant.organisation for each in state.sponsors],
            "qualified": state.qualified,
            "discussed": state.discussed,
            "amendments": {each.id: [each.state, each.by, list(each.accepted_by)] for each in state.amendments},
            "replays": [(each.by, each.record.change[0].lower(), each.record.result) for each in state.replays],
            "opened": state.opened,
            "outcome": state.outcome,
            "decided": state.decided,
            "adopted": sorted(article for each in state.adoptions for article in each.articles),
            "declined": [each.reason for each in state.declines],
            "asking": [organisation for organisation, _ in state.withdrawal_asked],
            "over": "withdrawn" if state.withdrawn else "superseded" if state.superseded_by else "",
        }

    def model(self, command: Any, now: datetime) -> str | None:
        given, held = command.command, self.expected
        who = command.participant.organisation if command.participant else ""
        if isinstance(given, asked.DraftProposal):
            return self._drafted(command, now)
        if not held:
            return "proposal_unknown"
        refusal = self._not_entitled(command, who)
        if refusal is not None:
            return refusal
        stage = self._stage(now)
        if stage not in _POSSIBLE[type(given).__name__]:
            return "proposal_stage"
        found: str | None = getattr(self, f"_{type(given).__name__}")(given, who, now)
        return found

    def _drafted(self, command: Any, now: datetime) -> str | None:
        del now
        if self.expected:
            return None
        if not command.may_take_part:
            return "proposal_participant_needed"
        if not command.command.title:
            return "proposal_title_invalid"
        empty = dict.fromkeys(("submitted", "qualified", "discussed", "opened", "outcome", "decided"))
        self.expected = {
            **empty,
            "title": command.command.title,
            "author": command.participant.organisation,
            "texts": [command.command.content.digest[0]],
            "sponsors": [],
            "amendments": {},
            "replays": [],
            "adopted": [],
            "declined": [],
            "asking": [],
            "over": "",
        }
        return None

    def _not_entitled(self, command: Any, who: str) -> str | None:
        name = type(command.command).__name__
        if name in ("AdoptProposal", "DeclineProposal"):
            return None
        if name == "RecordOutcome":
            return None if command.actor is CLOCK else "proposal_participant_needed"
        if not who or not command.may_take_part:
            return "proposal_participant_needed"
        authors = ("ReviseDraft", "SubmitProposal", "RejectAmendment", "WithdrawProposal", "SupersedeProposal")
        return "author_needed" if name in authors and who != self.expected["author"] else None

    def _stage(self, now: datetime) -> str:
        held = self.expected
        if held["over"]:
            return str(held["over"])
        if held["outcome"]:
            following = (held["decided"].replace(day=1) + timedelta(days=32)).replace(day=1)
            last = (following + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            month = min(following + timedelta(days=held["decided"].day - 1), last)
            over = held["outcome"] is Outcome.PASSED and not held["adopted"] and now >= month
            return "lapsed" if over else str(held["outcome"])
        if held["opened"]:
            return "voting"
        if not held["submitted"]:
            return "draft"
        if not held["qualified"]:
            return "lapsed" if now - held["submitted"] >= timedelta(days=4) else "submitted"
        return "discussed" if now - held["discussed"] < timedelta(days=3) else "frozen"

    def _ReviseDraft(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802 - by the command's name
        del who, now
        if not given.title.strip():
            return "proposal_title_invalid"
        if (given.title, given.content.digest[0]) != (self.expected["title"], self.expected["texts"][-1]):
            self.expected["title"] = given.title
            self.expected["texts"].append(given.content.digest[0])
        return None

    def _SubmitProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who
        if given.faults:
            return "proposal_unsound"
        self.expected["submitted"] = now
        return None

    def _SponsorProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del given
        held = self.expected
        if who not in held["sponsors"]:
            held["sponsors"].append(who)
            # Three owner groups, of two houses and two economies; of those under one owner the first counts.
            counted: dict[str, Participant] = {}
            for each in held["sponsors"]:
                counted.setdefault(PARTICIPANTS[each].group, PARTICIPANTS[each])
            houses, economies = ({getattr(one, of) for one in counted.values()} for of in ("house", "economy"))
            if not held["qualified"] and len(counted) >= 3 and len(houses) >= 2 and len(economies) >= 2:
                held["qualified"] = held["discussed"] = now
        return None

    def _EndSponsorship(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del given, now
        if who in self.expected["sponsors"]:
            self.expected["sponsors"].remove(who)
        return None

    def _SuggestAmendment(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        held = self.expected
        if given.id in held["amendments"]:
            return None
        if given.base[0].lower() not in held["texts"]:
            return "amendment_base_moved"
        if given.faults:
            return "proposal_unsound"
        held["amendments"][given.id] = ["open", who, []]
        return None

    def _open_amendment(self, identity: str) -> str | None:
        found = self.expected["amendments"].get(identity)
        if found is None:
            return "amendment_unknown"
        return None if found[0] == "open" else "amendment_not_open"

    def _AcceptAmendment(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        refusal, held = self._open_amendment(given.id), self.expected
        if refusal is not None:
            return refusal
        if who != self.expected["author"] and who not in held["sponsors"]:
            return "proposal_participant_needed"
        if given.merged is None:
            return "amendment_conflicts"
        found = held["amendments"][given.id]
        groups = {each: PARTICIPANTS[each].group for each in held["sponsors"]}
        behind = {groups[each] for each in (*found[2], who) if each in groups}
        if who == held["author"] or 3 * len(behind) >= len(set(groups.values())):
            found[0] = "merged"
            found[2].append(who)
            held["texts"].append(given.merged.digest[0])
        elif who not in found[2]:
            found[2].append(who)
        return None

    def _RejectAmendment(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who, now
        refusal = self._open_amendment(given.id)
        if refusal is None:
            self.expected["amendments"][given.id][0] = "rejected"
        return refusal

    def _WithdrawAmendment(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        refusal = self._open_amendment(given.id)
        if refusal is None and self.expected["amendments"][given.id][1] != who:
            return "author_needed"
        if refusal is None:
            self.expected["amendments"][given.id][0] = "withdrawn"
        return refusal

    def _RecordReplay(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        held, text = self.expected, given.record.change[0].lower()
        if text != held["texts"][-1]:
            return "replay_of_another_change"
        made = [each for each in held["replays"] if each[1] == text]
        if any((each[0], each[2]) == (who, given.record.result) for each in made):
            return None
        held["replays"].append((who, text, given.record.result))
        return None

    def _OpenVote(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who
        held = self.expected
        made = [each for each in held["replays"] if each[1] == held["texts"][-1]]
        if given.faults:
            return "proposal_unsound"
        if not made:
            return "replay_missing"
        confirmed = any(one[2] == two[2] and one[0] != two[0] for one in made for two in made)
        if not confirmed and now - held["discussed"] < timedelta(days=5):
            return "replay_unconfirmed"
        held["opened"] = now
        return None

    def _RecordOutcome(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who
        if given.outcome is Outcome.SENT_BACK:
            self.expected |= {"opened": None, "discussed": now}
        elif given.outcome is Outcome.NEW_ROLL:
            self.expected["opened"] = None
        else:
            self.expected |= {"outcome": given.outcome, "decided": now}
        return None

    def _WithdrawProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who, now
        if not given.reason:
            return "proposal_reason_missing"
        self.expected["over"] = "withdrawn"
        return None

    def _SupportWithdrawal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        held = self.expected
        if who not in held["sponsors"]:
            return "sponsor_needed"
        if not given.reason:
            return "proposal_reason_missing"
        if who not in held["asking"]:
            held["asking"].append(who)
        groups = {each: PARTICIPANTS[each].group for each in held["sponsors"]}
        if 2 * len({groups[each] for each in held["asking"] if each in groups}) > len(set(groups.values())):
            held["over"] = "withdrawn"
        return None

    def _SupersedeProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del who, now
        if given.by == PROPOSED:
            return "superseded_by_itself"
        self.expected["over"] = "superseded"
        return None

    def _AdoptProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        held = self.expected["adopted"]
        if who != "org_e" or given.territory != "GH":
            return "authority_needed"
        if "3" in given.articles:
            return "proposal_article_unknown"
        if set(given.articles) & set(held):
            return "adoption_twice"
        if given.articles == ("2",) and "1" not in held:
            return "adoption_article_needed"
        self.expected["adopted"] = sorted([*held, *given.articles])
        return None

    def _DeclineProposal(self, given: Any, who: str, now: datetime) -> str | None:  # noqa: N802
        del now
        if who != "org_e" or given.territory != "GH":
            return "authority_needed"
        if not given.reason:
            return "proposal_reason_missing"
        if given.reason not in self.expected["declined"]:
            self.expected["declined"].append(given.reason)
        return None


_BEFORE_FREEZING = ("submitted", "discussed")
_POSSIBLE = {
    "ReviseDraft": ("draft",),
    "SubmitProposal": ("draft",),
    **dict.fromkeys(("SponsorProposal", "EndSponsorship"), _BEFORE_FREEZING),
    **dict.fromkeys(("SuggestAmendment", "AcceptAmendment"), _BEFORE_FREEZING),
    **dict.fromkeys(("RejectAmendment", "WithdrawAmendment"), _BEFORE_FREEZING),
    "RecordReplay": (*_BEFORE_FREEZING, "frozen"),
    "OpenVote": ("frozen",),
    "RecordOutcome": ("voting",),
    **dict.fromkeys(("WithdrawProposal", "SupersedeProposal"), ("draft", *_BEFORE_FREEZING, "frozen")),
    "SupportWithdrawal": (*_BEFORE_FREEZING, "frozen"),
    **dict.fromkeys(("AdoptProposal", "DeclineProposal"), ("passed",)),
}

"""A barrier against a plain dict: whatever is asked by whomever in whatever order, and while months pass."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from ewtp.core.barriers import barrier_commands as asked
from ewtp.core.barriers.barrier import SECRETARIAT, Barrier, BarrierMatter, Means, RuleReported
from ewtp.core.barriers.barrier_commands import BarrierEnvelope, Speaker
from ewtp.core.barriers.barrier_decisions import BARRIER, MOST_REPORTS
from ewtp.core.barriers.stage import ChangeKind, RuleChange, clocks_of, stage_of
from ewtp.core.values.refusal import Refusal
from tests.aggregate_machine import START, AggregateMachine

MATTER = BarrierMatter("US|import|requirement|HS2022:610910-|*-||FDA|||", "610910", "US")
RULE = RuleReported("US-R1", "requirement", "US", "Notice", "FDA", "notice", "A", "a" * 64)
FIRMS = tuple(Speaker(f"org_{name}", f"grp_{name}", verified=name == "a", speaks=True) for name in "abc")
SISTER = Speaker("org_sister", "grp_b", speaks=True)
VIEWER = Speaker("org_c", "grp_c")
VISITOR = Speaker()
FDA = Speaker("org_fda", "org_fda", agency_of="US", speaks=True)
KENYA = Speaker("org_kebs", "org_kebs", agency_of="KE", speaks=True)
OPERATOR = Speaker(operates=True)
EVERYBODY = (*FIRMS, SISTER, VIEWER, VISITOR, FDA, KENYA, OPERATOR)
TEXTS = st.sampled_from(["Too slow.", "Trop lent.", "Too slow.", " "])
DAYS_30 = timedelta(days=30)


def change_on(day: date | None) -> RuleChange | None:
    """A change of the rule on a day."""
    return None if day is None else RuleChange(ChangeKind.ENDED, day, "US-R1")


def grown() -> Barrier:
    """A barrier that three groups and a visitor reported, and to which an authority has answered."""
    state: Barrier | None = None
    commands: list[tuple[asked.BarrierCommand, Speaker]] = [
        *((report(str(number), "Too slow."), who) for number, who in enumerate((*FIRMS, VISITOR))),
        (asked.AnswerBarrier("disagree", "It keeps people safe."), FDA),
    ]
    for command, speaker in commands:
        outcome = BARRIER.answer(state, BarrierEnvelope(MATTER.id, command, speaker), START)
        assert not isinstance(outcome, Refusal), (command, outcome)
        state = outcome.state
    assert state is not None
    return state


def report(name: str, text: str, day: int = 0) -> asked.ReportBarrier:
    """A report of the barrier."""
    return asked.ReportBarrier(f"rep_{int(name):032x}", MATTER, RULE, text, "en", Means.PAGE, {"day": day})


def shown(state: Barrier) -> dict[str, Any]:
    """A barrier as the plain dict of the model."""
    progress, claim = state.progress, state.progress.claim
    return {
        "reports": [(each.group, each.text, dict(each.evidence), bool(each.withheld)) for each in state.reports],
        "reported": progress.reported,
        "opened": progress.opened,
        "owner": progress.owner,
        "answer": progress.answer.kind.value if progress.answer else "",
        "claimed": claim.at if claim else None,
        "asked": set(state.asked),
        "replies": dict(state.replies),
        "escalated": progress.escalated is not None,
    }


class BarrierMachine(AggregateMachine):
    """The state is a dict of reports, owner, answer, claim and replies; the stage is computed from it another way."""

    aggregate = BARRIER
    starts: ClassVar[st.SearchStrategy[Any] | None] = st.sampled_from([None, grown(), grown()])

    def __init__(self) -> None:
        super().__init__()
        self.changed: date | None = None

    def commands(self, now: datetime) -> st.SearchStrategy[Any]:  # type: ignore[override]
        """Commands mostly from those who may give them."""
        # Those of a barrier that has grown have the numbers before.
        made = f"{len(self.events) + 100 if self.expected else 0}"
        reporting = st.builds(report, st.just(made), TEXTS, st.integers(0, 1))
        replying = st.builds(asked.ReplyToClaim, st.booleans())
        reopening = st.builds(
            asked.ReopenBarrier,
            st.just(f"rep_{int(made):032x}"),
            TEXTS,
            st.just("fr"),
            st.just(Means.API),
            st.fixed_dictionaries({"day": st.integers(0, 2)}),
        )
        answering = st.builds(
            asked.AnswerBarrier,
            st.sampled_from(["will_change", "disagree", "not_ours", "perhaps"]),
            st.sampled_from(["Because.", "Because.", ""]),
            st.just(now.date()),
        )
        claiming = st.builds(asked.ClaimResolved, st.sampled_from(["Gone.", "Gone.", " "]))
        owning = st.builds(
            asked.NameOwner, st.sampled_from([SECRETARIAT, "org_fda"]), st.sampled_from(["US", "KE", ""])
        )
        withholding = st.builds(
            asked.WithholdReport, st.sampled_from([f"rep_{0:032x}", "rep_x"]), st.sampled_from(["Abuse.", ""])
        )
        return st.one_of(
            self._given(reporting, *FIRMS, SISTER, VISITOR),
            self._given(claiming, FDA),
            self._given(replying, *FIRMS, SISTER),
            self._given(reopening | replying, *FIRMS),
            self._given(answering | claiming, FDA, FDA, KENYA),
            self._given(owning | withholding | st.just(asked.EscalateSilence()), OPERATOR, FDA),
        )

    def _given(self, commands: st.SearchStrategy[Any], *likely: Speaker) -> st.SearchStrategy[BarrierEnvelope]:
        speakers = st.sampled_from(likely) | st.sampled_from(EVERYBODY)
        change = st.just(change_on(self.changed))
        return st.builds(BarrierEnvelope, st.just(MATTER.id), commands, speakers, change)

    @rule(data=st.data())
    def give_another(self, data: st.DataObject) -> None:
        """Commands are as frequent as the passing of time."""
        self.give(data)

    @rule(data=st.data())
    def give_one_more(self, data: st.DataObject) -> None:
        self.give(data)

    @rule(days=st.integers(1, 16))
    def wait_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def change_rule(self) -> None:
        """The rulebook says that the rule has ended today."""
        self.changed = self.now.date()

    def shown(self, state: Barrier | None) -> dict[str, Any]:
        return {} if state is None else shown(state)

    def stage(self, now: datetime) -> str:
        """The stage of the model, in fractions and by the calendar."""
        held = self.expected
        if self.changed is not None and held["opened"].date() < self.changed <= now.date():
            return "changed"
        if held["claimed"] is not None:
            return self._claim_stage(now)
        if held["answer"]:
            return "answered"
        if now - held["opened"] >= DAYS_30:
            return "silent"
        return "owned" if held["owner"] else "reported"

    def _claim_stage(self, now: datetime) -> str:
        held = self.expected
        said, waiting = list(held["replies"].values()), len(held["asked"]) - len(held["replies"])
        over = now - held["claimed"] >= DAYS_30 or not waiting
        yes = sum(said)
        # What the reporters who said nothing could still make of it.
        worst = Fraction(yes, len(said) + waiting) if said or waiting else Fraction(0)
        best = Fraction(yes + waiting, len(said) + waiting) if said or waiting else Fraction(1)
        share = Fraction(yes, len(said)) if said else Fraction(0)
        if yes and (worst >= Fraction(2, 3) or (over and share >= Fraction(2, 3))):
            return "confirmed"
        return "unconfirmed" if over or best < Fraction(2, 3) else "claimed"

    def model(self, command: BarrierEnvelope, now: datetime) -> str | None:
        held, given, who = self.expected, command.command, command.speaker
        if isinstance(given, asked.ReportBarrier):
            return self._report(given, who, now)
        if not held:
            return "barrier_unknown"
        if isinstance(given, asked.WithholdReport | asked.EscalateSilence):
            return self._operate(given, now) if who is OPERATOR else "operator_needed"
        if isinstance(given, asked.ReplyToClaim | asked.ReopenBarrier):
            if who.group == "" or who is VIEWER:
                return "organisation_needed"
            if who.group not in {group for group, *_ in held["reports"]}:
                return "not_a_reporter"
            return (
                self._reply(given, who, now) if isinstance(given, asked.ReplyToClaim) else self._reopen(given, who, now)
            )
        if who is not FDA and not (who is OPERATOR and isinstance(given, asked.NameOwner)):
            return "not_the_authority"
        return self._authority(given, now)

    def _report(self, given: asked.ReportBarrier, who: Speaker, now: datetime) -> str | None:
        held = self.expected
        if not given.text.strip():
            return "report_unreadable"
        group = who.group if who.speaks and who is not FDA else ""
        entry = (group, given.text, dict(given.evidence), False)
        if not held:
            held.update(reports=[entry], reported=now, opened=now, owner="", answer="")
            held.update(claimed=None, asked=set(), replies={}, escalated=False)
            return None
        if entry[:3] in [each[:3] for each in held["reports"]]:
            return None
        if group and sum(each[0] == group for each in held["reports"]) >= MOST_REPORTS:
            return "reports_too_many"
        resolved = self.stage(now) in {"confirmed", "changed"}
        held["reports"].append(entry)
        if resolved and group:
            self._opened(now)
        return None

    def _opened(self, now: datetime) -> None:
        self.expected.update(opened=now, answer="", claimed=None, asked=set(), replies={}, escalated=False)

    def _operate(self, given: Any, now: datetime) -> str | None:
        held = self.expected
        if isinstance(given, asked.EscalateSilence):
            if not held["escalated"] and self.stage(now) in {"reported", "owned"}:
                return "silence_not_due"
            held["escalated"] = held["escalated"] or self.stage(now) == "silent"
            return None
        if given.id != f"rep_{0:032x}":
            return "report_unknown"
        if not given.reason:
            return "reason_unreadable"
        group, _, evidence, _ = held["reports"][0]
        held["reports"][0] = (group, "", evidence, True)
        return None

    def _reply(self, given: asked.ReplyToClaim, who: Speaker, now: datetime) -> str | None:
        held = self.expected
        if held["claimed"] is None:
            return "claim_missing"
        if who.group not in held["asked"]:
            return "not_a_reporter"
        if self.stage(now) != "claimed":
            return "claim_over"
        held["replies"][who.group] = given.agrees
        return None

    def _reopen(self, given: asked.ReopenBarrier, who: Speaker, now: datetime) -> str | None:
        held, stage = self.expected, self.stage(now)
        if not given.text.strip():
            return "report_unreadable"
        if stage in {"reported", "owned", "silent", "claimed"}:
            return "barrier_open"
        entry = (who.group, given.text, dict(given.evidence), False)
        if entry[:3] in [each[:3] for each in held["reports"]]:
            return "evidence_old"
        if sum(each[0] == who.group for each in held["reports"]) >= MOST_REPORTS:
            return "reports_too_many"
        held["reports"].append(entry)
        self._opened(now)
        return None

    def _authority(self, given: Any, now: datetime) -> str | None:
        held = self.expected
        if isinstance(given, asked.NameOwner):
            if given.owner != SECRETARIAT and given.economy != "US":
                return "owner_unentitled"
            held["owner"] = given.owner
            return None
        if isinstance(given, asked.AnswerBarrier) and given.kind == "perhaps":
            return "answer_kind_unknown"
        if not given.reason.strip():
            return "reason_unreadable"
        stage = self.stage(now)
        if stage in {"confirmed", "changed"}:
            return "barrier_resolved"
        if stage == "claimed":
            return "barrier_open"
        if isinstance(given, asked.ClaimResolved):
            groups = {group for group, *_ in held["reports"] if group}
            held.update(claimed=now, asked={"grp_a"} & groups, replies={})
            return None
        if given.kind == "not_ours":
            held["owner"] = ""
        else:
            held.update(answer=given.kind, claimed=None, asked=set(), replies={}, owner=held["owner"] or "org_fda")
        return None

    @invariant()
    def stands_where_the_model_stands(self) -> None:
        """The stage agrees, a clock runs for whoever's turn it is, and no word of an authority alone resolves."""
        if self.state is None:
            return
        change = change_on(self.changed)
        stage = stage_of(self.state.progress, self.now, change)
        assert stage == self.stage(self.now)
        running = {clock.name.value for clock in clocks_of(self.state.progress, self.now, change)}
        turns = {"reported": {"owner", "answer"}, "owned": {"answer"}, "claimed": {"confirmation"}}
        wanted = turns.get(stage, {"answer"} | ({"owner"} if not self.state.progress.owner else set()))
        assert running == (wanted if stage in {*turns, "silent"} else set())
        if stage == "confirmed":
            assert any(self.state.replies.values())

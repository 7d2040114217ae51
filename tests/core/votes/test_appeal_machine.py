"""An appeal against a plain dict: whatever is asked by whomever in whatever order, and while days pass."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from ewtp.core.organisations.house import House
from ewtp.core.votes.appeal import (
    APPEAL,
    Appeal,
    AppealEnvelope,
    DrawAppealBody,
    LodgeAppeal,
    StateAppealOpinion,
)
from ewtp.core.votes.appeal_events import AppealMatter, AppealVerdict
from tests.aggregate_machine import FEW, AggregateMachine
from tests.core.votes.electorates import ROOT, names, roll_of

LARGE = roll_of(2)
# Elsewhere there are too few, so that the appellant's own house is drawn from as well.
FEW_GROUPS = roll_of({House.SMALL_FIRM: 4, House.LARGE_FIRM: 1})
OWN = names(LARGE, House.SMALL_FIRM)[0]
TIME = timedelta(days=7)
ABOUT = (AppealMatter.VOTE, "")


def drawn(groups: dict[str, str]) -> list[str]:
    """The body by the words of the rule: five of other houses, else of all others, in the order of their hashes."""
    elsewhere = [each for each, house in groups.items() if house != groups.get(OWN)]
    others = elsewhere if len(elsewhere) >= 5 else [each for each in groups if each != OWN]
    written = {each: f'{{"appeal":"a-1","group":{json.dumps(each)},"vote":"p-1"}}' for each in others}
    return sorted(others, key=lambda each: hashlib.sha256(ROOT + written[each].encode()).digest())[:5]


class AppealMachine(AggregateMachine):
    """The state is a dict of who appealed, until when, the body, its last opinions, and the verdict with its day."""

    aggregate = APPEAL

    def commands(self, now: datetime) -> st.SearchStrategy[Any]:  # type: ignore[override]
        """Commands mostly from those who may give them."""
        results = st.sampled_from([None, *(now - timedelta(days=days) for days in (0, 6, 7, 30))])
        lodging = st.builds(
            LodgeAppeal,
            st.just(ABOUT[0]),
            st.just(ABOUT[1]),
            st.just("Miscounted."),
            results,
            st.just(TIME),
            st.just(2 * TIME),
            st.sampled_from([(), (), ((AppealMatter.ALARM, "x"),), (ABOUT,)]),
        )
        drawing = st.builds(
            DrawAppealBody, st.just("p-1"), st.sampled_from([LARGE, LARGE, FEW_GROUPS]), st.just(9), st.just(ROOT)
        )
        body = self.expected.get("body") or ["nobody"]
        groups = st.sampled_from([*body, *body, OWN, ""])
        stating = st.builds(
            StateAppealOpinion, groups, st.sampled_from(AppealVerdict), st.sampled_from(["Right.", "Wrong."])
        )
        given = lodging if not self.expected else st.one_of(drawing, stating, stating, stating, lodging)
        return st.builds(
            AppealEnvelope, st.just("a-1"), given, st.sampled_from(["org", "org", "org", ""]), st.just(OWN)
        )

    @rule(data=st.data())
    def give_another(self, data: st.DataObject) -> None:
        """Commands are as frequent as the passing of time."""
        self.give(data)

    @rule(days=st.sampled_from([1, 1, 3, 14]))
    def wait_days(self, days: int) -> None:
        self.now += timedelta(days=days)

    def shown(self, state: Appeal | None) -> dict[str, Any]:
        if state is None:
            return {}
        return {
            "group": state.group,
            "until": state.until,
            "body": None if state.body is None else list(state.body),
            "opinions": [(each.group, each.verdict.value, each.reason) for each in state.opinions],
            "verdict": None if state.verdict is None else state.verdict.value,
            "answer": set(state.answer.split(" · ")) if state.answer else set(),
            "decided": state.decided,
        }

    def model(self, command: AppealEnvelope, now: datetime) -> str | None:
        held, given = self.expected, command.command
        if isinstance(given, LodgeAppeal):
            return self._lodge(given, command, now)
        if not held:
            return "appeal_unknown"
        is_open = held["verdict"] is None and now < held["until"]
        if isinstance(given, DrawAppealBody):
            if is_open and held["body"] is None:
                held["body"] = drawn({each: house.value for each, house in given.roll.houses.items()})
            return None
        if not is_open:
            return "appeal_not_open"
        if not command.organisation or given.group not in (held["body"] or []):
            return "appeal_body_needed"
        said = (given.group, given.verdict.value, given.reason)
        held["opinions"] = [*(each for each in held["opinions"] if each[0] != given.group), said]
        alike = [each for each in held["opinions"] if each[1] == given.verdict.value]
        if len(alike) >= 3:
            held.update(verdict=given.verdict.value, answer={reason for *_, reason in alike}, decided=now)
        return None

    def _lodge(self, given: LodgeAppeal, command: AppealEnvelope, now: datetime) -> str | None:
        if self.expected:
            return None
        if not command.organisation:
            return "appeal_organisation_needed"
        if given.result is None or now - given.result >= TIME:
            return "appeal_too_late"
        if ABOUT in given.known:
            return "appeal_lodged_before"
        self.expected.update(group=OWN, until=now + 2 * TIME, body=None, opinions=[])
        self.expected.update(verdict=None, answer=set(), decided=None)
        return None

    @invariant()
    def is_no_veto(self) -> None:
        """Whoever appeals decides nothing, and an appeal that nobody decides in time is over."""
        if not isinstance(self.state, Appeal):
            return
        assert OWN not in (self.state.body or ())
        stage = self.state.stage(self.now).value
        if self.state.verdict is None:
            assert stage == ("open" if self.now < self.state.until else "undecided")
        else:
            assert stage == self.state.verdict.value
            assert self.state.decided is not None
            assert self.state.decided < self.state.until


def test_an_appeal_does_what_the_model_does():
    run_state_machine_as_test(AppealMachine, settings=settings(FEW, stateful_step_count=20))

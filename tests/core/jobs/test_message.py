"""The life of a message, against a plain model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.jobs.message import (
    MESSAGE,
    MOST_ATTEMPTS,
    Deliver,
    Discard,
    Enqueue,
    Fail,
    Message,
    Revive,
    retry_delay,
)
from ewtp.core.jobs.sentences import HANDLER_FAILED
from ewtp.core.values.aggregate import CommandOutcome
from ewtp.core.values.refusal import Refusal
from tests.aggregate_machine import FEW, START, AggregateMachine

REASON = Refusal(HANDLER_FAILED, {"error": "KeyError"})
NOW = datetime(2026, 6, 1, tzinfo=UTC)


class MessageMachine(AggregateMachine):
    """A message with very few attempts left is as likely as a new one."""

    aggregate = MESSAGE
    starts = st.none() | st.builds(Message, st.integers(0, MOST_ATTEMPTS - 1), st.just(START))

    @staticmethod
    def commands(now: datetime) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.sampled_from([Enqueue(now), Deliver(), Revive(), Discard()]),
            st.builds(Fail, st.just(REASON), st.floats(0, 1), st.booleans()),
        )

    def shown(self, state: Message | None) -> dict[str, Any]:
        return {} if state is None else {"failures": state.attempts, "dead": state.next_try is None}

    def model(self, command: Any, now: datetime) -> str | None:
        del now
        message = self.expected
        match command:
            case Enqueue():
                message or message.update(failures=0, dead=False)
                return None
            case _ if not message:
                return "message_unknown"
            case Deliver() | Fail() if message["dead"]:
                return "message_not_waiting"
            case Revive() | Discard() if not message["dead"]:
                return "message_not_dead"
            case Deliver() | Discard():
                message.clear()
            case Fail():
                message["failures"] += 1
                message["dead"] = command.final or message["failures"] == MOST_ATTEMPTS
            case Revive():
                message.update(failures=0, dead=False)
        return None


TestMessageMachine = MessageMachine.TestCase
TestMessageMachine.settings = FEW


def test_a_message_that_always_fails_is_given_up_after_hours_and_can_be_revived():
    state, now = Message(0, NOW), NOW
    for failures in range(1, MOST_ATTEMPTS + 1):
        outcome = MESSAGE.answer(state, Fail(REASON, 1.0), now)
        assert isinstance(outcome, CommandOutcome)
        assert outcome.state is not None
        state = outcome.state
        assert state.attempts == failures
        if state.next_try is None:
            break
        assert state.next_try > now
        now = state.next_try
    assert state == Message(MOST_ATTEMPTS, None)
    assert timedelta(hours=8) < now - NOW < timedelta(hours=10)
    revived = MESSAGE.answer(state, Revive(), now)
    assert isinstance(revived, CommandOutcome)
    assert revived.state == Message(0, now)


@given(st.integers(0, 10**6), st.floats(0, 1))
def test_delays_grow_are_spread_and_end_at_an_hour(attempts, chance):
    delay = retry_delay(attempts, chance)
    longest = retry_delay(attempts, 1.0)
    assert longest / 2 <= delay <= longest <= timedelta(hours=1)
    assert longest <= retry_delay(attempts + 1, 1.0)


@pytest.mark.parametrize(("attempts", "seconds"), [(0, 1), (1, 2), (2, 4), (11, 2048), (12, 3600), (19, 3600)])
def test_the_longest_delays(attempts, seconds):
    assert retry_delay(attempts, 1.0) == timedelta(seconds=seconds)

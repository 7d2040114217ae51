"""The life of a timer, against a plain model."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st

from ewtp.core.jobs.timer import TIMER, CancelTimer, FireTimer, KeepTimer, SetTimer, Timer
from tests.aggregate_machine import FEW, AggregateMachine

HOUR = timedelta(hours=1)
_INTERVALS = st.sampled_from([HOUR, timedelta(minutes=7)])


class TimerMachine(AggregateMachine):
    """Moments around the present, with and without an interval."""

    aggregate = TIMER

    @staticmethod
    def commands(now: datetime) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.sampled_from([CancelTimer(), FireTimer()]),
            st.builds(KeepTimer, _INTERVALS),
            st.builds(
                SetTimer,
                st.integers(-9_000, 9_000).map(lambda seconds: now + timedelta(seconds=seconds)),
                st.none() | _INTERVALS,
            ),
        )

    def shown(self, state: Timer | None) -> dict[str, Any]:
        return {} if state is None else {"due": state.due, "every": state.every}

    def model(self, command: Any, now: datetime) -> str | None:
        timer = self.expected
        match command:
            case SetTimer(due, every):
                timer.update(due=due, every=every)
            case KeepTimer(every):
                if timer.get("every") != every:
                    timer.update(due=now, every=every)
            case _ if not timer:
                return "timer_unknown"
            case CancelTimer():
                timer.clear()
            case FireTimer() if timer["due"] > now:
                return "timer_not_due"
            case FireTimer() if timer["every"] is None:
                timer.clear()
            case FireTimer():
                while timer["due"] <= now:
                    timer["due"] += timer["every"]
        return None


TestTimerMachine = TimerMachine.TestCase
TestTimerMachine.settings = FEW


@pytest.mark.parametrize("every", [timedelta(), -HOUR])
def test_an_interval_goes_forward(every):
    with pytest.raises(ValueError, match="a timer cannot fire every"):
        Timer(datetime(2026, 6, 1, tzinfo=UTC), every)

"""A state machine for any aggregate: random commands, checked against a plain model and against what is stored.

A test subclasses ``AggregateMachine`` and gives its ``aggregate``, its ``commands`` and its ``model``: a function that
changes a plain dict as the command should, and returns the code of the refusal or None. ``shown`` writes a state as
that dict. Where a test gives ``stored`` as well, every command also goes through the database.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ewtp.core.values.refusal import Refusal
from tests.drawn_inputs import input_count

if TYPE_CHECKING:
    from ewtp.core.values.aggregate import Aggregate

START = datetime(2026, 6, 1, tzinfo=UTC)


class AggregateMachine(RuleBasedStateMachine):
    """Commands in any order, at moments that only move forward."""

    aggregate: ClassVar[Aggregate[Any, Any, Any]]
    # States to begin from where the usual way there takes many commands.
    starts: ClassVar[st.SearchStrategy[Any] | None] = None

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.start = self.state = self.aggregate.start
        self.events: list[Any] = []
        self.expected: dict[str, Any] = {}

    @staticmethod
    def commands(now: datetime) -> st.SearchStrategy[Any]:
        """The commands that may be given at a moment."""
        raise NotImplementedError

    def model(self, command: Any, now: datetime) -> str | None:
        """Change ``self.expected`` as the command should; the code of the refusal, if any."""
        raise NotImplementedError

    def shown(self, state: Any) -> dict[str, Any]:
        """The state as the plain dict of the model."""
        raise NotImplementedError

    def stored(self, command: Any, now: datetime) -> tuple[str | None, dict[str, Any]] | None:
        """Give the command to the database: the code of the refusal and the state there; None where there is none."""
        del command, now
        return None

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Nothing has happened, or the state is one of ``starts``."""
        assert self.shown(self.state) == self.expected
        if self.starts is not None:
            self.start = self.state = data.draw(self.starts)
            self.expected = self.shown(self.state)

    @rule(seconds=st.integers(0, 7_200))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(data=st.data())
    def give(self, data: st.DataObject) -> None:
        command = data.draw(self.commands(self.now))
        before = self.state
        decision = self.aggregate.answer(before, command, self.now)
        assert decision == self.aggregate.answer(before, command, self.now), (
            "a decision depends on more than it is given"
        )
        code = self.model(command, self.now)
        if isinstance(decision, Refusal):
            assert decision.code == code
        else:
            assert code is None
            self.state = decision.state
            self.events += decision.events
        kept = self.stored(command, self.now)
        if kept is not None:
            assert kept == (code, self.expected)

    @invariant()
    def agrees(self) -> None:
        """The state is the model's, and follows from the events alone."""
        assert self.shown(self.state) == self.expected
        assert self.aggregate.fold(self.start, self.events) == self.state


FEW = settings(max_examples=input_count(40), stateful_step_count=25, deadline=None)

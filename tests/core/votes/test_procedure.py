"""The procedure: its first figures, rules that set others, and by which majority those pass."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ewtp.core.organisations.house import House
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.citation import Source
from ewtp.core.rulebook.procedure_figure import FIGURES, figure_text
from ewtp.core.rulebook.service import Procedure
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import VoteProcedure, first_procedure, procedure_from_texts, procedure_on
from ewtp.core.votes.procedure_change import (
    GUARDS_OF_SMALL_FIRMS,
    check_procedure_notice,
    majority_for,
    weakens_small_firms,
)
from ewtp.core.votes.vote_tally import Majority

FIRST = first_procedure()
SOURCE = Source("p-1", "A proposal", "EWTP", None, date(2026, 1, 1))


def rule(name: str, value: str, start: date = date(2026, 7, 1), end: date | None = None, territory: str = "EWTP"):
    return Procedure(territory, name, value, Period(start, end), SOURCE, "article 1")


def test_the_first_figures_are_those_of_the_design():
    assert FIRST.approval_quorum(House.SMALL_FIRM) == FIRST.approval_quorum(House.CIVIL_SOCIETY) == Fraction(15, 100)
    assert FIRST.approval_quorum(House.GOVERNMENT) == FIRST.approval_quorum(House.LARGE_FIRM) == Fraction(1, 4)
    assert (FIRST.pass_mean_share, FIRST.pass_mean_share_again) == (Fraction(2, 3), Fraction(3, 4))
    assert FIRST.clock_vote == timedelta(days=14)
    assert FIRST.alarm_surge_p == Fraction(1, 1000)


def test_every_figure_is_described():
    page = (Path(__file__).parents[3] / "docs/rules/votes.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z_.]+)` \| (\S+) \|", page, re.MULTILINE) == [(one.name, one.first) for one in FIGURES]


def test_a_rule_of_procedure_holds_on_its_days_alone():
    records = [rule("clock.vote", "21d", end=date(2026, 12, 31)), rule("clock.vote", "1d", territory="KE")]
    days = [date(2026, 6, 30), date(2026, 7, 1), date(2026, 12, 31), date(2027, 1, 1)]
    lengths = [found.clock_vote.days for day in days if isinstance(found := procedure_on(records, day), VoteProcedure)]
    assert lengths == [14, 21, 21, 14]


@given(st.data())
def test_what_the_log_has_is_read_back(data):
    one = data.draw(st.sampled_from(FIGURES))
    text = data.draw(st.sampled_from([one.first, figure_text(one.least), figure_text(one.most)]))
    found = procedure_from_texts({one.name: text})
    assert isinstance(found, VoteProcedure)
    assert procedure_from_texts(found.as_texts()) == found
    assert getattr(found, one.field) == one.read(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("clock.vote", "0d"),
        ("clock.vote", "14"),
        ("clock.vote", "1e3d"),
        ("pass.mean_share", "49%"),
        ("pass.mean_share", "101%"),
        ("pass.mean_share", "2/0"),
        ("pass.mean_share", "-2/3"),
        ("house.active_groups", "5.5"),
        ("house.active_groups", "\N{ARABIC-INDIC DIGIT FIVE}"),
        ("house.small.approval_quorum", "0%"),
        ("alarm.power.most", "nan"),
    ],
)
def test_a_figure_that_makes_no_sense_is_refused(name, text):
    refusal = procedure_from_texts({name: text})
    assert isinstance(refusal, Refusal)
    assert refusal.code == "procedure_value_unusable"


def test_every_fault_is_reported_at_once():
    refusal = procedure_from_texts({"clock.vote": "x", "clock.votes": "14d", "send_back.times": "9"})
    assert isinstance(refusal, Refusal)
    assert [each.code for each in refusal.every] == ["procedure_name_unknown", *["procedure_value_unusable"] * 2]


@given(st.data())
def test_lowering_a_guard_of_small_firms_weakens_them_and_raising_it_does_not(data):
    one = data.draw(st.sampled_from(FIGURES))
    lower, higher = (
        procedure_from_texts({one.name: figure_text(one.least)}),
        procedure_from_texts({one.name: figure_text(one.most)}),
    )
    assert isinstance(lower, VoteProcedure)
    assert isinstance(higher, VoteProcedure)
    below_first = getattr(lower, one.field) < getattr(FIRST, one.field)
    assert weakens_small_firms(FIRST, lower) is (below_first and one.name in GUARDS_OF_SMALL_FIRMS)
    assert not weakens_small_firms(FIRST, higher)


def test_the_majority_follows_from_what_is_changed():
    assert majority_for([], [], FIRST) is Majority.ORDINARY
    assert majority_for([rule("clock.vote", "21d")], [], FIRST) is Majority.PROCEDURE
    assert majority_for([rule("house.small.approval_quorum", "10%")], [], FIRST) is Majority.PROCEDURE_WEAKENING
    stricter = procedure_from_texts({"house.small.approval_quorum": "20%"})
    assert isinstance(stricter, VoteProcedure)
    # Ending a rule brings the first value back.
    assert majority_for([], [rule("house.small.approval_quorum", "20%")], stricter) is Majority.PROCEDURE_WEAKENING
    refusal = majority_for([rule("house.tiny.quorum", "1%")], [], FIRST)
    assert isinstance(refusal, Refusal)


def test_a_change_of_the_procedure_starts_half_a_year_after_it_would_pass():
    opened = date(2026, 1, 1)
    # Fourteen days to vote, seven to send back, and 180.
    first = opened + timedelta(days=201)
    day_before = first - timedelta(days=1)
    early, late = rule("clock.vote", "21d", day_before), rule("clock.vote", "21d", first)

    def code(**changes):
        refusal = check_procedure_notice(Changeset("a", "b", **changes), FIRST, opened)
        return refusal and refusal.code

    assert code(added=(late,)) is None
    assert code(added=(early,)) == "procedure_too_soon"
    # Ending a rule brings another figure back, from the day after its last.
    assert code(ended=(Ended(rule("clock.vote", "21d"), day_before),)) is None
    assert code(ended=(Ended(rule("clock.vote", "21d"), day_before - timedelta(days=1)),)) == "procedure_too_soon"
    assert code(ended=(Ended(rule("clock.vote", "21d"), None),)) == "procedure_too_soon"
    assert code(amended=(Amended(rule("clock.vote", "21d"), late),)) is None
    assert code() is None

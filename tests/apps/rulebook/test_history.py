"""Imports in any order against a dictionary of days: the rulebook and the dictionary never disagree."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.changeset.changeset import Changeset
from ewtp.core.rulebook.changeset.diff import apply
from ewtp.core.values.refusal import Refusal
from tests.drawn_inputs import input_count

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Measure

FIRST = date(2026, 1, 1)
DAYS = 8
ONE_DAY = timedelta(days=1)
Days = dict[tuple[str, date], str]
_codes = st.sampled_from(["01", "0201", "03"])
_files = st.dictionaries(_codes, st.lists(st.sampled_from(["", "1%", "2%"]), min_size=DAYS, max_size=DAYS), min_size=1)


def _days(file: dict[str, list[str]]) -> Days:
    return {
        (code, FIRST + timedelta(days=n)): rate for code, those in file.items() for n, rate in enumerate(those) if rate
    }


def _measures(days: Days) -> list[Measure]:
    runs: list[tuple[str, str, date, date]] = []
    for (code, day), rate in sorted(days.items()):
        if runs and runs[-1][:2] == (code, rate) and runs[-1][3] == day - ONE_DAY:
            runs[-1] = (code, rate, runs[-1][2], day)
        else:
            runs.append((code, rate, day, day))
    return [a_duty(code, rate, start, end) for code, rate, start, end in runs]


class Imports(RuleBasedStateMachine):
    """Two sources; each file states its source from a day on, and every past state stays readable."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.desk = Desk(Path(self.folder.name))
        self.known: Days = {}
        self.past: list[tuple[str, Days]] = []
        self.block = transaction.atomic()

    @initialize()
    def begin(self) -> None:
        self.block.__enter__()
        read_cached_book().forget()

    @rule(file=_files, day=st.integers(0, DAYS - 1))
    def bring(self, file: dict[str, list[str]], day: int) -> None:
        said, effective = _days(file), FIRST + timedelta(days=day)
        if not said:
            return
        before = {place: rate for place, rate in self.known.items() if place[1] < effective}
        after = {place: rate for place, rate in said.items() if place[1] >= effective}
        filled = {place: rate for place, rate in said.items() if place not in before} | before | after
        report = self.desk.bring(*_measures(said), effective=effective)
        assert (report.version is None) == (filled == self.known)
        self.known = filled
        version = latest_version()
        assert version is not None
        if report.version:
            self.past.append((version.label, dict(filled)))
        again = self.desk.bring(*_measures(said), effective=effective)
        assert again.version is None

    @rule(code=_codes)
    def contradict(self, code: str) -> None:
        if not any(place[0] == code for place in self.known):
            return
        other = a_source("zm-other")
        report = self.desk.bring(a_duty(code, "9%", FIRST, source=other), source=other)
        assert [row.code for row in report.refused] == ["contradicts_other_source"]

    @invariant()
    def every_version_says_what_the_days_say(self) -> None:
        for label, days in self.past:
            assert self._at(label) == days

    @invariant()
    def a_difference_leads_from_one_version_to_the_next(self) -> None:
        for (one, _), (other, days) in zip(self.past, self.past[1:], strict=False):
            made = rulebook_difference(one, other)
            assert isinstance(made, Changeset)
            assert made
            applied = apply(made, self._measures_at(one))
            assert not isinstance(applied, Refusal), applied
            assert self._spread(applied) == days

    def _measures_at(self, label: str) -> list[Measure]:
        from ewtp.apps.rulebook.reading.versions import version_named  # noqa: PLC0415 - beside its only use

        version = version_named(label)
        assert version is not None
        return list(measures_known(MeasureFilter(known_at=version.published_at)))

    def _at(self, label: str) -> Days:
        return self._spread(self._measures_at(label))

    @staticmethod
    def _spread(measures: list[Measure] | tuple[Measure, ...]) -> Days:
        days: Days = {}
        for measure in measures:
            day, last = measure.validity.start, measure.validity.end
            assert last is not None
            while day <= last:
                assert (measure.product.prefix, day) not in days
                days[(measure.product.prefix, day)] = measure.expression
                day += ONE_DAY
        return days

    def teardown(self) -> None:
        try:
            assert rulebook_check().sound
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.folder.cleanup()


class TestImports(TestCase, Imports.TestCase):  # type: ignore[misc, valid-type] # both are TestCases, made elsewhere
    """Run the machine on a database of its own."""


TestImports.settings = settings(  # type: ignore[assignment, method-assign] # the machine reads it, Django does not
    max_examples=input_count(15),
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

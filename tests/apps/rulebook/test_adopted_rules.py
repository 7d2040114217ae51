"""A rule that an economy adopted is stored beside the law it amends, and outlives every import of that law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from ewtp.apps.rulebook.reading.book_cache import book_for_question, cached_book
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.version_changes import measures_between
from ewtp.apps.rulebook.reading.version_records import coverage_at
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territory import Territory
from ewtp.core.values.period import Period

from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ewtp.apps.rulebook.reading.versions import VersionInfo
    from ewtp.core.rulebook.measure import Measure

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
ONE_DAY = timedelta(days=1)
LAW = a_duty("0901", "10%", JANUARY)
PLATFORM = a_source("reform-1")
ADOPTED = replace(LAW, id="reform", expression="5%", status=Status.ADOPTED, source=PLATFORM, validity=Period(MARCH))
PROPOSED = replace(ADOPTED, id="proposal", expression="1%", status=Status.PROPOSED, source=a_source("proposal-1"))
OTHER = a_duty("0902", "7%", JANUARY)


@pytest.fixture
def adopted(desk: Desk) -> Desk:
    """A tariff, then a rule that amends one of its duties."""
    desk.bring(LAW, OTHER)
    report = desk.bring(ADOPTED, source=PLATFORM)
    assert not report.refused
    return desk


def in_effect(measures: Iterable[Measure]) -> list[tuple[str, Status, date, date | None]]:
    found = sorted(measures, key=lambda m: (m.validity.start, m.validity.end or date.max))
    return [(m.expression, m.status, m.validity.start, m.validity.end) for m in found]


def held(code: str = "0901") -> list[tuple[str, Status, date, date | None]]:
    """The rules that answers count, as a question's book and one of many questions have them."""
    version = version_now()
    cached_book().forget()
    one = book_for_question([("ZM", code)]).rules.get(("ZM", code), ())
    many = RulebookReader(version.ref).covering([("ZM", code), ("ZM", "2203")]).rules.get(("ZM", code), ())
    assert one == many
    return in_effect(rule.measure for rule in one)


def version_now() -> VersionInfo:
    found = latest_version()
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _zambia(monkeypatch: pytest.MonkeyPatch) -> None:
    """A territory, which these small files cannot bring."""
    territories = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
    monkeypatch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)


BOTH = [("10%", Status.LAW, JANUARY, MARCH - ONE_DAY), ("5%", Status.ADOPTED, MARCH, None)]


@pytest.mark.usefixtures("adopted")
def test_answers_count_the_adopted_rule_on_its_days_and_the_law_before():
    assert held() == BOTH
    assert held("0902") == [("7%", Status.LAW, JANUARY, None)]
    assert {m.id for m in measures_known(MeasureFilter())} == {LAW.id, ADOPTED.id, OTHER.id}
    assert rulebook_check().sound


def test_an_import_of_the_unchanged_law_changes_nothing(adopted: Desk):
    for effective in (None, MARCH, JANUARY):
        report = adopted.bring(LAW, OTHER, effective=effective)
        assert (report.version, report.refused) == (None, ())
    assert held() == BOTH


def test_an_import_of_changed_law_leaves_the_adopted_rule_in_effect(adopted: Desk):
    report = adopted.bring(replace(LAW, expression="12%"), OTHER, effective=date(2026, 2, 1))
    assert (report.counts["measures"]["superseded"], report.counts["measures"]["refused"]) == (1, 0)
    assert held() == [
        ("10%", Status.LAW, JANUARY, date(2026, 1, 31)),
        ("12%", Status.LAW, date(2026, 2, 1), MARCH - ONE_DAY),
        ("5%", Status.ADOPTED, MARCH, None),
    ]
    adopted.bring(OTHER, effective=date(2026, 2, 1))
    assert held() == [("10%", Status.LAW, JANUARY, date(2026, 1, 31)), ("5%", Status.ADOPTED, MARCH, None)]


def test_a_proposed_rule_is_kept_and_counts_nowhere(adopted: Desk):
    fee = a_duty("0903", "1%", JANUARY, kind=Kind.FEE, status=Status.PROPOSED, source=PROPOSED.source, id="fee")
    before = version_now()
    assert not adopted.bring(PROPOSED, fee, source=PROPOSED.source).refused
    assert held() == BOTH
    assert held("0903") == []
    assert coverage_at(version_now().published_at) == {"ZM": {Kind.DUTY}}
    assert measures_between(before.published_at, version_now().published_at, 10) == []
    assert {"proposal", "fee"} < {m.id for m in measures_known(MeasureFilter())}


def test_the_difference_that_an_adoption_makes_is_one_amendment(desk: Desk):
    desk.bring(LAW, OTHER)
    before = version_now()
    desk.bring(ADOPTED, source=PLATFORM)
    after = version_now()
    for names in ((before.label, after.label), ("2026-01-01", "2026-06-01")):
        made = rulebook_difference(*names)
        assert isinstance(made, Changeset)
        assert (made.added, made.ended) == ((), ())
        (change,) = made.amended
        assert in_effect([change.before, change.after]) == [("10%", Status.LAW, JANUARY, None), BOTH[1]]
    back = rulebook_difference(after.label, before.label)
    assert isinstance(back, Changeset)
    assert len(back.ended) + len(back.amended) + len(back.added) > 0
    found = measures_between(before.published_at, after.published_at, 10)
    assert found is not None
    assert in_effect(found) == [BOTH[0], ("10%", Status.LAW, JANUARY, None), BOTH[1]]


def test_the_difference_of_law_below_an_adopted_rule_is_that_of_the_days_left_to_it(adopted: Desk):
    before = version_now()
    dearer = replace(LAW, expression="12%")
    adopted.bring(dearer, OTHER)
    made = rulebook_difference(before.label, version_now().label)
    assert isinstance(made, Changeset)
    days = Period(JANUARY, MARCH - ONE_DAY)
    (change,) = made.amended
    assert isinstance(change, Amended)
    assert (change.before.validity, change.after.validity, change.after.expression) == (days, days, "12%")


def keys() -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, key::text, to_jsonb(m) - 'key' FROM rulebook_measure AS m ORDER BY id")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def migrate(name: str) -> None:
    MigrationExecutor(connection).migrate([("rulebook", name)])


def test_the_migration_computes_keys_again_and_changes_nothing_else(adopted: Desk):
    adopted.bring(replace(LAW, expression="12%"), OTHER)
    adopted.bring(PROPOSED, source=PROPOSED.source)
    migrate("0004_status_beside_the_key")
    now = keys()
    migrate("0003_origin_rules_across_chapters")
    before = keys()
    assert {row: rest[1] for row, rest in before.items()} == {row: rest[1] for row, rest in now.items()}
    assert all(before[row][0] != now[row][0] for row in now)
    # With the status in the key, an adopted rule had another key than its law.
    assert len({key for key, _ in before.values()}) == len({key for key, _ in now.values()}) + 2
    migrate("0004_status_beside_the_key")
    assert keys() == now
    migrate("0006_stated_by")
    assert rulebook_check().sound
    assert held() == [("12%", Status.LAW, JANUARY, MARCH - ONE_DAY), BOTH[1]]

"""A rule that an economy adopted is stored beside the law it amends, and outlives every import of that law."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from ewtp.apps.log.store.models import PendingEvent
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.apps.rulebook.reading.book_cache import book_for_question, read_cached_book
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.diff import rulebook_difference
from ewtp.apps.rulebook.reading.measure_list import MeasureFilter, measures_known
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.version_changes import measures_between
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.apps.rulebook.store.models import Adoption
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.changeset.changeset_json import changeset_from_json
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.rulebook.territory import Territory
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.database.roles import owner_work
from ewtp.gateways.database.row_security import system_rows
from tests.shared_rows import shared_rows

from .conftest import FIRST_MOMENT, Desk, a_duty, a_source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ewtp.apps.rulebook.reading.versions import VersionInfo
    from ewtp.core.rulebook.measure import Measure

JANUARY, MARCH = date(2026, 1, 1), date(2026, 3, 1)
ONE_DAY = timedelta(days=1)
LAW = a_duty("0901", "10%", JANUARY)
REFORM = replace(LAW, id="reform", expression="5%", status=Status.PROPOSED, validity=Period(MARCH))
CHANGE = Changeset("law", "reform", amended=(Amended(LAW, REFORM),))
OTHER = a_duty("0902", "7%", JANUARY)


@shared_rows
def adopted_rows(folder: Path) -> Desk:
    """A tariff, then a rule that amends one of its duties."""
    desk = Desk(folder)
    with pytest.MonkeyPatch.context() as patch:
        place_zambia(patch)
        desk.bring(LAW, OTHER)
        desk.give_effect(CHANGE, adopted_from="proposal 3, article 1")
    return desk


@pytest.fixture
def adopted(adopted_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(adopted_rows)


def in_effect(measures: Iterable[Measure]) -> list[tuple[str, Status, date, date | None]]:
    found = sorted(measures, key=lambda m: (m.validity.start, m.validity.end or date.max))
    return [(m.expression, m.status, m.validity.start, m.validity.end) for m in found]


def held(code: str = "0901") -> list[tuple[str, Status, date, date | None]]:
    """The rules that answers count, as a question's book and one of many questions have them."""
    version = version_now()
    read_cached_book().forget()
    one = book_for_question([("ZM", code)]).rules.get(("ZM", code), ())
    many = RulebookReader(version.ref).read_book([("ZM", code), ("ZM", "2203")]).rules.get(("ZM", code), ())
    assert one == many
    return in_effect(rule.measure for rule in one)


def version_now() -> VersionInfo:
    found = latest_version()
    assert found is not None
    return found


@pytest.fixture(autouse=True)
def _zambia(monkeypatch: pytest.MonkeyPatch) -> None:
    place_zambia(monkeypatch)


def place_zambia(patch: pytest.MonkeyPatch) -> None:
    """A territory, which these small files cannot bring."""
    territories = {"ZM": Territory("ZM", "Zambia", ("ZM",), "ZMW", nomenclature="HS2022", hs_edition="HS2022")}
    patch.setattr("ewtp.apps.rulebook.reading.version_records.territories_at", lambda *_: territories)


# A rule of a few days, which an act of the next year cannot change.
CHANGE_ENDED = Changeset(
    "a", "b", added=(replace(OTHER, id="brief", kind=Kind.FEE, status=Status.PROPOSED, validity=Period(MARCH, MARCH)),)
)
ACT_OF_NOBODY = ActCited("ZM", "Act 7 of 2026", " ", "section 2")
ACT_OF_GHANA = ActCited("GH", "L.I. 2400", "Parliament of Ghana", "section 2")
BOTH = [("10%", Status.LAW, JANUARY, MARCH - ONE_DAY), ("5%", Status.ADOPTED, MARCH, None)]


@pytest.mark.usefixtures("adopted")
def test_answers_count_the_adopted_rule_on_its_days_and_the_law_before():
    assert held() == BOTH
    assert held("0902") == [("7%", Status.LAW, JANUARY, None)]
    assert {m.id for m in measures_known(MeasureFilter())} == {LAW.id, REFORM.id, OTHER.id}
    assert rulebook_check().sound


def test_an_import_of_the_unchanged_law_changes_nothing(adopted: Desk):
    for effective in (None, MARCH, JANUARY):
        report = adopted.bring(LAW, OTHER, effective=effective)
        assert (report.version, report.refused) == (None, ())
    assert held() == BOTH


def test_an_earlier_edition_of_the_law_leaves_the_adopted_rule_in_effect(adopted: Desk):
    older = a_source(published=date(2025, 12, 1))
    dearer = replace(LAW, expression="12%", source=older)
    report = adopted.bring(dearer, OTHER, source=older, effective=date(2026, 2, 1))
    assert (report.counts["measures"]["superseded"], report.displaced) == (1, ())
    assert held() == [
        ("10%", Status.LAW, JANUARY, date(2026, 1, 31)),
        ("12%", Status.LAW, date(2026, 2, 1), MARCH - ONE_DAY),
        BOTH[1],
    ]


def test_law_that_ends_leaves_the_adopted_rule_in_effect(adopted: Desk):
    assert adopted.bring(OTHER, effective=date(2026, 2, 1)).displaced == ()
    assert held() == [("10%", Status.LAW, JANUARY, date(2026, 1, 31)), BOTH[1]]


def test_law_stated_after_the_act_displaces_it_from_its_own_day(adopted: Desk):
    may = date(2026, 5, 1)
    newer = a_source(published=date(2026, 1, 3))
    dearer = replace(LAW, expression="12%", source=newer)
    report = adopted.bring(dearer, OTHER, source=newer, effective=may)
    assert [(one.adopted.id, one.law.expression, one.days) for one in report.displaced] == [
        ("reform", "12%", Period(may))
    ]
    now = [BOTH[0], ("5%", Status.ADOPTED, MARCH, may - ONE_DAY), ("12%", Status.LAW, may, None)]
    assert held() == now
    assert rulebook_check().sound
    with system_rows("a test"):
        (event,) = PendingEvent.objects.filter(kind="rulebook:act:displaced")
    told = orjson.loads(event.body)["payload"]["rules"]
    assert [(one["measure"], one["first_day"], one["expression"]) for one in told] == [("reform", "2026-05-01", "12%")]
    # The act does not come back when the law does: neither undone nor revived by an import.
    report = adopted.bring(replace(LAW, source=newer), OTHER, source=newer, effective=may)
    assert (report.version is not None, report.displaced) == (True, ())
    assert held() == [*now[:2], ("10%", Status.LAW, may, None)]
    # What was known before the displacement stays so.
    before = adopted.moment - timedelta(days=1, hours=1)
    rules = book_for_question([("ZM", "0901")], before).rules["ZM", "0901"]
    assert in_effect(rule.measure for rule in rules) == BOTH


def test_an_import_takes_neither_proposals_nor_adopted_rules(adopted: Desk):
    proposal = replace(REFORM, id="proposal", expression="1%")
    fee = a_duty("0903", "1%", JANUARY, kind=Kind.FEE, status=Status.ADOPTED, id="fee")
    report = adopted.bring(LAW, OTHER, proposal, fee)
    assert [refused.code for refused in report.refused] == ["status_not_law"] * 2
    assert (report.version, held(), held("0903")) == (None, BOTH, [])


@pytest.mark.usefixtures("adopted")
@pytest.mark.parametrize("status", ["proposed", "draft"])
def test_the_database_holds_no_proposal(status: str):
    with pytest.raises(IntegrityError, match="measure_status"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rulebook_measure (stated_by, key, digest, known, version, measure_id, territory, direction,"
            " kind, status, nomenclature, prefix, validity, reference, expression, base, conditions)"
            " SELECT stated_by, gen_random_uuid(), digest, tstzrange(lower(known), NULL), version, 'p', territory,"
            " direction, kind, %s, nomenclature, prefix, validity, reference, expression, base, conditions"
            " FROM rulebook_measure WHERE status = 'adopted'",
            [status],
        )


def test_the_difference_that_an_adoption_makes_is_one_amendment(desk: Desk):
    desk.bring(LAW, OTHER)
    before = version_now()
    desk.give_effect(CHANGE)
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
    older = a_source(published=date(2025, 12, 1))
    dearer = replace(LAW, expression="12%", source=older)
    adopted.bring(dearer, OTHER, source=older)
    made = rulebook_difference(before.label, version_now().label)
    assert isinstance(made, Changeset)
    days = Period(JANUARY, MARCH - ONE_DAY)
    (change,) = made.amended
    assert isinstance(change, Amended)
    assert (change.before.validity, change.after.validity, change.after.expression) == (days, days, "12%")


def test_the_act_is_kept_and_cited_with_the_law_that_it_amends(adopted: Desk):
    version = version_now()
    assert (version.origin, version.title) == ("adoption", "ZM: Act 7 of 2026, section 2")
    (act,) = Adoption.objects.all()
    assert (act.version, act.territory, act.adopted_from) == (version.number, "ZM", "proposal 3, article 1")
    assert changeset_from_json(act.changeset) == CHANGE
    (_, rule) = book_for_question([("ZM", "0901")]).rules["ZM", "0901"]
    assert rule.citation == {
        "source": "Act 7 of 2026",
        "url": None,
        "reference": "section 2",
        "valid_from": "2026-03-01",
        "valid_to": None,
        "retrieved": adopted.moment.date().isoformat(),
        "adopted_from": "proposal 3, article 1",
        "amends": [
            {
                "measure": LAW.id,
                "source": "Tariff zm-tariff",
                "url": None,
                "reference": "Schedule 0901",
                "valid_from": "2026-01-01",
                "valid_to": None,
                "retrieved": (FIRST_MOMENT + ONE_DAY).date().isoformat(),
            }
        ],
    }


def test_before_the_adoption_was_known_the_law_held(adopted: Desk):
    before = adopted.moment - timedelta(hours=1)
    (rule,) = book_for_question([("ZM", "0901")], before).rules["ZM", "0901"]
    assert in_effect([rule.measure]) == [("10%", Status.LAW, JANUARY, None)]


def test_an_abolition_holds_through_imports_of_the_law(desk: Desk):
    fee = a_duty("0901", "1%", JANUARY, kind=Kind.FEE, id="fee")
    desk.bring(LAW, OTHER, fee)
    desk.give_effect(Changeset("law", "reform", ended=(Ended(fee, MARCH - ONE_DAY),)))
    left = [("10%", Status.LAW, JANUARY, None), ("1%", Status.LAW, JANUARY, MARCH - ONE_DAY)]
    assert sorted(held()) == sorted(left, key=str)
    for effective in (None, MARCH):
        assert desk.bring(LAW, OTHER, fee, effective=effective).version is None
    assert sorted(held()) == sorted(left, key=str)
    made = rulebook_difference("1", str(version_now().number))
    assert isinstance(made, Changeset)
    assert [(end.record.id, end.last_day) for end in made.ended] == [("fee", MARCH - ONE_DAY)]
    assert rulebook_check().sound


def test_an_act_may_take_effect_later_than_the_change_proposed(desk: Desk):
    desk.bring(LAW, OTHER)
    june = date(2026, 6, 1)
    desk.give_effect(CHANGE, effective=june)
    assert held() == [("10%", Status.LAW, JANUARY, june - ONE_DAY), ("5%", Status.ADOPTED, june, None)]


def test_a_change_with_a_last_day_leaves_nothing_after_it(desk: Desk):
    desk.bring(LAW, OTHER)
    until = replace(REFORM, validity=Period(MARCH, date(2026, 4, 30)))
    desk.give_effect(Changeset("law", "reform", amended=(Amended(LAW, until),)))
    assert held() == [BOTH[0], ("5%", Status.ADOPTED, MARCH, date(2026, 4, 30))]


def test_a_later_adoption_amends_an_earlier_one(adopted: Desk):
    (_, rule) = book_for_question([("ZM", "0901")]).rules["ZM", "0901"]
    may = date(2026, 5, 1)
    further = replace(rule.measure, id="further", expression="Free", validity=Period(may), status=Status.PROPOSED)
    adopted.give_effect(Changeset("law", "further", amended=(Amended(rule.measure, further),)))
    now = [BOTH[0], ("5%", Status.ADOPTED, MARCH, may - ONE_DAY), ("Free", Status.ADOPTED, may, None)]
    assert held() == now
    adopted.bring(LAW, OTHER)
    assert held() == now


@pytest.mark.usefixtures("adopted")
def test_a_trial_of_an_adoption_records_nothing(adopted: Desk):
    before = version_now()
    dearer = replace(OTHER, id="dearer", expression="8%", validity=Period(MARCH), status=Status.PROPOSED)
    report = adopted.give_effect(Changeset("law", "reform", amended=(Amended(OTHER, dearer),)), only_try=True)
    assert (report.version, [one.validity for one in report.records]) == (None, [Period(MARCH)])
    assert version_now() == before
    assert len(list(measures_known(MeasureFilter()))) == 3


@pytest.mark.parametrize(
    ("change", "options", "code"),
    [
        (CHANGE, {}, "change_not_held"),
        (Changeset("a", "b"), {}, "change_empty"),
        (CHANGE_ENDED, {"effective": date(2027, 1, 1)}, "adoption_empty"),
        (Changeset("a", "b", ended=(Ended(OTHER, None),)), {"cited": ACT_OF_NOBODY}, "adoption_uncited"),
        (Changeset("a", "b", ended=(Ended(OTHER, None),)), {"cited": ACT_OF_GHANA}, "adoption_territory_unknown"),
        (Changeset("a", "b", ended=(Ended(OTHER, None),)), {"effective": date(1066, 1, 1)}, "effective_date_absurd"),
        (
            Changeset("a", "b", added=(a_duty("0904", "1%", JANUARY, territory="MW", id="m"),)),
            {},
            "change_territory_unknown",
        ),
        (Changeset("a", "b", added=(a_duty("09X4", "1%", JANUARY, id="m"),)), {}, "change_code_unknown"),
    ],
)
def test_an_adoption_that_cannot_be_is_refused(
    adopted: Desk, change: Changeset[Any], options: dict[str, Any], code: str
):
    before = version_now()
    refusal = adopted.adopt(change, **options)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert (version_now(), held()) == (before, BOTH)


def keys() -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, key::text, to_jsonb(m) - 'key' FROM rulebook_measure AS m ORDER BY id")
        return {row[0]: row[1:] for row in cursor.fetchall()}


def migrate(name: str) -> None:
    with owner_work(connection):
        MigrationExecutor(connection).migrate([("rulebook", name)])


def test_the_migration_computes_keys_again_and_changes_nothing_else(adopted: Desk):
    older = a_source(published=date(2025, 12, 1))
    adopted.bring(replace(LAW, expression="12%", source=older), OTHER, source=older)
    migrate("0004_status_beside_the_key")
    now = keys()
    migrate("0003_origin_rules_across_chapters")
    before = keys()
    assert {row: rest[1] for row, rest in before.items()} == {row: rest[1] for row, rest in now.items()}
    assert all(before[row][0] != now[row][0] for row in now)
    # With the status in the key, an adopted rule had another key than its law.
    assert len({key for key, _ in before.values()}) == len({key for key, _ in now.values()}) + 1
    migrate("0004_status_beside_the_key")
    assert keys() == now
    migrate("0008_adopted_records")
    assert rulebook_check().sound
    assert held() == [("12%", Status.LAW, JANUARY, MARCH - ONE_DAY), BOTH[1]]

"""Whether the rule behind a barrier ended or was amended: by what the rulebook states, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from ewtp.core.barriers.barrier import BarrierMatter, Progress
from ewtp.core.barriers.rule_change import find_rule_change, rule_reported
from ewtp.core.barriers.stage import ChangeKind, Stage, stage_of
from ewtp.core.rulebook.citation import Adoption, Source
from ewtp.core.rulebook.measure import Condition, Kind, Measure, Product, Status
from ewtp.core.values.period import Period

SOURCE = Source("test", "Test schedule", "Nobody", date(2026, 1, 1), date(2026, 1, 2))
NEWER = Source("newer", "Newer schedule", "Nobody", date(2026, 9, 1), date(2026, 9, 2))
FIRST, REPORTED, TODAY = date(2026, 1, 1), datetime(2026, 6, 1, tzinfo=UTC), date(2026, 12, 1)
NOTICE = Measure(
    id="AA-notice",
    territory="AA",
    kind=Kind.REQUIREMENT,
    product=Product("TEST", "0201"),
    validity=Period(FIRST),
    source=SOURCE,
    reference="s. 1",
    agency="FOOD",
    document="notice",
)
DUTY = replace(NOTICE, id="AA-duty", kind=Kind.DUTY, agency="", document="", expression="12%")
RULE = rule_reported(NOTICE)
MATTER = BarrierMatter(NOTICE.key, "020110", "AA")


def found(*held: Measure, reported: Measure = NOTICE, day: date = TODAY):
    matter = BarrierMatter(reported.key, "020110", "AA")
    return find_rule_change(matter, rule_reported(reported), held, day)


def test_a_rule_that_is_as_it_was_has_not_changed():
    assert found(NOTICE) is None
    # It is still the same rule under another title, in a newer edition, at another place of the source.
    assert found(replace(NOTICE, title="Prior notice", source=NEWER, reference="s. 2")) is None


def test_a_rule_ended_on_the_day_after_its_last():
    ended = replace(NOTICE, validity=Period(FIRST, date(2026, 9, 30)))
    change = found(ended)
    assert change is not None
    assert (change.kind, change.day, change.measure) == (ChangeKind.ENDED, date(2026, 10, 1), NOTICE.id)
    assert found(ended, day=date(2026, 9, 30)) is None


def test_a_rule_that_nobody_says_has_ended_has_not():
    assert found() is None
    assert found(DUTY) is None


def test_a_rule_that_is_filed_under_another_key_has_not_ended():
    ended = replace(NOTICE, validity=Period(FIRST, date(2026, 9, 30)))
    for product in (Product("TEST", ""), Product("TEST", "02"), Product("TEST", "02011000")):
        again = replace(NOTICE, id="AA-notice-2", product=product, validity=Period(date(2026, 10, 1)))
        assert found(ended, again) is None
    elsewhere = replace(NOTICE, id="AA-notice-3", product=Product("TEST", "0301"), validity=Period(date(2026, 10, 1)))
    other_agency = replace(NOTICE, id="AA-notice-4", product=Product("TEST", "02"), agency="HEALTH")
    assert found(ended, elsewhere, other_agency) is not None


def test_a_rule_that_asks_for_something_else_was_amended_from_its_day():
    before = replace(DUTY, validity=Period(FIRST, date(2026, 9, 30)))
    after = replace(DUTY, id="AA-duty-2", expression="5%", validity=Period(date(2026, 10, 1)))
    change = found(before, after, reported=DUTY)
    assert change is not None
    assert (change.kind, change.day, change.measure) == (ChangeKind.AMENDED, date(2026, 10, 1), "AA-duty-2")
    freed = replace(NOTICE, conditions=(Condition("unless_claim", "small"),), validity=Period(date(2026, 7, 1)))
    change = found(freed)
    assert change is not None
    assert change.kind is ChangeKind.AMENDED


def test_an_act_that_abolishes_ends_the_law_and_a_proposal_does_not():
    act = replace(
        NOTICE,
        id="act",
        status=Status.ADOPTED,
        validity=Period(date(2026, 8, 1)),
        adoption=Adoption("act 1", abolishes=True),
    )
    change = found(NOTICE, act)
    assert change is not None
    assert (change.kind, change.day) == (ChangeKind.ENDED, date(2026, 8, 1))
    proposed = replace(act, status=Status.PROPOSED, adoption=None)
    assert found(NOTICE, proposed) is None


def test_only_a_change_after_the_report_resolves():
    after = replace(DUTY, id="AA-duty-2", expression="5%", validity=Period(date(2026, 10, 1)))
    change = found(replace(DUTY, validity=Period(FIRST, date(2026, 9, 30))), after, reported=DUTY)
    early = Progress(REPORTED, REPORTED, REPORTED)
    reopened = Progress(REPORTED, datetime(2026, 11, 1, tzinfo=UTC), REPORTED)
    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert stage_of(early, now, change) is Stage.CHANGED
    assert stage_of(reopened, now, change) is not Stage.CHANGED
    assert stage_of(early, datetime(2026, 9, 30, tzinfo=UTC), change) is not Stage.CHANGED

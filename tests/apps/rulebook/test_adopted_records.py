"""Acts change duties, memberships, reliefs, practices and lines: each from its day, in every book, through imports."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from django.utils import timezone

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.rulebook.actions.adoption import ActCited
from ewtp.apps.rulebook.reading.book_cache import read_cached_book
from ewtp.apps.rulebook.reading.check import rulebook_check
from ewtp.apps.rulebook.reading.export import rulebook_records, rulebook_write_packs
from ewtp.apps.rulebook.reading.records_by_key import records_held
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.core.compiled.compile.compiler import compile_book
from ewtp.core.compiled.table.scalar_fallback import Scalar
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.measure import Measure, Status
from ewtp.core.rulebook.service import Procedure, Service
from ewtp.core.rulebook.territory import (
    Group,
    GroupMember,
    OriginRule,
    TariffLine,
)
from ewtp.core.values.period import Period
from ewtp.core.values.refusal import Refusal
from ewtp.core.votes.procedure import VoteProcedure, procedure_on
from ewtp.gateways.reference import hs_texts
from ewtp.gateways.reference.iso_codes import vocabulary
from tests.core.compiled.drawn_lines import SCHEMA, differences, expected
from tests.core.compiled.test_compiled_answers import answered
from tests.shared_rows import shared_rows

from .adopted_law import (
    AFTER,
    BEFORE,
    COFFEE,
    DUTY,
    GROUP,
    JANUARY,
    JOINS,
    LAW,
    LICENCE,
    LINE,
    MARCH,
    PAPER,
    RELIEF,
    SEED,
    again,
    answer,
    by_cif,
    change,
    duty,
    held_group,
    origin_rule,
    question_about,
    version_now,
)
from .conftest import Desk, a_duty, a_source

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client


@shared_rows
def law_rows(folder: Path) -> Desk:
    """A tariff with a preference, and the territories that it is of."""
    desk = Desk(folder)
    desk.load_seed(SEED)
    desk.bring(*LAW)
    return desk


@pytest.fixture
def law(law_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(law_rows)


def test_a_duty_is_another_from_its_day(law: Desk):
    reform = replace(DUTY, id="reform", expression="5%", validity=Period(MARCH), status=Status.PROPOSED)
    law.give_effect(change(amended=[Amended(DUTY, reform)]))
    for _ in range(2):
        assert (duty(BEFORE), duty(AFTER)) == (100, 50)
        (charge,) = answer(AFTER)["charges"]
        assert (charge["status"], charge["citation"]["source"]) == ("adopted", "Act 7 of 2026")
        assert [one["reference"] for one in charge["citation"]["amends"]] == ["Schedule 0901"]
        again(law)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_and_documents_show_the_act_with_the_law_that_it_amends(law: Desk, client: Client, language: str):
    reform = replace(DUTY, id="reform", expression="5%", validity=Period(MARCH), status=Status.PROPOSED)
    law.give_effect(change(amended=[Amended(DUTY, reform)]), adopted_from="proposal 3, article 1")
    read_cached_book().forget()
    line = {"hs": COFFEE, "value": {"amount": "1000", "currency": "USD"}}
    stored = assessment_create(
        now=timezone.now(), body={"from": "KE", "to": "ZM", "date": "2026-03-01", "lines": [line]}
    )
    assert not isinstance(stored, Refusal), stored
    page = client.get(f"/answers/{stored.id}", headers={"accept-language": language}).content.decode()
    # Each quotation is marked as of its own language, so tags may stand between two of them.
    shown = re.sub(r"<[^<>]*>", "", page)
    for told in ("Act 7 of 2026", "proposal 3, article 1", "Tariff zm-tariff, Schedule 0901"):
        assert told in shown
    rows = csv.DictReader(io.StringIO(client.get(f"/answers/{stored.id}.csv").content.decode("utf-8-sig")))
    (charge,) = (row for row in rows if row["record"] == "charge")
    assert (charge["adopted_from"], charge["amends"]) == (
        "proposal 3, article 1",
        "Tariff zm-tariff, Schedule 0901",
    )
    pdf = client.get(f"/answers/{stored.id}.pdf", headers={"accept-language": language})
    assert pdf.content.startswith(b"%PDF")


def test_an_economy_joins_an_agreement_on_its_day(law: Desk):
    law.give_effect(change(JOINS))
    for _ in range(2):
        assert [answer(day)["options"] != [] for day in (BEFORE, AFTER)] == [False, True]
        assert (duty(BEFORE), duty(AFTER, claims=["ZM-FTA"])) == (100, 0)
        assert {m.economy for m in RulebookReader(version_now()).frame.groups["ZM-FTA"].members} == {"MW", "KE"}
        again(law)
    assert rulebook_check().sound


def test_an_economy_leaves_an_agreement_on_its_day(law: Desk):
    (held,) = (
        record
        for record in records_held(change(replace(JOINS, economy="MW")), version_now().published_at)
        if isinstance(record, GroupMember)
    )
    law.give_effect(change(ended=[Ended(held, BEFORE)]))
    again(law)
    group = RulebookReader(version_now()).frame.groups["ZM-FTA"]
    assert (group.holds("MW", BEFORE), group.holds("MW", AFTER)) == (True, False)
    # The edition that the law comes from may lose the group and bring it back; the act stands.
    law.bring(*(record for record in LAW if record is not GROUP))
    law.bring(*LAW)
    assert not RulebookReader(version_now()).frame.groups["ZM-FTA"].holds("MW", AFTER)


def test_a_relief_is_granted_from_its_day(law: Desk):
    law.give_effect(change(RELIEF))
    for _ in range(2):
        assert (duty(BEFORE), duty(AFTER)) == (100, 0)
        again(law)


def test_another_authority_s_paper_is_recognised_from_its_day(law: Desk):
    law.give_effect(change(PAPER))
    for _ in range(2):
        assert [len(answer(day)["requirements"]) for day in (BEFORE, AFTER)] == [1, 1]
        assert answer(AFTER, claims=["recognition:KE"])["requirements"] == []
        again(law)


def test_a_practice_changes_on_its_day_and_is_cited(law: Desk):
    law.give_effect(by_cif(law))
    for _ in range(2):
        assert (duty(BEFORE), duty(AFTER)) == (100, 110)
        assert [answer(day)["customs_value"]["basis"] for day in (BEFORE, AFTER)] == ["FOB", "CIF"]
        again(law)
    (fob, cif) = RulebookReader(version_now()).frame.territories["ZM"].practices
    assert (fob.validity, cif.source.title, cif.reference) == (Period(JANUARY, BEFORE), "Act 7 of 2026", "section 2")


def test_a_line_is_split_on_its_day(law: Desk):
    split = [TariffLine("ZM", f"{COFFEE}{n}0", Period(MARCH), ("kg",)) for n in (1, 2)]
    law.give_effect(change(*split, ended=[Ended(LINE, BEFORE)]))
    again(law)
    reader = RulebookReader(version_now())
    for book in (reader.whole(), reader.read_book([("ZM", COFFEE)])):
        assert [line.code for line in book.lines_below("ZM", "0901", BEFORE)] == [COFFEE]
        assert [line.code for line in book.lines_below("ZM", "0901", AFTER)] == [line.code for line in split]
    assert rulebook_check().sound


def test_a_rule_of_origin_is_added_from_its_day(law: Desk):
    own_scheme = [replace(GROUP, origin_scheme="ZM-FTA") if record is GROUP else record for record in LAW]
    law.bring(*own_scheme)
    rule = OriginRule("ZM-FTA", "0901110000", "0901119999", ("CC",), "roasted there", a_source("protocol"))
    law.give_effect(change(rule), effective=MARCH)
    law.bring(*own_scheme, a_duty("0902", "7%", JANUARY))
    book = RulebookReader(version_now()).read_book([("ZM", COFFEE)], origin_rules=True)
    assert [len(book.origin_rules("ZM-FTA", COFFEE, day)) for day in (BEFORE, AFTER)] == [0, 1]


def test_the_book_of_editions_has_the_rules_of_origin_around_those_not_agreed(law: Desk):
    spans = (
        ("0901000000", "0901999999", "OPEN"),
        ("0900000000", "0999999999", "CC"),
        ("1001000000", "1001999999", "CTH"),
    )
    rules = [OriginRule("ZM-FTA", first, last, (each,), f"rule {each}", a_source()) for first, last, each in spans]
    law.bring(*(replace(GROUP, origin_scheme="ZM-FTA") if record is GROUP else record for record in LAW), *rules)
    later = OriginRule("ZM-FTA", "1001110000", "1001119999", ("OPEN",), "not agreed", a_source("protocol"))
    law.give_effect(change(later), effective=MARCH)
    book = RulebookReader(version_now()).editions
    classes = {
        (code, day): sorted(each.classes[0] for each in book.origin_rules("ZM-FTA", code, day))
        for code in (COFFEE, "10011100")
        for day in (BEFORE, AFTER)
    }
    assert classes == {
        (COFFEE, BEFORE): ["CC", "OPEN"],
        (COFFEE, AFTER): ["CC", "OPEN"],
        ("10011100", BEFORE): ["CTH"],
        ("10011100", AFTER): ["CTH", "OPEN"],
    }
    assert set(book.origin_rules_by_scheme) == {"ZM-FTA"}


def test_a_rule_of_origin_that_exists_is_another_from_its_day(law: Desk):
    own = [replace(GROUP, origin_scheme="ZM-FTA") if record is GROUP else record for record in LAW]
    rule = OriginRule("ZM-FTA", "0901000000", "0901999999", ("CTH",), "wholly obtained", a_source())
    law.bring(*own, rule)
    later = replace(rule, text="roasted there", validity=Period(MARCH))
    law.give_effect(change(amended=[Amended(rule, later)]))
    (held,) = (
        record for record in records_held(change(later), version_now().published_at) if record.validity.end is None
    )
    law.give_effect(change(ended=[Ended(held, date(2026, 5, 31))]))
    law.bring(*own, rule, a_duty("0902", "7%", JANUARY))
    assert [origin_rule(day) for day in (BEFORE, AFTER, date(2026, 6, 1))] == [
        "wholly obtained",
        "roasted there",
        None,
    ]
    assert rulebook_check().sound


def test_an_agency_promises_its_answer_from_the_day_of_the_act(law: Desk, client: Client):
    every = Service("ZM", "Coffee Board", "", 10, Period(MARCH), a_source("charter"), "article 1")
    licence = replace(every, document="Licence", days=4, validity=Period(date(2026, 6, 1)))
    law.give_effect(change(every))
    law.give_effect(change(licence))
    again(law)
    promises = [answer(day)["requirements"][0]["promise"] for day in (BEFORE, AFTER, date(2026, 6, 1))]
    assert [promise and promise["days"] for promise in promises] == [None, 10, 4]
    assert promises[1]["citation"]["source"] == "Act 7 of 2026"
    (held,) = (one for one in records_held(change(licence), version_now().published_at) if isinstance(one, Service))
    law.give_effect(change(amended=[Amended(held, replace(held, days=2, validity=Period(date(2026, 7, 1))))]))
    days = (date(2026, 6, 30), date(2026, 7, 1))
    assert [answer(day)["requirements"][0]["promise"]["days"] for day in days] == [4, 2]
    line = {"hs": COFFEE, "value": {"amount": "1000", "currency": "USD"}}
    stored = assessment_create(
        now=timezone.now(), body={"from": "KE", "to": "ZM", "date": "2026-07-01", "lines": [line]}
    )
    assert not isinstance(stored, Refusal), stored
    page = client.get(f"/answers/{stored.id}", headers={"accept-language": "en"}).content.decode()
    assert "Days in which the agency promises to answer: 2." in page
    assert client.get(f"/api/v1/assessments/{stored.id}").json()["lines"][0]["requirements"][0]["promise"]["days"] == 2


def test_a_rule_of_procedure_is_told_from_its_day(law: Desk):
    law.give_effect(change(Procedure("ZM", "hearing.notice", "30d", Period(MARCH), a_source("charter"), "article 1")))
    again(law)
    told = [question_about(day)["procedures"] for day in (BEFORE, AFTER)]
    assert [[(rule["name"], rule["value"]) for rule in each] for each in told] == [[], [("hearing.notice", "30d")]]
    assert told[1][0]["citation"]["source"] == "Act 7 of 2026"


def test_the_procedure_changes_by_a_vote_alone(law: Desk):
    longer = change(Procedure("EWTP", "clock.vote", "21d", Period(MARCH), a_source("charter"), "article 1"))
    cited = ActCited("EWTP", "Longer votes", "eWTP", "vote vot_1", date(2026, 1, 2))
    refused = law.adopt(longer, cited=cited)
    assert isinstance(refused, Refusal)
    assert refused.code == "adoption_unvoted"
    law.give_effect(longer, cited=cited, voted=True)
    again(law)
    rules = RulebookReader(version_now()).frame.procedures["EWTP"]
    lengths = [procedure_on(rules, day) for day in (BEFORE, AFTER)]
    assert [each.clock_vote.days for each in lengths if isinstance(each, VoteProcedure)] == [14, 21]
    # What an economy would set for itself, nothing is decided by.
    refused = law.adopt(change(Procedure("ZM", "clock.vote", "30d", Period(MARCH), a_source("charter"), "article 1")))
    assert isinstance(refused, Refusal)
    assert refused.code == "change_reaches_nothing"


def test_law_has_no_groups_and_rules_of_origin_with_days(law: Desk):
    rule = OriginRule("fta", "0902000000", "0902999999", ("CTH",), "wholly obtained", a_source())
    dated = [replace(GROUP, id="ZM-X", validity=Period(MARCH)), replace(rule, validity=Period(MARCH))]
    report = law.bring(*LAW, *dated)
    assert [row.code for row in report.refused] == ["days_not_law", "days_not_law"]


def test_an_agreement_that_exists_asks_for_another_proof_from_its_day_and_ends_on_another(law: Desk):
    treaty = replace(GROUP, proof="Certificate of origin")
    law.bring(*(treaty if record is GROUP else record for record in LAW))
    alone = replace(treaty, members=())
    law.give_effect(
        change(amended=[Amended(alone, replace(alone, proof="Declaration", title="Trade"))]), effective=MARCH
    )
    law.give_effect(change(ended=[Ended(held_group(), date(2026, 5, 31))]))
    again(law)
    group = RulebookReader(version_now()).frame.groups["ZM-FTA"]
    days = (BEFORE, AFTER, date(2026, 6, 1))
    assert [(stated.title, stated.proof) if stated else None for stated in map(group.on, days)] == [
        ("Free trade", ""),
        ("Trade", "Declaration"),
        None,
    ]
    assert [group.holds("MW", day) for day in days] == [True, True, False]
    assert {m.validity for m in group.memberships} == {Period(JANUARY, date(2026, 5, 31))}


def test_an_export_has_the_law_as_it_is_and_a_pack_nothing_else(law: Desk, tmp_path: Path):
    reform = replace(DUTY, id="reform", expression="5%", validity=Period(MARCH), status=Status.PROPOSED)
    law.give_effect(change(JOINS, amended=[Amended(DUTY, reform)]))
    records = list(rulebook_records())
    assert [record.members for record in records if isinstance(record, Group)] == [GROUP.members]
    statuses = {record.expression: record.status for record in records if isinstance(record, Measure)}
    assert (statuses["10%"], statuses["5%"]) == (Status.LAW, Status.ADOPTED)
    refusal = rulebook_write_packs(tmp_path / "packs")
    assert isinstance(refusal, Refusal)
    assert (refusal.code, (tmp_path / "packs").exists()) == ("packs_hold_law", False)
    assert rulebook_write_packs(tmp_path / "none", territory="MW") == 0
    assert rulebook_write_packs(tmp_path / "packs", law_alone=True) == 1
    (path,) = (tmp_path / "packs").rglob("measures.csv")
    assert ("10%" in path.read_text(), "5%" in path.read_text()) == (True, False)


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (change(GroupMember("AFCFTA", "KE", Period(MARCH), a_source(), "")), "change_origin_unknown"),
        (change(replace(JOINS, validity=Period(JANUARY)), JOINS), "change_contradicts"),
        (change(TariffLine("MW", COFFEE, Period(MARCH))), "adoption_of_another_territory"),
        (
            change(Procedure("EWTP", "clock.vote", "14d", Period(MARCH), a_source(), "")),
            "adoption_of_another_territory",
        ),
        (change(amended=[Amended(GROUP, replace(GROUP, title="Trade"))]), "adoption_undated"),
    ],
)
def test_what_an_act_cannot_state_is_refused(law: Desk, made: Changeset[Any], code: str):
    before = version_now()
    cited = ActCited("ZM", "Act 7", "Parliament", "section 2")
    found = law.adopt(made, cited=cited)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert version_now() == before


@pytest.mark.kernel
def test_the_compiled_book_has_every_act_in_effect_as_answers_have(law: Desk):
    reform = replace(DUTY, id="reform", expression="5%", validity=Period(MARCH), status=Status.PROPOSED)
    law.give_effect(change(JOINS, amended=[Amended(DUTY, reform)]))
    law.give_effect(by_cif(law))
    law.give_effect(change(PAPER))
    law.give_effect(change(ended=[Ended(LICENCE, date(2026, 6, 30))]))
    law.give_effect(change(replace(RELIEF, validity=Period(date(2026, 6, 1)))))
    law.give_effect(change(ended=[Ended(held_group(), date(2026, 6, 30))]))
    again(law)
    reader = RulebookReader(version_now())
    scalar = Scalar(reader, reader.rates.latest, hs_texts, vocabulary())
    line = dict.fromkeys(SCHEMA.names) | {"from": "KE", "to": "ZM", "hs": COFFEE, "value": Decimal(1000)}
    line |= {"freight": Decimal(100), "currency": "USD"}
    july = date(2026, 7, 1)
    days = [BEFORE, AFTER, date(2026, 5, 31), date(2026, 6, 1), july]
    claiming = [(day, "ZM-FTA") for day in days[1:]] + [(day, "recognition:KE") for day in (BEFORE, AFTER)]
    asked = [(day, None) for day in days] + claiming
    lines = pa.Table.from_pylist([line | {"date": day, "claims": claim} for day, claim in asked], schema=SCHEMA)
    compiled = compile_book(reader.whole(), vocabulary().economies, hs_texts.subheadings())
    answers = answered(compiled, scalar, lines)
    assert differences(answers, expected(lines, scalar)) == []
    rows = answers.to_pylist()
    assert [row["duty"] for row in rows] == [100, 55, 55, 0, 0, 0, 0, 0, None, None, 55]
    # The agreement ends with June, and nobody recognises the paper before March.
    assert [place for place, row in enumerate(rows) if row["refusal"] == "claim_unknown"] == [8, 9]
    assert [row["requirements"] for row in rows] == [*["licence"] * 4, "", *["licence"] * 3, None, None, ""]
    assert [place for place, row in enumerate(rows) if row["scalar"]] == [8, 9]

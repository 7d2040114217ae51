"""What the rulebook holds of each territory, as pages, as a file and by the API."""

from __future__ import annotations

import csv
import html
import io
import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import TYPE_CHECKING

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ewtp.apps.rulebook.reading.holdings import holdings_now
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset, Ended
from ewtp.core.rulebook.measure import Kind, Status
from ewtp.core.values.refusal import Refusal
from tests.actors import OPERATOR
from tests.page_text import page_text
from tests.shared_rows import shared_rows

from .conftest import Desk, a_duty

if TYPE_CHECKING:
    from pathlib import Path

JANUARY, PAST = date(2020, 1, 1), date(2020, 12, 31)
TARIFF = (
    "{id: sacu-tariff, title: Tariff of the union, publisher: Customs, published: 2020-01-01, retrieved: 2026-01-02}"
)
TAXES = (
    "{id: bw-tax, title: Taxes of Botswana, publisher: Revenue service, published: null, retrieved: 2026-01-02,"
    " url: 'https://bw.example/tax'}"
)
TERRITORIES = """territories:
- {code: SACU, name: Southern African Customs Union, members: BW ZA, currency: ZAR, nomenclature: HS2022,
   hs_edition: HS2022, digits: 8, schedule: sacu-tariff}
- {code: BW, name: Botswana, members: BW, currency: BWP}
- {code: MW, name: Malawi, members: MW, currency: MWK}
"""


def write_pack(folder: Path, source: str, territory: str, **tables: str) -> None:
    folder.mkdir(parents=True)
    defaults = (
        f"{{territory: {territory}, nomenclature: HS2022, currency: USD, valid_from: '2020-01-01', reference: x}}"
    )
    (folder / "source.yaml").write_text(f"source: {source}\ndefaults: {defaults}\n")
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table)


def fill(folder: Path) -> Desk:
    """A customs union with a tariff, a member with a tax and a statement of its own, and Malawi with nothing."""
    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    seed, desk = folder / "seed", Desk(folder)
    write_pack(
        seed / "sacu",
        TARIFF,
        "SACU",
        measures=f"code,kind,origins,valid_to,expression,title\n09,duty,,,9%,Duty\n10,duty,,{PAST},1%,Duty\n"
        "0901,preference,KE,,free,Preference\n",
        lines=f"code,units,valid_to\n09012100,KGM,\n09022000,KGM,{PAST}\n",
        coverage="kind,extent,reference\nadditional_duty,not_held,schedule 2\nexcise,part,section on excise\n",
    )
    write_pack(
        seed / "bw",
        TAXES,
        "BW",
        measures="code,kind,expression,title\n,tax,14%,VAT\n",
        coverage="kind,extent,reference\nexcise,none,no excise\n",
    )
    (seed / "territories.yaml").write_text(TERRITORIES)
    report = seed_load(root=seed, actor=OPERATOR, now=desk.moment)
    assert not isinstance(report, Refusal), report
    assert not report.refused, report.refused
    return desk


@shared_rows
def holding_rows(folder: Path) -> Desk:
    return fill(folder)


@pytest.fixture
def filled(holding_rows: Desk, desk: Desk) -> Desk:
    return desk.follow(holding_rows)


def page(address: str, **headers: str) -> str:
    response = Client().get(address, headers=headers)
    assert response.status_code == 200, response
    return page_text(response.content.decode())


@pytest.mark.usefixtures("filled")
def test_rules_and_lines_in_force_are_counted_and_a_member_has_what_its_union_states() -> None:
    _, day, held = holdings_now()
    union, member = held["SACU"], held["BW"]
    assert (union.rules, union.lines) == ({Kind.DUTY: 1, Kind.PREFERENCE: 1}, 1)
    assert union.age_days == (day - JANUARY).days
    assert (member.rules, member.lines, member.around) == ({Kind.TAX: 1}, 1, ("SACU",))
    extents = {each.kind: each.extent for each in member.coverage}
    assert extents[Kind.EXCISE] == "none", "what the member states holds before what its union does"
    assert extents[Kind.ADDITIONAL_DUTY] == "not_held"
    assert extents[Kind.FEE] == extents[Kind.TAX] == "not_stated"
    labels = {each.kind: each.label for each in member.coverage}
    assert (labels[Kind.TAX], labels[Kind.FEE]) == ("some_rules", "not_stated"), "a rule of the tax is in force"
    assert held["MW"].tariff is None
    assert {each.extent for each in held["MW"].coverage} == {"not_stated"}


@pytest.mark.usefixtures("filled")
def test_the_counts_of_a_version_are_read_once() -> None:
    holdings_now()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        holdings_now()
    assert len(seen) == 1, "the latest version is asked for, and nothing else"


@pytest.mark.usefixtures("filled")
def test_a_new_version_is_counted_anew(filled: Desk) -> None:
    holdings_now()
    filled.bring(a_duty("0904", "3%", JANUARY, territory="MW"))
    assert holdings_now()[2]["MW"].rules == {Kind.DUTY: 1}


def test_a_rule_that_an_act_amends_counts_once_and_one_that_it_ends_not_at_all(filled: Desk) -> None:
    from ewtp.apps.rulebook.actions.adoption import ActCited  # noqa: PLC0415 - Django is set up after this file

    amended, ended = (a_duty(code, "9%", JANUARY, territory="MW") for code in ("0901", "0902"))
    filled.bring(amended, ended, a_duty("0903", "9%", JANUARY, territory="MW"))
    assert holdings_now()[2]["MW"].rules == {Kind.DUTY: 3}
    lower = replace(amended, id="lower", expression="1%", status=Status.PROPOSED)
    made = Changeset("law", "reform", amended=(Amended(amended, lower),), ended=(Ended(ended, PAST),))
    act = ActCited("MW", "Act 9 of 2020", "Parliament of Malawi", "section 1", date(2020, 1, 2))
    filled.give_effect(made, cited=act)
    holding = holdings_now()[2]["MW"]
    assert holding.rules == {Kind.DUTY: 2}
    assert sum(count for _, count in holding.sources) == 2
    assert "Act 9 of 2020" in {source.title for source, _ in holding.sources}


@pytest.mark.usefixtures("filled")
def test_the_page_has_a_row_for_each_territory_and_finds_a_union_by_its_member() -> None:
    text = page("/rulebook")
    assert all(f'href="/rulebook/{code}"' in text for code in ("SACU", "BW", "MW"))
    assert '<a href="https://bw.example/tax">does not exist</a>' in text
    assert "no schedule" in text
    order = [text.index(f'href="/rulebook/{code}"') for code in ("SACU", "BW", "MW")]
    assert order == sorted(order), "a schedule of one's own, another's, none"
    assert "Southern African Customs Union" in text
    for address in ("/rulebook", "/rulebook/SACU"):
        french = html.unescape(page(address, **{"accept-language": "fr"}))
        assert "Union douanière d'Afrique australe" in french
        assert "Southern African Customs Union" not in french
    found = page("/rulebook?q=south+africa")
    assert 'href="/rulebook/SACU"' in found
    assert 'href="/rulebook/MW"' not in found
    assert "no territory of that name" in page("/rulebook?q=atlantis")


@pytest.mark.usefixtures("filled")
def test_rows_are_sorted_by_what_the_address_names() -> None:
    text = page("/rulebook?sort=rules")
    assert text.index('href="/rulebook/SACU"') < text.index('href="/rulebook/BW"') < text.index('href="/rulebook/MW"')
    assert 'aria-sort="descending"' in text


@pytest.mark.usefixtures("filled")
def test_a_territory_has_its_sources_and_statements() -> None:
    text = page("/rulebook/BW")
    assert "Taxes of Botswana</a>, Revenue service" in text
    assert 'href="https://bw.example/tax"' in text
    assert "no excise" in text
    assert 'href="/rulebook/SACU"' in text
    assert "Tariff of the union, Customs" in text
    assert 'dir="rtl"' in page("/rulebook/BW", **{"accept-language": "ar"})


def test_a_count_leads_to_as_many_rules_where_the_api_lists_them(filled: Desk) -> None:
    filled.bring(a_duty("0904", "3%", JANUARY, territory="MW"), a_duty("0905", "3%", JANUARY, PAST, territory="MW"))
    (address,) = re.findall(r'href="(/api/v1/rulebook/measures[^"]+)"><bdi>1<', page("/rulebook/MW"))
    assert len(orjson.loads(page(unescape(address)))["items"]) == 1
    # The list takes economies, and gives a member the rules of its union as well.
    assert not any("/rulebook/measures" in page(f"/rulebook/{code}") for code in ("SACU", "BW"))


@pytest.mark.usefixtures("filled")
def test_an_economy_of_which_nothing_is_held_says_so() -> None:
    text = page("/rulebook/KE")
    assert "The rulebook holds nothing about Kenya" in re.sub(r"<[^>]+>", "", text)
    assert "<h1>Kenya</h1>" in text


@pytest.mark.usefixtures("filled")
def test_a_member_without_law_of_its_own_leads_to_its_union_and_others_are_unknown() -> None:
    response = Client().get("/rulebook/ZA")
    assert (response.status_code, response.headers["Location"]) == (302, "/rulebook/SACU")
    assert [Client().get(f"/rulebook/{code}").status_code for code in ("XX", "%00", "BW;")] == [404, 404, 404]


@pytest.mark.usefixtures("filled")
def test_the_file_has_the_same_rows() -> None:
    rows = {row["territory"]: row for row in csv.DictReader(io.StringIO(page("/rulebook.csv")))}
    assert sorted(rows) == ["BW", "MW", "SACU"]
    assert rows["SACU"]["members"] == "BW ZA"
    assert (rows["SACU"]["published"], rows["SACU"]["lines"], rows["SACU"]["rules_duty"]) == ("2020-01-01", "1", "1")
    assert (rows["BW"]["tariff_of"], rows["BW"]["coverage_excise"]) == ("SACU", "none")
    assert rows["BW"]["coverage_excise_url"] == "https://bw.example/tax"
    assert (rows["MW"]["tariff_of"], rows["MW"]["lines"], rows["MW"]["coverage_fee"]) == ("", "", "not_stated")


@pytest.mark.usefixtures("filled")
def test_programs_read_the_same() -> None:
    body = orjson.loads(page("/api/v1/rulebook/holdings?territory=BW"))
    (item,) = body["items"]
    assert (item["rules"], item["law_also_of"], item["tariff"]["territory"]) == ({"tax": 1}, ["SACU"], "SACU")
    assert item["coverage"][1]["source"]["url"] == "https://bw.example/tax"
    assert [each["territory"]["code"] for each in orjson.loads(page("/api/v1/rulebook/holdings"))["items"]] == [
        "BW",
        "MW",
        "SACU",
    ]
    assert orjson.loads(page("/api/v1/rulebook/holdings?territory=XX"))["items"] == []


@pytest.mark.django_db
def test_an_empty_rulebook_holds_nothing() -> None:
    assert holdings_now() == ("", timezone.now().date(), {})
    assert "no territory of that name" in page("/rulebook")
    assert "The rulebook holds nothing about" in page("/rulebook/GB")
    assert page("/rulebook.csv").count("\n") == 1


@pytest.mark.usefixtures("filled")
def test_tomorrow_is_another_day(monkeypatch: pytest.MonkeyPatch) -> None:
    _, day, held = holdings_now()
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr("ewtp.apps.rulebook.reading.holdings.timezone.now", lambda: tomorrow)
    _, following, later = holdings_now()
    assert following == day + timedelta(days=1)
    assert later["SACU"].age_days == (held["SACU"].age_days or 0) + 1

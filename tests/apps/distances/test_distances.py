"""Distances as a page, as a file, by the API and by the command, over small schedules and over the whole seed."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from django.test import Client as HttpClient

from ewtp.apps.accounts.store.models import User
from ewtp.apps.distances.reading import overlaps as overlaps_reading
from ewtp.apps.distances.reading.distance_report import distances_now
from ewtp.core.acts.acts_text import acts_text, read_acts
from ewtp.core.distances.agency_overlap import PaperLines
from ewtp.core.values.refusal import Refusal
from ewtp.web.command_line.main import main
from tests.actors import OPERATOR
from tests.core.distances.small_schedules import a_paper, a_schedule
from tests.hostile_texts import IN_ADDRESSES, assert_answered
from tests.shared_rows import shared_rows

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

PAGE, API = "/distances", "/api/v1/distances"
SOURCES = (
    "sources:\n- {id: test-tariff, title: Tariff made up for a test, publisher: Nobody, published: 2026-01-01,"
    " retrieved: 2026-01-02}\n"
)
TERRITORIES = (
    SOURCES
    + "territories:\n"
    + "- {code: ZM, name: Zambia, members: ZM, currency: ZMW, nomenclature: HS2017, hs_edition: HS2017, digits: 8,\n"
    + "   schedule: test-tariff,\n   practices: ["
    + "{name: requirement_classes, value: A B, from: 2020-01-01, source: test-tariff, reference: page 1}]}\n"
    + "- {code: SACU, name: Southern African Customs Union, members: BW ZA, currency: ZAR, nomenclature: HS2022,\n"
    + "   hs_edition: HS2022, digits: 8, schedule: test-tariff,\n   practices: ["
    + "{name: requirement_classes, value: A, from: 2020-01-01, source: test-tariff, reference: page 2}]}\n"
    + "- {code: KE, name: Kenya, members: KE, currency: KES, nomenclature: HS2017, hs_edition: HS2017, digits: 8,\n"
    + "   schedule: test-tariff}\n"
    + "- {code: MW, name: Malawi, members: MW, currency: MWK}\n"
)
SCHEDULES = {
    "ZM": ("HS2017", {"01012100": "5%", "64039900": "25%", "09011100": "10 ZMW/kg"}),
    "SACU": ("HS2022", {"01012100": "free", "64039900": "30%", "09011100": "15%"}),
    "KE": ("HS2017", {"01012100": "5%", "64039900": "35%", "09011100": "25%"}),
}
PAPERS = {
    "ZM": "code,reference,title,agency,document,mast_chapter\n"
    "01,page 3,Health,VET,health certificate,A\n0101,page 4,Notice,FOOD,notice,B\n010121,page 5,Mark,FARM,mark,\n"
    "64,page 6,Mark,LAB,mark,B\n640399,page 7,Test,SAFE,test report,B\n",
}


def write_seed(root: Path) -> None:
    (root / "territories.yaml").write_text(TERRITORIES)
    for code, (nomenclature, rates) in SCHEDULES.items():
        _write_pack(root / code.lower() / "tariff", code, nomenclature, "duty")
        (root / code.lower() / "tariff" / "lines.csv").write_text("code\n" + "".join(f"{line}\n" for line in rates))
        (root / code.lower() / "tariff" / "measures.csv").write_text(
            "code,expression\n" + "".join(f"{line},{text}\n" for line, text in rates.items())
        )
    for code, table in PAPERS.items():
        _write_pack(root / code.lower() / "papers", code, SCHEDULES[code][0], "requirement")
        (root / code.lower() / "papers" / "measures.csv").write_text(table)


def _write_pack(folder: Path, territory: str, nomenclature: str, kind: str) -> None:
    folder.mkdir(parents=True)
    (folder / "source.yaml").write_text(
        f"source: {{id: test-{territory.lower()}-{kind}, title: Rules made up for a test, publisher: Nobody,"
        " published: 2026-01-01, retrieved: 2026-01-02}\n"
        f"defaults: {{territory: {territory}, nomenclature: {nomenclature}, currency: USD, kind: {kind},"
        " valid_from: '2020-01-01', reference: page}\n"
    )


@shared_rows
def schedules(folder: Path) -> None:
    """Three schedules of three lines in two editions; Zambia asks for papers, and Malawi has no schedule."""
    from datetime import UTC, datetime  # noqa: PLC0415 - only this writer needs them

    from ewtp.apps.rulebook.actions.seed_loader import seed_load  # noqa: PLC0415 - Django is set up after this file

    write_seed(folder)
    report = seed_load(root=folder, actor=OPERATOR, now=datetime(2026, 2, 1, tzinfo=UTC))
    assert not isinstance(report, Refusal), report
    assert not report.refused, report.refused


def answer(client: Client, address: str = API) -> Any:
    response = client.get(address)
    assert response.status_code == 200, response.content
    return json.loads(response.content)


@pytest.mark.usefixtures("schedules")
class TestSmallSchedules:
    """Figures that a reader can work out from the rates at the top of this file."""

    @pytest.mark.parametrize("name", IN_ADDRESSES)
    def test_whatever_is_asked_for_is_answered_or_refused(self, name: str) -> None:
        visitor, value = HttpClient(), IN_ADDRESSES[name]
        for query in (f"economy={value}", f"economy=ZM&other={value}", f"economy=ZM&other=KE&product={value}"):
            for address in (API, PAGE, f"{PAGE}.csv"):
                refused = visitor.get(f"{address}?{query}")
                assert_answered(refused)
                # A form leaves out what nobody can type, so that nothing is asked for.
                assert refused.status_code >= 400 or (address, value) == (PAGE, "%00")
        for query in (f"page={value}", f"sort={value}", f"other={value}"):
            assert_answered(visitor.get(f"{PAGE}?{query}"))
        assert_answered(visitor.get(f"{API}?surprise={value}"))

    def test_every_pair_is_compared_and_what_is_left_out_is_said(self, client: Client) -> None:
        found = answer(client)
        assert found["edition"] == "HS2017"
        pairs = {(each["economy"], each["other"]): each for each in found["items"]}
        # Horses 0 and shoes 10 points apart; coffee 15% and 25%.
        assert pairs["KE", "SACU"]["tariff"] == {
            "distance": "6.6667",
            "compared": 3,
            "share": "1.0000",
            "higher": 3,
            "lower": 0,
        }
        # Zambia's coffee is by weight: horses 5 points and shoes 5.
        assert pairs["SACU", "ZM"]["tariff"]["distance"] == "5.0000"
        assert pairs["SACU", "ZM"]["tariff"]["share"] == "0.6667"
        zambia = next(each for each in found["schedules"] if each["territory"] == "ZM")
        assert zambia["counts"]["lines_by_rate"]["specific_or_compound"] == 1
        assert zambia["products_with_papers"] == {"not_classified": 1, "A": 1, "B": 2}

    def test_requirements_are_compared_where_a_class_is_held_whole_in_both(self, client: Client) -> None:
        pairs = {(each["economy"], each["other"]): each["requirements"] for each in answer(client)["items"]}
        # Class A alone is shared, and one of three products differs.
        assert pairs["SACU", "ZM"] == {"distance": "0.3333", "classes": ["A"], "compared": 3, "share": "1.0000"}
        assert pairs["KE", "ZM"] == {"distance": None, "classes": [], "compared": 0, "share": "0"}

    def test_agencies_are_counted_on_one_line(self, client: Client) -> None:
        assert answer(client)["agencies"] == [
            {
                "territory": "ZM",
                "lines_by_agencies": [1, 0, 1, 1],
                "crowded_headings": [{"heading": "0101", "lines": 1}],
            }
        ]

    def test_papers_of_one_class_on_the_same_goods_come_with_a_draft(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(overlaps_reading, "read_burden", lambda _home: None)
        found = answer(client)["overlaps"]
        assert (found["ranked_by"], found["pairs_of_one_class"], found["other_pairs"]) == ("tariff_lines", 1, 3)
        (only,) = found["items"]
        assert [each["agency"] for each in only["papers"]] == ["LAB", "SAFE"]
        assert (only["lines"], only["burden"]) == (1, None)
        assert 'recognise mark of LAB for requirement of ZM by SAFE paper "test report" on 6403' in only["act"]
        page = client.get(PAGE).content.decode()
        assert "LAB mark" in page
        assert "recognise mark of LAB" in page
        address = unescape(page.partition('href="/proposals/new')[2].partition('"')[0])
        assert parse_qs(urlsplit(address).query) == {"acts": [only["act"]]}
        # Whoever is not signed in comes back to the same draft; whoever is finds it in the form.
        asked = f"/proposals/new{address}"
        assert parse_qs(urlsplit(client.get(asked)["Location"]).query)["next"] == [asked]
        client.force_login(User.objects.create_user("ann", "ann@example.org"))
        assert "recognise mark of LAB" in unescape(client.get(asked).content.decode())

    def test_trade_of_small_firms_ranks_them_and_is_labelled(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        papers = [{"agency": "LAB", "document": "mark"}, {"agency": "SAFE", "document": "test report"}]
        sizes = {"micro_and_small": {"lines_per_million_of_trade": "41.50000000"}}
        shown: dict[str, Any] = {"lines": 20_000, "synthetic": True}
        shown |= {"paper_pairs": [{"territory": "ZM", "papers": papers, "sizes": sizes}]}
        monkeypatch.setattr(overlaps_reading, "read_burden", lambda _home: shown)
        found = answer(client)["overlaps"]
        assert (found["ranked_by"], found["lines"], found["synthetic"]) == ("trade", 20_000, True)
        assert found["items"][0]["burden"] == "41.50000000"
        page = client.get(PAGE).content.decode()
        assert "synthetic" in page
        assert "41.50" in page
        # Below a code the figures, which are of all goods, do not rank.
        assert answer(client, f"{API}?product=64")["overlaps"]["ranked_by"] == "tariff_lines"

    def test_a_member_of_a_union_is_compared_by_the_tariff_that_it_applies(self, client: Client) -> None:
        found = answer(client, f"{API}?economy=BW&other=KE")
        assert [(each["economy"], each["other"]) for each in found["items"]] == [("SACU", "KE")]
        assert [each["chapter"] for each in found["chapters"]] == ["01", "09", "64"]
        assert answer(client, f"{API}?economy=BW&other=ZA")["items"][0]["tariff"]["distance"] == "0.0000"

    def test_a_product_narrows_the_pair_to_its_codes(self, client: Client) -> None:
        found = answer(client, f"{API}?economy=ZM&other=KE&product=09")
        assert found["products"] == [{"product": "090111", "rate": None, "other_rate": "25", "difference": None}]
        assert found["items"][0]["tariff"]["distance"] is None

    def test_everything_that_is_wrong_is_refused_at_once(self, client: Client) -> None:
        response = client.get(f"{API}?economy=MW&other=QQ&product=640")
        assert response.status_code == 422
        problem = json.loads(response.content)
        codes = {problem["code"], *(each["code"] for each in problem["errors"])}
        assert codes == {"economy_not_compared", "product_unreadable"}
        assert "MW" in problem["detail"]
        assert client.get(f"{API}?product=99").status_code == 422

    def test_the_page_shows_every_figure_of_the_map_in_words_of_the_reader(self, client: Client) -> None:
        page = client.get(PAGE).content.decode()
        for figure in ("6.7", "5.0", "6.6667"):
            assert figure in page
        arabic = client.get(PAGE, headers={"accept-language": "ar"}).content.decode()
        assert 'dir="rtl"' in arabic

    def test_a_pair_has_its_chapters_and_a_chapter_its_products(self, client: Client) -> None:
        page = client.get(f"{PAGE}?economy=ZM&other=KE").content.decode()
        assert "product=64" in page
        page = client.get(f"{PAGE}?economy=ZM&other=KE&product=64").content.decode()
        assert "6403.99" in page
        assert "<bdi>25</bdi>%" in page

    def test_what_is_wrong_stands_at_its_field(self, client: Client) -> None:
        response = client.get(f"{PAGE}?economy=MW&product=5")
        assert response.status_code == 422
        page = response.content.decode()
        assert page.count("wrong") >= 2
        assert "MW" in page

    def test_the_file_has_every_pair_or_every_chapter_of_one(self, client: Client) -> None:
        rows = list(csv.DictReader(io.StringIO(client.get("/distances.csv").content.decode())))
        assert {(row["economy"], row["other"]): row["tariff_distance"] for row in rows}["SACU", "ZM"] == "5.0000"
        assert {row["requirement_distance"] for row in rows} == {"", "0.3333"}
        one = client.get("/distances.csv?economy=ZM&other=KE").content.decode()
        assert [row["chapter"] for row in csv.DictReader(io.StringIO(one))] == ["01", "09", "64"]
        refused = client.get("/distances.csv?product=5", headers={"accept-language": "fr"})
        assert (refused.status_code, refused.headers["Content-Language"]) == (422, "fr")
        assert refused.content.decode().startswith("Donnez deux, quatre ou six chiffres")

    def test_the_command_says_what_the_page_shows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        # The command would load the whole seed beside the small schedules.
        monkeypatch.setattr("ewtp.web.command_line.distance.prepare", lambda **_: None)
        shown = CliRunner().invoke(main, ["distance"])
        assert shown.exit_code == 0, shown.output
        assert "KE SACU" in shown.output
        assert "6.6667" in shown.output
        assert "undefined" in shown.output
        made = CliRunner().invoke(main, ["distance", "ZM", "BW", "--json"])
        assert json.loads(made.output)["items"][0]["other"] == "SACU"
        table = CliRunner().invoke(main, ["distance", "--csv"])
        assert table.output.startswith("economy,other,chapter")
        refused = CliRunner().invoke(main, ["distance", "MW"])
        assert refused.exit_code == 2
        assert "economy_not_compared" in refused.output


def test_a_draft_names_chapters_where_there_are_many_headings_and_reads_back() -> None:
    lines = dict.fromkeys((f"{chapter}{place:02}0000" for chapter in ("01", "02") for place in range(30)), "Free")
    papers = (a_paper("", "VET", "health certificate", "A"), a_paper("", "FOOD", "notice", "A"))
    (pair,) = PaperLines(a_schedule("AA", lines, papers)).pair_papers()
    drafted = overlaps_reading.draft_act(pair, date(2026, 9, 15))
    text = acts_text(drafted)
    assert 'recognise notice of FOOD for requirement of AA by VET paper "health certificate" on 01, 02 from' in text
    assert text.endswith("from 2027-03-01 until 2030-02-28\n")
    assert read_acts(text) == drafted


@pytest.mark.django_db
def test_without_a_rulebook_nothing_is_compared(client: Client) -> None:
    assert client.get(API).status_code == 503
    assert client.get("/distances.csv").status_code == 404
    assert client.get(PAGE).status_code == 200


@pytest.mark.usefixtures("schedules")
def test_a_report_is_kept_until_the_rulebook_changes() -> None:
    assert distances_now() is distances_now()

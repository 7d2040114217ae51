"""The market finder over HTTP, on the command line and as a page, on a small rulebook in the database."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from click.testing import CliRunner

from ewtp.apps.assessment.reading.compiled_state import CompiledState, read_compiled_state
from ewtp.apps.markets.reading import compiled_finder
from ewtp.apps.markets.reading.compiled_finder import market_finder, market_finder_settle
from ewtp.apps.markets.surface.tile_map import tile_grid
from ewtp.apps.rulebook.reading.rulebook_reader import RulebookReader
from ewtp.apps.rulebook.reading.versions import VersionRef, latest_version
from ewtp.core.markets.demand import FigureSource, ImportFigure
from ewtp.gateways.compiled_store.compile_lock import compile_lock
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.trade_figures.figure_store import write_figures
from ewtp.web.command_line import markets as command
from ewtp.web.command_line.compilation import compile_latest

pytestmark = pytest.mark.usefixtures("rulebook")

ASKED = {"from": "ZA", "hs": "6109.10", "value": "1000", "currency": "GBP", "date": "2026-06-30"}
BACK = {**{name: text for name, text in ASKED.items() if name != "from"}, "to": "GB"}


def version_now() -> VersionRef:
    version = latest_version()
    assert version is not None
    return version.ref


def test_the_api_ranks_every_destination_with_strings_for_amounts(client):
    answer = client.get("/api/v1/markets", ASKED).json()
    assert answer["request"] == {
        "from": "ZA",
        "hs": "610910",
        "hs_given": "610910",
        "value": {"amount": "1000.00", "currency": "GBP"},
        "quantities": {},
        "claims": "with",
        "tax": "without",
    }
    (row,) = answer["markets"]
    assert (row["to"], row["outcome"], row["rank"]) == ("GB", "complete", 1)
    assert row["landed_cost"] == {"amount": "1344.00", "currency": "GBP"}
    assert row["best_option"]["claim"] == "GB-TEST"
    assert row["best_option"]["landed_cost"] == {"amount": "1200.00", "currency": "GBP"}
    assert row["schedule"]["published"] == "2026-01-01"


def test_a_quantity_answers_what_was_missing(client):
    refused = client.get("/api/v1/markets", {**ASKED, "hs": "090111"}).json()["markets"][0]
    assert refused["refusal"]["code"] == "quantity_missing"
    given = client.get("/api/v1/markets", {**ASKED, "hs": "090111", "quantity": "kg:200"}).json()["markets"][0]
    assert given["duty"] == {"amount": "20.00", "currency": "GBP"}


def test_the_other_way_the_members_of_an_agreement_come_first(client):
    rows = client.get("/api/v1/markets", BACK).json()["origins"]
    assert rows[0]["from"] == "ZA"
    assert rows[0]["best_option"]["saving"] == {"amount": "120.00", "currency": "GBP"}
    assert rows[1]["best_option"] is None
    assert "GB" not in {row["from"] for row in rows}
    assert len(rows) == len(vocabulary().economies) - 2


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hs": "61"}, "code_too_short"),
        ({"hs": "990000"}, "code_unknown"),
        ({"value": "x"}, "amount_unreadable"),
        ({"value": ""}, "amount_unreadable"),
        ({"currency": "ZZZ"}, "currency_unknown"),
        ({"from": "ZZ"}, "economy_unknown"),
        ({"from": ""}, "economy_missing"),
        ({"to": "GB"}, "question_unreadable"),
        ({"quantity": "kg"}, "quantities_unreadable"),
        ({"only": "some"}, "only_unknown"),
        ({"group": "NOWHERE"}, "group_unknown"),
        ({"colour": "red"}, "parameter_unknown"),
        ({"date": ["2026-06-30", "2026-07-01"]}, "parameter_twice"),
    ],
)
def test_what_cannot_be_read_is_a_problem_document(client, changes, code):
    response = client.get("/api/v1/markets", {**ASKED, **changes})
    assert response.status_code == 422
    assert response.json()["code"] == code


def test_only_complete_leaves_out_the_rest(client):
    coffee = {**ASKED, "hs": "090111"}
    assert client.get("/api/v1/markets", {**coffee, "only": "complete"}).json()["markets"] == []
    assert len(client.get("/api/v1/markets", {**ASKED, "only": "complete"}).json()["markets"]) == 1


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(command, "prepare", lambda **_: None)
    runner = CliRunner()

    def running(*words):
        given = [word for name, text in ASKED.items() for word in (f"--{name}", text)]
        return runner.invoke(command.markets, [*given, *words])

    return running


def test_the_command_prints_the_same_as_the_api(run, client):
    import orjson  # noqa: PLC0415 - only this test reads JSON

    result = run("--json")
    assert result.exit_code == 0, result.output
    assert orjson.loads(result.output) == client.get("/api/v1/markets", ASKED).json()


def test_the_command_prints_a_table_for_people_and_one_for_spreadsheets(run):
    shown = run().output
    assert "1344.00" in shown
    assert "compared: with the best claim, without VAT or GST" in shown
    assert "1000.00" in shown
    assert "No trade figures of this product are held" in shown
    (row,) = csv.DictReader(io.StringIO(run("--csv").output))
    assert (row["economy"], row["landed_cost"], row["best_claim"]) == ("GB", "1344.00", "GB-TEST")


def test_the_command_refuses_with_status_two(run):
    assert run("--to", "GB").exit_code == 2
    assert run("--quantity", "kg").exit_code == 2


def test_the_page_has_the_map_the_table_and_the_comparison(client):
    text = client.get("/markets", {**ASKED, "compare": "GB", "sort": "duty"}).content.decode()
    assert "1,344.00" in text
    assert 'id="to-GB"' in text
    assert 'id="compare"' in text
    assert 'aria-sort="ascending"' in text
    assert "/markets.csv?from=ZA&amp;hs=6109.10&amp;value=1000&amp;currency=GBP&amp;date=2026-06-30" in text


def test_the_page_for_origins_puts_those_treated_alike_together(client):
    text = client.get("/markets", BACK).content.decode()
    assert "South Africa" in text
    assert "ordinary treatment" in text


def test_words_lead_to_codes(client):
    text = client.get("/markets", {**ASKED, "hs": "cotton t-shirt"}).content.decode()
    assert "hs=610910" in text


def test_the_page_says_what_is_wrong_and_keeps_markup_harmless(client):
    response = client.get("/markets", {**ASKED, "hs": "<script>1"})
    assert response.status_code == 422
    assert "<script>1" not in response.content.decode()
    assert client.get("/markets").status_code == 200


def test_the_table_to_keep_is_a_file(client):
    response = client.get("/markets.csv", {**ASKED, "sort": "duty"})
    assert response.headers["Content-Disposition"] == 'attachment; filename="markets-610910.csv"'
    assert response.content.decode().splitlines()[1].startswith("1,GB,complete,1000.00,1344.00")
    refused = client.get("/markets.csv", {"from": "ZA"}, headers={"accept-language": "fr"})
    assert refused.status_code == 422
    assert [line.split()[0] for line in refused.content.decode().splitlines()] == ["Donnez", "Indiquez", "Donnez"]


def test_the_finder_is_reached_from_the_start_and_from_an_answer(client):
    assert 'href="/markets"' in client.get("/").content.decode()
    asked = {"product": "6109.10", "to": "GB", **{k: v for k, v in ASKED.items() if k != "hs"}}
    answer = client.post("/", asked, follow=True).content.decode()
    assert 'href="/markets?from=ZA&amp;hs=610910&amp;value=1000.00' in answer


def test_every_economy_that_can_be_a_destination_has_one_tile():
    placed = [code for tiles in tile_grid().values() for code, _, _ in tiles]
    assert len(placed) == len(set(placed))
    # The union is its members, and Ceuta and the Canary Islands are on the tile of Spain; nobody lives on the others.
    assert vocabulary().economies - set(placed) == {"EU", "EA", "IC", "AQ", "BV", "HM", "TF"}
    assert set(placed) <= vocabulary().economies


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An installation without compiled rulebooks, in a process that has none loaded."""
    monkeypatch.setattr(compiled_finder, "_CACHE", compiled_finder.FinderCache())
    monkeypatch.setenv("EWTP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def compile_now():
    compile_latest(version_now())
    assert read_compiled_state(version_now()) is CompiledState.READY


def table_ready(response):
    """The bytes of an answer that was given before the table was there, as they read once it is."""
    return response.content.replace(b'"market_table":"absent"', b'"market_table":"ready"')


def answers_of_both_paths(client, query):
    """What the scalar path answers, and what the compiled form does once it is loaded."""
    by_scalar = client.get("/api/v1/markets", query)
    compile_now()
    # The first question has the compiled form loaded; nobody waits for that but this test.
    client.get("/api/v1/markets", query)
    market_finder_settle()
    assert market_finder(version_now()) is not None
    return by_scalar, client.get("/api/v1/markets", query)


@pytest.mark.kernel
@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("query", [ASKED, BACK, {**ASKED, "hs": "090111"}, {**ASKED, "hs": "990000"}])
def test_the_compiled_form_answers_once_it_is_there_and_says_the_same(client, query):
    by_scalar, by_kernel = answers_of_both_paths(client, query)
    assert (by_kernel.status_code, by_kernel.content) == (by_scalar.status_code, table_ready(by_scalar))


@pytest.mark.kernel
@pytest.mark.usefixtures("home")
def test_a_version_patched_from_an_earlier_one_says_the_same(client, publish, monkeypatch):
    compile_now()

    def whole(_reader):
        pytest.fail("the version is compiled in full")

    monkeypatch.setattr(RulebookReader, "whole", whole)
    before = client.get("/api/v1/markets", ASKED).json()
    publish("10%", datetime(2026, 3, 1, tzinfo=UTC))
    for query in (ASKED, BACK):
        by_scalar, by_kernel = answers_of_both_paths(client, query)
        assert by_kernel.content == table_ready(by_scalar)
    row = client.get("/api/v1/markets", ASKED).json()["markets"][0]
    assert (before["markets"][0]["duty_rates"], row["duty_rates"]) == (["12%"], ["10%"])


@pytest.mark.usefixtures("home")
def test_nothing_is_loaded_while_the_version_is_being_compiled(client, home):
    version = version_now()
    assert read_compiled_state(version) is CompiledState.ABSENT
    with compile_lock(home, version.digest):
        assert read_compiled_state(version) is CompiledState.COMPILING
        assert market_finder(version) is None
        assert client.get("/readyz").json()["rulebook"] == {"version": version.label, "compiled": "compiling"}
        assert read_compiled_state(replace(version, digest="another")) is CompiledState.ABSENT


SENTENCES = {
    "en": "is still being prepared in the background",
    "fr": "est encore en préparation",
    "es": "todavía se está preparando",
    "ar": "لا يزال قيد الإعداد",
    "zh-hans": "仍在后台准备",
    "sw": "bado linaandaliwa",
}


@pytest.mark.usefixtures("home")
def test_a_question_is_answered_and_told_that_the_table_is_still_being_compiled(client, home):
    before = client.get("/api/v1/markets", ASKED).json()
    assert before["market_table"] == "absent"
    assert SENTENCES["en"] not in client.get("/markets", ASKED).content.decode()
    with compile_lock(home, version_now().digest):
        assert client.get("/api/v1/markets", ASKED).json() == {**before, "market_table": "compiling"}
        for language, sentence in SENTENCES.items():
            page = client.get("/markets", ASKED, headers={"accept-language": language})
            assert (page.status_code, sentence in page.content.decode()) == (200, True), language


@pytest.mark.usefixtures("home")
def test_a_table_that_this_process_has_not_read_yet_is_being_prepared_as_well(client, monkeypatch):
    monkeypatch.setattr(compiled_finder, "read_compiled_state", lambda _: CompiledState.READY)
    # Nothing is compiled here, so the thread that loads finds nothing, as one that has not ended.
    assert client.get("/api/v1/markets", ASKED).json()["market_table"] == "loading"
    assert SENTENCES["en"] in client.get("/markets", ASKED).content.decode()
    market_finder_settle()


@pytest.mark.usefixtures("home")
def test_the_only_destination_has_no_market_but_itself(client):
    assert client.get("/api/v1/markets", {**ASKED, "from": "GB"}).json()["markets"] == []


def test_a_compiled_form_of_another_version_is_not_used(client):
    assert market_finder(replace(version_now(), digest="another")) is None
    assert client.get("/api/v1/markets", ASKED).json()["markets"][0]["outcome"] == "complete"


@pytest.mark.parametrize(
    ("asked", "cost"),
    [
        ({}, "1000.00"),
        ({"claims": "without"}, "1120.00"),
        ({"tax": "with"}, "1200.00"),
        ({"claims": "without", "tax": "with"}, "1344.00"),
    ],
)
def test_the_cost_that_is_compared_is_chosen_in_the_address_and_the_same_everywhere(client, run, asked, cost):
    answer = client.get("/api/v1/markets", {**ASKED, **asked}).json()
    assert {name: answer["request"][name] for name in asked} == asked
    assert answer["markets"][0]["compared_cost"] == {"amount": cost, "currency": "GBP"}
    rows = csv.DictReader(io.StringIO(client.get("/markets.csv", {**ASKED, **asked}).content.decode()))
    assert next(rows)["compared_cost"] == cost
    options = [word for name, value in asked.items() for word in (f"--{name}", value)]
    assert next(csv.DictReader(io.StringIO(run("--csv", *options).output)))["compared_cost"] == cost
    page = client.get("/markets", {**ASKED, **asked}).content.decode()
    assert f"<strong>{float(cost):,.2f}</strong>" in page
    # The other choice keeps everything else of the address.
    switches = page.split('class="switches"')[1].split("</ul>")[0]
    assert switches.count("<a ") == 2
    assert asked or ("claims=without" in switches and "tax=with" in switches)


def test_a_choice_that_there_is_not_is_refused_at_its_field(client):
    refused = client.get("/api/v1/markets", {**ASKED, "claims": "maybe"})
    assert refused.status_code == 422
    assert "switch_unknown" in refused.content.decode()


def bring_figures(home) -> None:
    source = FigureSource("test", "Imports of Britain", "Office", None, date(2026, 1, 1), "", None)
    write_figures(
        home,
        source,
        [
            ImportFigure(("GB",), "610910", 2023, "", Decimal(800), "USD"),
            ImportFigure(("GB",), "610910", 2024, "", Decimal(1000), "USD"),
            ImportFigure(("GB",), "610910", 2024, "BD", Decimal(400), "USD"),
        ],
    )


def test_imports_that_an_operator_brought_stand_beside_the_cost_and_rank_nothing(client, run, tmp_path, monkeypatch):
    before = client.get("/api/v1/markets", ASKED).json()
    assert [row["demand"] for row in before["markets"]] == [None]
    monkeypatch.setattr("ewtp.apps.markets.reading.demand_figures.home_path", lambda: tmp_path)
    bring_figures(tmp_path)
    after = client.get("/api/v1/markets", ASKED).json()
    demand = after["markets"][0]["demand"]
    assert (demand["value"], demand["year"]) == ({"amount": "1000.00", "currency": "USD"}, 2024)
    assert (demand["growth_percent"], demand["growth_since"]) == ("25.0", 2023)
    assert demand["suppliers"] == [{"supplier": "BD", "value": "400.00", "percent": "40.0"}]
    assert [{**row, "demand": None} for row in after["markets"]] == before["markets"]
    assert client.get("/api/v1/markets", BACK).json()["demand"]["year"] == 2024
    page = client.get("/markets", ASKED).content.decode()
    for text in (
        "1,000 USD",
        "+25.0% since 2023",
        "Bangladesh 40.0%",
        "Imports of Britain",
        'data-name="Imports of the product"',
    ):
        assert text in page
    # The table is as narrow as the terminal, so that a cell's words stand one under another.
    shown = run().output
    assert all(word in shown for word in ("1,000", "USD", "2024,", "+25.0%", "2023"))
    (row,) = csv.DictReader(io.StringIO(run("--csv").output))
    assert (row["imports"], row["imports_from"], row["imports_source"]) == ("1000.00", "BD 40.0%", "Imports of Britain")


def test_without_figures_the_page_says_how_to_bring_some(client):
    page = client.get("/markets", ASKED).content.decode()
    assert "ewtp figures import FORMAT FILE" in page
    assert "Imports of the product" not in page


def test_sanctions_are_told_once_and_not_in_every_row(client):
    rows = client.get("/api/v1/markets", ASKED).json()["markets"]
    assert all("embargo_not_looked_at" not in row["unknowns"] for row in rows)
    assert client.get("/markets", ASKED).content.decode().count("sanctions or embargoes") == 1

"""The burden of rules: the page over a small file, the command over a large one, and both paths alike."""

from __future__ import annotations

import csv
import html
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from pyarrow import parquet

from ewtp.apps.batches.reading.burden_run import table_burden
from ewtp.apps.batches.reading.lines_csv import read_csv_lines
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.installation.burden_file import read_burden, write_burden
from ewtp.web.command_line.burden import burden
from tests.page_text import page_text

if TYPE_CHECKING:
    import random
    from pathlib import Path

# T-shirts at 12% or free from South Africa, coffee at 10 pounds for 100 kg, 20% of VAT on both.
LINES = """from,to,date,hs,value,currency,firm_size,firm,claims,quantity_kg
ZA,GB,2026-06-30,610910,1000,GBP,micro,a,,
ZA,GB,2026-06-30,610910,1000,GBP,small,b,GB-TEST,
KE,GB,2026-06-30,090111,10000,GBP,large,c,,1000
KE,GB,2026-06-30,610910,1000,GBP,large,c,,
KE,GB,2026-06-30,090111,1000,GBP,small,d,,
KE,GB,2026-06-30,610910,1000,GBP,huge,e,,
"""


def report_of(text: str, currency: str = "GBP", destination: str = "") -> dict[str, Any]:
    version = latest_version()
    table = read_csv_lines(text, 1_000)
    assert version is not None
    assert not isinstance(table, Refusal), table
    found = table_burden(table, version.ref, currency, destination)
    assert not isinstance(found, Refusal), found
    return found.as_json()


def rules_of(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {rule["measure"]: rule for rule in report["rules"]}


def send(client: Any, text: str | bytes = LINES, **fields: str) -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(
        "/rulebook/burden", {"file": SimpleUploadedFile("lines.csv", content), "currency": "GBP", **fields}
    )


def page_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def said_by(response: Any) -> str:
    return re.sub(r"<[^>]+>", "", page_text(page_of(response)))


@pytest.mark.usefixtures("rulebook")
class TestSmallFile:
    """A file that the page answers line by line."""

    def test_each_rule_has_its_sum_by_size(self):
        report = report_of(LINES)
        assert (report["lines"], report["refused"], report["without_size"]) == (6, 1, 1)
        (fault,) = report["faults"]
        assert (fault["line"], fault["code"]) == (5, "quantity_missing")
        rules = rules_of(report)
        shirts, coffee, vat = (rules[f"GB-{name}-2026-01-01"] for name in ("duty-610910", "duty-090111", "tax-all"))
        small, large = shirts["sizes"]["micro_and_small"], shirts["sizes"]["large"]
        # One of the two claims the preference, which is free.
        assert (small["paid"], small["goods"], small["trade"]) == ("120.00", "1000.00", "2000.00")
        assert (small["share_of_trade"], large["share_of_trade"]) == ("0.06000000", "0.01090909")
        assert shirts["difference"] == "0.04909091"
        assert (small["firms"], small["lines"], large["firms"]) == (1, 1, 1)
        assert coffee["sizes"]["large"]["paid"] == "100.00"
        assert coffee["burden"] == "0.00000000"
        # 20% of 1,120 and of 1,000.
        assert vat["sizes"]["micro_and_small"]["paid"] == "424.00"
        assert (shirts["source"], shirts["title"]) == ("Tariff made up for a test", "duty")
        groups = {group["title"]: group for group in report["groups"]}
        assert (groups["duty"]["measures"], groups["duty"]["measure"]) == (2, "")
        assert groups["duty"]["sizes"]["large"]["paid"] == "220.00"
        assert (groups["tax"]["measures"], groups["tax"]["measure"]) == (1, "GB-tax-all-2026-01-01")
        assert [rule["measure"] for rule in report["rules"]][:2] == [
            "GB-tax-all-2026-01-01",
            "GB-duty-610910-2026-01-01",
        ]

    def test_sums_are_in_one_currency(self):
        pounds, euros = (report_of(LINES, currency) for currency in ("GBP", "EUR"))
        one, other = (rules_of(each)["GB-tax-all-2026-01-01"]["sizes"]["large"] for each in (pounds, euros))
        assert Decimal(other["paid"]) > Decimal(one["paid"])
        assert abs(Decimal(one["share_of_trade"]) - Decimal(other["share_of_trade"])) < Decimal("0.00001")

    def test_what_is_shown_has_the_first_of_each_ranking(self, client, tmp_path, monkeypatch):
        monkeypatch.setenv("EWTP_HOME", str(tmp_path))
        monkeypatch.setattr("ewtp.apps.batches.reading.burden.MOST_SHOWN", 1)
        version, table = latest_version(), read_csv_lines(LINES, 1_000)
        assert version is not None
        assert not isinstance(table, Refusal)
        found = table_burden(table, version.ref, "GBP", "")
        assert not isinstance(found, Refusal)
        shown = found.as_shown_json()
        assert [rule["kind"] for rule in shown["rules"]] == ["tax", "duty"]
        assert shown["rules_in_all"] == 3
        write_burden(tmp_path, shown)
        assert "1 rule further down is left out here" in page_of(client.get("/rulebook/burden?each=1"))
        assert "left out here" not in page_of(client.get("/rulebook/burden"))

    def test_lines_to_elsewhere_are_left_out(self):
        report = report_of(LINES, destination="KE")
        assert (report["lines"], report["rules"], report["to"]) == (0, [], "KE")

    def test_the_page_ranks_and_names_denominators_and_sources(self, client):
        sent = send(client)
        page = page_of(sent)
        assert "The lines of your file" in page
        assert "synthetic" not in page
        assert "6.0000%" in said_by(sent)
        assert "of 2,000.00" in said_by(sent)
        assert "Tariff made up for a test" in page
        assert "GB-tax-all" not in page
        # The duties of the tariff are one group.
        assert "2 rules" in page
        assert 'href="/rulebook/GB"' in page
        assert 'href="/measures/GB-duty-610910-2026-01-01"' in page_of(send(client, each="1"))
        assert "1 line was refused and is in no sum." in page
        assert re.search(r"Line 5: This duty of 10.00\sGBP is counted in", said_by(sent))
        assert "1 line states no size of firm" in page
        assert "GB-tax-all" in page_of(send(client, taxes="1"))
        # No link could bring the file along.
        assert 'href="?' not in page

    def test_the_same_as_a_table(self, client):
        response = send(client, **{"as": "csv", "each": "1"})
        assert response.headers["Content-Type"].startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(response.content.decode())))
        assert [row["measure"] for row in rows] == ["GB-duty-610910-2026-01-01", "GB-duty-090111-2026-01-01"]
        assert (rows[0]["burden"], rows[1]["difference"]) == ("0.06000000", "-0.00909091")
        assert rows[0]["micro_and_small_trade"] == "2000.00"
        assert rows[0]["synthetic"] == "no"

    @pytest.mark.parametrize(
        ("text", "sentences"),
        [
            ("", ["Choose a file of lines."]),
            ("from,to\n", ["The file has no lines below the names of its columns"]),
            ("from,to\nZA,GB\n", ["The lines need a column"]),
            (LINES.replace(",firm_size", ",size"), ["The lines do not state the size of the firms"]),
            (
                LINES.replace("2026-06-30", "30/06/2026", 1).replace("10000", "x5"),
                ["Line 1, date: Give the date as YYYY-MM-DD", "Line 3, value: The amount given for"],
            ),
            (LINES.replace("ZA,", '"ZA,', 1), ["A quotation mark opens a cell of the file and is never closed"]),
            (
                "from,to,date,hs,currency,firm_size,value\nZA,GB,2026-06-30,610910,GBP,micro,1,000\n",
                ["Line 1: This line has more cells than there are columns."],
            ),
            (
                LINES.replace(",a,,", ',"12 inch,,', 1).replace(",b,GB-TEST", ',x",GB-TEST'),
                ["Line 1: A quotation mark opens a cell here that runs on over the next lines."],
            ),
            (LINES + 1_000 * f"{LINES.splitlines()[1]}\n", ["The file has more than 1,000 lines"]),
            (b"PK\x03\x04\x00", ["This is not a text in UTF-8"]),
            (b"x" * 600_000, ["The file is too large here."]),
        ],
    )
    def test_a_file_that_cannot_be_counted_is_refused_with_what_to_do(self, client, text, sentences):
        response = send(client, text)
        page = said_by(response)
        assert response.status_code == 422
        for sentence in sentences:
            assert sentence in page

    @pytest.mark.parametrize(
        ("cell", "synthetic"),
        [("no", False), ("False", False), ("0", False), ("", False), ("yes", True), ("true", True)],
    )
    def test_lines_are_synthetic_where_a_column_of_texts_says_so(self, client, cell, synthetic):
        first, *lines = LINES.splitlines()
        text = "\n".join([f"{first},synthetic", *(f"{line},{cell}" for line in lines)])
        assert report_of(text)["synthetic"] is synthetic
        assert ("These lines are synthetic." in page_of(send(client, text))) is synthetic

    def test_a_column_of_truth_values_says_whether_lines_are_synthetic(self):
        version, table = latest_version(), read_csv_lines(LINES, 1_000)
        assert version is not None
        assert not isinstance(table, Refusal)
        for last in (False, True):
            column = pa.array([False] * (table.num_rows - 1) + [last])
            found = table_burden(table.append_column("synthetic", column), version.ref, "GBP", "")
            assert not isinstance(found, Refusal)
            assert found.as_json()["synthetic"] is last

    def test_a_cell_may_have_a_line_break_or_a_comma(self):
        quoted = LINES.replace(",a,,", ',"a,b",,').replace(",c,,1000", ',"c\nd",,1000')
        assert report_of(quoted)["lines"] == 6

    def test_a_currency_and_an_economy_that_are_none(self, client):
        page = page_of(send(client, currency="XXQ", to="QQ"))
        assert "Choose a currency." in page
        assert "Choose where the goods are going." in page

    def test_the_page_shows_the_report_of_the_command(self, client, tmp_path, monkeypatch):
        monkeypatch.setenv("EWTP_HOME", str(tmp_path))
        assert "ewtp rulebook burden --show" in page_of(client.get("/rulebook/burden"))
        assert client.get("/rulebook/burden.csv").status_code == 404
        report = {**report_of(LINES), "synthetic": True}
        write_burden(tmp_path, report)
        assert read_burden(tmp_path) == report
        page = page_of(client.get("/rulebook/burden"))
        assert "These lines are synthetic." in page
        assert "GB-tax-all" not in page
        with_taxes = client.get("/rulebook/burden?taxes=1&each=1&sort=-burden")
        assert re.findall(r'href="/measures/([^"]+)"', page_of(with_taxes))[-1] == "GB-tax-all-2026-01-01"
        assert "No rule of this sort reaches these lines." in page_of(client.get("/rulebook/burden?show=papers"))
        rows = list(csv.DictReader(io.StringIO(client.get("/rulebook/burden.csv?taxes=1").content.decode())))
        assert {row["synthetic"] for row in rows} == {"yes"}
        told = client.get("/api/v1/rulebook/burden").json()
        assert (told["synthetic"], "rules" in told) == (True, False)
        assert {group["title"] for group in told["groups"]} == {"duty", "tax"}
        (tmp_path / "burden.json").write_text("{")
        refused = client.get("/api/v1/rulebook/burden")
        assert (refused.status_code, refused.json()["code"]) == (404, "burden_not_shown")
        assert "ewtp rulebook burden --show" in page_of(client.get("/rulebook/burden"))


@pytest.fixture
def firms(home: Path, seeded: random.Random) -> Path:
    """A file of lines of firms of every size, and of one that nobody knows."""
    table = parquet.read_table(home / "in.parquet")
    sizes = [seeded.choice(("micro", "small", "medium", "large", "odd")) for _ in range(table.num_rows)]
    names = [f"firm-{seeded.randrange(20)}" for _ in range(table.num_rows)]
    for name, column in (("firm_size", pa.array(sizes).dictionary_encode()), ("firm", pa.array(names))):
        table = table.set_column(table.column_names.index(name), name, column)
    path = home / "firms.parquet"
    parquet.write_table(table, path, row_group_size=70)
    return path


def run(*words: str | Path, status: int = 0) -> str:
    result = CliRunner().invoke(burden, [*map(str, words)], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


@pytest.mark.kernel
def test_the_command_counts_what_one_by_one_gives(firms: Path, client: Any):
    found = orjson.loads(run(firms, "--currency", "GBP", "--json", "--show"))
    version = latest_version()
    assert version is not None
    table = parquet.read_table(firms)
    alone = table_burden(table, version.ref, "GBP", "")
    assert not isinstance(alone, Refusal)
    one_by_one = alone.as_json()
    faults = [{(each["line"], each["code"]) for each in report.pop("faults")} for report in (found, one_by_one)]
    assert faults[0] == faults[1]
    assert found == one_by_one
    assert found["lines"] == table.num_rows
    assert found["rules"]
    assert found["synthetic"] is False
    told = firms.with_suffix(".csv")
    told.write_text(LINES)
    as_text = orjson.loads(run(told, "--currency", "GBP", "--json"))
    assert (as_text["lines"], as_text["rules"]) == (len(LINES.splitlines()) - 1, report_of(LINES)["rules"])
    told.write_bytes(b"\xff")
    assert "is not readable text in UTF-8" in run(told, status=2)
    shown = run(firms, "--currency", "GBP", "--taxes")
    assert "micro and small" in shown
    assert "GB tax" in shown
    rows = list(csv.DictReader(io.StringIO(run(firms, "--csv"))))
    assert {row["kind"] for row in rows} == {"duty"}
    # A preference that is free takes nothing, so no sum has it.
    assert "The lines behind these figures" in page_of(client.get("/rulebook/burden"))
    refused = run(firms.with_name("nothing.parquet"), status=2)
    assert "file_unreadable" in refused
    assert "currency_unknown" in run("--currency", "XXQ", status=2)
    assert "economy_unknown" in run("--to", "QQ", status=2)
    parquet.write_table(table.drop_columns(["firm_size"]), firms.with_name("unsized.parquet"))
    assert "firm_size_missing" in run(firms.with_name("unsized.parquet"), status=2)

"""An invoice of many lines: every fault at once by line and column, one table, and what belongs to which line."""

from __future__ import annotations

import csv
import gzip
import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ewtp.apps.assessment.surface.invoice_table import MOST_CHARACTERS, read_table
from tests.page_text import page_text

pytestmark = pytest.mark.usefixtures("rulebook")

CONSIGNMENT = {"from": "ZA", "to": "GB", "currency": "GBP", "date": "2026-06-30"}
# Twelve per cent on T-shirts, 10 pounds for 100 kg of coffee, twenty per cent of VAT; in these, ten lines.
TEN = """hs\tvalue\torigin\tquantity_kg
6109.10\t1000\tZA\t
6109.10\t500\tKE\t
0901.11\t2000\tKE\t400
61091000\t250.50\t\t
09011100\t99.99\t\t10
610910\t1\t\t
610910\t2\t\t
610910\t3\t\t
610910\t4\t\t
0901.11.00\t5\tET\t0.5
"""


def first(pattern, text):
    found = re.search(pattern, text, re.DOTALL)
    assert found is not None, pattern
    return found[1]


def send(client, table=TEN, file=None, **changes):
    sent = {**CONSIGNMENT, "table": table, **changes}
    if file is not None:
        sent["file"] = SimpleUploadedFile("invoice.csv", file, "text/csv")
    return client.post("/invoice", {name: text for name, text in sent.items() if text is not None})


def text_of(response):
    return html.unescape(page_text(response.content.decode()))


def answer_of(client, response):
    assert response.status_code == 303, text_of(response)
    return client.get(response.headers["Location"])


def cells(response):
    """Number, column, what was typed and what to do, of every cell that the page names."""
    assert response.status_code == 422, response.headers
    rows = re.findall(r'<th role="rowheader" scope="row">(.*?)</th>(.*?)</tr>', text_of(response))
    return [
        tuple(re.sub(r"<[^>]+>", "", part) for part in (number, *re.findall(r"<td[^>]*>(.*?)</td>", rest)))
        for number, rest in rows
    ]


def test_the_front_page_leads_to_the_form(client):
    assert 'href="/invoice"' in text_of(client.get("/"))
    page = client.get("/invoice?from=KE&to=GB&currency=GBP")
    assert page.status_code == 200
    assert '<option value="KE" selected>' in text_of(page)


def test_ten_lines_get_one_answer_with_a_row_for_each(client):
    page = text_of(answer_of(client, send(client)))
    rows = re.findall(r'<a href="#line-(\d+)">', page)
    assert rows == [str(number) for number in range(1, 11)]
    # 12% of 1000 + 500 + 250.50 + 10 is 120 + 60 + 30.06 + 0.12 + 0.24 + 0.36 + 0.48; coffee 40 + 1 + 0.05.
    total = first(r"All lines</th>(.*?)</tr>", page)
    assert "252.31\xa0GBP" in total
    assert "3,865.49\xa0GBP" in total


def test_savings_papers_and_unknowns_name_their_lines(client):
    page = text_of(answer_of(client, send(client)))
    options = re.findall(r'<div class="option">.*?<bdi>(Lines? [^<]+)</bdi>', page, re.DOTALL)
    # The preference is for goods of South Africa: not for the second line, and not for coffee.
    assert options == ["Lines 1, 4, 6\u20139"]
    assert "saves</span>" not in page
    assert first(r'<p class="saving">.*?<strong><bdi>(.*?)</bdi>', page) == "151.26\xa0GBP"
    unknowns = re.findall(r"<li>(?:<span class=\"tag\"><bdi>(Lines? [^<]+)</bdi></span>)", page)
    assert unknowns
    listed = list(csv.DictReader(io.StringIO(text_of(client.get(f"{address(client)}.csv")))))
    assert {row["line"] for row in listed if row["record"] == "option"} == {"1", "4", "6", "7", "8", "9"}
    assert client.get(f"{address(client)}.pdf").content.startswith(b"%PDF")


def address(client):
    return send(client).headers["Location"]


def test_a_claim_for_one_line_leaves_the_others(client):
    location = address(client)
    page = text_of(client.get(location))
    claim = first(r'name="claim" value="([^"]+)"', page)
    again = client.post(f"{location}/again", {"line": "3", "claim": claim})
    listed = list(csv.DictReader(io.StringIO(text_of(client.get(f"{again.headers['Location']}.csv")))))
    assert [row["line"] for row in listed if row["record"] == "option"] == ["1", "6", "7", "8", "9"]
    every = client.post(f"{location}/again", {"line": "0,3,5,6,7,8", "claim": claim}).headers["Location"]
    listed = list(csv.DictReader(io.StringIO(text_of(client.get(f"{every}.csv")))))
    assert [row["line"] for row in listed if row["record"] == "option"] == []
    owed = [
        row["amount"] for row in listed if row["record"] == "owed" and row["kind"] == "known" and row["line"] == "1"
    ]
    assert owed == ["200.00"]
    assert client.post(f"{every}/again", {"line": "0,3,5,6,7,8", "unclaim": claim}).headers["Location"] == location
    for line in ("10", "0,10", "", "x", "-1", ",", "0" * 9000):
        assert client.post(f"{location}/again", {"line": line, "claim": claim}).status_code == 400
    refused = client.post(f"{location}/again", {"line": "1", "claim": claim})
    assert [row[:2] for row in cells(refused)] == [("Line 2", "claims")]


@pytest.mark.parametrize(
    "table",
    [
        "HS code;Value;Country of origin\n6109.10;1000,50;KE\n",
        'Commodity code,Line total,"Origin"\n6109.10,"1,000.50",KE\n',
        '\ufeffhs,value,origin\r\n"6109.10",1000.50,KE\r\n',
        "hs\tvalue\torigin\r6109.10\t1 000,50\tKE\r",
        "\n\nhs,value,origin\n,,\n6109.10,1000.50,ke,,\n\n",
        "Tariff code,Amount,Made in,Item no\n6109.10,1000.50,KE,17\n",
    ],
)
def test_usual_notations_are_the_same_invoice(client, table):
    assert (
        send(client, table).headers["Location"]
        == send(client, "hs,value,origin\n610910,1000.50,KE").headers["Location"]
    )


def test_a_column_that_is_not_read_is_named(client):
    page = answer_of(client, send(client, "hs,value,Unit price,SKU\n610910,1000,10,X-1"))
    assert "These columns were not read: Unit price, SKU." in text_of(page)


def test_a_file_takes_the_place_of_the_table(client):
    same = send(client, "hs,value\n610910,1000").headers["Location"]
    assert send(client, "nonsense", "hs;value\n610910;1000".encode("utf-8-sig")).headers["Location"] == same
    assert send(client, "nonsense", "hs\tvalue\n610910\t1000".encode("utf-16")).headers["Location"] == same
    wrong = send(client, "", b"hs;value\n610910;x")
    assert 'name="table"' in text_of(wrong)
    assert "610910;x</textarea>" in text_of(wrong)


def test_everything_wrong_is_named_at_once_and_kept(client):
    table = (
        "hs\tvalue\torigin\tclaims\tquantity_kg\tcurrency\n"
        "6109.10\t1,250\tXX\t\t\t\n"
        "61\t0\tKE\t\t-1\t\n"
        "0901.11\t100\tKE\t\t\tEURO\n"
        "\t10\tKE\t\t\t\n"
        "0901.11\t100\tKE\t\t\t\n"
        "610910\t100\tKE\tnothing-like-that\t\t\n"
        "610910\t=A1+B1\tKE\t\t\t\n"
        "999999\t\tKE\t\t\t\t\textra\n"
        "610910\t10.001\tKE\t\t\t\n"
    )
    sent = send(client, table, to="")
    found = cells(sent)
    # A rule is asked only once it is known where the goods go.
    assert [row[:2] for row in found] == [
        ("Line 1", "value"),
        ("Line 1", "origin"),
        ("Line 2", "hs"),
        ("Line 2", "value"),
        ("Line 2", "quantity_kg"),
        ("Line 3", "currency"),
        ("Line 4", "hs"),
        ("Line 7", "value"),
        ("Line 8", "value"),
        ("Line 8", "—"),
        ("Line 9", "value"),
    ]
    assert found[0][2] == "1,250"
    assert "Write the number in digits" in found[0][3]
    assert "formula" in found[7][3]
    assert all(row[3] for row in found)
    assert "Choose where the goods are going." in text_of(sent)
    assert table in text_of(sent)
    found = cells(send(client, table))
    assert ("Line 5", "quantity_kg") in [row[:2] for row in found]
    assert ("Line 6", "claims") in [row[:2] for row in found]
    assert ("Line 3", "currency") in [row[:2] for row in found]
    assert len(cells(send(client, "hs,value,quantity\n610910,x,5\n901210000,1,\n"))) == len(("value", "unit", "hs"))


def test_words_are_asked_about_and_a_choice_is_kept(client):
    table = "product,value\ncotton t-shirt,1000\nroasted coffee,x\ncotton t-shirt,5\n"
    sent = send(client, table)
    page = text_of(sent)
    assert [row[:3] for row in cells(sent)] == [("Line 2", "value", "x")]
    assert "Lines 1, 3" in page
    assert '<option value="610910"' in page
    chosen = send(client, table, choice_words="cotton t-shirt", choice="610910")
    assert "Lines 1, 3" not in text_of(chosen)
    assert typed(chosen) == "product,value,hs\ncotton t-shirt,1000,610910\nroasted coffee,x,\ncotton t-shirt,5,610910\n"
    done = send(client, table.replace("roasted coffee,x\n", ""), choice_words="cotton t-shirt", choice="610910")
    assert done.headers["Location"] == send(client, "hs,value\n610910,1000\n610910,5").headers["Location"]


def typed(response):
    return first(r'<textarea id="table"[^>]*>\n(.*?)</textarea>', text_of(response))


def test_cells_are_corrected_beside_their_problems(client):
    table = 'Net weight (kg);hs;Line total;remark\n;0901.11;1,000;"a;b"\n5;0901.11;7;\n'
    sent = send(client, table)
    assert [row[:2] for row in cells(sent)] == [("Line 1", "Line total")]
    places = re.findall(r'name="fix_place" value="([^"]+)"', text_of(sent))
    assert places == ["1 value"]
    again = send(client, table, fix_place="1 value", fix_was="1,000", fix="1000")
    # Only now is the weight of the line asked for, in the column that has it.
    assert [row[:2] for row in cells(again)] == [("Line 1", "Net weight (kg)")]
    assert typed(again) == 'Net weight (kg);hs;Line total;remark\n;0901.11;1000;"a;b"\n5;0901.11;7;\n'
    right = "hs,value,KG\n090111,1000,8\n090111,7,5"
    done = send(client, typed(again), fix_place="1 quantity_KGM", fix_was="", fix="8")
    assert done.headers["Location"] == send(client, right).headers["Location"]


def test_an_unknown_unit_is_corrected_in_its_own_column(client):
    table = "hs\tvalue\tqty\tunit\n610910\t100\t3\tCTN\n"
    sent = send(client, table)
    assert [row[:3] for row in cells(sent)] == [("Line 1", "unit", "CTN")]
    assert "not a known unit" in cells(sent)[0][3]
    assert re.findall(r'name="fix_place" value="([^"]+)"', text_of(sent)) == ["1 supplementary_unit"]
    done = send(client, table, fix_place="1 supplementary_unit", fix_was="CTN", fix="kg")
    assert done.headers["Location"] == send(client, "hs,value,quantity_kg\n610910,100,3").headers["Location"]


@pytest.mark.parametrize(
    ("columns", "column", "said"),
    [
        ("quantity_moon", "quantity_moon", "not a known unit"),
        ("quantity_KGM,quantity_kg", "quantity_kg", "is given twice"),
        ("quantity_kg,quantity_t", "quantity_t", "is given in"),
        (f"quantity_{'n' * 50}", f"quantity_{'n' * 50}", "not a known unit"),
    ],
)
def test_a_column_of_quantities_that_is_wrong_is_named_and_no_cell_mends_it(client, columns, column, said):
    table = f"hs,value,{columns}\n610910,100{',3' * len(columns.split(','))}\n"
    sent = send(client, table)
    assert [row[:3] for row in cells(sent)] == [("Line 1", column, "3")]
    assert said in cells(sent)[0][3]
    assert 'name="fix_place"' not in text_of(sent)


def test_a_second_unit_of_the_same_is_corrected_where_it_stands(client):
    table = "hs,value,quantity_kg,qty,unit\n610910,100,3,1,t\n"
    assert [row[:3] for row in cells(send(client, table))] == [("Line 1", "unit", "t")]
    done = send(client, table, fix_place="1 supplementary_unit", fix_was="t", fix="litre")
    right = "hs,value,quantity_kg,quantity_litre\n610910,100,3,1"
    assert done.headers["Location"] == send(client, right).headers["Location"]


def test_a_correction_adds_no_column_without_a_name(client):
    table = "hs,value\n610910,x\n"
    assert typed(send(client, table, fix_place="1 quantity_", fix_was="", fix="kg")) == table


def test_forty_products_are_asked_about_at_a_time(client):
    table = "product,value\n" + "".join(f"cotton t-shirt number {n},1\n" for n in range(600))
    page = text_of(send(client, table))
    asked = re.findall(r'name="choice_words" value="([^"]+)"', page)
    assert asked == [f"cotton t-shirt number {n}" for n in range(40)]
    assert "560 more products are asked about after these." in page
    assert page.count('<option value="610910"') >= 40
    assert "No tariff code was found" not in page
    again = send(client, table, choice_words=asked, choice=["610910"] * 40)
    assert re.findall(r'name="choice_words" value="([^"]+)"', text_of(again))[0] == "cotton t-shirt number 40"
    assert "520 more products are asked about after these." in text_of(again)


def test_the_page_says_how_lines_are_counted(client):
    sent = send(client, "hs,value\n\n610910,x\n,\n610910,y\n")
    assert [row[0] for row in cells(sent)] == ["Line 1", "Line 2"]
    assert "Line 1 is the first row below it; rows without content are not counted." in text_of(sent)


@pytest.mark.parametrize("place", ["2 value", "1 nonsense", "0 value", "9 value", "x value", "1", "1 quantity_", ""])
def test_a_correction_of_a_cell_that_is_another_now_changes_nothing(client, place):
    table = "hs,value\n610910,x\n610910,y\n"
    sent = send(client, table, fix_place=place, fix_was="x", fix="5")
    assert typed(sent) == table


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ("\n \n", "Paste the lines of the invoice, or choose a file."),
        ("hs,value", "The table has headings and no lines below them."),
        (
            "6109.10,1000\n0901.11,5",
            "The first row has to name the columns; these are missing: hs (or product), value.",
        ),
        ("hs,value,amount\n610910,1,1", "These columns are given twice: value, amount."),
        ("hs,value,to\n610910,1,GB", "These are of the whole consignment: to."),
        ("hs,value,unit\n610910,1,kg", "A unit needs its quantity"),
        ('hs,value\n"610910,1', "A quotation mark opens a cell and is never closed."),
        (
            "hs,value,part_\n610910,1,5",
            "These columns lack a name at the end, such as that of a unit or a part: part_.",
        ),
        ("hs,value,quantity_\n610910,1,5", "a unit or a part: quantity_."),
        ("hs,value,part_case,part_Case\n610910,1,5,5", "These columns are given twice: part_case, part_Case."),
        (
            'hs\tvalue\tproduct\n610910\t100\t"12 inch\n610910\t200\tplain\n610910\t300\tx"',
            "Line 1: A quotation mark opens a cell here that runs on over the next lines.",
        ),
        ('hs,value,"product\n610910,100,x"\n610910,200,y', "A quotation mark opens a cell here"),
        (",".join(f"c{n}" for n in range(61)) + "\n1", "The table has too many columns."),
        ("hs,value\n" + 10_000 * "610910,1\n", "An invoice has at most 1000 lines here."),
        (f"hs,value\n610910,{'1' * MOST_CHARACTERS}", "The table is too long."),
    ],
)
def test_a_table_that_is_none_is_refused_with_what_to_do(client, table, sentence):
    sent = send(client, table)
    assert sent.status_code == 422
    assert sentence in text_of(sent)
    assert table.strip() in text_of(sent)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04\x00\x00binary", b"\x89PNG\r\n\x1a\n\x00", b"hs,value\n\xff\xfe610910,1"]
)
def test_a_file_that_is_not_a_text_is_refused(client, content):
    sent = send(client, "", content)
    assert sent.status_code == 422
    assert "Paste the lines" in text_of(sent) if not content else "This is not a text in UTF-8" in text_of(sent)


def test_a_cell_of_two_megabytes_is_turned_away(client):
    sent = send(client, "", b"hs,value,product\n610910,1," + 2_000_000 * b"x")
    assert sent.status_code == 422
    assert "The table is too long." in text_of(sent)
    assert len(sent.content) < 100_000
    assert send(client, f"hs,value\n610910,{'x' * 3_000_000}").status_code == 400


def test_hostile_cells_do_no_harm(client):
    hostile = '<script>alert("x")</script>'
    sent = send(client, f"hs,value,origin\n{hostile.replace(chr(34), chr(39))},1,{hostile[:8]}\n")
    assert "<script>alert" not in sent.content.decode()


def test_a_forged_form_is_refused():
    assert Client(enforce_csrf_checks=True).post("/invoice", {**CONSIGNMENT, "table": TEN}).status_code == 403


def test_another_language_keeps_what_was_typed(client):
    sent = send(client, "hs,value\nx,y", language="fr")
    assert sent.status_code == 200
    assert sent.cookies["django_language"].value == "fr"
    page = text_of(sent)
    assert '<html lang="fr"' in page
    assert "x,y</textarea>" in page
    assert '<option value="ZA" selected>' in page


def test_an_answer_of_several_lines_is_changed_in_the_form_of_an_invoice(client):
    location = address(client)
    table = typed(client.get(f"{location}/change"))
    assert table.splitlines()[0] == "hs\tvalue\torigin\tquantity_KGM"
    assert send(client, table).headers["Location"] == location


def test_an_answer_that_cannot_be_given_again_leads_back_to_all_its_lines(client):
    location = address(client)
    other = send(client, "hs,value\n610910,1\n610910,2").headers["Location"]
    # The digest of one answer with the question of another.
    page = client.get(location.partition("-")[0] + "-" + other.partition("-")[2])
    assert page.status_code == 410
    fields = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', text_of(page)))
    assert fields["table"].count("610910") == 2
    del fields["csrfmiddlewaretoken"]
    assert client.post("/invoice", fields).headers["Location"] == other


def test_hundreds_of_lines_are_answered(client):
    given = send(client, "hs,value\n" + 300 * "610910,1\n")
    page = client.get(given.headers["Location"])
    assert page.status_code == 200
    assert text_of(page).count('id="line-') == 300
    assert len(gzip.compress(page.content)) < 40_000


def test_a_table_ends_after_one_line_too_many():
    table = read_table("hs,value\n" + 50 * "610910,1\n", 10)
    assert not isinstance(table, str)
    assert len(table.lines) == 11

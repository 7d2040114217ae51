"""The pages without a browser: refusals at their field, permanent links, documents, and hostile input kept harmless."""

from __future__ import annotations

import csv
import gzip
import io
import re

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rich.console import Console

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.reading.answers import GivenAnswer
from ewtp.apps.assessment.store.models import Assessment
from ewtp.apps.assessment.surface.documents import answer_csv
from ewtp.gateways.installation.fonts import find_missing_characters
from ewtp.web.command_line.answer_table import print_answer

pytestmark = pytest.mark.usefixtures("rulebook")

ASKED = {"product": "6109.10", "from": "ZA", "to": "GB", "value": "1000", "currency": "GBP", "date": "2026-06-30"}
HOSTILE = '<script>alert("x")</script>=1+1'


def ask(client, **changes):
    return client.post("/", {**ASKED, **changes})


def text_of(response):
    return response.content.decode()


def stored(**line):
    body = {
        "from": "ZA",
        "to": "GB",
        "date": "2026-06-30",
        "lines": [{"hs": "6109100000"[:8], "value": {"amount": "1000.00", "currency": "GBP"}, **line}],
    }
    answer = assessment_create(now=timezone.now(), body=body)
    assert isinstance(answer, GivenAnswer), answer
    return answer


def changed(change):
    """An answer as ``change`` leaves it, under an address of its own."""
    answer = stored().answer
    answer["id"] = answer["id"][:32] + ("2" if answer["id"][32] != "2" else "3")
    change(answer)
    Assessment.objects.create(id=answer["id"], rulebook_version="x", content=orjson.dumps(answer))
    return answer


def make_undated(answer):
    """The schedule does not state when it was published."""
    answer["stale"] = [{"source": "Tariff of nobody", "published": None, "age_days": None}]


def add_a_part(answer):
    """Jersey has the tariff of the destination and taxes of its own."""
    for name, value in (("customs_territory", "GB"), ("tax_territory", "JE")):
        part = {"name": name, "value": value, "territory": "JE", "source": "Order", "reference": "section 1"}
        answer["practices"].append(part)


def test_a_part_that_the_name_of_the_destination_seems_to_cover_is_named(client):
    assert "named apart" not in text_of(client.get(f"/answers/{stored().answer['id']}"))
    answer = changed(add_a_part)
    page = text_of(client.get(f"/answers/{answer['id']}"))
    assert "for the destination alone; <bdi>Jersey</bdi> are separate" in page
    assert "Customs territory: Jersey: United Kingdom" in page
    assert "VAT territory: Jersey: its own" in page
    assert client.get(f"/answers/{answer['id']}.pdf").content.startswith(b"%PDF")


def test_an_answer_of_an_older_edition_is_printed_when_a_server_starts():
    """The first answer of an installation is kept, so a newer program prints one that it did not write."""
    answer = stored().answer
    for line in answer["lines"]:
        for name in ("asks", "owed", "lifted", "sums"):
            line.pop(name, None)
    del answer["totals"]["sums"]
    out = io.StringIO()
    print_answer(answer, console=Console(file=out, width=200))
    assert "61091000" in out.getvalue()


def test_a_source_without_a_date_is_shown_as_such_and_printed(client):
    answer = changed(make_undated)
    page = text_of(client.get(f"/answers/{answer['id']}"))
    assert "date of publication not stated" in page
    assert client.get(f"/answers/{answer['id']}.pdf").content.startswith(b"%PDF")
    (row,) = (row for row in csv.DictReader(io.StringIO(answer_csv(answer))) if row["record"] == "stale")
    assert (row["title"], row["valid_from"]) == ("Tariff of nobody", "")


def make_hostile(answer):
    """Every text of the answer tries to become markup or a formula."""
    line = answer["lines"][0]
    line["description"] = HOSTILE
    line["unknowns"] = [{"code": "x", "message": HOSTILE}]
    for rule in (*line["charges"], *line["options"]):
        rule["title"] = "=" + HOSTILE
        rule["expression"] = '#panic("markup ran")'


def make_open(answer):
    """The code has two national lines, an agency asks for a paper, and a rule forbids the import."""
    line = answer["lines"][0]
    rule = {"measure": "GB-x", "status": "law", "citation": line["charges"][0]["citation"]}
    paper = {"agency": "Food office", "document": "Certificate", "stage": "entry", "title": "", "mast_chapter": "A"}
    line["charges"] = []
    line["requirements"] = [{**rule, **paper}]
    line["prohibitions"] = [{**rule, "title": "Not to be imported"}]
    low, high = {"amount": "0.00", "currency": "GBP"}, {"amount": "1000.00", "currency": "GBP"}
    line["range"] = {
        "question": "Which?",
        "duty": {"lowest": low, "highest": high},
        "lines": [
            {"hs": "61091010", "description": "a", "duty": low},
            {"hs": "61091090", "description": "b", "duty": high},
        ],
    }
    answer["totals"] |= {"complete": False, "at_most": None}


def make_older(answer):
    """As an edition without bounds left an open answer."""
    make_open(answer)
    del answer["totals"]["at_least"], answer["totals"]["at_most"]
    for unknown in answer["lines"][0]["unknowns"]:
        del unknown["effect"], unknown["amount"]


def hostile_answer():
    return changed(make_hostile)


def test_asking_leads_to_a_permanent_address(client):
    response = ask(client)
    assert response.status_code == 303
    page = client.get(response.headers["Location"])
    assert page.status_code == 200
    text = text_of(page)
    assert "1,344.00\u00a0GBP" in text
    assert "<bdi>12%</bdi> of <bdi>1,000.00\u00a0GBP</bdi> = <bdi>120.00\u00a0GBP</bdi>" in text
    assert "Tariff made up for a test" in text
    assert '<span class="absent">none</span>' in text


def test_an_answer_page_asks_the_database_three_times(client):
    answer = stored()
    client.get(f"/answers/{answer.id}")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/answers/{answer.id}")
    tables = re.findall(r'FROM "?(\w+)', " ".join(each["sql"] for each in asked.captured_queries))
    # What other hubs state and what proposals change in the market; a process looks for a new version once a second.
    assert sorted({*tables} - {"rulebook_version"}) == ["hubs_hubentry", "proposals_proposal", "rulebook_measure"]
    assert len(asked) <= len({*tables})


def test_the_same_question_has_the_same_address(client):
    assert ask(client).headers["Location"] == ask(client, value="1000.00").headers["Location"]


def test_an_answer_of_an_edition_without_bounds_is_shown(client):
    text = text_of(client.get(f"/answers/{changed(make_older)['id']}"))
    assert "This figure is incomplete" in text
    assert "This may raise the cost." not in text


def test_an_open_code_shows_its_span_and_every_line_to_choose(client):
    answer = changed(make_open)
    text = text_of(client.get(f"/answers/{answer['id']}"))
    assert "0.00 to 1,000.00\u00a0GBP" in text
    assert "no upper bound is known." in text
    assert "This may raise the cost." in text
    assert 'name="hs" value="61091010"' in text
    assert 'name="hs" value="61091090"' in text
    assert "Landed cost, as far as it is known" in text


def test_what_is_forbidden_stands_before_what_is_to_pay(client):
    text = text_of(client.get(f"/answers/{changed(make_open)['id']}"))
    assert text.index("Not to be imported") < text.index("What you pay, and why") < text.index("Food office")


@pytest.mark.parametrize("line", ["", "-1", "1", "x", "\u0661", pytest.param("9" * 5_000, id="long")])
def test_a_line_that_the_question_does_not_have(client, line):
    assert client.post(f"/answers/{stored().id}/again", {"line": line, "claim": "GB-TEST"}).status_code == 400


def test_claiming_recomputes_and_unclaiming_returns(client):
    answer = stored()
    again = f"/answers/{answer.id}/again"
    claimed = client.post(again, {"line": "0", "claim": "GB-TEST"})
    assert claimed.status_code == 303
    page = client.get(claimed.headers["Location"])
    assert "1,200.00\u00a0GBP" in text_of(page)
    assert '<p class="notice success">Calculated again with the claim.</p>' in text_of(page)
    assert "Calculated again" not in text_of(client.get(claimed.headers["Location"]))
    other = claimed.headers["Location"].rsplit("/", 1)[1]
    back = client.post(f"/answers/{other}/again", {"line": "0", "unclaim": "GB-TEST"})
    assert back.headers["Location"] == f"/answers/{answer.id}"


@pytest.mark.parametrize("sent", [{}, {"line": "7", "claim": "x"}, {"line": "²", "claim": "x"}, {"line": "0"}])
def test_nonsense_in_asking_again_is_400(client, sent):
    assert client.post(f"/answers/{stored().id}/again", sent).status_code == 400


def test_an_unknown_claim_returns_the_form(client):
    response = client.post(f"/answers/{stored().id}/again", {"line": "0", "claim": "GB-NOBODY"})
    assert response.status_code == 422
    assert "GB-NOBODY" in text_of(response)


def test_asking_again_is_filled_in(client):
    text = text_of(client.get(f"/answers/{stored(quantities={'kg': '12'}).id}/change"))
    assert 'value="61091000"' in text
    assert '<option value="ZA" selected>' in text
    assert 'value="12"' in text


def test_a_question_of_several_lines_is_changed_in_one_form_with_all_of_them(client):
    line = {"hs": "61091000", "value": {"amount": "1000.00", "currency": "GBP"}}
    answer = assessment_create(
        now=timezone.now(), body={"from": "ZA", "to": "GB", "date": "2026-06-30", "lines": [line, line, line]}
    )
    assert isinstance(answer, GivenAnswer)
    page = text_of(client.get(f"/answers/{answer.id}"))
    assert "3 kinds of goods" in page
    assert text_of(client.get(f"/answers/{answer.id}/change")).count("61091000\t1000.00") == 3


def test_unknown_addresses_are_404_in_the_design(client):
    for address in ("/answers/a-b+c", "/measures/none", "/measures/%00", "/nowhere"):
        response = client.get(address)
        assert response.status_code == 404, address
        assert "There is nothing at this address" in text_of(response)


def test_a_form_without_its_token_is_refused_in_the_design():
    response = Client(enforce_csrf_checks=True).post("/", ASKED)
    assert response.status_code == 403
    assert "This form has expired" in text_of(response)


def test_ten_megabytes_of_nonsense_are_refused(client):
    response = client.post("/", {**ASKED, "product": "x" * 10_000_000})
    assert response.status_code == 400
    assert "could not read this request" in text_of(response)


def test_a_fault_of_ours_is_said_without_a_trace(monkeypatch):
    def broken(**_arguments):
        message = "a bug"
        raise RuntimeError(message)

    monkeypatch.setattr("ewtp.apps.assessment.surface.pages.assessment_create", broken)
    response = Client(raise_request_exception=False).post("/", ASKED)
    assert response.status_code == 500
    assert "Something went wrong on our side" in text_of(response)
    assert "a bug" not in text_of(response)


def test_texts_of_rules_never_become_markup(client):
    answer = hostile_answer()
    for address in (f"/answers/{answer['id']}", f"/answers/{answer['id']}/ruling"):
        text = text_of(client.get(address))
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
    typed = ask(client, product='"><script>alert(1)</script>')
    assert "<script>alert" not in text_of(typed)


def test_the_pdf_treats_texts_as_data_and_is_the_same_twice(client):
    answer = hostile_answer()
    first = client.get(f"/answers/{answer['id']}.pdf")
    assert first.status_code == 200
    assert first.content.startswith(b"%PDF-")
    assert first.headers["Content-Type"] == "application/pdf"
    assert client.get(f"/answers/{answer['id']}.pdf").content == first.content


@pytest.mark.parametrize("language", ["fr", "es", "ar", "zh-hans", "sw"])
def test_a_pdf_is_made_in_every_language_that_the_fonts_can_show_and_never_has_boxes(client, language):
    answer = stored()
    response = client.get(f"/answers/{answer.id}.pdf", headers={"accept-language": language})
    if language == "zh-hans" and find_missing_characters("\u4ef7\u683c"):
        assert response.status_code == 503
        assert "fonts-noto-cjk" in text_of(response)
        assert f"/answers/{answer.id}.csv" in text_of(response)
    else:
        assert response.content.startswith(b"%PDF-")


def test_words_that_no_font_can_show_are_refused_before_a_pdf_has_boxes(client):
    address = f"/answers/{stored().id}.pdf"
    assert client.get(address, {"product": "cotton t-shirt"}).content.startswith(b"%PDF-")
    refused = client.get(address, {"product": "\U0003fffd"})
    assert refused.status_code == 503
    assert refused.headers["Content-Type"].startswith("text/html")
    assert "No font of this installation can show" in text_of(refused)


def test_the_table_has_a_row_a_charge_and_runs_no_formula(client):
    answer = hostile_answer()
    rows = list(csv.DictReader(io.StringIO(client.get(f"/answers/{answer['id']}.csv").content.decode())))
    charges = [row for row in rows if row["record"] == "charge"]
    assert [row["amount"] for row in charges] == ["120.00", "224.00"]
    assert {row["kind"]: row["amount"] for row in rows if row["record"] == "total"}["landed_cost"] == "1344.00"
    for row in rows:
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_the_table_says_when_the_sum_is_incomplete():
    answer = stored().answer
    answer["totals"]["complete"] = False
    assert answer_csv(answer).splitlines()[-1].startswith("total,,,complete,,,,no")


def test_an_answer_leads_to_what_is_held_of_its_destination(client):
    unknown = text_of(client.get(f"/answers/{stored().id}")).split('id="unknown"')[1].split("</section>")[0]
    (address,) = re.findall(r'href="(/rulebook/[^"]+)"', unknown)
    assert address == "/rulebook/GB"
    assert "Tariff made up for a test" in text_of(client.get(address))


def test_an_answer_leads_to_the_origin_of_its_goods_where_such_rules_are_held(client, monkeypatch):
    page = f"/answers/{stored().id}"
    assert "/origin?" not in text_of(client.get(page))
    monkeypatch.setattr("ewtp.apps.assessment.surface.presentation.TERRITORIES", ("GB",))
    assert 'href="/origin?to=GB&amp;hs=61091000&amp;made_in=ZA"' in text_of(client.get(page))


def test_the_letter_names_the_facts_and_no_authority(client):
    answer = stored()
    letter = client.get(f"/answers/{answer.id}/ruling.txt")
    text = text_of(letter)
    assert letter.headers["Content-Type"].startswith("text/plain")
    assert text.startswith("To: the customs authority of United Kingdom\n")
    assert "schedule 610910" in text
    assert "&" not in text


def test_a_rule_has_a_page(client):
    measure = stored().answer["lines"][0]["charges"][0]["measure"]
    text = text_of(client.get(f"/measures/{measure}"))
    assert "Tariff made up for a test" in text
    assert "12%" in text
    assert measure in text


def test_suggestions_need_no_database_and_never_refuse(client):
    text = text_of(client.get("/suggest", {"product": "coffee roas"}))
    assert 'data-code="090121"' in text
    for nonsense in ("", "x" * 5000, "كرسي", "<b>"):
        assert client.get("/suggest", {"product": nonsense}).status_code == 200


@pytest.mark.parametrize(
    ("language", "direction", "word"),
    [("fr", "ltr", "Produit"), ("es", "ltr", "Producto"), ("ar", "rtl", "المنتج"), ("zh-hans", "ltr", "产品"),
     ("sw", "ltr", "Bidhaa")],
)  # fmt: skip
def test_every_language_speaks(client, language, direction, word):
    text = text_of(client.get("/", headers={"accept-language": language}))
    assert f'<html lang="{language}" dir="{direction}">' in text
    assert word in text


def test_the_language_stays_chosen(client):
    client.post("/language", {"language": "ar", "next": "/"}, headers={"Origin": "http://testserver"})
    assert 'dir="rtl"' in text_of(client.get("/"))


def test_figures_are_written_as_the_reader_writes_them(client):
    text = text_of(client.get(f"/answers/{stored().id}", headers={"accept-language": "fr"}))
    assert "1\u202f344,00\u00a0GBP" in text
    assert "30 juin 2026" in text


def test_everything_that_the_first_page_loads_travels_compressed(client):
    page = client.get("/", headers={"accept-encoding": "gzip"})
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', gzip.decompress(page.content).decode())
    assert len(addresses) == 4
    loaded = [page, *(client.get(address, headers={"accept-encoding": "gzip"}) for address in addresses)]
    assert [response.status_code for response in loaded] == [200] * 5
    assert {response.headers.get("Content-Encoding") for response in loaded[:1] + loaded[2:]} == {"gzip"}
    # With room for headers this is well below the promise of 100 kB, which the browser measures uncompressed.
    assert sum(len(response.getvalue()) for response in loaded) < 45_000

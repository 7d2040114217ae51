"""The choice among national lines on the answer's page, on the command line and in the PDF."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.utils import timezone
from rich.console import Console

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.reading.answers import GivenAnswer
from ewtp.apps.assessment.store.models import Assessment
from ewtp.apps.assessment.surface.line_choice import arrange_choice
from ewtp.web.command_line.line_table import print_choice
from tests.page_text import page_text

pytestmark = pytest.mark.usefixtures("rulebook")

LOW, HIGH = {"amount": "50.00", "currency": "GBP"}, {"amount": "90.00", "currency": "GBP"}


def group(duty, codes, lines, rate, papers=()):
    charge = {"kind": "duty", "measure": "m", "title": "Duty", "expression": rate, "amount": duty}
    return {"lines": lines, "codes": codes, "duty": duty, "charges": [charge], "papers": list(papers), "unknowns": []}


SPAN: dict[str, Any] = {
    "question": "Which of these lines are the goods?",
    "duty": {"lowest": LOW, "highest": HIGH},
    "lines": [
        {"hs": "6109102010", "description": "a", "duty": LOW},
        {"hs": "6109102020", "description": "b", "duty": LOW},
        {"hs": "6109109000", "description": "c", "duty": HIGH},
    ],
    "groups": [
        group(LOW, ["61091020"], ["6109102010", "6109102020"], "5%"),
        group(
            HIGH, ["6109109000"], ["6109109000"], "9%", [{"document": "Certificate", "agency": "Office", "title": ""}]
        ),
    ],
    "common": "T-shirts",
    "tree": [
        {"depth": 0, "text": "White", "hs": None},
        {"depth": 1, "text": "For men", "hs": "6109102010"},
        {"depth": 1, "text": "Other", "hs": "6109102020"},
        {"depth": 0, "text": "Other", "hs": "6109109000"},
    ],
    "ruled_out": ["6109103000"],
    "asked": [{"code": "DZN", "name": "dozen"}],
    "schedule": {"id": "us-hts", "source": "Schedule", "url": "https://example.org/schedule"},
}
WITHOUT_TEXTS = {**SPAN, "tree": [], "common": ""}


def kept_answer(**changed):
    """The address of an answer that is like one that was given, but for what its line says otherwise."""
    answer = assessment_create(
        now=timezone.now(),
        body={
            "from": "ZA",
            "to": "GB",
            "date": "2026-06-30",
            "lines": [{"hs": "61091000", "value": {"amount": "1000.00", "currency": "GBP"}}],
        },
    )
    assert isinstance(answer, GivenAnswer)
    content = answer.answer
    content["id"] = content["id"][:32] + ("2" if content["id"][32] != "2" else "3")
    content["lines"][0] |= changed
    Assessment.objects.create(id=content["id"], rulebook_version="x", content=orjson.dumps(content))
    return content["id"]


def page_of(client, span, **headers):
    address = kept_answer(range=span)
    response = client.get(f"/answers/{address}", headers=headers)
    assert response.status_code == 200
    return address, page_text(response.content.decode())


def test_texts_make_a_tree_with_the_figure_where_it_is_decided(client):
    address, page = page_of(client, SPAN)
    # The common beginning stands once, and a heading whose lines cost the same can be chosen itself.
    assert page.count("T-shirts</span>") == 1
    assert 'value="61091020">' in page
    assert page.index("White") < page.index('value="6109102010"') < page.index('value="6109109000"')
    tree = page.split('id="lines-0"')[1].split('class="charge"')[0]
    assert tree.count("50.00") == 2, "once in the heading of the range, once at the heading of the lines"
    assert "1 more line is for goods of another value" in page
    assert 'name="unit" value="DZN"' in page
    assert client.get(f"/answers/{address}.pdf").content.startswith(b"%PDF")


def test_without_texts_lines_are_grouped_and_the_command_is_told(client):
    _, page = page_of(client, WITHOUT_TEXTS)
    assert "Any of these 2 lines" in page
    assert "This line alone" in page
    assert 'value="61091020">' in page
    assert 'value="6109102010"' not in page
    assert "Certificate (Office)" in page
    assert "ewtp rulebook import usitc-hts FILE --effective DAY" in page
    assert 'href="https://example.org/schedule"' in page


ALIKE = {
    **SPAN,
    "duties_differ": False,
    "duty": {"lowest": LOW, "highest": LOW},
    "question_sentence": {"code": "which_national_line", "form": "", "params": {"count": 3, "code": "610910"}},
    "lines": [{**line, "duty": LOW} for line in SPAN["lines"]],
    "groups": [SPAN["groups"][0], {**SPAN["groups"][1], "duty": LOW}],
}


@pytest.mark.parametrize("span", [ALIKE, {**ALIKE, "tree": [], "common": ""}], ids=["tree", "groups"])
def test_lines_that_cost_alike_are_told_apart_by_their_papers(client, span):
    address, page = page_of(client, span)
    choice = page.split('id="lines-0"')[1].split('class="charge"')[0]
    assert "Also asked for:" in choice
    assert choice.count("Certificate") == 1
    assert 'value="6109109000"' in choice
    assert "Duties between" not in page
    assert "cannot be calculated until" not in page
    assert client.get(f"/answers/{address}.pdf").content.startswith(b"%PDF")
    text = printed(span)
    assert "6109109000" in text
    assert "Also asked for: Certificate." in text


def test_the_choice_speaks_arabic(client):
    _, page = page_of(client, WITHOUT_TEXTS, **{"accept-language": "ar"})
    assert "Any of these" not in page
    assert "أيٌّ من هذين البندين" in page


def test_a_quantity_told_on_the_answer_is_asked_with_everything_else_kept(client):
    answer = assessment_create(
        now=timezone.now(),
        body={
            "from": "ZA",
            "to": "GB",
            "date": "2026-06-30",
            "lines": [{"hs": "61091000", "value": {"amount": "1000.00", "currency": "GBP"}, "claims": ["GB-TEST"]}],
        },
    )
    assert isinstance(answer, GivenAnswer)
    told = client.post(f"/answers/{answer.id}/again", {"line": "0", "unit": "NPR", "amount": "1 250,5"})
    assert told.status_code == 303
    page = client.get(told.headers["Location"]).content.decode()
    assert "1,250.5" in page
    assert "Claimed in this answer" in page
    refused = client.post(f"/answers/{answer.id}/again", {"line": "0", "unit": "NPR", "amount": "many"})
    assert refused.status_code == 422
    assert (
        client.post(f"/answers/{answer.id}/again", {"line": "0", "unit": "furlong", "amount": "1"}).status_code == 422
    )


def test_headings_open_from_the_top_while_few_rows_are_shown():
    tree = [{"depth": 0, "text": f"Heading {n}", "hs": None} for n in range(8)]
    lines = [{"depth": 1, "text": f"Line {n}", "hs": f"61091{n}{m}000"} for n in range(8) for m in range(2)]
    entries = [entry for n in range(8) for entry in (tree[n], *lines[2 * n : 2 * n + 2])]
    duties = [{"hs": line["hs"], "description": "", "duty": LOW} for line in lines]
    choice = arrange_choice({"duty": {"lowest": LOW, "highest": LOW}, "lines": duties, "tree": entries})
    assert choice is not None
    assert [branch.opened for branch in choice["tree"]] == [True, True, True, *[False] * 5]


def printed(span):
    console = Console(width=200, record=True)
    print_choice(console, span)
    return console.export_text()


def test_the_terminal_has_the_tree_or_the_groups():
    assert "61091020  White  50.00 GBP" in printed(SPAN)
    groups = printed(WITHOUT_TEXTS)
    assert "50.00 GBP (5%)  61091020 (2 lines)" in groups
    assert "ewtp rulebook import usitc-hts FILE --effective DAY" in groups


def fact(kind, name=None, choices=(), reference=None):
    return {
        "fact": kind,
        "titles": ["Rule"],
        "name": name,
        "choices": [{"value": value, "text": text} for value, text in choices],
        "reference": reference,
    }


def test_every_fact_is_asked_with_its_own_field(client):
    rates = [("vat:20%", "20%"), ("vat:0%", "0%")]
    address = kept_answer(
        asks=[
            fact("transport", choices=[("sea", None)]),
            fact("buyer", choices=[("consumer", None)]),
            fact("freight"),
            fact("part", "steel content"),
            fact("unit", "KGM"),
            fact("claim", choices=[("end_use:parts", "parts of vehicles")]),
            fact("claim", choices=rates, reference="Act, group 16"),
        ]
    )
    page = client.get(f"/answers/{address}").content.decode()
    fields = (
        '<select name="transport"',
        '<select name="buyer"',
        'name="freight" value="1"',
        'name="part" value="steel content"',
        'name="unit" value="KGM"',
        'value="end_use:parts"',
        'value="vat:0%"',
        "Act, group 16",
    )
    for field in fields:
        assert field in page, field


@pytest.mark.parametrize(
    ("sent", "field", "value"),
    [
        ({"transport": "sea"}, "transport", "sea"),
        ({"buyer": "business"}, "buyer", "business"),
        ({"freight": "1", "amount": "120.5"}, "freight", {"amount": "120.50", "currency": "GBP"}),
    ],
)
def test_a_fact_told_on_the_answer_is_part_of_the_next_question(client, sent, field, value):
    address = kept_answer(asks=[])
    told = client.post(f"/answers/{address}/again", {"line": "0", **sent})
    assert told.status_code == 303
    answer = client.get(told.headers["Location"].replace("/answers/", "/api/v1/assessments/")).json()
    assert answer["request"][field] == value


def test_the_value_of_a_part_is_told_in_the_currency_of_the_goods(client):
    told = client.post(f"/answers/{kept_answer(asks=[])}/again", {"line": "0", "part": "steel content", "amount": "20"})
    answer = client.get(told.headers["Location"].replace("/answers/", "/api/v1/assessments/")).json()
    assert answer["request"]["lines"][0]["parts"] == {"steel content": {"amount": "20.00", "currency": "GBP"}}


def test_the_nearest_day_that_is_held_is_asked_about_in_one_step(client):
    address = kept_answer(asks=[fact("date", choices=[("2026-06-01", None)])])
    page = client.get(f"/answers/{address}").content.decode()
    assert '<button name="date" value="2026-06-01">' in page
    told = client.post(f"/answers/{address}/again", {"line": "0", "date": "2026-06-01"})
    answer = client.get(told.headers["Location"].replace("/answers/", "/api/v1/assessments/")).json()
    assert answer["date"] == "2026-06-01"


def test_the_form_says_for_which_day_it_answers(client):
    assert "Left empty, the answer is for today" in client.get("/").content.decode()

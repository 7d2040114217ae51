"""A citation leads to its publication, and an address of the law never becomes anything but a web link."""

from __future__ import annotations

from dataclasses import replace

import orjson
import pytest
from django.template import Context, Template
from django.utils.translation import override

from ewtp.apps.assessment.reading.answers import GivenAnswer
from ewtp.web.components.rules import link_citation, source_link
from tests.core.assessment.small_book import SOURCE, answered, ask, book
from tests.core.assessment.test_papers import DUTY, PERMIT

ADDRESS = "https://law.example/tariff?a=1&b=2"
LINKED = '<a href="https://law.example/tariff?a=1&amp;b=2" rel="noopener external">'


def test_the_title_is_the_link_and_the_place_stands_behind_it():
    text = link_citation({"source": "Tariff <2026>", "url": ADDRESS, "reference": "chapter 9"})
    assert text == f"<cite>{LINKED}Tariff &lt;2026&gt;</a>, chapter 9</cite>"


def test_a_title_is_marked_as_english_and_words_of_the_seed_are_translated():
    with override("fr"):
        cited = source_link(None, "Tariff book (undated page)", "section 1: beer")
    quoted = '<span lang="en" dir="ltr">{}</span>'.format
    assert cited == f"<cite>{quoted('Tariff book')} (page sans date), {quoted('section 1')} : bière</cite>"


@pytest.mark.parametrize(
    "url", [None, "", "javascript:alert(1)", "data:text/html,x", "ftp://law.example", " https://x"]
)
def test_what_is_no_web_address_stays_a_text(url):
    assert source_link(url, "Tariff") == "<cite>Tariff</cite>"
    assert replace(SOURCE, url=url or "").link is None


def test_an_answer_of_an_older_edition_has_citations_without_addresses():
    assert link_citation({"source": "Tariff", "reference": "9"}) == "<cite>Tariff, <bdi>9</bdi></cite>"
    citation = {
        "source": "Tariff",
        "reference": "9",
        "valid_from": "2026-01-01",
        "valid_to": None,
        "retrieved": "2026-01-02",
    }
    rule = {"status": "law", "measure": "", "citation": citation}
    assert "Tariff, <bdi>9</bdi>" in Template("{% citation rule %}").render(Context({"rule": rule}))


@pytest.mark.django_db
def test_an_answer_carries_the_address_of_each_source_to_its_page(client, monkeypatch):
    law = book([replace(DUTY, source=replace(SOURCE, url=ADDRESS))])
    answer = answered(ask(law)).as_json()
    assert answer["lines"][0]["charges"][0]["citation"]["url"] == ADDRESS
    monkeypatch.setattr(
        "ewtp.apps.assessment.surface.pages.assessment_read",
        lambda _: GivenAnswer(answer["id"], orjson.dumps(answer), kept=True),
    )
    page = client.get("/answers/a0123456789").content.decode()
    assert f"{LINKED}Test schedule</a>, schedule" in page


@pytest.mark.django_db
@pytest.mark.parametrize(("destination", "shown"), [("US", True), ("GB", False)])
def test_an_agency_is_named_in_full_with_whom_to_ask_where_its_page_says_so(client, monkeypatch, destination, shown):
    answer = answered(ask(book([DUTY, replace(PERMIT, agency="FDA")]))).as_json()
    answer["request"]["to"] = destination
    monkeypatch.setattr(
        "ewtp.apps.assessment.surface.pages.assessment_read",
        lambda _: GivenAnswer(answer["id"], orjson.dumps(answer), kept=True),
    )
    page = client.get("/answers/a0123456789").content.decode()
    assert ("FDAImportsInquiry@fda.hhs.gov" in page) is shown
    assert ("harmonized-tariff-schedule-and-fd-flags" in page) is shown

"""Whatever the program says on a page is in the language of its reader; official texts keep their English, marked."""

from __future__ import annotations

import html
import re
from functools import cache
from typing import Any

import orjson
import pytest
from django.utils import timezone

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.reading.answers import GivenAnswer
from ewtp.apps.assessment.store.models import Assessment
from ewtp.core.values.sentence import pieces
from ewtp.gateways.reference.sentence_table import all_sentences

pytestmark = pytest.mark.usefixtures("rulebook")

LANGUAGES = ("fr", "es", "ar", "zh-hans", "sw")
ASKED = {"product": "6109.10", "from": "ZA", "to": "GB", "value": "1000", "currency": "GBP", "date": "2026-06-30"}
QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "61091000", "value": {"amount": "1000.00", "currency": "GBP"}}],
}
# A run of words this short may be the same in another language, or stand in an official text.
SHORTEST_RUN = 12
_ENGLISH = re.compile(r'<(?!html)(\w+)[^>]*\slang="en"[^>]*>.*?</\1>', re.DOTALL)
_HIDDEN = re.compile(r"<(script|style)\b.*?</\1>", re.DOTALL)


def words_of(page: Any) -> str:
    """What a page says outside of quotations that are marked as English."""
    text = _ENGLISH.sub(" ", _HIDDEN.sub(" ", page.content.decode()))
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", text)).split())


@cache
def english_runs() -> list[str]:
    """The runs of words that make up the templates, in English."""
    runs = {literal.strip(" .;:,()") for sentence in all_sentences() for literal, _ in pieces(sentence.template)}
    return sorted(run for run in runs if len(run) >= SHORTEST_RUN and " " in run)


def left_in_english(page: Any) -> list[str]:
    words = words_of(page)
    return [run for run in english_runs() if run in words]


def messages_left_in_english(page: Any, answer: dict[str, Any]) -> list[str]:
    """Whole sentences of the answer that the page shows in English, though they have a translation."""
    shown = html.unescape(page.content.decode())
    messages = {each["message"] for line in answer["lines"] for each in line["unknowns"]}
    return [message for message in messages if f'lang="en" dir="ltr">{message}<' in shown]


def stored_answer() -> dict[str, Any]:
    stored = assessment_create(now=timezone.now(), body=QUESTION)
    assert isinstance(stored, GivenAnswer), stored
    return stored.answer


def in_language(client: Any, language: str, address: str, **form: Any) -> Any:
    headers = {"accept-language": language}
    return client.post(address, form, headers=headers) if form else client.get(address, headers=headers)


def test_the_walk_would_find_english(client):
    page = in_language(client, "en", f"/answers/{stored_answer()['id']}")
    assert len(left_in_english(page)) > 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_says_nothing_in_english(client, language):
    answer = stored_answer()
    assert "embargo_not_looked_at" in [each["code"] for each in answer["lines"][0]["unknowns"]]
    page = in_language(client, language, f"/answers/{answer['id']}")
    assert left_in_english(page) == []
    assert messages_left_in_english(page, answer) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"product": "6109"},
        {"product": "0101.21"},
        {"value": "1e3"},
        {"value": "0"},
        {"value": "9999999999999999"},
        {"to": "ZA"},
        {"to": "XX"},
        {"date": "1066-10-14"},
        {"product": "9999.99"},
        {"product": "咖啡"},
        {"known_at": "2030-01-01T00:00:00Z"},
        {"quantity_unit": "ell", "quantity_amount": "3"},
    ],
    ids=str,
)
def test_the_form_and_its_refusals_say_nothing_in_english(client, language, changes):
    page = in_language(client, language, "/", **{**ASKED, **changes}) if changes else in_language(client, language, "/")
    assert left_in_english(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "query",
    ["from=ZA&hs=610910&value=1000&currency=GBP", "to=GB&hs=610910&value=1000&currency=GBP", "from=ZA&hs=0101&value=1"],
)
def test_the_market_finder_says_nothing_in_english(client, language, query):
    page = in_language(client, language, f"/markets?{query}&date=2026-06-30")
    assert left_in_english(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_arithmetic_is_in_the_readers_language(client, language):
    page = in_language(client, language, f"/answers/{stored_answer()['id']}")
    shown = html.unescape(page.content.decode())
    of = {"fr": "de", "es": "de", "ar": "من", "sw": "ya"}.get(language)
    assert "<bdi>12%</bdi>" in shown
    assert of is None or f"<bdi>12%</bdi> {of} <bdi>1" in shown


def as_an_older_edition(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer as the edition before sentences were data stored it: English messages alone."""
    answer["id"] = answer["id"][:32] + ("2" if answer["id"][32] != "2" else "3")
    for line in answer["lines"]:
        line["unknowns"] = [{"code": each["code"], "message": each["message"]} for each in line["unknowns"]]
        for charge in line["charges"]:
            del charge["steps"]
        for option in (*line["options"], *line["claimed"]):
            del option["note_sentence"]
    for stale in answer["stale"]:
        stale.pop("source_sentence", None)
    Assessment.objects.create(id=answer["id"], rulebook_version="x", content=orjson.dumps(answer))
    return answer


def test_an_answer_of_an_older_edition_keeps_its_english_messages(client):
    answer = as_an_older_edition(stored_answer())
    page = in_language(client, "fr", f"/answers/{answer['id']}")
    assert page.status_code == 200
    message = next(each["message"] for each in answer["lines"][0]["unknowns"] if each["code"] == "not_in_rulebook")
    assert f'<span lang="en" dir="ltr">{html.escape(message)}</span>' in page.content.decode()
    assert left_in_english(page) == []
    assert message in messages_left_in_english(page, answer), "the search for whole sentences would find one"
    assert answer["lines"][0]["charges"][0]["trace"][0] in page.content.decode()
    paper = in_language(client, "ar", f"/answers/{answer['id']}.pdf")
    assert paper.content.startswith(b"%PDF")

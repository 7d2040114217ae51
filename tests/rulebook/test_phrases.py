"""Every word that the seed states itself is a sentence, and pages of real answers show no English but quotations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from ewtp.apps.assessment.surface.presentation import present
from ewtp.core.assessment.answer import Answer
from ewtp.core.rulebook.coverage_statement import COVERAGE_NAMES
from ewtp.core.rulebook.expressions.parser import NOT_CONFIRMED, NOT_HELD, parse
from ewtp.core.rulebook.phrases.phrase_reader import find_phrase, phrase_sentences
from ewtp.core.values.refusal import Refusal
from ewtp.core.values.sentence import Statement
from ewtp.gateways.reference.agency_contacts import CONTACTS
from tests.english_texts import english_texts
from tests.rulebook.worked_cases import CASES, answer_case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed
LANGUAGES = ("fr", "es", "ar", "zh-hans", "sw")
# Two words in a row: a code, a rate or a unit alone says nothing in English.
_WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [a-z]{4,}|[a-z]{4,}[,;:]? [A-Za-z]{2,}")
# Places in a source, in the form in which it is cited.
_PLACE = re.compile(
    r"(?:the )?(?:HTS|UKGT|CET|UK (?:quotas|preferences)|Customs Tariff|Excise Tax Act|e-Tariff Book|Schedule"
    r"|(?:Delegated )?Regulation|[0-9]+ (?:CFR|FR|U\.S\.C\.)"
    r"|Tariff of China|Tariff of Viet Nam|Resolution|Common tariff"
    r"|D13|budget act|(?:articles?|sections?|schedules?|annex|paragraphs?|regulations?|chapter)\b)[^;:]*\Z"
)
# A part of a state, as the page of the Union that lists them names it.
_PART_OF_STATE = re.compile(r"[A-Z][a-z]+ / |Monaco\Z|San Marino\Z|United Kingdom .* Customs Union\Z")


def unsaid(texts: Iterable[str]) -> list[str]:
    """Those that say something in English and are not a phrase."""
    return sorted({text for text in texts if _WORDS.search(text) and find_phrase(text) is None})


def test_conditions_and_remarks_are_sentences(book: SeedBook) -> None:
    assert unsaid(c.text for m in book.measures for c in m.conditions) == []


def test_amounts_in_words_are_sentences(book: SeedBook) -> None:
    ends = (NOT_HELD, NOT_CONFIRMED, "]", "rulebook", "schedule", "only")
    assert unsaid(m.expression for m in book.measures if m.expression.endswith(ends)) == []


def test_what_agencies_ask_for_is_a_sentence(book: SeedBook) -> None:
    assert unsaid(m.document for m in book.measures) == []
    assert unsaid(m.title for m in book.measures if m.title.endswith(".")) == []


def test_references_and_statements_are_sentences_or_places(book: SeedBook) -> None:
    practices = [practice for territory in book.territories for practice in territory.practices]
    stated = [each.reference for each in practices if each.name in COVERAGE_NAMES]
    assert [text for text in unsaid(stated) if not _PLACE.match(text)] == []
    others = unsaid({m.reference for m in book.measures} | {each.reference for each in practices})
    clauses = {clause for text in others for clause in text.split("; ")}
    assert sorted(each for each in clauses if not (_PLACE.match(each) or _PART_OF_STATE.match(each))) == []


def test_every_phrase_is_said_somewhere(book: SeedBook) -> None:
    """A template that no text of the seed is any more would be translated for nobody."""
    texts = {text for measure in book.measures for text in _texts_of(measure)}
    practices = [practice for territory in book.territories for practice in territory.practices]
    texts |= {practice.reference for practice in practices}
    texts |= {text for source in book.sources for text in (source.title, source.carrier or "")}
    said = {form for text in texts if (found := find_phrase(text)) for form in _forms_of(found)}
    # Whom to ask at agencies is not part of the seed.
    unused = {each.form for each in phrase_sentences()} - said
    assert {form for form in unused if not form.startswith("ask_")} == set()


def _texts_of(measure: Any) -> Iterator[str]:
    yield from (measure.title, measure.document, measure.stage, measure.expression, measure.reference)
    yield from (condition.text for condition in measure.conditions)


def _forms_of(said: Statement) -> Iterator[str]:
    yield said.form
    for value in said.params.values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, Statement):
                yield from _forms_of(each)


def _places() -> dict[str, dict[str, Any]]:
    """The first worked case of each pack that is answered."""
    found: dict[str, dict[str, Any]] = {}
    for name, case in CASES:
        if "refusal" not in case["expect"]:
            found.setdefault(name.partition(":")[0], case)
    return found


PLACES = _places()


# Offices by name, and how to reach them.
OFFICES = {text for contact in CONTACTS.values() for text in (contact.name, *contact.ask.split("; "))}


def quotations(answer: Any) -> set[str]:
    """What an answer quotes: titles of sources, names of rules and agreements, proofs and texts of tariffs."""
    if isinstance(answer, list):
        return set().union(*map(quotations, answer))
    if not isinstance(answer, dict):
        return set()
    named = ("title", "source", "description", "proof", "origin_rule", "agency", "text", "common")
    own = {str(answer[name]) for name in named if isinstance(answer.get(name), str)}
    own |= {text for text in [str(answer.get("expression") or "")] if not isinstance(parse(text), Refusal)}
    reference = str(answer.get("reference") or "")
    own |= {part for part in (reference, *reference.split("; ")) if find_phrase(part) is None}
    return own.union(*map(quotations, answer.values()))


def page_of(answer: dict[str, Any], language: str) -> str:
    with translation.override(language):
        context = {**present(answer), "adoptions_elsewhere": [], "changes": [], "address": "x", "kept": False}
        return render_to_string("pages/answer.html", context, RequestFactory().get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("case", PLACES.values(), ids=PLACES.keys())
def test_a_page_of_a_real_answer_shows_no_english_but_quotations(case: dict[str, Any]) -> None:
    given = answer_case(case)
    assert isinstance(given, Answer), given
    answer = orjson.loads(orjson.dumps({**given.as_json(), "id": "x"}))
    quoted = quotations(answer) | OFFICES
    for language in LANGUAGES:
        shown = english_texts(page_of(answer, language))
        assert any(each.marked for each in shown), "titles stay in English"
        if language in ("ar", "zh-hans"):
            assert [each.text for each in shown if not each.marked and _WORDS.match(each.text)] == []
        islands = {each.text for each in shown if each.marked and not any(each.text in text for text in quoted)}
        assert [text for text in islands if not _PLACE.match(text)] == [], language
        assert [each.text for each in shown if each.marked and find_phrase(each.text)] == [], language

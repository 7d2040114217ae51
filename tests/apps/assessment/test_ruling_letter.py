"""The letter to the customs authority has the applicant's words, and asks what the answer leaves open."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from ewtp.apps.assessment.surface.presentation import present
from ewtp.apps.assessment.surface.ruling_letter import arrange_letter
from ewtp.core.rulebook.measure import Condition, Kind
from tests.core.assessment.small_book import answered, ask, book, rule
from tests.core.assessment.test_papers import DUTY, PERMIT, PREFERENCE

LOWER = "Which of the lower duties"
ANY_PAPERS = "Which licences, certificates or inspections"
NAMED_PAPERS = "Which of the papers named above"


def letter(answer: dict[str, Any], words: str = "") -> str:
    return render_to_string("documents/ruling.txt", arrange_letter(present(answer), words))


def test_questions_are_asked_only_where_they_are_open():
    bare = letter(answered(ask(book([DUTY]))).as_json())
    assert LOWER not in bare
    assert NAMED_PAPERS not in bare
    assert ANY_PAPERS in bare
    full = letter(answered(ask(book([DUTY, PREFERENCE, PERMIT]))).as_json())
    assert LOWER in full
    assert NAMED_PAPERS in full
    assert ANY_PAPERS not in full
    assert "- Vets: Permit (" in full


def test_a_condition_that_only_the_authority_can_judge_is_asked_in_the_laws_words():
    extra = rule(
        Kind.ADDITIONAL_DUTY,
        "",
        "10%",
        title="Extra duty",
        conditions=(Condition("case", "order", "names the goods"),),
    )
    answer = answered(ask(book([DUTY, extra]))).as_json()
    assert "condition_open" in {unknown["code"] for unknown in answer["lines"][0]["unknowns"]}
    text = letter(answer)
    assert "Which of these rules apply to the goods?\n   - Extra duty: " in text
    assert "names the goods\n" in text
    assert "the question does not settle" not in text


def test_what_the_answer_says_about_its_rulebook_stays_out():
    answer = answered(ask(book([DUTY]))).as_json()
    assert any("rulebook" in unknown["message"] for unknown in answer["lines"][0]["unknowns"])
    text = letter(answer)
    assert "rulebook" not in text
    assert answer["id"] not in text


def test_the_goods_are_described_in_the_applicants_words():
    answer = answered(ask(book([DUTY]))).as_json()
    assert "GOODS 1\nGoods, in my own words: wool for knitting\nTariff code" in letter(answer, "wool for knitting")
    assert "GOODS 1\nGoods, in my own words: [what they are" in letter(answer)
    answer["lines"] *= 2
    answer["request"]["lines"] *= 2
    text = letter(answer, "wool and yarn")
    # Nobody knows which of the lines the words are about.
    assert text.count("wool and yarn") == 1
    assert text.index("wool and yarn") < text.index("GOODS 1")

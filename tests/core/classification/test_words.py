"""Words are cut, folded to one spelling and weighed by their place."""

from __future__ import annotations

import pytest

from ewtp.core.classification.words import find_stems, fold, stem, weigh_words


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("colour", "color"),
        ("aluminium", "aluminum"),
        ("fibre", "fiber"),
        ("tyres", "tires"),
        ("jewellery", "jewelry"),
        ("grey", "gray"),
        ("moulded", "molded"),
        ("sulphur", "sulfur"),
        ("pyjamas", "pajamas"),
        ("yoghurt", "yogurt"),
        ("pasteurised", "pasteurized"),
        ("centre", "center"),
        ("whiskey", "whisky"),
        ("racquet", "racket"),
    ],
)
def test_british_and_american_spellings_are_one(british, american):
    assert stem(fold(british)) == stem(fold(american))


def test_words_that_differ_stay_apart():
    assert stem(fold("flour")) != stem(fold("floor"))
    assert stem(fold("tire")) != stem(fold("tie"))


def test_irregular_plurals_are_undone():
    assert find_stems("knives shelves children") == find_stems("knife shelf child")
    assert find_stems("mice teeth") == find_stems("mouse tooth")


def test_man_made_is_not_for_men():
    assert set(find_stems("man-made fibres")).isdisjoint(find_stems("man men"))


def test_accents_possessives_and_plurals_do_not_matter():
    assert find_stems("Men's crêpes") == find_stems("men crepe")


def test_the_last_word_before_a_turn_names_the_thing():
    weights = {word.typed: word.weight for word in weigh_words("leather handbag for women", 60)}
    assert weights["handbag"] > weights["leather"] > weights["women"]
    assert "for" not in weights


def test_no_more_words_than_asked_for_are_read():
    assert len(weigh_words(" ".join(f"word{n}" for n in range(500)), 60)) == 60

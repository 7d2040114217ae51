"""Searches over the real texts: everyday products, misspellings, codes, nonsense, and speed."""

from __future__ import annotations

import statistics
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ewtp.core.classification.search import SearchAnswer, search, suggest
from ewtp.core.classification.sentences import NO_MATCH
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_index import load_index, make_index, read_names
from ewtp.gateways.reference.hs_texts import describe, exists, hs_editions
from tests.drawn_inputs import input_count


def codes(query, limit=10):
    answer = search(load_index(), query, limit)
    assert isinstance(answer, SearchAnswer)
    return [match.hs for match in answer.results]


# Described as people do, mostly not in the words of the list of everyday names.
EVERYDAY = [
    ("cotton t-shirts", "610910"),
    ("tee shirts made of cotton", "610910"),
    ("men's jeans", "620342"),
    ("denim trousers for men", "620342"),
    ("silk ties", "621510"),
    ("bras", "621210"),
    ("running shoes", "640411"),
    ("sneakers", "640411"),
    ("leather shoes", "6403"),
    ("wellington boots", "640192"),
    ("leather handbag for women", "420221"),
    ("backpack", "420292"),
    ("umbrellas", "6601"),
    ("smartphone", "851713"),
    ("mobile phones", "851713"),
    ("cell phone", "851713"),
    ("laptop", "847130"),
    ("notebook computer", "847130"),
    ("computer mouse", "847160"),
    ("printer", "844332"),
    ("headphones", "851830"),
    ("televisions", "852872"),
    ("digital camera", "852589"),
    ("lithium ion batteries", "850760"),
    ("solar panels", "854143"),
    ("led light bulbs", "853952"),
    ("washing machine", "8450"),
    ("fridge", "8418"),
    ("refrigerators", "8418"),
    ("microwave oven", "851650"),
    ("electric kettle", "851679"),
    ("vacuum cleaner", "850811"),
    ("hair dryer", "851631"),
    ("toaster", "851672"),
    ("petrol cars", "8703"),
    ("electric cars", "870380"),
    ("bicycle", "871200"),
    ("motorbike", "8711"),
    ("car tyres", "401110"),
    ("brake pads", "870830"),
    ("tractor", "8701"),
    ("green coffee beans", "090111"),
    ("roasted coffee", "090121"),
    ("black tea", "0902"),
    ("cocoa beans", "180100"),
    ("chocolate bars", "1806"),
    ("basmati rice", "100630"),
    ("wheat flour", "110100"),
    ("bananas", "080390"),
    ("avocados", "080440"),
    ("mangoes, fresh", "080450"),
    ("cashew nuts", "0801"),
    ("extra virgin olive oil", "150920"),
    ("honey", "040900"),
    ("cheese", "040690"),
    ("frozen shrimps", "0306"),
    ("bottled red wine", "220421"),
    ("beer", "220300"),
    ("whisky", "220830"),
    ("cigarettes", "240220"),
    ("cut roses", "060311"),
    ("bar of soap", "340111"),
    ("shampoo", "330510"),
    ("perfume", "330300"),
    ("lipstick", "330410"),
    ("toothpaste", "330610"),
    ("candles", "340600"),
    ("vaccines", "300241"),
    ("medicines in tablets", "3004"),
    ("urea fertiliser", "310210"),
    ("portland cement", "2523"),
    ("crude oil", "270900"),
    ("wooden furniture for bedrooms", "940350"),
    ("office chair", "9401"),
    ("mattress", "9404"),
    ("wooden doors", "4418"),
    ("bed sheets of cotton", "6302"),
    ("woollen carpets", "57"),
    ("ceramic floor tiles", "690721"),
    ("glass bottles", "701090"),
    ("gold jewellery", "711319"),
    ("diamonds, polished", "710239"),
    ("steel screws", "7318"),
    ("copper wire", "7408"),
    ("aluminum foil", "7607"),
    ("kitchen knives", "8211"),
    ("plastic bags", "3923"),
    ("cardboard boxes", "481910"),
    ("printed books", "490199"),
    ("toys for children", "950300"),
    ("playing cards", "950440"),
    ("wristwatch", "910211"),
    ("sunglasses", "900410"),
    ("guitar", "920290"),
    ("ballpoint pens", "960810"),
    ("baby nappies", "961900"),
    ("face masks", "630790"),
    ("drone with a camera", "8806"),
    ("e-cigarette", "854340"),
    ("wheelchair", "8713"),
]


@pytest.mark.parametrize(("query", "code"), EVERYDAY)
def test_everyday_products_are_found_first(query, code):
    assert codes(query)[0].startswith(code)


MISSPELT = [
    ("smartphnoe", "851713"),
    ("sneekers", "640411"),
    ("washing mashine", "8450"),
    ("umbrela", "6601"),
    ("choclate", "1806"),
    ("bicyle", "871200"),
    ("refridgerator", "8418"),
    ("sunglases", "900410"),
    ("tooth paste", "330610"),
    ("shampo", "330510"),
    ("mayonaise", "210390"),
    ("vacum cleaner", "850811"),
    ("cigaretts", "240220"),
    ("avacado", "080440"),
    ("matress", "9404"),
]


@pytest.mark.parametrize(("query", "code"), MISSPELT)
def test_spelling_mistakes_are_understood(query, code):
    assert any(found.startswith(code) for found in codes(query, 3))


@pytest.mark.parametrize("typed", ["610910", "6109.10", "6109 10", "HS 6109.10", "6109.10.00.12"])
def test_a_code_typed_is_the_code(typed):
    answer = search(load_index(), typed)
    assert isinstance(answer, SearchAnswer)
    assert [match.hs for match in answer.results] == ["610910"]
    assert answer.results[0].confidence == Decimal("1.00")
    assert answer.doubt is None


def test_a_heading_typed_gives_its_subheadings_and_says_so():
    answer = search(load_index(), "6109")
    assert isinstance(answer, SearchAnswer)
    assert [match.hs for match in answer.results] == ["610910", "610990"]
    assert answer.doubt is not None
    assert answer.doubt.message == "6109 has 2 subheadings; choose the one that fits."


def test_a_code_of_no_edition_says_so():
    answer = search(load_index(), "610955")
    assert isinstance(answer, SearchAnswer)
    assert answer.results == ()
    assert answer.doubt is not None
    assert answer.doubt.message == "No code of HS2022 begins with 610955."


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "words_missing"),
        ("   \n", "words_missing"),
        ("of the and with", "words_missing"),
        ("\x00\x01\x1b", "words_missing"),
        ("!?&%", "words_missing"),
        (None, "words_missing"),
        (610910, "words_missing"),
        ("x" * 10_000_000, "words_too_long"),
        ("咖啡豆", "words_not_latin"),
    ],
)
def test_bad_input_is_refused_with_a_stable_code(query, code):
    refusal = search(load_index(), query)
    assert isinstance(refusal, Refusal)
    assert refusal.code == code
    assert refusal.message


def test_nonsense_is_not_believed():
    answer = search(load_index(), "qwrtpsd zxcvbnmk")
    assert isinstance(answer, SearchAnswer)
    assert answer.doubt is not None
    assert answer.doubt.sentence == NO_MATCH


def test_a_vague_word_gets_little_confidence_and_a_sentence():
    answer = search(load_index(), "blue accessories")
    assert isinstance(answer, SearchAnswer)
    assert answer.results[0].confidence < Decimal("0.5")
    assert answer.doubt


def test_the_answer_names_the_words_that_led_to_it():
    answer = search(load_index(), "cotton jeans", 1)
    assert isinstance(answer, SearchAnswer)
    assert set(answer.results[0].matched) == {"cotton", "jeans"}
    assert answer.as_json()["results"][0].keys() == {"hs", "description", "heading", "confidence", "matched"}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("smartp", "851713"),
        ("leather hand", "420221"),
        ("coffee ", "0901"),
        ("cotton t-sh", "610910"),
        ("6109", "6109"),
    ],
)
def test_suggestions_while_typing(typed, code):
    assert any(match.hs.startswith(code) for match in suggest(load_index(), typed, 5))


@settings(max_examples=input_count(150), deadline=None)
@given(st.text(max_size=200), st.integers(-5, 200))
def test_no_text_raises_and_confidence_is_bounded_and_sorted(text, limit):
    answer = search(load_index(), text, limit)
    if isinstance(answer, SearchAnswer):
        found = [match.confidence for match in answer.results]
        assert found == sorted(found, reverse=True)
        assert all(Decimal(0) <= each <= Decimal(1) for each in found)
        assert len(found) <= max(1, min(limit, 100))
        assert all(exists(match.hs) for match in answer.results)
    assert len(suggest(load_index(), text, limit)) <= max(1, min(limit, 100))


@settings(max_examples=input_count(60), deadline=None)
@given(st.lists(st.sampled_from([name for _, name in read_names()][::7]), min_size=1, max_size=4).map(" with ".join))
def test_a_search_is_repeatable_and_spacing_does_not_matter(text):
    first = search(load_index(), text)
    assert first == search(load_index(), f"  {text.replace(' ', '   ')} ")


def test_every_everyday_name_stands_beside_a_code_that_exists_and_stands_once():
    names = read_names()
    assert [pair for pair in names if not exists(pair[0])] == []
    texts = [name for _, name in names]
    assert len(texts) == len(set(texts))
    assert all(name and name == name.lower() for name in texts)


def test_national_texts_can_be_added():
    index = make_index(national=[("6109100012", "Zorblaxian garments")])
    answer = search(index, "zorblaxian")
    assert isinstance(answer, SearchAnswer)
    assert answer.results[0].hs == "610910"


def test_codes_are_described_and_told_apart_by_edition():
    assert describe("610910").startswith("T-shirts")
    assert describe("6109.10.00.12") == describe("610910")
    assert describe("6109") == describe("610999")
    assert describe("77") == ""
    assert exists("610910")
    assert not exists("610999")
    assert not exists("6109")
    assert not exists("999999")
    assert hs_editions("610910") == ("HS2022",)
    assert hs_editions("854140") == ()


def test_a_search_takes_less_than_20_ms():
    times = []
    for query, _ in EVERYDAY + MISSPELT:
        start = time.perf_counter()
        search(load_index(), query)
        times.append(time.perf_counter() - start)
    assert statistics.median(times) < 0.020

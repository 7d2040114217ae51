"""What an index of a few made-up texts holds, and what it leaves out."""

from __future__ import annotations

from ewtp.core.classification.index import build_index
from ewtp.core.classification.search import SearchAnswer, search
from ewtp.core.classification.spell_correction import find_completions, find_corrections
from ewtp.core.classification.tariff_text import TariffText

ENTRIES = [
    TariffText("01", "Animals; live"),
    TariffText("0106", "Animals; live, n.e.c. in chapter 01"),
    TariffText("010641", "Insects; live, bees"),
    TariffText("010649", "Insects; live, other than bees"),
    TariffText("85", "Electrical machinery"),
    TariffText("8517", "Telephone sets"),
    TariffText("851713", "Smartphones"),
    TariffText("851779", "Parts of telephones"),
]


def index_of(**given):
    return build_index(ENTRIES, edition="TEST", **given)


def codes(index, query):
    answer = search(index, query)
    assert isinstance(answer, SearchAnswer)
    return [match.hs for match in answer.results]


def test_what_a_text_excludes_does_not_find_it():
    assert codes(index_of(), "bees") == ["010641"]


def test_a_subheading_inherits_the_words_of_its_heading_and_chapter():
    assert set(codes(index_of(), "electrical")) == {"851713", "851779"}
    assert codes(index_of(), "telephone")[0] in {"851713", "851779"}


def test_parts_come_first_only_when_parts_are_asked_for():
    assert codes(index_of(), "telephone parts")[0] == "851779"
    assert codes(index_of(names=[("851713", "telephone")]), "telephone")[0] == "851713"


def test_an_everyday_name_finds_its_subheading():
    assert codes(index_of(), "beehive colony") == []
    assert codes(index_of(names=[("010641", "beehive colony")]), "beehive colony") == ["010641"]


def test_a_synonym_finds_what_its_word_finds():
    assert codes(index_of(), "handy") == []
    assert codes(index_of(synonyms=[("handy", "smartphones", 0.8)]), "handy") == ["851713"]


def test_national_texts_lend_their_words():
    national = [("8517130010", "Foldable pocket communicator"), ("9999990000", "Nowhere")]
    assert codes(index_of(), "foldable") == []
    assert codes(index_of(national=national), "foldable") == ["851713"]


def test_names_of_codes_that_do_not_exist_are_passed_over():
    assert codes(index_of(names=[("999999", "gizmo")]), "gizmo") == []


def test_slips_are_corrected_towards_words_of_the_texts():
    index = index_of()
    assert find_corrections(index, "smartphnes")[0][0] == "smartphon"
    assert find_corrections(index, "xyzzyxyzzy") == ()
    assert find_corrections(index, "be") == ()


def test_beginnings_are_completed():
    assert find_completions(index_of(), "smartp", 5) == ["smartphones"]
    assert find_completions(index_of(), "zz", 5) == []


def test_a_text_is_described_by_its_longest_known_beginning():
    index = index_of()
    assert index.describe("8517130010") == "Smartphones"
    assert index.describe("851700") == "Telephone sets"
    assert index.describe("8599") == "Electrical machinery"
    assert index.describe("77") == ""

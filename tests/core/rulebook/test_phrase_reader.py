"""Words of rules are sentences where the seed says them, and quotations where anybody else does."""

from __future__ import annotations

import pytest

from ewtp.core.rulebook.phrases.phrase_reader import find_phrase, read_phrase


@pytest.mark.parametrize(
    ("text", "form", "params"),
    [
        ("set by port and commodity", "set_by_port_and_commodity", {}),
        ("476 tonnes a calendar year", "quota_a_year", {"volume": "476", "unit": "tonnes"}),
        ("7%, or a zero rate, which the list leaves out", "reduced_or_zero_unlisted", {"rates": "7%"}),
        ("measure types 552, 554 and 566", "measure_types", {"types": ["552", "554", "566"]}),
        ("standard rate of KE", "standard_rate_of", {"economy": "KE"}),
        ("5% or 0%", "reduced_or", {"rate": "5", "other": "0"}),
    ],
)
def test_a_text_of_the_seed_is_its_sentence_with_parameters(text, form, params):
    said = read_phrase(text)
    assert (said.code, said.form, dict(said.params), said.message) == ("phrase", form, params, text)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("set by price, and not held", ("not_held", "set_by_price")),
        ("section 1: beer", ("place", "beer")),
        ("standard rate of GH; in one list: sales-tax", ("clauses", "standard_rate_of", "in_one_list")),
        ("annex 2, number 54: a part of it; section 25c", ("clauses", "place", "quoted")),
    ],
)
def test_phrases_are_put_together(text, forms):
    said = read_phrase(text)
    inside = said.params["clauses"] if "clauses" in said.params else [said.params["words"]]
    found = [said.form, *(each.form for each in inside)]
    assert tuple(found) == forms
    assert said.message == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13.80 % MIN 13.00 GBP / 100 kg",
        "HTS 9903.85.08",
        "set by the moon, and not held",
        "07.50%, or a zero rate",
        "12 tonnes a calendar year, by the king's leave",
        "12 buckets a calendar year",
        "beer " * 200,
    ],
)
def test_any_other_text_is_a_quotation_to_the_letter(text):
    assert find_phrase(text) is None
    assert (read_phrase(text).form, read_phrase(text).message) == ("quoted", text)


def test_a_figure_written_otherwise_is_not_rewritten():
    """A sentence that would write 7.5 for 7.50 is not the text."""
    assert find_phrase("7.50% on listed goods") is None
    assert find_phrase("7.5% on listed goods") is not None

"""Rates of several lines that wait for one fact: said once, with the charges that wait, and asked for once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ewtp.core.assessment import code_range
from ewtp.core.rulebook.measure import Kind
from ewtp.core.rulebook.territory import TariffLine
from ewtp.core.values.sentence import read_statement
from ewtp.gateways.reference.sentence_table import read_known_sentences
from tests.core.assessment.small_book import SINCE, answered, ask, book, rule

WINES = tuple(f"220421{number:02}" for number in range(10, 26))


def wines(*measures):
    duties = [rule(Kind.DUTY, code, f"{number}.5 USD/hl") for number, code in enumerate(WINES, start=1)]
    the_book = book([*duties, *measures], lines=WINES)
    return replace(the_book, lines={"AA": tuple(TariffLine("AA", code, SINCE) for code in WINES)})


def line_of(law, **fields):
    return answered(ask(law, "220421", **fields)).lines[0]


def missing(line):
    return [each for each in line.unknowns if each.code in ("quantity_missing", "part_value_missing")]


def test_many_rates_on_one_quantity_are_one_unknown_that_names_each():
    excise = rule(Kind.EXCISE, WINES[0], "3 USD/hl", title="Wine excise")
    line = line_of(wines(excise))
    (unknown,) = missing(line)
    assert unknown.form == "awaited"
    assert unknown.amount is None
    waiting = {each.params["title"]: each.params["expressions"] for each in unknown.params["charges"]}
    assert sorted(map(len, waiting.values())) == [1, len(WINES)]
    assert waiting["Wine excise"] == ["3 USD/hl"]
    assert "; Wine excise (3 USD/hl) could not be computed" in unknown.message
    assert unknown.message.endswith("give the quantity in hl.")
    asked = [each for each in line.asks if each.fact == "unit"]
    assert [(each.name, each.titles) for each in asked] == [("HLT", tuple(waiting))]


def test_each_quantity_is_asked_for_and_what_else_is_open_has_its_place():
    weighed = [rule(Kind.EXCISE, code, f"{number} USD/kg", title="Sugar") for number, code in enumerate(WINES, start=1)]
    line = line_of(wines(*weighed))
    assert len(missing(line)) == 2
    assert {each.name for each in line.asks if each.fact == "unit"} == {"HLT", "KGM"}
    # A dozen unknowns are shown; those of the wine and the sugar alone would have been more.
    dear = rule(Kind.EXCISE, WINES[-1], "6 USD/kg/unheard")
    told = line_of(wines(*weighed, dear)).unknowns
    assert "expression_unreadable" in [each.code for each in told]


def test_a_lone_rate_keeps_its_own_sentence():
    law = book([rule(Kind.DUTY, WINES[0], "2 USD/hl"), rule(Kind.DUTY, WINES[1], "3%")], lines=WINES[:2])
    (unknown,) = missing(line_of(law))
    assert unknown.form == "not_computed"


def test_bounds_and_completeness_are_those_of_the_unknowns_apart(monkeypatch):
    together = answered(ask(wines(), "220421"))
    monkeypatch.setattr(code_range, "gather_awaited", list)
    apart = answered(ask(wines(), "220421"))
    assert len(missing(apart.lines[0])) > 1
    assert together.lines[0].owed == apart.lines[0].owed
    assert together.totals == apart.totals
    assert together.lines[0].asks == apart.lines[0].asks


@pytest.mark.parametrize("given", [{"HLT": "2"}, {"LTR": "200"}])
def test_the_quantity_settles_all_of_them(given):
    assert not missing(line_of(wines(), line={"quantities": given}))


def test_a_stored_answer_is_read_back():
    (unknown,) = missing(line_of(wines()))
    read = read_statement(unknown.as_json(), read_known_sentences())
    assert read.message == unknown.message
    assert read.form == "awaited"

"""Agencies on one line, and papers asked for together, counted by hand."""

from __future__ import annotations

from decimal import Decimal

from ewtp.core.distances.agency_overlap import PaperLines, PaperName
from ewtp.core.distances.overlap_ranks import rank_overlaps
from tests.core.distances.small_schedules import a_paper, a_schedule

LINES = dict.fromkeys(("01012100", "01012900", "07091000", "64039900"), "Free")
PAPERS = (
    a_paper("01", "VET", "health certificate", "A", out=("010129",)),
    a_paper("0101", "FOOD", "notice", "B"),
    a_paper("0101", "FOOD", "registration", "B"),
    a_paper("07", "VET", "health certificate", "A"),
    a_paper("07", "FOOD", "notice", "A"),
    a_paper("0709", "FARM", "organic data"),
)


def test_each_agency_counts_once_on_a_line():
    counts = PaperLines(a_schedule("AA", LINES, PAPERS)).count_agencies()
    # 640399: none. 010129: FOOD alone, with two papers. 010121: VET and FOOD. 070910: three.
    assert counts.lines == (1, 1, 1, 1)
    assert counts.most == 3
    assert counts.crowded == (("0709", 1),)


def test_a_code_narrows_the_count():
    counts = PaperLines(a_schedule("AA", LINES, PAPERS)).count_agencies("01")
    assert counts.lines == (0, 1, 1)
    assert counts.crowded == ()


def test_papers_of_two_agencies_on_the_same_lines_are_a_pair():
    pairs = PaperLines(a_schedule("AA", LINES, PAPERS)).pair_papers()
    first = pairs[0]
    assert (first.one, first.other) == (PaperName("FOOD", "notice"), PaperName("VET", "health certificate"))
    assert (first.lines, first.one_lines, first.other_lines) == (2, 3, 2)
    assert first.headings == (("0101", 1), ("0709", 1))
    # The notice is asked for on three lines, the health certificate on two.
    assert (first.kept, first.lifted, first.codes) == (first.one, first.other, ("0101", "0709"))
    assert first.classes == (("A", "B"), ("A",))
    named = {(pair.one.document, pair.other.document): pair.lines for pair in pairs}
    # Two papers of one agency are not a pair.
    assert named == {
        ("notice", "health certificate"): 2,
        ("registration", "health certificate"): 1,
        ("organic data", "notice"): 1,
        ("organic data", "health certificate"): 1,
    }


def test_pairs_of_one_class_are_ranked_by_what_they_cost_small_firms():
    papers = (
        a_paper("01", "VET", "health certificate", "A"),
        a_paper("01", "FOOD", "notice", "A"),
        a_paper("0101", "PLANT", "permit", "A"),
        a_paper("01", "FARM", "organic data"),
    )
    pairs = PaperLines(a_schedule("AA", LINES, papers)).pair_papers()
    unmeasured = rank_overlaps(pairs, {}, 10)
    # The organic data are of no known class, and so in no pair that is ranked; all three pairs are on two lines.
    assert [each.pair.one.agency + each.pair.other.agency for each in unmeasured] == [
        "FOODPLANT",
        "FOODVET",
        "PLANTVET",
    ]
    assert {each.burden for each in unmeasured} == {None}
    key = ("AA", "PLANT", "permit", "VET", "health certificate")
    measured = rank_overlaps(pairs, {key: Decimal("12.5")}, 2)
    assert (measured[0].pair.key, measured[0].burden) == (key, Decimal("12.5"))
    assert len(measured) == 2

"""Whether materials make a change: by codes, by facts that are stated, and open wherever neither tells."""

from __future__ import annotations

import pytest

from ewtp.core.origin.change import ProcessFacts, find_among, judge_rule


@pytest.mark.parametrize(
    ("classes", "goods", "materials", "verdicts"),
    [
        ("CC", "0304", ["1604", "0302"], "met not_met"),
        ("CTH", "960321", ["9603", "3306"], "not_met met"),
        # A heading does not tell the subheading, nor does a heading of the goods.
        ("CTSH", "851660", ["8516", "851690", "8501"], "open met met"),
        ("CTSH", "8516", ["851690"], "open"),
        ("CTSH EX:847130-847150", "847130", ["847141", "847330"], "not_met met"),
        ("CTH EX:2849", "382430", ["284990", "28"], "not_met open"),
        ("FROM:8473", "847150", ["847330", "8501"], "met not_met"),
        # One alternative has to be met by every material.
        ("FROM:8473 OR CTH EX:8473", "847150", ["847330", "847330"], "met met"),
        ("FROM:8473 OR CTH EX:8473", "847150", ["847330", "8501"], "open open"),
        ("SELF:0306 OR CC", "030617", ["030616", "1604"], "open open"),
        ("CTH PROV", "200990", ["2204", "200911"], "open not_met"),
        # Rules for different goods of the code: agreed, not agreed, or for named goods alone.
        ("CC ELSE CTH GOODS", "0304", ["1604", "0302"], "met open"),
        ("CTH GOODS", "0304", ["1604"], "open"),
        ("CTH FOR:shaped", "6110", ["6006"], "open"),
        ("CTH FOR:shaped ELSE CTH", "6110", ["6006", "6110"], "met not_met"),
        ("MORE", "630900", ["5205"], "open"),
    ],
)
def test_a_change_is_judged_by_codes(classes: str, goods: str, materials: list[str], verdicts: str) -> None:
    found = judge_rule(classes.split(), goods, materials, ProcessFacts())
    assert " ".join(each.value for each in found) == verdicts


@pytest.mark.parametrize(
    ("classes", "facts", "verdict"),
    [
        ("CTH NOASM", ProcessFacts(), "open"),
        ("CTH NOASM", ProcessFacts(simple_assembly=True), "not_met"),
        ("CTH NOASM", ProcessFacts(simple_assembly=False), "met"),
        ("CTH EXGRI:8714", ProcessFacts(), "open"),
        ("CTH EXGRI:8714", ProcessFacts(unassembled=True), "not_met"),
        ("CTH EXASM:8501", ProcessFacts(), "met"),
        ("CTH EXIF:8714", ProcessFacts(simple_assembly=False, unassembled=False), "open"),
    ],
)
def test_a_fact_settles_what_a_rule_asks_for(classes: str, facts: ProcessFacts, verdict: str) -> None:
    assert [each.value for each in judge_rule(classes.split(), "871160", ["871491"], facts)] == [verdict]


def test_a_code_is_found_among_spans_of_other_lengths() -> None:
    assert [find_among(code, "8501-8503+847330").value for code in ("850300", "847330", "8473", "8474")] == [
        "met",
        "met",
        "open",
        "not_met",
    ]

"""The evidence of a report: what the answer said, and nothing that it did not say."""

from __future__ import annotations

from typing import Any

from ewtp.core.barriers.barrier import BarrierMatter
from ewtp.core.barriers.evidence import MOST_PAPERS, ReportedFinding, gather_finding
from ewtp.core.log.event import MOST_BODY_BYTES
from ewtp.core.values.canonical_json import canonical_json
from ewtp.core.values.refusal import Refusal
from tests.core.barriers.test_rule_change import DUTY, NOTICE

CITATION = {"source": "Test schedule", "reference": "s. 1", "url": None, "publisher": "Nobody"}


def paper(measure: str, agency: str, days: int | None) -> dict[str, Any]:
    promise = None if days is None else {"days": days, "citation": CITATION}
    names = {"measure": measure, "agency": agency, "document": "notice", "title": "", "citation": CITATION}
    return {**names, "promise": promise, "stage": "", "mast_chapter": "A", "status": "law"}


def answer(**changes: Any) -> dict[str, Any]:
    line = {
        "hs": "02011000",
        "origin": "ZA",
        "description": "Carcasses",
        "charges": [
            {"measure": DUTY.id, "title": "", "citation": CITATION, "amount": {"amount": "12.00", "currency": "USD"}}
        ],
        "requirements": [paper(NOTICE.id, "FOOD", 10), paper("AA-2", "HEALTH", 30), paper("AA-3", "", None)],
        "prohibitions": [],
        "unknowns": [{"code": "tax_missing", "message": "x"}, {"code": "tax_missing", "message": "y"}],
        **changes,
    }
    return {
        "id": "a" * 33,
        "rulebook_version": "2026-06-01.1",
        "date": "2026-06-01",
        "request": {"from": "ZA", "to": "AA"},
        "lines": [line],
        "totals": {"landed_cost": {"amount": "112.00", "currency": "USD"}},
    }


def found(subject: str) -> ReportedFinding:
    given = gather_finding(answer(), subject, {DUTY.id: DUTY, NOTICE.id: NOTICE})
    assert isinstance(given, ReportedFinding)
    return given


def test_a_charge_has_its_cost_and_the_papers_of_the_line():
    given = found(DUTY.id)
    assert given.matter == BarrierMatter(DUTY.key, "020110", "AA")
    assert (given.rule.measure, given.rule.kind) == (DUTY.id, "duty")
    assert given.evidence["cost"] == {"amount": "12.00", "currency": "USD"}
    assert given.evidence["citation"] == {"source": "Test schedule", "reference": "s. 1", "url": None}
    assert [each["days"] for each in given.evidence["papers"]] == [10, 30, None]
    assert given.evidence["agencies"] == ["FOOD", "HEALTH"]
    # A duty has no agency that promises anything.
    assert given.evidence["promised_days"] is None


def test_a_paper_has_the_days_of_its_own_agency():
    given = found(NOTICE.id)
    assert given.matter.measure_key == NOTICE.key
    assert (given.rule.agency, given.rule.document) == ("FOOD", "notice")
    assert (given.evidence["promised_days"], given.evidence["cost"]) == (10, None)


def test_what_is_unknown_and_all_that_the_product_meets_have_no_rule():
    unknown, whole = found("unknown:tax_missing"), found("")
    assert unknown.matter == BarrierMatter("unknown:tax_missing", "020110", "AA")
    assert whole.matter == BarrierMatter("", "020110", "AA")
    assert (unknown.rule.measure, whole.rule.measure, unknown.evidence["citation"]) == ("", "", None)
    assert (whole.evidence["promised_days"], whole.evidence["unknowns"]) == (30, ["tax_missing"])


def test_what_the_answer_does_not_have_is_no_evidence():
    for subject in ("AA-9", "unknown:", "unknown:duty_ambiguous", "AA-2"):
        refused = gather_finding(answer(), subject, {DUTY.id: DUTY})
        assert isinstance(refused, Refusal)
        assert refused.code == "evidence_unknown"


def test_evidence_fits_an_entry_of_the_log():
    long = [paper(f"AA-{number}" + "x" * 100, "HEALTH" * 10, 10) for number in range(500)]
    given = gather_finding(answer(requirements=long), "", {})
    assert isinstance(given, ReportedFinding)
    assert len(given.evidence["papers"]) == MOST_PAPERS
    assert len(canonical_json(dict(given.evidence))) < MOST_BODY_BYTES // 2

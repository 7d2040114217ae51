"""Every worked case beside the seed: a question a customs officer can read, and the answer the law gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ewtp.core.assessment.answer import Answer
from ewtp.core.origin.change import ProcessFacts
from ewtp.core.origin.decision import SCHEMES, decide_origin
from ewtp.core.origin.origin_question import OriginQuestion, read_origin_question
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.seed.root import seed_root
from tests.rulebook.worked_cases import CASES, ORIGIN_CASES, answer_case, seed_book

pytestmark = pytest.mark.seed


def _money(value: dict[str, str] | None) -> str | None:
    return None if value is None else f"{value['amount']} {value['currency']}"


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_worked_case(case: dict[str, Any]) -> None:
    expect = case["expect"]
    answer = answer_case(case)
    if "refusal" in expect:
        assert isinstance(answer, Refusal), f"expected the refusal {expect['refusal']}"
        assert answer.code == expect["refusal"]
        return
    assert isinstance(answer, Answer), answer
    body = answer.as_json()
    charges = [charge for line in body["lines"] for charge in line["charges"]]
    if "charges" in expect:
        _compare_charges(charges, expect["charges"])
    for name, amount in expect.get("totals", {}).items():
        assert _totalled(body["totals"][name]) == amount, f"total {name}"
    options = {o["claim"]: o for line in body["lines"] for o in line["options"]}
    for option in expect.get("options", []):
        assert option["claim"] in options, f"options are {sorted(options)}"
        shown = options[option["claim"]]
        shown = {**shown, "saving": _money(shown["saving"]), "note": (shown["note_sentence"] or {}).get("code")}
        assert {name: shown[name] for name in option} == option
    needs = [need for line in body["lines"] for need in line["requirements"]]
    for requirement in expect.get("requirements", []):
        assert any(all(need[key] == value for key, value in requirement.items()) for need in needs), needs
    if expect.get("requirements") == []:
        assert needs == []
    if "export_charges" in expect:
        leaving = [charge for line in body["lines"] for charge in line["export_charges"]]
        assert len(leaving) == len(expect["export_charges"]), leaving
        for charge, named in zip(leaving, expect["export_charges"], strict=True):
            assert {name: charge[name] for name in named} == named
    barred = {rule["title"] for line in body["lines"] for rule in line["prohibitions"]}
    assert set(expect.get("prohibitions", [])) <= barred, f"prohibitions are {sorted(barred)}"
    unknown = {entry["code"] for line in body["lines"] for entry in line["unknowns"]}
    assert set(expect.get("unknowns", [])) <= unknown, f"unknowns are {sorted(unknown)}"


@pytest.mark.parametrize("case", [case for _, case in ORIGIN_CASES], ids=[name for name, _ in ORIGIN_CASES])
def test_worked_case_of_origin(case: dict[str, Any]) -> None:
    goods, expect = case["goods"], case["expect"]
    question = read_origin_question(
        goods["hs"], goods["made_in"], goods["materials"], whole=False, facts=ProcessFacts()
    )
    assert isinstance(question, OriginQuestion), question
    by_scheme = seed_book().origin_rules_by_scheme
    low, high = question.code.ljust(10, "0"), question.code.ljust(10, "9")
    rules = [rule for scheme in SCHEMES for rule in by_scheme[scheme] if rule.first <= high and rule.last >= low]
    decision = decide_origin(question, rules)
    assert (decision.origin, decision.reason.code) == (expect["origin"], expect["reason"])
    if "changes" in expect:
        assert [verdict.value for _, verdict in decision.verdicts] == expect["changes"]
    if "scope" in expect:
        assert decision.scope[0].code == expect["scope"]


def _totalled(value: Any) -> Any:
    return value if isinstance(value, bool) else _money(value)


def _compare_charges(charges: list[dict[str, Any]], expected: list[dict[str, str]]) -> None:
    shown = [{**charge, "base": _money(charge["base"]), "amount": _money(charge["amount"])} for charge in charges]
    for kind in {e["kind"] for e in expected}:
        have = [charge for charge in shown if charge["kind"] == kind]
        want = [entry for entry in expected if entry["kind"] == kind]
        brief = [(c["title"], c["expression"], c["base"], c["amount"]) for c in have]
        assert len(have) == len(want), f"{kind}: {brief}"
        for entry in want:
            assert any(all(charge[key] == value for key, value in entry.items()) for charge in have), brief


def test_every_pack_with_measures_has_worked_cases() -> None:
    packs = {path.parent for path in seed_root().rglob("measures.csv")}
    jurisdictions = {pack.relative_to(seed_root()).parts[0] for pack in packs}
    with_cases = {path.relative_to(seed_root()).parts[0] for path in seed_root().rglob("cases.yaml")}
    assert jurisdictions <= with_cases, f"without worked cases: {sorted(jurisdictions - with_cases)}"


def test_every_kind_of_measure_in_the_seed_has_a_worked_case() -> None:
    """A kind is worked when some case is answered through a measure of that kind."""
    seen: set[str] = set()
    for _, case in CASES:
        answer = answer_case(case)
        if isinstance(answer, Refusal):
            continue
        for line in answer.lines:
            seen |= {charge.rule.measure.kind.value for charge in line.charges}
            seen |= {option.rule.measure.kind.value for option in line.options}
            seen |= {rule.measure.kind.value for rule in line.requirements + line.prohibitions}
    rules = [rule for rules in seed_book().rules.values() for rule in rules]
    # Of a charge that is named and not held no case can be worked.
    held = {rule.measure.kind.value for rule in rules if not isinstance(rule.expression, Refusal)}
    assert held <= seen, f"kinds without a worked case: {sorted(held - seen)}"


def test_seed_root_is_where_the_checkout_has_it() -> None:
    assert (Path(seed_root()) / "territories.yaml").is_file()
